"""Checkpoints that fix where every history stood: sealed once, never altered; and leases, so that one process seals."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


_TABLES = ("leases", "checkpoint_parts", "checkpoint_leaves", "checkpoints")

# A checkpoint stands for ever, and so do its leaves; those of a checkpoint not finished yet may still be counted anew.
_SQLITE = (
    """create trigger checkpoints_refuses_update before update on checkpoints
    begin select raise(abort, 'checkpoints are append-only'); end""",
    """create trigger checkpoints_refuses_delete before delete on checkpoints
    begin select raise(abort, 'checkpoints are append-only'); end""",
    """create trigger checkpoint_leaves_refuses_update before update on checkpoint_leaves
    when old.number <= (select coalesce(max(number), 0) from checkpoints)
    begin select raise(abort, 'checkpoints are append-only'); end""",
    """create trigger checkpoint_leaves_refuses_delete before delete on checkpoint_leaves
    when old.number <= (select coalesce(max(number), 0) from checkpoints)
    begin select raise(abort, 'checkpoints are append-only'); end""",
)
_POSTGRESQL = (
    """create function checkpoints_refuses() returns trigger language plpgsql as $$
    begin raise exception 'checkpoints are append-only'; end $$""",
    """create trigger checkpoints_refuses_change before update or delete on checkpoints
    for each row execute function checkpoints_refuses()""",
    """create trigger checkpoints_refuses_truncate before truncate on checkpoints
    for each statement execute function checkpoints_refuses()""",
    """create function checkpoint_leaves_refuses() returns trigger language plpgsql as $$
    begin
      if old.number <= (select coalesce(max(number), 0) from checkpoints) then
        raise exception 'checkpoints are append-only';
      end if;
      return case when tg_op = 'DELETE' then old else new end;
    end $$""",
    """create trigger checkpoint_leaves_refuses_change before update or delete on checkpoint_leaves
    for each row execute function checkpoint_leaves_refuses()""",
    """create trigger checkpoint_leaves_refuses_truncate before truncate on checkpoint_leaves
    for each statement execute function checkpoints_refuses()""",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "checkpoints",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="canonical JSON text: everything the signature covers"),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column(
            "new_key",
            sa.String(length=64),
            nullable=True,
            comment="the public key where this checkpoint is the first under it",
        ),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=("pk_checkpoints")),
    )
    op.create_table(
        "checkpoint_leaves",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", "case_id", name=("pk_checkpoint_leaves")),
    )
    op.create_index("ix_checkpoint_leaves_case_id_number", "checkpoint_leaves", ["case_id", "number"], unique=False)
    op.create_table(
        "checkpoint_parts",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_case_id", sa.String(length=36), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=("pk_checkpoint_parts")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=("pk_leases")),
    )
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in ("checkpoints_refuses", "checkpoint_leaves_refuses"):
            op.execute(f"drop function {function}()")

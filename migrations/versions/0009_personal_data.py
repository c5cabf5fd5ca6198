"""Who read or searched personal data, as a log kept for three years; consents, sharing records, and the case that a kept answer is about."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


_SQLITE = (
    """create trigger access_log_refuses_update before update on access_log
    begin select raise(abort, 'the access log is append-only'); end""",
    """create trigger access_log_refuses_delete before delete on access_log
    when datetime(old.at) > datetime('now', '-3 years')
    begin select raise(abort, 'the access log is kept for three years'); end""",
)
_POSTGRESQL = (
    """create function access_log_refuses() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and old.at <= now() - interval '3 years' then return old; end if;
      raise exception 'the access log is append-only and kept for three years';
    end $$""",
    """create trigger access_log_refuses_change before update or delete on access_log
    for each row execute function access_log_refuses()""",
    """create trigger access_log_refuses_truncate before truncate on access_log
    for each statement execute function access_log_refuses()""",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "access_log",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=36), nullable=True),
        sa.Column("organization_id", sa.String(length=36), nullable=True, comment="the body acted for"),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=True),
        sa.Column("party_id", sa.String(length=36), nullable=True, comment="null: everybody on the case"),
        sa.Column("searched", sa.String(length=64), nullable=True, comment="kind of value looked for"),
        sa.Column("searched_hash", sa.String(length=64), nullable=True, comment="its keyed hash"),
        sa.Column("purpose", sa.String(length=64), nullable=True),
        sa.Column("request_id", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    for column in ("organization_id", "case_id", "person_id"):
        op.create_index(f"ix_access_log_{column}_id", "access_log", [column, "id"])
    op.create_index("ix_access_log_at", "access_log", ["at"])
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("party_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False, comment="JSON list of kinds of data"),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_consents_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_table(
        "sharing_records",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("recipient_id", sa.String(length=36), nullable=False, comment="the body that was given the data"),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False, comment="JSON list of kinds of data"),
        sa.Column("shared_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=True, comment="consent or legal_duty; null: not stated"),
        sa.Column("legal_basis", sa.String(length=200), nullable=True, comment="the articles a legal duty rests on"),
        sa.Column(
            "action", sa.String(length=64), nullable=True, comment="the step that sent it; null: recorded by hand"
        ),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_sharing_records_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_sharing_records"),
    )
    for table in ("consents", "sharing_records"):
        op.create_index(f"ix_{table}_case_id_id", table, ["case_id", "id"])
    op.add_column("idempotency", sa.Column(
        "case_id", sa.String(length=36), nullable=True, comment="what the answer is about; null: no single case"
    ))  # fmt: skip
    op.create_index("ix_idempotency_case_id", "idempotency", ["case_id"])
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_idempotency_case_id", "idempotency")
    op.drop_column("idempotency", "case_id")
    for table in ("sharing_records", "consents", "access_log"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function access_log_refuses()")

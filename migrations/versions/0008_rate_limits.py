"""How much of a budget a caller has used, shared by every process; and the alarms that follow when one is used up."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "rate_limits",
        sa.Column("budget", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False, comment="keyed hash of who is counted"),
        sa.Column("ends_at", sa.BigInteger(), nullable=False, comment="end of the window, seconds since 1970"),
        sa.Column("used", sa.Integer(), nullable=False, comment="spent, or lent to a process"),
        sa.Column("granted", sa.Integer(), nullable=False, comment="lent by the statement that came last"),
        sa.Column("refused", sa.Integer(), nullable=False, comment="how often nothing was left in this window"),
        sa.PrimaryKeyConstraint("budget", "key", name="pk_rate_limits"),
    )
    op.create_index("ix_rate_limits_ends_at", "rate_limits", ["ends_at"])
    op.create_table(
        "alarms",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=True, comment="null: of nobody we know"),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("network", sa.String(length=64), nullable=True, comment="the address, its last part left out"),
        sa.Column("mark", sa.String(length=64), nullable=False, comment="keyed hash: the same for the same source"),
        sa.Column("number", sa.Integer(), nullable=False, comment="how many in one window raise it"),
        sa.Column("seconds", sa.Integer(), nullable=False, comment="length of the window"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_alarms_organization_id_organizations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alarms"),
    )
    op.create_index("ix_alarms_organization_id_id", "alarms", ["organization_id", "id"])


def downgrade() -> None:
    for table in ("alarms", "rate_limits"):
        op.drop_table(table)

"""Which files were destroyed, by whom and when; kept answers found by their age."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "disposals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=False),
        sa.Column("case_number", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=False, comment="the state the case ended in"),
        sa.Column("rule", sa.String(length=64), nullable=False, comment="what it was kept by"),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.String(length=36), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=36), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keys_destroyed", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_disposals_case_id_cases"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_disposals_organization_id_organizations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_disposals"),
        sa.UniqueConstraint("case_id", name="uq_disposals_case_id"),
    )
    op.create_index("ix_disposals_organization_id_id", "disposals", ["organization_id", "id"])
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.drop_index("ix_idempotency_created_at", "idempotency")
    op.drop_table("disposals")

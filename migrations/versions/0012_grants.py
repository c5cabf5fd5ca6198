"""Who may read one case beyond what their roles reach, for how long, and how they came by it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "grants",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=False, comment="the body the person acts for"),
        sa.Column(
            "handling_id", sa.String(length=36), nullable=False, comment="the body the case lies with; ends if it moves"
        ),
        sa.Column("how", sa.String(length=64), nullable=False),
        sa.Column("ceiling", sa.String(length=64), nullable=False, comment="the class of data up to which it reaches"),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_grants_case_id_cases"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_grants_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
    )
    op.create_index("ix_grants_case_id_person_id", "grants", ["case_id", "person_id"])
    op.create_index("ix_grants_handling_id_id", "grants", ["handling_id", "id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.drop_table("grants")

"""Who asked to read which case, what became of it, and by which grant."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "access_requests",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=False, comment="the body acted for"),
        sa.Column(
            "case_number", sa.String(length=64), nullable=False, comment="as asked for: there may be no such case"
        ),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="sealed: under a key of the request, once delivered under the key of the case",
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True, comment="the end wished for"),
        sa.Column(
            "delivered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null: nobody looked yet whether there is such a case",
        ),
        sa.Column("case_id", sa.String(length=36), nullable=True, comment="null: not delivered, or no such case"),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column(
            "answer",
            sa.Text(),
            nullable=True,
            comment="sealed under the key of the case: the note or the reason of a decision",
        ),
        sa.Column("grant_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_access_requests_person_id_people"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_access_requests_organization_id_organizations"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_access_requests_case_id_cases"),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name="fk_access_requests_grant_id_grants"),
        sa.PrimaryKeyConstraint("id", name="pk_access_requests"),
    )
    op.create_index("ix_access_requests_person_id_id", "access_requests", ["person_id", "id"])
    op.create_index("ix_access_requests_case_id_id", "access_requests", ["case_id", "id"])
    undelivered = sa.text("delivered_at is null")
    op.create_index(
        "ix_access_requests_id", "access_requests", ["id"], postgresql_where=undelivered, sqlite_where=undelivered
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.drop_table("access_requests")

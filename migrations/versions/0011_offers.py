"""What was offered in mediation, and the facts that both sides accept, each apart from the case."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "offers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "side", sa.String(length=64), nullable=False, comment="whose offer it is; mediator: proposed to both"
        ),
        sa.Column(
            "made_by", sa.String(length=36), nullable=True, comment="a party; null for a proposal of the mediator"
        ),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column(
            "content",
            sa.Text(),
            nullable=True,
            comment="text and amount as JSON, sealed under the key of what was said in mediation",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_offers_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
    )
    op.create_index("ix_offers_case_id_id", "offers", ["case_id", "id"])
    op.create_table(
        "undisputed_facts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=False, comment="JSON object: the day on which each party signed"),
        sa.Column("settled_on", sa.Date(), nullable=True, comment="the day on which the last of all had signed"),
        sa.Column(
            "text",
            sa.Text(),
            nullable=True,
            comment="sealed: as said in mediation until settled, then under the key of the case",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_undisputed_facts_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_undisputed_facts"),
    )
    op.create_index("ix_undisputed_facts_case_id_id", "undisputed_facts", ["case_id", "id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.drop_table("undisputed_facts")
    op.drop_table("offers")

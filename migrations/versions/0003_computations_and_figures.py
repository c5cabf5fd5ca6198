"""Local figures that are loaded while the service runs, and the latest computation of each claim."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "local_figures",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False, comment="the figure as JSON"),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("kind", "place", "since", name="pk_local_figures"),
    )
    op.create_table(
        "computations",
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("party_id", sa.String(length=36), nullable=False, comment="the worker whose employment it rests on"),
        sa.Column("computed_on", sa.Date(), nullable=False),
        sa.Column("computed_by", sa.String(length=36), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("minimum_fen", sa.BigInteger(), nullable=True),
        sa.Column("maximum_fen", sa.BigInteger(), nullable=True),
        sa.Column("rule_version", sa.String(length=64), nullable=False),
        sa.Column(
            "data", sa.Text(), nullable=True, comment="inputs and working as JSON, sealed under the key of the case"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_computations_case_id_cases"),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name="fk_computations_claim_id_claims"),
        sa.PrimaryKeyConstraint("claim_id", name="pk_computations"),
    )
    op.create_index("ix_computations_case_id", "computations", ["case_id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.drop_table("computations")
    op.drop_table("local_figures")

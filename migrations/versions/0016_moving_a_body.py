"""Bodies moved in the tree, and the cases whose scopes are still to follow: written again in batches by the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "organization_moves",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=False),
        sa.Column("old_parent_id", sa.String(length=36), nullable=True),
        sa.Column("new_parent_id", sa.String(length=36), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.String(length=36), nullable=False),
        sa.Column("cases_to_do", sa.Integer(), nullable=False),
        sa.Column("cases_done", sa.Integer(), nullable=False),
        sa.Column("scopes_closed", sa.Integer(), nullable=False),
        sa.Column("scopes_opened", sa.Integer(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_organization_moves_organization_id_organizations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organization_moves"),
    )
    op.create_index("ix_organization_moves_organization_id_id", "organization_moves", ["organization_id", "id"])
    op.create_table(
        "organization_move_cases",
        sa.Column("move_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["move_id"], ["organization_moves.id"], name="fk_organization_move_cases_move_id_organization_moves"
        ),
        sa.PrimaryKeyConstraint("move_id", "case_id", name="pk_organization_move_cases"),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.drop_table("organization_move_cases")
    op.drop_table("organization_moves")

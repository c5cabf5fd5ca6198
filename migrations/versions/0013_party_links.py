"""Links by which a party reads its own case, and what a party sends by them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.create_table(
        "party_links",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("party_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="keyed hash of the secret"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False, comment="the last day it serves"),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_party_links_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_party_links"),
    )
    op.create_index("ix_party_links_case_id_party_id_id", "party_links", ["case_id", "party_id", "id"])
    op.create_table(
        "party_messages",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("party_id", sa.String(length=36), nullable=False),
        sa.Column("link_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=64), nullable=False, comment="whose message it is"),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=True, comment="sealed under the key of what was said in mediation"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_party_messages_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_party_messages"),
    )
    op.create_index("ix_party_messages_case_id_id", "party_messages", ["case_id", "id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.drop_table("party_messages")
    op.drop_table("party_links")

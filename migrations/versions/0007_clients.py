"""Other systems as accounts: clients with the keys they authenticate by, and assertions that are taken only once."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    op.add_column(
        "people",
        sa.Column("kind", sa.String(length=64), nullable=False, server_default="person", comment="person or client"),
    )
    op.create_table(
        "clients",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=False),
        sa.Column("jwks", sa.Text(), nullable=True, comment="public keys as a JSON Web Key Set"),
        sa.Column("may_act_for", sa.Text(), nullable=False, comment="JSON list of ids of people"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True, comment="when its keys last changed"),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True, comment="to the hour"),
        sa.ForeignKeyConstraint(["id"], ["people.id"], name=("fk_clients_id_people")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=("fk_clients_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=("pk_clients")),
    )
    op.create_index("ix_clients_organization_id", "clients", ["organization_id"], unique=False)
    op.create_table(
        "client_keys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="keyed hash of the secret"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False, comment="the last day it serves"),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True, comment="to the hour"),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=("fk_client_keys_client_id_clients")),
        sa.PrimaryKeyConstraint("id", name=("pk_client_keys")),
    )
    op.create_index("ix_client_keys_client_id", "client_keys", ["client_id"], unique=False)
    op.create_table(
        "client_assertions",
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("jti", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "jti", name=("pk_client_assertions")),
    )
    op.create_index("ix_client_assertions_expires_at", "client_assertions", ["expires_at"], unique=False)


def downgrade() -> None:
    for table in ("client_assertions", "client_keys", "clients"):
        op.drop_table(table)
    op.drop_column("people", "kind")

"""By which certificates, or by which certified name, another system proves who it is to the proxy in front."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    for name, comment in (
        ("certificates", "JSON list: thumbprint, subject and days of each"),
        ("certificate_subject", "RFC 4514, where a CA vouches for it"),
    ):
        op.add_column("clients", sa.Column(name, sa.Text(), nullable=True, comment=comment))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    for name in ("certificate_subject", "certificates"):
        op.drop_column("clients", name)

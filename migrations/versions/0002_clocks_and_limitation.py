"""Deadlines keep a ledger of pauses and extensions, and claims the acts that bear on their limitation.

What moved an end is no longer a flag: an end that was set before stays as the end given. Limitation acts of cases
recorded before cannot be told by SQL; they are written down by hand where they matter.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_GIVEN = """update deadlines set given_end = raw where moved or term in (
    'D_NEG_TERM', 'D_MED_EXT', 'D_CT_EXT', 'D_SUP_REMINDER', 'D_ADMIN_ORDER', 'OBLIGATION', 'D_LIMIT_1Y',
    'D_LIMIT_WAGE_EXIT_1Y')"""


def upgrade() -> None:
    op.add_column("deadlines", sa.Column("given_end", sa.Date(), nullable=True))
    op.add_column(
        "deadlines",
        sa.Column(
            "ledger", sa.Text(), nullable=False, server_default="[]", comment="JSON list of pauses and extensions"
        ),
    )
    op.add_column("deadlines", sa.Column("is_paused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_GIVEN)
    op.drop_column("deadlines", "moved")
    op.add_column(
        "cases",
        sa.Column(
            "limitation_acts", sa.Text(), nullable=False, server_default="[]", comment="JSON list: acts on limitation"
        ),
    )


def downgrade() -> None:
    op.drop_column("cases", "limitation_acts")
    op.add_column("deadlines", sa.Column("moved", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("update deadlines set moved = true where ledger <> '[]'")
    op.drop_column("deadlines", "is_paused")
    op.drop_column("deadlines", "ledger")
    op.drop_column("deadlines", "given_end")

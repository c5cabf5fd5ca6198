"""A body a case was sent to lists it by the day it was sent: the order told the deadlines of the house, and its closing."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_SENT = "scope_id like 's:%'"
_BY_DAY_SENT = f"update case_scope set is_open = true, next_due = since where {_SENT}"
_BY_DEADLINE = (
    "update case_scope set is_open = (select c.is_open from cases c where c.id = case_scope.case_id), "
    f"next_due = (select c.next_due from cases c where c.id = case_scope.case_id) where {_SENT}"
)


def _follow(which: str) -> None:
    """Put the trigger by which scopes follow their case in place, for the scopes of which this is true."""
    moved = f"update case_scope set is_open = new.is_open, next_due = new.next_due where case_id = new.id{which};"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "create or replace function cases_move_scopes() returns trigger language plpgsql as $$ "
            f"begin {moved} return null; end $$"
        )
        return
    op.execute("drop trigger cases_move_scopes")
    op.execute(
        "create trigger cases_move_scopes after update of is_open, next_due on cases "
        f"when old.is_open <> new.is_open or old.next_due <> new.next_due begin {moved} end"
    )


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    _follow(" and scope_id not like 's:%'")
    op.execute(_BY_DAY_SENT)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("set lock_timeout = '5s'")
    _follow("")
    op.execute(_BY_DEADLINE)

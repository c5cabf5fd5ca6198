"""Shared budgets: one row for each budget and caller, of which processes borrow slices, one statement at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from mediation.storage.database import DatabaseBusyError, Unit
from mediation.storage.json_sql import statement

FAILURES: Final = (DatabaseBusyError, DBAPIError)

# A quarter of what is left is lent at most: the slices shrink towards the end, so that little lies idle elsewhere.
_USED = "case when r.ends_at < excluded.ends_at then 0 else r.used end + :spent"


def _lend(least: str, greatest: str) -> str:
    def share(used: str) -> str:
        return f"{greatest}(0, {least}(:asked, (:most - ({used}) + 3) / 4))"

    return f"""
    insert into rate_limits as r (budget, key, ends_at, used, granted, refused)
    values (:budget, :key, :ends_at, :spent + {share(":spent")}, {share(":spent")},
            case when {share(":spent")} = 0 then 1 else 0 end)
    on conflict (budget, key) do update set
      used = {_USED} + {share(_USED)},
      granted = {share(_USED)},
      refused = case when r.ends_at < excluded.ends_at then 0 else r.refused end
              + case when {share(_USED)} = 0 then 1 else 0 end,
      ends_at = {greatest}(r.ends_at, excluded.ends_at)
    returning granted, used, refused, ends_at
    """


_LEND = {
    "sqlite": statement(_lend("min", "max")),
    "postgresql": statement(
        # Parameters of one expression have no type of their own there.
        _lend("least", "greatest")
        .replace(":asked", "cast(:asked as integer)")
        .replace(":most", "cast(:most as integer)")
        .replace(":spent", "cast(:spent as integer)")
    ),
}
_SWEEP = statement("delete from rate_limits where ends_at < :before")


@dataclass(frozen=True, slots=True)
class Loan:
    """What a process may spend on its own until the window ends; `refused` counts the loans that gave nothing."""

    granted: int
    used: int
    refused: int
    ends_at: int


def lend(unit: Unit, **asked: Any) -> Loan:
    """Lend up to `asked` of `most`, after `spent` was spent unasked; a window that ended starts anew.

    Rows are locked one by one, so what several processes borrow never adds up to more than `most`. A process whose
    clock is behind is lent of the later window, and told when that ends.
    """
    row = unit.execute(_LEND[unit.dialect], asked).one()
    return Loan(row.granted, row.used, row.refused, row.ends_at)


def sweep(unit: Unit, before: int) -> None:
    """Forget windows that ended before a moment, in seconds since 1970."""
    unit.execute(_SWEEP, {"before": before})

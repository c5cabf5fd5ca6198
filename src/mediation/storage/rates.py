"""Shared budgets: one row for each budget and caller, of which processes borrow slices, one statement at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from mediation.storage.database import DatabaseBusyError, Unit
from mediation.storage.json_sql import statement

FAILURES: Final = (DatabaseBusyError, DBAPIError)

# The clock is the database's, one for all processes. A row stands while its window is the one that runs, or the one
# after (a statement may have waited for its turn past the end of its own); one from further on is no window at all:
# it was written while that clock was wrong.
_STANDS = "(r.ends_at between excluded.ends_at and excluded.ends_at + :seconds)"
_USED = f"case when {_STANDS} then r.used else 0 end + :spent"
_NOW = {
    "sqlite": "cast(strftime('%s', 'now') as integer)",
    "postgresql": "cast(floor(extract(epoch from statement_timestamp())) as bigint)",
}


def _lend(now: str, least: str, greatest: str) -> str:
    # A quarter of what is left is lent at most: the slices shrink towards the end, so that little lies idle elsewhere.
    def share(used: str) -> str:
        return f"{greatest}(0, {least}(:asked, (:most - ({used}) + 3) / 4))"

    return f"""
    insert into rate_limits as r (budget, key, ends_at, used, granted, refused)
    values (:budget, :key, ({now} / :seconds + 1) * :seconds, :spent + {share(":spent")}, {share(":spent")},
            case when {share(":spent")} = 0 then 1 else 0 end)
    on conflict (budget, key) do update set
      used = {_USED} + {share(_USED)},
      granted = {share(_USED)},
      refused = case when {_STANDS} then r.refused else 0 end
              + case when {share(_USED)} = 0 then 1 else 0 end,
      ends_at = case when {_STANDS} then r.ends_at else excluded.ends_at end
    returning granted, used, refused, ends_at - {now} as seconds
    """


_LEND = {
    "sqlite": statement(_lend(_NOW["sqlite"], "min", "max")),
    "postgresql": statement(
        # Parameters of one expression have no type of their own there.
        re.sub(":(asked|most|spent|seconds)", r"cast(:\1 as integer)", _lend(_NOW["postgresql"], "least", "greatest"))
    ),
}
_SWEEP = {
    dialect: statement(f"delete from rate_limits where ends_at < {now} - :seconds") for dialect, now in _NOW.items()
}


@dataclass(frozen=True, slots=True)
class Loan:
    """What a process may spend on its own for the `seconds` that the window still runs.

    `refused` counts the loans that gave nothing.
    """

    granted: int
    used: int
    refused: int
    seconds: int


def lend(unit: Unit, **asked: Any) -> Loan:
    """Lend up to `asked` of the `most` of a window of `seconds`, after `spent` was spent unasked.

    Rows are locked one by one, so what several processes borrow never adds up to more than `most`. When a window ends
    is told by the database's clock alone: a process whose own is wrong neither brings one back nor begins one.
    """
    row = unit.execute(_LEND[unit.dialect], asked).one()
    return Loan(row.granted, row.used, row.refused, row.seconds)


def sweep(unit: Unit, seconds: int) -> None:
    """Forget windows that ended longer ago than so many seconds."""
    unit.execute(_SWEEP[unit.dialect], {"seconds": seconds})

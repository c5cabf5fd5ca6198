"""Cases read to be compared with their histories: the columns that lists show and filter by, as they lie stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from mediation.storage.database import Unit
from mediation.storage.json_sql import statement

COLUMNS: Final = (
    "state", "stage", "last_on", "is_open", "next_due", "next_term", "is_provisional", "applicants", "respondents",
    "claimed_fen", "is_collective", "is_urgent", "is_migrant_worker", "has_tasks", "has_risk",
)  # fmt: skip
"""What of a case's row follows from its records."""
NAMING: Final = frozenset({"applicants", "respondents"})
"""Those of them that name people."""
_READ = f"select id, number, {', '.join(COLUMNS)} from cases"
_AFTER = statement(f"{_READ} where id > :after order by id limit :limit")
_ONE = statement(f"{_READ} where id = :case or number = :case")


def rows_after(unit: Unit, after: str, limit: int) -> list[dict[str, Any]]:
    """The next cases in the order of their ids; empty after the last."""
    return [_plain(dict(row)) for row in unit.execute(_AFTER, {"after": after, "limit": limit}).mappings()]


def row_of(unit: Unit, case: str) -> list[dict[str, Any]]:
    """The case of an id or a number, if there is one."""
    return [_plain(dict(row)) for row in unit.execute(_ONE, {"case": case}).mappings()]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Values as both databases and a row about to be written have them."""
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else bool(value)
        if name.startswith(("is_", "has_"))
        else value
        for name, value in row.items()
    }

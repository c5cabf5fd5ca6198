"""Deadlines across cases: those that are over, and those counted on an older calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from mediation.storage.database import Unit
from mediation.storage.json_sql import statement

_COUNTED_BEFORE = {
    "sqlite": statement(
        "select distinct case_id from deadlines where status = 'running' and due >= :since "
        "and calendar_version <> :version order by case_id limit :limit"
    ),
    "postgresql": statement(
        "select distinct case_id from deadlines where status = 'running' and due >= cast(:since as date) "
        "and calendar_version <> :version order by case_id limit :limit"
    ),
}


def counted_before(unit: Unit, version: str, since: date, limit: int) -> list[str]:
    """Cases with a running deadline due from `since` on that another version of the calendar gave."""
    parameters = {"version": version, "since": since.isoformat(), "limit": limit}
    return [row.case_id for row in unit.execute(_COUNTED_BEFORE[unit.dialect], parameters)]


_DUE = statement(
    "select case_id, id, due from deadlines where status = 'running' and due < :today order by due, id limit :limit"
)


def due_deadlines(unit: Unit, today: date, limit: int) -> list[tuple[str, str]]:
    """Running deadlines that are over, oldest first: (case id, deadline id)."""
    rows = unit.execute(_DUE, {"today": _iso(unit, today), "limit": limit})
    return [(row.case_id, row.id) for row in rows]


def _iso(unit: Unit, day: date) -> Any:
    return day.isoformat() if unit.dialect == "sqlite" else day

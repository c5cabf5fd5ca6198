"""Deadlines across cases: those that are over."""

from __future__ import annotations

from datetime import date
from typing import Any

from mediation.storage.database import Unit
from mediation.storage.json_sql import statement

_DUE = statement(
    "select case_id, id, due from deadlines d where status = 'running' and not is_paused and due < :today "
    "and not exists (select 1 from calendar_recounts r where r.case_id = d.case_id) order by due, id limit :limit"
)


def due_deadlines(unit: Unit, today: date, limit: int) -> list[tuple[str, str]]:
    """Running deadlines that are over, oldest first: (case id, deadline id).

    Those of a case that waits to be counted again are left out: a notice may have moved them.
    """
    rows = unit.execute(_DUE, {"today": _iso(unit, today), "limit": limit})
    return [(row.case_id, row.id) for row in rows]


def _iso(unit: Unit, day: date) -> Any:
    return day.isoformat() if unit.dialect == "sqlite" else day

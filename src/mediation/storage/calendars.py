"""Notices loaded at run time."""

from __future__ import annotations

from datetime import datetime

from mediation.storage.database import Unit
from mediation.storage.json_sql import statement

_ALL = statement("select data from calendar_notices order by year")
_KEEP = statement(
    "insert into calendar_notices (year, data, loaded_at, loaded_by) values (:year, :data, :loaded_at, :loaded_by) "
    "on conflict (year) do update set data = excluded.data, loaded_at = excluded.loaded_at, "
    "loaded_by = excluded.loaded_by"
)


def notices(unit: Unit) -> list[str]:
    """Every loaded notice as JSON text, by year."""
    return [row.data for row in unit.execute(_ALL)]


def keep(unit: Unit, year: int, data: str, loaded_at: datetime, loaded_by: str) -> None:
    """Keep the notice of a year in place of an earlier one."""
    moment = loaded_at.isoformat() if unit.dialect == "sqlite" else loaded_at
    unit.execute(_KEEP, {"year": year, "data": data, "loaded_at": moment, "loaded_by": loaded_by})

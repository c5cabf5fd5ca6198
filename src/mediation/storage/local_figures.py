"""Local figures loaded at run time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from mediation.storage import tables
from mediation.storage.database import Unit
from mediation.storage.json_sql import statement, upsert

_ALL = statement("select data from local_figures order by kind, place, since")
_KEEP = {dialect: statement(upsert(tables.local_figures, dialect, gated=False)) for dialect in ("sqlite", "postgresql")}


def figures(unit: Unit) -> list[str]:
    """Every loaded figure as JSON text, by kind, place and first day."""
    return [row.data for row in unit.execute(_ALL)]


def keep(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep figures, each in place of an earlier one of its kind, place and first day."""
    unit.execute(_KEEP[unit.dialect], {tables.local_figures.name: orjson.dumps(list(rows)).decode()})

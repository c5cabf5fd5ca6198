"""Rows of alarms: added as they are raised, read by the bodies they concern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from mediation.storage import tables
from mediation.storage.database import Unit
from mediation.storage.json_sql import insert, names, statement

_COLUMNS = ", ".join(f"a.{name}" for name in names(tables.alarms))
_PAGE = (
    "with recursive mine (id) as (select id from organizations where id = :organization_id "
    "union all select o.id from organizations o join mine m on o.parent_id = m.id) "
    f"select {_COLUMNS} from alarms a where (a.organization_id in (select id from mine) or (a.organization_id is null "
    "and exists (select 1 from organizations where id = :organization_id and parent_id is null)))"
    "{after} order by a.id desc limit :limit"
)


def add(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add alarms."""
    text = orjson.dumps(list(rows)).decode()
    unit.execute(statement(insert(tables.alarms, unit.dialect, gated=False)), {"alarms": text})


def page(unit: Unit, organization_id: str, *, before: str | None, limit: int) -> list[dict[str, Any]]:
    """Alarms of an organization and of those below it, newest first, from before an id."""
    sql = _PAGE.format(after=" and a.id < :before" if before is not None else "")
    parameters = {"organization_id": organization_id, "limit": limit, **({"before": before} if before else {})}
    return [dict(row) for row in unit.execute(statement(sql), parameters).mappings()]

"""Rows of the log of readings: added before an answer leaves, never changed, dropped when they are old enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from mediation.storage import tables
from mediation.storage.database import Unit
from mediation.storage.json_sql import insert, names, statement

_COLUMNS = ", ".join(f"a.{name}" for name in names(tables.access_log))
_MINE = (
    "with recursive mine (id) as (select id from organizations where id = :organization_id "
    "union all select o.id from organizations o join mine m on o.parent_id = m.id) "
)
_PAGE = (
    f"{_MINE}select {_COLUMNS} from access_log a where (a.organization_id in (select id from mine) or exists ("
    "select 1 from cases c where c.id = a.case_id and c.organization_id in (select id from mine)))"
)
_FILTERS: Mapping[str, str] = {
    "case_id": " and a.case_id = :case_id",
    "person_id": " and a.person_id = :person_id",
    "since": " and a.at >= {since}",
    "until": " and a.at < {until}",
    "before": " and a.id < :before",
}
_FORGET = "delete from access_log where id in (select id from access_log where at < {before} order by id limit :limit)"

_OF_PERSON = statement(
    "select a.at, a.operation, a.purpose, a.person_id, a.organization_id, o.name as organization_name "
    "from access_log a left join organizations o on o.id = a.organization_id "
    "where a.case_id = :case_id and (a.party_id = :party_id or a.party_id is null) order by a.id"
)


def add(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add readings."""
    text = orjson.dumps(list(rows)).decode()
    unit.execute(statement(insert(tables.access_log, unit.dialect, gated=False)), {"access_log": text})


def page(unit: Unit, organization_id: str, filters: Mapping[str, Any], limit: int) -> list[dict[str, Any]]:
    """Readings by people of an organization and of those below it, or of their cases, newest first.

    `filters`: case_id, person_id, `since` and `until` (moments as ISO text, the latter left out), `before` (an id).
    """
    given = {name: value for name, value in filters.items() if value is not None}
    conditions = "".join(text for name, text in _FILTERS.items() if name in given)
    sql = f"{_PAGE}{conditions} order by a.id desc limit :limit".format(**_moments(unit, "since", "until"))
    parameters = {"organization_id": organization_id, "limit": limit, **given}
    return [dict(row) for row in unit.execute(statement(sql), parameters).mappings()]


def of_person(unit: Unit, case_id: str, party_id: str) -> list[dict[str, Any]]:
    """Readings of one person's data, or of everybody's, in a case, oldest first, with the name of the body read for."""
    found = unit.execute(_OF_PERSON, {"case_id": case_id, "party_id": party_id}).mappings()
    return [dict(row) for row in found]


def forget(unit: Unit, before: datetime, limit: int) -> int:
    """Drop readings from before a moment; the database refuses it for those of the last three years."""
    sql = _FORGET.format(**_moments(unit, "before"))
    return unit.execute(statement(sql), {"before": before.isoformat(), "limit": limit}).rowcount


def _moments(unit: Unit, *parameters: str) -> dict[str, str]:
    cast = "{}" if unit.dialect == "sqlite" else "cast({} as timestamptz)"
    return {name: cast.format(f":{name}") for name in parameters}

"""Notices loaded at run time and loads taken back, with what the recount of each came to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import TextClause

from mediation.storage import tables
from mediation.storage.database import Unit
from mediation.storage.json_sql import insert, names, statement
from mediation.storage.scopes import own_work_sql, standing_sql
from mediation.storage.worklists import Asking

_ALL = statement(
    "select id, number, year, since, notice, undoes_id, loaded_at, looked_at, finished_at from calendar_loads "
    "order by number"
)
_COLUMNS = ", ".join(names(tables.calendar_loads))
_PAGE = statement(f"select {_COLUMNS} from calendar_loads where number < :before order by number desc limit :limit")
_ONE = statement(f"select {_COLUMNS} from calendar_loads where id = :id")
_INSERT = {
    dialect: statement(insert(tables.calendar_loads, dialect, gated=False)) for dialect in ("sqlite", "postgresql")
}
_MOMENT = {"sqlite": ":undone_at", "postgresql": "cast(:undone_at as timestamptz)"}
_UNDONE = {
    dialect: statement(f"update calendar_loads set undone_at = {moment}, undone_by = :undone_by where id = :id")
    for dialect, moment in _MOMENT.items()
}
LATEST = 2**31 - 1


def loads(unit: Unit) -> list[Mapping[str, Any]]:
    """Every load in order: what it changed, the notice as JSON text, and how far its recount is."""
    return [_typed(row) for row in unit.execute(_ALL).mappings()]


def page(unit: Unit, *, before: int, limit: int) -> list[dict[str, Any]]:
    """Loads whose number is below `before`, newest first."""
    return [_typed(row) for row in unit.execute(_PAGE, {"before": before, "limit": limit}).mappings()]


def one(unit: Unit, load_id: str) -> dict[str, Any] | None:
    """One load with its progress, or None."""
    row = unit.execute(_ONE, {"id": load_id}).mappings().one_or_none()
    return None if row is None else _typed(row)


def _typed(row: Any) -> dict[str, Any]:
    """Days and moments as such: SQLite keeps them as text."""
    typed = dict(row)
    for name, value in row.items():
        if isinstance(value, str) and (name.endswith("_at") or name == "since"):
            typed[name] = date.fromisoformat(value) if name == "since" else datetime.fromisoformat(value)
    return typed


def keep(unit: Unit, row: Mapping[str, Any]) -> None:
    """Keep a load as the newest; nothing of it is counted yet."""
    nothing = {str(name): None for name in names(tables.calendar_loads)}
    counts = dict.fromkeys(("cases_to_do", "cases_done", "cases_moved", "deadlines_counted", "deadlines_moved"), 0)
    unit.execute(_INSERT[unit.dialect], {"calendar_loads": orjson.dumps([{**nothing, **counts, **row}]).decode()})


def undo(unit: Unit, load_id: str, *, at: datetime, by: str) -> None:
    """Note on a load that it was taken back."""
    moment = at.isoformat() if unit.dialect == "sqlite" else at
    unit.execute(_UNDONE[unit.dialect], {"id": load_id, "undone_at": moment, "undone_by": by})


_MOVES = (
    "select m.id, m.case_id, c.number, m.deadline_id, m.term, m.old_due, m.new_due, m.was_provisional, "
    "m.is_provisional, m.old_working, m.new_working from calendar_moves m join cases c on c.id = m.case_id "
    "where m.load_id = :load_id and m.id > :after{visible} order by m.id limit :limit"
)
_VISIBLE = (
    " and exists (select 1 from case_scope s where s.case_id = m.case_id and s.scope_id in {scopes} "
    f"and {standing_sql('s.scope_id', 'c.organization_id')} and (s.scope_id not like 'p:%' or {{own}}))"
)
_SCOPES = {
    "sqlite": "(select value from json_each(:scopes))",
    "postgresql": "(select jsonb_array_elements_text(cast(:scopes as jsonb)))",
}
_ALL_MOVES = statement(_MOVES.format(visible=""))


@cache
def _visible_moves(dialect: str, *, chosen: bool) -> TextClause:
    own = own_work_sql(dialect, "c.id", "c.organization_id", chosen=chosen)
    return statement(_MOVES.format(visible=_VISIBLE.format(scopes=_SCOPES[dialect], own=own)))


def moves(unit: Unit, load_id: str, *, asking: Asking | None, after: str, limit: int) -> list[dict[str, Any]]:
    """Rows of a report after an id, in the order they were written: of cases somebody works on or sees, or of all."""
    parameters: dict[str, Any] = {"load_id": load_id, "after": after, "limit": limit}
    if asking is None:
        found = unit.execute(_ALL_MOVES, parameters)
    else:
        visible = _visible_moves(unit.dialect, chosen=asking.acting_as is not None)
        found = unit.execute(visible, {**parameters, **asking.parameters()})
    return [dict(row) for row in found.mappings()]

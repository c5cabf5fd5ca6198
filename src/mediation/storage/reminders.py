"""Reminders as they are made: what asks for a look today, written down once with the event that tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from mediation.domain.terms import DATA_REQUEST_TERM
from mediation.storage import tables
from mediation.storage.database import Unit
from mediation.storage.json_sql import given_rows, insert, statement


@dataclass(frozen=True, slots=True)
class Asking:
    """A running deadline, an open task or request that asks for a look; of a task `start` is the day it was opened.

    `is_supervised`: who answers is the supervisor from the start.
    """

    id: str
    case_id: str
    term: str
    start: date
    due: date
    is_supervised: bool = False


_WAITING = {
    "deadlines": "d.id, d.case_id, d.term, d.start, d.due",
    "tasks": "d.id, d.case_id, d.term, d.opened_on as start, d.due_on as due",
    "data_requests": (
        f"d.id, d.case_id, '{DATA_REQUEST_TERM.code}' as term, d.received_on as start, d.due_on as due, "
        "d.kind = 'erasure' as is_supervised"
    ),
}


def asking(unit: Unit, table: str, today: date, limit: int) -> list[Asking]:
    """Deadlines or tasks to be looked at by today, held until the transaction ends; those held elsewhere left out."""
    held = "" if unit.dialect == "sqlite" else "for update skip locked"
    sql = (
        f"select {_WAITING[table]} from {table} d where d.remind_on <= {_day(unit)} "
        f"order by d.remind_on, d.id limit :limit {held}"
    )
    found = unit.execute(statement(sql), {"today": today.isoformat(), "limit": limit}).mappings()
    return [_asking(row) for row in found]


def _asking(row: Any) -> Asking:
    is_supervised = bool(row.get("is_supervised"))
    return Asking(row["id"], row["case_id"], row["term"], _date(row["start"]), _date(row["due"]), is_supervised)


_EVENTS = {"deadlines": "deadline.reminder", "tasks": "task.escalated", "data_requests": "data_request.due"}


def write(unit: Unit, table: str, made: Sequence[Mapping[str, Any]], next_looks: Mapping[str, date | None]) -> int:
    """Write reminders that were not written before, each with its event, and when to look again; gives their number.

    The table's own keys tell which were: one a deadline, rung and last day, one a task, one a request and rung.
    """
    count = 0
    if made:
        text = insert(tables.reminders, unit.dialect, gated=False)
        where = " where true" if unit.dialect == "sqlite" else ""  # else SQLite takes `on` for a join's
        parameters = {"reminders": orjson.dumps(list(made)).decode()}
        unit.execute(statement(f"{text}{where} on conflict do nothing"), parameters)
        picked = given_rows(tables.reminders, unit.dialect, ("id",), "reminders")
        told = (
            "insert into outbox (kind, case_id, ref_id) select :kind, m.case_id, m.id from reminders m "
            f"join {picked} on r.id = m.id"
        )
        count = unit.execute(statement(told), {**parameters, "kind": _EVENTS[table]}).rowcount
    _look_again(unit, table, next_looks)
    return count


def _look_again(unit: Unit, table: str, next_looks: Mapping[str, date | None]) -> None:
    rows = [{"id": key, "remind_on": day.isoformat() if day else None} for key, day in next_looks.items()]
    picked = given_rows(tables.metadata.tables[table], unit.dialect, ("id", "remind_on"), "looks")
    sql = f"update {table} set remind_on = r.remind_on from {picked} where {table}.id = r.id"
    unit.execute(statement(sql), {"looks": orjson.dumps(rows).decode()})


def _day(unit: Unit) -> str:
    return ":today" if unit.dialect == "sqlite" else "cast(:today as date)"


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)

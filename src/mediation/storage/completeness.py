"""Deadlines beside what history says of them: counted at once, or read case by case in small batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from mediation.storage.database import Unit
from mediation.storage.json_sql import statement

_STATUSES = statement("select status, count(*) as n from deadlines group by status order by status")
_NOW = {
    dialect: statement(
        "select o.n as overdue, o.due as oldest, "
        "(select count(*) from tasks where status = 'open') as open_tasks, "
        f"(select count(*) from deadlines where remind_on <= {day}) + "
        f"(select count(*) from tasks where remind_on <= {day}) as unsent "
        "from (select count(*) as n, min(due) as due from deadlines "
        f"where status = 'running' and not is_paused and due < {day}) o"
    )
    for dialect, day in (("sqlite", ":today"), ("postgresql", "cast(:today as date)"))
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many deadlines there are of each status, and what waits today."""

    by_status: Mapping[str, int]
    overdue: int
    oldest: date | None
    open_tasks: int
    unsent: int


def counted(unit: Unit, today: date) -> Counted:
    """Count by SQL alone: two statements, to be read in one transaction."""
    statuses = {row.status: row.n for row in unit.execute(_STATUSES)}
    row = unit.execute(_NOW[unit.dialect], {"today": today.isoformat()}).one()
    oldest = date.fromisoformat(row.oldest) if isinstance(row.oldest, str) else row.oldest
    return Counted(statuses, row.overdue, oldest, row.open_tasks, row.unsent)


@dataclass(slots=True)
class Told:
    """One case: its deadlines as stored, tasks by deadline, and the payloads of its history in order."""

    deadlines: list[Mapping[str, Any]] = field(default_factory=list)
    tasks: dict[str, int] = field(default_factory=dict)
    entries: list[Mapping[str, Any]] = field(default_factory=list)


_CASES = statement("select id from cases where id > :after order by id limit :limit")
_IDS = {
    "sqlite": "(select value from json_each(:ids))",
    "postgresql": "(select jsonb_array_elements_text(cast(:ids as jsonb)))",
}


def cases_after(unit: Unit, after: str, limit: int) -> dict[str, Told]:
    """The next cases in the order of their ids, with all that is to be compared; empty after the last."""
    found = {row.id: Told() for row in unit.execute(_CASES, {"after": after, "limit": limit})}
    for row in _of(unit, "case_id, id, status, due, ended_on, ended_by, is_paused", "deadlines", "id", found):
        found[row["case_id"]].deadlines.append(row)
    for row in _of(unit, "case_id, deadline_id", "tasks", "id", found):
        tasks = found[row["case_id"]].tasks
        tasks[row["deadline_id"]] = tasks.get(row["deadline_id"], 0) + 1
    for row in _of(unit, "case_id, payload", "history", "sequence", found):
        found[row["case_id"]].entries.append(orjson.loads(row["payload"]))
    return found


def _of(unit: Unit, columns: str, table: str, order: str, cases: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    ids = orjson.dumps(list(cases)).decode()
    sql = f"select {columns} from {table} where case_id in {_IDS[unit.dialect]} order by case_id, {order}"
    for row in unit.execute(statement(sql), {"ids": ids}).mappings():
        yield dict(row)

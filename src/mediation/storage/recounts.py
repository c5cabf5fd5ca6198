"""The work of a recount: the list of cases a load makes stale, taken in batches, each written as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import Any

import orjson

from mediation.domain.deadlines import Deadline
from mediation.domain.records import LISTS, from_row
from mediation.storage import tables
from mediation.storage.database import Unit
from mediation.storage.json_sql import given_rows, insert, names, statement

_DIALECTS = ("sqlite", "postgresql")
_MOST_SECONDS = "60s"
"""How long listing may take: the one statement that looks at every running deadline."""


def _list_sql(dialect: str) -> str:
    """List cases with a stale deadline, once the list is empty: nobody can be at work on it then."""
    day, versions = ":since", "(select value from json_each(:versions))"
    if dialect != "sqlite":
        day, versions = "cast(:since as date)", "(select jsonb_array_elements_text(cast(:versions as jsonb)))"
    load = ":load_id" if dialect == "sqlite" else "cast(:load_id as text)"
    return (
        f"insert into calendar_recounts (load_id, case_id) select distinct {load}, d.case_id from deadlines d "
        f"where d.status = 'running' and (d.due >= {day} or d.start >= {day}) and d.calendar_version not in {versions} "
        f"and not exists (select 1 from calendar_recounts r where r.load_id = {load})"
    )


def _looked_sql(dialect: str) -> str:
    now = ":now" if dialect == "sqlite" else "cast(:now as timestamptz)"
    return (
        f"update calendar_loads set cases_to_do = cases_to_do + :listed, looked_at = {now}, "
        f"started_at = coalesce(started_at, {now}), finished_at = case when exists (select 1 from calendar_recounts r "
        f"where r.load_id = calendar_loads.id) then null else coalesce(finished_at, {now}) end "
        "where id = :load_id returning finished_at"
    )


_LIST = {dialect: statement(_list_sql(dialect)) for dialect in _DIALECTS}
_LOOKED = {dialect: statement(_looked_sql(dialect)) for dialect in _DIALECTS}
_HOLD = statement("select 1 from calendar_loads where id = :load_id for update skip locked")
_TAKE_TIME = statement(f"set local statement_timeout = '{_MOST_SECONDS}'")


def look(unit: Unit, load_id: str, *, since: date | None, versions: Iterable[str], now: datetime) -> bool:
    """List the cases a load makes stale, where none is listed; False when nothing is left, or others are at it.

    A deadline is stale when it reaches `since` and was counted on none of the `versions`. Finding nothing ends the
    recount; finding what a slower process wrote after that takes it up again.
    """
    if unit.dialect != "sqlite":
        if unit.execute(_HOLD, {"load_id": load_id}).first() is None:
            return False
        unit.execute(_TAKE_TIME)
    listed = 0
    if since is not None:
        given = {"load_id": load_id, "since": since.isoformat(), "versions": orjson.dumps(list(versions)).decode()}
        listed = unit.execute(_LIST[unit.dialect], given).rowcount
    noted = {"load_id": load_id, "listed": listed, "now": now.isoformat()}
    return unit.execute(_LOOKED[unit.dialect], noted).scalar_one() is None


@dataclass(frozen=True, slots=True)
class Listed:
    """A case whose turn has come: where its history ends, and its running deadlines."""

    id: str
    version: int
    sequence: int
    head: str
    procedure: str
    deadlines: tuple[Deadline, ...]


_COLUMNS = tuple(names(tables.deadlines, without=["case_id"]))


def _take_sql(dialect: str) -> str:
    source = "from deadlines d where d.case_id = c.id and d.status = 'running'"
    columns = ", ".join(f"d.{name}" for name in _COLUMNS)
    if dialect == "sqlite":
        found, lock = f"(select json_group_array(json_array({columns})) {source})", ""
    else:
        found = f"(select coalesce(json_agg(json_build_array({columns})), '[]')::text {source})"
        lock = " for update skip locked"
    taken = f"select case_id from calendar_recounts where load_id = :load_id order by case_id limit :limit{lock}"
    return (
        f"with taken as ({taken}) select t.case_id, c.version, c.sequence, c.head, c.procedure, {found} as deadlines "
        "from taken t left join cases c on c.id = t.case_id order by t.case_id"
    )


_TAKE = {dialect: statement(_take_sql(dialect)) for dialect in _DIALECTS}


def take(unit: Unit, load_id: str, limit: int) -> list[Listed]:
    """The next cases of the list; on PostgreSQL nobody else is given them until this transaction ends."""
    found = unit.execute(_TAKE[unit.dialect], {"load_id": load_id, "limit": limit})
    return [
        Listed(row.case_id, row.version, row.sequence, row.head, row.procedure, _deadlines(row.deadlines))
        for row in found
    ]


def _deadlines(text: str) -> tuple[Deadline, ...]:
    rows = [dict(zip(_COLUMNS, values, strict=True)) for values in orjson.loads(text)]
    for row in rows:
        row.update({name: orjson.loads(row[name]) for name in LISTS["deadlines"]})
    return tuple(from_row("deadlines", row) for row in sorted(rows, key=itemgetter("id")))


@dataclass(slots=True)
class Batch:
    """What a batch writes, rows by table, and the cases it takes off the list because nothing is stale in them."""

    load_id: str
    cases: list[dict[str, Any]] = field(default_factory=list)
    deadlines: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    calendar_moves: list[dict[str, Any]] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)


_ON_CASE = (
    "id", "version", "sequence", "head", "last_entry", "next_due", "next_term", "is_provisional", "updated_at",
)  # fmt: skip
_ON_DEADLINE = ("id", "case_id", "due", "raw", "provisional", "calendar_version", "remind_on")
_COUNTS = ("cases_done", "cases_moved", "deadlines_counted", "deadlines_moved")


def _set(columns: Sequence[str]) -> str:
    return ", ".join(f"{name} = r.{name}" for name in columns)


def _cases_sql(dialect: str) -> str:
    given = given_rows(tables.cases, dialect, _ON_CASE, "cases")
    return f"update cases set {_set(_ON_CASE[1:])} from {given} where cases.id = r.id and cases.version = r.version - 1"


def _deadlines_sql(dialect: str, gate: str = "") -> str:
    given = given_rows(tables.deadlines, dialect, _ON_DEADLINE, "deadlines")
    return f"update deadlines set {_set(_ON_DEADLINE[2:])} from {given}{gate} where deadlines.id = r.id"


def _gated_sql() -> str:
    """One data-modifying CTE: of each case everything, or, where somebody else wrote it meanwhile, nothing."""
    history, moves = (
        f"{insert(table, 'postgresql', gated=True)} where r.case_id = gate.id"
        for table in (tables.history, tables.calendar_moves)
    )
    done = (
        "delete from calendar_recounts c where c.load_id = :load_id and (c.case_id in (select id from gate) "
        "or c.case_id in (select jsonb_array_elements_text(cast(:settled as jsonb)))) returning 1"
    )
    tally = (
        "update calendar_loads set cases_done = cases_done + (select count(*) from done), "
        "cases_moved = cases_moved + (select count(distinct case_id) from moved where has_moved), "
        "deadlines_counted = deadlines_counted + (select count(*) from counted), "
        "deadlines_moved = deadlines_moved + (select count(*) from moved where has_moved) where id = :load_id"
    )
    parts = {
        "gate": f"{_cases_sql('postgresql')} returning cases.id",
        "counted": f"{_deadlines_sql('postgresql', ', gate')} and r.case_id = gate.id returning 1",
        "told": history,
        "moved": f"{moves} returning case_id, old_due <> new_due as has_moved",
        "done": done,
        "tally": tally,
    }
    return f"with {', '.join(f'{name} as ({sql})' for name, sql in parts.items())} select count(*) from gate"


_GATED = statement(_gated_sql())
_ONE_BY_ONE = tuple(
    (name, statement(sql))
    for name, sql in (
        ("cases", _cases_sql("sqlite")),
        ("deadlines", _deadlines_sql("sqlite")),
        ("history", insert(tables.history, "sqlite", gated=False)),
        ("calendar_moves", insert(tables.calendar_moves, "sqlite", gated=False)),
        (
            "done",
            (
                "delete from calendar_recounts where load_id = :load_id "
                "and case_id in (select value from json_each(:done))"
            ),
        ),
    )
)
_TALLY = statement(
    f"update calendar_loads set {', '.join(f'{name} = {name} + :{name}' for name in _COUNTS)} where id = :load_id"
)


def record(unit: Unit, batch: Batch) -> int:
    """Write a batch with the progress it makes; gives how many cases, the rest changed since they were taken."""
    names_ = ("cases", "deadlines", "history", "calendar_moves", "settled")
    given: dict[str, Any] = {name: orjson.dumps(getattr(batch, name)).decode() for name in names_}
    given["load_id"] = batch.load_id
    if unit.dialect != "sqlite":
        return int(unit.row(_GATED, given)[0])
    given["done"] = orjson.dumps([*batch.settled, *(row["id"] for row in batch.cases)]).decode()
    for name, sql in _ONE_BY_ONE:
        if name == "done" or getattr(batch, name):
            unit.execute(sql, given)
    unit.execute(_TALLY, {"load_id": batch.load_id, **_counts(batch)})
    return len(batch.cases)


def _counts(batch: Batch) -> dict[str, int]:
    """The progress of a batch that nobody can come before: SQLite has one writer."""
    moved = [row["case_id"] for row in batch.calendar_moves if row["old_due"] != row["new_due"]]
    return {
        "cases_done": len(batch.cases) + len(batch.settled),
        "cases_moved": len(set(moved)),
        "deadlines_counted": len(batch.deadlines),
        "deadlines_moved": len(moved),
    }

"""Tasks and reminders of one scope: a page in one statement, by due date, whatever the size of the scope.

Where a scope holds few cases the page starts from them; where it holds many it walks the order of due dates and asks
of each row whether the scope sees it. Which of the two runs is decided by the database in the statement itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import TextClause

from mediation.storage.accounts import actor_sql
from mediation.storage.database import Unit
from mediation.storage.json_sql import statement
from mediation.storage.scopes import own_work_sql, scope_sql, still_below_sql

FEW: Final = 1000
"""Cases of a scope up to which a page starts from the scope: as many look-ups by case id at most."""

_MEDIATOR = (
    "(select a.person_id from assignments a where a.case_id = t.case_id and a.role = 'mediator' and a.until is null "
    "order by a.id limit 1)"
)
_OWNER = f"coalesce(t.owner_id, case when t.owner_role = 'mediator' then {_MEDIATOR} end)"

_HOUSE = "(select h.organization_id from cases h where h.id = t.case_id)"
_MINE = "scope_id = (select scope_id from mine)"
_IN_KEY_ORDER = f"order by scope_id, is_open, next_due, case_id limit (select {FEW:d})"
"""As many cases of a scope as are counted. The limit is no constant: PostgreSQL then plans for a tenth of what it
expects and walks the key's index, where it would otherwise collect and sort all of a scope whose size it guesses."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page is made of: the table, the columns as they are called in an item, and its filters."""

    table: str
    columns: Mapping[str, str]
    person: str
    filters: Mapping[str, str]


TASKS: Final = Listing(
    "tasks",
    {
        **{
            name: f"t.{name}"
            for name in (
                "id", "version", "case_id", "term", "deadline_id", "track_id", "due_on", "opened_on", "status",
                "done_on", "actions", "owner_role", "escalate_on",
            )
        },
        "number": "c.number",
        "organization_id": "c.organization_id",
        "is_escalated": "exists (select 1 from reminders r where r.task_id = t.id)",
    },
    _OWNER,
    {
        "status": "t.status = :status",
        "term": "t.term = :term",
        "owner": f"{_OWNER} = :owner",
        "owner_role": "t.owner_role = :owner_role",
        "due_before": "t.due_on < {day}",
    },
)  # fmt: skip
REMINDERS: Final = Listing(
    "reminders",
    {
        **{
            name: f"t.{name}"
            for name in (
                "id", "case_id", "deadline_id", "task_id", "data_request_id", "term", "kind", "days", "due_on",
                "created_on", "audience",
            )
        },
        "number": "c.number",
        "organization_id": "c.organization_id",
    },
    f"case when t.audience = 'owner' then {_MEDIATOR} end",
    {
        "is_open": "t.is_open = :is_open",
        "audience": "t.audience = :audience",
        "kind": "t.kind = :kind",
        "term": "t.term = :term",
        "due_before": "t.due_on < {day}",
    },
)  # fmt: skip
DATA_REQUESTS: Final = Listing(
    "data_requests",
    {
        **{
            name: f"t.{name}"
            for name in (
                "id", "case_id", "party_id", "kind", "asked_by", "received_on", "due_on", "status", "answered_on",
            )
        },
        "number": "c.number",
        "organization_id": "c.organization_id",
    },
    f"case when t.kind <> 'erasure' then {_MEDIATOR} end",
    {"status": "t.status = :status", "kind": "t.kind = :kind", "due_before": "t.due_on < {day}"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """The actor, and one row more than asked for where there is one."""

    actor: Mapping[str, Any] | None
    items: list[dict[str, Any]]


def page(
    unit: Unit,
    listing: Listing,
    *,
    subject: str,
    today: date,
    acting_as: str | None,
    query: Any,
    after: tuple[str, str] | None,
) -> Found:
    """Read one page of a listing; the query's fields are its filters, those that are None left out."""
    filters = tuple(name for name in listing.filters if getattr(query, name) is not None)
    built = _statement(
        unit.dialect, listing.table, query.scope, filters, after is not None, acting_as is not None, query.limit + 1
    )
    parameters: dict[str, Any] = {
        "subject": subject,
        "today": today.isoformat(),
        "acting_as": acting_as,
        "after_due": after[0] if after else None,
        "after_id": after[1] if after else None,
        **{name: _value(getattr(query, name)) for name in filters},
    }
    actor, found = unit.row(built, parameters)
    names = (*listing.columns, "person_id", "person_name")
    items = [dict(zip(names, row, strict=True)) for row in orjson.loads(found)]
    return Found(orjson.loads(actor) if actor else None, items)


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


_LISTINGS = {listing.table: listing for listing in (TASKS, REMINDERS, DATA_REQUESTS)}


@lru_cache(maxsize=256)
def _statement(
    dialect: str,
    table: str,
    scope: str,
    filters: tuple[str, ...],
    continued: bool,
    chosen: bool,
    limit: int,
) -> TextClause:
    """Build the statement of a page; the limit stands in it as a number, so that it is planned for."""
    listing = _LISTINGS[table]
    day = "{}" if dialect == "sqlite" else "cast({} as date)"
    conditions = [listing.filters[name].format(day=day.format(":due_before")) for name in filters]
    if continued:
        conditions.append(f"(t.due_on, t.id) > ({day.format(':after_due')}, :after_id)")
    if scope == "me":
        conditions.append(own_work_sql(dialect, "t.case_id", _HOUSE, chosen=chosen))
    if scope == "below":
        conditions.append(still_below_sql("(select scope_id from mine)", _HOUSE))
    told = {**listing.columns, "person_id": "p.id", "person_name": "p.name"}
    columns = ", ".join(f"{expression} as {name}" for name, expression in told.items())
    picked = _picked(dialect, table, conditions, limit)
    rows = (
        f"select {columns} from ({picked}) t join cases c on c.id = t.case_id "
        f"left join people p on p.id = {listing.person} order by t.due_on, t.id limit {limit:d}"
    )
    counted = f"select count(*) as n from (select 1 from case_scope where {_MINE} {_IN_KEY_ORDER}) z"
    return statement(
        f"with mine as materialized (select {scope_sql(dialect, scope, chosen=chosen)} as scope_id), "
        f"size as materialized ({counted}) "
        f"select {actor_sql(dialect)} as actor, {_as_json(dialect, told, rows)} as items"
    )


def _picked(dialect: str, table: str, conditions: list[str], limit: int) -> str:
    """The rows of a page, found from the scope's cases or in the order of due dates; only one of the two runs."""
    ordered = f"order by t.due_on, t.id limit {limit:d}"
    cases = f"(select case_id from case_scope where {_MINE} {_IN_KEY_ORDER}) s"
    if dialect == "sqlite":
        joined = f"{cases} cross join {table} t on t.case_id = s.case_id"
    else:
        joined = f"{cases} cross join lateral (select * from {table} x where x.case_id = s.case_id offset 0) t"
    met = " and ".join(conditions)
    seen = f"(select s.since from case_scope s where s.case_id = t.case_id and s.{_MINE}) is not null"
    few = f"select * from (select t.* from {joined} where (select n from size) < {FEW:d} and {met} {ordered}) few"
    is_large = f"(select n from size) >= {FEW:d}"
    many = f"select * from (select t.* from {table} t where {is_large} and {met} and {seen} {ordered}) many"
    return f"{few} union all {many}"


def _as_json(dialect: str, names: Iterable[str], rows: str) -> str:
    columns = ", ".join(names)
    if dialect == "sqlite":
        return f"(select json_group_array(json_array({columns})) from ({rows}))"
    return f"(select coalesce(json_agg(json_build_array({columns})), '[]')::text from ({rows}) t)"

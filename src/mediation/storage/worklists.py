"""Worklists: one page of one scope in one statement, filtered and sorted by the nearest deadline.

What was sent to a body is sorted by the day it was sent, the latest first: its deadlines are the house's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

import orjson
from sqlalchemy import TextClause

from mediation.domain.procedure import PROCEDURE
from mediation.storage.accounts import actor_sql
from mediation.storage.database import Unit
from mediation.storage.json_sql import statement
from mediation.storage.scopes import own_side_sql, own_sql, party_sql, scope_sql, standing_sql, still_below_sql
from mediation.storage.tables import FOREVER

_FLAGS = {
    "collective": "c.is_collective",
    "urgent": "c.is_urgent",
    "migrant_worker": "c.is_migrant_worker",
    "tasks": "c.has_tasks",
    "risk": "c.has_risk",
    "provisional": "c.is_provisional",
}
FLAGS = tuple(_FLAGS)
COLUMNS = (
    "id", "number", "version", "state", "stage", "organization_id", "is_open", "next_due", "next_term", "applicants",
    "respondents", "claimed_fen", "is_collective", "is_urgent", "is_migrant_worker", "has_tasks", "has_risk",
    "is_provisional", "created_on",
)  # fmt: skip


class Query(Protocol):
    """What a worklist is asked for."""

    @property
    def scope(self) -> str: ...
    @property
    def is_open(self) -> bool: ...
    @property
    def deadline_before(self) -> date | None: ...
    @property
    def flags(self) -> Sequence[str]: ...
    @property
    def limit(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Page:
    """The actor and one row more than asked for, where there is one."""

    actor: Mapping[str, Any] | None
    items: list[dict[str, Any]]


def page(
    unit: Unit, *, subject: str, today: date, acting_as: str | None, query: Query, after: tuple[str, str] | None
) -> Page:
    """Read one page: the actor and the rows come from the same statement."""
    filters = tuple(name for name in _FILTERS if getattr(query, name) is not None)
    flags = tuple(sorted(query.flags))
    shape = (query.scope, filters, flags, after is not None, acting_as is not None)
    built = _statement(unit.dialect, *shape, limit=query.limit + 1)
    parameters: dict[str, Any] = {
        "subject": subject,
        "today": today.isoformat(),
        "acting_as": acting_as,
        "is_open": query.is_open,
        "after_due": after[0] if after else None,
        "after_id": after[1] if after else None,
        **{name: getattr(query, name) for name in filters},
    }
    if "number_prefix" in filters:
        parameters["number_prefix"] = _prefix(parameters["number_prefix"])
    if "deadline_before" in filters:
        parameters["deadline_before"] = str(query.deadline_before)
    return page_of(*unit.row(built, parameters))


def page_of(actor: str | None, found: str) -> Page:
    """The page of what the statement gave: the actor and the rows as JSON texts."""
    items = [dict(zip((*COLUMNS, "facts", "listed_by", "own_side"), row, strict=True)) for row in orjson.loads(found)]
    for item in items:
        _finish(item)
    return Page(orjson.loads(actor) if actor else None, items)


_IS_OTHER_SIDE = party_sql("c.id", of="y.side <> 'worker'")
_NOT_FOR_PARTIES: Mapping[str, str] = {
    "tasks": party_sql("c.id"),
    "risk": party_sql("c.id"),
    "provisional": _IS_OTHER_SIDE,
}
"""Flags by which a case of one's own is not found where one is such a party of it: they are not shown there."""
_FILTERS: Mapping[str, str] = {
    "state": "c.state = :state",
    "stage": "c.stage = :stage",
    "organization_id": "c.organization_id = :organization_id",
    "deadline_before": "{listed_by} < {day}",
    "number_prefix": "c.number like :number_prefix escape '!'",
}


@lru_cache(maxsize=512)
def _statement(
    dialect: str,
    scope: str,
    filters: tuple[str, ...],
    flags: tuple[str, ...],
    continued: bool,
    chosen: bool,
    *,
    limit: int,
) -> TextClause:
    """Build the statement of a worklist; the limit stands in it as a number.

    As a parameter it would be planned for a tenth of all rows, or each time anew.
    """
    day = "{}" if dialect == "sqlite" else "cast({} as date)"
    listed_by, own_side = _listed_by(scope, day), own_side_sql("c.id") if scope == "me" else "null"
    conditions = [
        f"s.scope_id = {scope_sql(dialect, scope, chosen=chosen)}",
        "s.is_open = :is_open",
        *(_FILTERS[name].format(day=day.format(":deadline_before"), listed_by=listed_by) for name in filters),
        *(_FLAGS[name] for name in flags),
    ]
    if scope == "me":
        conditions.append(own_sql(dialect, chosen=chosen))
        conditions += [f"not {_NOT_FOR_PARTIES[name]}" for name in flags if name in _NOT_FOR_PARTIES]
    if scope == "below":
        conditions.append(still_below_sql(scope_sql(dialect, scope, chosen=chosen), "c.organization_id"))
    later, order = ("<", " desc") if scope == "sent" else (">", "")
    if continued:
        conditions.append(f"({listed_by}, s.case_id) {later} ({day.format(':after_due')}, :after_id)")
    source = (
        f"from case_scope s join cases c on c.id = s.case_id where {' and '.join(conditions)} "
        f"order by {listed_by}{order}, s.case_id{order} limit {limit:d}"
    )
    facts = "t.facts" if scope == "sent" else "null"
    columns = ", ".join([*(f"t.{name}" for name in COLUMNS), facts, "t.listed_by", "t.own_side"])
    inner = f"(select c.*, {listed_by} as listed_by, {own_side} as own_side {source}) t"
    if dialect == "sqlite":
        items = f"(select json_group_array(json_array({columns})) from {inner})"
    else:
        items = f"(select coalesce(json_agg(json_build_array({columns})), '[]')::text from {inner})"
    return statement(f"select {actor_sql(dialect)} as actor, {items} as items")


def _listed_by(scope: str, day: str) -> str:
    """The day a row stands by: where one is a party told of some clocks later, none, for its place would tell them."""
    if scope != "me":
        return "s.next_due"
    last = day.format(f"'{FOREVER}'")
    return f"case when {_IS_OTHER_SIDE} then {last} else s.next_due end"


@lru_cache
def _lookup_statement(dialect: str, sought: str, *, chosen: bool) -> TextClause:
    scopes = (
        "(select value from json_each(:scopes))"
        if dialect == "sqlite"
        else "(select jsonb_array_elements_text(cast(:scopes as jsonb)))"
    )
    source = (
        f"from {sought} and exists (select 1 from case_scope s where s.case_id = c.id and s.scope_id in {scopes} "
        f"and (s.scope_id not like 'p:%' or {own_sql(dialect, chosen=chosen)}) "
        f"and {standing_sql('s.scope_id', 'c.organization_id')}) order by c.id desc limit 50"
    )
    columns = ", ".join(f"c.{name}" for name in COLUMNS)
    return statement(f"select distinct {columns}, {own_side_sql('c.id')} as own_side {source}")


@dataclass(frozen=True, slots=True)
class Asking:
    """Who looks cases up: their subject, the day, the body acted for where one is chosen, and their scopes."""

    subject: str
    today: date
    acting_as: str | None
    scopes: Sequence[str]

    def parameters(self) -> dict[str, Any]:
        """What a statement is told of them."""
        return {
            "subject": self.subject,
            "today": self.today.isoformat(),
            "acting_as": self.acting_as,
            "scopes": orjson.dumps(list(self.scopes)).decode(),
        }


def with_subject(unit: Unit, kind: str, digest: str, asking: Asking) -> list[dict[str, Any]]:
    """Cases that are seen with a subject of this hash, newest first, 50 at most."""
    known = f"subjects b join cases c on c.id = b.case_id where b.{kind}_hash = :sought"
    return _looked_up(unit, known, digest, asking)


def with_name(unit: Unit, beginning: str, asking: Asking) -> list[dict[str, Any]]:
    """Cases that are seen with a party whose name begins so, newest first, 50 at most."""
    named = "parties b join cases c on c.id = b.case_id where b.name like :sought escape '!'"
    return _looked_up(unit, named, _prefix(beginning), asking)


def _looked_up(unit: Unit, sought: str, value: str, asking: Asking) -> list[dict[str, Any]]:
    built = _lookup_statement(unit.dialect, sought, chosen=asking.acting_as is not None)
    found = unit.execute(built, {"sought": value, **asking.parameters()}).mappings()
    items = [{name: str(v) if isinstance(v, date) else v for name, v in row.items()} for row in found]
    for item in items:
        _finish(item)
    return items


def _prefix(text: str) -> str:
    escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"{escaped}%"


def _finish(item: dict[str, Any]) -> None:
    """Shape one row for its reader: a state with labels, money in yuan, no deadline instead of the last day."""
    for name in (
        "is_open",
        "is_collective",
        "is_urgent",
        "is_migrant_worker",
        "has_tasks",
        "has_risk",
        "is_provisional",
    ):
        item[name] = bool(item[name])
    item["state"] = _STATES[item["state"]]
    if item["next_due"] == FOREVER:
        item["next_due"] = None
    fen = item.pop("claimed_fen")
    item["claimed"] = None if fen is None else f"{fen // 100}.{fen % 100:02d}"


_STATES = {
    code: {"code": code, "zh": state.label.zh, "en": state.label.en, "stage": str(state.stage)}
    for (track, code), state in PROCEDURE.states.items()
    if track == "main"
}

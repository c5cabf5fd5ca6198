"""Worklists: one page of one scope in one statement, filtered and sorted by the nearest deadline."""

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
from mediation.storage.scopes import scope_sql
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
    for name in ("number_prefix", "party_prefix"):
        if name in filters:
            parameters[name] = _prefix(parameters[name])
    if "deadline_before" in filters:
        parameters["deadline_before"] = str(query.deadline_before)
    actor, found = unit.row(built, parameters)
    items = [dict(zip(COLUMNS, row, strict=True)) for row in orjson.loads(found)]
    for item in items:
        _finish(item)
    return Page(orjson.loads(actor) if actor else None, items)


_FILTERS: Mapping[str, str] = {
    "state": "c.state = :state",
    "stage": "c.stage = :stage",
    "organization_id": "c.organization_id = :organization_id",
    "deadline_before": "s.next_due < {day}",
    "number_prefix": "c.number like :number_prefix escape '!'",
    "party_prefix": (
        "exists (select 1 from parties q where q.case_id = c.id and q.name like :party_prefix escape '!')"
    ),
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
    conditions = [
        f"s.scope_id = {scope_sql(dialect, scope, chosen=chosen)}",
        "s.is_open = :is_open",
        *(_FILTERS[name].format(day=day.format(":deadline_before")) for name in filters),
        *(_FLAGS[name] for name in flags),
    ]
    if continued:
        conditions.append(f"(s.next_due, s.case_id) > ({day.format(':after_due')}, :after_id)")
    source = (
        f"from case_scope s join cases c on c.id = s.case_id where {' and '.join(conditions)} "
        f"order by s.next_due, s.case_id limit {limit:d}"
    )
    columns = ", ".join(f"t.{name}" for name in COLUMNS)
    inner = f"(select c.* {source}) t"
    if dialect == "sqlite":
        items = f"(select json_group_array(json_array({columns})) from {inner})"
    else:
        items = f"(select coalesce(json_agg(json_build_array({columns})), '[]')::text from {inner})"
    return statement(f"select {actor_sql(dialect)} as actor, {items} as items")


@lru_cache
def _subject_statement(dialect: str, kind: str) -> TextClause:
    scopes = (
        "(select value from json_each(:scopes))"
        if dialect == "sqlite"
        else "(select jsonb_array_elements_text(cast(:scopes as jsonb)))"
    )
    source = (
        f"from subjects b join cases c on c.id = b.case_id where b.{kind}_hash = :digest and exists ("
        f"select 1 from case_scope s where s.case_id = c.id and s.scope_id in {scopes}) order by c.id desc limit 50"
    )
    return statement(f"select distinct {', '.join(f'c.{name}' for name in COLUMNS)} {source}")


def with_subject(unit: Unit, kind: str, digest: str, scopes: Sequence[str]) -> list[dict[str, Any]]:
    """Cases in these scopes with a subject of this hash, newest first, 50 at most."""
    built = _subject_statement(unit.dialect, kind)
    found = unit.execute(built, {"digest": digest, "scopes": orjson.dumps(list(scopes)).decode()}).mappings()
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

"""Bodies moved in the tree: each move as it was made, and the work that lets the scopes of its cases follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from mediation.storage import tables
from mediation.storage.database import Unit
from mediation.storage.json_sql import insert, names, statement

_DIALECTS = ("sqlite", "postgresql")
_MOST_SECONDS = "60s"
"""How long listing may take: the one statement that looks at every case of the moved bodies."""
_COLUMNS = ", ".join(names(tables.organization_moves))
_NEWEST = "~"
"""Sorts after every id."""

_HOLD_BODY = statement("select 1 from organizations where id = :id for update")
_KEEP = {
    dialect: statement(insert(tables.organization_moves, dialect, gated=False)) for dialect in _DIALECTS
}  # fmt: skip
_PAGE = statement(
    f"select {_COLUMNS} from organization_moves where organization_id = :organization_id and id < :before "
    "order by id desc limit :limit"
)
_UNFINISHED = statement("select id from organization_moves where finished_at is null order by id")


def hold_body(unit: Unit, organization_id: str) -> None:
    """Wait for whoever writes a case that this body or one below it handles, and let others wait for the move."""
    if unit.dialect != "sqlite":
        unit.execute(_HOLD_BODY, {"id": organization_id})


def keep(unit: Unit, row: Mapping[str, Any]) -> None:
    """Keep a move; none of its cases is listed yet."""
    nothing = {str(name): None for name in names(tables.organization_moves)}
    counts = dict.fromkeys(("cases_to_do", "cases_done", "scopes_closed", "scopes_opened"), 0)
    text = orjson.dumps([{**nothing, **counts, **row}]).decode()
    unit.execute(_KEEP[unit.dialect], {"organization_moves": text})


def page(unit: Unit, organization_id: str, *, before: str | None, limit: int) -> list[dict[str, Any]]:
    """Moves of one body made before another one, newest first."""
    given = {"organization_id": organization_id, "before": before or _NEWEST, "limit": limit}
    return [_typed(row) for row in unit.execute(_PAGE, given).mappings()]


def _typed(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Moments as such: SQLite keeps them as text."""
    return {
        str(name): datetime.fromisoformat(value) if isinstance(value, str) and name.endswith("_at") else value
        for name, value in row.items()
    }


def unfinished(unit: Unit) -> list[str]:
    """Moves with cases that are still to follow, in the order they were made."""
    return [row.id for row in unit.execute(_UNFINISHED)]


_BELOW = (
    "with recursive moved (id) as (select organization_id from organization_moves where id = :move_id "
    "union select o.id from organizations o join moved m on o.parent_id = m.id)"
)


def _list_sql(dialect: str) -> str:
    move = ":move_id" if dialect == "sqlite" else "cast(:move_id as text)"
    below = _BELOW.replace(":move_id", move)
    return (
        f"insert into organization_move_cases (move_id, case_id) {below} "
        f"select {move}, c.id from cases c where c.organization_id in (select id from moved)"
    )


def _moment(dialect: str) -> str:
    return ":now" if dialect == "sqlite" else "cast(:now as timestamptz)"


_HOLD = statement("select listed_at from organization_moves where id = :move_id for update skip locked")
_READ = statement("select listed_at from organization_moves where id = :move_id")
_TAKE_TIME = statement(f"set local statement_timeout = '{_MOST_SECONDS}'")
_LIST = {dialect: statement(_list_sql(dialect)) for dialect in _DIALECTS}
_LISTED = {
    dialect: statement(
        f"update organization_moves set listed_at = {_moment(dialect)}, cases_to_do = :listed where id = :move_id"
    )
    for dialect in _DIALECTS
}
_FINISHED = {
    dialect: statement(
        f"update organization_moves set finished_at = {_moment(dialect)} where id = :move_id and not exists "
        "(select 1 from organization_move_cases m where m.move_id = organization_moves.id)"
    )
    for dialect in _DIALECTS
}


def look(unit: Unit, move_id: str, now: datetime) -> bool:
    """List the cases of a move, once; False when none is left, which ends it, or when others are at it.

    Every case that was written before the move is found, for the move waited for it; what is written after it is
    written in line with the tree as it is then.
    """
    held = unit.execute(_READ if unit.dialect == "sqlite" else _HOLD, {"move_id": move_id}).first()
    if held is None:
        return False
    if held.listed_at is None:
        if unit.dialect != "sqlite":
            unit.execute(_TAKE_TIME)
        listed = unit.execute(_LIST[unit.dialect], {"move_id": move_id}).rowcount
        noted = {"move_id": move_id, "listed": listed, "now": now.isoformat()}
        unit.execute(_LISTED[unit.dialect], noted)
    given = {"move_id": move_id, "now": now.isoformat()}
    return unit.execute(_FINISHED[unit.dialect], given).rowcount == 0


def _take_sql(dialect: str) -> str:
    taken, cases = (
        ("", "") if dialect == "sqlite" else (" for update skip locked", " for no key update of c skip locked")
    )
    return (
        "with taken as (select case_id from organization_move_cases where move_id = :move_id "
        f"order by case_id limit :limit{taken}) "
        f"select c.id from taken t join cases c on c.id = t.case_id order by c.id{cases}"
    )


_TAKE = {dialect: statement(_take_sql(dialect)) for dialect in _DIALECTS}
_IDS = {
    "sqlite": "(select value from json_each(:ids))",
    "postgresql": "(select jsonb_array_elements_text(cast(:ids as jsonb)))",
}


def _wanted_sql(ids: str) -> str:
    """The scopes of bodies that the tree gives these cases, with what their rows show of the case."""
    houses = f"(select organization_id from cases where id in {ids})"
    return (
        "with recursive above (house, id) as ("
        f"select id, parent_id from organizations where parent_id is not null and id in {houses} "
        "union select a.house, o.parent_id from above a join organizations o on o.id = a.id "
        "where o.parent_id is not null), "
        "wanted as (select 'b:' || a.id as scope_id, c.is_open, c.next_due, c.id as case_id "
        f"from cases c join above a on a.house = c.organization_id where c.id in {ids})"
    )


def _close_sql(dialect: str) -> str:
    ids = _IDS[dialect]
    return (
        f"{_wanted_sql(ids)} delete from case_scope where case_id in {ids} and scope_id like 'b:%' "
        "and not exists (select 1 from wanted w where w.case_id = case_scope.case_id "
        "and w.scope_id = case_scope.scope_id) returning 1"
    )


def _open_sql(dialect: str) -> str:
    day = ":today" if dialect == "sqlite" else "cast(:today as date)"
    return (
        f"{_wanted_sql(_IDS[dialect])} insert into case_scope (scope_id, is_open, next_due, case_id, since) "
        f"select w.scope_id, w.is_open, w.next_due, w.case_id, {day} from wanted w where true "
        "on conflict (case_id, scope_id) do nothing returning 1"
    )


_CLOSE = {dialect: statement(_close_sql(dialect)) for dialect in _DIALECTS}
_OPEN = {dialect: statement(_open_sql(dialect)) for dialect in _DIALECTS}
_DROP = {
    dialect: statement(f"delete from organization_move_cases where move_id = :move_id and case_id in {ids}")
    for dialect, ids in _IDS.items()
}
_TALLY = statement(
    "update organization_moves set cases_done = cases_done + :done, scopes_closed = scopes_closed + :closed, "
    "scopes_opened = scopes_opened + :opened where id = :move_id"
)


def rewrite(unit: Unit, move_id: str, *, today: date, limit: int) -> int:
    """Write the bodies that see the next cases of a list anew, by the tree as it is now; gives how many were taken.

    Each case is held first, so that no step writes it meanwhile, and what a step does holds is left for later.
    """
    found = unit.execute(_TAKE[unit.dialect], {"move_id": move_id, "limit": limit})
    ids = [row.id for row in found]
    if not ids:
        return 0
    given = {"ids": orjson.dumps(ids).decode()}
    closed = len(unit.execute(_CLOSE[unit.dialect], given).all())
    opened = len(unit.execute(_OPEN[unit.dialect], {**given, "today": today.isoformat()}).all())
    unit.execute(_DROP[unit.dialect], {**given, "move_id": move_id})
    unit.execute(_TALLY, {"move_id": move_id, "done": len(ids), "closed": closed, "opened": opened})
    return len(ids)


@dataclass(frozen=True, slots=True)
class Compared:
    """Some cases with their scopes beside the tree: the last case, how many, and what does not fit, as (case, scope).

    `waiting` are cases that a move still has to come by.
    """

    last: str
    cases: int
    waiting: int
    missing: Sequence[tuple[str, str]]
    surplus: Sequence[tuple[str, str]]
    stale: Sequence[tuple[str, str]]


_STRETCH = statement("select id from cases where id > :after order by id limit :limit")
_LISTED_CASES = {
    dialect: statement(f"select distinct case_id from organization_move_cases where case_id in {ids}")
    for dialect, ids in _IDS.items()
}
_NOT_LISTED = statement("select 1 from organization_moves where listed_at is null")


def _asked_sql(dialect: str) -> str:
    ids = _IDS[dialect]
    return (
        f"{_wanted_sql(ids)} select case_id, scope_id, is_open, next_due from wanted union all "
        f"select id, 'o:' || organization_id, is_open, next_due from cases where id in {ids}"
    )


_ASKED = {dialect: statement(_asked_sql(dialect)) for dialect in _DIALECTS}
_STORED = {
    dialect: statement(
        f"select case_id, scope_id, is_open, next_due from case_scope where case_id in {ids} "
        "and (scope_id like 'b:%' or scope_id like 'o:%')"
    )
    for dialect, ids in _IDS.items()
}


def compare(unit: Unit, after: str, limit: int) -> Compared | None:
    """The next cases after an id: the bodies that see them, beside those the tree gives; None after the last."""
    ids = [row.id for row in unit.execute(_STRETCH, {"after": after, "limit": limit})]
    if not ids:
        return None
    given = {"ids": orjson.dumps(ids).decode()}
    if unit.execute(_NOT_LISTED).first() is not None:
        waiting = set(ids)
    else:
        waiting = {row.case_id for row in unit.execute(_LISTED_CASES[unit.dialect], given)}
    asked = {(row.case_id, row.scope_id): row[2:] for row in unit.execute(_ASKED[unit.dialect], given)}
    stored = {(row.case_id, row.scope_id): row[2:] for row in unit.execute(_STORED[unit.dialect], given)}
    judged = [key for key in sorted({*asked, *stored}) if key[0] not in waiting]
    return Compared(
        ids[-1], len(ids), len(waiting),
        [key for key in judged if key not in stored],
        [key for key in judged if key not in asked],
        [key for key in judged if key in asked and key in stored and asked[key] != stored[key]],
    )  # fmt: skip

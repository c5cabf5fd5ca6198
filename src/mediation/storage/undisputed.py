"""Undisputed facts as they lie stored: behind the wall until all have signed, then under the key of the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from mediation.domain.undisputed import UndisputedFact
from mediation.domain.wall import Confidential
from mediation.storage import cases as rows
from mediation.storage.database import Unit
from mediation.storage.json_sql import names, statement
from mediation.storage.tables import undisputed_facts
from mediation.storage.wall import Wall

_SELECT = f"select {', '.join(names(undisputed_facts))} from undisputed_facts where case_id = :case_id"
_ONE = statement(f"{_SELECT} and id = :id")
_PAGE = {
    False: statement(f"{_SELECT} and id > :after order by id limit :limit"),
    True: statement(f"{_SELECT} and id > :after and settled_on is not null order by id limit :limit"),
}
_SETTLED = statement(f"{_SELECT} and settled_on is not null order by id")


def one(unit: Unit, wall: Wall, keys: Mapping[str, str], fact_id: str) -> UndisputedFact | None:
    """One fact of the case."""
    row = unit.execute(_ONE, {"case_id": wall.case_id, "id": fact_id}).mappings().one_or_none()
    return None if row is None else _fact(unit, wall, keys, dict(row))


def page(
    unit: Unit, wall: Wall, keys: Mapping[str, str], *, settled_only: bool, after: str, limit: int
) -> list[UndisputedFact]:
    """Facts after an id, in the order in which they were written down; all of them, or those that all have signed."""
    given = {"case_id": wall.case_id, "after": after, "limit": limit}
    return [_fact(unit, wall, keys, dict(row)) for row in unit.execute(_PAGE[settled_only], given).mappings()]


def settled(unit: Unit, wall: Wall, keys: Mapping[str, str]) -> list[UndisputedFact]:
    """Every fact that all have signed, in the order in which they were written down."""
    found = unit.execute(_SETTLED, {"case_id": wall.case_id}).mappings()
    return [_fact(unit, wall, keys, dict(row)) for row in found]


def _fact(unit: Unit, wall: Wall, keys: Mapping[str, str], row: Mapping[str, Any]) -> UndisputedFact:
    text: Confidential[str] | str | None
    settled_on = None if row["settled_on"] is None else date.fromisoformat(str(row["settled_on"]))
    if settled_on is None:
        text = wall.unseal(unit, row["text"], _place(row["id"]))
    else:
        key = rows.open_key(unit, keys, wall.case_id)
        text = unit.vault.unseal(key, row["text"], _place(row["id"])) if key is not None and row["text"] else None
    signed = {party: date.fromisoformat(day) for party, day in orjson.loads(row["signed"]).items()}
    return UndisputedFact(
        row["id"], row["version"], date.fromisoformat(str(row["recorded_on"])), signed, settled_on, text
    )


def row(unit: Unit, wall: Wall, keys: Mapping[str, str], fact: UndisputedFact, text: str) -> dict[str, Any]:
    """A fact as it is stored: its text under the key that its signatures call for."""
    if fact.settled_on is None:
        sealed = wall.seal(unit, text, _place(fact.id))
    else:
        key = rows.open_key(unit, keys, wall.case_id)
        sealed = None if key is None else unit.vault.seal(key, text, _place(fact.id))
    return {
        "id": fact.id,
        "case_id": wall.case_id,
        "version": fact.version,
        "recorded_on": fact.recorded_on.isoformat(),
        "signed": orjson.dumps({party: day.isoformat() for party, day in fact.signed.items()}).decode(),
        "settled_on": None if fact.settled_on is None else fact.settled_on.isoformat(),
        "text": sealed,
    }


def _place(fact_id: str) -> str:
    return f"undisputed_facts/{fact_id}/text"

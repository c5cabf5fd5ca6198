"""The proof that what is stored of a case is what its history gives: each case put together anew and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson

from mediation.domain.agreement import Difference, Lost, differences
from mediation.domain.cases import MAIN, Case
from mediation.domain.history import rebuild
from mediation.domain.records import RECORD_TYPES
from mediation.gateways.sealing import UnsealError
from mediation.storage import Unit, consistent
from mediation.storage import agreement as rows
from mediation.storage import cases as case_rows
from mediation.storage import history as history_rows
from mediation.storage.cases import SEALED_FACTS
from mediation.storage.recording import listed_columns, unsealed

BATCH = 20


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One difference, and the case it is found in, by id and number (None: a draft)."""

    case_id: str
    number: str | None
    found: Difference


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases compared: the last of them, how many, and what differs."""

    last: str
    cases: int
    wrong: list[Disagreement]


@consistent
def prove(unit: Unit, after: str) -> Part | None:
    """Compare the next cases after an id with their histories; None after the last."""
    return _part(unit, rows.rows_after(unit, after, BATCH))


@consistent
def prove_one(unit: Unit, case: str) -> Part | None:
    """Compare the case of an id or a number with its history; None when there is none."""
    return _part(unit, rows.row_of(unit, case))


def _part(unit: Unit, found: list[dict[str, Any]]) -> Part | None:
    if not found:
        return None
    wrong = [Disagreement(row["id"], row["number"], each) for row in found for each in _of_case(unit, row)]
    return Part(found[-1]["id"], len(found), wrong)


def _of_case(unit: Unit, row: Mapping[str, Any]) -> Iterator[Difference]:
    """What differs in one case; what cannot be opened with a key that is there was changed, and is told as such."""
    try:
        loaded = case_rows.load(unit, row["id"], subject="", today=date.max)
        entries = history_rows.entries(unit, row["id"])
        told = rebuild(unsealed(unit, orjson.loads(entry["payload"]), loaded.keys) for entry in entries)
    except UnsealError:
        yield Difference("case", row["id"], "something sealed in it was changed, and opens no more")
        return
    case = loaded.case
    assert case is not None  # noqa: S101 - its row was read in the same snapshot
    lost = _lost(case, loaded.keys)
    kept = {name: getattr(case, name) for name in ("facts", *RECORD_TYPES)}
    home = {"organization_id": case.organization_id, "number": case.number}
    kept["case"] = {name: value for name, value in home.items() if value is not None}
    yield from differences({"case": {}, **told}, kept, lost)
    if MAIN in told.get("tracks", {}):
        again: dict[str, Any] = {name: told.get(name, {}) for name in ("facts", *RECORD_TYPES)}
        yield from _of_row(row, listed_columns(replace(case, **again)), lost)


def _of_row(row: Mapping[str, Any], columns: Mapping[str, Any], lost: Lost) -> Iterator[Difference]:
    """What differs in the columns that lists show; those that name people count while their keys are there."""
    names = columns.keys() - (rows.NAMING if lost.subjects else frozenset())
    given, stored = ({name: source[name] for name in names} for source in (columns, row))
    yield from differences({"case row": given}, {"case row": stored}, lost)


def _lost(case: Case, keys: Mapping[str, str | None]) -> Lost:
    """What no key of the case opens: what people vouched for without the case's own, names without a person's."""
    subjects = {party.subject_id for party in case.parties.values() if party.subject_id is not None}
    gone = frozenset(subject for subject in subjects if keys.get(subject) is None)
    return Lost(SEALED_FACTS if keys.get(case.id) is None else frozenset(), gone)

"""What a case is made of: frozen records, one per row of storage, and the change of one record."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from mediation.domain.deadlines import Deadline


@dataclass(frozen=True, slots=True)
class TrackInstance:
    """One running machine of a case: the main track, or a side track about one thing (`ref`)."""

    id: str
    track: str
    state: str
    ref: str | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A person or body on one side of a case; personal data lives with its subject, masked forms here."""

    id: str
    version: int
    role: str
    kind: str
    side: str
    name: str
    subject_id: str | None = None
    headcount: int | None = None
    uscc: str | None = None
    resident_id_masked: str | None = None
    phone_masked: str | None = None
    consented_on: date | None = None
    consent_form: str | None = None
    bound: bool = True
    authority: str = "self"
    person_id: str | None = None
    status: str = "active"


@dataclass(frozen=True, slots=True)
class Claim:
    """One demand with its own amount and outcome; amounts in fen, `amount_text` where the source is approximate."""

    id: str
    version: int
    code: str
    cause_scheme: str
    claimant_side: str
    amount_fen: int | None = None
    amount_text: str | None = None
    basis: str | None = None
    knew_on: date | None = None
    outcome: str = "open"
    awarded_fen: int | None = None
    agreed_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing an agreement, award or judgment orders: who, what, how much (fen), by when."""

    id: str
    version: int
    agreement_id: str
    kind: str
    debtor_id: str | None = None
    creditor_id: str | None = None
    amount_fen: int | None = None
    due_on: date | None = None
    due_text: str | None = None
    what: str | None = None
    status: str = "open"
    paid_fen: int = 0
    done_on: date | None = None
    payer_id: str | None = None
    payer_capacity: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person given a part in a case, from a day until a day."""

    id: str
    person_id: str
    role: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What somebody must look at because a clock ran out and nothing moves by itself."""

    id: str
    term: str
    deadline_id: str
    track_id: str
    due_on: date
    opened_on: date
    actions: tuple[str, ...] = ()
    status: str = "open"
    done_on: date | None = None


class Change(NamedTuple):
    """One record before and after; `before` is None for a new record, `after` None for one taken back."""

    collection: str
    key: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


Record = TrackInstance | Party | Claim | Obligation | Assignment | Task | Deadline

RECORD_TYPES: Mapping[str, type[Any]] = {
    "tracks": TrackInstance,
    "parties": Party,
    "claims": Claim,
    "obligations": Obligation,
    "assignments": Assignment,
    "tasks": Task,
    "deadlines": Deadline,
}

_FIELDS = {name: tuple(f.name for f in dataclasses.fields(kind)) for name, kind in RECORD_TYPES.items()}
_DATES = {
    name: frozenset(f.name for f in dataclasses.fields(kind) if "date" in str(f.type))
    for name, kind in RECORD_TYPES.items()
}
_TUPLES = {
    name: frozenset(f.name for f in dataclasses.fields(kind) if str(f.type).startswith("tuple"))
    for name, kind in RECORD_TYPES.items()
}
_BOOLS = {
    name: frozenset(f.name for f in dataclasses.fields(kind) if f.type in {"bool", bool})
    for name, kind in RECORD_TYPES.items()
}


def plain(value: Any) -> Any:
    """A value of an input as JSON keeps it: days as ISO text, lists and objects likewise."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value if isinstance(value, str | int | bool) else str(value)


def to_row(collection: str, record: Record) -> dict[str, Any]:
    """The record as JSON-ready values: dates as ISO text, tuples as lists, enums as their text."""
    row: dict[str, Any] = {}
    for name in _FIELDS[collection]:
        value = getattr(record, name)
        if value is None or value.__class__ in (str, int, bool):
            row[name] = value
        elif isinstance(value, date):
            row[name] = value.isoformat()
        elif isinstance(value, tuple):
            row[name] = list(value)
        else:
            row[name] = str(value)
    return row


def from_row(collection: str, row: Mapping[str, Any]) -> Any:
    """The record a row stands for; columns that are no field of it are left out."""
    dates, tuples, bools = _DATES[collection], _TUPLES[collection], _BOOLS[collection]
    values = {name: row[name] for name in _FIELDS[collection] if name in row}
    for name in dates:
        text = values.get(name)
        if text is not None and text.__class__ is str:
            values[name] = date.fromisoformat(text)
    for name in tuples:
        if name in values:
            values[name] = tuple(values[name] or ())
    for name in bools:
        if name in values:
            values[name] = bool(values[name])
    return RECORD_TYPES[collection](**values)

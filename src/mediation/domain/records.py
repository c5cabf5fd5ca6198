"""What a case is made of: frozen records, one per row of storage, and the change of one record."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from mediation.domain.deadlines import Adjustment, AdjustmentKind, Deadline


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
    """What somebody must look at because a clock ran out and nothing moves by itself.

    `owner_role` answers for it, or the person `owner_id` it was handed to; `note` says why it was handed on or closed.
    Still open on `escalate_on`, it goes to the supervisor.
    """

    id: str
    term: str
    deadline_id: str
    track_id: str
    due_on: date
    opened_on: date
    actions: tuple[str, ...] = ()
    status: str = "open"
    done_on: date | None = None
    owner_role: str = "clerk"
    owner_id: str | None = None
    note: str | None = None
    escalate_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class LimitationAct:
    """What bears on the limitation of `claims`: an interrupting act on `day`, or a suspension from `day` to `until`.

    `kind` is an `EventKind` or `suspension`; a suspension without `until` lasts. `action` is the step it was taken
    from, None when it was recorded by hand with its `evidence`. `day_from` and `due_from` name the input of the step
    that gave the day and the promised last day, so that correcting the one corrects the other.
    """

    id: str
    version: int
    kind: str
    day: date
    claims: tuple[str, ...]
    until: date | None = None
    due_on: date | None = None
    action: str | None = None
    reason: str | None = None
    evidence: str | None = None
    note: str | None = None
    day_from: str | None = None
    due_from: str | None = None
    status: str = "standing"


class Change(NamedTuple):
    """One record before and after; `before` is None for a new record, `after` None for one taken back."""

    collection: str
    key: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


Record = TrackInstance | Party | Claim | Obligation | Assignment | Task | Deadline | LimitationAct

RECORD_TYPES: Mapping[str, type[Any]] = {
    "tracks": TrackInstance,
    "parties": Party,
    "claims": Claim,
    "obligations": Obligation,
    "assignments": Assignment,
    "tasks": Task,
    "deadlines": Deadline,
    "limitation_acts": LimitationAct,
}
LISTS: Mapping[str, tuple[str, ...]] = {"tasks": ("actions",), "deadlines": ("ledger",), "limitation_acts": ("claims",)}
"""Fields that hold several values, by collection."""

_FIELDS = {name: tuple(f.name for f in dataclasses.fields(kind)) for name, kind in RECORD_TYPES.items()}
_DATES = {
    name: frozenset(f.name for f in dataclasses.fields(kind) if "date" in str(f.type))
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


def _plain_entry(entry: Any) -> Any:
    if not isinstance(entry, Adjustment):
        return entry
    values = {one.name: getattr(entry, one.name) for one in dataclasses.fields(entry)}
    return {name: None if value is None else plain(value) for name, value in values.items()}


def _entry_of(entry: Any) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    until = entry["until"]
    return Adjustment(
        AdjustmentKind(entry["kind"]),
        entry["reason"],
        entry["by"],
        date.fromisoformat(entry["since"]),
        None if until is None else date.fromisoformat(until),
    )


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
            row[name] = [_plain_entry(entry) for entry in value]
        else:
            row[name] = str(value)
    return row


def from_row(collection: str, row: Mapping[str, Any]) -> Any:
    """The record a row stands for; columns that are no field of it are left out."""
    dates, bools = _DATES[collection], _BOOLS[collection]
    values = {name: row[name] for name in _FIELDS[collection] if name in row}
    for name in dates:
        text = values.get(name)
        if text is not None and text.__class__ is str:
            values[name] = date.fromisoformat(text)
    for name in LISTS.get(collection, ()):
        if name in values:
            values[name] = tuple(_entry_of(entry) for entry in values[name] or ())
    for name in bools:
        if name in values:
            values[name] = bool(values[name])
    return RECORD_TYPES[collection](**values)

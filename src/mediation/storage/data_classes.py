"""The register of data: for every column there is its class, how it is kept, and who reads it.

Classes of what a case shows are those of `domain/sight.py`, sealing is that of `storage/cases.py` and of the comments
of the columns; only what no case shows is classed here. `docs/data-classes.md` is written of it; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Column

from mediation.domain.procedure import PROCEDURE
from mediation.domain.sight import CEILINGS, COLUMNS, DataClass
from mediation.domain.told import private_classes
from mediation.storage.cases import SEALED
from mediation.storage.tables import metadata


class Kept(StrEnum):
    """How a value is kept."""

    CLEAR = "clear"
    PERSON = "sealed: key of the person"
    CASE = "sealed: key of the case"
    RECORD = "sealed: key of the record"
    TALKS = "sealed: key of what was said in mediation"
    MASTER = "sealed: master key"
    HASH = "keyed hash"
    IN_PART = "in part sealed"


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its class and how it is kept."""

    table: str
    name: str
    of: DataClass
    kept: Kept


_O, _P, _C = DataClass.ORDINARY, DataClass.PERSONAL, DataClass.CONFIDENTIAL
_IN_PART: Final = frozenset(
    {("cases", "facts"), ("cases", "limitation_acts"), ("cases", "last_entry"), ("history", "payload")}
)
_SAID: Final = (  # in the comment of a column -> how it is kept
    ("what was said in mediation", Kept.TALKS),
    ("as said in mediation", Kept.TALKS),
    ("the subject's key", Kept.PERSON),
    ("under the case's key", Kept.CASE),
    ("key of the case", Kept.CASE),
    ("under a key of its own", Kept.RECORD),
    ("under the master key", Kept.MASTER),
    ("keyed hash", Kept.HASH),
)
_TALKS: Final = frozenset({"offers", "undisputed_facts", "party_messages"})
"""Of these already that they are there is said in mediation."""
_PEOPLE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "people": frozenset({"subject", "name"}),
        "cases": frozenset({"applicants", "respondents", "facts", "limitation_acts", "last_entry"}),
        "subjects": frozenset({"resident_id", "resident_id_hash", "phone", "phone_hash", "address", "bank_account"}),
        "computations": frozenset({"amount_fen", "minimum_fen", "maximum_fen", "data"}),
        "access_requests": frozenset({"reason", "answer"}),
        "access_log": frozenset({"searched_hash"}),
        "data_requests": frozenset({"note", "reason"}),
        **dict.fromkeys(("impact_assessments", "incidents"), frozenset({"content"})),
        "idempotency": frozenset({"body"}),
        "alarms": frozenset({"network"}),
    }
)
"""Columns about natural persons in tables that a case does not show as such."""
_EVERYTHING: Final = frozenset({("history", "payload"), ("subject_keys", "wrapped")})

_CASE: Final = "who sees the case, up to their class"
_SERVICE: Final = "the service alone"
_KEEPERS: Final = "colleagues, and who keeps the directory"
_WATCH: Final = "supervisors and auditors of the handling body and of those above"
_AUDIT: Final = "auditors and security officers of the body and of those above"
_STAFF: Final = "everybody who works in a body"
READ_BY: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "cases", "tracks", "parties", "claims", "obligations", "assignments", "deadlines", "history",
                "computations", "consents", "sharing_records", "party_links", "undisputed_facts",
            ),
            _CASE,
        ),
        **dict.fromkeys(("tasks", "reminders", "data_requests"), "those of the house who see the case"),
        "offers": "those at the table: clerk, mediator, volunteer (decision 0018)",
        "party_messages": "those at the table: clerk, mediator, volunteer (decision 0018)",
        "subjects": "nobody but by `reveal`, `data-export` or a parcel, each noted in the access log",
        **dict.fromkeys(
            (
                "subject_keys", "client_keys", "client_assertions", "outbox", "idempotency", "counters", "case_scope",
                "leases", "rate_limits", "checkpoint_leaves", "checkpoint_parts", "calendar_recounts",
                "organization_move_cases",
            ),
            _SERVICE,
        ),
        **dict.fromkeys(("organizations", "people", "memberships"), _KEEPERS),
        "clients": "administrators and security officers of the body and of those above",
        "organization_moves": "administrators, and supervisors of the body",
        **dict.fromkeys(("calendar_loads", "local_figures"), _STAFF),
        "calendar_moves": "who sees the case, tasks and clocks of the house included",
        "checkpoints": "everybody with an account",
        "alarms": _AUDIT,
        "grants": f"{_WATCH}; security officers",
        "access_requests": "who asked, and those who decide",
        "access_log": _WATCH,
        "disposals": _WATCH,
        **dict.fromkeys(("impact_assessments", "incidents"), f"{_WATCH}; security officers"),
    }
)  # fmt: skip


def fields() -> Iterator[Field]:
    """Every column there is; KeyError for one of a table that a case shows and that has no class."""
    for table in metadata.tables.values():
        for column in table.columns:
            yield Field(table.name, column.name, _class_of(table.name, column.name), _kept(table.name, column))


def _class_of(table: str, column: str) -> DataClass:
    if (table, column) in _EVERYTHING:
        return _C
    if table in _TALKS:
        return _C
    if table in COLUMNS and column not in {"case_id", "remind_on"}:
        return COLUMNS[table][column]
    return _P if column in _PEOPLE.get(table, ()) else _O


def _kept(table: str, column: Column[Any]) -> Kept:
    if (table, column.name) in _IN_PART:
        return Kept.IN_PART
    if column.name in SEALED.get(table, ()):
        return Kept.CASE
    comment = column.comment or ("keyed hash" if column.name.endswith("_hash") else "")
    return next((kept for words, kept in _SAID if words in comment), Kept.CLEAR)


_INTRO: Final = """\
# Data classes

Written by `mediation data-classes` of the tables, of `domain/sight.py` and of the rows of the procedure; a test
compares it. What the classes mean stands in `docs/access.md`, how keys lie in `docs/keys.md`, how long anything is kept
in `docs/personal-data.md`. The `name` of a party is ordinary: all who work on a case or are in it read it; who reads as
an auditor alone does not, where it is that of a natural person.

| role | sees up to |
|---|---|
"""
_STEPS: Final = """\
## Texts and papers of steps

Kept in the entry of history: what is personal under the key of the case, what is confidential under the key of what
was said in mediation. Everything else a step takes is ordinary: codes, days, amounts, ids, short texts that describe
nobody.

| step | personal | confidential |
|---|---|---|
"""


def page() -> str:
    """The register as a page."""
    roles = "".join(f"| `{role}` | {CEILINGS[role].name.lower()} |\n" for role in sorted(CEILINGS))
    tables = "".join(_section(name) for name in sorted(metadata.tables))
    return f"{_INTRO}{roles}\n{_IN_PART_NOTE}\n{tables}{_STEPS}{''.join(_steps())}"


_IN_PART_NOTE: Final = """\
*In part sealed*: facts, acts and entries hold codes, days and amounts in clear; what is attested, employment, evidence,
notes and texts are sealed in their place, what names a person under that person's key.
"""


def _section(table: str) -> str:
    rows = "".join(
        f"| `{field.name}` | {field.of.name.lower()} | {field.kept} |\n" for field in fields() if field.table == table
    )
    return f"## `{table}`\n\nRead by: {READ_BY[table]}.\n\n| field | class | kept |\n|---|---|---|\n{rows}\n"


def _steps() -> Iterator[str]:
    for step in sorted(PROCEDURE.steps.values(), key=lambda step: step.action):
        told = private_classes(step)
        found = [", ".join(f"`{name}`" for name, of in sorted(told.items()) if of is wanted) for wanted in (_P, _C)]
        if any(found):
            yield f"| `{step.action}` | {found[0]} | {found[1]} |\n"

"""The body of each step as a strict model: the inputs of its row beside what every step takes."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import Field as WireField
from pydantic import create_model

from mediation.api.values import (
    Code,
    Day,
    Division,
    Id,
    Instance,
    Moment,
    Money,
    Number,
    OneOf,
    Reference,
    Text,
    WrittenText,
)
from mediation.api.wire import (
    MOST_ENTRIES,
    Attestations,
    Body,
    ClaimChangeIn,
    ClaimIn,
    ClaimKind,
    ClaimResultIn,
    ConsentIn,
    ContactIn,
    DocumentIn,
    Form,
    NamedPartyIn,
    ObligationIn,
    PartyIn,
    SignatureIn,
    Version,
)
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import Field, Kind

_ID_OF = frozenset({"party", "claim", "obligation", "organization", "person", "case", "history_entry"})
_TYPES: dict[Kind, Any] = {
    Kind.DATE: Day,
    Kind.DATETIME: Moment,
    Kind.TEXT: Text,
    Kind.CODE: Code,
    Kind.BOOL: bool,
    Kind.MONEY: Money,
    Kind.DECIMAL: Number,
    Kind.DIVISION: Division,
    Kind.DOCUMENT: DocumentIn,
    Kind.PARTY: PartyIn,
    Kind.CLAIM: ClaimIn,
    Kind.CLAIM_CHANGE: ClaimChangeIn,
    Kind.CLAIM_RESULT: ClaimResultIn,
    Kind.OBLIGATION: ObligationIn,
    Kind.CONSENT: ConsentIn,
    Kind.SIGNATURE: SignatureIn,
    Kind.CONTACT: ContactIn,
    Kind.DATE_PER_PARTY: dict[Id, Day],
}
# A role the step gives by itself, or a value list kept elsewhere; an old value may well have been empty.
_SPECIAL: dict[str, Any] = {
    "applicant": NamedPartyIn,
    "respondent": NamedPartyIn,
    "administrator": NamedPartyIn,
    "claim_codes": ClaimKind,
    "old": WrittenText,
}


class StepIn(Body):
    """What every step takes: the day, which instance, conditions attested, proof, whose act it is."""

    occurred_on: Day | None = None
    instance: Instance | None = None
    attestations: Attestations = WireField(default_factory=list)
    note: Text | None = None
    evidence: list[Reference] = WireField(default_factory=list, max_length=MOST_ENTRIES)
    recorded_for: Id | None = None
    form: Form | None = None
    late_reason: Text | None = None
    expected_version: Version | None = None


COMMON = frozenset(StepIn.model_fields)


@cache
def body_of(action: str) -> type[StepIn]:
    """The model of one action's body; a row's own field stands before a common one of the same name."""
    return create_model(_name(action) + "Step", __base__=StepIn, __doc__=_label(action), **_fields(action))


@cache
def input_of(action: str) -> type[Body]:
    """The model of one action's own input alone, as a simulation takes it."""
    return create_model(_name(action) + "Input", __base__=Body, __doc__=_label(action), **_fields(action))


def _name(action: str) -> str:
    return "".join(part.capitalize() for part in action.split("_"))


def _label(action: str) -> str:
    return PROCEDURE.steps[action].label.en


def _fields(action: str) -> dict[str, Any]:
    return {entry.name: _field(entry, action) for entry in PROCEDURE.steps[action].inputs}


def _field(entry: Field, action: str) -> tuple[Any, Any]:
    kind = _type(entry, action)
    if entry.many:
        least = 1 if entry.required else 0
        told = WireField(min_length=least, max_length=MOST_ENTRIES)
        kind = Annotated[list[kind], told]  # type: ignore[valid-type] # a type made of a row while running
    return (kind, ...) if entry.required else (kind | None, None)


def _type(entry: Field, action: str) -> Any:
    if entry.kind is Kind.ENUM:
        return Annotated[str, OneOf(entry.values)]
    if entry.kind is Kind.REF:
        return _reference(entry)
    if entry.kind is Kind.PARTY and action == "join_party":
        return NamedPartyIn
    if entry.name in _SPECIAL and entry.kind in {Kind.PARTY, Kind.CODE, Kind.TEXT}:
        return _SPECIAL[entry.name]
    return _TYPES[entry.kind]


def _reference(entry: Field) -> Any:
    return Id if entry.of in _ID_OF else Reference


def inputs_of(action: str, body: Body) -> dict[str, Any]:
    """What the row itself asked for, by the names of the domain; what was left out is left out."""
    names = {entry.name for entry in PROCEDURE.steps[action].inputs}
    return body.model_dump(include=names, by_alias=True, exclude_none=True)

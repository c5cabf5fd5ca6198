"""An entry of history as one person reads it: each part of it by its class, nothing above their sight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mediation.domain.cases import Case
from mediation.domain.employment import without_wages
from mediation.domain.party_kinds import PartyKind, is_natural
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import ActOf, Kind, Stage, Step
from mediation.domain.sight import (
    COLUMNS,
    INTERNAL_TRACKS,
    OF_TEXT,
    DataClass,
    Sight,
    wages_seen,
    without_evidence,
)

_IN_MEDIATION: Final = frozenset({Stage.NEGOTIATION, Stage.ENTERPRISE_MEDIATION, Stage.PRETRIAL_MEDIATION})
_INTERNAL: Final = frozenset({"tasks"})
SIGNED_PAPERS: Final = frozenset({"DOC10"})
"""Papers made in mediation to be used outside of it: the sheet of facts that both sides sign (SPC-OL 18)."""


def shown_entry(entry: Mapping[str, Any], case: Case, sight: Sight) -> dict[str, Any] | None:
    """An opened entry up to this sight; None where it is about the work of the house, and that is not seen."""
    if not sight.is_inside and track_named(entry.get("track") or "") in INTERNAL_TRACKS:
        return None
    found = {name: value for name, value in entry.items() if name != "sealed"}
    is_own = sight.person_id in {entry["actor"], entry.get("on_behalf_of")}
    if not is_own:
        found["private"] = _shown_private(entry, sight)
    if not found.get("private"):
        found.pop("private", None)
    if not is_own and not sight.reaches(DataClass.PERSONAL):
        found["attestations"] = [without_evidence(stated) for stated in entry["attestations"]]
    changes = without_wages(entry["changes"], wages_seen(case, sight))
    found["changes"] = [one for change in changes if (one := shown_change(change, sight)) is not None]
    return found


def track_named(key: str) -> str:
    """The track of an instance, or of a fact that belongs to one: `risk` of `risk:1` and of `risk:1.level`."""
    return key.split(":", maxsplit=1)[0].split(".", maxsplit=1)[0]


def _shown_private(entry: Mapping[str, Any], sight: Sight) -> dict[str, Any]:
    """The texts of an entry by their class; a party reads only its own, told apart by who wrote it."""
    if not sight.reaches(DataClass.PERSONAL):
        return {}
    step = step_of(entry)
    classes, default = private_classes(step), text_class(step)
    told = entry.get("private") or {}
    return {name: value for name, value in told.items() if sight.reaches(classes.get(name, default))}


def step_of(entry: Mapping[str, Any]) -> Step | None:
    """The row an entry was recorded by; None for what is no step."""
    return PROCEDURE.steps.get(entry["action"]) if entry.get("step") else None


def private_classes(step: Step | None) -> dict[str, DataClass]:
    """The class of each text and paper among the inputs of a row."""
    papers = {Kind.DOCUMENT, Kind.CONTACT, Kind.SIGNATURE, Kind.CONSENT}
    found = {}
    for field in step.inputs if step else ():
        if field.kind is Kind.TEXT:
            found[field.name] = OF_TEXT[field.text_class]
        elif field.of in SIGNED_PAPERS:
            found[field.name] = DataClass.PERSONAL
        elif field.kind in papers:
            found[field.name] = text_class(step)
    return found


def text_class(step: Step | None) -> DataClass:
    """The class of a note or paper that says none itself: in a session, of a mediator, what was said in confidence."""
    if step is None:
        return DataClass.PERSONAL
    stages = {PROCEDURE.states[step.track, source].stage for source in PROCEDURE.sources(step)}
    is_confidential = step.act_of is ActOf.MEDIATOR or (bool(stages) and stages <= _IN_MEDIATION)
    return DataClass.CONFIDENTIAL if is_confidential else DataClass.PERSONAL


def shown_change(change: Mapping[str, Any], sight: Sight) -> dict[str, Any] | None:
    """One change up to this sight; None for a collection that is not seen. An unknown column is not shown."""
    collection = change["c"]
    if collection == "computations":  # kept back by worker already
        return dict(change)
    if collection == "facts":
        return _shown_fact(change, sight)
    if collection not in COLUMNS or (collection in _INTERNAL and not sight.is_inside):
        return None
    if collection == "tracks" and not sight.is_inside and track_named(change["k"]) in INTERNAL_TRACKS:
        return None
    return {**change, **{end: shown_record(collection, change[end], sight) for end in "ba"}}


def _shown_fact(change: Mapping[str, Any], sight: Sight) -> dict[str, Any] | None:
    if not sight.is_inside and track_named(change["k"]) in INTERNAL_TRACKS:
        return None
    if change["k"] != "attested" or sight.reaches(DataClass.PERSONAL):
        return dict(change)
    return {**change, **{end: _attested(change[end]) for end in "ba"}}


def _attested(kept: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if kept is None:
        return None
    stated = kept.get("value") or {}
    return {"value": {guard: without_evidence(what) for guard, what in stated.items()}}


def shown_record(collection: str, record: Mapping[str, Any] | None, sight: Sight) -> dict[str, Any] | None:
    """The columns of a record up to this sight, each by its class; what is above it is None."""
    if record is None:
        return None
    side = record.get("side") or record.get("claimant_side")
    found = {name: value if _is_seen(collection, name, side, sight) else None for name, value in record.items()}
    if collection == "parties" and not sight.knows_names and is_natural(PartyKind(record["kind"])):
        found["name"] = None
    return found


def _is_seen(collection: str, name: str, side: str | None, sight: Sight) -> bool:
    asked = COLUMNS[collection].get(name, DataClass.CONFIDENTIAL)
    is_agreed = collection == "obligations" and bool(sight.sides) and asked <= DataClass.PERSONAL
    return is_agreed or sight.reaches_of(side, asked)

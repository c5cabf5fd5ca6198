"""An entry of history as one person reads it: each part of it by its class, nothing above their sight."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.access import SIDE_ROLES, Actor
from mediation.domain.cases import Case
from mediation.domain.data_requests import ENTRIES
from mediation.domain.employment import without_wages
from mediation.domain.in_mediation import is_of_the_talks, is_taken_in_talks
from mediation.domain.party_kinds import PartyKind, is_natural
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import Kind, Step
from mediation.domain.records import Party
from mediation.domain.sight import (
    COLUMNS,
    INTERNAL_TRACKS,
    OF_TEXT,
    DataClass,
    Sight,
    bears_on_seen,
    is_clock_told,
    is_limitation_seen,
    shown_statement,
    sight_of,
    wages_seen,
    without_evidence,
)
from mediation.domain.terms import LIMITATION_CODES
from mediation.domain.told_later import TOLD_LATER, is_entry_told, is_fact_told, track_named, without

_INTERNAL: Final = frozenset({"tasks"})
SIGNED_PAPERS: Final = frozenset({"DOC10"})
"""Papers made in mediation to be used outside of it: the sheet of facts that both sides sign (SPC-OL 18)."""


def shown_entry(entry: Mapping[str, Any], case: Case, sight: Sight) -> dict[str, Any] | None:
    """An opened entry up to this sight; None for the work of the house, or another person's request, not seen.

    None too for what one side does and this one is told of later, and for an entry that changes such things alone.
    """
    if _is_kept_back(entry, sight):
        return None
    changes = [change for change in entry["changes"] if _is_known(change, case, sight)]
    if len(changes) < len(entry["changes"]) and all(change["c"] in _INTERNAL for change in changes):
        return None
    if entry["action"] in ENTRIES and not sight.is_inside and not _concerns(entry, case, sight):
        return None
    found = {name: value for name, value in entry.items() if name != "sealed"}
    is_own = sight.person_id in {entry["actor"], entry.get("on_behalf_of")}
    if not is_own:
        found["private"] = _shown_private(entry, sight)
    if not found.get("private"):
        found.pop("private", None)
    if not is_own and not sight.reaches(text_class(step_of(entry))):
        found["attestations"] = [without_evidence(stated) for stated in entry["attestations"]]
    changes = list(without_wages(changes, wages_seen(case, sight)))
    found["changes"] = [one for change in changes if (one := shown_change(change, sight)) is not None]
    return found


def _is_kept_back(entry: Mapping[str, Any], sight: Sight) -> bool:
    """Whether an entry is about a track that is not seen, or what came before they were told of one."""
    track = track_named(entry.get("track") or "")
    if track in INTERNAL_TRACKS:
        return not sight.is_inside
    return track in sight.told_later and not is_entry_told(track, entry.get("from"), entry.get("to"))


def _is_known(change: Mapping[str, Any], case: Case, sight: Sight) -> bool:
    """Whether a change is none of a matter they were not told of, nor of the limitation of others."""
    judge = _JUDGES.get(change["c"])
    return judge is None or judge(change, case, sight)


def _is_fact_known(change: Mapping[str, Any], _case: Case, sight: Sight) -> bool:
    track = track_named(change["k"])
    if change["k"] == "attested":
        return _vouched(change["b"], sight) != _vouched(change["a"], sight)
    if track in INTERNAL_TRACKS:
        return sight.is_inside
    return track not in sight.told_later or is_fact_told(change["k"])


def _is_track_known(change: Mapping[str, Any], _case: Case, sight: Sight) -> bool:
    track = track_named(change["k"])
    if track in INTERNAL_TRACKS:
        return sight.is_inside
    return track not in sight.told_later or any(one["state"] in TOLD_LATER[track].told_in for one in _ends(change))


def _is_deadline_known(change: Mapping[str, Any], case: Case, sight: Sight) -> bool:
    return all(_is_clock_known(record, case, sight) for record in _ends(change))


def _is_act_known(change: Mapping[str, Any], case: Case, sight: Sight) -> bool:
    return all(
        act["action"] not in sight.unseen_actions and bears_on_seen(case, act["claims"], sight) for act in _ends(change)
    )


def _ends(change: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [change[end] for end in "ba" if change[end] is not None]


_JUDGES: Final = MappingProxyType(
    {
        "facts": _is_fact_known,
        "tracks": _is_track_known,
        "deadlines": _is_deadline_known,
        "limitation_acts": _is_act_known,
    }
)
"""By which a change is known, for the collections in which something may not be."""


def _is_clock_known(record: Mapping[str, Any], case: Case, sight: Sight) -> bool:
    if record["term"] in LIMITATION_CODES:
        return is_limitation_seen(case, record["ref_id"], sight)
    return is_clock_told(record["track_key"], record["term"], sight)


def _vouched(kept: Mapping[str, Any] | None, sight: Sight) -> dict[str, Any]:
    """What was vouched for with steps that are seen."""
    return without((kept or {}).get("value"), sight.unseen_statements)


def _concerns(entry: Mapping[str, Any], case: Case, sight: Sight) -> bool:
    """Whether an entry names the party whose account looks on."""
    party = case.parties.get(entry["input"].get("party_id") or "")
    return party is not None and party.person_id == sight.person_id


def own_sight(party: Party) -> Sight:
    """What a party itself sees, with an account or without."""
    actor = Actor(party.person_id or party.id, party.name, None, frozenset())
    return sight_of(actor, frozenset({SIDE_ROLES[party.side]}))


def told_of(entry: Mapping[str, Any], case: Case, party: Party) -> dict[str, Any] | None:
    """What an opened entry says of one person, for that person: what they wrote, what was written of them alone.

    The changes of their own record go along; of what was said in mediation nothing, and nothing of another party.
    None for an entry that says nothing of them.
    """
    shown = shown_entry(entry, case, own_sight(party))
    if shown is None:
        return None
    hands = {party.id, party.person_id} - {None}
    is_own = bool(hands & {entry["actor"], entry.get("on_behalf_of"), entry.get("recorded_for")})
    is_about = not entry.get("step") and entry["input"].get("party_id") == party.id
    texts = _ordinary_texts(entry) if is_own or is_about else {}
    changes = [one for one in shown["changes"] if (one["c"], one["k"]) == ("parties", party.id)]
    if not (is_own or is_about or changes):
        return None
    names = ("sequence", "action", "occurred_on", "recorded_at")
    told = [{"before": change["b"], "after": change["a"]} for change in changes]
    return {**{name: entry[name] for name in names}, "is_own": is_own, "texts": texts, "changes": told}


def _ordinary_texts(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The texts of an entry up to personal data."""
    step = step_of(entry)
    classes, default = private_classes(step), _remarks_of(entry)
    told = entry.get("private") or {}
    return {name: value for name, value in told.items() if classes.get(name, default) <= DataClass.PERSONAL}


def _shown_private(entry: Mapping[str, Any], sight: Sight) -> dict[str, Any]:
    """The texts of an entry by their class; a party reads only its own, told apart by who wrote it."""
    if not sight.reaches(DataClass.PERSONAL):
        return {}
    step = step_of(entry)
    classes, default = private_classes(step), _remarks_of(entry)
    told = entry.get("private") or {}
    return {name: value for name, value in told.items() if sight.reaches(classes.get(name, default))}


def _remarks_of(entry: Mapping[str, Any]) -> DataClass:
    """The class of what was remarked with an entry, whenever it was written."""
    step = step_of(entry)
    return text_class(step) if step is None else remark_class(step, entry["from"])


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
    return DataClass.CONFIDENTIAL if is_of_the_talks(step) else DataClass.PERSONAL


def remark_class(step: Step, state: str) -> DataClass:
    """The class of what is remarked with a step, taken while the main track is in this state.

    Beside an input that was said in mediation, and with any step out of a state of mediation, a remark tells what was
    said there, whatever the row's other states are.
    """
    return DataClass.CONFIDENTIAL if is_taken_in_talks(step, state) else DataClass.PERSONAL


def shown_change(change: Mapping[str, Any], sight: Sight) -> dict[str, Any] | None:
    """One change up to this sight; None for a collection that is not seen. An unknown column is not shown."""
    collection = change["c"]
    if collection == "computations":  # kept back by worker already
        return dict(change)
    if collection == "facts":
        return _shown_fact(change, sight)
    if collection not in COLUMNS or (collection in _INTERNAL and not sight.is_inside):
        return None
    return {**change, **{end: shown_record(collection, change[end], sight) for end in "ba"}}


def _shown_fact(change: Mapping[str, Any], sight: Sight) -> dict[str, Any] | None:
    if change["k"] != "attested":
        return dict(change)
    return {**change, **{end: _attested(change[end], sight) for end in "ba"}}


def _attested(kept: Mapping[str, Any] | None, sight: Sight) -> dict[str, Any] | None:
    if kept is None:
        return None
    return {"value": {guard: shown_statement(what, sight) for guard, what in _vouched(kept, sight).items()}}


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

"""What a court, a commission or an office sees of a case sent to it: its data as sent, and what it took part in since.

Nothing is left out here: everything is let in. An entry of history is let in by its row (an act of the body's kind, a
step out of a state in which the case lies with it, or an act of the body itself); of an entry its known parts; of a
change the records that were sent along or began in an entry let in. The case is then the sum of those changes, so
that whatever the procedure comes to hold besides stays out until it is named here (SPC-TY 22, 28; SPC-OL 18).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.cases import MAIN, Case, fact_name
from mediation.domain.history import rebuild
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import ANY_OPEN, ActOf, CaseRole, Kind, Step
from mediation.domain.records import TrackInstance
from mediation.domain.sight import DataClass, Sight
from mediation.domain.told import private_classes, step_of, track_named

SENT_TO: Final = ("court", "commission", "new_commission", "office")
"""Inputs that name the body a step sends the case to."""
FILES: Final = "file"
"""The step that sends what an earlier one only prepared: the commission may stand on the case already."""
PREPARES: Final = "prepare_referral"
UNDOES: Final = "void_last_step"
_ACTS_OF: Final = {
    CaseRole.COURT_LIAISON: ActOf.COURT,
    CaseRole.ARBITRATION_LIAISON: ActOf.COMMISSION,
    CaseRole.INSPECTION_LIAISON: ActOf.INSPECTION,
}


def _states(track: str, *codes: str) -> frozenset[tuple[str, str]]:
    return frozenset((track, code) for code in codes)


OWN_STATES: Final[Mapping[CaseRole, frozenset[tuple[str, str]]]] = MappingProxyType(
    {
        CaseRole.COURT_LIAISON: _states(
            MAIN, "court_mediation_requested", "court_dispatch_pending", "court_mediation_in_progress",
            "court_mediation_extended", "suit_filed", "litigation_recorded", "judgment_received",
        )
        | _states("confirmation", "judicial_applied", "judicial_accepted")
        | _states("payment_order", "po_applied", "po_accepted", "po_issued", "po_served")
        | _states("enforcement", "enf_applied", "enf_in_progress", "enf_stalled", "enf_settled")
        | _states("preservation", "pres_applied", "pres_granted"),
        CaseRole.ARBITRATION_LIAISON: _states(
            MAIN, "arbitration_filed", "arbitration_accepted", "arbitration_prehearing_mediation",
        )
        | _states("confirmation", "review_applied", "review_accepted"),
        CaseRole.INSPECTION_LIAISON: _states(
            "labour_inspection", "inspection_informed", "inspection_filed", "inspection_ordered"
        ),
    }
)  # fmt: skip
"""States in which a case lies with a court, a commission or an office."""
OWN_MAIN_STATES: Final = frozenset(code for own in OWN_STATES.values() for track, code in own if track == MAIN)
_OF_AN_AGREEMENT: Final = frozenset({"confirmation", "payment_order", "enforcement"})
"""Tracks on which an agreement or title itself is what is sent: what it obliges to goes with it."""
_SENT: Final = frozenset({"parties", "claims"})
_BEGUN: Final = frozenset({"obligations", "assignments", "deadlines", "tracks"})
SENT_COLUMNS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "parties": frozenset(
            {
                "id", "version", "role", "kind", "side", "name", "headcount", "uscc", "resident_id_masked",
                "phone_masked", "bound", "authority", "status",
            }
        ),
        "claims": frozenset(
            {
                "id", "version", "code", "cause_scheme", "claimant_side", "amount_fen", "amount_text", "basis",
                "knew_on", "outcome", "awarded_fen",
            }
        ),
    }
)  # fmt: skip
"""What goes along of a party and a claim: no consent and no offer of a mediation before."""
_KEPT: Final = (
    "case_id", "sequence", "id", "hash", "kind", "action", "step", "track", "to", "act_of", "occurred_on",
    "recorded_at", "actor", "organization", "roles", "recorded_for", "on_behalf_of", "form",
)  # fmt: skip


def bodies_sent_to(action: str, given: Mapping[str, Any], facts: Mapping[str, Any]) -> Iterator[str]:
    """The bodies a step sends the case to, by its input, and for a filing by what stands on the case."""
    if action == PREPARES:
        return
    for name in ("commission",) if action == FILES else SENT_TO:
        body = given.get(name) or (facts.get(name) if action == FILES else None)
        if isinstance(body, str):
            yield body


@dataclass(slots=True)
class Dispatched:
    """The case as it was sent to one body, and the entries that body may read, put together entry by entry."""

    sight: Sight
    base: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    _facts: dict[str, Any] = field(default_factory=dict)
    _known: set[tuple[str, str]] = field(default_factory=set)
    _foreign: set[str] = field(default_factory=set)
    _agreed: list[dict[str, Any]] = field(default_factory=list)

    def read(self, told: Iterable[Mapping[str, Any]]) -> None:
        """Take the next entries of the case in, opened and in order."""
        for entry in told:
            self._take(entry)
            for change in entry["changes"]:
                if change["c"] == "facts":
                    self._facts[change["k"]] = (change["a"] or {}).get("value")

    def _take(self, entry: Mapping[str, Any]) -> None:
        bodies = set(bodies_sent_to(entry["action"], entry["input"], self._facts))
        is_door = not self.entries and (self.sight.organization_id in bodies or self._is_own_beginning(entry))
        if bodies and self.sight.organization_id not in bodies and track_named(entry["track"] or MAIN) != MAIN:
            self._foreign.add(entry["track"])
        if is_door or (self.entries and self._concerns(entry)):
            if is_door and track_named(entry["track"] or MAIN) in _OF_AN_AGREEMENT:
                self._send(self._agreed, {"obligations"})
            self._let_in(entry)
        elif not self.entries:
            self._agreed.append(dict(entry))
            self._send([dict(entry)], _SENT)

    def _is_own_beginning(self, entry: Mapping[str, Any]) -> bool:
        """A case the body itself wrote down, or one split off while it lay with the body."""
        if entry["kind"] != "created":
            return False
        states = {(MAIN, change["a"]["state"]) for change in entry["changes"] if _is_main(change)}
        is_split = entry["action"] == "split_off" and bool(states & self._own_states)
        return is_split or (entry["action"] != "split_off" and entry["organization"] == self.sight.organization_id)

    @property
    def _own_states(self) -> frozenset[tuple[str, str]]:
        return frozenset[tuple[str, str]]().union(*(OWN_STATES[role] for role in self.sight.roles))

    def _send(self, entries: Iterable[Mapping[str, Any]], collections: Iterable[str]) -> None:
        """Records that go along as they stood when the case was sent."""
        sent = set(collections)
        for entry in entries:
            found = [_column_by_column(change) for change in entry["changes"] if change["c"] in sent]
            self.base.append({"changes": found})
            self._known |= {(change["c"], change["k"]) for change in found}

    def _concerns(self, entry: Mapping[str, Any]) -> bool:
        """Whether an entry since the dispatch is about what the body takes part in."""
        step = step_of(entry)
        if step is None or entry["track"] in self._foreign:
            return False
        if step.action == UNDOES:
            return entry["input"].get("step") in {known["id"] for known in self.entries}
        is_own = entry["organization"] is not None and entry["organization"] == self.sight.organization_id
        is_of_its_kind = step.act_of in {_ACTS_OF[role] for role in self.sight.roles}
        return is_own or is_of_its_kind or (step.track, entry["from"]) in self._own_states

    def _let_in(self, entry: Mapping[str, Any]) -> None:
        step = step_of(entry)
        changes = [
            _column_by_column(change) for change in entry["changes"] if self._is_seen(change, entry["track"], step)
        ]
        if step is not None and step.action == UNDOES and (step.track, entry["to"]) not in self._own_states:
            changes = [change for change in changes if not _is_main(change)]
            entry = {**entry, "to": None}
        found: dict[str, Any] = {name: entry.get(name) for name in _KEPT if name in entry}
        found["from"] = entry["from"] if step and (step.track, entry["from"]) in self._own_states else None
        found["input"] = _inputs(entry["input"], step)
        found["attestations"] = [dict(stated) for stated in entry["attestations"]]
        found["changes"] = [self._without_before(change, found["from"]) for change in changes]
        private = _private(entry, step)
        if private:
            found["private"] = private
        self.entries.append(found)
        self._known |= {(change["c"], change["k"]) for change in changes}

    def _is_seen(self, change: Mapping[str, Any], track: str | None, step: Step | None) -> bool:
        collection, key = change["c"], change["k"]
        if collection == "facts":
            instance = TrackInstance(track or MAIN, track_named(track or MAIN), "")
            return step is not None and key in {fact_name(instance, asked.name) for asked in step.inputs}
        if collection in _BEGUN and not _is_main(change):
            return change["b"] is None or (collection, key) in self._known
        return collection in _SENT or _is_main(change)

    def _without_before(self, change: Mapping[str, Any], source: str | None) -> dict[str, Any]:
        return {**change, "b": None} if _is_main(change) and source is None else dict(change)

    def case_of(self, case: Case) -> Case:
        """The case as this body sees it: what was sent and what the entries let in have made of it.

        Clocks stand as they run now, as far as one of these entries started them.
        """
        records = rebuild([*self.base, *self.entries])
        parties = records.get("parties", {})
        return replace(
            case,
            facts=records.get("facts", {}),
            tracks=records.get("tracks", {}),
            parties={key: replace(party, name=party.name or "") for key, party in parties.items()},
            claims=records.get("claims", {}),
            obligations=records.get("obligations", {}),
            assignments=records.get("assignments", {}),
            deadlines={key: case.deadlines[key] for key in records.get("deadlines", {}) if key in case.deadlines},
            tasks={},
            limitation_acts={},
            last_entry={},
        )


def _is_main(change: Mapping[str, Any]) -> bool:
    return bool((change["c"], change["k"]) == ("tracks", MAIN))


def _column_by_column(change: Mapping[str, Any]) -> dict[str, Any]:
    """A change of a party or a claim with the columns that go along; others are None."""
    allowed = SENT_COLUMNS.get(change["c"])
    if allowed is None:
        return dict(change)
    return {
        **change,
        **{
            end: None if change[end] is None else {n: v if n in allowed else None for n, v in change[end].items()}
            for end in "ba"
        },
    }


def _inputs(given: Mapping[str, Any], step: Step | None) -> dict[str, Any]:
    if step is None:
        return {}
    asked = {one.name for one in step.inputs if one.name != "field"}
    return {name: value for name, value in given.items() if name in asked}


def _private(entry: Mapping[str, Any], step: Step | None) -> dict[str, Any]:
    """Texts and papers that belong to the row itself, below what was said in mediation; no remark, no correction."""
    if step is None or ANY_OPEN in step.sources:
        return {}
    told, classes = entry.get("private") or {}, private_classes(step)
    named = {one.name for one in step.inputs if one.kind is not Kind.CONTACT}
    return {
        name: value
        for name, value in told.items()
        if name in named and classes.get(name, DataClass.CONFIDENTIAL) <= DataClass.PERSONAL
    }


def rows_seen(role: CaseRole) -> frozenset[str]:
    """The actions of which a liaison in this role comes to read, told by the rows alone."""
    return frozenset(
        step.action
        for step in PROCEDURE.steps.values()
        if step.act_of is _ACTS_OF[role]
        or any((step.track, source) in OWN_STATES[role] for source in PROCEDURE.sources(step))
    )

"""What a court, a commission or an office sees of a case sent to it: its data as sent, and what it took part in since.

Nothing is left out here: everything is let in. An entry of history is let in by its row (an act of the body's kind, a
step out of a state in which the case lies with it, or an act of the body itself), and only of a track that was sent
to this very body: what another court or commission was sent is that one's alone; of an entry its known parts; of a
change the records that were sent along or began in an entry let in. The case is then the sum of those changes, so
that whatever the procedure comes to hold besides stays out until it is named here (SPC-TY 22, 28; SPC-OL 18).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.cases import BINDING, MAIN, Case, fact_name
from mediation.domain.history import rebuild
from mediation.domain.in_mediation import is_of_the_talks
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import ANY_OPEN, ActOf, CaseRole, Kind, Step
from mediation.domain.records import TrackInstance
from mediation.domain.sight import DataClass, Sight, without_evidence
from mediation.domain.told import private_classes, step_of, text_class
from mediation.domain.told_later import track_named

SENT_TO: Final = ("court", "commission", "new_commission", "office")
"""Inputs that name the body a step sends the case to."""
FILES: Final = "file"
"""The step that sends what an earlier one only prepared: the commission may stand on the case already."""
PREPARES: Final = "prepare_referral"
SPLITS: Final = "split_off"
UNDOES: Final = "void_last_step"
_ACTS_OF: Final = {
    CaseRole.COURT_LIAISON: ActOf.COURT,
    CaseRole.ARBITRATION_LIAISON: ActOf.COMMISSION,
    CaseRole.INSPECTION_LIAISON: ActOf.INSPECTION,
}


_NAMED: Final = {CaseRole.COURT_LIAISON: "court", CaseRole.ARBITRATION_LIAISON: "commission"}
"""The fact that names the body a case itself was last sent to."""


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
_OF_AN_AGREEMENT: Final = frozenset({"confirmation", "payment_order", "enforcement"})
"""Tracks on which an agreement or title itself is what is sent: what it obliges to goes with it."""
_SENT: Final = frozenset({"parties", "claims"})
_ALONG: Final = _SENT | {"obligations"}
"""What goes along with a dispatch, obligations with that of an agreement only."""
_NOWHERE: Final = frozenset[str]()
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


def own_states(roles: Iterable[CaseRole]) -> frozenset[tuple[str, str]]:
    """The states in which a case lies with a body its liaison in these roles speaks for."""
    return frozenset[tuple[str, str]]().union(*(OWN_STATES.get(role, frozenset()) for role in roles))


def lies_with(organization_id: str | None, roles: Iterable[CaseRole], state: str, facts: Mapping[str, Any]) -> bool:
    """Whether the case itself lies with this body: in a state of its kind, and sent to this body and no other."""
    return any(
        facts.get(_NAMED[role]) == organization_id and (MAIN, state) in OWN_STATES[role]
        for role in roles
        if role in _NAMED
    )


def may_record(
    organization_id: str | None,
    roles: Iterable[CaseRole],
    step: Step,
    case: Case,
    *,
    instance: str | None = None,
    given: Mapping[str, Any] = MappingProxyType({}),
) -> bool:
    """Whether a body to which a case was sent may take a step: on a track that was sent to it, or sent to nobody.

    `instance` is the track asked for and `given` the input: a body may begin a side track that names it. Where nobody is
    named, as for a suit that was pending before, a body that was sent a side track takes it that is alone of its kind.
    """
    if step.track == MAIN:
        kinds = [role for role in roles if case.facts.get(_NAMED.get(role, ""))]
        if kinds and ANY_OPEN in step.sources:
            return lies_with(organization_id, kinds, case.state, case.facts)
        named = {case.facts[_NAMED[role]] for role in kinds}
    else:
        asked = [instance] if instance else [key for key, track in case.tracks.items() if track.track == step.track]
        named = {case.facts.get(f"{key}.{name}") for key in asked for name in SENT_TO} - {None}
        named |= set() if instance else {given[name] for name in SENT_TO if name in given}
    if named:
        return organization_id in named
    return organization_id not in sent_aside(case.facts) or _is_alone(organization_id, roles, case.facts)


def _is_alone(organization_id: str | None, roles: Iterable[CaseRole], facts: Mapping[str, Any]) -> bool:
    """Whether no other body of its kind is named on the case, on whatever track."""
    kinds = {_NAMED.get(role, "office") for role in roles}
    return {body for name, body in facts.items() if name.rpartition(".")[2] in kinds and body} <= {organization_id}


def sent_aside(facts: Mapping[str, Any]) -> frozenset[str]:
    """Bodies to which a side track was sent, and the case itself was not: a part split off is not theirs."""
    named = {name: body for name, body in facts.items() if name.rpartition(".")[2] in SENT_TO and isinstance(body, str)}
    return frozenset(named.values()) - {body for name, body in named.items() if name in SENT_TO}


@dataclass(slots=True)
class Dispatched:
    """The case as it was sent to one body, and the entries that body may read, put together entry by entry.

    `_lies_with` are the bodies each track was last sent to, `_named` those sent by name, `_passed` what each entry that sent it on put an end to,
    `_unsent` the changes of parties, claims and obligations that no dispatch has carried yet.
    """

    sight: Sight
    entries: list[dict[str, Any]] = field(default_factory=list)
    _parts: list[dict[str, Any]] = field(default_factory=list)
    _facts: dict[str, Any] = field(default_factory=dict)
    _known: set[tuple[str, str]] = field(default_factory=set)
    _lies_with: dict[str, frozenset[str]] = field(default_factory=dict)
    _named: set[str] = field(default_factory=set)
    _passed: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    _unsent: list[dict[str, Any]] = field(default_factory=list)

    def read(self, told: Iterable[Mapping[str, Any]]) -> None:
        """Take the next entries of the case in, opened and in order."""
        for entry in told:
            self._take(entry)
            for change in entry["changes"]:
                if change["c"] == "facts":
                    self._facts[change["k"]] = (change["a"] or {}).get("value")

    def _take(self, entry: Mapping[str, Any]) -> None:
        bodies = frozenset(bodies_sent_to(entry["action"], entry["input"], self._facts))
        concerns = bool(self.entries) and self._concerns(entry)
        self._pass_on(entry, bodies)
        is_door = self.sight.organization_id in bodies or (not self.entries and self._is_own_beginning(entry))
        if is_door:
            is_of_agreement = track_named(entry["track"] or MAIN) in _OF_AN_AGREEMENT
            self._send(_SENT | {"obligations"} if is_of_agreement else _SENT)
        if is_door or concerns:
            self._let_in(entry)
        else:
            self._unsent += [change for change in entry["changes"] if change["c"] in _ALONG]

    def _pass_on(self, entry: Mapping[str, Any], bodies: frozenset[str]) -> None:
        """Note with whom a track lies from this entry on: who it was sent to, who wrote the case down, who had it."""
        track, step = entry["track"] or MAIN, step_of(entry)
        if step is not None and step.action == UNDOES:
            self._lies_with |= self._passed.pop(entry["input"].get("step"), {})
        elif entry["kind"] == "created" and not bodies:
            self._lies_with[MAIN] = self._written_down_by(entry)
        elif bodies:
            self._passed[entry["id"]] = {track: self._lies_with.get(track, _NOWHERE)}
            self._lies_with[track] = bodies
            self._named.add(track)
        elif track not in self._named and self._is_own_act(entry):
            self._lies_with[track] = self._lies_with.get(track, _NOWHERE) | {entry["organization"]}

    def _is_own_act(self, entry: Mapping[str, Any]) -> bool:
        """Whether the body recorded an act of its kind itself: where nobody was named, it is with this one."""
        step = step_of(entry)
        if step is None or ANY_OPEN in step.sources or entry["organization"] != self.sight.organization_id:
            return False
        return step.act_of in {_ACTS_OF[role] for role in self.sight.roles}

    def _written_down_by(self, entry: Mapping[str, Any]) -> frozenset[str]:
        """With whom a case lies from its beginning: who wrote it down, or had the one that it is split from."""
        if entry["action"] != SPLITS:
            return frozenset({entry["organization"]})
        states = {(MAIN, change["a"]["state"]) for change in entry["changes"] if _is_main(change)}
        role = next((role for role, own in OWN_STATES.items() if states & own), None)
        if role is None:
            return _NOWHERE
        facts = {change["k"]: change["a"]["value"] for change in entry["changes"] if change["c"] == "facts"}
        is_mine = role in self.sight.roles and self.sight.organization_id is not None
        unnamed = {self.sight.organization_id or ""} if is_mine else ()
        return frozenset({facts[_NAMED[role]]} if facts.get(_NAMED[role]) else unnamed)

    def _is_own_beginning(self, entry: Mapping[str, Any]) -> bool:
        """A case the body itself wrote down, or one split off while it lay with the body."""
        if entry["kind"] != "created":
            return False
        is_own = entry["action"] != SPLITS and entry["organization"] == self.sight.organization_id
        return is_own or self.sight.organization_id in self._lies_with[MAIN]

    def _send(self, collections: Collection[str]) -> None:
        """Records that go along as they stand when the case is sent; what was drafted and never agreed stays here."""
        unbound = _unbound(self._unsent)
        goes = [change["c"] in collections and (change["c"], change["k"]) not in unbound for change in self._unsent]
        found = [_column_by_column(change) for change, sends in zip(self._unsent, goes, strict=True) if sends]
        self._unsent = [change for change, sends in zip(self._unsent, goes, strict=True) if not sends]
        self._parts.append({"changes": found})
        self._known |= {(change["c"], change["k"]) for change in found}

    def _concerns(self, entry: Mapping[str, Any]) -> bool:
        """Whether an entry since the dispatch is about what the body takes part in."""
        step = step_of(entry)
        if step is None:
            return False
        if step.action == UNDOES:
            return entry["input"].get("step") in {known["id"] for known in self.entries}
        if entry["organization"] is not None and entry["organization"] == self.sight.organization_id:
            return True
        if self.sight.organization_id not in self._lies_with.get(entry["track"] or MAIN, _NOWHERE):
            return False
        is_of_its_kind = step.act_of in {_ACTS_OF[role] for role in self.sight.roles}
        return is_of_its_kind or (step.track, entry["from"]) in own_states(self.sight.roles)

    def _let_in(self, entry: Mapping[str, Any]) -> None:
        step = step_of(entry)
        changes = [_column_by_column(change) for change in entry["changes"] if self._is_seen(change, entry, step)]
        if step is not None and step.action == UNDOES and (step.track, entry["to"]) not in own_states(self.sight.roles):
            changes = [change for change in changes if not _is_main(change)]
            entry = {**entry, "to": None}
        found: dict[str, Any] = {name: entry.get(name) for name in _KEPT if name in entry}
        found["from"] = entry["from"] if step and (step.track, entry["from"]) in own_states(self.sight.roles) else None
        found["input"] = _inputs(entry["input"], step, is_own=self._is_own(entry))
        found["attestations"] = self._attestations(entry, step)
        found["changes"] = [self._without_before(change, found["from"]) for change in changes]
        private = _private(entry, step)
        if private:
            found["private"] = private
        self.entries.append(found)
        self._parts.append(found)
        seen = {(change["c"], change["k"]) for change in changes}
        self._known |= seen
        self._unsent += [c for c in entry["changes"] if c["c"] in _ALONG and (c["c"], c["k"]) not in seen]

    def _is_own(self, entry: Mapping[str, Any]) -> bool:
        """Whether an entry tells of an act of the body, or was recorded by it."""
        step = step_of(entry)
        acts = {_ACTS_OF[role] for role in self.sight.roles}
        return entry["organization"] == self.sight.organization_id or (step is not None and step.act_of in acts)

    def _attestations(self, entry: Mapping[str, Any], step: Step | None) -> list[dict[str, Any]]:
        """What was stated with an entry; the papers it rests on where they were not used in the talks, or are its own."""
        is_told = text_class(step) <= DataClass.PERSONAL or self._is_own(entry)
        return [dict(stated) if is_told else without_evidence(stated) for stated in entry["attestations"]]

    def _is_seen(self, change: Mapping[str, Any], entry: Mapping[str, Any], step: Step | None) -> bool:
        track, is_own = entry["track"], self._is_own(entry)
        collection, key = change["c"], change["k"]
        if collection == "facts":
            instance = TrackInstance(track or MAIN, track_named(track or MAIN), "")
            asked = _inputs({one.name: None for one in step.inputs}, step, is_own=is_own) if step else ()
            return key in {fact_name(instance, name) for name in asked}
        if collection in _BEGUN and not _is_main(change):
            return change["b"] is None or (collection, key) in self._known
        return collection in _SENT or _is_main(change)

    def _without_before(self, change: Mapping[str, Any], source: str | None) -> dict[str, Any]:
        return {**change, "b": None} if _is_main(change) and source is None else dict(change)

    def case_of(self, case: Case) -> Case:
        """The case as this body sees it: what was sent and what the entries let in have made of it.

        Clocks stand as they run now, as far as one of these entries started them.
        """
        records = rebuild(self._parts)
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


def _unbound(changes: Iterable[Mapping[str, Any]]) -> frozenset[tuple[str, str]]:
    """Obligations that bind nobody after these changes: of a draft not signed, replaced or taken back."""
    last = {(change["c"], change["k"]): change["a"] for change in changes if change["c"] == "obligations"}
    return frozenset(key for key, after in last.items() if after is None or after["status"] not in BINDING)


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


def _inputs(given: Mapping[str, Any], step: Step | None, *, is_own: bool) -> dict[str, Any]:
    """The inputs of the row itself; why a mediation went as it did is told by nobody but the body itself (SPC-TY 28)."""
    if step is None:
        return {}
    unsaid = {Kind.CODE} if is_of_the_talks(step) and not is_own else set()
    asked = {one.name for one in step.inputs if one.name != "field" and one.kind not in unsaid}
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
    """The actions of which a liaison in this role comes to read, told by the rows alone.

    Only of tracks that are sent: an act of a court on a track no court was sent is not known to be that court's.
    """
    sent = {step.track for step in PROCEDURE.steps.values() for one in step.inputs if one.name in SENT_TO}
    return frozenset(
        step.action
        for step in PROCEDURE.steps.values()
        if step.track in sent
        if step.act_of is _ACTS_OF[role]
        or any((step.track, source) in OWN_STATES[role] for source in PROCEDURE.sources(step))
    )

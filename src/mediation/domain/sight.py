"""What somebody sees of a case they may see: the class of data each role reaches, and the case without what lies above.

Three classes, each holding the one before: ordinary, personal, and what was said in mediation. A role has a ceiling;
whose data are seen above it is told apart (a party and its own side). Nothing is shown because it was forgotten here:
a column without a class counts as said in mediation, and a test asks that every column has one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.access import SIDE_ROLES, WRITING, Actor, case_roles, person_scope
from mediation.domain.cases import Case
from mediation.domain.deadlines import Deadline
from mediation.domain.employment import EMPLOYMENT
from mediation.domain.in_mediation import is_action_of_the_talks
from mediation.domain.party_kinds import PartyKind, is_natural
from mediation.domain.procedure.step import HOUSE, SIDES, CaseRole, TextClass
from mediation.domain.records import Claim, Obligation, Party, Task, TrackInstance
from mediation.domain.terms import LIMITATION_CODES
from mediation.domain.told_later import (
    TOLD_LATER,
    actions_of,
    is_fact_told,
    is_term_told,
    is_told,
    track_named,
    untold_actions,
    without,
)


class DataClass(IntEnum):
    """How close something is to a person (PIPL 28) and to what was said in confidence (SPC-TY 28; R17 11)."""

    ORDINARY = 1
    PERSONAL = 2
    CONFIDENTIAL = 3


OF_TEXT: Final[Mapping[TextClass, DataClass]] = MappingProxyType(
    {
        TextClass.ORDINARY: DataClass.ORDINARY,
        TextClass.PERSONAL: DataClass.PERSONAL,
        TextClass.CONFIDENTIAL: DataClass.CONFIDENTIAL,
    }
)
CEILINGS: Final[Mapping[CaseRole, DataClass]] = MappingProxyType(
    {
        CaseRole.CLERK: DataClass.CONFIDENTIAL,
        CaseRole.MEDIATOR: DataClass.CONFIDENTIAL,
        CaseRole.VOLUNTEER: DataClass.CONFIDENTIAL,
        CaseRole.SYSTEM: DataClass.CONFIDENTIAL,
        CaseRole.UNION_OFFICER: DataClass.PERSONAL,
        CaseRole.SUPERVISOR: DataClass.PERSONAL,
        CaseRole.COURT_LIAISON: DataClass.PERSONAL,
        CaseRole.ARBITRATION_LIAISON: DataClass.PERSONAL,
        CaseRole.INSPECTION_LIAISON: DataClass.PERSONAL,
        CaseRole.AUDITOR: DataClass.ORDINARY,
        CaseRole.WORKER_SIDE: DataClass.ORDINARY,
        CaseRole.EMPLOYER_SIDE: DataClass.ORDINARY,
        CaseRole.THIRD_SIDE: DataClass.ORDINARY,
    }
)
"""The class up to which a role sees the whole case; a party sees personal data of its own side besides."""
LIAISONS: Final = frozenset({CaseRole.COURT_LIAISON, CaseRole.ARBITRATION_LIAISON, CaseRole.INSPECTION_LIAISON})
"""Who sees only what was sent to their body, from then on."""
INSIDERS: Final = HOUSE | {CaseRole.AUDITOR, CaseRole.SYSTEM}
"""Who sees how the house organizes its work: tasks, and warnings of danger."""
INTERNAL_TRACKS: Final = frozenset({"risk"})
CORRECTIONS: Final = frozenset({"void_last_step", "correct_entry", "correct_closed_entry"})
"""Steps that change what another step recorded."""
_SIDE_OF: Final = {CaseRole.WORKER_SIDE: "worker", CaseRole.EMPLOYER_SIDE: "employer", CaseRole.THIRD_SIDE: "third"}
_P: Final = DataClass.PERSONAL
COLUMNS: Final[Mapping[str, Mapping[str, DataClass]]] = MappingProxyType(
    {
        "tracks": dict.fromkeys(("id", "track", "state", "ref", "last_on"), DataClass.ORDINARY),
        "parties": {
            **dict.fromkeys(
                (
                    "id", "version", "role", "kind", "side", "headcount", "uscc", "consented_on", "consent_form", "bound",
                    "authority", "status",
                ),
                DataClass.ORDINARY,
            ),
            **dict.fromkeys(("subject_id", "resident_id_masked", "phone_masked", "person_id"), _P),
            "name": DataClass.ORDINARY,  # of a natural person: told apart by `knows_names`
        },
        "claims": {
            **dict.fromkeys(
                (
                    "id", "version", "code", "cause_scheme", "claimant_side", "amount_fen", "knew_on", "outcome",
                    "awarded_fen", "agreed_fen",
                ),
                DataClass.ORDINARY,
            ),
            **dict.fromkeys(("amount_text", "basis"), _P),
        },
        "obligations": {
            **dict.fromkeys(
                (
                    "id", "version", "agreement_id", "kind", "debtor_id", "creditor_id", "amount_fen", "due_on", "status",
                    "paid_fen", "done_on", "payer_id", "payer_capacity",
                ),
                DataClass.ORDINARY,
            ),
            **dict.fromkeys(("due_text", "what"), _P),
        },
        "assignments": dict.fromkeys(("id", "person_id", "role", "since", "until"), DataClass.ORDINARY),
        "tasks": {
            **dict.fromkeys(
                (
                    "id", "term", "deadline_id", "track_id", "due_on", "opened_on", "actions", "status", "done_on",
                    "owner_role", "owner_id", "escalate_on", "version",
                ),
                DataClass.ORDINARY,
            ),
            "note": _P,
        },
        "deadlines": dict.fromkeys(
            (
                "id", "term", "track_key", "party_id", "ref_id", "fact", "start", "due", "raw", "provisional", "status",
                "ended_on", "ended_by", "calendar_version", "given_end", "ledger", "is_paused",
            ),
            DataClass.ORDINARY,
        ),
        "limitation_acts": {
            **dict.fromkeys(
                (
                    "id", "version", "kind", "day", "claims", "until", "due_on", "action", "reason", "day_from", "due_from",
                    "status",
                ),
                DataClass.ORDINARY,
            ),
            **dict.fromkeys(("evidence", "note"), _P),
        },
        "case": {"value": DataClass.ORDINARY},
    }
)  # fmt: skip
"""The class of each column of a record. Facts are ordinary by the way they are made, but for those kept sealed."""
SEALED_FACTS: Final = frozenset({"attested", EMPLOYMENT})


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person sees of one case: up to which class, of whose people more, and whether from a dispatch on only."""

    roles: frozenset[CaseRole]
    ceiling: DataClass
    person_id: str
    organization_id: str | None
    sides: frozenset[str] = frozenset()

    @property
    def is_from_dispatch(self) -> bool:
        """Whether only what was sent is seen, and what the body took part in since."""
        return bool(self.roles) and self.roles <= LIAISONS

    @property
    def sees_wages(self) -> bool:
        """Whether the employment of every worker is seen; a worker sees their own in any case."""
        return self.reaches(DataClass.PERSONAL) and not self.is_from_dispatch

    @property
    def is_inside(self) -> bool:
        """Whether the work of the house is seen."""
        return bool(self.roles & INSIDERS)

    def is_outside(self, side: str) -> bool:
        """Whether what one side asks for and claims is kept from them: the other sides, and who has no part at all."""
        if self.sides:
            return side not in self.sides
        return not self.roles and not self.reaches(DataClass.PERSONAL)

    @property
    def told_later(self) -> frozenset[str]:
        """The tracks of which they learn only once they are told."""
        return frozenset(track for track, row in TOLD_LATER.items() if self.is_outside(row.asked_by))

    @property
    def unseen_actions(self) -> frozenset[str]:
        """The steps of which they are told nothing: what came before they were told, and the house's own."""
        own = frozenset[str]() if self.is_inside else actions_of(INTERNAL_TRACKS)
        return own | untold_actions(self.told_later)

    @property
    def unseen_statements(self) -> frozenset[str]:
        """The steps of which nothing vouched for is told; of corrections none to who is told later what they corrected."""
        return self.unseen_actions | (CORRECTIONS if self.told_later else frozenset())

    @property
    def knows_names(self) -> bool:
        """Whether natural persons are named: to everybody who works on the case or is in it, not to an auditor."""
        return self.ceiling >= DataClass.PERSONAL or self.roles != {CaseRole.AUDITOR}

    def reaches(self, asked: DataClass) -> bool:
        """Whether data of this class about anybody in the case are seen."""
        return asked <= self.ceiling

    def reaches_of(self, side: str | None, asked: DataClass) -> bool:
        """Whether data of this class about the people of one side are seen."""
        return self.reaches(asked) or (side in self.sides and asked <= DataClass.PERSONAL)

    @property
    def withheld(self) -> tuple[str, ...]:
        """What is left out of every answer to this person, by name."""
        found = {
            "before_dispatch": self.is_from_dispatch,
            "employment": not self.sees_wages,
            "evidence": not self.reaches(DataClass.PERSONAL),
            "limitation_of_others": self.is_outside("worker") or self.is_outside("employer"),
            "mediation": not self.reaches(DataClass.CONFIDENTIAL),
            "names": not self.knows_names,
            "personal": not self.reaches(DataClass.PERSONAL),
            "tasks": not self.is_inside,
            "told_later": bool(self.told_later),
        }
        return tuple(name for name, is_so in found.items() if is_so)


def sight_of(actor: Actor, roles: frozenset[CaseRole]) -> Sight:
    """What an actor sees of a case to which they are this; without any part it is what anybody may know."""
    ceiling = max((CEILINGS[role] for role in roles), default=DataClass.ORDINARY)
    if not roles <= LIAISONS:  # who has another part besides sees what that part shows, and the whole of it
        ceiling = max(CEILINGS[role] for role in roles - LIAISONS)
    if actor.raised_to is not None:
        ceiling = max(ceiling, DataClass(actor.raised_to))
    if roles & SIDES:  # who is a party hears nothing of what the other side confided, whatever else they are
        ceiling = min(ceiling, _P)
    sides = frozenset(_SIDE_OF[role] for role in roles & SIDES)
    return Sight(roles, ceiling, actor.person_id, actor.organization_id, sides)


def row_sight(actor: Actor, scope: str) -> Sight:
    """What an actor sees of each case in a list of one scope, told by their membership alone.

    In their own scope lie cases given to them, or they are a party: of the house is who belongs to it.
    """
    roles = case_roles(actor, [scope], (), ())
    if scope == person_scope(actor.person_id) and actor.roles & WRITING:
        roles = frozenset({CaseRole.VOLUNTEER})
    return sight_of(actor, roles)


def may_search(sight: Sight) -> bool:
    """Whether somebody may look for names in the cases of a list: who sees personal data, or is a party of them."""
    return not sight.is_from_dispatch and (sight.reaches(_P) or not sight.roles)


def may_identify(sight: Sight) -> bool:
    """Whether somebody may look for people by telephone or identity number: who sees personal data of everybody.

    To find a case by a number is to learn whose it is.
    """
    return may_search(sight) and sight.reaches(_P)


def seen_row(sight: Sight, actor: Actor, own_side: str | None) -> Sight:
    """What an actor sees of one row of a list: as a party where they are one, whatever else they are elsewhere."""
    return sight if own_side is None else sight_of(actor, frozenset({SIDE_ROLES[own_side]}))


_OF_PEOPLE: Final = ("applicants", "respondents")
_OF_WORK: Final = ("has_tasks", "has_risk")
_OF_CLOCKS: Final = ("next_due", "next_term", "is_provisional")
_OF_COURSE: Final = ("state", "stage", "claimed", "organization_id")
_OF_THE_HOUSE: Final = (
    "is_open", "next_due", "next_term", "is_provisional", "is_collective", "is_urgent", "is_migrant_worker",
)  # fmt: skip


def shown_row(
    row: Mapping[str, Any], sight: Sight, *, sent_on: str | None = None, is_here: bool = False
) -> dict[str, Any]:
    """A row of a list up to this sight; what is left out is None.

    To whom a case was sent, it says the day it was sent, where it stands only while it lies with them (`is_here`), and
    nothing of the clocks and marks of the house: theirs stand in the case.
    """
    hidden = [
        *(() if sight.knows_names else _OF_PEOPLE),
        *(() if sight.is_inside else _OF_WORK),
        *(_OF_CLOCKS if sight.sides and sight.told_later else ()),
        *(_OF_THE_HOUSE if sight.is_from_dispatch else ()),
        *(_OF_COURSE if sight.is_from_dispatch and not is_here else ()),
    ]
    return {**row, **dict.fromkeys(hidden), **({"sent_on": sent_on} if sight.is_from_dispatch else {})}


def shown(case: Case, sight: Sight) -> Case:
    """The case without what lies above this sight; a column above it is None, a name above it is empty."""
    case = known(case, sight)
    return replace(
        case,
        facts=shown_facts(case, sight),
        parties={key: shown_party(party, sight) for key, party in case.parties.items()},
        claims={key: shown_claim(claim, sight) for key, claim in case.claims.items()},
        obligations={key: _shown_obligation(owed, sight) for key, owed in case.obligations.items()},
        deadlines={key: clock for key, clock in case.deadlines.items() if is_clock_seen(case, clock, sight)},
        tasks={key: _shown_task(task, sight) for key, task in case.tasks.items()} if sight.is_inside else {},
        limitation_acts={
            key: act if sight.reaches(_P) else replace(act, evidence=None, note=None)
            for key, act in case.limitation_acts.items()
            if bears_on_seen(case, act.claims, sight)
        },
    )


def known(case: Case, sight: Sight) -> Case:
    """The case as far as it is known that there is something: without the tracks not seen, and not told of yet.

    What somebody may do, and why not, is judged on this: a reason that nobody was told of would tell it.
    """
    later = sight.told_later
    if sight.is_inside and not later:
        return case
    hidden = frozenset(key for key, track in case.tracks.items() if not is_track_seen(case, track, sight))
    untold = sight.unseen_actions
    last = case.last_entry
    is_last_hidden = bool(later) or last.get("track") in hidden or last.get("action") in untold
    return replace(
        case,
        facts={
            name: without(value, sight.unseen_statements) if name == "attested" else value
            for name, value in case.facts.items()
            if name.split(".")[0] not in hidden and (track_named(name) not in later or is_fact_told(name))
        },
        tracks={key: track for key, track in case.tracks.items() if key not in hidden},
        deadlines={
            key: clock
            for key, clock in case.deadlines.items()
            if clock.track_key not in hidden and is_clock_told(clock.track_key, clock.term, sight)
        },
        limitation_acts={key: act for key, act in case.limitation_acts.items() if act.action not in untold},
        last_entry={} if is_last_hidden else last,
    )


def is_track_seen(case: Case, track: TrackInstance, sight: Sight) -> bool:
    """Whether a matter beside the main track is seen: not one of the house's own, nor one not told of yet."""
    if track.track in INTERNAL_TRACKS:
        return sight.is_inside
    return track.track not in sight.told_later or is_told(case, track)


def is_clock_told(track_key: str, term: str, sight: Sight) -> bool:
    """Whether a clock is none that runs before they are told of its track."""
    track = track_named(track_key)
    return track not in sight.told_later or is_term_told(track, term)


def is_limitation_seen(case: Case, claim_id: str | None, sight: Sight) -> bool:
    """Whether the limitation of a claim is seen: by the house and the side that claims (CC 193).

    What one side does without the knowledge of the other moves it.
    """
    claim = case.claims.get(claim_id or "")
    return not (sight.sides if claim is None else sight.is_outside(claim.claimant_side))


def bears_on_seen(case: Case, claims: Collection[str], sight: Sight) -> bool:
    """Whether an act about these claims, or about all where none is named, bears on a limitation that is seen."""
    named = claims or case.claims.keys()
    return not named or any(is_limitation_seen(case, claim, sight) for claim in named)


def is_clock_seen(case: Case, clock: Deadline, sight: Sight) -> bool:
    """Whether a clock is seen: none that runs before they are told of its track, nor the limitation of others."""
    if clock.term in LIMITATION_CODES:
        return is_limitation_seen(case, clock.ref_id, sight)
    return is_clock_told(clock.track_key, clock.term, sight)


def shown_facts(case: Case, sight: Sight) -> dict[str, Any]:
    """The facts up to this sight: what was attested without its evidence, wages of the workers seen."""
    found = dict(case.facts)
    if EMPLOYMENT in found:
        seen = wages_seen(case, sight)
        found[EMPLOYMENT] = {worker: facts for worker, facts in found[EMPLOYMENT].items() if worker in seen}
    if found.get("attested"):
        found["attested"] = {guard: shown_statement(what, sight) for guard, what in found["attested"].items()}
    return found


def wages_seen(case: Case, sight: Sight) -> frozenset[str]:
    """The workers whose employment is seen: all of them from a personal ceiling on, else only oneself.

    The other side, courts, commissions and offices see nobody's wages.
    """
    return frozenset(
        party.id
        for party in case.parties.values()
        if party.side == "worker"
        and (sight.sees_wages or (party.person_id == sight.person_id and party.status == "active"))
    )


def shown_party(party: Party, sight: Sight) -> Party:
    """A party up to this sight."""
    if not sight.reaches_of(party.side, _P):
        party = replace(party, subject_id=None, resident_id_masked=None, phone_masked=None, person_id=None)
    is_named = sight.knows_names or not is_natural(PartyKind(party.kind))
    return party if is_named else replace(party, name="")


def shown_claim(claim: Claim, sight: Sight) -> Claim:
    """A claim up to this sight."""
    return claim if sight.reaches_of(claim.claimant_side, _P) else replace(claim, amount_text=None, basis=None)


def _shown_obligation(owed: Obligation, sight: Sight) -> Obligation:
    is_seen = sight.reaches(_P) or bool(sight.sides)  # what was agreed, both sides signed
    return owed if is_seen else replace(owed, due_text=None, what=None)


def _shown_task(task: Task, sight: Sight) -> Task:
    return task if sight.reaches(_P) else replace(task, note=None)


def shown_statement(stated: Mapping[str, Any], sight: Sight) -> Mapping[str, Any]:
    """What somebody vouched for with a step; the paper it rests on only to whom a remark with that step is told."""
    asked = DataClass.CONFIDENTIAL if is_action_of_the_talks(stated.get("action")) else _P
    return stated if sight.reaches(asked) else without_evidence(stated)


def without_evidence(stated: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody vouched for, without the paper it rests on or the words it was said in."""
    return {**stated, **{name: None for name in ("evidence", "statement") if name in stated}}

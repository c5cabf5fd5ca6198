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

from mediation.domain.access import WRITING, Actor, case_roles, person_scope
from mediation.domain.cases import Case
from mediation.domain.employment import EMPLOYMENT
from mediation.domain.party_kinds import PartyKind, is_natural
from mediation.domain.procedure.step import HOUSE, SIDES, CaseRole, TextClass
from mediation.domain.records import Claim, Obligation, Party, Task


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
            "mediation": not self.reaches(DataClass.CONFIDENTIAL),
            "names": not self.knows_names,
            "personal": not self.reaches(DataClass.PERSONAL),
            "tasks": not self.is_inside,
        }
        return tuple(name for name, is_so in found.items() if is_so)


def sight_of(actor: Actor, roles: frozenset[CaseRole]) -> Sight:
    """What an actor sees of a case to which they are this; without any part it is what anybody may know."""
    ceiling = max((CEILINGS[role] for role in roles), default=DataClass.ORDINARY)
    if not roles <= LIAISONS:  # who has another part besides sees what that part shows, and the whole of it
        ceiling = max(CEILINGS[role] for role in roles - LIAISONS)
    if actor.raised_to is not None:
        ceiling = max(ceiling, DataClass(actor.raised_to))
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
    """Whether somebody may look for people in the cases of a list: who sees personal data, and the whole case."""
    return not sight.is_from_dispatch and (sight.reaches(_P) or not sight.roles)


_OF_PEOPLE: Final = ("applicants", "respondents")
_OF_WORK: Final = ("has_tasks", "has_risk")
_OF_COURSE: Final = ("state", "stage", "next_due", "next_term", "claimed", "organization_id", "is_provisional")


def shown_row(row: Mapping[str, Any], sight: Sight, own_states: Collection[str] = ()) -> dict[str, Any]:
    """A row of a list up to this sight; what is left out is None.

    To whom a case was sent, it says where it stands only while it lies with them: in one of `own_states`.
    """
    hidden = [
        *(() if sight.knows_names else _OF_PEOPLE),
        *(() if sight.is_inside else _OF_WORK),
        *(_OF_COURSE if sight.is_from_dispatch and row["state"]["code"] not in own_states else ()),
    ]
    return {**row, **dict.fromkeys(hidden)}


def shown(case: Case, sight: Sight) -> Case:
    """The case without what lies above this sight; a column above it is None, a name above it is empty."""
    hidden = frozenset(t.id for t in case.tracks.values() if t.track in INTERNAL_TRACKS and not sight.is_inside)
    return replace(
        case,
        facts=shown_facts(case, sight, hidden),
        tracks={key: track for key, track in case.tracks.items() if key not in hidden},
        parties={key: shown_party(party, sight) for key, party in case.parties.items()},
        claims={key: shown_claim(claim, sight) for key, claim in case.claims.items()},
        obligations={key: _shown_obligation(owed, sight) for key, owed in case.obligations.items()},
        deadlines={key: clock for key, clock in case.deadlines.items() if clock.track_key not in hidden},
        tasks={key: _shown_task(task, sight) for key, task in case.tasks.items()} if sight.is_inside else {},
        limitation_acts={
            key: act if sight.reaches(_P) else replace(act, evidence=None, note=None)
            for key, act in case.limitation_acts.items()
        },
    )


def shown_facts(case: Case, sight: Sight, hidden: Collection[str] = ()) -> dict[str, Any]:
    """The facts up to this sight: what was attested without its evidence, wages of the workers seen."""
    found = {name: value for name, value in case.facts.items() if name.split(".")[0] not in hidden}
    if EMPLOYMENT in found:
        seen = wages_seen(case, sight)
        found[EMPLOYMENT] = {worker: facts for worker, facts in found[EMPLOYMENT].items() if worker in seen}
    if found.get("attested") and not sight.reaches(_P):
        found["attested"] = {guard: without_evidence(what) for guard, what in found["attested"].items()}
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


def without_evidence(stated: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody vouched for, without the paper it rests on or the words it was said in."""
    return {**stated, **{name: None for name in ("evidence", "statement") if name in stated}}

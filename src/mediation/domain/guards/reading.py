"""What guards read off a case and the step asked for: inputs, the parties who act or are bound, dues, obligations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from mediation.domain.calendar import count_agreed
from mediation.domain.cases import Question
from mediation.domain.deadlines import Deadline, is_over
from mediation.domain.guards.guard import Check
from mediation.domain.organizations import ORGANIZATION_KINDS, OrganizationKind, OrganizationProfile
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Obligation, Party

ENDED_UNHEARD: Final = frozenset({"cancelled", "replaced"})
COURT_VENUES: Final = frozenset({"court_prefiling_dispatch", "court_postfiling_entrust"})
POSTFILING: Final = "court_postfiling_entrust"
_LIVE_OR_DRAFTED: Final = frozenset({"open", "part", "done", "draft"})
_KINDS: Final = frozenset(OrganizationKind)
_SIDE_OF_ROLE: Final[Mapping[CaseRole, str]] = {
    CaseRole.WORKER_SIDE: "worker",
    CaseRole.EMPLOYER_SIDE: "employer",
    CaseRole.THIRD_SIDE: "third",
}


def given(question: Question, name: str) -> Any:
    """An input of the step itself, None where it is absent or nothing is asked yet."""
    return question.command.input.get(name) if question.command else None


def has_input(question: Question, *names: str) -> bool:
    """Whether the row takes one of these inputs."""
    return any(entry.name in names for entry in question.step.inputs)


def awaits(question: Question, *names: str) -> bool:
    """Whether this is a listing and the row's own input will say."""
    return question.command is None and has_input(question, *names)


def fact(question: Question, name: str) -> Any:
    """What earlier steps left on the case under this name."""
    return question.fact(name)


def requires(*names: str) -> Check:
    """Build a check that each of these inputs (or facts) is there; the first that is not is named."""

    def check(question: Question) -> str | None:
        return next((name for name in names if question.get(name) in (None, "", [], (), {})), None)

    return check


def requires_input(*names: str) -> Check:
    """Build a check that each of these inputs is given with the step itself."""

    def check(question: Question) -> str | None:
        return next((name for name in names if given(question, name) in (None, "", [], (), {})), None)

    return check


def has_evidence(question: Question) -> bool:
    """Whether the recorder attached evidence to the step."""
    return question.command is not None and bool(question.command.evidence)


def is_role(question: Question, *roles: CaseRole) -> bool:
    """Whether the actor has one of these roles in the case."""
    return not question.setting.roles.isdisjoint(roles)


def party_id(value: Any) -> str | None:
    """The id of a party in an input: a reference, or the party as given."""
    named = value.get("id") or value.get("party") if isinstance(value, Mapping) else value
    return named if isinstance(named, str) else None


def own_sides(question: Question) -> frozenset[str]:
    """The sides on which the actor stands as a party; empty for everybody else."""
    return frozenset(side for role, side in _SIDE_OF_ROLE.items() if role in question.setting.roles)


def acting_party(question: Question, *names: str) -> str | None:
    """Whose act it is: the party named in one of these inputs, else the one it is recorded for."""
    for name in names:
        if found := party_id(given(question, name)):
            return found
    return question.command.recorded_for if question.command else None


def is_by_one_of(question: Question, parties: Iterable[Party], *names: str) -> bool | None:
    """Whether one of these parties acts; None where nothing says who acts."""
    parties = tuple(parties)
    named = acting_party(question, *names)
    if named is not None:
        return named in {party.id for party in parties}
    if sides := own_sides(question):
        return not sides.isdisjoint(party.side for party in parties)
    return None


def bound_parties(question: Question) -> tuple[Party, ...]:
    """Parties whom an agreement shall bind: all but the absent, and third parties only where they owe or receive."""
    concerned = {
        party_id(entry.get(end))
        for name in ("obligations", "terms")
        for entry in given(question, name) or ()
        for end in ("debtor", "creditor")
    }
    for obligation in question.case.obligations.values():
        if obligation.status in _LIVE_OR_DRAFTED:
            concerned |= {obligation.debtor_id, obligation.creditor_id}
    return tuple(
        party
        for party in question.case.active_parties()
        if party.bound and (party.role != "third_party" or party.id in concerned)
    )


def is_represented(question: Question) -> bool:
    """Whether workers are spoken for by representatives: a collective case, or one party of several heads."""
    return bool(fact(question, "collective")) or any(
        (party.headcount or 1) > 1 for party in question.case.active_parties("worker")
    )


def agreement(question: Question) -> Mapping[str, Any]:
    """The agreement, settlement, award or judgment the case now rests on; empty where there is none."""
    return fact(question, "agreement") or {}


def profile_of(kind: Any) -> OrganizationProfile | None:
    """What the law makes of a kind of body; None for an unknown one."""
    return ORGANIZATION_KINDS[OrganizationKind(kind)] if kind in _KINDS else None


def organization_kind(question: Question, name: str = "organization") -> str | None:
    """The kind of the body named in the input, else of the body chosen earlier."""
    chosen = given(question, name)
    return kind_on_file(question, chosen) if chosen else fact(question, f"{name}_kind")


def kind_on_file(question: Question, organization: str | None) -> str | None:
    """The kind of an organization the question brings along."""
    kind = question.setting.references.organizations.get(organization or "", {}).get("kind")
    return str(kind) if kind is not None else None


def maker_kind(question: Question) -> str | None:
    """The kind of the body before which the agreement was made; None for a settlement between the parties alone."""
    current = agreement(question)
    made_by = current.get("made_by")
    if made_by is None:
        return None
    kind = current.get("organization_kind") or kind_on_file(question, made_by) or fact(question, "organization_kind")
    if kind is None and is_court_invited(question):
        return OrganizationKind.OTHER_LAWFUL_ORG
    return str(kind) if kind is not None else None


def is_court_invited(question: Question) -> bool:
    """Whether the mediating body is on a court's roster or mediates on a court's dispatch (SPC-TY 5, 11)."""
    body = agreement(question).get("made_by") or fact(question, "organization") or question.case.organization_id
    on_file = question.setting.references.organizations.get(body)
    on_roster = on_file.get("is_court_invited") if on_file else fact(question, "organization_court_invited")
    return bool(on_roster) or fact(question, "pretrial_venue") in COURT_VENUES


def in_instance(question: Question, deadline: Deadline) -> bool:
    """Whether a deadline may belong to this track: not to another instance of the same kind of track."""
    here = question.track.id if question.track else None
    others = {
        track.id for track in question.case.tracks.values() if track.track == question.step.track and track.id != here
    }
    return deadline.track_key not in others


def deadlines_of(question: Question, terms: Iterable[str], party: str | None = None) -> list[Deadline]:
    """Deadlines of these terms that were ever in force, oldest first; those of one party and of nobody in particular."""
    terms = frozenset(terms)
    found = [
        deadline
        for deadline in question.case.deadlines.values()
        if deadline.term in terms
        and deadline.status not in ENDED_UNHEARD
        and (party is None or deadline.party_id in (party, None))
        and in_instance(question, deadline)
    ]
    return sorted(found, key=lambda deadline: deadline.start)


def latest(question: Question, terms: Iterable[str], party: str | None = None) -> Deadline | None:
    """The deadline of these terms that started last, running or not."""
    found = deadlines_of(question, terms, party)
    return found[-1] if found else None


def is_pending(question: Question, deadline: Deadline) -> bool:
    """Whether a deadline still runs and its last day has not passed, or a hold keeps it from passing."""
    open_ended = deadline.is_paused or not is_over(deadline, question.today)
    return deadline.status == "running" and open_ended


def due_day(question: Question, obligation: Obligation) -> date | None:
    """The last day on which an obligation is in time, rolled off days off (CC 203); None where no day is fixed."""
    found = [
        deadline
        for deadline in question.case.deadlines.values()
        if deadline.term == "OBLIGATION" and deadline.ref_id == obligation.id and deadline.status not in ENDED_UNHEARD
    ]
    if found:
        return max(found, key=lambda deadline: deadline.start).due
    if obligation.due_on is None:
        return None
    return count_agreed(question.setting.calendar, obligation.due_on, roll=True).due


def is_overdue(question: Question, obligation: Obligation) -> bool:
    """Whether an obligation is not done and its due day has passed on the day of the act."""
    due = due_day(question, obligation)
    return obligation.status != "done" and due is not None and due < question.day


def after_performance(question: Question) -> tuple[Obligation, ...]:
    """The obligations in force once the performance in the step's input is counted in; no amount means the whole."""
    named, amount = given(question, "obligation"), given(question, "amount")
    return tuple(
        _performed(entry, amount) if entry.id == named else entry for entry in question.case.live_obligations()
    )


def _performed(obligation: Obligation, amount: int | None) -> Obligation:
    if amount is None:
        return replace(obligation, status="done")
    paid = obligation.paid_fen + amount
    whole = obligation.amount_fen is None or paid >= obligation.amount_fen
    return replace(obligation, paid_fen=paid, status="done" if whole else "part")


def unperformed(question: Question) -> Iterator[Obligation]:
    """Obligations in force that are not done."""
    return (entry for entry in question.case.live_obligations() if entry.status != "done")

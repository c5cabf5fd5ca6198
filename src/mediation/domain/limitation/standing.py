"""The limitation of a claim as it stands on a case: its facts put together from the records on file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from mediation.domain.calendar import Calendar
from mediation.domain.cases import MAIN, Case
from mediation.domain.deadlines import Deadline, DeadlineStatus
from mediation.domain.limitation.acts import STANDING, SUSPENSION
from mediation.domain.limitation.facts import EventKind, LimitationEvent, LimitationFacts, Suspension
from mediation.domain.limitation.views import LimitationView, limitation_of
from mediation.domain.procedure import PROCEDURE
from mediation.domain.records import Claim, LimitationAct
from mediation.domain.terms import LIMITATION_CODES

WARNED_DAYS_BEFORE: Final = 30

PENDING: Final = frozenset({
    "arbitration_filed", "arbitration_accepted", "arbitration_prehearing_mediation", "suit_filed",
    "litigation_recorded",
})  # fmt: skip
"""States in which an arbitration or a suit is under way: the year restarts when it ends."""


def limitation_on(case: Case, claim: Claim, *, calendar: Calendar, today: date) -> LimitationView:
    """Answer when a claim of this case lapses under each reading (LDMAL 27), from what is on file about it."""
    return limitation_of(_facts(case, claim), calendar=calendar, today=today)


def _facts(case: Case, claim: Claim) -> LimitationFacts:
    acts = tuple(_bearing_on(case, claim))
    return LimitationFacts(
        claim_code=claim.code,
        basis_day=claim.knew_on,
        employment_ended_on=_day(case, "ended_on"),
        still_employed=False,
        events=tuple(_event(act) for act in acts if act.kind != SUSPENSION),
        suspensions=tuple(Suspension(a.day, a.until, a.reason or "") for a in acts if a.kind == SUSPENSION),
        pending_since=_day(case, "filed_on") if case.state in PENDING else None,
    )


def _bearing_on(case: Case, claim: Claim) -> Iterator[LimitationAct]:
    """Acts about this claim; a suspension that names no claim is about all of them."""
    for act in case.limitation_acts.values():
        if act.status == STANDING and (claim.id in act.claims or not act.claims):
            yield act


def _event(act: LimitationAct) -> LimitationEvent:
    return LimitationEvent(
        day=act.day,
        kind=EventKind(act.kind),
        source="recorded" if act.action is None else "step",
        action=act.action,
        evidence=act.evidence,
        note=act.note,
        due_on=act.due_on,
    )


def _day(case: Case, name: str) -> date | None:
    value = case.facts.get(name)
    return date.fromisoformat(value) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class LimitationWarning:
    """A claim that lapses soon or has lapsed, by the safe day; `days_left` is negative afterwards."""

    claim: Claim
    safe_end: date
    days_left: int
    is_over: bool


def limitation_warnings(case: Case, *, calendar: Calendar, today: date) -> Iterator[LimitationWarning]:
    """Tell which open claims of an open case lapse within 30 days or have lapsed; a draft is warned of already.

    A claim whose clock a step has ended, because it is before a commission or a court, is not told.
    """
    if not PROCEDURE.states[MAIN, case.state].is_open:
        return
    for claim in case.open_claims():
        view = None if _is_stopped(case, claim) else limitation_on(case, claim, calendar=calendar, today=today)
        if view is None or view.safe_end is None:
            continue
        days_left = (view.safe_end - today).days
        if days_left <= WARNED_DAYS_BEFORE:
            yield LimitationWarning(claim, view.safe_end, days_left, is_over=days_left < 0)


def _is_stopped(case: Case, claim: Claim) -> bool:
    """Whether the last limitation deadline of a claim was ended by a step."""
    mine = clocks_of(case, claim)
    return bool(mine) and mine[-1].status == DeadlineStatus.STOPPED


def clocks_of(case: Case, claim: Claim) -> list[Deadline]:
    """The limitation deadlines a claim has had, in order; one that was taken back with its step never ran."""
    mine = (d for d in case.deadlines.values() if d.ref_id == claim.id and d.term in LIMITATION_CODES)
    return [d for d in mine if d.status != DeadlineStatus.CANCELLED]

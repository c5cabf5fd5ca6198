"""The deadline of each claim's limitation, kept in line with the clock: one way of saying when a claim lapses.

The deadline ends on the safe day, the earliest of the readings, so that warnings go by it. Acts in time replace it
by a new one; corrections, suspensions and notices move it. It starts as soon as its first day is known and ends
with the steps that end limitation; one that has lapsed comes back only when the debtor agrees to perform (CC 192(2)).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from mediation.domain.calendar import Calendar, Line
from mediation.domain.cases import Case, Setting
from mediation.domain.claims import WAGES
from mediation.domain.deadlines import Deadline, DeadlineStatus, end_deadline
from mediation.domain.draft import Draft
from mediation.domain.limitation.standing import clocks_of, limitation_on
from mediation.domain.limitation.views import LimitationStatus, Reading
from mediation.domain.records import Claim
from mediation.domain.terms import LIMITATION_CODES

GENERAL, WAGE_EXIT = LIMITATION_CODES
FIRST_DAYS = ("knew_on", "ended_on")
_NEVER_ENDED = frozenset({None, DeadlineStatus.REPLACED})
_GIVEN_UP = frozenset({"withdrawn", "split_off"})


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why clocks are looked at: the setting, the day of the act, the row or verb, and which terms it may run anew.

    What never ran begins on any occasion; only a row that starts a term runs one anew that a step had ended.
    """

    setting: Setting
    on: date
    by: str
    starts: frozenset[str] = frozenset()
    is_correction: bool = False


def keep_limitation(draft: Draft, before: Case, occasion: Occasion) -> None:
    """Bring the limitation deadlines of every claim in line with its clock; `before` is the case as it was.

    A claim that was settled keeps the clock it has: the promise restarts it until what was promised is performed.
    """
    if draft.case.state == "draft":
        return
    for claim in draft.case.claims.values():
        if claim.outcome not in _GIVEN_UP:
            _keep(draft, before, claim, occasion)


def limitation_today(case: Case, deadline: Deadline, *, calendar: Calendar, today: date) -> Deadline:
    """Move the end of a limitation deadline that stands still to where it lies today; any other is as it stands."""
    claim = case.claims.get(deadline.ref_id or "")
    if deadline.term not in LIMITATION_CODES or not deadline.is_paused or claim is None:
        return deadline
    reading = _followed(case, claim, calendar, today)
    if reading is None or reading.end is None:
        return deadline
    return replace(deadline, due=reading.end, raw=reading.raw or reading.end, provisional=reading.provisional)


def limitation_working(case: Case, deadline: Deadline, *, calendar: Calendar, today: date) -> tuple[Line, ...] | None:
    """Give the arithmetic behind a running limitation deadline; None for any other deadline."""
    claim = case.claims.get(deadline.ref_id or "")
    if deadline.term not in LIMITATION_CODES or deadline.status != DeadlineStatus.RUNNING or claim is None:
        return None
    reading = _followed(case, claim, calendar, today)
    return None if reading is None else reading.working


def _followed(case: Case, claim: Claim, calendar: Calendar, today: date) -> Reading | None:
    """The reading whose end is the safe day, or None where nothing runs or a fact is missing."""
    view = limitation_on(case, claim, calendar=calendar, today=today)
    rule = view.in_force.rule
    ending = [reading for reading in view.readings if reading.end == view.safe_end and view.safe_end is not None]
    return min(ending, key=lambda reading: reading.rule != rule, default=None)


def _keep(draft: Draft, before: Case, claim: Claim, occasion: Occasion) -> None:
    mine = clocks_of(draft.case, claim)
    running = next((d for d in mine if d.status == DeadlineStatus.RUNNING), None)
    reading = _followed(draft.case, claim, occasion.setting.calendar, occasion.setting.today)
    new = _deadline(draft.case, claim, reading, occasion)
    if running is not None:
        _follow(draft, before, (running, new), occasion)
    elif new is not None and _begins(mine, new, occasion, was=before.claims.get(claim.id), claim=claim):
        draft.put("deadlines", new)


def _begins(mine: list[Deadline], new: Deadline, occasion: Occasion, *, was: Claim | None, claim: Claim) -> bool:
    """Whether a clock starts: the first of an open claim, one of a claim open again, one after a promise."""
    last = mine[-1].status if mine else None
    if last == DeadlineStatus.LAPSED:
        return new.due >= occasion.setting.today
    if claim.outcome != "open":
        return False
    is_open_again = was is not None and was.outcome != "open"
    is_started_by_its_row = new.term in occasion.starts and not occasion.is_correction
    return last in _NEVER_ENDED or is_open_again or is_started_by_its_row


def _follow(draft: Draft, before: Case, clocks: tuple[Deadline, Deadline | None], occasion: Occasion) -> None:
    running, new = clocks
    is_new = running.id not in before.deadlines
    if new is not None and new.term == running.term and (is_new or not _is_restart(running, new)):
        draft.put("deadlines", replace(new, id=running.id))
        return
    ended = end_deadline(running, DeadlineStatus.REPLACED, on=occasion.on, by=occasion.by)
    draft.put("deadlines", ended)
    if new is not None:
        draft.put("deadlines", new)


def _is_restart(running: Deadline, new: Deadline) -> bool:
    """Whether an act started the year anew; a first day that was corrected moves the deadline instead."""
    return new.start > running.start and new.fact not in FIRST_DAYS


def _deadline(case: Case, claim: Claim, reading: Reading | None, occasion: Occasion) -> Deadline | None:
    """The deadline a reading gives; None where it gives no end."""
    if reading is None or reading.start is None or reading.end is None:
        return None
    return Deadline(
        id=occasion.setting.new_id(),
        term=WAGE_EXIT if reading.rule == WAGES else GENERAL,
        track_key="main",
        party_id=None,
        ref_id=claim.id,
        fact=_what_started(case, claim, reading.start, reading.rule),
        start=reading.start,
        due=reading.end,
        raw=reading.raw or reading.end,
        provisional=reading.provisional,
        status=DeadlineStatus.RUNNING,
        ended_on=None,
        ended_by=None,
        calendar_version=occasion.setting.calendar.version,
        given_end=reading.raw,
        is_paused=reading.status is LimitationStatus.SUSPENDED,
    )


def _what_started(case: Case, claim: Claim, start: date, rule: str) -> str:
    days: Mapping[date, str] = {
        act.day: act.action or act.kind
        for act in case.limitation_acts.values()
        if act.status == "standing" and claim.id in act.claims
    }
    return days.get(start) or FIRST_DAYS[rule == WAGES]

"""A term running on a case: its due date, how it moves, and the arithmetic behind it, recounted on demand."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from mediation.domain.calendar import Calendar, Count, Line, Unit, count, count_agreed
from mediation.domain.labels import Label
from mediation.domain.terms import TERMS, Term


class DeadlineStatus(StrEnum):
    """What became of a deadline; only a running one can fire."""

    RUNNING = "running"
    STOPPED = "stopped"
    LAPSED = "lapsed"
    FIRED = "fired"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One term running on a case: `raw` is the last day before rolling, `due` the last day in law.

    `fact` names what started it on `start`; `ref_id` is the obligation, claim or title it belongs to;
    `ended_by` is the step that ended it; `moved` says that the end was set and is no longer counted from `start`.
    """

    id: str
    term: str
    track_key: str
    party_id: str | None
    ref_id: str | None
    fact: str
    start: date
    due: date
    raw: date
    provisional: bool
    status: DeadlineStatus
    ended_on: date | None
    ended_by: str | None
    calendar_version: str
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a deadline ends when it does; `hint_on` is the safer, earlier date its `hint` speaks of."""

    term: str
    label: Label
    basis: str
    fact: str
    start: date
    due: date
    working: tuple[Line, ...]
    calendar_version: str
    provisional: bool
    hint: Label | None
    hint_on: date | None


def start_deadline(
    term: str | Term,
    *,
    id: str,  # noqa: A002 - the word of the case file
    start: date,
    calendar: Calendar,
    fact: str,
    agreed_end: date | None = None,
    party_id: str | None = None,
    ref_id: str | None = None,
    track_key: str = "main",
) -> Deadline:
    """Start a term: counted from `start`, or ending on `agreed_end`; ValueError when term and dates do not fit."""
    row = term if isinstance(term, Term) else TERMS.get(term)
    if row is None:
        raise ValueError(f"there is no term {term!r}")
    counted = _count(row, start, agreed_end, calendar)
    return Deadline(
        id=id,
        term=row.code,
        track_key=track_key,
        party_id=party_id,
        ref_id=ref_id,
        fact=fact,
        start=start,
        due=counted.due,
        raw=counted.raw,
        provisional=counted.provisional,
        status=DeadlineStatus.RUNNING,
        ended_on=None,
        ended_by=None,
        calendar_version=counted.calendar_version,
    )


def move_deadline(deadline: Deadline, new_end: date, calendar: Calendar) -> Deadline:
    """Set the end to `new_end`, rolled where the term rolls (LDMAL 14, 43; R17 29); ValueError if before the start."""
    row = TERMS[deadline.term]
    if new_end < deadline.start and not row.backward:
        raise ValueError(f"{row.code}: the new end {new_end} is before the start {deadline.start}")
    counted = count_agreed(calendar, new_end, roll=row.roll)
    return _with_count(replace(deadline, moved=True), counted)


def resume_deadline(deadline: Deadline, *, since: date, until: date, calendar: Calendar) -> Deadline:
    """Push the end on by the days of the pause, first and last included, in the term's days (ZJ 36; SPC-OL 26)."""
    if until < since:
        raise ValueError(f"the pause ends on {until}, before it begins on {since}")
    row = TERMS[deadline.term]
    if row.backward:  # it follows the hearing, not the pause
        return deadline
    first = max(since, deadline.start + timedelta(days=1))
    lost = [first + timedelta(days=number) for number in range((until - first).days + 1)]
    if row.unit is not Unit.WORKING_DAY:
        return move_deadline(deadline, deadline.raw + timedelta(days=len(lost)), calendar)
    number = sum(calendar.is_working_day(day) for day in lost)
    return move_deadline(deadline, count(calendar, deadline.raw, number, row.unit, roll=False).due, calendar)


def recount_deadline(deadline: Deadline, calendar: Calendar) -> Deadline:
    """Count again on another calendar, as when a notice is loaded; a set end stays and only rolls anew."""
    return _with_count(deadline, _recount(deadline, calendar))


def end_deadline(deadline: Deadline, status: DeadlineStatus, *, on: date, by: str | None) -> Deadline:
    """End a deadline on a day, by the step named."""
    return replace(deadline, status=status, ended_on=on, ended_by=by)


def why(deadline: Deadline, calendar: Calendar) -> Explanation:
    """Explain the due date by counting it again on the calendar given."""
    row, counted = TERMS[deadline.term], _recount(deadline, calendar)
    return Explanation(
        term=row.code,
        label=row.label,
        basis=row.basis,
        fact=deadline.fact,
        start=deadline.start,
        due=counted.due,
        working=counted.working,
        calendar_version=counted.calendar_version,
        provisional=counted.provisional,
        hint=row.hint,
        hint_on=hint_date(deadline, calendar),
    )


def hint_date(deadline: Deadline, calendar: Calendar) -> date | None:
    """Find the safer date: the end in calendar days (AMB-2), or one working day before the end (AMB-3)."""
    row = TERMS[deadline.term]
    if "AMB-2" in row.ambiguities and not deadline.moved and not row.backward and row.length is not None:
        return min(deadline.due, deadline.start + timedelta(days=row.length))
    if "AMB-3" in row.ambiguities:
        return count(calendar, deadline.due, 1, Unit.WORKING_DAY, roll=False, backward=True).due
    return None


def is_over(deadline: Deadline, today: date) -> bool:
    """Tell whether the last day, which ends at 24:00 (CC 203), has passed."""
    return today > deadline.due


def days_left(deadline: Deadline, today: date) -> int:
    """Count calendar days from today to the last day: 0 on the last day, negative afterwards."""
    return (deadline.due - today).days


def _count(row: Term, start: date, agreed_end: date | None, calendar: Calendar) -> Count:
    if row.length is not None:
        if agreed_end is not None:
            raise ValueError(f"{row.code} is counted from its start: move it instead of giving an end")
        return count(calendar, start, row.length, row.unit, roll=row.roll, backward=row.backward)
    if agreed_end is None:
        raise ValueError(f"{row.code} ends on an agreed day: give agreed_end")
    if agreed_end < start:
        raise ValueError(f"{row.code}: the agreed end {agreed_end} is before the start {start}")
    return count_agreed(calendar, agreed_end, roll=row.roll)


def _recount(deadline: Deadline, calendar: Calendar) -> Count:
    row = TERMS[deadline.term]
    if deadline.moved:
        return count_agreed(calendar, deadline.raw, roll=row.roll)
    agreed_end = deadline.raw if row.unit is Unit.AGREED else None
    return _count(row, deadline.start, agreed_end, calendar)


def _with_count(deadline: Deadline, counted: Count) -> Deadline:
    return replace(
        deadline,
        due=counted.due,
        raw=counted.raw,
        provisional=counted.provisional,
        calendar_version=counted.calendar_version,
    )

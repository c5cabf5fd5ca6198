"""A term running on a case: its due date, how it moves, and the arithmetic behind it, recounted on demand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.calendar import Calendar, Count, Line, Unit, count, count_agreed
from mediation.domain.labels import Label
from mediation.domain.readings import reading
from mediation.domain.terms import TERMS, Term, as_read

NO_FACTS: Final[Mapping[str, Any]] = MappingProxyType({})


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
    """Why a deadline ends when it does; `hint_on` is the other date its `hint` speaks of, where there is one."""

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
    found = term if isinstance(term, Term) else TERMS.get(term)
    if found is None:
        raise ValueError(f"there is no term {term!r}")
    row = as_read(found)
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
    row = as_read(TERMS[deadline.term])
    if new_end < deadline.start and not row.backward:
        raise ValueError(f"{row.code}: the new end {new_end} is before the start {deadline.start}")
    counted = _count_agreed(row, new_end, calendar)
    return _with_count(replace(deadline, moved=True), counted)


def resume_deadline(deadline: Deadline, *, since: date, until: date, calendar: Calendar) -> Deadline:
    """Push the end on by the days of the pause, first and last included, in the term's days (ZJ 36; SPC-OL 26)."""
    if until < since:
        raise ValueError(f"the pause ends on {until}, before it begins on {since}")
    row = as_read(TERMS[deadline.term])
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


def why(deadline: Deadline, calendar: Calendar, facts: Mapping[str, Any] = NO_FACTS) -> Explanation:
    """Explain the due date by counting it again on the calendar given; a hint may need the facts of the case."""
    row, counted = as_read(TERMS[deadline.term]), _recount(deadline, calendar)
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
        hint_on=hint_date(deadline, calendar, facts),
    )


def hint_date(deadline: Deadline, calendar: Calendar, facts: Mapping[str, Any] = NO_FACTS) -> date | None:
    """Find the date another reading gives (AMB-1), or the safer day (AMB-2, AMB-3), as the rules in force show it."""
    row = as_read(TERMS[deadline.term])
    asked = next((name for name in row.ambiguities if name in _HINT_DATES), None)
    return None if asked is None else _HINT_DATES[asked](deadline, row, calendar, facts)


def _from_the_other_start(deadline: Deadline, row: Term, calendar: Calendar, facts: Mapping[str, Any]) -> date | None:
    other = reading("AMB-1").shown_from
    day = facts.get(other)
    if day is None or deadline.fact == other or deadline.moved or deadline.status is not DeadlineStatus.RUNNING:
        return None
    return _count(row, date.fromisoformat(day) if isinstance(day, str) else day, None, calendar).due


def _short_term(deadline: Deadline, row: Term, _calendar: Calendar, _facts: Mapping[str, Any]) -> date | None:
    if deadline.moved or row.backward or row.length is None:
        return None
    found: date | None = reading("AMB-2").hint_on(deadline.start, row.length, deadline.due)
    return found


def _filing_term(deadline: Deadline, _row: Term, calendar: Calendar, _facts: Mapping[str, Any]) -> date | None:
    found: date | None = reading("AMB-3").hint_on(deadline.raw, deadline.due, calendar)
    return found


_HINT_DATES: Final[Mapping[str, Callable[[Deadline, Term, Calendar, Mapping[str, Any]], date | None]]] = (
    MappingProxyType({"AMB-1": _from_the_other_start, "AMB-2": _short_term, "AMB-3": _filing_term})
)


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
        counted = count(calendar, start, row.length, row.unit, roll=row.roll, backward=row.backward)
        return _settled(row, counted, calendar)
    if agreed_end is None:
        raise ValueError(f"{row.code} ends on an agreed day: give agreed_end")
    if agreed_end < start:
        raise ValueError(f"{row.code}: the agreed end {agreed_end} is before the start {start}")
    return _count_agreed(row, agreed_end, calendar)


def _count_agreed(row: Term, end: date, calendar: Calendar) -> Count:
    return _settled(row, count_agreed(calendar, end, roll=row.roll), calendar)


def _settled(row: Term, counted: Count, calendar: Calendar) -> Count:
    """The end after rolling, a make-up working day taken as AMB-3 is read."""
    if not row.roll or row.backward:
        return counted
    settled: Count = reading("AMB-3").settle(counted, calendar)
    return settled


def _recount(deadline: Deadline, calendar: Calendar) -> Count:
    row = as_read(TERMS[deadline.term])
    if deadline.moved:
        return _count_agreed(row, deadline.raw, calendar)
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

"""A term running on a case: its due date, how it moves, and the arithmetic behind it, recounted on demand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from mediation.domain import workings
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


class AdjustmentKind(StrEnum):
    """What moved the end of a deadline: days that do not count, or a new end that was agreed or set."""

    SUSPENSION = "suspension"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One entry of a deadline's ledger; nothing in it is ever counted from another result.

    A suspension lasts from `since` until `until`, both included; `until` is None while it lasts. An extension was
    agreed or set on `since` and gives the new end `until`. `by` is the row that recorded it.
    """

    kind: AdjustmentKind
    reason: str
    by: str
    since: date
    until: date | None

    def __post_init__(self) -> None:
        if self.kind is AdjustmentKind.SUSPENSION and self.until is not None and self.until < self.since:
            raise ValueError(f"the pause ends on {self.until}, before it begins on {self.since}")

    @property
    def is_open(self) -> bool:
        """Whether it is a suspension that lasts."""
        return self.until is None


@dataclass(frozen=True, slots=True)
class Deadline:
    """One term running on a case: `raw` is the last day before rolling, `due` the last day in law.

    `fact` names what started it on `start`; `ref_id` is the obligation, claim or title it belongs to;
    `ended_by` is the step that ended it. Its end is counted from `start`, or is the `given_end` that an agreement,
    a document or the limitation of a claim gives; the `ledger` of pauses and extensions moves it from there.
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
    given_end: date | None = None
    ledger: tuple[Adjustment, ...] = ()
    is_paused: bool = False


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
    counted = _count_from(row, start, agreed_end, calendar)
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
        given_end=agreed_end,
    )


def extend_deadline(
    deadline: Deadline, new_end: date, *, on: date, reason: str, by: str, calendar: Calendar
) -> Deadline:
    """Set the end to `new_end`, rolled where the term rolls (LDMAL 14, 43; R17 29); ValueError if before the start."""
    row = as_read(TERMS[deadline.term])
    if new_end < deadline.start and not row.backward:
        raise ValueError(f"{row.code}: the new end {new_end} is before the start {deadline.start}")
    extension = Adjustment(AdjustmentKind.EXTENSION, reason, by, on, new_end)
    return recount_deadline(replace(deadline, ledger=(*deadline.ledger, extension)), calendar)


def suspend_deadline(deadline: Deadline, *, since: date, reason: str, by: str) -> Deadline:
    """Stop the clock from `since` on, until it is resumed: the days left are kept (C13; ZJ 36; SPC-OL 26)."""
    pause = Adjustment(AdjustmentKind.SUSPENSION, reason, by, since, None)
    return replace(deadline, ledger=(*deadline.ledger, pause), is_paused=True)


def resume_deadline(deadline: Deadline, *, until: date, calendar: Calendar) -> Deadline:
    """End the pause with the day `until`: the days left run on from the day after (C13; ZJ 36; SPC-OL 26).

    ValueError when it would end before it began.
    """
    closed = tuple(replace(entry, until=until) if entry.is_open else entry for entry in deadline.ledger)
    return recount_deadline(replace(deadline, ledger=closed, is_paused=False), calendar)


def recount_deadline(deadline: Deadline, calendar: Calendar) -> Deadline:
    """Count again on this calendar from its start, or from the end that was given, through its whole ledger."""
    return recount_explained(deadline, calendar)[0]


def recount_explained(deadline: Deadline, calendar: Calendar) -> tuple[Deadline, Count]:
    """Count again, and keep the count that explains the end, where many are counted and each must be told."""
    counted = _recount(deadline, calendar)
    return _with_count(deadline, counted), counted


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
    if day is None or deadline.fact == other or deadline.ledger or deadline.status is not DeadlineStatus.RUNNING:
        return None
    return _count_from(row, date.fromisoformat(day) if isinstance(day, str) else day, None, calendar).due


def _short_term(deadline: Deadline, row: Term, _calendar: Calendar, _facts: Mapping[str, Any]) -> date | None:
    if deadline.ledger or row.backward or row.length is None:
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


def may_fire(deadline: Deadline, today: date) -> bool:
    """Tell whether what the end of the term brings may happen: it runs, is not paused, and its last day is over."""
    return deadline.status == DeadlineStatus.RUNNING and not deadline.is_paused and is_over(deadline, today)


def days_left(deadline: Deadline, today: date) -> int:
    """Count calendar days from today to the last day: 0 on the last day, negative afterwards.

    While the clock stands still: the days that will be left when it runs on.
    """
    since = min((entry.since for entry in deadline.ledger if entry.is_open), default=today)
    return (deadline.due - min(today, since)).days


def _count_from(row: Term, start: date, agreed_end: date | None, calendar: Calendar) -> Count:
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
    if deadline.given_end is not None:
        counted = _given(row, deadline.given_end, calendar)
    else:
        counted = _count_from(row, deadline.start, None, calendar)
    return _through_ledger(row, deadline, counted, calendar) if deadline.ledger else counted


def _given(row: Term, end: date, calendar: Calendar) -> Count:
    counted = _count_agreed(row, end, calendar)
    if row.unit is Unit.AGREED:
        return counted
    return replace(counted, working=(workings.limitation_end(end), *counted.working[1:]))


def _through_ledger(row: Term, deadline: Deadline, counted: Count, calendar: Calendar) -> Count:
    """The end as the ledger moves it, day by day: each pause adds the days of the term that it took out.

    Days before the term began, or of another pause, are added once or not at all; an end agreed or set takes the
    place of all that went before it. A term counted backwards follows its hearing, not a pause.
    """
    lost, since = _lost_days(deadline), deadline.start
    extensions = [entry for entry in deadline.ledger if entry.kind is AdjustmentKind.EXTENSION]
    for extension in sorted(extensions, key=lambda entry: entry.since):
        counted = _paused(row, [day for day in lost if since < day <= extension.since], counted, calendar)
        counted = _extended(row, extension, counted, calendar)
        since = max(since, extension.since)
    counted = _paused(row, [day for day in lost if day > since], counted, calendar)
    for entry in deadline.ledger:
        if entry.is_open:
            counted = _joined(counted, (workings.stands_still(entry.since),), counted)
    return counted


def _lost_days(deadline: Deadline) -> list[date]:
    """Every day of a pause that is over, once, in order."""
    found = set[date]()
    for entry in deadline.ledger:
        if entry.kind is AdjustmentKind.SUSPENSION and entry.until is not None:
            found.update(entry.since + timedelta(days=n) for n in range((entry.until - entry.since).days + 1))
    return sorted(found)


def _extended(row: Term, extension: Adjustment, counted: Count, calendar: Calendar) -> Count:
    moved = _count_agreed(row, extension.until or extension.since, calendar)
    return _joined(counted, (workings.extended(extension.since, moved.raw), *moved.working[1:]), moved)


def _paused(row: Term, lost: list[date], counted: Count, calendar: Calendar) -> Count:
    for spell in _spells(lost):
        counted = _paused_once(row, spell, counted, calendar)
    return counted


def _spells(days: list[date]) -> list[list[date]]:
    """Days in a row together."""
    spells: list[list[date]] = []
    for day in days:
        if spells and day - spells[-1][-1] == timedelta(days=1):
            spells[-1].append(day)
        else:
            spells.append([day])
    return spells


def _paused_once(row: Term, lost: list[date], counted: Count, calendar: Calendar) -> Count:
    if row.backward or lost[0] > counted.due:
        return _joined(counted, (workings.pause_without_effect(lost[0], lost[-1]),), counted)
    if row.unit is Unit.WORKING_DAY:
        return _paused_working_days(lost, counted, calendar)
    # Where the end has rolled and the pause begins in the days rolled over, the day after the pause is left.
    raw = max(counted.raw, lost[0]) + timedelta(days=len(lost))
    moved = _count_agreed(row, raw, calendar)
    line = workings.paused(lost[0], lost[-1], len(lost), raw=raw, unit=Unit.CALENDAR_DAY)
    return _joined(counted, (line, *moved.working[1:]), moved)


def _paused_working_days(lost: list[date], counted: Count, calendar: Calendar) -> Count:
    """Working days that the pause took out are counted on from the end; days off in it were none to lose."""
    number = sum(calendar.is_working_day(day) for day in lost)
    moved = count(calendar, counted.raw, number, Unit.WORKING_DAY, roll=False)
    line = workings.paused(lost[0], lost[-1], number, raw=moved.due, unit=Unit.WORKING_DAY)
    is_provisional = counted.provisional or moved.provisional or any(calendar.is_provisional(day) for day in lost)
    return replace(_joined(counted, (line,), moved), provisional=is_provisional)


def _joined(before: Count, lines: tuple[Line, ...], after: Count) -> Count:
    return replace(after, working=(*before.working, *lines))


def _with_count(deadline: Deadline, counted: Count) -> Deadline:
    return replace(
        deadline,
        due=counted.due,
        raw=counted.raw,
        provisional=counted.provisional,
        calendar_version=counted.calendar_version,
    )

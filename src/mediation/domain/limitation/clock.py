"""One limitation clock under one reading: a year from the basis day, restarted by acts in time, longer by suspensions.

An act never leaves the claimant worse off: where the year from it would end before the end that stands, as a
suspension and a leap day can bring about, the later end stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mediation.domain.calendar import Calendar, Line, Unit, count, count_agreed
from mediation.domain.limitation import texts
from mediation.domain.limitation.facts import EventKind, LimitationEvent, Suspension

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """Where a clock stands: the year counted from `start` ends on `end`, `raw` before rolling, with its lines."""

    start: date
    end: date
    raw: date
    provisional: bool
    is_suspended: bool
    revived_by: LimitationEvent | None
    working: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Spell:
    """Suspensions that touch or overlap, as one stretch of days; counted up to the day of the view while open."""

    since: date
    until: date
    reasons: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class _Year:
    """The year from one day with its suspensions and its roll."""

    start: date
    end: date
    raw: date
    provisional: bool
    is_suspended: bool
    is_extended: bool
    working: tuple[Line, ...]


def run(
    start: date,
    events: Sequence[LimitationEvent],
    suspensions: Sequence[Suspension],
    *,
    calendar: Calendar,
    today: date,
    counts_ends: bool,
) -> Run:
    """Run the clock from `start` over the acts up to today (LDMAL 27); ends of procedures only if `counts_ends`."""
    spells = _spells(suspensions, today)
    year, lines, revived_by = _year(start, spells, calendar), [], None
    for event in sorted(events, key=lambda event: (event.day, event.kind is not EventKind.PROMISE)):
        if refused := _without_effect(event, start, today, counts_ends=counts_ends):
            lines.append(refused)
            continue
        is_late = event.day > year.end
        if is_late and event.kind is not EventKind.PROMISE:
            lines.append(texts.too_late(event, year.end))
            continue
        runs_from = max(event.day, event.due_on or event.day) if counts_ends else event.day
        restarted = _year(runs_from, spells, calendar)
        if restarted.end < year.end:
            lines.append(texts.no_gain(event, year.end))
            continue
        if year.is_extended or is_late:  # why the year that is left behind ended when it did
            lines.extend(year.working)
        lines.append(texts.restarted(event, runs_from, year.end, is_late=is_late))
        year, revived_by = restarted, event if is_late else revived_by
    return Run(year.start, year.end, year.raw, year.provisional, year.is_suspended, revived_by, (*lines, *year.working))


def _without_effect(event: LimitationEvent, start: date, today: date, *, counts_ends: bool) -> Line | None:
    if event.day > today:
        return texts.not_yet(event)
    if event.day <= start:
        return texts.before_basis(event)
    if event.kind is EventKind.END_OF_PROCEDURE and not counts_ends:
        return texts.not_in_safe_reading(event)
    return None


def _spells(suspensions: Sequence[Suspension], today: date) -> list[_Spell]:
    merged: list[_Spell] = []
    for one in sorted(suspensions, key=lambda one: one.since):
        spell = _Spell(one.since, one.until or today, (one.reason,), one.until is None)
        if spell.until < spell.since:  # begins after the day of the view
            continue
        if merged and spell.since <= merged[-1].until + DAY:
            before = merged.pop()
            reasons = tuple(dict.fromkeys((*before.reasons, *spell.reasons)))
            until = max(before.until, spell.until)
            spell = _Spell(before.since, until, reasons, before.is_open or spell.is_open)
        merged.append(spell)
    return merged


def _year(start: date, spells: Sequence[_Spell], calendar: Calendar) -> _Year:
    """Count the year from `start`; a spell that begins before its end adds its days after `start` (LDMAL 27(3)).

    A spell that still lasts on the day the year is counted from adds none yet, but the year stands still with it.
    """
    counted = count(calendar, start, 1, Unit.YEAR, roll=False)
    lines, settled, counts = list(counted.working), count_agreed(calendar, counted.raw, roll=True), []
    for spell in spells:
        if spell.is_open and spell.until <= start:  # it will still last when the year begins to run
            counts.append(True)
            lines.append(texts.suspended_from_the_start(spell.since))
            continue
        first = max(spell.since, start + DAY)
        days = (spell.until - first).days + 1
        if days <= 0 or first > settled.due:
            lines.append(texts.suspension_without_effect(spell.since, spell.until))
            continue
        raw = max(settled.raw, first - DAY) + days * DAY
        settled = count_agreed(calendar, raw, roll=True)
        counts.append(spell.is_open)
        lines.append(texts.suspended(first, spell.until, days, reasons=spell.reasons, raw=raw, goes_on=spell.is_open))
    lines += settled.working[1:]  # the first says that the end was given
    return _Year(start, settled.due, settled.raw, settled.provisional, any(counts), bool(counts), tuple(lines))

"""Counting days the statutory way (CC 200–204; CPL 85) on the official calendar of working days."""

import calendar as gregorian
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mediation.domain import workings
from mediation.domain.notices import FIRST_YEAR, LAST_YEAR, NoticeError, YearNotice, parse_notice
from mediation.domain.workdays import Calendar, DayKind, official_calendar
from mediation.domain.workings import Line

__all__ = [
    "Calendar", "Count", "DayKind", "Line", "NoticeError", "Unit", "YearNotice",
    "count", "count_agreed", "official_calendar", "parse_notice",
]  # fmt: skip

DAY = timedelta(days=1)
HOURS_IN_DAY = 24
MONTHS_IN_YEAR = 12
LONGEST = 10_000


class Unit(StrEnum):
    """What a term is counted in; AGREED terms end on a date that parties or a document fix."""

    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class Count:
    """A counted end: `raw` before any move, `due` after it, with the lines that explain both."""

    due: date
    raw: date
    provisional: bool
    working: tuple[Line, ...]
    calendar_version: str


def count(calendar: Calendar, start: date, length: int, unit: Unit, *, roll: bool, backward: bool = False) -> Count:
    """Count `length` units from `start`, which is not counted; backwards an end on a day off moves earlier.

    ValueError when the length is not 0 to 10000, a date leaves 1990 to 2200, or the unit is AGREED.
    """
    _check(start, length, unit)
    sign = -1 if backward else 1
    opening = workings.event_not_counted(start) if backward else workings.start_not_counted(start)
    if unit is Unit.WORKING_DAY:
        raw, walked = _walk_working(calendar, start, length, sign)
        lines = [opening, *_lines_of_walk(calendar, walked), workings.raw_end(length, unit, raw)]
    else:
        raw, walked = _raw_end(start, length * sign, unit), []
        lines = [opening, *_lines_of_end(start, length, unit, raw)]
    moves = (roll or backward) and unit is not Unit.HOUR
    return _settle(calendar, _in_range(raw), lines, moves=moves, sign=sign, walked=walked)


def count_agreed(calendar: Calendar, end: date, *, roll: bool) -> Count:
    """Take an end fixed by agreement or document, and move it on from a day off where the term rolls."""
    return _settle(calendar, _in_range(end), [workings.agreed_end(end)], moves=roll, sign=1, walked=[])


def _check(start: date, length: int, unit: Unit) -> None:
    _in_range(start)
    if unit is Unit.AGREED:
        raise ValueError("an agreed end is not counted: use count_agreed")
    if not 0 <= length <= LONGEST:
        raise ValueError(f"a term is 0 to {LONGEST} units long, not {length}")


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{day.isoformat()} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _walk_working(calendar: Calendar, start: date, length: int, sign: int) -> tuple[date, list[date]]:
    day, walked, left = start, [], length
    while left:
        day = _in_range(day + sign * DAY)
        walked.append(day)
        left -= calendar.is_working_day(day)
    return day, walked


def _raw_end(start: date, length: int, unit: Unit) -> date:
    if unit is Unit.CALENDAR_DAY:
        return start + length * DAY
    if unit is Unit.HOUR:
        return start + (1 if length > 0 else -1) * -(-abs(length) // HOURS_IN_DAY) * DAY
    months = start.year * MONTHS_IN_YEAR + start.month - 1
    months += length * (MONTHS_IN_YEAR if unit is Unit.YEAR else 1)
    year, month = months // MONTHS_IN_YEAR, months % MONTHS_IN_YEAR + 1
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the term ends in {year}, outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return date(year, month, min(start.day, gregorian.monthrange(year, month)[1]))


def _lines_of_end(start: date, length: int, unit: Unit, raw: date) -> Iterator[Line]:
    if unit is Unit.HOUR:
        yield workings.hours_as_days(length, abs((raw - start).days), raw)
        return
    yield workings.raw_end(length, unit, raw)
    if unit in {Unit.MONTH, Unit.YEAR} and raw.day != start.day:
        yield workings.clipped(start.day, raw)


def _lines_of_walk(calendar: Calendar, walked: list[date]) -> Iterator[Line]:
    kinds = {day: calendar.day_kind(day) for day in sorted(walked)}
    if off := [day for day, kind in kinds.items() if not kind.is_working]:
        yield workings.skipped(off)
    if makeup := [day for day, kind in kinds.items() if kind.kind == "makeup_working"]:
        yield workings.makeup_counted(makeup)


def _settle(calendar: Calendar, raw: date, lines: list[Line], *, moves: bool, sign: int, walked: list[date]) -> Count:
    due = raw
    while moves and not calendar.is_working_day(due):
        due = _in_range(due + sign * DAY)
    passed = [raw + sign * n * DAY for n in range(abs((due - raw).days))]
    if passed:
        lines.append(workings.rolled(raw, due, [(day, calendar.day_kind(day).kind) for day in passed]))
    elif moves and not walked and calendar.day_kind(raw).kind == "makeup_working":
        lines.append(workings.no_roll_on_makeup(raw))
    looked_at = [*walked, *([*passed, due] if moves else [])]
    unknown = {day.year for day in looked_at if calendar.is_provisional(day)}
    if unknown:
        lines.append(workings.provisional(unknown))
    return Count(due, raw, bool(unknown), tuple(lines), calendar.version)

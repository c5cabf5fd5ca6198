"""Months of employment: whole months and days between two days, and a window cut into months with a partial last one."""

import calendar as gregorian
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from mediation.domain.calendar import Calendar

DAY = timedelta(days=1)
MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One month of employment, or the part of it inside a window with its working days."""

    first: date
    last: date
    is_full: bool
    working_days: int
    provisional: bool


def add_months(start: date, months: int) -> date:
    """Find the corresponding day some months on, the last of the month where there is none (CC 202)."""
    year, month = divmod(start.year * MONTHS_IN_YEAR + start.month - 1 + months, MONTHS_IN_YEAR)
    return date(year, month + 1, min(start.day, gregorian.monthrange(year, month + 1)[1]))


def months_and_days(first: date, last: date) -> tuple[int, int]:
    """Count whole months and the days left over from the first to the last day, both included."""
    after = last + DAY
    months = (after.year - first.year) * MONTHS_IN_YEAR + after.month - first.month
    if add_months(first, months) > after:
        months -= 1
    return months, (after - add_months(first, months)).days


def months_inside(
    calendar: Calendar, start: date, numbers: Sequence[int], *, end: date | None, shift: int = 0
) -> Iterator[Month]:
    """Give the months of employment so numbered (the first begins on `start`) up to `end`, the last perhaps in part."""
    for number in numbers:
        first = add_months(start, number - 1) + shift * DAY
        whole = add_months(start, number) + (shift - 1) * DAY
        last = whole if end is None else min(end, whole)
        if last < first:
            return
        days = [first + offset * DAY for offset in range((last - first).days + 1)]
        yield Month(
            first=first,
            last=last,
            is_full=last == whole,
            working_days=sum(calendar.is_working_day(day) for day in days),
            provisional=last != whole and any(calendar.is_provisional(day) for day in days),
        )


def pay_of(month: Month, wage: Decimal, paid_days: Decimal) -> Decimal:
    """Give the wage of a month, or of its working days at the daily wage and never more than the month."""
    return wage if month.is_full else min(wage, wage * month.working_days / paid_days)


def pay_of_all(months: Sequence[Month], wage: Decimal, paid_days: Decimal) -> Decimal:
    """Add up the pay of the months; only the last of them can be partial."""
    return sum((pay_of(month, wage, paid_days) for month in months), Decimal(0))

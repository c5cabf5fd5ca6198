"""Length of service in half months of pay: merged periods, split at the day the Labour Contract Law took effect."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from mediation.domain.calculators.inputs import CalculationError
from mediation.domain.calculators.months import DAY, MONTHS_IN_YEAR, months_and_days
from mediation.domain.labels import Label

Period = tuple[date, date]

IN_FORCE: Final = date(2008, 1, 1)
HALF: Final = Decimal("0.5")
DAYS_CARRIED: Final = 30
HALF_YEAR: Final = 6


@dataclass(frozen=True, slots=True)
class Length:
    """Service added up: whole years, further months and days, and the months of pay they are worth (LCL 47(1))."""

    years: int
    months: int
    days: int
    carried: bool

    @property
    def months_of_pay(self) -> Decimal:
        """One for each year; a rest under half a year gives a half, any longer one a whole."""
        if self.months >= HALF_YEAR:
            return Decimal(self.years + 1)
        return self.years + (HALF if self.months or self.days else Decimal(0))


def merge(periods: Sequence[Period]) -> tuple[Period, ...]:
    """Put periods in order and join those without a day between; CalculationError when two overlap."""
    merged: list[Period] = []
    for first, last in sorted(periods):
        if merged and first <= merged[-1][1]:
            text = Label("工作期间有重叠", "periods of service overlap")
            raise CalculationError("/service", "overlap", text)
        if merged and first == merged[-1][1] + DAY:
            first = merged.pop()[0]  # noqa: PLW2901 - the joined period begins earlier
        merged.append((first, last))
    return tuple(merged)


def since_2008(periods: Sequence[Period]) -> tuple[Period, ...]:
    """Keep what was served under the Labour Contract Law (LCL 97)."""
    return tuple((max(first, IN_FORCE), last) for first, last in periods if last >= IN_FORCE)


def before_2008(periods: Sequence[Period]) -> tuple[Period, ...]:
    """Keep what was served before it."""
    return tuple((first, min(last, IN_FORCE - DAY)) for first, last in periods if first < IN_FORCE)


def length_of(periods: Sequence[Period]) -> Length:
    """Add periods up by whole months and days; days left over from several periods carry at thirty."""
    counted = [months_and_days(first, last) for first, last in periods]
    months, days = sum(each[0] for each in counted), sum(each[1] for each in counted)
    carried = len(counted) > 1 and days >= DAYS_CARRIED
    if carried:
        months, days = months + days // DAYS_CARRIED, days % DAYS_CARRIED
    return Length(months // MONTHS_IN_YEAR, months % MONTHS_IN_YEAR, days, carried)


def describe_periods(periods: Sequence[Period]) -> str:
    """Write periods for a reader, first and last day."""
    return "、".join(_spans(periods))


def _spans(periods: Sequence[Period]) -> Iterator[str]:
    return (f"{first.isoformat()}..{last.isoformat()}" for first, last in periods)

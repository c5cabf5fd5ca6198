"""Which days mainland China works: the State Council notices year by year, the statute where none is loaded."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal, Self

from mediation.domain.notices import SATURDAY, YearNotice, parse_notice, statutory_days

RULES = 1  # raise when the reading of days without a notice changes

Kind = Literal["working", "weekend", "holiday", "makeup_working"]


@dataclass(frozen=True, slots=True)
class DayKind:
    """What one day is; provisional while no notice is loaded for its year."""

    kind: Kind
    provisional: bool

    @property
    def is_working(self) -> bool:
        """Working days and make-up weekends."""
        return self.kind in {"working", "makeup_working"}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days and days off in mainland China; two calendars with the same days have the same version."""

    version: str
    years: frozenset[int] = field(compare=False)
    notices: tuple[YearNotice, ...] = field(compare=False, repr=False)
    _off: frozenset[date] = field(compare=False, repr=False)
    _working: frozenset[date] = field(compare=False, repr=False)

    @classmethod
    def of(cls, notices: Iterable[YearNotice]) -> Self:
        """Make a calendar of notices; of two for one year, or about one day in December, the later one counts."""
        kept = tuple(notice for _, notice in sorted({notice.year: notice for notice in notices}.items()))
        off, working = set[date](), set[date]()
        for notice in kept:
            off = off.difference(notice.working_weekends).union(notice.days_off)
            working = working.difference(notice.days_off).union(notice.working_weekends)
        return cls(
            version=_version(kept),
            years=frozenset(notice.year for notice in kept),
            notices=kept,
            _off=frozenset(off),
            _working=frozenset(working),
        )

    def with_notice(self, notice: YearNotice) -> Self:
        """Return a calendar with this notice in place of what was known of that year."""
        return self.of((*self.notices, notice))

    def notice_of(self, year: int) -> YearNotice | None:
        """Find the notice of a year, or None where none is known."""
        return next((notice for notice in self.notices if notice.year == year), None)

    def first_difference(self, other: Self) -> date | None:
        """Find the first day on which the two may differ in kind or certainty, or None where they agree."""
        days = (self._off ^ other._off) | (self._working ^ other._working)
        return min(days | {date(year, 1, 1) for year in self.years ^ other.years}, default=None)

    def day_kind(self, day: date) -> DayKind:
        """Look in the notice first; without one, at statutory days and the weekday."""
        provisional = self.is_provisional(day)
        if day in self._working:
            return DayKind("makeup_working", provisional)
        if day in self._off or (provisional and day in statutory_days(day.year)):
            return DayKind("holiday", provisional)
        return DayKind("weekend" if day.weekday() >= SATURDAY else "working", provisional)

    def is_working_day(self, day: date) -> bool:
        """Tell whether the country works: no weekend and no day off, or a make-up working weekend."""
        return self.day_kind(day).is_working

    def is_provisional(self, day: date) -> bool:
        """Tell whether no notice is loaded for the year of this day."""
        return day.year not in self.years


@lru_cache(maxsize=1)
def official_calendar() -> Calendar:
    """Read the calendar of the State Council notices that ship with the package, once."""
    folder = files("mediation.domain") / "calendars"
    texts = [entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".json")]
    return Calendar.of(parse_notice(json.loads(text)) for text in texts)


def _version(notices: tuple[YearNotice, ...]) -> str:
    days = [[n.year, [str(d) for d in n.days_off], [str(d) for d in n.working_weekends]] for n in notices]
    digest = sha256(json.dumps([RULES, days]).encode()).hexdigest()
    return f"cn-{notices[-1].year if notices else 0}.{RULES}-{digest[:8]}"

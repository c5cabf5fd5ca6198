"""The notices loaded at run time, one after the other: which calendar each left in force, and what may be undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from mediation.domain.calendar import Calendar, YearNotice
from mediation.domain.errors import ConflictError
from mediation.domain.labels import Label


@dataclass(frozen=True, slots=True)
class CalendarLoad:
    """One change of the calendar: a notice that was loaded, or (`undoes_id`) a load that was taken back.

    `since` is the first day it touches; None where it changed no day. `number` counts loads from 1.
    """

    id: str
    number: int
    year: int
    since: date | None
    notice: YearNotice | None = None
    undoes_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outdated:
    """What makes a deadline stale after a load: it reaches `since` or later and another calendar gave it."""

    since: date
    versions: frozenset[str]

    def touches(self, reach: date, version: str) -> bool:
        """Tell whether a deadline is stale; `reach` is the latest day it may have looked at."""
        return reach >= self.since and version not in self.versions


@dataclass(frozen=True, slots=True)
class Succession:
    """The calendar that ships, the loads in their order, and the calendar each of them left in force."""

    shipped: Calendar
    loads: tuple[CalendarLoad, ...] = ()
    calendars: tuple[Calendar, ...] = ()

    @classmethod
    def of(cls, shipped: Calendar, loads: Sequence[CalendarLoad]) -> Self:
        """Put every load on top of the calendar that ships, in order; what was undone no longer counts."""
        return cls(shipped, tuple(loads), tuple(_calendars(shipped, loads)))

    @property
    def current(self) -> Calendar:
        """The calendar in force."""
        return self.calendars[-1] if self.calendars else self.shipped

    @property
    def next_number(self) -> int:
        """The number of the next load."""
        return self.loads[-1].number + 1 if self.loads else 1

    def followed_by(self, load: CalendarLoad) -> Self:
        """The succession with one more load."""
        return self.of(self.shipped, (*self.loads, load))

    def load(self, load_id: str) -> CalendarLoad:
        """One load of the succession."""
        return self.loads[self._place(load_id)]

    def versions(self) -> Mapping[str, Calendar]:
        """Every calendar that was ever in force, by its version."""
        return {calendar.version: calendar for calendar in (self.shipped, *self.calendars)}

    def outdated(self, load_id: str) -> Outdated | None:
        """What a load made stale; None where it changed no day.

        A deadline that any later calendar gave is not stale by this load: whether it is by a later one, that one says.
        """
        place = self._place(load_id)
        since = self.loads[place].since
        later = frozenset(calendar.version for calendar in self.calendars[place:])
        return None if since is None else Outdated(since, later)

    def check_undo(self, load_id: str) -> CalendarLoad:
        """The load, where it can be taken back; ConflictError says why not."""
        load = self.loads[self._place(load_id)]
        if load.undoes_id is not None:
            raise ConflictError(_IS_UNDO)
        if any(other.undoes_id == load_id for other in self.loads):
            raise ConflictError(_UNDONE)
        latest = _standing(self.loads)[load.year][-1]
        if latest.id != load_id:
            raise ConflictError(_not_latest(load, latest))
        return load

    def _place(self, load_id: str) -> int:
        return next(place for place, load in enumerate(self.loads) if load.id == load_id)


def _calendars(shipped: Calendar, loads: Sequence[CalendarLoad]) -> Iterator[Calendar]:
    for number in range(1, len(loads) + 1):
        tops = [stack[-1].notice for stack in _standing(loads[:number]).values() if stack]
        yield Calendar.of((*shipped.notices, *(notice for notice in tops if notice is not None)))


def _standing(loads: Sequence[CalendarLoad]) -> dict[int, list[CalendarLoad]]:
    """The loads of each year that were not undone, the one in force last."""
    standing: dict[int, list[CalendarLoad]] = {}
    for load in loads:
        stack = standing.setdefault(load.year, [])
        if load.undoes_id is None:
            stack.append(load)
        else:
            stack[:] = [other for other in stack if other.id != load.undoes_id]
    return standing


_IS_UNDO = Label(
    "这是一次撤销,不能再撤销;请重新载入该年的通知",
    "This is itself an undo and cannot be undone; load the notice of that year again",
)
_UNDONE = Label("该次载入已被撤销", "This load has been undone already")


def _not_latest(load: CalendarLoad, latest: CalendarLoad) -> Label:
    return Label(
        f"{load.year}年此后又载入了另一通知,请先撤销 {latest.id}",
        f"Another notice of {load.year} was loaded since; undo {latest.id} first",
    )

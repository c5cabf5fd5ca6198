"""When somebody is reminded of a running term: the rungs before its last day, and the day itself (product rule)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol

from mediation.domain.calendar import Unit
from mediation.domain.deadlines import Deadline, DeadlineStatus
from mediation.domain.terms import SETS, TERMS

LADDER: Final = (30, 7, 1, 0)
"""Days before the last day of a term; of these a term has those shorter than itself, and always its last day."""

_LADDERS: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(dict.fromkeys((*SETS["LIM"], "D_ENFORCE_2Y"), LADDER))
"""Terms with a ladder of their own, whatever their length: a year of limitation may end soon after it is known."""

_DAYS: Final[Mapping[Unit, float]] = MappingProxyType(
    {Unit.HOUR: 1 / 24, Unit.CALENDAR_DAY: 1, Unit.WORKING_DAY: 1, Unit.MONTH: 30, Unit.YEAR: 365}
)


class ReminderKind(StrEnum):
    """What a reminder says: a last day comes nearer, it is there, or nobody answered a task."""

    BEFORE = "before"
    ON_THE_DAY = "on_the_day"
    ESCALATION = "escalation"


class Audience(StrEnum):
    """Whom a reminder is meant for: those who answer for the matter, or those who watch over them."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"


class Clock(Protocol):
    """A term that runs, as far as its ladder asks."""

    @property
    def term(self) -> str: ...
    @property
    def start(self) -> date: ...
    @property
    def due(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder of a term: `days` before its last day, which is `on`."""

    days: int
    on: date

    @property
    def kind(self) -> ReminderKind:
        """Whether it comes before the last day or on it."""
        return ReminderKind.BEFORE if self.days else ReminderKind.ON_THE_DAY


def rungs(clock: Clock) -> tuple[Rung, ...]:
    """Every rung of a term as it runs now, the earliest first."""
    own = _LADDERS.get(clock.term)
    days = LADDER if own is None else own
    length = _length(clock)
    return tuple(
        Rung(number, clock.due - timedelta(days=number))
        for number in sorted(days, reverse=True)
        if own is not None or number == 0 or number < length
    )


def next_rung(clock: Clock, today: date) -> Rung | None:
    """The first rung that is today or still to come; None once the last day is over."""
    return next((rung for rung in rungs(clock) if rung.on >= today), None)


def rung_reached(clock: Clock, today: date) -> Rung | None:
    """The latest rung that is today or over: of those missed together only this one is still worth a reminder."""
    return next((rung for rung in reversed(rungs(clock)) if rung.on <= today), None)


def remind_on(deadline: Deadline, today: date, *, before: Deadline | None) -> date | None:
    """The day on which a term next asks for a look, as it is recorded today; None when it does not run.

    `before` is the same deadline as it stood until now, None when it is new. Where its last day stays, a rung already
    reached is kept, so that none is lost which nobody has sent yet; a new last day only has rungs to come.
    """
    if deadline.status != DeadlineStatus.RUNNING or deadline.is_paused:
        return None
    stays = before is not None and before.due == deadline.due
    found = (rung_reached(deadline, today) if stays else None) or next_rung(deadline, today)
    return None if found is None else found.on


def _length(clock: Clock) -> float:
    """The length of a term in days: as the law gives it, else as it was agreed."""
    term = TERMS.get(clock.term)
    if term is None or term.length is None:
        return abs((clock.due - clock.start).days)
    return term.length * _DAYS[term.unit]

"""A deadline counted again on another calendar: where it ends then, and what a report says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mediation.domain.calendar import Calendar, Line
from mediation.domain.deadlines import Deadline, recount_explained


@dataclass(frozen=True, slots=True)
class Move:
    """A deadline whose end or certainty changed; `before` and `after` are the arithmetic of the two ends.

    `before` is empty where the calendar the old end was counted on is no longer known.
    """

    deadline_id: str
    term: str
    old_due: date
    new_due: date
    was_provisional: bool
    is_provisional: bool
    before: tuple[Line, ...]
    after: tuple[Line, ...]

    @property
    def has_moved(self) -> bool:
        """Whether the day itself is another, and not only its certainty."""
        return self.old_due != self.new_due


def reach(deadline: Deadline) -> date:
    """The latest day the count of a deadline may have looked at; counted backwards, that is the day before its start.

    A day off or a working weekend after it cannot have moved the end.
    """
    return max(deadline.start, deadline.due)


def count_again(
    deadline: Deadline, calendar: Calendar, *, known: Mapping[str, Calendar]
) -> tuple[Deadline, Move | None]:
    """Count a deadline on `calendar`; `known` are earlier calendars by version, one of which tells the old end."""
    counted, count = recount_explained(deadline, calendar)
    if (counted.due, counted.provisional) == (deadline.due, deadline.provisional):
        return counted, None
    move = Move(
        deadline_id=deadline.id,
        term=deadline.term,
        old_due=deadline.due,
        new_due=counted.due,
        was_provisional=deadline.provisional,
        is_provisional=counted.provisional,
        before=_told(deadline, known.get(deadline.calendar_version)),
        after=count.working,
    )
    return counted, move


def _told(deadline: Deadline, calendar: Calendar | None) -> tuple[Line, ...]:
    if calendar is None:
        return ()
    _, count = recount_explained(deadline, calendar)
    return count.working if count.due == deadline.due else ()

"""Tasks: who answers when a clock ran out and nothing moves by itself, and when others are told (product rule)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.calendar import Calendar, Unit, count
from mediation.domain.cases import Case
from mediation.domain.deadlines import Deadline
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import ActOf, CaseRole, Step
from mediation.domain.records import Task
from mediation.domain.terms import TERM_SETS

MOST_ACTIONS: Final = 8
DAYS_TO_ANSWER: Final = 3
_DAYS_TO_ANSWER: Final[Mapping[str, int]] = MappingProxyType({"D_PRES_48H": 1, "D_CHALLENGE_2WD": 1, "D_TRIAGE_1WD": 1})
"""Working days after which an open task goes to the supervisor, where the matter is too urgent for three."""

SUPERVISED: Final = frozenset(
    {
        "D_TRIAGE_1WD",
        "D_MED_ACCEPT_3WD",
        "D_CHALLENGE_2WD",
        "D_UNION_AID_7WD",
        "D_AID_ASSIGN_3",
        "D_ADVANCE_DECIDE",
    }
)
"""Terms whose lapse is the supervisor's to look at (提醒主管): their rows of terms say so."""


class TaskStatus(StrEnum):
    """What became of a task: a step answered it (`done`), somebody put it away with a reason (`closed`).

    `cancelled`: the entry that opened it was voided.
    """

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class TaskOwner(StrEnum):
    """What those who answer for a task are to the case."""

    CLERK = "clerk"
    MEDIATOR = "mediator"
    SUPERVISOR = "supervisor"


def open_task(case: Case, deadline: Deadline, *, key: str, today: date, calendar: Calendar) -> Task:
    """The task that a lapsed deadline leaves: the steps that answer it, who answers, and when it goes further."""
    actions = answering(case, deadline.term)
    return Task(
        id=key,
        term=deadline.term,
        deadline_id=deadline.id,
        track_id=deadline.track_key,
        due_on=deadline.due,
        opened_on=today,
        actions=actions,
        owner_role=str(owner_of(deadline.term, actions)),
        escalate_on=escalate_on(deadline.term, today, calendar),
    )


def answering(case: Case, term: str) -> tuple[str, ...]:
    """The steps that answer a lapse: those that confirm it, then those open now that would have stopped the term.

    Steps that end every clock alike, such as a withdrawal, come last; eight at most.
    """
    confirming = [step for step in PROCEDURE.timers.get(term, ()) if not step.is_timer]
    found = [*confirming, *sorted(_stopping(case, term), key=lambda step: _stops_all(step, term))]
    return tuple(dict.fromkeys(step.action for step in found))[:MOST_ACTIONS]


def _stopping(case: Case, term: str) -> Iterator[Step]:
    for track in case.tracks.values():
        for step in PROCEDURE.by_source[track.track, track.state]:
            if any(term in stop.terms for stop in step.stops) and not step.is_timer:
                yield step


def _stops_all(step: Step, term: str) -> bool:
    return all(stop.terms >= TERM_SETS["ALL"] for stop in step.stops if term in stop.terms)


def owner_of(term: str, actions: Sequence[str]) -> TaskOwner:
    """Who answers: the supervisor where the term says so, the mediator where the first step is theirs, else a clerk."""
    if term in SUPERVISED:
        return TaskOwner.SUPERVISOR
    first = PROCEDURE.steps[actions[0]] if actions else None
    return TaskOwner.MEDIATOR if first is not None and _is_mediators(first) else TaskOwner.CLERK


def _is_mediators(step: Step) -> bool:
    """Whether a step is the mediator's own act, or one that the mediator records and no clerk."""
    alone = CaseRole.MEDIATOR in step.recorded_by and CaseRole.CLERK not in step.recorded_by
    return step.act_of is ActOf.MEDIATOR or alone


def escalate_on(term: str, opened_on: date, calendar: Calendar) -> date:
    """The day on which a task that is still open goes to the supervisor, in working days from its opening."""
    length = _DAYS_TO_ANSWER.get(term, DAYS_TO_ANSWER)
    return count(calendar, opened_on, length, Unit.WORKING_DAY, roll=False).due


def remind_on(task: Task) -> date | None:
    """The day on which a task asks for a look; None once it is answered, closed or taken back."""
    return task.escalate_on if task.status == TaskStatus.OPEN else None

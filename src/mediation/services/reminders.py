"""Reminders: a term that nears its end, a task that nobody answers; each said once, whoever says it and when.

Saying so is no act on the case: neither its version nor its history moves.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from mediation.domain.reminders import Audience, ReminderKind, Rung, next_rung, rung_reached
from mediation.storage import Unit
from mediation.storage import reminders as rows
from mediation.storage.ids import new_id
from mediation.storage.reminders import Asking

BATCH = 200
ONE_DAY = timedelta(days=1)


def remind(unit: Unit, today: date) -> tuple[int, int]:
    """Say what is to be said of some running deadlines, 200 at most, in one transaction: (looked at, written).

    Of rungs that were missed together only the latest is said.
    """
    with unit.transaction():
        found = rows.asking(unit, "deadlines", today, BATCH)
        reached = ((deadline, rung_reached(deadline, today)) for deadline in found)
        made = [_reminder(deadline, rung, today) for deadline, rung in reached if rung is not None]
        written = rows.write(unit, "deadlines", made, {d.id: _next(d, today) for d in found}) if found else 0
    return len(found), written


def escalate(unit: Unit, today: date) -> tuple[int, int]:
    """Tell the supervisor of some tasks that nobody answered, 200 at most, in one transaction: (looked at, written)."""
    with unit.transaction():
        found = rows.asking(unit, "tasks", today, BATCH)
        made = [_escalation(task, today) for task in found]
        written = rows.write(unit, "tasks", made, dict.fromkeys(task.id for task in found)) if found else 0
    return len(found), written


def remind_of_requests(unit: Unit, today: date) -> tuple[int, int]:
    """Say what is to be said of some requests about personal data, 200 at most: (looked at, written).

    Their rungs as of any term; once the last day is over, the supervisor is told, and no more.
    """
    with unit.transaction():
        found = rows.asking(unit, "data_requests", today, BATCH)
        made = [said for request in found if (said := _about_request(request, today)) is not None]
        looks = {request.id: None if today > request.due else next_look(request, today + ONE_DAY) for request in found}
        written = rows.write(unit, "data_requests", made, looks) if found else 0
    return len(found), written


def next_look(request: Asking, today: date) -> date:
    """The day on which a request next asks for a look: its next rung, else the day after its last day."""
    rung = next_rung(request, today)
    return max(request.due + ONE_DAY, today) if rung is None else rung.on


def _about_request(request: Asking, today: date) -> dict[str, Any] | None:
    about = {**_said(request, today), "data_request_id": request.id}
    if today > request.due:
        late = (today - request.due).days
        return {**about, "kind": ReminderKind.ESCALATION, "days": late, "audience": Audience.SUPERVISOR}
    rung = rung_reached(request, today)
    audience = Audience.SUPERVISOR if request.is_supervised else Audience.OWNER
    return None if rung is None else {**about, "kind": rung.kind, "days": rung.days, "audience": audience}


def _next(deadline: Asking, today: date) -> date | None:
    rung = next_rung(deadline, today + ONE_DAY)
    return None if rung is None else rung.on


def _reminder(deadline: Asking, rung: Rung, today: date) -> dict[str, Any]:
    said = {"deadline_id": deadline.id, "kind": rung.kind, "days": rung.days, "audience": Audience.OWNER}
    return {**_said(deadline, today), **said}


def _escalation(task: Asking, today: date) -> dict[str, Any]:
    late = (today - task.due).days
    said = {"task_id": task.id, "kind": ReminderKind.ESCALATION, "days": late, "audience": Audience.SUPERVISOR}
    return {**_said(task, today), **said}


def _said(about: Asking, today: date) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": about.case_id,
        "term": about.term,
        "due_on": about.due.isoformat(),
        "created_on": today.isoformat(),
        "is_open": True,
    }

"""What happens by itself: each running deadline that is over fires its timer step, or is noted and raises a task."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from mediation.domain.access import SYSTEM
from mediation.domain.advance import clock_setting, lapse
from mediation.domain.cases import Advance, Case
from mediation.domain.deadlines import Deadline, may_fire
from mediation.domain.draft import Draft
from mediation.domain.procedure.step import CaseRole
from mediation.services.calendars import current_calendar
from mediation.services.caller import Answer, Caller
from mediation.services.recording import Act, commit
from mediation.storage import Unit
from mediation.storage import cases as rows
from mediation.storage import deadlines as deadline_rows
from mediation.storage.ids import new_id

WORKER = "system"
_ROLES = frozenset({CaseRole.SYSTEM})


def due(unit: Unit, today: date, limit: int) -> list[tuple[str, str]]:
    """Running deadlines that are over, oldest first, as (case id, deadline id)."""
    return deadline_rows.due_deadlines(unit, today, limit)


def fire(unit: Unit, case_id: str, deadline_id: str, now: datetime, today: date) -> bool:
    """Fire one deadline in one transaction; False when there is nothing to fire, LostRaceError when it stays due."""
    caller = Caller(WORKER, now, today, f"lapse-{deadline_id}")
    loaded = rows.load(unit, case_id, subject=WORKER, today=today)
    case = loaded.case
    deadline = case.deadlines.get(deadline_id) if case else None
    if case is None or deadline is None or not may_fire(deadline, today):
        return False
    outcome = lapse(case, deadline, clock_setting(today, current_calendar(), new_id))
    act = _step(case, outcome) if isinstance(outcome, Advance) else _note(case, outcome[0], deadline)
    act.keys = loaded.keys
    commit(unit, caller, act, lambda _case: Answer(200, b""))
    return True


def _step(case: Case, result: Advance) -> Act:
    entry: dict[str, Any] = {
        "occurred_on": result.command.occurred_on,
        "step_id": result.step.id,
        "track_id": result.track_id,
        "source": result.source,
        "target": result.target,
        "act_of": str(result.step.act_of),
        "clear": {"deadline": result.command.fired.id if result.command.fired else None},
    }
    return Act(SYSTEM, _ROLES, case, result.case, result.changes, "step", result.step.action, entry)


def _note(case: Case, draft: Draft, deadline: Deadline) -> Act:
    entry = {"occurred_on": deadline.due, "clear": {"term": deadline.term, "deadline": deadline.id}}
    return Act(SYSTEM, _ROLES, case, draft.case, draft.changes(), "lapse", "term_lapsed", entry)

"""What happens by itself: each running deadline that is over fires its timer step, or is noted and raises a task."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from mediation.domain.access import SYSTEM
from mediation.domain.advance import lapse
from mediation.domain.cases import Advance, Case, Setting
from mediation.domain.deadlines import is_over
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
    loaded = rows.load(unit, case_id, subject=WORKER)
    case = loaded.case
    deadline = case.deadlines.get(deadline_id) if case else None
    if case is None or deadline is None or deadline.status != "running" or not is_over(deadline, today):
        return False
    if deadline_id in (case.facts.get("paused") or {}).get("deadlines", ()):
        return False
    setting = Setting(today=today, calendar=current_calendar(), roles=_ROLES, actor_id=WORKER, new_id=new_id)
    outcome = lapse(case, deadline, setting)
    act = _step(case, outcome) if isinstance(outcome, Advance) else _note(case, outcome[0], deadline.due, deadline.term)
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


def _note(case: Case, draft: Any, on: date, term: str) -> Act:
    entry = {"occurred_on": on, "clear": {"term": term}}
    return Act(SYSTEM, _ROLES, case, draft.case, draft.changes(), "lapse", "term_lapsed", entry)

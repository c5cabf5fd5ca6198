"""Deadlines counted again when a calendar notice is loaded: provisional dates become final, moved ones say so."""

from __future__ import annotations

from datetime import date, datetime

from mediation.domain.access import SYSTEM
from mediation.domain.cases import Case
from mediation.domain.deadlines import Deadline, recount_deadline
from mediation.domain.draft import Draft
from mediation.domain.procedure.step import CaseRole
from mediation.services.calendars import current_calendar, loaded_since
from mediation.services.caller import Answer, Caller
from mediation.services.recording import Act, commit
from mediation.storage import Unit
from mediation.storage import cases as rows
from mediation.storage import deadlines as deadline_rows

WORKER = "system"
_ROLES = frozenset({CaseRole.SYSTEM})


def stale(unit: Unit, limit: int) -> list[str]:
    """Cases with a running deadline that ends in a year loaded since it was counted."""
    since = loaded_since()
    return [] if since is None else deadline_rows.counted_before(unit, current_calendar().version, since, limit)


def recount(unit: Unit, case_id: str, now: datetime, today: date) -> bool:
    """Count a case's running deadlines again, in one entry of history that tells each date that moved."""
    caller = Caller(WORKER, now, today, f"recount-{current_calendar().version}")
    loaded = rows.load(unit, case_id, subject=WORKER)
    case, since = loaded.case, loaded_since()
    touched = _touched(case, since) if case is not None and since is not None else []
    if case is None or not touched:
        return False
    draft = Draft(case)
    moved = []
    for deadline in touched:
        counted = recount_deadline(deadline, current_calendar())
        draft.put("deadlines", counted)
        if counted.due != deadline.due:
            moved.append({"term": deadline.term, "from": deadline.due.isoformat(), "to": counted.due.isoformat()})
    entry = {"clear": {"calendar_version": current_calendar().version, "moved": moved}}
    act = Act(SYSTEM, _ROLES, case, draft.case, draft.changes(), "recount", "calendar_loaded", entry, loaded.keys)
    commit(unit, caller, act, lambda _case: Answer(200, b""))
    return True


def _touched(case: Case, since: date) -> list[Deadline]:
    version = current_calendar().version
    return [d for d in case.running() if d.calendar_version != version and d.due >= since]

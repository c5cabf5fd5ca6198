"""The report of a load: each deadline it moved or made final, both dates with their arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from mediation.domain.access import WRITING, MembershipRole, scopes_of, sent_scope
from mediation.domain.errors import NotPermittedError
from mediation.domain.terms import TERMS
from mediation.services.calendar_loads import found, staff
from mediation.services.caller import Caller
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent
from mediation.storage import calendars as rows
from mediation.storage.worklists import Asking

READERS = WRITING | {MembershipRole.AUDITOR}
"""Who reads of the cases that a load moved: those who see cases, each their own. Administrators see none."""


@consistent
def list_moves(unit: Unit, caller: Caller, load_id: str, cursor: str | None, limit: int) -> CasePage:
    """The deadlines a load moved or made final, of the cases this person sees, in the order they were counted."""
    actor = staff(unit, caller)
    if not actor.roles & READERS:
        raise NotPermittedError(recorded_by=sorted(READERS))
    found(unit, load_id)
    bound = f"{caller.subject}|{caller.acting_as}|{load_id}"
    after = open_cursor(unit, cursor, bound) or ""
    scopes = [scope for scope in scopes_of(actor) if scope != sent_scope(actor.organization_id or "")]
    asking = Asking(caller.subject, caller.today, caller.acting_as, scopes)
    listed = rows.moves(unit, load_id, asking=asking, after=after, limit=limit + 1)
    items = [move_document(row) for row in listed[:limit]]
    return CasePage(items, seal_cursor(unit, items[-1]["id"], bound) if len(listed) > limit else None)


def every_move(unit: Unit, load_id: str, after: str, limit: int) -> list[dict[str, Any]]:
    """Rows of the whole report after an id, for whoever runs the service."""
    return [move_document(row) for row in rows.moves(unit, load_id, asking=None, after=after, limit=limit)]


def move_document(row: Mapping[str, Any]) -> dict[str, Any]:
    """One deadline of a report as plain values."""
    label = TERMS[row["term"]].label
    return {
        "id": row["id"],
        "case_id": row["case_id"],
        "case_number": row["number"],
        "deadline_id": row["deadline_id"],
        "code": row["term"],
        "label": {"zh": label.zh, "en": label.en},
        "old": _end(row["old_due"], row["was_provisional"], row["old_working"]),
        "new": _end(row["new_due"], row["is_provisional"], row["new_working"]),
    }


def _end(due: Any, provisional: Any, working: str) -> dict[str, Any]:
    day = due.isoformat() if isinstance(due, date) else due
    return {"due": day, "provisional": bool(provisional), "working": orjson.loads(working)}

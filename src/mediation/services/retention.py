"""Files whose time is over: told to who decides on them, never destroyed by themselves (PIPL 19, 47)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mediation.domain.access import MembershipRole
from mediation.domain.errors import NotPermittedError
from mediation.domain.retention import Schedule
from mediation.services.caller import Caller
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import acting
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent, people
from mediation.storage import retention as rows

READERS = frozenset({MembershipRole.AUDITOR, MembershipRole.SUPERVISOR})
_IN_THE_WAY = ("legal_hold", "obligation_open", "deadline_running")


@consistent
def list_over(unit: Unit, caller: Caller, cursor: str | None, limit: int, schedule: Schedule) -> CasePage:
    """Cases of the body one acts for and of those below it whose time is over, in the order of their ids."""
    actor = acting(people.actor(unit, caller.subject, caller.today), caller)
    if not actor.roles & READERS or actor.organization_id is None:
        raise NotPermittedError(recorded_by=sorted(READERS))
    bound = f"retention|{actor.organization_id}"
    after = open_cursor(unit, cursor, bound) or ""
    found = _over(unit, caller.today, schedule, actor.organization_id, after, limit + 1)
    items = found[:limit]
    return CasePage(items, seal_cursor(unit, items[-1]["case_id"], bound) if len(found) > limit else None)


def every_file_over(unit: Unit, today: date, schedule: Schedule, after: str, limit: int) -> list[dict[str, Any]]:
    """Cases of every body whose time is over, after an id."""
    return _over(unit, today, schedule, None, after, limit)


def _over(
    unit: Unit, today: date, schedule: Schedule, organization_id: str | None, after: str, limit: int
) -> list[dict[str, Any]]:
    cutoffs = schedule.cutoffs(today)
    found = rows.over(unit, cutoffs, organization_id=organization_id, after=after, limit=limit)
    return [_document(row, schedule) for row in found]


def _document(row: Mapping[str, Any], schedule: Schedule) -> dict[str, Any]:
    """What is told of a file: its outcome, the rule it was kept by, and whatever still forbids to destroy it."""
    rule = next(rule for rule in schedule.rules() if rule.code == row["rule"])
    ended = date.fromisoformat(str(row["last_on"]))
    in_the_way = [name for name in _IN_THE_WAY if row[name]]
    return {
        "case_id": row["id"],
        "case_number": row["number"],
        "organization_id": row["organization_id"],
        "outcome": row["state"],
        "ended_on": ended.isoformat(),
        "rule": {"code": rule.code, "zh": rule.label.zh, "en": rule.label.en, "years": rule.years, "basis": rule.basis},
        "kept_until": rule.kept_until(ended).isoformat(),
        "kept_by": in_the_way,
        "may_be_destroyed": not in_the_way,
        "disposal_id": row["disposal_id"],
    }

"""Alarms: what went wrong too often to be chance, for the auditors and security officers of the bodies concerned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mediation.domain.access import MembershipRole
from mediation.domain.days import shanghai_date
from mediation.domain.errors import NotPermittedError
from mediation.services.caller import Caller
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import acting
from mediation.services.rates import mark_of
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent, people
from mediation.storage import alarms as rows
from mediation.storage.ids import new_id

READERS = frozenset({MembershipRole.AUDITOR, MembershipRole.SECURITY_OFFICER})
"""Who reads alarms; they say nothing of any case."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """More than `number` of one kind within `seconds`, by a subject or from a network; `key` says whose in full."""

    kind: str
    key: str
    subject: str | None
    network: str | None
    number: int
    seconds: int


def raise_alarm(unit: Unit, alarm: Alarm, now: datetime) -> None:
    """Keep an alarm for each body the person belongs to; where there is none, for those at the top of the tree."""
    person = people.actor(unit, alarm.subject, shanghai_date(now)) if alarm.subject is not None else None
    bodies = sorted({m["organization_id"] for m in person["memberships"]}) if person is not None else []
    row = {
        "kind": alarm.kind,
        "raised_at": now.isoformat(),
        "person_id": person["id"] if person is not None else None,
        "network": alarm.network,
        "mark": mark_of(unit, alarm.kind, alarm.key),
        "number": alarm.number,
        "seconds": alarm.seconds,
    }
    rows.add(unit, [{"id": new_id(), "organization_id": body, **row} for body in bodies or [None]])


@consistent
def list_alarms(unit: Unit, caller: Caller, cursor: str | None, limit: int) -> CasePage:
    """Alarms about people of the organization one acts for and of those below it, newest first, in pages.

    What concerns nobody we know, an address or an account that is none, is told to a body with none above it.
    """
    actor = acting(people.actor(unit, caller.subject, caller.today), caller)
    if not actor.roles & READERS or actor.organization_id is None:
        raise NotPermittedError(recorded_by=sorted(READERS))
    bound = f"alarms|{actor.organization_id}"
    before = open_cursor(unit, cursor, bound)
    found = rows.page(unit, actor.organization_id, before=before, limit=limit + 1)
    items = [_document(row) for row in found[:limit]]
    return CasePage(items, seal_cursor(unit, items[-1]["id"], bound) if len(found) > limit else None)


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    raised_at = row["raised_at"]
    return {**row, "raised_at": raised_at.isoformat() if isinstance(raised_at, datetime) else raised_at}

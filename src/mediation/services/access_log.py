"""The log of who read or searched personal data: kept before the answer leaves, read by auditors and supervisors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mediation.domain.access import Actor, MembershipRole
from mediation.domain.days import shanghai_date, start_of_day
from mediation.domain.errors import NotPermittedError
from mediation.domain.personal_data import Reading
from mediation.domain.records import Party
from mediation.services.caller import Caller
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import acting
from mediation.services.requests import AccessLogQuery
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent, people
from mediation.storage import access_log as rows
from mediation.storage.ids import new_id

READERS = frozenset({MembershipRole.AUDITOR, MembershipRole.SUPERVISOR})
KEPT_DAYS = 3 * 366
"""At least three years, as the report on the effects of handling sensitive data (PIPL 56)."""


def note(unit: Unit, caller: Caller, reading: Reading) -> None:
    """Keep one reading of the caller's; committed before they are answered, so that none goes unseen."""
    oneself = replace(caller, on_behalf_of=None)
    actor = acting(people.actor(unit, caller.subject, caller.today), oneself)
    rows.add(unit, [row_of(unit, caller, actor, reading)])


def row_of(unit: Unit, caller: Caller, actor: Actor, reading: Reading) -> dict[str, Any]:
    """The reading as it is stored: what was looked for by its keyed hash alone."""
    kind, value = reading.searched or (None, None)
    return {
        "id": new_id(),
        "at": caller.now.isoformat(),
        "person_id": actor.hand,
        "on_behalf_of": caller.on_behalf_of,
        "organization_id": actor.organization_id,
        "operation": reading.operation,
        "case_id": reading.case_id,
        "party_id": reading.party_id,
        "searched": kind,
        "searched_hash": None if kind is None or value is None else unit.vault.hash(kind, value),
        "purpose": reading.purpose,
        "request_id": caller.request_id,
    }


@consistent
def list_readings(unit: Unit, caller: Caller, query: AccessLogQuery) -> CasePage:
    """Readings by people of the body one acts for and of those below it, and of their cases, newest first."""
    actor = acting(people.actor(unit, caller.subject, caller.today), caller)
    if not actor.roles & READERS or actor.organization_id is None:
        raise NotPermittedError(recorded_by=sorted(READERS))
    bound = f"access_log|{actor.organization_id}|{replace(query, cursor=None, limit=0)}"
    filters = {
        "case_id": query.case_id,
        "person_id": query.person_id,
        "since": _moment(query.since),
        "until": _moment(query.until and query.until + timedelta(days=1)),
        "before": open_cursor(unit, query.cursor, bound),
    }
    found = rows.page(unit, actor.organization_id, filters, query.limit + 1)
    items = [_document(row) for row in found[: query.limit]]
    return CasePage(items, seal_cursor(unit, items[-1]["id"], bound) if len(found) > query.limit else None)


def readings_of(unit: Unit, case_id: str, party: Party) -> tuple[dict[str, Any], ...]:
    """Who read the data of a person, for that person: the day, what for and how often, by body and never by name."""
    counted: Counter[tuple[Any, ...]] = Counter()
    for row in rows.of_person(unit, case_id, party.id):
        at = row["at"] if isinstance(row["at"], datetime) else datetime.fromisoformat(row["at"])
        is_own = row["person_id"] in {party.id, party.person_id}
        body = (None, None) if is_own else (row["organization_id"], row["organization_name"])
        counted[shanghai_date(at), row["operation"], row["purpose"], is_own, *body] += 1
    names = ("day", "operation", "purpose", "is_own", "organization_id", "organization_name")
    return tuple({**dict(zip(names, key, strict=True)), "times": times} for key, times in counted.items())


def forget(unit: Unit, now: datetime, limit: int) -> int:
    """Drop readings older than they have to be kept; gives how many. `now` is the real time."""
    return rows.forget(unit, now - timedelta(days=KEPT_DAYS), limit)


def _moment(day: date | None) -> str | None:
    return None if day is None else start_of_day(day).astimezone(UTC).isoformat()


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    at = row["at"]
    return {**row, "at": at.isoformat() if isinstance(at, datetime) else at}

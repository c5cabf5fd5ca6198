"""Requests to read a case brought to the case they name, later than they are made: asking tells nobody of a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mediation.domain.access import Actor
from mediation.domain.days import shanghai_date
from mediation.services.access_requests import REASON
from mediation.services.caller import Answer, Caller
from mediation.services.recording import Act, commit
from mediation.storage import Unit
from mediation.storage import access_requests as rows
from mediation.storage import cases as case_rows
from mediation.storage import grants as grant_rows
from mediation.storage.cases import Loaded, open_key

WORKER = "system"


def undelivered(unit: Unit, after: str, limit: int) -> list[str]:
    """Ids of requests that nobody looked at yet, after an id, in the order in which they were made."""
    return rows.undelivered(unit, after, limit)


def deliver(unit: Unit, request_id: str, now: datetime) -> bool:
    """Bring one request to its case, whose history tells it from then on; False when another process has it in hand.

    Of one that names no case the reason is destroyed. One transaction; LostRaceError when the case changed meanwhile.
    """
    with unit.transaction():
        row = rows.take(unit, request_id)
        if row is None:
            return False
        loaded = _loaded(unit, row, now)
        if loaded is None or loaded.case is None:
            rows.delivered(unit, request_id, now, case_id=None, reason=None)
            return True
        reason = _reason(unit, row)
        caller = Caller(WORKER, now, shanghai_date(now), f"access-request-{request_id}")
        commit(unit, caller, _act(loaded, row, reason), lambda _case: Answer(200, b""))
        key = open_key(unit, loaded.keys, loaded.case.id)
        sealed = unit.vault.seal(key, reason, REASON.format(id=request_id)) if key is not None and reason else None
        rows.delivered(unit, request_id, now, case_id=loaded.case.id, reason=sealed)
        grant_rows.tell(unit, "access_request.asked", loaded.case.id, request_id)
    return True


def _loaded(unit: Unit, row: Mapping[str, Any], now: datetime) -> Loaded | None:
    """The case that a request names; None where there is none, or its file was destroyed."""
    if row["found_id"] is None:
        return None
    loaded = case_rows.load(unit, row["found_id"], subject=WORKER, today=shanghai_date(now))
    return loaded if loaded.keys.get(row["found_id"]) is not None else None


def _reason(unit: Unit, row: Mapping[str, Any]) -> str | None:
    key = open_key(unit, {row["id"]: row["wrapped"]}, row["id"])
    return None if key is None else unit.vault.unseal(key, row["reason"], REASON.format(id=row["id"]))


def _act(loaded: Loaded, row: Mapping[str, Any], reason: str | None) -> Act:
    """The entry: dated on the day on which it was asked, and the asker's."""
    assert loaded.case is not None  # noqa: S101 - told by the caller
    entry = {
        "occurred_on": shanghai_date(datetime.fromisoformat(row["asked_at"])),
        "clear": {name: row[name] for name in ("purpose", "asked_at", "until")} | {"request_id": row["id"]},
        "private": {"reason": reason},
    }
    actor = Actor(row["person_id"], row["person_name"], row["organization_id"], frozenset())
    case = loaded.case
    return Act(actor, frozenset(), case, case, (), "amended", "ask_for_access", entry, dict(loaded.keys))

"""The Idempotency-Key: the same request again gets the same answer, another request under it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mediation.domain.errors import KeyReusedError
from mediation.services.caller import Answer, Caller
from mediation.storage import Unit
from mediation.storage import keys as rows

KEPT_HOURS = 72
"""How long a key is honoured: asked again later, the request is carried out again."""


def replayed(unit: Unit, caller: Caller, kept: Mapping[str, Any] | None) -> Answer | None:
    """The answer kept under the caller's key, or None; KeyReusedError when it belongs to another request."""
    if kept is None:
        return None
    if kept["fingerprint"] != _fingerprint(unit, caller):
        raise KeyReusedError
    body = unit.vault.unseal_answer(kept["body"], _place(caller))
    return Answer(kept["status"], body, kept["etag"], kept["location"], replayed=True)


def kept_row(unit: Unit, caller: Caller, answer: Answer) -> dict[str, Any] | None:
    """The row that keeps an answer, sealed; None when the request carries no key."""
    if caller.key is None:
        return None
    return {
        "caller": caller.subject,
        "key": caller.key,
        "fingerprint": _fingerprint(unit, caller),
        "status": answer.status,
        "etag": answer.etag,
        "location": answer.location,
        "body": unit.vault.seal_answer(answer.body if answer.kept is None else answer.kept, _place(caller)),
        "created_at": caller.now.isoformat(),
        "case_id": None,
    }


def forget(unit: Unit, now: datetime, limit: int) -> int:
    """Drop answers whose key is honoured no longer; gives how many. `now` is the clock they were kept by."""
    return rows.forget_answers(unit, now - timedelta(hours=KEPT_HOURS), limit)


def _fingerprint(unit: Unit, caller: Caller) -> str:
    """The request told by a keyed hash: nobody finds out what was asked by trying who or what it might have been of."""
    return unit.vault.hash("request", caller.fingerprint or "")


def _place(caller: Caller) -> str:
    return place_of(caller.subject, caller.key or "")


def place_of(subject: str, key: str) -> str:
    """The place that an answer is sealed for."""
    return f"idempotency/{subject}/{key}"

"""Asking to read a case somebody else handles: asked without a word on whether it exists, decided, taken back.

Asking writes the same rows whatever number is named and looks at no case; `access_deliveries` does that later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.access_requests import (
    ASKING,
    DECIDING,
    WAITS,
    AccessPurpose,
    Standing,
    is_near_enough,
    may_ask,
    may_decide,
    standing_of,
)
from mediation.domain.cases import Case
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.domain.grants import How
from mediation.domain.labels import Label
from mediation.domain.sight import DataClass
from mediation.services.caller import Answer, Caller
from mediation.services.children import write_anew
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.directory import has_authority
from mediation.services.idempotency import kept_row, replayed
from mediation.services.identity import acting, roles_in
from mediation.services.recording import Act, commit
from mediation.services.subjects import new_key_row
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent, people, tables
from mediation.storage import access_requests as rows
from mediation.storage import grants as grant_rows
from mediation.storage.access_requests import Which
from mediation.storage.cases import KeyTakenError, Loaded, open_key
from mediation.storage.ids import new_id

REASON = "access_requests/{id}/reason"
"""The place that the reason of a request is sealed for, under its own key and then under that of the case."""
_ANSWER = "access_requests/{id}/answer"
_TOO_LONG = Label("应为此后30天以内的时刻", "Name a moment ahead, by 30 days at most.")
_DECIDED = Label("该申请已经答复、收回或者过期", "It was answered already, or nobody answered it in time")
_NOT_RUNNING = Label("没有正在生效的查阅许可", "Nothing is granted under it, or it is over already")


@dataclass(frozen=True, slots=True)
class AccessAsked:
    """Which case, by its number, for what and why, and until when one wishes to read it: an aware moment."""

    case_number: str
    purpose: AccessPurpose
    reason: str
    until: datetime | None


def request_access(unit: Unit, caller: Caller, asked: AccessAsked) -> Answer:
    """Keep a request to read a case; told in the same way for any number, whether or not there is such a case.

    For who works on cases, in person: NotPermittedError; InvalidInputError for an end too far ahead.
    """
    try:
        return _ask(unit, caller, asked)
    except KeyTakenError:  # the same request came in twice at once: the other is committed now
        return _ask(unit, caller, asked)


def _ask(unit: Unit, caller: Caller, asked: AccessAsked) -> Answer:
    with unit.transaction():
        found, kept = people.actor_and_kept(unit, caller.subject, caller.today, caller.key)
        actor = acting(found, caller)
        answer = replayed(unit, caller, kept)
        if answer is not None:
            return answer
        if not may_ask(actor):
            raise NotPermittedError(recorded_by=sorted(ASKING))
        if asked.until is not None:
            _check_end(asked.until, caller.now)
        row, key_row = _new(unit, actor, caller, asked)
        made = Answer(202, orjson.dumps({**_asked(row), "status": row["status"]}))
        rows.put(unit, row, key_row, kept_row(unit, caller, made))
    return made


def _check_end(until: datetime, now: datetime) -> None:
    if not is_near_enough(until, now):
        raise InvalidInputError([InputError("/until", "too_long", _TOO_LONG)])


def _new(unit: Unit, actor: Actor, caller: Caller, asked: AccessAsked) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row of a request, its reason sealed under a key of its own, and the row of that key."""
    request_id = new_id()
    key_row = new_key_row(unit, request_id, request_id)
    key = open_key(unit, {request_id: key_row["wrapped"]}, request_id)
    assert key is not None  # noqa: S101 - it was made just now
    row = {
        "id": request_id,
        "person_id": actor.person_id,
        "organization_id": actor.organization_id,
        "case_number": asked.case_number,
        "purpose": asked.purpose,
        "reason": unit.vault.seal(key, asked.reason, REASON.format(id=request_id)),
        "asked_at": caller.now.isoformat(),
        "until": None if asked.until is None else asked.until.astimezone(UTC).isoformat(),
        "delivered_at": None,
        "case_id": None,
        "status": Standing.WAITING,
        "decided_at": None,
        "decided_by": None,
        "answer": None,
        "grant_id": None,
    }
    return row, key_row


def _asked(row: Mapping[str, Any]) -> dict[str, Any]:
    expires_at = datetime.fromisoformat(row["asked_at"]) + WAITS
    shown = {name: row[name] for name in ("id", "case_number", "purpose", "asked_at", "until")}
    return {**shown, "expires_at": expires_at.isoformat()}


@consistent
def list_access_requests(unit: Unit, caller: Caller, which: Which, cursor: str | None, limit: int) -> CasePage:
    """Requests, newest first, in pages: one's own, or those of others about cases of one's body and of those below it.

    Others' are for supervisors: NotPermittedError. Of one's own nothing tells whether there is such a case before
    somebody answered; a case is named where it was granted.
    """
    actor = acting(people.actor(unit, caller.subject, caller.today), caller)
    is_own = which == "mine"
    if not (may_ask(actor) if is_own else may_decide(actor)):
        raise NotPermittedError(recorded_by=sorted(ASKING if is_own else DECIDING))
    bound = f"access_requests|{which}|{actor.person_id if is_own else actor.organization_id}"
    found = rows.page(
        unit, which, person_id=actor.person_id, organization_id=actor.organization_id,
        asked_after=caller.now - WAITS, before=open_cursor(unit, cursor, bound), limit=limit + 1,
    )  # fmt: skip
    items = [_document(unit, row, caller.now, is_own=is_own) for row in found[:limit]]
    return CasePage(items, seal_cursor(unit, items[-1]["id"], bound) if len(found) > limit else None)


def _document(unit: Unit, row: Mapping[str, Any], now: datetime, *, is_own: bool) -> dict[str, Any]:
    """A request as it is told: to who asked, neither what stands behind it nor the text, which would tell."""
    status = standing_of(Standing(row["status"]), datetime.fromisoformat(row["asked_at"]), now)
    granted = {"id": row["grant_id"], "until": row["granted_until"], "revoked_at": row["revoked_at"]}
    return {
        **_asked(row),
        "status": status,
        "case_id": row["case_id"] if status is Standing.GRANTED or not is_own else None,
        "person": {"id": row["person_id"], "name": row["person_name"]},
        "organization": {"id": row["organization_id"], "name": row["organization_name"]},
        "reason": None if is_own else _opened(unit, row, "reason", REASON),
        "decided_at": row["decided_at"],
        "decided_by": row["decided_by"],
        "answer": _opened(unit, row, "answer", _ANSWER),
        "grant": None if row["grant_id"] is None else granted,
    }


def _opened(unit: Unit, row: Mapping[str, Any], name: str, place: str) -> str | None:
    """A text of a request; no key is opened where there is none, so that it takes no time that would tell of a case."""
    if row[name] is None:
        return None
    key = open_key(unit, {row["case_id"]: row["wrapped"]}, row["case_id"])
    return None if key is None else unit.vault.unseal(key, row[name], place.format(id=row["id"]))


def grant_access(unit: Unit, caller: Caller, request_id: str, until: datetime, note: str | None) -> Answer:
    """Let who asked read the case until a moment, 30 days ahead at most: up to personal data, and nothing else.

    By a supervisor of the body that handles the case or of one above it, not for oneself: NotPermittedError;
    NotFoundError for anybody else; ConflictError where it was answered or waits no more; InvalidInputError.
    """
    row = _asked_of_others(unit, caller, request_id)

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, found = _to_decide(unit, caller, loaded, actor, request_id)
        _check_end(until, caller.now)
        given = _grant(case, found, caller.now, until)
        clear = {"request_id": request_id, "grant_id": given["id"], "person_id": found["person_id"]}
        entry = {"clear": {**clear, "purpose": given["purpose"], "until": given["until"]}, "private": {"note": note}}
        act = _act(loaded, case, actor, "grant_access", entry)
        act.rows = {"grants": [given]}
        answered = _decided(unit, loaded, case, found, actor, caller.now, Standing.GRANTED, note)
        return _keep(unit, caller, act, {**answered, "grant_id": given["id"]}, given, "access_request.granted")

    return write_anew(unit, caller, row["case_id"], once)


def deny_access(unit: Unit, caller: Caller, request_id: str, reason: str) -> Answer:
    """Refuse a request, telling who asked why; by whom and for what errors: as `grant_access`."""
    row = _asked_of_others(unit, caller, request_id)

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, found = _to_decide(unit, caller, loaded, actor, request_id)
        clear = {"request_id": request_id, "person_id": found["person_id"]}
        act = _act(loaded, case, actor, "deny_access", {"clear": clear, "private": {"reason": reason}})
        answered = _decided(unit, loaded, case, found, actor, caller.now, Standing.DENIED, reason)
        return _keep(unit, caller, act, answered, None, "access_request.denied")

    return write_anew(unit, caller, row["case_id"], once)


def revoke_access(unit: Unit, caller: Caller, request_id: str) -> Answer:
    """End what was granted before its time: by who reads under it, who granted it, or a supervisor of the body.

    NotFoundError for anybody else; ConflictError where nothing runs.
    """
    row = people.one(unit, tables.access_requests, request_id)
    actor = acting(people.actor(unit, caller.subject, caller.today), caller)
    if row is None:
        raise NotFoundError
    if row["grant_id"] is None and row["person_id"] == actor.person_id:
        raise ConflictError(_NOT_RUNNING)  # whatever stands behind it
    if row["case_id"] is None:
        raise NotFoundError

    def once(loaded: Loaded, actor: Actor) -> Answer:
        found, case = _request(unit, request_id), _case_of(loaded)
        given = people.one(unit, tables.grants, found["grant_id"]) if found["grant_id"] else None
        handling = case.organization_id if given is None else given["handling_id"]
        is_theirs = actor.hand in {found["person_id"], found["decided_by"]} and given is not None
        if not is_theirs and not (may_decide(actor) and has_authority(unit, actor, handling)):
            raise NotFoundError
        running = None if given is None else grant_rows.told(given)
        is_over = running is None or datetime.fromisoformat(running["until"]) <= caller.now
        if running is None or is_over or running["revoked_at"] is not None:
            raise ConflictError(_NOT_RUNNING)
        ended = {**running, "revoked_at": caller.now.isoformat(), "revoked_by": actor.hand}
        clear = {"request_id": request_id, "grant_id": ended["id"], "person_id": found["person_id"]}
        act = _act(loaded, case, actor, "revoke_access", {"clear": clear})
        act.rows = {"grants": [ended]}
        return _keep(unit, caller, act, found, ended, "access_request.revoked")

    return write_anew(unit, caller, row["case_id"], once)


def _asked_of_others(unit: Unit, caller: Caller, request_id: str) -> dict[str, Any]:
    """A request that reached its case, for anybody but who asked: they may not decide, whatever stands behind it."""
    row = people.one(unit, tables.access_requests, request_id)
    actor = acting(people.actor(unit, caller.subject, caller.today), caller)
    if row is None:
        raise NotFoundError
    if row["person_id"] == actor.person_id:
        raise NotPermittedError(recorded_by=sorted(DECIDING))
    if row["case_id"] is None:
        raise NotFoundError
    return row


def _request(unit: Unit, request_id: str) -> dict[str, Any]:
    found = people.one(unit, tables.access_requests, request_id)
    if found is None:
        raise NotFoundError
    return grant_rows.told(found)


def _case_of(loaded: Loaded) -> Case:
    """The case, unless its file was destroyed: NotFoundError."""
    if loaded.case is None or loaded.keys.get(loaded.case.id) is None:
        raise NotFoundError
    return loaded.case


def _to_decide(
    unit: Unit, caller: Caller, loaded: Loaded, actor: Actor, request_id: str
) -> tuple[Case, dict[str, Any]]:
    """The case and the request as it stands now, for who may answer it."""
    case, found = _case_of(loaded), _request(unit, request_id)
    if not (may_decide(actor) and has_authority(unit, actor, case.organization_id)):
        raise NotFoundError
    asked_at = datetime.fromisoformat(found["asked_at"])
    if standing_of(Standing(found["status"]), asked_at, caller.now) is not Standing.WAITING:
        raise ConflictError(_DECIDED)
    return case, found


def _grant(case: Case, found: Mapping[str, Any], now: datetime, until: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": case.id,
        "person_id": found["person_id"],
        "organization_id": found["organization_id"],
        "handling_id": case.organization_id,
        "how": How.ACCESS_REQUEST,
        "ceiling": DataClass.PERSONAL.name.lower(),
        "purpose": found["purpose"],
        "since": now.isoformat(),
        "until": until.astimezone(UTC).isoformat(),
        "revoked_at": None,
        "revoked_by": None,
    }


def _decided(
    unit: Unit, loaded: Loaded, case: Case, found: Mapping[str, Any], actor: Actor, now: datetime,
    status: Standing, said: str | None,
) -> dict[str, Any]:  # fmt: skip
    key = open_key(unit, loaded.keys, case.id)
    place = _ANSWER.format(id=found["id"])
    return {
        **found,
        "status": status,
        "decided_at": now.isoformat(),
        "decided_by": actor.hand,
        "answer": unit.vault.seal(key, said, place) if key is not None and said is not None else None,
    }


def _act(loaded: Loaded, case: Case, actor: Actor, action: str, entry: dict[str, Any]) -> Act:
    roles = roles_in(case, loaded.scopes, actor)
    return Act(actor, roles, case, case, (), "amended", action, entry, dict(loaded.keys))


def _keep(
    unit: Unit, caller: Caller, act: Act, answered: Mapping[str, Any], given: Mapping[str, Any] | None,
    event: grant_rows.Event,
) -> Answer:  # fmt: skip
    """Write the entry, the grant, the decision and the event, or nothing."""
    shown = {name: answered[name] for name in ("id", "case_id", "status", "decided_at", "decided_by")}
    is_new = given is not None and given["revoked_at"] is None
    made = Answer(201 if is_new else 200, orjson.dumps({**shown, "grant": given}))
    with unit.transaction():
        commit(unit, caller, act, lambda _after: made)
        rows.decided(unit, answered)
        grant_rows.tell(unit, event, act.after.id, answered["id"])
    return made

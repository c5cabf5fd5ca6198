"""Breaking the glass: opened with a reason; told in history, an event and the access log; ended by time or by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.cases import Case
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.domain.grants import (
    TOLD,
    WATCHING,
    BreakGlassPurpose,
    How,
    is_short_enough,
    may_break_glass,
    may_end_break_glass,
)
from mediation.domain.labels import Label
from mediation.domain.sight import DataClass
from mediation.services.caller import Answer, Caller
from mediation.services.children import write_anew
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import CaseNotFoundError, acting, relation, roles_in
from mediation.services.recording import Act, commit
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent, homes, people, tables
from mediation.storage import grants as rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class BreakGlassRequest:
    """For what, why (told in history, sealed), and until when: an aware moment."""

    purpose: BreakGlassPurpose
    reason: str
    until: datetime


def break_glass(unit: Unit, caller: Caller, case_id: str, request: BreakGlassRequest) -> Answer:
    """Let a supervisor or auditor read the whole of a case of their body, or of one below it, for 72 hours at most.

    It gives no right to take a step. CaseNotFoundError for a case elsewhere, NotPermittedError for anybody else who
    sees it, InvalidInputError for an end that has passed or lies too far ahead.
    """

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case = _watched_by(unit, loaded, actor)
        if not is_short_enough(request.until, caller.now):
            text = Label("应为此后72小时以内的时刻", "Name a moment ahead, by 72 hours at most.")
            raise InvalidInputError([InputError("/until", "too_long", text)])
        row = _new(case, actor, caller, request)
        clear = {"grant_id": row["id"], "purpose": row["purpose"], "until": row["until"]}
        entry = {"clear": clear, "private": {"reason": request.reason}}
        return _keep(unit, caller, loaded, actor, "break_glass", entry, row, "break_glass.opened")

    return write_anew(unit, caller, case_id, once)


def _watched_by(unit: Unit, loaded: Loaded, actor: Actor) -> Case:
    """The case, for who watches over the body that handles it, whether or not they see it."""
    case = loaded.case
    if case is None:
        raise CaseNotFoundError
    if not (may_break_glass(actor) and _is_above(unit, actor, case.organization_id)):
        relation(loaded, actor)  # who does not see the case is not told that it is there
        raise NotPermittedError(recorded_by=sorted(WATCHING))
    return case


def _is_above(unit: Unit, actor: Actor, handling_id: str) -> bool:
    return actor.organization_id == handling_id or actor.organization_id in homes.ancestors(unit, handling_id)


def _new(case: Case, actor: Actor, caller: Caller, request: BreakGlassRequest) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": case.id,
        "person_id": actor.person_id,
        "organization_id": actor.organization_id,
        "handling_id": case.organization_id,
        "how": How.BREAK_GLASS,
        "ceiling": DataClass.CONFIDENTIAL.name.lower(),
        "purpose": request.purpose,
        "since": caller.now.isoformat(),
        "until": request.until.astimezone(UTC).isoformat(),
        "revoked_at": None,
        "revoked_by": None,
    }


def revoke(unit: Unit, caller: Caller, grant_id: str) -> Answer:
    """End it before its time: by who opened it, who watches over the body that handles the case, or its officer.

    NotFoundError for anybody else, ConflictError where it is over already.
    """
    row = people.one(unit, tables.grants, grant_id)
    if row is None or row["how"] != How.BREAK_GLASS:
        raise NotFoundError

    def once(loaded: Loaded, actor: Actor) -> Answer:
        found = rows.told(people.one(unit, tables.grants, grant_id) or row)
        is_theirs = actor.person_id == found["person_id"]
        if not is_theirs and not (may_end_break_glass(actor) and _is_above(unit, actor, found["handling_id"])):
            raise NotFoundError
        if found["revoked_at"] is not None or datetime.fromisoformat(found["until"]) <= caller.now:
            raise ConflictError(Label("紧急查阅已经结束", "It is over already"))
        ended = {**found, "revoked_at": caller.now.isoformat(), "revoked_by": actor.hand}
        entry = {"clear": {"grant_id": grant_id}}
        return _keep(unit, caller, loaded, actor, "revoke_break_glass", entry, ended, "break_glass.revoked")

    return write_anew(unit, caller, row["case_id"], once)


@consistent
def list_break_glass(unit: Unit, caller: Caller, cursor: str | None, limit: int) -> CasePage:
    """Whenever the glass was broken on a case of the body one acts for or of those below it, newest first, in pages."""
    actor = acting(people.actor(unit, caller.subject, caller.today), caller)
    if not may_end_break_glass(actor) or actor.organization_id is None:
        raise NotPermittedError(recorded_by=sorted(TOLD))
    bound = f"break_glass|{actor.organization_id}"
    before = open_cursor(unit, cursor, bound)
    items = rows.page(unit, actor.organization_id, How.BREAK_GLASS, before=before, limit=limit + 1)
    shown = items[:limit]
    return CasePage(shown, seal_cursor(unit, shown[-1]["id"], bound) if len(items) > limit else None)


def _keep(
    unit: Unit, caller: Caller, loaded: Loaded, actor: Actor, action: str, entry: dict[str, Any],
    row: dict[str, Any], event: rows.Event,
) -> Answer:  # fmt: skip
    """Write the grant, its entry of history and its event, or nothing."""
    case = loaded.case
    if case is None:
        raise CaseNotFoundError
    roles = roles_in(case, loaded.scopes, actor)
    act = Act(actor, roles, case, case, (), "amended", action, entry, dict(loaded.keys), {"grants": [row]})
    status = 200 if row["revoked_at"] else 201
    with unit.transaction():
        made = commit(unit, caller, act, lambda _after: Answer(status, orjson.dumps(row)))
        rows.tell(unit, event, case.id, row["id"])
        return made

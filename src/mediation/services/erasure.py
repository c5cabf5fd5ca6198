"""Personal data erased by destroying the key they lie under, and the legal hold that forbids it."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.cases import Case
from mediation.domain.draft import Draft
from mediation.domain.employment import EMPLOYMENT
from mediation.domain.errors import BlockedError, ConflictError, NotFoundError
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Party
from mediation.domain.retention import ERASED, HOLD, Schedule, erasure_blockers, hold_of
from mediation.services.caller import Answer, Caller, Render
from mediation.services.children import write_anew
from mediation.services.identity import relation
from mediation.services.recording import Act, commit
from mediation.services.subjects import blank_row
from mediation.services.writing import writing
from mediation.storage import Unit
from mediation.storage import cases as rows
from mediation.storage.cases import Loaded


class RetentionStandsError(BlockedError):
    """The data have to be kept: every reason is listed."""

    code = "conflict"
    text = Label("依法应当继续保存,暂不能删除", "The data have to be kept for now and cannot be erased")


class NothingToEraseError(ConflictError):
    """A body, or a person whose data were erased before."""

    text = Label("该当事人没有可删除的个人信息", "There is no personal data of this party to erase")


def erase(
    unit: Unit, caller: Caller, case_id: str, party_id: str, reason: str, render: Render, schedule: Schedule
) -> Answer:
    """Destroy the key of a person, blank what stands of them in clear, and drop the answers kept about the case.

    By a supervisor; RetentionStandsError with all its reasons. Everything at once or nothing. The chain of history
    still verifies, as it is computed over what is stored; what lay under the key opens for nobody.
    """

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, roles = writing(loaded, actor, "erase")
        party = case.parties.get(party_id)
        if party is None:
            raise NotFoundError
        if party.subject_id is None or not loaded.keys.get(party.subject_id):
            raise NothingToEraseError
        blockers = erasure_blockers(case, caller.today, schedule)
        if blockers:
            raise RetentionStandsError(blockers)
        act = _erasing(loaded, actor, roles, party, reason, caller)
        with unit.transaction():
            rows.forget_answers(unit, case_id)
            return commit(unit, caller, act, lambda after: Answer(200, render(after.parties[party_id])))

    return write_anew(unit, caller, case_id, once)


def _erasing(
    loaded: Loaded, actor: Actor, roles: frozenset[CaseRole], party: Party, reason: str, caller: Caller
) -> Act:
    """The act: history tells who erased whom and why; the name in it is sealed under the key that is destroyed."""
    case, subject_id = loaded.case, party.subject_id
    assert case is not None  # noqa: S101 - told by `relation`
    assert subject_id is not None  # noqa: S101 - told by the caller
    draft = Draft(case)
    draft.amend("parties", party.id, name=ERASED, resident_id_masked=None, phone_masked=None, person_id=None)
    employed = case.facts.get(EMPLOYMENT) or {}
    if party.id in employed:
        draft.set_fact(EMPLOYMENT, {key: value for key, value in employed.items() if key != party.id})
    destroyed = {
        "id": subject_id, "case_id": case.id, "wrapped": None, "destroyed_at": caller.now.isoformat(),
    }  # fmt: skip
    return Act(
        actor, roles, case, draft.case, draft.changes(), "erased", "erase",
        {"clear": {"party_id": party.id}, "private": {"reason": reason}}, dict(loaded.keys),
        {"subject_keys": [destroyed], "subjects": [blank_row(case.id, subject_id)]},
    )  # fmt: skip


def set_hold(unit: Unit, caller: Caller, case_id: str, reason: str) -> Answer:
    """Forbid to erase anything of a case, open or closed, until the hold is lifted; by a supervisor."""

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, _ = writing(loaded, actor, "set_legal_hold")
        if hold_of(case) is not None:
            raise ConflictError(Label("案件已设留存令", "A legal hold is set already"))
        return _change_hold(unit, caller, loaded, actor, "set_legal_hold", reason, caller.today)

    return write_anew(unit, caller, case_id, once)


def lift_hold(unit: Unit, caller: Caller, case_id: str, reason: str) -> Answer:
    """Lift the hold on a case; by a supervisor."""

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, _ = writing(loaded, actor, "lift_legal_hold")
        if hold_of(case) is None:
            raise ConflictError(Label("案件未设留存令", "There is no legal hold to lift"))
        return _change_hold(unit, caller, loaded, actor, "lift_legal_hold", reason, None)

    return write_anew(unit, caller, case_id, once)


def _change_hold(
    unit: Unit, caller: Caller, loaded: Loaded, actor: Actor, action: str, reason: str, since: date | None
) -> Answer:
    case, roles = relation(loaded, actor)
    draft = Draft(case)
    draft.set_fact(HOLD, {"since": since.isoformat()} if since else None)
    entry = {"private": {"reason": reason}}
    act = Act(actor, roles, case, draft.case, draft.changes(), "amended", action, entry, dict(loaded.keys))
    return commit(unit, caller, act, _told)


def _told(case: Case) -> Answer:
    hold: dict[str, Any] | None = dict(hold_of(case) or {}) or None
    return Answer(200, orjson.dumps({"case_id": case.id, "hold": hold}))

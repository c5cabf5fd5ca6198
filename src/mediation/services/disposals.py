"""The file of a case destroyed for good: proposed by one supervisor, confirmed by another, and a record kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mediation.domain.access import Actor
from mediation.domain.cases import Case
from mediation.domain.disposal import DisposalReason, DisposalStatus, status_of
from mediation.domain.draft import Draft
from mediation.domain.employment import EMPLOYMENT
from mediation.domain.errors import ConflictError, NotFoundError, NotPermittedError, Refusal
from mediation.domain.labels import Label
from mediation.domain.party_kinds import PartyKind, is_natural
from mediation.domain.procedure.step import CaseRole
from mediation.domain.retention import ERASED, Schedule, ended_on, erasure_blockers
from mediation.services.caller import Answer, Caller, Render
from mediation.services.children import write_anew
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.erasure import RetentionStandsError
from mediation.services.identity import acting
from mediation.services.recording import Act, commit
from mediation.services.retention import READERS
from mediation.services.subjects import blank_row
from mediation.services.views import CasePage
from mediation.services.writing import writing
from mediation.storage import Unit, consistent, data_requests, people
from mediation.storage import cases as cases_rows
from mediation.storage import retention as rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id
from mediation.storage.wall import wall_key_id


class SecondPersonError(Refusal):
    """Who proposed a disposal cannot confirm it."""

    code = "not_permitted"
    text = Label("提出人不能自行确认,须由另一人确认", "Somebody else than who proposed it has to confirm")


@consistent
def list_disposals(unit: Unit, caller: Caller, cursor: str | None, limit: int) -> CasePage:
    """Disposals proposed and done at the body one acts for and at those below it, newest first."""
    actor = acting(people.actor(unit, caller.subject, caller.today), caller)
    if not actor.roles & READERS or actor.organization_id is None:
        raise NotPermittedError(recorded_by=sorted(READERS))
    bound = f"disposals|{actor.organization_id}"
    before = open_cursor(unit, cursor, bound)
    found = rows.disposals(unit, actor.organization_id, before=before, limit=limit + 1)
    items = [_told(_plain(row), row["version"]) for row in found[:limit]]
    return CasePage(items, seal_cursor(unit, items[-1]["id"], bound) if len(found) > limit else None)


def propose(
    unit: Unit, caller: Caller, case_id: str, reason: DisposalReason, schedule: Schedule, render: Render
) -> Answer:
    """Propose to destroy the file of a case; by a supervisor. RetentionStandsError with everything that forbids it.

    A proposal that lapsed is closed by the one that takes its place.
    """

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, roles = writing(loaded, actor, "propose_disposal")
        _refuse_kept(case, caller, schedule)
        _refuse_unanswered(unit, case)
        standing = rows.disposal_of(unit, case.id)
        if standing is not None and _status(standing, case.version) is DisposalStatus.PROPOSED:
            raise ConflictError(Label("已提出销毁,待另一人确认", "It is proposed already and awaits a second person"))
        row = _proposed(case, actor, caller, reason, schedule)
        lapsed = [] if standing is None else [_ended(standing, actor, caller, DisposalStatus.LAPSED)]
        entry = {"clear": {"disposal_id": row["id"], "reason": row["reason"]}}
        act = Act(
            actor, roles, case, case, (), "amended", "propose_disposal", entry, dict(loaded.keys),
            {"disposals": [*lapsed, row]},
        )  # fmt: skip
        return commit(unit, caller, act, lambda after: Answer(201, render(_told(row, after.version))))

    return write_anew(unit, caller, case_id, once)


def confirm(unit: Unit, caller: Caller, disposal_id: str, schedule: Schedule, render: Render) -> Answer:
    """Destroy the file: every key of the case, what stands of people in clear, and the answers kept about it.

    By a supervisor who did not propose it; everything that forbids it is asked again, and ConflictError where it was
    withdrawn, or lapsed because the case changed. All at once or nothing. The case is seen by nobody afterwards; its
    history stays and verifies, and opens for nobody.
    """
    found = rows.disposal(unit, disposal_id)
    if found is None:
        raise NotFoundError

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, roles = writing(loaded, actor, "confirm_disposal")
        _refuse_kept(case, caller, schedule)
        if found["proposed_by"] in {actor.hand, actor.person_id}:
            raise SecondPersonError
        _refuse_ended(found, case)
        _refuse_unanswered(unit, case)
        keys = _standing_keys(loaded)
        row = {
            **_plain(found), "confirmed_by": actor.hand, "confirmed_at": caller.now.isoformat(),
            "keys_destroyed": len(keys),
        }  # fmt: skip
        act = _destroying(loaded, case, actor, roles, caller, keys, row)
        with unit.transaction():
            cases_rows.forget_answers(unit, case.id)
            return commit(unit, caller, act, lambda after: Answer(200, render(_told(row, after.version))))

    return write_anew(unit, caller, found["case_id"], once)


def withdraw(unit: Unit, caller: Caller, disposal_id: str, render: Render) -> Answer:
    """Take a proposal back that waits or has lapsed; by any supervisor of the case. ConflictError for any other."""
    found = rows.disposal(unit, disposal_id)
    if found is None:
        raise NotFoundError

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, roles = writing(loaded, actor, "withdraw_disposal")
        if _status(found, case.version) not in {DisposalStatus.PROPOSED, DisposalStatus.LAPSED}:
            raise ConflictError(_NOT_WAITING)
        row = _ended(found, actor, caller, DisposalStatus.WITHDRAWN)
        entry = {"clear": {"disposal_id": row["id"]}}
        act = Act(
            actor, roles, case, case, (), "amended", "withdraw_disposal", entry, dict(loaded.keys),
            {"disposals": [row]},
        )  # fmt: skip
        return commit(unit, caller, act, lambda after: Answer(200, render(_told(row, after.version))))

    return write_anew(unit, caller, found["case_id"], once)


_NOT_WAITING = Label("该销毁提议已经撤回或者办结", "The proposal was withdrawn, or done with, before")
_LAPSED = Label(
    "提出销毁后案件有变动,提议已失效,请核对后重新提出",
    "The case changed since it was proposed, so the proposal lapsed: look at the file again and propose it anew",
)
_UNANSWERED = Label(
    "本案有个人信息请求尚未答复,请先答复",
    "Somebody asked about their own data in this case and waits for an answer: answer it first",
)


def _status(row: Mapping[str, Any], version: int) -> DisposalStatus:
    """What became of a proposal, in a case that now has this version."""
    return status_of(
        is_confirmed=row["confirmed_at"] is not None, ending=row["ending"], proposed_at=row["case_version"],
        version=version,
    )  # fmt: skip


def _refuse_ended(row: Mapping[str, Any], case: Case) -> None:
    status = _status(row, case.version)
    if status is not DisposalStatus.PROPOSED:
        raise ConflictError(_LAPSED if status is DisposalStatus.LAPSED else _NOT_WAITING)


def _refuse_unanswered(unit: Unit, case: Case) -> None:
    if data_requests.has_open(unit, case.id):
        raise ConflictError(_UNANSWERED)


def _ended(row: Mapping[str, Any], actor: Actor, caller: Caller, ending: DisposalStatus) -> dict[str, Any]:
    return {**_plain(row), "ended_by": actor.hand, "ended_at": caller.now.isoformat(), "ending": str(ending)}


def _told(row: Mapping[str, Any], version: int) -> dict[str, Any]:
    """A record as it is told, with its status in a case of this version."""
    told = {name: value for name, value in row.items() if name not in _UNTOLD}
    return {**told, "status": str(_status(row, version))}


_UNTOLD = frozenset({"case_version", "version", "ending"})


def _refuse_kept(case: Case, caller: Caller, schedule: Schedule) -> None:
    blockers = erasure_blockers(case, caller.today, schedule)
    if blockers:
        raise RetentionStandsError(blockers)


def _proposed(case: Case, actor: Actor, caller: Caller, reason: DisposalReason, schedule: Schedule) -> dict[str, Any]:
    ended = ended_on(case)
    assert ended is not None  # noqa: S101 - nothing forbids it, so it is over
    rule = schedule.rule_of(case)
    return {
        "id": new_id(),
        "case_id": case.id,
        "case_version": case.version + 1,
        "organization_id": case.organization_id,
        "case_number": case.number,
        "outcome": case.state,
        "rule": rule.code,
        "kept_until": rule.kept_until(ended).isoformat(),
        "reason": str(reason),
        "proposed_by": actor.hand,
        "proposed_at": caller.now.isoformat(),
        "confirmed_by": None,
        "confirmed_at": None,
        "keys_destroyed": None,
        **dict.fromkeys(("ended_by", "ended_at", "ending")),
    }


def _standing_keys(loaded: Loaded) -> list[str]:
    """The ids of the keys of the case that still open something: of its people, its own, and of its talks."""
    assert loaded.case is not None  # noqa: S101 - told by `relation`
    found = [key_id for key_id, wrapped in loaded.keys.items() if wrapped]
    if loaded.wall is not None and loaded.wall.wrapped is not None:
        found.append(wall_key_id(loaded.case.id))
    return found


def _destroying(
    loaded: Loaded,
    case: Case,
    actor: Actor,
    roles: frozenset[CaseRole],
    caller: Caller,
    keys: list[str],
    record: Mapping[str, Any],
) -> Act:
    """The act: history tells who destroyed how many keys and why, and nothing that was sealed under them."""
    draft = Draft(case)
    for party in case.parties.values():
        if is_natural(PartyKind(party.kind)):
            draft.amend("parties", party.id, name=ERASED, resident_id_masked=None, phone_masked=None, person_id=None)
    draft.set_fact(EMPLOYMENT, None)
    destroyed_at = caller.now.isoformat()
    subjects = {party.subject_id for party in case.parties.values() if party.subject_id is not None}
    written: dict[str, list[dict[str, Any]]] = {
        "subject_keys": [
            {"id": key_id, "case_id": case.id, "wrapped": None, "destroyed_at": destroyed_at} for key_id in keys
        ],
        "subjects": [blank_row(case.id, subject_id) for subject_id in sorted(subjects)],
        "disposals": [dict(record)],
    }
    told = {"disposal_id": record["id"], "reason": record["reason"], "keys_destroyed": len(keys)}
    return Act(
        actor, roles, case, draft.case, draft.changes(), "erased", "dispose", {"clear": told}, dict(loaded.keys),
        written, closes=tuple(sorted(loaded.scopes)),
    )  # fmt: skip


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A record with its days and moments as text."""
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in row.items()}

"""What people ask about their own data: written down with its last day, listed as work, answered with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mediation.domain.access import SIDE_ROLES, WRITING, Actor, MembershipRole
from mediation.domain.data_requests import (
    ANSWERED_BY,
    Asker,
    RefusalGround,
    RequestKind,
    RequestStatus,
    check_answer,
    due_on,
    who_answers,
)
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.domain.labels import Label
from mediation.domain.party_kinds import PartyKind, is_natural
from mediation.domain.personal_data import TEAM
from mediation.domain.procedure.step import HOUSE, CaseRole
from mediation.domain.records import Party
from mediation.services.calendars import current_calendar
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cases import refuse_future
from mediation.services.children import write_anew
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import load_case, relation
from mediation.services.link_tokens import LinkUse
from mediation.services.party_access import own_party, party_itself
from mediation.services.reading import read_for
from mediation.services.recording import Act, commit
from mediation.services.reminders import next_look
from mediation.services.requests import DataRequestQuery
from mediation.services.tasks import page_of_scope, tell_owner
from mediation.services.views import CasePage
from mediation.services.writing import writing
from mediation.storage import Unit, consistent
from mediation.storage import data_requests as rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id
from mediation.storage.reminders import Asking
from mediation.storage.tasks import DATA_REQUESTS

READERS = HOUSE | {CaseRole.AUDITOR}
_LISTED_FOR = WRITING | {MembershipRole.AUDITOR}


def receive(
    unit: Unit, caller: Caller, case_id: str, party_id: str, given: Mapping[str, Any], render: Render
) -> Answer:
    """Write down what a natural person of the case asks; by the case team, or by the person's own account today.

    `given`: kind, asked_by, received_on (None: today) and note. InvalidInputError, NotPermittedError; NotFoundError
    for no party of the case.
    """
    given = {**given, "received_on": given["received_on"] or caller.today}

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, roles = writing(loaded, actor, "receive_data_request", about=party_id)
        refuse_future(given["received_on"], caller.today, "/received_on")
        party = case.parties.get(party_id)
        if not roles & TEAM:
            _refuse_others(given, caller.today)
        return _keep(unit, caller, loaded, actor, _the_person(party), given, roles, render)

    return write_anew(unit, caller, case_id, once)


def receive_by_link(unit: Unit, caller: Caller, link: LinkUse, given: Mapping[str, Any], render: Render) -> Answer:
    """Write down what the holder of an access link asks today."""
    asked = {**given, "asked_by": Asker.PERSON, "received_on": caller.today}

    def once(loaded: Loaded, actor: Actor) -> Answer:
        _, party = own_party(loaded, link)
        roles = frozenset({SIDE_ROLES[party.side]})
        return _keep(unit, caller, loaded, actor, _the_person(party), asked, roles, render)

    return write_anew(unit, caller, link.case_id, once, who=lambda loaded, asking: party_itself(loaded, asking, link))


def answer(
    unit: Unit, caller: Caller, case_id: str, request_id: str, given: Mapping[str, Any], render: Render
) -> Answer:
    """Answer a request once: fulfilled, partly or refused; with the act that carried it out, where there is one.

    `given`: outcome, ground, reason, act_id and answered_on. By the clerk or mediator, of an erasure by a supervisor.
    """
    given = {**given, "answered_on": given["answered_on"] or caller.today}

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, roles = writing(loaded, actor, "answer_data_request")
        refuse_future(given["answered_on"], caller.today, "/answered_on")
        row = rows.one(unit, loaded.keys, case.id, request_id)
        if row is None:
            raise NotFoundError
        kind = RequestKind(row["kind"])
        if not roles & who_answers(kind):
            raise NotPermittedError(recorded_by=sorted(who_answers(kind)))
        if row["status"] != RequestStatus.OPEN:
            raise ConflictError(Label("该请求已经答复", "The request was answered before"))
        _refuse_earlier(given["answered_on"], row)
        return _answered(unit, caller, loaded, actor, row, given, render)

    return write_anew(unit, caller, case_id, once)


@consistent
def list_of_case(unit: Unit, caller: Caller, case_id: str, cursor: str | None, limit: int) -> CasePage:
    """Requests in a case in the order they were written down: for the house and auditors, one's own for a person.

    Auditors are not told the texts.
    """
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    own = {party.id for party in case.parties.values() if party.person_id == actor.person_id}
    if not roles & READERS and not own:
        raise NotPermittedError(recorded_by=sorted(READERS))
    page = _page(unit, caller, loaded, None if roles & READERS else own, cursor, limit)
    if not roles & HOUSE and not own:
        page = CasePage([{**item, **dict.fromkeys(rows.TEXTS)} for item in page.items], page.next_cursor)
    return page


@consistent
def list_own(unit: Unit, caller: Caller, link: LinkUse, cursor: str | None, limit: int) -> CasePage:
    """What the holder of a link asked, and what was answered."""
    loaded = load_case(unit, caller, link.case_id)
    _, party = own_party(loaded, link)
    party_itself(loaded, caller, link)
    return _page(unit, caller, loaded, {party.id}, cursor, limit)


def list_waiting(unit: Unit, caller: Caller, query: DataRequestQuery) -> CasePage:
    """One page of the requests in the cases of a scope by their last day, without any text; for the house's people."""
    items, cursor, actor = page_of_scope(unit, caller, query, DATA_REQUESTS)
    if not actor.roles & _LISTED_FOR:
        raise NotPermittedError(recorded_by=sorted(READERS))
    for item in items:
        role = "supervisor" if item["kind"] == RequestKind.ERASURE else "mediator" if item["person_id"] else "clerk"
        tell_owner(item, role)
    return CasePage(items, cursor)


def _page(
    unit: Unit, caller: Caller, loaded: Loaded, parties: set[str] | None, cursor: str | None, limit: int
) -> CasePage:
    assert loaded.case is not None  # noqa: S101 - told by the caller
    bound = f"data_requests|{loaded.case.id}|{caller.subject}"
    after = open_cursor(unit, cursor, bound) or ""
    found = rows.page(unit, loaded.keys, loaded.case.id, parties=parties, after=after, limit=limit + 1)
    following = seal_cursor(unit, found[limit - 1]["id"], bound) if len(found) > limit else None
    return CasePage([document(row) for row in found[:limit]], following)


def document(row: Mapping[str, Any]) -> dict[str, Any]:
    """A request as plain values."""
    return {name: value for name, value in row.items() if name != "remind_on"}


def _refuse_others(given: Mapping[str, Any], today: date) -> None:
    """A person asks for themselves, and as of today."""
    if given["asked_by"] != Asker.PERSON:
        text = Label("本人账号只能由本人提出", "By your own account you ask for yourself.")
        raise InvalidInputError([InputError("/asked_by", "not_the_person", text)])
    if given["received_on"] != today:
        text = Label("本人提出的,收到日期为今天", "What you send today is received today.")
        raise InvalidInputError([InputError("/received_on", "not_today", text)])


def _the_person(party: Party | None) -> Party:
    """The party, where it is a natural person: nobody else has personal data (PIPL 4)."""
    if party is None:
        raise NotFoundError
    if not is_natural(PartyKind(party.kind)):
        raise ConflictError(Label("单位没有个人信息", "A body has no personal data to ask about"))
    return party


def _keep(
    unit: Unit,
    caller: Caller,
    loaded: Loaded,
    actor: Actor,
    party: Party,
    given: Mapping[str, Any],
    roles: frozenset[CaseRole],
    render: Render,
) -> Answer:
    """Write the request; history tells what was asked and by when it is answered, its words lie sealed."""
    case = loaded.case
    assert case is not None  # noqa: S101 - told by the caller
    due = due_on(given["received_on"], current_calendar())
    row = {
        "id": new_id(), "case_id": case.id, "party_id": party.id, "kind": str(given["kind"]),
        "asked_by": str(given["asked_by"]), "received_on": given["received_on"].isoformat(),
        "due_on": due.isoformat(), "recorded_by": actor.hand, "note": given["note"], "status": str(RequestStatus.OPEN),
        **dict.fromkeys(("answered_on", "answered_by", "ground", "reason", "act_id")),
    }  # fmt: skip
    look = next_look(Asking(row["id"], case.id, "", given["received_on"], due), caller.today)
    told = {name: row[name] for name in ("party_id", "kind", "asked_by", "received_on", "due_on")}
    clear = {"request_id": row["id"], **told}
    written = {**row, "remind_on": look.isoformat()}
    entry = {"clear": clear, "private": {"note": row["note"]} if row["note"] else None}
    answered = Answer(201, render(document(row)))
    return _write(unit, caller, loaded, actor, roles, "receive_data_request", entry, written, answered)


def _answered(
    unit: Unit,
    caller: Caller,
    loaded: Loaded,
    actor: Actor,
    row: dict[str, Any],
    given: Mapping[str, Any],
    render: Render,
) -> Answer:
    _, roles = relation(loaded, actor)
    kind, outcome = RequestKind(row["kind"]), RequestStatus(given["outcome"])
    act_id = None if outcome is RequestStatus.REFUSED else _act(unit, row, kind, given["act_id"])
    ground = None if given["ground"] is None else RefusalGround(given["ground"])
    check_answer(kind, outcome, ground=ground, reason=given["reason"], act=act_id)
    row |= {
        "status": str(outcome), "ground": ground and str(ground), "reason": given["reason"], "act_id": act_id,
        "answered_on": given["answered_on"].isoformat(), "answered_by": actor.hand, "remind_on": None,
    }  # fmt: skip
    told = ("party_id", "kind", "status", "ground", "act_id", "answered_on", "due_on")
    clear = {"request_id": row["id"], **{name: row[name] for name in told if row[name] is not None}}
    entry = {"clear": clear, "private": {"reason": row["reason"]} if row["reason"] else None}
    answered = Answer(200, render(document(row)))
    return _write(unit, caller, loaded, actor, roles, "answer_data_request", entry, row, answered)


def _act(unit: Unit, row: Mapping[str, Any], kind: RequestKind, named: str | None) -> str | None:
    """The act since the request was received that carried it out: the one named, else the latest about the person.

    InvalidInputError for an id that is none.
    """
    case_id, party_id, since = row["case_id"], row["party_id"], date.fromisoformat(row["received_on"])
    found: list[str] = []
    if kind is RequestKind.COPY:
        read = rows.reading_of(unit, case_id, party_id, ANSWERED_BY[kind], since)
        found = [read] if read is not None and named in {None, read} else []
    elif ANSWERED_BY[kind]:
        found = rows.acts_on(unit, case_id, party_id, ANSWERED_BY[kind], since, entry_id=named)
    if named is not None and not found:
        text = Label("收到请求后没有这样办理的记录", "Nothing since the request is this act.")
        raise InvalidInputError([InputError("/act_id", "act_unknown", text)])
    return found[0] if found else None


def _refuse_earlier(answered_on: date, row: Mapping[str, Any]) -> None:
    if answered_on < date.fromisoformat(row["received_on"]):
        text = Label("不能早于收到请求之日", "It lies before the request was received.")
        raise InvalidInputError([InputError("/answered_on", "before_start", text)])


def _write(
    unit: Unit,
    caller: Caller,
    loaded: Loaded,
    actor: Actor,
    roles: frozenset[CaseRole],
    action: str,
    entry: Mapping[str, Any],
    row: Mapping[str, Any],
    answered: Answer,
) -> Answer:
    case = loaded.case
    assert case is not None  # noqa: S101 - told by the caller
    stored = {"data_requests": [rows.stored(unit, loaded.keys, row)]}
    act = Act(actor, roles, case, case, (), "amended", action, entry, dict(loaded.keys), stored, wall=loaded.wall)
    return commit(unit, caller, act, lambda _case: answered)

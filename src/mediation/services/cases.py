"""Cases: written down as drafts, registered, corrected."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from mediation.domain.access import (
    HANDING_OVER,
    WRITING,
    AccountKind,
    Actor,
    below_scope,
    organization_scope,
    person_scope,
    sent_scope,
)
from mediation.domain.cases import (
    MAIN,
    Case,
)
from mediation.domain.draft import Draft
from mediation.domain.effects import new_claim, new_party
from mediation.domain.errors import (
    ConflictError,
    InputError,
    InvalidInputError,
    NotPermittedError,
    StepNotOpenError,
)
from mediation.domain.labels import Label
from mediation.domain.party_accounts import NamedAccount, account_errors
from mediation.domain.party_kinds import side_in_case
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Assignment, TrackInstance
from mediation.services.caller import Answer, Caller, Render
from mediation.services.idempotency import replayed
from mediation.services.identity import acting
from mediation.services.reading import read_for, view_after
from mediation.services.recording import Act, LostRaceError, commit, compare_version, replay_or_conflict
from mediation.services.requests import NewCase, StepRequest
from mediation.services.steps import advance_once
from mediation.services.subjects import NewSubjects, admit, new_case_subjects
from mediation.services.writing import writing
from mediation.storage import Unit, homes
from mediation.storage import people as people_rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id


def create_case(unit: Unit, caller: Caller, request: NewCase, render: Render) -> Answer:
    """Write a draft down from whatever is known; with `submit` register it in the same transaction."""
    found = homes.prepare(
        unit, subject=caller.subject, today=caller.today, key=caller.key, organization_id=request.organization_id,
        acting_as=caller.acting_as,
    )  # fmt: skip
    actor = acting(found.actor, caller)
    kept = replayed(unit, caller, found.kept)
    if kept is not None:
        return kept
    _refuse_strangers(actor, found.bodies)
    organization = request.organization_id or actor.organization_id
    if organization is None or organization not in found.bodies:
        text = Label("请填写受理组织", "Name the organization that takes the case")
        raise InvalidInputError([InputError("/organization_id", "organization_unknown", text)])
    refuse_future(request.received_on, caller.today, "/received_on")
    for number, claim in enumerate(request.claims):
        refuse_future(claim.get("knew_on"), caller.today, f"/claims/{number}/knew_on")
    _check_accounts(unit, actor, request)
    case_id = new_id()
    subjects = new_case_subjects(unit, case_id)
    empty = Case(case_id, 0, None, organization, PROCEDURE.version, caller.today)
    draft = Draft(empty)
    draft.put("tracks", TrackInstance(MAIN, MAIN, PROCEDURE.tracks[MAIN].first_state))
    _write_down(unit, draft, request, subjects, actor, caller.today)
    scopes = _home_scopes(organization, found.above(organization), actor, draft.case)
    act = Act(
        actor, frozenset(), None, draft.case, draft.changes(), "created", "create_case",
        {"clear": {"channel": request.channel}, "private": _private_of(request)},
        subjects.keys, subjects.rows, scopes, home=found.home,
    )  # fmt: skip
    if request.submit:
        return _create_and_submit(unit, caller, act, request, render)
    try:
        return commit(unit, caller, act, lambda case: _created(unit, caller, act, case, render))
    except LostRaceError:
        return replay_or_conflict(unit, caller, case_id)


def _create_and_submit(unit: Unit, caller: Caller, act: Act, request: NewCase, render: Render) -> Answer:
    """Two entries of history in one transaction: the draft, and its submission with a number."""
    step_caller = replace(caller, expected_version=1)
    step = StepRequest(
        "submit_intake",
        {
            "channel": request.channel,
            "written_or_oral": request.written_or_oral or "written",
            "received_on": request.received_on or caller.today,
            "reason": request.reason or request.summary or "",
        },
        attestations=tuple(request.attestations),
    )
    try:
        with unit.transaction():
            commit(
                unit,
                replace(caller, key=None),
                act,
                lambda case: _created(unit, caller, act, case, render),
            )
            return advance_once(unit, step_caller, act.after.id, step, render, created=True)
    except LostRaceError:
        return replay_or_conflict(unit, caller, act.after.id)


def _created(unit: Unit, caller: Caller, act: Act, case: Case, render: Render) -> Answer:
    unwritten = replace(case, sequence=0)
    view = view_after(unit, Loaded(None, None, unwritten, frozenset(act.scopes)), caller, act.actor, case, act.told())
    return Answer(201, render(view), view.etag, f"/v1/cases/{case.id}")


def _refuse_strangers(actor: Actor, home: tuple[str, ...]) -> None:
    """A house writes cases down for itself and below, a liaison hands over, somebody without a body applies."""
    if actor.organization_id is None or actor.roles & HANDING_OVER:
        return
    if not actor.roles & WRITING or (home and actor.organization_id not in home):
        raise NotPermittedError(recorded_by=sorted(WRITING))


def _check_accounts(unit: Unit, actor: Actor, request: NewCase) -> None:
    """A party names itself by its own account only, on one side; the house may name any account that exists."""
    named = [
        NamedAccount(f"/parties/{number}/person_id", party["person_id"], side_in_case(party["kind"], party["role"]))
        for number, party in enumerate(request.parties)
        if party.get("person_id") is not None
    ]
    if actor.organization_id is None:
        refuse_accounts(named, actor.person_id, ())
    for account in named:
        if account.person_id != actor.person_id:
            check_account(unit, account.person_id)


def refuse_accounts(named: Iterable[NamedAccount], person_id: str, roles: Collection[CaseRole]) -> None:
    """InvalidInputError for accounts that a party in these roles, or somebody about to become one, may not name."""
    errors = list(account_errors(named, person_id, roles))
    if errors:
        raise InvalidInputError(errors)


def refuse_future(day: date | None, today: date, pointer: str) -> None:
    """InvalidInputError for a day on which something is said to have happened, and that is still to come."""
    if day is not None and day > today:
        text = Label("该日期不能晚于今天", "This day lies in the future")
        raise InvalidInputError([InputError(pointer, "date_in_future", text)])


def check_account(unit: Unit, person_id: str | None) -> None:
    """InvalidInputError unless the account named exists and is active."""
    if person_id is not None and not people_rows.is_active_person(unit, person_id):
        text = Label("没有此人,或已停用", "There is no such active person")
        raise InvalidInputError([InputError("/person_id", "person_unknown", text)])


def _home_scopes(organization: str, above: list[str], actor: Actor, case: Case) -> tuple[str, ...]:
    scopes = [organization_scope(organization), *(below_scope(body) for body in above)]
    if actor.organization_id is None or not actor.roles & HANDING_OVER:
        scopes.append(person_scope(actor.person_id))
    scopes += [person_scope(party.person_id) for party in case.parties.values() if party.person_id]
    if actor.organization_id is not None and actor.roles & HANDING_OVER:
        scopes.append(sent_scope(actor.organization_id))
    return tuple(dict.fromkeys(scopes))


def _write_down(unit: Unit, draft: Draft, request: NewCase, subjects: NewSubjects, actor: Actor, today: date) -> None:
    facts = {
        "channel": request.channel,
        "received_on": request.received_on.isoformat() if request.received_on else None,
        "written_or_oral": request.written_or_oral,
        "migrant_worker": request.migrant_worker,
        "urgent": request.urgent,
        "place_of_performance": request.place_of_performance,
        "employer_seat": request.employer_seat,
        "has_reason": True if request.reason or request.summary else None,
    }
    for name, value in facts.items():
        if value is not None:
            draft.set_fact(name, value)
    for entry in request.parties:
        party = admit(unit, subjects, entry)
        draft.put("parties", new_party(party, party["id"]))
    if actor.organization_id is None and not any(p.person_id for p in draft.records("parties").values()):
        _link_account(draft, actor)
    for claim in request.claims:
        draft.put("claims", new_claim(claim, new_id(), today, "worker"))
    if "volunteer" in actor.roles and actor.kind is AccountKind.PERSON:
        draft.put("assignments", Assignment(new_id(), actor.person_id, "volunteer", today))


def _link_account(draft: Draft, actor: Actor) -> None:
    """Somebody without a membership who writes a case down and applies under their own name is that applicant."""
    for party in draft.records("parties").values():
        if party.role == "applicant" and party.name == actor.name:
            draft.put("parties", replace(party, person_id=actor.person_id))
            return


def _private_of(request: NewCase) -> dict[str, Any]:
    return {k: v for k, v in {"summary": request.summary, "reason": request.reason}.items() if v}


_AMENDABLE = frozenset(
    {
        "channel",
        "received_on",
        "written_or_oral",
        "migrant_worker",
        "urgent",
        "place_of_performance",
        "employer_seat",
    }
)


def amend_case(unit: Unit, caller: Caller, case_id: str, changes: Mapping[str, Any], render: Render) -> Answer:
    """Correct what was written down of a case; a registered case keeps its day of receipt (use correct_entry)."""
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = writing(loaded, actor, "amend_case")
    compare_version(case, caller, dry_run=False)
    refuse_closed(case)
    given = {name: value for name, value in changes.items() if name in _AMENDABLE}
    refuse_future(given.get("received_on"), caller.today, "/received_on")
    if case.state != "draft" and {"received_on", "channel", "written_or_oral"} & given.keys():
        raise ConflictError(Label("登记后请用 correct_entry 更正", "After registration use correct_entry"))
    draft = Draft(case)
    for name, value in given.items():
        draft.set_fact(name, value.isoformat() if isinstance(value, date) else value)
    texts = {name: changes[name] for name in ("summary", "reason") if changes.get(name)}
    if texts:
        draft.set_fact("has_reason", True)
    act = Act(
        actor, roles, case, draft.case, draft.changes(), "amended", "amend_case",
        {"private": texts}, loaded.keys,
    )  # fmt: skip
    try:
        return commit(unit, caller, act, lambda after: _amended(unit, caller, loaded, act, after, render))
    except LostRaceError:
        return replay_or_conflict(unit, caller, case_id)


def _amended(unit: Unit, caller: Caller, loaded: Loaded, act: Act, after: Case, render: Render) -> Answer:
    view = view_after(unit, loaded, caller, act.actor, after, act.told())
    return Answer(200, render(view), view.etag)


def refuse_closed(case: Case) -> None:
    """Raise unless the case is open."""
    if not PROCEDURE.states[MAIN, case.state].is_open:
        raise StepNotOpenError(state=case.state)

"""Cases: created as drafts, advanced by steps, read and listed; every command runs the same path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import orjson

from mediation.domain.access import Actor, below_scope, organization_scope, person_scope, scopes_of
from mediation.domain.advance import advance, gives_number, open_and_blocked
from mediation.domain.cases import (
    MAIN,
    Advance,
    Attestation,
    Case,
    Command,
    References,
    Setting,
)
from mediation.domain.draft import Draft
from mediation.domain.effects import new_claim, new_party
from mediation.domain.errors import (
    BlockedError,
    Blocker,
    ConflictError,
    InputError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    StepNotOpenError,
    VersionConflictError,
    VersionRequiredError,
)
from mediation.domain.history import verify
from mediation.domain.identifiers import case_number
from mediation.domain.labels import Label
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole, Field, Kind, TextClass
from mediation.domain.records import TrackInstance
from mediation.domain.undoing import later_entry_depends
from mediation.services.calendars import current_calendar
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.idempotency import replayed
from mediation.services.identity import acting, relation
from mediation.services.recording import Act, LostRaceError, commit, conflict
from mediation.services.requests import CaseQuery, NewCase, StepRequest
from mediation.services.splitting import linked, write_sibling
from mediation.services.subjects import NewSubjects, admit, new_key_row
from mediation.services.views import CasePage, CaseView, HistoryPage
from mediation.storage import Unit, worklists
from mediation.storage import cases as rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id
from mediation.storage.recording import unsealed
from mediation.storage.tables import FOREVER

ATTEMPTS = 5
_CLEAR = frozenset(
    {
        Kind.DATE, Kind.DATETIME, Kind.CODE, Kind.BOOL, Kind.MONEY, Kind.DECIMAL, Kind.ENUM, Kind.DIVISION,
        Kind.REF, Kind.DATE_PER_PARTY,
    }
)  # fmt: skip
_SENT_TO = ("court", "commission", "new_commission", "office")


def create_case(unit: Unit, caller: Caller, request: NewCase, render: Render) -> Answer:
    """Write a draft down from whatever is known; with `submit` register it in the same transaction."""
    found = rows.prepare(
        unit, subject=caller.subject, key=caller.key, organization_id=request.organization_id,
        acting_as=caller.acting_as,
    )  # fmt: skip
    actor = acting(found.actor, caller)
    kept = replayed(unit, caller, found.kept)
    if kept is not None:
        return kept
    organization = request.organization_id or actor.organization_id
    if organization is None or organization not in found.bodies:
        text = Label("请填写受理组织", "Name the organization that takes the case")
        raise InvalidInputError([InputError("/organization_id", "organization_unknown", text)])
    case_id = new_id()
    key_row = new_key_row(unit, case_id, case_id)
    subjects = NewSubjects(case_id, {case_id: key_row["wrapped"]}, {"subject_keys": [key_row]})
    empty = Case(case_id, 0, None, organization, PROCEDURE.version, caller.today)
    draft = Draft(empty)
    draft.put("tracks", TrackInstance(MAIN, MAIN, PROCEDURE.tracks[MAIN].first_state))
    _write_down(unit, draft, request, subjects, actor, caller.today)
    scopes = _home_scopes(organization, found.above(organization), actor, draft.case)
    act = Act(
        actor, frozenset(), None, draft.case, draft.changes(), "created", "create_case",
        {"clear": {"channel": request.channel}, "private": _private_of(request)},
        subjects.keys, subjects.rows, scopes,
    )  # fmt: skip
    if request.submit:
        return _create_and_submit(unit, caller, act, request, render)
    try:
        return commit(unit, caller, act, lambda case: _created(case, caller, actor, scopes, render))
    except LostRaceError:
        return _replay_or_conflict(unit, caller, case_id)


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
                lambda case: _created(case, caller, act.actor, act.scopes, render),
            )
            return _advance_once(unit, step_caller, act.after.id, step, render, created=True)
    except LostRaceError:
        return _replay_or_conflict(unit, caller, act.after.id)


def _created(case: Case, caller: Caller, actor: Actor, scopes: tuple[str, ...], render: Render) -> Answer:
    loaded = Loaded(None, None, case, frozenset(scopes))
    view = _view(loaded, caller, actor)
    return Answer(201, render(view), view.etag, f"/v1/cases/{case.id}")


def _home_scopes(organization: str, above: list[str], actor: Actor, case: Case) -> tuple[str, ...]:
    scopes = [organization_scope(organization), *(below_scope(body) for body in above)]
    scopes.append(person_scope(actor.person_id))
    scopes += [person_scope(party.person_id) for party in case.parties.values() if party.person_id]
    if actor.organization_id is not None and actor.organization_id != organization:
        scopes.append(organization_scope(actor.organization_id))
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
    if "volunteer" in actor.roles:
        from mediation.domain.records import Assignment  # noqa: PLC0415 - one use

        draft.put("assignments", Assignment(new_id(), actor.person_id, "volunteer", today))


def _link_account(draft: Draft, actor: Actor) -> None:
    """Somebody without a membership who writes a case down is its applicant."""
    for party in draft.records("parties").values():
        if party.role == "applicant":
            draft.put("parties", replace(party, person_id=actor.person_id))
            return


def _private_of(request: NewCase) -> dict[str, Any]:
    return {k: v for k, v in {"summary": request.summary, "reason": request.reason}.items() if v}


def advance_case(
    unit: Unit, caller: Caller, case_id: str, request: StepRequest, render: Render, dry_run: bool
) -> Answer:
    """Take one step: the machine, roles, guards and clocks decide; everything is written, or nothing.

    With `dry_run` the same answer is given and nothing is written.
    """
    try:
        return _advance_once(unit, caller, case_id, request, render, dry_run=dry_run)
    except LostRaceError:
        return _replay_or_conflict(unit, caller, case_id)


def _replay_or_conflict(unit: Unit, caller: Caller, case_id: str) -> Answer:
    loaded = rows.load(unit, case_id, subject=caller.subject, key=caller.key)
    kept = replayed(unit, caller, loaded.kept)
    if kept is None:
        raise conflict(loaded.case)
    return kept


def _advance_once(
    unit: Unit,
    caller: Caller,
    case_id: str,
    request: StepRequest,
    render: Render,
    *,
    dry_run: bool = False,
    created: bool = False,
) -> Answer:
    key = None if dry_run or created else caller.key
    loaded = rows.load(
        unit, case_id, subject=caller.subject, key=key,
        references=_named(request), entry=_voided_entry(request),
    )  # fmt: skip
    actor = acting(loaded.actor, caller)
    kept = replayed(unit, caller, loaded.kept)
    if kept is not None:
        return kept
    case, roles = relation(loaded, actor)
    step = PROCEDURE.steps[request.action]
    if not roles & step.recorded_by:
        raise NotPermittedError(action=step.action, recorded_by=sorted(step.recorded_by))
    _check_version(case, caller, dry_run=dry_run)
    _check_named(request, loaded)
    subjects = NewSubjects(case_id, dict(loaded.keys))
    command = _command(unit, caller, request, subjects)
    setting = _setting(caller, loaded, actor, roles)
    setting = replace(setting, voided=_voided(unit, loaded, request))
    result = advance(case, command, setting)
    if dry_run:
        view = _view(replace(loaded, case=_dry(result.case, case)), caller, actor)
        return Answer(200, render(view), f'"{case.version}"')
    if gives_number(case, request.action):
        return _register(unit, caller, loaded, actor, setting, command, subjects, render, created=created)
    if request.action == "split_off":
        with unit.transaction():
            result = linked(result, write_sibling(unit, caller, loaded, actor, roles, result))
            return _commit_step(unit, caller, loaded, actor, result, subjects, setting, render)
    return _commit_step(unit, caller, loaded, actor, result, subjects, setting, render)


def _register(
    unit: Unit,
    caller: Caller,
    loaded: Loaded,
    actor: Actor,
    setting: Setting,
    command: Command,
    subjects: NewSubjects,
    render: Render,
    *,
    created: bool,
) -> Answer:
    """The step that registers: the number is taken last before the write, and rolls back with it."""
    case = loaded.case
    if case is None:
        raise NotFoundError
    with unit.transaction():
        prefix, sequence = rows.next_number(unit, case.organization_id, caller.today.year)
        number = case_number(prefix, caller.today.year, sequence)
        result = advance(case, command, replace(setting, number=number))
        return _commit_step(unit, caller, loaded, actor, result, subjects, setting, render, created=created)


def _dry(after: Case, before: Case) -> Case:
    return replace(after, version=before.version)


def _check_version(case: Case, caller: Caller, *, dry_run: bool) -> None:
    if caller.expected_version is None:
        if dry_run:
            return
        raise VersionRequiredError
    if caller.expected_version != case.version:
        raise VersionConflictError(version=case.version)


def _command(unit: Unit, caller: Caller, request: StepRequest, subjects: NewSubjects) -> Command:
    given = dict(request.input)
    for field in PROCEDURE.steps[request.action].inputs:
        if field.kind is Kind.PARTY and field.name in given:
            value = given[field.name]
            entries = value if field.many else [value]
            admitted = [admit(unit, subjects, entry) for entry in entries]
            given[field.name] = admitted if field.many else admitted[0]
    return Command(
        action=request.action,
        occurred_on=request.occurred_on or caller.today,
        input=given,
        instance=request.instance,
        attestations={
            a["guard"]: Attestation(a["guard"], a["evidence"], a.get("statement")) for a in request.attestations
        },
        note=request.note,
        evidence=tuple(request.evidence),
        recorded_for=request.recorded_for,
        form=request.form,
        late_reason=request.late_reason,
    )


def _setting(caller: Caller, loaded: Loaded, actor: Actor, roles: frozenset[Any]) -> Setting:
    return Setting(
        today=caller.today,
        calendar=current_calendar(),
        roles=roles,
        actor_id=actor.person_id,
        references=References(loaded.organizations, loaded.people),
        new_id=new_id,
    )


def _named(request: StepRequest) -> Iterator[str]:
    """Ids of organizations and people that the input names."""
    for _, key, _ in _named_fields(request):
        yield key


def _named_fields(request: StepRequest) -> Iterator[tuple[str, str, str]]:
    """Pointer, id and kind of each organization and person that the input names."""
    for field in PROCEDURE.steps[request.action].inputs:
        value = request.input.get(field.name)
        if value is None or field.kind is not Kind.REF or field.of not in {"organization", "person"}:
            continue
        if field.many:
            yield from ((f"/{field.name}/{number}", key, field.of) for number, key in enumerate(value))
        else:
            yield f"/{field.name}", value, field.of


def _check_named(request: StepRequest, loaded: Loaded) -> None:
    """Raise unless every organization and person named is on file and active."""
    on_file = {"organization": loaded.organizations, "person": loaded.people}
    text = Label("没有此组织或人员,或已停用", "There is no such active organization or person")
    errors = [
        InputError(pointer, f"{kind}_unknown", text)
        for pointer, key, kind in _named_fields(request)
        if not on_file[kind].get(key, {}).get("is_active")
    ]
    if errors:
        raise InvalidInputError(errors)


def _voided_entry(request: StepRequest) -> str | None:
    return request.input.get("step") if request.action == "void_last_step" else None


def _voided(unit: Unit, loaded: Loaded, request: StepRequest) -> Mapping[str, Any] | None:
    """The entry a void names, opened; refused when a later entry depends on it."""
    if request.action != "void_last_step" or loaded.case is None:
        return None
    if loaded.payload is None or loaded.payload["kind"] not in {"step", "lapse"}:
        text = Label("案件经过中没有此步骤", "The history of this case has no such step")
        raise InvalidInputError([InputError("/step", "not_in_case", text)])
    sequence = loaded.payload["sequence"]
    if sequence != loaded.case.sequence:
        later = rows.history(unit, loaded.case.id, after=sequence, limit=1000)
        if later_entry_depends(loaded.payload, [orjson.loads(row["payload"]) for row in later]):
            text = Label("其后的步骤以它为前提", "Later steps depend on it")
            raise BlockedError([Blocker("later_step_depends", text, "step", (), "product rule")])
    return unsealed(unit, loaded.payload, loaded.keys)


def _commit_step(
    unit: Unit,
    caller: Caller,
    loaded: Loaded,
    actor: Actor,
    result: Advance,
    subjects: NewSubjects,
    setting: Setting,
    render: Render,
    *,
    created: bool = False,
) -> Answer:
    scopes = tuple(_new_scopes(unit, result, loaded.scopes))
    command, step = result.command, result.step
    act = Act(
        actor=actor,
        roles=setting.roles,
        before=loaded.case,
        after=result.case,
        changes=result.changes,
        kind="step",
        action=step.action,
        entry={
            "occurred_on": command.occurred_on,
            "step_id": step.id,
            "track_id": result.track_id,
            "source": result.source,
            "target": result.target,
            "act_of": str(step.act_of),
            "recorded_for": command.recorded_for,
            "form": command.form,
            "clear": dict(_clear(step.inputs, command.input)),
            "private": _private(step.inputs, command),
            "attestations": tuple({"guard": a.guard, "evidence": a.evidence} for a in command.attestations.values()),
        },
        keys={**loaded.keys, **subjects.keys},
        rows=subjects.rows,
        scopes=scopes,
    )

    def answer(case: Case) -> Answer:
        after = replace(loaded, case=case, scopes=loaded.scopes | set(scopes))
        view = _view(after, caller, actor)
        where = f"/v1/cases/{case.id}" if created else None
        return Answer(201 if created else 200, render(view), view.etag, where)

    return commit(unit, caller, act, answer)


def _new_scopes(unit: Unit, result: Advance, known: frozenset[str]) -> Iterator[str]:
    """Scopes a step opens: people it assigns, bodies it sends the case to, the new home of the case."""
    for change in result.changes:
        if change.collection == "assignments" and change.after and change.after["until"] is None:
            yield from _unless(known, person_scope(change.after["person_id"]))
        if change.collection == "parties" and change.after and change.after["person_id"] is not None:
            yield from _unless(known, person_scope(change.after["person_id"]))
        if change.collection == "case" and change.key == "organization_id" and change.after:
            organization = change.after["value"]
            yield from _unless(known, organization_scope(organization))
            for body in rows.ancestors(unit, organization):
                yield from _unless(known, below_scope(body))
    if result.step.action != "prepare_referral":
        names = ("commission",) if result.step.action == "file" else _SENT_TO
        for name in names:
            sent_to = result.command.input.get(name) or (
                result.case.facts.get(name) if result.step.action == "file" else None
            )
            if isinstance(sent_to, str):
                yield from _unless(known, organization_scope(sent_to))


def _unless(known: frozenset[str], scope: str) -> Iterator[str]:
    if scope not in known:
        yield scope


def _clear(fields: tuple[Field, ...], given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parts of the input that name nobody: codes, ids, dates, amounts."""
    for field in fields:
        value = given.get(field.name)
        ordinary = field.kind is Kind.TEXT and field.text_class is TextClass.ORDINARY and field.name != "field"
        if value is not None and (field.kind in _CLEAR or ordinary):
            yield field.name, orjson.loads(orjson.dumps(value, default=str))


def _private(fields: tuple[Field, ...], command: Command) -> dict[str, Any]:
    """The rest of the input: texts and papers, sealed under the case's key."""
    kinds = {Kind.TEXT, Kind.DOCUMENT, Kind.CONTACT, Kind.SIGNATURE, Kind.CONSENT}
    found: dict[str, Any] = {
        field.name: command.input[field.name]
        for field in fields
        if field.kind in kinds and command.input.get(field.name) is not None
    }
    statements = {a.guard: a.statement for a in command.attestations.values() if a.statement}
    extra = {
        "note": command.note,
        "late_reason": command.late_reason,
        "evidence": list(command.evidence) or None,
        "statements": statements or None,
    }
    found.update({name: value for name, value in extra.items() if value is not None})
    loaded: dict[str, Any] = orjson.loads(orjson.dumps(found, default=str))
    return loaded


def _view(loaded: Loaded, caller: Caller, actor: Actor, *, everything: bool = False) -> CaseView:
    case, roles = relation(loaded, actor)
    setting = _setting(caller, loaded, actor, roles)
    opened, blocked = open_and_blocked(case, setting, main_rows_only=not everything)
    attested = [{"guard": guard, **what} for guard, what in (case.facts.get("attested") or {}).items()]
    return CaseView(case, roles, caller.today, setting.calendar, opened, blocked, attested)


def _read(unit: Unit, caller: Caller, case_id: str) -> tuple[Loaded, Actor]:
    loaded = rows.load(unit, case_id, subject=caller.subject)
    return loaded, acting(loaded.actor, caller)


def read_case(unit: Unit, caller: Caller, case_id: str) -> CaseView:
    """The case as this person sees it today."""
    loaded, actor = _read(unit, caller, case_id)
    return _view(loaded, caller, actor)


def read_steps(unit: Unit, caller: Caller, case_id: str) -> CaseView:
    """The case with every step out of its states, side tracks and `*open` rows included."""
    loaded, actor = _read(unit, caller, case_id)
    return _view(loaded, caller, actor, everything=True)


def read_deadlines(unit: Unit, caller: Caller, case_id: str) -> CaseView:
    """The case for the sake of its deadlines."""
    loaded, actor = _read(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    return CaseView(case, roles, caller.today, current_calendar())


_HOUSE = frozenset({CaseRole.CLERK, CaseRole.MEDIATOR, CaseRole.VOLUNTEER, CaseRole.UNION_OFFICER, CaseRole.SUPERVISOR})
"""Who reads the texts of others in history; parties, courts, commissions and offices read their own."""


def read_history(unit: Unit, caller: Caller, case_id: str, after: int, limit: int) -> HistoryPage:
    """Entries after a sequence number, opened for somebody who sees the case."""
    loaded, actor = _read(unit, caller, case_id)
    _, roles = relation(loaded, actor)
    found = rows.history(unit, case_id, after=after, limit=limit + 1)
    entries = [
        {"hash": row["hash"], **unsealed(unit, orjson.loads(row["payload"]), loaded.keys)} for row in found[:limit]
    ]
    for entry in entries:
        entry.pop("sealed", None)
        if not roles & _HOUSE and entry["actor"] != actor.person_id:
            entry.pop("private", None)
    next_after = entries[-1]["sequence"] if len(found) > limit else None
    return HistoryPage(entries, next_after)


def verify_history(unit: Unit, caller: Caller, case_id: str) -> dict[str, Any]:
    """Compute the chain again over the stored bytes; compare its end with the case, and each entry with its copies."""
    loaded, actor = _read(unit, caller, case_id)
    relation(loaded, actor)
    head, found = rows.whole_chain(unit, case_id)
    problems = verify(((row["sequence"], row["payload"], row["hash"]) for row in found), head=head)
    for row in found:
        problems += [f"entry {row['sequence']} does not agree with its {name}" for name in rows.differing_copies(row)]
    return {"entries": len(found), "head": head, "holds": not problems, "problems": problems}


def list_cases(unit: Unit, caller: Caller, query: CaseQuery) -> CasePage:
    """One page of one scope, nearest deadline first."""
    query = replace(query, is_open=query.is_open is not False)
    _check_flags(query)
    position = open_cursor(unit, query.cursor, _bound(caller, query))
    after = (position[:10], position[11:]) if position else None
    page = worklists.page(unit, subject=caller.subject, acting_as=caller.acting_as, query=query, after=after)
    actor = acting(page.actor, caller)
    wanted = {
        "me": person_scope(actor.person_id),
        "organization": organization_scope(actor.organization_id or ""),
        "below": below_scope(actor.organization_id or ""),
    }[query.scope]
    if wanted not in scopes_of(actor):
        raise NotPermittedError(scope=query.scope)
    items = page.items[: query.limit]
    cursor = None
    if len(page.items) > query.limit:
        last = items[-1]
        position = f"{last['next_due'] or FOREVER}.{last['id']}"
        cursor = seal_cursor(unit, position, _bound(caller, query))
    return CasePage(items, cursor)


def _bound(caller: Caller, query: CaseQuery) -> str:
    return f"{caller.subject}|{caller.acting_as}|{replace(query, cursor=None, limit=0)}"


def _check_flags(query: CaseQuery) -> None:
    unknown = set(query.flags) - set(worklists.FLAGS)
    if unknown:
        known = ", ".join(worklists.FLAGS)
        text = Label(f"可用的标记: {known}", f"Known flags: {known}")
        raise InvalidInputError([InputError("query:flags", "unknown_flag", text)])


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
    loaded, actor = _read(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    _check_version(case, caller, dry_run=False)
    refuse_read_only(case, roles)
    given = {name: value for name, value in changes.items() if name in _AMENDABLE}
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
        return commit(unit, caller, act, lambda after: answer_with(loaded, caller, actor, after, render))
    except LostRaceError:
        return _replay_or_conflict(unit, caller, case_id)


def answer_with(loaded: Loaded, caller: Caller, actor: Actor, after: Case, render: Render) -> Answer:
    """The answer of a command: the case as it stands afterwards."""
    view = _view(replace(loaded, case=after), caller, actor)
    return Answer(200, render(view), view.etag)


def refuse_read_only(case: Case, roles: frozenset[Any]) -> None:
    """Raise unless the case is open and one of the roles may write in it."""
    writers = {
        "clerk",
        "mediator",
        "volunteer",
        "union_officer",
        "supervisor",
        "worker_side",
        "employer_side",
    }
    drafting = case.state == "draft"
    if not drafting and not {str(role) for role in roles} & writers:
        raise NotPermittedError
    if not PROCEDURE.states[MAIN, case.state].is_open:
        raise StepNotOpenError(state=case.state)

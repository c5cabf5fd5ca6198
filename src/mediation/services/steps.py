"""Steps: one lawful act on a case, judged by the domain and recorded in one write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from mediation.domain.access import Actor, below_scope, organization_scope, person_scope, sent_scope
from mediation.domain.advance import advance, gives_number
from mediation.domain.cases import (
    Advance,
    Attestation,
    Case,
    Command,
    Setting,
)
from mediation.domain.errors import (
    InputError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from mediation.domain.identifiers import case_number
from mediation.domain.labels import Label
from mediation.domain.organizations import OrganizationKind
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import Field, Kind, TextClass
from mediation.domain.undoing import later_entry_depends
from mediation.services.caller import Answer, Caller, Render
from mediation.services.idempotency import replayed
from mediation.services.identity import acting, relation
from mediation.services.reading import setting_of, view_of
from mediation.services.recording import Act, LostRaceError, commit, compare_version, replay_or_conflict
from mediation.services.requests import StepRequest
from mediation.services.splitting import linked, write_sibling
from mediation.services.subjects import NewSubjects, admit
from mediation.storage import Unit
from mediation.storage import cases as rows
from mediation.storage import history as history_rows
from mediation.storage.cases import Loaded
from mediation.storage.recording import unsealed

_CLEAR = frozenset(
    {
        Kind.DATE, Kind.DATETIME, Kind.CODE, Kind.BOOL, Kind.MONEY, Kind.DECIMAL, Kind.ENUM, Kind.DIVISION,
        Kind.REF, Kind.DATE_PER_PARTY,
    }
)  # fmt: skip
_SENT_TO = ("court", "commission", "new_commission", "office")


def advance_case(
    unit: Unit, caller: Caller, case_id: str, request: StepRequest, render: Render, dry_run: bool
) -> Answer:
    """Take one step: the machine, roles, guards and clocks decide; everything is written, or nothing.

    With `dry_run` the same answer is given and nothing is written.
    """
    try:
        return advance_once(unit, caller, case_id, request, render, dry_run=dry_run)
    except LostRaceError:
        return replay_or_conflict(unit, caller, case_id)


def advance_once(
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
    compare_version(case, caller, dry_run=dry_run)
    _check_named(request, loaded)
    subjects = NewSubjects(case_id, dict(loaded.keys))
    command = _command(unit, caller, request, subjects)
    setting = setting_of(caller, loaded, actor, roles)
    setting = replace(setting, voided=_voided(unit, loaded, request))
    result = advance(case, command, setting)
    if dry_run:
        view = view_of(replace(loaded, case=_dry(result.case, case)), caller, actor)
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
    errors.extend(_wrong_kinds(request, loaded))
    errors.extend(_unasked(request))
    if errors:
        raise InvalidInputError(errors)


_KINDS: Mapping[str, tuple[OrganizationKind, ...]] = {
    "court": (OrganizationKind.COURT,),
    "commission": (OrganizationKind.ARBITRATION_COMMISSION,),
    "new_commission": (OrganizationKind.ARBITRATION_COMMISSION,),
    "office": (OrganizationKind.LABOUR_INSPECTION,),
}
"""What a body named under these inputs must be; its liaisons see the case from then on."""


def _wrong_kinds(request: StepRequest, loaded: Loaded) -> Iterator[InputError]:
    for pointer, key, kind in _named_fields(request):
        wanted = _KINDS.get(pointer.split("/")[1], ())
        on_file = loaded.organizations.get(key, {}).get("kind") if kind == "organization" else None
        if wanted and on_file is not None and on_file not in wanted:
            text = Label("所填机构不是该类机构", "This body is not of the kind that the step names")
            yield InputError(pointer, "wrong_kind_of_organization", text)


def _unasked(request: StepRequest) -> Iterator[InputError]:
    """Attestations of conditions that the step does not have."""
    asked = set(PROCEDURE.steps[request.action].guards)
    for number, stated in enumerate(request.attestations):
        if stated["guard"] not in asked:
            text = Label("该步骤没有这一条件", "The step has no such condition")
            yield InputError(f"/attestations/{number}/guard", "guard_unknown", text)


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
    later = loaded.case.sequence - sequence
    found = history_rows.history(unit, loaded.case.id, after=sequence, limit=later) if later else []
    depends = later_entry_depends(loaded.payload, [orjson.loads(row["payload"]) for row in found])
    return {**unsealed(unit, loaded.payload, loaded.keys), "later_depends": depends}


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
    home, left = _moved_home(unit, result, loaded.case)
    scopes = tuple(dict.fromkeys((*_new_scopes(result, loaded.scopes), *sorted(home - loaded.scopes))))
    closes = tuple(s for s in sorted(loaded.scopes - home) if s == left or s.startswith("b:")) if home else ()
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
        closes=closes,
    )

    def answer(case: Case) -> Answer:
        after = replace(loaded, case=case, scopes=loaded.scopes | set(scopes))
        view = view_of(after, caller, actor)
        where = f"/v1/cases/{case.id}" if created else None
        return Answer(201 if created else 200, render(view), view.etag, where)

    return commit(unit, caller, act, answer)


def _moved_home(unit: Unit, result: Advance, before: Case | None) -> tuple[frozenset[str], str | None]:
    """The scopes of the case's new home, and the old home's own, where a step moves the case; else nothing."""
    organization = result.case.organization_id
    if before is None or before.organization_id == organization:
        return frozenset(), None
    above = (below_scope(body) for body in rows.ancestors(unit, organization))
    return frozenset({organization_scope(organization), *above}), organization_scope(before.organization_id)


def _new_scopes(result: Advance, known: frozenset[str]) -> Iterator[str]:
    """Scopes a step opens: people it assigns, parties with an account, bodies it sends the case to."""
    for change in result.changes:
        if change.collection == "assignments" and change.after and change.after["until"] is None:
            yield from _unless(known, person_scope(change.after["person_id"]))
        if change.collection == "parties" and change.after and change.after["person_id"] is not None:
            yield from _unless(known, person_scope(change.after["person_id"]))
    if result.step.action != "prepare_referral":
        names = ("commission",) if result.step.action == "file" else _SENT_TO
        for name in names:
            sent_to = result.command.input.get(name) or (
                result.case.facts.get(name) if result.step.action == "file" else None
            )
            if isinstance(sent_to, str):
                yield from _unless(known, sent_scope(sent_to))


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

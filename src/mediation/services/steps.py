"""Steps: one lawful act on a case, judged by the domain and recorded in one write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.advance import advance, gives_number
from mediation.domain.cases import (
    Advance,
    Case,
    Command,
    Setting,
)
from mediation.domain.dispatch import may_record
from mediation.domain.errors import NotFoundError, NotPermittedError
from mediation.domain.identifiers import case_number
from mediation.domain.labels import Label
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole, Field, Kind, Step, TextClass
from mediation.domain.sight import LIAISONS, sight_of
from mediation.domain.sight import known as as_known
from mediation.domain.told import private_classes, remark_class
from mediation.domain.wall import parted
from mediation.services.caller import Answer, Caller, Render
from mediation.services.commands import check_named, command_of, named_ids, voided_entry, voided_id
from mediation.services.idempotency import replayed
from mediation.services.identity import acting_on, load_case, relation
from mediation.services.reading import setting_of, view_after
from mediation.services.recording import Act, LostRaceError, commit, compare_version, replay_or_conflict
from mediation.services.requests import StepRequest
from mediation.services.scopes import moves_home, scopes_after
from mediation.services.sharing import sharing_rows
from mediation.services.splitting import linked, write_sibling
from mediation.services.subjects import NewSubjects
from mediation.storage import Unit, homes
from mediation.storage import cases as rows
from mediation.storage.cases import Loaded

_CLEAR = frozenset(
    {
        Kind.DATE, Kind.DATETIME, Kind.CODE, Kind.BOOL, Kind.MONEY, Kind.DECIMAL, Kind.ENUM, Kind.DIVISION,
        Kind.REF, Kind.DATE_PER_PARTY,
    }
)  # fmt: skip


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
    loaded = load_case(unit, caller, case_id, key=key, references=named_ids(request), entry=voided_id(request))
    actor = acting_on(loaded, caller)
    kept = replayed(unit, caller, loaded.kept)
    if kept is not None:
        return kept
    case, roles = relation(loaded, actor)
    step = PROCEDURE.steps[request.action]
    if not roles & step.recorded_by:
        raise NotPermittedError(action=step.action, recorded_by=sorted(step.recorded_by))
    _refuse_another_s(case, actor, roles, step, request)
    compare_version(case, caller, dry_run=dry_run)
    setting = setting_of(caller, loaded, actor, roles)
    check_named(request, loaded, setting)
    subjects = NewSubjects(case_id, dict(loaded.keys))
    command = command_of(unit, caller, request, subjects)
    setting = replace(setting, voided=voided_entry(unit, loaded, request))
    sight = sight_of(actor, roles)
    if step.track in sight.told_later:  # refused as if there were nothing, where they were told of nothing
        advance(as_known(case, sight), command, setting)
    result = advance(case, command, setting)
    if dry_run:
        told = _act(unit, loaded, actor, result, subjects, setting).told()
        view = view_after(unit, loaded, caller, actor, _dry(result.case, case), told)
        return Answer(200, render(view), f'"{case.version}"')
    if gives_number(case, request.action):
        return _register(unit, caller, loaded, actor, setting, command, subjects, render, created=created)
    if request.action == "split_off":
        with unit.transaction():
            result = linked(result, write_sibling(unit, caller, loaded, actor, roles, result))
            return _commit_step(unit, caller, loaded, actor, result, subjects, setting, render)
    if moves_home(result, case):
        with unit.transaction():
            known = rows.hold_scopes(unit, case_id)
            return _commit_step(unit, caller, loaded, actor, result, subjects, setting, render, known=known)
    return _commit_step(unit, caller, loaded, actor, result, subjects, setting, render)


def _refuse_another_s(case: Case, actor: Actor, roles: frozenset[CaseRole], step: Step, request: StepRequest) -> None:
    """NotPermittedError for a step on what was sent to another court, commission or office: nothing of it is told."""
    speaks = roles & step.recorded_by
    if speaks <= LIAISONS and not may_record(
        actor.organization_id, speaks, step, case, instance=request.instance, given=request.input
    ):
        raise NotPermittedError(_OF_ANOTHER, action=step.action, recorded_by=sorted(step.recorded_by))


_OF_ANOTHER = Label(
    "该事项不在您所在单位办理,由受理该事项的单位登记",
    "This does not lie with your body: the one it was sent to records it.",
)


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
        prefix, sequence = homes.next_number(unit, case.organization_id, caller.today.year)
        number = case_number(prefix, caller.today.year, sequence)
        result = advance(case, command, replace(setting, number=number))
        return _commit_step(unit, caller, loaded, actor, result, subjects, setting, render, created=created)


def _dry(after: Case, before: Case) -> Case:
    return replace(after, version=before.version)


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
    known: frozenset[str] | None = None,
) -> Answer:
    """Write the step; `known` are the scopes the case lies in, where they were read anew."""
    act = _act(unit, loaded, actor, result, subjects, setting, known)

    def answer(case: Case) -> Answer:
        after = replace(loaded, scopes=loaded.scopes | set(act.scopes))
        view = view_after(unit, after, caller, actor, case, act.told())
        where = f"/v1/cases/{case.id}" if created else None
        return Answer(201 if created else 200, render(view), view.etag, where)

    return commit(unit, caller, act, answer)


def _act(
    unit: Unit,
    loaded: Loaded,
    actor: Actor,
    result: Advance,
    subjects: NewSubjects,
    setting: Setting,
    known: frozenset[str] | None = None,
) -> Act:
    """The step as the act that is recorded."""
    house = result.case.organization_id
    home = homes.place(unit, house) if moves_home(result, loaded.case) else ()
    above = [body for body, _ in home if body != house]
    seen = loaded.scopes if known is None else known
    scopes, closes = scopes_after(result, loaded.case, seen, lambda _: above, voided=setting.voided)
    command, step = result.command, result.step
    remarks = remark_class(step, result.source)
    private, confidential = parted(_texts(step.inputs, command), private_classes(step), remarks)
    return Act(
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
            "private": private,
            "confidential": confidential,
            "attestations": tuple({"guard": a.guard, "evidence": a.evidence} for a in command.attestations.values()),
        },
        keys={**loaded.keys, **subjects.keys},
        rows={**subjects.rows, **sharing_rows(result, actor)},
        scopes=scopes,
        closes=closes,
        wall=loaded.wall,
        home=home,
    )


def _clear(fields: tuple[Field, ...], given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parts of the input that name nobody: codes, ids, dates, amounts."""
    for field in fields:
        value = given.get(field.name)
        ordinary = field.kind is Kind.TEXT and field.text_class is TextClass.ORDINARY and field.name != "field"
        if value is not None and (field.kind in _CLEAR or ordinary):
            yield field.name, orjson.loads(orjson.dumps(value, default=str))


def _texts(fields: tuple[Field, ...], command: Command) -> dict[str, Any]:
    """The rest of the input: texts and papers, which stand sealed."""
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

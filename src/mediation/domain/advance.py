"""One lawful step: every reason against it, or everything it changes. The only door to a change of state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from mediation.domain.access import SYSTEM
from mediation.domain.acts import act_blockers
from mediation.domain.calendar import Calendar
from mediation.domain.cases import (
    MAIN,
    Advance,
    BlockedStep,
    Case,
    Command,
    OpenStep,
    Question,
    Setting,
)
from mediation.domain.deadlines import Deadline, DeadlineStatus, end_deadline
from mediation.domain.draft import Draft
from mediation.domain.effects import apply_effects
from mediation.domain.errors import (
    BlockedError,
    Blocker,
    InputError,
    InvalidInputError,
    NotPermittedError,
    StepNotOpenError,
)
from mediation.domain.guards import judge, open_attestations
from mediation.domain.labels import Label
from mediation.domain.machine import target_of
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import ANY_OPEN, PREVIOUS, CaseRole, Kind, Step
from mediation.domain.records import Task, TrackInstance
from mediation.domain.tasks import TaskStatus, open_task
from mediation.domain.ticking import tick, tick_limitation
from mediation.domain.undoing import correct, undo

_SINGLE = frozenset({MAIN, "hold", "risk"})
_NUMBERED_FROM = "draft"


def advance(case: Case, command: Command, setting: Setting) -> Advance:
    """Take one step, or raise every reason why not.

    NotPermittedError: never for these roles. StepNotOpenError: no row leaves the present state.
    InvalidInputError: names something that is not in the case. BlockedError: guards fail, all of them listed.
    """
    step = PROCEDURE.steps[command.action]
    if not setting.roles & step.recorded_by:
        raise NotPermittedError(action=step.action, recorded_by=sorted(step.recorded_by))
    track = _instance(case, step, command.instance)
    _check_references(case, step, command)
    question = Question(case, step, track, setting, command)
    blockers, warnings = judge(question)
    blockers = (*act_blockers(question), *blockers)
    if blockers:
        raise BlockedError(blockers, action=step.action)
    return _apply(question, command, track, warnings)


def _apply(question: Question, command: Command, track: TrackInstance, warnings: tuple[Blocker, ...]) -> Advance:
    case, step, setting = question.case, question.step, question.setting
    target = target_of(step.track, step.action, track.state)
    if target is None:
        raise StepNotOpenError(action=step.action, state=track.state)
    draft = Draft(case)
    if step.action == "void_last_step":
        undo(draft, question, list((setting.voided or {}).get("changes", ())))
        tick_limitation(draft, question)
    elif step.action in {"correct_entry", "correct_closed_entry"}:
        correct(draft, question, command.input)
        tick_limitation(draft, question)
    else:
        if step.target == PREVIOUS:
            target = str(case.facts.get("archived_from") or target)
        draft.put("tracks", replace(track, state=target, last_on=_last_on(track, command)))
        apply_effects(draft, question)
        tick(draft, question, track.id)
    if command.attestations:
        draft.set_fact("attested", {**(draft.fact("attested") or {}), **_attested(question)})
    needs_number = track.track == MAIN and track.state == _NUMBERED_FROM and target != _NUMBERED_FROM
    if needs_number and case.number is None and not target.startswith("closed"):
        draft.set_field("number", setting.number)
    _answer_tasks(draft, question)
    return Advance(
        case=draft.case,
        step=step,
        command=command,
        track_id=track.id,
        source=track.state,
        target=draft.records("tracks")[track.id].state,
        changes=draft.changes(),
        warnings=warnings,
        needs_number=needs_number and case.number is None,
    )


def _attested(question: Question) -> dict[str, dict[str, str]]:
    """What rests on somebody's word: by whom, on which day, for which step, on which evidence."""
    command = question.command
    return {
        guard: {
            "by": question.setting.hand or question.setting.actor_id,
            "on": question.today.isoformat(),
            "action": question.step.action,
            "evidence": stated.evidence,
        }
        for guard, stated in (command.attestations if command else {}).items()
    }


def _last_on(track: TrackInstance, command: Command) -> date:
    return command.occurred_on if track.last_on is None else max(track.last_on, command.occurred_on)


def gives_number(case: Case, action: str) -> bool:
    """Whether taking `action` registers the case, so that a number must be at hand (issued, never reused)."""
    target = target_of(MAIN, action, case.state) if PROCEDURE.steps[action].track == MAIN else None
    registers = case.state == _NUMBERED_FROM and target not in {None, _NUMBERED_FROM}
    return registers and case.number is None and not str(target).startswith("closed")


def _answer_tasks(draft: Draft, question: Question) -> None:
    stopped = {term for stop in question.step.stops for term in stop.terms}
    for task in list(draft.records("tasks").values()):
        if task.status == TaskStatus.OPEN and (question.step.action in task.actions or task.term in stopped):
            draft.amend("tasks", task.id, status=TaskStatus.DONE, done_on=question.today)


def _instance(case: Case, step: Step, wanted: str | None) -> TrackInstance:
    """The track instance a step is taken on: the one named, the only one that fits, or a fresh one."""
    sources = PROCEDURE.sources(step)
    mine = [t for t in case.tracks.values() if t.track == step.track]
    if wanted is not None:
        key = wanted if wanted.startswith(f"{step.track}:") else f"{step.track}:{wanted}"
        named = case.tracks.get(wanted) or case.tracks.get(key)
        found = named or TrackInstance(key, step.track, PROCEDURE.tracks[step.track].first_state, wanted)
        if found.track != step.track or found.state not in sources:
            raise StepNotOpenError(action=step.action, state=found.state, track=found.id)
        return found
    fitting = [t for t in mine if t.state in sources]
    if len(fitting) > 1:
        text = Label("有多个并行事项,请用 instance 指明", "Several matters run side by side: name one in `instance`")
        raise InvalidInputError([InputError("/instance", "instance_needed", text)])
    if fitting:
        return fitting[0]
    first = PROCEDURE.tracks[step.track].first_state
    if first in sources and not (mine and step.track in _SINGLE):
        return TrackInstance(f"{step.track}:{len(mine) + 1}", step.track, first)
    state = mine[-1].state if mine else first
    raise StepNotOpenError(action=step.action, state=state, track=step.track)


def _check_references(case: Case, step: Step, command: Command) -> None:
    known = {"party": case.parties, "claim": case.claims, "obligation": case.obligations}
    errors = []
    for field in step.inputs:
        if field.kind is not Kind.REF or field.of not in known:
            continue
        value = command.input.get(field.name)
        for key in value if isinstance(value, list) else [value] if value is not None else []:
            if key not in known[field.of]:
                text = Label("案件中没有此记录", f"This case has no such {field.of}")
                errors.append(InputError(f"/{field.name}", "not_in_case", text))
    errors.extend(_nested_errors(case, step, command.input))
    if command.recorded_for is not None and command.recorded_for not in case.parties:
        label = Label("案件中没有此当事人", "This case has no such party")
        errors.append(InputError("/recorded_for", "not_in_case", label))
    if errors:
        raise InvalidInputError(errors)


_NESTED: Mapping[Kind, tuple[tuple[str, str], ...]] = {
    Kind.CONSENT: (("party", "parties"),),
    Kind.SIGNATURE: (("party", "parties"),),
    Kind.CLAIM_RESULT: (("claim", "claims"),),
    Kind.CLAIM_CHANGE: (("claim", "claims"),),
    Kind.OBLIGATION: (("debtor", "parties"), ("creditor", "parties")),
}


def _nested_errors(case: Case, step: Step, given: Mapping[str, object]) -> Iterator[InputError]:
    text = Label("案件中没有此记录", "This case has no such record")
    for field in step.inputs:
        value = given.get(field.name)
        if field.kind is Kind.DATE_PER_PARTY and isinstance(value, dict):
            for key in value:
                if key not in case.parties:
                    yield InputError(f"/{field.name}/{key}", "not_in_case", text)
        for name, collection in _NESTED.get(field.kind, ()):
            for number, entry in enumerate(value if isinstance(value, list) else ()):
                key = entry.get(name)
                if key is not None and key not in getattr(case, collection):
                    yield InputError(f"/{field.name}/{number}/{name}", "not_in_case", text)


def questions(case: Case, setting: Setting) -> Iterator[Question]:
    """Every row that leaves a state the case is in, on each track instance, and on tracks not begun yet."""
    begun = {track.track for track in case.tracks.values()}
    standing = {(track.track, track.state) for track in case.tracks.values()}
    for track in case.tracks.values():
        for step in PROCEDURE.by_source[track.track, track.state]:
            yield Question(case, step, track, setting, None)
    for code, fresh in _FRESH.items():
        if (code in _SINGLE and code in begun) or (code, fresh.state) in standing:
            continue
        for step in PROCEDURE.by_source[code, fresh.state]:
            yield Question(case, step, fresh, setting, None)


_FRESH = {
    code: TrackInstance(f"{code}:new", code, kind.first_state)
    for code, kind in PROCEDURE.tracks.items()
    if code != MAIN
}


def open_and_blocked(
    case: Case, setting: Setting, *, main_rows_only: bool = False
) -> tuple[tuple[OpenStep, ...], tuple[BlockedStep, ...]]:
    """Steps this actor may take now, and the others out of the current states with every reason against them.

    With `main_rows_only` blocked steps are judged for the main state's own rows only, as a case shows them.
    """
    opened: list[OpenStep] = []
    blocked: list[BlockedStep] = []
    for question in questions(case, setting):
        step = question.step
        own = step.track == MAIN and ANY_OPEN not in step.sources
        permitted = not setting.roles.isdisjoint(step.recorded_by)
        if main_rows_only and not own and not permitted:
            continue
        blockers, warnings = judge(question)
        if not permitted:
            blockers = (_role_blocker(step), *blockers)
        track_id = question.track.id if question.track else None
        if not blockers:
            opened.append(OpenStep(step, track_id, open_attestations(question), warnings))
        elif own or not main_rows_only:
            blocked.append(BlockedStep(step, track_id, blockers))
    return tuple(opened), tuple(blocked)


@cache
def _role_blocker(step: Step) -> Blocker:
    roles = tuple(sorted(step.recorded_by))
    return Blocker("role", Label("由其他角色办理", "For another role to record"), None, roles, step.basis)


def clock_setting(today: date, calendar: Calendar, new_id: Callable[[], str]) -> Setting:
    """The setting in which the clock acts: for nobody, under no role but its own."""
    return Setting(today, calendar, frozenset({CaseRole.SYSTEM}), SYSTEM.person_id, new_id=new_id)


def lapse(case: Case, deadline: Deadline, setting: Setting) -> Advance | tuple[Draft, Task]:
    """What happens when a term is over: the timer row that is open, or the lapse noted and a task raised.

    The step is dated on the day the term fell due; a row that a person must confirm leaves a task instead.
    """
    rows = PROCEDURE.timers.get(deadline.term, ())
    track = case.tracks.get(deadline.track_key)
    for step in rows:
        on = track if track is not None and track.track == step.track else _track_for(case, step)
        if on is None or on.state not in PROCEDURE.sources(step) or CaseRole.SYSTEM not in step.recorded_by:
            continue
        command = Command(step.action, deadline.due, fired=deadline, instance=None)
        question = Question(case, step, on, setting, command)
        blockers, warnings = judge(question)
        if not blockers:
            return _apply(question, command, on, warnings)
    return _lapse_only(case, deadline, setting)


def _track_for(case: Case, step: Step) -> TrackInstance | None:
    sources = PROCEDURE.sources(step)
    mine = [t for t in case.tracks.values() if t.track == step.track]
    fitting = next((t for t in mine if t.state in sources), None)
    first = PROCEDURE.tracks[step.track].first_state
    if fitting is None and not mine and first in sources:
        return TrackInstance(f"{step.track}:1", step.track, first)
    return fitting


def _lapse_only(case: Case, deadline: Deadline, setting: Setting) -> tuple[Draft, Task]:
    draft = Draft(case)
    draft.put("deadlines", end_deadline(deadline, DeadlineStatus.LAPSED, on=deadline.due, by=None))
    task = open_task(case, deadline, key=setting.new_id(), today=setting.today, calendar=setting.calendar)
    draft.put("tasks", task)
    return draft, task

"""What if: a sequence of steps judged on a case as it stands, day by day, with nothing written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from mediation.domain.access import Actor
from mediation.domain.calendar import Calendar, NoticeError, parse_notice
from mediation.domain.cases import Advance, Case, Setting
from mediation.domain.errors import (
    BlockedError,
    Blocker,
    InputError,
    InvalidInputError,
    NotPermittedError,
    StepNotOpenError,
)
from mediation.domain.labels import Label
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole
from mediation.domain.sight import INSIDERS, Sight, known, shown, sight_of
from mediation.domain.simulation import Simulation, is_placeholder
from mediation.domain.undoing import later_entry_depends
from mediation.services.calendars import current_calendar
from mediation.services.caller import Answer, Caller, Render
from mediation.services.commands import command_of, misnamed, named_ids, voided_entry, voided_id
from mediation.services.identity import acting_on, load_case, relation, roles_in
from mediation.services.reading import setting_of, view_in
from mediation.services.requests import SimulationRequest, StepRequest
from mediation.services.scopes import scopes_after
from mediation.services.sights import refuse_dispatched
from mediation.services.subjects import NewSubjects
from mediation.services.views import CaseView, SimulationView, Stopped
from mediation.storage import Unit, homes
from mediation.storage.cases import Loaded

AHEAD = timedelta(days=3660)
"""How far a simulation looks ahead: about ten years."""
RECORDERS = frozenset[CaseRole]().union(*(step.recorded_by for step in PROCEDURE.steps.values()))


def simulate_case(unit: Unit, caller: Caller, case_id: str, request: SimulationRequest, render: Render) -> Answer:
    """Take the steps in thought, with what the clock does in between; nothing is written and no number is issued.

    A step that is refused ends the simulation and is told with every reason; InvalidInputError, NotFoundError, and
    NotPermittedError for those who may take no step at all.
    """
    if _reads_more(request):
        with unit.snapshot():
            return _simulate(unit, caller, case_id, request, render)
    return _simulate(unit, caller, case_id, request, render)


def _reads_more(request: SimulationRequest) -> bool:
    """Whether one SELECT will not do: bodies above a new home, and entries after one that is taken back."""
    return any(step.action in {"reassign_organization", "void_last_step"} for step in request.steps)


def _simulate(unit: Unit, caller: Caller, case_id: str, request: SimulationRequest, render: Render) -> Answer:
    turns = _turns(request, caller.today)
    names = {key for turn in turns for key in named_ids(turn.step)}
    loaded = load_case(unit, caller, case_id, references=sorted(names), entry=_recorded_entry(turns))
    actor = acting_on(loaded, caller)
    case, roles = relation(loaded, actor)
    sight = sight_of(actor, roles)
    refuse_dispatched(sight)
    if not roles & RECORDERS:
        raise NotPermittedError(recorded_by=sorted(RECORDERS - {CaseRole.SYSTEM}))
    _refuse_internal(turns, sight)
    _check(turns, loaded, setting_of(caller, loaded, actor, roles))
    simulation = Simulation(known(case, sight), caller.today, _calendar(request.calendar))
    if request.calendar:
        simulation.recount()
    simulation.let_run(caller.today)
    course = _Course(unit, caller, loaded, actor, simulation, roles)
    stopped = course.run(turns)
    if stopped is None and request.until is not None:
        simulation.let_run(request.until)
    view = SimulationView(case, caller.today, tuple(simulation.happenings), stopped, course.view())
    return Answer(200, render(view), f'"{case.version}"')


class _Turn(NamedTuple):
    """A step with its place in the request and the day on which it is taken."""

    position: int
    day: date
    step: StepRequest

    def placed(self, errors: Iterable[InputError]) -> Iterator[InputError]:
        """What is wrong with the step, under its place in the request."""
        own = {field.name for field in PROCEDURE.steps[self.step.action].inputs}
        for error in errors:
            place = "/input" if error.pointer.split("/")[1] in own else ""
            yield replace(error, pointer=f"/steps/{self.position}{place}{error.pointer}")


class _Course:
    """The steps of one simulation in turn: who may see the case changes with each, as it does in reality."""

    def __init__(
        self,
        unit: Unit,
        caller: Caller,
        loaded: Loaded,
        actor: Actor,
        simulation: Simulation,
        roles: frozenset[CaseRole],
    ) -> None:
        self._roles = roles
        self._unit = unit
        self._caller = caller
        self._loaded = loaded
        self._actor = actor
        self._simulation = simulation
        self._scopes = loaded.scopes
        self._subjects = NewSubjects(simulation.case.id, dict(loaded.keys), fresh=simulation.new_id)

    def run(self, turns: Sequence[_Turn]) -> Stopped | None:
        """Take the steps until one is refused; gives where it stopped, and why."""
        for turn in turns:
            self._simulation.let_run(turn.day)
            try:
                self._take(turn)
            except (BlockedError, StepNotOpenError) as refusal:
                return _stopped(turn, refusal)
            except InvalidInputError as error:
                raise InvalidInputError(list(turn.placed(error.errors))) from error
        return None

    def view(self) -> CaseView:
        """The case as it stands in thought, with what this person may do with it then.

        It shows no more than they see today: a part that they are given in thought alone opens nothing.
        """
        setting = self._setting()
        case, sight = self._simulation.case, sight_of(self._actor, setting.roles & self._roles)
        return view_in(case, setting, (sight, shown(case, sight)))

    def _take(self, turn: _Turn) -> None:
        before = self._simulation.case
        command = command_of(self._unit, self._caller, turn.step, self._subjects)
        setting = replace(self._setting(named_ids(turn.step)), voided=self._voided(turn.step))
        happening = self._simulation.take(command, setting, turn.position)
        if happening.advance is not None:
            self._follow(happening.advance, before)

    def _follow(self, result: Advance, before: Case) -> None:
        opened, closed = scopes_after(result, before, self._scopes, partial(homes.ancestors, self._unit))
        self._scopes = (self._scopes - frozenset(closed)) | frozenset(opened)

    def _setting(self, names: Iterable[str] = ()) -> Setting:
        """What a step is judged in: the roles that follow from the case by now, and only what the step itself names."""
        simulation, loaded = self._simulation, self._loaded
        named = {simulation.case.organization_id, *names}
        seen = replace(
            loaded,
            organizations={key: found for key, found in loaded.organizations.items() if key in named},
            people={key: found for key, found in loaded.people.items() if key in named},
        )
        roles = roles_in(simulation.case, self._scopes, self._actor)
        setting = setting_of(replace(self._caller, today=simulation.today), seen, self._actor, roles)
        return replace(setting, calendar=simulation.calendar, new_id=simulation.new_id)

    def _voided(self, step: StepRequest) -> Mapping[str, Any] | None:
        """The entry a void names, simulated or recorded, with whether any entry since depends on it."""
        key = voided_id(step)
        simulated = self._simulation.voidable(key) if key is not None else None
        voided = simulated or voided_entry(self._unit, self._loaded, step)
        if voided is None:
            return None
        depends = later_entry_depends(voided, self._simulation.told_after(key if simulated else None))
        return {**voided, "later_depends": depends or bool(voided.get("later_depends"))}


def _turns(request: SimulationRequest, today: date) -> list[_Turn]:
    """The steps, each with its day: what is left undated happens on the day of the one before, or today."""
    turns: list[_Turn] = []
    for position, step in enumerate(request.steps):
        before = turns[-1].day if turns else None
        day = step.occurred_on or before or today
        _check_day(f"/steps/{position}/occurred_on", day, before, today)
        turns.append(_Turn(position, day, replace(step, occurred_on=day)))
    if request.until is not None:
        _check_day("/until", request.until, max([today, *(turn.day for turn in turns)]), today)
    return turns


def _check_day(pointer: str, day: date, before: date | None, today: date) -> None:
    if before is not None and day < before:
        text = Label("日期不能早于前一步骤或今天", "Days must not go back: this one lies before the one it follows")
        raise InvalidInputError([InputError(pointer, "days_go_back", text)])
    if day > today + AHEAD:
        text = Label("最多推演未来十年", "A simulation looks ten years ahead at most")
        raise InvalidInputError([InputError(pointer, "too_far_ahead", text)])


def _recorded_entry(turns: Sequence[_Turn]) -> str | None:
    """The entry of the case's history that is taken back; a simulation takes back one, and simulated ones besides."""
    named = [(turn, key) for turn in turns if (key := voided_id(turn.step)) is not None]
    recorded = [(turn, key) for turn, key in named if not is_placeholder(key)]
    if len({key for _, key in recorded}) > 1:
        text = Label("一次推演只能撤销一个已登记的步骤", "A simulation takes back one recorded step at most")
        raise InvalidInputError(list(recorded[-1][0].placed([InputError("/step", "one_recorded_step", text)])))
    return recorded[0][1] if recorded else None


def _refuse_internal(turns: Sequence[_Turn], sight: Sight) -> None:
    """NotPermittedError for a step on a track that is not seen: whether it can be taken tells where that stands."""
    if any(PROCEDURE.steps[turn.step.action].action in sight.unseen_actions for turn in turns):
        raise NotPermittedError(recorded_by=sorted(INSIDERS - {CaseRole.SYSTEM, CaseRole.AUDITOR}))


def _check(turns: Sequence[_Turn], loaded: Loaded, setting: Setting) -> None:
    errors = [error for turn in turns for error in turn.placed(misnamed(turn.step, loaded, setting))]
    if errors:
        raise InvalidInputError(errors)


def _calendar(notices: Sequence[Mapping[str, Any]]) -> Calendar:
    """The calendar in force, with these notices in place of what is known of their years."""
    calendar = current_calendar()
    for number, notice in enumerate(notices):
        try:
            calendar = calendar.with_notice(parse_notice(notice))
        except NoticeError as error:
            raise InvalidInputError([InputError(f"/calendar/{number}", "notice_invalid", error.label)]) from error
    return calendar


def _stopped(turn: _Turn, refusal: BlockedError | StepNotOpenError) -> Stopped:
    alone = Blocker(refusal.code, refusal.text, facts=refusal.facts)
    blockers = refusal.blockers if isinstance(refusal, BlockedError) else (alone,)
    return Stopped(turn.position, turn.step.action, turn.day, refusal.code, refusal.text, blockers)

"""What if: steps tried on a case in thought, day by day, with what the clock does in between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, cast

import orjson
from pydantic import Field, ValidationError
from starlette.responses import Response

from mediation.api import labels, shapes
from mediation.api.calendars import NoticeIn
from mediation.api.call import Call
from mediation.api.case_parts import task_document, track_document
from mediation.api.citations import cited
from mediation.api.language import both
from mediation.api.operations import operation
from mediation.api.representations import (
    blockers_document,
    by_due,
    case_document,
    explained_document,
    warnings_document,
)
from mediation.api.step_bodies import input_of, inputs_of
from mediation.api.steps import ACTIONS
from mediation.api.validation import explain
from mediation.api.values import Day, Id, Instance, OneOf, Reference, Text
from mediation.api.wire import MOST_ENTRIES, Attestations, Body, Form
from mediation.domain.deadlines import Deadline
from mediation.domain.documents import kinds_named
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.procedure import PROCEDURE
from mediation.domain.sight import is_clock_seen, shown
from mediation.domain.simulation import Happening
from mediation.domain.terms import TERMS
from mediation.services import simulations
from mediation.services.requests import SimulationRequest, StepRequest
from mediation.services.views import CaseView, SimulationView, Stopped

MOST_STEPS = 50
MOST_NOTICES = 10
REFUSES = (400, 401, 403, 404, 413, 415, 422)


class SimulatedStepIn(Body):
    """One step to try: `input` is what the step's own operation takes, apart from what every step takes."""

    action: Annotated[str, OneOf(sorted(ACTIONS))]
    occurred_on: Day | None = None
    input: dict[str, Any] = Field(default_factory=dict)
    instance: Instance | None = None
    attestations: Attestations = Field(default_factory=list)
    note: Text | None = None
    evidence: list[Reference] = Field(default_factory=list, max_length=MOST_ENTRIES)
    recorded_for: Id | None = None
    form: Form | None = None
    late_reason: Text | None = None


class SimulationIn(Body):
    """What if: steps in the order of their days, the day time runs to, other notices, the version of the procedure."""

    steps: list[SimulatedStepIn] = Field(default_factory=list, max_length=MOST_STEPS)
    until: Day | None = None
    calendar: list[NoticeIn] = Field(default_factory=list, max_length=MOST_NOTICES)
    procedure: Annotated[str, OneOf([PROCEDURE.version])] | None = None


@operation(
    "POST", "/v1/cases/{case_id}/simulation", tag="steps", zh="推演", en="Simulate steps",
    refuses=REFUSES, answer=shapes.SimulationShape,
)  # fmt: skip
async def simulate(call: Call, case_id: str, body: SimulationIn) -> Response:
    """What would happen if these steps were taken on these days: nothing is written, and no number is issued.

    Each step is judged as reality judges it, and in between the clock fires what falls due, dated as the worker dates
    it. Days to come are the point; they must not go back, and a step without a day is taken on that of the one before.
    A step that you may not record yourself is judged as if those did whom its row names; `for_you` tells the two apart.

    `items` tell, in order, each step and lapse with its citations, the states of all tracks, every running deadline
    with its arithmetic, what was started, moved and ended, tasks raised, documents, warnings. The first step refused
    ends the simulation (`stopped_at`, `blockers`) with status 200; what is malformed is refused with 422. `case` is
    the case as it would stand. What is new has a placeholder for an id (`ffffffff-0000-7000-8000-…`), the same each
    time, so that a longer simulation can name it: the obligation of an agreement, or the `entry_id` of a step that
    `void_last_step` takes back. Of `split_off` only the case itself is simulated.
    """
    request = request_of(body, call.rooms.clock.today())
    return await call.try_out(simulations.simulate_case, case_id, request, render_simulation)


def request_of(body: SimulationIn, today: date) -> SimulationRequest:
    """Check each step's input by the model of its action; raises InvalidInputError with every fault."""
    if not body.steps and body.until is None:
        text = Label("请填写步骤,或者推演到哪一天", "Give steps, or the day until which time is to run")
        raise InvalidInputError([InputError("/steps", "nothing_asked", text)])
    asked: list[StepRequest] = []
    errors: list[InputError] = []
    for position, step in enumerate(body.steps):
        try:
            asked.append(_step_request(position, step, today))
        except InvalidInputError as error:
            errors.extend(error.errors)
    if errors:
        raise InvalidInputError(errors)
    return SimulationRequest(asked, body.until, [notice.values() for notice in body.calendar])


def _step_request(position: int, step: SimulatedStepIn, today: date) -> StepRequest:
    given = step.model_dump(exclude={"action", "input"}, exclude_none=True, exclude_unset=True)
    own = {field.name for field in PROCEDURE.steps[step.action].inputs} & given.keys()
    errors = [InputError(f"/steps/{position}/{name}", "belongs_in_input", _IN_INPUT) for name in sorted(own)]
    if errors:
        raise InvalidInputError(errors)
    try:
        parsed = input_of(step.action).model_validate_json(orjson.dumps(step.input), context={"today": today})
    except ValidationError as error:
        raise explain(error, f"/steps/{position}/input") from None
    return StepRequest(action=step.action, input=inputs_of(step.action, parsed), **given)


_IN_INPUT = Label("该步骤有同名的字段,请写入 input", "The step has an input of this name: give it in `input`")


def render_simulation(view: SimulationView) -> bytes:
    """Write a simulation as the answer's bytes."""
    return orjson.dumps(simulation_document(view))


def simulation_document(view: SimulationView) -> shapes.SimulationShape:
    """Tell what would happen, where it would stop, and how the case would stand."""
    stopped = view.stopped
    return {
        "case_id": view.case.id,
        "version": view.case.version,
        "today": view.today.isoformat(),
        "until": view.after.today.isoformat(),
        "procedure": view.case.procedure,
        "calendar_version": view.after.calendar.version,
        "items": [_item(happening, view.after) for happening in view.happenings if _is_told(happening, view.after)],
        "stopped_at": None if stopped is None else _stopped_at(stopped),
        "blockers": [] if stopped is None else blockers_document(stopped.blockers),
        "case": case_document(view.after),
    }


def _is_told(happening: Happening, after: CaseView) -> bool:
    """Whether what the clock does is told: not what becomes of a limitation that is not seen."""
    return happening.fired is None or is_clock_seen(happening.before, happening.fired, after.sight)


def _stopped_at(stopped: Stopped) -> shapes.StoppedAtShape:
    return {
        "position": stopped.position,
        "action": stopped.action,
        "label": labels.STEPS[stopped.action],
        "occurred_on": stopped.occurred_on.isoformat(),
        "code": stopped.code,
        "text": cast("shapes.LabelShape", both(stopped.text)),
    }


def _item(happening: Happening, after: CaseView) -> shapes.SimulatedItemShape:
    entry, behind = happening.entry, happening.after
    case = shown(behind, after.sight)
    then = CaseView(case, behind, after.sight, happening.today, after.calendar)
    track = None if happening.advance is None else happening.advance.step.track
    started, ended = (_seen(clocks, then) for clocks in (happening.started, happening.ended))
    return {
        "kind": happening.kind,
        "position": happening.position,
        "entry_id": entry.id,
        "action": None if happening.advance is None else entry.action,
        "step": entry.step_id,
        "label": _label(happening),
        "occurred_on": entry.occurred_on.isoformat(),
        "recorded_on": happening.today.isoformat(),
        "for_you": happening.for_you,
        "track": entry.track_id,
        "source": None if track is None else labels.STATES[track, entry.source or ""],
        "target": None if track is None else labels.STATES[track, entry.target or ""],
        "citations": cast("list[shapes.CitationShape]", cited(_basis(happening))),
        "tracks": [track_document(entry) for entry in case.tracks.values()],
        "deadlines": [explained_document(deadline, then) for deadline in by_due(case.running())],
        "started": [deadline.id for deadline in by_due(started)],
        "moved": [
            {"id": deadline.id, "was_due": was_due.isoformat(), "due": deadline.due.isoformat()}
            for deadline, was_due in happening.moved
            if is_clock_seen(behind, deadline, after.sight)
        ],
        "ended": [explained_document(deadline, then) for deadline in by_due(ended)],
        "tasks": [task_document(task) for task in happening.raised] if after.sight.is_inside else [],
        "tasks_answered": list(happening.answered) if after.sight.is_inside else [],
        "documents": _documents(happening),
        "warnings": warnings_document(happening.advance.warnings if happening.advance else ()),
        "remarks": [{"code": code, "text": cast("shapes.LabelShape", both(text))} for code, text in happening.remarks],
    }


def _seen(clocks: Iterable[Deadline], then: CaseView) -> list[Deadline]:
    return [clock for clock in clocks if is_clock_seen(then.behind, clock, then.sight)]


def _label(happening: Happening) -> shapes.LabelShape:
    """The step's name; of a lapse that only leaves a task, the name of the term that is over."""
    by_step = happening.advance is not None
    return cast(
        "shapes.LabelShape",
        labels.STEPS[happening.entry.action] if by_step else labels.TERM_LABELS[_fired(happening)],
    )


def _basis(happening: Happening) -> str:
    return TERMS[_fired(happening)].basis if happening.advance is None else happening.advance.step.basis


def _fired(happening: Happening) -> str:
    return happening.fired.term if happening.fired else ""


def _documents(happening: Happening) -> shapes.StepDocumentsShape:
    """What the row asks for or produces: its own words, and each kind of document that they name."""
    text = happening.advance.step.documents if happening.advance else ""
    kinds = kinds_named(text)
    return {
        "text": text,
        "kinds": [{"code": kind.code, "label": cast("shapes.LabelShape", both(kind.label))} for kind in kinds],
    }

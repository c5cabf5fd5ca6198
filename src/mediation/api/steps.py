"""The door to every change of state: one path, the action found in a dict, its body checked by the row."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from mediation.api.call import Call
from mediation.api.problems import StepUnknownError
from mediation.api.queries import StepQuery
from mediation.api.representations import render_case
from mediation.api.request_log import record_of
from mediation.api.step_bodies import StepIn, body_of, inputs_of
from mediation.domain.procedure import PROCEDURE
from mediation.services import steps
from mediation.services.requests import StepRequest

PATH = "/v1/cases/{case_id}/steps/{action}"
ACTIONS = frozenset(step.action for step in PROCEDURE.steps.values() if not step.is_timer)
"""Steps somebody may ask for; those of the clock alone are taken by the worker."""


async def take_step(call: Call) -> Response:
    """Take a step, or with `dry_run` only judge it."""
    await call.identify()
    await call.count()
    path: Any = call.path_arguments()
    action: str = path["action"]
    if action not in PROCEDURE.steps:
        raise StepUnknownError
    record_of(call.request.scope).operation = action
    query = call.parse_query(StepQuery)
    body = await call.parse_body(body_of(action))
    request = step_request(action, body)
    if query.dry_run:
        return await call.try_out(steps.advance_case, path["case_id"], request, render_case, True)
    return await call.write(steps.advance_case, path["case_id"], request, render_case, False)


def step_request(action: str, body: StepIn) -> StepRequest:
    """Tell the service what was asked for, a row's own fields apart from those of every step."""
    own = {field.name for field in PROCEDURE.steps[action].inputs}
    common = {
        name: value for name, value in body.model_dump(include=_COMMON, exclude_none=True).items() if name not in own
    }
    return StepRequest(action=action, input=inputs_of(action, body), **common)


_COMMON = set(StepIn.model_fields) - {"expected_version"}

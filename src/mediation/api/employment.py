"""The employment of the workers of a case, from which its claims are computed."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from pydantic import JsonValue, WithJsonSchema, create_model
from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.operations import COMMAND, READ, operation
from mediation.api.parameters import schema_of
from mediation.api.values import Day, Division, Id
from mediation.api.wire import Body, Version
from mediation.domain.calculators import Parameter
from mediation.domain.employment import EMPLOYMENT, PARAMETERS
from mediation.domain.personal_data import Reading, is_routine
from mediation.services import employment
from mediation.services.employment import EmploymentView


class EmploymentBase(Body):
    """Whose employment, and what of it stands as facts of the case."""

    party_id: Id | None = None
    ended_on: Day | None = None
    place_of_performance: Division | None = None
    expected_version: Version | None = None


def _field(parameter: Parameter) -> tuple[Any, Any]:
    """Take the value as it comes: the domain reads it, and says what is wrong with it."""
    schema = {"anyOf": [schema_of(parameter), {"type": "null"}]}
    return Annotated[JsonValue, WithJsonSchema(schema)], None


_FIELDS: dict[str, Any] = {parameter.name: _field(parameter) for parameter in PARAMETERS}
EmploymentIn = create_model(
    "EmploymentIn",
    __base__=EmploymentBase,
    __doc__="What is known of one worker's employment; everything may be left out until a claim needs it.",
    **_FIELDS,
)


@operation(
    "GET", "/v1/cases/{case_id}/employment", tag="claims", zh="用工事实", en="Read the facts of employment",
    refuses=READ, answer=shapes.EmploymentShape,
)  # fmt: skip
async def read_employment(call: Call, case_id: str) -> Response:
    """What is on file of each worker's employment: for the people of the house, and for the worker themselves."""
    view = await call.read_noted(
        employment.read_employment,
        case_id,
        about=Reading("read_employment", case_id),
        unless=lambda view: is_routine(view.roles),
    )
    return respond(_document(view), etag=view.etag)


@operation(
    "PUT", "/v1/cases/{case_id}/employment", tag="claims", zh="登记用工事实", en="Put the facts of employment on file",
    refuses=COMMAND, answer=shapes.EmploymentShape,
)  # fmt: skip
async def put_employment(call: Call, case_id: str, body: EmploymentIn) -> Response:
    """Put one worker's employment on file in place of what was there; the version compared is the case's.

    Kept sealed. `party_id` may be left out where the case has one worker. `ended_on` and `place_of_performance` are
    facts of the case: left out they stay; given they are set there. Once registered, the end is recorded by
    `record_contract_end` and set right by `correct_entry`.
    """
    return await call.write(employment.put_employment, case_id, body.changes(), _render)


def _render(view: EmploymentView) -> bytes:
    return orjson.dumps(_document(view))


def _document(view: EmploymentView) -> shapes.EmploymentShape:
    facts = view.case.facts
    kept = facts.get(EMPLOYMENT) or {}
    return {
        "case_id": view.case.id,
        "version": view.case.version,
        "ended_on": facts.get("ended_on"),
        "place_of_performance": facts.get("place_of_performance"),
        "items": [
            {"party_id": party.id, "name": party.name, "facts": kept.get(party.id) or {}}
            for party in view.case.parties.values()
            if party.id in view.workers and (party.status == "active" or party.id in kept)
        ],
    }

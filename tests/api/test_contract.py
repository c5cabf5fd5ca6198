"""Every operation answers as its description says, whatever is sent: no 5xx, no undocumented status or shape.

Two examples an operation in the ordinary suite; many in `make soak`. Each step is tried on a case that stands where
the step could be taken, with ids of that case put in place of invented ones.
"""

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.databases import Templates
from tests.services.world import TODAY, World, bearer, new_case, open_world
from tests.worker.test_recounts import MOVING

from mediation import worker
from mediation.demo.people import organization, person
from mediation.domain.procedure import PROCEDURE
from mediation.services.calendar_loads import keep_notice
from mediation.storage import Unit
from mediation.storage.json_sql import statement

DOCUMENT = Path(__file__).parents[2] / "openapi" / "openapi.json"
EXAMPLES = int(os.environ.get("MEDIATION_CONTRACT_EXAMPLES", "2"))
OPERATIONS = [
    (method.upper(), path)
    for path, methods in json.loads(DOCUMENT.read_bytes())["paths"].items()
    for method in methods
    if method in {"get", "post", "patch", "delete", "put"}
]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
STEPS = "/v1/cases/{case_id}/steps/"


@pytest.fixture(scope="module")
def world(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(templates.sqlite(tmp_path_factory.mktemp("contract"))) as made:
        made.clock.move_to(date(2026, 12, 25))
        made.create(received_on="2026-12-25")
        made.write(keep_notice, MOVING, made.clock.now(), "test")
        worker.recount_stale(made.database, made.clock)
        yield made


@pytest.fixture(scope="module")
def schema(world: World) -> Any:
    app = world.app()

    async def without_lifespan(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":  # every call would begin and end one, and close the database with it
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await app(scope, receive, send)

    return schemathesis.openapi.from_asgi("/openapi.json", without_lifespan)


def _stand_in(unit: Unit, case_id: str, track: str, state: str) -> None:
    """Put one track of a case into a state, past its history: these cases are only there to be tried on."""
    row = {"case_id": case_id, "state": state, "id": f"{track}:1", "track": track}
    if track == "main":
        unit.execute(statement("update cases set state = :state where id = :case_id"), row)
    else:
        sql = "insert into tracks (case_id, id, track, state) values (:case_id, :id, :track, :state)"
        unit.execute(statement(sql), row)


def _case_for(world: World, action: str | None) -> dict[str, Any]:
    world.clock.move_to(TODAY)  # an example may have moved the demo's clock
    document = world.create(**new_case(submit=False))
    document["load_id"] = world.rows("select id from calendar_loads order by number")[0]["id"]
    if action is not None:
        step = PROCEDURE.steps[action]
        source = min(PROCEDURE.sources(step))
        world.write(_stand_in, document["id"], step.track, source)
    return document


def _known(document: dict[str, Any], name: str) -> str | None:
    """The id of this case that an input of this name would hold."""
    party = document["parties"][0]["id"]
    known = {
        "case_id": document["id"], "party": party, "by": party, "asked_by": party, "payer": party, "old": party,
        "recorded_for": party, "debtor": party, "creditor": party, "party_id": party,
        "claim": document["claims"][0]["id"], "claim_id": document["claims"][0]["id"],
        "organization": organization("yunxi-centre").id, "court": organization("yunxi-centre").id,
        "commission": organization("yunxi-centre").id, "organization_id": organization("yunxi-centre").id,
        "mediator": person("mediator-zhou").id, "person": person("volunteer-he").id,
        "person_id": person("volunteer-he").id,
    }  # fmt: skip
    return known.get(name)


def _settle(value: Any, document: dict[str, Any], name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _settle(entry, document, key) for key, entry in value.items()}
    if isinstance(value, list):
        return [_settle(entry, document, name) for entry in value]
    known = _known(document, name)
    return known if known is not None and isinstance(value, str) else value


def _tame(case: Any, document: dict[str, Any]) -> None:
    """Point the example at the case made for it, so that it reaches past 404 and 412."""
    if "case_id" in case.path_parameters:
        case.path_parameters["case_id"] = document["id"]
    if "load_id" in case.path_parameters:
        case.path_parameters["load_id"] = document["load_id"]
    if isinstance(case.body, dict):
        case.body = json.loads(json.dumps(_settle(case.body, document)))
        if "expected_version" in case.body:
            case.body["expected_version"] = document["version"]
    for header in ("If-Match", "Mediation-Acting-As"):
        (case.headers or {}).pop(header, None)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_answers_as_described(method: str, path: str, world: World, schema: Any) -> None:
    action = path.removeprefix(STEPS) if path.startswith(STEPS) else None

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=schema[path][method].as_strategy())
    def answers_as_described(case: Any) -> None:
        document = _case_for(world, action)
        _tame(case, document)

        response = case.call(headers={**bearer("clerk-lin"), "If-Match": f'"{document["version"]}"'})

        case.validate_response(response, checks=CHECKS)

    answers_as_described()

from typing import Any

import orjson
import pytest

from mediation.api import examples, openapi
from mediation.api.endpoints import by_path, offered
from mediation.domain.procedure import PROCEDURE

HTTP_ERRORS_OF_COMMANDS = {"400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "500", "503"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.build_document()


def described(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["operationId"]: entry for path in document["paths"].values() for entry in path.values()}


def test_the_committed_document_is_the_built_one(document: dict[str, Any]) -> None:
    committed = orjson.loads(openapi.COMMITTED.read_bytes())

    assert committed == document, "run `make openapi` and commit the result"


def test_every_step_is_an_operation(document: dict[str, Any]) -> None:
    found = described(document)

    assert set(PROCEDURE.steps) <= set(found)
    assert all(set(found[action]["responses"]) >= HTTP_ERRORS_OF_COMMANDS for action in PROCEDURE.steps)


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    count = sum(len(methods) for methods in document["paths"].values())

    assert len(described(document)) == count


def test_every_operation_lists_its_errors(document: dict[str, Any]) -> None:
    for name, entry in offered().items():
        responses = described(document)[name]["responses"]
        assert {str(status) for status in entry.refuses} <= set(responses), name
        assert {"422", "500", "503"} <= set(responses), name


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = orjson.dumps(document).decode()
    references = {part.split('"', 1)[0] for part in text.split('"$ref":"#/')[1:]}

    for reference in references:
        found: Any = document
        for part in reference.split("/"):
            found = found[part]


def test_no_address_takes_a_text_that_could_be_somebody_s_name(document: dict[str, Any]) -> None:
    bounded = ("enum", "const", "format", "pattern")
    free = {
        parameter["name"]
        for methods in document["paths"].values()
        for described in methods.values()
        for parameter in described.get("parameters", [])
        if parameter.get("in") == "query"
        and parameter["schema"].get("type") == "string"
        and not any(name in parameter["schema"] for name in bounded)
    }

    assert free == {"cursor", "number_prefix", "place"}


def test_a_step_says_what_it_rests_on(document: dict[str, Any]) -> None:
    told = described(document)["consent"]["description"]

    for word in ("recorded by:", "guards:", "basis:", "consent_of_all_to_be_bound"):
        assert word in told


def test_a_basis_not_compared_is_marked(document: dict[str, Any]) -> None:
    found = described(document)

    for action, step in PROCEDURE.steps.items():
        unread = any(not citation.verified for citation in step.citations)
        assert ("未核实" in found[action]["description"]) == unread, action


@pytest.mark.parametrize("name", examples.BODIES)
def test_the_examples_of_operations_are_taken(name: str) -> None:
    kind = offered()[name].body

    assert kind is not None
    kind.model_validate_json(orjson.dumps(examples.BODIES[name]))


def test_a_path_has_one_route_for_all_its_methods() -> None:
    paths = [path for path, _ in by_path()]

    assert len(paths) == len(set(paths))

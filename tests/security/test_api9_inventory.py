"""OWASP API9:2023, improper inventory management: what is served is described, and served is what is described."""

from starlette.routing import Route
from tests.security.attack import OPENAPI, Asked, ask, filled, operations, told
from tests.services.world import World

BESIDE = {"/openapi.json", "/docs", "/metrics"}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
STEP = "/v1/cases/{case_id}/steps/{action}"


def test_every_route_is_described_but_the_description_and_the_numbers(sqlite_world: World) -> None:
    routes = {route.path for route in sqlite_world.app().routes if isinstance(route, Route)}

    described = set(OPENAPI["paths"])
    assert len(sqlite_world.app().routes) == len(routes)
    assert routes - described == BESIDE | {STEP}
    assert {path for path in described - routes if not path.startswith(STEP.partition("{action}")[0])} == set()


def test_every_described_operation_is_served(sqlite_world: World) -> None:
    asked: list[Asked] = [("clerk-lin", method, filled(path), {}) for method, path, _ in operations()]

    answers = ask(sqlite_world, asked)

    lost = {"route_unknown", "method_not_allowed", "step_unknown"}
    assert [
        entry[1:3]
        for entry, answer in zip(asked, answers, strict=True)
        if answer.headers["content-type"] == "application/problem+json" and answer.json()["code"] in lost
    ] == []


def test_a_method_that_is_not_described_is_not_served(sqlite_world: World) -> None:
    hidden = [
        (method, path)
        for path, methods in OPENAPI["paths"].items()
        for method in sorted(METHODS - {name.upper() for name in methods})
        if not path.startswith("/v1/cases/{case_id}/steps/")
    ]

    answers = ask(sqlite_world, [("admin-qian", method, filled(path), {}) for method, path in hidden])

    assert len(hidden) > 150
    assert {told(answer) for answer in answers} == {(405, "method_not_allowed")}


def test_there_is_one_version_and_it_is_in_every_address() -> None:
    assert {path.split("/")[1] for path in OPENAPI["paths"]} == {"v1"}
    assert OPENAPI["info"]["version"]


def test_every_operation_has_its_own_name_and_says_what_it_is_for() -> None:
    names = [described["operationId"] for *_, described in operations()]

    assert len(names) == len(set(names))
    assert [described["operationId"] for *_, described in operations() if not described["summary"].strip()] == []

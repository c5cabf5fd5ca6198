"""What the matrix leaves out: readings not on one case, and writes of who only reads, each with a good body."""

import json
from typing import Any, Final

import pytest
from tests.security.attack import OPENAPI, Asked, ask, filled, told
from tests.security.test_api1_object_level import of_the_case
from tests.security.test_matrix import (
    ALERT,
    LIAISONS,
    MAY_SEE,
    SEAT,
    SEE_NOTHING,
    WORKER,
    Scene,
    marks_in,
    scene,
)
from tests.services.world import World

__all__ = ["scene"]
ELSEWHERE: Final = tuple(
    (path, described["get"])
    for path, described in OPENAPI["paths"].items()
    if "get" in described and not path.startswith("/v1/cases/{case_id}")
)
SAID_ANYWAY: Final = {
    **dict.fromkeys(("/v1/people", "/v1/people/{person_id}", "/v1/me"), frozenset({WORKER})),
    "/v1/organizations": frozenset({SEAT}),
    "/v1/procedure": frozenset({ALERT}),
}
"""The worker has an account of that name; the seat is the place of bodies, and a state has the name of the alert."""
MAY_AUDIT: Final = {"/break-glass"}
"""What an auditor writes on a case: that the glass is broken, which is told to everybody concerned."""


def _questions(who: str, path: str, described: dict[str, Any], known: dict[str, str]) -> list[Asked]:
    """A reading in each of its scopes, asked about the case of the scene wherever it can be asked about one."""
    fields = {field["name"]: field["schema"] for field in described.get("parameters", ()) if field.get("in") == "query"}
    about = [f"{name}={known[name]}" for name in fields if name in known]
    scopes = fields.get("scope", {}).get("enum") or [None]
    queries = ["&".join([*about, *([f"scope={scope}"] if scope else [])]) for scope in scopes]
    return [(who, "GET", f"{filled(path, **known)}?{query}".rstrip("?"), {}) for query in queries]


@pytest.mark.parametrize("who", [*MAY_SEE, *SEE_NOTHING])
def test_no_reading_that_is_not_on_the_case_says_more_of_it_than_the_case_does(scene: Scene, who: str) -> None:
    found = {}
    for path, described in ELSEWHERE:
        answers = ask(scene.world, _questions(who, path, described, scene.known))
        taken = MAY_SEE.get(who, frozenset()) | SAID_ANYWAY.get(path, frozenset())
        found[path] = marks_in("".join(answer.text for answer in answers)) - taken

    assert len(found) >= 30
    assert {path: marks for path, marks in found.items() if marks} == {}


def test_the_case_is_found_by_the_readings_that_are_meant_to_find_it(scene: Scene) -> None:
    """Else the test above would pass on empty lists; there is no task and no reminder left on it."""
    found = {
        path
        for path, described in ELSEWHERE
        for answer in ask(scene.world, _questions("clerk-lin", path, described, scene.known))
        if scene.case_id in answer.text
    }

    assert found == {"/v1/cases", "/v1/access/explain"}


@pytest.mark.parametrize("who", sorted(LIAISONS))
def test_no_list_names_the_case_to_a_liaison_but_the_one_of_what_was_sent(scene: Scene, who: str) -> None:
    found = {
        path
        for path, described in ELSEWHERE
        for answer in ask(scene.world, _questions(who, path, described, {}))
        if scene.case_id in answer.text
    }

    assert found == {"/v1/cases"}


def test_who_only_reads_writes_nothing_however_good_the_body(world: World) -> None:
    found = {}
    for method, path, case_id, content in of_the_case(world):
        tail = path.removeprefix(f"/v1/cases/{case_id}").partition("?")[0]
        if method != "GET" and tail not in MAY_AUDIT:
            given = json.loads(json.dumps(content))
            (answer,) = ask(world, [("auditor-feng", method, path, given)])
            found[method, tail] = told(answer)

    refused = {asked: answer for asked, answer in found.items() if answer[0] == 403}
    assert len(found) >= 24
    assert {asked: answer for asked, answer in found.items() if asked not in refused} == {}

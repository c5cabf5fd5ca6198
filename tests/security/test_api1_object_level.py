"""OWASP API1:2023, broken object level authorization: ids of others, in every place an id can be put."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.security.attack import UNKNOWN, Asked, ask, ask_one, body_for, operations, told
from tests.services.test_statements import operations_in_turn
from tests.services.world import World, mediate, party_ids

from mediation.demo.people import person

STRANGERS = {
    "clerk-fang": "a clerk of another district",
    "clerk-mu": "a clerk of another body of the same district",
    "mediator-chen": "of the body, but not assigned",
    "admin-qian": "keeps the directory of all bodies",
    "court-gao": "a court it was not sent to",
    "worker-zhang": "a worker who is no party",
}
STEPS = "/v1/cases/{case_id}/steps/"


def of_the_case(world: World) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Each operation on a case once, before the one who may gives it: method, path, content, the case."""
    for _, subject, method, path, content in operations_in_turn(world):
        if path.startswith("/v1/cases/"):
            yield method, path, path.split("/")[3].partition("?")[0], content
        answer = world.send(subject, method, path, **content)
        assert answer.status_code < 300, answer.text


def test_no_operation_on_a_case_lets_a_stranger_in_or_tells_them_that_it_is_there(world: World) -> None:
    found: dict[tuple[str, str, str], list[tuple[int, str | None]]] = {}
    for method, path, case_id, content in of_the_case(world):
        for stranger in STRANGERS:
            pair: list[Asked] = [(stranger, method, where, content) for where in (path, path.replace(case_id, UNKNOWN))]
            found[stranger, method, path] = [told(answer) for answer in ask(world, pair)]

    assert len(found) >= 24 * len(STRANGERS)
    assert {asked: answers for asked, answers in found.items() if answers != [(404, "not_found")] * 2} == {}


def all_steps(case_id: str, who: str) -> list[Asked]:
    """Every step there is, on a case, with the smallest input it takes."""
    return [
        (who, method, path.replace("{case_id}", case_id), {**body_for(described), "headers": {"If-Match": '"2"'}})
        for method, path, described in operations()
        if path.startswith(STEPS)
    ]


def test_no_step_tells_a_stranger_whether_the_case_is_there(world: World) -> None:
    case = world.create()

    real, unknown = (ask(world, all_steps(case_id, "clerk-fang")) for case_id in (case["id"], UNKNOWN))

    assert len(real) > 200
    assert [told(answer) for answer in real] == [told(answer) for answer in unknown]
    assert {answer.status_code for answer in real} <= {404, 422}
    assert sum(answer.status_code == 404 for answer in real) > 150
    assert world.case(case["id"]).version == case["version"]


def test_an_assignment_that_ended_opens_no_step_and_no_reading(world: World) -> None:
    case = world.create()
    mediate(world, case["id"], "mediator-zhou")
    world.take(case["id"], "replace_mediator", mediator=person("mediator-chen").id, reason="unavailable")
    reads: list[Asked] = [
        ("mediator-zhou", "GET", f"/v1/cases/{case['id']}{tail}", {})
        for tail in ("", "/steps", "/deadlines", "/history", "/history/verification", "/limitation", "/employment")
    ]

    steps = ask(world, all_steps(case["id"], "mediator-zhou"))
    answers = ask(world, reads)

    assert {answer.status_code for answer in steps} <= {404, 422}
    assert [told(answer) for answer in answers] == [(404, "not_found")] * len(reads)


@pytest.mark.parametrize("part", ["parties", "claims"])
def test_a_part_of_another_case_is_not_reached_through_a_case_of_ones_own(world: World, part: str) -> None:
    mine, theirs = world.create(), world.create("clerk-fang")
    change = {"parties": {"name": "改名"}, "claims": {"amount": "1.00"}}[part]
    path = f"/v1/cases/{mine['id']}/{part}/{theirs[part][0]['id']}"

    answer = ask_one(world, "clerk-lin", "PATCH", path, headers={"If-Match": '"1"'}, json=change)

    assert told(answer) == (404, "not_found")
    assert world.case(theirs["id"]).version == theirs["version"]


def test_a_person_of_another_case_is_not_brought_in_by_their_id(world: World) -> None:
    mine, theirs = world.create(), world.create("clerk-fang")
    worker, _ = party_ids(theirs)
    facts = {"party_id": worker, "joined_on": "2024-01-01", "monthly_wage": "6000.00"}
    path, version = f"/v1/cases/{mine['id']}/employment", {"If-Match": f'"{mine["version"]}"'}

    answer = ask_one(world, "clerk-lin", "PUT", path, headers=version, json=facts)

    assert answer.status_code in {404, 409, 422}
    assert world.case(mine["id"]).version == mine["version"]


def test_a_cursor_of_somebody_else_opens_no_page(world: World) -> None:
    for _ in range(2):
        world.create("clerk-fang")
    page = world.send("clerk-fang", "GET", "/v1/cases?limit=1").json()["next"]

    answer = ask_one(world, "clerk-lin", "GET", page)

    assert told(answer) == (422, "invalid_input")

"""OWASP API5:2023 once more, where the one who asks sees the case: what one side asks for, the other does not write."""

from typing import Any

import pytest
from tests.security.attack import OPENAPI, Asked, ask, body_for, filled, told
from tests.security.test_matrix import WRITES, Scene, scene
from tests.services.world import World, party_of

from mediation.demo.people import person

__all__ = ["scene"]
REFUSED = (403, "not_permitted")
CORRECTIONS: tuple[dict[str, Any], ...] = (
    {"summary": "申请人并无请求"}, {"reason": "双方已经和解"}, {"urgent": False}, {"migrant_worker": False},
    {"employer_seat": "110000"}, {"place_of_performance": "110000"}, {},
)  # fmt: skip
READERS = ("auditor-feng", "court-gao", "inspection-luo")
NO_COMMAND = {"/v1/cases/{case_id}/simulation", "/v1/cases/{case_id}/break-glass"}
"""A simulation writes nothing; an auditor may break the glass."""
UNSURE = {"/v1/cases/{case_id}/parties/{party_id}/reveal"}
"""The smallest body is refused for what it says, before anything else."""


def parties(**worker: Any) -> list[dict[str, Any]]:
    return [
        party_of("worker", "张来福", person_id=person("worker-zhang").id, **worker),
        party_of("employer", "某厂", person_id=person("employer-wang").id),
    ]


def amended(world: World, who: str, case_id: str, changes: dict[str, Any]) -> tuple[int, str | None]:
    match = {"If-Match": f'"{world.case(case_id).version}"'}
    (answer,) = ask(world, [(who, "PATCH", f"/v1/cases/{case_id}", {"json": changes, "headers": match})])
    return told(answer)


@pytest.mark.parametrize("who", ["worker-zhang", "employer-wang"])
def test_no_party_changes_what_was_taken_down_of_a_registered_case(world: World, who: str) -> None:
    case_id = world.create(parties=parties())["id"]

    found = [amended(world, who, case_id, changes) for changes in CORRECTIONS]

    assert found == [REFUSED] * len(CORRECTIONS)
    assert world.case(case_id).sequence == 2


def employment(world: World, case: dict[str, Any]) -> Asked:
    match = {"If-Match": f'"{world.case(case["id"]).version}"'}
    facts = {"joined_on": "2021-03-15", "avg_monthly_wage": "8512.34", "ended_how": "agreed_employer_proposed"}
    facts |= {"party_id": case["parties"][0]["id"], "place_of_performance": "330106"}
    return "worker-zhang", "PUT", f"/v1/cases/{case['id']}/employment", {"json": facts, "headers": match}


def computation(case: dict[str, Any]) -> Asked:
    claim = next(entry["id"] for entry in case["claims"] if entry["code"] == "economic_compensation")
    return (
        "worker-zhang",
        "POST",
        f"/v1/cases/{case['id']}/claims/{claim}/computation",
        {"json": {"inputs": {"n": "5"}}},
    )


def test_a_worker_replaces_neither_the_employment_nor_a_computation_of_a_registered_case(world: World) -> None:
    case = world.create(parties=parties())

    (put,) = ask(world, [employment(world, case)])
    (computed,) = ask(world, [computation(case)])

    assert [told(put), told(computed)] == [REFUSED] * 2
    assert world.case(case["id"]).sequence == 2


def test_who_is_complained_of_changes_nothing_of_a_draft(world: World) -> None:
    case = world.create(parties=parties(), submit=False)
    path, claim = f"/v1/cases/{case['id']}", case["claims"][0]
    first = {"headers": {"If-Match": '"1"'}}
    asked: list[Asked] = [
        ("employer-wang", "POST", f"{path}/claims", {"json": {"code": "overtime_pay"}}),
        ("employer-wang", "PATCH", f"{path}/claims/{claim['id']}", {**first, "json": {"amount": "1.00"}}),
        ("employer-wang", "POST", f"{path}/parties", {"json": party_of("employer", "他厂", role="co_respondent")}),
    ]

    answers = ask(world, asked)

    assert [told(answer) for answer in answers] == [REFUSED] * 3
    assert amended(world, "employer-wang", case["id"], {"summary": "申请人并无请求"}) == REFUSED


def test_who_applies_corrects_their_own_draft(world: World) -> None:
    case = world.create(parties=parties(), submit=False)
    claim = f"/v1/cases/{case['id']}/claims/{case['claims'][0]['id']}"
    change = {"headers": {"If-Match": '"1"'}, "json": {"amount": "1.00"}}

    status, _ = amended(world, "worker-zhang", case["id"], {"reason": "欠薪三个月"})
    (answer,) = ask(world, [("worker-zhang", "PATCH", claim, change)])
    (put,) = ask(world, [employment(world, case)])

    assert (status, answer.status_code, put.status_code) == (200, 200, 200)


@pytest.mark.parametrize("who", READERS)
def test_who_only_reads_is_refused_for_who_they_are_not_for_what_they_send(scene: Scene, who: str) -> None:
    """The matrix asks with an empty body, which most commands refuse before they ask who it is."""
    found = {}
    for method, path in WRITES:
        content = body_for(OPENAPI["paths"][path][method.lower()], scene.known)
        match = {"If-Match": f'"{scene.world.case(scene.case_id).version}"'}
        (answer,) = ask(scene.world, [(who, method, filled(path, **scene.known), {**content, "headers": match})])
        found[method, path] = answer.status_code

    assert len(found) >= 28
    kept = {asked: status for asked, status in found.items() if asked[1] not in NO_COMMAND | UNSURE}
    assert {asked: status for asked, status in kept.items() if status not in {403, 404}} == {}
    assert sum(status == 403 for status in kept.values()) >= 20

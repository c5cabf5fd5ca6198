"""Administrators and security officers keep the directory and its safety, and see no case: tried on every operation."""

import re
from typing import Any

import pytest
from tests.services.world import CENTRE, World, mediate

from mediation.api import examples
from mediation.api.endpoints import offered
from mediation.api.operations import Operation
from mediation.api.steps import ACTIONS
from mediation.demo.people import person
from mediation.storage import Unit
from mediation.storage.ids import new_id
from mediation.storage.json_sql import statement

OF_A_CASE = sorted(entry.id for entry in offered().values() if "{case_id}" in entry.path)
COLLECTIONS = sorted(
    entry.id
    for entry in offered().values()
    if entry.method == "GET" and not (entry.is_public or entry.by_link) and "{" not in entry.path
)
HERE: dict[str, dict[str, str]] = {"admin-qian": {}, "security-qi": {}}
"""Who has one membership and need not say which."""
_SCOPES = ("?scope=me", "?scope=organization", "?scope=below")
_QUERIES = {"list_cases": (*_SCOPES, "?scope=sent"), "list_tasks": _SCOPES, "list_reminders": _SCOPES}
NAMED = re.compile(r"\{(\w+)\}")


def make_administrator(world: World, subject: str, role: str = "admin") -> None:
    """Let somebody administer the province's federation, or keep its safety, besides whatever they are."""

    def give(unit: Unit) -> None:
        sql = (
            "insert into memberships (id, person_id, organization_id, roles, since) select :key, :id, "
            "organization_id, :roles, since from memberships where person_id = :qian"
        )
        who = {"key": new_id(), "id": person(subject).id, "qian": person("admin-qian").id, "roles": f'["{role}"]'}
        unit.execute(statement(sql), who)

    world.write(give)


def path_of(entry: Operation, case: dict[str, Any]) -> str:
    known = {"case_id": case["id"], "party_id": case["parties"][0]["id"], "claim_id": case["claims"][0]["id"]}
    return NAMED.sub(lambda match: known.get(match[1], case["id"]), entry.path)


@pytest.fixture
def case(world: World) -> dict[str, Any]:
    """A case somebody drafted, who administers since, and Zhou mediates, who keeps the safety since."""
    made = world.create()
    mediate(world, made["id"])
    make_administrator(world, "clerk-lin")
    make_administrator(world, "mediator-zhou", "security_officer")
    return made


@pytest.mark.parametrize("subject", ["admin-qian", "security-qi", "clerk-lin", "mediator-zhou"])
def test_no_operation_on_a_case_lets_an_administrator_in(world: World, case: dict[str, Any], subject: str) -> None:
    acting = HERE.get(subject, {"Mediation-Acting-As": CENTRE})
    headers = {"If-Match": f'"{world.case(case["id"]).version}"', **acting}
    before = world.counts()

    found = {}
    for name in OF_A_CASE:
        entry = offered()[name]
        content = {} if entry.body is None else {"json": examples.BODIES.get(name, {})}
        found[name] = world.send(subject, entry.method, path_of(entry, case), headers=headers, **content)

    assert len(OF_A_CASE) > 20
    assert {name: answer.status_code for name, answer in found.items() if answer.status_code not in {404, 422}} == {}
    unanswered = [name for name, answer in found.items() if answer.status_code == 422]
    assert all(offered()[name].body is not None for name in unanswered)  # an empty body is refused before the case
    assert world.counts() == before


@pytest.mark.parametrize("subject", ["admin-qian", "security-qi"])
def test_no_step_is_open_to_an_administrator(world: World, case: dict[str, Any], subject: str) -> None:
    path = f"/v1/cases/{case['id']}/steps"
    headers = {"If-Match": f'"{world.case(case["id"]).version}"'}

    codes = {
        world.send(subject, "POST", f"{path}/{action}", headers=headers, json=examples.STEPS.get(action, {})).json()[
            "code"
        ]
        for action in sorted(ACTIONS)
    }

    assert codes <= {"not_found", "invalid_input"}
    assert "not_found" in codes


@pytest.mark.parametrize("subject", ["admin-qian", "security-qi", "clerk-lin", "mediator-zhou"])
def test_no_collection_tells_an_administrator_of_a_case(world: World, case: dict[str, Any], subject: str) -> None:
    acting = HERE.get(subject, {"Mediation-Acting-As": CENTRE})
    marks = (case["id"], case["number"], "张三丰", "某机械有限公司")

    answers = {
        f"{name}{query}": world.send(subject, "GET", f"{offered()[name].path}{query}", headers=acting)
        for name in COLLECTIONS
        for query in _QUERIES.get(name, ("",))
    }

    assert {"list_cases?scope=me", "list_tasks?scope=me", "list_reminders?scope=me"} <= answers.keys()
    assert [name for name, answer in answers.items() if any(mark in answer.text for mark in marks)] == []
    assert {name: a.status_code for name, a in answers.items() if "scope" in name and a.status_code != 403} == {}


@pytest.mark.parametrize("subject", ["admin-qian", "security-qi", "clerk-lin"])
def test_an_administrator_finds_nobody_by_number_or_telephone(world: World, case: dict[str, Any], subject: str) -> None:
    acting = HERE.get(subject, {"Mediation-Acting-As": CENTRE})
    body = {"phone": "13800000000"}
    seen = world.send("supervisor-tang", "POST", "/v1/case-lookups", json=body)

    answer = world.send(subject, "POST", "/v1/case-lookups", json=body, headers=acting)

    assert case["id"] in seen.text
    assert (answer.status_code, answer.json()) == (200, {"items": []})


def test_who_stops_administering_works_on_cases_again(world: World, case: dict[str, Any]) -> None:
    acting = {"headers": {"Mediation-Acting-As": CENTRE}}
    path = f"/v1/cases/{case['id']}"
    before = world.send("clerk-lin", "GET", path, **acting).status_code

    (row,) = world.rows(
        "select id from memberships where person_id = :id and roles like '%admin%'", id=person("clerk-lin").id
    )
    ended = world.send("admin-qian", "DELETE", f"/v1/people/{person('clerk-lin').id}/memberships/{row['id']}")

    assert (before, ended.status_code) == (404, 200)
    assert world.send("clerk-lin", "GET", path).status_code == 200

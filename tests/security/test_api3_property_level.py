"""OWASP API3:2023, broken object property level authorization: fields that are not the caller's to write or to read."""

import json
from typing import Any

import pytest
from tests.security.attack import OPENAPI, ask, ask_one, operations, told
from tests.services.world import World, mediate, new_case, party_of

from mediation.demo.people import organization, person
from mediation.storage.tables import metadata

IDENTITY_NUMBER, PHONE = "11010519491231002X", "13800000000"
OURS = {
    "id": "0198a1a0-0000-7000-8000-000000000001", "version": 99,
    "number": "云调字〔2026〕1号", "state": "closed_performed",
    "stage": "closing", "is_open": False, "sequence": 1, "head": "0" * 64, "created_on": "2020-01-01",
    "procedure": "none", "roles": ["supervisor"], "organization": "other",
}  # fmt: skip


@pytest.mark.parametrize("field", OURS)
def test_what_the_service_sets_is_not_taken_when_a_case_is_written_down(sqlite_world: World, field: str) -> None:
    answer = ask_one(sqlite_world, "clerk-lin", "POST", "/v1/cases", json=new_case(**{field: OURS[field]}))

    assert told(answer) == (422, "invalid_input")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(f"/{field}", "unknown_field")]


def test_a_case_is_not_put_into_another_state_or_body_by_amending_it(world: World) -> None:
    case = world.create()
    path, version = f"/v1/cases/{case['id']}", {"If-Match": f'"{case["version"]}"'}

    changes = [{"state": "closed_performed"}, {"organization_id": organization("linjiang-centre").id}, {"version": 9}]
    answers = ask(world, [("clerk-lin", "PATCH", path, {"headers": version, "json": change}) for change in changes])

    assert [told(answer) for answer in answers] == [(422, "invalid_input")] * 3
    assert world.case(case["id"]).version == case["version"]


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("/v1/people/{person}", {"subject": "admin-qian"}),
        ("/v1/people/{person}", {"roles": ["admin"]}),
        ("/v1/people/{person}", {"memberships": [{"roles": ["admin"]}]}),
        ("/v1/organizations/{organization}", {"kind": "city_federation"}),
    ],
)
def test_nobody_raises_themselves_by_a_field_that_is_not_offered(
    world: World, path: str, changes: dict[str, Any]
) -> None:
    where = path.format(person=person("supervisor-tang").id, organization=organization("yunxi-union").id)

    answer = ask_one(world, "admin-qian", "PATCH", where, headers={"If-Match": '"1"'}, json=changes)

    assert told(answer) == (422, "invalid_input")


def test_a_child_of_a_case_is_not_moved_to_another_case(world: World) -> None:
    mine, other = world.create(), world.create()
    path = f"/v1/cases/{mine['id']}/parties/{mine['parties'][0]['id']}"

    answer = ask_one(world, "clerk-lin", "PATCH", path, headers={"If-Match": '"1"'}, json={"case_id": other["id"]})

    assert told(answer) == (422, "invalid_input")


def objects(schema: Any, seen: set[str]) -> list[tuple[str, dict[str, Any]]]:
    """Every object a body may hold, by the name of its schema."""
    found = []
    if isinstance(schema, dict):
        name = schema.get("$ref", "").rsplit("/", 1)[-1]
        if name and name not in seen:
            seen.add(name)
            entry = OPENAPI["components"]["schemas"][name]
            found += [(name, entry)] if entry.get("properties") else []
            found += objects(entry, seen)
        for value in schema.values():
            found += objects(value, seen)
    elif isinstance(schema, list):
        for value in schema:
            found += objects(value, seen)
    return found


IGNORES = {"TokenIn"}
"""A token endpoint passes over what it does not know (RFC 6749, section 3.2); nothing is made of it."""


def test_no_body_takes_a_field_it_does_not_name() -> None:
    seen: set[str] = set()
    bodies = [entry for *_, described in operations() for entry in objects(described.get("requestBody"), seen)]

    assert len(bodies) > 200
    assert {name for name, schema in bodies if schema.get("additionalProperties") is not False} <= IGNORES


def answers_about_a_case(world: World) -> dict[str, str]:
    """Everything a clerk is told of a case, by path."""
    case = world.create(parties=[party_of("worker", "张三丰"), party_of("employer", "某公司")])
    mediate(world, case["id"])
    base = f"/v1/cases/{case['id']}"
    paths = [f"{base}{tail}" for tail in ("", "/steps", "/deadlines", "/history", "/history/export", "/limitation")]
    paths += ["/v1/cases", "/v1/tasks", "/v1/reminders", "/v1/people", "/v1/me"]
    answers = ask(world, [("clerk-lin", "GET", path, {}) for path in paths])
    assert {answer.status_code for answer in answers} == {200}
    return {path.removeprefix(base): answer.text for path, answer in zip(paths, answers, strict=True)}


def test_no_answer_holds_an_identity_number_or_a_telephone_number_in_full(world: World) -> None:
    found = answers_about_a_case(world)

    assert {path for path, text in found.items() if IDENTITY_NUMBER in text or PHONE in text} == set()


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for entry in value.values() for name in keys(entry)}
    return {name for entry in value for name in keys(entry)} if isinstance(value, list) else set()


INSIDE = {
    column.name
    for table in ("subject_keys", "idempotency", "rate_limits")
    for column in metadata.tables[table].columns
} - {"id", "case_id", "created_at", "key", "status", "used"}  # fmt: skip


def test_no_answer_holds_what_only_the_service_needs(world: World) -> None:
    found = answers_about_a_case(world)

    assert len(INSIDE) > 5
    assert {path: keys(json.loads(text)) & INSIDE for path, text in found.items()} == {path: set() for path in found}


def test_an_alarm_names_no_address_and_no_token(world: World) -> None:
    attack = [(None, "GET", "/v1/me", {"headers": {"Authorization": "Bearer secret-guess"}})] * 3

    ask(world, attack, address="198.51.100.77", rate_failed_sign_ins=2)

    (alarm,) = ask_one(world, "security-qi", "GET", "/v1/alarms").json()["items"]
    assert "198.51.100.77" not in json.dumps(alarm)
    assert "secret-guess" not in json.dumps(alarm)
    assert alarm["network"] == "198.51.100.0/24"

"""OWASP API5:2023, broken function level authorization: who keeps the directory, the calendar and the watch."""

import json
from typing import Any

import pytest
from tests.security.attack import ask, ask_one, operations, told
from tests.services.test_statements import NOTICE
from tests.services.world import CENTRE, World

from mediation.demo.people import organization, person

ROLES = {
    "clerk-lin": "clerk",
    "mediator-zhou": "mediator",
    "volunteer-he": "volunteer",
    "officer-xu": "union_officer",
    "supervisor-tang": "supervisor of a union",
    "supervisor-cao": "supervisor of a commission",
    "court-gao": "court_liaison",
    "arbitration-shen": "arbitration_liaison",
    "inspection-luo": "inspection_liaison",
    "admin-qian": "admin",
    "security-qi": "security_officer",
    "auditor-feng": "auditor",
    "worker-zhang": "a party, of no body",
}
HE, ZHOU = person("volunteer-he").id, person("mediator-zhou").id
FIRST = {"If-Match": '"1"'}
ADMIN_OPERATIONS: dict[str, tuple[str, str, dict[str, Any], set[str]]] = {
    "create_organization": (
        "POST", "/v1/organizations",
        {"json": {"parent_id": CENTRE, "kind": "township_org", "name": "新站", "short_name": "新"}}, {"admin-qian"},
    ),
    "amend_organization": (
        "PATCH", f"/v1/organizations/{CENTRE}", {"headers": FIRST, "json": {"name": "调解中心"}}, {"admin-qian"},
    ),
    "move_organization": (
        "PATCH", f"/v1/organizations/{CENTRE}",
        {"headers": FIRST, "json": {"parent_id": organization("linjiang-union").id}}, {"admin-qian"},
    ),
    "list_organization_moves": ("GET", f"/v1/organizations/{CENTRE}/moves", {}, {"admin-qian", "supervisor-tang"}),
    "create_person": (
        "POST", "/v1/people", {"json": {"subject": "new-{who}", "name": "新人"}}, {"admin-qian", "supervisor-tang"},
    ),
    "amend_person": (
        "PATCH", f"/v1/people/{ZHOU}", {"headers": FIRST, "json": {"name": "周牧"}}, {"admin-qian", "supervisor-tang"},
    ),
    "add_membership": (
        "POST", f"/v1/people/{HE}/memberships", {"json": {"organization_id": CENTRE, "roles": ["clerk"]}},
        {"admin-qian", "supervisor-tang"},
    ),
    "load_notice": ("POST", "/v1/calendars", {"json": NOTICE}, {"admin-qian"}),
    "close_account": (
        "PATCH", f"/v1/people/{ZHOU}", {"headers": FIRST, "json": {"is_active": False}},
        {"admin-qian", "security-qi", "supervisor-tang"},
    ),
    "list_clients": ("GET", f"/v1/clients?organization_id={CENTRE}", {}, {"admin-qian", "security-qi"}),
    "list_break_glass": (
        "GET", "/v1/break-glass", {},
        {"security-qi", "auditor-feng", "supervisor-tang", "supervisor-cao"},
    ),
    "list_readings": ("GET", "/v1/access-log", {}, {"auditor-feng", "supervisor-tang", "supervisor-cao"}),
    "list_alarms": ("GET", "/v1/alarms", {}, {"security-qi", "auditor-feng"}),
}  # fmt: skip


@pytest.mark.parametrize("operation", ADMIN_OPERATIONS)
def test_what_is_for_those_who_keep_or_watch_is_for_nobody_else(world: World, operation: str) -> None:
    method, path, content, allowed = ADMIN_OPERATIONS[operation]

    found = {}
    for who in [who for who in ROLES if who not in allowed] + sorted(allowed):
        given = json.loads(json.dumps(content).replace("{who}", who))
        found[who] = ask_one(world, who, method, path, **given).status_code

    assert {who for who, status in found.items() if status < 300 or status == 412} == allowed
    assert {status for who, status in found.items() if who not in allowed} <= {403, 404}


@pytest.mark.parametrize("roles", [["admin"], ["supervisor"], ["auditor"], ["clerk", "admin"]])
def test_a_supervisor_makes_nobody_one_who_watches_over_others(world: World, roles: list[str]) -> None:
    body = {"organization_id": CENTRE, "roles": roles}

    answer = ask_one(world, "supervisor-tang", "POST", f"/v1/people/{HE}/memberships", json=body)

    assert told(answer) == (403, "not_permitted")


def test_nobody_gives_themselves_a_role(world: World) -> None:
    path = f"/v1/people/{person('supervisor-tang').id}/memberships"

    answer = ask_one(world, "supervisor-tang", "POST", path, json={"organization_id": CENTRE, "roles": ["clerk"]})

    assert told(answer) == (403, "not_permitted")


def test_a_supervisor_keeps_no_account_of_another_part_of_the_tree(world: World) -> None:
    fang = person("clerk-fang").id

    answers = ask(
        world,
        [
            ("supervisor-tang", "PATCH", f"/v1/people/{fang}", {"headers": FIRST, "json": {"is_active": False}}),
            ("supervisor-tang", "POST", f"/v1/people/{HE}/memberships",
             {"json": {"organization_id": organization("linjiang-centre").id, "roles": ["clerk"]}}),
        ],
    )  # fmt: skip

    assert {answer.status_code for answer in answers} == {403}


def test_no_header_makes_somebody_act_for_a_body_that_is_not_theirs(world: World) -> None:
    headers = {"Mediation-Acting-As": organization("province-union").id, "X-Roles": "admin", "X-HTTP-Method": "GET"}

    answer = ask_one(world, "clerk-lin", "GET", "/v1/alarms", headers=headers)

    assert told(answer) == (403, "membership_required")


def test_a_method_is_what_it_is_whatever_a_header_says(world: World) -> None:
    body: dict[str, Any] = {"json": {"is_active": False}, "headers": {**FIRST, "X-HTTP-Method-Override": "PATCH"}}

    answer = ask_one(world, "admin-qian", "POST", f"/v1/people/{HE}", **body)

    assert told(answer) == (405, "method_not_allowed")


def test_the_alarms_of_a_body_are_read_there_and_above_and_nowhere_else(world: World) -> None:
    ask(world, [("clerk-fang", "GET", f"/v1/cases/{CENTRE}", {})] * 4, alarm_unknown_cases=2)
    (body,) = world.rows("select organization_id from alarms")

    world.write(lambda unit: unit.connection.exec_driver_sql("update memberships set roles = '[\"auditor\"]'"))
    found = {
        who: [alarm["kind"] for alarm in world.send(who, "GET", "/v1/alarms").json()["items"]]
        for who in ("supervisor-meng", "auditor-feng", "supervisor-tang")
    }

    assert body["organization_id"] == organization("linjiang-centre").id
    assert found == {"supervisor-meng": ["unknown_cases"], "auditor-feng": ["unknown_cases"], "supervisor-tang": []}


def test_alarms_come_in_pages_newest_first(world: World) -> None:
    for who in ("clerk-fang", "clerk-lin", "clerk-mu"):
        ask(world, [(who, "GET", f"/v1/cases/{CENTRE}", {})] * 2, alarm_unknown_cases=1)

    first = world.send("security-qi", "GET", "/v1/alarms?limit=2").json()
    second = world.send("security-qi", "GET", first["next"]).json()

    people = [alarm["person_id"] for alarm in first["items"] + second["items"]]
    assert people == [person(who).id for who in ("clerk-mu", "clerk-lin", "clerk-fang")]
    assert second["next"] is None


def test_every_operation_is_for_somebody_signed_in_but_those_that_say_nothing_of_anybody() -> None:
    public = {described["operationId"] for *_, described in operations() if not described["security"]}

    assert {name for name in public if not name.startswith(("list_", "read_"))} == {"grant_token", "live", "ready"}
    assert {"list_people", "list_cases", "read_case", "list_alarms", "read_me"} & public == set()

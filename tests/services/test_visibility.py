"""Who sees which case, and what they may do with what they see."""

from typing import Any

import pytest
from tests.services.world import TRIAGE, World, attested, mediate, new_case, party_ids, party_of, triage

from mediation.demo.people import organization, person
from mediation.storage import Unit


def status(world: World, subject: str, case: dict[str, Any]) -> int:
    return world.send(subject, "GET", f"/v1/cases/{case['id']}").status_code


def code(world: World, subject: str, method: str, path: str, **content: Any) -> tuple[int, str | None]:
    answer = world.send(subject, method, path, **content)
    return answer.status_code, answer.json().get("code")


def listed(world: World, subject: str, scope: str) -> list[str]:
    answer = world.send(subject, "GET", f"/v1/cases?scope={scope}")
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def take(world: World, subject: str, case: dict[str, Any], action: str, **given: Any) -> tuple[int, str | None]:
    headers = {"If-Match": f'"{world.case(case["id"]).version}"'}
    body = {"attestations": attested(action), **given}
    path = f"/v1/cases/{case['id']}/steps/{action}"
    return code(world, subject, "POST", path, headers=headers, json=body)


SEE_A_CASE_OF_THE_CENTRE = {
    "clerk-lin": 200,  # the body that handles it
    "supervisor-tang": 200,  # the union above
    "officer-xu": 200,
    "supervisor-yan": 200,  # two above
    "officer-cen": 200,
    "auditor-feng": 200,
    "mediator-zhou": 404,  # of the body, but not assigned
    "volunteer-he": 404,
    "clerk-fang": 404,  # another district
    "supervisor-meng": 404,
    "officer-yu": 404,  # a body beside it
    "admin-qian": 404,  # keeps the directory, not the cases
    "court-gao": 404,  # not sent to it
    "arbitration-shen": 404,
    "inspection-luo": 404,
    "worker-zhang": 404,  # no party
}


def test_a_case_is_seen_by_its_body_and_those_above_and_by_nobody_else(world: World) -> None:
    case = world.create()

    found = {subject: status(world, subject, case) for subject in SEE_A_CASE_OF_THE_CENTRE}

    assert found == SEE_A_CASE_OF_THE_CENTRE


@pytest.mark.parametrize(
    ("method", "tail", "content"),
    [
        ("GET", "", {}),
        ("GET", "/steps", {}),
        ("GET", "/deadlines", {}),
        ("GET", "/history", {}),
        ("GET", "/history/verification", {}),
        ("PATCH", "", {"headers": {"If-Match": '"2"'}, "json": {"urgent": True}}),
        ("POST", "/parties", {"json": party_of("worker", "李四", role="co_applicant")}),
        ("POST", "/claims", {"json": {"code": "overtime_pay"}}),
        ("POST", "/assignments", {"json": {"person_id": person("volunteer-he").id, "role": "volunteer"}}),
        ("POST", "/steps/triage_ok", {"headers": {"If-Match": '"2"'}, "json": TRIAGE}),
        ("POST", "/steps/triage_ok?dry_run=true", {"json": TRIAGE}),
    ],
)
def test_a_case_one_may_not_see_is_not_told_from_one_that_is_not_there(
    world: World, method: str, tail: str, content: dict[str, Any]
) -> None:
    case = world.create()
    unknown = "0198a1a0-0000-7000-8000-000000000000"

    answers = [code(world, "clerk-fang", method, f"/v1/cases/{key}{tail}", **content) for key in (case["id"], unknown)]

    assert answers == [(404, "not_found")] * 2


def test_a_step_that_is_never_theirs_is_forbidden_to_those_who_see_the_case(world: World) -> None:
    case = world.create()

    found = {who: take(world, who, case, "triage_ok", **TRIAGE) for who in ("auditor-feng", "supervisor-tang")}

    assert found == dict.fromkeys(found, (403, "not_permitted"))


def test_those_who_only_look_on_change_nothing(world: World) -> None:
    case = world.create()
    path = f"/v1/cases/{case['id']}"
    changes: list[tuple[str, str, dict[str, Any]]] = [
        ("PATCH", path, {"headers": {"If-Match": '"2"'}, "json": {"urgent": True}}),
        ("POST", f"{path}/assignments", {"json": {"person_id": person("volunteer-he").id, "role": "volunteer"}}),
        (
            "PATCH",
            f"{path}/parties/{case['parties'][0]['id']}",
            {"headers": {"If-Match": '"1"'}, "json": {"name": "改名"}},
        ),
    ]

    found = [code(world, "auditor-feng", method, where, **content) for method, where, content in changes]

    assert found == [(403, "not_permitted")] * len(changes)


def test_a_mediator_sees_a_case_from_the_assignment_on_until_it_ends(world: World) -> None:
    case = world.create()
    before = status(world, "mediator-zhou", case)
    mediate(world, case["id"])
    assigned = status(world, "mediator-zhou", case), listed(world, "mediator-zhou", "me")

    world.take(case["id"], "replace_mediator", mediator=person("mediator-chen").id, reason="unavailable")

    assert before == 404
    assert assigned == (200, [case["id"]])
    assert status(world, "mediator-chen", case) == 200
    assert status(world, "mediator-zhou", case) == 404
    assert listed(world, "mediator-zhou", "me") == []


def test_a_mediator_acts_only_in_cases_that_are_theirs(world: World) -> None:
    case = world.create()
    mediate(world, case["id"], "mediator-zhou")

    session: dict[str, Any] = {
        "session_on": f"{world.today}T14:00:00+08:00", "mode": "phone", "present": list(party_ids(case)),
        "record": {"reference": "调解笔录"},
    }  # fmt: skip

    found = {
        who: take(world, who, case, "hold_further_session", **session)
        for who in ("mediator-chen", "clerk-lin", "mediator-zhou")
    }

    assert found == {
        "mediator-chen": (404, "not_found"),
        "clerk-lin": (403, "not_permitted"),
        "mediator-zhou": (200, None),
    }


def test_a_volunteer_sees_a_case_while_they_have_a_part_in_it(world: World) -> None:
    case = world.create()
    path = f"/v1/cases/{case['id']}/assignments"
    body = {"person_id": person("volunteer-he").id, "role": "volunteer"}

    made = world.send("clerk-lin", "POST", path, json=body)
    during = status(world, "volunteer-he", case)
    ended = world.send("clerk-lin", "DELETE", f"{path}/{made.json()['id']}")

    assert (made.status_code, during, ended.status_code) == (201, 200, 200)
    assert status(world, "volunteer-he", case) == 404


def test_who_has_two_parts_keeps_the_case_when_one_ends(world: World) -> None:
    case = world.create()
    path = f"/v1/cases/{case['id']}/assignments"
    bodies = [{"person_id": person("volunteer-he").id, "role": role} for role in ("volunteer", "agent")]
    first, _ = (world.send("clerk-lin", "POST", path, json=body).json() for body in bodies)

    world.send("clerk-lin", "DELETE", f"{path}/{first['id']}")

    assert status(world, "volunteer-he", case) == 200


def test_a_worker_who_writes_a_case_down_is_its_applicant_and_sees_it(world: World) -> None:
    own = party_of("worker", "张来福", person_id=person("worker-zhang").id)
    body = new_case(organization_id=organization("yunxi-centre").id, parties=[own, party_of("employer", "某厂")])

    made = world.send("worker-zhang", "POST", "/v1/cases", json=body)

    assert made.status_code == 201, made.text
    assert made.json()["roles"] == ["worker_side"]
    assert listed(world, "worker-zhang", "me") == [made.json()["id"]]
    assert status(world, "worker-tian", made.json()) == 404
    assert status(world, "clerk-lin", made.json()) == 200


def test_a_liaison_sees_a_case_from_the_day_it_was_sent(world: World) -> None:
    case = world.create()
    triage(world, case["id"], route_wanted="court")
    before = status(world, "court-gao", case)

    world.take(
        case["id"], "request_court_mediation", court=organization("yunxi-court").id, applied_on=str(world.today),
        online=False, court_route_basis="advisory_no_arbitration_yet",
    )  # fmt: skip

    assert before == 404
    assert {who: status(world, who, case) for who in ("court-gao", "court-ding", "court-hou", "arbitration-shen")} == {
        "court-gao": 200, "court-ding": 404, "court-hou": 404, "arbitration-shen": 404,
    }  # fmt: skip
    assert listed(world, "court-gao", "sent") == [case["id"]]


def test_a_case_moved_to_another_body_is_seen_there_and_above(world: World) -> None:
    case = world.create()
    triage(world, case["id"])

    world.take(case["id"], "reassign_organization", organization=organization("linjiang-centre").id, why="管辖")

    assert {who: status(world, who, case) for who in ("clerk-fang", "supervisor-meng", "supervisor-yan")} == {
        "clerk-fang": 200, "supervisor-meng": 200, "supervisor-yan": 200,
    }  # fmt: skip
    assert listed(world, "supervisor-meng", "below") == [case["id"]]
    assert {who: status(world, who, case) for who in ("clerk-lin", "supervisor-tang")} == {
        "clerk-lin": 404, "supervisor-tang": 404,
    }  # fmt: skip
    assert listed(world, "clerk-lin", "me") == []


def test_who_has_a_part_in_a_case_keeps_it_where_it_moves_to(world: World) -> None:
    case = world.create()
    path = f"/v1/cases/{case['id']}/assignments"
    world.send("clerk-lin", "POST", path, json={"person_id": person("volunteer-he").id, "role": "volunteer"})
    triage(world, case["id"])

    world.take(case["id"], "reassign_organization", organization=organization("linjiang-centre").id, why="管辖")

    assert status(world, "volunteer-he", case) == 200


def test_each_scope_lists_what_lies_in_it(world: World) -> None:
    mine, theirs = world.create(), world.create("clerk-fang")

    found = {
        (who, scope): sorted(listed(world, who, scope))
        for who, scope in [
            ("clerk-lin", "organization"), ("clerk-lin", "me"), ("clerk-fang", "organization"),
            ("supervisor-tang", "below"), ("supervisor-tang", "organization"), ("supervisor-yan", "below"),
            ("mediator-zhou", "me"), ("worker-zhang", "me"), ("court-gao", "sent"),
        ]
    }  # fmt: skip

    assert found == {
        ("clerk-lin", "organization"): [mine["id"]],
        ("clerk-lin", "me"): [mine["id"]],
        ("clerk-fang", "organization"): [theirs["id"]],
        ("supervisor-tang", "below"): [mine["id"]],
        ("supervisor-tang", "organization"): [],
        ("supervisor-yan", "below"): sorted([mine["id"], theirs["id"]]),
        ("mediator-zhou", "me"): [],
        ("worker-zhang", "me"): [],
        ("court-gao", "sent"): [],
    }


@pytest.mark.parametrize(
    ("subject", "scope"),
    [
        ("clerk-lin", "below"),
        ("mediator-zhou", "organization"),
        ("worker-zhang", "organization"),
        ("admin-qian", "below"),
    ],
)
def test_a_scope_that_is_not_ones_own_is_forbidden(world: World, subject: str, scope: str) -> None:
    world.create()

    assert code(world, subject, "GET", f"/v1/cases?scope={scope}") == (403, "not_permitted")


def set_active(world: World, subject: str, *, active: bool) -> None:
    row = world.rows("select version from people where subject = :s", s=subject)[0]
    answer = world.send(
        "supervisor-tang", "PATCH", f"/v1/people/{person(subject).id}",
        headers={"If-Match": f'"{row["version"]}"'}, json={"is_active": active},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text


def test_a_deactivated_account_is_refused_at_once_and_comes_back(world: World) -> None:
    case = world.create()
    paths = ["/v1/me", "/v1/cases?scope=me", f"/v1/cases/{case['id']}", f"/v1/cases/{case['id']}/history"]

    set_active(world, "clerk-lin", active=False)
    refused = [code(world, "clerk-lin", "GET", path) for path in paths]
    refused.append(code(world, "clerk-lin", "POST", "/v1/cases", json=new_case()))
    refused.append(take(world, "clerk-lin", case, "triage_ok", **TRIAGE))
    set_active(world, "clerk-lin", active=True)

    assert refused == [(403, "person_unknown")] * 6
    assert status(world, "clerk-lin", case) == 200


def test_an_ended_membership_ends_what_it_let_one_see(world: World) -> None:
    case = world.create("clerk-mu")
    (row,) = world.rows("select id from memberships where person_id = :id", id=person("clerk-mu").id)
    path = f"/v1/people/{person('clerk-mu').id}/memberships/{row['id']}"

    ended = world.send("supervisor-tang", "DELETE", path)

    assert ended.status_code == 200
    assert take(world, "clerk-mu", case, "triage_ok", **TRIAGE) in {(403, "not_permitted"), (404, "not_found")}
    assert code(world, "clerk-mu", "GET", "/v1/cases?scope=organization") == (403, "not_permitted")


def test_an_unknown_subject_with_a_good_token_is_refused(world: World) -> None:
    assert code(world, "nobody", "GET", "/v1/me") == (403, "person_unknown")


def test_who_belongs_to_two_bodies_says_for_which_they_act(world: World) -> None:
    street, studio = organization("qiaotou-street").id, organization("qiaotou-studio").id
    chosen = {"headers": {"Mediation-Acting-As": street}}

    unsaid = code(world, "clerk-song", "POST", "/v1/cases", json=new_case())
    made = world.send("clerk-song", "POST", "/v1/cases", json=new_case(), **chosen)
    path = f"/v1/cases/{made.json()['id']}"
    read = code(world, "clerk-song", "GET", path, **chosen)
    other = code(world, "clerk-song", "GET", "/v1/cases", headers={"Mediation-Acting-As": studio})
    stranger = code(world, "clerk-song", "GET", path, headers={"Mediation-Acting-As": organization("yunxi-centre").id})

    assert unsaid == (403, "membership_required")
    assert made.json()["organization_id"] == street
    assert read == (200, None)
    assert other[0] == 200
    assert stranger == (403, "membership_required")


def test_a_party_is_not_told_of_parts_of_others(world: World) -> None:
    case = world.create()
    people = world.send("worker-zhang", "GET", "/v1/people")

    assert people.status_code == 403
    assert code(world, "worker-zhang", "GET", f"/v1/people/{person('clerk-lin').id}") == (404, "not_found")
    assert status(world, "worker-zhang", case) == 404


def test_nobody_sees_a_case_without_a_scope_of_it(world: World) -> None:
    case = world.create()

    def drop(unit: Unit) -> None:
        unit.connection.exec_driver_sql("delete from case_scope")

    world.write(drop)

    assert {who: status(world, who, case) for who in ("clerk-lin", "supervisor-tang")} == {
        "clerk-lin": 404, "supervisor-tang": 404,
    }  # fmt: skip

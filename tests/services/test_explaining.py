"""Why somebody may: what they are to a case, by which rule, and what follows from it."""

from typing import Any

import pytest
from tests.services.world import World, mediate, party_of

from mediation.demo.people import person


def explain(world: World, who: str, case: dict[str, Any], **asked: str) -> tuple[int, dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in {"case_id": case["id"], **asked}.items())
    answer = world.send(who, "GET", f"/v1/access/explain?{query}")
    return answer.status_code, answer.json()


def test_one_is_told_ones_own_roles_ceiling_and_open_steps(world: World) -> None:
    case = world.create()

    _, found = explain(world, "clerk-lin", case)

    (own,) = found["relations"]
    assert [(one["role"], one["ceiling"]) for one in own["roles"]] == [("clerk", "confidential")]
    assert own["withheld"] == []
    opened = {step["action"] for step in own["steps"]}
    steps = world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}/steps").json()["open_steps"]
    assert opened == {step["action"] for step in steps}


def test_a_supervisor_asks_what_a_person_or_a_role_may(world: World) -> None:
    case = world.create()
    mediate(world, case["id"], "mediator-zhou")

    _, assigned = explain(world, "supervisor-tang", case, person_id=person("mediator-zhou").id)
    _, stranger = explain(world, "supervisor-tang", case, person_id=person("mediator-chen").id)
    _, admin = explain(world, "supervisor-tang", case, person_id=person("admin-qian").id)
    _, role = explain(world, "auditor-feng", case, role="court_liaison")

    assert [one["role"] for one in assigned["relations"][0]["roles"]] == ["mediator"]
    assert "hold_further_session" in {step["action"] for step in assigned["relations"][0]["steps"]}
    assert (stranger["sees_the_case"], admin["sees_the_case"]) == (False, False)
    assert role["relations"][0]["from_dispatch"] is True


@pytest.mark.parametrize(
    ("who", "asked", "status"),
    [
        ("clerk-fang", {}, 404),
        ("clerk-fang", {"role": "clerk"}, 404),
        ("clerk-lin", {"role": "supervisor"}, 403),
        ("clerk-lin", {"person_id": person("clerk-lin").id}, 200),
        ("supervisor-tang", {"person_id": "0198a1a0-0000-7000-8000-000000000000"}, 404),
        ("supervisor-tang", {"person_id": person("clerk-lin").id, "role": "clerk"}, 422),
    ],
)
def test_others_are_explained_to_supervisors_and_auditors_of_the_case(
    world: World, who: str, asked: dict[str, str], status: int
) -> None:
    assert explain(world, who, world.create(), **asked)[0] == status


def test_a_deactivated_account_sees_nothing(world: World) -> None:
    case = world.create()
    row = world.rows("select version from people where subject = 'clerk-lin'")[0]
    world.send(
        "supervisor-tang", "PATCH", f"/v1/people/{person('clerk-lin').id}",
        headers={"If-Match": f'"{row["version"]}"'}, json={"is_active": False},
    )  # fmt: skip

    _, found = explain(world, "supervisor-tang", case, person_id=person("clerk-lin").id)

    assert found["relations"] == []


def test_what_one_may_write_beside_steps_is_told_too(world: World) -> None:
    parties = [
        party_of("worker", "张来福", person_id=person("worker-zhang").id),
        party_of("employer", "某厂", person_id=person("employer-wang").id),
    ]
    case = world.create(parties=parties)

    own = {who: explain(world, who, case)[1]["relations"][0]["writes"] for who in ("clerk-lin", "officer-xu")}
    asked = {
        role: explain(world, "auditor-feng", case, role=role)[1]["relations"][0]["writes"]
        for role in ("union_officer", "worker_side", "auditor")
    }
    (zhang,) = explain(world, "supervisor-tang", case, person_id=person("worker-zhang").id)[1]["relations"]

    assert "amend_case" in own["clerk-lin"]
    assert own["officer-xu"] == []
    assert "amend_case" in asked["union_officer"]
    assert asked["auditor"] == []
    assert zhang["writes"] == asked["worker_side"]
    assert set(zhang["writes"]) == {
        "amend_party", "record_consent", "withdraw_consent", "receive_data_request", "export_data",
    }  # fmt: skip

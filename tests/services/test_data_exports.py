"""Everything held about a person, for the person: in clear, with a trace, and nothing that was said in mediation."""

from typing import Any

import httpx
import pytest
from tests.services.world import World, accept, party_ids, party_of

from mediation.demo.people import person

PHONE, RESIDENT_ID = "13800000000", "11010519491231002X"


def export(world: World, case: dict[str, Any], who: str = "clerk-lin", party: str | None = None) -> httpx.Response:
    path = f"/v1/cases/{case['id']}/parties/{party or party_ids(case)[0]}/data-export"
    return world.send(who, "GET", path)


def case_of_zhang(world: World) -> dict[str, Any]:
    worker = party_of("worker", "张来福", person_id=person("worker-zhang").id, phone=PHONE, resident_id=RESIDENT_ID)
    employer = party_of("employer", "某厂", person_id=person("employer-wang").id)
    claims = [{"code": "unpaid_wages", "amount": "9000.00", "basis": "三个月未付"}]
    return world.create(parties=[worker, employer], claims=claims)


def logged(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.send("auditor-feng", "GET", "/v1/access-log").json()["items"]
    return [entry for entry in found if entry["operation"] == "export_data"]


def test_a_person_is_given_everything_held_about_them(world: World) -> None:
    case = case_of_zhang(world)
    path, worker = f"/v1/cases/{case['id']}", party_ids(case)[0]
    match = {"If-Match": f'"{case["version"]}"'}
    employed = {"party_id": worker, "joined_on": "2024-01-01", "monthly_wage": "6000.00"}
    world.send("clerk-lin", "PUT", f"{path}/employment", json=employed, headers=match)
    claim = case["claims"][0]["id"]
    computed = {"party_id": worker, "inputs": {"months": "2"}}
    made = world.send("clerk-lin", "POST", f"{path}/claims/{claim}/computation", json=computed)
    consent = {"party_id": worker, "purpose": "sharing", "kinds": ["identity"], "form": "written"}
    world.send("clerk-lin", "POST", f"{path}/consents", json={**consent, "given_on": "2026-06-15"})

    found = export(world, case, "worker-zhang").json()

    assert made.status_code < 300, made.text
    assert (found["identity"]["phone"], found["identity"]["resident_id"]) == (PHONE, RESIDENT_ID)
    assert (found["party"]["name"], found["case_id"], found["made_on"]) == ("张来福", case["id"], str(world.today))
    assert found["employment"]["monthly_wage"] == "6000.00"
    assert [entry["basis"] for entry in found["claims"]] == ["三个月未付"]
    assert [entry["claim_id"] for entry in found["computations"]] == [claim]
    assert found["computations"][0]["data"] is not None
    assert [entry["purpose"] for entry in found["consents"]] == ["sharing"]
    assert found["sharing_records"] == []


def test_each_export_is_kept_in_the_access_log_with_its_purpose(world: World) -> None:
    case = case_of_zhang(world)

    export(world, case)
    export(world, case, "worker-zhang")

    entries = logged(world)
    assert [entry["person_id"] for entry in entries] == [person("worker-zhang").id, person("clerk-lin").id]
    assert {(e["case_id"], e["party_id"], e["purpose"]) for e in entries} == {
        (case["id"], party_ids(case)[0], "request_of_person")
    }


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk-lin", 200), ("worker-zhang", 200), ("employer-wang", 403), ("supervisor-tang", 403),
        ("auditor-feng", 403), ("admin-qian", 404), ("court-gao", 404), ("worker-tian", 404),
    ],
)  # fmt: skip
def test_an_export_is_for_who_works_on_the_case_and_the_person_alone(world: World, who: str, status: int) -> None:
    case = case_of_zhang(world)

    answer = export(world, case, who)

    assert answer.status_code == status, answer.text
    assert (PHONE in answer.text) is (status == 200)
    assert len(logged(world)) == (1 if status == 200 else 0)


def test_a_body_has_nothing_to_export_and_an_unknown_party_is_not_found(world: World) -> None:
    case = case_of_zhang(world)

    body, unknown = export(world, case, party=party_ids(case)[1]), export(world, case, party=case["id"])

    assert (body.status_code, unknown.status_code) == (409, 404)


def test_what_was_said_in_mediation_is_not_among_it(world: World) -> None:
    case = case_of_zhang(world)
    accept(world, case["id"])
    offer = {"kind": "offer", "made_by": party_ids(case)[0], "made_on": "2026-06-15", "text": "愿让步到五千"}
    said = world.send("clerk-lin", "POST", f"/v1/cases/{case['id']}/offers", json={**offer, "amount": "5000.00"})

    answer = export(world, case)

    assert said.status_code == 201, said.text
    assert "让步" not in answer.text
    assert "5000.00" not in answer.text


def test_the_other_sides_person_is_not_in_it(world: World) -> None:
    third = party_of("worker", "李四", role="co_applicant", phone="13900000000")
    case = world.create(parties=[party_of("worker", "张三丰"), third, party_of("employer", "某公司")])
    one = next(party["id"] for party in case["parties"] if party["name"] == "张三丰")

    answer = export(world, case, party=one)

    assert answer.status_code == 200
    assert "李四" not in answer.text
    assert "13900000000" not in answer.text

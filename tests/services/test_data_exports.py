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


def link_of(world: World, case: dict[str, Any], party: str) -> dict[str, Any]:
    path = f"/v1/cases/{case['id']}/parties/{party}/access-links"
    made = world.send("clerk-lin", "POST", path, json={"expires_on": world.today.isoformat()}).json()
    return {"headers": {"Authorization": f"Bearer {made['token']}"}}


def people() -> list[dict[str, Any]]:
    """A worker and a natural person who employs."""
    worker = party_of("worker", "张来福", person_id=person("worker-zhang").id, phone=PHONE)
    employer = party_of("individual_employer", "包工头老王", person_id=person("employer-wang").id, phone="13900000000")
    return [worker, employer]


def two_people(world: World) -> tuple[dict[str, Any], str, str]:
    """A case of a worker against a natural person who employs, both told of in every way."""
    case = world.create(parties=people())
    ids = {party["name"]: party["id"] for party in case["parties"]}
    return case, ids["张来福"], ids["包工头老王"]


def reveal(world: World, case: dict[str, Any], party: str, reason: str) -> None:
    asked = {"fields": ["phone"], "purpose": "service_of_documents", "reason": reason}
    found = world.send("clerk-lin", "POST", f"/v1/cases/{case['id']}/parties/{party}/reveal", json=asked)
    assert found.status_code == 200, found.text


def test_history_is_given_as_far_as_it_speaks_of_the_person(world: World) -> None:
    case, worker, employer = two_people(world)
    path = f"/v1/cases/{case['id']}/parties"
    world.send("clerk-lin", "PATCH", f"{path}/{worker}", json={"name": "张来富"}, headers={"If-Match": '"1"'})
    world.send("clerk-lin", "PATCH", f"{path}/{employer}", json={"name": "老王甲"}, headers={"If-Match": '"1"'})
    reveal(world, case, worker, "送达给张来富")
    reveal(world, case, employer, "送达给对方")

    told = export(world, case, "worker-zhang", worker).json()["history"]

    (amended,) = [entry for entry in told if entry["action"] == "amend_party"]
    (revealed,) = [entry for entry in told if entry["action"] == "reveal"]
    assert (amended["changes"][0]["before"]["name"], amended["changes"][0]["after"]["name"]) == ("张来福", "张来富")
    assert revealed["texts"] == {"reason": "送达给张来富"}
    assert "老王" not in str(told)
    assert "送达给对方" not in str(told)


def test_who_read_the_data_is_given_by_day_purpose_and_body_without_a_name(world: World) -> None:
    case, worker, employer = two_people(world)
    reveal(world, case, worker, "送达")
    reveal(world, case, worker, "再次送达")
    reveal(world, case, employer, "送达")
    export(world, case, "worker-zhang", worker)

    found = export(world, case, "worker-zhang", worker)

    told = [(entry["operation"], entry["times"], entry["is_own"]) for entry in found.json()["readings"]]
    bodies = {entry["organization_name"] for entry in found.json()["readings"] if not entry["is_own"]}
    assert told == [("reveal", 2, False), ("export_data", 1, True)]
    assert len(bodies) == 1
    assert None not in bodies
    assert {entry["day"] for entry in found.json()["readings"]} == {world.today.isoformat()}
    assert person("clerk-lin").id not in str(found.json()["readings"])
    assert person("clerk-lin").name not in found.text


def test_a_fact_is_given_once_all_have_signed_it_and_not_before(world: World) -> None:
    case, worker, employer = two_people(world)
    path = f"/v1/cases/{case['id']}/undisputed-facts"
    facts = [world.send("clerk-lin", "POST", path, json={"text": text}).json() for text in ("入职于一月", "尚未签署")]
    signatures = f"{path}/{facts[0]['id']}/signatures"
    texts = []
    for party in (worker, employer):
        texts.append(export(world, case, "worker-zhang", worker).json()["undisputed_facts"])
        signed = {"party_id": party, "signed_on": world.today.isoformat()}
        answer = world.send("clerk-lin", "POST", signatures, json=signed)
        assert answer.status_code < 300, answer.text

    found = export(world, case, "worker-zhang", worker)

    assert texts == [[], []]
    assert [fact["text"] for fact in found.json()["undisputed_facts"]] == ["入职于一月"]
    assert "尚未签署" not in found.text


def test_a_persons_own_messages_are_given_back_and_nobody_elses(world: World) -> None:
    case, worker, employer = two_people(world)
    for party, text in ((worker, "我同意调解"), (employer, "最多给五千")):
        sent = world.send(
            "", "POST", "/v1/party/answers", json={"kind": "message", "text": text}, **link_of(world, case, party)
        )
        assert sent.status_code == 201, sent.text

    own, others = export(world, case, "worker-zhang", worker), export(world, case, "employer-wang", employer)

    assert [message["text"] for message in own.json()["messages"]] == ["我同意调解"]
    assert [message["text"] for message in others.json()["messages"]] == ["最多给五千"]
    assert "五千" not in own.text
    assert "我同意调解" not in others.text


def test_who_stands_by_the_other_side_is_given_nothing_of_a_person(world: World) -> None:
    case, worker, employer = two_people(world)
    assigned = {"person_id": person("volunteer-he").id, "role": "volunteer"}
    world.send("clerk-lin", "POST", f"/v1/cases/{case['id']}/assignments", json=assigned)
    world.send(
        "",
        "POST",
        "/v1/party/answers",
        json={"kind": "message", "text": "最多给五千"},
        **link_of(world, case, employer),
    )

    by_adviser, by_clerk = export(world, case, "volunteer-he", employer), export(world, case, "clerk-lin", employer)

    assert by_adviser.status_code == 403
    assert "五千" not in by_adviser.text
    assert [message["text"] for message in by_clerk.json()["messages"]] == ["最多给五千"]
    assert export(world, case, "volunteer-he", worker).json()["messages"] == []


def test_who_stands_by_the_other_side_reveals_nothing_of_a_person_in_a_draft_neither(world: World) -> None:
    case, worker, employer = two_people(world)
    draft = world.create("volunteer-he", submit=False, parties=people())
    assigned = {"person_id": person("volunteer-he").id, "role": "volunteer"}
    for one in (case, draft):
        world.send("clerk-lin", "POST", f"/v1/cases/{one['id']}/assignments", json=assigned)
    body = {"fields": ["phone"], "purpose": "service_of_documents"}

    def reveal_of(case_id: str, party: str, who: str = "volunteer-he") -> int:
        return world.send(who, "POST", f"/v1/cases/{case_id}/parties/{party}/reveal", json=body).status_code

    assert [reveal_of(case["id"], party) for party in (worker, employer)] == [200, 403]
    assert [reveal_of(draft["id"], party["id"]) for party in draft["parties"]] == [200, 403]
    assert reveal_of(case["id"], employer, "clerk-lin") == 200


def test_requests_about_the_data_and_their_answers_are_among_it(world: World) -> None:
    case, worker, employer = two_people(world)
    for party, note in ((worker, "要复印件"), (employer, "请删除")):
        path = f"/v1/cases/{case['id']}/parties/{party}/data-requests"
        assert world.send("clerk-lin", "POST", path, json={"kind": "copy", "note": note}).status_code == 201

    found = export(world, case, "worker-zhang", worker)

    assert [entry["note"] for entry in found.json()["data_requests"]] == ["要复印件"]
    assert "请删除" not in found.text
    assert employer not in str(found.json()["history"])

"""Consents of the people of a case, and records of whom their data were passed on to."""

from typing import Any

import httpx
import pytest
from tests.services.world import CENTRE, World, party_ids, triage

from mediation.demo.people import organization, person

COMMISSION, COURT = organization("yunxi-commission").id, organization("yunxi-court").id


def consent(world: World, case: dict[str, Any], who: str = "clerk-lin", **changes: Any) -> httpx.Response:
    body = {
        "party_id": party_ids(case)[0], "purpose": "sharing", "kinds": ["identity", "case_file"], "form": "written",
        "given_on": world.today.isoformat(), **changes,
    }  # fmt: skip
    return world.send(who, "POST", f"/v1/cases/{case['id']}/consents", json=body)


def withdraw(world: World, case: dict[str, Any], consent_id: str, day: str, who: str = "clerk-lin") -> httpx.Response:
    path = f"/v1/cases/{case['id']}/consents/{consent_id}/withdrawal"
    return world.send(who, "POST", path, json={"withdrawn_on": day})


def share(world: World, case: dict[str, Any], who: str = "clerk-lin", **changes: Any) -> httpx.Response:
    body = {
        "recipient_id": COMMISSION, "purpose": "referral", "kinds": ["identity"],
        "shared_on": world.today.isoformat(), **changes,
    }  # fmt: skip
    return world.send(who, "POST", f"/v1/cases/{case['id']}/sharing-records", json=body)


def listed(world: World, case: dict[str, Any], what: str, who: str = "clerk-lin") -> list[dict[str, Any]]:
    answer = world.send(who, "GET", f"/v1/cases/{case['id']}/{what}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_a_consent_is_kept_told_in_history_and_withdrawn(world: World) -> None:
    case = world.create()
    kept = consent(world, case)

    ended = withdraw(world, case, kept.json()["id"], "2026-06-15")
    again = withdraw(world, case, kept.json()["id"], "2026-06-15")

    (shown,) = listed(world, case, "consents")
    history = world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}/history").json()["items"]
    assert (kept.status_code, ended.status_code, again.status_code) == (201, 200, 409)
    assert shown == ended.json() == {**kept.json(), "withdrawn_on": "2026-06-15"}
    assert [entry["action"] for entry in history[-2:]] == ["record_consent", "withdraw_consent"]
    assert history[-1]["input"]["withdrawn_on"] == "2026-06-15"
    assert world.verification(case["id"])["holds"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"purpose": "everything"}, "/purpose"),
        ({"kinds": []}, "/kinds"),
        ({"kinds": ["soul"]}, "/kinds/0"),
        ({"given_on": "2026-06-16"}, "/given_on"),
        ({"party_id": CENTRE}, "/party_id"),
    ],
)
def test_what_is_no_consent_is_refused_at_its_place(world: World, changes: dict[str, Any], pointer: str) -> None:
    answer = consent(world, world.create(), **changes)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_body_gives_no_consent_to_the_handling_of_personal_data(world: World) -> None:
    case = world.create()

    answer = consent(world, case, party_id=party_ids(case)[1])

    assert answer.status_code == 422


def test_a_consent_cannot_end_before_it_began_nor_from_another_case(world: World) -> None:
    case, other = world.create(), world.create()
    kept = consent(world, case).json()["id"]

    assert withdraw(world, case, kept, "2026-06-14").status_code == 422
    assert withdraw(world, other, kept, "2026-06-15").status_code == 404


def test_a_party_keeps_and_sees_their_own_consent_and_nobody_elses(world: World) -> None:
    case = world.create()
    worker, employer = party_ids(case)
    accounts = {worker: person("worker-zhang").id, employer: person("employer-wang").id}
    for number, (party, account) in enumerate(accounts.items()):
        path = f"/v1/cases/{case['id']}/parties/{party}"
        answer = world.send("clerk-lin", "PATCH", path, headers={"If-Match": '"1"'}, json={"person_id": account})
        assert answer.status_code == 200, (number, answer.text)

    own, others = consent(world, case, "worker-zhang"), consent(world, case, "employer-wang")

    assert (own.status_code, others.status_code) == (201, 403)
    assert len(listed(world, case, "consents", "worker-zhang")) == 1
    assert listed(world, case, "consents", "employer-wang") == []
    assert withdraw(world, case, own.json()["id"], "2026-06-15", "employer-wang").status_code == 403


def test_a_step_that_sends_the_case_elsewhere_keeps_its_own_record_and_warns_where_nobody_consented(
    world: World,
) -> None:
    case = world.create()
    worker, _ = party_ids(triage(world, case["id"], route_wanted="court"))
    before = listed(world, case, "sharing-records")

    world.take(
        case["id"], "request_court_mediation", court=COURT, applied_on=str(world.today), online=False,
        court_route_basis="advisory_no_arbitration_yet",
    )  # fmt: skip

    (record,) = listed(world, case, "sharing-records")
    assert before == []
    assert (record["recipient_id"], record["action"]) == (COURT, "request_court_mediation")
    assert (record["shared_on"], record["recorded_by"]) == (str(world.today), person("clerk-lin").id)
    assert record["warnings"][0]["parties"] == [worker]


def test_a_record_by_hand_warns_unless_consent_stood_or_a_duty_is_stated(world: World) -> None:
    case = world.create()
    worker = party_ids(case)[0]

    before = share(world, case)
    duty = share(world, case, basis="legal_duty", legal_basis="LDMAL 16")
    first = [[entry["code"] for entry in record["warnings"]] for record in listed(world, case, "sharing-records")]
    kept = consent(world, case).json()["id"]
    second = [record["warnings"] for record in listed(world, case, "sharing-records")]
    withdraw(world, case, kept, "2026-06-15")
    third = listed(world, case, "sharing-records")[0]["warnings"]

    assert (before.status_code, duty.status_code) == (201, 201)
    assert first == [["no_consent"], []]
    assert second == [[], []]
    assert third[0]["parties"] == [worker]


def test_sharing_is_recorded_by_the_house_and_to_bodies_that_are_known(world: World) -> None:
    case = world.create()

    assert share(world, case, recipient_id=case["id"]).status_code == 422
    assert share(world, case, "auditor-feng").status_code == 403
    assert share(world, case, "court-gao").status_code == 404
    assert share(world, case, basis="whim").status_code == 422


def test_records_are_paged(world: World) -> None:
    case = world.create()
    for _ in range(3):
        share(world, case)

    page = world.send("auditor-feng", "GET", f"/v1/cases/{case['id']}/sharing-records?limit=2").json()
    rest = world.send("auditor-feng", "GET", page["next"]).json()

    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)

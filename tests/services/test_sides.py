"""A party speaks for itself; those a case was sent to see it and no more; nobody writes where they have no part."""

from typing import Any

import pytest
from tests.services.world import World, accept, new_case, party_ids, party_of, triage

from mediation.demo.people import organization, person
from mediation.domain.errors import BlockedError, InvalidInputError, NotPermittedError

CENTRE = organization("yunxi-centre").id


def with_accounts(world: World) -> dict[str, Any]:
    """A registered and sorted case whose parties have accounts."""
    parties = [
        party_of("worker", "张来福", person_id=person("worker-zhang").id),
        party_of("employer", "某厂", person_id=person("employer-wang").id),
    ]
    case = world.create(parties=parties)
    return triage(world, case["id"])


def codes(refused: BlockedError) -> set[str]:
    return {blocker.code for blocker in refused.blockers}


@pytest.mark.parametrize("subject", ["employer-wang", "worker-zhang"])
def test_a_party_withdraws_nothing_in_the_name_of_the_other(world: World, subject: str) -> None:
    case = with_accounts(world)
    worker_id, employer_id = party_ids(case)
    other = worker_id if subject == "employer-wang" else employer_id

    with pytest.raises(BlockedError) as refused:
        world.take(case["id"], "withdraw", subject, asked_by=other)

    assert "not_your_own_act" in codes(refused.value)


def test_a_party_does_not_consent_for_the_other(world: World) -> None:
    case = with_accounts(world)
    day = world.today.isoformat()
    world.take(case["id"], "ask_consent", organization=CENTRE, asked_on=day, how="phone")
    consents = [{"party": key, "date": day, "form": "written"} for key in party_ids(case)]

    with pytest.raises(BlockedError) as refused:
        world.take(case["id"], "consent", "worker-zhang", consents=consents, accepted_on=day)

    assert {"not_your_own_act", "joint_act_recorded_by_house"} <= codes(refused.value)


def test_a_settlement_of_both_is_not_recorded_by_one(world: World) -> None:
    case = with_accounts(world)
    worker_id, employer_id = party_ids(case)
    owed = {"kind": "payment", "debtor": employer_id, "creditor": worker_id, "amount": "1.00", "due_on": "2026-06-30"}

    with pytest.raises(BlockedError) as refused:
        world.take(
            case["id"], "settle", "employer-wang", agreement={"reference": "和解协议"},
            effective_on=world.today.isoformat(), obligations=[owed],
        )  # fmt: skip

    assert "joint_act_recorded_by_house" in codes(refused.value)


def test_a_party_amends_its_own_contact_data_and_nothing_of_the_other(world: World) -> None:
    case = with_accounts(world)
    worker_id, employer_id = party_ids(case)
    path = f"/v1/cases/{case['id']}/parties"
    match = {"If-Match": '"1"'}

    found = [
        world.send("employer-wang", "PATCH", f"{path}/{worker_id}", headers=match, json={"name": "别人"}),
        world.send("worker-zhang", "PATCH", f"{path}/{worker_id}", headers=match, json={"name": "别名"}),
        world.send("worker-zhang", "PATCH", f"{path}/{worker_id}", headers=match, json={"phone": "13900000001"}),
        world.send("worker-zhang", "PATCH", f"{path}/{employer_id}", headers=match, json={"phone": "13900000001"}),
    ]

    assert [answer.status_code for answer in found] == [403, 403, 200, 403]


def test_consent_is_given_by_a_step_and_never_by_an_amendment(world: World) -> None:
    case = with_accounts(world)
    worker_id, _ = party_ids(case)
    path = f"/v1/cases/{case['id']}/parties/{worker_id}"

    body = {"consented_on": "2026-06-01"}
    answer = world.send("clerk-lin", "PATCH", path, headers={"If-Match": '"1"'}, json=body)

    assert answer.status_code == 422
    assert world.case(case["id"]).parties[worker_id].consented_on is None


def test_an_account_that_is_replaced_sees_the_case_no_more(world: World) -> None:
    case = with_accounts(world)
    worker_id, _ = party_ids(case)
    path = f"/v1/cases/{case['id']}"
    before = world.send("worker-zhang", "GET", path).status_code

    body = {"person_id": person("worker-tian").id}
    world.send("clerk-lin", "PATCH", f"{path}/parties/{worker_id}", headers={"If-Match": '"1"'}, json=body)

    after = [world.send(who, "GET", path).status_code for who in ("worker-zhang", "worker-tian")]
    assert (before, after) == (200, [404, 200])


def test_a_mediation_body_is_no_labour_inspection_office(world: World) -> None:
    case = world.create()

    with pytest.raises(InvalidInputError) as refused:
        world.take(
            case["id"], "hand_over_inspection", office=organization("linjiang-centre").id,
            sent_on=world.today.isoformat(), matter="wage_arrears",
        )  # fmt: skip

    assert refused.value.errors[0].code == "wrong_kind_of_organization"


def test_only_liaisons_of_the_body_a_case_was_sent_to_see_it(world: World) -> None:
    case = world.create()
    world.take(
        case["id"], "hand_over_inspection", office=organization("yunxi-inspection").id,
        sent_on=world.today.isoformat(), matter="wage_arrears",
    )  # fmt: skip
    path = f"/v1/cases/{case['id']}"

    found = {who: world.send(who, "GET", path) for who in ("inspection-luo", "supervisor-lei")}

    assert found["inspection-luo"].json()["roles"] == ["inspection_liaison"]
    assert found["supervisor-lei"].status_code == 404


def test_a_condition_the_step_does_not_have_cannot_be_attested(world: World) -> None:
    case = world.create()
    stated = [{"guard": "nonsense", "evidence": "无"}]

    with pytest.raises(InvalidInputError) as refused:
        world.take(case["id"], "withdraw", asked_by=party_ids(case)[0], attestations=stated)

    assert refused.value.errors[0].pointer == "/attestations/0/guard"


@pytest.mark.parametrize("subject", ["auditor-feng", "admin-qian", "clerk-fang"])
def test_a_case_is_written_down_by_those_of_the_house_or_above(world: World, subject: str) -> None:
    with pytest.raises(NotPermittedError):
        world.create(subject, organization_id=CENTRE, submit=False)


def test_an_employer_does_not_become_the_worker_who_applies(world: World) -> None:
    body = new_case(organization_id=CENTRE, submit=False)

    made = world.send("employer-wang", "POST", "/v1/cases", json=body)

    assert made.status_code == 201
    assert made.json()["roles"] == []


def test_a_day_of_receipt_in_the_future_is_refused_for_a_draft_too(world: World) -> None:
    answer = world.send("clerk-lin", "POST", "/v1/cases", json=new_case(received_on="2031-01-01", submit=False))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/received_on"


def test_what_needs_no_version_is_refused_before_the_version_is_asked_for(world: World) -> None:
    case = world.create()

    answer = world.send("auditor-feng", "PATCH", f"/v1/cases/{case['id']}", json={"urgent": True})

    assert answer.status_code in {403, 404}


def test_a_mediator_of_another_body_does_not_mediate_here(world: World) -> None:
    case = world.create()
    accept(world, case["id"])

    with pytest.raises(BlockedError) as refused:
        world.take(case["id"], "assign_mediator", mediator=person("mediator-wu").id)

    assert codes(refused.value) == {"mediator_qualified"}


def test_a_claim_is_not_known_of_on_a_day_to_come(world: World) -> None:
    claims = [{"code": "economic_compensation", "knew_on": "2099-01-01"}]

    answer = world.send("clerk-lin", "POST", "/v1/cases", json=new_case(claims=claims, submit=False))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/claims/0/knew_on"

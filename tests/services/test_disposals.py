"""A file destroyed by two people: nothing opens any more, history verifies, and a record says who did it."""

from typing import Any

import httpx
import pytest
from tests.services.test_erasure import (
    ADDRESS,
    AFTER_NINE,
    AFTER_TEN_YEARS,
    PHONE,
    RESIDENT_ID,
    blockers,
    ended,
    everything,
    hold,
    rebuilt,
)
from tests.services.world import WORKER, World, accept, party_ids

from mediation.demo.people import person
from mediation.domain.history import verify
from mediation.storage import history as history_rows


def propose(world: World, case: dict[str, Any], who: str = "supervisor-tang") -> httpx.Response:
    body = {"case_id": case["id"], "reason": "retention_over"}
    return world.send(who, "POST", "/v1/disposals", json=body, headers={"Idempotency-Key": f"propose-{who}"})


def confirm(world: World, disposal_id: str, who: str = "supervisor-yan") -> httpx.Response:
    path = f"/v1/disposals/{disposal_id}/confirmation"
    return world.send(who, "POST", path, headers={"Idempotency-Key": "confirm"})


def disposed(world: World, case: dict[str, Any]) -> dict[str, Any]:
    answer = confirm(world, propose(world, case).json()["id"])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_two_people_destroy_every_key_of_the_case_and_what_stands_in_clear(world: World) -> None:
    case = world.create(key="created")
    accept(world, case["id"])
    offer = {"kind": "offer", "made_by": party_ids(case)[0], "made_on": "2026-06-15", "text": "愿让步"}
    said = world.send("clerk-lin", "POST", f"/v1/cases/{case['id']}/offers", json={**offer, "amount": "1.00"})
    world.take(case["id"], "withdraw", asked_by=party_ids(case)[0], reason="双方自行和解")
    world.run_due(AFTER_TEN_YEARS)
    before = world.rows("select wrapped from subject_keys where wrapped is not null")

    record = disposed(world, case)

    keys, after = world.rows("select * from subject_keys"), everything(world)
    assert said.status_code == 201, said.text
    assert len(before) == len(keys) == record["keys_destroyed"] >= 3
    assert all(key["wrapped"] is None and key["destroyed_at"] is not None for key in keys)
    assert [mark for mark in (WORKER, PHONE, RESIDENT_ID, ADDRESS) if mark in after] == []
    assert {row["phone_hash"] for row in world.rows("select phone_hash from subjects")} == {None}


def test_history_still_verifies_and_opens_for_nobody(world: World) -> None:
    case = ended(world)

    disposed(world, case)

    head, found = world.read(history_rows.whole_chain, case["id"])
    entries = ((row["sequence"], row["payload"], row["hash"]) for row in found)
    assert list(verify(entries, head=head, case_id=case["id"])) == []
    assert [row["action"] for row in world.rows("select action from history order by sequence")][-2:] == [
        "propose_disposal", "dispose",
    ]  # fmt: skip
    assert rebuilt(world, case["id"])["parties"][party_ids(case)[0]].name is None


def test_the_case_is_seen_by_nobody_and_the_record_says_what_when_and_who(world: World) -> None:
    case, other = ended(world), world.create(key="other")
    proposed = propose(world, case).json()
    confirm(world, proposed["id"])

    statuses = {
        who: world.send(who, "GET", f"/v1/cases/{case['id']}").status_code
        for who in ("clerk-lin", "supervisor-tang", "supervisor-yan", "auditor-feng")
    }
    listed = world.send("clerk-lin", "GET", "/v1/cases?is_open=false").json()["items"]
    (record,) = world.send("auditor-feng", "GET", "/v1/disposals").json()["items"]

    assert set(statuses.values()) == {404}
    assert listed == []
    assert world.send("clerk-lin", "GET", f"/v1/cases/{other['id']}").status_code == 200
    assert (record["status"], record["case_id"], record["case_number"]) == (
        "done",
        case["id"],
        world.case(case["id"]).number,
    )
    assert record["proposed_by"] == person("supervisor-tang").id
    assert record["confirmed_by"] == person("supervisor-yan").id
    assert record["confirmed_at"][:10] == str(AFTER_TEN_YEARS)
    assert (record["outcome"]["code"], record["reason"]["code"]) == ("closed_performed", "retention_over")
    assert world.send("supervisor-tang", "GET", "/v1/retention").json()["items"] == []


def test_answers_kept_about_the_case_go_and_those_about_others_stay(world: World) -> None:
    case = ended(world)
    other = world.create(key="other")

    disposed(world, case)

    kept = {(row["key"], row["case_id"]) for row in world.rows("select key, case_id from idempotency")}
    assert {key for key, case_id in kept if case_id == case["id"]} == {"confirm"}
    assert other["id"] in {case_id for _, case_id in kept}


def test_a_proposal_alone_destroys_nothing_and_stands_once(world: World) -> None:
    case = ended(world)
    before = world.rows("select id from subject_keys where wrapped is null")

    first, again = propose(world, case), propose(world, case, "supervisor-yan")

    (found,) = world.send("supervisor-tang", "GET", "/v1/retention").json()["items"]
    assert (first.status_code, first.json()["status"], again.status_code) == (201, "proposed", 409)
    assert world.rows("select id from subject_keys where wrapped is null") == before == []
    assert found["disposal_id"] == first.json()["id"]
    assert world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}").status_code == 200


def test_who_proposed_it_cannot_confirm_it_and_neither_can_others_than_supervisors(world: World) -> None:
    case = ended(world)
    disposal_id = propose(world, case).json()["id"]

    statuses = {
        who: confirm(world, disposal_id, who).status_code
        for who in ("supervisor-tang", "clerk-lin", "auditor-feng", "supervisor-meng", "admin-qian", "court-gao")
    }

    assert statuses == {
        "supervisor-tang": 403, "clerk-lin": 403, "auditor-feng": 403, "supervisor-meng": 404, "admin-qian": 404,
        "court-gao": 404,
    }  # fmt: skip
    assert world.rows("select id from subject_keys where wrapped is null") == []


@pytest.mark.parametrize(("who", "status"), [("clerk-lin", 403), ("auditor-feng", 403), ("supervisor-meng", 404)])
def test_proposing_is_for_supervisors_of_the_case(world: World, who: str, status: int) -> None:
    case = ended(world)

    assert propose(world, case, who).status_code == status
    assert world.rows("select id from disposals") == []


def test_nothing_is_proposed_while_the_case_is_open_or_has_to_be_kept(world: World) -> None:
    case = world.create()
    still_open = propose(world, case)
    world.take(case["id"], "withdraw", asked_by=party_ids(case)[0], reason="双方自行和解")
    world.run_due(AFTER_NINE)
    hold(world, case)

    kept = propose(world, case, "supervisor-yan")

    assert (still_open.status_code, kept.status_code) == (409, 409)
    assert blockers(still_open)[0] == "case_open"
    assert blockers(kept) == ["retention_stands", "legal_hold"]


def withdraw(world: World, disposal_id: str, who: str = "supervisor-tang") -> httpx.Response:
    return world.send(who, "POST", f"/v1/disposals/{disposal_id}/withdrawal")


def listed(world: World) -> list[str]:
    return [entry["status"] for entry in world.send("auditor-feng", "GET", "/v1/disposals").json()["items"]]


def test_a_hold_set_after_the_proposal_forbids_the_confirmation(world: World) -> None:
    case = ended(world)
    disposal_id = propose(world, case).json()["id"]
    hold(world, case)

    refused = confirm(world, disposal_id)

    assert (refused.status_code, blockers(refused)) == (409, ["legal_hold"])


def test_a_proposal_lapses_when_the_case_changes_and_is_made_anew(world: World) -> None:
    case = ended(world)
    first = propose(world, case).json()["id"]
    before = listed(world)
    hold(world, case)
    hold(world, case, "/lifting")

    refused, lapsed = confirm(world, first), listed(world)
    anew = propose(world, case, "supervisor-yan")
    done = confirm(world, anew.json()["id"], "supervisor-tang")

    assert (before, lapsed) == (["proposed"], ["lapsed"])
    assert (refused.status_code, anew.status_code, done.status_code) == (409, 201, 200), done.text
    assert "propose it anew" in refused.json()["detail"] or "重新提出" in refused.json()["detail"]
    assert listed(world) == ["done", "lapsed"]
    assert [row["ending"] for row in world.rows("select ending from disposals order by id")] == ["lapsed", None]


@pytest.mark.parametrize("who", ["supervisor-tang", "supervisor-yan"])
def test_a_proposal_is_withdrawn_by_who_made_it_or_another_supervisor_and_told_in_history(
    world: World, who: str
) -> None:
    case = ended(world)
    disposal_id = propose(world, case).json()["id"]

    gone = withdraw(world, disposal_id, who)

    actions = [row["action"] for row in world.rows("select action from history order by sequence")]
    assert gone.status_code == 200, gone.text
    assert (gone.json()["status"], gone.json()["ended_by"]) == ("withdrawn", person(who).id)
    assert actions[-2:] == ["propose_disposal", "withdraw_disposal"]
    assert world.verification(case["id"])["holds"]
    assert (withdraw(world, disposal_id).status_code, confirm(world, disposal_id).status_code) == (409, 409)
    assert world.send("supervisor-tang", "GET", "/v1/retention").json()["items"][0]["disposal_id"] is None


def test_what_was_withdrawn_may_be_proposed_again(world: World) -> None:
    case = ended(world)
    withdraw(world, propose(world, case).json()["id"])

    anew = propose(world, case, "supervisor-yan")

    assert (anew.status_code, listed(world)) == (201, ["proposed", "withdrawn"])


def test_a_proposal_that_lapsed_may_still_be_withdrawn(world: World) -> None:
    case = ended(world)
    disposal_id = propose(world, case).json()["id"]
    hold(world, case)

    assert withdraw(world, disposal_id).json()["status"] == "withdrawn"


@pytest.mark.parametrize(("who", "status"), [("clerk-lin", 403), ("auditor-feng", 403), ("supervisor-meng", 404)])
def test_withdrawing_is_for_supervisors_of_the_case(world: World, who: str, status: int) -> None:
    case = ended(world)
    disposal_id = propose(world, case).json()["id"]

    assert withdraw(world, disposal_id, who).status_code == status
    assert withdraw(world, case["id"]).status_code == 404


def test_no_file_is_destroyed_while_a_person_waits_for_an_answer_about_their_data(world: World) -> None:
    case = ended(world)
    path = f"/v1/cases/{case['id']}"
    asked = world.send(
        "clerk-lin", "POST", f"{path}/parties/{party_ids(case)[0]}/data-requests", json={"kind": "copy"}
    ).json()

    refused = propose(world, case)
    answer = {"outcome": "refused", "ground": "not_held", "reason": "未持有"}
    world.send("clerk-lin", "POST", f"{path}/data-requests/{asked['id']}/answer", json=answer)

    assert (refused.status_code, propose(world, case).status_code) == (409, 201)


def test_a_confirmation_sent_again_is_answered_again_and_a_new_one_finds_nothing(world: World) -> None:
    case = ended(world)
    record = disposed(world, case)

    replayed = confirm(world, record["id"])
    anew = world.send("supervisor-yan", "POST", f"/v1/disposals/{record['id']}/confirmation")

    assert (replayed.status_code, replayed.headers.get("idempotency-replayed")) == (200, "true")
    assert anew.status_code == 404
    assert len(world.rows("select id from disposals")) == 1


def test_a_reason_of_ones_own_is_refused(world: World) -> None:
    case = ended(world)

    answer = world.send(
        "supervisor-tang", "POST", "/v1/disposals", json={"case_id": case["id"], "reason": "张三丰要求"}
    )

    assert answer.status_code == 422

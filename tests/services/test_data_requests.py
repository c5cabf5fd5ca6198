"""What people ask about their own data: by when it is answered, who answers, on what a refusal rests, who is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.services.test_erasure import AFTER_TEN_YEARS, ended, erase
from tests.services.world import World, bearer, party_ids, party_of

from mediation import worker
from mediation.demo.people import person

ASKED, REASON = "请复印我的全部材料", "涉及他人身份信息"


def case_of_zhang(world: World) -> dict[str, Any]:
    worker = party_of("worker", "张来福", person_id=person("worker-zhang").id)
    return world.create(parties=[worker, party_of("employer", "某厂", person_id=person("employer-wang").id)])


def ask(world: World, case: dict[str, Any], who: str = "clerk-lin", **given: Any) -> httpx.Response:
    path = f"/v1/cases/{case['id']}/parties/{given.pop('party', party_ids(case)[0])}/data-requests"
    return world.send(who, "POST", path, json={"kind": "copy", "note": ASKED, **given})


def answer(
    world: World, case: dict[str, Any], request: dict[str, Any], who: str = "clerk-lin", **given: Any
) -> httpx.Response:
    path = f"/v1/cases/{case['id']}/data-requests/{request['id']}/answer"
    return world.send(who, "POST", path, json={"outcome": "fulfilled", **given})


def export(world: World, case: dict[str, Any]) -> None:
    path = f"/v1/cases/{case['id']}/parties/{party_ids(case)[0]}/data-export"
    assert world.send("clerk-lin", "GET", path).status_code == 200


def waiting(world: World, query: str = "", who: str = "clerk-lin") -> list[dict[str, Any]]:
    found = world.send(who, "GET", f"/v1/data-requests{query}")
    assert found.status_code == 200, found.text
    items: list[dict[str, Any]] = found.json()["items"]
    return items


def actions(world: World, case: dict[str, Any], who: str = "clerk-lin") -> list[str]:
    found = world.send(who, "GET", f"/v1/cases/{case['id']}/history").json()["items"]
    return [entry["action"] for entry in found]


def link_of(world: World, case: dict[str, Any], party: str) -> dict[str, Any]:
    path = f"/v1/cases/{case['id']}/parties/{party}/access-links"
    made = world.send("clerk-lin", "POST", path, json={"expires_on": world.today.isoformat()}).json()
    return {"headers": {"Authorization": f"Bearer {made['token']}"}}


def test_a_request_is_due_fifteen_days_after_its_receipt_whatever_day_that_is(world: World) -> None:
    case = world.create()

    received = ask(world, case, received_on="2026-06-12").json()

    assert received["due_on"] == "2026-06-27"
    assert date(2026, 6, 27).isoweekday() == 6
    assert (received["status"], received["kind"]["code"], received["note"]) == ("open", "copy", ASKED)
    assert [entry["source"] for entry in received["kind"]["citations"]] == ["PIPL"]


def test_history_tells_what_was_asked_and_its_words_lie_sealed(world: World) -> None:
    case = world.create()

    ask(world, case)

    (entry,) = world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}/history").json()["items"][-1:]
    stored = str(world.rows("select * from data_requests") + world.rows("select payload from history"))
    assert (entry["action"], entry["input"]["kind"]) == ("receive_data_request", "copy")
    assert entry["private"] == {"note": ASKED}
    assert ASKED not in stored
    assert world.verification(case["id"])["holds"]


def test_neither_the_other_side_nor_its_history_is_told_of_it(world: World) -> None:
    case = case_of_zhang(world)

    ask(world, case, "worker-zhang")

    listed = world.send("employer-wang", "GET", f"/v1/cases/{case['id']}/data-requests")
    assert (listed.status_code, listed.json()["items"]) == (200, [])
    assert "receive_data_request" not in actions(world, case, "employer-wang")
    assert "receive_data_request" in actions(world, case, "worker-zhang")
    assert "receive_data_request" in actions(world, case, "auditor-feng")


def test_a_copy_is_answered_with_the_reading_that_gave_it(world: World) -> None:
    case = world.create()
    received = ask(world, case).json()
    export(world, case)

    answered = answer(world, case, received)
    again = answer(world, case, received)

    (read,) = world.rows("select id from access_log where operation = 'export_data'")
    assert answered.status_code == 200, answered.text
    assert (answered.json()["status"], answered.json()["act_id"]) == ("fulfilled", read["id"])
    assert answered.json()["answered_on"] == world.today.isoformat()
    assert again.status_code == 409
    assert waiting(world) == []
    assert [item["status"] for item in waiting(world, "?status=fulfilled")] == ["fulfilled"]


def test_a_correction_and_a_withdrawal_are_answered_with_their_entries_of_history(world: World) -> None:
    case = world.create()
    party, path = party_ids(case)[0], f"/v1/cases/{case['id']}"
    correction, withdrawal = (ask(world, case, kind=kind).json() for kind in ("correction", "withdrawal"))
    too_early = answer(world, case, withdrawal)
    world.send("clerk-lin", "PATCH", f"{path}/parties/{party}", json={"name": "张来富"}, headers={"If-Match": '"1"'})
    consent = {"party_id": party, "purpose": "sharing", "kinds": ["identity"], "form": "written"}
    given = world.send("clerk-lin", "POST", f"{path}/consents", json={**consent, "given_on": "2026-06-15"}).json()
    world.send("clerk-lin", "POST", f"{path}/consents/{given['id']}/withdrawal", json={"withdrawn_on": "2026-06-15"})

    answers = [answer(world, case, request).json() for request in (correction, withdrawal)]

    names = {row["id"]: row["action"] for row in world.rows("select id, action from history")}
    assert [error["pointer"] for error in too_early.json()["errors"]] == ["/act_id"]
    assert [names[told["act_id"]] for told in answers] == ["amend_party", "withdraw_consent"]


@pytest.mark.parametrize("kind", ["copy", "correction"])
def test_an_act_that_is_named_must_be_one_since_the_request(world: World, kind: str) -> None:
    case = world.create()
    received = ask(world, case, kind=kind).json()

    found = answer(world, case, received, act_id=case["id"])

    assert found.status_code == 422
    assert [error["code"] for error in found.json()["errors"]] == ["act_unknown"]


@pytest.mark.parametrize(
    ("given", "pointers"),
    [
        ({"outcome": "refused"}, ["/ground", "/reason"]),
        ({"outcome": "partly", "ground": "data_of_others"}, ["/reason"]),
        ({"outcome": "fulfilled", "ground": "not_held"}, ["/ground"]),
        ({"outcome": "refused", "ground": "no_time", "reason": REASON}, ["/ground"]),
        ({"outcome": "open"}, ["/outcome"]),
        ({"answered_on": "2026-06-11"}, ["/answered_on"]),
        ({"answered_on": "2026-06-16"}, ["/answered_on"]),
    ],
)
def test_an_answer_without_ground_and_reason_or_of_another_day_is_refused(
    world: World, given: dict[str, Any], pointers: list[str]
) -> None:
    case = world.create()
    received = ask(world, case, received_on="2026-06-12").json()

    found = answer(world, case, received, **given)

    assert [error["pointer"] for error in found.json()["errors"]] == pointers
    assert len(waiting(world)) == 1


def test_a_refusal_says_its_ground_with_citation_and_keeps_its_reason_sealed(world: World) -> None:
    case = case_of_zhang(world)
    received = ask(world, case).json()

    refused = answer(world, case, received, outcome="refused", ground="data_of_others", reason=REASON)

    own = world.send("worker-zhang", "GET", f"/v1/cases/{case['id']}/data-requests").json()["items"]
    blind = world.send("auditor-feng", "GET", f"/v1/cases/{case['id']}/data-requests").json()["items"]
    assert refused.status_code == 200, refused.text
    assert own == [refused.json()]
    assert (own[0]["reason"], own[0]["ground"]["code"]) == (REASON, "data_of_others")
    assert own[0]["ground"]["citations"][0]["source"] == "PIPL"
    assert [(item["note"], item["reason"]) for item in blind] == [(None, None)]
    assert REASON not in str(world.rows("select * from data_requests"))


def test_erasure_is_asked_on_a_closed_case_and_answered_by_a_supervisor_once_it_is_done(world: World) -> None:
    case = ended(world)
    received = ask(world, case, kind="erasure", asked_by="heir").json()

    statuses = [answer(world, case, received, who).status_code for who in ("clerk-lin", "supervisor-tang")]
    erase(world, case)
    done = answer(world, case, received, "supervisor-tang")

    (entry,) = world.rows("select id from history where action = 'erase'")
    assert received["received_on"] == AFTER_TEN_YEARS.isoformat()
    assert statuses == [403, 422]
    assert (done.status_code, done.json()["act_id"]) == (200, entry["id"])


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("mediator-chen", 404), ("auditor-feng", 403), ("supervisor-tang", 403), ("employer-wang", 403),
        ("court-gao", 404), ("worker-zhang", 201), ("clerk-lin", 201),
    ],
)  # fmt: skip
def test_a_request_is_received_by_the_case_team_and_the_person_alone(world: World, who: str, status: int) -> None:
    case = case_of_zhang(world)

    assert ask(world, case, who).status_code == status


def test_by_their_own_account_a_person_asks_for_themselves_as_of_today(world: World) -> None:
    case = case_of_zhang(world)

    backdated = ask(world, case, "worker-zhang", received_on="2026-06-01")
    for_another = ask(world, case, "worker-zhang", asked_by="agent")
    tomorrow = ask(world, case, received_on="2026-06-16")

    pointers = [[error["pointer"] for error in found.json()["errors"]] for found in (backdated, for_another, tomorrow)]
    assert pointers == [["/received_on"], ["/asked_by"], ["/received_on"]]


def test_a_body_asks_nothing_and_nobody_asks_for_a_stranger(world: World) -> None:
    case = world.create()

    body, stranger = ask(world, case, party=party_ids(case)[1]), ask(world, case, party=case["id"])
    unknown = answer(world, case, {"id": case["id"]})

    assert (body.status_code, stranger.status_code, unknown.status_code) == (409, 404, 404)


def test_the_holder_of_a_link_asks_and_reads_the_answer(world: World) -> None:
    case = world.create()
    by_link = link_of(world, case, party_ids(case)[0])
    received = world.send("", "POST", "/v1/party/data-requests", json={"kind": "explanation", "note": ASKED}, **by_link)

    answered = answer(world, case, received.json(), reason="用于调解")

    (own,) = world.send("", "GET", "/v1/party/data-requests", **by_link).json()["items"]
    assert received.status_code == 201, received.text
    assert (received.json()["asked_by"], received.json()["received_on"]) == ("person", world.today.isoformat())
    assert own == answered.json()
    assert (own["reason"], own["act_id"]) == ("用于调解", None)


def test_the_link_of_a_body_asks_nothing_and_lists_nothing_of_the_other_side(world: World) -> None:
    case = world.create()
    by_link = link_of(world, case, party_ids(case)[1])
    ask(world, case)

    asked = world.send("", "POST", "/v1/party/data-requests", json={"kind": "copy"}, **by_link)
    listed = world.send("", "GET", "/v1/party/data-requests", **by_link)
    by_account = world.send("", "GET", "/v1/party/data-requests", headers=bearer("clerk-lin"))

    assert (asked.status_code, listed.json()["items"], by_account.status_code) == (409, [], 401)


def test_the_worklist_goes_by_the_last_day_tells_who_answers_and_what_is_late(world: World) -> None:
    case = world.create()
    ask(world, case)
    ask(world, case, received_on="2026-05-20", kind="erasure")

    items = waiting(world)
    first = world.send("clerk-lin", "GET", "/v1/data-requests?limit=1").json()
    rest = world.send("clerk-lin", "GET", first["next"]).json()

    told = [(item["due_on"], item["days_left"], item["is_overdue"], item["owner"]["role"]) for item in items]
    assert told == [("2026-06-04", -11, True, "supervisor"), ("2026-06-30", 15, False, "clerk")]
    assert [item["id"] for item in [*first["items"], *rest["items"]]] == [item["id"] for item in items]
    assert ASKED not in str(items)
    assert [item["kind"]["code"] for item in waiting(world, "?kind=erasure")] == ["erasure"]
    assert len(waiting(world, "?due_before=2026-06-05", "supervisor-yan")) == 0
    assert len(waiting(world, "?scope=below&due_before=2026-06-05", "supervisor-yan")) == 1


@pytest.mark.parametrize("who", ["admin-qian", "court-gao", "worker-zhang"])
def test_the_worklist_is_for_the_house(world: World, who: str) -> None:
    ask(world, case_of_zhang(world))

    statuses = {
        scope: world.send(who, "GET", f"/v1/data-requests?scope={scope}").status_code
        for scope in ("me", "organization")
    }

    assert set(statuses.values()) == {403}


def reminders(world: World) -> list[tuple[str, int, str]]:
    found = world.send("clerk-lin", "GET", "/v1/reminders?term=D_DATA_REQUEST_15").json()["items"]
    return [(item["kind"], item["days"], item["audience"]) for item in found]


def test_it_is_reminded_of_before_its_end_and_the_supervisor_is_told_once_it_is_over(world: World) -> None:
    case = world.create()
    received = ask(world, case).json()
    due = date.fromisoformat(received["due_on"])
    told = {}
    for days in (8, 7, 1, 0, -1, -5):
        world.clock.move_to(due - timedelta(days=days))
        worker.remind(world.database, world.clock)
        told[days] = reminders(world)

    answer(world, case, received, outcome="refused", ground="not_held", reason=REASON)

    assert told[8] == []
    assert sorted(told[0]) == [("before", 1, "owner"), ("before", 7, "owner"), ("on_the_day", 0, "owner")]
    assert sorted(told[-5]) == sorted(told[-1]) == sorted([*told[0], ("escalation", 1, "supervisor")])
    assert reminders(world) == []


def test_one_for_erasure_is_the_supervisors_from_the_start(world: World) -> None:
    case = world.create()
    ask(world, case, kind="erasure")

    world.clock.move_to(world.today + timedelta(days=8))
    worker.remind(world.database, world.clock)

    assert reminders(world) == [("before", 7, "supervisor")]


def test_the_same_request_sent_twice_under_one_key_stands_once(world: World) -> None:
    case = world.create()
    path = f"/v1/cases/{case['id']}/parties/{party_ids(case)[0]}/data-requests"

    first, second = (
        world.send("clerk-lin", "POST", path, json={"kind": "copy"}, headers={"Idempotency-Key": "one"})
        for _ in range(2)
    )

    assert (first.status_code, first.content) == (201, second.content)
    assert len(world.rows("select id from data_requests")) == 1


def test_what_was_read_soon_after_midnight_is_of_that_day_in_shanghai(world: World) -> None:
    case = world.create()
    world.clock.move_to(datetime(2026, 6, 15, 16, 30, tzinfo=UTC))
    received = ask(world, case).json()
    export(world, case)

    found = world.send("auditor-feng", "GET", "/v1/access-log?since=2026-06-16").json()["items"]
    before = world.send("auditor-feng", "GET", "/v1/access-log?until=2026-06-15").json()["items"]
    answered = answer(world, case, received).json()

    assert received["received_on"] == "2026-06-16"
    assert [entry["operation"] for entry in found] == ["export_data"]
    assert before == []
    assert answered["act_id"] == found[0]["id"]

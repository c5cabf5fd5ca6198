"""Asking for a case: nobody learns so whether it exists; a supervisor answers; what is granted is for reading alone."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.security.attack import OPENAPI, filled
from tests.security.told_in_talks import MARKS, Talks, in_talks, talk
from tests.services.world import CENTRE, World

from mediation import worker
from mediation.demo.people import organization, person

REASON, ANSWER = "同一用人单位另案须核对工资标准", "与本案无关"
NOWHERE = "无名工调〔2026〕00001号"
ASKER = "clerk-fang"
READS = sorted(
    path for path, methods in OPENAPI["paths"].items()
    if path.startswith("/v1/cases/{case_id}") and path.count("{") == 1 and "get" in methods
)  # fmt: skip


@pytest.fixture
def talks(world: World) -> Talks:
    """Give a case in which everything marked was said."""
    found = in_talks(world)
    talk(found)
    return found


def number_of(talks: Talks) -> str:
    number = talks.world.case(talks.id).number
    assert number is not None
    return number


def ask(talks: Talks, who: str = ASKER, **changes: Any) -> httpx.Response:
    headers = changes.pop("headers", {})
    body = {"case_number": number_of(talks), "purpose": "same_employer", "reason": REASON, **changes}
    return talks.world.send(who, "POST", "/v1/access-requests", json=body, headers=headers)


def asked(talks: Talks, who: str = ASKER, **changes: Any) -> str:
    """Ask, and let the worker deliver; gives the path of the request."""
    answer = ask(talks, who, **changes)
    assert answer.status_code == 202, answer.text
    deliver(talks)
    return f"/v1/access-requests/{answer.json()['id']}"


def deliver(talks: Talks) -> int:
    return worker.deliver_access_requests(talks.world.database, talks.world.clock)


def grant(talks: Talks, path: str, who: str = "supervisor-tang", days: float = 7, **more: Any) -> httpx.Response:
    until = (talks.world.clock.now() + timedelta(days=days)).isoformat(timespec="seconds")
    return talks.world.send(who, "POST", f"{path}/grant", json={"until": until, **more})


def deny(talks: Talks, path: str, who: str = "supervisor-tang") -> httpx.Response:
    return talks.world.send(who, "POST", f"{path}/denial", json={"reason": ANSWER})


def revoke(talks: Talks, path: str, who: str) -> httpx.Response:
    return talks.world.send(who, "DELETE", f"{path}/grant")


def listed(talks: Talks, who: str, scope: str = "mine") -> list[dict[str, Any]]:
    answer = talks.world.send(who, "GET", f"/v1/access-requests?scope={scope}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def statuses(talks: Talks, who: str = ASKER) -> dict[str, int]:
    answers = talks.world.send_all([(who, "GET", filled(path, case_id=talks.id), {}) for path in READS])
    return {path: answer.status_code for path, answer in zip(READS, answers, strict=True)}


def test_who_was_granted_reads_up_to_personal_data_and_nothing_said_in_mediation(talks: Talks) -> None:
    before = talks.world.send(ASKER, "GET", talks.path)
    path = asked(talks)

    granted = grant(talks, path, note="限核对工资标准")

    read = talks.world.send(ASKER, "GET", talks.path)
    texts = talks.world.send_all([(ASKER, "GET", filled(one, case_id=talks.id), {}) for one in READS])
    assert (before.status_code, granted.status_code, read.status_code) == (404, 201, 200)
    assert (read.json()["roles"], read.json()["open_steps"]) == ([], [])
    assert read.json()["withheld"] == ["mediation", "tasks"]
    assert {one["name"] for one in read.json()["parties"]} == {
        one.name for one in talks.world.case(talks.id).parties.values()
    }
    assert [mark for mark in MARKS if any(mark in text.text for text in texts)] == []


def test_under_it_one_reads_what_a_supervisor_of_the_case_reads_and_takes_part_in_nothing(talks: Talks) -> None:
    path = asked(talks)
    before = statuses(talks)

    grant(talks, path)

    refused = {read for read, status in statuses(talks).items() if status != 200}
    worker_side = f"{talks.path}/parties/{talks.worker}"
    written = [
        talks.world.send(ASKER, "POST", f"{worker_side}/reveal", json={"fields": ["phone"], "purpose": "check"}),
        talks.world.send(ASKER, "POST", f"{talks.path}/simulation", json={"steps": []}),
        talks.world.send(ASKER, "GET", f"{worker_side}/data-export"),
        talks.world.send(ASKER, "POST", f"{talks.path}/legal-hold", json={"reason": "另案"}),
    ]
    assert set(before.values()) == {404}
    assert {"/v1/cases/{case_id}/offers", "/v1/cases/{case_id}/history/export"} <= refused
    assert {answer.status_code for answer in written} <= {403, 404, 422}


def test_each_reading_under_it_is_in_the_access_log_under_its_own_name(talks: Talks) -> None:
    path = asked(talks)
    grant(talks, path)

    for tail in ("", "/history"):
        talks.world.send(ASKER, "GET", f"{talks.path}{tail}").raise_for_status()

    rows = talks.world.rows("select * from access_log where operation like 'access_request.%' order by id")
    assert [row["operation"] for row in rows] == ["access_request.read_case", "access_request.read_history"]
    assert {(row["case_id"], row["person_id"], row["purpose"]) for row in rows} == {
        (talks.id, person(ASKER).id, "same_employer")
    }


def test_history_tells_that_it_was_asked_granted_and_taken_back_and_why_is_sealed(talks: Talks) -> None:
    path = asked(talks)
    grant(talks, path, note=ANSWER)
    revoke(talks, path, "supervisor-tang")
    deny(talks, asked(talks))

    told = talks.shown_to("clerk-lin", "history?limit=200")[-5:]
    stored = str(talks.world.rows("select * from access_requests") + talks.world.rows("select payload from history"))
    events = [row["kind"] for row in talks.world.rows("select kind from outbox where kind like 'access_request.%'")]
    assert [entry["action"] for entry in told] == [
        "ask_for_access", "grant_access", "revoke_access", "ask_for_access", "deny_access",
    ]  # fmt: skip
    assert told[0]["actor"] == person(ASKER).id
    assert told[0]["private"] == {"reason": REASON}
    assert (told[1]["private"], told[4]["private"]) == ({"note": ANSWER}, {"reason": ANSWER})
    assert told[1]["input"]["person_id"] == person(ASKER).id
    assert REASON not in stored
    assert ANSWER not in stored
    assert sorted(events) == sorted(
        f"access_request.{one}" for one in ("asked", "granted", "revoked", "asked", "denied")
    )
    assert talks.world.verification(talks.id)["holds"]


def test_supervisors_of_the_body_and_of_those_above_see_who_asks_for_what_and_why(talks: Talks) -> None:
    asked(talks)

    (item,) = listed(talks, "supervisor-tang", "to_decide")

    assert listed(talks, "supervisor-yan", "to_decide") == [item]
    assert listed(talks, "supervisor-meng", "to_decide") == []
    assert item["person"] == {"id": person(ASKER).id, "name": person(ASKER).name}
    assert item["organization"]["id"] == organization("linjiang-centre").id
    assert (item["case_id"], item["purpose"], item["reason"]) == (talks.id, "same_employer", REASON)


def test_what_was_answered_goes_to_the_other_list_with_what_was_granted(talks: Talks) -> None:
    path = asked(talks)
    grant(talks, path, note=ANSWER)
    deny(talks, asked(talks, "mediator-wu"))

    denied, granted = listed(talks, "supervisor-yan", "decided")

    assert listed(talks, "supervisor-tang", "to_decide") == []
    assert (denied["status"], denied["answer"], denied["grant"]) == ("denied", ANSWER, None)
    assert (granted["status"], granted["answer"]) == ("granted", ANSWER)
    assert granted["decided_by"] == person("supervisor-tang").id
    assert granted["grant"]["revoked_at"] is None


def test_who_asked_learns_what_became_of_it(talks: Talks) -> None:
    first, second, _ = asked(talks), asked(talks), asked(talks)
    grant(talks, first)
    deny(talks, second)
    talks.world.clock.move_to(talks.world.clock.now() + timedelta(days=14))

    waiting, denied, granted = listed(talks, ASKER)

    assert [item["status"] for item in (waiting, denied, granted)] == ["expired", "denied", "granted"]
    assert (granted["case_id"], denied["case_id"], waiting["case_id"]) == (talks.id, None, None)
    assert denied["answer"] == ANSWER
    assert {item["reason"] for item in (waiting, denied, granted)} == {None}


@pytest.mark.parametrize("who", ["supervisor-tang", "supervisor-yan", ASKER])
def test_it_is_ended_at_once_by_a_supervisor_or_given_back(talks: Talks, who: str) -> None:
    path = asked(talks)
    grant(talks, path)

    ended = revoke(talks, path, who)

    again = revoke(talks, path, who)
    assert (ended.status_code, again.status_code) == (200, 409)
    assert ended.json()["grant"]["revoked_by"] == person(who).id
    assert talks.world.send(ASKER, "GET", talks.path).status_code == 404


@pytest.mark.parametrize(
    "who", ["clerk-lin", "mediator-zhou", "auditor-feng", "supervisor-meng", "admin-qian", "officer-xu"]
)
def test_nobody_else_answers_lists_or_ends_it(talks: Talks, who: str) -> None:
    waiting, granted = asked(talks), asked(talks)
    grant(talks, granted)

    answers = [grant(talks, waiting, who), deny(talks, waiting, who), revoke(talks, granted, who)]
    lists = [talks.world.send(who, "GET", f"/v1/access-requests?scope={one}") for one in ("to_decide", "decided")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert all(answer.status_code == 403 or answer.json()["items"] == [] for answer in lists)


def test_nobody_answers_for_themself(talks: Talks) -> None:
    path = asked(talks, "supervisor-yan")

    answers = [grant(talks, path, "supervisor-yan"), deny(talks, path, "supervisor-yan")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert listed(talks, "supervisor-yan", "to_decide") == []
    assert grant(talks, path, "supervisor-tang").status_code == 201


@pytest.mark.parametrize(
    ("who", "status"),
    [("mediator-wu", 202), ("volunteer-su", 202), ("officer-jin", 202), ("supervisor-meng", 202),
     ("auditor-feng", 202), ("admin-qian", 403), ("court-gao", 403), ("inspection-luo", 403), ("worker-zhang", 403)],
)  # fmt: skip
def test_it_is_for_those_who_work_on_cases(talks: Talks, who: str, status: int) -> None:
    assert ask(talks, who).status_code == status


def test_a_request_is_answered_once(talks: Talks) -> None:
    path = asked(talks)
    deny(talks, path)

    answers = [grant(talks, path), deny(talks, path), revoke(talks, path, "supervisor-tang")]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert talks.world.rows("select * from grants") == []


def test_what_expired_is_answered_no_more(talks: Talks) -> None:
    path = asked(talks)
    talks.world.clock.move_to(talks.world.clock.now() + timedelta(days=14))

    assert grant(talks, path).status_code == 409
    assert listed(talks, "supervisor-tang", "to_decide") == []


def test_of_two_supervisors_at_once_one_answers(talks: Talks) -> None:
    path = asked(talks)
    until = (talks.world.clock.now() + timedelta(days=1)).isoformat(timespec="seconds")
    talks.world.another()

    answers = talks.world.send_all(
        [(who, "POST", f"{path}/grant", {"json": {"until": until}}) for who in ("supervisor-tang", "supervisor-yan")]
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(talks.world.rows("select * from grants")) == 1


def test_it_ends_by_itself_to_the_moment(talks: Talks) -> None:
    grant(talks, asked(talks), days=1)
    start = talks.world.clock.now()

    talks.world.clock.move_to(start + timedelta(days=1, seconds=-1))
    until_then = talks.world.send(ASKER, "GET", talks.path)
    talks.world.clock.move_to(start + timedelta(days=1))

    assert (until_then.status_code, talks.world.send(ASKER, "GET", talks.path).status_code) == (200, 404)


def test_it_ends_with_the_membership_it_was_asked_under(talks: Talks) -> None:
    grant(talks, asked(talks))
    sql = f"update memberships set until = '2026-06-15' where person_id = '{person(ASKER).id}'"  # noqa: S608

    talks.world.write(lambda unit: unit.connection.exec_driver_sql(sql))

    assert talks.world.send(ASKER, "GET", talks.path).status_code == 404


def test_it_ends_when_the_case_lies_with_another_body(talks: Talks) -> None:
    grant(talks, asked(talks))
    sql = f"update grants set handling_id = '{organization('yunxi-builders').id}'"  # noqa: S608

    talks.world.write(lambda unit: unit.connection.exec_driver_sql(sql))

    assert talks.world.send(ASKER, "GET", talks.path).status_code == 404


@pytest.mark.parametrize("days", [-1, 31])
def test_an_end_behind_or_too_far_ahead_is_refused(talks: Talks, days: int) -> None:
    path = asked(talks)
    until = (talks.world.clock.now() + timedelta(days=days)).isoformat(timespec="seconds")

    refused = [grant(talks, path, days=days), ask(talks, until=until)]

    assert [answer.json()["errors"][0]["pointer"] for answer in refused] == ["/until", "/until"]


def test_a_purpose_a_reason_and_a_number_of_the_right_form_are_given(talks: Talks) -> None:
    refused = [ask(talks, purpose="curiosity"), ask(talks, reason=" "), ask(talks, case_number="张三的案子")]

    assert [answer.status_code for answer in refused] == [422, 422, 422]
    assert talks.world.rows("select * from access_requests") == []


def test_the_number_is_taken_whatever_brackets_it_is_written_with(talks: Talks) -> None:
    typed = number_of(talks).replace("〔", "(").replace("〕", ")")

    asked(talks, case_number=typed)

    assert [item["case_id"] for item in listed(talks, "supervisor-tang", "to_decide")] == [talks.id]


def test_what_it_is_explained_to_give_is_what_is_shown(talks: Talks) -> None:
    granted = grant(talks, asked(talks)).json()["grant"]
    path = f"/v1/access/explain?case_id={talks.id}"

    own = talks.world.send(ASKER, "GET", path).json()
    of_them = talks.world.send("supervisor-tang", "GET", f"{path}&person_id={person(ASKER).id}").json()

    (relation,) = own["relations"]
    (told,) = relation["grants"]
    assert (relation["ceiling"], relation["roles"], relation["withheld"]) == ("personal", [], ["mediation", "tasks"])
    assert (told["id"], told["how"], told["ceiling"]) == (granted["id"], "access_request", "personal")
    assert of_them["relations"] == own["relations"]
    rows = talks.world.rows("select * from access_log where operation like 'access_request.%'")
    assert [row["person_id"] for row in rows] == [person(ASKER).id]


def test_a_supervisor_who_broke_the_glass_and_was_granted_reads_the_whole_and_both_are_logged(talks: Talks) -> None:
    path = asked(talks, "supervisor-yan")
    grant(talks, path)
    until = (talks.world.clock.now() + timedelta(hours=1)).isoformat(timespec="seconds")
    glass = {"purpose": "audit", "reason": "专项审计", "until": until}
    talks.world.send("supervisor-yan", "POST", f"{talks.path}/break-glass", json=glass).raise_for_status()

    read = talks.world.send("supervisor-yan", "GET", talks.path).json()

    rows = talks.world.rows("select operation, purpose from access_log where operation like '%.read_case'")
    assert read["withheld"] == []
    assert {(row["operation"], row["purpose"]) for row in rows} == {
        ("access_request.read_case", "same_employer"), ("break_glass.read_case", "audit"),
    }  # fmt: skip


def test_what_was_granted_is_not_among_the_broken_glass_and_not_ended_as_such(talks: Talks) -> None:
    granted = grant(talks, asked(talks)).json()["grant"]

    ended = talks.world.send("supervisor-tang", "DELETE", f"/v1/break-glass/{granted['id']}")

    assert ended.status_code == 404
    assert talks.world.send("supervisor-tang", "GET", "/v1/break-glass").json()["items"] == []
    assert (granted["handling_id"], granted["ceiling"]) == (CENTRE, "personal")


def test_lists_show_no_more_than_before(talks: Talks) -> None:
    grant(talks, asked(talks))

    found = talks.world.send_all([(ASKER, "GET", f"/v1/cases?scope={one}", {}) for one in ("me", "organization")])

    assert [answer.json()["items"] for answer in found] == [[], []]


def test_lists_of_requests_come_in_pages_newest_first(talks: Talks) -> None:
    made = [ask(talks).json()["id"] for _ in range(3)]

    first = talks.world.send(ASKER, "GET", "/v1/access-requests?limit=2").json()
    second = talks.world.send(ASKER, "GET", first["next"]).json()
    elsewhere = talks.world.send("mediator-wu", "GET", first["next"])

    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None
    assert elsewhere.status_code == 422


def test_one_key_asks_once(talks: Talks) -> None:
    talks.world.another()
    body = {"case_number": number_of(talks), "purpose": "same_worker", "reason": REASON}
    content = {"json": body, "headers": {"Idempotency-Key": "k"}}

    answers = talks.world.send_all([(ASKER, "POST", "/v1/access-requests", content)] * 4)
    other = ask(talks, purpose="supervision", headers={"Idempotency-Key": "k"})

    assert [answer.status_code for answer in answers] == [202] * 4
    assert len({answer.text for answer in answers}) == 1
    assert other.status_code == 422
    assert len(talks.world.rows("select * from access_requests")) == 1
    assert REASON not in str(talks.world.rows("select * from idempotency"))


def test_one_key_grants_once(talks: Talks) -> None:
    path = asked(talks)
    until = (talks.world.clock.now() + timedelta(days=1)).isoformat(timespec="seconds")
    content = {"json": {"until": until}, "headers": {"Idempotency-Key": "k"}}

    answers = [talks.world.send("supervisor-tang", "POST", f"{path}/grant", **content) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].text == answers[1].text
    assert len(talks.world.rows("select * from grants")) == 1


def test_two_workers_deliver_a_request_once(talks: Talks) -> None:
    for _ in range(5):
        ask(talks)
    other = talks.world.another()

    async def both() -> list[int]:
        works = [asyncio.to_thread(worker.deliver_access_requests, w.database, w.clock) for w in (talks.world, other)]
        return list(await asyncio.gather(*works))

    asyncio.run(both())
    deliver(talks)

    told = [entry["action"] for entry in talks.shown_to("clerk-lin", "history?limit=200")]
    assert told.count("ask_for_access") == 5
    assert talks.world.rows("select id from access_requests where delivered_at is null") == []
    assert talks.world.verification(talks.id)["holds"]


def test_the_reason_lies_under_the_key_of_the_case_once_delivered_and_goes_with_it(talks: Talks) -> None:
    path = asked(talks)
    sql = f"update subject_keys set wrapped = null where id = '{talks.id}'"  # noqa: S608

    talks.world.write(lambda unit: unit.connection.exec_driver_sql(sql))

    left = talks.world.rows("select * from subject_keys where id = :id", id=path.rsplit("/", 1)[-1])
    assert [row["wrapped"] for row in left] == [None]
    assert listed(talks, "supervisor-tang", "to_decide") == []
    assert [answer.status_code for answer in (grant(talks, path), deny(talks, path))] == [404, 404]


def test_of_a_number_that_is_none_the_reason_is_destroyed(talks: Talks) -> None:
    asked(talks, case_number=NOWHERE)

    (row,) = talks.world.rows("select * from access_requests")
    (key,) = talks.world.rows("select * from subject_keys where id = :id", id=row["id"])
    assert (row["case_id"], row["reason"], key["wrapped"]) == (None, None, None)
    assert row["delivered_at"] is not None

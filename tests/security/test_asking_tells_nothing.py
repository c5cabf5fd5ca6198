"""Case numbers guessed by asking to read them: no answer, list, statement or refusal tells one from none."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from tests.security.attack import Asked, ask
from tests.services.counting import count_statements
from tests.services.world import World

from mediation import worker

ASKER = "clerk-fang"
NOWHERE = "云溪工调〔2026〕09999号"
OWN = "mine", "theirs", "none"


@pytest.fixture
def numbers(world: World) -> dict[str, str]:
    """Give the number of a case that the asker sees, of one they do not, and one of no case at all."""
    mine, theirs = (world.case(world.create(who)["id"]).number for who in (ASKER, "clerk-lin"))
    assert mine is not None
    assert theirs is not None
    return {"mine": mine, "theirs": theirs, "none": NOWHERE}


def request(number: str, **more: Any) -> Asked:
    body = {"case_number": number, "purpose": "same_worker", "reason": "同一劳动者另案"}
    return ASKER, "POST", "/v1/access-requests", {"json": body, **more}


def deliver(world: World) -> None:
    worker.deliver_access_requests(world.database, world.clock)


def alike(answers: list[httpx.Response]) -> bool:
    return len({_told(answer) for answer in answers}) == 1


def _told(answer: httpx.Response) -> str:
    """Everything an answer says but for what names the request and is as long for all: its ids and the number."""
    body = {name: value for name, value in answer.json().items() if name not in {"id", "case_number", "request_id"}}
    headers = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "traceparent"}}
    left = str((answer.status_code, body, sorted(headers)))
    return left + str([headers.get(name) for name in ("content-length", "retry-after", "cache-control", "location")])


def made(world: World, numbers: dict[str, str]) -> list[str]:
    answers = ask(world, [request(numbers[which]) for which in OWN])
    return [f"/v1/access-requests/{answer.json()['id']}" for answer in answers]


def test_the_answer_to_asking_is_the_same(world: World, numbers: dict[str, str]) -> None:
    answers = ask(world, [request(numbers[which]) for which in OWN])
    replays = ask(world, [request(numbers[which], headers={"Idempotency-Key": which}) for which in OWN] * 2)

    assert {answer.status_code for answer in [*answers, *replays]} == {202}
    assert alike(answers)
    assert alike(replays[3:])


def test_asking_takes_the_same_statements_and_none_that_looks_at_a_case(world: World, numbers: dict[str, str]) -> None:
    other = world.another(threads=1)
    texts: list[str] = []
    event.listen(other.database.engine, "before_cursor_execute", lambda *given: texts.append(given[2]))
    counter = count_statements(other.database)
    other.rows("select 1 as n")
    other.write(lambda unit: unit.connection.exec_driver_sql("select 1").all())
    taken = []
    for which in OWN:
        texts.clear()
        with counter.counted() as statements:
            other.send(ASKER, *request(numbers[which])[1:3], **request(numbers[which])[3])
        taken.append((len(statements), list(texts)))

    assert taken[0] == taken[1] == taken[2]
    assert any("access_requests" in text for text in texts)
    assert [text for text in texts if " cases" in text or "case_scope" in text] == []


def test_ones_own_list_is_the_same_before_and_after_delivery_and_once_expired(
    world: World, numbers: dict[str, str]
) -> None:
    ids = [path.rsplit("/", 1)[-1] for path in made(world, numbers)]
    found = [own(world)]
    deliver(world)
    found.append(own(world))
    world.clock.move_to(world.clock.now() + timedelta(days=14))
    found.append(own(world))

    for items in found:
        assert [item["id"] for item in items] == ids[::-1]
        assert len({str({**item, "id": "", "case_number": ""}) for item in items}) == 1
    assert [items[0]["status"] for items in found] == ["waiting", "waiting", "expired"]


def own(world: World) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ask(world, [(ASKER, "GET", "/v1/access-requests", {})])[0].json()["items"]
    return items


@pytest.mark.parametrize("who", [ASKER, "clerk-lin", "supervisor-meng", "worker-zhang"])
def test_deciding_or_ending_ones_own_or_a_strangers_request_is_refused_alike(
    world: World, numbers: dict[str, str], who: str
) -> None:
    theirs = [path for path, which in zip(made(world, numbers), OWN, strict=True) if which != "mine"]
    deliver(world)
    until = (world.clock.now() + timedelta(days=1)).isoformat(timespec="seconds")

    for tail, method, body in (("grant", "POST", {"until": until}), ("denial", "POST", {"reason": "无关"})):
        answers = ask(world, [(who, method, f"{path}/{tail}", {"json": body}) for path in theirs])

        assert {answer.status_code for answer in answers} <= {403, 404}
        assert len({(answer.status_code, answer.json()["code"]) for answer in answers}) == 1
    ended = ask(world, [(who, "DELETE", f"{path}/grant", {}) for path in theirs])
    assert {answer.status_code for answer in ended} == {409 if who == ASKER else 404}


def test_a_supervisor_who_asks_learns_no_more_of_a_case_below_them(world: World) -> None:
    number = world.case(world.create()["id"]).number
    body = {"purpose": "supervision", "reason": "专项检查"}
    asked: list[Asked] = [
        ("supervisor-tang", "POST", "/v1/access-requests", {"json": {**body, "case_number": one}})
        for one in (number, NOWHERE)
    ]
    paths = [f"/v1/access-requests/{answer.json()['id']}" for answer in ask(world, asked)]
    deliver(world)

    answers = ask(world, [("supervisor-tang", "POST", f"{path}/denial", {"json": {"reason": "无"}}) for path in paths])
    waiting = ask(world, [("supervisor-tang", "GET", "/v1/access-requests?scope=to_decide", {})])[0]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert waiting.json()["items"] == []


def test_guessing_ends_alike_and_raises_an_alarm(world: World, numbers: dict[str, str]) -> None:
    guesses = [request(numbers[which]) for which in ("theirs", "none", "theirs", "none")]

    answers = ask(world, guesses, rate_access_requests=2)

    (alarm,) = ask(world, [("auditor-feng", "GET", "/v1/alarms", {})])[0].json()["items"]
    assert [answer.status_code for answer in answers] == [202, 202, 429, 429]
    assert answers[2].headers["retry-after"] == answers[3].headers["retry-after"]
    assert alike(answers[2:])
    assert (alarm["kind"], alarm["number"], alarm["seconds"]) == ("access_requests", 2, 3600)
    assert world.rows("select * from rate_limits where budget = 'unknown_cases'") == []


def test_a_refused_request_says_nothing_of_the_case_either(world: World, numbers: dict[str, str]) -> None:
    wrong = {"purpose": "curiosity", "reason": "好奇"}
    asked: list[Asked] = [
        (who, "POST", "/v1/access-requests", {"json": {**wrong, "case_number": numbers[which]}})
        for who in (ASKER, "admin-qian")
        for which in OWN
    ]

    answers = ask(world, asked)

    assert {answer.status_code for answer in answers} == {422}
    assert alike(answers[:3])
    assert alike(answers[3:])

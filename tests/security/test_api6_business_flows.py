"""OWASP API6:2023, unrestricted access to sensitive business flows: bulk registration, look-ups, guessing of ids."""

import uuid

import pytest
from tests.security.attack import Asked, ask, ask_one, told
from tests.services.world import World, new_case, party_ids

PHONE = "13800000000"
LOOK_UP: Asked = ("clerk-lin", "POST", "/v1/case-lookups", {"json": {"phone": PHONE}})


def test_cases_are_not_written_down_by_the_hundred(world: World) -> None:
    create: Asked = ("clerk-lin", "POST", "/v1/cases", {"json": new_case()})

    answers = ask(world, [create] * 5, rate_creations=3)

    assert [answer.status_code for answer in answers] == [201] * 3 + [429] * 2
    assert world.counts()["cases"] == 3
    assert '"creations";r=0' in answers[-1].headers["ratelimit"]


def test_one_key_sent_a_hundred_times_writes_one_case(world: World) -> None:
    content = {"headers": {"Idempotency-Key": "once"}, "json": new_case()}

    answers = ask(world, [("clerk-lin", "POST", "/v1/cases", content)] * 20)

    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert world.counts()["cases"] == 1


def test_looking_people_up_one_after_another_ends_and_raises_an_alarm(world: World) -> None:
    numbers = [f"138{number:08}" for number in range(5)]

    answers = ask(
        world,
        [("clerk-lin", "POST", "/v1/case-lookups", {"json": {"phone": number}}) for number in numbers],
        rate_look_ups=3,
    )

    (alarm,) = ask_one(world, "auditor-feng", "GET", "/v1/alarms").json()["items"]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2
    assert (alarm["kind"], alarm["number"], alarm["seconds"]) == ("look_ups", 3, 60)


def test_showing_one_persons_data_after_another_in_clear_ends_and_raises_an_alarm(world: World) -> None:
    case = world.create()
    path = f"/v1/cases/{case['id']}/parties/{party_ids(case)[0]}/reveal"
    content = {"json": {"fields": ["phone"], "purpose": "service_of_documents"}}

    answers = ask(world, [("clerk-lin", "POST", path, content)] * 4, rate_reveals=2)

    (alarm,) = ask_one(world, "auditor-feng", "GET", "/v1/alarms").json()["items"]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert (alarm["kind"], alarm["number"]) == ("reveals", 2)


def test_who_looked_up_too_much_works_on_with_the_rest(world: World) -> None:
    *_, refused, list_of_cases = ask(
        world, [LOOK_UP, LOOK_UP, LOOK_UP, ("clerk-lin", "GET", "/v1/cases", {})], rate_look_ups=2
    )

    assert (refused.status_code, list_of_cases.status_code) == (429, 200)


def test_a_look_up_needs_the_whole_number_and_finds_only_what_one_sees(world: World) -> None:
    world.create("clerk-fang")

    elsewhere = ask_one(world, "clerk-lin", *LOOK_UP[1:3], json={"phone": PHONE})
    partly = ask_one(world, "clerk-fang", *LOOK_UP[1:3], json={"phone": PHONE[:7]})
    here = ask_one(world, "clerk-fang", *LOOK_UP[1:3], json={"phone": PHONE})

    assert elsewhere.json()["items"] == []
    assert partly.status_code == 422 or partly.json()["items"] == []
    assert len(here.json()["items"]) == 1


def test_asking_for_cases_that_are_not_there_raises_an_alarm_once(world: World) -> None:
    guesses: list[Asked] = [("clerk-lin", "GET", f"/v1/cases/{uuid.uuid4()}", {}) for _ in range(8)]

    answers = ask(world, guesses, alarm_unknown_cases=3)

    alarms = ask_one(world, "security-qi", "GET", "/v1/alarms").json()["items"]
    assert [told(answer) for answer in answers] == [(404, "not_found")] * 8
    assert [(alarm["kind"], alarm["number"]) for alarm in alarms] == [("unknown_cases", 3)]


def test_what_is_missing_in_a_case_of_ones_own_is_no_alarm(world: World) -> None:
    case = world.create()
    missing: list[Asked] = [
        ("clerk-lin", "PATCH", f"/v1/cases/{case['id']}/parties/{uuid.uuid4()}",
         {"headers": {"If-Match": '"1"'}, "json": {"name": "某人"}})
    ] * 5  # fmt: skip

    answers = ask(world, missing, alarm_unknown_cases=2)

    assert {answer.status_code for answer in answers} == {404}
    assert world.rows("select * from alarms") == []


def test_the_clock_is_moved_in_the_demo_and_nowhere_else(world: World) -> None:
    (answer,) = ask(world, [("clerk-lin", "POST", "/v1/demo/clock", {"json": {"advance_days": 365}})], demo=False)

    assert told(answer) == (404, "not_found")


def test_an_alarm_is_told_in_log_and_metrics_where_no_database_keeps_it(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.write(lambda unit: unit.connection.exec_driver_sql("drop table alarms"))
    guesses: list[Asked] = [("clerk-lin", "GET", f"/v1/cases/{uuid.uuid4()}", {})] * 3

    answers = ask(world, guesses, alarm_unknown_cases=1)

    said = capsys.readouterr().out
    assert {answer.status_code for answer in answers} == {404}
    assert "kind=unknown_cases" in said
    assert "alarm_not_kept" in said

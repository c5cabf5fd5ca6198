"""Many clients at once, over HTTP and in several processes on one database."""

from collections import Counter
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from tests.services.world import TRIAGE, World, attested, new_case, party_of

from mediation.demo.people import organization, person
from mediation.storage import Unit

CLIENTS = 12


@pytest.fixture
def processes(world: World) -> World:
    """Give one of three processes on the same database; requests are spread over all of them."""
    world.another()
    world.another()
    return world


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def numbers(world: World) -> list[int]:
    """The running numbers on file, in order."""
    rows = world.rows("select number from cases where number is not null")
    return sorted(int(row["number"].removesuffix("号")[-5:]) for row in rows)


def step(case: dict[str, Any], action: str, key: str | None = None, **given: Any) -> tuple[str, str, str, Any]:
    headers = {"If-Match": f'"{case["version"]}"'}
    if key is not None:
        headers["Idempotency-Key"] = key
    body = {"attestations": attested(action), **given}
    return "clerk-lin", "POST", f"/v1/cases/{case['id']}/steps/{action}", {"headers": headers, "json": body}


def creation(key: str, **values: Any) -> tuple[str, str, str, Any]:
    body = {"headers": {"Idempotency-Key": key}, "json": new_case(**values)}
    return "clerk-lin", "POST", "/v1/cases", body


def test_of_many_who_take_the_same_step_exactly_one_wins(processes: World) -> None:
    case = processes.create()

    answers = processes.send_all([step(case, "triage_ok", f"key-{n}", **TRIAGE) for n in range(CLIENTS)])

    found = statuses(answers)
    assert found[200] == 1
    assert set(found) <= {200, 412, 409}
    assert all(answer.headers.get("ETag") == '"3"' for answer in answers if answer.status_code == 412)
    assert processes.case(case["id"]).sequence == 3
    assert processes.verification(case["id"]) | {"head": ""} == {
        "entries": 3,
        "head": "",
        "holds": True,
        "problems": [],
    }


def test_different_steps_on_one_case_leave_a_history_without_a_gap(processes: World) -> None:
    case = processes.create()
    requests = [
        step(case, "triage_ok", **TRIAGE),
        step(case, "escalate_violence", level="red", kind="violence", reported_to=[organization("yunxi-union").id]),
        step(case, "record_contract_end", ended_on="2026-06-01", ground="expiry"),
    ]

    answers = processes.send_all(requests * 3)

    found = statuses(answers)
    entries = processes.rows("select sequence from history where case_id = :id order by sequence", id=case["id"])
    assert found[200] == 1
    assert found[412] == len(answers) - 1
    assert [row["sequence"] for row in entries] == [1, 2, 3]


def test_registrations_at_once_get_numbers_without_a_gap(processes: World) -> None:
    answers = processes.send_all([creation(f"key-{n}") for n in range(CLIENTS)])

    assert statuses(answers) == {201: CLIENTS}
    assert numbers(processes) == list(range(1, CLIENTS + 1))


def test_refused_registrations_take_no_number(processes: World) -> None:
    nobody: dict[str, Any] = {"parties": [party_of("worker", "李四")]}
    requests = [creation(f"key-{n}", **(nobody if n % 3 == 0 else {})) for n in range(CLIENTS)]

    answers = processes.send_all(requests)

    assert statuses(answers) == {201: 8, 409: 4}
    assert numbers(processes) == list(range(1, 9))
    assert processes.counts()["cases"] == 8


def test_drafts_submitted_at_once_get_numbers_without_a_gap(processes: World) -> None:
    drafts = [processes.create(submit=False) for _ in range(6)]
    given = {"channel": "walk_in", "written_or_oral": "written", "received_on": "2026-06-15", "reason": "欠薪"}

    answers = processes.send_all([step(draft, "submit_intake", **given) for draft in drafts for _ in range(2)])

    assert statuses(answers) == {200: 6, 412: 6}
    assert numbers(processes) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("submit", [False, True])
def test_one_key_from_many_clients_writes_one_case_and_gives_one_answer(processes: World, submit: bool) -> None:
    answers = processes.send_all([creation("the-key", submit=submit)] * CLIENTS)

    assert statuses(answers) == {201: CLIENTS}
    assert len({answer.content for answer in answers}) == 1
    assert len({(answer.headers["ETag"], answer.headers["Location"]) for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == CLIENTS - 1
    assert processes.counts()["cases"] == 1
    assert numbers(processes) == ([1] if submit else [])


def test_one_key_from_many_clients_takes_one_step_and_gives_one_answer(processes: World) -> None:
    case = processes.create()

    answers = processes.send_all([step(case, "triage_ok", "the-key", **TRIAGE)] * CLIENTS)

    assert statuses(answers) == {200: CLIENTS}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == CLIENTS - 1
    assert processes.case(case["id"]).version == 3


@pytest.mark.parametrize("what", ["parties", "claims", "assignments"])
def test_one_key_from_many_clients_adds_one_child(processes: World, what: str) -> None:
    case = processes.create(submit=False)
    bodies: dict[str, Any] = {
        "parties": party_of("worker", "李四", role="co_applicant"),
        "claims": {"code": "overtime_pay", "amount": "1.00"},
        "assignments": {"person_id": person("volunteer-he").id, "role": "volunteer"},
    }
    before = processes.counts()[what]
    content = {"headers": {"Idempotency-Key": "the-key"}, "json": bodies[what]}

    answers = processes.send_all([("clerk-lin", "POST", f"/v1/cases/{case['id']}/{what}", content)] * CLIENTS)

    assert statuses(answers) == {201: CLIENTS}
    assert len({answer.content for answer in answers}) == 1
    assert processes.counts()[what] == before + 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/people", {"subject": "new-clerk", "name": "新人"}),
        (
            "/v1/organizations",
            {"parent_id": organization("city-union").id, "kind": "township_org", "name": "新站", "short_name": "新"},
        ),
    ],
)
def test_one_key_from_many_clients_adds_one_row_of_the_directory(
    processes: World, path: str, body: dict[str, Any]
) -> None:
    table = path.removeprefix("/v1/")
    before = processes.counts()[table]
    subject = "supervisor-tang" if table == "people" else "admin-qian"

    answers = processes.send_all(
        [(subject, "POST", path, {"headers": {"Idempotency-Key": "the-key"}, "json": body})] * CLIENTS
    )

    assert statuses(answers) == {201: CLIENTS}
    assert len({answer.content for answer in answers}) == 1
    assert processes.counts()[table] == before + 1


def test_of_many_who_register_the_same_person_one_wins(processes: World) -> None:
    body = {"json": {"subject": "new-clerk", "name": "新人"}}

    answers = processes.send_all([("supervisor-tang", "POST", "/v1/people", body)] * CLIENTS)

    assert statuses(answers) == {201: 1, 409: CLIENTS - 1}


def test_of_many_who_amend_the_same_person_one_wins(processes: World) -> None:
    path = f"/v1/people/{person('mediator-zhou').id}"
    requests = [
        ("supervisor-tang", "PATCH", path, {"headers": {"If-Match": '"1"'}, "json": {"name": f"周{n}"}})
        for n in range(CLIENTS)
    ]

    answers = processes.send_all(requests)

    assert statuses(answers) == {200: 1, 412: CLIENTS - 1}


def test_a_key_used_for_another_request_is_refused_whoever_comes_first(processes: World) -> None:
    requests = [creation("the-key", summary=text) for text in ("一", "二")] * 4

    answers = processes.send_all(requests)

    assert statuses(answers) == {201: 4, 422: 4}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 422} == {"idempotency_key_reused"}
    assert processes.counts()["cases"] == 1


def test_keys_of_different_callers_have_nothing_to_do_with_each_other(processes: World) -> None:
    content = {"headers": {"Idempotency-Key": "the-key"}, "json": new_case()}

    answers = processes.send_all([(who, "POST", "/v1/cases", content) for who in ("clerk-lin", "clerk-mu")])

    assert statuses(answers) == {201: 2}
    assert processes.counts()["cases"] == 2


def test_two_people_who_edit_different_parties_do_not_collide(processes: World) -> None:
    case = processes.create()
    requests = [
        ("clerk-lin", "PATCH", f"/v1/cases/{case['id']}/parties/{party['id']}",
         {"headers": {"If-Match": '"1"'}, "json": {"name": f"改名{number}"}})
        for number, party in enumerate(case["parties"])
    ]  # fmt: skip

    answers = processes.send_all(requests)

    assert statuses(answers) == {200: 2}
    assert [answer.headers["ETag"] for answer in answers] == ['"2"', '"2"']
    assert {party.name for party in processes.case(case["id"]).parties.values()} == {"改名0", "改名1"}
    assert processes.case(case["id"]).version == 4
    assert processes.verification(case["id"])["holds"]


def test_of_many_who_edit_one_party_exactly_one_wins(processes: World) -> None:
    case = processes.create()
    path = f"/v1/cases/{case['id']}/parties/{case['parties'][0]['id']}"
    content = {"headers": {"If-Match": '"1"'}, "json": {"name": "改名"}}

    answers = processes.send_all([("clerk-lin", "PATCH", path, content)] * 6)

    assert statuses(answers) == {200: 1, 412: 5}


def test_many_who_add_to_one_draft_all_succeed(processes: World) -> None:
    case = processes.create(submit=False)
    requests = [
        ("clerk-lin", "POST", f"/v1/cases/{case['id']}/claims", {"json": {"code": "overtime_pay"}}) for _ in range(8)
    ]

    answers = processes.send_all(requests)

    assert statuses(answers) == {201: 8}
    assert processes.counts()["claims"] == 10
    assert processes.verification(case["id"])["holds"]


class CommitFailedError(Exception):
    """What the test makes of a commit."""


def let_commits_fail(world: World) -> None:
    """Let the database itself find at the end of the transaction that a case may not be written."""
    for statement in _REFUSALS[world.database.dialect]:
        world.write(lambda unit, sql=statement: unit.connection.exec_driver_sql(sql))


_REFUSALS = {
    "sqlite": (
        "create table never (id integer primary key)",
        "create table refusals (id integer references never (id) deferrable initially deferred)",
        "create trigger refuse_cases after insert on history begin insert into refusals values (1); end",
    ),
    "postgresql": (
        "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$",
        (
            "create constraint trigger refuse_cases after insert on history deferrable initially deferred "
            "for each row execute function refuse()"
        ),
    ),
}


def test_a_commit_that_fails_is_a_500_and_writes_nothing(world: World) -> None:
    case = world.create()
    draft = world.create(submit=False)
    let_commits_fail(world)
    before = world.counts()
    submit = {"channel": "walk_in", "written_or_oral": "written", "received_on": "2026-06-15", "reason": "欠薪"}
    requests = [
        creation("key-1"),
        creation("key-2", submit=False),
        step(case, "triage_ok", "key-3", **TRIAGE),
        step(draft, "submit_intake", "key-4", **submit),
        ("clerk-lin", "PATCH", f"/v1/cases/{draft['id']}", {"headers": {"If-Match": '"1"'}, "json": {"urgent": True}}),
        ("clerk-lin", "POST", f"/v1/cases/{draft['id']}/claims", {"json": {"code": "overtime_pay"}}),
    ]

    answers = world.send_all(requests)

    assert [answer.status_code for answer in answers] == [500] * len(requests)
    assert {answer.json()["code"] for answer in answers} == {"internal_error"}
    assert world.counts() == before


def test_a_process_goes_on_after_a_commit_that_failed(world: World) -> None:
    let_commits_fail(world)
    failed = world.send_all([creation(f"key-{n}") for n in range(6)])
    on = " on history" if world.database.dialect == "postgresql" else ""
    world.write(lambda unit: unit.connection.exec_driver_sql(f"drop trigger refuse_cases{on}"))

    answers = world.send_all([creation(f"key-{n}") for n in range(6)])

    assert statuses(failed) == {500: 6}
    assert statuses(answers) == {201: 6}
    assert numbers(world) == [1, 2, 3, 4, 5, 6]


def test_a_deadlock_is_tried_again(postgresql_url: str) -> None:
    from tests.services.world import open_world

    with open_world(postgresql_url) as world:
        tries: list[int] = []

        def deadlocked_once(unit: Unit) -> int:
            tries.append(1)
            if len(tries) == 1:
                unit.connection.exec_driver_sql("do $$ begin raise exception 'd' using errcode = '40P01'; end $$")
            return len(tries)

        assert world.write(deadlocked_once) == 2


def test_more_work_than_is_admitted_is_sent_away_for_a_while(database_url: str) -> None:
    import threading

    from tests.services.world import open_world

    with open_world(database_url, threads=1, queue=0, queue_seconds=0.05) as world:
        release = threading.Event()
        event.listen(world.database.engine, "before_cursor_execute", lambda *_: release.wait(10))

        threading.Timer(1.0, release.set).start()
        answers = world.send_all([("clerk-lin", "GET", "/v1/me", {})] * 6)

    found = statuses(answers)
    admitted = 2 if database_url.startswith("sqlite") else 1
    assert found == {200: admitted, 503: 6 - admitted}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers if answer.status_code == 503)

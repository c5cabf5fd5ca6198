"""Tasks and reminders as worklists: who finds them, who answers them, and how they are handed on or put away."""

from datetime import date
from typing import Any

import httpx
import pytest
from tests.services.world import CENTRE, World, mediate, triage

from mediation import worker
from mediation.demo.people import person
from mediation.domain.history import rebuild
from mediation.domain.records import to_row
from mediation.services import reading
from mediation.storage import tasks as rows

LAPSED_ON = date(2026, 6, 17)


@pytest.fixture
def case_id(world: World) -> str:
    """A registered case that nobody sorted in time: a task for the supervisor."""
    found: str = world.create()["id"]
    world.run_due(LAPSED_ON)
    return found


def listed(world: World, subject: str, query: str = "", path: str = "tasks") -> list[dict[str, Any]]:
    answer = world.send(subject, "GET", f"/v1/{path}?{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def task_of(world: World, case_id: str) -> dict[str, Any]:
    (found,) = world.case(case_id).tasks.values()
    return to_row("tasks", found)


def patch(world: World, subject: str, case_id: str, version: int = 1, **body: Any) -> httpx.Response:
    path = f"/v1/cases/{case_id}/tasks/{task_of(world, case_id)['id']}"
    return world.send(subject, "PATCH", path, headers={"If-Match": f'"{version}"'}, json=body)


def test_a_task_says_what_is_late_who_answers_and_what_answers_it(world: World, case_id: str) -> None:
    world.clock.move_to(date(2026, 6, 20))

    (item,) = listed(world, "clerk-lin")

    assert (item["case_id"], item["number"]) == (case_id, world.case(case_id).number)
    assert (item["code"], item["due_on"], item["days_overdue"]) == ("D_TRIAGE_1WD", "2026-06-16", 4)
    assert item["label"] == {"zh": "登记后分流", "en": "triage after registration"}
    assert item["owner"] == {"role": "supervisor", "organization_id": CENTRE, "person_id": None, "name": None}
    assert item["answered_by"][0]["action"] == "triage_ok"
    assert item["answered_by"][0]["label"]["en"]
    assert item["answered_by"][0]["citations"]
    assert (item["is_escalated"], item["escalate_on"]) == (False, "2026-06-18")


def test_a_mediators_task_is_answered_by_the_one_who_mediates_now(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    world.run_due(date(2026, 7, 1))
    mediator = person("mediator-zhou")
    world.write(
        lambda unit: unit.connection.exec_driver_sql("update tasks set owner_role = 'mediator' where status = 'open'")
    )

    (item,) = listed(world, "clerk-lin", f"owner={mediator.id}")
    of_another = listed(world, "clerk-lin", f"owner={person('mediator-chen').id}")

    assert (item["owner"]["person_id"], item["owner"]["name"]) == (mediator.id, mediator.name)
    assert of_another == []
    assert listed(world, "mediator-zhou", "scope=me") == [item]


def test_tasks_come_by_due_date_in_pages(world: World) -> None:
    cases = []
    for day in (15, 16, 17):
        world.clock.move_to(date(2026, 6, day))
        cases.append(world.create()["id"])
    world.run_due(date(2026, 6, 25))

    path, found = "/v1/tasks?limit=2", []
    while path:
        answer = world.send("clerk-lin", "GET", path).json()
        found.append([item["case_id"] for item in answer["items"] if item["code"] == "D_TRIAGE_1WD"])
        path = answer["next"]

    assert [case for page in found for case in page] == cases
    assert max(map(len, found)) <= 2


def test_a_cursor_is_good_for_its_own_question_alone(world: World) -> None:
    for _ in range(2):
        world.create()
    world.run_due(LAPSED_ON)
    following = world.send("clerk-lin", "GET", "/v1/tasks?limit=1").json()["next"]

    answers = [
        world.send(who, "GET", path).status_code
        for who, path in (
            ("clerk-lin", following),
            ("officer-xu", following),
            ("clerk-lin", following.replace("/tasks?", "/tasks?status=done&")),
            ("clerk-lin", following.replace("/tasks", "/reminders")),
        )
    ]

    assert answers == [200, 422, 422, 422]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("term=D_TRIAGE_1WD", 1),
        ("term=D_MED_15", 0),
        ("status=done", 0),
        ("owner_role=supervisor", 1),
        ("owner_role=clerk", 0),
        ("due_before=2026-06-17", 1),
        ("due_before=2026-06-16", 0),
    ],
)
@pytest.mark.usefixtures("case_id")
def test_tasks_are_narrowed_by_what_is_asked(world: World, query: str, number: int) -> None:
    assert len(listed(world, "clerk-lin", query)) == number


def test_large_and_small_scopes_give_the_same_pages(
    world: World, case_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.remind(world.database, world.clock)
    world.create()
    world.run_due(date(2026, 6, 20))
    worker.remind(world.database, world.clock)
    few = listed(world, "clerk-lin"), listed(world, "clerk-lin", path="reminders")
    monkeypatch.setattr(rows, "FEW", 0)
    rows._statement.cache_clear()

    many = listed(world, "clerk-lin"), listed(world, "clerk-lin", path="reminders")

    rows._statement.cache_clear()
    assert len(few[0]) == 2
    assert few[1]
    assert few == many


SEE = {
    "clerk-lin": {"me": 1, "organization": 1, "below": 403},  # who wrote it down keeps it in view
    "supervisor-tang": {"me": 0, "organization": 0, "below": 1},
    "auditor-feng": {"me": 0, "organization": 0, "below": 1},
    "mediator-zhou": {"me": 0, "organization": 403, "below": 403},
    "volunteer-he": {"me": 0, "organization": 403, "below": 403},
    "clerk-fang": {"me": 0, "organization": 0, "below": 403},
    "court-gao": {"me": 0, "organization": 403, "below": 403},
    "arbitration-shen": {"me": 0, "organization": 403, "below": 403},
    "inspection-luo": {"me": 0, "organization": 403, "below": 403},
    "admin-qian": {"me": 403, "organization": 403, "below": 403},  # sees no content of cases
    "worker-zhang": {"me": 0, "organization": 403, "below": 403},
}


@pytest.mark.parametrize(("path", "narrowed"), [("tasks", "term=D_TRIAGE_1WD"), ("reminders", "kind=escalation")])
def test_a_list_shows_the_cases_of_a_scope_to_those_who_look_into_it_and_to_nobody_else(
    world: World, case_id: str, path: str, narrowed: str
) -> None:
    world.clock.move_to(date(2026, 6, 19))
    worker.remind(world.database, world.clock)
    found: dict[str, dict[str, int]] = {}

    for subject, scopes in SEE.items():
        answers = {scope: world.send(subject, "GET", f"/v1/{path}?scope={scope}&{narrowed}") for scope in scopes}
        found[subject] = {
            scope: len(answer.json()["items"]) if answer.status_code == 200 else answer.status_code
            for scope, answer in answers.items()
        }

    assert {item["case_id"] for item in listed(world, "clerk-lin", path=path)} == {case_id}
    assert found == SEE


@pytest.mark.parametrize("path", ["tasks", "reminders"])
def test_a_volunteer_finds_what_waits_in_their_own_cases_and_liaisons_nothing(
    world: World, case_id: str, path: str
) -> None:
    others = world.create()["id"]
    world.run_due(date(2026, 6, 22))
    worker.remind(world.database, world.clock)
    body = {"person_id": person("volunteer-he").id, "role": "volunteer"}
    assert world.send("clerk-lin", "POST", f"/v1/cases/{case_id}/assignments", json=body).status_code == 201

    seen = {item["case_id"] for item in listed(world, "volunteer-he", "scope=me", path)}

    assert seen == {case_id} != {others}
    assert listed(world, "court-gao", "scope=me", path) == []
    assert world.send("court-gao", "GET", f"/v1/{path}?scope=sent").status_code == 422


def test_a_task_is_handed_to_somebody_who_works_on_the_case(world: World, case_id: str) -> None:
    answer = patch(world, "supervisor-tang", case_id, owner_id=person("clerk-lin").id, note="请今日分流")

    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == '"2"'
    assert (answer.json()["owner_id"], answer.json()["note"]) == (person("clerk-lin").id, "请今日分流")
    (item,) = listed(world, "clerk-lin", f"owner={person('clerk-lin').id}")
    assert item["owner"]["name"] == person("clerk-lin").name
    assert world.case(case_id).last_entry["action"] == "amend_task"


def test_a_task_is_given_back_to_its_role(world: World, case_id: str) -> None:
    patch(world, "clerk-lin", case_id, owner_id=person("clerk-lin").id)

    answer = patch(world, "clerk-lin", case_id, 2, owner_id=None)

    assert answer.json()["owner_id"] is None
    assert listed(world, "clerk-lin", f"owner={person('clerk-lin').id}") == []


@pytest.mark.parametrize("stranger", ["volunteer-he", "mediator-chen", "court-gao", "clerk-fang", "auditor-feng"])
def test_a_task_is_not_handed_to_somebody_who_does_not_work_on_the_case(
    world: World, case_id: str, stranger: str
) -> None:
    answer = patch(world, "clerk-lin", case_id, owner_id=person(stranger).id)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "not_on_the_case"


def test_a_task_is_not_handed_to_somebody_who_is_not_there(world: World, case_id: str) -> None:
    answer = patch(world, "clerk-lin", case_id, owner_id="0198a1a0-0000-7000-8000-000000000000")

    assert answer.json()["errors"][0]["code"] == "not_on_the_case"


def test_a_task_is_handed_to_an_assigned_volunteer(world: World, case_id: str) -> None:
    body = {"person_id": person("volunteer-he").id, "role": "volunteer"}
    world.send("clerk-lin", "POST", f"/v1/cases/{case_id}/assignments", json=body)

    answer = patch(world, "clerk-lin", case_id, owner_id=person("volunteer-he").id)

    assert answer.status_code == 200, answer.text


def test_a_task_is_closed_with_a_reason_and_asks_for_nothing_any_more(world: World, case_id: str) -> None:
    answer = patch(world, "supervisor-tang", case_id, status="closed", note="张三已另行调解")
    world.clock.move_to(date(2026, 6, 30))
    written = worker.remind(world.database, world.clock)

    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["done_on"]) == ("closed", "2026-06-17")
    assert listed(world, "clerk-lin") == []
    assert [item["status"] for item in listed(world, "clerk-lin", "status=closed")] == ["closed"]
    assert world.rows("select id from reminders where kind = 'escalation'") == []
    assert written == len(world.rows("select id from reminders"))
    assert not world.rows("select has_tasks from cases")[0]["has_tasks"]


@pytest.mark.parametrize(
    ("body", "pointer"), [({"status": "closed"}, "/note"), ({}, "/owner_id"), ({"status": "done"}, "/status")]
)
def test_a_change_that_says_too_little_is_refused(
    world: World, case_id: str, body: dict[str, Any], pointer: str
) -> None:
    answer = patch(world, "clerk-lin", case_id, **body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_task_that_is_answered_is_no_longer_changed(world: World, case_id: str) -> None:
    triage(world, case_id)

    answer = patch(world, "clerk-lin", case_id, 2, owner_id=None)

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_a_change_of_a_task_compares_the_tasks_own_version(world: World, case_id: str) -> None:
    patch(world, "clerk-lin", case_id, note="已电话联系")

    stale = patch(world, "clerk-lin", case_id, owner_id=None)
    path = f"/v1/cases/{case_id}/tasks/{task_of(world, case_id)['id']}"
    without = world.send("clerk-lin", "PATCH", path, json={"owner_id": None})

    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    assert without.status_code == 428


def test_those_who_only_look_on_change_no_task(world: World, case_id: str) -> None:
    assert patch(world, "auditor-feng", case_id, owner_id=None).status_code == 403
    assert patch(world, "clerk-fang", case_id, owner_id=None).status_code == 404


def test_the_reason_lies_sealed_in_its_row_and_in_history(world: World, case_id: str) -> None:
    patch(world, "clerk-lin", case_id, status="closed", note="张三已另行调解")

    (row,) = world.rows("select note from tasks")
    payloads = world.rows("select payload from history")
    entries = world.send("clerk-lin", "GET", f"/v1/cases/{case_id}/history?limit=200").json()["items"]

    assert "张三" not in row["note"]
    assert not any("张三已另行" in payload["payload"] for payload in payloads)
    assert entries[-1]["action"] == "amend_task"
    assert "张三已另行调解" in str(entries[-1]["changes"])
    assert world.verification(case_id)["holds"]


def test_a_case_with_a_changed_task_is_rebuilt_from_its_history(world: World, case_id: str) -> None:
    patch(world, "clerk-lin", case_id, owner_id=person("clerk-lin").id, note="请今日分流")
    triage(world, case_id)
    page = world.read(reading.read_history, world.caller("clerk-lin"), case_id, 0, 200)

    rebuilt = rebuild(page.entries)

    assert rebuilt["tasks"] == dict(world.case(case_id).tasks)
    assert task_of(world, case_id)["version"] == 3

"""Personal data in clear: for a purpose, by who works on the case, and never without a trace."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import DBAPIError
from tests.services.world import CENTRE, World, party_ids, party_of

from mediation import worker
from mediation.demo.people import person
from mediation.storage import Unit

PHONE, RESIDENT_ID = "13800000000", "11010519491231002X"


def reveal(world: World, case: dict[str, Any], who: str = "clerk-lin", **changes: Any) -> httpx.Response:
    body = {"fields": ["phone"], "purpose": "service_of_documents", "reason": "送达张三丰的通知", **changes}
    party = body.pop("party", party_ids(case)[0])
    headers = body.pop("headers", {})
    return world.send(who, "POST", f"/v1/cases/{case['id']}/parties/{party}/reveal", json=body, headers=headers)


def readings(world: World, who: str = "auditor-feng", query: str = "") -> list[dict[str, Any]]:
    answer = world.send(who, "GET", f"/v1/access-log{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_a_clerk_is_told_the_clear_value_and_history_and_log_tell_of_it(world: World) -> None:
    case = world.create()

    answer = reveal(world, case)

    (logged,) = readings(world)
    last = world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}/history?after={case['version']}").json()["items"][-1]
    party = party_ids(case)[0]
    assert answer.status_code == 200, answer.text
    assert answer.json()["values"] == {"phone": PHONE}
    assert answer.headers["cache-control"] == "private, no-store"
    assert (logged["operation"], logged["case_id"], logged["party_id"]) == ("reveal", case["id"], party)
    assert (logged["person_id"], logged["organization_id"]) == (person("clerk-lin").id, CENTRE)
    assert logged["purpose"] == "service_of_documents"
    assert (last["action"], last["input"]["fields"], last["sequence"]) == ("reveal", ["phone"], answer.json()["entry"])
    assert last["private"] == {"reason": "送达张三丰的通知"}
    assert world.verification(case["id"])["holds"]


def test_neither_history_nor_the_log_nor_a_kept_answer_holds_the_clear_value(world: World) -> None:
    case = world.create()
    before = world.counts()["idempotency"]

    first = reveal(world, case, headers={"Idempotency-Key": "once"})
    again = reveal(world, case, headers={"Idempotency-Key": "once"})

    rows = world.rows("select payload from history") + world.rows("select * from access_log")
    assert (first.status_code, again.status_code) == (200, 200)
    assert world.counts()["idempotency"] == before
    assert len(readings(world)) == 2
    assert PHONE not in json.dumps([{name: str(value) for name, value in row.items()} for row in rows])
    assert "张三丰" not in json.dumps([str(row) for row in rows], ensure_ascii=False)


@pytest.mark.parametrize(
    ("purpose", "fields", "status"),
    [
        ("service_of_documents", ["phone", "address"], 200),
        ("service_of_documents", ["resident_id"], 422),
        ("payment", ["bank_account"], 200),
        ("payment", ["bank_account", "phone"], 422),
        ("identity_check", ["resident_id"], 200),
        ("identity_check", ["address"], 422),
        ("request_of_person", ["resident_id", "phone", "address", "bank_account"], 200),
        ("curiosity", ["phone"], 422),
        ("payment", [], 422),
    ],
)
def test_a_purpose_shows_what_it_needs_and_nothing_else(
    world: World, purpose: str, fields: list[str], status: int
) -> None:
    case = world.create()

    answer = reveal(world, case, purpose=purpose, fields=fields)

    assert answer.status_code == status, answer.text
    assert len(readings(world)) == (1 if status == 200 else 0)


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk-lin", 200), ("volunteer-he", 200), ("supervisor-tang", 403), ("admin-qian", 404), ("court-gao", 404)],
)
def test_clear_values_are_for_who_works_on_the_case(world: World, who: str, status: int) -> None:
    case = world.create()
    part = {"person_id": person("volunteer-he").id, "role": "volunteer"}
    world.send("clerk-lin", "POST", f"/v1/cases/{case['id']}/assignments", json=part)

    answer = reveal(world, case, who)

    assert answer.status_code == status, answer.text
    assert (PHONE in answer.text) is (status == 200)


def test_a_body_has_nothing_to_reveal_and_an_unknown_party_is_not_found(world: World) -> None:
    case = world.create()

    body, unknown = reveal(world, case, party=party_ids(case)[1]), reveal(world, case, party=case["id"])

    assert (body.status_code, unknown.status_code) == (409, 404)
    assert readings(world) == []


def test_a_look_up_and_a_search_by_name_are_kept_as_keyed_hashes(world: World) -> None:
    world.create()

    for _ in range(2):
        world.send("clerk-lin", "POST", "/v1/case-lookups", json={"phone": PHONE})
    world.send("clerk-lin", "POST", "/v1/case-lookups", json={"name_prefix": "张三"})
    world.send("clerk-lin", "GET", "/v1/cases")

    found = readings(world)
    assert [(entry["operation"], entry["searched"]) for entry in found] == [
        ("look_up_cases", "name_prefix"), ("look_up_cases", "phone"), ("look_up_cases", "phone"),
    ]  # fmt: skip
    assert found[1]["searched_hash"] == found[2]["searched_hash"] != found[0]["searched_hash"]
    assert PHONE not in json.dumps(found)
    assert "张三" not in json.dumps(found, ensure_ascii=False)


def test_who_works_on_a_case_reads_it_unnoted_and_a_supervisor_does_not(world: World) -> None:
    case = world.create()

    for who in ("clerk-lin", "supervisor-tang", "auditor-feng"):
        assert world.send(who, "GET", f"/v1/cases/{case['id']}").status_code == 200
    world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}?as_of={world.today}")
    world.send("supervisor-tang", "GET", f"/v1/cases/{case['id']}?as_of={world.today}")

    people = [entry["person_id"] for entry in readings(world)]
    expected = ("supervisor-tang", "auditor-feng", "supervisor-tang")
    assert people == [person(who).id for who in expected]


def test_history_read_and_exported_is_kept_whoever_reads_it(world: World) -> None:
    case = world.create()

    world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}/history")
    world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}/history/export")
    world.send("admin-qian", "GET", f"/v1/cases/{case['id']}/history")

    assert [entry["operation"] for entry in readings(world)] == ["export_history", "read_history"]


def test_the_log_is_paged_and_filtered_by_case_person_and_day(world: World) -> None:
    first, second = world.create(), world.create(parties=[party_of("worker", "李四"), party_of("employer", "某公司")])
    for case in (first, second, first):
        world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}/history")
    world.send("supervisor-tang", "GET", f"/v1/cases/{first['id']}")
    day, before = world.today, world.today - timedelta(days=1)

    pages, path = [], "/v1/access-log?limit=3"
    while path:
        page = world.send("auditor-feng", "GET", path).json()
        pages.append(len(page["items"]))
        path = page["next"]

    assert pages == [3, 1]
    assert len(readings(world, query=f"?case_id={first['id']}")) == 3
    assert len(readings(world, query=f"?person_id={person('supervisor-tang').id}")) == 1
    assert len(readings(world, query=f"?since={day}&until={day}")) == 4
    assert readings(world, query=f"?until={before}") == []


def test_the_log_is_for_auditors_and_supervisors_of_the_bodies_concerned(world: World) -> None:
    case = world.create()
    reveal(world, case)

    statuses = {who: world.send(who, "GET", "/v1/access-log").status_code for who in ("clerk-lin", "admin-qian")}

    assert statuses == {"clerk-lin": 403, "admin-qian": 403}
    assert len(readings(world, "supervisor-tang")) == 1


def test_the_log_cannot_be_changed_and_is_dropped_only_after_three_years(world: World) -> None:
    case = world.create()
    reveal(world, case)
    old = {**world.rows("select * from access_log")[0], "id": "old", "at": "2020-01-01T00:00:00+00:00"}

    def change(sql: str) -> Any:
        return lambda unit: unit.connection.exec_driver_sql(sql)

    def add(unit: Unit) -> None:
        from mediation.storage import access_log

        access_log.add(unit, [old])

    for sql in ("update access_log set purpose = 'x'", "delete from access_log"):
        with pytest.raises(DBAPIError, match="access log"):
            world.write(change(sql))
    world.write(add)
    worker.forget(world.database, datetime.now(UTC))

    assert [row["operation"] for row in world.rows("select operation from access_log")] == ["reveal"]

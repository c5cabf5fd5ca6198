"""What is refused leaves nothing behind: not a row of any table differs."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.services.world import CENTRE, TABLES, TRIAGE, World, attested, mediate, new_case, party_ids, party_of

from mediation.demo.people import organization, person
from mediation.storage import Unit

COURT = organization("yunxi-court").id
PHONE = "13800000000"
UNKNOWN = "0198a1a0-0000-7000-8000-000000000000"
Request = tuple[str, str, str, Mapping[str, Any]]


def everything(world: World) -> dict[str, list[str]]:
    """Every row of every table, as text, in the same order each time."""
    return {name: sorted(map(str, world.rows(f"select * from {name}"))) for name in TABLES}  # noqa: S608


def refused(world: World, requests: list[Request]) -> list[int]:
    """Send the requests one by one; fail when one of them leaves a trace."""
    before, found, left = everything(world), [], []
    for number, (subject, method, path, content) in enumerate(requests):
        headers = {"Idempotency-Key": f"key-{number}", **content.get("headers", {})}
        answer = world.send(subject, method, path, **{**content, "headers": headers})
        if everything(world) != before:
            left.append((number, path, answer.status_code))
            before = everything(world)
        found.append(answer.status_code)
    assert left == []
    return found


def case_with(**values: Any) -> Request:
    return "clerk-lin", "POST", "/v1/cases", {"json": new_case(**values)}


def test_cases_that_cannot_be_written_down_leave_nothing(world: World) -> None:
    bad_party = party_of("worker", "李四", resident_id="110105194912310021")
    requests = [
        case_with(channel="nowhere"),
        case_with(unknown="field"),
        case_with(received_on="2026-02-30"),
        case_with(received_on="2027-01-01"),
        case_with(parties=[bad_party, party_of("employer", "公司")]),
        case_with(parties=[party_of("worker", "李四"), party_of("employer", "公司", uscc="91350100M000100Y40")]),
        case_with(parties=[]),
        case_with(parties=[party_of("worker", "李四")] * 201),
        case_with(claims=[{"code": "unpaid_wages", "amount": 24000}]),
        case_with(claims=[{"code": "unpaid_wages", "amount": "-1.00"}]),
        case_with(claims=[{"code": "moon_landing"}]),
        case_with(claims=[], reason=None, summary=None),
        case_with(organization_id=UNKNOWN),
        case_with(written_or_oral="oral"),
        case_with(parties=[party_of("worker", "名" * 201), party_of("employer", "公司")]),
        case_with(parties=[party_of("worker", "空\u0000名"), party_of("employer", "公司")]),
        ("clerk-lin", "POST", "/v1/cases", {"content": b'{"channel": ', "headers": JSON}),
        ("clerk-lin", "POST", "/v1/cases", {"content": b"[]", "headers": JSON}),
        ("clerk-lin", "POST", "/v1/cases", {"content": b"\xff\xfe", "headers": JSON}),
        ("clerk-lin", "POST", "/v1/cases", {"content": b"x=1", "headers": {"Content-Type": "text/plain"}}),
        ("clerk-lin", "POST", "/v1/cases", {"content": b'{"summary": "%s"}' % (b"x" * 2**21), "headers": JSON}),
    ]

    found = refused(world, requests)

    assert {status for status in found if not 400 <= status < 500} == set()
    assert found[-5:] == [400, 422, 400, 415, 413]


JSON = {"Content-Type": "application/json"}


def step(
    case: Mapping[str, Any], action: str, subject: str = "clerk-lin", version: Any = None, **given: Any
) -> Request:
    headers = {"If-Match": f'"{case["version"] if version is None else version}"'}
    body = {"attestations": attested(action), **given}
    return subject, "POST", f"/v1/cases/{case['id']}/steps/{action}", {"headers": headers, "json": body}


def test_steps_that_are_refused_leave_nothing(world: World) -> None:
    case, draft = world.create(), world.create(submit=False)
    path = f"/v1/cases/{case['id']}/steps"
    requests: list[tuple[Request, int]] = [
        (step(case, "triage_ok", version=1, **TRIAGE), 412),
        (step(case, "triage_ok", version=99, **TRIAGE), 412),
        (("clerk-lin", "POST", f"{path}/triage_ok", {"json": TRIAGE}), 428),
        (step(case, "triage_ok", **{**TRIAGE, "attestations": []}), 409),
        (step(case, "triage_ok", **{**TRIAGE, "employer_seat": "000000"}), 422),
        (step(case, "triage_ok", **{**TRIAGE, "unknown": 1}), 422),
        (step(case, "triage_ok", **TRIAGE, occurred_on="2026-06-16"), 409),
        (step(case, "triage_ok", **TRIAGE, occurred_on="2026-06-14"), 409),
        (step(case, "triage_ok", **TRIAGE, occurred_on="2026-13-01"), 422),
        (step(case, "triage_ok", **TRIAGE, recorded_for=UNKNOWN), 422),
        (step(case, "triage_ok", **TRIAGE, instance="nowhere"), 409),
        (step(case, "dance"), 404),
        (step(case, "dispatch_timeout"), 403),
        (step(case, "consent", consents=[consent(UNKNOWN)], accepted_on="2026-06-15"), 409),
        (step(case, "reassign_organization", organization=UNKNOWN, why="管辖"), 422),
        (step(case, "join_party", party={"kind": "worker", "name": "李四", "phone": "1"}, role="co_applicant"), 422),
        (step(case, "drop_party", party=UNKNOWN, why="撤回"), 422),
        (step(case, "void_last_step", "supervisor-tang", step=UNKNOWN, why="错误"), 422),
        (step(case, "correct_entry", "supervisor-tang", field="facts/nothing", old="", new="x", why="错误"), 422),
        (step(case, "correct_entry", "supervisor-tang", field="parties/x/phone", old="", new="x", why="错误"), 422),
        (step(draft, "submit_intake", channel="walk_in", written_or_oral="oral", received_on="2026-06-15", reason="x",
              attestations=[]), 409),
        (step(draft, "submit_intake", channel="walk_in", written_or_oral="written", received_on="2026-06-15"), 422),
    ]  # fmt: skip

    found = refused(world, [request for request, _ in requests])

    told = [(request[2].rpartition("/")[2], status) for (request, _), status in zip(requests, found, strict=True)]
    assert told == [(request[2].rpartition("/")[2], status) for request, status in requests]


def consent(party: str) -> dict[str, str]:
    return {"party": party, "date": "2026-06-15", "form": "written"}


def test_references_into_other_cases_leave_nothing(world: World) -> None:
    case, other = world.create(), world.create()
    mediate(world, case["id"])
    version = world.case(case["id"]).version
    worker, employer = party_ids(case)
    stranger, _ = party_ids(other)
    owed = {"kind": "payment", "amount": "1.00", "due_on": "2026-07-01"}
    agreement = {"draft": {"reference": "协议"}, "remaining_claims": "settled"}
    session = {"session_on": "2026-06-15T10:00:00+08:00", "mode": "phone", "record": {"reference": "笔录"}}

    found = refused(
        world,
        [
            step(case, "reach_agreement", "mediator-zhou", version, **agreement,
                 obligations=[{**owed, "debtor": stranger, "creditor": worker}]),
            step(case, "reach_agreement", "mediator-zhou", version, **agreement,
                 obligations=[{**owed, "debtor": employer, "creditor": worker, "amount": "1.001"}]),
            step(case, "hold_further_session", "mediator-zhou", version, **session, present=[stranger]),
            step(case, "replace_mediator", "clerk-lin", version, mediator=UNKNOWN, reason="unavailable"),
            step(case, "replace_mediator", "clerk-lin", version, mediator=person("clerk-lin").id, reason="unavailable"),
        ],
    )  # fmt: skip

    assert found[:3] == [422, 422, 422]
    assert set(found[3:]) <= {409, 422}


def test_children_that_are_refused_leave_nothing(world: World) -> None:
    case, draft = world.create(), world.create(submit=False)
    registered, path = f"/v1/cases/{case['id']}", f"/v1/cases/{draft['id']}"
    worker, employer = party_ids(draft)
    claim = draft["claims"][0]["id"]
    once = {"If-Match": '"1"'}
    twice, stale = {"If-Match": '"2"'}, {"If-Match": '"7"'}
    requests: list[tuple[Request, int]] = [
        (("clerk-lin", "POST", f"{registered}/parties", {"json": party_of("worker", "李四")}), 409),
        (("clerk-lin", "POST", f"{registered}/claims", {"json": {"code": "overtime_pay"}}), 409),
        (("clerk-lin", "PATCH", f"{registered}/claims/{case['claims'][0]['id']}",
          {"headers": once, "json": {"amount": "1.00"}}), 409),
        (("clerk-lin", "PATCH", registered, {"headers": twice, "json": {"received_on": "2026-06-01"}}), 409),
        (("clerk-lin", "PATCH", path, {"headers": stale, "json": {"urgent": True}}), 412),
        (("clerk-lin", "PATCH", path, {"json": {"urgent": True}}), 428),
        (("clerk-lin", "PATCH", path, {"headers": once, "json": {"number": "1"}}), 422),
        (("clerk-lin", "POST", f"{path}/parties", {"json": {"kind": "worker", "name": "李四"}}), 422),
        (("clerk-lin", "PATCH", f"{path}/parties/{worker}", {"headers": stale, "json": {"name": "新"}}), 412),
        (("clerk-lin", "PATCH", f"{path}/parties/{worker}", {"json": {"name": "新"}}), 428),
        (("clerk-lin", "PATCH", f"{path}/parties/{worker}", {"headers": once, "json": {"phone": "12"}}), 422),
        (("clerk-lin", "PATCH", f"{path}/parties/{employer}", {"headers": once, "json": {"phone": PHONE}}), 409),
        (("clerk-lin", "PATCH", f"{path}/parties/{UNKNOWN}", {"headers": once, "json": {"name": "新"}}), 404),
        (("clerk-lin", "PATCH", f"{path}/parties/x", {"headers": once, "json": {"name": "新"}}), 404),
        (("clerk-lin", "PATCH", f"{path}/claims/{claim}", {"headers": once, "json": {"amount": "1.999"}}), 422),
        (("clerk-lin", "POST", f"{path}/assignments", {"json": {"person_id": UNKNOWN, "role": "volunteer"}}), 422),
        (("clerk-lin", "POST", f"{path}/assignments",
          {"json": {"person_id": person("mediator-zhou").id, "role": "mediator"}}), 409),
        (("clerk-lin", "DELETE", f"{path}/assignments/{UNKNOWN}", {}), 404),
    ]  # fmt: skip

    found = refused(world, [request for request, _ in requests])

    told = [(request[1], request[2], status) for (request, _), status in zip(requests, found, strict=True)]
    assert told == [(request[1], request[2], status) for request, status in requests]


def test_changes_of_the_directory_that_are_refused_leave_nothing(world: World) -> None:
    zhou = person("mediator-zhou").id
    fang, centre = person("clerk-fang").id, f"/v1/organizations/{CENTRE}"
    body = {"parent_id": CENTRE, "kind": "township_org", "name": "新站", "short_name": "新"}
    once = {"If-Match": '"1"'}
    requests: list[tuple[Request, int]] = [
        (("clerk-lin", "POST", "/v1/organizations", {"json": body}), 403),
        (("admin-qian", "POST", "/v1/organizations", {"json": {**body, "kind": "circus"}}), 422),
        (("admin-qian", "POST", "/v1/organizations", {"json": {**body, "parent_id": UNKNOWN}}), 403),
        (("admin-qian", "POST", "/v1/organizations", {"json": {**body, "parent_id": COURT}}), 403),
        (("admin-qian", "POST", "/v1/organizations", {"json": {**body, "short_name": "云溪"}}), 409),
        (("admin-qian", "PATCH", centre, {"headers": once, "json": {"short_name": "临江"}}), 409),
        (("admin-qian", "PATCH", centre, {"headers": {"If-Match": '"2"'}, "json": {"name": "n"}}), 412),
        (("clerk-lin", "POST", "/v1/people", {"json": {"subject": "new", "name": "新"}}), 403),
        (("supervisor-tang", "POST", "/v1/people", {"json": {"subject": "clerk-lin", "name": "新"}}), 409),
        (("supervisor-tang", "PATCH", f"/v1/people/{fang}", {"headers": once, "json": {"is_active": False}}), 403),
        (("supervisor-tang", "PATCH", f"/v1/people/{zhou}", {"json": {"is_active": False}}), 428),
        (("supervisor-tang", "PATCH", f"/v1/people/{UNKNOWN}", {"headers": once, "json": {"is_active": False}}), 404),
        (("supervisor-tang", "POST", f"/v1/people/{zhou}/memberships",
          {"json": {"organization_id": organization("linjiang-centre").id, "roles": ["clerk"]}}), 403),
        (("supervisor-tang", "POST", f"/v1/people/{zhou}/memberships",
          {"json": {"organization_id": CENTRE, "roles": ["king"]}}), 422),
        (("supervisor-tang", "DELETE", f"/v1/people/{zhou}/memberships/{UNKNOWN}", {}), 404),
        (("clerk-lin", "POST", "/v1/calendars", {"json": NOTICE}), 403),
        (("admin-qian", "POST", "/v1/calendars", {"json": {**NOTICE, "days_off": ["2028-01-01"]}}), 422),
    ]  # fmt: skip

    found = refused(world, [request for request, _ in requests])

    told = [(request[1], request[2], status) for (request, _), status in zip(requests, found, strict=True)]
    assert told == [(request[1], request[2], status) for request, status in requests]


NOTICE: dict[str, Any] = {
    "year": 2027,
    "notice": {"title": "通知", "source": "test"},
    "days_off": ["2027-01-01"],
    "working_weekends": [],
}


def test_reads_dry_runs_and_refused_tokens_leave_nothing(world: World) -> None:
    case, draft = world.create(), world.create(submit=False)
    before = everything(world)
    submit = {"channel": "walk_in", "written_or_oral": "written", "received_on": "2026-06-15", "reason": "欠薪"}
    path = f"/v1/cases/{case['id']}"

    answers = [
        world.send("clerk-lin", "POST", f"{path}/steps/triage_ok?dry_run=true", headers={"Idempotency-Key": "dry"},
                   json={"attestations": attested("triage_ok"), **TRIAGE}),
        world.send("clerk-lin", "POST", f"/v1/cases/{draft['id']}/steps/submit_intake?dry_run=true", json=submit),
        world.send("clerk-lin", "GET", path),
        world.send("clerk-lin", "GET", "/v1/cases?cursor=nonsense"),
        world.send("clerk-lin", "POST", "/v1/cases", headers={"Authorization": "Bearer x"}, json=new_case()),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [200, 200, 200, 422, 401]
    assert everything(world) == before


def test_a_step_tried_out_says_what_taking_it_then_does(world: World) -> None:
    case = world.create()

    tried = json.loads(world.answer(case["id"], "triage_ok", dry_run=True, **TRIAGE).body)
    taken = world.take(case["id"], "triage_ok", **TRIAGE)

    assert tried["state"] == taken["state"]
    assert tried["facts"] == taken["facts"]
    assert tried["open_steps"] == taken["open_steps"]
    assert {d["code"] for d in tried["deadlines"]} == {d["code"] for d in taken["deadlines"]}


def test_a_reading_hop_cannot_write_on_sqlite(sqlite_url: str) -> None:
    from sqlalchemy.exc import OperationalError
    from tests.services.world import open_world

    with open_world(sqlite_url) as world:

        def write(unit: Unit) -> None:
            unit.connection.exec_driver_sql("delete from case_scope")

        with pytest.raises(OperationalError, match="readonly"):
            world.read(write)

"""How many statements each operation takes, counted at the driver and not only by the unit of work."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from tests.services.counting import Counter, count_statements
from tests.services.world import (
    CENTRE,
    TRIAGE,
    World,
    attested,
    new_case,
    party_ids,
    party_of,
    story,
)

from mediation import worker
from mediation.api.endpoints import offered
from mediation.demo.people import organization, person
from mediation.domain.calendar import official_calendar
from mediation.services import lapses, moves, reading
from mediation.storage import Unit


@pytest.fixture
def process(world: World) -> World:
    """Give a second process, with one thread, that is only used for what is counted."""
    return world.another(threads=1)


@pytest.fixture
def counter(process: World) -> Counter:
    made = count_statements(process.database)
    process.rows("select 1 as n")
    process.write(lambda unit: unit.connection.exec_driver_sql("select 1").all())
    return made


def step(counter: Counter, process: World, case_id: str, action: str, who: str = "clerk-lin", **given: Any) -> int:
    """How many statements a step takes, with an Idempotency-Key, its version read beforehand."""
    version = process.case(case_id).version
    with counter.counted() as statements:
        process.answer(case_id, action, who, version=version, key=f"{case_id}-{version}", **given)
    return len(statements)


def test_a_step_is_one_select_and_one_write(world: World, process: World, counter: Counter) -> None:
    case_id = world.create()["id"]

    found = {
        action: step(counter, process, case_id, action, who, **given) for action, who, given in story(world, case_id)
    }

    assert world.case(case_id).state == "closed_performed"
    if world.database.dialect == "postgresql":
        assert set(found.values()) == {2}
    else:
        assert {action: n for action, n in found.items() if n > 9} == {}


def test_the_step_that_issues_the_number_takes_one_statement_more_in_a_transaction(
    world: World, process: World, counter: Counter
) -> None:
    draft = world.create(submit=False)
    given = {"channel": "walk_in", "written_or_oral": "written", "received_on": "2026-06-15", "reason": "欠薪"}

    taken = step(counter, process, draft["id"], "submit_intake", **given)

    assert taken == 5 if world.database.dialect == "postgresql" else taken <= 9


def test_a_step_that_brings_a_person_writes_their_key_and_data_besides(
    world: World, process: World, counter: Counter
) -> None:
    case_id = world.create()["id"]
    party = {"kind": "worker", "name": "李四", "phone": "13900000000"}

    taken = step(
        counter, process, case_id, "join_party", party=party, role="co_applicant", ground="same_facts"
    )  # fmt: skip

    assert taken == 2 if world.database.dialect == "postgresql" else taken <= 10


def test_a_step_takes_as_many_statements_after_200_entries_as_after_one(
    world: World, process: World, counter: Counter
) -> None:
    young, old = world.create(), world.create()
    grown = old["version"]
    while grown < 200:
        case = world.take(old["id"], "escalate_violence", level="red", kind="violence", reported_to=[CENTRE])
        grown = case["version"]

    taken = [step(counter, process, case["id"], "triage_ok", **TRIAGE) for case in (young, old)]

    assert world.case(old["id"]).sequence == 201
    assert taken[0] == taken[1]


def test_a_step_and_a_creation_take_as_many_statements_for_60_parties_as_for_two(
    world: World, process: World, counter: Counter
) -> None:
    many = [party_of("worker", f"工人{n}", role="co_applicant" if n else "applicant") for n in range(59)]
    few = [party_of("worker", "工人"), party_of("employer", "公司")]
    taken = []
    for parties in (few, [*many, party_of("employer", "公司")]):
        with counter.counted() as creating:
            case = process.create(parties=parties)
        taken.append((len(creating), step(counter, process, case["id"], "triage_ok", **TRIAGE)))

    assert taken[0] == taken[1]
    assert world.counts()["parties"] == 62


def test_a_dry_run_is_one_select(world: World, process: World, counter: Counter) -> None:
    case = world.create()

    with counter.counted() as statements:
        process.answer(case["id"], "triage_ok", version=2, key="key", dry_run=True, **TRIAGE)

    assert len(statements) == 1


def test_a_replay_is_one_select(world: World, process: World, counter: Counter) -> None:
    case = world.create()
    step(counter, process, case["id"], "triage_ok", **TRIAGE)

    with counter.counted() as statements:
        answer = process.answer(case["id"], "triage_ok", version=2, key=f"{case['id']}-2", **TRIAGE)

    assert answer.replayed
    assert len(statements) == (1 if world.database.dialect == "postgresql" else 3)


def test_a_lapse_is_one_select_and_one_write(world: World, process: World, counter: Counter) -> None:
    case = world.create()
    deadline = next(d for d in world.case(case["id"]).running() if d.term == "D_TRIAGE_1WD")
    world.clock.move_to(date(2026, 6, 18))

    with counter.counted() as statements:
        fired = process.write(lapses.fire, case["id"], deadline.id, world.clock.now(), world.today)

    assert fired
    assert len(statements) == 2 if world.database.dialect == "postgresql" else len(statements) <= 9


def test_fifty_simulated_steps_are_one_select(world: World, process: World, counter: Counter) -> None:
    case_id = world.create()["id"]
    alarm = {"level": "red", "kind": "violence", "reported_to": [CENTRE]}
    steps = [{"action": "triage_ok", "input": dict(TRIAGE), "attestations": attested("triage_ok")}]
    steps += [{"action": "escalate_violence", "input": alarm, "attestations": attested("escalate_violence")}] * 49

    with counter.counted() as statements:
        answer = process.send("clerk-lin", "POST", f"/v1/cases/{case_id}/simulation", json={"steps": steps})

    assert len(answer.json()["items"]) == 50
    assert len(statements) == 1


def test_a_recount_takes_as_many_statements_for_many_cases_as_for_one(
    world: World, process: World, counter: Counter
) -> None:
    taken = []
    for days_off, cases in ((NOTICE["days_off"], 1), ([*NOTICE["days_off"], "2026-07-01"], 20)):
        for _ in range(cases):
            world.create()
        notice = {**NOTICE, "days_off": days_off}
        world.send("admin-qian", "POST", "/v1/calendars", json={**notice, "working_weekends": []})
        with counter.counted() as statements:
            counted = worker.recount_stale(process.database, process.clock)
        taken.append((len(statements), counted))

    assert [counted for _, counted in taken] == [1, 21]
    assert taken[0][0] == taken[1][0] <= (32 if world.database.dialect == "sqlite" else 24)


def test_a_move_in_the_tree_takes_as_many_statements_for_many_cases_as_for_one(
    world: World, process: World, counter: Counter
) -> None:
    taken = []
    for to, cases in (("linjiang-union", 1), ("yunxi-union", 20)):
        for _ in range(cases):
            world.create()
        with counter.counted() as moving:
            process.write(moves.move_by_hand, CENTRE, organization(to).id, world.clock.now())
        with counter.counted() as following:
            followed = worker.follow_moves(process.database, process.clock)
        taken.append((len(moving), len(following), followed))

    assert [followed for *_, followed in taken] == [1, 21]
    assert taken[0][:2] == taken[1][:2] <= ((9, 24) if world.database.dialect == "sqlite" else (11, 24))


def test_a_transfer_reads_the_scopes_again_and_writes_once_in_a_transaction(
    world: World, process: World, counter: Counter
) -> None:
    case_id = world.create("clerk-fang")["id"]

    taken = step(counter, process, case_id, "reassign_organization", "clerk-fang", organization=CENTRE, why="管辖")

    assert taken == 7 if world.database.dialect == "postgresql" else taken <= 12


OFFICIAL = next(notice for notice in official_calendar().notices if notice.year == 2026)
LIMITS: dict[str, tuple[int, int]] = {  # at most, on SQLite with BEGIN and COMMIT and on PostgreSQL
    "create_case": (11, 2),
    "list_cases": (5, 3),
    "look_up_cases": (8, 6),
    "read_case": (1, 1),
    "read_steps": (1, 1),
    "simulate": (1, 1),
    "read_deadlines": (1, 1),
    "read_history": (8, 6),
    "verify_history": (2, 2),
    "export_history": (12, 10),
    "list_checkpoints": (4, 4),
    "list_clients": (5, 5),
    "create_client": (12, 12),
    "read_client": (6, 6),
    "amend_client": (14, 14),
    "issue_client_key": (11, 11),
    "revoke_client_key": (9, 9),
    "amend_case": (5, 2),
    "add_party": (9, 2),
    "amend_party": (8, 3),
    "add_claim": (7, 2),
    "amend_claim": (6, 2),
    "assign": (9, 3),
    "end_assignment": (7, 2),
    "list_tasks": (1, 1),
    "list_reminders": (1, 1),
    "amend_task": (7, 3),
    "record_offer": (7, 2),
    "list_offers": (8, 8),
    "answer_offer": (9, 4),
    "record_undisputed_fact": (7, 2),
    "list_undisputed_facts": (8, 8),
    "sign_undisputed_fact": (8, 3),
    "make_access_link": (7, 2),
    "list_access_links": (6, 6),
    "revoke_access_link": (8, 3),
    "read_own_case": (2, 2),
    "answer_as_party": (8, 3),
    "list_party_messages": (8, 8),
    "read_parcel": (8, 8),
    "list_organizations": (4, 4),
    "create_organization": (7, 8),
    "read_organization": (4, 4),
    "amend_organization": (7, 8),
    "list_organization_moves": (6, 6),
    "list_people": (4, 4),
    "create_person": (6, 7),
    "read_person": (5, 5),
    "amend_person": (7, 8),
    "add_membership": (8, 9),
    "end_membership": (7, 8),
    "read_me": (1, 1),
    "list_calendars": (1, 1),
    "load_notice": (7, 9),
    "list_calendar_loads": (4, 4),
    "read_calendar_load": (4, 4),
    "list_calendar_moves": (5, 5),
    "undo_calendar_load": (10, 12),
    "count_days": (0, 0),
    "calculate": (0, 0),
    "read_employment": (1, 1),
    "put_employment": (5, 2),
    "compute_claim": (8, 3),
    "read_computation": (4, 4),
    "list_local_figures": (1, 1),
    "load_local_figures": (6, 7),
    "read_limitation": (1, 1),
    "explain_access": (1, 1),
    "break_glass": (9, 6),
    "list_break_glass": (4, 4),
    "revoke_break_glass": (10, 8),
    "request_access": (6, 6),
    "list_access_requests": (4, 4),
    "grant_access": (13, 10),
    "deny_access": (12, 10),
    "revoke_access": (12, 10),
    "record_limitation_act": (6, 2),
    "amend_limitation_act": (6, 2),
    "take_back_limitation_act": (6, 2),
    "preview_limitation": (0, 0),
    "preview_term": (0, 0),
    "list_alarms": (4, 4),
    "reveal": (8, 3),
    "list_readings": (4, 4),
    "set_legal_hold": (6, 2),
    "lift_legal_hold": (6, 2),
    "erase": (11, 6),
    "export_data": (16, 15),
    "receive_data_request": (7, 2),
    "record_impact_assessment": (6, 7),
    "list_impact_assessments": (4, 4),
    "report_incident": (6, 7),
    "list_incidents": (4, 4),
    "amend_incident": (8, 9),
    "list_case_data_requests": (4, 4),
    "answer_data_request": (9, 4),
    "list_data_requests": (1, 1),
    "ask_about_own_data": (8, 3),
    "list_own_data_requests": (5, 5),
    "list_retention": (4, 4),
    "propose_disposal": (9, 4),
    "withdraw_disposal": (8, 3),
    "confirm_disposal": (14, 8),
    "list_disposals": (4, 4),
    "list_consents": (4, 4),
    "record_consent": (7, 2),
    "withdraw_consent": (8, 3),
    "list_sharing": (5, 5),
    "record_sharing": (8, 3),
    "ready": (1, 1),
}
STATELESS = {"calculate", "count_days", "preview_term", "preview_limitation"}


def test_every_operation_stays_within_its_number_of_statements(world: World, process: World, counter: Counter) -> None:
    taken: dict[str, int] = {}
    for operation, subject, method, path, given in operations_in_turn(world):
        with counter.counted() as statements:
            answer = process.send(subject, method, path, **given)
        assert answer.status_code < 300, (operation, answer.text)
        taken[operation] = max(len(statements), taken.get(operation, 0))

    kind = 0 if world.database.dialect == "sqlite" else 1
    public = {name for name, entry in offered().items() if entry.is_public} - {"ready"}
    assert set(taken) | public | {"move_clock"} >= set(offered())
    assert {name: n for name, n in taken.items() if n > LIMITS[name][kind]} == {}


def operations_in_turn(  # noqa: PLR0915 - a list of requests, in the order in which each can succeed
    world: World,
) -> Iterator[tuple[str, str, str, str, dict[str, Any]]]:
    """Each operation once with a request that succeeds: operation, who, method, path, content."""
    draft = world.create(submit=False)
    case = f"/v1/cases/{draft['id']}"
    worker, employer = party_ids(draft)
    zhou, he, centre = person("mediator-zhou").id, person("volunteer-he").id, f"/v1/organizations/{CENTRE}"
    keys = (f"key-{number}" for number in count(1))

    def posted(body: dict[str, Any]) -> dict[str, Any]:
        return {"headers": {"Idempotency-Key": next(keys)}, "json": body}

    def patched(body: dict[str, Any], version: int = 1) -> dict[str, Any]:
        return {"headers": {"If-Match": f'"{version}"'}, "json": body}

    yield "create_case", "clerk-lin", "POST", "/v1/cases", posted(new_case(submit=False))
    for query in ("", "?scope=me", "?state=draft&flags=urgent&number_prefix=云&limit=1"):
        yield "list_cases", "clerk-lin", "GET", f"/v1/cases{query}", {}
    yield "list_cases", "supervisor-tang", "GET", "/v1/cases?scope=below&deadline_before=2030-01-01", {}
    for given in ({"phone": "13800000000"}, {"name_prefix": "张"}):
        yield "look_up_cases", "clerk-lin", "POST", "/v1/case-lookups", {"json": given}
    reads = {"read_case": "", "read_steps": "/steps", "read_deadlines": "/deadlines", "read_history": "/history"}
    reads |= {"verify_history": "/history/verification", "export_history": "/history/export"}
    for operation, tail in reads.items():
        yield operation, "clerk-lin", "GET", f"{case}{tail}", {}
    yield "list_checkpoints", "clerk-lin", "GET", "/v1/checkpoints", {}
    yield "explain_access", "supervisor-tang", "GET", f"/v1/access/explain?case_id={draft['id']}&role=clerk", {}
    yield "read_limitation", "clerk-lin", "GET", f"{case}/limitation", {}
    yield "simulate", "clerk-lin", "POST", f"{case}/simulation", {"json": {"until": "2026-12-31"}}
    yield "amend_case", "clerk-lin", "PATCH", case, patched({"urgent": True})
    act = {"kind": "assertion", "day": "2026-06-01", "claims": [draft["claims"][0]["id"]], "evidence": "EMS 1"}
    yield "record_limitation_act", "clerk-lin", "POST", f"{case}/limitation-acts", posted(act)
    (entry,) = world.case(draft["id"]).limitation_acts
    yield "amend_limitation_act", "clerk-lin", "PATCH", f"{case}/limitation-acts/{entry}", patched({"note": "催告"})
    yield "take_back_limitation_act", "clerk-lin", "DELETE", f"{case}/limitation-acts/{entry}", {}
    yield "add_party", "clerk-lin", "POST", f"{case}/parties", posted(party_of("worker", "李四", role="co_applicant"))
    yield "amend_party", "clerk-lin", "PATCH", f"{case}/parties/{employer}", patched({"name": "新名公司"})
    yield "amend_party", "clerk-lin", "PATCH", f"{case}/parties/{worker}", patched({"phone": "13900000000"})
    yield "add_claim", "clerk-lin", "POST", f"{case}/claims", posted({"code": "overtime_pay"})
    claim = draft["claims"][0]["id"]
    yield "amend_claim", "clerk-lin", "PATCH", f"{case}/claims/{claim}", patched({"amount": "1.00"})
    version = world.case(draft["id"]).version
    employed = {"party_id": worker, "joined_on": "2024-01-01", "monthly_wage": "6000.00"}
    yield "put_employment", "clerk-lin", "PUT", f"{case}/employment", patched(employed, version)
    yield "read_employment", "clerk-lin", "GET", f"{case}/employment", {}
    computation = f"{case}/claims/{claim}/computation"
    yield "compute_claim", "clerk-lin", "POST", computation, posted({"party_id": worker, "inputs": {"months": "2"}})
    yield "read_computation", "clerk-lin", "GET", computation, {}
    yield "assign", "clerk-lin", "POST", f"{case}/assignments", posted({"person_id": he, "role": "volunteer"})
    (entry,) = world.case(draft["id"]).assignments
    yield "end_assignment", "clerk-lin", "DELETE", f"{case}/assignments/{entry}", {}
    late = world.create()["id"]
    world.run_due(date(2026, 6, 17))
    (task,) = world.case(late).tasks
    for query in ("", "?scope=me", f"?status=done&term=D_MED_15&owner={zhou}&owner_role=clerk&due_before=2030-01-01"):
        yield "list_tasks", "clerk-lin", "GET", f"/v1/tasks{query}", {}
    for query in ("", "?audience=owner&kind=before&term=D_LIMIT_1Y&due_before=2030-01-01"):
        yield "list_reminders", "clerk-lin", "GET", f"/v1/reminders{query}", {}
    handed = {"owner_id": person("clerk-lin").id, "note": "请今日分流"}
    yield "amend_task", "clerk-lin", "PATCH", f"/v1/cases/{late}/tasks/{task}", patched(handed)
    offer = {"kind": "offer", "made_by": employer, "made_on": "2026-06-15", "text": "分期", "amount": "9000.00"}
    yield "record_offer", "clerk-lin", "POST", f"{case}/offers", posted(offer)
    yield "list_offers", "clerk-lin", "GET", f"{case}/offers?limit=1", {}
    (entry,) = (row["id"] for row in world.rows("select id from offers"))
    yield "answer_offer", "clerk-lin", "PATCH", f"{case}/offers/{entry}", patched({"status": "refused"})
    yield "record_undisputed_fact", "clerk-lin", "POST", f"{case}/undisputed-facts", posted({"text": "入职日期"})
    yield "list_undisputed_facts", "clerk-lin", "GET", f"{case}/undisputed-facts?limit=1", {}
    (entry,) = (row["id"] for row in world.rows("select id from undisputed_facts"))
    signature = {"party_id": worker, "signed_on": "2026-06-17"}
    signatures = f"{case}/undisputed-facts/{entry}/signatures"
    yield "sign_undisputed_fact", "clerk-lin", "POST", signatures, posted(signature)
    links = f"{case}/parties/{worker}/access-links"
    yield "make_access_link", "clerk-lin", "POST", links, posted({"expires_on": world.today.isoformat()})
    yield "list_access_links", "clerk-lin", "GET", f"{links}?limit=1", {}
    made = world.send("clerk-lin", "POST", links, json={"expires_on": world.today.isoformat()}).json()
    by_link = {"Authorization": f"Bearer {made['token']}"}
    yield "read_own_case", "worker-zhang", "GET", "/v1/party/case", {"headers": by_link}
    sent = posted({"kind": "message", "text": "请来电"})
    sent["headers"].update(by_link)
    yield "answer_as_party", "worker-zhang", "POST", "/v1/party/answers", sent
    own = posted({"kind": "correction", "note": "姓名有误"})
    own["headers"].update(by_link)
    yield "ask_about_own_data", "worker-zhang", "POST", "/v1/party/data-requests", own
    yield "list_own_data_requests", "worker-zhang", "GET", "/v1/party/data-requests?limit=1", {"headers": by_link}
    yield "list_party_messages", "clerk-lin", "GET", f"{case}/party-messages?limit=1", {}
    yield "revoke_access_link", "clerk-lin", "DELETE", f"{links}/{made['id']}", {}
    yield "read_parcel", "clerk-lin", "GET", f"{case}/parcels/file", {}
    yield "list_organizations", "clerk-lin", "GET", "/v1/organizations", {}
    body = {"parent_id": CENTRE, "kind": "township_org", "name": "新站", "short_name": "新"}
    yield "create_organization", "admin-qian", "POST", "/v1/organizations", posted(body)
    yield "read_organization", "clerk-lin", "GET", centre, {}
    yield "amend_organization", "admin-qian", "PATCH", centre, patched({"name": "调解中心"})
    yield "list_organization_moves", "admin-qian", "GET", f"{centre}/moves?limit=1", {}
    yield "list_people", "clerk-lin", "GET", "/v1/people", {}
    yield "create_person", "supervisor-tang", "POST", "/v1/people", posted({"subject": "new", "name": "新人"})
    yield "read_person", "clerk-lin", "GET", f"/v1/people/{zhou}", {}
    yield "amend_person", "supervisor-tang", "PATCH", f"/v1/people/{zhou}", patched({"name": "周牧"})
    clerk: dict[str, Any] = {"organization_id": CENTRE, "roles": ["clerk"]}
    yield "add_membership", "supervisor-tang", "POST", f"/v1/people/{he}/memberships", posted(clerk)
    (entry,) = (row["id"] for row in world.rows("select id from memberships where person_id = :id", id=zhou))
    yield "end_membership", "supervisor-tang", "DELETE", f"/v1/people/{zhou}/memberships/{entry}", {}
    system = {"organization_id": CENTRE, "name": "系统", "roles": ["clerk"]}
    yield "create_client", "admin-qian", "POST", "/v1/clients", posted(system)
    (client,) = (f"/v1/clients/{row['id']}" for row in world.rows("select id from clients"))
    yield "list_clients", "admin-qian", "GET", f"/v1/clients?organization_id={CENTRE}", {}
    yield "amend_client", "admin-qian", "PATCH", client, patched({"name": "大厅系统", "roles": ["mediator"]})
    yield "issue_client_key", "admin-qian", "POST", f"{client}/keys", posted({})
    yield "read_client", "admin-qian", "GET", client, {}
    (entry,) = (row["id"] for row in world.rows("select id from client_keys"))
    yield "revoke_client_key", "admin-qian", "DELETE", f"{client}/keys/{entry}", {}
    yield "read_me", "clerk-lin", "GET", "/v1/me", {}
    yield "list_calendars", "clerk-lin", "GET", "/v1/calendars", {}
    yield "load_notice", "admin-qian", "POST", "/v1/calendars", posted(NOTICE)
    yield "list_calendar_loads", "clerk-lin", "GET", "/v1/calendar-loads", {}
    (load,) = (f"/v1/calendar-loads/{row['id']}" for row in world.rows("select id from calendar_loads"))
    yield "read_calendar_load", "clerk-lin", "GET", load, {}
    yield "list_calendar_moves", "clerk-lin", "GET", f"{load}/moves", {}
    key = {"headers": {"Idempotency-Key": next(keys)}}
    yield "undo_calendar_load", "admin-qian", "POST", f"{load}/undo", key
    figure = {"kind": "minimum_wage", "place": "330100", "since": "2026-01-01", "value": "2490.00", "source": "test"}
    yield "load_local_figures", "admin-qian", "POST", "/v1/local-figures", posted({"figures": [figure]})
    yield "list_local_figures", "clerk-lin", "GET", "/v1/local-figures?day=2026-06-01&place=330106", {}
    facts = {"claim_code": "unpaid_wages", "still_employed": True}
    yield "preview_limitation", "clerk-lin", "POST", "/v1/limitation/preview", {"json": facts}
    yield "preview_term", "clerk-lin", "POST", "/v1/terms/D_MED_15/preview", {"json": {"start": "2026-06-15"}}
    days = {"start": "2026-06-15", "length": 3, "unit": "working_day", "roll": True}
    yield "count_days", "clerk-lin", "POST", "/v1/calendar/count", {"json": days}
    example = {"inputs": {"ground": "article_40", "last_month_wage": "9200.00", "notice_days": 0}}
    yield "calculate", "clerk-lin", "POST", "/v1/calculators/notice_pay", {"json": example}
    yield "list_alarms", "auditor-feng", "GET", "/v1/alarms", {}
    asked = {"fields": ["phone"], "purpose": "service_of_documents", "reason": "送达调解通知"}
    yield "reveal", "clerk-lin", "POST", f"{case}/parties/{worker}/reveal", {"json": asked}
    for operation, tail in (("set_legal_hold", ""), ("lift_legal_hold", "/lifting")):
        yield operation, "supervisor-tang", "POST", f"{case}/legal-hold{tail}", posted({"reason": "另案调查"})
    glass = {"purpose": "audit", "reason": "专项审计", "until": (world.clock.now() + timedelta(hours=1)).isoformat()}
    yield "break_glass", "supervisor-tang", "POST", f"{case}/break-glass", posted(glass)
    yield "list_break_glass", "auditor-feng", "GET", "/v1/break-glass", {}
    (row,) = world.rows("select id from grants")
    yield "revoke_break_glass", "auditor-feng", "DELETE", f"/v1/break-glass/{row['id']}", {}
    yield from asking_for_a_case(world, posted)
    yield "list_readings", "auditor-feng", "GET", f"/v1/access-log?case_id={draft['id']}&since=2026-01-01", {}
    consent = {"party_id": worker, "purpose": "sharing", "kinds": ["identity"], "form": "written"}
    yield "record_consent", "clerk-lin", "POST", f"{case}/consents", posted({**consent, "given_on": "2026-06-15"})
    yield "list_consents", "clerk-lin", "GET", f"{case}/consents", {}
    (row,) = world.rows("select id from consents")
    ended = posted({"withdrawn_on": "2026-06-16"})
    yield "withdraw_consent", "clerk-lin", "POST", f"{case}/consents/{row['id']}/withdrawal", ended
    shared = {"recipient_id": CENTRE, "purpose": "aid", "kinds": ["contact"], "shared_on": "2026-06-15"}
    yield "record_sharing", "clerk-lin", "POST", f"{case}/sharing-records", posted(shared)
    yield "list_sharing", "clerk-lin", "GET", f"{case}/sharing-records", {}
    yield "export_data", "clerk-lin", "GET", f"{case}/parties/{worker}/data-export", {}
    asked = posted({"kind": "copy", "note": "请给我一份复印件"})
    yield "receive_data_request", "clerk-lin", "POST", f"{case}/parties/{worker}/data-requests", asked
    yield "list_case_data_requests", "clerk-lin", "GET", f"{case}/data-requests?limit=1", {}
    for query in ("", "?scope=me&status=refused&kind=erasure&due_before=2030-01-01"):
        yield "list_data_requests", "clerk-lin", "GET", f"/v1/data-requests{query}", {}
    row = world.rows("select id from data_requests where kind = 'copy' order by id desc")[0]
    refused = posted({"outcome": "partly", "ground": "data_of_others", "reason": "涉及他人"})
    yield "answer_data_request", "clerk-lin", "POST", f"{case}/data-requests/{row['id']}/answer", refused
    assessed = {
        "handling": "sensitive_data",
        "title": "证件号码",
        "necessity": "送达",
        "risks": "泄露",
        "measures": "加密",
    }
    assessed["conclusion"] = "with_measures"
    yield "record_impact_assessment", "supervisor-tang", "POST", "/v1/impact-assessments", posted(assessed)
    yield "list_impact_assessments", "auditor-feng", "GET", "/v1/impact-assessments?limit=1", {}
    told = {"kind": "leaked", "kinds_of_data": ["contact"], "cause": "误发", "harm": "骚扰", "measures": "撤回"}
    yield "report_incident", "clerk-lin", "POST", "/v1/incidents", posted(told)
    row = world.rows("select id from incidents order by id desc")[0]
    yield "amend_incident", "supervisor-tang", "PATCH", f"/v1/incidents/{row['id']}", patched({"affected": 3})
    yield "list_incidents", "auditor-feng", "GET", "/v1/incidents?limit=1", {}
    over = world.create()
    world.take(over["id"], "withdraw", asked_by=party_ids(over)[0], reason="双方自行和解")
    world.run_due(date(2036, 9, 1))
    erased = f"/v1/cases/{over['id']}/parties/{party_ids(over)[0]}/erasure"
    yield "erase", "supervisor-tang", "POST", erased, posted({"reason": "保存期限届满"})
    yield "list_retention", "supervisor-tang", "GET", "/v1/retention", {}
    disposal = {"case_id": over["id"], "reason": "retention_over"}
    yield "propose_disposal", "supervisor-tang", "POST", "/v1/disposals", posted(disposal)
    (row,) = world.rows("select id from disposals")
    key = {"headers": {"Idempotency-Key": next(keys)}}
    yield "withdraw_disposal", "supervisor-yan", "POST", f"/v1/disposals/{row['id']}/withdrawal", key
    yield "propose_disposal", "supervisor-tang", "POST", "/v1/disposals", posted(disposal)
    (row,) = world.rows("select id from disposals where ending is null")
    key = {"headers": {"Idempotency-Key": next(keys)}}
    yield "confirm_disposal", "supervisor-yan", "POST", f"/v1/disposals/{row['id']}/confirmation", key
    yield "list_disposals", "supervisor-tang", "GET", "/v1/disposals", {}
    yield "ready", "clerk-lin", "GET", "/v1/health/ready", {}


def asking_for_a_case(
    world: World, posted: Callable[[dict[str, Any]], dict[str, Any]]
) -> Iterator[tuple[str, str, str, str, dict[str, Any]]]:
    """Two requests to read a case that lies elsewhere: one granted and ended, one denied."""
    body = {"case_number": world.create()["number"], "purpose": "same_worker", "reason": "同一劳动者另案"}
    for _ in range(2):
        yield "request_access", "clerk-fang", "POST", "/v1/access-requests", posted(body)
    worker.deliver_access_requests(world.database, world.clock)
    for scope, who in (("mine", "clerk-fang"), ("to_decide", "supervisor-tang")):
        yield "list_access_requests", who, "GET", f"/v1/access-requests?scope={scope}", {}
    rows = world.rows("select id from access_requests order by id")
    granted, denied = (f"/v1/access-requests/{row['id']}" for row in rows[-2:])
    until = (world.clock.now() + timedelta(days=1)).isoformat()
    yield "grant_access", "supervisor-tang", "POST", f"{granted}/grant", posted({"until": until, "note": "限核对"})
    yield "revoke_access", "clerk-fang", "DELETE", f"{granted}/grant", {}
    yield "deny_access", "supervisor-yan", "POST", f"{denied}/denial", posted({"reason": "与本案无关"})


NOTICE: dict[str, Any] = {
    "year": 2026,
    "notice": {"title": "国务院办公厅关于2026年部分节假日安排的通知", "source": "test"},
    "days_off": sorted(day.isoformat() for day in OFFICIAL.days_off),
    "working_weekends": sorted(day.isoformat() for day in OFFICIAL.working_weekends),
}


def test_the_log_is_told_every_statement(world: World, process: World, counter: Counter) -> None:
    case = world.create()
    told: list[int] = []

    def listened(unit: Unit) -> None:
        reading.read_history(unit, process.caller("clerk-lin"), case["id"], 0, 50)
        told.append(unit.statements)

    with counter.counted() as statements:
        process.read(listened)

    assert told == [len(statements)]

"""How many statements each operation takes, counted at the driver and not only by the unit of work."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
from tests.services.counting import Counter, count_statements
from tests.services.world import (
    CENTRE,
    TRIAGE,
    World,
    new_case,
    party_ids,
    party_of,
    story,
)

from mediation.api.endpoints import offered
from mediation.demo.people import person
from mediation.domain.calendar import official_calendar
from mediation.services import lapses, reading
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


OFFICIAL = next(notice for notice in official_calendar().notices if notice.year == 2026)
LIMITS: dict[str, tuple[int, int]] = {  # at most, on SQLite with BEGIN and COMMIT and on PostgreSQL
    "create_case": (11, 2),
    "list_cases": (1, 1),
    "look_up_cases": (4, 4),
    "read_case": (1, 1),
    "read_steps": (1, 1),
    "read_deadlines": (1, 1),
    "read_history": (4, 4),
    "verify_history": (2, 2),
    "amend_case": (5, 2),
    "add_party": (9, 2),
    "amend_party": (8, 3),
    "add_claim": (7, 2),
    "amend_claim": (6, 2),
    "assign": (9, 3),
    "end_assignment": (7, 2),
    "list_organizations": (4, 4),
    "create_organization": (7, 8),
    "read_organization": (4, 4),
    "amend_organization": (7, 8),
    "list_people": (4, 4),
    "create_person": (6, 7),
    "read_person": (5, 5),
    "amend_person": (7, 8),
    "add_membership": (8, 9),
    "end_membership": (6, 7),
    "read_me": (1, 1),
    "list_calendars": (1, 1),
    "load_notice": (5, 6),
    "count_days": (0, 0),
    "calculate": (0, 0),
    "read_limitation": (4, 4),
    "preview_term": (0, 0),
    "ready": (1, 1),
}
STATELESS = {"calculate", "count_days", "preview_term"}


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


def operations_in_turn(world: World) -> Iterator[tuple[str, str, str, str, dict[str, Any]]]:
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
    for query in ("", "?scope=me", "?state=draft&flags=urgent&party_prefix=张&number_prefix=云&limit=1"):
        yield "list_cases", "clerk-lin", "GET", f"/v1/cases{query}", {}
    yield "list_cases", "supervisor-tang", "GET", "/v1/cases?scope=below&deadline_before=2030-01-01", {}
    yield "look_up_cases", "clerk-lin", "POST", "/v1/case-lookups", {"json": {"phone": "13800000000"}}
    reads = {"read_case": "", "read_steps": "/steps", "read_deadlines": "/deadlines", "read_history": "/history"}
    for operation, tail in {**reads, "verify_history": "/history/verification"}.items():
        yield operation, "clerk-lin", "GET", f"{case}{tail}", {}
    yield "read_limitation", "clerk-lin", "GET", f"{case}/limitation", {}
    yield "amend_case", "clerk-lin", "PATCH", case, patched({"urgent": True})
    yield "add_party", "clerk-lin", "POST", f"{case}/parties", posted(party_of("worker", "李四", role="co_applicant"))
    yield "amend_party", "clerk-lin", "PATCH", f"{case}/parties/{employer}", patched({"name": "新名公司"})
    yield "amend_party", "clerk-lin", "PATCH", f"{case}/parties/{worker}", patched({"phone": "13900000000"})
    yield "add_claim", "clerk-lin", "POST", f"{case}/claims", posted({"code": "overtime_pay"})
    claim = draft["claims"][0]["id"]
    yield "amend_claim", "clerk-lin", "PATCH", f"{case}/claims/{claim}", patched({"amount": "1.00"})
    yield "assign", "clerk-lin", "POST", f"{case}/assignments", posted({"person_id": he, "role": "volunteer"})
    (entry,) = world.case(draft["id"]).assignments
    yield "end_assignment", "clerk-lin", "DELETE", f"{case}/assignments/{entry}", {}
    yield "list_organizations", "clerk-lin", "GET", "/v1/organizations", {}
    body = {"parent_id": CENTRE, "kind": "township_org", "name": "新站", "short_name": "新"}
    yield "create_organization", "admin-qian", "POST", "/v1/organizations", posted(body)
    yield "read_organization", "clerk-lin", "GET", centre, {}
    yield "amend_organization", "admin-qian", "PATCH", centre, patched({"name": "调解中心"})
    yield "list_people", "clerk-lin", "GET", "/v1/people", {}
    yield "create_person", "supervisor-tang", "POST", "/v1/people", posted({"subject": "new", "name": "新人"})
    yield "read_person", "clerk-lin", "GET", f"/v1/people/{zhou}", {}
    yield "amend_person", "supervisor-tang", "PATCH", f"/v1/people/{zhou}", patched({"name": "周牧"})
    clerk: dict[str, Any] = {"organization_id": CENTRE, "roles": ["clerk"]}
    yield "add_membership", "supervisor-tang", "POST", f"/v1/people/{he}/memberships", posted(clerk)
    (entry,) = (row["id"] for row in world.rows("select id from memberships where person_id = :id", id=zhou))
    yield "end_membership", "supervisor-tang", "DELETE", f"/v1/people/{zhou}/memberships/{entry}", {}
    yield "read_me", "clerk-lin", "GET", "/v1/me", {}
    yield "list_calendars", "clerk-lin", "GET", "/v1/calendars", {}
    yield "load_notice", "supervisor-tang", "POST", "/v1/calendars", posted(NOTICE)
    yield "preview_term", "clerk-lin", "POST", "/v1/terms/D_MED_15/preview", {"json": {"start": "2026-06-15"}}
    days = {"start": "2026-06-15", "length": 3, "unit": "working_day", "roll": True}
    yield "count_days", "clerk-lin", "POST", "/v1/calendar/count", {"json": days}
    example = {"inputs": {"ground": "article_40", "last_month_wage": "9200.00", "notice_days": 0}}
    yield "calculate", "clerk-lin", "POST", "/v1/calculators/notice_pay", {"json": example}
    yield "ready", "clerk-lin", "GET", "/v1/health/ready", {}


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

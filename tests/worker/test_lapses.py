"""What happens by itself when a term is over: in order, on its day, once, and never more than the table says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from tests.services.world import CENTRE, World, agree, mediate, open_world, party_ids, triage

from mediation import worker
from mediation.demo.people import organization, person
from mediation.services import lapses
from mediation.storage import Unit


def entries(world: World, case_id: str) -> list[dict[str, Any]]:
    """What history says was done by the clock: action and day, in order."""
    rows = world.rows(
        "select action, occurred_on from history where case_id = :id and actor_id = 'system' order by sequence",
        id=case_id,
    )
    return [{"action": row["action"], "on": str(row["occurred_on"])} for row in rows]


def dispatched(world: World) -> str:
    """A case the court has sent, that waits to be accepted within three working days."""
    case_id: str = world.create(submit=False)["id"]
    world.take(
        case_id, "intake_court_dispatch", court_no="(2026)浙0106诉前调1号", cause="unpaid_wages",
        pretrial_venue="court_prefiling_dispatch", court_route_basis="not_stated", evidence=["委派函"],
        dispatch_received_on=str(world.today),
    )  # fmt: skip
    return case_id


def test_a_timer_takes_its_step_on_the_day_the_term_fell_due(world: World) -> None:
    case_id = dispatched(world)
    due = next(d.due for d in world.case(case_id).running() if d.term == "D_CT_ACCEPT_3WD")

    on_the_day = world.run_due(due)
    day_after = world.run_due(due + timedelta(days=30))

    case = world.case(case_id)
    assert due == date(2026, 6, 18)
    assert (on_the_day, day_after) == (0, 1)
    assert case.state == "court_returned"
    assert entries(world, case_id) == [{"action": "dispatch_timeout", "on": "2026-06-18"}]
    assert [d.status for d in case.deadlines.values() if d.term == "D_CT_ACCEPT_3WD"] == ["fired"]
    assert world.verification(case_id)["holds"]


def test_what_was_recorded_late_fires_with_the_day_it_fell_due(world: World) -> None:
    case_id = world.create(submit=False)["id"]
    world.clock.move_to(date(2026, 8, 3))
    world.take(
        case_id, "intake_court_dispatch", court_no="1", cause="unpaid_wages", pretrial_venue="court_prefiling_dispatch",
        court_route_basis="not_stated", dispatch_received_on="2026-07-13", occurred_on="2026-07-13",
        evidence=["委派函"],
    )  # fmt: skip

    world.run_due()

    assert entries(world, case_id) == [{"action": "dispatch_timeout", "on": "2026-07-16"}]


def test_of_many_terms_each_fires_in_the_order_they_fell_due(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    agree(world, case_id, ["2026-06-22", "2026-06-30", "2026-07-20"])

    fired = world.run_due(date(2026, 9, 1))

    found = entries(world, case_id)
    assert fired == len(found)
    assert [entry["on"] for entry in found] == sorted(entry["on"] for entry in found)
    assert [entry for entry in found if "instalment" in entry["action"]] == [
        {"action": "instalment_missed", "on": "2026-06-22"},
        {"action": "further_instalment_missed", "on": "2026-06-30"},
        {"action": "further_instalment_missed", "on": "2026-07-20"},
    ]


def test_what_a_timer_starts_in_the_past_fires_before_what_fell_due_later(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    case = agree(world, case_id, ["2026-06-29"])
    worker_id, employer_id = party_ids(case)
    owed = {"kind": "payment", "amount": "8000.00", "due_on": "2026-08-31"}
    world.take(
        case_id, "agree_new_terms", "mediator-zhou", supersedes=case["facts"]["agreement"]["id"],
        draft={"reference": "变更协议"}, acceleration=False,
        obligations=[{**owed, "debtor": employer_id, "creditor": worker_id}],
    )  # fmt: skip

    world.run_due(date(2026, 9, 30))

    found = entries(world, case_id)
    assert found[0] == {"action": "new_terms_lapse", "on": "2026-06-18"}
    assert {"action": "instalment_missed", "on": "2026-06-29"} in found
    assert [entry["on"] for entry in found] == sorted(entry["on"] for entry in found)


def test_two_workers_at_once_fire_each_deadline_once(world: World) -> None:
    other = world.another()
    cases = [world.create()["id"] for _ in range(4)] + [dispatched(world) for _ in range(4)]
    world.clock.move_to(date(2026, 9, 1))

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(lambda process: worker.run_due(process.database, world.clock), (world, other)))

    fired = world.rows("select case_id, id from deadlines where status in ('fired', 'lapsed')")
    by_system = world.rows("select case_id from history where actor_id = 'system'")
    assert world.read(lapses.due, world.today, 100) == []
    assert sum(counts) == len(by_system)
    assert len(fired) >= sum(counts)
    assert all(world.verification(case_id)["holds"] for case_id in cases)
    for case_id in cases:
        days = [entry["on"] for entry in entries(world, case_id)]
        assert days == sorted(days)


def test_a_worker_beside_a_person_who_writes_loses_nothing(world: World) -> None:
    other = world.another()
    case_ids = [dispatched(world) for _ in range(6)]
    world.clock.move_to(date(2026, 6, 25))

    def write(case_id: str) -> None:
        for _ in range(3):
            path = f"/v1/cases/{case_id}/parties/{party_of(world, case_id)}"
            headers = {"If-Match": version_of(world, case_id)}
            answer = world.send("clerk-lin", "PATCH", path, headers=headers, json={"name": "改名公司"})
            assert answer.status_code in {200, 412}

    with ThreadPoolExecutor(2) as pool:
        working = pool.submit(worker.run_due, other.database, world.clock)
        list(pool.map(write, case_ids))
        working.result()

    assert {world.case(case_id).state for case_id in case_ids} == {"court_returned"}
    assert all(world.verification(case_id)["holds"] for case_id in case_ids)
    assert all(len(entries(world, case_id)) == 1 for case_id in case_ids)


def party_of(world: World, case_id: str) -> str:
    return next(party.id for party in world.case(case_id).parties.values() if party.kind == "employer")


def version_of(world: World, case_id: str) -> str:
    version = next(party.version for party in world.case(case_id).parties.values() if party.kind == "employer")
    return f'"{version}"'


def test_a_jump_over_a_long_holiday_fires_on_the_working_day_after_it(sqlite_url: str) -> None:
    with open_world(sqlite_url) as world:
        world.clock.move_to(date(2026, 9, 29))
        case_id = dispatched(world)
        during = world.run_due(date(2026, 10, 9))

        world.run_due(date(2026, 10, 30))

        assert during == 0
        assert entries(world, case_id) == [{"action": "dispatch_timeout", "on": "2026-10-09"}]


def test_a_lapse_without_an_open_timer_row_is_recorded_and_leaves_a_task(world: World) -> None:
    case_id = world.create()["id"]
    before = world.case(case_id)

    world.run_due(date(2026, 6, 17))

    case = world.case(case_id)
    (task,) = case.tasks.values()
    (deadline,) = (d for d in case.deadlines.values() if d.term == "D_TRIAGE_1WD")
    assert case.state == before.state == "registered"
    assert (deadline.status, deadline.ended_on) == ("lapsed", date(2026, 6, 16))
    assert (task.term, task.due_on, task.opened_on) == ("D_TRIAGE_1WD", date(2026, 6, 16), date(2026, 6, 17))
    assert "triage_ok" in task.actions
    assert entries(world, case_id) == [{"action": "term_lapsed", "on": "2026-06-16"}]


def test_the_step_that_answers_a_task_closes_it(world: World) -> None:
    case_id = world.create()["id"]
    world.run_due(date(2026, 6, 17))

    triage(world, case_id)

    assert [task.status for task in world.case(case_id).tasks.values()] == ["done"]
    assert world.rows("select has_tasks from cases")[0]["has_tasks"] == 0


def test_a_limitation_that_ends_raises_a_task_and_never_moves_the_case(world: World) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)
    claim = next(c for c in world.case(case_id).claims.values() if c.knew_on)
    running = next(d for d in world.case(case_id).running() if d.ref_id == claim.id)
    before = world.case(case_id)

    world.run_due(running.due + timedelta(days=1))

    case = world.case(case_id)
    (task,) = (task for task in case.tasks.values() if task.term == "D_LIMIT_1Y")
    assert running.term == "D_LIMIT_1Y"
    assert case.deadlines[running.id].status == "lapsed"
    assert task.status == "open"
    assert case.tracks["main"].state == before.tracks["main"].state == "triage"
    assert [claim.outcome for claim in case.claims.values()] == ["open", "open"]


def test_a_mediation_term_that_ends_waits_for_somebody_to_confirm(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)

    world.run_due(date(2026, 7, 20))
    state = world.case(case_id).state
    world.take(case_id, "lapse")

    assert state == "org_mediation_in_progress"
    assert world.case(case_id).state == "mediation_failed"
    assert {task.status for task in world.case(case_id).tasks.values() if task.term == "D_MED_15"} == {"done"}


def test_nothing_is_fired_twice(world: World) -> None:
    case_id = world.create()["id"]
    first = world.run_due(date(2026, 9, 1))
    version = world.case(case_id).version

    second = world.run_due()

    assert first > 0
    assert second == 0
    assert world.case(case_id).version == version


def test_a_deadline_that_is_held_does_not_fire(world: World) -> None:
    case_id = dispatched(world)
    world.take(case_id, "accept_dispatch", accepted_on=str(world.today), mediator=person("mediator-zhou").id)
    at = f"{world.today}T09:00:00+08:00"
    world.take(
        case_id, "contact_counterparty", "mediator-zhou",
        contacts=[{"party": party_of(world, case_id), "at": at, "channel": "phone", "reached": True}],
    )  # fmt: skip
    world.take(
        case_id, "start_hold", "mediator-zhou", hold_reason="appraisal", since=str(world.today), decided_by="法院"
    )

    world.run_due(date(2026, 9, 1))

    assert world.case(case_id).state == "court_mediation_in_progress"
    assert "D_CT_30" in {deadline.term for deadline in world.case(case_id).running()}


def test_a_case_that_cannot_be_fired_does_not_hold_up_the_others(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, sound = world.create()["id"], world.create()["id"]

    def spoil(unit: Unit) -> None:
        unit.connection.exec_driver_sql(f"update cases set facts = 'no json' where id = '{broken}'")  # noqa: S608

    world.write(spoil)
    world.run_due(date(2026, 9, 1))

    due = {case_id for case_id, _ in world.read(lapses.due, world.today, 100)}
    assert due == {broken}
    assert len(entries(world, sound)) >= 3
    assert "lapse_failed" in capsys.readouterr().out


def test_the_service_fires_what_lapses_when_the_clock_of_the_demo_is_moved(world: World) -> None:
    case_id = dispatched(world)

    answer = world.send("clerk-lin", "POST", "/v1/demo/clock", json={"today": "2026-07-01"})

    assert answer.status_code == 200, answer.text
    assert answer.json()["chores"] >= 1
    assert world.case(case_id).state == "court_returned"


def test_lapses_show_in_the_worklist(world: World) -> None:
    case_id = world.create()["id"]
    before = world.send("clerk-lin", "GET", "/v1/cases?flags=tasks").json()["items"]

    world.run_due(date(2026, 6, 17))

    after = world.send("clerk-lin", "GET", "/v1/cases?flags=tasks").json()["items"]
    assert before == []
    assert [item["id"] for item in after] == [case_id]
    assert organization("yunxi-centre").id == CENTRE == after[0]["organization_id"]

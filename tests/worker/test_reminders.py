"""Reminders and escalations: each rung once, of those missed the latest, and no act on the case."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.services.world import World, mediate, party_ids, triage
from tests.worker.test_lapses import dispatched

from mediation import worker
from mediation.demo.people import person
from mediation.services import reminders
from mediation.storage import Unit
from mediation.storage.ids import new_id


def remind(world: World, day: date) -> int:
    """Move the clock and let the worker say what is to be said, without firing anything."""
    world.clock.move_to(day)
    return worker.remind(world.database, world.clock)


def said(world: World) -> list[tuple[str, str, int, str, str]]:
    rows = world.rows("select term, kind, days, due_on, created_on from reminders order by created_on, term, days desc")
    return [(r["term"], r["kind"], r["days"], str(r["due_on"])[5:], str(r["created_on"])[5:]) for r in rows]


def events(world: World) -> list[str]:
    """What the outbox holds besides entries of history: kinds, each about one reminder."""
    rows = world.rows(
        "select o.kind from outbox o join reminders r on r.id = o.ref_id and r.case_id = o.case_id "
        "where o.sequence is null order by o.id"
    )
    return [row["kind"] for row in rows]


def test_a_running_term_is_told_of_on_each_of_its_rungs(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)

    days = {day: remind(world, date(2026, 6, 15) + timedelta(days=day)) for day in range(16)}

    assert {day for day, number in days.items() if number} == {8, 14, 15}
    assert said(world) == [
        ("D_MED_15", "before", 7, "06-30", "06-23"),
        ("D_MED_15", "before", 1, "06-30", "06-29"),
        ("D_MED_15", "on_the_day", 0, "06-30", "06-30"),
    ]
    assert events(world) == ["deadline.reminder"] * 3


def test_rungs_missed_while_nobody_worked_are_told_of_by_the_latest_alone(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)

    remind(world, date(2026, 6, 29))
    remind(world, date(2026, 7, 20))

    assert said(world) == [
        ("D_MED_15", "before", 1, "06-30", "06-29"),
        ("D_MED_15", "on_the_day", 0, "06-30", "07-20"),
    ]


def test_a_reminder_moves_neither_the_version_of_the_case_nor_its_history(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    before = world.case(case_id)

    remind(world, date(2026, 6, 23))

    assert len(said(world)) == 1
    assert world.case(case_id) == before
    assert world.verification(case_id)["holds"]


def test_what_was_told_is_not_told_again_when_the_case_is_written_to(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    remind(world, date(2026, 6, 23))

    def ask_again(unit: Unit) -> None:
        unit.connection.exec_driver_sql("update deadlines set remind_on = '2026-06-23' where remind_on is not null")

    world.write(ask_again)
    again = remind(world, date(2026, 6, 24))

    assert again == 0
    assert len(said(world)) == len(events(world)) == 1
    assert [str(row["remind_on"]) for row in running(world, "D_MED_15")] == ["2026-06-29"]


def running(world: World, term: str) -> list[dict[str, Any]]:
    return world.rows("select remind_on, due from deadlines where status = 'running' and term = :term", term=term)


def test_a_new_last_day_has_a_ladder_of_its_own_and_what_was_said_of_the_old_one_falls(world: World) -> None:
    case_id = world.create()["id"]
    case = mediate(world, case_id)
    remind(world, date(2026, 6, 23))
    consents = [{"party": key, "date": "2026-06-23", "form": "written"} for key in party_ids(case)]

    world.take(case_id, "extend", "mediator-zhou", new_end="2026-07-10", consents=consents, reason="核对工资单")
    standing = [row["term"] for row in world.rows("select term from reminders where is_open")]
    remind(world, date(2026, 7, 3))

    assert standing == []
    assert said(world)[1:] == [("D_MED_EXT", "before", 7, "07-10", "07-03")]


def test_a_term_that_is_stopped_is_not_told_of(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    world.take(case_id, "fail", "mediator-zhou", reason="wide_gap")

    told = [remind(world, world.today + timedelta(days=1)) for _ in range(20)]

    assert sum(told) == 0


def test_a_term_that_stands_still_neither_reminds_nor_fires(world: World) -> None:
    case_id = dispatched(world)
    world.take(case_id, "accept_dispatch", accepted_on=str(world.today), mediator=person("mediator-zhou").id)
    employer = next(party.id for party in world.case(case_id).parties.values() if party.kind == "employer")
    at = f"{world.today}T09:00:00+08:00"
    contacts = [{"party": employer, "at": at, "channel": "phone", "reached": True}]
    world.take(case_id, "contact_counterparty", "mediator-zhou", contacts=contacts)
    remind(world, date(2026, 7, 8))
    told = said(world)

    world.take(
        case_id, "start_hold", "mediator-zhou", hold_reason="appraisal", since=str(world.today), decided_by="法院"
    )
    standing = world.rows("select id from reminders where is_open")
    worker.catch_up(world.database, world.clock)
    world.clock.move_to(date(2026, 8, 20))
    worker.catch_up(world.database, world.clock)

    assert [entry[0] for entry in told] == ["D_CT_30"]
    assert standing == []
    assert said(world) == told
    assert [row["remind_on"] for row in running(world, "D_CT_30")] == [None]


def test_a_jump_over_a_long_holiday_tells_of_each_term_once(world: World) -> None:
    world.clock.move_to(date(2026, 9, 29))
    case_id = dispatched(world)  # three working days: until 9 October
    other = world.create(received_on="2026-09-28")["id"]

    world.clock.move_to(date(2026, 10, 9))
    worker.catch_up(world.database, world.clock)
    world.clock.move_to(date(2026, 10, 12))
    worker.catch_up(world.database, world.clock)

    of_the_first = [row[:4] for row in said(world) if row[0] == "D_CT_ACCEPT_3WD"]
    assert of_the_first == [("D_CT_ACCEPT_3WD", "on_the_day", 0, "10-09")]
    assert len({row[:4] for row in said(world)}) == len(said(world))
    assert world.case(case_id).state == "court_returned"
    assert world.case(other).tasks


def test_limitation_is_told_of_like_other_terms_and_can_be_asked_for(world: World) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)
    limitation = next(d for d in world.case(case_id).running("D_LIMIT_1Y"))

    for days in (30, 7, 1, 0):
        remind(world, limitation.due - timedelta(days=days))

    found = world.send("clerk-lin", "GET", "/v1/reminders?term=D_LIMIT_1Y").json()["items"]
    assert [item["days"] for item in found] == [30, 7, 1, 0]
    assert {item["days_left"] for item in found} == {0}
    assert {item["case_id"] for item in found} == {case_id}


def test_a_task_nobody_answers_goes_to_the_supervisor_once(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    world.run_due(date(2026, 7, 1))  # the mediation term ended on 30 June; a Wednesday

    early = remind(world, date(2026, 7, 5))
    late = [remind(world, date(2026, 7, day)) for day in (6, 7, 20)]

    assert (early, late) == (0, [1, 0, 0])
    assert said(world) == [("D_MED_15", "escalation", 6, "06-30", "07-06")]
    assert events(world) == ["task.escalated"]
    found = world.send("supervisor-tang", "GET", "/v1/reminders?scope=below&audience=supervisor").json()["items"]
    assert [(item["kind"], item["owner"]["role"]) for item in found] == [("escalation", "supervisor")]


def test_an_escalation_falls_when_a_step_answers_the_task(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    world.run_due(date(2026, 7, 1))
    remind(world, date(2026, 7, 6))

    world.take(case_id, "lapse")

    assert world.rows("select id from reminders where is_open") == []
    assert world.send("clerk-lin", "GET", "/v1/reminders").json()["items"] == []


def test_two_workers_at_once_say_everything_once(world: World) -> None:
    other = world.another()
    copies = 700
    case_id = fill(world, copies)
    world.clock.move_to(date(2026, 6, 23))

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(lambda process: worker.remind(process.database, world.clock), (world, other)))
    worker.remind(world.database, world.clock)

    assert len(said(world)) == len(events(world)) == copies + 1
    assert sum(counts) <= copies + 1
    assert world.rows("select id from deadlines where remind_on <= '2026-06-23'") == []
    assert world.verification(case_id)["holds"]


def fill(world: World, copies: int) -> str:
    """A case in mediation whose term is there many times, as deadlines lie in the database."""
    case_id: str = world.create()["id"]
    mediate(world, case_id)
    columns = (
        "case_id, term, track_key, fact, start, due, raw, provisional, status, calendar_version, remind_on, ledger"
    )

    def copy(unit: Unit) -> None:
        for _ in range(copies):
            unit.connection.exec_driver_sql(
                f"insert into deadlines (id, {columns}, is_paused) select '{new_id()}', {columns}, is_paused "  # noqa: S608
                "from deadlines where term = 'D_MED_15' limit 1"
            )

    world.write(copy)
    return case_id


_PROGRAM = """
import sys
from datetime import date
from tests.services.world import StillClock, open_database
from mediation import worker
database = open_database(sys.argv[1])
clock = StillClock(date(2026, 6, 23))
print("ready", flush=True)
sys.stdin.readline()
while True:
    worker.remind(database, clock)
"""


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing(world: World) -> None:
    copies = 900
    fill(world, copies)
    for delay in (0.0, 0.02, 0.05):
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, world.url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        process.stdin.write(b"go\n")
        process.stdin.flush()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        process.stdin.close()
        process.stdout.close()
        halfway = len(said(world))
        assert halfway == len(events(world))
        assert halfway % reminders.BATCH in {0, (copies + 1) % reminders.BATCH}

    remind(world, date(2026, 6, 23))

    assert len(said(world)) == len(events(world)) == copies + 1

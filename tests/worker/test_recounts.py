"""A notice loaded at run time, or taken back: what it touches is counted again, once, told case by case, and undone."""

import signal
import subprocess
import sys
import threading
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from tests.services.world import MASTER_KEY, World, accept, agree, mediate, story

from mediation import worker
from mediation.domain.calendar import parse_notice
from mediation.domain.history import rebuild
from mediation.services import calendars, recounts
from mediation.storage import Unit
from mediation.storage import recounts as rows
from mediation.storage.json_sql import statement

# Made up: the real notice of 2027 was not out when this was written.
NOTICE: dict[str, Any] = {
    "year": 2027,
    "notice": {"title": "2027年节假日安排（测试用）", "source": "made up for this test", "verified": False},
    "days_off": [
        "2027-01-01", "2027-01-02", "2027-01-03", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08",
        "2027-02-09",
        "2027-02-10", "2027-02-11", "2027-04-05", "2027-05-01", "2027-05-02", "2027-06-09", "2027-09-15", "2027-10-01",
        "2027-10-02", "2027-10-03",
    ],
    "working_weekends": ["2027-01-10"],
}  # fmt: skip
MOVING = {**NOTICE, "days_off": [*NOTICE["days_off"], "2027-01-11"], "working_weekends": ["2027-01-09"]}


def _registered(world: World, day: date) -> str:
    world.clock.move_to(day)
    found: str = world.create(received_on=day.isoformat())["id"]
    return found


def _load(world: World, notice: dict[str, Any]) -> str:
    answer = world.send("admin-qian", "POST", "/v1/calendars", json=notice)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["load_id"]
    return found


def _undo(world: World, load_id: str) -> str:
    answer = world.send("admin-qian", "POST", f"/v1/calendar-loads/{load_id}/undo")
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def _recount(world: World) -> int:
    return worker.recount_stale(world.database, world.clock)


def _progress(world: World, load_id: str) -> dict[str, Any]:
    found: dict[str, Any] = world.send("supervisor-tang", "GET", f"/v1/calendar-loads/{load_id}").json()["recount"]
    return found


def _moves(world: World, load_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.send("clerk-lin", "GET", f"/v1/calendar-loads/{load_id}/moves").json()["items"]
    return found


def _ends(world: World, case_id: str) -> dict[str, tuple[date, date, bool]]:
    return {d.id: (d.due, d.raw, d.provisional) for d in world.case(case_id).running()}


def _caseload(world: World) -> list[str]:
    """Cases of late December in different stages."""
    made = []
    for day in (15, 18, 21, 25, 28):
        made.append(_registered(world, date(2026, 12, day)))
        made.append(_registered(world, date(2026, 12, day)))
        accept(world, made[-1])
    mediate(world, (last := _registered(world, date(2026, 12, 29))))
    agree(world, last, ["2027-01-11", "2027-02-06", "2027-10-03"])
    return [*made, last]


def _holds(world: World, case_id: str) -> bool:
    """Whether the chain holds, and the history alone gives the deadlines and the clocks as they are stored."""
    payloads = [
        orjson.loads(row["payload"])
        for row in world.rows("select payload from history where case_id = :id order by sequence", id=case_id)
    ]
    case = world.case(case_id)
    (row,) = world.rows("select next_due, is_provisional, sequence, version from cases where id = :id", id=case_id)
    scopes = world.rows("select distinct next_due from case_scope where case_id = :id", id=case_id)
    urgent = [d.due for d in case.running() if not d.term.startswith(("D_LIMIT", "D_ENFORCE"))]
    return (
        bool(world.verification(case_id)["holds"])
        and rebuild(payloads)["deadlines"] == case.deadlines
        and [str(row["next_due"]) for row in (row, *scopes)] == [str(min(urgent))] * 2
        and bool(row["is_provisional"]) == any(d.provisional for d in case.running())
        and row["sequence"] == row["version"] == len(payloads)
    )


def test_a_provisional_deadline_becomes_final_with_the_notice_of_its_year(world: World) -> None:
    case_id = _registered(world, date(2026, 12, 18))
    before = next(world.case(case_id).running("D_MED_15"))
    _load(world, NOTICE)

    touched = _recount(world)

    after = next(world.case(case_id).running("D_MED_15"))
    assert (before.provisional, before.due) == (True, date(2027, 1, 4))
    assert (after.provisional, after.due) == (False, date(2027, 1, 4))
    assert touched == 1
    assert _holds(world, case_id)


def test_history_tells_each_date_that_moved(world: World) -> None:
    case_id = _registered(world, date(2026, 12, 25))
    before = next(world.case(case_id).running("D_MED_15")).due
    load_id = _load(world, MOVING)

    _recount(world)

    after = next(world.case(case_id).running("D_MED_15")).due
    last = world.send("clerk-lin", "GET", f"/v1/cases/{case_id}/history?after=2").json()["items"][-1]
    assert (before, after) == (date(2027, 1, 11), date(2027, 1, 9))
    assert (last["kind"], last["action"], last["input"]["load"]) == ("recount", "calendar_loaded", load_id)
    assert {"term": "D_MED_15", "from": "2027-01-11", "to": "2027-01-09"} in last["input"]["moved"]
    assert _holds(world, case_id)


def test_each_entry_of_a_recount_leaves_its_event(world: World) -> None:
    case_id = _registered(world, date(2026, 12, 25))
    _load(world, MOVING)

    _recount(world)

    sequences = world.rows("select sequence from outbox where case_id = :id and sequence is not null", id=case_id)
    assert {row["sequence"] for row in sequences} == set(range(1, world.case(case_id).sequence + 1))


def test_the_report_tells_both_dates_with_their_arithmetic(world: World) -> None:
    case_id = _registered(world, date(2026, 12, 25))
    load_id = _load(world, MOVING)

    _recount(world)

    (row,) = (row for row in _moves(world, load_id) if row["code"] == "D_MED_15")
    assert (row["case_id"], row["case_number"]) == (case_id, world.case(case_id).number)
    assert (row["old"]["due"], row["old"]["provisional"]) == ("2027-01-11", True)
    assert (row["new"]["due"], row["new"]["provisional"]) == ("2027-01-09", False)
    assert row["old"]["working"][-1]["facts"] == {"line": "provisional", "years": [2027]}
    assert row["new"]["working"][-1]["facts"] == {"line": "no_roll_on_makeup", "raw": "2027-01-09"}


def test_progress_tells_what_is_to_do_what_is_done_and_what_moved(world: World) -> None:
    cases = _caseload(world)
    load_id = _load(world, MOVING)

    waiting = _progress(world, load_id)
    heard: list[int] = []
    worker.recount_stale(world.database, world.clock, heard.append, batch=4)
    finished = _progress(world, load_id)

    moved = [row for row in _moves(world, load_id) if row["old"]["due"] != row["new"]["due"]]
    assert (waiting["status"], waiting["cases_to_do"]) == ("waiting", 0)
    assert finished["status"] == "finished"
    assert finished["cases_to_do"] == finished["cases_done"] == len(cases) == heard[-1]
    assert heard == [4, 8, 11]
    assert finished["deadlines_moved"] == len(moved) > 0
    assert finished["cases_moved"] == len({row["case_id"] for row in moved})
    assert finished["deadlines_counted"] >= len(_moves(world, load_id))


def test_a_second_run_finds_nothing_left_to_count(world: World) -> None:
    _registered(world, date(2026, 12, 18))
    _load(world, NOTICE)
    _recount(world)

    assert _recount(world) == 0


def test_undoing_a_load_restores_every_date_exactly(world: World) -> None:
    cases = _caseload(world)
    before = {case_id: _ends(world, case_id) for case_id in cases}
    load_id = _load(world, MOVING)
    _recount(world)
    loaded = {case_id: _ends(world, case_id) for case_id in cases}

    undo_id = _undo(world, load_id)
    _recount(world)

    after = {case_id: _ends(world, case_id) for case_id in cases}
    there, back = _moves(world, load_id), _moves(world, undo_id)
    assert loaded != before
    assert after == before
    assert all(_holds(world, case_id) for case_id in cases)
    assert {(row["deadline_id"], row["old"]["due"], row["new"]["due"]) for row in there} == {
        (row["deadline_id"], row["new"]["due"], row["old"]["due"]) for row in back
    }
    assert world.case(cases[0]).last_entry["action"] == "calendar_undone"


def test_undoing_a_correction_restores_the_notice_before_it_and_undoing_that_one_the_statute(world: World) -> None:
    case_id = _registered(world, date(2026, 12, 25))
    ends = [_ends(world, case_id)]
    loads = []
    for notice in (NOTICE, MOVING):
        loads.append(_load(world, notice))
        _recount(world)
        ends.append(_ends(world, case_id))

    _undo(world, loads[1])
    _recount(world)
    corrected = _ends(world, case_id)
    _undo(world, loads[0])
    _recount(world)

    assert len({str(found) for found in ends}) == 3
    assert corrected == ends[1]
    assert _ends(world, case_id) == ends[0]
    assert _holds(world, case_id)


def test_a_load_undone_before_it_was_counted_leaves_every_case_alone(world: World) -> None:
    case_id = _registered(world, date(2026, 12, 25))
    _undo(world, _load(world, MOVING))

    touched = _recount(world)

    assert touched == 0
    assert world.case(case_id).last_entry["kind"] != "recount"


def test_two_loads_at_once_are_counted_once_each_date_in_one_report(world: World) -> None:
    case_id = _registered(world, date(2026, 12, 25))
    first = _load(world, NOTICE)
    second = _load(world, MOVING)

    _recount(world)

    entries = world.rows("select action from history where case_id = :id and action = 'calendar_loaded'", id=case_id)
    told = [row["deadline_id"] for load_id in (first, second) for row in _moves(world, load_id)]
    assert next(world.case(case_id).running("D_MED_15")).due == date(2027, 1, 9)
    assert len(entries) == 1
    assert len(told) == len(set(told)) > 0
    assert {_progress(world, load_id)["status"] for load_id in (first, second)} == {"finished"}


def test_a_notice_that_takes_the_last_day_of_the_year_before_moves_what_ends_on_it(world: World) -> None:
    case_id = _registered(world, date(2026, 12, 16))
    before = next(world.case(case_id).running("D_MED_15"))
    load_id = _load(world, {**NOTICE, "days_off": ["2026-12-31", *NOTICE["days_off"]]})

    _recount(world)

    after = next(world.case(case_id).running("D_MED_15"))
    load = world.send("supervisor-tang", "GET", f"/v1/calendar-loads/{load_id}").json()
    assert (before.due, before.provisional) == (date(2026, 12, 31), False)
    assert after.due == date(2027, 1, 4)
    assert load["since"] == "2026-12-31"


def test_what_ends_before_the_first_day_a_notice_touches_is_left_alone(world: World) -> None:
    case_id = _registered(world, date(2026, 12, 1))
    early = {d.id: d for d in world.case(case_id).running() if d.due < date(2027, 1, 1)}
    _load(world, NOTICE)

    _recount(world)

    assert early
    assert {key: world.case(case_id).deadlines[key] for key in early} == early


def test_a_closed_case_is_not_touched(world: World) -> None:
    case_id = _registered(world, date(2026, 6, 15))
    for action, subject, given in story(world, case_id):
        world.take(case_id, action, subject, **given)
    closed = world.case(case_id)
    _load(world, NOTICE)

    _recount(world)

    assert closed.state == "closed_performed"
    assert list(closed.running()) == []
    assert world.case(case_id).version == closed.version


def test_what_a_slower_process_wrote_on_the_old_calendar_is_found_later(world: World) -> None:
    early = _registered(world, date(2026, 12, 25))
    load_id = _load(world, MOVING)
    _recount(world)
    late = _registered(world, date(2026, 12, 25))
    world.write(_run, "update deadlines set calendar_version = 'old', provisional = true where case_id = :id", late)
    world.clock.move_to(world.clock.now() + timedelta(minutes=2))

    touched = _recount(world)

    assert touched == 1
    assert not any(d.provisional for d in world.case(late).running("D_MED_15"))
    assert _progress(world, load_id)["cases_done"] == 2
    assert world.case(early).last_entry["kind"] == "recount"


def _run(unit: Unit, sql: str, case_id: str) -> None:
    unit.execute(statement(sql), {"id": case_id})


def test_a_case_written_meanwhile_stays_on_the_list_and_is_counted_next(world: World) -> None:
    cases = [_registered(world, date(2026, 12, 25)) for _ in range(3)]
    load_id = _load(world, MOVING)
    assert world.write(recounts.look, load_id, world.clock.now())
    other = world.another()

    def count_while_somebody_writes(unit: Unit) -> int:
        with unit.transaction():
            recount = recounts.Recount(calendars.refresh(unit), load_id, world.clock.now())
            for case in rows.take(unit, load_id, 10):
                recount.add(case)
            if unit.dialect != "sqlite":  # which has one writer: nobody can come in between
                other.write(_run, "update cases set version = version + 1 where id = :id", cases[1])
            return rows.record(unit, recount.batch)

    written = world.write(count_while_somebody_writes)
    progress = _progress(world, load_id)
    _recount(world)

    assert written == progress["cases_done"] == (3 if world.database.dialect == "sqlite" else 2)
    assert _progress(world, load_id)["cases_done"] == 3
    assert {next(world.case(case_id).running("D_MED_15")).due for case_id in cases} == {date(2027, 1, 9)}


def test_what_waits_to_be_counted_again_does_not_lapse_before(world: World) -> None:
    case_id = _registered(world, date(2026, 12, 25))
    load_id = _load(world, {**MOVING, "days_off": [*MOVING["days_off"], "2026-12-28"]})
    assert world.write(recounts.look, load_id, world.clock.now())
    world.clock.move_to(date(2026, 12, 29))

    fired = worker.run_due(world.database, world.clock)
    _recount(world)
    afterwards = worker.run_due(world.database, world.clock)

    triage = next(world.case(case_id).running("D_TRIAGE_1WD"))
    assert (fired, afterwards) == (0, 0)
    assert triage.due == date(2026, 12, 29)


def test_a_recount_that_has_no_time_left_goes_on_the_next_time(world: World) -> None:
    cases = _caseload(world)
    load_id = _load(world, MOVING)

    first = worker.recount_stale(world.database, world.clock, batch=2, seconds=0)
    rest = worker.recount_stale(world.database, world.clock, batch=2)

    assert (first, rest) == (2, len(cases) - 2)
    assert _progress(world, load_id)["status"] == "finished"


def test_two_workers_share_the_cases_and_count_each_once(world: World) -> None:
    cases = _caseload(world)
    load_id = _load(world, MOVING)
    worlds = [world, world.another()]

    def work(one: World) -> None:
        while _unfinished(one, load_id):
            worker.recount_stale(one.database, one.clock, batch=2)

    threads = [threading.Thread(target=work, args=(one,)) for one in worlds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    entries = world.rows("select case_id from history where action = 'calendar_loaded'")
    progress = _progress(world, load_id)
    assert sorted(row["case_id"] for row in entries) == sorted(cases)
    assert progress["cases_to_do"] == progress["cases_done"] == len(cases)
    assert all(_holds(world, case_id) for case_id in cases)


def _unfinished(world: World, load_id: str) -> bool:
    return world.rows("select finished_at from calendar_loads where id = :id", id=load_id)[0]["finished_at"] is None


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(world: World) -> None:
    cases = _caseload(world)
    load_id = _load(world, MOVING)

    for _ in range(2):
        _work_until_killed(world)
    killed = _progress(world, load_id)
    _recount(world)

    entries = world.rows("select case_id from history where action = 'calendar_loaded'")
    done = _progress(world, load_id)
    assert killed["status"] == "running"
    assert 2 <= killed["cases_done"] < killed["cases_to_do"]
    assert (done["status"], done["cases_done"]) == ("finished", len(cases))
    assert sorted(row["case_id"] for row in entries) == sorted(cases)
    moves = world.rows("select deadline_id from calendar_moves")
    assert len(moves) == len({row["deadline_id"] for row in moves})
    assert all(_holds(world, case_id) for case_id in cases)


def _work_until_killed(world: World) -> None:
    """Let a process of its own count case by case, and end it by SIGKILL right after its first."""
    asked = (world.url, world.today.isoformat(), MASTER_KEY.hex())
    command = [sys.executable, "-m", "tests.worker.recounting", *asked]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait(10)


@pytest.mark.parametrize("notice", [NOTICE, MOVING])
def test_the_notices_of_these_tests_are_complete(notice: dict[str, Any]) -> None:
    assert parse_notice(notice).year == 2027

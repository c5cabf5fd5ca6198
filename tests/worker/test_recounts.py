"""A calendar notice loaded at run time: provisional deadlines are counted again, once, and history tells what moved."""

from datetime import date
from typing import Any

from tests.services.world import World

from mediation import worker

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


def _registered_late_in_december(world: World) -> str:
    world.clock.move_to(date(2026, 12, 18))
    case = world.create(received_on="2026-12-18")
    found: str = case["id"]
    return found


def test_a_provisional_deadline_becomes_final_with_the_notice_of_its_year(world: World) -> None:
    case_id = _registered_late_in_december(world)
    before = next(world.case(case_id).running("D_MED_15"))
    answer = world.send("supervisor-tang", "POST", "/v1/calendars", json=NOTICE)
    assert answer.status_code == 201, answer.text

    touched = worker.recount_stale(world.database, world.clock)

    after = next(world.case(case_id).running("D_MED_15"))
    assert (before.provisional, before.due) == (True, date(2027, 1, 4))
    assert (after.provisional, after.due) == (False, date(2027, 1, 4))
    assert touched == 1


def test_history_tells_each_date_that_moved(world: World) -> None:
    world.clock.move_to(date(2026, 12, 25))
    case_id = world.create(received_on="2026-12-25")["id"]
    before = next(world.case(case_id).running("D_MED_15")).due
    moved = {**NOTICE, "days_off": [*NOTICE["days_off"], "2027-01-11"]}
    moved["working_weekends"] = ["2027-01-09"]
    assert world.send("supervisor-tang", "POST", "/v1/calendars", json=moved).status_code == 201

    worker.recount_stale(world.database, world.clock)

    after = next(world.case(case_id).running("D_MED_15")).due
    last = world.send("clerk-lin", "GET", f"/v1/cases/{case_id}/history?after=2").json()["items"][-1]
    assert (before, after) == (date(2027, 1, 11), date(2027, 1, 9))
    assert {"term": "D_MED_15", "from": "2027-01-11", "to": "2027-01-09"} in last["input"]["moved"]
    assert world.verification(case_id)["holds"]


def test_a_second_run_finds_nothing_left_to_count(world: World) -> None:
    _registered_late_in_december(world)
    world.send("supervisor-tang", "POST", "/v1/calendars", json=NOTICE)
    worker.recount_stale(world.database, world.clock)

    assert worker.recount_stale(world.database, world.clock) == 0

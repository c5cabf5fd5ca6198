"""Deadlines on a case: worked examples, moving, pausing, recounting, explaining."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mediation.domain.calendar import Unit, count, official_calendar, parse_notice
from mediation.domain.deadlines import (
    Deadline,
    DeadlineStatus,
    days_left,
    end_deadline,
    hint_date,
    is_over,
    move_deadline,
    recount_deadline,
    resume_deadline,
    start_deadline,
    why,
)
from mediation.domain.terms import TERMS

CALENDAR = official_calendar()
TOLD = json.loads((Path(__file__).parents[1] / "data" / "deadlines.json").read_text("utf-8"))["cases"]


def started(term: str = "D_MED_15", start: date = date(2026, 9, 14), **changes: Any) -> Deadline:
    return start_deadline(term, id="d1", start=start, calendar=CALENDAR, fact="application_received", **changes)


def calendar_with_2027() -> Any:
    """Return the calendar with a made-up notice for 2027: the National Day week off, two weekends worked."""
    days_off = ["01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02", "06-09", "09-15"]
    days_off += [f"10-0{day}" for day in range(1, 8)]
    notice = {
        "year": 2027,
        "notice": {"title": "made up", "source": "made up for a test"},
        "days_off": [f"2027-{day}" for day in days_off],
        "working_weekends": ["2027-01-02", "2027-10-09"],
    }
    return CALENDAR.with_notice(parse_notice(notice))


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told["id"])
def test_a_told_case_comes_out_on_its_day(told: dict[str, Any]) -> None:
    start = date.fromisoformat(told["start"])

    counted = count(CALENDAR, start, told["length"], Unit(told["unit"]), roll=told["roll"])

    assert counted.due == date.fromisoformat(told["due"])
    assert not counted.provisional


@pytest.mark.parametrize("told", [told for told in TOLD if told["term"]], ids=lambda told: told["id"])
def test_the_row_of_the_term_gives_the_same_day(told: dict[str, Any]) -> None:
    deadline = started(told["term"], date.fromisoformat(told["start"]))

    assert deadline.due == date.fromisoformat(told["due"])


@pytest.mark.parametrize(
    ("term", "start", "raw", "due"),
    [
        ("D_MED_15", date(2026, 9, 14), date(2026, 9, 29), date(2026, 9, 29)),
        ("D_MED_15", date(2026, 9, 17), date(2026, 10, 2), date(2026, 10, 8)),
        ("D_REVIEW_15", date(2026, 4, 20), date(2026, 5, 5), date(2026, 5, 6)),
        ("D_REVIEW_15", date(2026, 4, 24), date(2026, 5, 9), date(2026, 5, 9)),
        ("D_JC_30", date(2026, 1, 20), date(2026, 2, 19), date(2026, 2, 24)),
        ("D_SUIT_15", date(2026, 6, 5), date(2026, 6, 20), date(2026, 6, 22)),
        ("D_MED_ACCEPT_3WD", date(2026, 2, 12), date(2026, 2, 24), date(2026, 2, 24)),
        ("D_ARB_ACCEPT_5", date(2026, 4, 30), date(2026, 5, 11), date(2026, 5, 11)),
        ("D_ARB_45", date(2026, 3, 2), date(2026, 4, 16), date(2026, 4, 16)),
        ("D_CT_30", date(2026, 7, 6), date(2026, 8, 5), date(2026, 8, 5)),
        ("D_LIMIT_1Y", date(2025, 3, 10), date(2026, 3, 10), date(2026, 3, 10)),
        ("D_LIMIT_1Y", date(2025, 2, 28), date(2026, 2, 28), date(2026, 2, 28)),
        ("D_LIMIT_1Y", date(2025, 12, 16), date(2026, 12, 16), date(2026, 12, 16)),
        ("D_PRES_48H", date(2026, 10, 1), date(2026, 10, 3), date(2026, 10, 3)),
    ],
)
def test_a_worked_example_comes_out_on_its_day(term: str, start: date, raw: date, due: date) -> None:
    deadline = started(term, start)

    assert (deadline.raw, deadline.due, deadline.provisional) == (raw, due, False)
    assert deadline.status == "running"
    assert deadline.calendar_version == CALENDAR.version


def test_arbitration_extended_by_fifteen_days_is_counted_from_acceptance() -> None:
    deadline = started("D_ARB_45", date(2026, 3, 2))

    extended = move_deadline(deadline, date(2026, 3, 2) + timedelta(days=45 + 15), CALENDAR)

    assert (extended.raw, extended.due) == (date(2026, 5, 1), date(2026, 5, 6))
    assert extended.moved
    assert extended.start == deadline.start


def test_wages_limitation_into_2027_is_provisional_until_the_notice_is_loaded() -> None:
    deadline = started("D_LIMIT_WAGE_EXIT_1Y", date(2026, 10, 3))

    recounted = recount_deadline(deadline, calendar_with_2027())

    assert (deadline.due, deadline.provisional) == (date(2027, 10, 4), True)
    assert (recounted.due, recounted.provisional) == (date(2027, 10, 8), False)
    assert recounted.calendar_version != deadline.calendar_version


def test_a_working_day_term_across_the_year_is_recounted_with_the_notice() -> None:
    deadline = started("D_ARB_ACCEPT_5", date(2026, 12, 30))

    recounted = recount_deadline(deadline, calendar_with_2027())

    assert (deadline.due, deadline.provisional) == (date(2027, 1, 7), True)
    assert (recounted.due, recounted.provisional) == (date(2027, 1, 6), False)


def test_an_agreed_end_keeps_the_day_agreed_and_rolls() -> None:
    deadline = started("OBLIGATION", date(2026, 9, 1), agreed_end=date(2026, 10, 2), ref_id="o1", party_id="p1")

    assert (deadline.raw, deadline.due) == (date(2026, 10, 2), date(2026, 10, 8))
    assert (deadline.ref_id, deadline.party_id, deadline.track_key) == ("o1", "p1", "main")


def test_an_end_fixed_by_an_authority_does_not_roll() -> None:
    deadline = started("D_ADMIN_ORDER", date(2026, 9, 1), agreed_end=date(2026, 10, 2))

    assert deadline.due == date(2026, 10, 2)


@pytest.mark.parametrize(
    ("term", "agreed_end", "text"),
    [
        ("D_MED_EXT", None, "ends on an agreed day"),
        ("D_MED_EXT", date(2026, 9, 13), "is before the start"),
        ("D_MED_15", date(2026, 10, 13), "counted from its start"),
        ("D_MED_16", None, "there is no term 'D_MED_16'"),
    ],
)
def test_a_deadline_that_makes_no_sense_is_refused(term: str, agreed_end: date | None, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        started(term, agreed_end=agreed_end)


def test_a_term_may_be_given_as_its_row() -> None:
    deadline = start_deadline(
        TERMS["D_MED_15"], id="d1", start=date(2026, 9, 14), calendar=CALENDAR, fact="application_received"
    )

    assert deadline == started()


def test_an_end_moved_before_the_start_is_refused() -> None:
    deadline = started()

    with pytest.raises(ValueError, match="is before the start"):
        move_deadline(deadline, date(2026, 9, 13), CALENDAR)


def test_a_pause_pushes_the_end_by_each_of_its_days() -> None:
    deadline = started("D_LIMIT_1Y", date(2025, 3, 10))

    resumed = resume_deadline(deadline, since=date(2026, 2, 1), until=date(2026, 3, 12), calendar=CALENDAR)

    assert (resumed.raw, resumed.due) == (date(2026, 4, 19), date(2026, 4, 20))


def test_a_pause_of_a_working_day_term_costs_working_days() -> None:
    deadline = started("D_ARB_ACCEPT_5", date(2026, 4, 27))

    resumed = resume_deadline(deadline, since=date(2026, 4, 29), until=date(2026, 5, 6), calendar=CALENDAR)

    assert deadline.due == date(2026, 5, 7)
    assert resumed.due == date(2026, 5, 11)


def test_a_pause_before_the_start_changes_nothing() -> None:
    deadline = started("D_ARB_45", date(2026, 3, 2))

    resumed = resume_deadline(deadline, since=date(2026, 2, 1), until=date(2026, 3, 2), calendar=CALENDAR)

    assert resumed.due == deadline.due


def test_a_pause_does_not_move_a_term_counted_back_from_a_hearing() -> None:
    deadline = started("D_ARB_HEARNOTICE_5", date(2026, 6, 26))

    resumed = resume_deadline(deadline, since=date(2026, 6, 10), until=date(2026, 6, 30), calendar=CALENDAR)

    assert deadline.due == date(2026, 6, 18)
    assert resumed == deadline


def test_notice_of_a_hearing_may_be_moved_before_the_hearing() -> None:
    deadline = started("D_ARB_HEARNOTICE_5", date(2026, 6, 26))

    moved = move_deadline(deadline, date(2026, 6, 17), CALENDAR)

    assert moved.due == date(2026, 6, 17)


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    deadline = started()

    with pytest.raises(ValueError, match="before it begins"):
        resume_deadline(deadline, since=date(2026, 9, 20), until=date(2026, 9, 19), calendar=CALENDAR)


def test_why_tells_term_fact_basis_and_arithmetic() -> None:
    deadline = started(start=date(2026, 9, 17))

    told = why(deadline, CALENDAR)

    assert (told.term, told.fact, told.start) == ("D_MED_15", "application_received", date(2026, 9, 17))
    assert told.basis == "LDMAL 14; ZJ 10; R17 29"
    assert told.due == deadline.due
    assert [line.facts["line"] for line in told.working] == ["start_not_counted", "raw_end", "rolled"]
    assert (told.provisional, told.calendar_version) == (False, CALENDAR.version)


def test_why_of_a_moved_end_names_the_day_it_was_moved_to() -> None:
    deadline = move_deadline(started(), date(2026, 10, 2), CALENDAR)

    told = why(deadline, CALENDAR)

    assert [line.facts["line"] for line in told.working] == ["agreed_end", "rolled"]
    assert told.due == date(2026, 10, 8)


def test_why_of_an_agreed_end_names_the_agreement() -> None:
    deadline = started("OBLIGATION", date(2026, 9, 1), agreed_end=date(2026, 9, 30))

    told = why(deadline, CALENDAR)

    assert [line.facts["line"] for line in told.working] == ["agreed_end"]


def test_the_hint_of_a_working_day_term_is_the_earlier_natural_day() -> None:
    deadline = started("D_ARB_ANSWER_10", date(2026, 9, 21))

    assert deadline.due == date(2026, 10, 12)
    assert hint_date(deadline, CALENDAR) == date(2026, 10, 1)


def test_the_hint_of_a_filing_term_is_one_working_day_earlier() -> None:
    deadline = started("D_SUIT_15", date(2026, 9, 17))

    assert deadline.due == date(2026, 10, 8)
    assert hint_date(deadline, CALENDAR) == date(2026, 9, 30)


def test_a_term_without_doubt_has_no_hint() -> None:
    deadline = started("D_COURT_REG_7")

    assert hint_date(deadline, CALENDAR) is None
    assert why(deadline, CALENDAR).hint is None


def test_the_last_day_belongs_to_the_term() -> None:
    deadline = started()

    assert not is_over(deadline, date(2026, 9, 29))
    assert is_over(deadline, date(2026, 9, 30))
    assert [days_left(deadline, date(2026, 9, day)) for day in (14, 29, 30)] == [15, 0, -1]


def test_an_ended_deadline_names_day_and_step() -> None:
    ended = end_deadline(started(), DeadlineStatus.STOPPED, on=date(2026, 9, 20), by="sign_agreement")

    assert (ended.status, ended.ended_on, ended.ended_by) == ("stopped", date(2026, 9, 20), "sign_agreement")
    assert hash(ended) == hash(ended)

"""Deadlines on a case: worked examples, moving, pausing, recounting, explaining."""

import json
from dataclasses import replace
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
    extend_deadline,
    hint_date,
    is_over,
    may_fire,
    recount_deadline,
    resume_deadline,
    start_deadline,
    suspend_deadline,
    why,
)
from mediation.domain.terms import TERMS

CALENDAR = official_calendar()
TOLD = json.loads((Path(__file__).parents[1] / "data" / "deadlines.json").read_text("utf-8"))["cases"]


def started(term: str = "D_MED_15", start: date = date(2026, 9, 14), **changes: Any) -> Deadline:
    return start_deadline(term, id="d1", start=start, calendar=CALENDAR, fact="application_received", **changes)


def extended_to(deadline: Deadline, new_end: date, on: date = date(2026, 3, 20)) -> Deadline:
    return extend_deadline(deadline, new_end, on=on, reason="extend", by="T13", calendar=CALENDAR)


def paused(deadline: Deadline, since: date, until: date) -> Deadline:
    held = suspend_deadline(deadline, since=since, reason="appraisal", by="T26")
    return resume_deadline(held, until=until, calendar=CALENDAR)


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

    extended = extended_to(deadline, date(2026, 3, 2) + timedelta(days=45 + 15))

    assert (extended.raw, extended.due) == (date(2026, 5, 1), date(2026, 5, 6))
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
        extended_to(deadline, date(2026, 9, 13))


def test_a_pause_pushes_the_end_by_each_of_its_days() -> None:
    deadline = started("D_LIMIT_1Y", date(2025, 3, 10))

    resumed = paused(deadline, date(2026, 2, 1), date(2026, 3, 12))

    assert (resumed.raw, resumed.due) == (date(2026, 4, 19), date(2026, 4, 20))


def test_a_pause_of_a_working_day_term_costs_working_days() -> None:
    deadline = started("D_ARB_ACCEPT_5", date(2026, 4, 27))

    resumed = paused(deadline, date(2026, 4, 29), date(2026, 5, 6))

    assert deadline.due == date(2026, 5, 7)
    assert resumed.due == date(2026, 5, 11)


def test_a_pause_before_the_start_changes_nothing() -> None:
    deadline = started("D_ARB_45", date(2026, 3, 2))

    resumed = paused(deadline, date(2026, 2, 1), date(2026, 3, 2))

    assert resumed.due == deadline.due


def test_a_pause_does_not_move_a_term_counted_back_from_a_hearing() -> None:
    deadline = started("D_ARB_HEARNOTICE_5", date(2026, 6, 26))

    resumed = paused(deadline, date(2026, 6, 10), date(2026, 6, 30))

    assert deadline.due == date(2026, 6, 18)
    assert resumed.due == deadline.due


def test_notice_of_a_hearing_may_be_moved_before_the_hearing() -> None:
    deadline = started("D_ARB_HEARNOTICE_5", date(2026, 6, 26))

    moved = extended_to(deadline, date(2026, 6, 17))

    assert moved.due == date(2026, 6, 17)


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    deadline = started()

    with pytest.raises(ValueError, match="before it begins"):
        paused(deadline, date(2026, 9, 20), date(2026, 9, 19))


def test_why_tells_term_fact_basis_and_arithmetic() -> None:
    deadline = started(start=date(2026, 9, 17))

    told = why(deadline, CALENDAR)

    assert (told.term, told.fact, told.start) == ("D_MED_15", "application_received", date(2026, 9, 17))
    assert told.basis == "LDMAL 14; ZJ 10; R17 29"
    assert told.due == deadline.due
    assert [line.facts["line"] for line in told.working] == ["start_not_counted", "raw_end", "rolled"]
    assert (told.provisional, told.calendar_version) == (False, CALENDAR.version)


def test_why_of_a_moved_end_names_the_day_it_was_moved_to() -> None:
    deadline = extended_to(started(), date(2026, 10, 2))

    told = why(deadline, CALENDAR)

    assert [line.facts["line"] for line in told.working] == ["start_not_counted", "raw_end", "extended", "rolled"]
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


def lines(deadline: Deadline) -> list[Any]:
    return [line.facts["line"] for line in why(deadline, CALENDAR).working]


def test_pauses_extensions_and_the_roll_stand_in_the_arithmetic() -> None:
    deadline = paused(started("D_ARB_45", date(2026, 7, 1)), date(2026, 7, 10), date(2026, 7, 14))

    extended = extended_to(deadline, date(2026, 9, 5), on=date(2026, 8, 10))
    again = paused(extended, date(2026, 8, 20), date(2026, 8, 21))

    assert (deadline.raw, extended.raw, extended.due) == (date(2026, 8, 20), date(2026, 9, 5), date(2026, 9, 7))
    assert (again.raw, again.due) == (date(2026, 9, 7), date(2026, 9, 7))
    assert lines(again) == ["start_not_counted", "raw_end", "rolled", "paused", "extended", "rolled", "paused"]


def test_a_term_that_stands_still_keeps_the_days_it_had_left() -> None:
    deadline = started("D_CT_30", date(2026, 7, 6))

    held = suspend_deadline(deadline, since=date(2026, 7, 16), reason="appraisal", by="T26")

    assert held.is_paused
    assert (held.due, days_left(held, date(2026, 8, 30))) == (deadline.due, 20)
    assert days_left(held, date(2026, 7, 10)) == 26
    assert lines(held)[-1] == "stands_still"
    assert not may_fire(held, date(2026, 12, 1))
    assert may_fire(deadline, date(2026, 8, 6))


def test_days_paused_twice_at_once_count_once() -> None:
    deadline = started("D_CT_30", date(2026, 7, 6))

    once = paused(deadline, date(2026, 7, 10), date(2026, 7, 19))
    twice = paused(once, date(2026, 7, 15), date(2026, 7, 21))
    within = paused(once, date(2026, 7, 12), date(2026, 7, 14))

    assert [(one.raw - deadline.raw).days for one in (once, twice, within)] == [10, 12, 10]
    assert lines(twice)[-1] == "paused"


def test_a_pause_after_the_end_or_before_the_start_takes_nothing_out() -> None:
    deadline = started("D_CT_30", date(2026, 7, 6))

    late = paused(deadline, date(2026, 8, 6), date(2026, 8, 10))
    early = paused(deadline, date(2026, 7, 1), date(2026, 7, 6))

    assert (late.due, early.due) == (deadline.due, deadline.due)
    assert lines(late)[-1] == "pause_without_effect"


def test_a_pause_on_the_day_an_end_rolled_to_leaves_that_day() -> None:
    deadline = started("D_SUIT_15", date(2026, 6, 5))

    held = paused(deadline, date(2026, 6, 22), date(2026, 6, 23))

    assert (deadline.raw, deadline.due) == (date(2026, 6, 20), date(2026, 6, 22))
    assert held.due == date(2026, 6, 24)


def test_an_end_agreed_while_the_clock_stood_still_only_loses_the_days_after_the_agreement() -> None:
    held = suspend_deadline(started("D_ARB_45", date(2026, 7, 1)), since=date(2026, 7, 10), reason="x", by="T26")

    extended = extended_to(held, date(2026, 9, 1), on=date(2026, 7, 20))
    resumed = resume_deadline(extended, until=date(2026, 7, 22), calendar=CALENDAR)

    assert extended.is_paused
    assert (extended.due, resumed.due) == (date(2026, 9, 1), date(2026, 9, 3))


def test_a_pause_of_working_days_reaching_an_unknown_year_is_provisional() -> None:
    deadline = started("D_ARB_ACCEPT_5", date(2026, 12, 23))

    held = paused(deadline, date(2026, 12, 28), date(2027, 1, 5))

    assert (deadline.due, deadline.provisional) == (date(2026, 12, 30), False)
    assert held.provisional


def test_a_given_end_of_limitation_rolls_and_points_to_its_arithmetic() -> None:
    deadline = replace(started("D_LIMIT_1Y", date(2025, 10, 1)), given_end=date(2026, 10, 2))

    counted = recount_deadline(deadline, CALENDAR)

    assert (counted.raw, counted.due) == (date(2026, 10, 2), date(2026, 10, 8))
    assert lines(counted) == ["limitation_end", "rolled"]


def test_the_ledger_keeps_the_reason_and_the_row_of_each_entry() -> None:
    held = suspend_deadline(started(), since=date(2026, 9, 20), reason="appraisal", by="T26")

    kept = extend_deadline(
        held, date(2026, 10, 20), on=date(2026, 9, 21), reason="both consent", by="T33", calendar=CALENDAR
    ).ledger

    assert [(str(one.kind), one.reason, one.by, one.since, one.until) for one in kept] == [
        ("suspension", "appraisal", "T26", date(2026, 9, 20), None),
        ("extension", "both consent", "T33", date(2026, 9, 21), date(2026, 10, 20)),
    ]


def test_the_end_agreed_last_counts_in_whichever_order_they_are_recorded() -> None:
    later = extended_to(started(), date(2026, 10, 20), on=date(2026, 9, 24))

    both = extended_to(later, date(2026, 10, 13), on=date(2026, 9, 18))

    assert both.due == date(2026, 10, 20)


def test_a_pause_says_how_many_days_did_not_count_and_where_the_end_moves() -> None:
    in_days = why(paused(started("D_CT_30", date(2026, 8, 24)), date(2026, 9, 1), date(2026, 9, 8)), CALENDAR)
    in_working_days = why(
        paused(started("D_ARB_ACCEPT_5", date(2026, 4, 27)), date(2026, 4, 29), date(2026, 5, 6)), CALENDAR
    )

    assert [line.facts["line"] for line in in_days.working[2:]] == ["paused", "rolled"]
    assert in_days.working[2].facts == {
        "line": "paused", "since": "2026-09-01", "until": "2026-09-08", "number": 8, "unit": "calendar_day",
        "raw": "2026-10-01",
    }  # fmt: skip
    assert in_working_days.working[-1].facts == {
        "line": "paused", "since": "2026-04-29", "until": "2026-05-06", "number": 3, "unit": "working_day",
        "raw": "2026-05-11",
    }  # fmt: skip


def test_a_pause_up_to_the_day_of_an_agreed_end_is_told_before_it_and_the_day_of_the_start_not_at_all() -> None:
    until_agreed = extended_to(
        paused(started(), date(2026, 9, 14), date(2026, 9, 21)), date(2026, 10, 20), on=date(2026, 9, 21)
    )
    on_the_day = extended_to(
        paused(started(), date(2026, 9, 21), date(2026, 9, 21)), date(2026, 10, 20), on=date(2026, 9, 21)
    )

    told = why(until_agreed, CALENDAR).working[2].facts
    assert (told["since"], told["until"], told["number"]) == ("2026-09-15", "2026-09-21", 7)
    assert [one for one in lines(on_the_day) if one in {"paused", "extended"}] == ["paused", "extended"]


@pytest.mark.parametrize(
    ("start", "since", "until"),
    [
        (date(2026, 12, 24), date(2026, 12, 28), date(2026, 12, 28)),
        (date(2026, 12, 30), date(2027, 1, 2), date(2027, 1, 3)),
    ],
)
def test_a_pause_that_ends_or_takes_nothing_in_an_unknown_year_leaves_the_end_provisional(
    start: date, since: date, until: date
) -> None:
    held = paused(started("D_ARB_ACCEPT_5", start), since, until)

    assert held.due.year == 2027
    assert held.provisional


def test_an_agreed_end_may_be_the_day_of_the_start() -> None:
    assert started("OBLIGATION", date(2026, 9, 1), agreed_end=date(2026, 9, 1)).due == date(2026, 9, 1)


def test_a_moved_or_a_backward_term_has_no_natural_day_beside_its_working_days() -> None:
    moved = paused(started("D_ARB_ANSWER_10", date(2026, 9, 21)), date(2026, 9, 22), date(2026, 9, 22))
    backward = started("D_ARB_HEARNOTICE_5", date(2026, 6, 26))

    assert [hint_date(each, CALENDAR) for each in (moved, backward)] == [None, None]


def test_why_names_the_term() -> None:
    assert why(started(), CALENDAR).label == TERMS["D_MED_15"].label

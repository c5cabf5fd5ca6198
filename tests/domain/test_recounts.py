"""A deadline counted again on another calendar, and what a report says of it."""

from datetime import date

from tests.domain.test_calendar import notice_of_2027

from mediation.domain.calendar import official_calendar, parse_notice
from mediation.domain.deadlines import start_deadline
from mediation.domain.recounts import count_again, reach

SHIPPED = official_calendar()
LOADED = SHIPPED.with_notice(parse_notice(notice_of_2027(working_weekends=["2027-01-09"])))
KNOWN = {SHIPPED.version: SHIPPED}


def test_a_day_that_moves_is_told_with_the_arithmetic_of_both_ends() -> None:
    deadline = start_deadline("D_MED_15", id="d", start=date(2026, 12, 25), calendar=SHIPPED, fact="accepted_on")

    counted, move = count_again(deadline, LOADED, known=KNOWN)

    assert move is not None
    assert move.has_moved
    assert (move.old_due, move.new_due) == (date(2027, 1, 11), date(2027, 1, 9)) == (deadline.due, counted.due)
    assert (move.was_provisional, move.is_provisional) == (True, False)
    assert [line.facts["line"] for line in move.before] == ["start_not_counted", "raw_end", "rolled", "provisional"]
    assert [line.facts["line"] for line in move.after] == ["start_not_counted", "raw_end", "no_roll_on_makeup"]


def test_a_date_that_only_becomes_final_is_told_and_has_not_moved() -> None:
    deadline = start_deadline("D_MED_15", id="d", start=date(2026, 12, 29), calendar=SHIPPED, fact="accepted_on")

    counted, move = count_again(deadline, LOADED, known=KNOWN)

    assert move is not None
    assert not move.has_moved
    assert (deadline.provisional, counted.provisional) == (True, False)


def test_a_date_that_stays_as_certain_as_it_was_is_no_move() -> None:
    deadline = start_deadline("D_MED_15", id="d", start=date(2026, 6, 15), calendar=SHIPPED, fact="accepted_on")

    counted, move = count_again(deadline, LOADED, known=KNOWN)

    assert move is None
    assert counted.due == deadline.due
    assert counted.calendar_version == LOADED.version


def test_the_old_arithmetic_is_left_out_where_its_calendar_is_no_longer_known() -> None:
    deadline = start_deadline("D_MED_15", id="d", start=date(2026, 12, 25), calendar=SHIPPED, fact="accepted_on")

    _, unknown = count_again(deadline, LOADED, known={})
    _, wrong = count_again(deadline, LOADED, known={SHIPPED.version: LOADED})

    assert unknown is not None
    assert wrong is not None
    assert unknown.before == wrong.before == ()


def test_a_term_counted_backwards_reaches_as_far_as_its_start() -> None:
    hearing = date(2027, 1, 5)
    deadline = start_deadline("D_ARB_HEARNOTICE_5", id="d", start=hearing, calendar=SHIPPED, fact="hearing_on")

    latest = reach(deadline)

    assert deadline.due < date(2027, 1, 1)
    assert latest == hearing

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mediation.domain.calendar import official_calendar
from mediation.domain.deadlines import Deadline, DeadlineStatus, start_deadline
from mediation.domain.reminders import LADDER, ReminderKind, next_rung, remind_on, rung_reached, rungs
from mediation.domain.terms import TERMS

START = date(2026, 6, 15)
CALENDAR = official_calendar()


def running(term: str, start: date = START, agreed_end: date | None = None) -> Deadline:
    return start_deadline(term, id="d", start=start, calendar=CALENDAR, fact="fact", agreed_end=agreed_end)


@pytest.mark.parametrize(
    ("term", "days"),
    [
        ("D_TRIAGE_1WD", [0]),
        ("D_PRES_48H", [1, 0]),
        ("D_MED_ACCEPT_3WD", [1, 0]),
        ("D_CT_7", [1, 0]),
        ("D_MED_15", [7, 1, 0]),
        ("D_JC_30", [7, 1, 0]),
        ("D_ARB_45", [30, 7, 1, 0]),
        ("D_LIMIT_1Y", [30, 7, 1, 0]),
        ("D_ENFORCE_2Y", [30, 7, 1, 0]),
        ("D_ARB_HEARNOTICE_5", [1, 0]),
    ],
)
def test_a_term_has_the_rungs_that_are_shorter_than_itself_and_its_last_day(term: str, days: list[int]) -> None:
    found = rungs(running(term))

    assert [rung.days for rung in found] == days
    assert [rung.on for rung in found] == [running(term).due - timedelta(days=number) for number in days]


@pytest.mark.parametrize(("length", "days"), [(1, [0]), (5, [1, 0]), (20, [7, 1, 0]), (90, [30, 7, 1, 0])])
def test_an_agreed_term_has_the_rungs_of_the_time_that_was_agreed(length: int, days: list[int]) -> None:
    agreed = running("D_SUP_REMINDER", agreed_end=START + timedelta(days=length))

    assert [rung.days for rung in rungs(agreed)] == days


def test_a_limitation_that_ends_soon_keeps_its_whole_ladder() -> None:
    soon = replace(running("D_LIMIT_1Y"), start=START, due=START + timedelta(days=9))

    assert [rung.days for rung in rungs(soon)] == list(LADDER)


def test_a_term_of_a_table_that_is_no_more_is_told_by_its_dates() -> None:
    old = replace(running("D_MED_15"), term="D_OF_OLD")

    assert [rung.days for rung in rungs(old)] == [7, 1, 0]


def test_every_term_has_its_last_day() -> None:
    end = START + timedelta(days=40)
    found = {
        code: rungs(running(code, agreed_end=end if term.length is None else None)) for code, term in TERMS.items()
    }

    assert {code for code, ladder in found.items() if ladder[-1].kind is not ReminderKind.ON_THE_DAY} == set()
    assert {rung.kind for ladder in found.values() for rung in ladder[:-1]} == {ReminderKind.BEFORE}


def test_the_next_rung_is_today_or_to_come() -> None:
    term = running("D_MED_15")  # ends on 30 June

    found = [next_rung(term, day) for day in (START, date(2026, 6, 23), date(2026, 6, 24), date(2026, 7, 1))]

    assert [rung and rung.days for rung in found] == [7, 7, 1, None]


def test_of_rungs_missed_together_the_latest_counts() -> None:
    term = running("D_MED_15")

    found = [rung_reached(term, day) for day in (START, date(2026, 6, 23), date(2026, 6, 29), date(2026, 8, 1))]

    assert [rung and rung.days for rung in found] == [None, 7, 1, 0]


def test_a_new_term_asks_for_a_look_on_its_first_rung_to_come() -> None:
    found = {day: remind_on(running("D_MED_15"), date(2026, 6, day), before=None) for day in (15, 23, 25)}

    assert found == {15: date(2026, 6, 23), 23: date(2026, 6, 23), 25: date(2026, 6, 29)}


def test_a_rung_reached_and_not_said_yet_is_kept_when_the_term_is_written_anew() -> None:
    term = running("D_MED_15")

    kept = remind_on(term, date(2026, 6, 25), before=term)
    early = remind_on(term, START, before=term)

    assert (kept, early) == (date(2026, 6, 23), date(2026, 6, 23))


def test_a_new_last_day_has_only_rungs_to_come() -> None:
    before = running("D_MED_15")
    after = replace(before, due=date(2026, 7, 1))

    assert remind_on(after, date(2026, 6, 25), before=before) == date(2026, 6, 30)


@pytest.mark.parametrize(
    "silent",
    [
        replace(running("D_MED_15"), status=DeadlineStatus.STOPPED),
        replace(running("D_MED_15"), is_paused=True),
        replace(running("D_MED_15"), due=date(2026, 6, 14)),
    ],
)
def test_a_term_that_does_not_run_stands_still_or_is_over_asks_for_nothing(silent: Deadline) -> None:
    assert remind_on(silent, START, before=None) is None

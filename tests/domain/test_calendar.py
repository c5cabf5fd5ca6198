"""The official calendar, day by day, and counting on it."""

import copy
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.domain.calendar import (
    Calendar,
    NoticeError,
    Unit,
    count,
    count_agreed,
    official_calendar,
    parse_notice,
)
from mediation.domain.notices import statutory_days

CALENDAR = official_calendar()
DAY = timedelta(days=1)

days = st.dates(date(2010, 1, 1), date(2040, 12, 31))
lengths = st.integers(0, 120)
counted_units = st.sampled_from([Unit.CALENDAR_DAY, Unit.WORKING_DAY, Unit.MONTH, Unit.YEAR])
short_units = st.sampled_from([Unit.CALENDAR_DAY, Unit.WORKING_DAY, Unit.MONTH])


def notice_of_2027(**changes: Any) -> dict[str, Any]:
    """Return a made-up arrangement for 2027, with the National Day week off."""
    week = [f"2027-10-0{day}" for day in range(1, 8)]
    festivals = ["2027-01-01", "2027-04-05", "2027-05-01", "2027-05-02", "2027-06-09", "2027-09-15"]
    new_year = [f"2027-02-0{day}" for day in range(5, 9)]
    data: dict[str, Any] = {
        "year": 2027,
        "notice": {
            "title": "国务院办公厅关于2027年部分节假日安排的通知",
            "number": None,
            "issued_on": "2026-11-20",
            "source": "made up for a test",
            "verified": False,
        },
        "days_off": festivals + new_year + week,
        "working_weekends": ["2027-09-26", "2027-10-09"],
    }
    return copy.deepcopy(data) | changes


def lines(counted: Any) -> list[str]:
    return [line.facts["line"] for line in counted.working]


@pytest.mark.parametrize("year", range(2010, 2027))
def test_every_day_of_a_loaded_year_is_as_the_independent_table_says(year: int) -> None:
    whole_year = [date(year, 1, 1) + n * DAY for n in range(366) if (date(year, 1, 1) + n * DAY).year == year]

    different = [day for day in whole_year if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)]

    assert different == []


def test_days_off_and_working_weekends_of_2026_are_those_of_the_notice() -> None:
    notice = next(notice for notice in CALENDAR.notices if notice.year == 2026)

    weekends = [f"{day:%m-%d}" for day in notice.working_weekends]

    assert weekends == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    assert len(notice.days_off) == 33
    assert notice.verified
    assert notice.number == "国办发明电〔2025〕7号"


def test_days_off_and_working_weekends_of_2025_are_those_of_the_notice() -> None:
    notice = next(notice for notice in CALENDAR.notices if notice.year == 2025)

    weekends = [f"{day:%m-%d}" for day in notice.working_weekends]

    assert weekends == ["01-26", "02-08", "04-27", "09-28", "10-11"]
    assert len(notice.days_off) == 28


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 2, 13), "working"),
        (date(2026, 2, 14), "makeup_working"),
        (date(2026, 2, 17), "holiday"),
        (date(2026, 3, 7), "weekend"),
        (date(2027, 2, 6), "holiday"),
        (date(2027, 5, 2), "holiday"),
        (date(2027, 10, 4), "working"),
        (date(2120, 10, 3), "holiday"),
    ],
)
def test_a_day_has_its_kind(day: date, kind: str) -> None:
    found = CALENDAR.day_kind(day)

    assert found.kind == kind
    assert found.provisional == (day.year > 2026)


@pytest.mark.parametrize(("year", "number"), [(2013, 11), (2024, 11), (2025, 13), (2026, 13), (2027, 13)])
def test_the_statute_gives_eleven_days_until_2024_and_thirteen_since(year: int, number: int) -> None:
    found = statutory_days(year)

    assert len(found) == number


def test_two_festivals_on_one_day_make_one_day_fewer() -> None:
    found = statutory_days(2028)

    assert date(2028, 10, 3) in found
    assert len(found) == 12


def test_a_year_without_notice_is_provisional_until_it_is_loaded() -> None:
    day = date(2027, 9, 26)

    loaded = CALENDAR.with_notice(parse_notice(notice_of_2027()))

    assert CALENDAR.is_provisional(day)
    assert not CALENDAR.is_working_day(day)
    assert not loaded.is_provisional(day)
    assert loaded.is_working_day(day)
    assert loaded.years == CALENDAR.years | {2027}


def test_the_version_names_the_days_and_nothing_else() -> None:
    renamed = notice_of_2027()
    renamed["notice"]["title"] = "另一标题"

    first = CALENDAR.with_notice(parse_notice(notice_of_2027()))
    second = CALENDAR.with_notice(parse_notice(renamed))

    assert re.fullmatch(r"cn-2026\.1-[0-9a-f]{8}", CALENDAR.version)
    assert re.fullmatch(r"cn-2027\.1-[0-9a-f]{8}", first.version)
    assert first == second
    assert first != CALENDAR


@pytest.mark.parametrize(
    "change",
    [
        {"days_off": [*notice_of_2027()["days_off"][:-1], "2027-10-08"]},
        {"working_weekends": ["2027-09-26", "2027-10-10"]},
    ],
)
def test_one_other_day_is_another_version(change: dict[str, Any]) -> None:
    first = CALENDAR.with_notice(parse_notice(notice_of_2027()))

    second = CALENDAR.with_notice(parse_notice(notice_of_2027(**change)))

    assert first.version != second.version


def test_a_corrected_notice_replaces_the_one_before() -> None:
    loaded = CALENDAR.with_notice(parse_notice(notice_of_2027()))

    corrected = loaded.with_notice(parse_notice(notice_of_2027(working_weekends=["2027-10-09"])))

    assert not corrected.is_working_day(date(2027, 9, 26))
    assert corrected.version != loaded.version


def test_a_calendar_of_no_notices_knows_only_the_statute() -> None:
    bare = Calendar.of([])

    kind = bare.day_kind(date(2026, 2, 15))

    assert kind.kind == "weekend"
    assert kind.provisional
    assert bare.version.startswith("cn-0.1-")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"year": True}, "year must be a whole number from 1990 to 2200"),
        ({"year": 1912}, "year must be a whole number from 1990 to 2200"),
        ({"notice": None}, "The notice itself is missing"),
        ({"notice": {"title": "x", "source": " "}}, "notice.source must name the source"),
        ({"notice": {"title": "", "source": "x"}}, "notice.title must name the title"),
        ({"notice": {"title": "x", "source": "x", "number": 7}}, "notice.number must name the number"),
        ({"notice": {"title": "x", "source": "x", "issued_on": "4 Nov"}}, "^notice.issued_on: '4 Nov' is not a date"),
        ({"days_off": "2027-01-01"}, "days_off must be a list of dates"),
        ({"days_off": None}, "days_off must be a list of dates"),
        ({"days_off": ["2027-13-01"]}, "^days_off: '2027-13-01' is not a date"),
        ({"days_off": ["2026-12-24"]},
         r"2026-12-24 is not in the notice of 2027 \(2026-12-25 to 2027-12-31\); load it with that of 2026"),
        ({"working_weekends": ["2028-01-01"]}, "2028-01-01 is not in the notice of 2027"),
        ({"days_off": ["2027-01-01", "2027-01-01"]}, "names a day twice"),
        ({"days_off": ["2027-01-01"]}, "2027 has 13 statutory days off; days_off lacks 2027-02-05, 2027-02-06, "),
        ({"working_weekends": ["2027-09-27"]}, "2027-09-27 is neither a Saturday nor a Sunday"),
        ({"working_weekends": ["2027-10-03"]}, "both as a day off and as a working weekend"),
    ],
)  # fmt: skip
def test_a_faulty_notice_is_refused_with_its_reason(change: dict[str, Any], text: str) -> None:
    data = notice_of_2027(**change)

    with pytest.raises(NoticeError, match=text) as refused:
        parse_notice(data)

    assert refused.value.label.en == str(refused.value)
    assert refused.value.label.zh


@pytest.mark.parametrize(("said", "is_verified"), [(True, True), (False, False), ("yes", False), (None, False)])
def test_a_notice_is_verified_only_where_it_says_true(said: object, is_verified: bool) -> None:
    data = notice_of_2027()
    data["notice"]["verified"] = said

    notice = parse_notice(data)

    assert notice.verified == is_verified


@pytest.mark.parametrize("year", [1990, 2200])
def test_a_notice_may_be_for_the_first_and_for_the_last_year_counted(year: int) -> None:
    data = notice_of_2027(year=year, days_off=list(statutory_days(year)), working_weekends=[])

    notice = parse_notice(data)

    assert notice.year == year


@pytest.mark.parametrize(("year", "number"), [(2024, 11), (2027, 13)])
def test_a_notice_that_lacks_a_statutory_day_is_told_how_many_there_are(year: int, number: int) -> None:
    data = notice_of_2027(year=year, days_off=[], working_weekends=[])

    with pytest.raises(NoticeError, match=f"{year} has {number} statutory days off; days_off lacks {year}-01-01"):
        parse_notice(data)


def test_new_year_may_begin_in_december_by_the_notice_of_the_new_year() -> None:
    days_off = [*notice_of_2027()["days_off"], "2026-12-25", "2026-12-31", "2027-12-31"]

    loaded = CALENDAR.with_notice(parse_notice(notice_of_2027(days_off=days_off, working_weekends=["2026-12-27"])))

    assert [loaded.day_kind(date(2026, 12, day)).kind for day in (25, 27, 30, 31)] == [
        "holiday", "makeup_working", "working", "holiday",
    ]  # fmt: skip
    assert loaded.day_kind(date(2027, 12, 31)).kind == "holiday"
    assert loaded.first_difference(CALENDAR) == CALENDAR.first_difference(loaded) == date(2026, 12, 25)


def test_of_two_notices_about_one_day_in_december_that_of_the_later_year_counts() -> None:
    of_2026 = CALENDAR.notice_of(2026)
    assert of_2026 is not None
    saturday, sunday = date(2026, 12, 26), date(2026, 12, 27)
    earlier = replace(
        of_2026, days_off=(*of_2026.days_off, saturday), working_weekends=(*of_2026.working_weekends, sunday)
    )
    days_off = [*notice_of_2027()["days_off"], sunday]

    before = CALENDAR.with_notice(earlier)
    after = before.with_notice(parse_notice(notice_of_2027(days_off=days_off, working_weekends=[saturday])))

    assert [before.is_working_day(day) for day in (saturday, sunday)] == [False, True]
    assert [after.is_working_day(day) for day in (saturday, sunday)] == [True, False]


def test_calendars_of_the_same_days_differ_nowhere_and_a_year_differs_from_its_first_day() -> None:
    whole, without = Calendar.of(CALENDAR.notices), Calendar.of(CALENDAR.notices[:-1])

    assert CALENDAR.first_difference(whole) is None
    assert CALENDAR.first_difference(without) == date(2026, 1, 1)
    assert without.notice_of(2026) is None


def test_a_notice_may_give_dates_as_dates() -> None:
    data = notice_of_2027(working_weekends=[date(2027, 10, 9)])

    notice = parse_notice(data)

    assert notice.working_weekends == (date(2027, 10, 9),)
    assert notice.issued_on == date(2026, 11, 20)


def test_an_end_on_a_day_off_moves_on_and_each_day_passed_is_named() -> None:
    counted = count(CALENDAR, date(2026, 9, 17), 15, Unit.CALENDAR_DAY, roll=True)

    moved = counted.working[-1]

    assert (counted.raw, counted.due) == (date(2026, 10, 2), date(2026, 10, 8))
    assert lines(counted) == ["start_not_counted", "raw_end", "rolled"]
    assert moved.facts["passed"] == [{"day": f"2026-10-0{day}", "why": "holiday"} for day in range(2, 8)]
    assert "顺延至2026-10-08(周四)" in moved.zh
    assert not counted.provisional


def test_without_roll_an_end_on_a_day_off_stays() -> None:
    counted = count(CALENDAR, date(2026, 9, 17), 15, Unit.CALENDAR_DAY, roll=False)

    assert counted.due == counted.raw == date(2026, 10, 2)
    assert lines(counted) == ["start_not_counted", "raw_end"]


def test_a_worked_saturday_ends_a_term_and_is_explained() -> None:
    counted = count(CALENDAR, date(2026, 4, 24), 15, Unit.CALENDAR_DAY, roll=True)

    assert counted.due == date(2026, 5, 9)
    assert lines(counted)[-1] == "no_roll_on_makeup"


def test_working_days_name_what_is_skipped_and_what_is_made_up() -> None:
    counted = count(CALENDAR, date(2026, 2, 12), 3, Unit.WORKING_DAY, roll=False)

    facts = {line.facts["line"]: line.facts for line in counted.working}

    assert counted.due == date(2026, 2, 24)
    assert facts["skipped"]["days"] == [f"2026-02-{day}" for day in range(15, 24)]
    assert facts["makeup_counted"]["days"] == ["2026-02-14"]
    assert "2026-02-15..2026-02-23" in counted.working[1].en


def test_an_end_in_a_year_without_notice_is_provisional_and_moves_when_it_is_loaded() -> None:
    loaded = CALENDAR.with_notice(parse_notice(notice_of_2027()))

    before = count(CALENDAR, date(2026, 10, 3), 1, Unit.YEAR, roll=True)
    after = count(loaded, date(2026, 10, 3), 1, Unit.YEAR, roll=True)

    assert (before.due, before.provisional) == (date(2027, 10, 4), True)
    assert (after.due, after.provisional) == (date(2027, 10, 8), False)
    assert before.working[-1].facts == {"line": "provisional", "years": [2027]}
    assert before.calendar_version != after.calendar_version


def test_an_end_that_no_day_off_can_move_is_never_provisional() -> None:
    counted = count(CALENDAR, date(2026, 12, 20), 30, Unit.CALENDAR_DAY, roll=False)

    assert counted.due == date(2027, 1, 19)
    assert not counted.provisional


def test_five_working_days_before_a_hearing_are_counted_backwards() -> None:
    counted = count(CALENDAR, date(2026, 6, 26), 5, Unit.WORKING_DAY, roll=False, backward=True)

    assert counted.due == date(2026, 6, 18)
    assert lines(counted) == ["event_not_counted", "skipped", "raw_end"]


def test_counting_back_to_a_day_off_moves_earlier() -> None:
    counted = count(CALENDAR, date(2026, 10, 12), 5, Unit.CALENDAR_DAY, roll=False, backward=True)

    assert (counted.raw, counted.due) == (date(2026, 10, 7), date(2026, 9, 30))
    assert "Moved back from Wed 2026-10-07 to Wed 2026-09-30" in counted.working[-1].en


@pytest.mark.parametrize(
    ("start", "length", "unit", "end"),
    [
        (date(2026, 1, 31), 1, Unit.MONTH, date(2026, 2, 28)),
        (date(2024, 2, 29), 1, Unit.YEAR, date(2025, 2, 28)),
        (date(2026, 8, 31), 18, Unit.MONTH, date(2028, 2, 29)),
        (date(2026, 3, 10), 12, Unit.MONTH, date(2027, 3, 10)),
    ],
)
def test_a_missing_corresponding_day_ends_on_the_last_of_the_month(
    start: date, length: int, unit: Unit, end: date
) -> None:
    counted = count(CALENDAR, start, length, unit, roll=False)

    assert counted.due == end
    assert ("clipped" in lines(counted)) == (end.day != start.day)


@pytest.mark.parametrize(("hours", "end"), [(0, 9), (1, 10), (24, 10), (48, 11), (49, 12)])
def test_hours_run_out_on_a_date_and_never_move(hours: int, end: int) -> None:
    counted = count(CALENDAR, date(2026, 10, 9), hours, Unit.HOUR, roll=True)

    assert counted.due == date(2026, 10, end)
    assert lines(counted) == ["start_not_counted", "hours"]


@pytest.mark.parametrize(("hours", "start", "end"), [(1, 9, 8), (24, 9, 8), (49, 9, 6)])
def test_hours_counted_back_run_out_on_an_earlier_date(hours: int, start: int, end: int) -> None:
    counted = count(CALENDAR, date(2026, 10, start), hours, Unit.HOUR, roll=False, backward=True)

    assert counted.due == date(2026, 10, end)


def test_the_numbers_of_a_count_stand_in_its_lines() -> None:
    working = count(CALENDAR, date(2026, 3, 2), 3, Unit.WORKING_DAY, roll=False)
    hours = count(CALENDAR, date(2026, 10, 9), 49, Unit.HOUR, roll=False)
    clipped = count(CALENDAR, date(2026, 1, 31), 1, Unit.MONTH, roll=False)

    facts = [counted.working[-1].facts for counted in (working, hours, clipped)]

    assert facts == [
        {"line": "raw_end", "length": 3, "unit": "working_day", "raw": "2026-03-05"},
        {"line": "hours", "hours": 49, "days": 3, "raw": "2026-10-12"},
        {"line": "clipped", "day": 31, "raw": "2026-02-28"},
    ]


def test_a_term_may_end_in_the_first_and_in_the_last_year_counted() -> None:
    first = count(CALENDAR, date(1990, 1, 31), 1, Unit.MONTH, roll=False)
    last = count(CALENDAR, date(2199, 12, 31), 1, Unit.YEAR, roll=False)

    assert (first.due, last.due) == (date(1990, 2, 28), date(2200, 12, 31))


def test_a_term_of_no_days_ends_at_its_start() -> None:
    working = count(CALENDAR, date(2026, 10, 2), 0, Unit.WORKING_DAY, roll=False)

    natural = count(CALENDAR, date(2026, 10, 2), 0, Unit.CALENDAR_DAY, roll=True)

    assert working.due == date(2026, 10, 2)
    assert natural.due == date(2026, 10, 8)


def test_an_agreed_end_only_rolls() -> None:
    rolling = count_agreed(CALENDAR, date(2026, 10, 2), roll=True)

    fixed = count_agreed(CALENDAR, date(2026, 10, 2), roll=False)

    assert (rolling.raw, rolling.due) == (date(2026, 10, 2), date(2026, 10, 8))
    assert fixed.due == date(2026, 10, 2)


@pytest.mark.parametrize(
    ("start", "length", "unit", "text"),
    [
        (date(2026, 1, 1), -1, Unit.CALENDAR_DAY, "0 to 10000 units long, not -1"),
        (date(2026, 1, 1), 10_001, Unit.WORKING_DAY, "0 to 10000 units long"),
        (date(1989, 12, 31), 5, Unit.CALENDAR_DAY, "outside the years 1990 to 2200"),
        (date(2026, 1, 1), 10_000, Unit.YEAR, "the term ends in 12026"),
        (date(2200, 12, 30), 5, Unit.CALENDAR_DAY, "outside the years 1990 to 2200"),
        (date(2200, 12, 30), 5, Unit.WORKING_DAY, "outside the years 1990 to 2200"),
        (date(2026, 1, 1), 5, Unit.AGREED, "an agreed end is not counted"),
    ],
)
def test_what_cannot_be_counted_is_refused(start: date, length: int, unit: Unit, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        count(CALENDAR, start, length, unit, roll=True)


@given(start=days, length=lengths, unit=short_units, roll=st.booleans())
def test_a_longer_term_never_ends_earlier(start: date, length: int, unit: Unit, roll: bool) -> None:
    shorter = count(CALENDAR, start, length, unit, roll=roll)

    longer = count(CALENDAR, start, length + 1, unit, roll=roll)

    assert shorter.due <= longer.due


@given(start=days, length=lengths, unit=counted_units, roll=st.booleans())
def test_a_later_start_never_ends_earlier(start: date, length: int, unit: Unit, roll: bool) -> None:
    today = count(CALENDAR, start, length, unit, roll=roll)

    tomorrow = count(CALENDAR, start + DAY, length, unit, roll=roll)

    assert today.due <= tomorrow.due


@given(start=days, length=lengths, unit=counted_units)
def test_a_rolled_end_is_a_working_day_and_all_days_before_it_are_off(start: date, length: int, unit: Unit) -> None:
    counted = count(CALENDAR, start, length, unit, roll=True)

    passed = [counted.raw + n * DAY for n in range((counted.due - counted.raw).days)]

    assert CALENDAR.is_working_day(counted.due)
    assert not any(CALENDAR.is_working_day(day) for day in passed)


@given(start=days, length=st.integers(1, 120))
def test_working_days_counted_are_the_working_days_there_are(start: date, length: int) -> None:
    counted = count(CALENDAR, start, length, Unit.WORKING_DAY, roll=False)

    walked = [start + n * DAY for n in range(1, (counted.due - start).days + 1)]

    assert sum(CALENDAR.is_working_day(day) for day in walked) == length
    assert CALENDAR.is_working_day(counted.due)


@given(event=days, length=lengths, unit=short_units)
def test_counted_backwards_the_end_is_a_working_day_not_after_the_event(event: date, length: int, unit: Unit) -> None:
    counted = count(CALENDAR, event, length, unit, roll=False, backward=True)

    assert counted.due <= event
    assert CALENDAR.is_working_day(counted.due) or (length == 0 and unit is Unit.WORKING_DAY)


@given(start=days, months=lengths)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start: date, months: int) -> None:
    counted = count(CALENDAR, start, months, Unit.MONTH, roll=False)

    assert (counted.raw.year - start.year) * 12 + counted.raw.month - start.month == months
    assert counted.raw.day == start.day or (counted.raw + DAY).day == 1


@given(start=days, length=lengths, unit=counted_units, roll=st.booleans())
def test_every_count_explains_itself_in_both_languages(start: date, length: int, unit: Unit, roll: bool) -> None:
    counted = count(CALENDAR, start, length, unit, roll=roll)

    assert all(line.zh and line.en and line.facts["line"] for line in counted.working)
    assert counted.provisional == ("provisional" in lines(counted))

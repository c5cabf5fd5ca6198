"""Loads of calendar notices, one after the other: the calendar each leaves, what it makes stale, what may be undone."""

from datetime import date
from typing import Any

import pytest
from tests.domain.test_calendar import notice_of_2027

from mediation.domain.calendar import official_calendar, parse_notice
from mediation.domain.calendar_loads import CalendarLoad, Succession
from mediation.domain.errors import ConflictError

SHIPPED = official_calendar()


def loaded(succession: Succession, key: str, **changes: Any) -> Succession:
    notice = parse_notice(notice_of_2027(**changes))
    since = succession.current.first_difference(succession.current.with_notice(notice))
    return succession.followed_by(CalendarLoad(key, succession.next_number, notice.year, since, notice))


def undone(succession: Succession, key: str) -> Succession:
    load = succession.check_undo(key)
    undo = CalendarLoad(f"undo {key}", succession.next_number, load.year, load.since, undoes_id=key)
    return succession.followed_by(undo)


def test_without_a_load_the_calendar_that_ships_is_in_force() -> None:
    nothing = Succession(SHIPPED)

    assert nothing.current is SHIPPED
    assert nothing.next_number == 1


def test_a_load_is_in_force_until_it_is_undone_and_then_what_stood_before() -> None:
    first = loaded(Succession(SHIPPED), "a")
    second = loaded(first, "b", working_weekends=["2027-10-09"])

    back = undone(second, "b")
    bare = undone(back, "a")

    assert second.current.version not in {first.current.version, SHIPPED.version}
    assert back.current.version == first.current.version
    assert bare.current.version == SHIPPED.version
    assert bare.next_number == 5


def test_an_undo_of_a_year_that_ships_puts_the_shipped_notice_back() -> None:
    shipped = SHIPPED.notice_of(2026)
    assert shipped is not None
    corrected = {
        "year": 2026,
        "notice": {"title": "更正", "source": "made up"},
        "days_off": [*shipped.days_off, date(2026, 6, 22)],
        "working_weekends": shipped.working_weekends,
    }
    notice = parse_notice(corrected)
    succession = Succession(SHIPPED).followed_by(CalendarLoad("a", 1, 2026, date(2026, 6, 22), notice))

    back = undone(succession, "a")

    assert not succession.current.is_working_day(date(2026, 6, 22))
    assert back.current.is_working_day(date(2026, 6, 22))
    assert back.current.version == SHIPPED.version


def test_a_load_touches_what_reaches_its_first_day_and_was_counted_before_it() -> None:
    succession = loaded(Succession(SHIPPED), "a")

    stale = succession.outdated("a")

    assert stale is not None
    assert stale.since == date(2027, 1, 1)
    assert stale.touches(date(2027, 1, 1), SHIPPED.version)
    assert not stale.touches(date(2026, 12, 31), SHIPPED.version)
    assert not stale.touches(date(2027, 1, 1), succession.current.version)


def test_what_a_later_calendar_counted_is_not_stale_by_an_earlier_load() -> None:
    succession = undone(loaded(Succession(SHIPPED), "a"), "a")

    by_load, by_undo = succession.outdated("a"), succession.outdated("undo a")

    assert by_load is not None
    assert by_undo is not None
    assert not by_load.touches(date(2027, 5, 1), SHIPPED.version)
    assert by_undo.touches(date(2027, 5, 1), succession.calendars[0].version)
    assert not by_undo.touches(date(2027, 5, 1), SHIPPED.version)


def test_the_same_days_under_another_title_touch_nothing() -> None:
    first = loaded(Succession(SHIPPED), "a")
    again = loaded(first, "b", notice={"title": "另一标题", "source": "made up"})

    stale = again.outdated("b")

    assert stale is None


def test_a_correction_touches_its_first_changed_day_and_no_earlier() -> None:
    first = loaded(Succession(SHIPPED), "a")
    corrected = loaded(first, "b", working_weekends=["2027-10-09"])

    stale = corrected.outdated("b")

    assert stale is not None
    assert stale.since == date(2027, 9, 26)


def test_every_calendar_that_was_in_force_is_known_by_its_version() -> None:
    succession = undone(loaded(Succession(SHIPPED), "a"), "a")

    known = succession.versions()

    assert set(known) == {SHIPPED.version, succession.calendars[0].version}
    assert succession.load("a").year == 2027


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("undo c", "is itself an undo"),
        ("c", "has been undone already"),
        ("a", "Another notice of 2027 was loaded since; undo b first"),
    ],
)
def test_only_the_latest_load_of_a_year_that_stands_can_be_undone(key: str, text: str) -> None:
    first = loaded(Succession(SHIPPED), "a")
    succession = undone(loaded(loaded(first, "b"), "c"), "c")

    with pytest.raises(ConflictError, match=text) as refused:
        succession.check_undo(key)

    assert refused.value.text.zh

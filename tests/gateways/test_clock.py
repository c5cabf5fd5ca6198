from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from mediation.gateways.clock import ManualClock, SystemClock, real_now, shanghai_date

MOMENT = timedelta(seconds=30)


def test_the_day_in_shanghai_begins_eight_hours_before_utc() -> None:
    last = datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)

    assert shanghai_date(last) == date(2026, 3, 1)
    assert shanghai_date(last + timedelta(seconds=1)) == date(2026, 3, 2)


def test_the_system_clock_tells_aware_utc() -> None:
    now = SystemClock().now()

    assert now.utcoffset() == timedelta()
    assert SystemClock().today() in {shanghai_date(now), shanghai_date(now + MOMENT)}


def test_a_manual_clock_starts_at_the_real_time() -> None:
    assert abs(ManualClock().now() - real_now()) < MOMENT


@pytest.mark.parametrize("day", [date(2013, 11, 30), date(2024, 2, 29), date(2031, 1, 1)])
def test_a_manual_clock_moves_to_the_morning_of_a_day_either_way(day: date) -> None:
    clock = ManualClock()

    reached = clock.move_to(day)

    assert reached == datetime.combine(day, time(9), ZoneInfo("Asia/Shanghai"))
    assert reached.utcoffset() == timedelta()
    assert clock.today() == day


def test_a_moved_clock_runs_on() -> None:
    clock = ManualClock()
    moment = datetime(2020, 1, 13, 23, 30, tzinfo=timezone(timedelta(hours=8)))

    clock.move_to(moment)
    first, second = clock.now(), clock.now()

    assert moment <= first <= second < moment + MOMENT
    assert first.utcoffset() == timedelta()


def test_a_moved_clock_goes_back_to_the_real_time() -> None:
    clock = ManualClock()
    clock.move_to(date(2013, 11, 30))

    clock.reset()

    assert abs(clock.now() - real_now()) < MOMENT


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ManualClock().move_to(datetime(2020, 1, 13, 9))  # noqa: DTZ001 - the point of the test

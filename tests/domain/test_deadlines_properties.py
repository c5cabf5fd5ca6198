"""What holds of every deadline and its ledger of pauses and extensions, whatever the term and the days."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from mediation.domain.calendar import Unit, official_calendar
from mediation.domain.deadlines import (
    Deadline,
    days_left,
    extend_deadline,
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
DAY = timedelta(days=1)
COUNTED = sorted(code for code, row in TERMS.items() if row.length is not None and not row.backward)
BACKWARD = sorted(code for code, row in TERMS.items() if row.backward)
IN_WORKING_DAYS = [code for code in COUNTED if TERMS[code].unit is Unit.WORKING_DAY]
IN_OTHER_UNITS = [code for code in COUNTED if TERMS[code].unit is not Unit.WORKING_DAY]
ROLLING = [code for code in COUNTED if TERMS[code].roll and TERMS[code].unit is not Unit.HOUR]

terms = st.sampled_from(COUNTED)
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
lengths = st.integers(0, 60)
pauses = st.tuples(st.integers(-5, 30), st.integers(0, 20))
histories = st.lists(pauses, max_size=3)
extensions = st.none() | st.tuples(st.integers(0, 60), st.integers(0, 90))


def started(term: str, start: date) -> Deadline:
    return start_deadline(term, id="d1", start=start, calendar=CALENDAR, fact="application_received")


def paused(deadline: Deadline, pause: tuple[int, int]) -> Deadline:
    """Pause some days after the start for a length of days, and resume."""
    since = deadline.start + pause[0] * DAY
    stopped = suspend_deadline(deadline, since=since, reason="appraisal", by="pause")
    return resume_deadline(stopped, until=since + pause[1] * DAY, calendar=CALENDAR)


def extended(deadline: Deadline, extension: tuple[int, int] | None) -> Deadline:
    """Agree some days after the start on an end some days later."""
    if extension is None:
        return deadline
    on = deadline.start + extension[0] * DAY
    end = on + extension[1] * DAY
    return extend_deadline(deadline, end, on=on, reason="consent", by="extend", calendar=CALENDAR)


def with_history(term: str, start: date, history: list[tuple[int, int]], agreed: tuple[int, int] | None) -> Deadline:
    deadline = extended(started(term, start), agreed)
    for pause in history:
        deadline = paused(deadline, pause)
    return deadline


@given(term=st.sampled_from(ROLLING), start=days, history=histories, agreed=extensions)
def test_where_a_term_rolls_its_end_is_a_working_day(
    term: str, start: date, history: list[tuple[int, int]], agreed: tuple[int, int] | None
) -> None:
    deadline = with_history(term, start, history, agreed)

    assert CALENDAR.is_working_day(deadline.due)
    assert deadline.raw <= deadline.due


@example(term="D_MED_15", start=date(2026, 3, 2), history=[(1, 9)], agreed=None, further=(3, 1))
@example(term="D_ARB_ACCEPT_5", start=date(2026, 3, 2), history=[(1, 9)], agreed=None, further=(2, 1))
@example(term="D_JC_DECIDE", start=date(2025, 1, 13), history=[(16, 0)], agreed=None, further=(0, 1))
@given(term=terms, start=days, history=histories, agreed=extensions, further=pauses)
def test_suspending_never_shortens(
    term: str, start: date, history: list[tuple[int, int]], agreed: tuple[int, int] | None, further: tuple[int, int]
) -> None:
    before = with_history(term, start, history, agreed)

    after = paused(before, further)

    assert after.due >= before.due


@given(term=terms, start=days, history=histories, agreed=extensions, passing=pauses)
def test_removing_a_suspension_restores_the_end(
    term: str, start: date, history: list[tuple[int, int]], agreed: tuple[int, int] | None, passing: tuple[int, int]
) -> None:
    before = with_history(term, start, history, agreed)
    suspended = paused(before, passing)

    restored = recount_deadline(replace(suspended, ledger=suspended.ledger[:-1]), CALENDAR)

    assert restored == before


@given(term=terms, start=days, since=st.integers(-20, 80), length=lengths, more=lengths)
def test_a_longer_pause_never_ends_the_term_earlier(term: str, start: date, since: int, length: int, more: int) -> None:
    deadline = started(term, start)

    shorter, longer = paused(deadline, (since, length)), paused(deadline, (since, length + more))

    assert shorter.due <= longer.due


@example(term="D_MED_15", start=date(2026, 3, 2), history=[(1, 9), (5, 5)], order=[1, 0, 2])
@given(term=terms, start=days, history=st.lists(pauses, min_size=2, max_size=3), order=st.permutations(range(3)))
def test_the_order_in_which_pauses_are_recorded_does_not_matter(
    term: str, start: date, history: list[tuple[int, int]], order: list[int]
) -> None:
    deadline = with_history(term, start, history, None)

    told = tuple(deadline.ledger[at] for at in order if at < len(history))

    assert recount_deadline(replace(deadline, ledger=told), CALENDAR).due == deadline.due


@given(term=st.sampled_from(IN_OTHER_UNITS), start=days, at=st.integers(0, 100), length=lengths)
def test_each_day_of_a_pause_inside_the_term_moves_its_end_by_one(term: str, start: date, at: int, length: int) -> None:
    deadline = started(term, start)
    since = 1 + at % (deadline.raw - start).days

    resumed = paused(deadline, (since, length))

    assert resumed.raw - deadline.raw == (length + 1) * DAY


@given(term=st.sampled_from(IN_WORKING_DAYS), start=days, at=st.integers(0, 100), length=lengths)
def test_a_pause_takes_no_working_day_from_a_term_of_working_days(term: str, start: date, at: int, length: int) -> None:
    deadline = started(term, start)
    since = 1 + at % (deadline.due - start).days
    first, last = start + since * DAY, start + (since + length) * DAY

    resumed = paused(deadline, (since, length))

    days_run = [start + n * DAY for n in range(1, (resumed.due - start).days + 1)]
    worked = [day for day in days_run if CALENDAR.is_working_day(day) and not first <= day <= last]
    assert len(worked) == TERMS[term].length


@given(term=st.sampled_from(BACKWARD), event=days, history=histories)
def test_a_term_counted_back_from_a_hearing_follows_no_pause(
    term: str, event: date, history: list[tuple[int, int]]
) -> None:
    deadline = started(term, event)

    resumed = with_history(term, event, history, None)

    assert (resumed.raw, resumed.due) == (deadline.raw, deadline.due)


@given(term=terms, start=days, since=st.integers(1, 60), later=lengths)
def test_while_the_clock_stands_still_the_days_left_stay_and_nothing_fires(
    term: str, start: date, since: int, later: int
) -> None:
    deadline = started(term, start)
    stopped = suspend_deadline(deadline, since=start + since * DAY, reason="appraisal", by="pause")

    today = start + (since + later) * DAY

    assert days_left(stopped, today) == days_left(deadline, start + since * DAY)
    assert not may_fire(stopped, today)
    assert may_fire(deadline, today) == is_over(deadline, today)


@given(term=terms, start=days, history=histories, agreed=extensions)
def test_counting_again_on_the_same_calendar_changes_nothing_and_explains_the_end(
    term: str, start: date, history: list[tuple[int, int]], agreed: tuple[int, int] | None
) -> None:
    deadline = with_history(term, start, history, agreed)

    told = why(deadline, CALENDAR)

    assert recount_deadline(deadline, CALENDAR) == deadline
    assert (told.due, told.provisional) == (deadline.due, deadline.provisional)
    assert all(line.zh and line.en and line.facts["line"] for line in told.working)

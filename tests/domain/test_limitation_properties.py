"""What holds of every limitation clock, whatever the days."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mediation.domain.calendar import Unit, count, official_calendar
from mediation.domain.limitation import (
    EventKind,
    LimitationEvent,
    LimitationFacts,
    LimitationView,
    Suspension,
    limitation_of,
)

CALENDAR = official_calendar()
FIRST, LAST = date(2023, 1, 1), date(2027, 12, 31)
TODAY = date(2028, 1, 1)

days = st.dates(FIRST, LAST)
kinds = st.sampled_from(EventKind)
dues = st.none() | days
events = st.builds(LimitationEvent, days, kinds, st.just("recorded"), due_on=dues)


@st.composite
def suspensions(draw: Any) -> Suspension:
    since = draw(days)
    until = since + timedelta(days=draw(st.integers(0, 200)))
    return Suspension(since, draw(st.sampled_from([until, until, None])), "force_majeure")


@st.composite
def general_facts(draw: Any) -> LimitationFacts:
    return LimitationFacts(
        draw(st.sampled_from(["economic_compensation", "annual_leave_pay"])),
        draw(st.dates(FIRST, date(2025, 12, 31))),
        draw(st.none() | days),
        events=tuple(draw(st.lists(events, max_size=5))),
        suspensions=tuple(draw(st.lists(suspensions(), max_size=3))),
    )


def view_of(facts: LimitationFacts) -> LimitationView:
    return limitation_of(facts, calendar=CALENDAR, today=TODAY)


def ends(facts: LimitationFacts) -> list[date]:
    """The end of each reading that has one."""
    return [reading.end for reading in view_of(facts).readings if reading.end is not None]


@given(general_facts())
def test_it_never_ends_before_its_basis_day_plus_a_year(facts: LimitationFacts) -> None:
    assert facts.basis_day is not None
    view = view_of(facts)

    year = count(CALENDAR, facts.basis_day, 1, Unit.YEAR, roll=False).raw
    assert all(one.end >= year for one in view.readings if one.end is not None and one.rule == "L1")


@given(general_facts(), events)
def test_adding_an_act_never_shortens(facts: LimitationFacts, further: LimitationEvent) -> None:
    more = replace(facts, events=(*facts.events, further))

    assert all(after >= before for before, after in zip(ends(facts), ends(more), strict=True))


@given(general_facts(), suspensions())
def test_suspending_never_shortens(facts: LimitationFacts, further: Suspension) -> None:
    more = replace(facts, suspensions=(*facts.suspensions, further))

    assert all(after >= before for before, after in zip(ends(facts), ends(more), strict=True))


@given(general_facts(), suspensions())
def test_removing_a_suspension_restores_the_ends(facts: LimitationFacts, passing: Suspension) -> None:
    suspended = replace(facts, suspensions=(passing, *facts.suspensions))

    restored = replace(suspended, suspensions=suspended.suspensions[1:])

    assert view_of(restored) == view_of(facts)


@given(general_facts(), st.lists(events, max_size=4))
def test_after_the_end_nothing_but_a_promise_moves_it(facts: LimitationFacts, later: list[LimitationEvent]) -> None:
    for name in ("likely", "safe"):
        before = next(one for one in view_of(facts).readings if one.name == name)
        assert before.end is not None
        late = tuple(e for e in later if e.day > before.end and e.kind is not EventKind.PROMISE)
        after = next(one for one in view_of(replace(facts, events=(*facts.events, *late))).readings if one.name == name)
        assert (after.end, after.revived_by) == (before.end, before.revived_by)


@given(general_facts(), days)
def test_a_promise_always_gives_at_least_a_year(facts: LimitationFacts, day: date) -> None:
    promise = LimitationEvent(day, EventKind.PROMISE, "recorded")
    promised = replace(facts, claim_code="economic_compensation", events=(*facts.events, promise))

    view = view_of(promised)

    assert facts.basis_day is not None
    year = count(CALENDAR, max(day, facts.basis_day), 1, Unit.YEAR, roll=False).raw
    assert all(one.end is not None and one.end >= year for one in view.readings)


@given(general_facts())
def test_the_safe_end_is_never_after_the_likely_one_and_each_end_is_a_working_day(facts: LimitationFacts) -> None:
    view = view_of(facts)

    assert view.safe_end is not None
    assert view.likely_end is not None
    assert view.safe_end <= view.likely_end
    assert all(CALENDAR.is_working_day(end) for end in ends(facts))


@given(general_facts(), st.permutations(range(5)))
def test_the_order_in_which_acts_are_told_does_not_matter(facts: LimitationFacts, order: list[int]) -> None:
    shuffled = tuple(facts.events[at] for at in order if at < len(facts.events))

    assert ends(replace(facts, events=shuffled)) == ends(facts)

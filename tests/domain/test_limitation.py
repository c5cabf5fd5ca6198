"""The limitation of a claim: worked examples, acts in time and too late, suspensions, disputed readings."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mediation.domain.calendar import official_calendar, parse_notice
from mediation.domain.law import describe
from mediation.domain.limitation import (
    EventKind,
    LimitationEvent,
    LimitationFacts,
    LimitationStatus,
    LimitationView,
    Reading,
    Suspension,
    limitation_of,
    per_month_ends,
)
from mediation.domain.procedure import PROCEDURE

CALENDAR = official_calendar()
TOLD = json.loads((Path(__file__).parents[1] / "data" / "limitation.json").read_text("utf-8"))["cases"]
BASIS = date(2025, 3, 10)
END = date(2026, 3, 10)
APPLY = PROCEDURE.steps["apply_for_mediation"].label
TODAY = date(2025, 12, 20)


def event(day: date, kind: str = "assertion", **values: Any) -> LimitationEvent:
    return LimitationEvent(day, EventKind(kind), **{"source": "recorded", "evidence": "doc-1", **values})


def facts(claim_code: str = "economic_compensation", **values: Any) -> LimitationFacts:
    return LimitationFacts(claim_code, **{"basis_day": BASIS, **values})


def view_of(today: date = TODAY, **values: Any) -> LimitationView:
    return limitation_of(facts(**values), calendar=CALENDAR, today=today)


def reading(view: LimitationView, name: str) -> Reading:
    return next(one for one in view.readings if one.name == name)


def lines(view: LimitationView, name: str = "likely") -> list[str]:
    return [str(line.facts["line"]) for line in reading(view, name).working]


def day_or_none(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def told_facts(told: dict[str, Any]) -> LimitationFacts:
    return LimitationFacts(
        told["claim"],
        day_or_none(told.get("basis_day")),
        day_or_none(told.get("employment_ended_on")),
        still_employed=told.get("still_employed", False),
        events=tuple(
            LimitationEvent(
                date.fromisoformat(one["day"]),
                EventKind(one["kind"]),
                "step" if "action" in one else "recorded",
                one.get("action"),
                due_on=day_or_none(one.get("due_on")),
            )
            for one in told.get("events", ())
        ),
        suspensions=tuple(
            Suspension(date.fromisoformat(one["since"]), day_or_none(one["until"]), one["reason"])
            for one in told.get("suspensions", ())
        ),
    )


def calendar_with_2027() -> Any:
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
    today = date.fromisoformat(told["today"])

    view = limitation_of(told_facts(told), calendar=CALENDAR, today=today)

    assert view.likely_end == day_or_none(told["likely"])
    assert view.safe_end == day_or_none(told["safe"])
    assert view.status == told.get("status", "running")
    assert view.provisional is told.get("provisional", False)
    assert view.revived_by == (
        next(one for one in told_facts(told).events if str(one.day) == told["revived_on"])
        if "revived_on" in told
        else None
    )
    assert all(line.zh and line.en for one in view.readings for line in one.working)


@pytest.mark.parametrize("told", [t for t in TOLD if "with_notice_for_2027" in t], ids=lambda told: told["id"])
def test_a_told_case_moves_with_the_notice_of_its_year(told: dict[str, Any]) -> None:
    view = limitation_of(told_facts(told), calendar=calendar_with_2027(), today=date.fromisoformat(told["today"]))

    assert view.likely_end == date.fromisoformat(told["with_notice_for_2027"])
    assert not view.provisional


def test_the_arithmetic_names_each_number() -> None:
    acts = (event(date(2025, 12, 1), action="apply_for_mediation", source="step"),)
    cut_off = (Suspension(date(2026, 2, 1), date(2026, 3, 12), "force_majeure"),)

    view = view_of(events=acts, suspensions=cut_off)

    assert [line.en for line in view.working] == [
        "The claimant knew or should have known on Mon 2025-03-10.",
        "The starting day Mon 2025-03-10 is not counted; the next day is day 1.",
        "1 year ends on Tue 2026-03-10.",
        "Suspended (force majeure) from Sun 2026-02-01 to Thu 2026-03-12: 40 days, to Sun 2026-04-19.",
        "Moved on from Sun 2026-04-19 to Mon 2026-04-20, past Sun 2026-04-19 (weekend).",
        (
            f"Mon 2025-12-01, {APPLY.en}: in time, as the year ends on Mon 2026-04-20; "
            "the full year starts anew from Mon 2025-12-01."
        ),
        "The starting day Mon 2025-12-01 is not counted; the next day is day 1.",
        "1 year ends on Tue 2026-12-01.",
        "Suspended (force majeure) from Sun 2026-02-01 to Thu 2026-03-12: 40 days, to Sun 2027-01-10.",
        "Moved on from Sun 2027-01-10 to Mon 2027-01-11, past Sun 2027-01-10 (weekend).",
        "The notice on days off for 2027 is not loaded: the end is provisional and will be counted again.",
    ]
    assert (
        view.working[5].zh
        == f"2025-12-01(周一){APPLY.zh}：届满日为2026-04-20(周一)，未逾期，时效中断，自2025-12-01(周一)重新计算一年。"
    )
    assert view.working[5].facts["start"] == "2025-12-01"


def test_it_is_over_the_day_after_its_last_day() -> None:
    on_the_day, after = view_of(END), view_of(date(2026, 3, 11))

    assert (on_the_day.days_left, on_the_day.safe_days_left, on_the_day.is_over) == (0, 0, False)
    assert (after.days_left, after.safe_days_left, after.is_over) == (-1, -1, True)


def test_every_act_is_accepted_or_refused_with_its_reason() -> None:
    acts = (
        event(BASIS),
        event(date(2025, 12, 1)),
        event(date(2025, 12, 16), "end_of_procedure"),
        event(date(2026, 12, 17)),
        event(date(2027, 3, 1), "authority"),
        event(date(2027, 5, 1)),
    )

    view = view_of(date(2027, 4, 1), events=acts)

    assert lines(view)[1:6] == ["before_basis", "accepted", "accepted", "too_late", "too_late"]
    assert lines(view)[6] == "not_yet"
    assert lines(view, "safe")[1:4] == ["before_basis", "accepted", "not_in_safe_reading"]
    assert (view.likely_end, view.safe_end) == (date(2026, 12, 16), date(2026, 12, 1))


def test_between_the_two_ends_the_likely_year_still_runs() -> None:
    acts = (event(date(2025, 12, 1)), event(date(2025, 12, 16), "end_of_procedure"))

    view = view_of(date(2026, 12, 5), events=acts)

    assert not view.is_over
    assert reading(view, "safe").is_over
    assert view.safe_days_left == -4
    assert len(view.what_would_interrupt) == 5


@pytest.mark.parametrize("kind", ["assertion", "authority", "end_of_procedure"])
def test_only_a_promise_revives_what_is_over(kind: str) -> None:
    late = date(2026, 4, 2)

    unmoved = view_of(late, events=(event(late, kind),))
    promised = view_of(late, events=(event(late, kind), event(late, "promise")))

    assert (unmoved.likely_end, unmoved.revived_by) == (END, None)
    assert [label.en.split(":")[0] for label in unmoved.what_would_interrupt] == ["The debtor agrees to perform"]
    assert promised.likely_end == date(2027, 4, 2)
    assert promised.revived_by == event(late, "promise")
    assert lines(promised)[1:4] == ["start_not_counted", "raw_end", "revived"]


def test_a_promise_in_time_is_no_revival_and_runs_from_the_last_day_it_names() -> None:
    plan = event(date(2025, 12, 1), "promise", due_on=date(2026, 5, 20))

    view = view_of(events=(plan, event(date(2025, 12, 10))))

    assert view.revived_by is None
    assert (view.likely_end, view.safe_end) == (date(2027, 5, 20), date(2026, 12, 10))
    assert "no_gain" in lines(view)


def test_a_due_day_before_the_promise_does_not_shorten_it() -> None:
    overdue = event(date(2025, 12, 1), "promise", due_on=date(2025, 6, 30))

    view = view_of(events=(overdue,))

    assert view.likely_end == date(2026, 12, 1)


def test_touching_and_overlapping_suspensions_count_each_day_once() -> None:
    apart = (
        Suspension(date(2025, 8, 1), date(2025, 8, 10), "force_majeure"),
        Suspension(date(2025, 8, 5), date(2025, 8, 7), "in custody"),
        Suspension(date(2025, 8, 11), date(2025, 8, 20), "in custody"),
    )

    view = view_of(suspensions=apart)

    assert view.likely_end == date(2026, 3, 30)
    line = next(line for line in view.working if line.facts["line"] == "suspended")
    assert line.facts["days"] == 20
    assert "force majeure, in custody" in line.en


def test_a_suspension_outside_the_year_has_no_effect() -> None:
    outside = (
        Suspension(date(2025, 2, 1), BASIS, "force_majeure"),
        Suspension(date(2026, 3, 11), date(2026, 5, 1), "no_guardian"),
    )

    view = view_of(suspensions=outside)

    assert view.likely_end == END
    assert lines(view).count("suspension_without_effect") == 2


def test_a_suspension_that_begins_on_days_off_at_the_end_leaves_the_rest_to_run() -> None:
    knew = date(2025, 2, 17)  # ends in the Spring Festival, on 24 February 2026
    ill = Suspension(date(2026, 2, 20), date(2026, 3, 1), "no_guardian")

    view = view_of(basis_day=knew, suspensions=(ill,))

    assert view.likely_end == date(2026, 3, 2)


def test_while_a_suspension_lasts_the_rest_is_kept() -> None:
    ill = (Suspension(date(2026, 3, 1), None, "no_guardian"),)

    view, later = view_of(date(2026, 3, 31), suspensions=ill), view_of(date(2026, 9, 30), suspensions=ill)
    before = view_of(date(2026, 2, 28), suspensions=ill)

    assert view.status is later.status is LimitationStatus.SUSPENDED
    assert (view.likely_end, view.days_left) == (date(2026, 4, 10), 10)
    assert not later.is_over
    assert "It goes on" in next(line.en for line in view.working if line.facts["line"] == "suspended")
    assert (before.status, before.likely_end) == (LimitationStatus.RUNNING, END)


def test_a_year_that_begins_while_a_suspension_lasts_stands_still_from_its_first_day() -> None:
    ill = (Suspension(date(2025, 12, 1), None, "no_guardian"),)
    demand = event(date(2025, 12, 20))

    on_the_day = view_of(date(2025, 12, 20), events=(demand,), suspensions=ill)
    later = view_of(date(2026, 1, 8), events=(demand,), suspensions=ill)

    assert on_the_day.status is later.status is LimitationStatus.SUSPENDED
    assert (on_the_day.likely_end, on_the_day.days_left) == (date(2026, 12, 21), 366)
    assert (later.likely_end, later.days_left) == (date(2027, 1, 8), 365)
    assert on_the_day.working[-2].facts == {"line": "suspended_from_the_start", "since": "2025-12-01"}
    assert "stands still" in on_the_day.working[-2].en


def test_a_suspension_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Suspension(date(2026, 3, 2), date(2026, 3, 1), "no_guardian")


def test_an_act_inside_a_suspension_never_costs_the_leap_day() -> None:
    ill = (Suspension(date(2024, 2, 20), date(2024, 3, 31), "no_guardian"),)
    values: dict[str, Any] = {"basis_day": date(2024, 2, 28), "suspensions": ill}

    without = view_of(**values)
    with_act = view_of(**values, events=(event(date(2024, 2, 29)),))

    assert without.likely_end == with_act.likely_end == date(2025, 4, 1)
    assert "no_gain" in lines(with_act)


def test_a_missing_basis_day_is_named() -> None:
    view = view_of(basis_day=None)

    assert (view.status, view.likely_end, view.safe_end, view.days_left) == (LimitationStatus.UNKNOWN, None, None, None)
    assert view.safe_days_left is None
    assert [label.en for label in view.missing] == ["the day the claimant knew or should have known"]
    assert lines(view) == ["cannot_say"]
    assert len(view.what_would_interrupt) == 5


def test_wages_need_the_end_of_employment_and_nothing_while_it_lasts() -> None:
    unknown = view_of(claim_code="unpaid_wages")
    employed = view_of(claim_code="unpaid_wages", still_employed=True)
    left = view_of(claim_code="unpaid_wages", still_employed=True, employment_ended_on=date(2025, 6, 30))

    assert [label.en for label in unknown.missing] == ["the day employment ended, or that it goes on"]
    assert (employed.status, employed.what_would_interrupt) == (LimitationStatus.NOT_RUNNING, ())
    assert lines(employed) == ["no_end_while_employed"]
    assert left.likely_end == date(2026, 6, 30)


def test_unused_leave_has_a_general_and_a_worker_friendly_reading() -> None:
    view = view_of(claim_code="annual_leave_pay", basis_day=date(2024, 7, 1), still_employed=True)

    found = {one.name: (one.rule, one.end, one.is_in_force) for one in view.readings}
    assert found == {
        "likely": ("L1", date(2025, 12, 31), True),
        "safe": ("L1", date(2025, 12, 31), False),
        "wage_likely": ("L5", None, False),
        "wage_safe": ("L5", None, False),
    }
    assert view.safe_end == date(2025, 12, 31)
    assert "AMB-6" in [describe(one).en for one in view.citations]


def test_unused_leave_cannot_be_taken_after_leaving() -> None:
    leave = facts("annual_leave_pay", basis_day=date(2025, 5, 1), employment_ended_on=date(2025, 8, 31))

    left = limitation_of(leave, calendar=CALENDAR, today=TODAY)
    knew_later = limitation_of(replace(leave, basis_day=date(2025, 9, 10)), calendar=CALENDAR, today=TODAY)
    next_year = limitation_of(replace(leave, employment_ended_on=date(2026, 6, 30)), calendar=CALENDAR, today=TODAY)

    assert (left.likely_end, left.safe_end) == (date(2026, 8, 31), date(2026, 8, 31))
    assert (knew_later.likely_end, knew_later.safe_end) == (date(2026, 9, 10), date(2026, 8, 31))
    assert reading(next_year, "wage_likely").end == date(2027, 6, 30)
    assert next_year.safe_end == date(2026, 12, 31)


def test_unused_leave_without_a_day_has_no_safe_end_though_the_friendly_reading_has() -> None:
    view = view_of(claim_code="annual_leave_pay", basis_day=None, employment_ended_on=date(2025, 8, 31))

    assert reading(view, "wage_safe").end == date(2026, 8, 31)
    assert (view.likely_end, view.safe_end) == (None, None)


def test_double_wage_runs_whole_and_month_by_month() -> None:
    whole = facts("double_wage_no_contract", basis_day=date(2025, 11, 14))
    act = event(date(2026, 3, 1), "authority")

    view = limitation_of(whole, calendar=CALENDAR, today=date(2026, 6, 1))
    months = per_month_ends(
        replace(whole, events=(act,)),
        since=date(2025, 1, 15),
        until=date(2025, 11, 14),
        calendar=CALENDAR,
        today=date(2026, 6, 1),
    )

    assert view.likely_end == date(2026, 11, 16)
    assert "AMB-10" in [describe(one).en for one in view.citations]
    assert [(one.month, one.since, one.until) for one in (months[0], months[1], months[-1])] == [
        ("2025-01", date(2025, 1, 15), date(2025, 1, 31)),
        ("2025-02", date(2025, 2, 1), date(2025, 2, 28)),
        ("2025-11", date(2025, 11, 1), date(2025, 11, 14)),
    ]
    assert [one.view.is_over for one in months] == [True, True] + [False] * 9
    assert months[1].view.likely_end == date(2026, 2, 28)
    assert months[2].view.likely_end == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("claim_code", "until", "message"),
    [("unpaid_wages", date(2025, 11, 14), "no claim for double wage"),
     ("double_wage_no_contract", date(2025, 1, 14), "before it begins")],
)  # fmt: skip
def test_months_are_for_double_wage_and_a_window_that_begins_first(claim_code: str, until: date, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        per_month_ends(facts(claim_code), since=date(2025, 1, 15), until=until, calendar=CALENDAR, today=TODAY)


def test_while_an_arbitration_is_pending_the_likely_year_does_not_end() -> None:
    filed = date(2025, 12, 1)
    values: dict[str, Any] = {"events": (event(filed, "authority"),), "pending_since": filed}

    pending = view_of(date(2027, 1, 5), **values)
    too_late = view_of(date(2027, 1, 5), pending_since=date(2026, 3, 11))

    assert (pending.status, pending.likely_end, pending.is_over) == (LimitationStatus.PENDING, None, False)
    assert pending.safe_end == date(2026, 12, 1)
    assert lines(pending)[-1] == "pending"
    assert (too_late.status, too_late.likely_end) == (LimitationStatus.OVER, END)


def test_an_unknown_claim_is_refused() -> None:
    with pytest.raises(ValueError, match="no claim code 'ransom'"):
        view_of(claim_code="ransom")


def test_the_view_says_what_it_rests_on() -> None:
    view = view_of()

    cited = [describe(one).en for one in view.citations]
    assert "Labour Dispute Mediation and Arbitration Law, art. 27(1)" in cited
    assert "AMB-13" in cited
    assert view.calendar_version == CALENDAR.version


def test_an_act_on_the_last_day_is_in_time_and_the_next_day_is_too_late() -> None:
    in_time = view_of(END, events=(event(END),))
    late = view_of(date(2026, 3, 11), events=(event(date(2026, 3, 11)),))

    assert in_time.likely_end == date(2027, 3, 10)
    assert late.likely_end == END


def test_of_two_acts_whose_years_end_on_the_same_day_the_later_counts() -> None:
    before_the_holiday, in_it = date(2024, 10, 1), date(2024, 10, 2)

    view = view_of(basis_day=date(2024, 9, 1), events=(event(before_the_holiday), event(in_it)))

    assert (view.in_force.start, view.likely_end) == (in_it, date(2025, 10, 9))


def test_suspensions_of_single_days_count_on_the_first_and_on_the_last_day_of_the_year() -> None:
    first, last = Suspension(date(2025, 3, 11), date(2025, 3, 11), "x"), Suspension(END, END, "x")

    assert view_of(suspensions=(first,)).likely_end == date(2026, 3, 11)
    assert view_of(suspensions=(last,)).likely_end == date(2026, 3, 11)


def test_an_open_suspension_counts_from_its_first_day_and_stays_open_when_joined() -> None:
    today = date(2025, 8, 20)
    joined = (Suspension(date(2025, 8, 1), date(2025, 8, 10), "x"), Suspension(date(2025, 8, 11), None, "y"))

    began_today = view_of(today, suspensions=(Suspension(today, None, "x"),))
    begins_tomorrow = view_of(today, suspensions=(Suspension(date(2025, 8, 21), None, "x"),))

    assert (began_today.status, began_today.likely_end) == (LimitationStatus.SUSPENDED, date(2026, 3, 11))
    assert lines(begins_tomorrow) == lines(view_of(today))
    assert view_of(today, suspensions=joined).status is LimitationStatus.SUSPENDED
    assert view_of(today, suspensions=joined[::-1]).likely_end == date(2026, 3, 30)


def test_an_arbitration_filed_on_the_last_day_is_pending_in_time() -> None:
    assert view_of(END, pending_since=END).status is LimitationStatus.PENDING


def test_a_window_of_one_day_is_one_month() -> None:
    day = date(2025, 1, 31)

    months = per_month_ends(facts("double_wage_no_contract"), since=day, until=day, calendar=CALENDAR, today=TODAY)

    assert [(one.since, one.until) for one in months] == [(day, day)]


def test_an_act_without_gain_does_not_hide_the_next_one() -> None:
    minor = Suspension(date(2024, 2, 20), date(2024, 3, 31), "no_guardian")
    acts = (event(date(2024, 2, 29)), event(date(2024, 6, 3)))

    view = view_of(basis_day=date(2024, 2, 28), suspensions=(minor,), events=acts)

    assert lines(view)[1] == "no_gain"
    assert view.likely_end == date(2025, 6, 3)


def test_a_suspension_that_has_not_begun_hides_no_other() -> None:
    lasting = Suspension(date(2026, 1, 5), None, "no_guardian")
    foreseen = Suspension(date(2026, 2, 1), date(2026, 2, 10), "force_majeure")

    view = view_of(suspensions=(lasting, foreseen))

    assert view.likely_end == date(2026, 3, 20)


def test_a_suspension_before_the_year_hides_no_other() -> None:
    before = Suspension(date(2025, 2, 1), date(2025, 3, 1), "no_guardian")
    within = Suspension(date(2026, 2, 1), date(2026, 2, 10), "force_majeure")

    view = view_of(suspensions=(before, within))

    assert lines(view).count("suspension_without_effect") == 1
    assert view.likely_end == date(2026, 3, 20)


def test_the_view_names_claim_day_and_calendar() -> None:
    view = view_of()

    assert (view.claim_code, view.today, view.calendar_version) == ("economic_compensation", TODAY, CALENDAR.version)


def test_a_suspension_names_each_of_its_reasons_and_one_from_the_start_says_so() -> None:
    two = (Suspension(date(2026, 2, 1), date(2026, 2, 10), "force_majeure"),
           Suspension(date(2026, 2, 5), date(2026, 2, 12), "no_guardian"))  # fmt: skip

    merged = view_of(suspensions=two).working[3]
    lasting = view_of(BASIS, suspensions=(Suspension(date(2025, 3, 1), None, "no_guardian"),)).working[3]

    assert "（不可抗力、无法定代理人）" in merged.zh
    assert lasting.zh == "2025-03-01(周六)起的中止事由仍在继续，时效自始中止。"
    assert lasting.facts["line"] == "suspended_from_the_start"

"""The rules of each claim item, where they turn: floors, caps, exceptions, readings, and what cannot be computed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mediation.domain.calculators import CalculationError, MissingFigureError, Result, compute
from mediation.domain.calculators.result import show
from mediation.domain.calendar import official_calendar
from mediation.domain.local_figures import shipped_figures

CALENDAR = official_calendar()
FIGURES = shipped_figures().with_rows(
    [
        {
            "kind": "average_wage",
            "place": "330100",
            "year": 2025,
            "value": "9480",
            "source": "made up",
            "verified": True,
        },
        {"kind": "minimum_wage", "place": "330100", "since": "2026-01-01", "value": "2490", "source": "made up"},
    ]
)
SERVICE = [["2021-03-15", "2026-08-31"]]
HIRED = {"hire_date": "2025-03-10", "monthly_wage": "6000.00"}
ORDER = {"date": "2026-07-01", "due": "2026-07-15", "satisfied": False}


def result(kind: str, **inputs: Any) -> Result:
    return compute(kind, inputs, calendar=CALENDAR, figures=FIGURES)


def compensation(service: Any = None, **inputs: Any) -> Result:
    return result("economic_compensation", **{"service": service or SERVICE, "avg_monthly_wage": "1000"} | inputs)


def refusal(kind: str, **inputs: Any) -> tuple[str, str]:
    with pytest.raises(CalculationError) as refused:
        result(kind, **inputs)
    return refused.value.pointer, refused.value.reason


def lines(computed: Result) -> list[object]:
    return [line.facts["line"] for line in computed.working]


def variants(computed: Result) -> list[tuple[str, str]]:
    return [(variant.rule, str(variant.amount)) for variant in computed.variants]


@pytest.mark.parametrize(
    ("last", "amount"),
    [
        ("2021-01-01", "500.00"),
        ("2021-06-29", "500.00"),
        ("2021-06-30", "1000.00"),
        ("2021-12-31", "1000.00"),
        ("2022-01-01", "1500.00"),
    ],
)
def test_a_day_counts_half_a_month_and_half_a_year_a_whole(last: str, amount: str) -> None:
    assert str(compensation([["2021-01-01", last]]).amount) == amount


def test_service_of_several_employers_is_added_up_as_one() -> None:
    parts = compensation([["2024-07-01", "2026-08-31"], ["2021-03-15", "2024-06-30"]])

    assert parts.amount == compensation(SERVICE).amount == Decimal("5500.00")


def test_odd_days_of_separate_periods_carry_at_thirty_and_are_flagged() -> None:
    computed = compensation([["2024-01-01", "2024-03-20"], ["2025-01-01", "2025-04-10"]])

    assert computed.amount == Decimal("1000.00")
    assert computed.needs_review


def test_odd_days_that_stay_under_thirty_need_no_review() -> None:
    computed = compensation([["2024-01-01", "2024-03-05"], ["2025-01-01", "2025-03-06"]])

    assert computed.amount == Decimal("500.00")
    assert not computed.needs_review


def test_thirty_days_of_one_period_are_no_odd_days_of_several() -> None:
    assert not compensation([["2024-01-01", "2024-01-30"]]).needs_review


def test_overlapping_periods_are_refused() -> None:
    service = [["2024-01-01", "2024-06-30"], ["2024-06-30", "2025-01-01"]]

    assert refusal("economic_compensation", service=service, avg_monthly_wage="1") == ("/service", "overlap")


def test_service_before_2008_is_left_to_a_person() -> None:
    computed = compensation([["2006-05-01", "2009-12-31"]])

    assert (computed.amount, computed.minimum, computed.maximum) == (Decimal("2000.00"), Decimal("2000.00"), None)
    assert computed.needs_review
    assert "以上" in computed.working[-1].zh


def test_service_wholly_before_2008_has_no_amount() -> None:
    computed = compensation([["2005-01-01", "2007-12-31"]])

    assert computed.amount is None
    assert computed.needs_review


def test_first_day_of_2008_is_already_under_the_law() -> None:
    from_then, day_before = compensation([["2008-01-01", "2008-12-31"]]), compensation([["2007-12-31", "2008-12-31"]])

    assert (from_then.amount, from_then.needs_review) == (Decimal("1000.00"), False)
    assert (day_before.amount, day_before.needs_review) == (Decimal("1000.00"), True)


def test_service_that_ends_on_the_first_day_of_2008_has_that_day_under_the_law() -> None:
    computed = compensation([["2007-06-01", "2008-01-01"]])

    assert computed.amount == Decimal("500.00")


def test_damages_count_from_the_first_day_even_before_2008() -> None:
    computed = result("unlawful_termination", service=[["2006-01-01", "2009-12-31"]], avg_monthly_wage="1000")

    assert computed.amount == Decimal("8000.00")
    assert computed.needs_review


def test_average_at_three_local_averages_is_not_capped() -> None:
    at = result("economic_compensation", n="14", avg_monthly_wage="3000", local_avg_monthly_wage="1000")

    assert at.amount == Decimal("42000.00")


def test_average_above_three_local_averages_caps_wage_and_years() -> None:
    above = result("economic_compensation", n="14", avg_monthly_wage="3000.01", local_avg_monthly_wage="1000")

    assert above.amount == Decimal("36000.00")
    assert "cap" in lines(above)


def test_minimum_wage_above_three_local_averages_is_capped_as_well() -> None:
    computed = result(
        "economic_compensation", n="1", avg_monthly_wage="900", min_monthly_wage="3500", local_avg_monthly_wage="1000"
    )

    assert computed.amount == Decimal("3000.00")
    assert [name for name in lines(computed) if name in {"floor", "cap"}] == ["floor", "cap"]


def test_variant_without_overtime_spans_a_range() -> None:
    computed = compensation(avg_overtime_pay="200", min_monthly_wage="900")

    assert variants(computed) == [("AMB-8", "4950.00")]
    assert (computed.minimum, computed.maximum) == (Decimal("4950.00"), Decimal("5500.00"))


def test_variant_without_overtime_is_capped_as_the_amount_is() -> None:
    computed = compensation(avg_monthly_wage="5000", avg_overtime_pay="1000", local_avg_monthly_wage="1000")

    assert variants(computed) == [("AMB-8", "16500.00")]
    assert computed.minimum is None


def test_overtime_above_the_average_is_refused() -> None:
    pointer = refusal("economic_compensation", n="1", avg_monthly_wage="1", avg_overtime_pay="2")

    assert pointer == ("/avg_overtime_pay", "impossible")


def test_average_is_taken_over_the_months_given() -> None:
    computed = compensation(avg_monthly_wage=None, monthly_wages=["3000"] * 6 + ["3000.01"] * 6)

    assert computed.amount == Decimal("16500.03")
    assert not [warning for warning in computed.warnings if "12" in warning.en and "Only" in warning.en]


def test_fewer_than_twelve_months_are_averaged_with_a_warning() -> None:
    computed = compensation(
        avg_monthly_wage=None, monthly_wages=["10000.03", "0", "0"], service=[["2025-01-01", "2026-01-31"]]
    )

    assert computed.amount == Decimal("5000.02")  # 10000.03 / 3 x 1.5 is 5000.015 exactly
    assert any("Only 3 months" in warning.en for warning in computed.warnings)


@pytest.mark.parametrize(
    ("inputs", "pointer", "code"),
    [
        ({"avg_monthly_wage": "1"}, "/service", "one_of"),
        ({"avg_monthly_wage": "1", "n": "1", "service": SERVICE}, "/service", "one_of"),
        ({"n": "1"}, "/avg_monthly_wage", "one_of"),
        ({"n": "1", "avg_monthly_wage": "1", "monthly_wages": ["1"]}, "/avg_monthly_wage", "one_of"),
        ({"n": "1", "monthly_wages": ["1"] * 13}, "/monthly_wages", "too_many"),
        ({"n": "0", "avg_monthly_wage": "1"}, "/n", "impossible"),
        ({"n": "1.25", "avg_monthly_wage": "1"}, "/n", "impossible"),
        ({"n": "1", "avg_monthly_wage": "1", "place": "330100"}, "/ended_on", "missing"),
    ],
)
def test_service_and_wage_are_given_one_way(inputs: dict[str, Any], pointer: str, code: str) -> None:
    assert refusal("economic_compensation", **inputs) == (pointer, code)


def test_local_figures_are_looked_up_on_the_last_day_of_service() -> None:
    computed = compensation(avg_monthly_wage="42000", place="330106")

    assert computed.amount == Decimal("156420.00")  # 3 x 9480 x 5.5
    assert lines(computed).count("figure") == 2
    assert any("尚未核实" in warning.zh for warning in computed.warnings)
    assert not computed.needs_review


def test_illustrative_figures_ask_for_a_person() -> None:
    computed = compensation(place="示例市")

    assert computed.amount == Decimal("13695.00")
    assert computed.needs_review


def test_missing_local_figure_says_which() -> None:
    with pytest.raises(MissingFigureError) as missing:
        compensation([["2021-03-15", "2027-03-31"]], place="330100")

    assert (missing.value.kind, missing.value.on) == ("average_wage", date(2026, 12, 31))


def test_figure_given_with_the_inputs_is_not_looked_up() -> None:
    computed = compensation(place="nowhere", local_avg_monthly_wage="9480", min_monthly_wage="2490")

    assert computed.amount == Decimal("13695.00")


@pytest.mark.parametrize("ground", ["resigned", "agreed_worker_proposed", "worker_fault", "retirement", "part_time"])
def test_some_grounds_carry_no_compensation(ground: str) -> None:
    computed = compensation(ground=ground)

    assert computed.amount == 0
    assert [(line.facts["line"], line.facts["reason"]) for line in computed.working] == [("nothing_due", ground)]


def test_without_a_ground_it_is_not_said_that_compensation_is_due() -> None:
    assert any("事由" in warning.zh for warning in compensation().warnings)
    assert not any("事由" in warning.zh for warning in compensation(ground="layoff").warnings)


@pytest.mark.parametrize("exception", ["force_majeure", "worker_refused", "statutory_extension"])
def test_exceptions_carry_no_second_wage(exception: str) -> None:
    assert result("double_wage", **HIRED, exception=exception).amount == 0


@pytest.mark.parametrize("end", [{"signed_date": "2025-04-10"}, {"last_day": "2025-04-09"}, {"as_of": "2025-04-09"}])
def test_first_month_carries_no_second_wage(end: dict[str, str]) -> None:
    computed = result("double_wage", **HIRED, **end)

    assert computed.amount == 0
    assert computed.variants == ()


def test_first_day_after_the_first_month_is_paid() -> None:
    computed = result("double_wage", **HIRED, last_day="2025-04-10")

    assert computed.amount == Decimal("275.86")
    assert variants(computed) == [("AMB-9", "0.00")]


def test_partial_month_is_never_more_than_a_month() -> None:
    computed = result("double_wage", hire_date="2026-06-01", monthly_wage="6000", signed_date="2026-07-31")

    assert computed.amount == Decimal("6000.00")  # 22 working days x 275.86 would be 6068.97


def test_variant_of_the_second_wage_is_shifted_by_one_day() -> None:
    computed = result("double_wage", hire_date="2026-01-01", monthly_wage="2175", last_day="2026-06-10")

    assert computed.amount == Decimal("9500.00")  # four months and the eight working days of 1 to 10 June
    assert variants(computed) == [("AMB-9", "9400.00")]


def test_second_wage_ends_with_the_year_whenever_the_contract_was_signed() -> None:
    computed = result("double_wage", **HIRED, signed_date="2026-05-01")

    assert computed.amount == Decimal("66000.00")
    assert any("无固定期限" in warning.zh for warning in computed.warnings)


@pytest.mark.parametrize(("last_day", "is_deemed"), [("2026-03-08", False), ("2026-03-09", True)])
def test_open_ended_contract_is_deemed_made_with_the_last_day_of_the_year(last_day: str, is_deemed: bool) -> None:
    computed = result("double_wage", **HIRED, last_day=last_day)

    assert any("无固定期限" in warning.zh for warning in computed.warnings) == is_deemed


def test_both_readings_of_limitation_are_shown() -> None:
    computed = result("double_wage", **HIRED, as_of="2026-11-22")

    assert variants(computed) == [("AMB-9", "66000.00"), ("AMB-10", "66000.00"), ("AMB-10", "24000.00")]
    assert computed.minimum is None
    whole, monthly = (line.facts["ends"] for line in computed.working if line.facts["line"] == "limitation")
    assert whole == ["2027-03-09"]
    assert isinstance(monthly, list)
    assert (len(monthly), monthly[0], monthly[-1]) == (11, "2026-05-09", "2027-03-09")


def test_second_wage_is_open_on_the_last_day_of_limitation_and_closed_the_day_after() -> None:
    on, after = (result("double_wage", **HIRED, as_of=day) for day in ("2027-03-09", "2027-03-10"))

    assert variants(on)[1:] == [("AMB-10", "66000.00"), ("AMB-10", "6000.00")]
    assert variants(after)[1:] == [("AMB-10", "0.00"), ("AMB-10", "0.00")]


def test_month_without_the_day_of_hiring_ends_with_the_month() -> None:
    computed = result("double_wage", hire_date="2025-01-31", monthly_wage="6000", last_day="2025-03-30")

    assert computed.amount == Decimal("6000.00")


def test_partial_month_of_a_year_without_notice_is_provisional() -> None:
    computed = result("double_wage", hire_date="2027-01-05", monthly_wage="6000", last_day="2027-02-10")

    assert any("provisional" in warning.en for warning in computed.warnings)


@pytest.mark.parametrize("name", ["last_day", "as_of"])
def test_work_cannot_end_before_it_began(name: str) -> None:
    assert refusal("double_wage", **HIRED, **{name: "2025-03-09"}) == (f"/{name}", "impossible")


def overtime(**inputs: Any) -> Result:
    return result("overtime", **{"monthly_wage": "5220"} | inputs)


def test_overtime_base_is_not_below_the_minimum_wage() -> None:
    computed = overtime(monthly_wage="2175", hours_150="10", min_monthly_wage="5220")

    assert computed.amount == Decimal("450.00")
    assert "floor" in lines(computed)


def test_overtime_by_date_is_not_priced_below_the_minimum_wage_either() -> None:
    computed = result(
        "overtime_by_date", monthly_wage="2175", min_monthly_wage="5220", dates_worked_full_day=["2026-05-01"]
    )

    assert computed.amount == Decimal("720.00")


def test_lower_base_of_the_contract_is_a_variant() -> None:
    computed = overtime(hours_150="10", contract_base="2175", place="330100", on="2026-05-01")

    assert variants(computed) == [("AMB-8", "214.66")]
    assert (computed.minimum, computed.maximum) == (Decimal("214.66"), Decimal("450.00"))


def test_hours_above_the_cap_are_paid_and_flagged() -> None:
    assert overtime(hours_150="36").warnings == ()
    assert overtime(hours_150="37").amount == Decimal("1665.00")
    assert overtime(hours_150="37").warnings
    assert overtime(hours_150="37", months="2").warnings == ()


def test_comprehensive_hours_pay_what_is_above_the_norm_of_the_cycle() -> None:
    computed = overtime(system="comprehensive", cycle_hours="520", cycle_norm_hours="500", hours_300="8")

    assert computed.amount == Decimal("1620.00")  # 20 x 30 x 1.5 + 8 x 30 x 3


def test_cycle_below_its_norm_pays_nothing() -> None:
    assert overtime(system="comprehensive", cycle_hours="490", cycle_norm_hours="500").amount == 0


def test_hours_above_the_norm_may_be_given_themselves() -> None:
    assert overtime(system="comprehensive", hours_150="20").amount == Decimal("900.00")


def test_flexible_hours_pay_nothing_but_show_the_local_rule_for_holidays() -> None:
    without, worked = overtime(system="flexible", hours_150="50"), overtime(system="flexible", days_300="1")

    assert (without.amount, without.maximum) == (Decimal(0), None)
    assert (worked.amount, worked.minimum, worked.maximum) == (Decimal(0), Decimal(0), Decimal("720.00"))
    assert variants(worked) == [("local rules", "720.00")]
    assert worked.needs_review


@pytest.mark.parametrize(
    ("inputs", "pointer"),
    [
        ({"system": "comprehensive", "days_200": "1"}, "/days_200"),
        ({"system": "comprehensive", "hours_200": "1"}, "/days_200"),
        ({"system": "comprehensive", "cycle_hours": "1"}, "/cycle_norm_hours"),
        ({"system": "comprehensive", "cycle_norm_hours": "1"}, "/cycle_hours"),
        ({"cycle_hours": "1"}, "/cycle_hours"),
        ({"system": "flexible", "cycle_norm_hours": "1"}, "/cycle_hours"),
        ({"days_200": "1", "compensated_hours": "9"}, "/compensated_days"),
        ({"place": "330100"}, "/on"),
    ],
)
def test_hours_that_do_not_fit_the_system_are_refused(inputs: dict[str, str], pointer: str) -> None:
    assert refusal("overtime", monthly_wage="5220", **inputs)[0] == pointer


def test_compensated_rest_day_is_not_paid_and_a_festival_day_is() -> None:
    days = ["2026-05-01", "2026-05-04", "2026-05-09"]

    computed = result("overtime_by_date", monthly_wage="6525", dates_worked_full_day=days, compensated_dates=days[:2])

    assert computed.amount == Decimal("900.00")
    assert any("2026-05-01" in warning.en for warning in computed.warnings)


def test_days_of_one_kind_are_listed_together_and_each_compensated_holiday_is_warned_of() -> None:
    days = ["2026-05-01", "2026-05-02"]

    computed = result("overtime_by_date", monthly_wage="6525", dates_worked_full_day=days, compensated_dates=days)

    listed = [line.facts["days"] for line in computed.working if line.facts["line"] == "statutory_holiday"]
    assert listed == ["2026-05-01, 2026-05-02"]
    assert [warning.zh.partition("为")[0] for warning in computed.warnings] == days


def test_day_compensated_but_not_worked_is_refused() -> None:
    pointer = refusal(
        "overtime_by_date",
        monthly_wage="1",
        dates_worked_full_day=["2026-05-01"],
        compensated_dates=["2026-05-02"],
    )

    assert pointer == ("/compensated_dates/0", "impossible")


def test_days_of_a_year_without_notice_are_provisional() -> None:
    computed = result("overtime_by_date", monthly_wage="6525", dates_worked_full_day=["2027-01-02"])

    assert computed.amount == Decimal("600.00")
    assert any("provisional" in warning.en for warning in computed.warnings)


def leave(**inputs: Any) -> Result:
    return result("annual_leave", **{"avg_monthly_wage_excl_overtime": "2175"} | inputs)


@pytest.mark.parametrize(
    ("years", "amount"), [("0.9", "0.00"), ("1", "1000.00"), ("9.9", "1000.00"), ("10", "2000.00"), ("20", "3000.00")]
)
def test_entitlement_grows_with_total_working_years(years: str, amount: str) -> None:
    assert str(leave(working_years=years).amount) == amount


def test_days_taken_too_many_are_not_recovered() -> None:
    assert leave(entitlement_days=5, days_taken="6").amount == 0


def test_a_year_of_leave_may_be_one_day_long_and_the_first_or_the_last_year_there_is() -> None:
    one_day = leave(entitlement_days=5, first_day="2026-03-02", last_day="2026-03-02")
    first, last = leave(entitlement_days=5, year=1990), leave(entitlement_days=5, year=2200)

    assert one_day.amount == 0
    assert first.amount == last.amount == Decimal("1000.00")


def test_leap_year_is_still_divided_by_365() -> None:
    assert leave(entitlement_days=15, year=2024).amount == Decimal("3000.00")
    assert leave(entitlement_days=15, calendar_days_in_year=366).amount == Decimal("3000.00")


@pytest.mark.parametrize(
    "inputs", [{"refused_in_writing": True}, {"exclusion": "sick_leave"}, {"exclusion": "under_twelve_months"}]
)
def test_leave_given_up_or_not_earned_is_not_paid(inputs: dict[str, Any]) -> None:
    assert leave(entitlement_days=5, **inputs).amount == 0


@pytest.mark.parametrize(
    ("inputs", "pointer"),
    [
        ({}, "/entitlement_days"),
        ({"entitlement_days": 5, "working_years": "3"}, "/entitlement_days"),
        ({"entitlement_days": 5, "calendar_days_in_year": 367}, "/calendar_days_in_year"),
        ({"entitlement_days": 5, "year": 1989}, "/year"),
        ({"entitlement_days": 5, "year": 2025, "first_day": "2026-01-01"}, "/year"),
        ({"entitlement_days": 5, "as_of": "2026-01-01"}, "/year"),
    ],
)
def test_leave_that_cannot_be_counted_is_refused(inputs: dict[str, Any], pointer: str) -> None:
    assert refusal("annual_leave", avg_monthly_wage_excl_overtime="1", **inputs)[0] == pointer


@pytest.mark.parametrize(
    ("inputs", "general", "wages"),
    [
        ({"year": 2024, "as_of": "2025-12-31"}, "1000.00", "1000.00"),
        ({"year": 2024, "as_of": "2026-01-01"}, "0.00", "1000.00"),
        ({"year": 2024, "as_of": "2026-01-01", "carried_over": True}, "1000.00", "1000.00"),
        ({"year": 2024, "as_of": "2026-05-01", "last_day": "2026-03-31"}, "0.00", "1000.00"),
        ({"year": 2024, "as_of": "2027-05-01", "last_day": "2026-03-31"}, "0.00", "0.00"),
        ({"first_day": "2024-01-01", "as_of": "2026-05-01"}, "0.00", "1000.00"),
    ],
)
def test_both_readings_of_limitation_of_leave_are_shown(inputs: dict[str, Any], general: str, wages: str) -> None:
    computed = leave(entitlement_days=5, **inputs)

    assert variants(computed)[1:] == [("AMB-6", general), ("AMB-6", wages)]
    assert computed.amount == Decimal("1000.00")
    assert any("AMB-6" in warning.zh for warning in computed.warnings)


def test_arrears_add_up_month_by_month() -> None:
    rows = [
        {"month": "2026-01", "payable": "5000", "paid": "4000.50"},
        {"month": "2026-02", "payable": "5000", "paid": "0"},
    ]

    assert result("wage_arrears", by_month=rows).amount == Decimal("5999.50")


def test_more_paid_than_payable_is_nothing_owed() -> None:
    computed = result("wage_arrears", monthly_wage="1", months="1", paid="2")

    assert computed.amount == 0
    assert computed.needs_review


def test_wages_paid_to_the_fen_leave_nothing_to_review() -> None:
    computed = result("wage_arrears", monthly_wage="2", months="1", paid="2")

    assert (computed.amount, computed.needs_review, computed.warnings) == (Decimal(0), False, ())


@pytest.mark.parametrize("kind", ["wage_arrears", "minimum_wage_gap"])
def test_months_are_given_one_way(kind: str) -> None:
    row = {"month": "2026-01", "paid": "0"} | ({"payable": "1"} if kind == "wage_arrears" else {})

    assert refusal(kind) == ("/by_month", "one_of")
    assert refusal(kind, months="1", by_month=[row]) == ("/by_month", "one_of")


def test_amount_and_months_go_together() -> None:
    assert refusal("wage_arrears", monthly_wage="1") == ("/months", "missing")
    assert refusal("wage_arrears", months="1") == ("/monthly_wage", "missing")
    assert refusal("minimum_wage_gap", months="1") == ("/paid", "missing")
    assert refusal("minimum_wage_gap", paid="1", months="1") == ("/min_monthly_wage", "missing")


def test_gap_is_counted_only_in_months_below_the_minimum_wage() -> None:
    rows = [{"month": "2026-01", "paid": "2400"}, {"month": "2026-02", "paid": "9000"}]

    assert result("minimum_wage_gap", by_month=rows, place="330100").amount == Decimal("90.00")
    assert result("minimum_wage_gap", paid="9000", months="2", place="330100", on="2026-05-01").amount == 0


def test_gap_is_counted_against_the_minimum_wage_given() -> None:
    rows = [{"month": "2026-01", "paid": "2400"}]

    computed = result("minimum_wage_gap", by_month=rows, min_monthly_wage="2500", place="330100")

    assert computed.amount == Decimal("100.00")


@pytest.mark.parametrize(
    ("kind", "inputs", "pointer"),
    [
        ("minimum_wage_gap", {"paid": "1", "months": "1"}, "/on"),
        ("non_compete", {"months": "1", "avg_monthly_wage": "1"}, "/ended_on"),
        ("small_amount_test", {"items": [{"claim": "unpaid_wages", "amount": "1"}]}, "/on"),
    ],
)
def test_a_place_needs_the_day_on_which_its_figures_are_looked_up(
    kind: str, inputs: dict[str, Any], pointer: str
) -> None:
    assert refusal(kind, place="330100", **inputs) == (pointer, "missing")


@pytest.mark.parametrize(
    ("kind", "inputs", "amount"),
    [
        ("annual_leave", {"avg_monthly_wage_excl_overtime": "2175", "entitlement_days": 5, "last_day": "2026-06-30"},
         "400.00"),
        ("overtime", {"monthly_wage": "5220", "hours_150": "10", "on": "2026-06-30"}, "450.00"),
        ("overtime_by_date", {"monthly_wage": "6525", "dates_worked_full_day": ["2026-05-01"]}, "900.00"),
        ("double_wage", {"hire_date": "2026-01-01", "monthly_wage": "2175", "last_day": "2026-06-10"}, "9500.00"),
        ("probation", {"wage_after_probation": "2175", "contract_months": "12", "served_from": "2026-01-05",
                       "served_to": "2026-03-09"}, "300.00"),
    ],
)  # fmt: skip
def test_paid_days_are_those_in_force_on_the_day_asked_about(kind: str, inputs: dict[str, Any], amount: str) -> None:
    later = {"kind": "paid_days", "place": "全国", "since": "2026-07-01", "value": "20", "source": "made up"}

    computed = compute(kind, inputs, calendar=CALENDAR, figures=FIGURES.with_rows([later]))

    assert str(computed.amount) == amount


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({}, "no_order"),
        ({"admin_order": ORDER | {"satisfied": True}}, "satisfied"),
        ({"admin_order": ORDER, "as_of": "2026-07-15"}, "not_yet_due"),
    ],
)
def test_nothing_is_added_without_a_missed_order(inputs: dict[str, Any], reason: str) -> None:
    computed = result("additional_compensation", owed="24000", **inputs)

    assert computed.amount == 0
    assert computed.working[-1].facts["reason"] == reason


def test_share_that_was_fixed_gives_an_amount() -> None:
    computed = result("additional_compensation", owed="24000", rate="0.8", admin_order=ORDER, as_of="2026-07-16")

    assert (computed.amount, computed.minimum) == (Decimal("19200.00"), None)


def test_impossible_share_and_order_are_refused() -> None:
    backwards = ORDER | {"due": "2026-06-30"}

    assert refusal("additional_compensation", owed="1", rate="0.4")[0] == "/rate"
    assert refusal("additional_compensation", owed="1", rate="1.1")[0] == "/rate"
    assert refusal("additional_compensation", owed="1", admin_order=backwards)[0] == "/admin_order/due"


@pytest.mark.parametrize("ground", ["article_36", "article_39", "article_41", "article_44", "unlawful"])
def test_notice_pay_belongs_to_article_40(ground: str) -> None:
    assert result("notice_pay", ground=ground, last_month_wage="9200").amount == 0


def test_notice_of_thirty_days_leaves_nothing_to_pay() -> None:
    assert result("notice_pay", ground="article_40", last_month_wage="9200", notice_days=30).amount == 0
    assert result("notice_pay", ground="article_40", last_month_wage="9200", notice_days=29).minimum == 0


@pytest.mark.parametrize(
    ("inputs", "amount"),
    [
        ({"contract_months": "2"}, "6000.00"),
        ({"contract_months": "3"}, "5000.00"),
        ({"contract_months": "11"}, "5000.00"),
        ({"contract_months": "12"}, "4000.00"),
        ({"contract_months": "35"}, "4000.00"),
        ({"contract_months": "36"}, "0.00"),
        ({"contract": "open_ended"}, "0.00"),
        ({"contract": "task"}, "6000.00"),
        ({"contract": "part_time"}, "6000.00"),
        ({"contract_months": "36", "is_repeated": True}, "6000.00"),
    ],
)
def test_lawful_probation_depends_on_the_contract(inputs: dict[str, Any], amount: str) -> None:
    computed = result("probation", wage_after_probation="1000", served_months="6", **inputs)

    assert str(computed.amount) == amount


def test_probation_by_dates_counts_working_days_of_the_last_month() -> None:
    inputs = {"wage_after_probation": "2175", "contract_months": "12", "served_from": "2026-01-05"}

    assert result("probation", **inputs, served_to="2026-03-04").amount == 0
    assert result("probation", **inputs, served_to="2026-03-09").amount == Decimal("300.00")  # 5, 6 and 9 March
    assert result("probation", **inputs, served_to="2026-04-04").amount == Decimal("2175.00")


def test_probation_may_have_lasted_one_day_and_almost_ten_years() -> None:
    repeated = {"wage_after_probation": "2175", "contract": "task", "contract_months": "36"}

    one_day = result("probation", **repeated, served_from="2026-03-05", served_to="2026-03-05")
    longest = result("probation", **repeated, served_from="2016-01-02", served_to="2026-01-01")

    assert one_day.amount == Decimal("100.00")
    assert longest.amount == Decimal("261000.00")


def test_the_first_day_beyond_the_lawful_probation_is_named() -> None:
    inputs = {"wage_after_probation": "2175", "contract_months": "12", "served_from": "2026-01-05"}

    computed = result("probation", **inputs, served_to="2026-03-05")

    assert computed.working[-1].facts["beyond"] == "0 months and 1 working day since 2026-03-05"


@pytest.mark.parametrize(
    ("inputs", "pointer"),
    [
        ({"served_months": "1"}, "/contract_months"),
        ({"contract": "task"}, "/served_months"),
        ({"contract": "task", "served_months": "1", "served_from": "2026-01-01"}, "/served_months"),
        ({"contract": "task", "served_from": "2026-01-01"}, "/served_to"),
        ({"contract": "task", "served_from": "2026-01-02", "served_to": "2026-01-01"}, "/served_to"),
        ({"contract": "task", "served_from": "2016-01-02", "served_to": "2026-01-02"}, "/served_to"),
    ],
)
def test_probation_that_cannot_be_counted_is_refused(inputs: dict[str, Any], pointer: str) -> None:
    assert refusal("probation", wage_after_probation="1", **inputs)[0] == pointer


def test_non_compete_pay_is_not_below_the_minimum_wage() -> None:
    computed = result("non_compete", months="2", avg_monthly_wage="8000", place="330100", ended_on="2026-05-01")

    assert computed.amount == Decimal("4980.00")


def test_without_the_minimum_wage_the_floor_is_not_checked() -> None:
    computed = result("non_compete", months="2", avg_monthly_wage="8000")

    assert computed.amount == Decimal("4800.00")
    assert any("下限" in warning.zh for warning in computed.warnings)


def test_agreed_non_compete_pay_stands_and_is_flagged_below_the_minimum_wage() -> None:
    low = result("non_compete", months="2", agreed_monthly="1000", min_monthly_wage="2490")
    fair = result("non_compete", months="2", agreed_monthly="3000", min_monthly_wage="2490")

    assert (low.amount, low.needs_review) == (Decimal("2000.00"), True)
    assert (fair.amount, fair.needs_review) == (Decimal("6000.00"), False)


def test_non_compete_pay_of_just_the_minimum_wage_is_enough() -> None:
    agreed = result("non_compete", months="2", agreed_monthly="2490", min_monthly_wage="2490")
    by_law = result("non_compete", months="2", avg_monthly_wage="8300", min_monthly_wage="2490")

    assert not agreed.needs_review
    assert "floor" not in lines(by_law)


def test_employer_who_ends_the_duty_owes_three_months_more() -> None:
    computed = result("non_compete", months="2", agreed_monthly="3000", paid="6000", is_ended_by_employer=True)

    assert computed.amount == Decimal("9000.00")


def test_the_three_months_more_come_on_top_of_what_is_owed() -> None:
    computed = result("non_compete", months="2", agreed_monthly="3000", paid="1000", is_ended_by_employer=True)

    assert computed.amount == Decimal("14000.00")


def test_three_months_unpaid_let_the_worker_end_the_duty() -> None:
    assert result("non_compete", months="3", agreed_monthly="3000").warnings
    assert not result("non_compete", months="2.9", agreed_monthly="3000").warnings
    assert not result("non_compete", months="3", agreed_monthly="0").warnings


def test_non_compete_paid_in_excess_owes_nothing() -> None:
    computed = result("non_compete", months="1", agreed_monthly="3000", paid="4000")

    assert (computed.amount, computed.needs_review) == (Decimal(0), True)


def test_non_compete_without_any_wage_is_refused() -> None:
    assert refusal("non_compete", months="1") == ("/avg_monthly_wage", "missing")


@pytest.mark.parametrize(
    ("inputs", "pointer"),
    [
        ({"remedy": "reinstatement", "months": "1"}, "/monthly_wage"),
        ({"remedy": "reinstatement", "monthly_wage": "1"}, "/months"),
        ({"remedy": "damages"}, "/annual_income"),
        ({"remedy": "damages", "annual_income": "1"}, "/compensation"),
    ],
)
def test_remedy_for_a_union_officer_needs_its_values(inputs: dict[str, str], pointer: str) -> None:
    assert refusal("union_dismissal", **inputs) == (pointer, "missing")


def test_compensation_of_a_union_officer_leaves_service_before_2008_to_a_person() -> None:
    about = {"service": [["2006-01-01", "2009-12-31"]], "avg_monthly_wage": "1000"}

    computed = result("union_dismissal", remedy="damages", annual_income="12000", compensation=about)

    assert (computed.amount, computed.maximum) == (Decimal("26000.00"), None)
    assert computed.needs_review


def delay(*payments: tuple[str, str], **inputs: Any) -> Result:
    about = {"principal": "10000", "due_date": "2026-06-30", "until": "2026-10-08"}
    rows = [{"on": on, "amount": amount} for on, amount in payments]
    return result("payment_delay_interest", **about | inputs | ({"payments": rows} if rows else {}))


def test_interest_runs_from_the_day_after_the_last_day() -> None:
    assert delay(until="2026-06-30").amount == 0
    assert delay(until="2026-07-01").amount == Decimal("1.75")


def test_part_payment_lowers_the_debt_from_the_day_after() -> None:
    computed = delay(("2026-08-31", "4000"))

    assert computed.amount == Decimal("148.40")  # 62 days on 10000, 38 on 6000


def test_payment_before_the_last_day_lowers_the_whole_and_one_in_full_ends_it() -> None:
    assert delay(("2026-06-30", "4000")).amount == Decimal("105.00")
    assert delay(("2026-07-31", "4000"), ("2026-07-10", "6000")).amount == Decimal("32.20")
    assert delay(("2026-10-08", "4000")).amount == Decimal("175.00")


def test_payment_on_the_first_day_late_bears_one_day_of_interest() -> None:
    assert delay(("2026-07-01", "10000")).amount == Decimal("1.75")


def test_payments_that_cannot_be_are_refused() -> None:
    with pytest.raises(CalculationError, match="cannot be taken"):
        delay(("2026-10-09", "1"))
    with pytest.raises(CalculationError, match="cannot be taken"):
        delay(("2026-10-08", "10000.01"))


def test_interest_before_the_rate_is_on_file_is_missing() -> None:
    with pytest.raises(MissingFigureError):
        delay(due_date="2014-01-01", until="2014-07-31")


def test_rate_from_memory_is_flagged() -> None:
    assert any("not verified" in warning.en for warning in delay().warnings)


@pytest.mark.parametrize(
    ("claims", "outcome"),
    [
        (["unpaid_wages", "economic_compensation"], "final"),
        (["unpaid_wages", "reinstatement"], "not_final"),
        (["unpaid_wages", "work_injury_benefit"], "review"),
        (["other_labour"], "review"),
        (["other_labour", "reinstatement"], "not_final"),
    ],
)
def test_award_is_final_only_when_every_item_is(claims: list[str], outcome: str) -> None:
    items = [{"claim": claim, "amount": "100"} for claim in claims]

    computed = result("small_amount_test", items=items, place="330100", on="2026-05-01")

    assert computed.outcome == outcome
    assert computed.needs_review == (outcome == "review")
    assert any("whatever the amount" in warning.en for warning in computed.warnings) == (outcome == "not_final")


def test_item_that_amount_alone_does_not_decide_says_so() -> None:
    items = [{"claim": "unpaid_wages", "amount": "1"}, {"claim": "reinstatement", "amount": "1"}]

    computed = result("small_amount_test", items=items, min_monthly_wage="2490")

    said = [line.zh for line in computed.working if line.facts["line"] == "item"]
    assert ["另行判断" in text for text in said] == [False, True]


def test_ratio_is_rounded_half_up_to_four_places() -> None:
    computed = result("settlement_ratio", agreed_total="1", computed=["32"])

    assert computed.ratio == Decimal("0.0313")  # 0.03125 exactly


def test_nothing_computed_leaves_no_ratio() -> None:
    assert refusal("settlement_ratio", agreed_total="1", computed=["0"]) == ("/computed", "impossible")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("1", "1.00"), ("1.5", "1.50"), ("1.23456", "1.2346"), ("0.00025", "0.0003"), ("100", "100.00")],
)
def test_an_amount_inside_a_line_has_two_places_and_up_to_four(value: str, shown: str) -> None:
    assert show(Decimal(value)) == shown

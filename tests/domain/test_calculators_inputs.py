"""Inputs are read strictly: exact numbers, real dates, nothing unknown, and everything wrong is told at once."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from mediation.domain.calculators import CALCULATORS, CalculationError, ParameterKind, compute, read
from mediation.domain.calculators.arrears import PaidMonth
from mediation.domain.calculators.inputs import MONTHS, YUAN, Parameter, day, decimal, flag, given, money, parameters_of
from mediation.domain.calendar import official_calendar
from mediation.domain.labels import Label
from mediation.domain.local_figures import shipped_figures

DELAY = {"principal": "10", "due_date": "2026-01-01", "until": "2026-02-01"}
ORDER = {"date": "2026-07-01", "due": "2026-07-15", "satisfied": False}
LEAVE = {"avg_monthly_wage_excl_overtime": "1", "entitlement_days": "5"}

refused_values: list[tuple[str, dict[str, Any], str, str]] = [
    ("wage_arrears", {"monthly_wage": 5000.5, "months": 1}, "/monthly_wage", "not_a_number"),
    ("wage_arrears", {"monthly_wage": True, "months": 1}, "/monthly_wage", "not_a_number"),
    ("wage_arrears", {"monthly_wage": "1_000", "months": 1}, "/monthly_wage", "not_a_number"),
    ("wage_arrears", {"monthly_wage": "5 000", "months": 1}, "/monthly_wage", "not_a_number"),
    ("wage_arrears", {"monthly_wage": Decimal("NaN"), "months": 1}, "/monthly_wage", "not_a_number"),
    ("wage_arrears", {"monthly_wage": "-1", "months": 1}, "/monthly_wage", "out_of_range"),
    ("wage_arrears", {"monthly_wage": "100000000000.01", "months": 1}, "/monthly_wage", "out_of_range"),
    ("wage_arrears", {"monthly_wage": "1", "months": 1000001}, "/months", "out_of_range"),
    ("wage_arrears", {"monthly_wage": "1.00000000001", "months": 1}, "/monthly_wage", "too_fine"),
    ("wage_arrears", {"monthly_wage": "1", "months": 1, "bonus/extra": "2"}, "/bonus~1extra", "unknown"),
    ("wage_arrears", {"by_month": {"month": "2026-01"}}, "/by_month", "not_a_list"),
    ("wage_arrears", {"by_month": []}, "/by_month", "not_a_list"),
    ("wage_arrears", {"by_month": ["2026-01"]}, "/by_month/0", "not_an_object"),
    ("wage_arrears", {"by_month": [{"month": "2026-1", "payable": 1, "paid": 0}]}, "/by_month/0/month", "not_a_month"),
    ("wage_arrears", {"by_month": [{"month": "2026-13", "payable": 1, "paid": 0}]}, "/by_month/0/month", "not_a_date"),
    ("payment_delay_interest", DELAY | {"until": "2026-02-30"}, "/until", "not_a_date"),
    ("payment_delay_interest", DELAY | {"until": "20260201"}, "/until", "not_a_date"),
    ("payment_delay_interest", DELAY | {"until": "1989-12-31"}, "/until", "not_a_date"),
    ("payment_delay_interest", DELAY | {"until": datetime(2026, 2, 1)}, "/until", "not_a_date"),  # noqa: DTZ001
    ("payment_delay_interest", {"principal": "1", "due_date": "2026-01-01"}, "/until", "missing"),
    ("annual_leave", LEAVE | {"calendar_days_in_year": "1.5"}, "/calendar_days_in_year", "not_whole"),
    ("annual_leave", LEAVE | {"carried_over": "yes"}, "/carried_over", "not_yes_or_no"),
    ("annual_leave", LEAVE | {"exclusion": "laziness"}, "/exclusion", "not_a_choice"),
    ("overtime", {"monthly_wage": "1", "place": " "}, "/place", "not_a_place"),
    ("overtime_by_date", {"monthly_wage": "1", "dates_worked_full_day": ["2026-01-01"] * 2},
     "/dates_worked_full_day", "duplicate"),
    ("overtime_by_date", {"monthly_wage": "1", "dates_worked_full_day": ["2026-01-01", "soon"]},
     "/dates_worked_full_day/1", "not_a_date"),
    ("overtime_by_date", {"monthly_wage": "1", "dates_worked_full_day": "2026-01-01"},
     "/dates_worked_full_day", "not_a_list"),
    ("settlement_ratio", {"agreed_total": "1", "computed": ["1", "one"]}, "/computed/1", "not_a_number"),
    ("settlement_ratio", {"agreed_total": "1", "computed": "1"}, "/computed", "not_a_list"),
    ("settlement_ratio", {"agreed_total": "1", "computed": ["1"] * 1001}, "/computed", "not_a_list"),
    ("annual_leave", LEAVE | {"calendar_days_in_year": "few"}, "/calendar_days_in_year", "not_a_number"),
    ("wage_arrears", {"monthly_wage": "1", "months": 1, "bonus~extra": "2"}, "/bonus~0extra", "unknown"),
    ("overtime", {"monthly_wage": "1", "place": "x" * 101}, "/place", "not_a_place"),
    ("payment_delay_interest", DELAY | {"until": "2201-01-01"}, "/until", "not_a_date"),
    ("economic_compensation", {"avg_monthly_wage": "1", "service": "2026-01-01"}, "/service", "not_a_list"),
    ("economic_compensation", {"avg_monthly_wage": "1", "service": [["2026-01-01"]]}, "/service/0", "not_a_period"),
    ("economic_compensation", {"avg_monthly_wage": "1", "service": ["ab"]}, "/service/0", "not_a_period"),
    ("economic_compensation", {"avg_monthly_wage": "1", "service": ["2026-01-01"]}, "/service/0", "not_a_period"),
    ("economic_compensation", {"avg_monthly_wage": "1", "service": [["2026-01-02", "2026-01-01"]]},
     "/service/0/1", "impossible"),
    ("economic_compensation", {"avg_monthly_wage": "1", "service": [["2026-01-02", "today"]]},
     "/service/0/1", "not_a_date"),
    ("additional_compensation", {"owed": "1", "admin_order": ORDER | {"satisfied": None}},
     "/admin_order/satisfied", "missing"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "inputs", "pointer", "code"), refused_values)
def test_a_value_that_cannot_be_taken_is_named(kind: str, inputs: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(CalculationError) as refused:
        read(kind, inputs)

    assert (refused.value.pointer, refused.value.reason) == (pointer, code)
    assert refused.value.label.zh
    assert refused.value.label.en


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("payment_delay_interest", DELAY | {"due_date": "1990-01-01", "until": "2200-12-31"}),
        ("overtime", {"monthly_wage": "1", "place": "x"}),
        ("overtime", {"monthly_wage": "1", "place": "x" * 100}),
        ("settlement_ratio", {"agreed_total": "1", "computed": ["1"] * 1000}),
        ("economic_compensation", {"avg_monthly_wage": "1", "service": [["2026-01-01", "2026-01-01"]]}),
        ("wage_arrears", {"monthly_wage": "100000000000", "months": 1000000}),
        ("wage_arrears", {"monthly_wage": "0.0000000001", "months": 0}),
    ],
)
def test_a_value_at_the_limit_is_taken(kind: str, inputs: dict[str, Any]) -> None:
    taken = read(kind, inputs)

    assert {name for name in inputs if getattr(taken, name) is None} == set()


def test_a_choice_that_is_none_is_answered_with_those_there_are() -> None:
    with pytest.raises(CalculationError) as refused:
        read("overtime", {"monthly_wage": "1", "system": "none"})

    assert refused.value.label.zh == "应为：standard, comprehensive, flexible"
    assert refused.value.label.en == "one of standard, comprehensive, flexible is expected"


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(CalculationError) as refused:
        read("payment_delay_interest", {"principal": "much", "until": "soon", "colour": "red"})

    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/colour", "unknown"),
        ("/principal", "not_a_number"),
        ("/due_date", "missing"),
        ("/until", "not_a_date"),
    ]


def test_inputs_that_are_no_object_are_refused() -> None:
    values: Any = ["monthly_wage"]

    with pytest.raises(CalculationError) as refused:
        read("overtime", values)

    assert refused.value.reason == "not_an_object"


def test_null_is_the_same_as_absent() -> None:
    inputs = read("double_wage", {"hire_date": date(2026, 1, 5), "monthly_wage": 7000, "signed_date": None})

    assert inputs.signed_date is None
    assert inputs.hire_date == date(2026, 1, 5)


def test_minus_zero_is_zero() -> None:
    assert str(read("wage_arrears", {"monthly_wage": "-0", "months": 1}).monthly_wage) == "0"


def test_inputs_are_kept_as_given_in_the_types_of_json() -> None:
    computed = compute(
        "overtime_by_date",
        {"monthly_wage": Decimal("6525.00"), "dates_worked_full_day": (date(2026, 5, 1),)},
        calendar=official_calendar(),
        figures=shipped_figures(),
    )

    assert computed.inputs == {"monthly_wage": "6525.00", "dates_worked_full_day": ["2026-05-01"]}


def test_a_form_can_be_drawn_from_the_parameters() -> None:
    parameters = {parameter.name: parameter for parameter in CALCULATORS["additional_compensation"].parameters}

    owed, order = parameters["owed"], parameters["admin_order"]

    assert (owed.kind, owed.required, owed.unit and owed.unit.zh) == (ParameterKind.MONEY, True, "元")
    assert [(item.name, item.required) for item in order.items] == [("date", True), ("due", True), ("satisfied", True)]
    assert not order.required


def test_an_input_is_described_by_its_kind_label_and_unit() -> None:
    label = Label("甲", "one")

    parameters = [money("甲", "one"), decimal("甲", "one", MONTHS), day("甲", "one"), flag("甲", "one")]

    assert parameters == [
        Parameter("", ParameterKind.MONEY, required=False, label=label, unit=YUAN),
        Parameter("", ParameterKind.DECIMAL, required=False, label=label, unit=MONTHS),
        Parameter("", ParameterKind.DATE, required=False, label=label),
        Parameter("", ParameterKind.BOOLEAN, required=False, label=label),
    ]


def test_an_input_of_rows_is_described_by_what_each_row_takes() -> None:
    rows = given(ParameterKind.ROWS, "逐月", "by month", row=PaidMonth, choices={"one": Label("一", "one")})

    assert [item.name for item in rows.items] == [parameter.name for parameter in parameters_of(PaidMonth)]
    assert rows.row is PaidMonth
    assert rows.label == Label("逐月", "by month")
    assert rows.choices == {"one": Label("一", "one")}


def test_default_and_choices_stand_in_the_parameter() -> None:
    parameters = {parameter.name: parameter for parameter in CALCULATORS["overtime"].parameters}

    system = parameters["system"]

    assert system.default == "standard"
    assert list(system.choices or {}) == ["standard", "comprehensive", "flexible"]

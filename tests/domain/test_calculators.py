"""Claim items that are worked out somewhere else come out the same here, with their working."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mediation.domain.calculators import (
    CALCULATORS,
    RULE_VERSION,
    CalculationError,
    Result,
    calculators_of,
    compute,
    read,
)
from mediation.domain.calendar import official_calendar
from mediation.domain.claims import CLAIM_CODES
from mediation.domain.local_figures import shipped_figures

CALENDAR = official_calendar()
FIGURES = shipped_figures()
TOLD = json.loads((Path(__file__).parents[1] / "data" / "claims.json").read_text("utf-8"))["cases"]
ARTICLE_40 = {"ground": "article_40"}

# worked examples: kind, inputs, amount, minimum, maximum
WORKED: dict[str, tuple[str, dict[str, Any], str | None, str | None, str | None]] = {
    "N_of_five_years_and_five_months": (
        "economic_compensation",
        {
            "service": [["2021-03-15", "2026-08-31"]],
            "avg_monthly_wage": "8500.00",
            "local_avg_monthly_wage": "9480.00",
        },
        "46750.00",
        None,
        None,
    ),
    "N_capped_in_wage_and_years": (
        "economic_compensation",
        {
            "service": [["2008-07-01", "2026-09-30"]],
            "avg_monthly_wage": "42000.00",
            "local_avg_monthly_wage": "9480.00",
        },
        "341280.00",
        None,
        None,
    ),
    "twice_N": (
        "unlawful_termination",
        {"service": [["2021-03-15", "2026-08-31"]], "avg_monthly_wage": "8500.00"},
        "93500.00",
        None,
        None,
    ),
    "twice_N_on_the_minimum_wage": (
        "unlawful_termination",
        {
            "service": [["2026-02-01", "2026-05-31"]],
            "avg_monthly_wage": "2100.00",
            "min_monthly_wage": "2490.00",
        },
        "2490.00",
        None,
        None,
    ),
    "second_wage_of_a_full_year": (
        "double_wage",
        {"hire_date": "2025-03-10", "monthly_wage": "6000.00", "as_of": "2026-06-30"},
        "66000.00",
        None,
        None,
    ),
    "second_wage_with_a_partial_month": (
        "double_wage",
        {"hire_date": "2026-01-05", "signed_date": "2026-06-15", "monthly_wage": "7000.00"},
        "29931.03",
        "29609.20",
        "29931.03",
    ),
    "overtime_of_three_kinds": (
        "overtime",
        {"monthly_wage": "6525.00", "hours_150": "20", "hours_200": "16", "hours_300": "8"},
        "3225.00",
        None,
        None,
    ),
    "overtime_with_a_compensated_rest_day": (
        "overtime",
        {"monthly_wage": "8000.00", "hours_150": "36", "days_200": "4", "compensated_days": "1"},
        "4689.66",
        None,
        None,
    ),
    "leave_in_the_year_of_leaving": (
        "annual_leave",
        {
            "avg_monthly_wage_excl_overtime": "6525.00",
            "entitlement_days": 10,
            "days_taken": "2",
            "last_day": "2025-08-31",
        },
        "2400.00",
        None,
        None,
    ),
    "leave_in_the_year_of_joining": (
        "annual_leave",
        {
            "avg_monthly_wage_excl_overtime": "7830.00",
            "entitlement_days": 5,
            "first_day": "2026-05-11",
            "last_day": "2026-10-31",
        },
        "1440.00",
        None,
        None,
    ),
    "additional_compensation_after_a_missed_order": (
        "additional_compensation",
        {
            "owed": "24000.00",
            "admin_order": {"date": "2026-07-01", "due": "2026-07-15", "satisfied": False},
        },
        None,
        "12000.00",
        "24000.00",
    ),
    "gap_to_the_minimum_wage": (
        "minimum_wage_gap",
        {"paid": "2200.00", "months": 5, "min_monthly_wage": "2490.00"},
        "1450.00",
        None,
        None,
    ),
    "no_additional_compensation_without_an_order": (
        "additional_compensation",
        {"owed": "1450.00"},
        "0.00",
        None,
        None,
    ),
    "notice_pay": ("notice_pay", {"last_month_wage": "9200.00", **ARTICLE_40}, "9200.00", None, None),
    "notice_pay_beside_N": (
        "economic_compensation",
        {"n": "3.5", "avg_monthly_wage": "8800.00", **ARTICLE_40},
        "30800.00",
        None,
        None,
    ),
    "notice_of_eighteen_days": (
        "notice_pay",
        {"last_month_wage": "9200.00", "notice_days": 18, **ARTICLE_40},
        "9200.00",
        "0.00",
        "9200.00",
    ),
    "unlawful_probation": (
        "probation",
        {"wage_after_probation": "6000.00", "contract_months": "12", "served_months": "3"},
        "6000.00",
        None,
        None,
    ),
    "non_compete_without_agreed_pay": (
        "non_compete",
        {"months": "2", "avg_monthly_wage": "10000.00", "min_monthly_wage": "2490.00"},
        "6000.00",
        None,
        None,
    ),
    "union_officer_back_pay": (
        "union_dismissal",
        {"remedy": "reinstatement", "monthly_wage": "8000.00", "months": "4"},
        "32000.00",
        None,
        None,
    ),
    "union_officer_twice_the_income_and_N": (
        "union_dismissal",
        {
            "remedy": "damages",
            "annual_income": "96000.00",
            "compensation": {"n": "5.5", "avg_monthly_wage": "8000.00"},
        },
        "236000.00",
        None,
        None,
    ),
    "late_payment_of_a_hundred_days": (
        "payment_delay_interest",
        {"principal": "10000.00", "due_date": "2026-06-30", "until": "2026-10-08"},
        "175.00",
        None,
        None,
    ),
}


def result(kind: str, **inputs: Any) -> Result:
    return compute(kind, inputs, calendar=CALENDAR, figures=FIGURES)


def yuan(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told["id"])
def test_a_told_item_comes_out_to_the_fen(told: dict[str, Any]) -> None:
    computed = result(told["kind"], **told["inputs"])

    assert str(computed.amount) == told["amount"]
    assert computed.inputs == told["inputs"]


@pytest.mark.parametrize(("kind", "inputs", "amount", "minimum", "maximum"), WORKED.values(), ids=WORKED.keys())
def test_a_worked_example_comes_out_to_the_fen(
    kind: str, inputs: dict[str, Any], amount: str | None, minimum: str | None, maximum: str | None
) -> None:
    computed = result(kind, **inputs)

    assert computed.amount == yuan(amount)
    assert (computed.minimum, computed.maximum) == (yuan(minimum), yuan(maximum))


def test_n_and_notice_pay_add_up_to_n_plus_one() -> None:
    parts = [result(kind, **inputs) for kind, inputs, *_ in (WORKED["notice_pay"], WORKED["notice_pay_beside_N"])]

    total = sum((part.amount or Decimal(0) for part in parts), Decimal(0))

    assert total == Decimal("40000.00")


def test_unused_leave_is_also_shown_with_the_normal_pay_included() -> None:
    kind, inputs, *_ = WORKED["leave_in_the_year_of_leaving"]

    variants = {variant.rule: variant.amount for variant in result(kind, **inputs).variants}

    assert variants == {"ALM 10": Decimal("3600.00")}


def test_working_of_capped_compensation_can_be_shown_to_the_sides() -> None:
    kind, inputs, *_ = WORKED["N_capped_in_wage_and_years"]

    computed = result(kind, **inputs, ground="layoff")

    assert [line.zh for line in computed.working] == [
        "事由：经济性裁员（《劳动合同法》第41条、第46条(4)）。",
        "工作年限：2008-07-01..2026-09-30，共18年3个月0天，折18.5个月工资（《劳动合同法》第47条(1)）。",
        (
            "平均工资42000.00元高于当地上年度职工月平均工资三倍（9480.00元×3＝28440.00元），按三倍计；"
            "18.5个月，最高12个月，取12个月（《劳动合同法》第47条(2)）。"
        ),
        "28440.00元×12个月＝341280.00元（《劳动合同法》第47条）。",
    ]


def test_working_of_the_second_wage_ends_with_rounding_and_the_disputed_range() -> None:
    kind, inputs, *_ = WORKED["second_wage_with_a_partial_month"]

    computed = result(kind, **inputs)

    assert [line.en.partition(" (")[0].partition(", at most")[0] for line in computed.working] == [
        "Window: 2026-02-05..2026-06-14, within months 2 to 12 of employment",
        "Full months: 4 × 7000.00 = 28000.00 yuan",
        "Partial month: 2026-06-05..2026-06-14, 6 working days × 7000.00 / 21.75 = 1931.0345 yuan",
        "Second wage in all: 29931.0345 yuan",
        "Rounded half up to the fen, once at the end: 29931.03 yuan.",
        "Disputed range: 29609.20 yuan to 29931.03 yuan.",
    ]
    assert computed.working[2].facts["working_days"] == 6


def test_award_within_twelve_minimum_wages_is_final_and_one_fen_more_is_not() -> None:
    within = result(
        "small_amount_test",
        items=[{"claim": "unpaid_wages", "amount": "29880.00"}],
        min_monthly_wage="2490.00",
    )
    above = result(
        "small_amount_test",
        items=[{"claim": "unpaid_wages", "amount": "29880.01"}],
        min_monthly_wage="2490.00",
    )

    assert (within.amount, within.outcome) == (Decimal("29880.00"), "final")
    assert above.outcome == "not_final"


def test_settlement_ratio_has_four_places() -> None:
    computed = result("settlement_ratio", agreed_total="1", computed=["2", "1"])

    assert (computed.amount, computed.ratio) == (None, Decimal("0.3333"))


@pytest.mark.parametrize("kind", CALCULATORS)
def test_each_example_computes_and_explains_itself(kind: str) -> None:
    calculator = CALCULATORS[kind]

    computed = result(kind, **calculator.example)

    assert calculator.kind == computed.kind == kind
    assert computed.working
    assert all(line.zh.endswith("。") and line.en.endswith(".") for line in computed.working)
    assert all(line.zh != line.en for line in computed.working)
    assert all(line.facts["line"] for line in computed.working)
    assert computed.rule_version == RULE_VERSION
    assert computed.calendar_version == CALENDAR.version
    assert computed.figures_version == FIGURES.version
    json.dumps([computed.inputs, [line.facts for line in computed.working]])


@pytest.mark.parametrize("kind", CALCULATORS)
def test_what_an_example_cites_is_among_the_sources_of_its_calculator(kind: str) -> None:
    calculator = CALCULATORS[kind]

    cited = {citation.source for citation in result(kind, **calculator.example).citations}

    assert cited
    assert cited <= {citation.source for citation in calculator.citations}


@pytest.mark.parametrize("kind", CALCULATORS)
def test_each_parameter_has_a_name_for_readers(kind: str) -> None:
    parameters = CALCULATORS[kind].parameters

    assert set(CALCULATORS[kind].example) <= {parameter.name for parameter in parameters}
    assert all(parameter.label.zh and parameter.label.en for parameter in parameters)
    assert set(CALCULATORS[kind].claims) <= set(CLAIM_CODES)


def test_a_claim_finds_its_calculators() -> None:
    assert [row.kind for row in calculators_of("overtime_pay")] == ["overtime", "overtime_by_date"]
    assert calculators_of("reinstatement") == ()


def test_inputs_can_be_read_without_computing() -> None:
    inputs = read("wage_arrears", {"monthly_wage": "5000", "months": 7})

    assert (inputs.monthly_wage, inputs.paid) == (Decimal(5000), Decimal(0))


def test_unknown_kind_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(CalculationError) as refused:
        result("alimony")

    assert (refused.value.pointer, refused.value.reason) == ("/kind", "not_a_choice")
    assert "annual_leave" in refused.value.label.en

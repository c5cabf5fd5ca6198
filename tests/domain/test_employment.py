"""One set of facts of an employment: read strictly, shown to few, and enough to feed every calculator."""

from datetime import date
from typing import Any

import pytest
from tests.builders import build_case

from mediation.domain.calculators import CALCULATORS, compute
from mediation.domain.calculators.economic_compensation import GROUNDS
from mediation.domain.calculators.inputs import parameters_of
from mediation.domain.calculators.notice_pay import GROUNDS as NOTICE_GROUNDS
from mediation.domain.calculators.reading import read_into
from mediation.domain.calendar import official_calendar
from mediation.domain.employment import (
    GROUNDS_OF_END,
    Employment,
    checked,
    employment_of,
    without_wages,
)
from mediation.domain.employment_feeds import FEEDS
from mediation.domain.employment_inputs import inputs_of, named
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.local_figures import shipped_figures

TODAY = date(2026, 11, 23)
PLACE = "示例市"
JOINED = {"joined_on": "2026-01-01"}
FACTS: dict[str, Any] = {
    "joined_on": "2024-03-15",
    "ended_on": "2026-08-31",
    "place": PLACE,
    "ended_how": "article_40",
    "notice_days": 0,
    "contract_kind": "fixed_term",
    "contract_signed_on": "2024-09-01",
    "contract_from": "2024-03-15",
    "contract_to": "2027-03-14",
    "probation_from": "2024-03-15",
    "probation_to": "2024-12-14",
    "hour_system": "standard",
    "monthly_wage": "6525.00",
    "annual_income": "90000.00",
    "wages": [{"month": f"2025-{month:02}", "payable": "7000.00", "overtime": "475.00"} for month in range(7, 13)]
    + [{"month": f"2026-{month:02}", "payable": "7200.00", "paid": "2200.00"} for month in range(1, 9)],
    "earlier_service": [["2022-01-01", "2023-12-31"]],
    "working_years": "8",
    "leave": [{"year": 2026, "days_taken": "1"}],
    "overtime": {"hours_150": "20", "days_200": "2"},
    "worked_dates": ["2026-05-01", "2026-05-02"],
    "non_compete": {"months": "3"},
    "admin_order": {"date": "2026-09-10", "due": "2026-09-25", "satisfied": False},
}


def facts(**changes: Any) -> Employment:
    return read_into(Employment, {name: value for name, value in {**FACTS, **changes}.items() if value is not None})


def told(kind: str, given: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return inputs_of(kind, facts(**changes), given or {}, TODAY)


def refusals(values: dict[str, Any], **case: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInputError) as refused:
        checked(values, case, TODAY)
    return [(error.pointer, error.code) for error in refused.value.errors]


ONLY_GIVEN: dict[str, dict[str, Any]] = {
    "union_dismissal": {"remedy": "damages"},
    "payment_delay_interest": {"principal": "100", "due_date": "2026-01-01", "until": "2026-02-01"},
    "small_amount_test": {"items": [{"claim": "unpaid_wages", "amount": "100"}]},
    "settlement_ratio": {"agreed_total": "50", "computed": ["100"]},
}


@pytest.mark.parametrize("kind", CALCULATORS)
def test_one_set_of_facts_feeds_every_calculator(kind: str) -> None:
    inputs = told(kind, ONLY_GIVEN.get(kind))

    found = compute(kind, inputs, calendar=official_calendar(), figures=shipped_figures())

    assert found.working


@pytest.mark.parametrize("kind", CALCULATORS)
def test_what_feeds_a_calculator_is_among_its_inputs_and_the_facts(kind: str) -> None:
    asked = {parameter.name for parameter in CALCULATORS[kind].parameters}
    known = {parameter.name for parameter in parameters_of(Employment)}

    assert FEEDS[kind].keys() <= asked
    assert {fact for feed in FEEDS[kind].values() for fact in feed.facts} <= known


def test_every_calculator_has_its_feeds() -> None:
    assert FEEDS.keys() == CALCULATORS.keys()


def test_every_ground_of_compensation_is_a_way_to_end() -> None:
    assert GROUNDS_OF_END.keys() == {*GROUNDS, "unlawful"}


def test_service_runs_from_the_first_to_the_last_day_with_what_is_added_up() -> None:
    inputs = told("economic_compensation")

    assert inputs["service"] == [["2022-01-01", "2023-12-31"], ["2024-03-15", "2026-08-31"]]
    assert inputs["ground"] == "article_40"
    assert inputs["place"] == PLACE


def test_the_average_is_over_the_last_twelve_whole_months_before_the_end() -> None:
    inputs = told("economic_compensation", ended_on="2026-08-15", wages=FACTS["wages"][:-1])

    assert inputs["monthly_wages"] == ["7000.00"] * 5 + ["7200.00"] * 7
    assert "avg_monthly_wage" not in inputs


def test_a_month_cut_by_joining_or_leaving_is_not_averaged() -> None:
    rows = [{"month": month, "payable": "5000"} for month in ("2026-03", "2026-04", "2026-05")]

    inputs = told(
        "economic_compensation", joined_on="2026-03-15", ended_on="2026-05-20", wages=rows, earlier_service=None
    )

    assert inputs["monthly_wages"] == ["5000"]


def test_overtime_in_the_average_is_that_of_the_same_months() -> None:
    inputs = told("economic_compensation")

    assert len(inputs["monthly_wages"]) == 12
    assert inputs["avg_overtime_pay"] == "158.3333333333"  # four months of 475 out of twelve


def test_an_average_on_file_outweighs_the_ledger() -> None:
    inputs = told("economic_compensation", avg_monthly_wage="8500.00", avg_overtime_pay="300")

    assert (inputs["avg_monthly_wage"], inputs["avg_overtime_pay"]) == ("8500.00", "300")
    assert "monthly_wages" not in inputs
    assert (
        told("annual_leave", avg_monthly_wage="8500", avg_overtime_pay="300")["avg_monthly_wage_excl_overtime"]
        == "8200"
    )


def test_without_an_end_on_file_there_is_no_service_to_compensate() -> None:
    inputs = told("economic_compensation", ended_on=None)

    assert "service" not in inputs


@pytest.mark.parametrize(
    ("kind", "given", "gone", "kept"),
    [
        ("economic_compensation", {"n": "3"}, "service", "monthly_wages"),
        ("economic_compensation", {"avg_monthly_wage": "9000"}, "monthly_wages", "service"),
        ("wage_arrears", {"months": "2"}, "by_month", "monthly_wage"),
        ("wage_arrears", {"by_month": [{"month": "2026-01", "payable": "2", "paid": "1"}]}, "monthly_wage", "by_month"),
        ("wage_arrears", {}, "monthly_wage", "by_month"),
        ("probation", {"served_months": "4"}, "served_from", "contract_months"),
        ("annual_leave", {"entitlement_days": 10}, "working_years", "days_taken"),
    ],
)
def test_what_is_given_one_way_takes_away_the_other(kind: str, given: dict[str, Any], gone: str, kept: str) -> None:
    inputs = told(kind, given)

    assert gone not in inputs
    assert kept in inputs
    assert inputs.items() >= given.items()


def test_null_takes_a_fact_away() -> None:
    inputs = told("economic_compensation", {"place": None})

    assert inputs["place"] is None


def test_an_unlawful_end_is_no_ground_of_compensation_but_one_of_notice() -> None:
    assert "ground" not in told("economic_compensation", ended_how="unlawful")
    assert told("notice_pay", ended_how="unlawful")["ground"] == "unlawful"


@pytest.mark.parametrize("ground", GROUNDS_OF_END)
def test_a_way_to_end_is_told_in_the_words_of_notice_pay_or_not_at_all(ground: str) -> None:
    found = told("notice_pay", ended_how=ground).get("ground")

    assert found in {None, *NOTICE_GROUNDS}
    assert (found is None) == (ground in {"employer_fault", "resigned", "part_time"})


def test_the_last_month_is_taken_from_the_ledger_else_the_wage_agreed() -> None:
    assert told("notice_pay")["last_month_wage"] == "7200.00"
    assert told("notice_pay", wages=None)["last_month_wage"] == "6525.00"


def test_only_months_worked_in_full_are_held_against_the_minimum_wage() -> None:
    rows = [
        {"month": "2026-01", "payable": "2400", "paid": "2200"},
        {"month": "2026-02", "payable": "1200", "paid": "1200", "in_full": False},
        {"month": "2026-03", "payable": "2400"},
    ]

    assert told("minimum_wage_gap", wages=rows)["by_month"] == [{"month": "2026-01", "paid": "2200"}]
    assert "by_month" not in told("minimum_wage_gap", wages=None)


def test_what_is_owed_is_what_the_ledger_lacks_and_never_less_than_nothing() -> None:
    assert told("additional_compensation")["owed"] == "40000.00"
    assert told("additional_compensation", wages=[{"month": "2026-01", "payable": "1", "paid": "2"}])["owed"] == "0"
    assert "owed" not in told("additional_compensation", wages=None)
    assert "admin_order" not in told("additional_compensation", admin_order=None)


def test_leave_is_that_of_the_year_asked_for_else_of_the_last() -> None:
    leave = [{"year": 2025, "entitlement_days": 10, "days_taken": "3"}, {"year": 2026, "days_taken": "1"}]

    asked = told("annual_leave", {"year": "2025"}, leave=leave)
    last = told("annual_leave", leave=leave)

    assert (asked["entitlement_days"], asked["days_taken"]) == (10, "3")
    assert "working_years" not in asked
    assert (last["year"], last["days_taken"], last["working_years"]) == (2026, "1", "8")
    assert told("annual_leave", leave=None, ended_on=None, wages=None)["year"] == 2026


def test_compensation_besides_the_damages_of_a_union_officer_needs_the_service() -> None:
    assert told("union_dismissal")["compensation"]["service"]
    assert "compensation" not in told("union_dismissal", ended_on=None)


def test_no_hours_at_all_are_missing_and_not_nothing() -> None:
    with pytest.raises(InvalidInputError) as refused:
        told("overtime", overtime=None)

    [error] = refused.value.errors
    assert (error.pointer, error.code) == ("/inputs/hours_150", "missing")
    assert "overtime" in error.text.zh


def test_terms_of_a_contract_without_its_days_are_unknown() -> None:
    assert told("probation")["contract_months"] == 36
    assert "contract_months" not in told("probation", contract_to=None)


def test_a_missing_value_names_the_facts_it_rests_on() -> None:
    text = Label("缺", "missing")
    missing, other = InputError("/hire_date", "missing", text), InputError("/as_of", "missing", text)

    first, second = named("double_wage", [missing, other])

    assert (first.pointer, first.text.en) == (
        "/inputs/hire_date",
        "missing; or put the facts of the employment on file: joined_on",
    )
    assert (second.pointer, second.text) == ("/inputs/as_of", text)
    assert named("double_wage", [InputError("/nonsense", "unknown", text)])[0].text == text


def test_facts_are_kept_as_they_were_given() -> None:
    given = {"joined_on": "2024-03-15", "monthly_wage": "6525.00", "ended_how": None}

    assert checked(given, {}, TODAY) == {"joined_on": "2024-03-15", "monthly_wage": "6525.00"}


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"contract_from": "2026-02-01", "contract_to": "2026-01-31"}, "/contract_to", "impossible"),
        ({"probation_from": "2026-02-01", "probation_to": "2026-01-31"}, "/probation_to", "impossible"),
        ({"wages": [{"month": "2026-01", "payable": "1", "overtime": "2"}]}, "/wages/0/overtime", "impossible"),
        ({"wages": [{"month": "2026-01", "payable": "1"}] * 2}, "/wages/1/month", "duplicate"),
        ({"joined_on": "2026-02-28", "wages": [{"month": "2026-01", "payable": "1"}]}, "/wages/0/month", "impossible"),
        ({"wages": [{"month": "2026-10", "payable": "1"}]}, "/wages/0/month", "impossible"),
        ({"leave": [{"year": 2026}, {"year": 2026}]}, "/leave/1/year", "duplicate"),
        ({**JOINED, "earlier_service": [["2025-01-01", "2026-01-01"]]}, "/earlier_service/0/1", "impossible"),
        ({"joined_on": "2026-10-01"}, "/ended_on", "impossible"),
        ({"monthly_wage": 6525.5}, "/monthly_wage", "not_a_number"),
        ({"wage": "1"}, "/wage", "unknown"),
    ],
)  # fmt: skip
def test_facts_that_cannot_be_are_named(values: dict[str, Any], pointer: str, code: str) -> None:
    assert refusals(values, ended_on="2026-09-30") == [(pointer, code)]


def test_a_first_day_still_to_come_is_refused() -> None:
    assert refusals({"joined_on": "2026-11-24"}) == [("/joined_on", "date_in_future")]


def test_earlier_service_before_the_first_day_is_taken() -> None:
    values = {
        "joined_on": "2026-01-01",
        "earlier_service": [["2025-01-01", "2025-12-31"]],
        "wages": FACTS["wages"][-1:],
    }

    assert checked(values, {"ended_on": "2026-08-01"}, TODAY) == values
    assert checked({"earlier_service": [["2025-01-01", "2025-12-31"]]}, {}, TODAY)


def test_an_employment_takes_its_end_and_place_from_the_case() -> None:
    kept = {"W": {"joined_on": "2024-03-15"}}
    case = build_case(facts={"employment": kept, "ended_on": "2026-06-01", "place_of_performance": "330106"})

    found = employment_of(case, "W")

    assert (found.joined_on, found.ended_on, found.place) == (date(2024, 3, 15), date(2026, 6, 1), "330106")
    assert employment_of(case, "nobody").joined_on is None
    assert employment_of(build_case(), "W") == Employment()


def test_history_keeps_back_the_wages_of_workers_one_may_not_see() -> None:
    wages = {"W": {"monthly_wage": "1"}, "W2": {"monthly_wage": "2"}}
    computed = {"party_id": "W2", "amount_fen": 5}
    changes: list[dict[str, Any]] = [
        {"c": "facts", "k": "employment", "b": None, "a": {"value": wages}},
        {"c": "facts", "k": "employment", "b": {"value": None}, "a": {"value": {"W2": {}}}},
        {"c": "facts", "k": "channel", "b": None, "a": {"value": "walk_in"}},
        {"c": "computations", "k": "c", "b": None, "a": computed},
    ]

    everything = without_wages(changes, frozenset({"W", "W2"}))
    own = without_wages(changes, frozenset({"W"}))

    assert everything[0]["a"] == {"value": wages}
    assert everything[2:] == changes[2:]
    assert own[0]["a"] == {"value": {"W": {"monthly_wage": "1"}}}
    assert (own[1]["b"], own[1]["a"]) == (None, None)
    assert own[2] == changes[2]
    assert own[3] == {"c": "computations", "k": "c", "b": None, "a": None}

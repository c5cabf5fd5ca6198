"""A claim computed on its case: by the right calculator, kept as it was, and stale only for a reason."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.builders import build_claim

from mediation.domain.calculators import calculators_of
from mediation.domain.calculators.reading import read_into
from mediation.domain.calculators.tables import Tables
from mediation.domain.calendar import official_calendar
from mediation.domain.claims import CLAIM_CODES
from mediation.domain.computations import (
    WITHOUT_CALCULATION,
    Compared,
    Computation,
    compare,
    fen_of,
    kind_for,
    label_of,
    result_from,
    result_row,
    stale_because,
    work_out,
)
from mediation.domain.employment import Employment
from mediation.domain.errors import InvalidInputError
from mediation.domain.history import rebuild
from mediation.domain.local_figures import shipped_figures

TODAY = date(2026, 11, 23)
ORDER = {"date": "2026-01-01", "due": "2026-02-01", "satisfied": False}
TABLES = Tables(official_calendar(), shipped_figures())
FACTS = {"joined_on": "2021-03-15", "ended_on": "2026-08-31", "place": "示例市", "avg_monthly_wage": "8500.00"}


def employment(**changes: Any) -> Employment:
    return read_into(Employment, {**FACTS, **changes})


def computed(kind: str = "economic_compensation", given: dict[str, Any] | None = None, **changes: Any) -> Computation:
    values = given or {}
    result = work_out(kind, employment(**changes), values, on=TODAY, tables=TABLES)
    return Computation("c1", "W", kind, values, TODAY, "p1", result)


def refusal(code: str, wanted: str | None = None) -> tuple[str, str]:
    with pytest.raises(InvalidInputError) as refused:
        kind_for(build_claim(code), wanted, None)
    [error] = refused.value.errors
    return error.pointer, error.code


@pytest.mark.parametrize("code", CLAIM_CODES)
def test_every_claim_is_computed_or_says_why_it_is_not(code: str) -> None:
    kinds = [row.kind for row in calculators_of(code)]

    assert bool(kinds) != (code in WITHOUT_CALCULATION)
    if kinds:
        assert kind_for(build_claim(code), None, None) == kinds[0]
    else:
        assert refusal(code) == ("/kind", "no_calculation")


def test_the_calculation_asked_for_goes_before_the_one_made_before_and_that_before_the_first() -> None:
    claim = build_claim("overtime_pay")

    assert kind_for(claim, None, None) == "overtime"
    assert kind_for(claim, None, "overtime_by_date") == "overtime_by_date"
    assert kind_for(claim, "overtime", "overtime_by_date") == "overtime"
    assert kind_for(claim, None, "notice_pay") == "overtime"
    assert refusal("overtime_pay", "notice_pay") == ("/kind", "not_for_this_claim")


def test_a_claim_is_computed_from_the_facts() -> None:
    result = computed().result

    assert result.amount == Decimal("46750.00")
    assert result.inputs["service"] == [["2021-03-15", "2026-08-31"]]


def test_a_missing_figure_says_which() -> None:
    with pytest.raises(InvalidInputError) as refused:
        computed(place="330106")

    [error] = refused.value.errors
    assert (error.pointer, error.code) == ("/inputs/place", "missing_figure")
    assert "330106" in error.text.zh


def test_a_missing_fact_is_pointed_at_and_named() -> None:
    with pytest.raises(InvalidInputError) as refused:
        computed("double_wage", joined_on=None)

    assert [error.pointer for error in refused.value.errors] == ["/inputs/hire_date", "/inputs/monthly_wage"]
    assert "joined_on" in refused.value.errors[0].text.en


def test_an_amount_beyond_reason_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        computed("wage_arrears", {"monthly_wage": "99999999999", "months": "1000000"})

    assert [error.pointer for error in refused.value.errors] == ["/inputs"]


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("economic_compensation", {"avg_overtime_pay": "500"}),
        ("economic_compensation", {"service": [["2001-01-01", "2026-08-31"]], "local_avg_monthly_wage": "2000"}),
        ("additional_compensation", {"owed": "1", "admin_order": ORDER}),
        ("notice_pay", {"ground": "article_40", "last_month_wage": "9200.00", "notice_days": 18}),
    ],
)  # fmt: skip
def test_a_result_read_back_is_the_one_that_was_written(kind: str, given: dict[str, Any]) -> None:
    result = computed(kind, given).result

    assert result_from(result_row(result)) == result


def test_it_stands_while_nothing_changed_whatever_the_day() -> None:
    kept = computed("double_wage", {"monthly_wage": "6000"}, ended_on=None)

    assert stale_because(kept, build_claim("double_wage_no_contract"), employment(ended_on=None), TABLES) == ()


def test_it_is_stale_once_the_facts_are_others_or_not_enough() -> None:
    kept, claim = computed(), build_claim("economic_compensation")

    assert stale_because(kept, claim, employment(avg_monthly_wage="8600.00"), TABLES) == ("facts",)
    assert stale_because(kept, claim, employment(joined_on=None), TABLES) == ("facts",)
    assert stale_because(kept, claim, employment(monthly_wage="1.00"), TABLES) == ()


def test_it_is_stale_once_a_figure_it_took_is_another() -> None:
    kept, claim = computed(), build_claim("economic_compensation")
    row = {"kind": "average_wage", "place": "示例市", "year": 2025, "value": "2000.00", "source": "另行公布"}
    elsewhere = {**row, "place": "330100"}

    changed = Tables(TABLES.calendar, TABLES.figures.with_rows([row]))
    unrelated = Tables(TABLES.calendar, TABLES.figures.with_rows([elsewhere]))

    assert stale_because(kept, claim, employment(), changed) == ("figures",)
    assert stale_because(kept, claim, employment(), unrelated) == ()


def test_it_is_stale_once_the_calendar_counts_its_days_otherwise() -> None:
    given = {"hire_date": "2026-01-05", "signed_date": "2026-06-15", "monthly_wage": "7000"}
    kept = computed("double_wage", given)
    claim = build_claim("double_wage_no_contract")
    before = replace(kept, result=replace(kept.result, working=kept.result.working[:-1], calendar_version="older"))

    assert stale_because(before, claim, employment(), TABLES) == ("calendar",)


def test_it_is_stale_once_the_rules_or_the_claim_are_others() -> None:
    kept, claim = computed(), build_claim("economic_compensation")
    older = replace(kept, result=replace(kept.result, rule_version="2020-01"))

    assert stale_because(older, claim, employment(), TABLES) == ("rules",)
    assert stale_because(kept, build_claim("notice_pay"), employment(), TABLES) == ("claim",)


def test_claimed_agreed_and_awarded_are_set_beside_the_computed_amount() -> None:
    claim = build_claim(amount_fen=5_000_000, agreed_fen=3_500_000)

    found = compare(claim, Decimal("46750.00"))

    assert found["claimed"] == Compared(Decimal("50000.00"), Decimal("3250.00"), Decimal("1.0695"))
    assert found["agreed"] == Compared(Decimal("35000.00"), Decimal("-11750.00"), Decimal("0.7487"))
    assert found["awarded"] is None


def test_nothing_computed_has_no_share_and_no_amount_no_comparison() -> None:
    claim = build_claim(amount_fen=100)

    assert compare(claim, Decimal("0.00"))["claimed"] == Compared(Decimal("1.00"), Decimal("1.00"), None)
    assert compare(claim, None)["claimed"] is None


def test_fen_and_names() -> None:
    assert fen_of(Decimal("46750.05")) == 4_675_005
    assert fen_of(None) is None
    assert label_of("notice_pay").zh == "代通知金"


def test_a_case_rebuilt_from_its_history_has_its_computations_as_rows() -> None:
    first, second = ({"c": "computations", "k": "c1", "b": None, "a": {"amount_fen": fen}} for fen in (1, 2))

    assert rebuild([{"changes": [first]}, {"changes": [second]}])["computations"] == {"c1": {"amount_fen": 2}}

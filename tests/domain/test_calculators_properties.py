"""What holds for any numbers: more service or wage is never less, ranges hold the amount, rounding happens once."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from mediation.domain.calculators import CALCULATORS, Result, compute
from mediation.domain.calculators.months import add_months, months_and_days
from mediation.domain.calculators.result import rounded
from mediation.domain.calculators.small_amount_test import MONTHS_OF_MINIMUM
from mediation.domain.calendar import official_calendar
from mediation.domain.local_figures import shipped_figures

CALENDAR, FIGURES = official_calendar(), shipped_figures()
FEN = Decimal("0.01")

days = st.dates(date(2008, 1, 1), date(2026, 12, 31))
wages = st.decimals(0, 100_000, places=2)
averages = st.decimals(1, 20_000, places=2)
hours = st.decimals(0, 300, places=1)
halves = st.integers(1, 80).map(lambda number: Decimal(number) / 2)


def result(kind: str, **inputs: Any) -> Result:
    return compute(kind, inputs, calendar=CALENDAR, figures=FIGURES)


def amount(kind: str, **inputs: Any) -> Decimal:
    computed = result(kind, **inputs).amount
    assert computed is not None
    return computed


def compensation(first: date, last: date, wage: Decimal, **inputs: Any) -> Decimal:
    return amount("economic_compensation", service=[[first, last]], avg_monthly_wage=wage, **inputs)


@given(first=days, length=st.integers(0, 9000), more=st.integers(0, 900), wage=wages, local=averages)
def test_more_service_is_never_less_compensation(
    first: date, length: int, more: int, wage: Decimal, local: Decimal
) -> None:
    last = first + timedelta(length)

    shorter = compensation(first, last, wage, local_avg_monthly_wage=local)
    longer = compensation(first, last + timedelta(more), wage, local_avg_monthly_wage=local)

    assert shorter <= longer


@given(n=halves, wage=wages, more=wages, floor=averages)
def test_more_wage_is_never_less_compensation(n: Decimal, wage: Decimal, more: Decimal, floor: Decimal) -> None:
    less, greater = (
        amount("economic_compensation", n=n, avg_monthly_wage=each, min_monthly_wage=floor)
        for each in (wage, wage + more)
    )

    assert less <= greater


@given(n=halves, wage=wages, more=wages, local=averages)
def test_more_wage_is_less_only_past_the_cap_beyond_twelve_years(
    n: Decimal, wage: Decimal, more: Decimal, local: Decimal
) -> None:
    assume(n <= 12 or wage > 3 * local or wage + more <= 3 * local)

    less, greater = (
        amount("economic_compensation", n=n, avg_monthly_wage=each, local_avg_monthly_wage=local)
        for each in (wage, wage + more)
    )

    assert less <= greater


@given(n=halves, wage=wages, local=averages, floor=averages)
def test_damages_are_twice_the_compensation_rounded_once(
    n: Decimal, wage: Decimal, local: Decimal, floor: Decimal
) -> None:
    inputs = {"n": n, "avg_monthly_wage": wage, "local_avg_monthly_wage": local, "min_monthly_wage": floor}

    once, twice = amount("economic_compensation", **inputs), amount("unlawful_termination", **inputs)

    assert twice - 2 * once in {Decimal(0), -FEN}
    if n == n.to_integral_value():
        assert twice == 2 * once


@given(hired=days, wage=wages, worked=st.integers(0, 800), signed=st.none() | st.integers(-10, 800))
def test_second_wage_is_never_over_eleven_months(hired: date, wage: Decimal, worked: int, signed: int | None) -> None:
    signed_date = None if signed is None else hired + timedelta(signed)

    computed = result(
        "double_wage",
        hire_date=hired,
        monthly_wage=wage,
        last_day=hired + timedelta(worked),
        signed_date=signed_date,
        as_of=hired + timedelta(900),
    )

    assert computed.amount is not None
    assert 0 <= computed.amount <= 11 * wage
    assert all(variant.amount <= 11 * wage for variant in computed.variants)


@given(hired=days, wage=wages, worked=st.integers(0, 500), more=st.integers(0, 100))
def test_longer_work_without_a_contract_is_never_less(hired: date, wage: Decimal, worked: int, more: int) -> None:
    shorter, longer = (
        amount("double_wage", hire_date=hired, monthly_wage=wage, last_day=hired + timedelta(each))
        for each in (worked, worked + more)
    )

    assert shorter <= longer


@given(wage=wages, one=st.tuples(hours, hours, hours), other=st.tuples(hours, hours, hours))
def test_overtime_is_additive(
    wage: Decimal, one: tuple[Decimal, Decimal, Decimal], other: tuple[Decimal, Decimal, Decimal]
) -> None:
    def pay(worked: tuple[Decimal, Decimal, Decimal]) -> Decimal:
        weekday, rest, holiday = worked
        return amount("overtime", monthly_wage=wage, hours_150=weekday, hours_200=rest, hours_300=holiday)

    both = pay((one[0] + other[0], one[1] + other[1], one[2] + other[2]))

    assert abs(both - pay(one) - pay(other)) <= FEN


@given(wage=wages, weekday=hours, rest=hours, holiday=hours)
def test_overtime_is_rounded_once_from_the_exact_sum(
    wage: Decimal, weekday: Decimal, rest: Decimal, holiday: Decimal
) -> None:
    exact = Fraction(wage) / 174 * (Fraction(weekday) * Fraction(3, 2) + 2 * Fraction(rest) + 3 * Fraction(holiday))

    computed = amount("overtime", monthly_wage=wage, hours_150=weekday, hours_200=rest, hours_300=holiday)

    assert computed == Decimal(int(exact * 100 + Fraction(1, 2))) / 100


@given(months=st.lists(wages, min_size=1, max_size=12), n=halves)
def test_average_of_months_loses_no_half_fen(months: list[Decimal], n: Decimal) -> None:
    exact = sum(map(Fraction, months)) / len(months) * Fraction(n)

    computed = amount("economic_compensation", n=n, monthly_wages=months)

    assert computed == Decimal(int(exact * 100 + Fraction(1, 2))) / 100


@given(
    n=halves,
    wage=wages,
    overtime=wages,
    local=averages,
    factor=st.sampled_from(["economic_compensation", "unlawful_termination"]),
)
def test_a_range_holds_the_amount_and_every_reading(
    n: Decimal, wage: Decimal, overtime: Decimal, local: Decimal, factor: str
) -> None:
    assume(overtime <= wage)

    computed = result(factor, n=n, avg_monthly_wage=wage, avg_overtime_pay=overtime, local_avg_monthly_wage=local)

    held(computed)
    assert {variant.amount for variant in computed.variants} <= {
        computed.amount, computed.minimum, computed.maximum,
    }  # fmt: skip


def held(computed: Result) -> None:
    assert (computed.minimum is None) <= (computed.maximum is None)
    if computed.minimum is not None and computed.amount is not None:
        assert computed.minimum <= computed.amount
        assert computed.maximum is None or computed.amount <= computed.maximum


@given(hired=days, wage=wages, worked=st.integers(0, 500))
def test_a_range_holds_the_second_wage(hired: date, wage: Decimal, worked: int) -> None:
    held(result("double_wage", hire_date=hired, monthly_wage=wage, last_day=hired + timedelta(worked)))


@given(kind=st.sampled_from(sorted(CALCULATORS)))
def test_the_same_inputs_give_the_same_result(kind: str) -> None:
    example = CALCULATORS[kind].example

    assert result(kind, **example) == result(kind, **example)
    held(result(kind, **example))


@given(entitled=st.integers(0, 30), worked=st.integers(0, 366), taken=st.integers(0, 40), wage=wages)
def test_unused_leave_is_never_negative_nor_above_the_entitlement(
    entitled: int, worked: int, taken: int, wage: Decimal
) -> None:
    computed = amount(
        "annual_leave",
        avg_monthly_wage_excl_overtime=wage,
        entitlement_days=entitled,
        calendar_days_in_year=worked,
        days_taken=taken,
    )

    assert 0 <= computed <= rounded(wage * 2 * entitled / Decimal("21.75"))


@given(first=days, length=st.integers(0, 9000))
def test_months_and_days_lead_from_the_first_to_the_last_day(first: date, length: int) -> None:
    last = first + timedelta(length)

    months, rest = months_and_days(first, last)

    assert add_months(first, months) + timedelta(rest) == last + timedelta(1)
    assert 0 <= rest <= 31


@given(value=st.decimals(0, 10**9, places=6))
def test_rounding_is_half_up_to_the_fen(value: Decimal) -> None:
    assert rounded(value) == value.quantize(FEN, ROUND_HALF_UP)


@given(minimum=averages, amounts=st.lists(wages, min_size=1, max_size=5))
def test_award_is_final_exactly_when_no_item_is_above_the_limit(minimum: Decimal, amounts: list[Decimal]) -> None:
    items = [{"claim": "unpaid_wages", "amount": each} for each in amounts]

    computed = result("small_amount_test", items=items, min_monthly_wage=minimum)

    assert (computed.outcome == "final") == (max(amounts) <= MONTHS_OF_MINIMUM * minimum)

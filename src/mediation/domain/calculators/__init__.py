"""The calculators: what each claim item amounts to, with the working, and what may be disputed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.calculators import (
    additional_compensation,
    annual_leave,
    arrears,
    double_wage,
    economic_compensation,
    non_compete,
    notice_pay,
    overtime,
    overtime_by_date,
    payment_delay_interest,
    probation,
    settlement_ratio,
    small_amount_test,
    union_dismissal,
    unlawful_termination,
)
from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import CalculationError, Parameter, ParameterKind
from mediation.domain.calculators.result import RULE_VERSION, Line, Result, Variant
from mediation.domain.calculators.tables import Tables
from mediation.domain.calendar import Calendar
from mediation.domain.labels import Label
from mediation.domain.local_figures import Figures, MissingFigureError

__all__ = [
    "CALCULATORS", "RULE_VERSION", "CalculationError", "Calculator", "Line", "MissingFigureError", "Parameter",
    "ParameterKind", "Result", "Variant", "calculators_of", "compute", "read",
]  # fmt: skip

CALCULATORS: Final[Mapping[str, Calculator]] = MappingProxyType(
    {
        row.kind: row
        for row in (
            economic_compensation.CALCULATOR,
            unlawful_termination.CALCULATOR,
            double_wage.CALCULATOR,
            overtime.CALCULATOR,
            overtime_by_date.CALCULATOR,
            annual_leave.CALCULATOR,
            arrears.ARREARS,
            arrears.MINIMUM_WAGE_GAP,
            additional_compensation.CALCULATOR,
            notice_pay.CALCULATOR,
            probation.CALCULATOR,
            non_compete.CALCULATOR,
            union_dismissal.CALCULATOR,
            payment_delay_interest.CALCULATOR,
            small_amount_test.CALCULATOR,
            settlement_ratio.CALCULATOR,
        )
    }
)


def compute(kind: str, values: Mapping[str, object], *, calendar: Calendar, figures: Figures) -> Result:
    """Compute one item; CalculationError or MissingFigureError says which value or figure is in the way."""
    return _calculator(kind).compute(values, Tables(calendar, figures))


def read(kind: str, values: Mapping[str, object]) -> Any:
    """Read given values into the typed inputs of a kind; CalculationError lists all that cannot be taken."""
    return _calculator(kind).read(values)


def calculators_of(claim: str) -> tuple[Calculator, ...]:
    """List the calculators for a claim code; none where its amount is not computed."""
    return tuple(row for row in CALCULATORS.values() if claim in row.claims)


def _calculator(kind: str) -> Calculator:
    if kind in CALCULATORS:
        return CALCULATORS[kind]
    names = ", ".join(CALCULATORS)
    text = Label(f"没有计算项目{kind}；可选：{names}", f"there is no calculator {kind!r}; there are {names}")
    raise CalculationError("/kind", "not_a_choice", text)

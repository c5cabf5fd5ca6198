"""Dismissal for union work (TUL 53): back pay where the work goes on, else twice the yearly income besides N."""

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.compensation import compensation
from mediation.domain.calculators.inputs import MONTHS, CalculationError, ParameterKind, decimal, given, money
from mediation.domain.calculators.result import Answer, number, several, show
from mediation.domain.calculators.service_and_wage import ServiceAndWage
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Tables
from mediation.domain.labels import Label

BASIS: Final = "TUL 53 (from memory); practice: 法释〔2003〕11号第6条"
INCOMES: Final = 2

REMEDIES: Final = MappingProxyType(
    {
        "reinstatement": Label("恢复工作，补发工资", "the work goes on, with back pay"),
        "damages": Label("不恢复工作，给予年收入二倍赔偿并支付经济补偿", "twice the yearly income, besides N"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionDismissalInputs:
    """The remedy chosen, with what it needs."""

    remedy: Annotated[str, given(ParameterKind.ENUM, "救济方式", "remedy", choices=REMEDIES)]
    monthly_wage: Annotated[Decimal | None, money("被解除前月工资", "monthly wage before the dismissal")] = None
    months: Annotated[Decimal | None, decimal("应补发的月数", "months of back pay", MONTHS)] = None
    annual_income: Annotated[Decimal | None, money("本人年收入", "yearly income")] = None
    compensation: Annotated[
        ServiceAndWage | None,
        given(ParameterKind.OBJECT, "经济补偿的计算条件", "what N is computed from", row=ServiceAndWage),
    ] = None


def work_out(inputs: UnionDismissalInputs, tables: Tables) -> Answer:
    """Give back pay, or N with twice the yearly income on top."""
    sheet = Sheet()
    if inputs.remedy == "reinstatement":
        wage, months = _needed(inputs.monthly_wage, "monthly_wage"), _needed(inputs.months, "months")
        text = Label(
            f"补发工资：{show(wage)}元×{number(months)}个月＝{show(wage * months)}元",
            f"Back pay: {show(wage)} yuan × {several(months, 'month')} = {show(wage * months)} yuan",
        )
        sheet.line("back_pay", text, BASIS, wage=wage, months=months, amount=wage * months)
        return sheet.answer(wage * months)
    return _damages(sheet, inputs, tables)


def _damages(sheet: Sheet, inputs: UnionDismissalInputs, tables: Tables) -> Answer:
    income, about = _needed(inputs.annual_income, "annual_income"), inputs.compensation
    if about is None:
        raise _missing("compensation")
    twice = income * INCOMES
    text = Label(
        f"赔偿金：年收入{show(income)}元×2＝{show(twice)}元",
        f"Damages: yearly income {show(income)} × 2 = {show(twice)} yuan",
    )
    sheet.line("damages", text, BASIS, income=income, amount=twice)
    return compensation(sheet, about, tables, factor=1, split_2008=True, on_top=twice)


def _needed(value: Decimal | None, name: str) -> Decimal:
    if value is None:
        raise _missing(name)
    return value


def _missing(name: str) -> CalculationError:
    text = Label("该救济方式须填写此项", "this remedy needs the value")
    return CalculationError(f"/{name}", "missing", text)


CALCULATOR: Final = Calculator(
    kind="union_dismissal",
    label=Label("因履行工会职责被解除的赔偿", "damages for dismissal for union work"),
    inputs=UnionDismissalInputs,
    basis=f"{BASIS}; LCL 46, 47; LCR 27; AMB-8",
    example=MappingProxyType(
        {
            "remedy": "damages",
            "annual_income": "96000.00",
            "compensation": {"service": [["2021-03-15", "2026-08-31"]], "avg_monthly_wage": "8000.00"},
        }
    ),
    work=work_out,
    claims=("unlawful_termination_damages",),
)

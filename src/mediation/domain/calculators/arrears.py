"""Wages in arrears and the gap to the minimum wage (LL 48, 50; LCL 30, 85)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import (
    MONTHS,
    PLACE,
    YUAN,
    CalculationError,
    ParameterKind,
    decimal,
    given,
    money,
)
from mediation.domain.calculators.result import ZERO, Answer, number, several, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Locality, Tables, needed_minimum_wage
from mediation.domain.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class PayMonth:
    """What was payable for one month and what was paid."""

    month: Annotated[date, given(ParameterKind.MONTH, "月份", "month")]
    payable: Annotated[Decimal, money("应付工资", "wage payable")]
    paid: Annotated[Decimal, money("已付工资", "wage paid")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrearsInputs:
    """A monthly wage over some months with what was paid in all, or each month by itself."""

    monthly_wage: Annotated[Decimal | None, money("月工资", "monthly wage")] = None
    months: Annotated[Decimal | None, decimal("欠薪月数", "months owed", MONTHS)] = None
    paid: Annotated[Decimal, given(ParameterKind.MONEY, "已付总额", "paid in all", unit=YUAN)] = ZERO
    by_month: Annotated[
        tuple[PayMonth, ...] | None, given(ParameterKind.ROWS, "逐月明细", "month by month", row=PayMonth)
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidMonth:
    """What was paid for one month of full attendance."""

    month: Annotated[date, given(ParameterKind.MONTH, "月份", "month")]
    paid: Annotated[Decimal, money("足月出勤已付工资", "paid for full attendance")]


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumWageGapInputs:
    """The same pay over some months, or each month by itself; the minimum wage is given or looked up by month."""

    paid: Annotated[Decimal | None, money("足月出勤每月已付工资", "paid a month for full attendance")] = None
    months: Annotated[Decimal | None, decimal("月数", "months", MONTHS)] = None
    by_month: Annotated[
        tuple[PaidMonth, ...] | None, given(ParameterKind.ROWS, "逐月明细", "month by month", row=PaidMonth)
    ] = None
    min_monthly_wage: Annotated[Decimal | None, money("当地月最低工资标准", "local monthly minimum wage")] = None
    place: Annotated[str | None, PLACE] = None
    on: Annotated[
        date | None,
        given(ParameterKind.DATE, "按地点查询数据的日期", "day on which figures of the place are looked up"),
    ] = None


def work_out_arrears(inputs: ArrearsInputs, tables: Tables) -> Answer:
    """Add up what is payable, less what was paid; nothing is owed back by the worker."""
    sheet = Sheet()
    _one_of(inputs.by_month is not None, inputs.monthly_wage is not None or inputs.months is not None)
    owed = _owed_by_month(sheet, inputs.by_month) if inputs.by_month is not None else _owed_in_all(sheet, inputs)
    if owed < ZERO:
        sheet.warn("已付金额多于应付金额。", "More was paid than payable.", review=True)
    return sheet.answer(max(ZERO, owed))


def work_out_gap(inputs: MinimumWageGapInputs, tables: Tables) -> Answer:
    """Add up, month by month, what the pay for full attendance lacks to the minimum wage."""
    sheet = Sheet()
    _one_of(inputs.by_month is not None, inputs.paid is not None or inputs.months is not None)
    if inputs.by_month is not None:
        return sheet.answer(sum((_gap(sheet, inputs, row, tables) for row in inputs.by_month), ZERO))
    paid, months = _both("paid", inputs.paid, inputs.months)
    where = Locality(inputs.place, inputs.on, "on")
    least = needed_minimum_wage(sheet, inputs.min_monthly_wage, where, tables)
    amount = max(ZERO, least - paid) * months
    text = Label(
        f"最低工资标准{show(least)}元－已付{show(paid)}元＝每月差额{show(max(ZERO, least - paid))}元，×{number(months)}个月＝{show(amount)}元",
        f"Minimum wage {show(least)} - paid {show(paid)} = {show(max(ZERO, least - paid))} yuan a month, × {number(months)} = {show(amount)} yuan",
    )
    sheet.line("gap", text, "LL 48; LCL 85", minimum_wage=least, paid=paid, months=months, amount=amount)
    return sheet.answer(amount)


def _owed_in_all(sheet: Sheet, inputs: ArrearsInputs) -> Decimal:
    wage, months = _both("monthly_wage", inputs.monthly_wage, inputs.months)
    owed = wage * months - inputs.paid
    text = Label(
        f"{show(wage)}元×{number(months)}个月－已付{show(inputs.paid)}元＝{show(owed)}元",
        f"{show(wage)} yuan × {several(months, 'month')} - {show(inputs.paid)} paid = {show(owed)} yuan",
    )
    sheet.line("arrears", text, "LL 50; LCL 30", wage=wage, months=months, paid=inputs.paid, amount=owed)
    return owed


def _owed_by_month(sheet: Sheet, rows: Iterable[PayMonth]) -> Decimal:
    owed = ZERO
    for row in rows:
        rest = row.payable - row.paid
        owed += rest
        text = Label(
            f"{row.month:%Y-%m}：应付{show(row.payable)}元－已付{show(row.paid)}元＝{show(rest)}元",
            f"{row.month:%Y-%m}: {show(row.payable)} payable - {show(row.paid)} paid = {show(rest)} yuan",
        )
        sheet.line("month", text, "LL 50; LCL 30", month=row.month, payable=row.payable, paid=row.paid)
    text = Label(f"欠付合计{show(owed)}元", f"Owed in all: {show(owed)} yuan")
    sheet.line("total", text, "LL 50; LCL 30", amount=owed)
    return owed


def _gap(sheet: Sheet, inputs: MinimumWageGapInputs, row: PaidMonth, tables: Tables) -> Decimal:
    where = Locality(inputs.place, row.month, "on")
    least = needed_minimum_wage(sheet, inputs.min_monthly_wage, where, tables)
    gap = max(ZERO, least - row.paid)
    text = Label(
        f"{row.month:%Y-%m}：最低工资标准{show(least)}元－已付{show(row.paid)}元，差额{show(gap)}元",
        f"{row.month:%Y-%m}: minimum wage {show(least)} - {show(row.paid)} paid, gap {show(gap)} yuan",
    )
    sheet.line("month", text, "LL 48; LCL 85", month=row.month, minimum_wage=least, paid=row.paid, gap=gap)
    return gap


def _one_of(by_month: bool, in_all: bool) -> None:
    if by_month == in_all:
        text = Label("按月总计与逐月明细填写且只填写一种", "give either the months in all or each month by itself")
        raise CalculationError("/by_month", "one_of", text)


def _both(name: str, amount: Decimal | None, months: Decimal | None) -> tuple[Decimal, Decimal]:
    if amount is None or months is None:
        missing = name if amount is None else "months"
        raise CalculationError(f"/{missing}", "missing", Label("金额与月数须同时填写", "amount and months go together"))
    return amount, months


ARREARS: Final = Calculator(
    kind="wage_arrears",
    label=Label("拖欠工资", "wages in arrears"),
    inputs=ArrearsInputs,
    basis="LL 50; LCL 30",
    example=MappingProxyType({"monthly_wage": "5000.00", "months": "7", "paid": "8000.00"}),
    work=work_out_arrears,
    claims=("unpaid_wages",),
)
MINIMUM_WAGE_GAP: Final = Calculator(
    kind="minimum_wage_gap",
    label=Label("低于最低工资标准的差额", "difference to the minimum wage"),
    inputs=MinimumWageGapInputs,
    basis="LL 48; LCL 85",
    example=MappingProxyType({"paid": "2200.00", "months": "5", "min_monthly_wage": "2490.00"}),
    work=work_out_gap,
    claims=("wage_below_minimum",),
)

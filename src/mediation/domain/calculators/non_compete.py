"""Compensation for a non-compete duty kept (LI1 36, 38, 39): as agreed, or 30% of the average wage a month."""

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
    day,
    decimal,
    flag,
    given,
    money,
)
from mediation.domain.calculators.result import ZERO, Answer, number, several, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Locality, Tables, minimum_wage
from mediation.domain.labels import Label

SHARE: Final = Decimal("0.3")
EXTRA_MONTHS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NonCompeteInputs:
    """Months the duty was kept, the pay agreed or the average wage, and what was paid."""

    months: Annotated[Decimal, decimal("已履行竞业限制的月数", "months the duty was kept", MONTHS)]
    agreed_monthly: Annotated[Decimal | None, money("约定的每月补偿", "compensation agreed, a month")] = None
    avg_monthly_wage: Annotated[
        Decimal | None, money("离职前12个月平均工资", "average wage of the 12 months before the end")
    ] = None
    paid: Annotated[Decimal, given(ParameterKind.MONEY, "已付补偿总额", "paid in all", unit=YUAN)] = ZERO
    is_ended_by_employer: Annotated[bool, flag("用人单位在限制期内提出解除", "ended early by the employer")] = False
    min_monthly_wage: Annotated[
        Decimal | None, money("履行地月最低工资标准", "minimum wage of the place of performance")
    ] = None
    place: Annotated[str | None, PLACE] = None
    ended_on: Annotated[date | None, day("劳动合同解除或终止日期", "day the contract ended")] = None


def work_out(inputs: NonCompeteInputs, tables: Tables) -> Answer:
    """Price the months kept, take off what was paid, and add three months where the employer ended the duty."""
    sheet = Sheet()
    monthly = _monthly(sheet, inputs, tables)
    owed = monthly * inputs.months - inputs.paid
    text = Label(
        f"{show(monthly)}元×{number(inputs.months)}个月－已付{show(inputs.paid)}元＝{show(owed)}元",
        f"{show(monthly)} yuan × {several(inputs.months, 'month')} - {show(inputs.paid)} paid = {show(owed)} yuan",
    )
    sheet.line("owed", text, "LI1 36", monthly=monthly, months=inputs.months, paid=inputs.paid, amount=owed)
    if owed < ZERO:
        sheet.warn("已付补偿多于应付补偿。", "More was paid than was due.", review=True)
    elif monthly and owed >= EXTRA_MONTHS * monthly:
        sheet.warn(
            "因用人单位原因三个月未支付补偿的，劳动者可以请求解除竞业限制约定。",
            "Three months unpaid for the employer's reasons: the worker may ask to end the duty (LI1 38).",
        )
    amount = max(ZERO, owed)
    if inputs.is_ended_by_employer:
        extra = EXTRA_MONTHS * monthly
        text = Label(
            f"用人单位提前解除，另付三个月：{show(extra)}元",
            f"Ended early by the employer, three months more: {show(extra)} yuan",
        )
        sheet.line("extra", text, "LI1 39", amount=extra)
        amount += extra
    return sheet.answer(amount)


def _monthly(sheet: Sheet, inputs: NonCompeteInputs, tables: Tables) -> Decimal:
    where = Locality(inputs.place, inputs.ended_on, "ended_on")
    least = minimum_wage(sheet, inputs.min_monthly_wage, where, tables)
    if inputs.agreed_monthly is not None:
        text = Label(
            f"约定每月补偿{show(inputs.agreed_monthly)}元", f"Agreed: {show(inputs.agreed_monthly)} yuan a month"
        )
        sheet.line("agreed", text, "LCL 23", monthly=inputs.agreed_monthly)
        if least is not None and inputs.agreed_monthly < least:
            sheet.warn(
                "约定补偿低于最低工资标准，能否要求补足请核对当地口径。",
                "The compensation agreed is below the minimum wage: check the local view on a top-up.",
                review=True,
            )
        return inputs.agreed_monthly
    return _by_law(sheet, inputs.avg_monthly_wage, least)


def _by_law(sheet: Sheet, average: Decimal | None, least: Decimal | None) -> Decimal:
    if average is None:
        text = Label("未约定补偿的，请填写平均工资", "without an agreed pay the average wage is needed")
        raise CalculationError("/avg_monthly_wage", "missing", text)
    share = average * SHARE
    text = Label(
        f"未约定补偿：平均工资{show(average)}元×30%＝{show(share)}元",
        f"Nothing agreed: {show(average)} yuan × 30% = {show(share)} yuan a month",
    )
    sheet.line("share", text, "LI1 36(1)", average=average, monthly=share)
    if least is None:
        sheet.warn("未提供最低工资标准，未核对下限。", "Without the minimum wage the floor was not checked.")
        return share
    if share < least:
        text = Label(f"低于最低工资标准，按{show(least)}元计", f"Below the minimum wage: {show(least)} yuan are taken")
        sheet.line("floor", text, "LI1 36(2)", monthly=least)
    return max(share, least)


CALCULATOR: Final = Calculator(
    kind="non_compete",
    label=Label("竞业限制补偿", "compensation for a non-compete duty"),
    inputs=NonCompeteInputs,
    basis="LCL 23; LI1 36, 38, 39",
    example=MappingProxyType({"months": "6", "avg_monthly_wage": "20000.00", "min_monthly_wage": "2490.00"}),
    work=work_out,
    claims=("non_compete_compensation",),
)

"""Service and average wage as economic compensation asks for them, counted and averaged."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from mediation.domain.calculators.inputs import (
    MONTHS,
    PLACE,
    CalculationError,
    ParameterKind,
    day,
    decimal,
    given,
    money,
)
from mediation.domain.calculators.result import ZERO, number, several, show
from mediation.domain.calculators.service import HALF, before_2008, describe_periods, length_of, merge, since_2008
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.labels import Label

MONTHS_AVERAGED: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAndWage:
    """Service and wage as economic compensation asks for them."""

    service: Annotated[
        tuple[tuple[date, date], ...] | None,
        given(
            ParameterKind.PERIODS,
            "工作期间（首日、末日均计入；合并计算的多段分列）",
            "periods of service, first and last day worked; several are added up",
        ),
    ] = None
    n: Annotated[
        Decimal | None,
        decimal("补偿月数（已知时代替工作期间）", "months of pay, where known instead of the service", MONTHS),
    ] = None
    avg_monthly_wage: Annotated[
        Decimal | None,
        money("解除或终止前12个月平均应得工资", "average wage payable over the 12 months before the end"),
    ] = None
    monthly_wages: Annotated[
        tuple[Decimal, ...] | None,
        given(
            ParameterKind.MONEYS,
            "解除或终止前各月应得工资（代替平均工资，最多12个月）",
            "wages payable in the months before the end, instead of the average; at most 12",
        ),
    ] = None
    avg_overtime_pay: Annotated[
        Decimal | None, money("平均工资中的月均加班工资", "overtime pay inside the average, a month")
    ] = None
    local_avg_monthly_wage: Annotated[
        Decimal | None, money("当地上年度职工月平均工资", "local average monthly wage of the year before")
    ] = None
    min_monthly_wage: Annotated[Decimal | None, money("当地月最低工资标准", "local monthly minimum wage")] = None
    place: Annotated[str | None, PLACE] = None
    ended_on: Annotated[date | None, day("解除或终止日期", "day the contract ended")] = None


def months_of_pay(sheet: Sheet, inputs: ServiceAndWage, *, split_2008: bool) -> tuple[Decimal, bool]:
    """Count the months of pay, and tell whether service before 2008 was left out."""
    if (inputs.n is None) == (inputs.service is None):
        text = Label("工作期间与补偿月数填写且只填写一项", "give either the periods of service or the months of pay")
        raise CalculationError("/service", "one_of", text)
    if inputs.n is not None:
        return _given_months(sheet, inputs.n), False
    periods = merge(inputs.service or ())
    old = before_2008(periods)
    if old:
        _warn_of_old_service(sheet, describe_periods(old), split_2008=split_2008)
    counted = since_2008(periods) if split_2008 else periods
    length = length_of(counted)
    listed, worth = describe_periods(counted), length.months_of_pay
    if counted:
        text = Label(
            f"工作年限：{listed}，共{length.years}年{length.months}个月{length.days}天，折{number(worth)}个月工资",
            f"Service {listed}: {several(length.years, 'year')}, {several(length.months, 'month')}, {several(length.days, 'day')}, worth {several(worth, 'month')}",
        )
        sheet.line("service", text, "LCL 47(1)" if len(counted) == 1 else "LCL 47(1); LCR 10; LI1 46", months=worth)
    if length.carried:
        sheet.warn(
            "多段工作期间的零头天数按30天折一个月相加，请复核。",
            "Odd days of several periods were added up at 30 days a month: check.",
            review=True,
        )
    return worth, bool(old) and split_2008


def average_of(sheet: Sheet, inputs: ServiceAndWage) -> Decimal:
    """Take the average wage as given, or average the months given."""
    months = inputs.monthly_wages
    if (inputs.avg_monthly_wage is None) == (months is None):
        text = Label("平均工资与各月工资填写且只填写一项", "give either the average wage or the wages by month")
        raise CalculationError("/avg_monthly_wage", "one_of", text)
    if inputs.avg_monthly_wage is not None:
        return inputs.avg_monthly_wage
    wages = months or ()
    if len(wages) > MONTHS_AVERAGED:
        text = Label("最多填写12个月", "at most 12 months are averaged")
        raise CalculationError("/monthly_wages", "too_many", text)
    total, average = sum(wages, ZERO), sum(wages, ZERO) / len(wages)
    text = Label(
        f"平均工资：{show(total)}元÷{len(wages)}个月＝{show(average)}元",
        f"Average wage: {show(total)} yuan / {several(len(wages), 'month')} = {show(average)} yuan",
    )
    sheet.line("average", text, "LCL 47(3); LCR 27", total=total, months=len(wages), average=average)
    if len(wages) < MONTHS_AVERAGED:
        sheet.warn(
            f"只有{len(wages)}个月工资：工作满12个月的应取12个月平均。",
            f"Only {len(wages)} months of wages: after 12 months of work the average is over 12.",
        )
    return average


def _given_months(sheet: Sheet, months: Decimal) -> Decimal:
    if not months or months % HALF:
        text = Label("补偿月数应为0.5的正整数倍", "months of pay come in halves")
        raise CalculationError("/n", "impossible", text)
    text = Label(f"补偿月数按所填{number(months)}个月计", f"Months of pay as given: {number(months)}")
    sheet.line("service", text, "LCL 47(1)", months=months)
    return months


def _warn_of_old_service(sheet: Sheet, listed: str, *, split_2008: bool) -> None:
    if split_2008:
        zh = f"2008年以前的工作期间{listed}适用当时规定，未计入金额，须人工复核。"
        en = f"Service before 2008 ({listed}) is under the rules of its time (LCL 97): not in the amount, for manual review."
    else:
        zh = f"工作期间含2008年以前的{listed}：赔偿金年限自用工之日起算（实施条例第25条），须人工复核。"
        en = f"Service before 2008 ({listed}) is counted, from the first day of work (LCR 25): for manual review."
    sheet.warn(zh, en, review=True)
    text = Label(f"2008年以前的工作期间：{listed}", f"Service before 2008: {listed}")
    sheet.line("service_before_2008", text, "LCL 97(3)", periods=listed)


def end_of(inputs: ServiceAndWage) -> date | None:
    """Tell the day the contract ended: as given, else the last day of service."""
    return inputs.ended_on or (max(last for _, last in inputs.service) if inputs.service else None)


def without_overtime(average: Decimal, overtime: Decimal) -> Decimal:
    """Take overtime pay out of the average (AMB-8)."""
    if overtime > average:
        text = Label("加班工资不能高于平均工资", "overtime pay cannot exceed the average it is part of")
        raise CalculationError("/avg_overtime_pay", "impossible", text)
    return average - overtime

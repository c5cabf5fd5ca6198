"""Overtime pay (LL 44) under the three hour systems, from hours and days already counted."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import (
    DAYS,
    HOURS,
    MONTHS,
    PLACE,
    CalculationError,
    ParameterKind,
    day,
    decimal,
    given,
    money,
)
from mediation.domain.calculators.overtime_pay import (
    CAP_A_MONTH,
    HOURS_A_DAY,
    Hours,
    base_of,
    note_hours,
    pay_for,
)
from mediation.domain.calculators.result import ZERO, Answer, number
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Locality, Tables, minimum_wage
from mediation.domain.labels import Label

STANDARD: Final = "standard"
COMPREHENSIVE: Final = "comprehensive"
FLEXIBLE: Final = "flexible"
SYSTEMS: Final = MappingProxyType(
    {
        STANDARD: Label("标准工时制", "standard hours"),
        COMPREHENSIVE: Label("综合计算工时制", "comprehensive hours"),
        FLEXIBLE: Label("不定时工作制", "flexible hours"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OvertimeInputs:
    """Normal wage and the overtime worked; a day of work is eight hours."""

    monthly_wage: Annotated[Decimal, money("月工资（正常工作时间，不含加班工资）", "monthly wage for normal hours")]
    system: Annotated[str, given(ParameterKind.ENUM, "工时制度", "hour system", choices=SYSTEMS)] = STANDARD
    hours_150: Annotated[Decimal, decimal("延长工作时间", "weekday overtime", HOURS)] = ZERO
    hours_200: Annotated[Decimal, decimal("休息日加班小时", "hours on rest days", HOURS)] = ZERO
    days_200: Annotated[Decimal, decimal("休息日加班天数", "days on rest days", DAYS)] = ZERO
    hours_300: Annotated[Decimal, decimal("法定休假日加班小时", "hours on statutory holidays", HOURS)] = ZERO
    days_300: Annotated[Decimal, decimal("法定休假日加班天数", "days on statutory holidays", DAYS)] = ZERO
    compensated_hours: Annotated[
        Decimal, decimal("已补休的休息日加班小时", "rest-day hours compensated by rest", HOURS)
    ] = ZERO
    compensated_days: Annotated[Decimal, decimal("已补休的休息日加班天数", "rest days compensated by rest", DAYS)] = (
        ZERO
    )
    cycle_hours: Annotated[
        Decimal | None,
        decimal(
            "综合计算周期内实际工时（不含法定休假日）", "hours worked in the cycle, statutory holidays apart", HOURS
        ),
    ] = None
    cycle_norm_hours: Annotated[
        Decimal | None, decimal("综合计算周期内法定标准工时", "normal hours of the cycle", HOURS)
    ] = None
    months: Annotated[Decimal, decimal("所涉月数（用于核对每月36小时上限）", "months covered, for the cap", MONTHS)] = (
        Decimal(1)
    )
    contract_base: Annotated[Decimal | None, money("合同约定的加班工资基数", "overtime base named in the contract")] = (
        None
    )
    min_monthly_wage: Annotated[Decimal | None, money("当地月最低工资标准", "local monthly minimum wage")] = None
    place: Annotated[str | None, PLACE] = None
    on: Annotated[date | None, day("按地点查询数据的日期", "day on which figures of the place are looked up")] = None


def work_out(inputs: OvertimeInputs, tables: Tables) -> Answer:
    """Sort the hours by rate under the hour system, price them once, and again on the contract's base."""
    sheet = Sheet()
    hours = _hours(sheet, inputs)
    where = Locality(inputs.place, inputs.on, "on")
    floor = minimum_wage(sheet, inputs.min_monthly_wage, where, tables)
    paid_days = tables.figures.paid_days(inputs.on).value
    base = base_of(sheet, inputs.monthly_wage, floor, paid_days)
    if inputs.system == FLEXIBLE:
        return _flexible(sheet, hours, base, paid_days)
    amount = note_hours(sheet, hours, base, paid_days)
    if inputs.contract_base is None:
        return sheet.answer(amount)
    other = pay_for(hours, max(inputs.contract_base, floor or ZERO), paid_days)
    sheet.variant(Label("按合同约定的加班工资基数", "on the overtime base named in the contract"), other, "AMB-8")
    return sheet.answer(amount, readings=(other,))


def _hours(sheet: Sheet, inputs: OvertimeInputs) -> Hours:
    holiday = inputs.hours_300 + inputs.days_300 * HOURS_A_DAY
    label = SYSTEMS[inputs.system]
    sheet.line("system", Label(f"工时制度：{label.zh}", f"Hour system: {label.en}"), "LL 39, 44", system=inputs.system)
    if inputs.system == COMPREHENSIVE:
        return Hours(_above_norm(sheet, inputs), ZERO, holiday)
    if inputs.cycle_hours is not None or inputs.cycle_norm_hours is not None:
        text = Label("周期工时只用于综合计算工时制", "hours of a cycle belong to comprehensive hours")
        raise CalculationError("/cycle_hours", "not_in_this_system", text)
    if inputs.hours_150 > CAP_A_MONTH * inputs.months:
        sheet.warn(
            "延长工作时间超过每月36小时上限，加班工资仍应支付，超时安排本身违法。",
            "Weekday overtime is above the cap of 36 hours a month: pay is due all the same, the hours are unlawful (LL 41).",
        )
    return Hours(inputs.hours_150, _rest_hours(sheet, inputs), holiday)


def _rest_hours(sheet: Sheet, inputs: OvertimeInputs) -> Decimal:
    worked = inputs.hours_200 + inputs.days_200 * HOURS_A_DAY
    compensated = inputs.compensated_hours + inputs.compensated_days * HOURS_A_DAY
    if compensated > worked:
        text = Label("补休时间多于休息日加班时间", "more rest was given than rest days were worked")
        raise CalculationError("/compensated_days", "impossible", text)
    if compensated:
        text = Label(
            f"休息日加班{number(worked)}小时，已补休{number(compensated)}小时，余{number(worked - compensated)}小时",
            f"Rest days: {number(worked)} h worked, {number(compensated)} h compensated by rest, {number(worked - compensated)} h left",
        )
        sheet.line("compensated", text, "LL 44", worked=worked, compensated=compensated)
    return worked - compensated


def _above_norm(sheet: Sheet, inputs: OvertimeInputs) -> Decimal:
    if inputs.hours_200 or inputs.days_200:
        text = Label("综合计算工时制不按休息日200%计算", "comprehensive hours know no rate for rest days")
        raise CalculationError("/days_200", "not_in_this_system", text)
    if (inputs.cycle_hours is None) != (inputs.cycle_norm_hours is None):
        missing = "cycle_hours" if inputs.cycle_hours is None else "cycle_norm_hours"
        text = Label("周期实际工时与标准工时须同时填写", "worked and normal hours of the cycle go together")
        raise CalculationError(f"/{missing}", "missing", text)
    if inputs.cycle_hours is None or inputs.cycle_norm_hours is None:
        return inputs.hours_150
    above = max(ZERO, inputs.cycle_hours - inputs.cycle_norm_hours)
    text = Label(
        f"周期内工作{number(inputs.cycle_hours)}小时，标准{number(inputs.cycle_norm_hours)}小时，超出{number(above)}小时",
        f"In the cycle {number(inputs.cycle_hours)} h worked, {number(inputs.cycle_norm_hours)} h normal, {number(above)} h above",
    )
    sheet.line("above_norm", text, "LL 39, 44(1)", worked=inputs.cycle_hours, norm=inputs.cycle_norm_hours)
    return inputs.hours_150 + above


def _flexible(sheet: Sheet, hours: Hours, base: Decimal, paid_days: Decimal) -> Answer:
    """Answer nothing due; some places pay statutory holidays, which is shown beside it."""
    sheet.warn(
        "不定时工作制须经审批；部分地区仍按300%支付法定休假日工资，请核对当地规定。",
        "Flexible hours need approval; some places still pay 300% for statutory holidays: check the local rules.",
        review=True,
    )
    text = Label("不定时工作制一般不支付加班工资", "Flexible hours as a rule carry no overtime pay")
    sheet.line("nothing_due", text, "LL 39 (from memory)", reason=FLEXIBLE)
    if not hours.holiday:
        return sheet.answer(ZERO)
    other = pay_for(Hours(ZERO, ZERO, hours.holiday), base, paid_days)
    sheet.variant(
        Label("法定休假日按300%（部分地区）", "300% on statutory holidays, in some places"), other, "local rules"
    )
    return sheet.answer(ZERO, readings=(other,))


CALCULATOR: Final = Calculator(
    kind="overtime",
    label=Label("加班费", "overtime pay"),
    inputs=OvertimeInputs,
    basis="LL 39, 41, 44, 48; LI1 42; AMB-8; practice: 人社部发〔2025〕2号; local rules",
    example=MappingProxyType({"monthly_wage": "8000.00", "hours_150": "36", "days_200": "4", "compensated_days": "1"}),
    work=work_out,
    claims=("overtime_pay",),
)

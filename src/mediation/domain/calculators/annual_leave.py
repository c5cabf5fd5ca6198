"""Pay for unused annual leave (ALR 5; ALM 10 to 12): whole days due, at twice the daily wage on top of the wage paid."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import (
    DAYS,
    TIMES,
    YEARS,
    CalculationError,
    ParameterKind,
    day,
    decimal,
    flag,
    given,
    money,
)
from mediation.domain.calculators.leave_days import days_due, year_of
from mediation.domain.calculators.limitation_readings import end_of_limitation, note_reading, open_on
from mediation.domain.calculators.result import ZERO, Answer, number, sentence, several, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Tables
from mediation.domain.labels import Label

EXTRA: Final = Decimal(2)
EXCLUSIONS: Final = MappingProxyType(
    {
        "under_twelve_months": Label("连续工作未满12个月", "less than 12 months of continuous work"),
        "school_holidays": Label("寒暑假天数多于年休假", "school holidays longer than the leave"),
        "personal_leave": Label("事假累计20天以上且未扣工资", "20 days or more of paid personal leave"),
        "sick_leave": Label("病假累计达到法定月数", "sick leave of the length the regulations name"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualLeaveInputs:
    """One calendar year: the entitlement, what part of the year was worked here, and the days taken."""

    avg_monthly_wage_excl_overtime: Annotated[
        Decimal,
        money("前12个月剔除加班工资后的月平均工资", "average monthly wage of the 12 months before, without overtime"),
    ]
    entitlement_days: Annotated[
        int | None, given(ParameterKind.INTEGER, "全年应休天数", "days of leave a year", unit=DAYS)
    ] = None
    working_years: Annotated[
        Decimal | None, decimal("累计工作年限（代替应休天数）", "total working years, instead of the days", YEARS)
    ] = None
    days_taken: Annotated[Decimal, decimal("当年已休天数", "days already taken", DAYS)] = ZERO
    calendar_days_in_year: Annotated[
        int | None,
        given(
            ParameterKind.INTEGER, "当年在本单位的日历天数", "calendar days with this employer in the year", unit=DAYS
        ),
    ] = None
    year: Annotated[int | None, given(ParameterKind.INTEGER, "年度", "calendar year of the leave")] = None
    first_day: Annotated[date | None, day("入职日期", "first day with this employer")] = None
    last_day: Annotated[date | None, day("离职日期（仍在职则空）", "last day with this employer, if it has ended")] = (
        None
    )
    extra_multiplier: Annotated[
        Decimal, decimal("另付倍数（法定为2，福利年休假从约定）", "multiple paid on top: 2 by law", TIMES)
    ] = EXTRA
    refused_in_writing: Annotated[
        bool, flag("劳动者因本人原因书面提出不休", "the worker gave leave up in writing for own reasons")
    ] = False
    exclusion: Annotated[
        str | None,
        given(ParameterKind.ENUM, "不享受当年年休假的情形", "reason why no leave is due", choices=EXCLUSIONS),
    ] = None
    carried_over: Annotated[bool, flag("经同意跨一个年度安排", "carried over to the next year by consent")] = False
    as_of: Annotated[date | None, day("判断时效的日期", "day on which limitation is judged")] = None


def work_out(inputs: AnnualLeaveInputs, tables: Tables) -> Answer:
    """Count whole days due, price them once, and show both readings of limitation (AMB-6)."""
    sheet = Sheet()
    if inputs.exclusion is not None:
        label = EXCLUSIONS[inputs.exclusion]
        text = Label(f"{label.zh}：不享受当年年休假", f"No leave this year: {label.en}")
        return sheet.nothing_due(text, "ALR 3, 4; ALM 3", reason=inputs.exclusion)
    if inputs.refused_in_writing:
        text = Label("劳动者书面提出不休的，只支付正常工资", "Leave given up in writing: only normal pay is due")
        return sheet.nothing_due(text, "ALM 10(2)", reason="refused_in_writing")
    due = days_due(sheet, inputs)
    last_day = inputs.last_day
    amount = _price(sheet, inputs, due, tables.figures.paid_days(last_day).value)
    sheet.warn(
        "未休年休假工资报酬的时效存在一般时效和劳动报酬时效两种观点（AMB-6），不据此拒绝请求。",
        "Limitation of this pay is disputed, general or as for remuneration (AMB-6): never a ground to turn it away.",
    )
    if inputs.as_of is not None:
        _limitation(sheet, inputs, inputs.as_of, amount, tables)
    return sheet.answer(amount)


def _price(sheet: Sheet, inputs: AnnualLeaveInputs, due: Decimal, paid_days: Decimal) -> Decimal:
    wage, times = inputs.avg_monthly_wage_excl_overtime, inputs.extra_multiplier
    amount, daily = wage * due * times / paid_days, wage / paid_days
    text = Label(
        f"日工资{show(wage)}元÷{number(paid_days)}天＝{show(daily)}元；{show(daily)}元×{number(due)}天×{number(times * 100)}%＝{show(amount)}元",
        f"Daily wage {show(wage)} / {number(paid_days)} = {show(daily)} yuan; {show(daily)} × {several(due, 'day')} × "
        f"{number(times * 100)}% = {show(amount)} yuan",
    )
    sheet.line(
        "total", text, "ALR 5(3); ALM 10, 11", wage=wage, paid_days=paid_days, days=due, multiplier=times, amount=amount
    )
    if times == EXTRA:
        text = Label("按300%口径（含已付正常工资）", "the 300% view, normal pay already paid included")
        sheet.variant(text, wage * due * (times + 1) / paid_days, "ALM 10")
    return amount


def _limitation(sheet: Sheet, inputs: AnnualLeaveInputs, as_of: date, amount: Decimal, tables: Tables) -> None:
    """Judge the general year from the last day the leave could be taken, and the wage rule from the end of employment."""
    year, left = year_of(inputs), inputs.last_day
    if year is None:
        text = Label("判断时效须填写年度或入离职日期", "limitation needs the year, or the days of joining or leaving")
        raise CalculationError("/year", "missing", text)
    takeable = date(year + inputs.carried_over, 12, 31)
    basis = takeable if left is None else min(takeable, left)
    calendar = tables.calendar
    note_reading(
        sheet,
        Label("一般时效，自最后可安排休假之日起算", "general limitation from the last day the leave could be taken"),
        amount=open_on(calendar, [(basis, amount)], as_of),
        ends=[end_of_limitation(calendar, basis)],
        as_of=as_of,
        basis="AMB-6",
    )
    name = Label("劳动报酬时效", "limitation as for remuneration")
    if left is not None:
        still_open = open_on(calendar, [(left, amount)], as_of)
        ends = [end_of_limitation(calendar, left)]
        note_reading(sheet, name, amount=still_open, ends=ends, as_of=as_of, basis="AMB-6")
        return
    text = Label(f"{name.zh}：劳动关系存续，不受一年限制", f"{sentence(name.en)}: no end while employed")
    sheet.line("limitation", text, "LDMAL 27(4); AMB-6", amount=amount, as_of=as_of)
    sheet.variant(Label(f"{name.zh}，仍在时效内", f"{name.en}, still open"), amount, "AMB-6")


CALCULATOR: Final = Calculator(
    kind="annual_leave",
    label=Label("未休年休假工资报酬", "pay for unused annual leave"),
    inputs=AnnualLeaveInputs,
    basis="ALR 3, 4, 5; ALM 3, 5, 10, 11, 12; LDMAL 27; AMB-6",
    example=MappingProxyType(
        {
            "avg_monthly_wage_excl_overtime": "7830.00",
            "working_years": "6",
            "first_day": "2026-05-11",
            "last_day": "2026-10-31",
            "as_of": "2026-11-22",
        }
    ),
    work=work_out,
    claims=("annual_leave_pay",),
)

"""Overtime pay from the dates worked: each whole day gets its rate from the official calendar."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import CalculationError, ParameterKind, given, money
from mediation.domain.calculators.overtime_pay import HOURS_A_DAY, Hours, base_of, note_hours
from mediation.domain.calculators.result import ZERO, Answer
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Tables
from mediation.domain.calendar import Calendar
from mediation.domain.labels import Label
from mediation.domain.notices import statutory_days

HOLIDAY: Final = "statutory_holiday"
REST_DAY: Final = "rest_day"
WORKING_DAY: Final = "working_day"
_LINES: Final = (
    (HOLIDAY, "法定休假日", "Statutory holidays", "LL 44(3)"),
    (REST_DAY, "休息日（含调休放假日）", "Rest days, transferred ones included", "LL 44(2)"),
    (WORKING_DAY, "工作日（不计加班费）", "Working days, no overtime pay", "LL 44"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OvertimeByDateInputs:
    """Days worked in full under standard hours, and the rest days among them compensated by rest."""

    monthly_wage: Annotated[Decimal, money("月工资（正常工作时间，不含加班工资）", "monthly wage for normal hours")]
    dates_worked_full_day: Annotated[
        tuple[date, ...], given(ParameterKind.DATES, "全天工作的日期", "days worked in full")
    ]
    compensated_dates: Annotated[
        tuple[date, ...], given(ParameterKind.DATES, "其中已安排补休的日期", "those compensated by rest")
    ] = ()
    min_monthly_wage: Annotated[Decimal | None, money("当地月最低工资标准", "local monthly minimum wage")] = None


def work_out(inputs: OvertimeByDateInputs, tables: Tables) -> Answer:
    """Sort the days by the calendar, leave out compensated rest days, and price the rest."""
    sheet, calendar = Sheet(), tables.calendar
    days = sorted(inputs.dates_worked_full_day)
    compensated = _compensated(sheet, inputs, calendar)
    kinds = {kind: [each for each in days if kind_of(calendar, each) == kind] for kind, *_ in _LINES}
    for kind, zh, en, basis in _LINES:
        if kinds[kind]:
            listed = ", ".join(each.isoformat() for each in kinds[kind])
            sheet.line(kind, Label(f"{zh}：{listed}", f"{en}: {listed}"), basis, days=listed)
    if any(calendar.is_provisional(each) for each in days):
        sheet.warn(
            "所涉年度的放假安排尚未载入，日期性质为暂定。",
            "The notice on days off is not loaded for a year: the kinds of days are provisional.",
        )
    rest = [each for each in kinds[REST_DAY] if each not in compensated]
    hours = Hours(ZERO, Decimal(HOURS_A_DAY * len(rest)), Decimal(HOURS_A_DAY * len(kinds[HOLIDAY])))
    paid_days = tables.figures.paid_days(days[-1]).value
    base = base_of(sheet, inputs.monthly_wage, inputs.min_monthly_wage, paid_days)
    return sheet.answer(note_hours(sheet, hours, base, paid_days))


def kind_of(calendar: Calendar, day: date) -> str:
    """Tell a festival day itself from a day off and a working day; a transferred day off is a rest day."""
    if day in statutory_days(day.year):
        return HOLIDAY
    return WORKING_DAY if calendar.is_working_day(day) else REST_DAY


def _compensated(sheet: Sheet, inputs: OvertimeByDateInputs, calendar: Calendar) -> set[date]:
    """Check the days said to be compensated: each was worked, and only a rest day can be."""
    for number, each in enumerate(inputs.compensated_dates):
        if each not in inputs.dates_worked_full_day:
            text = Label("该日未列为工作日期", "this day is not among the days worked")
            raise CalculationError(f"/compensated_dates/{number}", "impossible", text)
        if kind_of(calendar, each) == HOLIDAY:
            sheet.warn(
                f"{each.isoformat()}为法定休假日，不能以补休代替加班费。",
                f"{each.isoformat()} is a statutory holiday: rest does not replace the pay.",
            )
    listed = ", ".join(each.isoformat() for each in sorted(inputs.compensated_dates))
    if listed:
        sheet.line("compensated", Label(f"已补休：{listed}", f"Compensated by rest: {listed}"), "LL 44", days=listed)
    return set(inputs.compensated_dates)


CALCULATOR: Final = Calculator(
    kind="overtime_by_date",
    label=Label("按日期计算加班费", "overtime pay by date"),
    inputs=OvertimeByDateInputs,
    basis="LL 44, 48; AMB-8; practice: 人社部发〔2025〕2号",
    example=MappingProxyType(
        {"monthly_wage": "6525.00", "dates_worked_full_day": ["2026-05-01", "2026-05-04", "2026-05-09"]}
    ),
    work=work_out,
    claims=("overtime_pay",),
)

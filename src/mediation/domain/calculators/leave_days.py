"""Days of annual leave still due for one calendar year: entitlement, the part of the year, days taken."""

from datetime import date
from decimal import Decimal
from typing import Final, Protocol

from mediation.domain.calculators.inputs import CalculationError
from mediation.domain.calculators.result import ZERO, number
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.labels import Label
from mediation.domain.notices import FIRST_YEAR, LAST_YEAR

DAYS_IN_YEAR: Final = 365
LONGEST_YEAR: Final = 366
_BY_YEARS: Final = ((20, 15), (10, 10), (1, 5))


class LeaveYear(Protocol):
    """What the count needs to know of the inputs."""

    @property
    def entitlement_days(self) -> int | None: ...
    @property
    def working_years(self) -> Decimal | None: ...
    @property
    def days_taken(self) -> Decimal: ...
    @property
    def calendar_days_in_year(self) -> int | None: ...
    @property
    def year(self) -> int | None: ...
    @property
    def first_day(self) -> date | None: ...
    @property
    def last_day(self) -> date | None: ...


def entitlement(working_years: Decimal) -> int:
    """Give the days a year by total working years: 5, 10 or 15, none in the first (ALR 3)."""
    return next((days for years, days in _BY_YEARS if working_years >= years), 0)


def year_of(leave: LeaveYear) -> int | None:
    """Tell the calendar year: as given, else that of leaving, else that of joining."""
    if leave.year is not None:
        if FIRST_YEAR <= leave.year <= LAST_YEAR:
            return leave.year
        raise CalculationError("/year", "impossible", Label("年度超出范围", "the year is out of range"))
    known = leave.last_day or leave.first_day
    return None if known is None else known.year


def days_due(sheet: Sheet, leave: LeaveYear) -> Decimal:
    """Cut the entitlement to the part of the year in whole days, and take off what was taken (ALM 5, 12)."""
    full = _entitlement(sheet, leave)
    worked = _calendar_days(leave)
    part = full if worked is None else min(full, worked * full // DAYS_IN_YEAR)
    if worked is not None:
        exact = number(round(Decimal(worked * full) / DAYS_IN_YEAR, 2))
        text = Label(
            f"当年在本单位{worked}天：{worked}÷365×{full}天＝{exact}，不足一整天不计，应休{part}天",
            f"{worked} days in the year: {worked} / 365 × {full} = {exact}, whole days only: {part}",
        )
        sheet.line("part_of_year", text, "ALM 5, 12", calendar_days=worked, entitlement=full, days=part)
    due = max(ZERO, part - leave.days_taken)
    text = Label(
        f"应休{part}天－已休{number(leave.days_taken)}天＝未休{number(due)}天（多休的不再扣回）",
        f"{part} days due - {number(leave.days_taken)} taken = {number(due)} unused; days taken too many are not recovered",
    )
    sheet.line("days_due", text, "ALR 5; ALM 12", entitled=part, taken=leave.days_taken, days=due)
    return due


def _entitlement(sheet: Sheet, leave: LeaveYear) -> int:
    if (leave.entitlement_days is None) == (leave.working_years is None):
        text = Label("全年应休天数与累计工作年限填写且只填写一项", "give either the days a year or the working years")
        raise CalculationError("/entitlement_days", "one_of", text)
    if leave.entitlement_days is not None:
        return leave.entitlement_days
    years = leave.working_years or ZERO
    days = entitlement(years)
    text = Label(
        f"累计工作{number(years)}年，全年应休{days}天",
        f"{number(years)} working years in all: {days} days a year",
    )
    sheet.line("entitlement", text, "ALR 3", years=years, days=days)
    return days


def _calendar_days(leave: LeaveYear) -> int | None:
    """Count the days of the year with this employer, both ends included; None for the whole year."""
    if leave.calendar_days_in_year is not None:
        if leave.calendar_days_in_year > LONGEST_YEAR:
            text = Label("一年最多366天", "a year has at most 366 days")
            raise CalculationError("/calendar_days_in_year", "impossible", text)
        return leave.calendar_days_in_year
    year = year_of(leave)
    if year is None:
        return None
    first = max(date(year, 1, 1), leave.first_day or date.min)
    last = min(date(year, 12, 31), leave.last_day or date.max)
    if last < first:
        text = Label("入职日期、离职日期与年度不符", "the days of joining and leaving do not meet in the year")
        raise CalculationError("/year", "impossible", text)
    return (last - first).days + 1

"""Pricing of overtime: the hourly wage, the three rates, one line for each."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mediation.domain.calculators.result import ZERO, number, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.labels import Label

HOURS_A_DAY: Final = 8
CAP_A_MONTH: Final = 36

_RATES: Final = (
    ("weekday", "延长工作时间", "weekday overtime", Decimal("1.5"), "LL 44(1)"),
    ("rest_day", "休息日", "rest days", Decimal(2), "LL 44(2)"),
    ("holiday", "法定休假日", "statutory holidays", Decimal(3), "LL 44(3)"),
)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours to be paid, by rate."""

    weekday: Decimal
    rest_day: Decimal
    holiday: Decimal

    @property
    def weighted(self) -> Decimal:
        """The hours, each counted as often as its rate."""
        by_rate = (self.weekday, self.rest_day, self.holiday)
        return sum((hours * row[3] for hours, row in zip(by_rate, _RATES, strict=True)), ZERO)


def base_of(sheet: Sheet, wage: Decimal, floor: Decimal | None, paid_days: Decimal) -> Decimal:
    """Take the normal wage, not below the minimum wage, and write down what an hour of it is."""
    base = wage if floor is None else max(wage, floor)
    if base > wage:
        text = Label(
            f"月工资{show(wage)}元低于最低工资标准，按{show(base)}元计",
            f"The wage of {show(wage)} yuan is below the minimum wage: {show(base)} yuan are taken",
        )
        sheet.line("floor", text, "LL 48; AMB-8", wage=wage, base=base)
    hourly = base / paid_days / HOURS_A_DAY
    text = Label(
        f"小时工资：{show(base)}元÷{number(paid_days)}天÷8小时＝{show(hourly)}元",
        f"Hourly wage: {show(base)} yuan / {number(paid_days)} days / 8 hours = {show(hourly)} yuan",
    )
    sheet.line(
        "hourly_wage", text, "LL 44; practice: 人社部发〔2025〕2号", base=base, paid_days=paid_days, hourly=hourly
    )
    return base


def pay_for(hours: Hours, base: Decimal, paid_days: Decimal) -> Decimal:
    """Price hours on a base, dividing once."""
    return base * hours.weighted / (paid_days * HOURS_A_DAY)


def note_hours(sheet: Sheet, hours: Hours, base: Decimal, paid_days: Decimal) -> Decimal:
    """Write a line for each rate that was worked, and their sum."""
    for (name, zh, en, rate, basis), worked in zip(_RATES, (hours.weekday, hours.rest_day, hours.holiday), strict=True):
        if not worked:
            continue
        pay, percent = base * worked * rate / (paid_days * HOURS_A_DAY), number(rate * 100)
        text = Label(
            f"{zh}：{number(worked)}小时×小时工资×{percent}%＝{show(pay)}元",
            f"{en.capitalize()}: {number(worked)} h × hourly wage × {percent}% = {show(pay)} yuan",
        )
        sheet.line(name, text, basis, hours=worked, rate=rate, amount=pay)
    total = pay_for(hours, base, paid_days)
    text = Label(f"加班费合计{show(total)}元", f"Overtime pay in all: {show(total)} yuan")
    sheet.line("total", text, "LL 44", amount=total)
    return total

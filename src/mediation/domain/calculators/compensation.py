"""The formula of economic compensation: years of service times the average wage, with its floor and its two caps."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mediation.domain.calculators.result import ZERO, Answer, number, several, show
from mediation.domain.calculators.service_and_wage import (
    ServiceAndWage,
    average_of,
    end_of,
    months_of_pay,
    without_overtime,
)
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Locality, Tables, average_wage, minimum_wage
from mediation.domain.labels import Label

MULTIPLE_OF_AVERAGE: Final = 3
MOST_MONTHS: Final = Decimal(12)


@dataclass(frozen=True, slots=True)
class Price:
    """Base and months of pay after the floor and the caps."""

    base: Decimal
    months: Decimal
    is_floored: bool
    is_capped: bool

    @property
    def amount(self) -> Decimal:
        """Base times months."""
        return self.base * self.months


def price(average: Decimal, months: Decimal, *, floor: Decimal | None, local: Decimal | None) -> Price:
    """Raise the average to the minimum wage; cut it to three local averages, and then the months to twelve (LCL 47)."""
    base = average if floor is None else max(average, floor)
    cap = None if local is None else local * MULTIPLE_OF_AVERAGE
    if cap is not None and base > cap:
        return Price(cap, min(months, MOST_MONTHS), is_floored=base > average, is_capped=True)
    return Price(base, months, is_floored=base > average, is_capped=False)


def compensation(
    sheet: Sheet, inputs: ServiceAndWage, tables: Tables, *, factor: int, split_2008: bool, on_top: Decimal = ZERO
) -> Answer:
    """Work out `factor` times the compensation and add what comes `on_top`.

    Service before 2008 is left to a person where `split_2008`: the amount leaves it out, and the range is open upward.
    """
    months, is_partial = months_of_pay(sheet, inputs, split_2008=split_2008)
    average = average_of(sheet, inputs)
    where = Locality(inputs.place, end_of(inputs), "ended_on")
    floor = minimum_wage(sheet, inputs.min_monthly_wage, where, tables)
    local = average_wage(sheet, inputs.local_avg_monthly_wage, where, tables)
    if is_partial and not months:
        return sheet.answer(None)
    priced = price(average, months, floor=floor, local=local)
    _explain(sheet, priced, average, months, local)
    _total(sheet, priced, factor)
    readings = []
    if inputs.avg_overtime_pay:
        without = without_overtime(average, inputs.avg_overtime_pay)
        readings.append(on_top + factor * price(without, months, floor=floor, local=local).amount)
        text = Label("平均工资不计加班工资", "overtime pay left out of the average")
        sheet.variant(text, readings[0], "AMB-8")
    if on_top:
        total = on_top + factor * priced.amount
        text = Label(f"两项合计{show(total)}元", f"Both together: {show(total)} yuan")
        sheet.line("sum", text, "LCL 47", amount=total)
    return sheet.answer(on_top + factor * priced.amount, readings=readings, open_upward=is_partial)


def _explain(sheet: Sheet, priced: Price, average: Decimal, months: Decimal, local: Decimal | None) -> None:
    if priced.is_floored:
        text = Label(
            f"平均工资{show(average)}元低于当地最低工资标准，按最低工资标准计",
            f"The average of {show(average)} yuan is below the local minimum wage, which is taken instead",
        )
        sheet.line("floor", text, "LCR 27", average=average)
    if local is None:
        sheet.warn(
            "未提供当地上年度职工月平均工资，未核对三倍封顶。",
            "Without last year's local average wage the cap of three averages was not checked.",
        )
    elif priced.is_capped:
        text = Label(
            f"平均工资{show(average)}元高于当地上年度职工月平均工资三倍（{show(local)}元×3＝{show(priced.base)}元），"
            f"按三倍计；{number(months)}个月，最高12个月，取{number(priced.months)}个月",
            f"The average of {show(average)} yuan is above three local averages ({show(local)} × 3 = {show(priced.base)} yuan), "
            f"which are taken instead; of {several(months, 'month')} at most 12 count: {number(priced.months)}",
        )
        sheet.line("cap", text, "LCL 47(2)", average=average, cap=priced.base, months=priced.months)
    else:
        text = Label(
            f"平均工资{show(average)}元未超过当地上年度职工月平均工资三倍（{show(local)}元×3），不封顶",
            f"The average of {show(average)} yuan is not above three local averages ({show(local)} × 3): no cap",
        )
        sheet.line("no_cap", text, "LCL 47(2)", average=average, local=local)


def _total(sheet: Sheet, priced: Price, factor: int) -> None:
    twice_zh, twice_en = ("×2", " × 2") if factor > 1 else ("", "")
    amount = factor * priced.amount
    text = Label(
        f"{show(priced.base)}元×{number(priced.months)}个月{twice_zh}＝{show(amount)}元",
        f"{show(priced.base)} yuan × {several(priced.months, 'month')}{twice_en} = {show(amount)} yuan",
    )
    basis = "LCL 87; LCR 25" if factor > 1 else "LCL 47"
    sheet.line("total", text, basis, base=priced.base, months=priced.months, factor=factor, amount=amount)

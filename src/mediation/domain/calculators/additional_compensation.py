"""Additional compensation of 50% to 100% (LCL 85): only after the labour authority ordered payment in vain."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import TIMES, CalculationError, ParameterKind, day, decimal, given, money
from mediation.domain.calculators.result import Answer, number, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Tables
from mediation.domain.labels import Label

LEAST: Final = Decimal("0.5")
MOST: Final = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminOrder:
    """The authority's order to pay by a day."""

    date: Annotated[dt.date, day("责令支付日期", "day of the order")]
    due: Annotated[dt.date, day("责令支付的期限届满日", "day by which it orders payment")]
    satisfied: Annotated[bool, given(ParameterKind.BOOLEAN, "已在期限内支付", "paid within that time")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionalCompensationInputs:
    """What is owed, the order, and the share where it has been fixed."""

    owed: Annotated[Decimal, money("欠付的劳动报酬、加班费、经济补偿或差额", "pay, overtime, compensation or gap owed")]
    admin_order: Annotated[
        AdminOrder | None,
        given(ParameterKind.OBJECT, "劳动行政部门责令限期支付", "order of the labour authority", row=AdminOrder),
    ] = None
    rate: Annotated[Decimal | None, decimal("已确定的比例（0.5至1）", "share, where fixed: 0.5 to 1", TIMES)] = None
    as_of: Annotated[
        dt.date | None, day("判断期限是否已过的日期", "day on which it is judged whether the time has passed")
    ] = None


def work_out(inputs: AdditionalCompensationInputs, tables: Tables) -> Answer:
    """Answer nothing without a missed order, else the range of 50% to 100%, or the share fixed."""
    sheet, order = Sheet(), inputs.admin_order
    if inputs.rate is not None and not LEAST <= inputs.rate <= MOST:
        raise CalculationError("/rate", "impossible", Label("比例为0.5至1", "the share is 0.5 to 1"))
    if order is None:
        text = Label("无劳动行政部门责令限期支付，不加付", "Nothing is added without an order of the labour authority")
        return sheet.nothing_due(text, "LCL 85", reason="no_order")
    _check(order)
    if order.satisfied:
        text = Label(
            f"已在责令期限{order.due.isoformat()}前支付，不加付",
            f"Paid within the time ordered, {order.due.isoformat()}: nothing is added",
        )
        return sheet.nothing_due(text, "LCL 85", reason="satisfied")
    if inputs.as_of is not None and inputs.as_of <= order.due:
        text = Label(
            f"责令支付期限{order.due.isoformat()}尚未届满",
            f"The time ordered, until {order.due.isoformat()}, has not passed",
        )
        return sheet.nothing_due(text, "LCL 85", reason="not_yet_due")
    return _share(sheet, inputs, order)


def _share(sheet: Sheet, inputs: AdditionalCompensationInputs, order: AdminOrder) -> Answer:
    owed, low, high = inputs.owed, inputs.owed * LEAST, inputs.owed * MOST
    text = Label(
        f"责令{order.due.isoformat()}前支付{show(owed)}元，逾期未付，加付50%至100%：{show(low)}元至{show(high)}元",
        f"Ordered to pay {show(owed)} yuan by {order.due.isoformat()}, in vain: 50% to 100% is added, {show(low)} to {show(high)} yuan",
    )
    sheet.line("range", text, "LCL 85; LI1 1(8)", owed=owed, due=order.due, minimum=low, maximum=high)
    if inputs.rate is None:
        return sheet.answer(None, readings=(low, high))
    amount = owed * inputs.rate
    text = Label(
        f"按已确定的比例{number(inputs.rate * 100)}%：{show(amount)}元",
        f"At the share fixed, {number(inputs.rate * 100)}%: {show(amount)} yuan",
    )
    sheet.line("total", text, "LCL 85", rate=inputs.rate, amount=amount)
    return sheet.answer(amount)


def _check(order: AdminOrder) -> None:
    if order.due < order.date:
        text = Label("支付期限早于责令日期", "the time ends before the order")
        raise CalculationError("/admin_order/due", "impossible", text)


CALCULATOR: Final = Calculator(
    kind="additional_compensation",
    label=Label("加付赔偿金", "additional compensation"),
    inputs=AdditionalCompensationInputs,
    basis="LCL 85; LI1 1(8)",
    example=MappingProxyType(
        {
            "owed": "24000.00",
            "admin_order": {"date": "2026-07-01", "due": "2026-07-15", "satisfied": False},
        }
    ),
    work=work_out,
    claims=("additional_compensation_85",),
)

"""The additional interest on late payment under an effective title (CPL 264): a daily rate on the debt still unpaid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import CalculationError, ParameterKind, day, given, money
from mediation.domain.calculators.result import ZERO, Answer, number, several, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Tables, note_figure
from mediation.domain.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A part of the debt paid after the last day."""

    on: Annotated[date, day("付款日期", "day of payment")]
    amount: Annotated[Decimal, money("付款金额", "amount paid")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDelayInputs:
    """The debt under the title, its last day, and the days on which it was paid."""

    principal: Annotated[
        Decimal, money("生效法律文书确定的金钱债务（不含一般利息）", "debt under the title, without interest")
    ]
    due_date: Annotated[date, day("履行期限届满日", "last day for payment")]
    until: Annotated[date, day("计算至（付清日或者查询日）", "computed up to: the day it was paid off, or today")]
    payments: Annotated[
        tuple[Payment, ...], given(ParameterKind.ROWS, "期间内的部分付款", "part payments", row=Payment)
    ] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days during which the same debt was late."""

    first: date
    last: date
    debt: Decimal

    @property
    def days(self) -> int:
        """Both ends included."""
        return (self.last - self.first).days + 1


def work_out(inputs: PaymentDelayInputs, tables: Tables) -> Answer:
    """Add up the days late, each stretch on the debt it had; a payment lowers the debt from the day after."""
    sheet = Sheet()
    sheet.warn(
        "仅适用于生效法律文书（仲裁调解书、裁决书、判决书、司法确认裁定等），未经确认的调解协议不适用。",
        "Only under an effective title (award, judgment, confirmation and the like), not under a mediation agreement alone.",
    )
    payments = _payments(inputs)
    if inputs.until <= inputs.due_date:
        text = Label("履行期限尚未届满", "The last day for payment has not passed")
        return sheet.nothing_due(text, "CPL 264", reason="not_yet_due")
    rate = tables.figures.delay_rate(inputs.until)
    note_figure(sheet, rate, Label("", " of the debt"), number(rate.value))
    debt_days = ZERO
    for stretch in stretches(inputs, payments):
        debt_days += stretch.debt * stretch.days
        interest = stretch.debt * stretch.days * rate.value
        text = Label(
            f"{stretch.first}..{stretch.last}：{show(stretch.debt)}元×{stretch.days}天×{number(rate.value)}＝{show(interest)}元",
            f"{stretch.first}..{stretch.last}: {show(stretch.debt)} yuan × {several(stretch.days, 'day')} × {number(rate.value)} = {show(interest)} yuan",
        )
        sheet.line(
            "stretch", text, "CPL 264", first=stretch.first, last=stretch.last, debt=stretch.debt, days=stretch.days
        )
    amount = debt_days * rate.value
    text = Label(f"加倍部分债务利息合计{show(amount)}元", f"Additional interest in all: {show(amount)} yuan")
    sheet.line("total", text, "CPL 264", amount=amount)
    return sheet.answer(amount)


def stretches(inputs: PaymentDelayInputs, payments: list[Payment]) -> Iterator[Stretch]:
    """Cut the time late at each payment; the debt is paid before its interest."""
    since, debt = date.fromordinal(inputs.due_date.toordinal() + 1), inputs.principal
    for payment in payments:
        if payment.on >= since:
            yield Stretch(since, payment.on, debt)
            since = date.fromordinal(payment.on.toordinal() + 1)
        debt -= payment.amount
    if since <= inputs.until and debt:
        yield Stretch(since, inputs.until, debt)


def _payments(inputs: PaymentDelayInputs) -> list[Payment]:
    for place, each in enumerate(inputs.payments):
        if each.on > inputs.until:
            text = Label("付款日期晚于计算日", "the payment is after the day computed up to")
            raise CalculationError(f"/payments/{place}/on", "impossible", text)
    if sum((each.amount for each in inputs.payments), ZERO) > inputs.principal:
        text = Label("付款合计多于债务", "more was paid than the debt")
        raise CalculationError("/payments", "impossible", text)
    return sorted(inputs.payments, key=lambda each: each.on)


CALCULATOR: Final = Calculator(
    kind="payment_delay_interest",
    label=Label("迟延履行期间加倍部分债务利息", "additional interest on late payment"),
    inputs=PaymentDelayInputs,
    basis="CPL 264; practice: 法释〔2014〕8号第1条",
    example=MappingProxyType(
        {
            "principal": "30000.00",
            "due_date": "2026-06-30",
            "until": "2026-10-08",
            "payments": [{"on": "2026-08-31", "amount": "10000.00"}],
        }
    ),
    work=work_out,
)

"""Amounts still open under two readings of limitation, side by side; limitation is a defence and turns nothing away."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from mediation.domain.calculators.result import ZERO, sentence, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calendar import Calendar, Unit, count
from mediation.domain.labels import Label


def end_of_limitation(calendar: Calendar, basis: date) -> date:
    """Count the year of limitation from the day the claim could be raised, rolled off a day off (LDMAL 27(1))."""
    return count(calendar, basis, 1, Unit.YEAR, roll=True).due


def open_on(calendar: Calendar, items: Iterable[tuple[date, Decimal]], as_of: date) -> Decimal:
    """Add up the items, each with its basis day, whose year is not over."""
    return sum((amount for basis, amount in items if as_of <= end_of_limitation(calendar, basis)), ZERO)


def note_reading(sheet: Sheet, name: Label, *, amount: Decimal, ends: Sequence[date], as_of: date, basis: str) -> None:
    """Write what is open under one reading, with the day or days on which its year ends."""
    days = sorted({day.isoformat() for day in ends})
    span_zh = "至".join(dict.fromkeys((days[0], days[-1])))
    span_en = " to ".join(dict.fromkeys((days[0], days[-1])))
    text = Label(
        f"{name.zh}：时效届满日{span_zh}；截至{as_of.isoformat()}仍在时效内的金额{show(amount)}元（未计中断、中止）",
        f"{sentence(name.en)}: the year ends {span_en}; still open on {as_of.isoformat()}: {show(amount)} yuan "
        "(interruptions and suspensions not counted)",
    )
    sheet.line("limitation", text, f"LDMAL 27; {basis}", ends=days, amount=amount, as_of=as_of)
    sheet.variant(Label(f"{name.zh}，仍在时效内", f"{name.en}, still open"), amount, basis)

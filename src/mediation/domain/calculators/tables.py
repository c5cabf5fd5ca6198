"""The dated tables a formula looks things up in, and the local figures it takes from them or from the inputs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from mediation.domain.calculators.inputs import CalculationError
from mediation.domain.calculators.result import sentence, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calendar import Calendar
from mediation.domain.labels import Label
from mediation.domain.local_figures import FIGURE_LABELS, NATION, Figure, FigureKind, Figures

FIGURE_BASIS: Final[Mapping[FigureKind, str]] = {
    FigureKind.AVERAGE_WAGE: "LCL 47(2)",
    FigureKind.MINIMUM_WAGE: "LL 48",
    FigureKind.DELAY_RATE: "CPL 264; practice: 法释〔2014〕8号第1条",
}


@dataclass(frozen=True, slots=True)
class Tables:
    """The official calendar and the figures on file."""

    calendar: Calendar
    figures: Figures


@dataclass(frozen=True, slots=True)
class Locality:
    """Where and when local figures are looked up; `asks` is the input that is missing when there is no day."""

    place: str | None
    on: date | None
    asks: str


def minimum_wage(sheet: Sheet, own: Decimal | None, where: Locality, tables: Tables) -> Decimal | None:
    """Take the minimum wage as given, or look it up where a place is named; MissingFigureError if not on file."""
    return _local(sheet, own, where, tables.figures.minimum_wage)


def average_wage(sheet: Sheet, own: Decimal | None, where: Locality, tables: Tables) -> Decimal | None:
    """Take last year's local average wage as given, or look it up where a place is named."""
    return _local(sheet, own, where, tables.figures.average_wage)


def needed_minimum_wage(sheet: Sheet, own: Decimal | None, where: Locality, tables: Tables) -> Decimal:
    """Take the minimum wage where nothing can be computed without it."""
    found = minimum_wage(sheet, own, where, tables)
    if found is None:
        text = Label("请填写月最低工资标准或者地点", "give the monthly minimum wage, or a place")
        raise CalculationError("/min_monthly_wage", "missing", text)
    return found


def _local(
    sheet: Sheet, own: Decimal | None, where: Locality, look_up: Callable[[str, date], Figure]
) -> Decimal | None:
    if own is not None or where.place is None:
        return own
    if where.on is None:
        text = Label("按地点查询数据须填写日期", "a place needs a day on which to look up its figures")
        raise CalculationError(f"/{where.asks}", "missing", text)
    figure = look_up(where.place, where.on)
    note_figure(sheet, figure, Label("元", " yuan"), show(figure.value))
    return figure.value


def note_figure(sheet: Sheet, figure: Figure, unit: Label, shown: str) -> None:
    """Write down a figure taken from the file with its source, and warn where nobody has checked it."""
    place = "the country" if figure.place == NATION else figure.place
    label, since = FIGURE_LABELS[figure.kind], figure.since.isoformat()
    text = Label(
        f"{figure.place}{label.zh}（{since}起）：{shown}{unit.zh}，来源：{figure.source}",
        f"{sentence(label.en)} of {place} since {since}: {shown}{unit.en}, source: {figure.source}",
    )
    sheet.line("figure", text, FIGURE_BASIS[figure.kind], kind=str(figure.kind), place=figure.place, value=figure.value)
    if figure.illustrative:
        sheet.warn(
            f"{figure.place}{label.zh}仅为演示数据，不得用于实际案件。",
            f"The {label.en} of {place} only illustrates: not for real cases.",
            review=True,
        )
    elif not figure.verified:
        sheet.warn(f"{figure.place}{label.zh}尚未核实。", f"The {label.en} of {place} is not verified.")

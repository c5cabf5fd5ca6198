"""Figures of money that change with place and time: average and minimum wages, paid days, the rate for late payment."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Final, Self

from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.notices import FIRST_YEAR, LAST_YEAR

NATION: Final = "全国"
LONGEST_TEXT: Final = 200
_DIVISION: Final = re.compile(r"([0-9]{6})(?:[0-9]{3}){0,2}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,10})?")


class FigureKind(StrEnum):
    """What a figure measures: wages are yuan a month, the rate is a share of the debt a day."""

    AVERAGE_WAGE = "average_wage"
    MINIMUM_WAGE = "minimum_wage"
    PAID_DAYS = "paid_days"
    DELAY_RATE = "delay_rate"


FIGURE_LABELS: Final[Mapping[FigureKind, Label]] = {
    FigureKind.AVERAGE_WAGE: Label("职工月平均工资", "average monthly wage"),
    FigureKind.MINIMUM_WAGE: Label("月最低工资标准", "monthly minimum wage"),
    FigureKind.PAID_DAYS: Label("月计薪天数", "paid days a month"),
    FigureKind.DELAY_RATE: Label("迟延履行加倍利息日利率", "daily rate of double interest on late payment"),
}


_PLAUSIBLE: Final[Mapping[FigureKind, tuple[Decimal, Decimal]]] = {
    FigureKind.AVERAGE_WAGE: (Decimal(100), Decimal(100_000)),
    FigureKind.MINIMUM_WAGE: (Decimal(100), Decimal(100_000)),
    FigureKind.PAID_DAYS: (Decimal(15), Decimal(31)),
    FigureKind.DELAY_RATE: (Decimal("0.000001"), Decimal("0.01")),
}
"""Between which values a figure can be right: a yearly wage, or a rate in percent, falls outside."""
NATIONAL: Final = frozenset({FigureKind.PAID_DAYS, FigureKind.DELAY_RATE})
"""Figures that are the same in the whole country."""


class FigureError(InvalidInputError):
    """A row of figures that cannot be loaded; the pointer says which row and value."""

    def __init__(self, pointer: str, code: str, text: Label) -> None:
        super().__init__([InputError(pointer, code, text)])


class MissingFigureError(InvalidInputError):
    """No figure of this kind is on file for the place and the day: load it, or give it with the inputs."""

    def __init__(self, kind: FigureKind, place: str, on: date) -> None:
        label = FIGURE_LABELS[kind]
        text = Label(
            f"缺少{place}（{on}）的{label.zh}：请载入该数据，或在输入中直接填写。",
            f"No {label.en} of {place} is on file for {on}: load it, or give the figure itself.",
        )
        super().__init__([InputError("/place", "missing_figure", text)])
        self.kind, self.place, self.on = kind, place, on


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure in force from `since`, to `until` or to the next one; an average wage measures its calendar year."""

    kind: FigureKind
    place: str
    since: date
    until: date | None
    value: Decimal
    source: str
    verified: bool
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures on file; two sets with the same rows have the same version."""

    version: str
    rows: tuple[Figure, ...] = field(compare=False, repr=False)

    @classmethod
    def of(cls, rows: Iterable[Figure]) -> Self:
        """Make a set of rows; of two for one kind, place and first day the later one counts."""
        kept = {(row.kind, row.place, row.since): row for row in rows}
        return cls(_version(ordered := tuple(kept[key] for key in sorted(kept))), ordered)

    def with_rows(self, rows: Iterable[Mapping[str, object]]) -> Self:
        """Add or replace rows of data; FigureError names the row that cannot be taken."""
        return self.with_figures(parse_figures(rows))

    def with_figures(self, figures: Iterable[Figure]) -> Self:
        """Add or replace figures already read."""
        return self.of((*self.rows, *figures))

    def average_wage(self, place: str, on: date) -> Figure:
        """Find the average wage of the year before `on` (LCL 47); MissingFigureError when it is not on file."""
        return self._find(FigureKind.AVERAGE_WAGE, place, date(on.year - 1, 12, 31))

    def minimum_wage(self, place: str, on: date) -> Figure:
        """Find the monthly minimum wage in force on a day; MissingFigureError when it is not on file."""
        return self._find(FigureKind.MINIMUM_WAGE, place, on)

    def paid_days(self, on: date | None = None) -> Figure:
        """Find the paid days of a month, the latest on file without a day."""
        return self._find(FigureKind.PAID_DAYS, NATION, on or date.max)

    def delay_rate(self, on: date) -> Figure:
        """Find the daily rate of the additional interest on late payment (CPL 264)."""
        return self._find(FigureKind.DELAY_RATE, NATION, on)

    def select(
        self, *, kind: FigureKind | None = None, place: str | None = None, on: date | None = None
    ) -> tuple[Figure, ...]:
        """List figures by kind, place and first day: those that bear on a place, and would be taken for a day.

        On a day the average wage is that of the year before, as in a calculation.
        """
        names = None if place is None else {*_wider_places(place), NATION}
        return tuple(
            row
            for row in self.rows
            if kind in {None, row.kind}
            and (names is None or row.place in names)
            and (on is None or self._counts(row, on))
        )

    def _counts(self, row: Figure, on: date) -> bool:
        day = date(on.year - 1, 12, 31) if row.kind is FigureKind.AVERAGE_WAGE else on
        return self._in_force(row.kind, row.place, day) == row

    def _in_force(self, kind: FigureKind, place: str, on: date) -> Figure | None:
        found = [row for row in self.rows if (row.kind, row.place) == (kind, place) and row.since <= on]
        return found[-1] if found and (found[-1].until is None or on <= found[-1].until) else None

    def _find(self, kind: FigureKind, place: str, on: date) -> Figure:
        for name in _wider_places(place):
            found = self._in_force(kind, name, on)
            if found is not None:
                return found
        raise MissingFigureError(kind, place, on)


def parse_figures(rows: Iterable[Mapping[str, object]], at: str = "") -> tuple[Figure, ...]:
    """Read rows of data; FigureError when one lacks a value, has an impossible one, or comes twice.

    `at` points at the list they stand in.
    """
    read = tuple(_parse(f"{at}/{number}", row) for number, row in enumerate(rows))
    seen: set[tuple[str, str, date]] = set()
    for number, row in enumerate(read):
        if (key := (row.kind, row.place, row.since)) in seen:
            raise FigureError(f"{at}/{number}", "duplicate", Label("同一数据出现两次", "the figure comes twice"))
        seen.add(key)
    return read


def read_file(content: object) -> tuple[Figure, ...]:
    """Read a file of figures, an object with the list `figures`; FigureError says what is wrong with it."""
    rows = content.get("figures") if isinstance(content, Mapping) else None
    if not isinstance(rows, list) or not rows:
        text = Label("应为含非空 figures 列表的对象", "an object with a list `figures` that has entries is expected")
        raise FigureError("/figures", "not_a_list", text)
    return parse_figures(rows, "/figures")


def figure_row(figure: Figure) -> dict[str, object]:
    """Write a figure as the row of data it is read from."""
    row: dict[str, object] = {
        "kind": str(figure.kind),
        "place": figure.place,
        "value": f"{figure.value:f}",
        "source": figure.source,
        "verified": figure.verified,
        "illustrative": figure.illustrative,
    }
    if figure.kind is FigureKind.AVERAGE_WAGE:
        return {**row, "year": figure.since.year}
    return {**row, "since": figure.since.isoformat(), "until": figure.until and figure.until.isoformat()}


@lru_cache(maxsize=1)
def shipped_figures() -> Figures:
    """Read the figures that ship with the package, once; local ones among them only illustrate."""
    entries = (files("mediation.domain") / "figures").iterdir()
    texts = [entry.read_text("utf-8") for entry in entries if entry.name.endswith(".json")]
    return Figures.of(row for text in texts for row in parse_figures(json.loads(text)["figures"]))


def _wider_places(place: str) -> tuple[str, ...]:
    """Name the place, and for a division code the county, the city and the province around it."""
    around = (place[:6], place[:4] + "00", place[:2] + "0000") if _DIVISION.fullmatch(place) else ()
    return tuple(dict.fromkeys((place, *around)))


def _parse(pointer: str, row: object) -> Figure:
    if not isinstance(row, Mapping):
        raise FigureError(pointer, "not_an_object", Label("应为对象", "an object is expected"))
    kind = _kind(pointer, row.get("kind"))
    since, until = _dates(pointer, kind, row)
    return Figure(
        kind=kind,
        place=_place(pointer, kind, row),
        since=since,
        until=until,
        value=_value(f"{pointer}/value", kind, row.get("value")),
        source=_text(pointer, "source", row),
        verified=row.get("verified") is True,
        illustrative=row.get("illustrative") is True,
    )


def _kind(pointer: str, value: object) -> FigureKind:
    if isinstance(value, str) and value in FIGURE_LABELS:
        return FigureKind(value)
    raise FigureError(f"{pointer}/kind", "not_a_choice", Label("没有这种数据", f"one of {', '.join(FigureKind)}"))


def _dates(pointer: str, kind: FigureKind, row: Mapping[str, object]) -> tuple[date, date | None]:
    if kind is FigureKind.AVERAGE_WAGE:
        year = row.get("year")
        if isinstance(year, int) and not isinstance(year, bool) and FIRST_YEAR <= year <= LAST_YEAR:
            return date(year, 1, 1), date(year, 12, 31)
        raise FigureError(f"{pointer}/year", "not_a_year", Label("须写明所属年度", "the year it measures is missing"))
    since = _date(f"{pointer}/since", row.get("since"))
    until = None if row.get("until") is None else _date(f"{pointer}/until", row.get("until"))
    if until is not None and until < since:
        raise FigureError(f"{pointer}/until", "impossible", Label("终止日早于起始日", "it ends before it begins"))
    return since, until


def _date(pointer: str, value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise FigureError(pointer, "not_a_date", Label("应为日期", "a date is expected (YYYY-MM-DD)")) from None


def _place(pointer: str, kind: FigureKind, row: Mapping[str, object]) -> str:
    place = _text(pointer, "place", row)
    if (place == NATION) != (kind in NATIONAL):
        text = Label(
            f"该类数据的地点{'应为' if kind in NATIONAL else '不能是'}“{NATION}”",
            f"a figure of this kind {'is' if kind in NATIONAL else 'is never'} that of the whole country ({NATION})",
        )
        raise FigureError(f"{pointer}/place", "not_of_this_kind", text)
    return place


def _text(pointer: str, key: str, row: Mapping[str, object]) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise FigureError(f"{pointer}/{key}", "missing", Label(f"{key} 不能为空", f"{key} is missing"))
    if len(value) > LONGEST_TEXT or not value.strip().isprintable():
        text = Label(
            f"最多{LONGEST_TEXT}个字，不含控制字符",
            f"at most {LONGEST_TEXT} characters, none of them a control character",
        )
        raise FigureError(f"{pointer}/{key}", "text_length", text)
    return value.strip()


def _value(pointer: str, kind: FigureKind, value: object) -> Decimal:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value) or not Decimal(value):
        raise FigureError(
            pointer, "not_a_number", Label("应为文本形式的正数", "a positive number is expected, as text")
        )
    low, high = _PLAUSIBLE[kind]
    if not low <= Decimal(value) <= high:
        label, least, most = FIGURE_LABELS[kind], f"{low:f}", f"{high:f}"
        text = Label(
            f"{label.zh}应在{least}至{most}之间，请核对单位",
            f"{label.en} lies between {least} and {most}: check the unit",
        )
        raise FigureError(pointer, "implausible", text)
    return Decimal(value)


def _version(rows: tuple[Figure, ...]) -> str:
    listed = [[str(row.kind), row.place, str(row.since), str(row.until), str(row.value)] for row in rows]
    return f"figures-{sha256(json.dumps(listed).encode()).hexdigest()[:8]}"

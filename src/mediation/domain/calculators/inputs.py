"""What a calculator asks for: typed parameters with their labels, from which schemas and forms are drawn."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from enum import StrEnum
from functools import cache
from typing import Final, get_type_hints

from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label


class ParameterKind(StrEnum):
    """The shape of a value; money and decimals are text, a period is a pair of days both worked."""

    DATE = "date"
    MONTH = "month"
    MONEY = "money"
    DECIMAL = "decimal"
    INTEGER = "int"
    BOOLEAN = "bool"
    PLACE = "place"
    ENUM = "enum"
    DATES = "dates"
    MONEYS = "moneys"
    PERIODS = "periods"
    OBJECT = "object"
    ROWS = "rows"


YUAN: Final = Label("元", "yuan")
DAYS: Final = Label("天", "days")
HOURS: Final = Label("小时", "hours")
MONTHS: Final = Label("个月", "months")
YEARS: Final = Label("年", "years")
TIMES: Final = Label("倍", "times")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value a calculator takes; `choices` belong to an enum, `items` to an object or to each of several rows."""

    name: str
    kind: ParameterKind
    required: bool
    label: Label
    unit: Label | None = None
    choices: Mapping[str, Label] | None = None
    items: tuple["Parameter", ...] = ()
    row: type | None = field(default=None, repr=False)
    default: object = None


class CalculationError(InvalidInputError):
    """A value is missing, unreadable or impossible: `pointer` names the first, `errors` lists all that were found."""

    def __init__(self, pointer: str, code: str, text: Label, *further: InputError) -> None:
        super().__init__([InputError(pointer, code, text), *further])
        self.pointer, self.reason, self.label = pointer, code, text


def given(
    kind: ParameterKind,
    zh: str,
    en: str,
    *,
    unit: Label | None = None,
    choices: Mapping[str, Label] | None = None,
    row: type | None = None,
) -> Parameter:
    """Describe an input, as the annotation of its field; a field without a default must be given."""
    items = () if row is None else parameters_of(row)
    return Parameter("", kind, required=False, label=Label(zh, en), unit=unit, choices=choices, items=items, row=row)


def money(zh: str, en: str) -> Parameter:
    """Describe an amount in yuan."""
    return given(ParameterKind.MONEY, zh, en, unit=YUAN)


def day(zh: str, en: str) -> Parameter:
    """Describe a date in Asia/Shanghai."""
    return given(ParameterKind.DATE, zh, en)


def flag(zh: str, en: str) -> Parameter:
    """Describe a yes or no."""
    return given(ParameterKind.BOOLEAN, zh, en)


def decimal(zh: str, en: str, unit: Label) -> Parameter:
    """Describe a count that may have a fraction."""
    return given(ParameterKind.DECIMAL, zh, en, unit=unit)


@cache
def parameters_of(inputs: type) -> tuple[Parameter, ...]:
    """List the parameters a dataclass of inputs describes, in order."""
    hints = get_type_hints(inputs, include_extras=True)
    return tuple(
        replace(
            hints[each.name].__metadata__[0],
            name=each.name,
            required=each.default is MISSING,
            default=None if each.default is MISSING else each.default,
        )
        for each in fields(inputs)
    )


PLACE: Final = given(
    ParameterKind.PLACE,
    "劳动合同履行地（名称或六位行政区划代码）",
    "place of performance, by name or six-digit division code",
)
"""Where local figures are looked up."""

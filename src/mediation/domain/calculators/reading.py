"""Reading given values strictly into the typed inputs of a calculator: exact numbers, real dates, nothing unknown."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar, cast

from mediation.domain.calculators.inputs import CalculationError, Parameter, ParameterKind, parameters_of
from mediation.domain.errors import InputError
from mediation.domain.labels import Label
from mediation.domain.notices import FIRST_YEAR, LAST_YEAR

Inputs = TypeVar("Inputs")

LARGEST: Final = Decimal(10**6)
MOST_MONEY: Final = Decimal(10**11)
SMALLEST: Final = Decimal("1e-10")
LONGEST_LIST: Final = 1000
LONGEST_TEXT: Final = 100
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?")


def read_into(inputs: type[Inputs], values: object, pointer: str = "") -> Inputs:
    """Read a mapping into a dataclass of inputs; CalculationError lists every value that is missing or impossible.

    An absent value and null are the same. Numbers are text or whole: a binary fraction is not exact and is not taken.
    """
    if not isinstance(values, Mapping):
        raise CalculationError(pointer, "not_an_object", Label("应为对象", "an object is expected"))
    parameters = parameters_of(cast("type", inputs))
    problems = _unknown(values, {parameter.name for parameter in parameters}, pointer)
    read: dict[str, Any] = {}
    for parameter in parameters:
        try:
            _take(parameter, values.get(parameter.name), pointer, read)
        except CalculationError as error:
            problems.extend(error.errors)
    if problems:
        first, *rest = problems
        raise CalculationError(first.pointer, first.code, first.text, *rest)
    return inputs(**read)


def _unknown(values: Mapping[Any, object], names: set[str], pointer: str) -> list[InputError]:
    listed = (str(key) for key in values if key not in names)
    return [InputError(f"{pointer}/{_escaped(key)}", "unknown", _UNKNOWN) for key in listed]


def _take(parameter: Parameter, value: object, pointer: str, read: dict[str, Any]) -> None:
    at = f"{pointer}/{parameter.name}"
    if value is not None:
        read[parameter.name] = _READERS[parameter.kind](parameter, value, at)
    elif parameter.required:
        label = parameter.label
        raise CalculationError(at, "missing", Label(f"请填写{label.zh}", f"{label.en} is missing"))


def _date(parameter: Parameter, value: object, at: str) -> date:
    text = value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value
    try:
        read = date.fromisoformat(text) if isinstance(text, str) and _DATE.fullmatch(text) else None
    except ValueError:
        read = None
    if read is None or not FIRST_YEAR <= read.year <= LAST_YEAR:
        zh, en = f"应为{FIRST_YEAR}至{LAST_YEAR}年间的日期", f"a date of {FIRST_YEAR} to {LAST_YEAR} is expected"
        raise CalculationError(at, "not_a_date", Label(f"{zh}（YYYY-MM-DD）", f"{en} (YYYY-MM-DD)"))
    return read


def _month(parameter: Parameter, value: object, at: str) -> date:
    if isinstance(value, str) and _MONTH.fullmatch(value):
        return _date(parameter, f"{value}-01", at)
    raise CalculationError(at, "not_a_month", Label("应为月份（YYYY-MM）", "a month is expected (YYYY-MM)"))


def _decimal(parameter: Parameter, value: object, at: str) -> Decimal:
    is_written = isinstance(value, str) and _NUMBER.fullmatch(value) is not None
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    read = Decimal(cast("str | int | Decimal", value)) if is_written or is_number else Decimal("NaN")
    if not read.is_finite():
        text = Label("应为数字，以文本或整数填写", "a number is expected, as text or whole")
        raise CalculationError(at, "not_a_number", text)
    if not 0 <= read <= (MOST_MONEY if parameter.kind in _MONEY else LARGEST):
        raise CalculationError(at, "out_of_range", Label("数值超出范围", "the number is negative or too large"))
    if read % SMALLEST:
        raise CalculationError(at, "too_fine", Label("小数不得超过十位", "at most ten decimal places are taken"))
    return read.copy_abs()


def _integer(parameter: Parameter, value: object, at: str) -> int:
    read = _decimal(parameter, value, at)
    if read != int(read):
        raise CalculationError(at, "not_whole", Label("应为整数", "a whole number is expected"))
    return int(read)


def _boolean(parameter: Parameter, value: object, at: str) -> bool:
    if isinstance(value, bool):
        return value
    raise CalculationError(at, "not_yes_or_no", Label("应为 true 或 false", "true or false is expected"))


def _place(parameter: Parameter, value: object, at: str) -> str:
    if isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TEXT:
        return value.strip()
    raise CalculationError(at, "not_a_place", Label("应为地名或行政区划代码", "a place is expected"))


def _enum(parameter: Parameter, value: object, at: str) -> str:
    choices = parameter.choices or {}
    if isinstance(value, str) and value in choices:
        return value
    names = ", ".join(choices)
    raise CalculationError(at, "not_a_choice", Label(f"应为：{names}", f"one of {names} is expected"))


def _list(value: object, at: str) -> list[object]:
    if isinstance(value, list | tuple) and 0 < len(value) <= LONGEST_LIST:
        return list(value)
    raise CalculationError(at, "not_a_list", Label("应为非空列表", "a list with entries is expected"))


def _dates(parameter: Parameter, value: object, at: str) -> tuple[date, ...]:
    days = tuple(_date(parameter, each, f"{at}/{place}") for place, each in enumerate(_list(value, at)))
    if len(set(days)) < len(days):
        raise CalculationError(at, "duplicate", Label("有重复的日期", "a day is named twice"))
    return days


def _moneys(parameter: Parameter, value: object, at: str) -> tuple[Decimal, ...]:
    return tuple(_decimal(parameter, each, f"{at}/{place}") for place, each in enumerate(_list(value, at)))


def _periods(parameter: Parameter, value: object, at: str) -> tuple[tuple[date, date], ...]:
    return tuple(_period(parameter, each, f"{at}/{place}") for place, each in enumerate(_list(value, at)))


def _period(parameter: Parameter, value: object, at: str) -> tuple[date, date]:
    if not isinstance(value, list | tuple) or len(value) != len(("first", "last")):
        text = Label("应为首日和末日两个日期", "the first and the last day are expected")
        raise CalculationError(at, "not_a_period", text)
    first, last = (_date(parameter, each, f"{at}/{place}") for place, each in enumerate(value))
    if last < first:
        raise CalculationError(f"{at}/1", "impossible", Label("末日早于首日", "the last day is before the first"))
    return first, last


def _object(parameter: Parameter, value: object, at: str) -> object:
    return read_into(cast("type[object]", parameter.row), value, at)


def _rows(parameter: Parameter, value: object, at: str) -> tuple[object, ...]:
    return tuple(_object(parameter, each, f"{at}/{place}") for place, each in enumerate(_list(value, at)))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


_MONEY: Final = frozenset({ParameterKind.MONEY, ParameterKind.MONEYS})
_UNKNOWN: Final = Label("没有这一项输入", "there is no such input")
_READERS: Final[Mapping[ParameterKind, Callable[[Parameter, object, str], object]]] = {
    ParameterKind.DATE: _date,
    ParameterKind.MONTH: _month,
    ParameterKind.MONEY: _decimal,
    ParameterKind.DECIMAL: _decimal,
    ParameterKind.INTEGER: _integer,
    ParameterKind.BOOLEAN: _boolean,
    ParameterKind.PLACE: _place,
    ParameterKind.ENUM: _enum,
    ParameterKind.DATES: _dates,
    ParameterKind.MONEYS: _moneys,
    ParameterKind.PERIODS: _periods,
    ParameterKind.OBJECT: _object,
    ParameterKind.ROWS: _rows,
}

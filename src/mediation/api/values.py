"""The plain values of the wire, each with its own refusal: dates, money, ids, texts, identifiers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from mediation.domain import identifiers
from mediation.domain.identifiers import IdentifierError
from mediation.domain.labels import Label

FIRST_YEAR = 1990
LAST_YEAR = 2100
LONGEST_NAME = 200
LONGEST_TEXT = 4000
FEN_IN_YUAN = 100

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONEY = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,2})?")
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,2})?")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_INSTANCE = re.compile(r"[A-Za-z0-9_:-]{1,64}")
_TEXT_CONTROLS = frozenset("\t\n\r")
_INVISIBLE = re.compile("[\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]")
"""Characters of no width, and those that turn the direction of what is shown: two names would look the same."""


def refuse(code: str, zh: str, en: str) -> PydanticCustomError:
    """Make the refusal of one value: a stable code and a text in both languages, without the value itself."""
    return PydanticCustomError(code, "{en}", {"zh": zh, "en": en})


class OneOf:
    """The type of a value list: one of these texts."""

    def __init__(self, values: Iterable[object]) -> None:
        self.values = [str(value) for value in values]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(self.values))


def parse_day(value: Any) -> date:
    """Read an ISO date between 1990 and 2100."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise refuse("date_format", "请按 YYYY-MM-DD 填写日期", "Write the date as YYYY-MM-DD.")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise refuse("date_impossible", "日历上没有这一天", "There is no such day in the calendar.") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refuse("date_out_of_range", "日期应在1990年至2100年之间", "The date must lie between 1990 and 2100.")
    return day


def parse_moment(value: Any) -> datetime:
    """Read an ISO moment with its offset, between 1990 and 2100."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise refuse(
            "datetime_format",
            "请按 2026-03-01T09:30:00+08:00 的格式填写时间,须带时区",
            "Write the moment as 2026-03-01T09:30:00+08:00, with its offset.",
        )
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        raise refuse("datetime_impossible", "没有这一时刻", "There is no such moment.") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise refuse("date_out_of_range", "日期应在1990年至2100年之间", "The date must lie between 1990 and 2100.")
    return moment


def parse_money(value: Any) -> int:
    """Read yuan, written as text with two places at most, into fen."""
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        raise refuse(
            "money_format",
            '金额应为文本形式的元,最多两位小数,如"1234.50",不得为负',
            'Write money in yuan as text with two places at most, such as "1234.50", never negative.',
        )
    return int(Decimal(value) * FEN_IN_YUAN)


def parse_decimal(value: Any) -> Decimal:
    """Read a number written as text with two places at most."""
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise refuse(
            "decimal_format",
            '应为文本形式的数字,最多两位小数,如"2.5"',
            'Write the number as text with two places at most, such as "2.5".',
        )
    return Decimal(value)


def parse_id(value: Any) -> str:
    """Read a UUID in its usual form, whatever its letter case."""
    text = value.lower() if isinstance(value, str) else ""
    if not _UUID.fullmatch(text):
        raise refuse("id_format", "标识应为UUID", "An id is a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057.")
    return text


def is_id(text: str) -> bool:
    """Tell whether a piece of a path may be an id."""
    return _UUID.fullmatch(text.lower()) is not None


def format_money(fen: int) -> str:
    """Write fen as yuan with two places."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // FEN_IN_YUAN}.{fen % FEN_IN_YUAN:02d}"


def parse_instance(value: Any) -> str:
    """Read the label of a side matter: it stands in clear in history for good, so it has no room for a name."""
    if not isinstance(value, str) or not _INSTANCE.fullmatch(value):
        raise refuse(
            "instance_format",
            "请填写编号,如 2 或 service:2,只能用字母、数字和 _ : -,最多64个;不得填写姓名、电话等个人信息",
            "Give a label such as 2 or service:2 of letters, digits and _ : - only, 64 at most, and nobody's name.",
        )
    return value


def _no_controls(text: str) -> str:
    if any(unicodedata.category(char) == "Cc" and char not in _TEXT_CONTROLS for char in text):
        raise refuse(
            "text_control",
            "文本中有不可见的控制字符,请删除",
            "The text holds control characters; remove them.",
        )
    return text


def _nothing_hidden(text: str) -> str:
    if _INVISIBLE.search(text):
        raise refuse(
            "text_invisible",
            "文本中有零宽字符或改变文字方向的字符,请删除后重新输入",
            "The text holds zero-width characters or characters that turn its direction; remove them.",
        )
    return text


def _checked(check: Callable[[str], str]) -> AfterValidator:
    def validate(text: str) -> str:
        return _refuse_number(check, text)

    return AfterValidator(validate)


def _refuse_number(check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except IdentifierError as error:
        label: Label = error.label
        raise refuse(error.code, label.zh, label.en) from None


def _resident_id(text: str, info: ValidationInfo) -> str:
    today: date = info.context["today"] if info.context else date.max
    return _refuse_number(lambda number: identifiers.resident_id(number, today=today), text)


Day = Annotated[date, BeforeValidator(parse_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[datetime, BeforeValidator(parse_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Money = Annotated[
    int,
    BeforeValidator(parse_money),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{_MONEY.pattern}$",
            "description": "元,最多两位小数 / yuan, at most two places",
            "examples": ["1234.50"],
        }
    ),
]
Number = Annotated[
    Decimal,
    BeforeValidator(parse_decimal),
    WithJsonSchema({"type": "string", "pattern": f"^{_DECIMAL.pattern}$", "examples": ["2.5"]}),
]
Instance = Annotated[
    str,
    BeforeValidator(parse_instance),
    WithJsonSchema({"type": "string", "pattern": f"^{_INSTANCE.pattern}$", "examples": ["2"]}),
]
Id = Annotated[str, BeforeValidator(parse_id), WithJsonSchema({"type": "string", "format": "uuid"})]

_CLEAN = AfterValidator(_no_controls)
_PLAIN = AfterValidator(_nothing_hidden)
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME), _CLEAN, _PLAIN]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT), _CLEAN]
WrittenText = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), _CLEAN]
"""Text as it stood, spaces and all, or nothing."""
Reference = Name
Code = Annotated[str, StringConstraints(pattern=r"^([0-9]{0,4}[A-Za-z_.-])*[0-9]{0,4}$", min_length=1, max_length=64)]
"""A word of a list, not of somebody: no five digits stand in a row, so that no number of a person passes for one."""
Prefix = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), _CLEAN, _PLAIN]

_NUMBER = StringConstraints(min_length=1, max_length=64)
ResidentId = Annotated[str, _NUMBER, AfterValidator(_resident_id)]
SocialCreditCode = Annotated[str, _NUMBER, _checked(identifiers.social_credit_code)]
CaseNumber = Annotated[str, _NUMBER, _checked(identifiers.written_case_number)]
Phone = Annotated[str, _NUMBER, _checked(identifiers.phone)]
BankAccount = Annotated[str, _NUMBER, _checked(identifiers.bank_card)]
Division = Annotated[str, _NUMBER, _checked(identifiers.division_code)]

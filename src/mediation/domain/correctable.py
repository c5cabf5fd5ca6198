"""The closed list of what a correction may set right, and how each value is written on the wire.

What only a step decides (titles, agreements, extensions, refusals, pauses, rounds, numbers) is not in it:
such a thing is taken back with its step.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.channels import IntakeChannel, PretrialVenue
from mediation.domain.claims import CLAIM_CODES
from mediation.domain.court_routes import COURT_ROUTES
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.identifiers import IdentifierError, division_code, social_credit_code
from mediation.domain.labels import Label
from mediation.domain.notices import FIRST_YEAR, LAST_YEAR

LONGEST_NAME: Final = 120
LONGEST_NUMBER: Final = 64
_FEN_IN_YUAN: Final = 100
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONEY: Final = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,2})?")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,5}")

Read = Callable[[str, date], Any]
"""Reads the text of the new value on a day; refuses with what to do."""


@dataclass(frozen=True, slots=True)
class Correctable:
    """One value that may be set right: how its text is read, how it is shown, and where a record keeps it."""

    read: Read
    show: Callable[[Any], str] = str
    column: str | None = None


def refused(pointer: str, code: str, zh: str, en: str) -> InvalidInputError:
    """Make the refusal of a correction: which of its inputs, why, and what to do."""
    return InvalidInputError([InputError(pointer, code, Label(zh, en))])


def _day(*, ahead: bool = False) -> Correctable:
    def read(text: str, today: date) -> date:
        if not _DAY.fullmatch(text):
            raise refused("/new", "date_format", "请按 YYYY-MM-DD 填写日期", "Write the date as YYYY-MM-DD.")
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise refused(
                "/new",
                "date_impossible",
                "日历上没有这一天，请核对",
                "There is no such day in the calendar; check it.",
            ) from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise refused(
                "/new",
                "date_out_of_range",
                f"请填写{FIRST_YEAR}年至{LAST_YEAR}年之间的日期",
                f"Give a day between {FIRST_YEAR} and {LAST_YEAR}.",
            )
        if day > today and not ahead:
            raise refused(
                "/new",
                "date_in_future",
                "该日期所记的事已经发生，请填写不晚于今天的日期",
                "The day tells of something done: give a day that is not after today.",
            )
        return day

    return Correctable(read, lambda day: day if isinstance(day, str) else day.isoformat())


def _read_money(text: str, _today: date) -> int:
    if not _MONEY.fullmatch(text):
        raise refused(
            "/new",
            "money_format",
            "请以元填写金额，最多两位小数，不得为负，如1234.50",
            "Write money in yuan with two places at most, such as 1234.50, never negative.",
        )
    return int(Decimal(text) * _FEN_IN_YUAN)


def _show_money(fen: int) -> str:
    return f"{fen // _FEN_IN_YUAN}.{fen % _FEN_IN_YUAN:02d}"


def _text(longest: int) -> Correctable:
    def read(text: str, _today: date) -> str:
        found = text.strip()
        hidden = any(unicodedata.category(char) in {"Cc", "Cs"} for char in found)
        if not found or len(found) > longest or hidden:
            raise refused(
                "/new",
                "text_length",
                f"请填写1至{longest}个字，不含控制字符",
                f"Write 1 to {longest} characters without control characters.",
            )
        return found

    return Correctable(read)


def _one_of(values: Iterable[object]) -> Correctable:
    allowed = tuple(str(value) for value in values)

    def read(text: str, _today: date) -> str:
        if text not in allowed:
            listed = ", ".join(allowed)
            raise refused("/new", "not_in_list", f"请填写下列之一：{listed}", f"Give one of: {listed}.")
        return text

    return Correctable(read)


def _read_bool(text: str, _today: date) -> bool:
    if text not in {"true", "false"}:
        raise refused("/new", "bool_format", "请填写 true 或者 false", "Give true or false.")
    return text == "true"


def _read_count(text: str, _today: date) -> int:
    if not _COUNT.fullmatch(text):
        raise refused(
            "/new",
            "count_format",
            "请以数字填写人数，至少为1，最多6位",
            "Give the number of people in digits, at least 1, six digits at most.",
        )
    return int(text)


def _checked(check: Callable[[str], str]) -> Correctable:
    def read(text: str, _today: date) -> str:
        try:
            return check(text)
        except IdentifierError as error:
            raise InvalidInputError([InputError("/new", error.code, error.label)]) from None

    return Correctable(read)


def _kept_in(column: str, value: Correctable) -> Correctable:
    return Correctable(value.read, value.show, column)


_PAST: Final = _day()
_MAY_LIE_AHEAD: Final = _day(ahead=True)
_MONEY_VALUE: Final = Correctable(_read_money, _show_money)
_BOOL: Final = Correctable(_read_bool, lambda value: "true" if value else "false")
_NUMBER: Final = _text(LONGEST_NUMBER)

PER_PARTY: Final[Mapping[str, Correctable]] = MappingProxyType({"received_on": _PAST, "served_on": _PAST})
"""Days kept for each party: `facts/<name>/<party id>`."""

FACTS: Final[Mapping[str, Correctable]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "accepted_on", "agreed_on", "applied_on", "asked_on", "assigned_on", "closed_on", "completed_on",
                "consent_on", "corrected_on", "decided_on", "dispatch_received_on", "filed_on", "held_on",
                "issued_on", "made_on", "measures_on", "objected_on", "paid_on", "performed_on", "published_on",
                "received_on", "recovered_on", "registered_on", "released_on", "request_delivered_on",
                "requested_on", "resumed_on", "returned_on", "ruling_on", "ruling_received_on", "seal_on",
                "served_on", "stated_on", "told_on", "transferred_on",
            ),
            _PAST,
        ),
        **dict.fromkeys(
            (
                "effective_on", "ended_on", "ends_on", "hearing_on", "pay_by", "planned_on", "promise_due",
                "reply_by",
            ),
            _MAY_LIE_AHEAD,
        ),
        **dict.fromkeys(("arb_no", "award_no", "court_no", "enf_no", "order_no", "ruling_no"), _NUMBER),
        **dict.fromkeys(("employer_seat", "place_of_performance"), _checked(division_code)),
        **dict.fromkeys(("award_effect_told", "limitation_raised", "means_exempt", "migrant_worker", "online"), _BOOL),
        "channel": _one_of(IntakeChannel),
        "costs": _MONEY_VALUE,
        "court_route_basis": _one_of(COURT_ROUTES),
        "pretrial_venue": _one_of(PretrialVenue),
        "written_or_oral": _one_of(("written", "oral")),
    }
)  # fmt: skip
"""Facts of the case, and of a side track under its instance (`facts/confirmation:1.applied_on`)."""

RECORDS: Final[Mapping[str, Mapping[str, Correctable]]] = MappingProxyType(
    {
        "parties": {
            "headcount": Correctable(_read_count),
            "name": _text(LONGEST_NAME),
            "uscc": _checked(social_credit_code),
        },
        "claims": {
            "amount": _kept_in("amount_fen", _MONEY_VALUE),
            "amount_text": _text(LONGEST_NAME),
            "code": _one_of(CLAIM_CODES),
            "knew_on": _PAST,
        },
        "obligations": {
            "amount": _kept_in("amount_fen", _MONEY_VALUE),
            "due_on": _MAY_LIE_AHEAD,
            "due_text": _text(LONGEST_NAME),
        },
    }
)
"""Fields of records, by collection: `<collection>/<id>/<name>`, named as on the wire."""

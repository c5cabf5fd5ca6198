"""What a calculation answers: an amount or a range, every line of the working, and what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from mediation.domain.labels import Label
from mediation.domain.law import Citation
from mediation.domain.workings import Line

__all__ = ["RULE_VERSION", "Answer", "Line", "Result", "Variant", "number", "rounded", "sentence", "several", "show"]

RULE_VERSION: Final = "2026-11"
"""Raised when a formula, or a reading of an open question, changes."""

ZERO: Final = Decimal(0)
_FEN: Final = Decimal("0.01")
_SHOWN: Final = Decimal("0.0001")
_GUARD: Final = Decimal("1e-12")


@dataclass(frozen=True, slots=True)
class Variant:
    """The amount under another reading; `rule` names the open question (AMB-n) or article that gives it."""

    label: Label
    amount: Decimal
    rule: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one formula gives before rounding; amounts are yuan with every digit kept."""

    amount: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    variants: tuple[Variant, ...]
    working: tuple[Line, ...]
    citations: tuple[Citation, ...]
    warnings: tuple[Label, ...]
    needs_review: bool
    ratio: Decimal | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A claim item computed: yuan with two places, rounded half up once at the end of the item.

    `amount` is None where the law leaves it to somebody else or no formula applies. `minimum` and `maximum` are None where
    nothing is disputed; one alone leaves the other side open. `ratio` and `outcome` answer the kinds that are no sum of money.
    """

    kind: str
    amount: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    variants: tuple[Variant, ...]
    working: tuple[Line, ...]
    citations: tuple[Citation, ...]
    inputs: Mapping[str, object]
    rule_version: str
    warnings: tuple[Label, ...]
    needs_review: bool
    calendar_version: str
    figures_version: str
    ratio: Decimal | None = None
    outcome: str | None = None


def rounded(value: Decimal) -> Decimal:
    """Round half up to the fen; digits past the twelfth are the trace of a division and never decide."""
    return value.quantize(_GUARD, ROUND_HALF_UP).quantize(_FEN, ROUND_HALF_UP)


def show(value: Decimal) -> str:
    """Write yuan for a reader: two places, up to four inside a calculation."""
    whole, _, places = f"{value.quantize(_SHOWN, ROUND_HALF_UP):f}".partition(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}"


def sentence(text: str) -> str:
    """Begin an English text with a capital."""
    return text[:1].upper() + text[1:]


def several(value: Decimal | int, noun: str) -> str:
    """Count things in English: 1 month, 2.5 months."""
    return f"{number(Decimal(value))} {noun}{'' if value == 1 else 's'}"


def number(value: Decimal) -> str:
    """Write a count or a rate without needless zeros."""
    return f"{value.normalize():f}"

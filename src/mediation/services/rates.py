"""Budgets of requests: slices borrowed from what all processes share; who is counted is kept as a keyed hash alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mediation.storage import Unit
from mediation.storage import rates as rows
from mediation.storage.rates import Loan

__all__ = ["FAILURES", "Loan", "Wish", "borrow", "mark_of"]

FAILURES = rows.FAILURES
"""What a loan may end in when the database does not answer."""
SECONDS_KEPT: Final = 3600
"""How long windows are kept after their end."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a process asks for: up to `asked` of the `most` of a window of `seconds`, having spent `spent` unasked."""

    budget: str
    key: str
    seconds: int
    most: int
    asked: int
    spent: int


def borrow(unit: Unit, wish: Wish, *, sweeps: bool = False) -> Loan:
    """Borrow a slice of a budget; who `sweeps` forgets windows that ended an hour ago on the way."""
    if sweeps:
        rows.sweep(unit, SECONDS_KEPT)
    return rows.lend(
        unit,
        budget=wish.budget,
        key=mark_of(unit, wish.budget, wish.key),
        seconds=wish.seconds,
        most=wish.most,
        asked=wish.asked,
        spent=wish.spent,
    )


def mark_of(unit: Unit, budget: str, key: str) -> str:
    """The keyed hash that stands for who is counted: the same source has the same mark, and nobody reads it back."""
    return unit.vault.hash(f"rate/{budget}", key)

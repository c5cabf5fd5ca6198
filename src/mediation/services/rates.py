"""Budgets of requests: slices borrowed from what all processes share; who is counted is kept as a keyed hash alone."""

from __future__ import annotations

from dataclasses import dataclass

from mediation.storage import Unit
from mediation.storage import rates as rows
from mediation.storage.rates import Loan

__all__ = ["FAILURES", "Loan", "Wish", "borrow", "mark_of"]

FAILURES = rows.FAILURES
"""What a loan may end in when the database does not answer."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a process asks for: up to `asked` of the `most` of a window, having spent `spent` without asking."""

    budget: str
    key: str
    ends_at: int
    most: int
    asked: int
    spent: int


def borrow(unit: Unit, wish: Wish, swept_before: int | None = None) -> Loan:
    """Borrow a slice of a budget; with `swept_before` windows that ended before it are forgotten on the way."""
    if swept_before is not None:
        rows.sweep(unit, swept_before)
    return rows.lend(
        unit,
        budget=wish.budget,
        key=mark_of(unit, wish.budget, wish.key),
        ends_at=wish.ends_at,
        most=wish.most,
        asked=wish.asked,
        spent=wish.spent,
    )


def mark_of(unit: Unit, budget: str, key: str) -> str:
    """The keyed hash that stands for who is counted: the same source has the same mark, and nobody reads it back."""
    return unit.vault.hash(f"rate/{budget}", key)

"""The one-year limitation of each claim: what interrupts it, what suspends it, when it ends under each reading."""

from mediation.domain.limitation.facts import EventKind, LimitationEvent, LimitationFacts, Suspension
from mediation.domain.limitation.views import (
    LimitationStatus,
    LimitationView,
    MonthEnd,
    Reading,
    limitation_of,
    per_month_ends,
)

__all__ = [
    "EventKind", "LimitationEvent", "LimitationFacts", "LimitationStatus", "LimitationView", "MonthEnd", "Reading",
    "Suspension", "limitation_of", "per_month_ends",
]  # fmt: skip

"""What callers may ask for, and how often: each budget once, made of the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from mediation.settings import Settings

BudgetName = Literal[
    "person", "client", "anonymous", "look_ups", "reveals", "creations", "party_answers", "failed_sign_ins",
    "unknown_cases", "access_requests",
]  # fmt: skip
MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `most` in each window of `seconds`; with `alarms` an auditor is told when one is used up."""

    name: BudgetName
    most: int
    seconds: int = MINUTE
    alarms: bool = False

    @property
    def unasked(self) -> int:
        """What a process lets through in a window before it asks the others: a twentieth."""
        return self.most // 20

    @property
    def slice(self) -> int:
        """What a process borrows at a time."""
        return max(1, min(self.most // 10, 100))


def budgets_of(settings: Settings) -> dict[BudgetName, Budget]:
    """Every budget under its name."""
    found = (
        Budget("person", settings.rate_person),
        Budget("client", settings.rate_client),
        Budget("anonymous", settings.rate_anonymous),
        Budget("look_ups", settings.rate_look_ups, alarms=True),
        Budget("reveals", settings.rate_reveals, alarms=True),
        Budget("creations", settings.rate_creations, alarms=True),
        Budget("access_requests", settings.rate_access_requests, 60 * MINUTE, alarms=True),
        Budget("party_answers", settings.rate_party_answers),
        Budget("failed_sign_ins", settings.rate_failed_sign_ins, 5 * MINUTE, alarms=True),
        Budget("unknown_cases", settings.alarm_unknown_cases, 10 * MINUTE, alarms=True),
    )
    return {budget.name: budget for budget in found}

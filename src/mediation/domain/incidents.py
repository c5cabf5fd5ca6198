"""Personal data leaked, changed or lost: what is told to the authority and to people, and when it is over (PIPL 57)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from mediation.domain.errors import ConflictError
from mediation.domain.labels import Label

CONTENT: Final = ("cause", "harm", "measures", "self_help")
"""What a notice tells: cause and possible harm, what was done, what people can do for themselves (PIPL 57)."""
NO_NOTICE: Final = "no_notice_reason"
"""Why people are told nothing: measures that effectively prevent the harm (PIPL 57, second paragraph)."""


class IncidentKind(StrEnum):
    """What happened to the data."""

    LEAKED = "leaked"
    ALTERED = "altered"
    LOST = "lost"


class Owed(StrEnum):
    """Whom somebody still has to tell."""

    AUTHORITY = "authority"
    PERSONS = "persons"


def still_owed(*, authority_told: bool, persons_told: bool, has_no_notice_reason: bool) -> tuple[Owed, ...]:
    """Who has not been told yet; people need not be where effective measures are stated, the authority always is."""
    found = {Owed.AUTHORITY: authority_told, Owed.PERSONS: persons_told or has_no_notice_reason}
    return tuple(owed for owed, is_done in found.items() if not is_done)


def refuse_closing(owed: tuple[Owed, ...]) -> None:
    """ConflictError while somebody has to be told."""
    if owed:
        raise ConflictError(
            Label(
                "尚未通知监管部门或者个人,也未说明无须通知个人的理由,不能办结",
                "It is not over: the authority, or the people, were not told, and no reason for not telling people is stated",
            )
        )

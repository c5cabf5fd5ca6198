"""What the limitation of one claim is judged on: its basis days, the acts that interrupt it, the times it stood still."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal


class EventKind(StrEnum):
    """Why an act restarts the year (LDMAL 27(2); R17 31): who did what to whom."""

    ASSERTION = "assertion"
    PROMISE = "promise"
    END_OF_PROCEDURE = "end_of_procedure"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class LimitationEvent:
    """One act that may restart the year, taken from a step or recorded by hand.

    `evidence` is the document that proves a recorded act, or the entry of the history that holds a step.
    `due_on` is the last day of performance that a promise names: the likely reading runs from it (CC 189).
    """

    day: date
    kind: EventKind
    source: Literal["step", "recorded"]
    action: str | None = None
    evidence: str | None = None
    note: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which the claimant could not act, first and last included; `until` is None while they last (L4)."""

    since: date
    until: date | None
    reason: str

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"the suspension ends on {self.until}, before it begins on {self.since}")


@dataclass(frozen=True, slots=True)
class LimitationFacts:
    """One claim's facts: `basis_day` is when the claimant knew or should have known (LDMAL 27(1)).

    For unused annual leave `basis_day` lies in the year in which the leave could last be taken. An
    `employment_ended_on` outweighs `still_employed`. `pending_since` is the filing day of an arbitration
    or suit that has not ended.
    """

    claim_code: str
    basis_day: date | None = None
    employment_ended_on: date | None = None
    still_employed: bool = False
    events: tuple[LimitationEvent, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    pending_since: date | None = None

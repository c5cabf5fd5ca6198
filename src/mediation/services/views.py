"""What services show of a case: the snapshot, and what this person may do with it today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mediation.domain.calendar import Calendar
from mediation.domain.cases import BlockedStep, Case, OpenStep
from mediation.domain.errors import Blocker
from mediation.domain.impartiality import ToldBy
from mediation.domain.labels import Label
from mediation.domain.limitation import LimitationView
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Claim, LimitationAct
from mediation.domain.sight import Sight
from mediation.domain.simulation import Happening


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as one person sees it on one day.

    `case` holds nothing above their sight; `behind` is the whole of it, for arithmetic only and never to be told.
    `enterprise_mediator`: what tells that a mediator of a party's own enterprise mediates.
    """

    case: Case
    behind: Case
    sight: Sight
    today: date
    calendar: Calendar
    open_steps: tuple[OpenStep, ...] = ()
    blocked_steps: tuple[BlockedStep, ...] = ()
    attestations: Sequence[Mapping[str, Any]] = ()
    enterprise_mediator: ToldBy | None = None

    @property
    def roles(self) -> frozenset[CaseRole]:
        """What this person is to the case."""
        return self.sight.roles

    @property
    def etag(self) -> str:
        """The version, as it stands in ETag and If-Match."""
        return f'"{self.case.version}"'


@dataclass(frozen=True, slots=True)
class Stopped:
    """Where a simulation stopped: the step that was refused, and everything in its way."""

    position: int
    action: str
    occurred_on: date
    code: str
    text: Label
    blockers: tuple[Blocker, ...]


@dataclass(frozen=True, slots=True)
class SimulationView:
    """What would happen from `today` on, and the case as it would stand then."""

    case: Case
    today: date
    happenings: tuple[Happening, ...]
    stopped: Stopped | None
    after: CaseView


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a worklist."""

    items: Sequence[Mapping[str, Any]]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some entries of a case, in order."""

    entries: Sequence[Mapping[str, Any]]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class LimitationPage:
    """The limitation of each claim of a case and the acts behind it; who may not read evidence does not get it."""

    claims: Sequence[tuple[Claim, LimitationView]]
    acts: Sequence[LimitationAct]
    shows_evidence: bool


@dataclass(frozen=True, slots=True)
class CheckpointPage:
    """Some checkpoints, in order."""

    items: Sequence[Mapping[str, Any]]
    next_after: int | None

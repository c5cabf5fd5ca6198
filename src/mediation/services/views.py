"""What services show of a case: the snapshot, and what this person may do with it today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mediation.domain.calendar import Calendar
from mediation.domain.cases import BlockedStep, Case, OpenStep
from mediation.domain.procedure.step import CaseRole


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as one person sees it on one day."""

    case: Case
    roles: frozenset[CaseRole]
    today: date
    calendar: Calendar
    open_steps: tuple[OpenStep, ...] = ()
    blocked_steps: tuple[BlockedStep, ...] = ()
    attestations: Sequence[Mapping[str, Any]] = ()

    @property
    def etag(self) -> str:
        """The version, as it stands in ETag and If-Match."""
        return f'"{self.case.version}"'


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

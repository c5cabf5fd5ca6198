"""What services are asked for: plain values, amounts in fen, days as dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class NewCase:
    """Whatever is known of a dispute; with `submit` it is registered at once."""

    channel: str
    summary: str | None = None
    organization_id: str | None = None
    received_on: date | None = None
    written_or_oral: str | None = None
    reason: str | None = None
    parties: Sequence[Mapping[str, Any]] = ()
    claims: Sequence[Mapping[str, Any]] = ()
    migrant_worker: bool | None = None
    urgent: bool | None = None
    place_of_performance: str | None = None
    employer_seat: str | None = None
    submit: bool = False
    attestations: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class StepRequest:
    """One step as asked for: the row's own input, and what every step takes."""

    action: str
    input: Mapping[str, Any] = field(default_factory=dict)
    occurred_on: date | None = None
    instance: str | None = None
    attestations: Sequence[Mapping[str, Any]] = ()
    note: str | None = None
    evidence: Sequence[str] = ()
    recorded_for: str | None = None
    form: str | None = None
    late_reason: str | None = None


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """What if: steps in the order of their days, the day time runs to afterwards, notices that are not in force."""

    steps: Sequence[StepRequest]
    until: date | None = None
    calendar: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """A worklist: one scope, filters, and where the last page ended."""

    scope: str = "organization"
    state: str | None = None
    stage: str | None = None
    organization_id: str | None = None
    is_open: bool = True
    deadline_before: date | None = None
    flags: Sequence[str] = ()
    number_prefix: str | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """Tasks of one scope, by due date; `owner` is a person, `owner_role` what they are to the case."""

    scope: str = "organization"
    status: str = "open"
    term: str | None = None
    owner: str | None = None
    owner_role: str | None = None
    due_before: date | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class DataRequestQuery:
    """Requests about personal data in the cases of one scope, by the last day for an answer."""

    scope: str
    status: str
    kind: str | None = None
    due_before: date | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ReminderQuery:
    """Open reminders of one scope, by due date."""

    scope: str = "organization"
    audience: str | None = None
    kind: str | None = None
    term: str | None = None
    due_before: date | None = None
    cursor: str | None = None
    limit: int = 50
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class AccessLogQuery:
    """Readings of personal data, newest first: of one case, by one person, on the days from `since` to `until`."""

    case_id: str | None = None
    person_id: str | None = None
    since: date | None = None
    until: date | None = None
    cursor: str | None = None
    limit: int = 50

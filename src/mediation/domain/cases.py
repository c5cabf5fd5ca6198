"""The case as a frozen snapshot, and what a step would change in it or every reason why it may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mediation.domain.calendar import Calendar
from mediation.domain.deadlines import Deadline
from mediation.domain.errors import Blocker
from mediation.domain.procedure.step import CaseRole, Step
from mediation.domain.records import Assignment, Change, Claim, LimitationAct, Obligation, Party, Task, TrackInstance

MAIN = "main"
CHANGE_PENDING = "agreement_change_pending"
BINDING = frozenset({"open", "part", "done", "frozen"})
"""How an obligation stands that binds, performed or not; `frozen` while a change of its agreement is pending."""


@dataclass(frozen=True, slots=True)
class Case:
    """One dispute as it stands: the aggregate every rule is judged on. Children are keyed by id."""

    id: str
    version: int
    number: str | None
    organization_id: str
    procedure: str
    created_on: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    tracks: Mapping[str, TrackInstance] = field(default_factory=dict)
    parties: Mapping[str, Party] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    obligations: Mapping[str, Obligation] = field(default_factory=dict)
    assignments: Mapping[str, Assignment] = field(default_factory=dict)
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    limitation_acts: Mapping[str, LimitationAct] = field(default_factory=dict)
    sequence: int = 0
    head: str = ""
    last_entry: Mapping[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """The state of the main track."""
        return self.tracks[MAIN].state

    def active_parties(self, side: str | None = None) -> Iterator[Party]:
        """Parties still in the case, of one side or of all."""
        return (p for p in self.parties.values() if p.status == "active" and side in {None, p.side})

    def applicants(self) -> Iterator[Party]:
        """Parties who ask."""
        return (p for p in self.active_parties() if p.role in {"applicant", "co_applicant"})

    def respondents(self) -> Iterator[Party]:
        """Parties against whom something is asked."""
        return (
            p for p in self.active_parties() if p.role in {"respondent", "co_respondent", "joint_debtor", "guarantor"}
        )

    def open_claims(self) -> Iterator[Claim]:
        """Claims without an outcome."""
        return (c for c in self.claims.values() if c.outcome == "open")

    def running(self, *terms: str) -> Iterator[Deadline]:
        """Running deadlines, of the named terms or of all."""
        return (d for d in self.deadlines.values() if d.status == "running" and (not terms or d.term in terms))

    def mediator_id(self) -> str | None:
        """The person who mediates now, or None."""
        return next((a.person_id for a in self.assignments.values() if a.role == "mediator" and a.until is None), None)

    def live_obligations(self) -> Iterator[Obligation]:
        """Obligations in force, done or not; while a change is pending those of the old agreement still bind."""
        live = BINDING if self.state == CHANGE_PENDING else BINDING - {"frozen"}
        return (o for o in self.obligations.values() if o.status in live)

    def track_state(self, track: str) -> str | None:
        """The state of the track's latest instance, or None where it never started."""
        found = [t for t in self.tracks.values() if t.track == track]
        return found[-1].state if found else None


@dataclass(frozen=True, slots=True)
class Attestation:
    """What the recorder states on their own word: which guard, on which evidence."""

    guard: str
    evidence: str
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class References:
    """Organizations and people the input names, as they are on file: kinds and roles by id."""

    organizations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    people: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """One step as asked for: typed input of the row, the day of the act, and who stands behind it."""

    action: str
    occurred_on: date
    input: Mapping[str, Any] = field(default_factory=dict)
    instance: str | None = None
    attestations: Mapping[str, Attestation] = field(default_factory=dict)
    note: str | None = None
    evidence: tuple[str, ...] = ()
    recorded_for: str | None = None
    form: str | None = None
    late_reason: str | None = None
    fired: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a step is judged in: the day, the calendar, the actor's roles, the things named, fresh ids."""

    today: date
    calendar: Calendar
    roles: frozenset[CaseRole]
    actor_id: str
    references: References = field(default_factory=References)
    new_id: Callable[[], str] = field(default=lambda: "")
    number: str | None = None
    voided: Mapping[str, Any] | None = None
    hand: str | None = None  # who acts on behalf of the actor

    @property
    def people(self) -> frozenset[str]:
        """Who stands behind the act: the actor, and whoever acts on their behalf."""
        return frozenset({self.actor_id, self.hand or self.actor_id})


@dataclass(frozen=True, slots=True)
class Question:
    """What a guard is asked: may this row be taken on this track of this case? `command` is None in a listing."""

    case: Case
    step: Step
    track: TrackInstance | None
    setting: Setting
    command: Command | None

    @property
    def today(self) -> date:
        """The Shanghai date on which the question is asked."""
        return self.setting.today

    @property
    def day(self) -> date:
        """The day of the act; today in a listing."""
        return self.command.occurred_on if self.command else self.setting.today

    def get(self, name: str) -> Any:
        """An input of the step, else the fact of that name on the case, else None."""
        if self.command is not None and self.command.input.get(name) is not None:
            return self.command.input[name]
        return self.fact(name)

    def fact(self, name: str) -> Any:
        """What earlier steps left under this name: on the same side track first, then on the case."""
        own = fact_name(self.track, name)
        return self.case.facts.get(own, self.case.facts.get(name))

    def on(self, name: str) -> date | None:
        """An input or fact that is a day; facts keep days as ISO text."""
        value = self.get(name)
        return date.fromisoformat(value) if isinstance(value, str) else value

    def attested(self, guard: str) -> bool:
        """Whether the recorder states this guard with evidence."""
        return self.command is not None and guard in self.command.attestations


def fact_name(track: TrackInstance | None, name: str) -> str:
    """Where a step keeps an input as a fact: the main track's by name, a side track's under its instance."""
    return name if track is None or track.track == MAIN else f"{track.id}.{name}"


@dataclass(frozen=True, slots=True)
class Advance:
    """What a step changes, ready to be recorded; `case` is the case afterwards."""

    case: Case
    step: Step
    command: Command
    track_id: str
    source: str
    target: str
    changes: tuple[Change, ...]
    warnings: tuple[Blocker, ...] = ()
    needs_number: bool = False


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step this actor may take now, on which track instance, and what it will ask for."""

    step: Step
    track_id: str | None
    attestations: tuple[str, ...]
    warnings: tuple[Blocker, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockedStep:
    """A step out of the current states that may not be taken now, with every reason."""

    step: Step
    track_id: str | None
    blockers: tuple[Blocker, ...]

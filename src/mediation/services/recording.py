"""The last stretch of every command: entry, write, kept answer; and what a lost race means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mediation.domain.access import Actor, person_scope
from mediation.domain.cases import Case
from mediation.domain.errors import VersionConflictError, VersionRequiredError
from mediation.domain.history import Entry
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Change
from mediation.services.caller import Answer, Caller
from mediation.services.idempotency import kept_row, replayed
from mediation.services.identity import load_case
from mediation.storage import Unit
from mediation.storage import cases as rows
from mediation.storage.ids import new_id
from mediation.storage.recording import Recording, describe, scope_rows
from mediation.storage.wall import Wall


class LostRaceError(Exception):
    """Somebody else wrote between the read and the write; nothing was written."""


@dataclass(slots=True)
class Act:
    """One act about to be recorded, and everything that goes with it."""

    actor: Actor
    roles: frozenset[CaseRole]
    before: Case | None
    after: Case
    changes: tuple[Change, ...]
    kind: str
    action: str
    entry: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    wall: Wall | None = None
    home: tuple[tuple[str, str | None], ...] = ()

    def told(self) -> dict[str, Any]:
        """The act as its entry will be told, before it is written."""
        entry = self.entry
        return {
            "case_id": self.after.id,
            "sequence": (self.before.sequence if self.before else 0) + 1,
            "id": "",
            "kind": self.kind,
            "action": self.action,
            "step": entry.get("step_id"),
            "track": entry.get("track_id"),
            "from": entry.get("source"),
            "to": entry.get("target"),
            "act_of": entry.get("act_of"),
            "actor": self.actor.hand,
            "organization": self.actor.organization_id,
            "roles": sorted(self.roles),
            "input": entry.get("clear", {}),
            "private": entry.get("private"),
            "attestations": entry.get("attestations", ()),
            "changes": [{"c": c.collection, "k": c.key, "b": c.before, "a": c.after} for c in self.changes],
        }


def commit(unit: Unit, caller: Caller, act: Act, answer: Callable[[Case], Answer]) -> Answer:
    """Write the act and keep its answer in the same transaction; LostRaceError when it came too late."""
    entry = _entry(caller, act)
    recording = Recording(
        act.before, act.after, act.changes, entry, dict(act.keys), {k: list(v) for k, v in act.rows.items()}, act.wall
    )
    write, case = describe(unit, recording)
    for row in scope_rows(case, entry, act.scopes):
        write.add("case_scope", row)
    write.closed_scopes = _closed_scopes(act)
    write.home = act.home
    made = answer(case)
    kept = kept_row(unit, caller, made)
    if kept is not None:
        write.add("idempotency", {**kept, "case_id": case.id})
    try:
        written = rows.record(unit, write)
    except rows.KeyTakenError as error:
        raise LostRaceError from error
    if not written:
        raise LostRaceError
    return made


def _closed_scopes(act: Act) -> tuple[str, ...]:
    """Scopes of people whose last part in the case ends with this act, and who are no party of it."""
    if act.before is None:
        return act.closes
    still = {entry.person_id for entry in act.after.assignments.values() if entry.until is None}
    still |= {party.person_id for party in act.after.active_parties() if party.person_id}
    had = {entry.person_id for entry in act.before.assignments.values() if entry.until is None}
    had |= {party.person_id for party in act.before.parties.values() if party.person_id}
    return (*act.closes, *(person_scope(person) for person in sorted(had - still)))


def _entry(caller: Caller, act: Act) -> Entry:
    values = {"occurred_on": caller.today, **act.entry}
    return Entry(
        id=new_id(),
        kind=act.kind,
        action=act.action,
        recorded_at=caller.now,
        actor_id=act.actor.hand,
        on_behalf_of=act.actor.represented,
        organization_id=act.actor.organization_id,
        roles=tuple(sorted(act.roles)),
        request_id=caller.request_id,
        procedure=act.after.procedure,
        **values,
    )


def conflict(case: Case | None) -> VersionConflictError:
    """The refusal of a command that was based on an older version."""
    return VersionConflictError(version=case.version if case else None)


def compare_version(case: Case, caller: Caller, *, dry_run: bool) -> None:
    if caller.expected_version is None:
        if dry_run:
            return
        raise VersionRequiredError
    if caller.expected_version != case.version:
        raise VersionConflictError(version=case.version)


def replay_or_conflict(unit: Unit, caller: Caller, case_id: str) -> Answer:
    loaded = load_case(unit, caller, case_id, key=caller.key)
    kept = replayed(unit, caller, loaded.kept)
    if kept is None:
        raise conflict(loaded.case)
    return kept

"""An entry of a case's history, and the hash that chains it to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from mediation.domain.cases import Case
from mediation.domain.days import shanghai_date
from mediation.domain.findings import Fault, Finding
from mediation.domain.records import RECORD_TYPES, Change, from_row

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """What one act says of itself: clear parts, and texts that only a key opens."""

    id: str
    kind: str
    action: str
    occurred_on: date
    recorded_at: datetime
    actor_id: str
    organization_id: str | None
    roles: tuple[str, ...]
    request_id: str
    procedure: str
    step_id: str | None = None
    track_id: str | None = None
    source: str | None = None
    target: str | None = None
    act_of: str | None = None
    recorded_for: str | None = None
    on_behalf_of: str | None = None
    form: str | None = None
    clear: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] = field(default_factory=dict)
    confidential: Mapping[str, Any] = field(default_factory=dict)
    attestations: tuple[Mapping[str, Any], ...] = ()


def last_entry(entry: Entry, sequence: int) -> dict[str, Any]:
    """The newest entry of a case in short, as the case itself keeps it."""
    return {
        "sequence": sequence,
        "entry_id": entry.id,
        "kind": entry.kind,
        "action": entry.action,
        "step": entry.step_id,
        "track": entry.track_id,
        "recorded_on": shanghai_date(entry.recorded_at).isoformat(),
        "occurred_on": entry.occurred_on.isoformat(),
        "actor_id": entry.actor_id,
        "on_behalf_of": entry.on_behalf_of,
    }


def recorded(before: Case | None, after: Case, entry: Entry, head: str) -> Case:
    """The case once the entry stands in its history: one version and one entry on; `head` is the entry's hash."""
    sequence = (before.sequence if before else 0) + 1
    version = (before.version if before else 0) + 1
    return replace(after, version=version, sequence=sequence, head=head, last_entry=last_entry(entry, sequence))


def canonical(payload: Mapping[str, Any]) -> str:
    """The one text a payload has: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chain(previous: str, payload: str) -> str:
    """SHA-256 over the previous hash and the stored payload text, in hex."""
    return hashlib.sha256(f"{previous}{payload}".encode()).hexdigest()


def payload_of(
    case_id: str, sequence: int, entry: Entry, changes: Iterable[Change], sealed: str | None, *, wall: str | None = None
) -> str:
    """The canonical text that history keeps: everything the hash covers; `wall` seals what was said in mediation."""
    return canonical(
        {
            "case_id": case_id,
            "sequence": sequence,
            "id": entry.id,
            "kind": entry.kind,
            "action": entry.action,
            "step": entry.step_id,
            "track": entry.track_id,
            "from": entry.source,
            "to": entry.target,
            "act_of": entry.act_of,
            "occurred_on": entry.occurred_on.isoformat(),
            "recorded_at": entry.recorded_at.isoformat(),
            "actor": entry.actor_id,
            "organization": entry.organization_id,
            "roles": list(entry.roles),
            "request": entry.request_id,
            "procedure": entry.procedure,
            "recorded_for": entry.recorded_for,
            "on_behalf_of": entry.on_behalf_of,
            "form": entry.form,
            "input": entry.clear,
            "attestations": list(entry.attestations),
            "sealed": sealed,
            "confidential": wall,
            "changes": [{"c": c.collection, "k": c.key, "b": c.before, "a": c.after} for c in changes],
        }
    )


def verify(
    entries: Iterable[tuple[int, str, str]], *, head: str | None = None, case_id: str | None = None
) -> list[Finding]:
    """What is wrong with a chain of (sequence, payload, hash) from the first entry on; empty when it holds."""
    found: list[Finding] = []

    def note(fault: Fault, text: str) -> None:
        found.append(Finding(fault, text, case_id))

    previous, expected = GENESIS, 1
    for sequence, payload, stored in entries:
        if sequence != expected:
            note(Fault.ENTRY_MISSING, f"entry {expected} is missing")
        told = said(payload)
        if told.get("sequence", sequence) != sequence:
            note(Fault.ENTRY_REORDERED, f"entry {sequence} stands under another number: it was {told['sequence']}")
        if case_id is not None and told.get("case_id", case_id) != case_id:
            note(Fault.ENTRY_FOREIGN, f"entry {sequence} belongs to case {told['case_id']}")
        if chain(previous, payload) != stored:
            note(Fault.ENTRY_CHANGED, f"entry {sequence} does not follow from the one before")
        previous, expected = stored, sequence + 1
    if head is not None and head != previous:
        note(Fault.END_DIFFERS, "the case does not end where its history ends")
    return found


def said(payload: str) -> Mapping[str, Any]:
    """What a payload says; nothing when it was changed into no JSON, or one nested without measure: its hash tells."""
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def rebuild(payloads: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The records of a case after the given entries, by collection and key: the sum of every change.

    What is no record of the case itself, such as a computation, stands as its row.
    """
    state: dict[str, dict[str, Any]] = {}
    for payload in payloads:
        for change in payload["changes"]:
            records = state.setdefault(change["c"], {})
            if change["a"] is None:
                records.pop(change["k"], None)
            elif change["c"] in {"facts", "case"}:
                records[change["k"]] = change["a"]["value"]
            elif change["c"] in RECORD_TYPES:
                records[change["k"]] = from_row(change["c"], change["a"])
            else:
                records[change["k"]] = change["a"]
    return state

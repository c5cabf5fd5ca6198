"""An entry of a case's history, and the hash that chains it to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mediation.domain.records import Change, from_row

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
    form: str | None = None
    clear: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] = field(default_factory=dict)
    attestations: tuple[Mapping[str, Any], ...] = ()


def canonical(payload: Mapping[str, Any]) -> str:
    """The one text a payload has: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chain(previous: str, payload: str) -> str:
    """SHA-256 over the previous hash and the stored payload text, in hex."""
    return hashlib.sha256(f"{previous}{payload}".encode()).hexdigest()


def payload_of(case_id: str, sequence: int, entry: Entry, changes: Iterable[Change], sealed: str | None) -> str:
    """The canonical text that history keeps: everything the hash covers."""
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
            "form": entry.form,
            "input": entry.clear,
            "attestations": list(entry.attestations),
            "sealed": sealed,
            "changes": [{"c": c.collection, "k": c.key, "b": c.before, "a": c.after} for c in changes],
        }
    )


def verify(entries: Iterable[tuple[int, str, str]], *, head: str | None = None) -> list[str]:
    """What is wrong with a chain of (sequence, payload, hash) from the first entry on; empty when it holds."""
    problems: list[str] = []
    previous, expected = GENESIS, 1
    for sequence, payload, stored in entries:
        if sequence != expected:
            problems.append(f"entry {expected} is missing")
        if json.loads(payload).get("sequence") != sequence:
            problems.append(f"entry {sequence} stands under another number")
        if chain(previous, payload) != stored:
            problems.append(f"entry {sequence} does not follow from the one before")
        previous, expected = stored, sequence + 1
    if head is not None and head != previous:
        problems.append("the case does not end where its history ends")
    return problems


def rebuild(payloads: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The records of a case after the given entries, by collection and key: the sum of every change."""
    state: dict[str, dict[str, Any]] = {}
    for payload in payloads:
        for change in payload["changes"]:
            records = state.setdefault(change["c"], {})
            if change["a"] is None:
                records.pop(change["k"], None)
            elif change["c"] in {"facts", "case"}:
                records[change["k"]] = change["a"]["value"]
            else:
                records[change["k"]] = from_row(change["c"], change["a"])
    return state

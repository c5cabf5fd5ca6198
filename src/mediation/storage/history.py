"""Entries of history as they lie stored: read in order, and compared with the columns beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mediation.domain.findings import Fault, Finding
from mediation.domain.history import said
from mediation.storage.database import Unit
from mediation.storage.json_sql import statement

_HISTORY = statement(
    "select sequence, id, payload, hash from history where case_id = :case_id and sequence > :after "
    "order by sequence limit :limit"
)


def history(unit: Unit, case_id: str, *, after: int, limit: int) -> list[Mapping[str, Any]]:
    """Entries of a case after a sequence number, with their stored payload and hash."""
    rows = unit.execute(_HISTORY, {"case_id": case_id, "after": after, "limit": limit}).mappings()
    return [dict(row) for row in rows]


_ENTRIES = statement("select sequence, payload, hash from history where case_id = :case_id order by sequence")


def entries(unit: Unit, case_id: str) -> list[Mapping[str, Any]]:
    """Every entry of a case as it lies stored: sequence, payload, hash."""
    return [dict(row) for row in unit.execute(_ENTRIES, {"case_id": case_id}).mappings()]


_CHAIN = statement(
    "select c.head, h.sequence, h.id, h.action, h.occurred_on, h.recorded_at, h.actor_id, h.payload, h.hash "
    "from cases c left join history h on h.case_id = c.id where c.id = :case_id order by h.sequence"
)


def whole_chain(unit: Unit, case_id: str) -> tuple[str, list[Mapping[str, Any]]]:
    """The head a case names and all its entries, from one statement: both as of the same moment."""
    found = [dict(row) for row in unit.execute(_CHAIN, {"case_id": case_id}).mappings()]
    return found[0]["head"], [row for row in found if row["sequence"] is not None]


_COPIES = {
    "id": "id",
    "action": "action",
    "occurred_on": "occurred_on",
    "recorded_at": "recorded_at",
    "actor_id": "actor",
}


def copy_findings(case_id: str, row: Mapping[str, Any]) -> list[Finding]:
    """The columns beside an entry's payload that no longer say what the payload says; none where it is no JSON."""
    told = said(row["payload"])
    differing = [column for column, name in _COPIES.items() if told and not _same(row[column], told.get(name))]
    return [
        Finding(Fault.COPY_DIFFERS, f"entry {row['sequence']} does not agree with its {column}", case_id)
        for column in differing
    ]


def _same(stored: Any, told: Any) -> bool:
    if isinstance(stored, datetime):
        return isinstance(told, str) and stored == _moment(told)
    return bool((stored.isoformat() if isinstance(stored, date) else stored) == told)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None

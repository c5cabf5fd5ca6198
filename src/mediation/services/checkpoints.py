"""Sealing where every history stands: claim the right to, look at each case, write the checkpoint; hand them out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from mediation.domain.checkpoints import Leaf, Part, Sealed, read_sealed
from mediation.services.caller import Caller
from mediation.services.identity import acting
from mediation.services.views import CheckpointPage
from mediation.storage import Unit, consistent, leases
from mediation.storage import checkpoints as rows
from mediation.storage import people as people_rows
from mediation.storage.checkpoints import Standing, StoredCheckpoint

LEASE = "checkpoints"


def is_due(unit: Unit, now: datetime, latest: datetime) -> bool:
    """Whether nobody is sealing, and the next checkpoint may be made; it is not due later than `latest`."""
    return leases.is_free(unit, LEASE, now, latest)


def claim(unit: Unit, owner: str, now: datetime, until: datetime, *, latest: datetime, early: bool = False) -> bool:
    """Take the right to seal, `early` before the next is due; False when somebody else is sealing."""
    return leases.claim(unit, LEASE, owner, now, until, latest=latest, early=early)


def last(unit: Unit) -> StoredCheckpoint | None:
    """The newest checkpoint, as it lies stored."""
    return rows.last_checkpoint(unit)


def after(unit: Unit, number: int, limit: int) -> list[StoredCheckpoint]:
    """Checkpoints after a number, as they lie stored."""
    return rows.checkpoints(unit, after=number, limit=limit)


def key_ids(unit: Unit) -> set[str]:
    """The keys that sealed a checkpoint already."""
    return {row["key_id"] for row in rows.introduced_keys(unit)}


def public_keys(unit: Unit) -> list[str]:
    """The public keys of those, oldest first."""
    return [row["new_key"] for row in rows.introduced_keys(unit)]


def standings(unit: Unit, number: int, after_case: str, limit: int) -> list[Standing]:
    """The next cases, each beside what was last sealed of it before checkpoint `number`."""
    return rows.standings(unit, number=number, after=after_case, limit=limit)


def keep_leaves(unit: Unit, owner: str, until: datetime, number: int, leaves: Iterable[Leaf]) -> None:
    """Write what grew, and hold the right to seal for longer; LeaseLostError."""
    with unit.transaction():
        leases.renew(unit, LEASE, owner, until)
        rows.keep_leaves(unit, number, leaves)


def hold(unit: Unit, owner: str, until: datetime) -> None:
    """Hold the right to seal for longer; LeaseLostError."""
    leases.renew(unit, LEASE, owner, until)


def rest(unit: Unit, owner: str, next_due: datetime) -> None:
    """Give the right to seal back, as nothing grew; LeaseLostError."""
    leases.rest(unit, LEASE, owner, next_due)


def keep(unit: Unit, owner: str, next_due: datetime, sealed: Sealed, parts: Sequence[Part]) -> None:
    """Write the checkpoint with its event, and give the right back until the next is due; LeaseLostError."""
    with unit.transaction():
        leases.rest(unit, LEASE, owner, next_due)
        rows.keep_checkpoint(unit, sealed, parts)


def list_keys(unit: Unit, _caller: Caller) -> list[dict[str, Any]]:
    """Every key that ever sealed, oldest first: id, public key, and the first checkpoint under it."""
    return [
        {"key_id": row["key_id"], "public_key": row["new_key"], "first_checkpoint": row["number"]}
        for row in rows.introduced_keys(unit)
    ]


@consistent
def list_checkpoints(unit: Unit, caller: Caller, number: int, limit: int) -> CheckpointPage:
    """Checkpoints after a number with their signatures, so that others can keep copies; they name no case."""
    acting(people_rows.actor(unit, caller.subject, caller.today), caller)
    found = rows.checkpoints(unit, after=number, limit=limit + 1)
    items: list[Mapping[str, Any]] = [orjson.loads(row.line) for row in found[:limit]]
    return CheckpointPage(items, found[limit - 1].number if len(found) > limit else None)


def newest(unit: Unit) -> Sealed | None:
    """The newest checkpoint taken apart."""
    stored = rows.last_checkpoint(unit)
    return None if stored is None else read_sealed(stored.line)

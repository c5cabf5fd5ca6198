"""The cases of a moved body follow it: the bodies above that see each are written anew, in batches, by the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mediation.domain.days import shanghai_date
from mediation.storage import Unit, consistent
from mediation.storage import moves as rows

STRETCH = 500


def unfinished(unit: Unit) -> list[str]:
    """Moves that cases still have to follow, in the order they were made."""
    return rows.unfinished(unit)


def look(unit: Unit, move_id: str, now: datetime) -> bool:
    """List the cases that have to follow; False when none is left, or when another process is at it."""
    with unit.transaction():
        return rows.look(unit, move_id, now)


def follow(unit: Unit, move_id: str, now: datetime, limit: int) -> int:
    """Let the next `limit` listed cases follow; gives how many were taken.

    One transaction with the progress: a crash leaves each case either written anew or listed.
    """
    with unit.transaction():
        return rows.rewrite(unit, move_id, today=shanghai_date(now), limit=limit)


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases beside the tree: the last of them, how many, how many wait for a move, and what is wrong, told."""

    last: str
    cases: int
    waiting: int
    wrong: list[str]


@consistent
def prove(unit: Unit, after: str) -> Part | None:
    """Compare the next cases after an id with the tree; None after the last."""
    found = rows.compare(unit, after, STRETCH)
    if found is None:
        return None
    wrong = [f"case {case_id}: {scope} should see it and does not" for case_id, scope in found.missing]
    wrong += [f"case {case_id}: {scope} sees it and should not" for case_id, scope in found.surplus]
    wrong += [f"case {case_id}: its row for {scope} tells other clocks" for case_id, scope in found.stale]
    return Part(found.last, found.cases, found.waiting, wrong)

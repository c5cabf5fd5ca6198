"""The proof that no deadline is lost: started = fired + ended otherwise + pending, and history says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mediation.domain.completeness import FIRED, PENDING, Gap, is_behind, judge
from mediation.domain.deadlines import DeadlineStatus
from mediation.storage import Unit, consistent
from mediation.storage import completeness as rows

BATCH = 50


@dataclass(frozen=True, slots=True)
class Sums:
    """What became of every deadline by status, and what waits: overdue ones, open tasks, reminders not written yet."""

    by_status: Mapping[str, int]
    overdue: int
    oldest_days: int
    open_tasks: int
    unsent: int

    @property
    def fired(self) -> int:
        """Ended by the clock."""
        return sum(self.by_status.get(status, 0) for status in FIRED)

    @property
    def pending(self) -> int:
        """Still to come."""
        return sum(self.by_status.get(status, 0) for status in PENDING)

    @property
    def ended(self) -> int:
        """Stopped, cancelled or replaced before their time."""
        return sum(self.by_status.values()) - self.fired - self.pending


@consistent
def count(unit: Unit, today: date) -> Sums:
    """Count by SQL alone, as the metrics do."""
    found = rows.counted(unit, today)
    by_status = {str(status): found.by_status.get(status, 0) for status in DeadlineStatus}
    oldest = (today - found.oldest).days if found.oldest else 0
    return Sums(by_status, found.overdue, oldest, found.open_tasks, found.unsent)


def sums_of(by_status: Mapping[str, int]) -> Sums:
    """The sums of deadlines that were counted elsewhere; what waits is left out."""
    return Sums(by_status, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases compared: the last of them, deadlines that history started, stored ones by status, what is wrong."""

    last: str
    cases: int
    started: int
    by_status: Counter[str]
    gaps: list[Gap]


@consistent
def prove(unit: Unit, after: str, today: date, grace: int) -> Part | None:
    """Compare the next cases after an id with their histories; None after the last. `grace` in days for the worker."""
    found = rows.cases_after(unit, after, BATCH)
    if not found:
        return None
    gaps: list[Gap] = []
    started: set[str] = set()
    for case_id, told in found.items():
        started.update(
            change["k"] for entry in told.entries for change in entry["changes"] if change["c"] == "deadlines"
        )
        gaps += judge(case_id, told.entries, told.deadlines, told.tasks)
        behind = [row for row in told.deadlines if is_behind(row, today, grace)]
        gaps += [Gap(case_id, row["id"], f"it was due on {row['due']} and has not fired") for row in behind]
    by_status = Counter(row["status"] for told in found.values() for row in told.deadlines)
    return Part(next(reversed(found)), len(found), len(started), by_status, gaps)

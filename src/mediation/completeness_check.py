"""The proof of completeness as a command runs it: batch by batch, in bounded memory, told line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

from mediation.domain.deadlines import DeadlineStatus
from mediation.services import completeness
from mediation.services.completeness import Sums
from mediation.storage import Database

Say = Callable[[str], object]


def prove(database: Database, today: date, grace: int, say: Say) -> int:
    """Compare every case with its history; gives how many things do not fit, each told as it is found."""
    after, cases, started, found = "", 0, 0, 0
    by_status: Counter[str] = Counter()
    while (part := database.run_read(completeness.prove, after, today, grace)) is not None:
        for gap in part.gaps:
            say(f"case {gap.case_id} deadline {gap.deadline_id}: {gap.text}")
        after, cases, started = part.last, cases + part.cases, started + part.started
        found += len(part.gaps)
        by_status += part.by_status
    sums = completeness.sums_of(by_status)
    say(f"{cases} cases, {started} deadlines started according to history")
    _tell(sums, say)
    if started != sum(sums.by_status.values()):
        found += 1
        say(f"history started {started} deadlines, but {sum(sums.by_status.values())} are stored")
    say("Nothing is lost." if not found else f"{found} finding(s).")
    return found


def count(database: Database, today: date, grace: int, say: Say) -> int:
    """Count by SQL alone; gives 1 when a deadline is overdue for more than `grace` days."""
    sums = database.run_read(completeness.count, today)
    _tell(sums, say)
    say(f"overdue {sums.overdue}, the oldest for {sums.oldest_days} days; open tasks {sums.open_tasks}")
    say(f"reminders not written yet {sums.unsent}")
    return int(sums.oldest_days > grace)


def _tell(sums: Sums, say: Say) -> None:
    total = sum(sums.by_status.values())
    say(f"due {total} = fired {sums.fired} + ended otherwise {sums.ended} + pending {sums.pending}")
    say(", ".join(f"{status} {sums.by_status.get(status, 0)}" for status in DeadlineStatus))

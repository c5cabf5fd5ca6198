"""Deadlines counted again after a notice was loaded or taken back, many cases at once, each with its entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from mediation.domain.access import SYSTEM
from mediation.domain.calendar import Line
from mediation.domain.calendar_loads import CalendarLoad, Outdated, Succession
from mediation.domain.days import shanghai_date
from mediation.domain.deadlines import Deadline
from mediation.domain.history import Entry, chain, last_entry, payload_of
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Change, to_row
from mediation.domain.recounts import Move, count_again, reach
from mediation.domain.reminders import remind_on
from mediation.services.calendars import refresh
from mediation.storage import Unit
from mediation.storage import calendars as calendar_rows
from mediation.storage import recounts as rows
from mediation.storage.cases import stamp
from mediation.storage.ids import new_id
from mediation.storage.recording import clock_columns, history_row

SETTLING = timedelta(minutes=10)
"""How long after a load another process may still write what it counted on the calendar before."""
AGAIN = timedelta(seconds=30)
"""How often a recount that is over is looked at again while that may happen."""


def unfinished(unit: Unit, now: datetime) -> list[str]:
    """Loads to be looked at, oldest first: their recount is not over, or a slower process may have added to it."""
    return [row["id"] for row in calendar_rows.loads(unit) if _needs_a_look(row, now)]


def _needs_a_look(row: Any, now: datetime) -> bool:
    if row["finished_at"] is None:
        return True
    looked_at: datetime = row["looked_at"]
    return looked_at < row["loaded_at"] + SETTLING and looked_at < now - AGAIN


def look(unit: Unit, load_id: str, now: datetime) -> bool:
    """List the cases a load makes stale; False when none is left, or when another process is at it."""
    with unit.transaction():
        stale = refresh(unit).outdated(load_id)
        since, versions = (None, frozenset[str]()) if stale is None else (stale.since, stale.versions)
        return rows.look(unit, load_id, since=since, versions=versions, now=now)


def count_batch(unit: Unit, load_id: str, now: datetime, limit: int) -> int:
    """Count the next `limit` listed cases again; gives how many were taken. Who was written meanwhile stays listed.

    One transaction with the progress and the report: a crash leaves each case either counted or listed.
    """
    with unit.transaction():
        recount = Recount(refresh(unit), load_id, now)
        listed = rows.take(unit, load_id, limit)
        for case in listed:
            recount.add(case)
        if listed:
            rows.record(unit, recount.batch)
    return len(listed)


class Recount:
    """A batch being counted: for each case the rows that tell and keep what changed."""

    def __init__(self, succession: Succession, load_id: str, now: datetime) -> None:
        """Count on the calendar in force, for one load, at one moment."""
        self.batch = rows.Batch(load_id)
        self._load: CalendarLoad = succession.load(load_id)
        self._stale: Outdated | None = succession.outdated(load_id)
        self._calendar = succession.current
        self._known = succession.versions()
        self._now = now

    def add(self, case: rows.Listed) -> None:
        """Count one case again; it is settled when nothing in it is stale any more."""
        counted = [(old, *count_again(old, self._calendar, known=self._known)) for old in self._touched(case)]
        if not counted:
            self.batch.settled.append(case.id)
            return
        moves = [move for _, _, move in counted if move is not None]
        entry = self._entry(case, moves)
        pairs = [(old, new) for old, new, _ in counted]
        running = {d.id: d for d in case.deadlines} | {new.id: new for _, new in pairs}
        changes = [
            Change("deadlines", old.id, to_row("deadlines", old), to_row("deadlines", new)) for old, new in pairs
        ]
        self._tell(case, entry, changes, clock_columns(running.values()))
        self.batch.deadlines += [self._deadline_row(case.id, old, new) for old, new in pairs]
        self.batch.calendar_moves += [self._move_row(case.id, move) for move in moves]

    def _touched(self, case: rows.Listed) -> list[Deadline]:
        stale = self._stale
        return [d for d in case.deadlines if stale is not None and stale.touches(reach(d), d.calendar_version)]

    def _entry(self, case: rows.Listed, moves: list[Move]) -> Entry:
        moved = [
            {"term": move.term, "from": move.old_due.isoformat(), "to": move.new_due.isoformat()}
            for move in moves
            if move.has_moved
        ]
        return Entry(
            id=new_id(),
            kind="recount",
            action="calendar_loaded" if self._load.undoes_id is None else "calendar_undone",
            occurred_on=shanghai_date(self._now),
            recorded_at=self._now,
            actor_id=SYSTEM.person_id,
            organization_id=None,
            roles=(str(CaseRole.SYSTEM),),
            request_id=f"recount-{self._load.id}",
            procedure=case.procedure,
            clear={"load": self._load.id, "calendar_version": self._calendar.version, "moved": moved},
        )

    def _tell(self, case: rows.Listed, entry: Entry, changes: list[Change], clocks: Mapping[str, Any]) -> None:
        """The entry of history, and the case as it stands with it."""
        sequence = case.sequence + 1
        payload = payload_of(case.id, sequence, entry, changes, None)
        head = chain(case.head, payload)
        self.batch.history.append(history_row(case.id, sequence, entry, payload, head))
        self.batch.cases.append(
            {
                "id": case.id,
                "version": case.version + 1,
                "sequence": sequence,
                "head": head,
                "last_entry": orjson.dumps(last_entry(entry, sequence)).decode(),
                "updated_at": stamp(entry.recorded_at),
                **clocks,
            }
        )

    def _deadline_row(self, case_id: str, old: Deadline, new: Deadline) -> dict[str, Any]:
        looks = remind_on(new, shanghai_date(self._now), before=old)
        return {
            "id": new.id,
            "case_id": case_id,
            "due": new.due.isoformat(),
            "raw": new.raw.isoformat(),
            "provisional": new.provisional,
            "calendar_version": new.calendar_version,
            "remind_on": looks.isoformat() if looks else None,
        }

    def _move_row(self, case_id: str, move: Move) -> dict[str, Any]:
        return {
            "load_id": self._load.id,
            "id": new_id(),
            "case_id": case_id,
            "deadline_id": move.deadline_id,
            "term": move.term,
            "old_due": move.old_due.isoformat(),
            "new_due": move.new_due.isoformat(),
            "was_provisional": move.was_provisional,
            "is_provisional": move.is_provisional,
            "old_working": _lines(move.before),
            "new_working": _lines(move.after),
        }


def _lines(lines: tuple[Line, ...]) -> str:
    return orjson.dumps([{"zh": line.zh, "en": line.en, "facts": line.facts} for line in lines]).decode()

"""The background chores: fires lapsed terms, oldest first, in small batches."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime
from enum import Enum, auto
from typing import Protocol

import structlog

from mediation.services import calendars, lapses, recounts
from mediation.services.recording import LostRaceError
from mediation.storage import Database

BATCH = 50
_log = structlog.get_logger("mediation.worker")


class Clock(Protocol):
    """What the worker takes for now and for today in Shanghai."""

    def now(self) -> datetime: ...
    def today(self) -> date: ...


def run_due(database: Database, clock: Clock) -> int:
    """Fire every deadline that is over, oldest first, until none is left; gives how many were fired.

    One transaction a deadline: a crash leaves each either fired or due. Of each case one is fired before the rest
    are looked at again, as it may start what fell due before them. A case that fails is left for the next round.
    """
    fired, left, failed = 0, set[str](), set[str]()
    while True:
        limit = BATCH + len(left)
        found = database.run_read(lapses.due, clock.today(), limit)
        left.update(deadline_id for case_id, deadline_id in found if case_id in failed)
        first: dict[str, str] = {}
        for case_id, deadline_id in found:
            if deadline_id not in left:
                first.setdefault(case_id, deadline_id)
        if not first and len(found) < limit:
            return fired
        for case_id, deadline_id in first.items():
            outcome = _fire(database, clock, case_id, deadline_id)
            fired += outcome is Outcome.FIRED
            if outcome is Outcome.NOTHING:
                left.add(deadline_id)
            elif outcome is Outcome.FAILED:
                failed.add(case_id)


class Outcome(Enum):
    """What came of a deadline: a race that was lost is run again, with what the winner left."""

    FIRED = auto()
    NOTHING = auto()
    LOST = auto()
    FAILED = auto()


def recount_stale(database: Database, clock: Clock) -> int:
    """Count deadlines again that end in years loaded since; gives the number of cases touched."""
    done = 0
    while found := database.run_read(recounts.stale, BATCH):
        lost = False
        for case_id in found:
            try:
                done += database.run_write(recounts.recount, case_id, clock.now(), clock.today())
            except LostRaceError:
                lost = True
        if lost:
            return done
    return done


def _fire(database: Database, clock: Clock, case_id: str, deadline_id: str) -> Outcome:
    try:
        done = database.run_write(lapses.fire, case_id, deadline_id, clock.now(), clock.today())
    except LostRaceError:
        return Outcome.LOST
    except Exception:  # noqa: BLE001 - the loop goes on with the next case; this one stays due and is tried again
        _log.exception("lapse_failed", case_id=case_id, deadline_id=deadline_id)
        return Outcome.FAILED
    return Outcome.FIRED if done else Outcome.NOTHING


@asynccontextmanager
async def running(database: Database, clock: Clock, seconds: float, *, fires: bool) -> AsyncIterator[None]:
    """Run the chores beside a serving process, every `seconds`, until it ends.

    Without `fires` only the calendar is kept up to date, which every process needs for itself.
    """
    stop = asyncio.Event()

    async def loop() -> None:
        while not stop.is_set():
            await asyncio.to_thread(_round, database, clock, fires=fires)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    task = asyncio.create_task(loop())
    try:
        yield
    finally:
        stop.set()
        await task


def _round(database: Database, clock: Clock, *, fires: bool = True) -> None:
    try:
        database.run_read(calendars.refresh)
        if fires:
            recount_stale(database, clock)
            run_due(database, clock)
    except Exception:  # noqa: BLE001 - a database that is away for a while must not end the chores
        _log.exception("round_failed")


def run(database: Database, clock: Clock, seconds: float, until: Callable[[], bool] | None = None) -> None:
    """Run the chores alone until SIGTERM or SIGINT."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    while not stop.is_set() and not (until is not None and until()):
        _round(database, clock)
        stop.wait(seconds)

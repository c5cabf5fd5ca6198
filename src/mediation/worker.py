"""The background chores: fires lapsed terms, oldest first, in small batches, and says what is to be said."""

from __future__ import annotations

import asyncio
import math
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime
from enum import Enum, auto
from typing import Protocol

import structlog

from mediation import metrics
from mediation.gateways.clock import real_now
from mediation.sealer import Sealer
from mediation.services import (
    access_deliveries,
    access_log,
    calendars,
    credentials,
    idempotency,
    lapses,
    local_figures,
    recounts,
    reminders,
    rescoping,
)
from mediation.services.recording import LostRaceError
from mediation.storage import Database, Unit

BATCH = 50
CASES_AT_ONCE = 200  # of a recount; some 150 ms
RECOUNT_SECONDS = 5.0  # of a round; then what is due has its turn, but for cases that wait to be counted
FORGOTTEN_AT_ONCE = 200
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


def remind(database: Database, clock: Clock) -> int:
    """Write the reminders and escalations that are due, batch by batch; gives how many were written.

    Several workers may share the work: a batch is one transaction, and what one holds the others leave out.
    """
    written = 0
    for say in (reminders.remind, reminders.escalate, reminders.remind_of_requests):
        looked = reminders.BATCH
        while looked == reminders.BATCH:
            looked, made = database.run_write(say, clock.today())
            written += made
            metrics.REMINDED.inc(made)
    return written


def catch_up(database: Database, clock: Clock) -> int:
    """Fire what is due, then remind of what will be; gives how many deadlines were fired."""
    fired = run_due(database, clock)
    remind(database, clock)
    return fired


def deliver_access_requests(database: Database, clock: Clock) -> int:
    """Bring what was asked to the cases it names, one transaction each; gives how many requests were looked at.

    A request that fails, or whose case was written meanwhile, is left for the next round.
    """
    taken, after = 0, ""
    while found := database.run_read(access_deliveries.undelivered, after, BATCH):
        after = found[-1]
        for request_id in found:
            taken += _deliver(database, clock, request_id)
    return taken


def _deliver(database: Database, clock: Clock, request_id: str) -> bool:
    try:
        return database.run_write(access_deliveries.deliver, request_id, clock.now())
    except LostRaceError:
        return False
    except Exception:  # noqa: BLE001 - the loop goes on with the next request; this one is tried again
        _log.exception("delivery_failed", request_id=request_id)
        metrics.FAILURES.inc()
        return False


def forget(database: Database, now: datetime) -> None:
    """Drop what nobody can use again: assertions that are over, old readings. `now` is the real time."""
    for drop in (credentials.forget_assertions, access_log.forget):
        _drop_all(database, drop, now)


def forget_answers(database: Database, clock: Clock) -> None:
    """Drop the answers kept under an Idempotency-Key that is honoured no longer, by the clock they were kept by."""
    _drop_all(database, idempotency.forget, clock.now())


def _drop_all(database: Database, drop: Callable[[Unit, datetime, int], int], now: datetime) -> None:
    """Drop batch after batch, each a transaction, until none is left or others have the rest in hand."""
    while database.run_write(drop, now, FORGOTTEN_AT_ONCE) == FORGOTTEN_AT_ONCE:
        pass


class Outcome(Enum):
    """What came of a deadline: a race that was lost is run again, with what the winner left."""

    FIRED = auto()
    NOTHING = auto()
    LOST = auto()
    FAILED = auto()


def recount_stale(
    database: Database,
    clock: Clock,
    told: Callable[[int], None] = lambda _cases: None,
    *,
    batch: int = CASES_AT_ONCE,
    seconds: float = math.inf,
) -> int:
    """Count deadlines again that loaded notices made stale, load by load; gives the number of cases taken.

    `batch` cases a transaction, for so many `seconds` at most; `told` hears the number after each batch.
    """
    taken, end = 0, time.monotonic() + seconds
    for load_id in database.run_read(recounts.unfinished, clock.now()):
        for cases in _batches(database, clock, (recounts.look, recounts.count_batch), load_id, batch):
            taken += cases
            told(taken)
            if time.monotonic() > end:
                return taken
    return taken


Work = tuple[Callable[[Unit, str, datetime], bool], Callable[[Unit, str, datetime, int], int]]
"""How the cases of a load or of a move are listed, and how the next so many of them are done."""


def _batches(database: Database, clock: Clock, work: Work, key: str, batch: int) -> Iterator[int]:
    """Take the cases of one load or move, batch by batch, until none is left or other workers have the rest in hand."""
    look, take = work
    had_some = True
    while had_some and database.run_write(look, key, clock.now()):
        had_some = False
        while cases := database.run_write(take, key, clock.now(), batch):
            had_some = True
            yield cases


def follow_moves(
    database: Database,
    clock: Clock,
    told: Callable[[int], None] = lambda _cases: None,
    *,
    batch: int = CASES_AT_ONCE,
    seconds: float = math.inf,
) -> int:
    """Let the cases of moved bodies follow them in the tree, move by move; gives the number of cases taken.

    `batch` cases a transaction, for so many `seconds` at most; `told` hears the number after each batch.
    """
    taken, end = 0, time.monotonic() + seconds
    for move_id in database.run_read(rescoping.unfinished):
        for cases in _batches(database, clock, (rescoping.look, rescoping.follow), move_id, batch):
            taken += cases
            told(taken)
            if time.monotonic() > end:
                return taken
    return taken


def _fire(database: Database, clock: Clock, case_id: str, deadline_id: str) -> Outcome:
    try:
        done = database.run_write(lapses.fire, case_id, deadline_id, clock.now(), clock.today())
    except LostRaceError:
        return Outcome.LOST
    except Exception:  # noqa: BLE001 - the loop goes on with the next case; this one stays due and is tried again
        _log.exception("lapse_failed", case_id=case_id, deadline_id=deadline_id)
        metrics.FAILURES.inc()
        return Outcome.FAILED
    metrics.FIRED.inc(int(done))
    return Outcome.FIRED if done else Outcome.NOTHING


@asynccontextmanager
async def running(
    database: Database, clock: Clock, seconds: float, *, fires: bool, sealer: Sealer | None = None
) -> AsyncIterator[None]:
    """Run the chores beside a serving process, every `seconds`, until it ends.

    Without `fires` only the calendar and the local figures are kept up to date, which every process needs for itself.
    """
    stop = asyncio.Event()

    async def loop() -> None:
        while not stop.is_set():
            await asyncio.to_thread(_round, database, clock, fires=fires, sealer=sealer)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    task = asyncio.create_task(loop())
    try:
        yield
    finally:
        stop.set()
        await task


def _round(database: Database, clock: Clock, *, fires: bool = True, sealer: Sealer | None = None) -> None:
    began = time.monotonic()
    try:
        database.run_read(calendars.refresh)
        database.run_read(local_figures.refresh)
        if fires:
            recount_stale(database, clock, seconds=RECOUNT_SECONDS)
            follow_moves(database, clock, seconds=RECOUNT_SECONDS)
            catch_up(database, clock)
            deliver_access_requests(database, clock)
            forget(database, real_now())
            forget_answers(database, clock)
            metrics.LAST_ROUND.set_to_current_time()
            metrics.ROUND_SECONDS.set(time.monotonic() - began)
    except Exception:  # noqa: BLE001 - a database that is away for a while must not end the chores
        metrics.FAILURES.inc()
        _log.exception("round_failed")
    if sealer is not None:
        _seal(sealer)


def _seal(sealer: Sealer) -> None:
    """Seal whatever became of the other chores: what they wrote until then is history too."""
    try:
        sealer.run()
    except Exception:  # noqa: BLE001 - the same as above
        metrics.FAILURES.inc()
        _log.exception("seal_failed")


def run(
    database: Database,
    clock: Clock,
    seconds: float,
    until: Callable[[], bool] | None = None,
    sealer: Sealer | None = None,
) -> None:
    """Run the chores alone until SIGTERM or SIGINT."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    while not stop.is_set() and not (until is not None and until()):
        _round(database, clock, sealer=sealer)
        stop.wait(seconds)

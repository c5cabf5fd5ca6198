"""A few threads that do whole units of work for the event loop, handed over with as little ado as it takes.

An executor chains and shields futures, which a request of a single statement notices: docs/performance.md.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
_Task = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any], Callable[[], None]]


class Threads:
    """So many threads of one name; they start with the first work."""

    def __init__(self, number: int, name: str) -> None:
        """Nothing runs yet."""
        self._number, self._name = number, name
        self._work: SimpleQueue[_Task | None] = SimpleQueue()
        self._running: list[threading.Thread] = []

    def run(self, function: Callable[[], T], ended: Callable[[], None]) -> asyncio.Future[T]:
        """Do the work on a thread, from within a loop; `ended` is called in the loop when it is over.

        Work once begun goes on to its end: who cancels the future only stops waiting.
        """
        while len(self._running) < self._number:
            thread = threading.Thread(target=self._serve, name=f"{self._name}_{len(self._running)}", daemon=True)
            self._running.append(thread)
            thread.start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._work.put((loop, future, function, ended))
        return future

    def close(self) -> None:
        """Let what was begun, and what waits, come to its end."""
        for _ in self._running:
            self._work.put(None)
        while self._running:
            self._running.pop().join()

    def _serve(self) -> None:
        while (task := self._work.get()) is not None:
            loop, future, function, ended = task
            result = error = None
            try:
                result = function()
            except BaseException as raised:  # noqa: BLE001 - it belongs to whoever waits
                error = raised
            with suppress(RuntimeError):  # the loop is closed, nobody waits any more
                loop.call_soon_threadsafe(_settle, future, result, error, ended)
            del task, loop, future, function, ended, result, error  # a waiting thread keeps nothing alive


def _settle(
    future: asyncio.Future[Any], result: object, error: BaseException | None, ended: Callable[[], None]
) -> None:
    ended()
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)

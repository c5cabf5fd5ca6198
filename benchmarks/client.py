"""The client, in a process of its own: a few connections kept alive, one operation for some seconds.

Reads its order as JSON on standard input, writes what it saw as JSON on standard output.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import orjson
import uvloop

from benchmarks.dispute import DISPUTE, STEP, step_body

Ask = Callable[[], tuple[str, str, dict[str, str], bytes]]


@dataclass(slots=True)
class Standing:
    """One case as this client last saw it: its version, and the end of the negotiation."""

    id: str
    version: str
    ends_on: date


@dataclass(slots=True)
class Worker:
    """One connection and the cases that nobody else touches."""

    cases: list[Standing]
    milliseconds: list[float] = field(default_factory=list)
    turn: Iterator[Standing] = field(init=False)
    current: Standing = field(init=False)

    def __post_init__(self) -> None:
        self.turn = itertools.cycle(self.cases)

    def create(self) -> tuple[str, str, dict[str, str], bytes]:
        return "POST", "/v1/cases", {"Idempotency-Key": str(uuid.uuid4())}, DISPUTE

    def step(self) -> tuple[str, str, dict[str, str], bytes]:
        """Agree on a later end of the negotiation: moves a clock, writes history, keeps the state."""
        case = self.current = next(self.turn)
        case.ends_on += timedelta(days=10)
        headers = {"Idempotency-Key": str(uuid.uuid4()), "If-Match": case.version}
        return "POST", f"/v1/cases/{case.id}/steps/{STEP}", headers, step_body(case.ends_on)

    def read(self) -> tuple[str, str, dict[str, str], bytes]:
        return "GET", f"/v1/cases/{next(self.turn).id}", {}, b""

    def list(self) -> tuple[str, str, dict[str, str], bytes]:
        return "GET", "/v1/cases?scope=organization", {}, b""


async def load(order: dict[str, Any]) -> dict[str, Any]:
    """Keep every connection busy until the time is over."""
    shares = [order["cases"][i :: order["connections"]] for i in range(order["connections"])]
    workers = [
        Worker([Standing(c["id"], c["version"], date.fromisoformat(c["ends_on"])) for c in share]) for share in shares
    ]
    started = time.perf_counter()
    until = started + order["seconds"]
    await asyncio.gather(*(_keep_busy(worker, order, until) for worker in workers))
    elapsed = time.perf_counter() - started
    milliseconds = sorted(itertools.chain.from_iterable(worker.milliseconds for worker in workers))
    cases = [
        {"id": c.id, "version": c.version, "ends_on": c.ends_on.isoformat()} for worker in workers for c in worker.cases
    ]
    return {"seconds": elapsed, "milliseconds": milliseconds, "cases": cases}


async def _keep_busy(worker: Worker, order: dict[str, Any], until: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", order["port"])
    ask: Ask = getattr(worker, order["operation"])
    status = 201 if order["operation"] == "create" else 200
    while (started := time.perf_counter()) < until:
        etag = await _exchange(reader, writer, order["token"], ask, status)
        worker.milliseconds.append((time.perf_counter() - started) * 1000)
        if order["operation"] == "step":
            worker.current.version = etag
    writer.close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str, ask: Ask, status: int
) -> str:
    method, path, headers, body = ask()
    given = {"Host": "127.0.0.1", "Authorization": f"Bearer {token}", **headers}
    if body:
        given |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    writer.write(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    told = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
    answer = await reader.readexactly(int(told["content-length"]))
    if int(head[0].split(" ", 2)[1]) != status:
        message = f"{method} {path}: {head[0]}\n{answer.decode()}"
        raise RuntimeError(message)
    return told.get("etag", "")


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(load(orjson.loads(sys.stdin.buffer.read())))))

"""`python -m benchmarks`: the service and the floor side by side, rounds interleaved; the table goes into the docs."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from tests import postgres

from benchmarks.report import Run, table, write
from benchmarks.servers import Server
from benchmarks.stage import Side, Stage

OPERATIONS = ("create", "step", "read", "list")
CONNECTIONS = 8
WARM_SECONDS = 1.0


def main() -> None:
    """Measure, print, and write docs/performance.md unless told not to."""
    options = _options()
    runs: list[Run] = []
    for name in options.databases:
        with stage(name) as on_stage:
            runs += measure(on_stage, options)
    text = table(runs)
    print(text)
    if not options.dry:
        write(text)


@contextmanager
def stage(name: str) -> Iterator[Stage]:
    """One database, brought up and taken down."""
    with tempfile.TemporaryDirectory(prefix="mediation-benchmark-") as folder:
        server = postgres.start(fsync=True) if name == "postgresql" else None
        try:
            yield Stage(Path(folder), server)
        finally:
            if server is not None:
                server.stop()


def measure(on: Stage, options: argparse.Namespace) -> list[Run]:
    """Every operation on both sides, round by round, one side at a time."""
    ours, floor = on.prepare(core=None if options.free else max(os.sched_getaffinity(0)))
    runs: list[Run] = []
    with on.started(ours) as our_server, on.started(floor) as floor_server:
        sides = ((ours, our_server), (floor, floor_server))
        for number in range(options.rounds + 1):
            for operation in options.operations:
                for side, server in sides if number % 2 else sides[::-1]:
                    seconds = options.seconds if number else WARM_SECONDS
                    run = run_once(on, side, server, operation, seconds)
                    if number:
                        runs.append(run)
                        print(run, file=sys.stderr)
    return runs


def run_once(on: Stage, side: Side, server: Server, operation: str, seconds: float) -> Run:
    """One operation on one side for some seconds, by a client in its own process."""
    order: dict[str, Any] = {
        "port": side.port,
        "token": side.token,
        "cases": side.cases,
        "operation": operation,
        "connections": CONNECTIONS,
        "seconds": seconds,
    }
    before = server.cpu_seconds()
    client = subprocess.run(
        [sys.executable, "-m", "benchmarks.client"], input=orjson.dumps(order), capture_output=True, check=False
    )
    service, database = (now - then for now, then in zip(server.cpu_seconds(), before, strict=True))
    if client.returncode:
        raise RuntimeError(client.stderr.decode())
    seen = orjson.loads(client.stdout)
    side.cases[:] = seen["cases"]
    return Run(on.name, operation, side.name, seen["milliseconds"], seen["seconds"], service, database)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=8, help="how often both sides take turns (8)")
    parser.add_argument("--seconds", type=float, default=0.8, help="how long each turn lasts (0.8)")
    parser.add_argument("--databases", nargs="+", default=["postgresql", "sqlite"], choices=["postgresql", "sqlite"])
    parser.add_argument("--operations", nargs="+", default=list(OPERATIONS), choices=OPERATIONS)
    parser.add_argument("--free", action="store_true", help="let the system move the servers between cores")
    parser.add_argument("--dry", action="store_true", help="print the table, leave the docs alone")
    return parser.parse_args()


if __name__ == "__main__":
    main()

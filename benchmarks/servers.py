"""Processes of a benchmark: started on 127.0.0.1, their CPU time read, ended by their pid."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 30.0
STOP_SECONDS = 20.0
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, and the processes whose work counts as its own."""

    port: int
    process: subprocess.Popen[bytes]
    database_pid: int | None

    def cpu_seconds(self) -> tuple[float, float]:
        """CPU time used so far: by the service, and by its database with the processes that ended included."""
        service = _cpu(self.process.pid, with_ended=False)
        if self.database_pid is None:
            return service, 0.0
        return service, cpu_of_children(self.database_pid)


def cpu_of_children(pid: int) -> float:
    """CPU time used so far by a process and its children, those that ended included."""
    return _cpu(pid, with_ended=True) + sum(_cpu(child, with_ended=False) for child in _children(pid))


def _cpu(pid: int, *, with_ended: bool) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return 0.0
    user, system, ended_user, ended_system = map(int, stat.rpartition(")")[2].split()[11:15])
    return (user + system + (ended_user + ended_system if with_ended else 0)) / _TICK


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def serving(
    arguments: Sequence[str], environment: Mapping[str, str], port: int, *, log: Path, database_pid: int | None
) -> Iterator[Server]:
    """Run `python -m …` until the block ends."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
        )
    try:
        _wait(process, port, log)
        yield Server(port, process, database_pid)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = f"the server does not answer:\n{log.read_text(errors='replace')[-4000:]}"
    raise RuntimeError(message)


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port

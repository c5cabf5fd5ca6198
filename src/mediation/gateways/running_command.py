"""A command that keeps running and is asked in lines of JSON: each with a number, which its answer repeats."""

from __future__ import annotations

import os
import selectors
import shlex
import subprocess
import time
from typing import Any, Final

import orjson

LONGEST_LINE: Final = 4 * 1024 * 1024


class CommandFailedError(Exception):
    """The command does not run, does not answer in time, or not as it should."""


class _EndedError(Exception):
    """The command is no longer there."""


class RunningCommand:
    """The running command: started when it is asked, started anew when it ended, killed when it does not answer."""

    def __init__(self, command: str, seconds: float) -> None:
        """Nothing runs yet. ValueError for a command that cannot be read."""
        self._words, self._seconds = shlex.split(command), seconds
        if not self._words:
            raise ValueError("the command is empty")
        self._process: subprocess.Popen[bytes] | None = None
        self._number = 0

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request; once more to a new process where the command had ended, never after a time-out."""
        try:
            return self._ask_once(request)
        except _EndedError:
            self.stop()
        try:
            return self._ask_once(request)
        except _EndedError:
            self.stop()
            raise CommandFailedError("the command ended") from None

    def stop(self) -> None:
        """Kill it, if it runs."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _ask_once(self, request: dict[str, Any]) -> dict[str, Any]:
        process = self._process or self._start()
        self._number += 1
        until = time.monotonic() + self._seconds
        self._send(process, orjson.dumps({"id": self._number, **request}) + b"\n", until)
        return self._answer(self._read_line(process, until))

    def _send(self, process: subprocess.Popen[bytes], line: bytes, until: float) -> None:
        assert process.stdin is not None  # noqa: S101 - piped
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdin, selectors.EVENT_WRITE)
            while line:
                self._wait(selector, until)
                try:
                    line = line[os.write(process.stdin.fileno(), line) :]
                except BlockingIOError:
                    continue
                except OSError:
                    raise _EndedError from None

    def _wait(self, selector: selectors.BaseSelector, until: float) -> None:
        if not selector.select(max(until - time.monotonic(), 0)):
            self.stop()
            raise CommandFailedError("the command did not answer in time")

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            told = orjson.loads(line)
        except orjson.JSONDecodeError:
            told = None
        if not isinstance(told, dict) or told.get("id") != self._number:
            self.stop()
            raise CommandFailedError("the command answered something else")
        return told

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - set by who runs the service
                self._words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
        except OSError as error:
            raise CommandFailedError(f"the command cannot be run ({type(error).__name__})") from None
        assert self._process.stdin is not None  # noqa: S101 - piped
        os.set_blocking(self._process.stdin.fileno(), False)
        return self._process

    def _read_line(self, process: subprocess.Popen[bytes], until: float) -> bytes:
        assert process.stdout is not None  # noqa: S101 - piped
        line = b""
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not line.endswith(b"\n"):
                self._wait(selector, until)
                part = process.stdout.read(65536)
                if not part:
                    raise _EndedError
                line += part
                if len(line) > LONGEST_LINE:
                    self.stop()
                    raise CommandFailedError("the command answered too much")
        return line

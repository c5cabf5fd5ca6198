"""The file of checkpoints outside the database: a line each, only ever added to."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_READ_BACK: Final = 16_384  # many times a line


class CheckpointFileError(Exception):
    """The file cannot be read or written."""


class CheckpointFile:
    """Adds lines, each on the disk before the call returns; several processes may share one file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def extend(self, missing: Callable[[Sequence[str]], Iterable[str]]) -> int:
        """Add what `missing` gives for the last whole lines, others kept out meanwhile; gives how many.

        A line that a crash cut short is ended, and stays before the whole one; one that lacks its end alone is ended.
        """
        try:
            with self._opened() as descriptor:
                found, torn = _last_lines(descriptor)
                lines = list(missing(found))
                if not lines:
                    return 0
                text = "".join(f"{line}\n" for line in (lines[1:] if lines[0] == torn else lines))
                _write(descriptor, f"\n{text}" if torn else text)
        except OSError as error:
            raise CheckpointFileError(f"{self.path} cannot be written: {error.strerror}") from error
        return len(lines)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        is_new = not self.path.exists()
        if is_new:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if is_new:
                _flush_folder(self.path.parent)
            yield descriptor
        finally:
            os.close(descriptor)


def read_lines(path: Path) -> list[str]:
    """Every line of a file of checkpoints; one that a crash cut short, and that follows whole, is left out."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError as error:
        raise CheckpointFileError(f"{path} cannot be read: {error.strerror}") from error
    found: list[str] = []
    for line in reversed(lines):
        if line and not (found and found[-1] != line and found[-1].startswith(line)):
            found.append(line)
    return found[::-1]


def _last_lines(descriptor: int) -> tuple[list[str], str]:
    """The last whole lines, and what stands after them without an end."""
    size = os.fstat(descriptor).st_size
    begin = max(0, size - _READ_BACK)
    *whole, rest = os.pread(descriptor, size - begin, begin).split(b"\n")
    return [line.decode(errors="replace") for line in whole], rest.decode(errors="replace")


def _write(descriptor: int, text: str) -> None:
    data = text.encode()
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    """Put the entry of a new file on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

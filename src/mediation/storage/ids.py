"""Identifiers that sort by time of birth: UUID version 7 (RFC 9562), monotonic within a process."""

from __future__ import annotations

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A fresh UUIDv7 as text; later calls of one process sort after earlier ones."""
    global _last  # noqa: PLW0603 - the last stamp is what makes the order hold within a millisecond
    stamp = time.time_ns() // 244  # 48 bits of milliseconds and 12 of their fraction, in 1/4096 ms
    with _lock:
        stamp = max(stamp, _last + 1)
        _last = stamp
    milliseconds, fraction = divmod(stamp, 4096)
    random = int.from_bytes(os.urandom(8), "big") >> 2
    value = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | fraction << 64 | 2 << 62 | random
    return str(uuid.UUID(int=value))

"""Data keys wrapped by a service outside: a command that keeps running, asked a JSON line at a time.

The master key stays with that service. What is asked and answered is told in docs/keys.md. A few opened keys are kept
in memory for a while, so that reading a case again asks nothing; one destroyed in the database is asked for no more.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final

from mediation.gateways.running_command import CommandFailedError, RunningCommand
from mediation.gateways.sealing import KEY_BYTES, VERSION, UnsealError

BATCH: Final = 256
"""Keys in one request, at most."""
FAILS_FAST_SECONDS: Final = 1.0
"""How long after a failure nothing is asked: threads that wait for a dead service would hold up what needs no keys."""
_BOUND_BYTES: Final = 16
_OPAQUE: Final = re.compile(r"[\x21-\x7e]{1,4096}")

Item = tuple[str, str]
"""A wrapped key and the place it belongs to."""


class KeysUnavailableError(Exception):
    """The key service does not answer, or not as it should; what needs no keys goes on."""

    code = "keys_unavailable"


class KeyService:
    """One master key kept by a command outside; implements the same protocol as a master key kept here.

    `name` tells this master key from others; whoever changes the key changes the name. `seconds` bounds one request,
    `kept` and `kept_seconds` the opened keys in memory.
    """

    def __init__(
        self,
        command: str,
        name: str,
        *,
        seconds: float = 2.0,
        kept: int = 10_000,
        kept_seconds: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing runs yet: the first request starts the command."""
        self.key_id = hashlib.sha256(f"mediation/key-service/{name}".encode()).hexdigest()[:8]
        self._mark = f"{VERSION}.{self.key_id}."
        self.requests = 0
        self._command = RunningCommand(command, seconds)
        self._opened = _Opened(kept, kept_seconds, clock)
        self._clock = clock
        self._one = threading.Lock()
        self._seconds = seconds
        self._failed_at: float | None = None
        self._expected = threading.local()

    def wrap(self, data_key: bytes, context: str) -> str:
        """Return `v1.<key id>.<what the service gave>`; KeysUnavailableError."""
        return self.wrap_all([(data_key, context)])[0]

    def wrap_all(self, keys: Sequence[tuple[bytes, str]]) -> list[str]:
        """Wrap some keys, each for its place, in one request for every 256."""
        items = [{"context": context, "key": _text(key + _binding(context))} for key, context in keys]
        wrapped = [f"{self._mark}{_opaque(told)}" for told in self._ask_all("wrap", items, "wrapped")]
        for text, (key, context) in zip(wrapped, keys, strict=True):
            self._opened.keep((text, context), key)
        return wrapped

    def expect(self, items: Sequence[Item]) -> None:
        """Note which keys belong together: the first of them to be opened in this thread brings the others along."""
        self._expected.items = items

    def unwrap(self, text: str, context: str) -> bytes:
        """Return the data key; UnsealError where it is no key of that place, KeysUnavailableError."""
        if not text.startswith(self._mark):
            raise UnsealError(f"not wrapped under {self.key_id}, the master key of the key service")
        known = self._opened.find((text, context))
        if known is not None:
            return known
        expected: Sequence[Item] = getattr(self._expected, "items", ())
        together = [item for item in expected if item != (text, context) and self._is_ours(item)]
        found = self._unwrap_all([(text, context), *together])
        for item, key in found.items():
            self._opened.keep(item, key)
        if (text, context) not in found:
            raise UnsealError("the key service does not open this key in this place")
        return found[text, context]

    def close(self) -> None:
        """End the command, and forget what was opened."""
        self._command.stop()
        self._opened.clear()

    def _is_ours(self, item: Item) -> bool:
        return item[0].startswith(self._mark) and self._opened.find(item) is None

    def _unwrap_all(self, items: Sequence[Item]) -> dict[Item, bytes]:
        asked = [{"context": context, "wrapped": text.removeprefix(self._mark)} for text, context in items]
        told = self._ask_all("unwrap", asked, "key")
        found = {item: _unbound(one, item[1]) for item, one in zip(items, told, strict=True)}
        return {item: key for item, key in found.items() if key is not None}

    def _ask_all(self, what: str, items: Sequence[dict[str, str]], answer: str) -> list[Any]:
        found: list[Any] = []
        for first in range(0, len(items), BATCH):
            found += self._ask({"do": what, "items": items[first : first + BATCH]}, answer)
        return found

    def _ask(self, request: dict[str, Any], answer: str) -> list[Any]:
        """One request at a time; who cannot be served in time is told so."""
        if not self._one.acquire(timeout=self._seconds):
            raise KeysUnavailableError("the key service is busy")
        try:
            if self._failed_at is not None and self._clock() - self._failed_at < FAILS_FAST_SECONDS:
                raise KeysUnavailableError("the key service failed a moment ago")
            self.requests += 1
            try:
                told = self._command.ask(request)
            except CommandFailedError as error:
                self._failed_at = self._clock()
                raise KeysUnavailableError(f"key service: {error}") from error
            self._failed_at = None
        finally:
            self._one.release()
        items = told.get("items")
        if not isinstance(items, list) or len(items) != len(request["items"]):
            raise KeysUnavailableError("the key service refused the request")
        return [one.get(answer) if isinstance(one, dict) else None for one in items]


class _Opened:
    """Opened keys, so many and for so long, the least recently used leaving first."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._keys: OrderedDict[Item, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, item: Item) -> bytes | None:
        """The key, unless it was opened too long ago."""
        with self._lock:
            found = self._keys.get(item)
            if found is None:
                return None
            if self._clock() - found[0] >= self._seconds:
                del self._keys[item]
                return None
            self._keys.move_to_end(item)
            return found[1]

    def keep(self, item: Item, key: bytes) -> None:
        """Keep a key from now on."""
        with self._lock:
            self._keys[item] = (self._clock(), key)
            self._keys.move_to_end(item)
            while len(self._keys) > self._most:
                self._keys.popitem(last=False)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._keys.clear()


def _binding(context: str) -> bytes:
    """What ties a key to its place, whether or not the service does so itself."""
    return hashlib.sha256(f"{VERSION}.{context}".encode()).digest()[:_BOUND_BYTES]


def _unbound(told: Any, context: str) -> bytes | None:
    """The data key in an answer; None where the service opens nothing, or what it opened is of another place."""
    if not isinstance(told, str):
        return None
    try:
        plain = base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(plain) != KEY_BYTES + _BOUND_BYTES or not hmac.compare_digest(plain[KEY_BYTES:], _binding(context)):
        return None
    return plain[:KEY_BYTES]


def _text(plain: bytes) -> str:
    return base64.b64encode(plain).decode()


def _opaque(told: Any) -> str:
    if not isinstance(told, str) or not _OPAQUE.fullmatch(told):
        raise KeysUnavailableError("the key service gave no wrapped key")
    return told

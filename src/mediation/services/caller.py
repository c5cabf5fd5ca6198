"""Who calls, when, and under which key: what every service is told about a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Caller:
    """One request: `subject` is the verified token's subject, `today` the Shanghai date, `now` aware UTC.

    `acting_as` and `on_behalf_of` are ids sent in headers.
    `raised_for` is given where the request only reads: a grant of more than one's roles counts there alone, and when
    it does, how it was come by, the case and the purpose are noted in it.
    `key` and `fingerprint` belong to the Idempotency-Key; `expected_version` comes from If-Match or the body.
    """

    subject: str
    now: datetime
    today: date
    request_id: str
    language: str = "zh"
    acting_as: str | None = None
    on_behalf_of: str | None = None
    key: str | None = None
    fingerprint: str | None = None
    expected_version: int | None = None
    raised_for: set[tuple[str, str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer of a command: the bytes that were, or would be, kept under the idempotency key.

    `kept` stands instead of the body under that key, where the body says what is said only once.
    """

    status: int
    body: bytes
    etag: str | None = None
    location: str | None = None
    replayed: bool = False
    kept: bytes | None = None


Render = Callable[[Any], bytes]

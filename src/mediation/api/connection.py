"""One connection as the server keeps it: a head that does not end, or does not arrive, ends the connection."""

from __future__ import annotations

import asyncio
from asyncio.events import TimerHandle
from typing import Any, Final

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mediation.api.catalogue import CATALOGUE, type_of
from mediation.api.client_certificates import PEER
from mediation.settings import Settings

SLOWEST: Final = 1024
"""Bytes a second of an answer that a reader takes at least: who reads nothing keeps connection and answer for ever."""


class Connection(HttpToolsProtocol):
    """The server's own protocol, with what it does without: time and room for a head, and an end to connections."""

    head_seconds: float
    head_bytes: int
    most: int

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._is_inside = False
        self._received = 0
        self._timer: TimerHandle | None = None
        self._reading: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as its base has it
        super().connection_made(transport)
        if len(self.connections) > self.most:
            self._refuse("busy")
            return
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._stop_watching()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_closing():
            return
        if not self._is_inside and self._timer is None:
            self._wait()
        self._received += len(data)
        super().data_received(data)
        if not self._is_inside and self._received > self.head_bytes and not self._is_closing():
            self._refuse("headers_too_large")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        peer = self.client[0] if self.client else ""
        self.scope[PEER] = peer  # type: ignore[typeddict-unknown-key] # what X-Forwarded-For does not change

    def on_headers_complete(self) -> None:
        self._is_inside = True
        self._received = 0
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_inside = False
        self._received = 0
        super().on_message_complete()
        if self.cycle.response_complete:
            self.transport.close()

    def on_response_complete(self) -> None:
        """Wait no longer than for a head for the rest of what was answered already, and end who does not read on."""
        super().on_response_complete()
        if self._is_inside and self.cycle.response_complete and not self._is_closing():
            self._stop_waiting()
            self._timer = self.loop.call_later(self.head_seconds, self.transport.close)
        self._stop_watching()
        self._watch_reading()

    def _watch_reading(self, before: float = float("inf")) -> None:
        """Look again while an answer waits for its reader; whoever took less than SLOWEST of it is cut off."""
        left = self.transport.get_write_buffer_size()
        if left > max(0, before - SLOWEST * self.head_seconds):
            self.transport.abort()
        elif left:
            self._reading = self.loop.call_later(self.head_seconds, self._watch_reading, left)

    def _stop_watching(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP in the shape of every other error."""
        self._refuse("broken_http")

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self.head_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if not self._is_closing():
            self._refuse("too_slow")

    def _is_closing(self) -> bool:
        return self.transport.is_closing()

    def _refuse(self, code: str) -> None:
        self._stop_waiting()
        self.transport.write(refusal(code))
        self.transport.close()


def refusal(code: str) -> bytes:
    """A problem in both languages, as bytes: there is no request yet that could say which is wanted."""
    kind = CATALOGUE[code]
    told = {
        "type": type_of(code), "title": f"{kind.title.zh} / {kind.title.en}", "status": kind.status, "code": code,
        "detail": f"{kind.way_out.zh} / {kind.way_out.en}",
    }  # fmt: skip
    body = orjson.dumps(told)
    headers = (
        "content-type: application/problem+json\r\n"
        f"content-length: {len(body)}\r\n"
        "cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
    )
    return STATUS_LINE[kind.status] + headers.encode() + body


def protocol_of(settings: Settings) -> type[Connection]:
    """The protocol with the limits of the settings."""
    limits: Final = {
        "head_seconds": settings.head_seconds,
        "head_bytes": settings.max_head_bytes,
        "most": settings.connections,
    }
    return type("Connection", (Connection,), limits)

"""Who asked what and how it went: ids echoed to the caller, one structured line per request, no names."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mediation import metrics
from mediation.api.limiter import Standing, policy_headers

KEY = "mediation"
CLIENT_LEFT = 499
"""Logged where nobody is left to answer: the client went away in the middle of its request."""
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_log: Any = structlog.get_logger("mediation.request")


class RequestRecord:
    """What the log line will say; the endpoint fills in what only it knows."""

    __slots__ = (
        "actor", "credential", "is_signed_in", "operation", "request_id", "standings", "statements", "status",
        "traceparent",
    )  # fmt: skip

    def __init__(self, request_id: str, traceparent: str | None) -> None:
        self.request_id = request_id
        self.traceparent = traceparent
        self.operation = "-"
        self.actor: str | None = None
        self.credential: str | None = None
        self.is_signed_in: bool | None = None
        self.statements: int | None = None
        self.standings: list[Standing] = []
        self.status = 500

    def signs_in_with(self, credential: str) -> None:
        """Note with which kind of credential somebody tries to sign in; failed until it is found good."""
        self.credential, self.is_signed_in = credential, False


def record_of(scope: Scope) -> RequestRecord:
    """Find the record of the request at hand."""
    record: RequestRecord = scope[KEY]
    return record


def request_id_of(scope: Scope) -> str:
    """Find the id of the request at hand."""
    return record_of(scope).request_id if KEY in scope else "-"


class RequestLog:
    """ASGI middleware: gives each request its id, echoes it with traceparent, writes the line at the end."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        record = scope[KEY] = _begin(scope)
        started = time.perf_counter()

        async def echo(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                headers = message.setdefault("headers", [])
                headers.append((b"x-request-id", record.request_id.encode()))
                headers.extend(policy_headers(record.standings))
                if record.traceparent is not None:
                    headers.append((b"traceparent", record.traceparent.encode()))
            await send(message)

        try:
            await self.app(scope, receive, echo)
        except ClientDisconnect:
            record.status = CLIENT_LEFT
        finally:
            _finish(scope, record, started)


def _begin(scope: Scope) -> RequestRecord:
    request_id = traceparent = None
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            request_id = value.decode()
        elif name == b"traceparent" and _TRACEPARENT.fullmatch(value):
            traceparent = value.decode()
    return RequestRecord(request_id or str(uuid.uuid4()), traceparent)


def _finish(scope: Scope, record: RequestRecord, started: float) -> None:
    metrics.REQUESTS.labels(record.operation, record.status).inc()
    _log.info(
        "request",
        operation=record.operation,
        method=scope["method"],
        status=record.status,
        ms=round((time.perf_counter() - started) * 1000, 2),
        statements=record.statements,
        actor=record.actor,
        credential=record.credential,
        signed_in=record.is_signed_in,
        request_id=record.request_id,
    )

"""The outer wall: requests too large to look at are refused, and every answer says how a browser may treat it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mediation.api.problems import problem
from mediation.settings import Settings

LONGEST_TARGET: Final = 8192
"""Bytes of path and query together."""
MOST_HEADERS: Final = 100
DAY: Final = 86_400
NOTHING: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""A policy for what is no page: a browser that shows it all the same runs and loads nothing."""
_ALWAYS: Final = {
    "Content-Security-Policy": NOTHING,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_TAKEN: Final = (
    "Accept-Language", "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Mediation-Acting-As",
    "Mediation-On-Behalf-Of", "X-Request-Id", "traceparent",
)  # fmt: skip
_TOLD: Final = (
    "ETag", "Location", "Idempotency-Replayed", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id",
)  # fmt: skip


class Application(FastAPI):
    """The application inside its wall: headers are on every answer, those to faults of our own included."""

    def __init__(self, settings: Settings, **given: Any) -> None:
        """Keep what the wall is made of."""
        self._settings = settings
        super().__init__(**given)

    def build_middleware_stack(self) -> ASGIApp:
        """Put the wall around everything, handlers of faults included."""
        inside = super().build_middleware_stack()
        if self._settings.allowed_origins:
            inside = _Origins(
                inside,
                allow_origins=self._settings.allowed_origins,
                allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
                allow_headers=_TAKEN,
                expose_headers=_TOLD,
                max_age=DAY,
            )
        return _Headers(inside, self._settings.hsts_seconds)


class _Headers:
    """Adds what a browser should know, unless the answer says it itself, and drops what tells of the software."""

    def __init__(self, app: ASGIApp, hsts_seconds: int) -> None:
        self._app = app
        told = dict(_ALWAYS)
        if hsts_seconds:
            told["Strict-Transport-Security"] = f"max-age={hsts_seconds}; includeSubDomains"
        self._headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                own = {name for name, _ in headers}
                headers.extend(header for header in self._headers if header[0] not in own)
            await send(message)

        await self._app(scope, receive, add)


class _Origins(CORSMiddleware):
    """Cross-origin requests of the pages that were named; without credentials, as tokens travel in a header."""

    def preflight_response(self, request_headers: Any) -> Response:
        """Refuse in our own shape what the framework refuses in plain text."""
        answer = super().preflight_response(request_headers)
        if answer.status_code < 400:  # noqa: PLR2004 - an answer of success
            return answer
        scope: Scope = {"type": "http", "path": "/", "query_string": b"", "headers": request_headers.raw}
        return problem(Request(scope), "origin_not_allowed", headers={"Vary": "Origin"})


class Measures:
    """ASGI middleware: refuses a request line or headers beyond measure before anything reads them."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        code = None if scope["type"] != "http" else self._excess(scope)
        answer: ASGIApp | Callable[..., Awaitable[None]] = self._app
        if code is not None:
            answer = problem(Request(scope), code, headers={"Connection": "close"})
        await answer(scope, receive, send)

    def _excess(self, scope: Scope) -> str | None:
        if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > LONGEST_TARGET:
            return "target_too_long"
        headers = scope["headers"]
        if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > self._most_bytes:
            return "headers_too_large"
        return None

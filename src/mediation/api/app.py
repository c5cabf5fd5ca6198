"""Where everything meets: the ASGI application made of settings, database, clock and tokens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

from fastapi import FastAPI
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import mediation
from mediation.api import endpoints, metrics, pages, problems, steps
from mediation.api.abuse import Watch
from mediation.api.call import Call, Clock, Rooms, Tokens
from mediation.api.client_certificates import ClientCertificates
from mediation.api.guard import Application, Measures
from mediation.api.operations import Operation, perform
from mediation.api.request_log import RequestLog, record_of
from mediation.api.strength import SignInTooWeakError, strength_of
from mediation.domain.retention import Schedule
from mediation.gateways.key_service import KeysUnavailableError
from mediation.settings import Settings
from mediation.storage import Database, DatabaseBusyError

__all__ = ["Application", "create_app"]

Endpoint = Callable[[Request], Awaitable[Response]]
Background = Callable[[], AbstractAsyncContextManager[Any]]


def create_app(
    settings: Settings,
    *,
    database: Database,
    clock: Clock,
    tokens: Tokens,
    after_clock: Callable[[], Awaitable[Any]] | None = None,
    background: Background | None = None,
) -> Application:
    """Make the application; `background` runs while it serves, `after_clock` once the demo's clock moved."""
    rooms = Rooms(
        database=database,
        clock=clock,
        tokens=tokens,
        watch=Watch(database, settings),
        max_body_bytes=settings.max_body_bytes,
        body_seconds=settings.body_seconds,
        audience=settings.audience,
        certificates=ClientCertificates(settings.client_cert_header, settings.trusted_proxies, settings.client_cert_ca),
        strength=strength_of(settings),
        retention=Schedule(settings.retention_years, settings.retention_years_long),
        is_demo=settings.demo,
        after_clock=after_clock,
    )
    app = Application(
        settings,
        title="mediation",
        version=mediation.__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(rooms, background),
        exception_handlers={**_HANDLERS, **rooms.watch.handlers()},
    )
    app.add_middleware(Measures, settings.max_head_bytes)
    app.add_middleware(RequestLog)
    app.router.routes.extend(_routes(rooms))
    app.router.routes.append(Route("/metrics", metrics.endpoint(rooms, settings), include_in_schema=False))
    return app


def _lifespan(rooms: Rooms, background: Background | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def live(_app: FastAPI) -> AsyncIterator[None]:
        async with background() if background is not None else nullcontext():
            yield
            rooms.is_closing = True
        await asyncio.to_thread(rooms.database.close)

    return live


def _routes(rooms: Rooms) -> list[Route]:
    """Every path once, steps first: one look-up in a dict instead of a walk over 239 routes."""
    found = [Route(steps.PATH, _step_endpoint(rooms), methods=["POST"], include_in_schema=False)]
    for path, methods in endpoints.by_path():
        found.append(Route(path, _endpoint(rooms, methods), methods=list(methods), include_in_schema=False))
    found += [
        Route("/openapi.json", _page(rooms, pages.openapi), include_in_schema=False),
        Route("/docs", _page(rooms, pages.reference), include_in_schema=False),
    ]
    return found


def _step_endpoint(rooms: Rooms) -> Endpoint:
    async def step(request: Request) -> Response:
        return await steps.take_step(Call(rooms, request))

    return step


def _page(rooms: Rooms, page: Endpoint) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        await Call(rooms, request).count("anonymous")
        return await page(request)

    return endpoint


def _endpoint(rooms: Rooms, methods: dict[str, Operation]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        entry = methods.get(request.method) or methods["GET"]
        record_of(request.scope).operation = entry.id
        return await perform(entry, Call(rooms, request))

    return endpoint


_HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Any]] = {
    problems.SyntaxProblemError: problems.on_coded_error,
    problems.NotReadyError: problems.on_coded_error,
    SignInTooWeakError: problems.on_weak_sign_in,
    DatabaseBusyError: problems.on_busy,
    KeysUnavailableError: problems.on_coded_error,
    ValidationError: problems.on_unexpected,
    Exception: problems.on_unexpected,
}

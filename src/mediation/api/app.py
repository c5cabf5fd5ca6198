"""Where everything meets: the ASGI application made of settings, database, clock and tokens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

from fastapi import FastAPI
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import mediation
from mediation.api import endpoints, pages, problems, steps
from mediation.api.call import Call, Clock, Rooms, Tokens
from mediation.api.operations import Operation, perform
from mediation.api.request_log import RequestLog, record_of
from mediation.domain.errors import Refusal
from mediation.gateways.tokens import TokenError
from mediation.settings import Settings
from mediation.storage import Database, DatabaseBusyError

Application = FastAPI
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
        max_body_bytes=settings.max_body_bytes,
        is_demo=settings.demo,
        after_clock=after_clock,
    )
    app = FastAPI(
        title="mediation",
        version=mediation.__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(rooms, background),
        exception_handlers=_HANDLERS,
    )
    app.add_middleware(RequestLog)
    app.router.routes.extend(_routes(rooms))
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
        Route("/openapi.json", pages.openapi, include_in_schema=False),
        Route("/docs", pages.reference, include_in_schema=False),
    ]
    return found


def _step_endpoint(rooms: Rooms) -> Endpoint:
    async def step(request: Request) -> Response:
        return await steps.take_step(Call(rooms, request))

    return step


def _endpoint(rooms: Rooms, methods: dict[str, Operation]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        entry = methods.get(request.method) or methods["GET"]
        record_of(request.scope).operation = entry.id
        return await perform(entry, Call(rooms, request))

    return endpoint


_HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Any]] = {
    Refusal: problems.on_refusal,
    TokenError: problems.on_token_error,
    problems.SyntaxProblemError: problems.on_coded_error,
    problems.NotReadyError: problems.on_coded_error,
    DatabaseBusyError: problems.on_busy,
    ValidationError: problems.on_unexpected,
    HTTPException: problems.on_http_exception,
    Exception: problems.on_unexpected,
}

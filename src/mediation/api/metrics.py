"""What a scraper reads: the numbers of this process, and sums over all deadlines, at `/metrics`."""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from mediation import metrics
from mediation.api.call import Rooms
from mediation.api.request_log import record_of
from mediation.domain.errors import NotFoundError
from mediation.gateways.tokens import TokenError
from mediation.services import completeness
from mediation.services.completeness import Sums
from mediation.settings import Settings

FRESH_SECONDS: Final = 10.0
"""Sums over millions of rows are not counted anew for every scraper."""


def endpoint(rooms: Rooms, settings: Settings) -> Callable[[Request], Awaitable[Response]]:
    """Serve the numbers to who sends MEDIATION_METRICS_TOKEN; without one to nobody, but in the demo to everybody."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    kept: list[tuple[float, Sums]] = []

    async def expose(request: Request) -> Response:
        record_of(request.scope).operation = "metrics"
        _admit(request, token, is_demo=rooms.is_demo)
        if not kept or time.monotonic() - kept[0][0] > FRESH_SECONDS:
            sums = await rooms.database.read(completeness.count, rooms.clock.today())
            kept[:] = [(time.monotonic(), sums)]
        return Response(metrics.exposition(kept[0][1]), headers={"Cache-Control": "no-store"}, media_type=metrics.MEDIA)

    return expose


def _admit(request: Request, token: str | None, *, is_demo: bool) -> None:
    if token is None:
        if not is_demo:
            raise NotFoundError
        return
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise TokenError("token_missing", "no bearer token was sent")
    if not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise TokenError("token_invalid", "not the token of the metrics")

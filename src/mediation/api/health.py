"""Whether the process lives and can serve, and in the demo what day it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import Field
from starlette.responses import Response

from mediation.api.call import Call, respond
from mediation.api.operations import operation
from mediation.api.problems import NotReadyError
from mediation.api.values import Day
from mediation.api.wire import Body
from mediation.domain.errors import InputError, InvalidInputError, NotFoundError
from mediation.domain.labels import Label

MOST_DAYS = 36_600


class ClockIn(Body):
    """Where to move the demo's clock: to a day, or on by some days."""

    today: Day | None = None
    advance_days: Annotated[int, Field(ge=0, le=MOST_DAYS)] | None = None


@operation("GET", "/v1/health/live", tag="health", zh="进程存活", en="Whether the process lives", refuses=())
async def live(call: Call) -> Response:
    """Answers as long as the process does."""
    return respond({"status": "live"})


@operation("GET", "/v1/health/ready", tag="health", zh="可以服务", en="Whether it can serve", refuses=())
async def ready(call: Call) -> Response:
    """Answers once the database answers and is migrated, until shutdown begins."""
    if not await call.rooms.is_ready():
        raise NotReadyError
    return respond({"status": "ready"})


@operation(
    "POST", "/v1/demo/clock", tag="demo", zh="调整演示时钟", en="Move the demo's clock",
    refuses=(400, 401, 404, 413, 415, 422),
)  # fmt: skip
async def move_clock(call: Call, body: ClockIn) -> Response:
    """Move today and fire every deadline that lapses on the way; there is none outside the demo."""
    clock: Any = call.rooms.clock
    if not call.rooms.is_demo or not hasattr(clock, "move_to"):
        raise NotFoundError
    now: datetime = clock.move_to(_target(body, clock.today()))
    done = await call.rooms.after_clock() if call.rooms.after_clock is not None else None
    return respond({"today": clock.today(), "now": now, "chores": done})


def _target(body: ClockIn, today: date) -> date:
    if (body.today is None) == (body.advance_days is None):
        text = Label("today 与 advance_days 填写其一", "Give either today or advance_days.")
        raise InvalidInputError([InputError("/today", "one_of", text)])
    return body.today or today + timedelta(days=body.advance_days or 0)

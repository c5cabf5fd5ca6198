"""The official calendar: which notices are loaded, and loading the next one."""

from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.operations import CREATE, LIST, operation
from mediation.api.representations import render_plain
from mediation.api.values import Day, Name
from mediation.api.wire import Body
from mediation.services import calendars

MOST_DAYS = 366


class NoticeSourceIn(Body):
    """The paper the days come from."""

    title: Name
    source: Name
    number: Name | None = None
    issued_on: Day | None = None
    verified: bool = False


class NoticeIn(Body):
    """The State Council's notice for one year: days off, and the weekends worked in exchange."""

    year: Annotated[int, Field(ge=1990, le=2200)]
    notice: NoticeSourceIn
    days_off: Annotated[list[Day], Field(max_length=MOST_DAYS)]
    working_weekends: list[Day] = Field(default_factory=list, max_length=MOST_DAYS)


@operation(
    "GET", "/v1/calendars", tag="calendars", zh="已载入的放假安排", en="List calendars", refuses=LIST,
    answer=shapes.ItemsShape,
)  # fmt: skip
async def list_calendars(call: Call) -> Response:
    """Every year with its notice; a date beyond them is provisional."""
    return respond({"items": await call.read(calendars.list_notices)})


@operation(
    "POST",
    "/v1/calendars",
    tag="calendars",
    zh="载入放假安排",
    en="Load a notice",
    refuses=CREATE,
    status=201,
)
async def load_notice(call: Call, body: NoticeIn) -> Response:
    """Load the notice for a year; the worker counts running deadlines that end in it again, each with its entry."""
    return await call.write(calendars.load_notice, body.values(), render_plain)

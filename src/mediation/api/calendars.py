"""The official calendar: which notices are loaded, loading the next one, taking one back, and what each moved."""

from typing import Annotated, Any

from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.operations import CREATE, END, LIST, READ, operation
from mediation.api.queries import PageQuery
from mediation.api.representations import render_plain
from mediation.api.values import Day, Name
from mediation.api.wire import Body
from mediation.services import calendar_loads, calendar_moves, calendars

MOST_DAYS = 373
"""A year and the week before it."""


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


class RecountShape(TypedDict):
    """How far the recount of a load is; `status` is waiting, running or finished."""

    status: str
    cases_to_do: int
    cases_done: int
    cases_moved: int
    deadlines_counted: int
    deadlines_moved: int
    started_at: str | None
    finished_at: str | None


class LoadShape(TypedDict):
    """A notice that was loaded, or, with `undoes_id`, a load that was taken back."""

    id: str
    year: int
    undoes_id: str | None
    notice: dict[str, Any] | None
    replaced: dict[str, Any] | None
    since: str | None
    calendar_version: str
    loaded_at: str
    loaded_by: str
    undone_at: str | None
    undone_by: str | None
    recount: RecountShape


class LoadsShape(TypedDict):
    """One page of loads."""

    items: list[LoadShape]
    next: str | None


class EndShape(TypedDict):
    """One end of a deadline with its arithmetic; no lines where the calendar it was counted on is not known."""

    due: str
    provisional: bool
    working: list[shapes.LineShape]


class MoveShape(TypedDict):
    """A deadline that a load moved or made final."""

    id: str
    case_id: str
    case_number: str | None
    deadline_id: str
    code: str
    label: shapes.LabelShape
    old: EndShape
    new: EndShape


class MovesShape(TypedDict):
    """One page of a report."""

    items: list[MoveShape]
    next: str | None


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
    """Load the notice for a year; the worker counts every running deadline it touches again, each with its entry.

    It moves the clocks of every body: for administrators and supervisors of the federation at the top.
    The answer names the load, at which the progress and the report of the recount are read.
    """
    return await call.write(calendar_loads.load_notice, body.values(), render_plain)


@operation(
    "GET", "/v1/calendar-loads", tag="calendars", zh="放假安排的载入记录", en="List calendar loads", refuses=LIST,
    answer=LoadsShape,
)  # fmt: skip
async def list_calendar_loads(call: Call, query: PageQuery) -> Response:
    """Notices loaded and loads taken back, newest first, each with the progress of its recount."""
    page = await call.read(calendar_loads.list_loads, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "GET", "/v1/calendar-loads/{load_id}", tag="calendars", zh="读取一次载入", en="Read a calendar load", refuses=READ,
    answer=LoadShape,
)  # fmt: skip
async def read_calendar_load(call: Call, load_id: str) -> Response:
    """What a load changed, what stood before, and how far its recount is."""
    return respond(await call.read(calendar_loads.read_load, load_id))


@operation(
    "GET", "/v1/calendar-loads/{load_id}/moves", tag="calendars", zh="载入引起的期限变动",
    en="Report what a load moved", refuses=READ, answer=MovesShape,
)  # fmt: skip
async def list_calendar_moves(call: Call, load_id: str, query: PageQuery) -> Response:
    """Each deadline that a load moved or made final, of the cases one sees, both dates with their arithmetic."""
    page = await call.read(calendar_moves.list_moves, load_id, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/calendar-loads/{load_id}/undo", tag="calendars", zh="撤销一次载入", en="Undo a calendar load",
    refuses=END, status=201, answer=LoadShape,
)  # fmt: skip
async def undo_calendar_load(call: Call, load_id: str) -> Response:
    """Put the notice back in force that stood before, or none; this is a load of its own, with recount and report.

    Only the latest load of a year that still stands can be undone, and no undo. For who may load one.
    """
    return await call.write(calendar_loads.undo_load, load_id, render_plain)

"""Local figures: average and minimum wages by place and day, each with its source."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.operations import CREATE, LIST, operation
from mediation.api.queries import PageQuery
from mediation.api.representations import render_plain
from mediation.api.values import Day, Name, OneOf, Prefix
from mediation.api.wire import Body
from mediation.domain.local_figures import FigureKind
from mediation.services import local_figures

MOST_FIGURES = 1000
FigureCode = Annotated[str, OneOf(FigureKind)]


class FigureIn(Body):
    """One figure: an average wage measures its `year`, any other is in force since a day."""

    kind: FigureCode
    place: Name
    year: int | None = None
    since: Day | None = None
    until: Day | None = None
    value: Annotated[str, Field(max_length=24, examples=["2490.00"])]
    source: Name
    verified: bool = False
    illustrative: bool = False


class FiguresIn(Body):
    """Figures to load together."""

    figures: Annotated[list[FigureIn], Field(min_length=1, max_length=MOST_FIGURES)]


class FigureQuery(PageQuery):
    """Which figures: of a kind, for a place with those around it, taken in a calculation for a day."""

    kind: FigureCode | None = None
    place: Prefix | None = None
    day: Day | None = None


@operation(
    "GET", "/v1/local-figures", tag="calculators", zh="地方数据", en="List local figures", refuses=LIST,
    answer=shapes.PageShape,
)  # fmt: skip
async def list_local_figures(call: Call, query: FigureQuery) -> Response:
    """Average and minimum wages, paid days and the rate of late payment on file, each with its source."""
    page = await call.read(local_figures.list_figures, local_figures.FigureQuery(**query.fields()))
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/local-figures", tag="calculators", zh="载入地方数据", en="Load local figures",
    refuses=CREATE, status=201, answer=shapes.ItemsShape,
)  # fmt: skip
async def load_local_figures(call: Call, body: FiguresIn) -> Response:
    """Load figures; one of the same kind, place and first day (or year) takes the place of the earlier one.

    Every body calculates with them: for administrators and supervisors of the federation at the top.
    """
    return await call.write(local_figures.load_figures, body.values(), render_plain)

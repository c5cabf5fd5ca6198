"""What is the same for everybody: the procedure, its terms and questions, tables of codes, days counted."""

from __future__ import annotations

from functools import cache

import orjson
from starlette.responses import Response

from mediation.api import reference_documents as documents
from mediation.api import shapes
from mediation.api.call import Call, respond, respond_public
from mediation.api.catalogue import CATALOGUE
from mediation.api.language import both
from mediation.api.operations import ASK, OPEN_TO_ALL, operation
from mediation.api.reference_bodies import CountIn, PreviewIn
from mediation.domain import calendar
from mediation.domain.calendar import Unit
from mediation.domain.diagram import mermaid
from mediation.domain.errors import InputError, InvalidInputError, NotFoundError
from mediation.domain.labels import Label
from mediation.domain.terms import TERMS
from mediation.services import calendars

TEXT = "text/plain; charset=utf-8"


@operation(
    "GET", "/v1/procedure", tag="procedure", zh="程序全表", en="Read the procedure", refuses=OPEN_TO_ALL,
    answer=documents.ProcedureShape,
)  # fmt: skip
async def read_procedure(call: Call) -> Response:
    """The table everything follows from: tracks, states, steps with guards, inputs and clocks, terms."""
    return respond_public(documents.procedure())


@operation(
    "GET", "/v1/procedure/diagram", tag="procedure", zh="程序图(Mermaid)", en="Draw the procedure",
    refuses=OPEN_TO_ALL, media="text/plain",
)  # fmt: skip
async def read_diagram(call: Call) -> Response:
    """The state diagram of each track as Mermaid text."""
    return respond_public(_diagram(), TEXT)


@cache
def _diagram() -> bytes:
    return mermaid().encode()


@operation(
    "GET", "/v1/terms", tag="terms", zh="法定及约定期间", en="List terms", refuses=OPEN_TO_ALL,
    answer=shapes.ItemsShape,
)  # fmt: skip
async def list_terms(call: Call) -> Response:
    """Every term: length, unit, starting fact, roll, extension, what a lapse means, basis."""
    return respond_public(documents.terms())


@operation(
    "POST", "/v1/terms/{code}/preview", tag="terms", zh="试算期间", en="Preview a term",
    refuses=(*ASK, 404), answer=shapes.TermPreviewShape,
)  # fmt: skip
async def preview_term(call: Call, code: str, body: PreviewIn) -> Response:
    """When a term would end if it began on `start`; an agreed term needs `agreed_end`."""
    term = TERMS.get(code)
    if term is None:
        raise NotFoundError
    return respond(documents.preview(term, body.start, body.agreed_end, calendars.current_calendar()))


@operation(
    "POST", "/v1/calendar/count", tag="calendars", zh="计算期间", en="Count days", refuses=ASK,
    answer=shapes.CountShape,
)  # fmt: skip
async def count_days(call: Call, body: CountIn) -> Response:
    """Count the statutory way: the first day is not counted, an end on a day off may roll."""
    try:
        counted = calendar.count(
            calendars.current_calendar(),
            body.start,
            body.length,
            Unit(body.unit),
            roll=body.roll,
            backward=body.backward,
        )
    except ValueError:
        text = Label("到期日超出可计算的年份", "The end lies outside the years that can be counted.")
        raise InvalidInputError([InputError("/length", "date_out_of_range", text)]) from None
    return respond(documents.count(counted))


@operation(
    "GET", "/v1/ambiguities", tag="procedure", zh="法律适用分歧及所采规则", en="List ambiguities",
    refuses=OPEN_TO_ALL, answer=shapes.ItemsShape,
)  # fmt: skip
async def list_ambiguities(call: Call) -> Response:
    """The questions the law leaves open, the rule this service follows, and the reading not followed."""
    return respond_public(documents.ambiguities())


@operation(
    "GET", "/v1/tables/{name}", tag="tables", zh="代码表", en="Read a table of codes", refuses=(404,),
    answer=shapes.ItemsShape,
)  # fmt: skip
async def read_table(call: Call, name: str) -> Response:
    """Codes with labels: claim_codes, document_kinds, organization_kinds, party_kinds and others."""
    table = documents.TABLES.get(name)
    if table is None:
        raise NotFoundError
    return respond_public(table())


@operation(
    "GET", "/v1/problems", tag="problems", zh="错误目录", en="List problems", refuses=OPEN_TO_ALL,
    answer=shapes.ItemsShape,
)  # fmt: skip
async def list_problems(call: Call) -> Response:
    """Every kind of problem this service answers with."""
    return respond_public(orjson.dumps({"items": [_problem(code) for code in CATALOGUE]}))


@operation(
    "GET", "/v1/problems/{code}", tag="problems", zh="错误说明", en="Read about a problem", refuses=(404,),
)  # fmt: skip
async def read_problem(call: Call, code: str) -> Response:
    """What the `type` of a problem leads to: its name, its status and the way out."""
    if code not in CATALOGUE:
        raise NotFoundError
    return respond_public(orjson.dumps(_problem(code)))


def _problem(code: str) -> dict[str, object]:
    kind = CATALOGUE[code]
    return {"code": code, "status": kind.status, "title": both(kind.title), "way_out": both(kind.way_out)}

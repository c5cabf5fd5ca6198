"""What people ask about their own data, by the case team or by themselves, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from starlette.responses import Response
from typing_extensions import TypedDict

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.citations import cited
from mediation.api.operations import CREATE, LIST, READ, operation
from mediation.api.queries import DataRequestListQuery, PageQuery
from mediation.api.representations import render_plain
from mediation.api.values import Day, Id, OneOf, Text
from mediation.api.wire import Body
from mediation.domain.data_requests import GROUNDS, REQUESTS, Asker, RefusalGround, RequestKind, RequestStatus
from mediation.domain.labels import Label
from mediation.services import data_requests
from mediation.services.requests import DataRequestQuery

_OUTCOMES = tuple(status for status in RequestStatus if status is not RequestStatus.OPEN)


class DataRequestIn(Body):
    """What is asked, by whom, and the day it was received, left out: today."""

    kind: Annotated[str, OneOf(RequestKind)]
    asked_by: Annotated[str, OneOf(Asker)] = "person"
    received_on: Day | None = None
    note: Text | None = None


class OwnDataRequestIn(Body):
    """What the holder of an access link asks about their own data."""

    kind: Annotated[str, OneOf(RequestKind)]
    note: Text | None = None


class DataAnswerIn(Body):
    """The outcome; what is refused in whole or part needs its ground and reason, and `act_id` may name the act."""

    outcome: Annotated[str, OneOf(_OUTCOMES)]
    ground: Annotated[str, OneOf(RefusalGround)] | None = None
    reason: Text | None = None
    act_id: Id | None = None
    answered_on: Day | None = None


class RightShape(shapes.LabelShape):
    code: str
    citations: list[shapes.CitationShape]


class DataRequestShape(TypedDict):
    id: str
    case_id: str
    party_id: str
    kind: RightShape
    asked_by: str
    received_on: str
    due_on: str
    recorded_by: str
    note: str | None
    status: str
    answered_on: str | None
    answered_by: str | None
    ground: RightShape | None
    reason: str | None
    act_id: str | None


class DataRequestPageShape(TypedDict):
    items: list[DataRequestShape]
    next: str | None


class WaitingRequestShape(TypedDict):
    id: str
    case_id: str
    number: str | None
    party_id: str
    kind: RightShape
    asked_by: str
    received_on: str
    due_on: str
    days_left: int
    is_overdue: bool
    status: str
    answered_on: str | None
    owner: shapes.OwnerShape


class WaitingRequestPageShape(TypedDict):
    items: list[WaitingRequestShape]
    next: str | None


@operation(
    "POST", "/v1/cases/{case_id}/parties/{party_id}/data-requests", tag="personal_data", zh="登记个人信息请求",
    en="Receive a request about personal data", refuses=CREATE, status=201, answer=DataRequestShape,
)  # fmt: skip
async def receive_data_request(call: Call, case_id: str, party_id: str, body: DataRequestIn) -> Response:
    """Write down what a person asks about their own data (PIPL 15, 44–49), on an open case or a closed one.

    By the clerks, mediators and volunteers of the case, or by the person's own account. `due_on` is 15 natural days
    after the day of receipt (a value of this product) and is not extended. Nothing is done by this itself: the act
    that carries it out follows, and then the answer.
    """
    return await call.write(data_requests.receive, case_id, party_id, body.model_dump(), _render)


@operation(
    "GET", "/v1/cases/{case_id}/data-requests", tag="personal_data", zh="本案个人信息请求",
    en="List requests about personal data of a case", refuses=READ, answer=DataRequestPageShape,
)  # fmt: skip
async def list_case_data_requests(call: Call, case_id: str, query: PageQuery) -> Response:
    """What people of the case asked and what was answered; a party sees their own, an auditor no texts."""
    page = await call.read(data_requests.list_of_case, case_id, query.cursor, query.limit)
    return respond({"items": [_request(item) for item in page.items], "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/cases/{case_id}/data-requests/{request_id}/answer", tag="personal_data", zh="答复个人信息请求",
    en="Answer a request about personal data", refuses=CREATE, answer=DataRequestShape,
)  # fmt: skip
async def answer_data_request(call: Call, case_id: str, request_id: str, body: DataAnswerIn) -> Response:
    """Answer a request once, by the clerk or the mediator; one for erasure by a supervisor.

    `act_id` is the act since the request that carried it out: of a copy the reading of the export, else an entry of
    history (`correct_entry`, `amend_party`, `put_employment`; `erase`; `withdraw_consent`). Left out, the latest that
    names the person is taken. Erasure and withdrawal are fulfilled by such an act alone. A refusal has its ground and
    its reason; the person may take it to court (PIPL 50).
    """
    return await call.write(data_requests.answer, case_id, request_id, body.model_dump(), _render)


@operation(
    "GET", "/v1/data-requests", tag="personal_data", zh="待答复的个人信息请求",
    en="List requests about personal data", refuses=LIST, answer=WaitingRequestPageShape,
)  # fmt: skip
async def list_data_requests(call: Call, query: DataRequestListQuery) -> Response:
    """Requests in the cases of a scope by their last day, open ones unless `status` asks for others; without texts."""
    page = await call.read(data_requests.list_waiting, DataRequestQuery(**query.fields()))
    today = call.rooms.clock.today()
    return respond({"items": [_waiting(item, today) for item in page.items], "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/party/data-requests", tag="party_access", zh="当事人提出个人信息请求",
    en="Ask about one's own data", refuses=(400, 401, 403, 409, 413, 415, 422), status=201, answer=DataRequestShape,
    budget="party_answers", by_link=True,
)  # fmt: skip
async def ask_about_own_data(call: Call, body: OwnDataRequestIn) -> Response:
    """Ask for a copy, an explanation, a correction, erasure, or withdraw a consent; for a natural person by a link."""
    return await call.write(data_requests.receive_by_link, call.link, body.model_dump(), _render)


@operation(
    "GET", "/v1/party/data-requests", tag="party_access", zh="当事人的个人信息请求",
    en="List requests about one's own data", refuses=(401, 403, 422), answer=DataRequestPageShape, by_link=True,
)  # fmt: skip
async def list_own_data_requests(call: Call, query: PageQuery) -> Response:
    """What one asked about one's own data, by when it is answered, and the answers."""
    page = await call.read(data_requests.list_own, call.link, query.cursor, query.limit)
    return respond({"items": [_request(item) for item in page.items], "next": call.next_page(page.next_cursor)})


def _render(row: Mapping[str, Any]) -> bytes:
    return render_plain(_request(row))


def _request(row: Mapping[str, Any]) -> dict[str, Any]:
    ground = row["ground"]
    return {
        **row,
        "kind": _right(row["kind"], REQUESTS[RequestKind(row["kind"])]),
        "ground": None if ground is None else _right(ground, GROUNDS[RefusalGround(ground)]),
    }


def _right(code: str, row: tuple[Label, str]) -> dict[str, Any]:
    label, basis = row
    return {"code": code, "zh": label.zh, "en": label.en, "citations": cited(basis)}


def _waiting(item: Mapping[str, Any], today: date) -> dict[str, Any]:
    left = (date.fromisoformat(item["due_on"]) - today).days
    return {
        **item,
        "kind": _right(item["kind"], REQUESTS[RequestKind(item["kind"])]),
        "days_left": left,
        "is_overdue": item["status"] == RequestStatus.OPEN and left < 0,
    }

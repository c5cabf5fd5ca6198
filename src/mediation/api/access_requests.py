"""Asking to read a case that another body or person handles, and answering those who ask."""

from __future__ import annotations

from typing import Annotated, Literal

from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.operations import CREATE, END, LIST, operation
from mediation.api.queries import PageQuery
from mediation.api.values import CaseNumber, Moment, OneOf, Text
from mediation.api.wire import Body
from mediation.domain.access_requests import AccessPurpose
from mediation.services import access_requests as services
from mediation.services.access_requests import AccessAsked


class AccessRequestIn(Body):
    """Which case, by its number, for what and why, and until when you wish to read it: 30 days ahead at most."""

    case_number: CaseNumber
    purpose: Annotated[str, OneOf(AccessPurpose)]
    reason: Text
    until: Moment | None = None


class AccessGrantIn(Body):
    """Until when the case may be read, 30 days ahead at most, and what is to be said to who asked."""

    until: Moment
    note: Text | None = None


class AccessDenialIn(Body):
    """Why the case may not be read; told to who asked."""

    reason: Text


class AccessRequestQuery(PageQuery):
    """Whose requests: your own, or those of others about cases of your body and those below it, open or answered."""

    scope: Literal["mine", "to_decide", "decided"] = "mine"


@operation(
    "POST", "/v1/access-requests", tag="access", zh="申请查阅案件", en="Request access", refuses=CREATE, status=202,
    answer=shapes.AskedAccessShape, budget="access_requests",
)  # fmt: skip
async def request_access(call: Call, body: AccessRequestIn) -> Response:
    """Ask to read a case that others handle, by its number; for those who work on cases, in person.

    The answer is the same whether or not there is such a case, and whether or not you see it already. Nobody having
    answered in 14 days, the request expires; so does one that names no case. The history of the case tells of it.
    """
    asked = AccessAsked(body.case_number, AccessPurpose(body.purpose), body.reason, body.until)
    return await call.write(services.request_access, asked)


@operation(
    "GET", "/v1/access-requests", tag="access", zh="查阅申请列表", en="List access requests", refuses=LIST,
    answer=shapes.AccessRequestPageShape,
)  # fmt: skip
async def list_access_requests(call: Call, query: AccessRequestQuery) -> Response:
    """Your own requests and what became of them, newest first; a case you may read is named by its id.

    `scope=to_decide` and `scope=decided` are for supervisors: who asks, for which body, for what and why, on cases of
    their body and of those below it.
    """
    page = await call.read(services.list_access_requests, query.scope, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/access-requests/{request_id}/grant", tag="access", zh="准予查阅", en="Grant access", refuses=CREATE,
    status=201, answer=shapes.AccessDecisionShape, step_up=True,
)  # fmt: skip
async def grant_access(call: Call, request_id: str, body: AccessGrantIn) -> Response:
    """Let who asked read the case for a while, personal data included, what was said in mediation not: no step.

    For supervisors of the body that handles the case, or of one above it; never for oneself. It ends by itself with
    the membership it was asked under, or when the case moves to another body; each reading is in the access log.
    """
    return await call.write(services.grant_access, request_id, body.until, body.note)


@operation(
    "POST", "/v1/access-requests/{request_id}/denial", tag="access", zh="不予查阅", en="Deny access", refuses=CREATE,
    answer=shapes.AccessDecisionShape,
)  # fmt: skip
async def deny_access(call: Call, request_id: str, body: AccessDenialIn) -> Response:
    """Refuse a request, and say why: who asked learns then that there is such a case. Leave it unanswered otherwise."""
    return await call.write(services.deny_access, request_id, body.reason)


@operation(
    "DELETE", "/v1/access-requests/{request_id}/grant", tag="access", zh="收回查阅许可", en="Revoke access",
    refuses=END, answer=shapes.AccessDecisionShape,
)  # fmt: skip
async def revoke_access(call: Call, request_id: str) -> Response:
    """End what was granted before its time: by who was granted it, who granted it, or a supervisor of the body."""
    return await call.write(services.revoke_access, request_id)

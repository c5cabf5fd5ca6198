"""Breaking the glass on one case, and who did so."""

from typing import Annotated

from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.operations import CREATE, END, LIST, operation
from mediation.api.queries import PageQuery
from mediation.api.values import Moment, OneOf, Text
from mediation.api.wire import Body
from mediation.domain.grants import BreakGlassPurpose
from mediation.services import break_glass as services
from mediation.services.break_glass import BreakGlassRequest


class BreakGlassIn(Body):
    """Why the whole of a case has to be read, and until when: 72 hours ahead at most."""

    purpose: Annotated[str, OneOf(BreakGlassPurpose)]
    reason: Text
    until: Moment


@operation(
    "POST", "/v1/cases/{case_id}/break-glass", tag="access", zh="紧急查阅", en="Break the glass", refuses=CREATE,
    status=201, answer=shapes.GrantShape, step_up=True,
)  # fmt: skip
async def break_glass(call: Call, case_id: str, body: BreakGlassIn) -> Response:
    """Read everything of a case for a while, what was said in mediation included: no step, no change.

    For supervisors and auditors of the body that handles the case, or of one above it. The case's history tells of it,
    the reason sealed; an event and a list tell the handling body; each reading under it is in the access log.
    """
    asked = BreakGlassRequest(BreakGlassPurpose(body.purpose), body.reason, body.until)
    return await call.write(services.break_glass, case_id, asked)


@operation(
    "GET", "/v1/break-glass", tag="access", zh="紧急查阅列表", en="List broken glass", refuses=LIST,
    answer=shapes.GrantPageShape,
)  # fmt: skip
async def list_break_glass(call: Call, query: PageQuery) -> Response:
    """Who broke the glass on cases of your organization and of those below it, newest first.

    For its supervisors and auditors. The reasons are in the history of each case.
    """
    page = await call.read(services.list_break_glass, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "DELETE", "/v1/break-glass/{grant_id}", tag="access", zh="终止紧急查阅", en="End broken glass", refuses=END,
    answer=shapes.GrantShape,
)  # fmt: skip
async def revoke_break_glass(call: Call, grant_id: str) -> Response:
    """End it before its time: by who broke the glass, or a supervisor or auditor of the handling body or one above."""
    return await call.write(services.revoke, grant_id)

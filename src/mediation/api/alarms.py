"""Alarms for those who watch over a body: too many failures to be chance."""

from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.operations import LIST, operation
from mediation.api.queries import PageQuery
from mediation.services import alarms


@operation(
    "GET", "/v1/alarms", tag="alarms", zh="告警列表", en="List alarms", refuses=LIST, answer=shapes.AlarmPageShape,
)  # fmt: skip
async def list_alarms(call: Call, query: PageQuery) -> Response:
    """Too many failed sign-ins, cases that are not there, look-ups, data shown in clear, or cases written down.

    For auditors and administrators, of people of their organization and those below it, newest first; nothing of any
    case is in it. `mark` is the same for the same source. What is counted, and what to do: docs/security.md.
    """
    page = await call.read(alarms.list_alarms, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})

"""Files whose time is over, and their disposal by two people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from starlette.responses import Response

from mediation.api import labels, shapes
from mediation.api.call import Call, respond
from mediation.api.operations import CREATE, LIST, operation
from mediation.api.queries import PageQuery
from mediation.api.representations import render_plain
from mediation.api.values import Id, OneOf
from mediation.api.wire import Body
from mediation.domain.disposal import DISPOSAL_REASONS, DisposalReason
from mediation.services import disposals, retention

MAIN = "main"


@operation(
    "GET", "/v1/retention", tag="personal_data", zh="保存期限届满的案卷", en="List files whose time is over",
    refuses=LIST, answer=shapes.RetentionPageShape,
)  # fmt: skip
async def list_retention(call: Call, query: PageQuery) -> Response:
    """Cases that have to be kept no longer, for supervisors and auditors of the body and of those above it.

    Each with its outcome, the rule it was kept by, and in `kept_by` whatever still forbids to destroy it: a legal
    hold, something not performed yet, a running term. Nothing is ever destroyed by itself.
    """
    page = await call.read(retention.list_over, query.cursor, query.limit, call.rooms.retention)
    return respond({"items": [_file(item) for item in page.items], "next": call.next_page(page.next_cursor)})


class DisposalIn(Body):
    """The file of which case is to be destroyed, and why."""

    case_id: Id
    reason: Annotated[str, OneOf(DisposalReason)]


@operation(
    "POST", "/v1/disposals", tag="personal_data", zh="提出销毁案卷", en="Propose a disposal", refuses=CREATE,
    status=201, answer=shapes.DisposalShape, step_up=True,
)  # fmt: skip
async def propose_disposal(call: Call, body: DisposalIn) -> Response:
    """Propose to destroy the file of a case; by a supervisor, and confirmed by another person.

    Refused, with every reason, while the case is open, its file has to be kept, a legal hold is set, something is
    still to be performed, a term runs, or somebody waits for an answer about their own data.
    """
    return await call.write(
        disposals.propose, body.case_id, DisposalReason(body.reason), call.rooms.retention, _render_disposal
    )


@operation(
    "POST", "/v1/disposals/{disposal_id}/confirmation", tag="personal_data", zh="确认销毁案卷", en="Confirm a disposal",
    refuses=CREATE, answer=shapes.DisposalShape, step_up=True,
)  # fmt: skip
async def confirm_disposal(call: Call, disposal_id: str) -> Response:
    """Destroy the file for ever: by a supervisor who did not propose it, as long as nothing forbids it.

    A proposal lapses with whatever is recorded on the case after it: the file is looked at again and proposed anew.
    Every key of the case is destroyed, what stands of people in clear is blanked, and the case is seen by nobody any
    more. Its history stays, verifies and opens for nobody; this record says what was destroyed, when and by whom.
    """
    return await call.write(disposals.confirm, disposal_id, call.rooms.retention, _render_disposal)


@operation(
    "POST", "/v1/disposals/{disposal_id}/withdrawal", tag="personal_data", zh="撤回销毁提议", en="Withdraw a disposal",
    refuses=CREATE, answer=shapes.DisposalShape,
)  # fmt: skip
async def withdraw_disposal(call: Call, disposal_id: str) -> Response:
    """Take a proposal back, one's own or another's; by a supervisor of the case. It may be proposed anew."""
    return await call.write(disposals.withdraw, disposal_id, _render_disposal)


@operation(
    "GET", "/v1/disposals", tag="personal_data", zh="案卷销毁记录", en="List disposals", refuses=LIST,
    answer=shapes.DisposalPageShape,
)  # fmt: skip
async def list_disposals(call: Call, query: PageQuery) -> Response:
    """Disposals proposed, done, withdrawn and lapsed, newest first.

    For supervisors and auditors of the body and of those above it.
    """
    page = await call.read(disposals.list_disposals, query.cursor, query.limit)
    return respond({"items": [_disposal(item) for item in page.items], "next": call.next_page(page.next_cursor)})


def _render_disposal(row: Mapping[str, Any]) -> bytes:
    return render_plain(_disposal(row))


def _disposal(row: Mapping[str, Any]) -> dict[str, Any]:
    reason = DISPOSAL_REASONS[DisposalReason(row["reason"])]
    return {
        **row,
        "outcome": labels.STATES[MAIN, row["outcome"]],
        "reason": {"code": row["reason"], "zh": reason.zh, "en": reason.en},
    }


def _file(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "outcome": labels.STATES[MAIN, item["outcome"]]}

"""Personal data in clear, and the log of who read or searched it."""

from typing import Annotated, Literal, cast

from pydantic import Field
from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.case_parts import claim_document, day_or_none, obligation_document, party_document
from mediation.api.operations import CREATE, END, LIST, operation
from mediation.api.queries import AccessLogListQuery
from mediation.api.representations import render_party
from mediation.api.values import OneOf, Text
from mediation.api.wire import Body
from mediation.domain.personal_data import Purpose, Reading
from mediation.services import access_log, data_exports, erasure, reveals
from mediation.services.data_exports import DataExport
from mediation.services.requests import AccessLogQuery

_TELL = (400, 401, 403, 404, 413, 415, 422)


class RevealIn(Body):
    """Which values, and for what: only those that the purpose needs (PIPL 6, 28)."""

    fields: Annotated[
        list[Literal["resident_id", "phone", "address", "bank_account"]], Field(min_length=1, max_length=4)
    ]
    purpose: Annotated[str, OneOf(Purpose)]
    reason: Text | None = None


@operation(
    "POST", "/v1/cases/{case_id}/parties/{party_id}/reveal", tag="personal_data", zh="显示个人信息",
    en="Reveal personal data", refuses=_TELL, answer=shapes.RevealShape, budget="reveals", step_up=True,
)  # fmt: skip
async def reveal(call: Call, case_id: str, party_id: str, body: RevealIn) -> Response:
    """The clear values of a party, for the clerks, mediators and volunteers of the case and for a purpose.

    Each time is an entry of the case's history and of the access log. An Idempotency-Key keeps no answer here.
    """
    asked = reveals.RevealRequest(party_id, body.fields, Purpose(body.purpose), body.reason)
    return await call.write(reveals.reveal, case_id, asked)


@operation(
    "GET", "/v1/cases/{case_id}/parties/{party_id}/data-export", tag="personal_data", zh="导出本人信息",
    en="Export everything held about a person", refuses=END, answer=shapes.DataExportShape, budget="reveals",
    step_up=True,
)  # fmt: skip
async def export_data(call: Call, case_id: str, party_id: str) -> Response:
    """Everything the case holds about a natural person, in clear (PIPL 45).

    For the person's own account, and on the person's request for the clerks and mediators of the case, and the
    volunteer who stands by their side. Each time is kept in the access log. History is told as far as it speaks of the
    person; who read their data by day, purpose and body, without names. What was said in mediation is not among it: it
    stays at the table; the person's own messages by an access link are given back to them.
    """
    about = Reading("export_data", case_id, party_id, purpose=Purpose.REQUEST_OF_PERSON)
    return respond(_exported(await call.read_noted(data_exports.export_data, case_id, party_id, about=about)))


def _exported(found: DataExport) -> shapes.DataExportShape:
    return {
        "case_id": found.case_id,
        "case_number": found.case_number,
        "made_on": found.made_on.isoformat(),
        "party": party_document(found.party),
        "identity": dict(found.identity),
        "employment": None if found.employment is None else dict(found.employment),
        "claims": [claim_document(claim) for claim in found.claims],
        "computations": [dict(row) for row in found.computations],
        "obligations": [obligation_document(owed) for owed in found.obligations],
        "deadlines": [
            {"id": clock.id, "code": clock.term, "start": clock.start.isoformat(), "due": clock.due.isoformat(),
             "status": clock.status, "ended_on": day_or_none(clock.ended_on)}
            for clock in found.deadlines
        ],
        "consents": [dict(row) for row in found.consents],
        "sharing_records": [dict(row) for row in found.sharing],
        "data_requests": [dict(row) for row in found.requests],
        "history": cast("list[shapes.HeldEntryShape]", list(found.history)),
        "readings": cast("list[shapes.HeldReadingShape]", list(found.readings)),
        "undisputed_facts": cast("list[shapes.HeldFactShape]", list(found.facts)),
        "messages": cast("list[shapes.HeldMessageShape]", list(found.messages)),
    }  # fmt: skip


class ReasonIn(Body):
    """Why; told in the case's history, sealed."""

    reason: Text


@operation(
    "POST", "/v1/cases/{case_id}/parties/{party_id}/erasure", tag="personal_data", zh="删除个人信息",
    en="Erase personal data", refuses=CREATE, answer=shapes.PartyShape, step_up=True,
)  # fmt: skip
async def erase(call: Call, case_id: str, party_id: str, body: ReasonIn) -> Response:
    """Destroy the key of a person and blank what stands of them in clear: by a supervisor, for ever (PIPL 47).

    Refused, with every reason, while the case is open, its file has to be kept, a legal hold is set or something is
    still to be performed. History still verifies; what lay under the key opens for nobody.
    """
    return await call.write(erasure.erase, case_id, party_id, body.reason, render_party, call.rooms.retention)


@operation(
    "POST", "/v1/cases/{case_id}/legal-hold", tag="personal_data", zh="设置留存令", en="Set a legal hold",
    refuses=CREATE, answer=shapes.LegalHoldShape,
)  # fmt: skip
async def set_legal_hold(call: Call, case_id: str, body: ReasonIn) -> Response:
    """Forbid to erase anything of a case, open or closed; by a supervisor."""
    return await call.write(erasure.set_hold, case_id, body.reason)


@operation(
    "POST", "/v1/cases/{case_id}/legal-hold/lifting", tag="personal_data", zh="解除留存令", en="Lift a legal hold",
    refuses=CREATE, answer=shapes.LegalHoldShape,
)  # fmt: skip
async def lift_legal_hold(call: Call, case_id: str, body: ReasonIn) -> Response:
    """Lift the hold; by a supervisor."""
    return await call.write(erasure.lift_hold, case_id, body.reason)


@operation(
    "GET", "/v1/access-log", tag="personal_data", zh="个人信息访问日志", en="List readings of personal data",
    refuses=LIST, answer=shapes.AccessLogPageShape,
)  # fmt: skip
async def list_readings(call: Call, query: AccessLogListQuery) -> Response:
    """Who read or searched personal data, newest first: for auditors and supervisors of the body concerned.

    Clear values shown, look-ups and searches by name, history read or exported, cases read by somebody who does not
    work on them. What was looked for stands as a keyed hash. Kept for three years.
    """
    page = await call.read(access_log.list_readings, AccessLogQuery(**query.fields()))
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})

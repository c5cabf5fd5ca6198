"""Cases: written down, found, read, corrected, and the way they have gone."""

from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.history import history_document
from mediation.api.operations import ASK, COMMAND, CREATE, END, LIST, READ, operation
from mediation.api.queries import CaseListQuery, CaseReadQuery, HistoryQuery
from mediation.api.representations import (
    case_document,
    deadlines_document,
    render_case,
    render_claim,
    render_party,
    render_plain,
    steps_document,
)
from mediation.api.wire import (
    AssignmentIn,
    CaseChangesIn,
    ClaimAmendIn,
    ClaimIn,
    LookupIn,
    NewCaseIn,
    PartyChangesIn,
    PartyIn,
)
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.personal_data import Reading, is_routine
from mediation.services import assignments, cases, claims, lookups, parties, reading, worklists
from mediation.services.requests import CaseQuery, NewCase


@operation(
    "POST", "/v1/cases", tag="cases", zh="登记案件", en="Create a case",
    refuses=CREATE, status=201, answer=shapes.CaseShape, budget="creations",
)  # fmt: skip
async def create_case(call: Call, body: NewCaseIn) -> Response:
    """Write down whatever is known: a draft, with no number and no clock.

    With `submit` the same transaction also takes `submit_intake`, which issues the number.
    """
    return await call.write(cases.create_case, NewCase(**body.values()), render_case)


@operation("GET", "/v1/cases", tag="cases", zh="案件列表", en="List cases", refuses=LIST, answer=shapes.PageShape)
async def list_cases(call: Call, query: CaseListQuery) -> Response:
    """The worklist of one scope, nearest deadline first; what was sent to a court or commission, the latest first.

    Names do not stand in addresses: who looks for a person asks `look_up_cases`.
    """
    page = await call.read(worklists.list_cases, CaseQuery(**query.fields()))
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/case-lookups", tag="cases", zh="按证件号、电话或姓名查找案件", en="Look up cases of a person",
    refuses=ASK, answer=shapes.ItemsShape, budget="look_ups",
)  # fmt: skip
async def look_up_cases(call: Call, body: LookupIn) -> Response:
    """Cases visible to you in which somebody has this resident ID, phone or beginning of a name, newest first.

    It changes nothing; that somebody looked is kept in the access log.
    """
    given = body.values()
    if len(given) != 1:
        text = Label("resident_id、phone、name_prefix 填写其一", "Give one of resident_id, phone and name_prefix.")
        raise InvalidInputError([InputError("/resident_id", "one_of", text)])
    kind, value = next(iter(given.items()))
    about = Reading("look_up_cases", searched=(kind, value))
    return respond({"items": await call.read_noted(lookups.look_up, kind, value, about=about)})


@operation(
    "GET", "/v1/cases/{case_id}", tag="cases", zh="读取案件", en="Read a case",
    refuses=READ, answer=shapes.CaseShape,
)  # fmt: skip
async def read_case(call: Call, case_id: str, query: CaseReadQuery) -> Response:
    """The case as this person sees it today: states, parties, claims, running deadlines, open and blocked steps.

    With `as_of` as it stood at the end of that day, put together from its history; then nothing is open.
    """
    asked = (reading.read_case, case_id) if query.as_of is None else (reading.read_case_as_of, case_id, query.as_of)
    view = await call.read_noted(
        *asked, about=Reading("read_case", case_id), unless=lambda view: is_routine(view.roles)
    )
    if query.as_of is not None:
        return respond(case_document(view))
    return respond(case_document(view), etag=view.etag)


@operation(
    "PATCH", "/v1/cases/{case_id}", tag="cases", zh="更正案件资料", en="Amend a case",
    refuses=COMMAND, answer=shapes.CaseShape,
)  # fmt: skip
async def amend_case(call: Call, case_id: str, body: CaseChangesIn) -> Response:
    """Correct what was written down; null takes a value away. What steps decide only steps change."""
    return await call.write(cases.amend_case, case_id, body.changes(), render_case)


@operation(
    "GET", "/v1/cases/{case_id}/steps", tag="steps", zh="可办与受阻的步骤", en="Read open and blocked steps",
    refuses=READ, answer=shapes.StepsShape,
)  # fmt: skip
async def read_steps(call: Call, case_id: str) -> Response:
    """Every step out of the current states: open to this person, or with every reason why not."""
    view = await call.read(reading.read_steps, case_id)
    return respond(steps_document(view), etag=view.etag)


@operation(
    "GET", "/v1/cases/{case_id}/deadlines", tag="deadlines", zh="期限及其由来", en="Read deadlines",
    refuses=READ, answer=shapes.DeadlinesShape,
)  # fmt: skip
async def read_deadlines(call: Call, case_id: str) -> Response:
    """Every deadline, running or over, each with why it falls on its day."""
    view = await call.read(reading.read_deadlines, case_id)
    return respond(deadlines_document(view), etag=view.etag)


@operation(
    "GET", "/v1/cases/{case_id}/history", tag="history", zh="办理经过", en="Read history",
    refuses=READ, answer=shapes.HistoryShape,
)  # fmt: skip
async def read_history(call: Call, case_id: str, query: HistoryQuery) -> Response:
    """Entries after a sequence number, in order, each with the hash that chains it to the one before."""
    about = Reading("read_history", case_id)
    page = await call.read_noted(reading.read_history, case_id, query.after, query.limit, about=about)
    after = page.next_after
    return respond(
        {
            "items": [history_document(entry) for entry in page.entries],
            "next_after": after,
            "next": call.next_page(after, parameter="after"),
        }
    )


@operation(
    "GET", "/v1/cases/{case_id}/history/verification", tag="history", zh="核验办理经过", en="Verify history",
    refuses=READ,
)  # fmt: skip
async def verify_history(call: Call, case_id: str) -> Response:
    """Compute the chain of hashes again and tell the first entry that does not fit, if any."""
    return respond(await call.read(reading.verify_history, case_id))


@operation(
    "POST", "/v1/cases/{case_id}/parties", tag="parties", zh="添加当事人", en="Add a party",
    refuses=CREATE, status=201, answer=shapes.PartyShape,
)  # fmt: skip
async def add_party(call: Call, case_id: str, body: PartyIn) -> Response:
    """Write a party down before the case is sorted; later somebody joins by the step `join_party`."""
    return await call.write(parties.add_party, case_id, body.values(), render_party)


@operation(
    "PATCH", "/v1/cases/{case_id}/parties/{party_id}", tag="parties", zh="更正当事人", en="Amend a party",
    refuses=COMMAND, answer=shapes.PartyShape,
)  # fmt: skip
async def amend_party(call: Call, case_id: str, party_id: str, body: PartyChangesIn) -> Response:
    """Correct a party; the version compared is the party's own."""
    return await call.write(parties.amend_party, case_id, party_id, body.changes(), render_party)


@operation(
    "POST", "/v1/cases/{case_id}/claims", tag="claims", zh="添加请求", en="Add a claim",
    refuses=CREATE, status=201, answer=shapes.ClaimShape,
)  # fmt: skip
async def add_claim(call: Call, case_id: str, body: ClaimIn) -> Response:
    """Write a claim down; later claims change by the steps of the procedure."""
    return await call.write(claims.add_claim, case_id, body.values(), render_claim)


@operation(
    "PATCH", "/v1/cases/{case_id}/claims/{claim_id}", tag="claims", zh="更正请求", en="Amend a claim",
    refuses=COMMAND, answer=shapes.ClaimShape,
)  # fmt: skip
async def amend_claim(call: Call, case_id: str, claim_id: str, body: ClaimAmendIn) -> Response:
    """Correct a claim; the version compared is the claim's own."""
    return await call.write(claims.amend_claim, case_id, claim_id, body.changes(), render_claim)


@operation(
    "POST", "/v1/cases/{case_id}/assignments", tag="assignments", zh="指派人员", en="Assign a person",
    refuses=CREATE, status=201, answer=shapes.AssignmentShape,
)  # fmt: skip
async def assign(call: Call, case_id: str, body: AssignmentIn) -> Response:
    """Give somebody a part in the case; from then on they see it."""
    return await call.write(assignments.assign, case_id, body.person_id, body.role, render_plain)


@operation(
    "DELETE", "/v1/cases/{case_id}/assignments/{assignment_id}", tag="assignments", zh="结束指派",
    en="End an assignment", refuses=END, answer=shapes.AssignmentShape,
)  # fmt: skip
async def end_assignment(call: Call, case_id: str, assignment_id: str) -> Response:
    """End a part in the case as of today; the record of it stays."""
    return await call.write(assignments.end_assignment, case_id, assignment_id, render_plain)

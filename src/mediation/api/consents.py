"""Consents of the people of a case, and records of whom their data were passed on to."""

from typing import Annotated, Literal

from pydantic import Field
from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.operations import CREATE, READ, operation
from mediation.api.queries import PageQuery
from mediation.api.values import Code, Day, Id, Name, OneOf
from mediation.api.wire import Body
from mediation.domain.consent import ConsentPurpose, DataKind, SharingBasis
from mediation.services import consents

Kinds = Annotated[list[Annotated[str, OneOf(DataKind)]], Field(min_length=1, max_length=6)]


class DataConsentIn(Body):
    """What a person consented to, and how; sensitive data and sharing need a consent of their own (PIPL 23, 29)."""

    party_id: Id
    purpose: Annotated[str, OneOf(ConsentPurpose)]
    kinds: Kinds
    form: Literal["written", "oral", "electronic"]
    given_on: Day


class WithdrawalIn(Body):
    """As of which day."""

    withdrawn_on: Day


class SharingIn(Body):
    """Whom personal data were passed on to, what for, which kinds, and what it rested on (PIPL 23)."""

    recipient_id: Id
    purpose: Code
    kinds: Kinds
    shared_on: Day
    basis: Annotated[str, OneOf(SharingBasis)] | None = None
    legal_basis: Annotated[Name, Field(max_length=200)] | None = None


@operation(
    "GET", "/v1/cases/{case_id}/consents", tag="personal_data", zh="个人信息处理同意", en="List consents",
    refuses=READ, answer=shapes.ConsentPageShape,
)  # fmt: skip
async def list_consents(call: Call, case_id: str, query: PageQuery) -> Response:
    """What the people of the case consented to, in the order it was recorded; a party sees their own."""
    page = await call.read(consents.list_consents, case_id, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/cases/{case_id}/consents", tag="personal_data", zh="登记同意", en="Record a consent",
    refuses=CREATE, status=201, answer=shapes.ConsentShape,
)  # fmt: skip
async def record_consent(call: Call, case_id: str, body: DataConsentIn) -> Response:
    """Keep a person's consent for one purpose; by the house, or by the person themselves."""
    return await call.write(consents.record_consent, case_id, body.model_dump())


@operation(
    "POST", "/v1/cases/{case_id}/consents/{consent_id}/withdrawal", tag="personal_data", zh="撤回同意",
    en="Withdraw a consent", refuses=CREATE, answer=shapes.ConsentShape,
)  # fmt: skip
async def withdraw_consent(call: Call, case_id: str, consent_id: str, body: WithdrawalIn) -> Response:
    """End a consent as of a day; what was done before stays lawful (PIPL 15)."""
    return await call.write(consents.withdraw_consent, case_id, consent_id, body.withdrawn_on)


@operation(
    "GET", "/v1/cases/{case_id}/sharing-records", tag="personal_data", zh="个人信息对外提供记录",
    en="List sharing records", refuses=READ, answer=shapes.SharingPageShape,
)  # fmt: skip
async def list_sharing(call: Call, case_id: str, query: PageQuery) -> Response:
    """To whom data were passed on. A step that sends the case to a court, commission or office keeps its own record.

    A warning names the people whose separate consent did not stand that day where no legal duty is stated.
    """
    page = await call.read(consents.list_sharing, case_id, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/cases/{case_id}/sharing-records", tag="personal_data", zh="登记对外提供", en="Record a sharing",
    refuses=CREATE, status=201, answer=shapes.SharingRecordShape,
)  # fmt: skip
async def record_sharing(call: Call, case_id: str, body: SharingIn) -> Response:
    """Keep by hand that personal data were passed on; by the house."""
    return await call.write(consents.record_sharing, case_id, body.model_dump())

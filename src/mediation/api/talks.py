"""The talks of a case: offers that stay among those at the table, and facts that leave it once everybody has signed."""

from __future__ import annotations

from typing import Annotated, Literal

import orjson
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from mediation.api.call import Call, respond
from mediation.api.case_parts import day_or_none
from mediation.api.operations import COMMAND, CREATE, READ, operation
from mediation.api.queries import PageQuery
from mediation.api.values import Day, Id, Money, OneOf, Text, format_money
from mediation.api.wire import Body, Version, fen
from mediation.domain.offers import Offer, OfferKind, content_from
from mediation.domain.personal_data import Reading
from mediation.domain.sight import Sight
from mediation.domain.undisputed import UndisputedFact
from mediation.domain.wall import Confidential
from mediation.services import offers, undisputed

Round = Annotated[int, Field(ge=1, le=1000)]


class OfferIn(Body):
    """What was offered in a round of talks; `made_by` is a party, left out for a proposal of the mediator."""

    kind: Annotated[str, OneOf(OfferKind)]
    round: Round = 1
    made_by: Id | None = None
    made_on: Day
    text: Text
    amount: Money | None = fen()


class OfferAnswerIn(Body):
    """What became of an offer, today unless another day is given."""

    status: Literal["accepted", "refused", "withdrawn", "lapsed"]
    answered_on: Day | None = None
    expected_version: Version | None = None


class UndisputedFactIn(Body):
    """A fact that both sides seem to accept, in the words they are to sign."""

    text: Text


class SignatureOnFactIn(Body):
    """A party's signature under a fact."""

    party_id: Id
    signed_on: Day


class WrittenDownShape(TypedDict):
    """What is answered to who wrote: the record and its version, nothing of what was said."""

    id: str
    version: int


class OfferShape(TypedDict):
    id: str
    version: int
    kind: str
    round: int
    made_by: str | None
    made_on: str
    status: str
    answered_on: str | None
    text: str | None
    amount: str | None


class OfferPageShape(TypedDict):
    items: list[OfferShape]
    next: str | None


class UndisputedFactShape(TypedDict):
    id: str
    version: int
    recorded_on: str
    text: str | None
    signed: dict[str, str]
    settled_on: str | None


class UndisputedFactPageShape(TypedDict):
    items: list[UndisputedFactShape]
    next: str | None


@operation(
    "POST", "/v1/cases/{case_id}/offers", tag="talks", zh="登记调解方案", en="Record an offer",
    refuses=CREATE, status=201, answer=WrittenDownShape,
)  # fmt: skip
async def record_offer(call: Call, case_id: str, body: OfferIn) -> Response:
    """Write down an offer, a concession or the mediator's proposal.

    It is no part of the case and leaves it in no document, export or answer to anybody but those at the table: the
    mediator, the clerk and who advises the worker, the latter for the worker's offers and the mediator's alone.
    """
    return await call.write(offers.record_offer, case_id, body.values(), _written_down)


@operation(
    "GET", "/v1/cases/{case_id}/offers", tag="talks", zh="读取调解方案", en="List offers",
    refuses=READ, answer=OfferPageShape,
)  # fmt: skip
async def list_offers(call: Call, case_id: str, query: PageQuery) -> Response:
    """Offers in the order in which they were written down; each reading is kept in the access log."""
    about = Reading("list_offers", case_id)
    page = await call.read_noted(offers.list_offers, case_id, query.cursor, query.limit, about=about)
    items = [_offer(offer, page.sight) for offer in page.items]
    return respond({"items": items, "next": call.next_page(page.next_cursor)})


@operation(
    "PATCH", "/v1/cases/{case_id}/offers/{offer_id}", tag="talks", zh="登记方案结果", en="Answer an offer",
    refuses=COMMAND, answer=WrittenDownShape,
)  # fmt: skip
async def answer_offer(call: Call, case_id: str, offer_id: str, body: OfferAnswerIn) -> Response:
    """Say what became of an open offer. Its words are not changed: who says something else makes another offer."""
    return await call.write(offers.answer_offer, case_id, offer_id, body.changes(), _written_down)


@operation(
    "POST", "/v1/cases/{case_id}/undisputed-facts", tag="talks", zh="记载无争议事实", en="Record an undisputed fact",
    refuses=CREATE, status=201, answer=WrittenDownShape,
)  # fmt: skip
async def record_undisputed_fact(call: Call, case_id: str, body: UndisputedFactIn) -> Response:
    """Write down a fact that both sides accept; it stays among those at the table until all have signed it."""
    return await call.write(undisputed.record_fact, case_id, body.text, _written_down)


@operation(
    "GET", "/v1/cases/{case_id}/undisputed-facts", tag="talks", zh="读取无争议事实", en="List undisputed facts",
    refuses=READ, answer=UndisputedFactPageShape,
)  # fmt: skip
async def list_undisputed_facts(call: Call, case_id: str, query: PageQuery) -> Response:
    """Facts in the order in which they were written down; away from the table those alone that all have signed."""
    about = Reading("list_undisputed_facts", case_id)
    page = await call.read_noted(undisputed.list_facts, case_id, query.cursor, query.limit, about=about)
    items = [_fact(fact, page.sight) for fact in page.items]
    return respond({"items": items, "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/cases/{case_id}/undisputed-facts/{fact_id}/signatures", tag="talks", zh="登记当事人确认",
    en="Sign an undisputed fact", refuses=CREATE, status=201, answer=WrittenDownShape,
)  # fmt: skip
async def sign_undisputed_fact(call: Call, case_id: str, fact_id: str, body: SignatureOnFactIn) -> Response:
    """Write down that a party signed. With the last signature the fact may be used in court (SPC-TY 22)."""
    return await call.write(undisputed.sign_fact, case_id, fact_id, body.values(), _written_down)


def _written_down(record: Offer | UndisputedFact) -> bytes:
    return orjson.dumps({"id": record.id, "version": record.version})


def _offer(offer: Offer, sight: Sight) -> OfferShape:
    content = None if offer.content is None else content_from(offer.content.opened(sight))
    amount_fen = content.amount_fen if content else None
    return {
        "id": offer.id,
        "version": offer.version,
        "kind": str(offer.kind),
        "round": offer.round,
        "made_by": offer.made_by,
        "made_on": offer.made_on.isoformat(),
        "status": str(offer.status),
        "answered_on": day_or_none(offer.answered_on),
        "text": content.text if content else None,
        "amount": None if amount_fen is None else format_money(amount_fen),
    }


def _fact(fact: UndisputedFact, sight: Sight) -> UndisputedFactShape:
    return {
        "id": fact.id,
        "version": fact.version,
        "recorded_on": fact.recorded_on.isoformat(),
        "text": fact.text.opened(sight) if isinstance(fact.text, Confidential) else fact.text,
        "signed": {party: day.isoformat() for party, day in fact.signed.items()},
        "settled_on": day_or_none(fact.settled_on),
    }

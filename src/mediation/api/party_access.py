"""Access links of parties, and what such a link opens of the case."""

from __future__ import annotations

from typing import Annotated

from starlette.responses import Response
from typing_extensions import TypedDict

from mediation.api import labels, shapes
from mediation.api.call import Call, respond
from mediation.api.case_parts import day_or_none
from mediation.api.operations import CREATE, END, READ, operation
from mediation.api.queries import PageQuery
from mediation.api.representations import render_plain
from mediation.api.values import Day, OneOf, Text, format_money
from mediation.api.wire import Body
from mediation.domain.deadlines import Deadline, days_left
from mediation.domain.labels import Label
from mediation.domain.party_access import ASKED, Ask, MessageKind, PartyMessage, PartyView
from mediation.domain.personal_data import Reading
from mediation.domain.records import Obligation
from mediation.domain.sight import Sight
from mediation.services import party_access, party_links

_LINKS = "/v1/cases/{case_id}/parties/{party_id}/access-links"
MAIN = "main"


class AccessLinkIn(Body):
    """A link to be made: its last day, from today 30 days ahead at most."""

    expires_on: Day


class PartyAnswerIn(Body):
    """What a party answers; a message needs its text."""

    kind: Annotated[str, OneOf(MessageKind)]
    text: Text | None = None


class AccessLinkShape(TypedDict):
    id: str
    party_id: str
    prefix: str
    created_at: str
    created_by: str
    expires_on: str
    revoked_at: str | None


class MadeLinkShape(AccessLinkShape):
    token: str | None


class AccessLinkPageShape(TypedDict):
    items: list[AccessLinkShape]
    next: str | None


class OwnPartyShape(TypedDict):
    id: str
    role: str
    side: str
    name: str


class OwnDeadlineShape(TypedDict):
    code: str
    label: shapes.LabelShape
    due: str
    days_left: int


class OwnObligationShape(TypedDict):
    id: str
    is_owed_by_you: bool
    kind: str
    status: str
    amount: str | None
    due_on: str | None
    what: str | None


class PaperShape(TypedDict):
    code: str
    label: shapes.LabelShape


class AskShape(TypedDict):
    kind: str
    text: shapes.LabelShape
    obligation_id: str | None


class OwnCaseShape(TypedDict):
    number: str | None
    state: shapes.StateShape
    in_plain_words: shapes.LabelShape
    today: str
    party: OwnPartyShape
    deadlines: list[OwnDeadlineShape]
    obligations: list[OwnObligationShape]
    documents_to_sign: list[PaperShape]
    asked_of_you: list[AskShape]
    link_expires_on: str


class SentShape(TypedDict):
    id: str


class PartyMessageShape(TypedDict):
    id: str
    party_id: str
    link_id: str
    kind: str
    sent_at: str
    text: str | None


class PartyMessagePageShape(TypedDict):
    items: list[PartyMessageShape]
    next: str | None


@operation(
    "POST", _LINKS, tag="party_access", zh="生成当事人查阅链接", en="Make an access link", refuses=CREATE, status=201,
    answer=MadeLinkShape, step_up=True,
)  # fmt: skip
async def make_access_link(call: Call, case_id: str, party_id: str, body: AccessLinkIn) -> Response:
    """Give one party a link to its own case, shown in this answer and never again; by the clerk or the mediator."""
    return await call.write(party_links.make_link, case_id, party_id, body.expires_on, render_plain)


@operation(
    "GET", _LINKS, tag="party_access", zh="当事人查阅链接列表", en="List access links", refuses=READ,
    answer=AccessLinkPageShape,
)  # fmt: skip
async def list_access_links(call: Call, case_id: str, party_id: str, query: PageQuery) -> Response:
    """Every link the party was given, oldest first, each by its beginning only."""
    page = await call.read(party_links.list_links, case_id, party_id, query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "DELETE", f"{_LINKS}/{{link_id}}", tag="party_access", zh="撤销当事人查阅链接", en="Revoke an access link",
    refuses=END, answer=AccessLinkShape,
)  # fmt: skip
async def revoke_access_link(call: Call, case_id: str, party_id: str, link_id: str) -> Response:
    """Revoke a link as of now."""
    return await call.write(party_links.revoke_link, case_id, party_id, link_id, render_plain)


@operation(
    "GET", "/v1/cases/{case_id}/party-messages", tag="party_access", zh="当事人答复列表", en="List party messages",
    refuses=READ, answer=PartyMessagePageShape,
)  # fmt: skip
async def list_party_messages(call: Call, case_id: str, query: PageQuery) -> Response:
    """What parties answered by their links, in the order they sent it, for those at the table; each reading is kept.

    An answer is no step: the case team takes the step that follows from it.
    """
    about = Reading("list_party_messages", case_id)
    page = await call.read_noted(party_access.list_messages, case_id, query.cursor, query.limit, about=about)
    items = [_message(message, page.sight) for message in page.items]
    return respond({"items": items, "next": call.next_page(page.next_cursor)})


@operation(
    "GET", "/v1/party/case", tag="party_access", zh="当事人查阅本案", en="Read one's own case", refuses=(401, 403, 422),
    answer=OwnCaseShape, by_link=True,
)  # fmt: skip
async def read_own_case(call: Call) -> Response:
    """Where the case stands in plain words, the dates that concern the party, what to sign and what is asked of it."""
    return respond(_own_case(await call.read(party_access.read_own_case, call.link)))


@operation(
    "POST", "/v1/party/answers", tag="party_access", zh="当事人答复", en="Answer as a party",
    refuses=(400, 401, 403, 409, 413, 415, 422), status=201, answer=SentShape, budget="party_answers", by_link=True,
)  # fmt: skip
async def answer_as_party(call: Call, body: PartyAnswerIn) -> Response:
    """Send the case team a consent, a refusal, word that one will sign, or a message; no legal step by itself."""
    return await call.write(party_access.send_answer, call.link, body.model_dump(), render_plain)


def _own_case(view: PartyView) -> OwnCaseShape:
    case, party = view.case, view.party
    papers = {kind.code: kind for ask in view.asks for kind in ask.documents}
    return {
        "number": case.number,
        "state": labels.STATES[MAIN, case.state],
        "in_plain_words": _label(view.in_plain_words),
        "today": view.today.isoformat(),
        "party": {"id": party.id, "role": party.role, "side": party.side, "name": party.name},
        "deadlines": [_deadline(deadline, view) for deadline in view.deadlines],
        "obligations": [_obligation(owed, party.id) for owed in view.obligations],
        "documents_to_sign": [{"code": kind.code, "label": _label(kind.label)} for kind in papers.values()],
        "asked_of_you": [_ask(ask) for ask in view.asks],
        "link_expires_on": view.expires_on.isoformat(),
    }


def _label(label: Label) -> shapes.LabelShape:
    return {"zh": label.zh, "en": label.en}


def _deadline(deadline: Deadline, view: PartyView) -> OwnDeadlineShape:
    return {
        "code": deadline.term,
        "label": labels.TERM_LABELS[deadline.term],
        "due": deadline.due.isoformat(),
        "days_left": days_left(deadline, view.today),
    }


def _obligation(owed: Obligation, party_id: str) -> OwnObligationShape:
    return {
        "id": owed.id,
        "is_owed_by_you": owed.debtor_id == party_id,
        "kind": owed.kind,
        "status": owed.status,
        "amount": None if owed.amount_fen is None else format_money(owed.amount_fen),
        "due_on": day_or_none(owed.due_on),
        "what": owed.what,
    }


def _ask(ask: Ask) -> AskShape:
    obligation_id = None if ask.obligation is None else ask.obligation.id
    return {"kind": str(ask.kind), "text": _label(ASKED[ask.kind]), "obligation_id": obligation_id}


def _message(message: PartyMessage, sight: Sight) -> PartyMessageShape:
    return {
        "id": message.id,
        "party_id": message.party_id,
        "link_id": message.link_id,
        "kind": str(message.kind),
        "sent_at": message.sent_at.isoformat(),
        "text": None if message.text is None else message.text.opened(sight),
    }

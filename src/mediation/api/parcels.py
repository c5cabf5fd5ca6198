"""What leaves the house with a step that sends a case to a court, a commission or another body."""

from __future__ import annotations

from starlette.responses import Response
from typing_extensions import TypedDict

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.case_parts import claim_document, obligation_document, party_document
from mediation.api.operations import END, operation
from mediation.domain.leaving import PACKINGS, Parcel
from mediation.domain.personal_data import Reading
from mediation.domain.undisputed import SignedFact
from mediation.services import parcels


class SignedFactShape(TypedDict):
    text: str
    settled_on: str
    signed: dict[str, str]


class ParcelShape(TypedDict):
    action: str
    to: str
    papers: list[str]
    parties: list[shapes.PartyShape]
    claims: list[shapes.ClaimShape]
    obligations: list[shapes.ObligationShape]
    undisputed_facts: list[SignedFactShape]


@operation(
    "GET", "/v1/cases/{case_id}/parcels/{action}", tag="talks", zh="查看随步骤送出的材料",
    en="Read what a step sends out", refuses=END, answer=ParcelShape,
)  # fmt: skip
async def read_parcel(call: Call, case_id: str, action: str) -> Response:
    """The kinds of paper that may go with the step, and the data and signed facts that do: nothing else leaves."""
    about = Reading("read_parcel", case_id)
    parcel = await call.read_noted(parcels.read_parcel, case_id, action, about=about)
    return respond(_document(action, parcel))


def _document(action: str, parcel: Parcel) -> ParcelShape:
    return {
        "action": action,
        "to": str(parcel.to),
        "papers": sorted(PACKINGS[action].papers),
        "parties": [party_document(party) for party in parcel.parties],
        "claims": [claim_document(claim) for claim in parcel.claims],
        "obligations": [obligation_document(owed) for owed in parcel.obligations],
        "undisputed_facts": [_fact(fact) for fact in parcel.facts],
    }


def _fact(fact: SignedFact) -> SignedFactShape:
    signed = {party: day.isoformat() for party, day in fact.signed.items()}
    return {"text": fact.text, "settled_on": fact.settled_on.isoformat(), "signed": signed}

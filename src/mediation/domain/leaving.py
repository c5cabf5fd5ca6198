"""What leaves the house with a step that sends a case out: the one list of what is let out, and nothing else is.

Every dossier, letter and referral is put together from a `Parcel`, and a parcel is made here alone. It has no place
for what was said in mediation: no offer, no record of a session, no fact that is not signed (law: SPC-TY 22, 26, 28;
SPC-OL 18, 21, 29; CPLI 107; R17 11). What each body is sent follows the papers it asks for (LDMAL 28; CPLI 354; R33 74).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.cases import Case
from mediation.domain.dispatch import SENT_COLUMNS
from mediation.domain.errors import ConflictError
from mediation.domain.labels import Label
from mediation.domain.records import Claim, Obligation, Party
from mediation.domain.undisputed import SignedFact, UndisputedFact, signed_fact


class Destination(StrEnum):
    """Where a case is sent."""

    COURT = "court"
    COMMISSION = "commission"
    INSPECTION = "inspection"
    MEDIATION = "mediation"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper by its kind (DOC01 …) and the reference under which it is filed."""

    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class Packing:
    """What a step may send: where to, which kinds of paper, and which records besides parties and claims."""

    to: Destination
    papers: frozenset[str]
    has_facts: bool = False
    has_obligations: bool = False
    has_claims: bool = True


@dataclass(frozen=True, slots=True)
class Parcel:
    """What leaves the house: no field here can hold what was said in mediation."""

    to: Destination
    papers: tuple[Paper, ...]
    parties: tuple[Party, ...]
    claims: tuple[Claim, ...]
    obligations: tuple[Obligation, ...]
    facts: tuple[SignedFact, ...]


class PaperStaysError(ConflictError):
    """A paper that this step does not send, or a step that sends nothing."""

    text = Label("该文书不随此步骤送出", "This paper does not leave the house with this step")


def _papers(text: str) -> frozenset[str]:
    return frozenset(f"DOC{number}" for number in text.split())


_OPENING: Final = "01 02 08 20 25 26"
"""Application, service address, evidence list, powers and mandates."""
PACKINGS: Final[Mapping[str, Packing]] = MappingProxyType(
    {
        "request_court_mediation": Packing(Destination.COURT, _papers(f"{_OPENING} 10 49"), has_facts=True),
        "court_mediation_fails": Packing(Destination.COURT, _papers("10 18"), has_facts=True),
        "file_suit": Packing(Destination.COURT, _papers("08 10 16 20 25 26 49"), has_facts=True),
        "prepare_referral": Packing(Destination.COMMISSION, _papers("08 10 16 19 20 21 25 26"), has_facts=True),
        "file": Packing(Destination.COMMISSION, _papers("08 10 16 19 20 21 25 26"), has_facts=True),
        "apply_review": Packing(Destination.COMMISSION, _papers("08 13 22 25 26"), has_obligations=True),
        "apply_judicial_confirmation": Packing(Destination.COURT, _papers("08 13 23 25 26"), has_obligations=True),
        "apply_payment_order": Packing(Destination.COURT, _papers("08 13 20 24 25"), has_obligations=True),
        "apply_enforcement": Packing(Destination.COURT, _papers("08 13 20 25 44"), has_obligations=True),
        "apply_preservation": Packing(Destination.COURT, _papers("20 25 43")),
        "hand_over_inspection": Packing(Destination.INSPECTION, _papers("01 02 20 38")),
        "send_recommendation": Packing(Destination.AUTHORITY, _papers("36"), has_claims=False),
        "suspect_sham_org": Packing(Destination.AUTHORITY, _papers("51"), has_claims=False),
        "escalate_violence": Packing(Destination.AUTHORITY, _papers("51"), has_claims=False),
        "transfer_out": Packing(Destination.MEDIATION, _papers(f"{_OPENING} 38")),
        "reassign_organization": Packing(Destination.MEDIATION, _papers(f"{_OPENING} 38 46")),
    }
)
"""What each step that sends a case out may send. A mediation record (DOC09) is in none: it holds the offers."""


def leaves_the_house(
    action: str, case: Case, *, papers: Iterable[Paper] = (), facts: Iterable[UndisputedFact] = ()
) -> Parcel:
    """The parcel that a step sends: its papers, the data that go along, and of the facts those that all have signed.

    Of obligations only those in force: what was drafted and never signed was offered in mediation, and stays.
    PaperStaysError for a paper that is not on the list of the step, and for a step that sends nothing.
    """
    packing = PACKINGS.get(action)
    if packing is None:
        raise PaperStaysError(Label("此步骤不送出材料", "This step sends nothing out"), action=action)
    given = tuple(papers)
    staying = sorted({paper.kind for paper in given} - packing.papers)
    if staying:
        raise PaperStaysError(action=action, papers=staying)
    signed = tuple(fact for fact in map(signed_fact, facts) if fact is not None)
    return Parcel(
        to=packing.to,
        papers=given,
        parties=tuple(_sent("parties", party) for party in case.active_parties()),
        claims=tuple(_sent("claims", claim) for claim in case.claims.values()) if packing.has_claims else (),
        obligations=tuple(case.live_obligations()) if packing.has_obligations else (),
        facts=signed if packing.has_facts else (),
    )


def _sent(collection: str, record: Any) -> Any:
    """A record with the columns that go along; the others are as if nothing had been said of them."""
    kept = SENT_COLUMNS[collection]
    return replace(record, **{one.name: None for one in fields(record) if one.name not in kept})

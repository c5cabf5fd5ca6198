"""Offers, concessions and the mediator's proposals: said to find a settlement, and worth nothing outside of it.

Who gives way in mediation may not have it held against them later (SPC-TY 22; SPC-OL 18; CPLI 107; R17 11), so what
was offered is no part of the case: it stands apart, sealed under a key of its own, and goes to no court or commission.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from mediation.domain.errors import ConflictError
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole
from mediation.domain.sight import DataClass, Sight
from mediation.domain.wall import TEAM, Confidential

PROPOSAL_SIDE: Final = "mediator"
"""Stands for the side of what the mediator proposes to both."""
_ALL_SIDES: Final = frozenset({"worker", "employer", "third", PROPOSAL_SIDE})
_AT_THE_TABLE: Final = frozenset({CaseRole.MEDIATOR, CaseRole.CLERK})


class OfferKind(StrEnum):
    """What was said: would give, would do without, or the mediator's own proposal."""

    OFFER = "offer"
    CONCESSION = "concession"
    PROPOSAL = "proposal"


class OfferStatus(StrEnum):
    """What became of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class OfferContent:
    """What was offered, in words, and the amount in fen where there is one."""

    text: str
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer made on a day in a round of talks; `made_by` is a party, None for the mediator's proposal.

    `content` is the text of an `OfferContent`, None once the key it was sealed under is destroyed.
    """

    id: str
    version: int
    kind: OfferKind
    round: int
    side: str
    made_by: str | None
    made_on: date
    status: OfferStatus
    answered_on: date | None
    content: Confidential[str] | None


def content_text(content: OfferContent) -> str:
    """The content as it is sealed."""
    return json.dumps({"text": content.text, "amount_fen": content.amount_fen}, ensure_ascii=False)


def content_from(text: str) -> OfferContent:
    """The content that was sealed as this text."""
    return OfferContent(**json.loads(text))


def sides_heard(roles: Collection[CaseRole]) -> frozenset[str]:
    """Whose offers a role hears: at the table everybody's; who stands by the worker, the worker's and the mediator's.

    What the other side confided to the mediator is not carried over to its opponent's adviser (SPC-TY 28; PML 15).
    """
    if _AT_THE_TABLE.intersection(roles):
        return _ALL_SIDES
    return frozenset({"worker", PROPOSAL_SIDE}) if TEAM.intersection(roles) else frozenset()


def sides_read(sight: Sight) -> frozenset[str]:
    """Whose offers somebody reads: what they hear, and of everybody where a grant alone raises them to the table."""
    is_raised = sight.reaches(DataClass.CONFIDENTIAL) and not TEAM.intersection(sight.roles)
    return _ALL_SIDES if is_raised else sides_heard(sight.roles)


def answered(offer: Offer, status: OfferStatus, day: date) -> Offer:
    """The offer with what became of it; ConflictError where that is settled, or the day lies before the offer."""
    if offer.status is not OfferStatus.OPEN:
        raise ConflictError(Label("该方案已有结果,请另行登记新方案", "It was answered already; write down a new one"))
    if day < offer.made_on:
        raise ConflictError(Label("答复日期早于提出日期", "It cannot be answered before it was made"))
    return replace(offer, version=offer.version + 1, status=status, answered_on=day)

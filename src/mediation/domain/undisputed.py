"""Facts that both sides accept: confidential until everybody bound has signed them, usable in court from then on.

What is conceded for a settlement stays in mediation; what the sides jointly confirm in writing need not be proved
again (SPC-TY 22; SPC-OL 18, 22; CPLI 107).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from mediation.domain.cases import Case
from mediation.domain.errors import ConflictError
from mediation.domain.labels import Label
from mediation.domain.wall import Confidential


@dataclass(frozen=True, slots=True)
class UndisputedFact:
    """A fact on its way to being signed: `signed` tells each party's day, `settled_on` the day of the last of them.

    Unsigned, its text is confidential; settled, it is a text of the case. None once its key is destroyed.
    """

    id: str
    version: int
    recorded_on: date
    signed: Mapping[str, date]
    settled_on: date | None
    text: Confidential[str] | str | None


@dataclass(frozen=True, slots=True)
class SignedFact:
    """A fact that everybody bound has signed: the only kind that a court or commission is given."""

    text: str
    settled_on: date
    signed: Mapping[str, date]


def must_sign(case: Case) -> frozenset[str]:
    """The parties whose signatures a fact needs: every applicant and respondent, and a third party that is bound."""
    sides = {party.id for party in (*case.applicants(), *case.respondents())}
    return frozenset(sides | {party.id for party in case.active_parties() if party.side == "third" and party.bound})


def signed_by(fact: UndisputedFact, party_id: str, day: date, needed: frozenset[str]) -> UndisputedFact:
    """The fact with one more signature, settled by the last that is needed; ConflictError for one that cannot be."""
    if fact.settled_on is not None or party_id in fact.signed:
        raise ConflictError(
            Label("该当事人已签署,或事实已由各方确认", "It was signed by this party already, or is settled")
        )
    if party_id not in needed:
        raise ConflictError(Label("该当事人无须签署,请填写双方当事人之一", "Only a party to the dispute signs a fact"))
    if day < fact.recorded_on:
        raise ConflictError(Label("签署日期早于记载日期", "It cannot be signed before it was written down"))
    signed = {**fact.signed, party_id: day}
    settled_on = max(signed.values()) if needed <= signed.keys() else None
    return replace(fact, version=fact.version + 1, signed=signed, settled_on=settled_on)


def signed_fact(fact: UndisputedFact) -> SignedFact | None:
    """The fact as it may leave the house; None while a signature is missing, or once its text was erased."""
    if fact.settled_on is None or not isinstance(fact.text, str):
        return None
    return SignedFact(fact.text, fact.settled_on, dict(fact.signed))

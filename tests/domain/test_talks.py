"""Offers are answered once, facts are settled by everybody's signature, and a parcel holds what its step may send."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.builders import TODAY, build_case, build_claim, build_obligation, build_party

from mediation.domain.dispatch import SENT_TO
from mediation.domain.documents import DOCUMENTS
from mediation.domain.errors import ConflictError
from mediation.domain.leaving import PACKINGS, Paper, PaperStaysError, leaves_the_house
from mediation.domain.offers import (
    Offer,
    OfferContent,
    OfferKind,
    OfferStatus,
    answered,
    content_from,
    content_text,
    sides_heard,
)
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import ActOf, CaseRole, Kind
from mediation.domain.undisputed import UndisputedFact, must_sign, signed_by, signed_fact
from mediation.domain.wall import Confidential

OFFER = Offer("1", 1, OfferKind.OFFER, 1, "employer", "E", TODAY, OfferStatus.OPEN, None, None)
FACT = UndisputedFact("1", 1, TODAY, {}, None, Confidential("入职日期"))
BOTH = frozenset({"W", "E"})
NEXT = TODAY + timedelta(days=1)


def test_an_open_offer_is_answered_on_a_day() -> None:
    after = answered(OFFER, OfferStatus.REFUSED, NEXT)

    assert (after.status, after.answered_on, after.version) == (OfferStatus.REFUSED, NEXT, 2)


@pytest.mark.parametrize("status", [status for status in OfferStatus if status is not OfferStatus.OPEN])
def test_an_answered_offer_is_settled(status: OfferStatus) -> None:
    with pytest.raises(ConflictError):
        answered(replace(OFFER, status=status), OfferStatus.ACCEPTED, NEXT)


def test_no_offer_is_answered_before_it_was_made() -> None:
    with pytest.raises(ConflictError):
        answered(OFFER, OfferStatus.ACCEPTED, TODAY - timedelta(days=1))


@pytest.mark.parametrize("amount", [None, 8765432])
def test_the_content_is_read_as_it_was_sealed(amount: int | None) -> None:
    content = OfferContent("分两期支付", amount)

    assert content_from(content_text(content)) == content


@pytest.mark.parametrize(
    ("role", "heard"),
    [
        (CaseRole.MEDIATOR, {"worker", "employer", "third", "mediator"}),
        (CaseRole.CLERK, {"worker", "employer", "third", "mediator"}),
        (CaseRole.VOLUNTEER, {"worker", "mediator"}),
        (CaseRole.SUPERVISOR, set()),
        (CaseRole.EMPLOYER_SIDE, set()),
        (CaseRole.COURT_LIAISON, set()),
    ],
)
def test_whose_offers_each_role_hears(role: CaseRole, heard: set[str]) -> None:
    assert sides_heard({role}) == heard


def test_the_last_signature_settles_a_fact_on_its_latest_day() -> None:
    first = signed_by(FACT, "E", NEXT, BOTH)
    last = signed_by(first, "W", TODAY, BOTH)

    assert (first.settled_on, first.version) == (None, 2)
    assert (last.settled_on, last.version) == (NEXT, 3)
    assert last.signed == {"E": NEXT, "W": TODAY}


@pytest.mark.parametrize(
    ("fact", "party", "day"),
    [
        (FACT, "X", TODAY),
        (FACT, "W", TODAY - timedelta(days=1)),
        (replace(FACT, signed={"W": TODAY}), "W", TODAY),
        (replace(FACT, settled_on=TODAY), "W", TODAY),
    ],
)
def test_a_signature_that_cannot_be_is_refused(fact: UndisputedFact, party: str, day: date) -> None:
    with pytest.raises(ConflictError):
        signed_by(fact, party, day, BOTH)


def test_applicants_respondents_and_a_bound_third_party_must_sign() -> None:
    third = build_party("third_party", id="T", side="third", kind="employer")
    parties = [build_party(), build_party("respondent"), third, replace(third, id="U", bound=False)]

    assert must_sign(build_case(parties=parties)) == {"W", "E", "T"}


def test_a_fact_leaves_only_when_settled_and_still_legible() -> None:
    settled = replace(FACT, signed={"W": TODAY, "E": TODAY}, settled_on=TODAY, text="入职日期")

    assert signed_fact(FACT) is None
    assert signed_fact(replace(settled, text=None)) is None
    signed = signed_fact(settled)
    assert signed is not None
    assert (signed.text, signed.settled_on) == ("入职日期", TODAY)


def full_case() -> Any:
    claim = build_claim(agreed_fen=8765432)
    party = build_party(consented_on=TODAY, consent_form="written", person_id="account")
    parties = [party, build_party("respondent")]
    return build_case(parties=parties, claims=[claim], obligations=[build_obligation()])


@pytest.mark.parametrize("action", PACKINGS)
def test_a_parcel_holds_what_its_step_sends_and_nothing_of_the_mediation(action: str) -> None:
    packing = PACKINGS[action]
    settled = replace(FACT, signed={"W": TODAY, "E": TODAY}, settled_on=TODAY, text="入职日期")

    papers = [Paper(kind, "卷宗") for kind in sorted(packing.papers)]
    parcel = leaves_the_house(action, full_case(), papers=papers, facts=[FACT, settled])

    assert [paper.kind for paper in parcel.papers] == sorted(packing.papers)
    assert [fact.text for fact in parcel.facts] == (["入职日期"] if packing.has_facts else [])
    assert len(parcel.obligations) == packing.has_obligations
    assert len(parcel.claims) == packing.has_claims
    assert {claim.agreed_fen for claim in parcel.claims} <= {None}
    assert {(party.consented_on, party.consent_form, party.person_id) for party in parcel.parties} == {(None,) * 3}


@pytest.mark.parametrize("action", PACKINGS)
def test_no_record_of_a_session_leaves_with_any_step(action: str) -> None:
    with pytest.raises(PaperStaysError) as refused:
        leaves_the_house(action, full_case(), papers=[Paper("DOC09", "调解笔录")])

    assert refused.value.facts == {"action": action, "papers": ["DOC09"]}


def test_a_step_that_is_not_on_the_list_sends_nothing() -> None:
    with pytest.raises(PaperStaysError):
        leaves_the_house("hold_session", full_case())


def test_every_paper_on_the_list_is_one_of_the_law() -> None:
    known = set(DOCUMENTS)

    assert {paper for packing in PACKINGS.values() for paper in packing.papers} <= known


def test_every_step_that_names_a_body_to_send_to_has_its_packing() -> None:
    sent_to = {*SENT_TO, "receiver", "authority", "reported_to"}
    outside = {ActOf.COMMISSION, ActOf.COURT, ActOf.INSPECTION}
    comes_in = {"intake_arbitration_entrust", "record_pending_arbitration", "receive_from_inspection"}

    sending = {
        step.action
        for step in PROCEDURE.steps.values()
        if {asked.name for asked in step.inputs if asked.kind is Kind.REF} & sent_to and step.act_of not in outside
    }

    assert sending - comes_in <= PACKINGS.keys()
    assert {"file", "request_court_mediation", "hand_over_inspection", "apply_review"} <= sending | {"file"}

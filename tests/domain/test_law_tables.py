import pytest

from mediation.domain.ambiguities import AMBIGUITIES, APPLIES, EXTENSION_CAP_DAYS, RULES, SUPERVISOR_AFTER_CONSENTS
from mediation.domain.channels import CHANNELS, PRETRIAL_VENUES, IntakeChannel, PretrialVenue, Venue
from mediation.domain.court_routes import COURT_ROUTES, NOT_FOR_SUIT, ROUTE_FITS, CourtRoute, CourtRouteBasis
from mediation.domain.documents import DOCUMENTS, SIGNATORY_LABELS, DocumentKind, Signatory
from mediation.domain.law import cite
from mediation.domain.organizations import (
    ORGANIZATION_KINDS,
    Eligibility,
    OrganizationKind,
    OrganizationProfile,
    is_county_level_union,
    judicial_confirmation,
    may_agree_orally,
)
from mediation.domain.party_kinds import (
    PARTY_KIND_LABELS,
    PARTY_ROLE_LABELS,
    PAYER_CAPACITY_LABELS,
    SIDE_LABELS,
    PartyKind,
    PartyRole,
    PayerCapacity,
    Side,
    is_natural,
    side_of,
)


def test_every_open_question_has_a_rule_in_force_and_another_reading() -> None:
    assert list(AMBIGUITIES) == [f"AMB-{number}" for number in range(1, 17)]
    assert all(RULES[row.id] == row.rule != row.alternative for row in AMBIGUITIES.values())


def test_every_open_question_says_where_its_rule_is_asked_for() -> None:
    assert {row.applies for row in AMBIGUITIES.values()} == set(APPLIES)
    assert all(bool(row.acts_on) is (row.applies == "cases") for row in AMBIGUITIES.values())


def test_extensions_are_capped_and_supervised_from_the_third_consent_on() -> None:
    assert EXTENSION_CAP_DAYS == 30
    assert SUPERVISOR_AFTER_CONSENTS == 2


@pytest.mark.parametrize(
    "row",
    [*DOCUMENTS.values(), *ORGANIZATION_KINDS.values(), *COURT_ROUTES.values(), *PRETRIAL_VENUES.values()],
    ids=lambda row: getattr(row, "code", None) or row.kind,
)
def test_every_row_of_law_cites_a_basis_that_can_be_read(
    row: DocumentKind | OrganizationProfile | CourtRoute | Venue,
) -> None:
    assert cite(row.basis)


def test_documents_are_numbered_without_a_gap() -> None:
    assert list(DOCUMENTS) == [f"DOC{number:02d}" for number in range(1, 53)]


def test_every_document_says_who_signs_it_and_what_it_must_hold() -> None:
    for row in DOCUMENTS.values():
        assert row.signatories
        assert all(text for label in (row.label, row.fields, row.copies, row.due) for text in (label.zh, label.en))
    assert {signatory for row in DOCUMENTS.values() for signatory in row.signatories} == set(Signatory)
    assert set(SIGNATORY_LABELS) == set(Signatory)


def test_a_mediation_agreement_is_signed_by_the_parties_the_mediator_and_the_organization() -> None:
    assert DOCUMENTS["DOC13"].signatories == (
        Signatory.PARTIES,
        Signatory.MEDIATOR,
        Signatory.ORGANIZATION_SEAL,
    )


def test_every_enumeration_has_its_rows_and_labels() -> None:
    assert set(CHANNELS) == set(IntakeChannel)
    assert set(PRETRIAL_VENUES) == set(PretrialVenue)
    assert set(COURT_ROUTES) == set(CourtRouteBasis)
    assert set(ORGANIZATION_KINDS) == set(OrganizationKind)
    assert set(PARTY_KIND_LABELS) == set(PartyKind)
    assert set(PARTY_ROLE_LABELS) == set(PartyRole)
    assert set(PAYER_CAPACITY_LABELS) == set(PayerCapacity)
    assert set(SIDE_LABELS) == set(Side)


def test_organizations_of_article_ten_may_have_their_agreements_reviewed() -> None:
    article_10 = [profile for profile in ORGANIZATION_KINDS.values() if profile.is_article_10]

    assert len(article_10) == 6
    assert all(profile.arbitration_review is Eligibility.YES for profile in article_10)
    assert all(profile.payment_order is Eligibility.YES for profile in article_10)


def test_judicial_confirmation_follows_the_open_question() -> None:
    assert judicial_confirmation(OrganizationKind.PEOPLE_MEDIATION, court_invited=False) is Eligibility.PAYMENT_ONLY
    assert judicial_confirmation(OrganizationKind.ENTERPRISE_COMMITTEE, court_invited=False) is Eligibility.AMB_4
    assert judicial_confirmation(OrganizationKind.ENTERPRISE_COMMITTEE, court_invited=True) is Eligibility.PAYMENT_ONLY
    assert judicial_confirmation(OrganizationKind.COURT, court_invited=True) is Eligibility.NO


def test_only_peoples_and_invited_mediation_may_agree_orally() -> None:
    assert may_agree_orally(OrganizationKind.PEOPLE_MEDIATION, court_invited=False)
    assert may_agree_orally(OrganizationKind.TOWNSHIP_ORG, court_invited=True)
    assert not may_agree_orally(OrganizationKind.TOWNSHIP_ORG, court_invited=False)
    assert not may_agree_orally(OrganizationKind.ENTERPRISE_UNION, court_invited=False)


def test_county_federations_and_those_above_may_send_recommendations() -> None:
    assert {kind for kind in OrganizationKind if is_county_level_union(kind)} == {
        OrganizationKind.COUNTY_FEDERATION,
        OrganizationKind.CITY_FEDERATION,
        OrganizationKind.PROVINCIAL_FEDERATION,
    }


def test_no_complaint_is_filed_on_a_route_that_carries_none() -> None:
    assert not any(routes & NOT_FOR_SUIT for routes in ROUTE_FITS.values())
    assert set().union(*ROUTE_FITS.values()) | NOT_FOR_SUIT == set(CourtRouteBasis)


@pytest.mark.parametrize(
    ("state", "route"),
    [
        ("triage", CourtRouteBasis.WAGE_IOU),
        ("arbitration_accepted", CourtRouteBasis.ARB_OVERDUE),
        ("arbitration_rejected", CourtRouteBasis.ARB_NOT_ACCEPTED),
        ("arbitration_concluded", CourtRouteBasis.POST_AWARD),
        ("mediation_failed", CourtRouteBasis.ARB_NOT_ACCEPTED),
        ("court_returned", CourtRouteBasis.POST_AWARD),
        ("award_set_aside", CourtRouteBasis.FINAL_AWARD_SET_ASIDE),
        ("defaulted", CourtRouteBasis.PAY_ONLY_AGREEMENT),
    ],
)
def test_route_to_court_fits_the_state_it_starts_from(state: str, route: CourtRouteBasis) -> None:
    assert route in ROUTE_FITS[state]


def test_parties_stand_on_a_side_by_what_they_are() -> None:
    assert side_of(PartyKind.HEIRS) is Side.WORKER
    assert side_of(PartyKind.PRINCIPAL_CONTRACTOR) is Side.EMPLOYER
    assert side_of(PartyKind.INDIVIDUAL) is Side.THIRD
    assert {kind for kind in PartyKind if side_of(kind)} == set(PartyKind)


def test_an_individual_employer_is_a_natural_person() -> None:
    assert is_natural(PartyKind.INDIVIDUAL_EMPLOYER)
    assert not is_natural(PartyKind.EMPLOYER)

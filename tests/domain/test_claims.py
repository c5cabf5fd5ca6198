from datetime import date

import pytest

from mediation.domain.claims import (
    CAUSES,
    CLAIM_CODES,
    CLAIM_OUTCOME_LABELS,
    MEDICAL,
    STATISTICAL_CATEGORY_LABELS,
    CauseScheme,
    ClaimCode,
    ClaimOutcome,
    StatisticalCategory,
    cause_of,
    cause_scheme,
)


@pytest.mark.parametrize(
    ("registered_on", "scheme"),
    [
        (date(2021, 1, 1), CauseScheme.Y2020),
        (date(2025, 12, 31), CauseScheme.Y2020),
        (date(2026, 1, 1), CauseScheme.Y2026),
    ],
)
def test_day_of_registration_decides_the_edition_of_causes(registered_on: date, scheme: CauseScheme) -> None:
    assert cause_scheme(registered_on) is scheme


def test_a_case_older_than_the_editions_on_file_has_no_numbered_cause() -> None:
    scheme = cause_scheme(date(2020, 12, 31))

    assert scheme is CauseScheme.Y2011
    assert cause_of(CLAIM_CODES["unpaid_wages"], scheme) is None


@pytest.mark.parametrize("claim", CLAIM_CODES.values(), ids=CLAIM_CODES)
def test_every_cause_of_a_claim_is_listed(claim: ClaimCode) -> None:
    assert claim.cause_2026 in CAUSES[CauseScheme.Y2026]
    assert claim.cause_2020 is None or claim.cause_2020 in CAUSES[CauseScheme.Y2020]
    assert all(number in CAUSES[CauseScheme.Y2026] for number in claim.further_2026)


def test_causes_of_both_editions_tell_the_same_name() -> None:
    wages = CLAIM_CODES["unpaid_wages"]

    old, new = (cause_of(wages, scheme) for scheme in CAUSES)

    assert old is not None
    assert new is not None
    assert (old.number, new.number, old.label) == ("186(5)", "205(5)", new.label)


def test_a_new_kind_of_claim_has_no_cause_in_the_older_edition() -> None:
    assert cause_of(CLAIM_CODES["over_age_worker"], CauseScheme.Y2020) is None


def test_only_the_confirmed_number_of_2026_is_verified() -> None:
    verified = {claim.code for claim in CLAIM_CODES.values() if claim.verified}

    assert verified == {"over_age_worker"}


def test_a_sub_cause_names_its_parent() -> None:
    causes = CAUSES[CauseScheme.Y2026]

    assert causes["205(5)"].parent == "205"
    assert causes["205"].parent is None


def test_remuneration_is_under_the_limitation_for_wages() -> None:
    wages = {code for code, claim in CLAIM_CODES.items() if claim.limitation == "L5"}

    assert wages == {
        "unpaid_wages",
        "wage_below_minimum",
        "overtime_pay",
        "bonus_commission",
        "high_temp_allowance",
        "sick_leave_pay",
        "stoppage_pay",
    }
    assert CLAIM_CODES["annual_leave_pay"].limitation == "AMB-6"


def test_of_a_work_injury_only_the_medical_cost_takes_a_payment_order() -> None:
    injury = CLAIM_CODES["work_injury_benefit"]

    assert injury.payment_order == MEDICAL
    assert injury.final_award == MEDICAL


def test_claims_of_employers_are_marked() -> None:
    employer = {code for code, claim in CLAIM_CODES.items() if claim.claimant == "employer"}

    assert employer == {"non_compete_penalty", "training_service_penalty", "employer_loss"}


def test_every_outcome_and_category_has_a_label() -> None:
    assert set(CLAIM_OUTCOME_LABELS) == set(ClaimOutcome)
    assert set(STATISTICAL_CATEGORY_LABELS) == set(StatisticalCategory)
    assert len(CLAIM_CODES) == 38

"""A mediator of a party's own enterprise is told apart, by its credit code or by the kind of the body."""

from dataclasses import replace

import pytest
from tests.builders import build_case

from mediation.domain.cases import References
from mediation.domain.impartiality import TOLD_BY, ToldBy, mediator_of_the_enterprise

FACTORY, OTHER = "91339901MA9000001E", "91339901MA9000002H"


@pytest.mark.parametrize(
    ("kind", "mediator", "told"),
    [
        ("enterprise_committee", "m", ToldBy.KIND),
        ("enterprise_union", "m", ToldBy.KIND),
        ("enterprise_committee", None, None),
        ("people_mediation", "m", None),
        (None, "m", None),
    ],
)
def test_without_a_credit_code_the_kind_of_the_body_tells(
    kind: str | None, mediator: str | None, told: ToldBy | None
) -> None:
    case = build_case(mediator=mediator, facts={"organization_kind": kind})

    assert mediator_of_the_enterprise(case, References()) is told


@pytest.mark.parametrize(
    ("handling", "own", "told"),
    [
        (FACTORY, (), ToldBy.USCC),
        (None, (OTHER, FACTORY), ToldBy.USCC),
        (OTHER, (OTHER,), None),
        (None, (), None),
    ],
)
def test_a_body_with_the_credit_code_of_a_party_tells_whatever_its_kind(
    handling: str | None, own: tuple[str, ...], told: ToldBy | None
) -> None:
    case = build_case(mediator="m", facts={"organization_kind": "people_mediation"})
    parties = {key: replace(p, uscc=FACTORY if p.side == "employer" else None) for key, p in case.parties.items()}
    on_file = References({case.organization_id: {"uscc": handling}}, {"m": {"usccs": own}})

    assert mediator_of_the_enterprise(replace(case, parties=parties), on_file) is told


def test_bodies_without_a_code_and_parties_without_one_are_not_the_same() -> None:
    case = build_case(mediator="m", facts={"organization_kind": "people_mediation"})
    on_file = References({case.organization_id: {"uscc": None}}, {"m": {"usccs": [None]}})

    assert mediator_of_the_enterprise(case, on_file) is None


def test_a_committee_with_a_code_of_its_own_is_still_told_by_its_kind() -> None:
    case = build_case(mediator="m", facts={"organization_kind": "enterprise_committee"})
    on_file = References({case.organization_id: {"uscc": OTHER}})

    assert mediator_of_the_enterprise(case, on_file) is ToldBy.KIND


def test_a_party_that_left_counts_no_more() -> None:
    case = build_case(mediator="m", facts={"organization_kind": "people_mediation"})
    parties = {key: replace(p, uscc=FACTORY, status="left") for key, p in case.parties.items()}
    on_file = References({case.organization_id: {"uscc": FACTORY}})

    assert mediator_of_the_enterprise(replace(case, parties=parties), on_file) is None


def test_every_way_is_told_in_words() -> None:
    assert TOLD_BY.keys() == set(ToldBy)

"""A mediator of the respondent's own enterprise is told apart."""

import pytest
from tests.builders import build_case

from mediation.domain.impartiality import is_mediated_by_the_enterprise


@pytest.mark.parametrize(
    ("kind", "mediator", "is_so"),
    [
        ("enterprise_committee", "m", True),
        ("enterprise_union", "m", True),
        ("enterprise_committee", None, False),
        ("people_mediation", "m", False),
        (None, "m", False),
    ],
)
def test_a_mediator_of_the_enterprises_own_committee_is_flagged(
    kind: str | None, mediator: str | None, is_so: bool
) -> None:
    case = build_case(mediator=mediator, facts={"organization_kind": kind})

    assert is_mediated_by_the_enterprise(case) is is_so

"""Whose account a party is given."""

import pytest

from mediation.domain.party_accounts import NamedAccount, account_errors
from mediation.domain.party_kinds import side_in_case
from mediation.domain.procedure.step import CaseRole

WORKER, EMPLOYER = frozenset({CaseRole.WORKER_SIDE}), frozenset({CaseRole.EMPLOYER_SIDE})


def named(account: str, side: str) -> NamedAccount:
    return NamedAccount(f"/{side}", account, side)


@pytest.mark.parametrize(
    ("entries", "roles", "expected"),
    [
        ([named("me", "worker")], WORKER, []),
        ([named("me", "worker")], EMPLOYER, ["account_on_other_side"]),
        ([named("you", "worker")], WORKER, ["not_your_account"]),
        ([named("me", "employer")], frozenset(), []),
        ([named("me", "worker"), named("me", "employer")], frozenset(), ["account_on_other_side"]),
        ([named("me", "worker"), named("me", "worker")], frozenset(), []),
        ([], EMPLOYER, []),
    ],
)
def test_a_party_names_its_own_account_on_its_own_side(
    entries: list[NamedAccount], roles: frozenset[CaseRole], expected: list[str]
) -> None:
    found = [error.code for error in account_errors(entries, "me", roles)]

    assert found == expected


@pytest.mark.parametrize(
    ("kind", "role", "expected"),
    [("worker", "applicant", "worker"), ("employer", "respondent", "employer"), ("worker", "third_party", "third")],
)
def test_a_party_stands_where_its_kind_does_unless_it_is_a_third(kind: str, role: str, expected: str) -> None:
    side = side_in_case(kind, role)

    assert side == expected

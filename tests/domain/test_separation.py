"""Administrator, security officer and auditor are three people: on every day, in whatever bodies."""

from datetime import date, timedelta
from itertools import combinations, product

import pytest

from mediation.domain.access import MEMBERSHIP_ROLES, MembershipRole
from mediation.domain.separation import THREE, Held, counting, in_the_way, is_caseless

DAY = date(2026, 6, 15)
PAIRS = sorted(combinations(sorted(THREE), 2))


def held(*roles: str, key: str = "one", since: int = 0, until: int | None = None, body: str = "a") -> Held:
    """A membership from so many days after the day on, until so many."""
    end = None if until is None else DAY + timedelta(days=until)
    return Held(key, body, frozenset(roles), DAY + timedelta(days=since), end)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("body", ["a", "b"])
def test_a_second_of_the_three_is_in_the_way_in_whatever_body(pair: tuple[str, str], body: str) -> None:
    other = held(pair[0], key="other", body=body)

    found = in_the_way(held(pair[1]), [held("clerk", key="clerk"), other])

    assert found == other


@pytest.mark.parametrize("role", sorted(THREE))
def test_the_same_role_in_two_bodies_is_nobodys_concern(role: str) -> None:
    assert in_the_way(held(role), [held(role, key="other", body="b")]) is None


@pytest.mark.parametrize("role", sorted(set(MembershipRole) - THREE))
def test_other_roles_are_not_kept_apart(role: str) -> None:
    twice = held("admin", "auditor", key="from before")

    assert in_the_way(held(role), [held("admin", key="other"), twice]) is None
    assert in_the_way(held("admin"), [held(role, key="other")]) is None


def test_a_membership_written_anew_is_not_in_its_own_way() -> None:
    assert in_the_way(held("auditor"), [held("admin")]) is None


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ((0, 5), (5, None), False),  # it counts until the day before its end
        ((0, 6), (5, None), True),
        ((5, None), (0, 5), False),
        ((9, None), (0, None), True),  # still to begin
        ((0, None), (9, 12), True),
        ((0, None), (3, 0), False),  # ended before it began
        ((-9, -1), (-3, None), True),  # on file, on past days
    ],
)
def test_two_count_as_together_when_they_share_a_day(
    one: tuple[int, int | None], other: tuple[int, int | None], together: bool
) -> None:
    given = held("admin", since=one[0], until=one[1])

    found = in_the_way(given, [held("auditor", key="other", since=other[0], until=other[1])])

    assert (found is not None) == together


def test_the_membership_in_the_way_is_told_by_ids_codes_and_days() -> None:
    told = held("auditor", "clerk", until=3).facts()

    assert told == {
        "membership_id": "one", "organization_id": "a", "roles": ["auditor"], "since": "2026-06-15",
        "until": "2026-06-18",
    }  # fmt: skip
    assert held("auditor").facts()["until"] is None


@pytest.mark.parametrize(("pair", "further"), list(product(PAIRS, ["clerk", "supervisor"])))
def test_who_has_two_of_the_three_has_no_role_and_sees_no_case(pair: tuple[str, str], further: str) -> None:
    everywhere = frozenset({*pair, further})

    assert counting(everywhere, everywhere) == frozenset()
    assert counting(everywhere, frozenset({pair[0]})) == frozenset()
    assert is_caseless(everywhere)


@pytest.mark.parametrize("role", ["admin", "security_officer"])
def test_whatever_else_an_administrator_or_security_officer_is_rests(role: str) -> None:
    everywhere = frozenset({role, "clerk"})

    assert counting(everywhere, everywhere) == {role}
    assert counting(everywhere, frozenset({"clerk"})) == frozenset()
    assert is_caseless(everywhere)


def test_an_auditor_keeps_their_other_roles() -> None:
    assert counting(frozenset({"auditor", "clerk"}), frozenset({"clerk"})) == {"clerk"}
    assert not is_caseless(frozenset({"auditor", "clerk"}))


def test_every_role_has_its_name_in_both_languages() -> None:
    assert set(MEMBERSHIP_ROLES) == set(MembershipRole)
    assert len({label.zh for label in MEMBERSHIP_ROLES.values()}) == len(MEMBERSHIP_ROLES)

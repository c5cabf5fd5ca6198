"""Asking to read a case: who may, who answers, and how long it waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mediation.domain.access import AccountKind, Actor
from mediation.domain.access_requests import (
    ACCESS_PURPOSES,
    AccessPurpose,
    Standing,
    is_near_enough,
    may_ask,
    may_decide,
    standing_of,
)
from mediation.domain.explaining import GRANTED
from mediation.domain.grants import How

NOW = datetime(2026, 6, 15, 1, tzinfo=UTC)


def somebody(*roles: str, **values: Any) -> Actor:
    return replace(Actor("one", "某人", "union", frozenset(roles)), **values)


@pytest.mark.parametrize("role", ["clerk", "mediator", "volunteer", "union_officer", "supervisor", "auditor"])
def test_who_works_on_cases_or_watches_over_them_may_ask(role: str) -> None:
    assert may_ask(somebody(role))


@pytest.mark.parametrize("role", ["admin", "court_liaison", "arbitration_liaison", "inspection_liaison"])
def test_nobody_else_may_ask(role: str) -> None:
    assert not may_ask(somebody(role))
    assert not may_decide(somebody(role))


@pytest.mark.parametrize("role", ["clerk", "mediator", "volunteer", "union_officer", "auditor"])
def test_a_supervisor_alone_answers(role: str) -> None:
    assert may_decide(somebody("supervisor"))
    assert not may_decide(somebody(role))


@pytest.mark.parametrize(
    "values",
    [
        {"kind": AccountKind.CLIENT},
        {"represented_by": "somebody"},
        {"organization_id": None},
        {"sees_no_case": True},
    ],
)
def test_it_is_asked_and_answered_in_person_by_who_may_see_cases(values: dict[str, Any]) -> None:
    assert not may_ask(somebody("supervisor", **values))
    assert not may_decide(somebody("supervisor", **values))


@pytest.mark.parametrize(("days", "is_so"), [(-1, False), (0, False), (1, True), (30, True), (31, False)])
def test_an_end_lies_ahead_by_30_days_at_most(days: int, is_so: bool) -> None:
    assert is_near_enough(NOW + timedelta(days=days), NOW) is is_so


@pytest.mark.parametrize(
    ("kept", "days", "found"),
    [
        ("waiting", 13, "waiting"),
        ("waiting", 14, "expired"),
        ("granted", 15, "granted"),
        ("denied", 15, "denied"),
    ],
)
def test_what_nobody_answers_in_14_days_is_over(kept: str, days: int, found: str) -> None:
    assert standing_of(Standing(kept), NOW, NOW + timedelta(days=days)) == found


def test_every_purpose_and_every_way_is_told_in_words() -> None:
    assert ACCESS_PURPOSES.keys() == set(AccessPurpose)
    assert GRANTED.keys() == set(How)

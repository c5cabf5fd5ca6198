"""What is granted on one case: for whom it counts, how long, and what it shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mediation.domain.access import AccountKind, Actor
from mediation.domain.grants import PURPOSES, BreakGlassPurpose, Grant, How, is_short_enough, may_break_glass
from mediation.domain.offers import sides_read
from mediation.domain.procedure.step import CaseRole
from mediation.domain.sight import DataClass, sight_of

NOW = datetime(2026, 6, 15, 1, tzinfo=UTC)
TANG = Actor("tang", "某人", "union", frozenset({"supervisor"}))
GRANT = Grant(
    "one", How.BREAK_GLASS, "tang", "union", "centre", DataClass.CONFIDENTIAL, "audit", NOW + timedelta(hours=1)
)
CLERK = Actor("clerk", "某人", "union", frozenset({"clerk"}))
GIVEN = Grant(
    "two", How.ACCESS_REQUEST, "clerk", "union", "centre", DataClass.PERSONAL, "same_worker", NOW + timedelta(days=1)
)


@pytest.mark.parametrize(
    "actor",
    [
        replace(TANG, roles=frozenset({"clerk", "mediator", "union_officer"})),
        replace(TANG, organization_id=None),
        replace(TANG, kind=AccountKind.CLIENT),
        replace(TANG, represented_by="clerk"),
        replace(TANG, sees_no_case=True),
    ],
)
def test_only_a_supervisor_or_auditor_in_person_breaks_the_glass(actor: Actor) -> None:
    assert may_break_glass(TANG)
    assert may_break_glass(replace(TANG, roles=frozenset({"auditor"})))
    assert not may_break_glass(actor)
    assert not GRANT.counts(actor, "centre", NOW)


def test_it_counts_until_its_end_for_the_body_acted_for_and_while_the_case_lies_where_it_lay() -> None:
    assert GRANT.counts(TANG, "centre", NOW)
    assert not GRANT.counts(TANG, "centre", GRANT.until)
    assert not GRANT.counts(TANG, "elsewhere", NOW)
    assert not GRANT.counts(replace(TANG, organization_id="other"), "centre", NOW)
    assert not GRANT.counts(replace(TANG, person_id="other"), "centre", NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": frozenset({"court_liaison"})},
        {"roles": frozenset()},
        {"organization_id": "other"},
        {"organization_id": None},
        {"person_id": "other"},
        {"kind": AccountKind.CLIENT},
        {"represented_by": "somebody"},
        {"sees_no_case": True},
    ],
)
def test_what_was_granted_upon_request_counts_for_who_asked_as_what_they_asked_it(changes: dict[str, Any]) -> None:
    assert GIVEN.counts(CLERK, "centre", NOW)
    assert not GIVEN.counts(replace(CLERK, **changes), "centre", NOW)


def test_what_was_granted_upon_request_ends_by_itself_and_when_the_case_moves() -> None:
    assert not GIVEN.counts(CLERK, "centre", GIVEN.until)
    assert not GIVEN.counts(CLERK, "elsewhere", NOW)


def test_what_was_granted_upon_request_shows_personal_data_and_nothing_said_in_mediation() -> None:
    seen = sight_of(replace(CLERK, raised_to=GIVEN.ceiling), frozenset())

    assert seen.ceiling is DataClass.PERSONAL
    assert seen.knows_names
    assert set(seen.withheld) == {"mediation", "tasks"}
    assert sides_read(seen) == frozenset()


@pytest.mark.parametrize(("hours", "is_so"), [(-1, False), (0, False), (1, True), (72, True), (73, False)])
def test_its_end_lies_ahead_by_72_hours_at_most(hours: int, is_so: bool) -> None:
    assert is_short_enough(NOW + timedelta(hours=hours), NOW) is is_so


def test_it_raises_what_is_seen_and_gives_no_role() -> None:
    before = sight_of(TANG, frozenset({CaseRole.SUPERVISOR}))

    after = sight_of(replace(TANG, raised_to=DataClass.CONFIDENTIAL), frozenset({CaseRole.SUPERVISOR}))

    assert (before.ceiling, after.ceiling) == (DataClass.PERSONAL, DataClass.CONFIDENTIAL)
    assert before.roles == after.roles
    assert "mediation" in before.withheld
    assert after.withheld == ()


def test_who_is_raised_reads_the_offers_of_all_and_who_advises_the_worker_still_does_not() -> None:
    raised = sight_of(replace(TANG, raised_to=DataClass.CONFIDENTIAL), frozenset({CaseRole.SUPERVISOR}))
    adviser = sight_of(TANG, frozenset({CaseRole.VOLUNTEER}))
    outside = sight_of(TANG, frozenset({CaseRole.SUPERVISOR}))

    assert sides_read(raised) == {"worker", "employer", "third", "mediator"}
    assert sides_read(adviser) == {"worker", "mediator"}
    assert sides_read(outside) == frozenset()


def test_every_purpose_is_told_in_words() -> None:
    assert PURPOSES.keys() == set(BreakGlassPurpose)

"""Who may act on behalf of whom, and in which roles."""

from dataclasses import replace
from datetime import date

import pytest

from mediation.domain.access import AccountKind, Actor, case_roles, person_scope, scopes_of
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Assignment
from mediation.domain.representation import RepresentationError, Represented, represent

BODY = "centre"
CLERK = Actor("lin", "林", BODY, frozenset({"clerk"}))
SYSTEM = Actor("desk", "前台系统", BODY, frozenset({"clerk", "mediator"}), kind=AccountKind.CLIENT)
MEDIATOR = Represented("zhou", "周", True, AccountKind.PERSON, frozenset({"mediator"}), ("zhou",))


def reason(hand: Actor, person: Represented | None) -> str:
    with pytest.raises(RepresentationError) as refused:
        represent(hand, person)
    return str(refused.value.facts["reason"])


@pytest.mark.parametrize("hand", [CLERK, SYSTEM])
def test_a_clerk_or_a_system_lends_a_hand_to_a_mediator(hand: Actor) -> None:
    actor = represent(hand, MEDIATOR)

    assert (actor.person_id, actor.organization_id, actor.roles) == ("zhou", BODY, frozenset({"mediator"}))
    assert (actor.hand, actor.represented) == (hand.person_id, "zhou")


def test_who_acts_for_themselves_represents_nobody() -> None:
    assert (CLERK.hand, CLERK.represented) == ("lin", None)


def test_a_clerk_gets_the_part_of_the_mediator_and_nothing_else_they_are() -> None:
    both = replace(MEDIATOR, roles=frozenset({"mediator", "supervisor", "clerk"}))

    assert represent(CLERK, both).roles == {"mediator"}


def test_a_system_gets_what_both_are_and_never_what_watches_over_others() -> None:
    system = replace(SYSTEM, roles=frozenset({"clerk", "supervisor"}))
    person = replace(MEDIATOR, roles=frozenset({"clerk", "supervisor", "mediator"}))

    assert represent(system, person).roles == {"clerk"}


@pytest.mark.parametrize(
    ("hand", "person", "why"),
    [
        (replace(CLERK, sees_no_case=True), MEDIATOR, "administrators_never"),
        (replace(SYSTEM, sees_no_case=True), MEDIATOR, "administrators_never"),
        (replace(CLERK, roles=frozenset({"supervisor"})), MEDIATOR, "clerks_and_systems_only"),
        (replace(CLERK, roles=frozenset()), MEDIATOR, "clerks_and_systems_only"),
        (CLERK, None, "not_a_colleague"),
        (CLERK, replace(MEDIATOR, person_id="lin"), "not_a_colleague"),
        (CLERK, replace(MEDIATOR, is_active=False), "not_a_colleague"),
        (CLERK, replace(MEDIATOR, kind=AccountKind.CLIENT), "not_a_colleague"),
        (CLERK, replace(MEDIATOR, roles=frozenset()), "not_a_colleague"),
        (SYSTEM, replace(MEDIATOR, mandates=()), "not_named_by_administrators"),
        (CLERK, replace(MEDIATOR, roles=frozenset({"clerk"})), "role_not_lent"),
        (SYSTEM, replace(MEDIATOR, roles=frozenset({"auditor"})), "role_not_lent"),
    ],
)
def test_nobody_acts_for_somebody_beyond_the_rule(hand: Actor, person: Represented | None, why: str) -> None:
    assert reason(hand, person) == why


def test_on_behalf_of_somebody_only_the_part_that_is_lent_counts_in_a_case() -> None:
    parts = [Assignment(role, "zhou", role, since=date(2026, 1, 5)) for role in ("mediator", "volunteer")]
    oneself = Actor("zhou", "周", BODY, frozenset({"mediator"}))

    found = [case_roles(actor, [person_scope("zhou")], parts, ()) for actor in (oneself, represent(CLERK, MEDIATOR))]

    assert found == [{CaseRole.MEDIATOR, CaseRole.VOLUNTEER}, {CaseRole.MEDIATOR}]


def test_administrators_look_into_no_scope() -> None:
    assert scopes_of(replace(CLERK, sees_no_case=True)) == ()
    assert scopes_of(CLERK) != ()

"""Acting on behalf of somebody: who may, for whom, and what is left of the rights of the one represented.

One rule for people and systems: whoever acts for another needs a membership in the same body, gets the roles that the
other has there **and** that may be lent to a person of their own kind, and nothing else the two of them may do besides.

- A clerk lends a hand to a mediator: the mediator's part, in cases that the clerk sees and the mediator is assigned to.
- A system lends its hand to the people its administrators have named, in the roles that the system has itself.
- Administrators and security officers act for nobody, and nobody acts for them; neither do those who watch over others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mediation.domain.access import AccountKind, Actor, MembershipRole
from mediation.domain.errors import Refusal
from mediation.domain.labels import Label
from mediation.domain.separation import THREE

WATCHING = THREE | {MembershipRole.SUPERVISOR}
"""Roles that watch over others: never lent, never a system's, and given by administrators only."""
_LENT_TO_CLERKS = frozenset({MembershipRole.MEDIATOR})


class RepresentationError(Refusal):
    """Nobody may act for this person here; `reason` says why."""

    code = "representation_refused"
    text = Label("不能代该人员办理", "You may not act on behalf of this person")


@dataclass(frozen=True, slots=True)
class Represented:
    """The account named: roles are those held in the body that the other acts for; `mandates` are the system's."""

    person_id: str
    name: str
    is_active: bool
    kind: AccountKind
    roles: frozenset[str]
    mandates: Collection[str] = ()


def represent(hand: Actor, person: Represented | None) -> Actor:
    """Give the actor that `hand` is on behalf of a person (None: nobody of that id); raises RepresentationError."""
    lent = _lent(hand)
    if person is None or person.person_id == hand.person_id or not _may_be_represented(person):
        raise RepresentationError(reason="not_a_colleague")
    if hand.kind is AccountKind.CLIENT and person.person_id not in person.mandates:
        raise RepresentationError(reason="not_named_by_administrators")
    roles = person.roles & lent
    if not roles:
        raise RepresentationError(reason="role_not_lent")
    return Actor(person.person_id, person.name, hand.organization_id, roles, represented_by=hand.person_id)


def _lent(hand: Actor) -> frozenset[str]:
    """The roles that may be exercised by this hand."""
    if hand.sees_no_case:
        raise RepresentationError(reason="administrators_never")
    if hand.kind is AccountKind.CLIENT:
        return hand.roles - WATCHING
    if MembershipRole.CLERK not in hand.roles:
        raise RepresentationError(reason="clerks_and_systems_only")
    return _LENT_TO_CLERKS


def _may_be_represented(person: Represented) -> bool:
    return person.is_active and person.kind is AccountKind.PERSON and bool(person.roles)

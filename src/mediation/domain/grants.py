"""Reading one case beyond one's roles, for a purpose and a while: by breaking the glass, or granted upon request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mediation.domain.access import AccountKind, Actor, MembershipRole
from mediation.domain.access_requests import may_ask
from mediation.domain.labels import Label
from mediation.domain.sight import DataClass

LONGEST = timedelta(hours=72)
WATCHING = frozenset({MembershipRole.SUPERVISOR, MembershipRole.AUDITOR})
"""Who may break the glass, and who is told of it."""
TOLD = WATCHING | {MembershipRole.SECURITY_OFFICER}
"""Who lists where the glass was broken, and may end it; a security officer without seeing the case."""


class BreakGlassPurpose(StrEnum):
    """What the glass is broken for."""

    DANGER = "danger"
    COMPLAINT = "complaint"
    AUDIT = "audit"
    ORDER_OF_AUTHORITY = "order_of_authority"


PURPOSES: Mapping[BreakGlassPurpose, Label] = {
    BreakGlassPurpose.DANGER: Label("防止人身危险", "Danger to somebody"),
    BreakGlassPurpose.COMPLAINT: Label("核查投诉举报", "Looking into a complaint"),
    BreakGlassPurpose.AUDIT: Label("专项审计", "Audit for cause"),
    BreakGlassPurpose.ORDER_OF_AUTHORITY: Label("有权机关依法调取", "Order of a competent authority"),
}


class How(StrEnum):
    """How somebody came by a grant: every reading under it is logged under this name."""

    BREAK_GLASS = "break_glass"
    ACCESS_REQUEST = "access_request"


@dataclass(frozen=True, slots=True)
class Grant:
    """What one person may read of one case until a moment, while they act for this body and it lies with that one."""

    id: str
    how: How
    person_id: str
    organization_id: str
    handling_id: str
    ceiling: DataClass
    purpose: str
    until: datetime

    def counts(self, actor: Actor, handling_id: str, now: datetime) -> bool:
        """Whether it serves this actor now, while the case lies with the body `handling_id`."""
        is_theirs = (self.person_id, self.organization_id) == (actor.person_id, actor.organization_id)
        may_hold = may_break_glass if self.how is How.BREAK_GLASS else may_ask
        return is_theirs and self.handling_id == handling_id and now < self.until and may_hold(actor)


def may_break_glass(actor: Actor) -> bool:
    """Whether this is a supervisor or auditor of some body, in person, and no administrator or security officer."""
    is_in_person = actor.kind is AccountKind.PERSON and actor.represented_by is None
    watches = actor.organization_id is not None and bool(actor.roles & WATCHING)
    return is_in_person and watches and not actor.sees_no_case


def may_end_break_glass(actor: Actor) -> bool:
    """Whether this is who may list the broken glass and end it: who may break it, and a security officer in person."""
    is_in_person = actor.kind is AccountKind.PERSON and actor.represented_by is None
    is_officer = actor.organization_id is not None and MembershipRole.SECURITY_OFFICER in actor.roles
    return may_break_glass(actor) or (is_in_person and is_officer)


def is_short_enough(until: datetime, now: datetime) -> bool:
    """Whether the end lies ahead, by 72 hours at most."""
    return now < until <= now + LONGEST

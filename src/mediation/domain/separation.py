"""Three administrators apart (三员分立): the directory, its safety and the audit lie with three different people.

An administrator (系统管理员) keeps the directory, a security officer (安全保密管理员) keeps watch and closes what is
dangerous, an auditor (安全审计员) reads what both and everybody else did. No account holds two of these at a time, in
whatever bodies. It is a rule of the house after the practice of classified and graded protection systems.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from mediation.domain.access import MembershipRole
from mediation.domain.errors import Refusal
from mediation.domain.labels import Label

THREE = frozenset({MembershipRole.ADMIN, MembershipRole.SECURITY_OFFICER, MembershipRole.AUDITOR})
CASELESS = frozenset({MembershipRole.ADMIN, MembershipRole.SECURITY_OFFICER})
"""Of the three, those who see no case; an auditor reads what is ordinary of it."""


class RolesApartError(Refusal):
    """The person has another of the three roles at the same time; the facts name the membership in the way."""

    code = "roles_apart"
    text = Label(
        "系统管理员、安全保密管理员、安全审计员须由不同人员担任：该人员在同一时期另有其一",
        "Administrator, security officer and auditor are three people: this one has another of these roles then",
    )


@dataclass(frozen=True, slots=True)
class Held:
    """Roles somebody has in a body from the day `since` on, until the day before `until` (None: without end)."""

    id: str
    organization_id: str
    roles: frozenset[str]
    since: date
    until: date | None

    def facts(self) -> dict[str, Any]:
        """The membership as a problem names it: ids, codes and days."""
        until = self.until.isoformat() if self.until else None
        return {
            "membership_id": self.id, "organization_id": self.organization_id, "roles": sorted(self.roles & THREE),
            "since": self.since.isoformat(), "until": until,
        }  # fmt: skip


def are_together(roles: Iterable[str]) -> bool:
    """Whether two of the three are among these roles."""
    return len(THREE.intersection(roles)) > 1


def in_the_way(given: Held, others: Iterable[Held]) -> Held | None:
    """The first of somebody's other memberships that has another of the three roles on a day of `given`; or none."""
    if not given.roles & THREE:
        return None
    clashing = (
        other
        for other in others
        if other.id != given.id and other.roles & THREE and are_together(given.roles | other.roles)
    )
    return next((other for other in clashing if _overlap(given, other)), None)


def _overlap(one: Held, other: Held) -> bool:
    """Whether some day belongs to both; a membership that ended before it began has none."""
    begins = max(one.since, other.since)
    return all(held.until is None or begins < held.until for held in (one, other))


def counting(everywhere: frozenset[str], here: frozenset[str]) -> frozenset[str]:
    """The roles that count of those held in the bodies acted for, given all that are held today.

    Somebody with two of the three, as memberships from before this rule may give, has no role at all until one has
    ended. While somebody is an administrator or a security officer, their other roles rest.
    """
    three = everywhere & THREE
    if are_together(three):
        return frozenset()
    return here & three if three & CASELESS else here


def is_caseless(everywhere: frozenset[str]) -> bool:
    """Whether somebody with these roles, in any bodies, sees no case."""
    return bool(everywhere & CASELESS)

"""Writes of the directory: checked for the right, kept under the key, committed as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from mediation.domain.access import Actor, MembershipRole
from mediation.domain.errors import (
    NotFoundError,
    NotPermittedError,
    VersionConflictError,
    VersionRequiredError,
)
from mediation.domain.organizations import ORGANIZATION_KINDS, OrganizationKind
from mediation.services.caller import Answer, Caller
from mediation.services.idempotency import kept_row, replayed
from mediation.services.identity import acting
from mediation.services.memberships import keep_memberships
from mediation.storage import Unit, homes, tables
from mediation.storage import people as rows

ADMINISTRATORS = frozenset({MembershipRole.ADMIN})
OFFICERS = frozenset({MembershipRole.SECURITY_OFFICER})
"""Who closes what is dangerous, at once, and opens or gives nothing."""
KEEPERS = frozenset({MembershipRole.ADMIN, MembershipRole.SUPERVISOR})
HOUSES = frozenset(
    kind for kind, profile in ORGANIZATION_KINDS.items() if profile.is_mediation_body or profile.union_level is not None
)
"""Unions and bodies that mediate."""


def administer(
    unit: Unit,
    caller: Caller,
    change: Callable[[Actor], Answer],
    *,
    roles: frozenset[str],
    kinds: frozenset[OrganizationKind] | None = None,
) -> Answer:
    """Run a change of the directory for somebody with one of the roles, under the Idempotency-Key.

    With `kinds`, who is no administrator acts for a body of one of them. Such changes are rare and wait for each
    other, so that what is compared still stands when it is written.
    """
    with unit.transaction():
        rows.lock(unit)
        found, kept = rows.actor_and_kept(unit, caller.subject, caller.today, caller.key)
        actor = acting(found, caller)
        answer = replayed(unit, caller, kept)
        if answer is not None:
            return answer
        if not actor.roles & roles:
            raise NotPermittedError(recorded_by=sorted(roles))
        if kinds is not None and not actor.roles & ADMINISTRATORS and _kind(found, actor) not in kinds:
            raise NotPermittedError(recorded_by=sorted(ADMINISTRATORS))
        answer = change(actor)
        row = kept_row(unit, caller, answer)
        if row is not None:
            rows.keep_answer(unit, row)
    return answer


def _kind(row: Mapping[str, Any] | None, actor: Actor) -> str | None:
    """What the organization is that the actor acts for."""
    memberships = (row or {}).get("memberships", ())
    return next((m["kind"] for m in memberships if m["organization_id"] == actor.organization_id), None)


def has_authority(unit: Unit, actor: Actor, organization_id: str | None) -> bool:
    """Whether the organization is the actor's own or lies below it."""
    if organization_id is None or actor.organization_id is None:
        return False
    return actor.organization_id in {organization_id, *homes.ancestors(unit, organization_id)}


def refuse_above(unit: Unit, actor: Actor, organization_id: str | None, *, roles: frozenset[str]) -> None:
    """Raise unless the organization is the actor's own or lies below it; `roles` say who may, there or above."""
    if not has_authority(unit, actor, organization_id):
        raise NotPermittedError(recorded_by=sorted(roles))


def compare(caller: Caller, version: int) -> None:
    """The version read, against the one that stands."""
    if caller.expected_version is None:
        raise VersionRequiredError
    if caller.expected_version != version:
        raise VersionConflictError(version=version)


def existing(row: dict[str, Any] | None) -> dict[str, Any]:
    """The row, or NotFoundError."""
    if row is None:
        raise NotFoundError
    return row


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON values."""
    return {
        name: value.isoformat() if isinstance(value, date) else bool(value) if name.startswith("is_") else value
        for name, value in row.items()
    }


def load(
    unit: Unit,
    organizations: list[Mapping[str, Any]],
    people: list[Mapping[str, Any]],
    memberships: list[Mapping[str, Any]],
) -> None:
    """Put a whole directory in place, as the demo does; rows are replaced by id, bodies stay where they are."""
    with unit.transaction():
        rows.lock(unit)
        above = rows.parents(unit)
        placed = [{**row, "parent_id": above.get(row["id"], row["parent_id"])} for row in organizations]
        rows.load_all(unit, ((tables.organizations, placed), (tables.people, people)))
        keep_memberships(unit, memberships)

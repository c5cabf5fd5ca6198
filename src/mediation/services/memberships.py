"""Memberships as they are written: the one place that keeps administrator, security officer and auditor apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from mediation.domain.access import MembershipRole
from mediation.domain.errors import InputError, InvalidInputError, Refusal
from mediation.domain.labels import Label
from mediation.domain.separation import THREE, Held, RolesApartError, are_together, counting, in_the_way
from mediation.storage import Unit, tables
from mediation.storage import people as rows


class LastAdministratorError(Refusal):
    """Nobody else administers a body that has none above it: it stays with one who does."""

    code = "last_administrator"
    text = Label("该组织没有其他系统管理员，其上也没有组织", "Nobody else administers this body, and none is above it")


@dataclass(frozen=True, slots=True)
class Clash:
    """Two memberships of one person, running now or still to begin, that no one person holds together."""

    person_id: str
    first: Held
    second: Held


def keep_memberships(unit: Unit, given: Sequence[Mapping[str, Any]]) -> None:
    """Write memberships; RolesApartError where somebody would have two of the three roles on one day.

    InvalidInputError where a row itself gives two. Whether the account is open does not matter.
    The directory is locked.
    """
    coming = [(row["person_id"], held(row)) for row in given]
    for person_id, one in coming:
        _refuse_two_of_three(one)
        if one.roles & THREE:
            theirs = [other for whose, other in coming if whose == person_id]
            written = {other.id for other in theirs}
            stored = (held(row) for row in rows.memberships(unit, person_id=person_id))
            other = in_the_way(one, [*theirs, *(row for row in stored if row.id not in written)])
            if other is not None:
                raise RolesApartError(**other.facts())
    rows.put(unit, tables.memberships, given)


def _refuse_two_of_three(given: Held) -> None:
    if are_together(given.roles):
        text = Label(
            "系统管理员、安全保密管理员、安全审计员不得由一人兼任",
            "Administrator, security officer and auditor are three people; give one of these roles.",
        )
        raise InvalidInputError([InputError("/roles", "roles_apart", text)])


def end(unit: Unit, row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Write that a membership counts until yesterday; gives the row as it stands then."""
    ended = {**row, "until": today.isoformat()}
    rows.put(unit, tables.memberships, [ended])
    return ended


def held(row: Mapping[str, Any]) -> Held:
    """A row of the directory as the rule reads it."""
    return Held(
        row["id"], row["organization_id"], frozenset(orjson.loads(row["roles"])), _day(row["since"]),
        _day(row["until"]) if row["until"] else None,
    )  # fmt: skip


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def refuse_to_leave_alone(unit: Unit, person_id: str, organization_id: str, today: date) -> None:
    """Raise where a body with none above it would be without an administrator, were this person none any more."""
    body = rows.one(unit, tables.organizations, organization_id)
    if body is None or body["parent_id"] is not None:
        return
    others = {row["person_id"] for row in rows.memberships(unit, organization_id=organization_id)} - {person_id}
    if not any(_administers(unit, other, organization_id, today) for other in sorted(others)):
        raise LastAdministratorError(organization_id=organization_id)


def _administers(unit: Unit, person_id: str, organization_id: str, today: date) -> bool:
    """Whether somebody with an open account administers this body today, and it counts."""
    memberships, is_active = rows.standing(unit, person_id, today)
    roles = [(row["organization_id"], frozenset(orjson.loads(row["roles"]))) for row in memberships]
    everywhere = frozenset[str]().union(*(given for _, given in roles))
    here = frozenset[str]().union(*(given for body, given in roles if body == organization_id))
    return is_active and MembershipRole.ADMIN in counting(everywhere, here)


def clashes(unit: Unit, today: date) -> list[Clash]:
    """Every two memberships, not over yet, by which one person holds two of the three roles at a time."""
    return list(_clashes(rows.three_administrators(unit, today)))


def _clashes(found: list[dict[str, Any]]) -> Iterator[Clash]:
    for person_id, theirs in groupby(found, key=itemgetter("person_id")):
        memberships = [held(row) for row in theirs]
        for number, one in enumerate(memberships):
            if are_together(one.roles):
                yield Clash(person_id, one, one)
            other = in_the_way(one, memberships[number + 1 :])
            if other is not None:
                yield Clash(person_id, one, other)

"""The body that a case is at home with: its place in the tree, its numbers, and what writing a new case down needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from mediation.storage.accounts import actor_sql, running_sql
from mediation.storage.cases import kept_sql, list_sql
from mediation.storage.database import Unit
from mediation.storage.json_sql import statement

_NEXT_NUMBER = statement(
    "insert into counters (organization_id, year, n) values (:organization_id, :year, 1) "
    "on conflict (organization_id, year) do update set n = counters.n + 1 "
    "returning n, (select short_name from organizations where id = :organization_id) as prefix"
)


def next_number(unit: Unit, organization_id: str, year: int) -> tuple[str, int]:
    """The prefix and next number of an organization and year; gap-free because it commits with its case."""
    row = unit.execute(_NEXT_NUMBER, {"organization_id": organization_id, "year": year}).one()
    return row.prefix, row.n


_UP = (
    "with recursive up (id, parent_id) as ("
    "select id, parent_id from organizations where id = {start} "
    "union select o.id, o.parent_id from organizations o join up on o.id = up.parent_id) "
)
_ANCESTORS = statement(_UP.format(start=":id") + "select id from up where id <> :id")
_PLACE = statement(_UP.format(start=":id") + "select id, parent_id from up")
_OWN = (
    "coalesce(:organization_id, (select m.organization_id from memberships m join people p on p.id = m.person_id "
    "where p.subject = :subject and {running} and (:acting_as in (m.organization_id, m.id) or :acting_as is null) "
    "limit 1))"
)


def _prepare_sql(dialect: str) -> str:
    pair = "json_array(id, parent_id)" if dialect == "sqlite" else "json_build_array(id, parent_id)"
    home = list_sql(dialect, pair, "up")
    up = _UP.format(start=f"{_OWN.format(running=running_sql(dialect))} and is_active")
    if dialect != "sqlite":
        up = up.replace(":organization_id", "cast(:organization_id as text)").replace(
            ":acting_as", "cast(:acting_as as text)"
        )
    return f"{up} select {actor_sql(dialect)} as actor, {kept_sql(dialect)} as kept, {home} as home"


_PREPARE = {dialect: statement(_prepare_sql(dialect)) for dialect in ("sqlite", "postgresql")}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What creating a case needs: the actor, the kept answer, and the home body and those above, with their parents."""

    actor: Mapping[str, Any] | None
    kept: Mapping[str, Any] | None
    home: tuple[tuple[str, str | None], ...]

    @property
    def bodies(self) -> tuple[str, ...]:
        """The home body and those above it."""
        return tuple(body for body, _ in self.home)

    def above(self, organization_id: str) -> list[str]:
        """The bodies above the home body."""
        return [body for body in self.bodies if body != organization_id]


def prepare(
    unit: Unit, *, subject: str, today: date, key: str | None, organization_id: str | None, acting_as: str | None
) -> Prepared:
    """Read what creating a case needs: one statement."""
    parameters = {
        "subject": subject,
        "today": today.isoformat(),
        "key": key,
        "organization_id": organization_id,
        "acting_as": acting_as,
    }
    actor, kept, home = unit.row(_PREPARE[unit.dialect], parameters)
    return Prepared(
        orjson.loads(actor) if actor else None,
        orjson.loads(kept) if kept else None,
        tuple((body, above) for body, above in orjson.loads(home)),
    )


def ancestors(unit: Unit, organization_id: str) -> list[str]:
    """Ids of the bodies above an organization, whether or not it is closed."""
    return [row.id for row in unit.execute(_ANCESTORS, {"id": organization_id})]


def place(unit: Unit, organization_id: str) -> tuple[tuple[str, str | None], ...]:
    """An organization and every body above it, each with the one right above."""
    return tuple((row.id, row.parent_id) for row in unit.execute(_PLACE, {"id": organization_id}))

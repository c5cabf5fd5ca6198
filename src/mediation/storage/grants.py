"""Rows of grants: written with the act that gives or ends them, read with their case, listed by the body concerned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from mediation.storage import tables
from mediation.storage.database import Unit
from mediation.storage.json_sql import names, statement

Event = Literal[
    "break_glass.opened", "break_glass.revoked", "access_request.asked", "access_request.granted",
    "access_request.denied", "access_request.revoked",
]  # fmt: skip

_COLUMNS = ", ".join(f"g.{name}" for name in names(tables.grants))
_PAGE = (
    "with recursive mine (id) as (select id from organizations where id = :organization_id "
    "union all select o.id from organizations o join mine m on o.parent_id = m.id) "
    f"select {_COLUMNS} from grants g where g.how = :how and g.handling_id in (select id from mine)"
    "{after} order by g.id desc limit :limit"
)
_TELL = statement("insert into outbox (kind, case_id, ref_id) values (:kind, :case_id, :id)")


def page(unit: Unit, organization_id: str, how: str, *, before: str | None, limit: int) -> list[dict[str, Any]]:
    """Grants on cases of an organization and of those below it, newest first, from before an id."""
    sql = _PAGE.format(after=" and g.id < :before" if before is not None else "")
    parameters = {"organization_id": organization_id, "how": how, "limit": limit}
    parameters |= {"before": before} if before is not None else {}
    return [told(dict(row)) for row in unit.execute(statement(sql), parameters).mappings()]


def tell(unit: Unit, kind: Event, case_id: str, grant_id: str) -> None:
    """Leave an event for those who subscribe to it."""
    unit.execute(_TELL, {"kind": kind, "case_id": case_id, "id": grant_id})


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its moments as text."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}

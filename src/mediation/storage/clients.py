"""Other systems with their keys, and the assertions they have used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mediation.storage.database import Unit
from mediation.storage.json_sql import statement

_CLIENT = (
    "select c.*, p.version, p.name, p.is_active, m.roles from clients c join people p on p.id = c.id "
    "join memberships m on m.id = c.id "
)
_ONE = statement(f"{_CLIENT} where c.id = :id")
_PAGE = statement(f"{_CLIENT} where c.organization_id = :organization_id and c.id > :after order by c.id limit :limit")
_KEYS = statement("select * from client_keys where client_id = :client_id order by id")
_KEY = statement("select k.*, p.subject from client_keys k join people p on p.id = k.client_id where k.id = :id")
_AUTHENTICATING = statement(
    "select c.id, c.jwks, c.certificates, c.certificate_subject, p.subject from clients c join people p on p.id = c.id "
    "where c.id = :id and p.is_active"
)


def one(unit: Unit, client_id: str) -> dict[str, Any] | None:
    """A client with its account and roles."""
    row = unit.execute(_ONE, {"id": client_id}).mappings().one_or_none()
    return dict(row) if row is not None else None


def page(unit: Unit, organization_id: str, *, after: str, limit: int) -> list[dict[str, Any]]:
    """Clients of an organization after an id, in the order of ids."""
    parameters = {"organization_id": organization_id, "after": after, "limit": limit}
    return [dict(row) for row in unit.execute(_PAGE, parameters).mappings()]


def keys(unit: Unit, client_id: str) -> list[dict[str, Any]]:
    """Every API key a client was ever given, oldest first."""
    return [dict(row) for row in unit.execute(_KEYS, {"client_id": client_id}).mappings()]


def key(unit: Unit, key_id: str) -> Mapping[str, Any] | None:
    """An API key with the subject of its client."""
    row = unit.execute(_KEY, {"id": key_id}).mappings().one_or_none()
    return dict(row) if row is not None else None


def authenticating(unit: Unit, client_id: str) -> Mapping[str, Any] | None:
    """What an active client proves itself by, with its subject."""
    row = unit.execute(_AUTHENTICATING, {"id": client_id}).mappings().one_or_none()
    return dict(row) if row is not None else None


def _moment(dialect: str, name: str) -> str:
    return f":{name}" if dialect == "sqlite" else f"cast(:{name} as timestamptz)"


_TAKE = {
    dialect: statement(
        "insert into client_assertions (client_id, jti, expires_at) "
        f"values (:client_id, :jti, {_moment(dialect, 'expires_at')}) on conflict do nothing"
    )
    for dialect in ("sqlite", "postgresql")
}


def take_assertion(unit: Unit, client_id: str, jti: str, expires_at: datetime) -> bool:
    """Note an assertion as used; False when it was used before, by whichever process."""
    parameters = {"client_id": client_id, "jti": jti, "expires_at": expires_at.isoformat()}
    return unit.execute(_TAKE[unit.dialect], parameters).rowcount == 1


_FORGET = {
    "sqlite": statement(
        "delete from client_assertions where rowid in "
        "(select rowid from client_assertions where expires_at < :now limit :limit)"
    ),
    "postgresql": statement(
        "delete from client_assertions where (client_id, jti) in (select client_id, jti from client_assertions "
        "where expires_at < cast(:now as timestamptz) limit :limit for update skip locked)"
    ),
}


def forget_assertions(unit: Unit, now: datetime, limit: int) -> int:
    """Drop assertions that nobody could use again; gives how many."""
    return unit.execute(_FORGET[unit.dialect], {"now": now.isoformat(), "limit": limit}).rowcount


_USED = {
    (dialect, table): statement(f"update {table} set last_used_at = {_moment(dialect, 'now')} where id = :id")
    for dialect in ("sqlite", "postgresql")
    for table in ("clients", "client_keys")
}


def note_use(unit: Unit, table: str, row_id: str, now: datetime) -> None:
    """Note that a client or one of its keys was used now."""
    unit.execute(_USED[unit.dialect, table], {"id": row_id, "now": now.isoformat()})

"""The directory: organizations, people, memberships; and who a subject is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Table

from mediation.storage import tables
from mediation.storage.accounts import actor_sql, running_sql
from mediation.storage.cases import kept_sql
from mediation.storage.database import Unit
from mediation.storage.json_sql import names, statement, upsert

_ACTOR = {
    dialect: statement(f"select {actor_sql(dialect)} as actor, {kept_sql(dialect)} as kept")
    for dialect in ("sqlite", "postgresql")
}


_LOCK = statement("select pg_advisory_xact_lock(7215009413)")


def lock(unit: Unit) -> None:
    """Wait for other changes of the directory until this transaction ends; SQLite has one writer anyway."""
    if unit.dialect != "sqlite":
        unit.execute(_LOCK)


def actor(unit: Unit, subject: str, today: date) -> Mapping[str, Any] | None:
    """The account of a subject with the memberships that count today, or None."""
    return actor_and_kept(unit, subject, today, None)[0]


def actor_and_kept(
    unit: Unit, subject: str, today: date, key: str | None
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """The account of a subject, and the answer kept under a key."""
    row = unit.execute(_ACTOR[unit.dialect], {"subject": subject, "today": today.isoformat(), "key": key}).one()
    return (
        orjson.loads(row.actor) if row.actor else None,
        orjson.loads(row.kept) if row.kept else None,
    )


def put(unit: Unit, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or replace rows of the directory by id."""
    text = orjson.dumps(list(rows)).decode()
    unit.execute(statement(upsert(table, unit.dialect, gated=False)), {table.name: text})


def keep_answer(unit: Unit, row: Mapping[str, Any]) -> None:
    """Keep an answer under its idempotency key; IntegrityError when the key was taken meanwhile."""
    columns = names(tables.idempotency)
    values = ", ".join(
        "cast(:created_at as timestamptz)" if unit.dialect != "sqlite" and name == "created_at" else f":{name}"
        for name in columns
    )
    unit.execute(statement(f"insert into idempotency ({', '.join(columns)}) values ({values})"), dict(row))


def page(
    unit: Unit, table: Table, *, after: str, limit: int, where: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Rows after an id in the order of ids, narrowed by equal columns."""
    conditions = "".join(f" and {name} = :{name}" for name in (where or {}))
    sql = f"select * from {table.name} where id > :after{conditions} order by id limit :limit"
    parameters = {"after": after, "limit": limit, **(where or {})}
    return [dict(row) for row in unit.execute(statement(sql), parameters).mappings()]


_PARENTS = statement("select id, parent_id from organizations")


def parents(unit: Unit) -> dict[str, str | None]:
    """The body right above each organization, by id."""
    return {row.id: row.parent_id for row in unit.execute(_PARENTS)}


def one(unit: Unit, table: Table, key: str) -> dict[str, Any] | None:
    """One row by id."""
    sql = f"select * from {table.name} where id = :id"
    row = unit.execute(statement(sql), {"id": key}).mappings().one_or_none()
    return dict(row) if row is not None else None


_IS_ACTIVE = statement("select 1 from people where id = :id and is_active and kind = 'person'")


def is_active_person(unit: Unit, person_id: str) -> bool:
    """Whether somebody of this id may be given a part in a case: a natural person whose account is open."""
    return unit.execute(_IS_ACTIVE, {"id": person_id}).first() is not None


_MEMBERSHIPS = statement(
    "select m.*, o.name as organization_name, p.name as person_name, p.kind as person_kind from memberships m "
    "join organizations o on o.id = m.organization_id join people p on p.id = m.person_id "
    "where (m.person_id = :person_id or :person_id is null) "
    "and (m.organization_id = :organization_id or :organization_id is null) order by m.id"
)


def memberships(
    unit: Unit, *, person_id: str | None = None, organization_id: str | None = None
) -> list[dict[str, Any]]:
    """Memberships of a person or of an organization, ended ones included."""
    parameters = {"person_id": person_id, "organization_id": organization_id}
    return [dict(row) for row in unit.execute(_MEMBERSHIPS, parameters).mappings()]


_WATCHED_BY = " or ".join(f"roles like '%\"{role}\"%'" for role in ("admin", "security_officer", "auditor"))
_UNENDED = {
    "sqlite": statement(
        f"select * from memberships where (until is null or until > :today) and ({_WATCHED_BY}) order by person_id, id"
    ),
    "postgresql": statement(
        "select * from memberships where (until is null or until > cast(:today as date)) "
        f"and ({_WATCHED_BY}) order by person_id, id"
    ),
}


def three_administrators(unit: Unit, today: date) -> list[dict[str, Any]]:
    """Memberships, not over yet, of administrators, security officers and auditors, those of one person together."""
    return [dict(row) for row in unit.execute(_UNENDED[unit.dialect], {"today": today.isoformat()}).mappings()]


_STANDING = {
    dialect: statement(
        "select p.is_active, m.organization_id, m.roles, "
        "exists (select 1 from memberships e where e.person_id = p.id) as is_enrolled "
        "from people p left join memberships m "
        f"on m.person_id = p.id and {running_sql(dialect)} where p.id = :id and p.kind = 'person' order by m.id"
    )
    for dialect in ("sqlite", "postgresql")
}


def standing(unit: Unit, person_id: str, today: date) -> tuple[list[dict[str, Any]], bool]:
    """The memberships that count today, and whether the account is active; none and False for nobody we know.

    Accounts of other systems are nobody here, nor is who has memberships on file and none that counts today.
    """
    parameters = {"id": person_id, "today": today.isoformat()}
    found = [dict(row) for row in unit.execute(_STANDING[unit.dialect], parameters).mappings()]
    running = [row for row in found if row["organization_id"]]
    return running, any(row["is_active"] and (running or not row["is_enrolled"]) for row in found)


def load_all(unit: Unit, rows: Iterable[tuple[Table, Sequence[Mapping[str, Any]]]]) -> None:
    """Put many rows, table by table."""
    for table, entries in rows:
        if entries:
            put(unit, table, entries)

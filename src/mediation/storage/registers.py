"""Registers of a body about personal data: each record has its texts sealed under a key of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import orjson

from mediation.storage import people as rows
from mediation.storage import tables
from mediation.storage.cases import open_key
from mediation.storage.database import Unit
from mediation.storage.json_sql import names, statement

Register = Literal["impact_assessments", "incidents"]

_MINE = (
    "with recursive mine (id) as (select id from organizations where id = :organization_id "
    "union all select o.id from organizations o join mine m on o.parent_id = m.id) "
)


def page(
    unit: Unit, register: Register, organization_id: str, *, before: str | None, limit: int
) -> list[dict[str, Any]]:
    """Records of a body and of those below it, newest first, from before an id, their texts opened."""
    sql = (
        f"{_MINE}{_select(register)} where r.organization_id in (select id from mine)"
        f"{' and r.id < :before' if before else ''} order by r.id desc limit {limit:d}"
    )
    return _read(unit, register, sql, {"organization_id": organization_id, **({"before": before} if before else {})})


def one(unit: Unit, register: Register, record_id: str) -> dict[str, Any] | None:
    """One record, its texts opened."""
    found = _read(unit, register, f"{_select(register)} where r.id = :id", {"id": record_id})
    return found[0] if found else None


def put(unit: Unit, register: Register, record: Mapping[str, Any], wrapped: str) -> None:
    """Write a record, its `content` sealed."""
    key = open_key(unit, {record["id"]: wrapped}, record["id"])
    assert key is not None  # noqa: S101 - a wrapped key opens, or an error is raised
    content = unit.vault.seal(key, orjson.dumps(record["content"]).decode(), _place(register, record["id"]))
    rows.put(unit, tables.metadata.tables[register], [{**record, "content": content}])


def _select(register: Register) -> str:
    columns = ", ".join(f"r.{name}" for name in names(tables.metadata.tables[register]))
    return f"select {columns}, k.wrapped from {register} r join subject_keys k on k.id = r.id"


def _read(unit: Unit, register: Register, sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: Sequence[Any] = unit.execute(statement(sql), dict(parameters)).mappings().all()
    keys = {row["id"]: row["wrapped"] for row in found}
    unit.vault.expect(keys)
    return [_opened(unit, register, dict(row), keys) for row in found]


def _opened(unit: Unit, register: Register, row: dict[str, Any], keys: Mapping[str, str | None]) -> dict[str, Any]:
    key = open_key(unit, keys, row["id"])
    text = unit.vault.unseal(key, row["content"], _place(register, row["id"])) if key is not None else "{}"
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    return {**told, "content": orjson.loads(text)}


def _place(register: Register, record_id: str) -> str:
    return f"{register}/{record_id}/content"

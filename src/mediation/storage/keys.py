"""Rows of wrapped data keys and of sealed answers, in batches, for what wraps and seals them anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from mediation.storage.database import Unit
from mediation.storage.json_sql import statement

_BATCH = statement(
    "select id, wrapped from subject_keys where id > :after and wrapped is not null and wrapped not like :current "
    "order by id limit :limit"
)
_REWRAP = {
    "sqlite": statement(
        "update subject_keys set wrapped = r.wrapped from (select value ->> '$.id' as id, value ->> '$.old' as old, "
        "value ->> '$.wrapped' as wrapped from json_each(:rows)) as r "
        "where subject_keys.id = r.id and subject_keys.wrapped = r.old"
    ),
    "postgresql": statement(
        "update subject_keys set wrapped = r.wrapped from jsonb_to_recordset(cast(:rows as jsonb)) "
        "as r(id text, old text, wrapped text) where subject_keys.id = r.id and subject_keys.wrapped = r.old"
    ),
}
_COUNT = statement(
    "select substr(wrapped, 1, 11) as key_id, count(*) as n from subject_keys where wrapped is not null "
    "group by substr(wrapped, 1, 11) order by 1"
)
_DESTROYED = statement("select count(*) as n from subject_keys where wrapped is null")
_ANSWERS = statement(
    "select caller, key, body from idempotency where caller > :caller or (caller = :caller and key > :key) "
    "order by caller, key limit :limit"
)
_RESEAL = statement("update idempotency set body = :body where caller = :caller and key = :key and body = :old")
_HASHED = statement(
    "select s.id, s.phone, s.phone_hash, s.resident_id, s.resident_id_hash, k.wrapped from subjects s "
    "join subject_keys k on k.id = s.id where k.wrapped is not null "
    "and (s.phone_hash is not null or s.resident_id_hash is not null) order by s.id desc limit 1"
)


def not_under(unit: Unit, key_id: str, *, after: str, limit: int) -> list[tuple[str, str]]:
    """Ids and wrapped keys that lie under other master keys, in the order of their ids."""
    found = unit.execute(_BATCH, {"after": after, "current": f"v1.{key_id}.%", "limit": limit})
    return [(row.id, row.wrapped) for row in found]


def rewrap(unit: Unit, rows: Sequence[Mapping[str, str]]) -> int:
    """Replace keys, each where it is still the `old` one: what was destroyed meanwhile stays so."""
    return unit.execute(_REWRAP[unit.dialect], {"rows": orjson.dumps(list(rows)).decode()}).rowcount


def counts(unit: Unit) -> dict[str, int]:
    """How many data keys lie under which master key, by its id."""
    return {row.key_id.split(".")[1]: row.n for row in unit.execute(_COUNT)}


def destroyed(unit: Unit) -> int:
    """How many data keys were destroyed."""
    return int(unit.execute(_DESTROYED).scalar_one())


def answers(unit: Unit, *, after: tuple[str, str], limit: int) -> list[dict[str, Any]]:
    """Kept answers after a caller and key."""
    parameters = {"caller": after[0], "key": after[1], "limit": limit}
    return [dict(row) for row in unit.execute(_ANSWERS, parameters).mappings()]


def reseal(unit: Unit, row: Mapping[str, str]) -> None:
    """Replace the body of one kept answer, where it is still the `old` one."""
    unit.execute(_RESEAL, dict(row))


_FORGET_ANSWERS = {
    "sqlite": statement(
        "delete from idempotency where rowid in "
        "(select rowid from idempotency where created_at < :before order by created_at limit :limit)"
    ),
    "postgresql": statement(
        "delete from idempotency where (caller, key) in (select caller, key from idempotency "
        "where created_at < cast(:before as timestamptz) order by created_at limit :limit for update skip locked)"
    ),
}


def forget_answers(unit: Unit, before: datetime, limit: int) -> int:
    """Drop kept answers from before a moment, the oldest first; gives how many."""
    return unit.execute(_FORGET_ANSWERS[unit.dialect], {"before": before.isoformat(), "limit": limit}).rowcount


def newest_hashed(unit: Unit) -> dict[str, Any] | None:
    """The newest person who can be looked up, with their wrapped key."""
    row = unit.execute(_HASHED).mappings().first()
    return dict(row) if row is not None else None

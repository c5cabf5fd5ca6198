"""Requests of people about their own data as they lie stored: texts sealed under the key of the case."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date
from typing import Any

import orjson

from mediation.domain.days import start_of_day
from mediation.storage import cases as rows
from mediation.storage.database import Unit
from mediation.storage.json_sql import statement

TEXTS = ("note", "reason")
_ONE = statement("select * from data_requests where case_id = :case_id and id = :id")
_OF_PARTY = statement("select * from data_requests where case_id = :case_id and party_id = :party_id order by id")
_OPEN = statement("select count(*) as n from data_requests where case_id = :case_id and status = 'open'")
_PAGE = "select * from data_requests where case_id = :case_id and id > :after{own} order by id limit :limit"
_OWN = {
    "sqlite": " and party_id in (select value from json_each(:parties))",
    "postgresql": " and party_id in (select jsonb_array_elements_text(cast(:parties as jsonb)))",
}
_READ = "select id from access_log where case_id = :case_id and party_id = :party_id and operation in ({names}) "
_DONE = "select id, action, payload from history where case_id = :case_id and action in ({names}) "


def one(unit: Unit, keys: Mapping[str, str], case_id: str, request_id: str) -> dict[str, Any] | None:
    """One request of the case, its texts opened."""
    row = unit.execute(_ONE, {"case_id": case_id, "id": request_id}).mappings().one_or_none()
    return None if row is None else _opened(unit, keys, dict(row))


def page(
    unit: Unit, keys: Mapping[str, str], case_id: str, *, parties: Collection[str] | None, after: str, limit: int
) -> list[dict[str, Any]]:
    """Requests after an id in the order of their ids, texts opened: of the whole case, or of some parties alone."""
    sql = _PAGE.format(own="" if parties is None else _OWN[unit.dialect])
    given: dict[str, Any] = {"case_id": case_id, "after": after, "limit": limit}
    if parties is not None:
        given["parties"] = orjson.dumps(sorted(parties)).decode()
    return [_opened(unit, keys, dict(row)) for row in unit.execute(statement(sql), given).mappings()]


def of_party(unit: Unit, keys: Mapping[str, str], case_id: str, party_id: str) -> list[dict[str, Any]]:
    """Every request of one person, texts opened."""
    found = unit.execute(_OF_PARTY, {"case_id": case_id, "party_id": party_id}).mappings()
    return [_opened(unit, keys, dict(row)) for row in found]


def has_open(unit: Unit, case_id: str) -> bool:
    """Whether a request in the case waits for its answer."""
    return bool(unit.execute(_OPEN, {"case_id": case_id}).scalar_one())


def stored(unit: Unit, keys: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
    """A request as it is stored."""
    key = rows.open_key(unit, keys, row["case_id"])
    sealed = {
        name: unit.vault.seal(key, row[name], _place(row["id"], name)) if key is not None and row[name] else None
        for name in TEXTS
    }
    return {**row, **sealed}


def _opened(unit: Unit, keys: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    for name in TEXTS:
        key = rows.open_key(unit, keys, row["case_id"]) if row[name] else None
        told[name] = unit.vault.unseal(key, row[name], _place(row["id"], name)) if key is not None else None
    return told


def _place(request_id: str, name: str) -> str:
    return f"data_requests/{request_id}/{name}"


def reading_of(unit: Unit, case_id: str, party_id: str, operations: Collection[str], since: date) -> str | None:
    """The id of the latest reading of a person's data by one of some operations since a day."""
    sql = f"{_READ.format(names=_listed(operations))}and at >= {_moment(unit)} order by id desc limit 1"
    given = {"case_id": case_id, "party_id": party_id, "since": start_of_day(since).astimezone(UTC).isoformat()}
    return unit.execute(statement(sql), given).scalar_one_or_none()


def acts_on(
    unit: Unit, case_id: str, party_id: str, actions: Collection[str], since: date, *, entry_id: str | None
) -> list[str]:
    """Ids of entries of history of some actions since a day, the latest first: of those that name the party.

    `entry_id` asks for one entry alone, whether it names the party or not.
    """
    sql = f"{_DONE.format(names=_listed(actions))}and recorded_at >= {_moment(unit)} "
    sql += f"{'and id = :entry_id ' if entry_id else ''}order by sequence desc"
    given = {"case_id": case_id, "since": start_of_day(since).astimezone(UTC).isoformat(), "entry_id": entry_id}
    if entry_id is None:
        del given["entry_id"]
    found = unit.execute(statement(sql), given)
    return [row.id for row in found if entry_id is not None or f'"{party_id}"' in row.payload]


def _listed(codes: Collection[str]) -> str:
    return ", ".join(f"'{code}'" for code in sorted(codes))


def _moment(unit: Unit) -> str:
    return ":since" if unit.dialect == "sqlite" else "cast(:since as timestamptz)"

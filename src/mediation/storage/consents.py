"""Rows of consents and of sharing records: read by case, in pages; written with the act that makes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import orjson

from mediation.storage.database import Unit
from mediation.storage.json_sql import statement

Name = Literal["consents", "sharing_records"]


def of_case(
    unit: Unit, table: Name, case_id: str, *, after: str | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    """The rows of a case in the order of their ids, from after one of them."""
    sql = f"select * from {table} where case_id = :case_id{' and id > :after' if after else ''} order by id"
    if limit is not None:
        sql += f" limit {limit:d}"
    parameters = {"case_id": case_id, **({"after": after} if after else {})}
    found = unit.execute(statement(sql), parameters).mappings()
    return [{**row, "kinds": orjson.loads(row["kinds"])} for row in found]


def stored(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is written."""
    return {**told(row), "kinds": orjson.dumps(row["kinds"]).decode()}


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its days as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}

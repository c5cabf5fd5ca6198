"""The latest computation of each claim; earlier ones stand in the history of the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mediation.storage import cases as rows
from mediation.storage.database import Unit
from mediation.storage.json_sql import names, statement
from mediation.storage.personal import for_person, of_person
from mediation.storage.tables import computations

_COLUMNS = names(computations)
_ONE = statement(f"select {', '.join(_COLUMNS)} from computations where claim_id = :claim_id")
_OF_CASE = statement(f"select {', '.join(_COLUMNS)} from computations where case_id = :case_id order by claim_id")


def one(unit: Unit, claim_id: str, keys: Mapping[str, str]) -> dict[str, Any] | None:
    """The computation of a claim with its data opened, None there once the key of the case was destroyed."""
    found = unit.execute(_ONE, {"claim_id": claim_id}).mappings().one_or_none()
    return None if found is None else _opened(unit, found, keys)


def of_case(unit: Unit, case_id: str, keys: Mapping[str, str]) -> list[dict[str, Any]]:
    """The computations of every claim of a case, opened as `one` does."""
    return [_opened(unit, row, keys) for row in unit.execute(_OF_CASE, {"case_id": case_id}).mappings()]


def _opened(unit: Unit, found: Mapping[Any, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    row = dict(found)
    key = rows.open_key(unit, keys, row["case_id"])
    place = _place(row["claim_id"])
    data = unit.vault.unseal(key, row["data"], place) if key and row["data"] else None
    row["data"] = of_person(unit, keys, data, f"{place}/own")
    row["computed_on"] = date.fromisoformat(str(row["computed_on"]))
    return row


def sealed(unit: Unit, row: Mapping[str, Any], keys: Mapping[str, str], subject_id: str | None) -> dict[str, Any]:
    """The row as it is stored: what it was computed from sealed under the worker's key, and that under the case's."""
    key, place = rows.open_key(unit, keys, row["case_id"]), _place(row["claim_id"])
    own = for_person(unit, keys, subject_id, row["data"], f"{place}/own")
    data = unit.vault.seal(key, own, place) if key is not None else None
    return {**row, "computed_on": row["computed_on"].isoformat(), "data": data}


def _place(claim_id: str) -> str:
    return f"computations/{claim_id}/data"

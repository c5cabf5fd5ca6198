"""An entry of history as its readers see it: amounts in yuan, everything else as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mediation.api import labels
from mediation.api.values import format_money

_FEN = "_fen"


def history_document(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Show one entry; `changes` tell collection, key, and the record before and after."""
    shown = dict(entry)
    shown["input"] = {name: _input(name, value) for name, value in (entry.get("input") or {}).items()}
    shown["changes"] = [
        {
            "collection": change["c"],
            "key": change["k"],
            "before": _record(change["c"], change["k"], change["b"]),
            "after": _record(change["c"], change["k"], change["a"]),
        }
        for change in entry.get("changes") or ()
    ]
    return shown


def _input(name: str, value: Any) -> Any:
    return format_money(value) if name in labels.MONEY_FACTS and isinstance(value, int) else value


def _record(collection: str, key: str, record: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if record is None:
        return None
    if collection == "facts":
        return {name: _input(key, value) for name, value in record.items()}
    if isinstance(record.get("data"), str):
        record = {**record, "data": orjson.loads(record["data"])}
    return dict(_amount(name, value) for name, value in record.items())


def _amount(name: str, value: Any) -> tuple[str, Any]:
    if not name.endswith(_FEN):
        return name, value
    return name.removesuffix(_FEN), format_money(value) if isinstance(value, int) else value

"""A working copy of a case while one act is applied: remembers every record as it was, so changes can be told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mediation.domain.cases import Case
from mediation.domain.records import RECORD_TYPES, Change, Record, to_row

_MISSING: Any = object()


class Draft:
    """Put records and facts; read them back through `case`; `changes()` tells what differs from the start."""

    __slots__ = ("_before", "_collections", "_facts", "_fields", "_start")

    def __init__(self, case: Case) -> None:
        """Start from the case as it stands; nothing of it is altered."""
        self._start = case
        self._collections: dict[str, dict[str, Record]] = {}
        self._facts: dict[str, Any] | None = None
        self._fields: dict[str, Any] = {}
        self._before: dict[tuple[str, str], Any] = {}

    def put(self, collection: str, record: Record) -> None:
        """Add or replace one record by its id."""
        records = self._open(collection)
        self._before.setdefault((collection, record.id), records.get(record.id))
        records[record.id] = record

    def amend(self, collection: str, key: str, **values: Any) -> None:
        """Change fields of one record, its version with them; a record that is not there stays away."""
        record = self.records(collection).get(key)
        if record is not None:
            if hasattr(record, "version"):
                values["version"] = record.version + 1
            self.put(collection, replace(record, **values))

    def set_fact(self, name: str, value: Any) -> None:
        """Keep a fact; None takes it away."""
        if self._facts is None:
            self._facts = dict(self._start.facts)
        self._before.setdefault(("facts", name), self._facts.get(name))
        if value is None:
            self._facts.pop(name, None)
        else:
            self._facts[name] = value

    def set_field(self, name: str, value: Any) -> None:
        """Change a column of the case itself."""
        self._before.setdefault(("case", name), getattr(self.case, name))
        self._fields[name] = value

    @property
    def case(self) -> Case:
        """The case with everything put so far."""
        values: dict[str, Any] = dict(self._collections)
        if self._facts is not None:
            values["facts"] = self._facts
        return replace(self._start, **values, **self._fields)

    def records(self, collection: str) -> dict[str, Any]:
        """The records of one collection as they stand now."""
        return self._collections.get(collection) or dict(getattr(self._start, collection))

    def fact(self, name: str) -> Any:
        """A fact as it stands now, or None."""
        return (self._start.facts if self._facts is None else self._facts).get(name)

    def changes(self) -> tuple[Change, ...]:
        """Every record, fact and column that differs from the start, in the order first touched."""
        found = []
        for (collection, key), before in self._before.items():
            after = self._now(collection, key)
            if after != before:
                found.append(Change(collection, key, _wrap(collection, before), _wrap(collection, after)))
        return tuple(found)

    def _open(self, collection: str) -> dict[str, Record]:
        if collection not in self._collections:
            self._collections[collection] = dict(getattr(self._start, collection))
        return self._collections[collection]

    def _now(self, collection: str, key: str) -> Any:
        if collection == "facts":
            return self.fact(key)
        if collection == "case":
            return self._fields.get(key)
        return self._collections[collection].get(key)


def _wrap(collection: str, value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    return to_row(collection, value) if collection in RECORD_TYPES else {"value": value}

"""What is stored of a case beside what its history gives when it is put together anew: the two have to be the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

_OF_A_PERSON: Final = frozenset({"name", "resident_id_masked", "phone_masked"})
"""What goes from history with a person's key, and stands blotted out in the record."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One record of a case, or one column of its row, that differs: named, never shown, for it may tell of people."""

    collection: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Lost:
    """What no key opens any more, and so is not compared: facts by name, and the subjects of parties."""

    facts: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()


def differences(
    told: Mapping[str, Mapping[str, Any]], kept: Mapping[str, Mapping[str, Any]], lost: Lost
) -> Iterator[Difference]:
    """Where the records that history gives (`told`) and the stored ones (`kept`) differ, both by collection and key."""
    for collection, records in kept.items():
        given = told.get(collection, {})
        for key in sorted(records.keys() | given.keys()):
            if key not in records:
                yield Difference(collection, key, "history has it, and it is not stored")
            elif key not in given:
                yield Difference(collection, key, "it is stored, and history does not have it")
            elif not (collection == "facts" and key in lost.facts):
                differing = sorted(_differing(given[key], records[key]) - _unread(records[key], lost))
                if differing:
                    yield Difference(collection, key, f"stored otherwise than history says: {', '.join(differing)}")


def _differing(one: Any, other: Any) -> frozenset[str]:
    """The fields in which two records differ; of what is no record, `value`."""
    if is_dataclass(one) and type(one) is type(other):
        names = (field.name for field in fields(one))
        return frozenset(name for name in names if getattr(one, name) != getattr(other, name))
    return frozenset() if one == other else frozenset({"value"})


def _unread(record: Any, lost: Lost) -> frozenset[str]:
    return _OF_A_PERSON if getattr(record, "subject_id", None) in lost.subjects else frozenset()

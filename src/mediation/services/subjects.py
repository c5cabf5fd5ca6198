"""Natural persons of a case: a key of their own, sealed personal data, masked forms and keyed hashes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mediation.domain import identifiers
from mediation.domain.party_kinds import PartyKind, is_natural
from mediation.domain.personal_data import PERSONAL
from mediation.storage import Unit, tables
from mediation.storage import people as people_rows
from mediation.storage.ids import new_id
from mediation.storage.wall import Wall


@dataclass(slots=True)
class NewSubjects:
    """Rows of people who enter the case with an act, and the wrapped keys they bring."""

    case_id: str
    keys: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    fresh: Callable[[], str] = field(default=new_id)

    def add(self, table: str, row: dict[str, Any]) -> None:
        """One more row for a table."""
        self.rows.setdefault(table, []).append(row)


def new_key_row(unit: Unit, case_id: str, key_id: str) -> dict[str, Any]:
    """A fresh data key for a subject or for the case itself, wrapped."""
    _, wrapped = unit.vault.new_key(f"subject_keys/{key_id}")
    return {"id": key_id, "case_id": case_id, "wrapped": wrapped, "destroyed_at": None}


def new_case_subjects(unit: Unit, case_id: str) -> NewSubjects:
    """What a new case begins with: its own key, and the key of what will be said in mediation."""
    row = new_key_row(unit, case_id, case_id)
    _, wall_row = Wall(case_id).built(unit)
    return NewSubjects(case_id, {case_id: row["wrapped"]}, {"subject_keys": [row, *([wall_row] if wall_row else [])]})


def admit(unit: Unit, subjects: NewSubjects, party: Mapping[str, Any]) -> dict[str, Any]:
    """A party ready to be written: personal data moved to its subject, masked forms left in its place."""
    entry = {name: value for name, value in party.items() if name not in PERSONAL}
    entry.setdefault("id", subjects.fresh())
    if not is_natural(PartyKind(party["kind"])):
        return entry
    subject_id = subjects.fresh()
    row = new_key_row(unit, subjects.case_id, subject_id)
    subjects.add("subject_keys", row)
    subjects.keys[subject_id] = row["wrapped"]
    subjects.add("subjects", sealed_row(unit, subjects.case_id, subject_id, row["wrapped"], party))
    given = {name: party[name] for name in PERSONAL if party.get(name)}
    return {**entry, "subject_id": subject_id, **masked(given)}


def masked(party: Mapping[str, Any]) -> dict[str, Any]:
    """The masked forms that lists and answers show; None where a value is given as taken away."""
    masks = {"resident_id": identifiers.mask_resident_id, "phone": _mask_phone}
    return {
        f"{name}_masked": mask(party[name]) if party[name] else None for name, mask in masks.items() if name in party
    }


def _mask_phone(phone: str) -> str:
    return identifiers.mask_mobile(phone) if phone.startswith("1") else identifiers.mask_landline(phone)


def sealed_row(unit: Unit, case_id: str, subject_id: str, wrapped: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The subject's row: every personal value sealed for its own place, and hashes to look it up by."""
    key = unit.vault.open_key(wrapped, f"subject_keys/{subject_id}")
    row: dict[str, Any] = {"id": subject_id, "case_id": case_id}
    for name in PERSONAL:
        value = values.get(name)
        row[name] = unit.vault.seal(key, value, f"subjects/{subject_id}/{name}") if value else None
    for name in ("resident_id", "phone"):
        value = values.get(name)
        row[f"{name}_hash"] = unit.vault.hash(name, value) if value else None
    return row


def blank_row(case_id: str, subject_id: str) -> dict[str, Any]:
    """The subject's row once everything of the person was erased: nothing to open, nothing to find them by."""
    blank = dict.fromkeys((*PERSONAL, "resident_id_hash", "phone_hash"))
    return {"id": subject_id, "case_id": case_id, **blank}


def resealed_row(
    unit: Unit, case_id: str, subject_id: str, keys: Mapping[str, str], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The subject's row after a correction: values given are sealed anew, the others stay as they are."""
    row = people_rows.one(unit, tables.subjects, subject_id) or {"id": subject_id, "case_id": case_id}
    fresh = sealed_row(unit, case_id, subject_id, keys[subject_id], values)
    hashes = {f"{name}_hash" for name in values if name in {"resident_id", "phone"}}
    return {**row, **{name: value for name, value in fresh.items() if name in {*values, *hashes}}}


def opened_values(unit: Unit, subject_id: str, keys: Mapping[str, str]) -> dict[str, str]:
    """The subject's clear values by name, those that were given."""
    row = people_rows.one(unit, tables.subjects, subject_id) or {}
    key = unit.vault.open_key(keys[subject_id], f"subject_keys/{subject_id}")
    return {
        name: unit.vault.unseal(key, row[name], f"subjects/{subject_id}/{name}") for name in PERSONAL if row.get(name)
    }


def copied_subject(unit: Unit, subjects: NewSubjects, subject_id: str, keys: Mapping[str, str]) -> str:
    """The same person in another case: opened under the old key, sealed anew under a key of that case's own."""
    values = opened_values(unit, subject_id, keys)
    copied = new_id()
    key_row = new_key_row(unit, subjects.case_id, copied)
    subjects.add("subject_keys", key_row)
    subjects.keys[copied] = key_row["wrapped"]
    subjects.add("subjects", sealed_row(unit, subjects.case_id, copied, key_row["wrapped"], values))
    return copied

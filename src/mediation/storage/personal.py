"""What lies under the key of one person inside what is sealed for a case: wages, and what a party wrote itself.

Sealed twice, so that destroying the person's key erases it while the rest of the case still opens. What was written
before it was, lies under the outer key alone and opens as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from mediation.domain.cases import Case
from mediation.storage.database import Unit

_MEMBERS: Final = {"of_person", "sealed"}
Keys = Mapping[str, Any]


def subject_of(case: Case, party_id: str) -> str | None:
    """The subject of a party; None for a body, and for who is no party."""
    party = case.parties.get(party_id)
    return None if party is None else party.subject_id


def for_person(unit: Unit, keys: Keys, subject_id: str | None, text: str, place: str) -> str:
    """The text sealed under the person's key, as text to be sealed once more; as it is where they have no key."""
    key = _key(unit, keys, subject_id)
    if subject_id is None or key is None:
        return text
    return orjson.dumps({"of_person": subject_id, "sealed": unit.vault.seal(key, text, place)}).decode()


def of_person(unit: Unit, keys: Keys, text: str | None, place: str) -> str | None:
    """What `for_person` sealed for that place; None once the person's key was destroyed."""
    found = _wrapped(text)
    if found is None:
        return text
    key = _key(unit, keys, found["of_person"])
    return None if key is None else unit.vault.unseal(key, found["sealed"], place)


def for_each_worker(unit: Unit, keys: Keys, case: Case, employed: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The employment of each worker, sealed under their own key where they have one."""
    return {
        worker: orjson.loads(
            for_person(unit, keys, subject_of(case, worker), orjson.dumps(facts).decode(), f"{place}/{worker}")
        )
        for worker, facts in employed.items()
    }


def of_each_worker(unit: Unit, keys: Keys, employed: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The employment of each worker whose key still stands."""
    opened = {
        worker: of_person(unit, keys, orjson.dumps(facts).decode(), f"{place}/{worker}")
        for worker, facts in employed.items()
    }
    return {worker: orjson.loads(text) for worker, text in opened.items() if text is not None}


def _wrapped(text: str | None) -> dict[str, str] | None:
    """What `for_person` made; None for any other text, a party's own words among them."""
    if text is None or not text.startswith('{"of_person":'):
        return None
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and found.keys() == _MEMBERS else None


def _key(unit: Unit, keys: Keys, subject_id: str | None) -> bytes | None:
    wrapped = None if subject_id is None else keys.get(subject_id)
    return None if wrapped is None else unit.vault.open_key(wrapped, f"subject_keys/{subject_id}")

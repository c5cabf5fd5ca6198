"""Master keys changed without a pause: every data key and kept answer comes under the one in use, batch by batch."""

from __future__ import annotations

from dataclasses import dataclass

from mediation.services.idempotency import place_of
from mediation.storage import Unit, consistent
from mediation.storage import keys as rows

BATCH = 200


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """Where the keys stand: data keys by the id of their master key, the one in use, and those destroyed.

    `hashes_fit`: the look-up hash of the newest person is what the hash key gives; None when there is nobody.
    """

    in_use: str
    by_master: dict[str, int]
    destroyed: int
    hashes_fit: bool | None

    @property
    def left(self) -> int:
        """How many data keys are still to be wrapped anew."""
        return sum(number for key_id, number in self.by_master.items() if key_id != self.in_use)


@consistent
def standing(unit: Unit) -> KeyStanding:
    """Count the data keys."""
    return KeyStanding(unit.vault.key_id, rows.counts(unit), rows.destroyed(unit), _hashes_fit(unit))


def _hashes_fit(unit: Unit) -> bool | None:
    row = rows.newest_hashed(unit)
    if row is None:
        return None
    name = "phone" if row["phone_hash"] else "resident_id"
    key = unit.vault.open_key(row["wrapped"], f"subject_keys/{row['id']}")
    value = unit.vault.unseal(key, row[name], f"subjects/{row['id']}/{name}")
    return bool(unit.vault.hash(name, value) == row[f"{name}_hash"])


def rewrap_batch(unit: Unit, after: str, *, limit: int = BATCH) -> tuple[str, int] | None:
    """Wrap the next data keys anew; gives the id reached and how many changed, None when nothing is left.

    A key destroyed or wrapped by another process meanwhile stays as it is; UnsealError where no key given opens one.
    """
    found = rows.not_under(unit, unit.vault.key_id, after=after, limit=limit)
    if not found:
        return None
    unit.vault.expect(dict(found))
    places = [f"subject_keys/{key_id}" for key_id, _ in found]
    opened = [(unit.vault.open_key(wrapped, place), place) for (_, wrapped), place in zip(found, places, strict=True)]
    anew = unit.vault.wrap_all(opened)
    changed = [
        {"id": key_id, "old": old, "wrapped": wrapped} for (key_id, old), wrapped in zip(found, anew, strict=True)
    ]
    return found[-1][0], rows.rewrap(unit, changed)


def reseal_batch(unit: Unit, after: tuple[str, str]) -> tuple[tuple[str, str], int] | None:
    """Seal the next kept answers anew; gives the caller and key reached and how many changed, None at the end."""
    found = rows.answers(unit, after=after, limit=BATCH)
    if not found:
        return None
    changed = 0
    for row in found:
        place = place_of(row["caller"], row["key"])
        if not unit.vault.is_current_answer(row["body"], place):
            body = unit.vault.seal_answer(unit.vault.unseal_answer(row["body"], place), place)
            rows.reseal(unit, {"caller": row["caller"], "key": row["key"], "old": row["body"], "body": body})
            changed += 1
    return (found[-1]["caller"], found[-1]["key"]), changed

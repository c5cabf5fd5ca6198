"""The key of what was said in mediation: it seals for everybody who writes, and opens into a wrapping alone.

It never leaves this module open. It lies among the keys of the case under an id of its own, so that it is rotated and
destroyed with them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

from mediation.domain.wall import Confidential
from mediation.storage.database import Unit

_NONE: Final = object()


def wall_key_id(case_id: str) -> str:
    """The id of the key: the same for the same case, and nobody else's."""
    return str(uuid.uuid5(uuid.UUID(case_id), "said in mediation"))


@dataclass(frozen=True, slots=True)
class Wall:
    """What stands before what was said: `wrapped` is the key, None before it is made or once it is destroyed."""

    case_id: str
    wrapped: str | None = None
    is_destroyed: bool = False

    def built(self, unit: Unit) -> tuple[Wall, dict[str, Any] | None]:
        """The wall with a key, and the key's row where it had none yet."""
        if self.wrapped is not None or self.is_destroyed:
            return self, None
        key_id = wall_key_id(self.case_id)
        _, wrapped = unit.vault.new_key(f"subject_keys/{key_id}")
        row = {"id": key_id, "case_id": self.case_id, "wrapped": wrapped, "destroyed_at": None}
        return Wall(self.case_id, wrapped), row

    def seal(self, unit: Unit, text: str, place: str) -> str | None:
        """The text sealed for one place; None where the key was destroyed."""
        key = self._key(unit)
        return None if key is None else unit.vault.seal(key, text, place)

    def unseal(self, unit: Unit, sealed: str | None, place: str) -> Confidential[str] | None:
        """What was sealed for that place, still wrapped; None once the key was destroyed."""
        key = self._key(unit)
        return None if key is None or sealed is None else Confidential(unit.vault.unseal(key, sealed, place))

    def _key(self, unit: Unit) -> bytes | None:
        if self.wrapped is None:
            return None
        return unit.vault.open_key(self.wrapped, f"subject_keys/{wall_key_id(self.case_id)}")


def take_wall(case_id: str, keys: dict[str, str | None]) -> Wall:
    """The wall of a case, its key taken out from among the others."""
    found = keys.pop(wall_key_id(case_id), _NONE)
    return Wall(case_id, found if isinstance(found, str) else None, is_destroyed=found is None)

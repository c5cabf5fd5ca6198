"""Finding a person's cases by what identifies them, through keyed hashes: nothing is decrypted to search."""

from __future__ import annotations

from typing import Any

from mediation.domain.access import scopes_of
from mediation.services.caller import Caller
from mediation.services.identity import acting
from mediation.storage import Unit, consistent, worklists
from mediation.storage import people as people_rows


@consistent
def look_up(unit: Unit, caller: Caller, kind: str, value: str) -> list[dict[str, Any]]:
    """Cases visible to the caller in which somebody has this resident ID or phone, newest first, 50 at most.

    `kind` is resident_id or phone, `value` its normalised form.
    """
    actor = acting(people_rows.actor(unit, caller.subject), caller)
    digest = unit.vault.hash(kind, value)
    return worklists.with_subject(unit, kind, digest, scopes_of(actor))

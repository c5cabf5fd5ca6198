"""Finding a person's cases by what identifies them, through keyed hashes: nothing is decrypted to search."""

from __future__ import annotations

from typing import Any

from mediation.domain.access import person_scope, scopes_of
from mediation.domain.sight import may_search, row_sight, shown_row
from mediation.services.caller import Caller
from mediation.services.identity import acting
from mediation.storage import Unit, consistent, worklists
from mediation.storage import people as people_rows


@consistent
def look_up(unit: Unit, caller: Caller, kind: str, value: str) -> list[dict[str, Any]]:
    """Cases visible to the caller in which somebody has this resident ID or phone, newest first, 50 at most.

    `kind` is resident_id or phone, `value` its normalised form. Only where they see personal data, and whole cases.
    """
    actor = acting(people_rows.actor(unit, caller.subject, caller.today), caller)
    digest = unit.vault.hash(kind, value)
    sights = {scope: row_sight(actor, scope) for scope in scopes_of(actor)}
    searched = [scope for scope, sight in sights.items() if may_search(sight)]
    is_inside = any(sights[scope].is_inside for scope in searched)
    own = sights[person_scope(actor.person_id)] if searched and not is_inside else None
    found = worklists.with_subject(unit, kind, digest, searched)
    return found if own is None else [shown_row(row, own) for row in found]

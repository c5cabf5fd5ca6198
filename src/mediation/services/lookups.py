"""Finding cases by what identifies a person, through keyed hashes, or by a name: nothing is decrypted to search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mediation.domain.access import SIDE_ROLES, Actor, person_scope, scopes_of
from mediation.domain.sight import Sight, may_identify, may_search, row_sight, shown_row, sight_of
from mediation.services.caller import Caller
from mediation.services.identity import acting
from mediation.storage import Unit, consistent, worklists
from mediation.storage import people as people_rows


@consistent
def look_up(unit: Unit, caller: Caller, kind: str, value: str) -> list[dict[str, Any]]:
    """Cases visible to the caller in which somebody has this resident ID, phone or name, newest first, 50 at most.

    `kind` is resident_id, phone or name_prefix, `value` its normalised form. Only where they see personal data, and
    whole cases; by a name also parties, in cases of their own, whose names they know.
    """
    actor = acting(people_rows.actor(unit, caller.subject, caller.today), caller)
    sights = {scope: row_sight(actor, scope) for scope in scopes_of(actor)}
    may = may_search if kind == "name_prefix" else may_identify
    gone = {person_scope(actor.person_id)} if actor.is_away else frozenset[str]()
    searched = [scope for scope, sight in sights.items() if may(sight) and scope not in gone]
    is_inside = any(sights[scope].is_inside for scope in searched)
    own = sights[person_scope(actor.person_id)] if searched and not is_inside else None
    asking = worklists.Asking(caller.subject, caller.today, caller.acting_as, searched)
    if kind == "name_prefix":
        found = worklists.with_name(unit, value, asking)
    else:
        found = worklists.with_subject(unit, kind, unit.vault.hash(kind, value), asking)
    return list(_shown(found, own, actor, is_by_name=kind == "name_prefix"))


def _shown(
    found: Iterable[dict[str, Any]], own: Sight | None, actor: Actor, *, is_by_name: bool
) -> Iterator[dict[str, Any]]:
    """The rows as they are seen; by what identifies people, none of a case to which one is a party."""
    for row in found:
        side = row.pop("own_side")
        if side is None:
            yield row if own is None else shown_row(row, own)
        elif is_by_name:
            yield shown_row(row, sight_of(actor, frozenset({SIDE_ROLES[side]})))

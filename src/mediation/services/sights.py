"""What somebody sees of a case that was read: by their sight, or as it was sent to the body they speak for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.cases import Case
from mediation.domain.dispatch import Dispatched
from mediation.domain.errors import NotPermittedError
from mediation.domain.procedure.step import SIDES, CaseRole
from mediation.domain.sight import INSIDERS, Sight, shown, sight_of
from mediation.services.identity import CaseNotFoundError
from mediation.storage import Unit
from mediation.storage import history as history_rows
from mediation.storage.cases import Loaded
from mediation.storage.recording import unsealed

Told = Mapping[str, Any]


def seen_case(
    unit: Unit, loaded: Loaded, case: Case, actor: Actor, roles: frozenset[CaseRole], *, since: Iterable[Told] = ()
) -> tuple[Sight, Case]:
    """The sight of an actor and the case as seen with it; `since` are entries about to be written.

    For a liaison the case is put together from history, which only grows: read up to the entry the case stands at, it
    needs no transaction with the read of the case. CaseNotFoundError where nothing of it was sent.
    """
    sight = sight_of(actor, roles)
    if not sight.is_from_dispatch:
        return sight, shown(case, sight)
    return sight, dispatched_to(unit, loaded, sight, since=since).case_of(case)


def refuse_dispatched(sight: Sight) -> None:
    """NotPermittedError for who sees a case only as it was sent: what speaks of the whole of it is not for them."""
    if sight.is_from_dispatch:
        raise NotPermittedError(recorded_by=sorted(INSIDERS | SIDES))


def dispatched_to(unit: Unit, loaded: Loaded, sight: Sight, *, since: Iterable[Told] = ()) -> Dispatched:
    """What a liaison may read of a case: CaseNotFoundError where nothing of it was sent."""
    found = Dispatched(sight)
    found.read(told_entries(unit, loaded))
    found.read(since)
    if not found.entries:
        raise CaseNotFoundError
    return found


def told_entries(unit: Unit, loaded: Loaded) -> Iterator[dict[str, Any]]:
    """Every entry of a case up to the one it was read at, opened, each with its hash."""
    case = loaded.case
    if case is None:
        raise CaseNotFoundError
    for row in history_rows.history(unit, case.id, after=0, limit=case.sequence):
        yield {"hash": row["hash"], **unsealed(unit, orjson.loads(row["payload"]), loaded.keys)}

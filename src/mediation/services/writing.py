"""Who writes on a case beside its steps: asked of the one table before anything that was sent is looked at."""

from __future__ import annotations

from mediation.domain.access import Actor, not_below, person_scope
from mediation.domain.cases import Case
from mediation.domain.errors import NotPermittedError
from mediation.domain.procedure.step import SIDES, CaseRole
from mediation.domain.writing import WRITINGS, PartyMay, Writer, may_write
from mediation.services.identity import relation, roles_in
from mediation.storage.cases import Loaded


def writing(loaded: Loaded, actor: Actor, verb: str, *, about: str | None = None) -> tuple[Case, frozenset[CaseRole]]:
    """The case and what the actor is to it, where they may write on it by this operation; `about` is a party's id.

    CaseNotFoundError for who does not see the case, NotPermittedError for who does and may not.
    """
    case, roles = relation(loaded, actor)
    party = None if about is None else case.parties.get(about)
    writer = writer_of(loaded, case, actor)
    if not may_write(verb, case, writer, party):
        raise NotPermittedError(recorded_by=sorted(_who_writes(verb, writer)))
    return case, roles


def writer_of(loaded: Loaded, case: Case, actor: Actor) -> Writer:
    """The actor as somebody who may write: what they are to the case here, and what from above alone."""
    here = roles_in(case, not_below(loaded.scopes), actor)
    parties = frozenset(party.id for party in case.parties.values() if party.person_id == actor.person_id)
    return Writer(
        here=here,
        above=roles_in(case, loaded.scopes, actor) - here,
        parties=frozenset() if actor.represented_by is not None else parties,
        wrote_it_down=person_scope(actor.person_id) in loaded.scopes,
    )


def _who_writes(verb: str, writer: Writer) -> frozenset[CaseRole]:
    """The roles told to who may not: to who stands above, those that may from there."""
    row = WRITINGS[verb]
    if writer.above and not writer.here:
        return row.above
    return row.here | (SIDES if row.party in {PartyMay.ITSELF, PartyMay.ITSELF_EVER} else frozenset())

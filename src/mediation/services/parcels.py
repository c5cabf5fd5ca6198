"""What a step would send out of the house, as it stands today."""

from __future__ import annotations

from mediation.domain.errors import NotPermittedError
from mediation.domain.leaving import Parcel, leaves_the_house
from mediation.domain.procedure.step import HOUSE
from mediation.services.caller import Caller
from mediation.services.identity import relation
from mediation.services.reading import read_for
from mediation.services.talks import wall_of
from mediation.storage import Unit, consistent
from mediation.storage import undisputed as rows

_ALL = 2**31 - 1


@consistent
def read_parcel(unit: Unit, caller: Caller, case_id: str, action: str) -> Parcel:
    """The data and signed facts that go with a step to another body; for the people of the house.

    PaperStaysError for a step that sends nothing.
    """
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    if not roles & HOUSE:
        raise NotPermittedError(recorded_by=sorted(HOUSE))
    facts = rows.page(unit, wall_of(loaded), loaded.keys, settled_only=True, after="", limit=_ALL)
    return leaves_the_house(action, case, facts=facts)

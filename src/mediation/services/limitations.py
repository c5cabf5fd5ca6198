"""The limitation of each claim of a case, worked out from its history; it warns and never blocks (CC 193)."""

from __future__ import annotations

from datetime import date

import orjson

from mediation.domain.cases import Case
from mediation.domain.limitation import (
    LimitationFacts,
    LimitationView,
    events_from_history,
    limitation_of,
    suspensions_from_history,
)
from mediation.domain.records import Claim
from mediation.services.calendars import current_calendar
from mediation.services.caller import Caller
from mediation.services.identity import relation
from mediation.services.reading import read_for
from mediation.storage import Unit, consistent
from mediation.storage import history as history_rows

_PENDING = frozenset(
    {
        "arbitration_filed",
        "arbitration_accepted",
        "arbitration_prehearing_mediation",
        "suit_filed",
        "litigation_recorded",
    }
)


@consistent
def read_limitation(unit: Unit, caller: Caller, case_id: str) -> list[tuple[Claim, LimitationView]]:
    """Each claim that is not withdrawn, with when it lapses under each reading, and what would interrupt it."""
    loaded, actor = read_for(unit, caller, case_id)
    case, _ = relation(loaded, actor)
    found = history_rows.history(unit, case_id, after=0, limit=max(case.sequence, 1))
    payloads = [orjson.loads(row["payload"]) for row in found]
    events, suspensions = events_from_history(payloads), suspensions_from_history(payloads)
    return [
        (
            claim,
            limitation_of(
                LimitationFacts(
                    claim_code=claim.code,
                    basis_day=claim.knew_on,
                    employment_ended_on=_day(case, "ended_on"),
                    still_employed=False,
                    events=events.get(claim.id, ()),
                    suspensions=suspensions,
                    pending_since=_day(case, "filed_on") if case.state in _PENDING else None,
                ),
                calendar=current_calendar(),
                today=caller.today,
            ),
        )
        for claim in case.claims.values()
        if claim.outcome != "withdrawn"
    ]


def _day(case: Case, name: str) -> date | None:
    value = case.facts.get(name)
    return date.fromisoformat(value) if isinstance(value, str) else None

"""Claims computed on their case: from the employment on file, kept with the working, compared with what is claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.calculators.tables import Tables
from mediation.domain.cases import Case
from mediation.domain.computations import (
    Compared,
    Computation,
    compare,
    fen_of,
    kind_for,
    result_from,
    result_row,
    stale_because,
    work_out,
)
from mediation.domain.employment import employment_of
from mediation.domain.errors import NotFoundError, NotPermittedError
from mediation.domain.procedure.step import HOUSE
from mediation.domain.records import Change, Claim
from mediation.services.calendars import current_calendar
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cases import refuse_closed
from mediation.services.children import write_anew
from mediation.services.employment import refuse_erased, seen_by, the_worker
from mediation.services.identity import relation
from mediation.services.local_figures import current_figures
from mediation.services.reading import read_for
from mediation.services.recording import Act, commit
from mediation.services.writing import writing
from mediation.storage import Unit, consistent
from mediation.storage import computations as rows
from mediation.storage.cases import Loaded


@dataclass(frozen=True, slots=True)
class ComputationView:
    """A computation as it stands today; `stale` names what has changed since."""

    computation: Computation
    claim: Claim
    stale: tuple[str, ...]
    compared: Mapping[str, Compared | None]


def compute_claim(
    unit: Unit, caller: Caller, case_id: str, claim_id: str, given: Mapping[str, Any], render: Render
) -> Answer:
    """Compute a claim and keep the result in place of the one before, which stays in history.

    Without `inputs` the values given the last time are kept. InvalidInputError names what is missing.
    """

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, roles = writing(loaded, actor, "compute_claim")
        seen = seen_by(case, roles, actor)
        claim = _claim(case, claim_id)
        before = _kept(rows.one(unit, claim_id, loaded.keys))
        if before is not None and before.party_id not in seen:
            raise NotPermittedError(recorded_by=sorted(HOUSE))
        refuse_closed(case)
        refuse_erased(loaded, case)
        made = _compute(case, claim, seen=seen, before=before, given=given, on=caller.today, by=actor.hand)
        refuse_erased(loaded, case, made.party_id)
        row = _row(case, made)
        change = Change("computations", claim_id, None if before is None else _told(_row(case, before)), _told(row))
        subject_id = case.parties[made.party_id].subject_id
        stored = {"computations": [rows.sealed(unit, row, loaded.keys, subject_id)]}
        act = Act(actor, roles, case, case, (change,), "amended", "compute_claim", {}, loaded.keys, stored)
        view = ComputationView(made, claim, (), compare(claim, made.result.amount))
        return commit(unit, caller, act, lambda _case: Answer(200, render(view)))

    return write_anew(unit, caller, case_id, once)


@consistent
def read_computation(unit: Unit, caller: Caller, case_id: str, claim_id: str) -> ComputationView:
    """The computation kept for a claim: whether it still stands, and how it compares; NotFoundError without one."""
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    seen = seen_by(case, roles, actor)
    claim = _claim(case, claim_id)
    kept = _kept(rows.one(unit, claim_id, loaded.keys))
    if kept is None:
        raise NotFoundError
    if kept.party_id not in seen:
        raise NotPermittedError(recorded_by=sorted(HOUSE))
    stale = stale_because(kept, claim, employment_of(case, kept.party_id), _tables())
    return ComputationView(kept, claim, stale, compare(claim, kept.result.amount))


def _compute(
    case: Case,
    claim: Claim,
    *,
    seen: frozenset[str],
    before: Computation | None,
    given: Mapping[str, Any],
    on: date,
    by: str,
) -> Computation:
    """Compute as asked for; what is not said is taken from the computation made before."""
    kind = kind_for(claim, given.get("kind"), before.kind if before else None)
    worker = the_worker(case, seen, given.get("party_id") or _still_there(case, before))
    values = given.get("inputs")
    if values is None:
        values = before.given if before is not None and (before.kind, before.party_id) == (kind, worker) else {}
    result = work_out(kind, employment_of(case, worker), values, on=on, tables=_tables())
    return Computation(claim.id, worker, kind, values, on, by, result)


def _still_there(case: Case, before: Computation | None) -> str | None:
    """The worker the claim was computed for the last time, unless they left the case."""
    if before is None or case.parties[before.party_id].status != "active":
        return None
    return before.party_id


def _tables() -> Tables:
    return Tables(current_calendar(), current_figures())


def _claim(case: Case, claim_id: str) -> Claim:
    if claim_id not in case.claims:
        raise NotFoundError
    return case.claims[claim_id]


def _row(case: Case, made: Computation) -> dict[str, Any]:
    """The computation as a row: amounts and versions apart from what it was computed from."""
    result = made.result
    return {
        "claim_id": made.claim_id,
        "case_id": case.id,
        "kind": made.kind,
        "party_id": made.party_id,
        "computed_on": made.computed_on,
        "computed_by": made.computed_by,
        "amount_fen": fen_of(result.amount),
        "minimum_fen": fen_of(result.minimum),
        "maximum_fen": fen_of(result.maximum),
        "rule_version": result.rule_version,
        "data": orjson.dumps({"given": dict(made.given), "result": result_row(result)}).decode(),
    }


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as history tells it."""
    return {**row, "computed_on": row["computed_on"].isoformat()}


def _kept(row: Mapping[str, Any] | None) -> Computation | None:
    """The computation a row holds; None without one, or once it was erased."""
    if row is None or row["data"] is None:
        return None
    data = orjson.loads(row["data"])
    names = ("claim_id", "party_id", "kind", "computed_on", "computed_by")
    return Computation(**{name: row[name] for name in names}, given=data["given"], result=result_from(data["result"]))

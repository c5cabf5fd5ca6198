"""Random lawful walks: steps chosen among those open on a case, each with an input of plausible values."""

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from tests.services.world import CENTRE, attested

from mediation.demo.people import organization, person
from mediation.domain.cases import Case, OpenStep
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole, Field, Kind

_LEFT_OUT = frozenset({"correct_entry", "correct_closed_entry", "void_last_step", "split_off", "archive"})
_AHEAD = frozenset({"ends_on", "hearing_on", "new_due", "new_end", "pay_by", "planned_on", "reply_by"})
_BODIES: Mapping[str, str] = {
    "court": "yunxi-court", "commission": "yunxi-commission", "new_commission": "linjiang-commission",
    "office": "yunxi-inspection",
}  # fmt: skip
_RECORDERS: Mapping[CaseRole, str] = {
    CaseRole.UNION_OFFICER: "officer-xu",
    CaseRole.SUPERVISOR: "supervisor-tang",
}


def candidates(chance: random.Random, case: Case, opened: tuple[OpenStep, ...], day: date) -> Iterator[dict[str, Any]]:
    """Steps to try next, in random order, as a simulation takes them."""
    for entry in chance.sample(opened, len(opened)):
        step = entry.step
        if step.action in _LEFT_OUT:
            continue
        given = {field.name: value for field in step.inputs if (value := _value(chance, case, field, day)) is not None}
        yield {
            "action": step.action,
            "occurred_on": day.isoformat(),
            "input": given,
            "attestations": attested(step.action),
            "evidence": ["卷宗"],
        }


def recorder(case: Case, action: str, *, for_you: bool) -> str | None:
    """Who could record the step in reality: the clerk, or somebody of the house whom the row names."""
    if for_you:
        return "clerk-lin"
    roles = PROCEDURE.steps[action].recorded_by
    if CaseRole.MEDIATOR in roles and case.mediator_id() == person("mediator-zhou").id:
        return "mediator-zhou"
    return next((subject for role, subject in _RECORDERS.items() if role in roles), None)


def _value(chance: random.Random, case: Case, field: Field, day: date) -> Any:
    if not field.required and chance.random() < 0.4:
        return None
    value = _one(chance, case, field, day)
    if value is None or not field.many:
        return value
    return value if isinstance(value, list) else [value]


def _one(chance: random.Random, case: Case, field: Field, day: date) -> Any:
    later = (day + timedelta(days=chance.randint(3, 40))).isoformat()
    parties = [party.id for party in case.active_parties()]
    plain: dict[Kind, Any] = {
        Kind.DATE: later if field.name in _AHEAD else day.isoformat(),
        Kind.DATETIME: f"{day}T09:30:00+08:00",
        Kind.TEXT: "说明",
        Kind.CODE: "unpaid_wages",
        Kind.BOOL: chance.random() < 0.5,
        Kind.MONEY: "1000.00",
        Kind.DECIMAL: "1",
        Kind.DIVISION: "330106",
        Kind.DOCUMENT: {"reference": "文书"},
        Kind.PARTY: {"kind": "worker", "name": "李四", "role": "co_applicant", "phone": "13900000000"},
        Kind.CLAIM: {"code": "overtime_pay", "amount": "800.00", "knew_on": day.isoformat()},
        Kind.CONSENT: [{"party": key, "date": day.isoformat(), "form": "written"} for key in parties],
        Kind.SIGNATURE: [{"party": key, "date": day.isoformat()} for key in parties],
        Kind.CONTACT: [
            {"party": key, "at": f"{day}T09:30:00+08:00", "channel": "phone", "reached": False} for key in parties
        ],
        Kind.DATE_PER_PARTY: {key: day.isoformat() for key in parties},
    }
    if field.kind in plain:
        found = plain[field.kind]
        if field.kind is Kind.PARTY and field.name in {"applicant", "respondent", "administrator", "party"}:
            return {name: value for name, value in found.items() if name != "role"}
        return found
    if field.kind is Kind.ENUM:
        return chance.choice(field.values)
    if field.kind is Kind.OBLIGATION:
        worker, employer = (_of_side(case, side) for side in ("worker", "employer"))
        return {"kind": "payment", "debtor": employer, "creditor": worker, "amount": "500.00", "due_on": later}
    return _named(chance, case, field, parties)


def _named(chance: random.Random, case: Case, field: Field, parties: list[str]) -> Any:
    claims = [claim.id for claim in case.open_claims()]
    known: dict[str, list[str]] = {
        "party": parties,
        "claim": claims,
        "obligation": [owed.id for owed in case.live_obligations() if owed.status != "done"],
        "person": [person("mediator-zhou").id if field.name == "mediator" else person("volunteer-he").id],
        "organization": [organization(_BODIES[field.name]).id if field.name in _BODIES else CENTRE],
    }
    if field.kind is Kind.REF:
        found = known.get(field.of, [] if field.of in {"case", "history_entry"} else ["卷一"])
        return chance.choice(found) if found else None
    if not claims:
        return None
    key = chance.choice(claims)
    return {"claim": key, "amount": "900.00"} if field.kind is Kind.CLAIM_CHANGE else {"claim": key, "outcome": "open"}


def _of_side(case: Case, side: str) -> str | None:
    return next((party.id for party in case.active_parties(side)), None)

"""A case and its parts as the answer's bytes: masked, in both languages, money in yuan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

import orjson

from mediation.api import labels, shapes
from mediation.api.case_parts import (
    assignment_document,
    claim_document,
    day_or_none,
    obligation_document,
    party_document,
    task_document,
    track_document,
)
from mediation.api.citations import cited
from mediation.api.language import both
from mediation.api.problems import describe_blocker
from mediation.api.values import format_money
from mediation.domain.cases import BlockedStep, Case, OpenStep
from mediation.domain.deadlines import Adjustment, Deadline, days_left, why
from mediation.domain.employment import EMPLOYMENT
from mediation.domain.errors import Blocker
from mediation.domain.impartiality import TOLD_BY, ToldBy
from mediation.domain.limitation.keeping import limitation_today, limitation_working
from mediation.domain.limitation.standing import LimitationWarning, limitation_warnings
from mediation.domain.procedure.step import ANY_OPEN
from mediation.domain.records import Claim, Party
from mediation.domain.sight import is_limitation_seen
from mediation.domain.terms import TERMS
from mediation.services.views import CaseView

MAIN = "main"


def render_case(view: CaseView) -> bytes:
    """Write a case as this person sees it today."""
    return orjson.dumps(case_document(view))


def render_party(party: Party) -> bytes:
    """Write one party."""
    return orjson.dumps(party_document(party))


def render_claim(claim: Claim) -> bytes:
    """Write one claim."""
    return orjson.dumps(claim_document(claim))


def render_plain(document: Any) -> bytes:
    """Write what a service gave as plain values."""
    return orjson.dumps(document)


def case_document(view: CaseView) -> shapes.CaseShape:
    """Tell a case: what it is, who and what is in it, what runs, and what may be done next."""
    case, today = view.case, view.today
    return {
        "id": case.id,
        "number": case.number,
        "version": case.version,
        "procedure": case.procedure,
        "state": _main_state(case),
        "organization_id": case.organization_id,
        "created_on": case.created_on.isoformat(),
        "today": today.isoformat(),
        "roles": sorted(view.roles),
        "flags": _flags(view),
        "enterprise_mediator": _enterprise_mediator(view.enterprise_mediator),
        "tracks": [track_document(track) for track in case.tracks.values()],
        "parties": [party_document(party) for party in case.parties.values()],
        "claims": [claim_document(claim) for claim in case.claims.values()],
        "obligations": [obligation_document(owed) for owed in case.obligations.values()],
        "assignments": [assignment_document(entry) for entry in case.assignments.values()],
        "deadlines": [_deadline(d, today) for d in by_due(_as_of_today(d, view) for d in case.running())],
        "limitation_warnings": [_warning(w) for w in _limitation_warnings(view)],
        "tasks": [task_document(task) for task in case.tasks.values() if task.status == "open"],
        "facts": facts_document(case.facts),
        "attestations": cast("list[shapes.AttestedFactShape]", list(view.attestations)),
        "open_steps": [_open_step(step) for step in view.open_steps],
        "blocked_steps": [_blocked_codes(step) for step in view.blocked_steps if _is_own(step)],
        "withheld": list(view.sight.withheld),
    }


def _main_state(case: Case) -> shapes.StateShape | None:
    """Where the case stands, for who sees the main track."""
    return labels.STATES[MAIN, case.state] if MAIN in case.tracks else None


def _limitation_warnings(view: CaseView) -> tuple[LimitationWarning, ...]:
    """What is about to lapse, for who sees what interrupts it."""
    if view.sight.is_from_dispatch:
        return ()
    found = limitation_warnings(view.behind, calendar=view.calendar, today=view.today)
    return tuple(one for one in found if is_limitation_seen(view.behind, one.claim.id, view.sight))


def steps_document(view: CaseView) -> shapes.StepsShape:
    """Tell every step out of the current states: open, or with all that is in the way."""
    return {
        "case_id": view.case.id,
        "version": view.case.version,
        "today": view.today.isoformat(),
        "roles": sorted(view.roles),
        "open_steps": [_open_step(step) for step in view.open_steps],
        "blocked_steps": [_blocked_step(step) for step in view.blocked_steps],
    }


def deadlines_document(view: CaseView) -> shapes.DeadlinesShape:
    """Tell every deadline of a case, running or over, each with the reason for its date."""
    return {
        "case_id": view.case.id,
        "today": view.today.isoformat(),
        "calendar_version": view.calendar.version,
        "items": [explained_document(deadline, view) for deadline in by_due(view.case.deadlines.values())],
    }


def facts_document(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Show facts as kept, amounts in yuan; what was attested is told apart, and wages only to who may see them."""
    shown = {name: value for name, value in facts.items() if name not in {"attested", EMPLOYMENT}}
    for name in labels.MONEY_FACTS & shown.keys():
        if isinstance(shown[name], int):
            shown[name] = format_money(shown[name])
    return shown


def by_due(deadlines: Iterable[Deadline]) -> list[Deadline]:
    """Nearest first."""
    return sorted(deadlines, key=lambda deadline: (deadline.due, deadline.id))


def _as_of_today(deadline: Deadline, view: CaseView) -> Deadline:
    """The end of a limitation that stands still moves with each day."""
    return limitation_today(view.behind, deadline, calendar=view.calendar, today=view.today)


def _deadline(deadline: Deadline, today: date) -> shapes.DeadlineShape:
    return {
        "id": deadline.id,
        "code": deadline.term,
        "label": labels.TERM_LABELS[deadline.term],
        "track": deadline.track_key,
        "party_id": deadline.party_id,
        "ref_id": deadline.ref_id,
        "start": deadline.start.isoformat(),
        "due": deadline.due.isoformat(),
        "days_left": days_left(deadline, today),
        "is_paused": deadline.is_paused,
        "provisional": deadline.provisional,
        "verified": TERMS[deadline.term].verified,
    }


def _warning(warning: LimitationWarning) -> shapes.LimitationWarningShape:
    return {
        "claim_id": warning.claim.id,
        "code": warning.claim.code,
        "label": labels.CLAIMS[warning.claim.code],
        "safe_end": warning.safe_end.isoformat(),
        "safe_days_left": warning.days_left,
        "is_over": warning.is_over,
    }


def _adjustment(entry: Adjustment) -> shapes.AdjustmentShape:
    return {
        "kind": str(entry.kind),
        "reason": entry.reason,
        "by": entry.by,
        "since": entry.since.isoformat(),
        "until": day_or_none(entry.until),
    }


def explained_document(deadline: Deadline, view: CaseView) -> shapes.ExplainedDeadlineShape:
    """Tell one deadline of a case with the reason for its date."""
    told, term = why(deadline, view.calendar, view.behind.facts), TERMS[deadline.term]
    working = limitation_working(view.behind, deadline, calendar=view.calendar, today=view.today) or told.working
    return {
        **_deadline(_as_of_today(deadline, view), view.today),
        "status": str(deadline.status),
        "ended_on": day_or_none(deadline.ended_on),
        "ended_by": deadline.ended_by,
        "ledger": [_adjustment(entry) for entry in deadline.ledger],
        "why": {
            "fact": told.fact,
            "starts_on": cast("shapes.LabelShape", both(term.starts_on)),
            "citations": cast("list[shapes.CitationShape]", cited(told.basis)),
            "working": [lines_document(line) for line in working],
            "calendar_version": told.calendar_version,
            "on_lapse": _label(term.on_lapse),
            "hint": _label(told.hint),
            "hint_on": day_or_none(told.hint_on),
        },
    }


def lines_document(line: Any) -> shapes.LineShape:
    """Show one piece of arithmetic."""
    return {"zh": line.zh, "en": line.en, "facts": line.facts}


def _open_step(opened: OpenStep) -> shapes.OpenStepShape:
    return {
        "action": opened.step.action,
        "label": labels.STEPS[opened.step.action],
        "track": opened.step.track,
        "instance": opened.track_id,
        "attestations_required": list(opened.attestations),
        "warnings": warnings_document(opened.warnings),
    }


def warnings_document(warnings: Iterable[Blocker]) -> list[shapes.WarningShape]:
    """Tell what stands in nobody's way and should be known."""
    return [{"code": warning.code, "text": cast("shapes.LabelShape", both(warning.text))} for warning in warnings]


def blockers_document(blockers: Iterable[Blocker]) -> list[shapes.BlockerShape]:
    """Tell reasons against a step as data: texts in both languages."""
    return [cast("shapes.BlockerShape", describe_blocker(blocker, text=both(blocker.text))) for blocker in blockers]


def _is_own(blocked: BlockedStep) -> bool:
    """Whether a row belongs to the main track's present state: others are told at `/steps` only."""
    return blocked.step.track == MAIN and ANY_OPEN not in blocked.step.sources


def _blocked_codes(blocked: BlockedStep) -> shapes.BlockedCodesShape:
    return {
        "action": blocked.step.action,
        "instance": blocked.track_id,
        "codes": [blocker.code for blocker in blocked.blockers],
    }


def _blocked_step(blocked: BlockedStep) -> shapes.BlockedStepShape:
    return {
        "action": blocked.step.action,
        "label": labels.STEPS[blocked.step.action],
        "track": blocked.step.track,
        "instance": blocked.track_id,
        "blockers": blockers_document(blocked.blockers),
    }


def _flags(view: CaseView) -> list[str]:
    """What makes a case stand out, by the names the worklist filters by; besides, whose mediator it is."""
    case = view.case
    found = {
        "collective": bool(case.facts.get("collective")),
        "urgent": bool(case.facts.get("urgent")),
        "migrant_worker": bool(case.facts.get("migrant_worker")),
        "tasks": any(task.status == "open" for task in case.tasks.values()),
        "risk": case.track_state("risk") not in {None, "calm"},
        "provisional": any(deadline.provisional for deadline in case.running()),
        "enterprise_mediator": view.enterprise_mediator is not None,
    }
    return [name for name, is_so in found.items() if is_so]


def _enterprise_mediator(told: ToldBy | None) -> shapes.EnterpriseMediatorShape | None:
    return None if told is None else {"by": told, "text": cast("shapes.LabelShape", both(TOLD_BY[told]))}


def _label(label: Any) -> Any:
    return None if label is None else both(label)

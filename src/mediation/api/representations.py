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
from mediation.domain.deadlines import Deadline, days_left, why
from mediation.domain.procedure.step import ANY_OPEN
from mediation.domain.records import Claim, Party
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
        "state": labels.STATES[MAIN, case.state],
        "organization_id": case.organization_id,
        "created_on": case.created_on.isoformat(),
        "today": today.isoformat(),
        "roles": sorted(view.roles),
        "flags": _flags(case),
        "tracks": [track_document(track) for track in case.tracks.values()],
        "parties": [party_document(party) for party in case.parties.values()],
        "claims": [claim_document(claim) for claim in case.claims.values()],
        "obligations": [obligation_document(owed) for owed in case.obligations.values()],
        "assignments": [assignment_document(entry) for entry in case.assignments.values()],
        "deadlines": [_deadline(d, today) for d in _by_due(case.running())],
        "tasks": [task_document(task) for task in case.tasks.values() if task.status == "open"],
        "facts": facts_document(case.facts),
        "attestations": cast("list[shapes.AttestedFactShape]", list(view.attestations)),
        "open_steps": [_open_step(step) for step in view.open_steps],
        "blocked_steps": [_blocked_codes(step) for step in view.blocked_steps if _is_own(step)],
    }


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
        "items": [_explained(deadline, view) for deadline in _by_due(view.case.deadlines.values())],
    }


def facts_document(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Show facts as kept, amounts in yuan; what was attested is told apart."""
    shown = {name: value for name, value in facts.items() if name != "attested"}
    for name in labels.MONEY_FACTS & shown.keys():
        if isinstance(shown[name], int):
            shown[name] = format_money(shown[name])
    return shown


def _by_due(deadlines: Iterable[Deadline]) -> list[Deadline]:
    return sorted(deadlines, key=lambda deadline: (deadline.due, deadline.id))


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
        "provisional": deadline.provisional,
        "verified": TERMS[deadline.term].verified,
    }


def _explained(deadline: Deadline, view: CaseView) -> shapes.ExplainedDeadlineShape:
    told, term = why(deadline, view.calendar, view.case.facts), TERMS[deadline.term]
    return {
        **_deadline(deadline, view.today),
        "status": str(deadline.status),
        "ended_on": day_or_none(deadline.ended_on),
        "ended_by": deadline.ended_by,
        "moved": deadline.moved,
        "why": {
            "fact": told.fact,
            "starts_on": cast("shapes.LabelShape", both(term.starts_on)),
            "citations": cast("list[shapes.CitationShape]", cited(told.basis)),
            "working": [lines_document(line) for line in told.working],
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
        "warnings": [
            {"code": warning.code, "text": cast("shapes.LabelShape", both(warning.text))} for warning in opened.warnings
        ],
    }


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
        "blockers": [
            cast("shapes.BlockerShape", describe_blocker(blocker, text=both(blocker.text)))
            for blocker in blocked.blockers
        ],
    }


def _flags(case: Case) -> list[str]:
    """What makes a case stand out, by the names the worklist filters by."""
    found = {
        "collective": bool(case.facts.get("collective")),
        "urgent": bool(case.facts.get("urgent")),
        "migrant_worker": bool(case.facts.get("migrant_worker")),
        "tasks": any(task.status == "open" for task in case.tasks.values()),
        "risk": case.track_state("risk") not in {None, "calm"},
        "provisional": any(deadline.provisional for deadline in case.running()),
    }
    return [name for name, is_so in found.items() if is_so]


def _label(label: Any) -> Any:
    return None if label is None else both(label)

"""The parts of a case as data: parties, claims, obligations, tracks, tasks, assignments."""

from __future__ import annotations

from datetime import date

from mediation.api import labels, shapes
from mediation.api.values import format_money
from mediation.domain.records import Assignment, Claim, Obligation, Party, Task, TrackInstance


def party_document(party: Party) -> shapes.PartyShape:
    """Show a party; what identifies a person is masked."""
    return {
        "id": party.id,
        "version": party.version,
        "role": party.role,
        "kind": party.kind,
        "side": party.side,
        "label": labels.PARTY_KINDS[party.kind],
        "name": party.name or None,
        "headcount": party.headcount,
        "uscc": party.uscc,
        "resident_id": party.resident_id_masked,
        "phone": party.phone_masked,
        "consented_on": day_or_none(party.consented_on),
        "consent_form": party.consent_form,
        "bound": party.bound,
        "authority": party.authority,
        "person_id": party.person_id,
        "status": party.status,
    }


def claim_document(claim: Claim) -> shapes.ClaimShape:
    """Show a claim with its cause of action in the edition that numbers the case."""
    return {
        "id": claim.id,
        "version": claim.version,
        "code": claim.code,
        "label": labels.CLAIMS[claim.code],
        "cause": labels.CAUSES_OF.get((claim.code, claim.cause_scheme)),
        "claimant_side": claim.claimant_side,
        "amount": _money(claim.amount_fen),
        "amount_text": claim.amount_text,
        "basis": claim.basis,
        "knew_on": day_or_none(claim.knew_on),
        "outcome": claim.outcome,
        "awarded": _money(claim.awarded_fen),
        "agreed": _money(claim.agreed_fen),
    }


def obligation_document(owed: Obligation) -> shapes.ObligationShape:
    """Show one thing owed."""
    return {
        "id": owed.id,
        "version": owed.version,
        "agreement_id": owed.agreement_id,
        "kind": owed.kind,
        "debtor": owed.debtor_id,
        "creditor": owed.creditor_id,
        "amount": _money(owed.amount_fen),
        "due_on": day_or_none(owed.due_on),
        "due_text": owed.due_text,
        "what": owed.what,
        "status": owed.status,
        "paid": format_money(owed.paid_fen),
        "done_on": day_or_none(owed.done_on),
        "payer": owed.payer_id,
        "payer_capacity": owed.payer_capacity,
    }


def assignment_document(entry: Assignment) -> shapes.AssignmentShape:
    """Show one part given to a person."""
    return {
        "id": entry.id,
        "person_id": entry.person_id,
        "role": entry.role,
        "since": entry.since.isoformat(),
        "until": day_or_none(entry.until),
    }


def track_document(track: TrackInstance) -> shapes.TrackShape:
    """Show one running machine with its state."""
    return {
        "id": track.id,
        "track": track.track,
        "label": labels.TRACKS[track.track],
        "state": labels.STATES[track.track, track.state],
        "ref": track.ref,
        "last_on": day_or_none(track.last_on),
    }


def task_document(task: Task) -> shapes.TaskShape:
    """Show what somebody must look at."""
    return {
        "id": task.id,
        "code": task.term,
        "label": labels.TERM_LABELS[task.term],
        "track": task.track_id,
        "due_on": task.due_on.isoformat(),
        "opened_on": task.opened_on.isoformat(),
        "actions": list(task.actions),
        "version": task.version,
        "status": task.status,
        "done_on": day_or_none(task.done_on),
        "owner_role": task.owner_role,
        "owner_id": task.owner_id,
        "escalate_on": day_or_none(task.escalate_on),
    }


def _money(fen: int | None) -> str | None:
    return None if fen is None else format_money(fen)


def day_or_none(day: date | None) -> str | None:
    """Write a day, where there is one."""
    return None if day is None else day.isoformat()

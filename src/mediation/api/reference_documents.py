"""The procedure, its terms, open questions and code tables as JSON, made once from the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

import orjson
from typing_extensions import TypedDict

from mediation.api import labels, shapes
from mediation.api.citations import cited, describe_citation
from mediation.api.language import both
from mediation.api.representations import lines_document
from mediation.domain.access import MEMBERSHIP_ROLES
from mediation.domain.access_requests import ACCESS_PURPOSES
from mediation.domain.ambiguities import AMBIGUITIES, APPLIES
from mediation.domain.calendar import Calendar, Count
from mediation.domain.channels import CHANNELS, PRETRIAL_VENUES
from mediation.domain.claims import CAUSES, CLAIM_CODES
from mediation.domain.deadlines import start_deadline, why
from mediation.domain.documents import DOCUMENTS
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.grants import PURPOSES
from mediation.domain.labels import Label
from mediation.domain.law import SOURCES
from mediation.domain.organizations import ORGANIZATION_KINDS
from mediation.domain.party_kinds import PARTY_KIND_LABELS, PARTY_ROLE_LABELS, PAYER_CAPACITY_LABELS
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import Field, Step
from mediation.domain.terms import TERMS, Term, as_read


class ProcedureShape(TypedDict):
    version: str
    hash: str
    tracks: list[dict[str, Any]]
    states: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    terms: list[dict[str, Any]]


@cache
def procedure() -> bytes:
    """The whole table."""
    document: ProcedureShape = {
        "version": PROCEDURE.version,
        "hash": PROCEDURE.hash,
        "tracks": [
            {
                "code": track.code,
                "label": both(track.label),
                "one_per": track.one_per,
                "first_state": track.first_state,
            }
            for track in PROCEDURE.tracks.values()
        ],
        "states": [
            {"track": track, **labels.STATES[track, code], "is_open": state.is_open}
            for (track, code), state in PROCEDURE.states.items()
        ],
        "steps": [step_document(step) for step in PROCEDURE.steps.values()],
        "terms": [term_document(term) for term in TERMS.values()],
    }
    return orjson.dumps(document)


def step_document(step: Step) -> dict[str, Any]:
    """One row, column by column."""
    return {
        "id": step.id,
        "track": step.track,
        "action": step.action,
        "label": both(step.label),
        "sources": sorted(PROCEDURE.sources(step)),
        "target": step.target,
        "act_of": str(step.act_of),
        "recorded_by": sorted(step.recorded_by),
        "guards": list(step.guards),
        "inputs": [_input(field) for field in step.inputs],
        "starts": [{"term": start.term, "at": start.at, "per": start.per, "when": start.when} for start in step.starts],
        "stops": [{"terms": sorted(stop.terms), "only": stop.only, "when": stop.when} for stop in step.stops],
        "moves": [{"term": move.term, "to": move.to} for move in step.moves],
        "pauses": [{"terms": sorted(pause.terms), "when": pause.when} for pause in step.pauses],
        "resumes": [{"terms": sorted(pause.terms), "when": pause.when} for pause in step.resumes],
        "fires_on": sorted(step.fires_on),
        "documents": step.documents,
        "limitation": step.limitation,
        "limitation_note": step.limitation_note,
        "citations": [describe_citation(citation) for citation in step.citations],
        "notes": step.notes,
    }


def _input(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": str(field.kind),
        "required": field.required,
        "many": field.many,
        "values": list(field.values),
        "of": field.of or None,
        "class": str(field.text_class),
    }


def term_document(term: Term) -> dict[str, Any]:
    """One term, column by column, as the rules in force on its open questions have it."""
    term = as_read(term)
    return {
        "code": term.code,
        "label": both(term.label),
        "length": term.length,
        "unit": str(term.unit),
        "roll": term.roll,
        "backward": term.backward,
        "starts_on": both(term.starts_on),
        "extension": _label(term.extension),
        "extension_length": term.extension_length,
        "on_lapse": _label(term.on_lapse),
        "citations": cited(term.basis),
        "verified": term.verified,
        "ambiguities": list(term.ambiguities),
        "per_party": term.per_party,
        "hint": _label(term.hint),
    }


@cache
def terms() -> bytes:
    """Every term."""
    return _items(term_document(term) for term in TERMS.values())


def preview(term: Term, start: date, agreed_end: date | None, calendar: Calendar) -> shapes.TermPreviewShape:
    """When a term would end; InvalidInputError where an agreed end is missing, too early or not taken."""
    _check_agreed_end(term, start, agreed_end)
    try:
        deadline = start_deadline(
            term, id="preview", start=start, calendar=calendar, fact="start", agreed_end=agreed_end
        )
    except ValueError:
        text = Label("到期日超出可计算的年份", "The end lies outside the years that can be counted.")
        raise InvalidInputError([InputError("/start", "date_out_of_range", text)]) from None
    told = why(deadline, calendar)
    return {
        "code": term.code,
        "label": labels.TERM_LABELS[term.code],
        "due": told.due.isoformat(),
        "provisional": told.provisional,
        "working": [lines_document(line) for line in told.working],
        "calendar_version": told.calendar_version,
        "citations": cited(term.basis),  # type: ignore[typeddict-item] # citations are written as such
        "verified": term.verified,
        "hint": _label(told.hint),
    }


def _check_agreed_end(term: Term, start: date, agreed_end: date | None) -> None:
    text = None
    if term.length is None and agreed_end is None:
        text = Label("该期间由约定确定,请填写约定的到期日", "This term ends on an agreed day: give it.")
    elif term.length is not None and agreed_end is not None:
        text = Label("该期间依法计算,不能约定到期日", "This term is counted: it takes no agreed end.")
    elif agreed_end is not None and agreed_end < start:
        text = Label("约定的到期日早于起算日", "The agreed end lies before the start.")
    if text is not None:
        raise InvalidInputError([InputError("/agreed_end", "agreed_end", text)])


def count(counted: Count) -> shapes.CountShape:
    """A count with its arithmetic."""
    return {
        "due": counted.due.isoformat(),
        "provisional": counted.provisional,
        "working": [lines_document(line) for line in counted.working],
        "calendar_version": counted.calendar_version,
    }


@cache
def ambiguities() -> bytes:
    """Every open question."""
    return _items(
        {
            "id": row.id,
            "question": both(row.question),
            "rule": {"code": row.rule, **both(row.rule_label)},
            "alternative": {"code": row.alternative, **both(row.alternative_label)},
            "settled": row.settled,
            "applies": {"code": row.applies, **both(APPLIES[row.applies])},
            "acts_on": list(row.acts_on),
        }
        for row in AMBIGUITIES.values()
    )


@cache
def _claim_codes() -> bytes:
    return _items(
        {
            "code": row.code,
            "label": both(row.label),
            "causes": {str(scheme): labels.CAUSES_OF[row.code, str(scheme)] for scheme in CAUSES},
            "final_award": row.final_award,
            "payment_order": row.payment_order,
            "limitation": row.limitation,
            "category": str(row.category),
            "claimant": row.claimant,
            "verified": row.verified,
        }
        for row in CLAIM_CODES.values()
    )


@cache
def _document_kinds() -> bytes:
    return _items(
        {
            "code": row.code,
            "label": both(row.label),
            "fields": both(row.fields),
            "signatories": [str(signatory) for signatory in row.signatories],
            "copies": both(row.copies),
            "due": both(row.due),
            "citations": cited(row.basis),
        }
        for row in DOCUMENTS.values()
    )


@cache
def _organization_kinds() -> bytes:
    return _items(
        {
            "code": str(row.kind),
            "label": both(row.label),
            "is_mediation_body": row.is_mediation_body,
            "is_article_10": row.is_article_10,
            "arbitration_review": str(row.arbitration_review),
            "payment_order": str(row.payment_order),
            "judicial_confirmation": str(row.judicial_confirmation),
            "needs_written_agreement": row.needs_written_agreement,
            "union_level": row.union_level,
            "citations": cited(row.basis),
        }
        for row in ORGANIZATION_KINDS.values()
    )


@cache
def _sources() -> bytes:
    return _items(
        {
            "code": row.code,
            "label": both(row.label),
            "version": row.version,
            "in_force": row.in_force,
            "verified": row.verified,
        }
        for row in SOURCES.values()
    )


def _coded(rows: Mapping[Any, Label]) -> Callable[[], bytes]:
    return lambda: _items({"code": str(code), "label": both(label)} for code, label in rows.items())


TABLES: Final[Mapping[str, Callable[[], bytes]]] = {
    "claim_codes": _claim_codes,
    "document_kinds": _document_kinds,
    "organization_kinds": _organization_kinds,
    "sources": _sources,
    "party_kinds": _coded(PARTY_KIND_LABELS),
    "party_roles": _coded(PARTY_ROLE_LABELS),
    "payer_capacities": _coded(PAYER_CAPACITY_LABELS),
    "channels": _coded({code: row.label for code, row in CHANNELS.items()}),
    "pretrial_venues": _coded({code: row.label for code, row in PRETRIAL_VENUES.items()}),
    "break_glass_purposes": _coded(PURPOSES),
    "access_purposes": _coded(ACCESS_PURPOSES),
    "membership_roles": _coded(MEMBERSHIP_ROLES),
}


def _items(rows: Any) -> bytes:
    return orjson.dumps({"items": list(rows)})


def _label(label: Label | None) -> Any:
    return None if label is None else both(label)

"""Labels of states, steps, terms and codes as data, made once: an answer only points to them."""

from __future__ import annotations

from typing import Any, Final

from mediation.api.language import both
from mediation.domain.claims import CAUSES, CLAIM_CODES, CauseScheme, cause_of
from mediation.domain.party_kinds import PARTY_KIND_LABELS, PartyKind
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import Kind
from mediation.domain.terms import TERMS, TERMS_BESIDE

STATES: Final[dict[tuple[str, str], Any]] = {
    key: {
        "code": state.code,
        "zh": state.label.zh,
        "en": state.label.en,
        "stage": None if state.stage is None else str(state.stage),
    }
    for key, state in PROCEDURE.states.items()
}
TRACKS: Final[dict[str, Any]] = {code: both(track.label) for code, track in PROCEDURE.tracks.items()}
STEPS: Final[dict[str, Any]] = {code: both(step.label) for code, step in PROCEDURE.steps.items()}
TERM_LABELS: Final[dict[str, Any]] = {code: both(term.label) for code, term in {**TERMS, **TERMS_BESIDE}.items()}
CLAIMS: Final[dict[str, Any]] = {code: both(claim.label) for code, claim in CLAIM_CODES.items()}
PARTY_KINDS: Final[dict[str, Any]] = {str(kind): both(PARTY_KIND_LABELS[kind]) for kind in PartyKind}


def _cause(code: str, scheme: CauseScheme) -> Any:
    cause = cause_of(CLAIM_CODES[code], scheme)
    if cause is None:
        return None
    return {
        "scheme": str(scheme),
        "number": cause.number,
        "label": both(cause.label),
        "verified": cause.verified,
    }


CAUSES_OF: Final[dict[tuple[str, str], Any]] = {
    (code, str(scheme)): _cause(code, scheme) for code in CLAIM_CODES for scheme in CAUSES
}
MONEY_FACTS: Final = frozenset(
    field.name for step in PROCEDURE.steps.values() for field in step.inputs if field.kind is Kind.MONEY
)
"""Names of facts that are kept in fen and shown in yuan."""

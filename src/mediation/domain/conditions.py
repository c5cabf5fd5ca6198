"""The conditions in brackets of the clock and limitation columns: whether a clock starts, stops or is interrupted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.cases import Case, Question, fact_name
from mediation.domain.channels import PretrialVenue
from mediation.domain.guards.reading import given, has_input, kind_on_file, profile_of
from mediation.domain.guards.timers import counted_from_fact
from mediation.domain.guards.tracks import ARBITRATION_HOLDS
from mediation.domain.readings import reading

Condition = Callable[[Question, Case, str], bool]
"""Asked with the step in question, the case once its facts and records are in (clocks not yet), and the term."""

SIMPLIFIED: Final = "simplified"
_MEDIATING: Final = frozenset({
    "awaiting_counterparty_consent", "org_mediation_accepted", "org_mediation_in_progress", "org_mediation_extended",
    "agreement_signed_pending_effect", "court_mediation_in_progress", "court_mediation_extended",
})  # fmt: skip
_PRESERVATION_KINDS: Final = frozenset({"pre_suit", "in_arbitration", "in_suit"})
_FORUM_STATES: Final = frozenset({
    "arbitration_filed", "arbitration_accepted", "arbitration_prehearing_mediation", "suit_filed", "litigation_recorded",
})  # fmt: skip


def _value(question: Question, case: Case, name: str) -> Any:
    found = given(question, name)
    if found is not None:
        return found
    return case.facts.get(fact_name(question.track, name), case.facts.get(name))


def _is(name: str, *values: object) -> Condition:
    def check(question: Question, case: Case, term: str) -> bool:
        return _value(question, case, name) in values

    return check


def _is_told(name: str) -> Condition:
    """Build a condition on a yes/no input of the step itself: what an earlier step was told does not count."""

    def check(question: Question, case: Case, term: str) -> bool:
        return given(question, name) is True

    return check


def _by_organization(question: Question, case: Case, term: str) -> bool:
    if has_input(question, "organization_sealed"):
        return given(question, "organization_sealed") is True
    agreement = case.facts.get("agreement") or {}
    made_by = given(question, "made_by") or agreement.get("made_by")
    profile = profile_of(kind_on_file(question, made_by) or agreement.get("organization_kind"))
    return made_by is not None and (profile is None or profile.is_mediation_body)


def _window_open(question: Question, case: Case, term: str) -> bool:
    end = counted_from_fact(question, term)
    return end is not None and question.day <= end


def _not_running(question: Question, case: Case, term: str) -> bool:
    return next(case.running(term), None) is None


def _offered(question: Question, case: Case, term: str) -> bool:
    starts = not reading("AMB-1").offers_only or case.facts.get("mediation_offered") is True
    return starts and _not_running(question, case, term)


def _appealable(*, ruling: bool) -> Condition:
    def check(question: Question, case: Case, term: str) -> bool:
        return given(question, "appealable") is True and (given(question, "is_ruling") is True) is ruling

    return check


def _pre_suit(question: Question, case: Case, term: str) -> bool:
    kind = _value(question, case, "kind")
    return kind == "pre_suit" if kind in _PRESERVATION_KINDS else case.state not in _FORUM_STATES


def _postfiling(*, simplified: bool) -> Condition:
    def check(question: Question, case: Case, term: str) -> bool:
        is_entrusted = _is("pretrial_venue", PretrialVenue.COURT_POSTFILING_ENTRUST)(question, case, term)
        return is_entrusted and _is("procedure", SIMPLIFIED)(question, case, term) is simplified

    return check


def _final_award(question: Question, case: Case, term: str) -> bool:
    return _is("award_kind", "final")(question, case, term)


def _not(condition: Condition) -> Condition:
    return lambda question, case, term: not condition(question, case, term)


def _collective_notice(question: Question, case: Case, term: str) -> bool:
    return given(question, "collective") is True


def _mediating(question: Question, case: Case, term: str) -> bool:
    return question.case.state in _MEDIATING


CONDITIONS: Final[Mapping[str, Condition]] = MappingProxyType({
    "acknowledges_claim": _is_told("acknowledges_claim"),
    "appealable_judgment": _appealable(ruling=False),
    "appealable_ruling": _appealable(ruling=True),
    "appraisal": _is("hold_reason", "appraisal"),
    "arbitration_hold": _is("hold_reason", *sorted(ARBITRATION_HOLDS)),
    "award_not_enforced": _is("reason", "award_not_enforced"),
    "collective_notice": _collective_notice,
    "final_award": _final_award,
    "made_by_organization": _by_organization,
    "mediation_was_running": _mediating,
    "not_final_award": _not(_final_award),
    "not_running": _not_running,
    "offered_without_application": _offered,
    "ordinary_notice": _not(_collective_notice),
    "ordinary_procedure": _not(_is_told("simplified")),
    "papers_handed_over": _is_told("papers_handed_over"),
    "postfiling_ordinary": _postfiling(simplified=False),
    "postfiling_simplified": _postfiling(simplified=True),
    "pre_suit": _pre_suit,
    "prefiling": _is("pretrial_venue", PretrialVenue.COURT_PREFILING_DISPATCH),
    "reached_other_side": _is_told("reached_other_side"),
    "simplified_procedure": _is_told("simplified"),
    "state_aid": _is("scheme", "state"),
    "states_claim": _is_told("states_claim"),
    "to_ordinary": _is("to", "ordinary"),
    "to_simplified": _is("to", SIMPLIFIED),
    "union_aid": _is("scheme", "union"),
    "window_open": _window_open,
})  # fmt: skip
"""By the name in brackets; a mixed award counts as not final (LI1 20, from memory)."""

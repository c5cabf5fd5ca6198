"""What a step's input changes in the records of a case, by kind of input and, where a row needs more, by action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from mediation.domain.cases import Question, fact_name
from mediation.domain.claims import cause_scheme
from mediation.domain.draft import Draft
from mediation.domain.party_kinds import side_in_case
from mediation.domain.procedure.step import Field, Kind, TextClass
from mediation.domain.records import Assignment, Claim, Party, plain
from mediation.domain.splitting import take_out
from mediation.domain.titles import TITLE_ACTIONS, TITLES, make_title, revive_claims, settle_open_claims

Input = Mapping[str, Any]

_PASSING = frozenset(
    {
        "advice", "answered_on", "asked_by", "by", "how", "mode", "new", "old", "papers_handed_over", "payer",
        "payer_capacity", "performed_already", "reason", "replied_on", "role", "since", "until", "why",
        "acknowledges_claim", "states_claim", "reached_other_side", "obligation", "done_on", "amount",
    }
)  # fmt: skip
_SCALARS = frozenset(
    {Kind.DATE, Kind.DATETIME, Kind.CODE, Kind.BOOL, Kind.MONEY, Kind.DECIMAL, Kind.ENUM, Kind.DIVISION}
)

_NEW_ROUND = frozenset({"ask_consent", "offer_mediation", "advice_to_mediate", "return_to_mediation"})
_WITHDRAWING = frozenset(
    {"withdraw", "withdraw_arbitration", "deemed_withdrawn", "withdraw_suit", "suit_withdrawn_unregistered"}
)
_REVIVING = frozenset({"prepare_referral", "rescind_recorded", "return_to_mediation", "file_suit"})


def apply_effects(draft: Draft, question: Question) -> None:
    """Apply everything the step's input says to the draft: facts, parties, claims, obligations, people, titles."""
    command = question.command
    if command is None:
        return
    for field in question.step.inputs:
        value = command.input.get(field.name)
        if value is not None:
            _apply(draft, question, field, value)
    for name, constant in question.step.sets:
        draft.set_fact(name, _constant(draft, constant))
    special = _ACTIONS.get(question.step.action)
    if question.step.action in TITLES:
        make_title(draft, question, *TITLES[question.step.action])
    if question.step.action in _NEW_ROUND:
        _new_round(draft, question)
    if question.step.action in _REVIVING:
        revive_claims(draft)
    if question.step.action in _WITHDRAWING:
        settle_open_claims(draft, "withdrawn")
    if special is not None:
        special(draft, question, command.input)


def _constant(draft: Draft, constant: object) -> object:
    if isinstance(constant, str) and constant.startswith("@"):
        return draft.fact(constant[1:])
    return constant


def _apply(draft: Draft, question: Question, field: Field, value: Any) -> None:
    reader = _READERS.get(field.kind)
    if reader is not None:
        reader(draft, question, field.name, value if field.many else [value])
    elif field.kind is Kind.REF and field.of == "claim" and field.name == "drop":
        for key in value:
            draft.amend("claims", key, outcome="withdrawn")
    elif field.name not in _PASSING and is_fact(field):
        draft.set_fact(fact_name(question.track, field.name), plain(value))


def _read_parties(draft: Draft, question: Question, name: str, entries: Iterable[Input]) -> None:
    for entry in entries:
        _add_party(draft, question, name, entry)


def _read_claims(draft: Draft, question: Question, _name: str, entries: Iterable[Input]) -> None:
    for entry in entries:
        claim = new_claim(entry, question.setting.new_id(), question.today, _claimant(question))
        draft.put("claims", claim)


def _read_changes(draft: Draft, _question: Question, _name: str, entries: Iterable[Input]) -> None:
    for entry in entries:
        values = {k: v for k, v in entry.items() if k != "claim" and v is not None}
        draft.amend("claims", entry["claim"], **values)


def _read_results(draft: Draft, _question: Question, _name: str, entries: Iterable[Input]) -> None:
    for entry in entries:
        draft.amend("claims", entry["claim"], outcome=entry["outcome"], awarded_fen=entry.get("awarded_fen"))


def _read_consents(draft: Draft, _question: Question, _name: str, entries: Iterable[Input]) -> None:
    for entry in entries:
        draft.amend("parties", entry["party"], consented_on=entry["date"], consent_form=entry["form"])


_READERS: Mapping[Kind, Callable[[Draft, Question, str, Iterable[Input]], None]] = {
    Kind.PARTY: _read_parties,
    Kind.CLAIM: _read_claims,
    Kind.CLAIM_CHANGE: _read_changes,
    Kind.CLAIM_RESULT: _read_results,
    Kind.CONSENT: _read_consents,
}


def is_fact(field: Field) -> bool:
    """Whether an input is kept as a fact: what names nobody, never a text of another class than ordinary."""
    ordinary_text = field.kind is Kind.TEXT and field.text_class is TextClass.ORDINARY
    reference = field.kind is Kind.REF and field.of in {"organization", "person", "collective_matter", "case"}
    days = field.kind is Kind.DATE_PER_PARTY
    return not (field.many and not reference) and (field.kind in _SCALARS or ordinary_text or reference or days)


def new_party(entry: Input, key: str) -> Party:
    """A party as written down: only what is safe to keep in clear; personal data goes to its subject."""
    return Party(
        id=key,
        version=1,
        role=entry["role"],
        kind=entry["kind"],
        side=side_in_case(entry["kind"], entry["role"]),
        name=entry["name"],
        subject_id=entry.get("subject_id"),
        headcount=entry.get("headcount"),
        uscc=entry.get("uscc"),
        resident_id_masked=entry.get("resident_id_masked"),
        phone_masked=entry.get("phone_masked"),
        consented_on=entry.get("consented_on"),
        consent_form=entry.get("consent_form"),
        authority=entry.get("authority") or "self",
        person_id=entry.get("person_id"),
    )


def new_claim(entry: Input, key: str, today: date, claimant_side: str) -> Claim:
    """A claim as written down; amounts in fen."""
    return Claim(
        id=key,
        version=1,
        code=entry["code"],
        cause_scheme=str(cause_scheme(today)),
        claimant_side=entry.get("claimant_side") or claimant_side,
        amount_fen=entry.get("amount_fen"),
        amount_text=entry.get("amount_text"),
        basis=entry.get("basis"),
        knew_on=entry.get("knew_on"),
    )


def _claimant(question: Question) -> str:
    if question.step.action == "add_counterclaim":
        applicant = next(question.case.applicants(), None)
        return "employer" if applicant is None or applicant.side == "worker" else "worker"
    applicant = next(question.case.applicants(), None)
    return applicant.side if applicant is not None else "worker"


def _add_party(draft: Draft, question: Question, name: str, entry: Input) -> None:
    roles = {"applicant": "applicant", "respondent": "respondent", "administrator": "third_party"}
    role = roles.get(name) or (question.command.input.get("role") if question.command else None)
    entry = {**entry, "role": role or entry["role"]}
    draft.put("parties", new_party(entry, entry.get("id") or question.setting.new_id()))


def _new_round(draft: Draft, question: Question) -> None:
    """Begin a round of mediation: no mediator yet, consents asked anew (procedure, section 5)."""
    draft.set_fact("round", (draft.fact("round") or 0) + 1)
    draft.set_fact("extensions", None)
    draft.set_fact("explicit_refusal", None)
    for key, party in draft.records("parties").items():
        if party.consented_on is not None:
            draft.amend("parties", key, consented_on=None, consent_form=None)
    _end_assignments(draft, "mediator", question.day)
    _remember_organization(draft, question, question.command.input if question.command else {})


def _end_assignments(draft: Draft, role: str, on: date) -> None:
    for key, entry in draft.records("assignments").items():
        if entry.role == role and entry.until is None:
            draft.amend("assignments", key, until=on)


def _assign(draft: Draft, question: Question, person: str, role: str) -> None:
    draft.put("assignments", Assignment(question.setting.new_id(), person, role, question.day))


def _assign_mediator(draft: Draft, question: Question, given: Input) -> None:
    _end_assignments(draft, "mediator", question.day)
    _assign(draft, question, given["mediator"], "mediator")


def _assign_volunteer(draft: Draft, question: Question, given: Input) -> None:
    if question.step.action == "replace_aid_person":
        _end_assignments(draft, "volunteer", question.day)
    _assign(draft, question, given["person"], "volunteer")


def _remember_organization(draft: Draft, question: Question, given: Input) -> None:
    chosen = given.get("organization")
    if chosen is not None:
        on_file = question.setting.references.organizations.get(chosen, {})
        draft.set_fact("organization_kind", on_file.get("kind"))
        draft.set_fact("organization_court_invited", bool(on_file.get("is_court_invited")) or None)


def _extend(draft: Draft, question: Question, _given: Input) -> None:
    draft.set_fact("extensions", (draft.fact("extensions") or 0) + 1)
    del question


def _refuse(draft: Draft, _question: Question, _given: Input) -> None:
    draft.set_fact("explicit_refusal", True)


def _absent(draft: Draft, _question: Question, given: Input) -> None:
    for key in given.get("absent_respondents") or ():
        draft.amend("parties", key, bound=False)


def _drop_party(draft: Draft, _question: Question, given: Input) -> None:
    draft.amend("parties", given["party"], status="dropped")


def _substitute(draft: Draft, question: Question, given: Input) -> None:
    old = draft.records("parties")[given["old"]]
    draft.amend("parties", old.id, status="replaced")
    for key in list(draft.records("parties")):
        if key not in question.case.parties:
            draft.amend("parties", key, role=old.role, side=old.side)


def _insolvency(draft: Draft, question: Question, given: Input) -> None:
    """Kept apart, so that the court's dates and number are not taken for those of the dispute."""
    for name in ("accepted_on", "court_no"):
        draft.set_fact(name, question.case.facts.get(name))
    draft.set_fact("insolvency", {"accepted_on": plain(given["accepted_on"]), "court_no": given["court_no"]})


def _hold(draft: Draft, _question: Question, given: Input) -> None:
    draft.set_fact("hold_reason", given["hold_reason"])
    draft.set_fact("hold_since", plain(given["since"]))


def _archive(draft: Draft, question: Question, _given: Input) -> None:
    draft.set_fact("archived_from", question.case.state)


def _collective(draft: Draft, _question: Question, given: Input) -> None:
    draft.set_fact("collective", given["collective"])
    draft.set_fact("priority", "collective")


def _leave_group(draft: Draft, _question: Question, _given: Input) -> None:
    draft.set_fact("collective", None)
    draft.set_fact("linked", None)


def _link(draft: Draft, _question: Question, given: Input) -> None:
    draft.set_fact("linked", list(given["linked"]))


def _split_off(draft: Draft, question: Question, given: Input) -> None:
    take_out(draft, given, question.day)


def _reassign(draft: Draft, question: Question, given: Input) -> None:
    _remember_organization(draft, question, given)
    draft.set_field("organization_id", given["organization"])


_ACTIONS: Mapping[str, Callable[[Draft, Question, Input], None]] = {
    **TITLE_ACTIONS,
    "assign_mediator": _assign_mediator,
    "replace_mediator": _assign_mediator,
    "accept_dispatch": _assign_mediator,
    "assign_aid": _assign_volunteer,
    "replace_aid_person": _assign_volunteer,
    "extend": _extend,
    "extend_again": _extend,
    "refuse": _refuse,
    "consent": _absent,
    "drop_party": _drop_party,
    "substitute_party": _substitute,
    "start_hold": _hold,
    "record_insolvency": _insolvency,
    "archive": _archive,
    "merge_collective": _collective,
    "leave_group": _leave_group,
    "handle_jointly": _link,
    "reassign_organization": _reassign,
    "split_off": _split_off,
}

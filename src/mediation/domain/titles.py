"""Agreements, statements, awards and judgments of a case, and the obligations that follow from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from mediation.domain.cases import Question
from mediation.domain.draft import Draft
from mediation.domain.errors import BlockedError, Blocker, InputError, InvalidInputError
from mediation.domain.guards.reading import own_sides
from mediation.domain.labels import Label
from mediation.domain.procedure.step import HOUSE, SIDES
from mediation.domain.records import Obligation, plain

Input = Mapping[str, Any]

EARLIEST_DUE: Final = date(1990, 1, 1)
YEARS_AHEAD: Final = 30
_SAME_PARTY: Final = Label("义务人和权利人不能是同一当事人", "Debtor and creditor are two different parties")
_PARTY_NEEDED: Final = Label(
    "一方有多名当事人的，付款须写明由谁付给谁", "With several parties on a side, a payment says who pays whom"
)
_NOT_POSITIVE: Final = Label("金额应当大于零", "The amount is more than zero")
_DUE_OUT_OF_RANGE: Final = Label(
    "日期不能早于1990年，也不能晚于今后三十年", "The day lies between 1990 and thirty years from now"
)

# Which agreement, award or statement a step makes, and whether it binds at once.
TITLES: Mapping[str, tuple[str, str]] = {
    "settle": ("settlement", "in_force"),
    "record_existing_agreement": ("settlement", "in_force"),
    "reach_agreement": ("mediation", "draft"),
    "reach_oral_agreement": ("oral", "in_force"),
    "court_agreement": ("mediation", "in_force"),
    "court_oral_agreement": ("oral", "in_force"),
    "court_statement_issued": ("statement", "in_force"),
    "arbitral_statement_served": ("statement", "in_force"),
    "statement_ends_case": ("statement", "in_force"),
    "settle_and_withdraw_arbitration": ("settlement", "in_force"),
    "settle_after_award": ("settlement", "in_force"),
    "settle_and_withdraw_suit": ("settlement", "in_force"),
    "award_takes_effect": ("award", "in_force"),
    "setaside_dismissed": ("award", "in_force"),
    "judgment_takes_effect": ("judgment", "in_force"),
    "agree_new_terms": ("replacement", "draft"),
}
_AGREED = frozenset({"settlement", "mediation", "oral", "statement"})
_ORDERED = frozenset({"award", "judgment"})


def _due_errors(pointer: str, due: date | None, today: date) -> Iterator[InputError]:
    latest = (today.year + YEARS_AHEAD, today.month, today.day)
    if due is not None and (due < EARLIEST_DUE or (due.year, due.month, due.day) > latest):
        yield InputError(pointer, "date_out_of_range", _DUE_OUT_OF_RANGE)


def _unnamed(question: Question, entry: Input) -> tuple[str, ...]:
    """Ends of a payment that nobody can take for granted; one that names its debtor may be owed to others jointly."""
    if (entry.get("kind") or "payment") != "payment" or entry.get("debtor") is not None:
        return ()
    creditor = question.case.parties.get(entry.get("creditor") or "")
    opposite = [p.side for p in question.case.active_parties() if creditor is None or p.side != creditor.side]
    if max(Counter(opposite).values(), default=0) <= 1:
        return ()
    return ("debtor",) if creditor is not None else ("debtor", "creditor")


def _obligation_errors(question: Question, name: str, entries: Iterable[Input]) -> Iterator[InputError]:
    for number, entry in enumerate(entries):
        pointer, amount = f"/{name}/{number}", entry.get("amount_fen")
        if entry.get("debtor") is not None and entry.get("debtor") == entry.get("creditor"):
            yield InputError(f"{pointer}/creditor", "same_party", _SAME_PARTY)
        for end in _unnamed(question, entry):
            yield InputError(f"{pointer}/{end}", "party_needed", _PARTY_NEEDED)
        if amount is not None and amount <= 0:
            yield InputError(f"{pointer}/amount", "not_positive", _NOT_POSITIVE)
        yield from _due_errors(f"{pointer}/due_on", entry.get("due_on"), question.today)


def check_obligations(question: Question, name: str, entries: Iterable[Input]) -> None:
    """Raise InvalidInputError unless each obligation can be owed: two parties, a sum above zero, a day within reason."""
    if errors := list(_obligation_errors(question, name, entries)):
        raise InvalidInputError(errors)


def _obligation(entry: Input, key: str, agreement_id: str, status: str) -> Obligation:
    return Obligation(
        id=key,
        version=1,
        agreement_id=agreement_id,
        kind=entry.get("kind") or "payment",
        debtor_id=entry.get("debtor"),
        creditor_id=entry.get("creditor"),
        amount_fen=entry.get("amount_fen"),
        due_on=entry.get("due_on"),
        due_text=entry.get("due_text"),
        what=entry.get("what"),
        status=status,
    )


def make_title(draft: Draft, question: Question, kind: str, status: str) -> None:
    """Write the agreement, statement, award or judgment down, with the obligations that follow from it."""
    given = question.command.input if question.command else {}
    check_obligations(question, "obligations", given.get("obligations") or ())
    old = draft.fact("agreement")
    title_id = question.setting.new_id()
    made_by = given.get("made_by") or given.get("with_organization")
    if kind == "mediation" or question.step.action == "reach_oral_agreement":
        made_by = draft.fact("organization") or question.case.organization_id
    organization = question.setting.references.organizations.get(made_by or "", {})
    title = {
        "id": title_id,
        "kind": "mediation" if made_by and kind == "settlement" else kind,
        "made_by": made_by,
        "organization_kind": organization.get("kind") or (draft.fact("organization_kind") if made_by else None),
        "effective_on": plain(given.get("effective_on") or question.day) if status == "in_force" else None,
        "status": status,
        "supersedes": old["id"] if old else None,
    }
    if status == "in_force":
        _retire(draft, {"open", "part", "frozen", "draft"}, "superseded")
    elif old is not None and old["status"] == "in_force":
        draft.set_fact("replaced_agreement", old)
        _retire(draft, {"open", "part"}, "frozen")
    else:
        _retire(draft, {"draft"}, "dropped")
    draft.set_fact("agreement", title)
    entries = given.get("obligations") or (_ordered(draft, question) if kind in _ORDERED else [])
    for entry in entries:
        state = "open" if status == "in_force" else "draft"
        draft.put("obligations", _obligation(entry, question.setting.new_id(), title_id, state))
    if status == "in_force" and kind in _AGREED:
        settle_open_claims(draft, "settled")
    if question.step.action in {"court_oral_agreement", "statement_ends_case"}:
        _perform_all(draft, question)


def _ordered(draft: Draft, question: Question) -> list[Input]:
    """What an award or judgment orders when nobody wrote it down: one payment a claim, no day of its own."""
    creditor = next(question.case.applicants(), None)
    debtor = next(question.case.respondents(), None)
    return [
        {
            "kind": "payment",
            "amount_fen": claim.awarded_fen,
            "creditor": creditor.id if creditor else None,
            "debtor": debtor.id if debtor else None,
        }
        for claim in draft.case.claims.values()
        if claim.awarded_fen
    ]


def _retire(draft: Draft, states: set[str], status: str) -> None:
    for key, owed in draft.records("obligations").items():
        if owed.status in states:
            draft.amend("obligations", key, status=status)


def settle_open_claims(draft: Draft, outcome: str) -> None:
    for key, claim in draft.records("claims").items():
        if claim.outcome == "open":
            draft.amend("claims", key, outcome=outcome)


def revive_claims(draft: Draft) -> None:
    for key, claim in draft.records("claims").items():
        if claim.outcome in {"settled", "waived"}:
            draft.amend("claims", key, outcome="open")


def _perform_all(draft: Draft, question: Question) -> None:
    for key, owed in draft.records("obligations").items():
        if owed.status in {"open", "part"}:
            paid = owed.amount_fen or 0
            draft.amend("obligations", key, status="done", paid_fen=paid, done_on=question.day)


def _take_effect(draft: Draft, question: Question, given: Input) -> None:
    """A drafted agreement binds: its obligations open, the replaced ones end, the claims are settled."""
    _retire(draft, {"frozen"}, "superseded")
    _retire(draft, {"draft"}, "open")
    draft.set_fact("replaced_agreement", None)
    title = dict(draft.fact("agreement") or {})
    title.update(status="in_force", effective_on=plain(given.get("effective_on") or question.day))
    draft.set_fact("agreement", title)
    settle_open_claims(draft, "settled")


def _drop_draft(draft: Draft, _question: Question, _given: Input) -> None:
    """New terms came to nothing: the agreement before them binds as it was."""
    _retire(draft, {"draft"}, "dropped")
    _retire(draft, {"frozen"}, "open")
    if draft.fact("replaced_agreement") is not None:
        draft.set_fact("agreement", draft.fact("replaced_agreement"))
        draft.set_fact("replaced_agreement", None)


def _rescind(draft: Draft, _question: Question, _given: Input) -> None:
    draft.set_fact("agreement", {**(draft.fact("agreement") or {}), "status": "rescinded"})
    _retire(draft, {"open", "part", "frozen", "draft"}, "superseded")


def _perform(draft: Draft, question: Question, given: Input) -> None:
    """Book a payment or act on one obligation: the amount given (fen), or all that is left of it."""
    owed = draft.records("obligations").get(given["obligation"])
    if owed is None:
        return
    left = (owed.amount_fen or 0) - owed.paid_fen
    paid = owed.paid_fen + (given["amount"] if given.get("amount") is not None else left)
    done = owed.amount_fen is None or paid >= owed.amount_fen
    draft.put(
        "obligations",
        replace(
            owed,
            version=owed.version + 1,
            paid_fen=paid,
            status="done" if done else "part",
            done_on=given.get("done_on") or question.day,
            payer_id=given.get("payer"),
            payer_capacity=given.get("payer_capacity"),
        ),
    )


def _check_terms(_draft: Draft, question: Question, given: Input) -> None:
    check_obligations(question, "terms", given.get("terms") or ())


def _change_own_claims(_draft: Draft, question: Question, given: Input) -> None:
    """A party that records for itself changes or drops only what its own side claims."""
    roles = question.setting.roles
    if not roles or not roles <= SIDES:
        return
    named = {
        "change": {entry["claim"] for entry in given.get("change") or ()},
        "drop": set(given.get("drop") or ()),
    }
    text = Label("只能变更或者放弃本方的请求", "A party changes or drops only the claims of its own side")
    blockers = [
        Blocker("authority_to_settle", text, name, tuple(sorted(HOUSE)), "CPL 62; R17 26 (from memory)")
        for name, keys in named.items()
        if any(question.case.claims[key].claimant_side not in own_sides(question) for key in keys)
    ]
    if blockers:
        raise BlockedError(blockers, action=question.step.action)


def _postpone(draft: Draft, question: Question, given: Input) -> None:
    if errors := list(_due_errors("/new_due", given["new_due"], question.today)):
        raise InvalidInputError(errors)
    draft.amend("obligations", given["obligation"], due_on=given["new_due"], due_text=None)


TITLE_ACTIONS: Mapping[str, Callable[[Draft, Question, Input], None]] = {
    "complete_signatures": _take_effect,
    "new_terms_effective": _take_effect,
    "signature_refused": _drop_draft,
    "signature_lapses": _drop_draft,
    "resume_drafting": _drop_draft,
    "new_terms_refused": _drop_draft,
    "new_terms_lapse": _drop_draft,
    "rescind_recorded": _rescind,
    "record_performance": _perform,
    "record_final_performance": _perform,
    "record_late_performance": _perform,
    "cure_default": _perform,
    "postpone_due_date": _postpone,
    "enforcement_settled": _check_terms,
    "amend_claims": _change_own_claims,
}
"""What steps do to agreements and obligations that are there already, and what they may not put into them."""

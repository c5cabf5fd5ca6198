"""Which acts of a step bear on the limitation of which claims, read off the rows' limitation column.

What the steps cannot date stays out and is recorded by hand with its evidence: the complaint or application
behind a case that a court or commission sent (T54, T55). Joining a party interrupts against that party only (T152),
so it leaves the claim's clock, which is the one against the first debtor, as it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.cases import Case, Question
from mediation.domain.conditions import CONDITIONS
from mediation.domain.draft import Draft
from mediation.domain.limitation.facts import EventKind
from mediation.domain.records import Claim, LimitationAct, Party

SUSPENSION: Final = "suspension"
STANDING: Final = "standing"
OBLIGATIONS: Final = "obligations"

_EFFECT: Final = re.compile(r"(I\+|I=|I!)(?: \[(\w+)\])?")
_KIND: Final = {"I+": EventKind.ASSERTION, "I=": EventKind.PROMISE, "I!": EventKind.END_OF_PROCEDURE}

TO_AUTHORITY: Final = frozenset({
    "apply_enforcement", "apply_payment_order", "apply_preservation", "court_registers_case", "file", "file_suit",
    "hand_over_inspection", "other_party_sues", "po_turns_into_suit", "receive_from_inspection",
    "record_pending_arbitration", "request_court_mediation",
})  # fmt: skip
"""Assertions made to a commission, a court or the inspection instead of the debtor (LDMAL 27(2))."""

NOTED: Final[Mapping[str, EventKind]] = MappingProxyType({
    "record_pending_arbitration": EventKind.AUTHORITY,
    "suit_withdrawn_unregistered": EventKind.END_OF_PROCEDURE,
    "withdraw_arbitration": EventKind.END_OF_PROCEDURE,
})  # fmt: skip
"""Rows that say in words what interrupts: a filing elsewhere, a withdrawal after which the year restarts."""

DAY_IN: Final[Mapping[str, str]] = MappingProxyType({
    "record_existing_agreement": "effective_on",
    "record_pending_arbitration": "filed_on",
})  # fmt: skip
"""Rows whose event happened on a day the input names, not on the day of the step."""

PROMISED_IN: Final = ("new_due", "promise_due")
"""Inputs that name the last day of performance a promise gives."""

ONLY_NEW_CLAIMS: Final = frozenset({"add_counterclaim", "amend_claims"})
AGAINST_OTHERS: Final = frozenset({"join_party"})
KEEPS_CLAIMANT_FROM_ACTING: Final = frozenset({"force_majeure", "no_guardian", "party_death"})
"""Reasons of a hold that suspend limitation as well (LDMAL 27(3); CC 194)."""

_DEBTORS: Final = frozenset({"respondent", "co_respondent", "joint_debtor", "guarantor"})
_OWED: Final = frozenset({"open", "part", "draft"})
_GONE: Final = frozenset({"withdrawn", "waived", "dismissed", "split_off"})
_ASSERTIONS: Final = frozenset({EventKind.ASSERTION, EventKind.AUTHORITY})


def note_acts(draft: Draft, question: Question) -> None:
    """Put the limitation acts of a step into the draft, and open or close the suspension that a hold brings."""
    if question.command is None:
        return
    for act in _acts(draft, question):
        draft.put("limitation_acts", act)
    if question.step.action == "start_hold":
        _suspend(draft, question)
    elif question.step.action == "end_hold":
        _resume(draft, question)


def _acts(draft: Draft, question: Question) -> Iterator[LimitationAct]:
    action, given = question.step.action, _input(question)
    day_from = DAY_IN.get(action) if given.get(DAY_IN.get(action, "")) else None
    for kind in _kinds(question):
        claims = tuple(_claims_meant(draft.case, question, kind))
        if not claims:
            continue
        due_on, due_from = _promised_until(draft, given) if kind is EventKind.PROMISE else (None, None)
        yield LimitationAct(
            id=question.setting.new_id(),
            version=1,
            kind=str(kind),
            day=_as_day(given[day_from]) if day_from else _event_day(question),
            claims=claims,
            due_on=due_on,
            action=action,
            day_from=day_from,
            due_from=due_from,
        )


def _event_day(question: Question) -> date:
    """The day of the act; a suit counts from the complaint, not from its registration (T29; SLI 12)."""
    if question.step.action != "court_registers_case":
        return question.day
    complaints = [
        act.day
        for act in question.case.limitation_acts.values()
        if act.action == "file_suit" and act.status == STANDING
    ]
    return max(complaints, default=question.day)


def _kinds(question: Question) -> Iterator[EventKind]:
    action = question.step.action
    if action in AGAINST_OTHERS:
        return
    if action in NOTED:
        yield NOTED[action]
    payer = _party(question, "payer")
    if action == "advance_paid" and payer is not None and payer.role in _DEBTORS:
        yield EventKind.PROMISE
    for match in _EFFECT.finditer(question.step.limitation):
        if match[2] is None or CONDITIONS[match[2]](question, question.case, ""):
            kind = _KIND[match[1]]
            yield EventKind.AUTHORITY if kind is EventKind.ASSERTION and action in TO_AUTHORITY else kind


def _claims_meant(case: Case, question: Question, kind: EventKind) -> Iterator[str]:
    """Claims that were there and not given up; an assertion by the other side is none."""
    acting, before = _acting(question), question.case.claims
    for key, claim in case.claims.items():
        if key in before and (before[key].outcome in _GONE or question.step.action in ONLY_NEW_CLAIMS):
            continue
        if not (kind in _ASSERTIONS and _is_other_side(acting, claim)):
            yield key


def _is_other_side(acting: Party | None, claim: Claim) -> bool:
    return acting is not None and {acting.side, claim.claimant_side} == {"worker", "employer"}


def _acting(question: Question) -> Party | None:
    recorded_for = question.command.recorded_for if question.command else None
    return _party(question, "by") or question.case.parties.get(recorded_for or "")


def _party(question: Question, name: str) -> Party | None:
    value = _input(question).get(name)
    return question.case.parties.get(value) if isinstance(value, str) else None


def _promised_until(draft: Draft, given: Mapping[str, Any]) -> tuple[date | None, str | None]:
    """The last day of performance the promise names, and where: given with the step, or of the plan's obligations."""
    named = [(_as_day(given[name]), name) for name in PROMISED_IN if given.get(name)]
    named += [(day, OBLIGATIONS) for day in _planned_days(draft)]
    return max(named, default=(None, None))


def _planned_days(draft: Draft) -> Iterator[date]:
    for change in draft.changes():
        after = change.after if change.collection == OBLIGATIONS else None
        if after is not None and after["status"] in _OWED and after["due_on"]:
            yield _as_day(after["due_on"])


def _suspend(draft: Draft, question: Question) -> None:
    given = _input(question)
    if given.get("hold_reason") not in KEEPS_CLAIMANT_FROM_ACTING:
        return
    suspension = LimitationAct(
        id=question.setting.new_id(),
        version=1,
        kind=SUSPENSION,
        day=_as_day(given.get("since") or question.day),
        claims=(),
        action=question.step.action,
        reason=given["hold_reason"],
    )
    draft.put("limitation_acts", suspension)


def _resume(draft: Draft, question: Question) -> None:
    until = _as_day(_input(question).get("until") or question.day)
    for act in list(draft.records("limitation_acts").values()):
        is_open = act.kind == SUSPENSION and act.until is None and act.status == STANDING
        if is_open and act.action == "start_hold":
            ended = replace(act, until=max(act.day, until), version=act.version + 1)
            draft.put("limitation_acts", ended)


def correct_acts(draft: Draft, name: str, old: date, new: date) -> None:
    """Let the acts whose day, or whose promised last day, was told under `name` follow its correction."""
    for act in list(draft.records("limitation_acts").values()):
        day = new if act.day_from == name and act.day == old else act.day
        due_on = new if act.due_from == name and act.due_on == old else act.due_on
        if (day, due_on) != (act.day, act.due_on):
            draft.put("limitation_acts", replace(act, day=day, due_on=due_on, version=act.version + 1))


def _input(question: Question) -> Mapping[str, Any]:
    return question.command.input if question.command else {}


def _as_day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value

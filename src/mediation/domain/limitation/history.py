"""Which acts in a case's history interrupt the limitation of each claim, read off the rows' limitation column.

What the history cannot date stays out and is recorded by hand with its evidence: the complaint or application
behind a case that a court or commission sent (T54, T55). Joining a party interrupts against that party only (T152),
so it leaves the claim's clock, which is the one against the first debtor, as it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.limitation.facts import EventKind, LimitationEvent, Suspension
from mediation.domain.procedure import PROCEDURE

Payload = Mapping[str, Any]
"""One entry of the history as kept: id, kind, action, from, occurred_on, input, changes."""

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

ONLY_NEW_CLAIMS: Final = frozenset({"add_counterclaim", "amend_claims"})
AGAINST_OTHERS: Final = frozenset({"join_party"})
MEDIATING: Final = frozenset({
    "awaiting_counterparty_consent", "org_mediation_accepted", "org_mediation_in_progress", "org_mediation_extended",
    "agreement_signed_pending_effect", "court_mediation_in_progress", "court_mediation_extended",
})  # fmt: skip
KEEPS_CLAIMANT_FROM_ACTING: Final = frozenset({"force_majeure", "no_guardian", "party_death"})
"""Reasons of a hold that suspend limitation as well (LDMAL 27(3); CC 194)."""

_DEBTORS: Final = frozenset({"respondent", "co_respondent", "joint_debtor", "guarantor"})
_OWED: Final = frozenset({"open", "part", "draft"})
_GONE: Final = frozenset({"withdrawn", "waived", "dismissed", "split_off"})
_CORRECTIONS: Final = frozenset({"correct_entry", "correct_closed_entry"})


@dataclass(slots=True)
class _Standing:
    """Claims and parties as they stand while the history is read from its beginning."""

    claims: dict[str, Payload] = field(default_factory=dict)
    parties: dict[str, Payload] = field(default_factory=dict)
    complaint_on: str | None = None

    def take_in(self, entry: Payload) -> None:
        if entry["action"] == "file_suit":
            self.complaint_on = entry["occurred_on"]
        for change in entry["changes"]:
            records = {"claims": self.claims, "parties": self.parties}.get(change["c"])
            if records is not None and change["a"] is None:
                records.pop(change["k"], None)
            elif records is not None:
                records[change["k"]] = change["a"]


def events_from_history(entries: Iterable[Payload]) -> dict[str, tuple[LimitationEvent, ...]]:
    """Give the interrupting acts by claim id, in the order of the history, which must be whole and in its order.

    A voided step counts for nothing; a corrected day counts as corrected. A claim only takes acts made when
    it was there and not given up; an assertion by the other side is none.
    """
    found: dict[str, list[LimitationEvent]] = {}
    standing = _Standing()
    for entry in _as_corrected(entries):
        before = dict(standing.claims)
        standing.take_in(entry)
        for event in _events(entry, standing):
            for claim in _claims_meant(event, entry, before, standing):
                found.setdefault(claim, []).append(event)
    return {claim: tuple(found.get(claim, ())) for claim in standing.claims}


def suspensions_from_history(entries: Iterable[Payload]) -> tuple[Suspension, ...]:
    """Give the holds that also kept the claimant from acting (L4); the last is open while the hold lasts."""
    found: list[Suspension] = []
    is_open = False
    for entry in _as_corrected(entries):
        given = entry.get("input") or {}
        if entry["action"] == "start_hold" and given.get("hold_reason") in KEEPS_CLAIMANT_FROM_ACTING:
            found.append(Suspension(_day(given, "since", entry), None, given["hold_reason"]))
            is_open = True
        elif entry["action"] == "end_hold" and is_open:
            found[-1] = replace(found[-1], until=max(found[-1].since, _day(given, "until", entry)))
            is_open = False
    return tuple(found)


def _as_corrected(entries: Iterable[Payload]) -> list[dict[str, Any]]:
    """The entries with voided steps emptied of their meaning and corrected days put in their place."""
    told = [dict(entry) for entry in entries]
    voids: dict[str, str] = {}
    for entry in reversed(told):  # a void may itself be voided by a later one
        if entry["action"] == "void_last_step" and entry["id"] not in voids.values():
            voids[entry["id"]] = (entry.get("input") or {}).get("step", "")
    for entry in told:
        if entry["id"] in voids.values():
            entry["kind"], entry["action"] = "voided", ""
    for at, entry in enumerate(told):
        if entry["action"] in _CORRECTIONS:
            _correct(told[:at], entry)
    return told


def _correct(earlier: list[dict[str, Any]], correction: Payload) -> None:
    for change in correction["changes"]:
        if change["c"] != "facts" or change["a"] is None:
            continue
        name = change["k"]
        for entry in reversed(earlier):
            given = entry.get("input") or {}
            if entry["kind"] == "step" and name in given:
                entry["input"] = {**given, name: change["a"]["value"]}
                break


def _events(entry: Payload, standing: _Standing) -> Iterator[LimitationEvent]:
    for kind in _kinds(entry, standing) if entry["kind"] == "step" else ():
        yield LimitationEvent(
            day=_event_day(entry, standing),
            kind=kind,
            source="step",
            action=entry["action"],
            evidence=entry["id"],
            due_on=_promised_until(entry) if kind is EventKind.PROMISE else None,
        )


def _event_day(entry: Payload, standing: _Standing) -> date:
    """The day of the act; a suit counts from the complaint, not from its registration (T29; SLI 12)."""
    if entry["action"] == "court_registers_case" and standing.complaint_on is not None:
        return date.fromisoformat(standing.complaint_on)
    return _day(entry.get("input") or {}, DAY_IN.get(entry["action"], ""), entry)


def _kinds(entry: Payload, standing: _Standing) -> Iterator[EventKind]:
    action = entry["action"]
    step = PROCEDURE.steps.get(action)
    if step is None or action in AGAINST_OTHERS:
        return
    if action in NOTED:
        yield NOTED[action]
    if action == "advance_paid" and _party(entry, "payer", standing).get("role") in _DEBTORS:
        yield EventKind.PROMISE
    for match in _EFFECT.finditer(step.limitation):
        if match[2] is None or _holds(match[2], entry):
            kind = _KIND[match[1]]
            yield EventKind.AUTHORITY if kind is EventKind.ASSERTION and action in TO_AUTHORITY else kind


def _holds(condition: str, entry: Payload) -> bool:
    if condition == "mediation_was_running":
        return entry.get("from") in MEDIATING
    return (entry.get("input") or {}).get(condition) is True


def _claims_meant(
    event: LimitationEvent, entry: Payload, before: Mapping[str, Payload], standing: _Standing
) -> Iterator[str]:
    acting = _party(entry, "by", standing) or standing.parties.get(entry.get("recorded_for") or "", {})
    asserts = event.kind in {EventKind.ASSERTION, EventKind.AUTHORITY}
    for key, claim in standing.claims.items():
        is_new = key not in before
        if not is_new and (before[key]["outcome"] in _GONE or entry["action"] in ONLY_NEW_CLAIMS):
            continue
        sides = {acting.get("side"), claim.get("claimant_side")}
        if not (asserts and sides == {"worker", "employer"}):
            yield key


def _party(entry: Payload, name: str, standing: _Standing) -> Payload:
    return standing.parties.get((entry.get("input") or {}).get(name) or "", {})


def _promised_until(entry: Payload) -> date | None:
    """The last day of performance the promise names: of the plan's obligations, or given with the step."""
    given = entry.get("input") or {}
    days = [given.get("new_due"), given.get("promise_due")]
    days += [
        change["a"].get("due_on")
        for change in entry["changes"]
        if change["c"] == "obligations" and change["a"] is not None and change["a"]["status"] in _OWED
    ]
    return max((date.fromisoformat(day) for day in days if day), default=None)


def _day(given: Payload, name: str, entry: Payload) -> date:
    return date.fromisoformat(given.get(name) or entry["occurred_on"])

"""Splitting a case: some claims, workers or respondents go on in a sibling that stands in the same state.

What would need two states at once is two cases. Clocks, consents and the limitation history are copied, not
restarted. A claim that both parts keep stands in the sibling without an amount: nobody but the parties can
say how much of it belongs there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from mediation.domain.cases import MAIN, Case
from mediation.domain.deadlines import DeadlineStatus, end_deadline
from mediation.domain.draft import Draft
from mediation.domain.employment import EMPLOYMENT
from mediation.domain.records import Party

SPLIT_OFF = "split_off"
_HOLD = "hold"
_KEPT_FACTS = ("siblings", "collective", "linked", "attested")


def take_out(draft: Draft, given: Mapping[str, Any], on: date) -> None:
    """Take what is split off out of the case: claims get the outcome `split_off`, parties that status."""
    for key in given.get("claims") or ():
        claim = draft.records("claims")[key]
        draft.put("claims", replace(claim, outcome=SPLIT_OFF, version=claim.version + 1))
    for key in (*(given.get("workers") or ()), *(given.get("respondents") or ())):
        party = draft.records("parties")[key]
        draft.put("parties", replace(party, status=SPLIT_OFF, version=party.version + 1))
    _take_out_employment(draft, given.get("workers") or ())
    gone = {*(given.get("claims") or ()), *(given.get("workers") or ()), *(given.get("respondents") or ())}
    for deadline in list(draft.case.running()):
        if deadline.ref_id in gone or deadline.party_id in gone:
            draft.put("deadlines", end_deadline(deadline, DeadlineStatus.REPLACED, on=on, by=SPLIT_OFF))


def _take_out_employment(draft: Draft, workers: Collection[str]) -> None:
    """Take the wages of workers who leave out of the case: those who stay may not see them."""
    kept = draft.fact(EMPLOYMENT) or {}
    if kept.keys() & set(workers):
        draft.set_fact(EMPLOYMENT, {key: facts for key, facts in kept.items() if key not in workers} or None)


def sibling(
    case: Case,
    given: Mapping[str, Any],
    empty: Case,
    *,
    new_id: Callable[[], str],
    copy_party: Callable[[Party], Party],
) -> Draft:
    """The sibling as a draft: same state and facts, the chosen parts, copies of what both parts keep."""
    draft = Draft(empty)
    for track in case.tracks.values():
        if track.id == MAIN or track.track == _HOLD:
            draft.put("tracks", track)
    moved = _copy_parties(draft, case, given, copy_party)
    claims = _copy_claims(draft, case, given, new_id)
    for entry in case.assignments.values():
        if entry.until is None:
            draft.put("assignments", replace(entry, id=new_id()))
    _copy_clocks(draft, case, {**moved, **claims}, new_id)
    _copy_limitation(draft, case, claims, new_id)
    for name, value in case.facts.items():
        track_id, _, _ = name.rpartition(".")
        if name not in _KEPT_FACTS and (not track_id or track_id in draft.records("tracks")):
            draft.set_fact(name, _renamed(value, case, moved))
    draft.set_fact("split_from", case.id)
    return draft


def _copy_clocks(draft: Draft, case: Case, moved: Mapping[str, str], new_id: Callable[[], str]) -> None:
    """Copy running clocks with their days; those of a party or claim that stays behind, and of other tracks, stay."""
    for deadline in case.running():
        refs = [ref for ref in (deadline.party_id, deadline.ref_id) if ref is not None]
        if deadline.track_key not in draft.records("tracks") or not all(ref in moved for ref in refs):
            continue
        party_id, ref_id = moved.get(deadline.party_id or ""), moved.get(deadline.ref_id or "")
        draft.put("deadlines", replace(deadline, id=new_id(), party_id=party_id, ref_id=ref_id))


def _copy_limitation(draft: Draft, case: Case, claims: Mapping[str, str], new_id: Callable[[], str]) -> None:
    """Copy what bears on the limitation of the claims that go over, so that their year goes on as it stands."""
    for act in case.limitation_acts.values():
        mine = tuple(claims[key] for key in act.claims if key in claims)
        if mine or not act.claims:
            draft.put("limitation_acts", replace(act, id=new_id(), version=1, claims=mine))


def _renamed(value: Any, case: Case, parties: Mapping[str, str]) -> Any:
    """A fact with the ids of the sibling in it, where it keeps a day for each party."""
    if not isinstance(value, dict) or not value or not value.keys() <= case.parties.keys():
        return value
    return {parties[key]: day for key, day in value.items() if key in parties} or None


def _copy_parties(
    draft: Draft, case: Case, given: Mapping[str, Any], copy_party: Callable[[Party], Party]
) -> dict[str, str]:
    """Chosen workers and respondents go over; of a side nobody was chosen from, everybody is copied."""
    workers, respondents = set(given.get("workers") or ()), set(given.get("respondents") or ())
    applicants = {party.id for party in case.applicants()}
    others = {party.id for party in case.respondents()}
    moved: dict[str, str] = {}
    for party in case.active_parties():
        leaves_out = (party.id in applicants and workers and party.id not in workers) or (
            party.id in others and respondents and party.id not in respondents
        )
        if not leaves_out:
            copied = copy_party(party)
            moved[party.id] = copied.id
            draft.put("parties", copied)
    return moved


def _copy_claims(draft: Draft, case: Case, given: Mapping[str, Any], new_id: Callable[[], str]) -> dict[str, str]:
    chosen = set(given.get("claims") or ())
    moved: dict[str, str] = {}
    for claim in case.open_claims():
        if chosen and claim.id not in chosen:
            continue
        copied = replace(claim, id=new_id(), version=1)
        if not chosen and claim.amount_fen is not None:
            copied = replace(copied, amount_fen=None, amount_text="分案，金额另行核定")
        moved[claim.id] = copied.id
        draft.put("claims", copied)
    return moved

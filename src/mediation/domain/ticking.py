"""What a step does to the clocks of a case: its row's starts, stops, moves and pauses, and limitation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from mediation.domain.calendar import Unit
from mediation.domain.cases import Command, Question, fact_name
from mediation.domain.claims import CLAIM_CODES
from mediation.domain.conditions import CONDITIONS
from mediation.domain.deadlines import (
    Deadline,
    DeadlineStatus,
    end_deadline,
    is_over,
    move_deadline,
    resume_deadline,
    start_deadline,
)
from mediation.domain.draft import Draft
from mediation.domain.procedure.step import Start, Step, Stop
from mediation.domain.readings import reading
from mediation.domain.terms import TERMS, counts_from

ENFORCEMENT = "D_ENFORCE_2Y"
LIMITATION = ("D_LIMIT_1Y", "D_LIMIT_WAGE_EXIT_1Y")
_LIMITATION_EFFECT = re.compile(r"(I\+|I=|I!)(?: \[(\w+)\])?")


def tick(draft: Draft, question: Question, track_id: str) -> None:
    """Apply the row's clocks to the draft, stops first; the question's command gives the facts and the day."""
    step, command = question.step, _command(question)
    for stop in step.stops:
        if stop.when is None or _holds(question, draft, stop.when, next(iter(stop.terms))):
            _stop(draft, stop, question)
    for move in step.moves:
        _move(draft, move.term, move.to, question)
    for pause in step.pauses:
        if pause.when is None or _holds(question, draft, pause.when, ""):
            _pause(draft, pause.terms, command)
    for resume in step.resumes:
        _resume(draft, resume.terms, question)
    for start in step.starts:
        if start.when is None or _holds(question, draft, start.when, start.term):
            _start(draft, start, question, track_id)
    interrupted = _interrupts(step, question, draft)
    if interrupted:
        _interrupt(draft, question)


def _command(question: Question) -> Command:
    if question.command is None:
        msg = "clocks are only moved by a command"
        raise ValueError(msg)
    return question.command


def _holds(question: Question, draft: Draft, name: str, term: str) -> bool:
    return CONDITIONS[name](question, draft.case, term)


def _stop(draft: Draft, stop: Stop, question: Question) -> None:
    command = _command(question)
    for deadline in list(draft.records("deadlines").values()):
        if deadline.status != DeadlineStatus.RUNNING or deadline.term not in stop.terms:
            continue
        if stop.only is not None and not _concerns(deadline, stop.only, command):
            continue
        fired = command.fired is not None and deadline.id == command.fired.id
        status = DeadlineStatus.FIRED if fired else DeadlineStatus.STOPPED
        draft.put("deadlines", end_deadline(deadline, status, on=command.occurred_on, by=question.step.id))


def _concerns(deadline: Deadline, only: str, command: Command) -> bool:
    if only == "fired":
        return command.fired is not None and deadline.id == command.fired.id
    if only == "recorded_for":
        return command.recorded_for in {None, deadline.party_id}
    value = command.input.get(only)
    if value is None:
        return False
    values = value if isinstance(value, list) else [value]
    return deadline.ref_id in values or deadline.party_id in values


def _move(draft: Draft, term: str, to: str, question: Question) -> None:
    command = _command(question)
    for deadline in list(draft.records("deadlines").values()):
        mine = deadline.term == term and deadline.status == DeadlineStatus.RUNNING
        if mine and (term != "OBLIGATION" or _concerns(deadline, "obligation", command)):
            moved = move_deadline(deadline, _day(question, draft, to), question.setting.calendar)
            draft.put("deadlines", moved)


def _pause(draft: Draft, terms: frozenset[str], command: Command) -> None:
    since = command.input.get("since") or command.occurred_on
    already = (draft.fact("paused") or {}).get("deadlines", [])  # a hold may pause clocks of two kinds
    paused = [d.id for d in draft.case.running(*terms) if d.id not in already]
    draft.set_fact("paused", {"since": since.isoformat(), "deadlines": [*already, *paused]})


def _resume(draft: Draft, terms: frozenset[str], question: Question) -> None:
    paused = draft.fact("paused")
    if not paused:
        return
    since, until = date.fromisoformat(paused["since"]), _day(question, draft, "until")
    for key in paused["deadlines"]:
        deadline = draft.records("deadlines").get(key)
        if deadline is not None and deadline.term in terms and deadline.status == DeadlineStatus.RUNNING:
            resumed = resume_deadline(deadline, since=since, until=until, calendar=question.setting.calendar)
            draft.put("deadlines", resumed)
    known = draft.records("deadlines")
    remaining = [key for key in paused["deadlines"] if key in known and known[key].term not in terms]
    draft.set_fact("paused", {**paused, "deadlines": remaining} if remaining else None)


def _start(draft: Draft, start: Start, question: Question, track_id: str) -> None:
    if start.term == "LIM" or start.term in LIMITATION:
        _start_limitation(draft, start, question)
        return
    if not counts_from(TERMS[start.term], start.at):
        return
    if start.term == ENFORCEMENT:
        _replace(draft, question, start.term)
    for day, party_id, ref_id in _starting_days(draft, start, question):
        agreed = TERMS[start.term].unit is Unit.AGREED
        deadline = start_deadline(
            start.term,
            id=question.setting.new_id(),
            start=min(question.day, day) if agreed else day,
            calendar=question.setting.calendar,
            fact=start.at,
            agreed_end=day if agreed else None,
            party_id=party_id,
            ref_id=ref_id,
            track_key=track_id,
        )
        draft.put("deadlines", deadline)


def _replace(draft: Draft, question: Question, term: str) -> None:
    """A title has one term of enforcement: a later start takes the place of the one that runs."""
    for deadline in list(draft.case.running(term)):
        ended = end_deadline(deadline, DeadlineStatus.REPLACED, on=question.day, by=question.step.id)
        draft.put("deadlines", ended)


def _starting_days(draft: Draft, start: Start, question: Question) -> Iterator[tuple[date, str | None, str | None]]:
    case = draft.case
    if start.per == "obligation":
        running = {d.ref_id for d in case.running("OBLIGATION")}
        for owed in case.live_obligations():
            if owed.status != "done" and owed.due_on is not None and owed.id not in running:
                yield owed.due_on, owed.debtor_id, owed.id
        return
    value = _value(question, draft, start.at)
    if isinstance(value, dict):
        for party_id, day in value.items():
            party = case.parties.get(party_id)
            if start.per != "employer" or (party is not None and party.side == "employer"):
                yield _as_day(day), party_id, None
    elif value is not None:
        yield _as_day(value), None, None


def _value(question: Question, draft: Draft, name: str) -> Any:
    if name == "occurred_on":
        return question.day
    if name == "last_due_date":
        days = [o.due_on for o in draft.case.live_obligations() if o.due_on is not None]
        return max(days, default=question.day)
    value = _command(question).input.get(name)
    if value is None:
        value = draft.fact(fact_name(question.track, name))
    if value is None:
        value = draft.fact(name)
    if value is None and name == "effective_on":
        value = (draft.fact("agreement") or {}).get("effective_on")
    return value


def _day(question: Question, draft: Draft, name: str) -> date:
    value = _value(question, draft, name)
    return question.day if value is None else _as_day(value)


def _as_day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _start_limitation(draft: Draft, start: Start, question: Question) -> None:
    ended_on = _value(question, draft, "ended_on")
    covered = {d.ref_id for d in draft.case.running(*LIMITATION)}
    for claim in draft.case.open_claims():
        wage = CLAIM_CODES[claim.code].limitation == "L5"
        term = LIMITATION[1] if wage else LIMITATION[0]
        day = _as_day(ended_on) if wage and ended_on else (None if wage else claim.knew_on)
        if day is None or claim.id in covered or start.term not in {"LIM", term}:
            continue
        fact = "ended_on" if wage else "knew_on"
        draft.put("deadlines", _limitation(term, day, fact, claim.id, question))


def _limitation(term: str, day: date, fact: str, claim_id: str | None, question: Question) -> Deadline:
    return start_deadline(
        term,
        id=question.setting.new_id(),
        start=day,
        calendar=question.setting.calendar,
        fact=fact,
        ref_id=claim_id,
    )


def _interrupts(step: Step, question: Question, draft: Draft) -> bool:
    effects = reading("AMB-13")
    return any(
        match[1] in effects and (not match[2] or _holds(question, draft, match[2], ""))
        for match in _LIMITATION_EFFECT.finditer(step.limitation)
    )


_FOR_NEW_CLAIMS = frozenset({"amend_claims", "add_counterclaim", "join_party"})
"""Steps that assert only what they bring in: clocks of the claims that were there before run on."""


def _interrupt(draft: Draft, question: Question) -> None:
    """Start each running limitation clock anew from the day of the act (LDMAL 27(2)); one that is over stays."""
    only_new = question.step.action in _FOR_NEW_CLAIMS
    for deadline in list(draft.case.running(*LIMITATION)):
        if only_new and deadline.ref_id in question.case.claims:
            continue
        if is_over(deadline, question.day) or deadline.start >= question.day:
            continue
        ended = replace(deadline, status=DeadlineStatus.REPLACED, ended_on=question.day, ended_by=question.step.id)
        new = _limitation(deadline.term, question.day, question.step.action, deadline.ref_id, question)
        if deadline.id in question.case.deadlines:
            draft.put("deadlines", ended)
            draft.put("deadlines", new)
        else:
            draft.put("deadlines", replace(new, id=deadline.id))

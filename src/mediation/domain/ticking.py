"""What a step does to the clocks of a case: its row's starts, stops, moves and pauses, and limitation.

What it means for limitation is the limitation package's; a clock of a claim is started here by name only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from mediation.domain.calendar import Unit
from mediation.domain.cases import Command, Question, fact_name
from mediation.domain.conditions import CONDITIONS
from mediation.domain.deadlines import (
    Deadline,
    DeadlineStatus,
    end_deadline,
    extend_deadline,
    resume_deadline,
    start_deadline,
    suspend_deadline,
)
from mediation.domain.draft import Draft
from mediation.domain.limitation.acts import note_acts
from mediation.domain.limitation.keeping import Occasion, keep_limitation
from mediation.domain.procedure.step import Start, Stop
from mediation.domain.terms import LIMITATION_CODES, TERMS, counts_from

ENFORCEMENT = "D_ENFORCE_2Y"


def tick(draft: Draft, question: Question, track_id: str) -> None:
    """Apply the row's clocks to the draft, stops first; the question's command gives the facts and the day."""
    step = question.step
    for stop in step.stops:
        if stop.when is None or _holds(question, draft, stop.when, next(iter(stop.terms))):
            _stop(draft, stop, question)
    for move in step.moves:
        _move(draft, move.term, move.to, question)
    for pause in step.pauses:
        if pause.when is None or _holds(question, draft, pause.when, ""):
            _pause(draft, pause.terms, question)
    for resume in step.resumes:
        _resume(draft, resume.terms, question)
    for start in step.starts:
        if start.when is None or _holds(question, draft, start.when, start.term):
            _start(draft, start, question, track_id)
    note_acts(draft, question)
    tick_limitation(draft, question, {start.term for start in step.starts})


def tick_limitation(draft: Draft, question: Question, started: Collection[str] | None = None) -> None:
    """Bring the limitation of every claim in line; `started` names the clocks the row starts, None is a correction."""
    starts = frozenset(LIMITATION_CODES)
    if started is not None and "LIM" not in started:
        starts = starts.intersection(started)
    occasion = Occasion(question.setting, question.day, question.step.id, starts, is_correction=started is None)
    keep_limitation(draft, question.case, occasion)


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
            extended = extend_deadline(
                deadline,
                _day(question, draft, to),
                on=question.day,
                reason=question.step.action,
                by=question.step.id,
                calendar=question.setting.calendar,
            )
            draft.put("deadlines", extended)


def _pause(draft: Draft, terms: frozenset[str], question: Question) -> None:
    given, step = _command(question).input, question.step
    since, reason = _as_day(given.get("since") or question.day), given.get("hold_reason") or step.action
    for deadline in list(draft.case.running(*terms)):
        if not deadline.is_paused:
            draft.put("deadlines", suspend_deadline(deadline, since=since, reason=reason, by=step.id))


def _resume(draft: Draft, terms: frozenset[str], question: Question) -> None:
    until = _day(question, draft, "until")
    for deadline in list(draft.case.running(*terms)):
        if deadline.is_paused:
            draft.put("deadlines", resume_deadline(deadline, until=until, calendar=question.setting.calendar))


def _start(draft: Draft, start: Start, question: Question, track_id: str) -> None:
    if start.term == "LIM" or start.term in LIMITATION_CODES:
        return  # tick_limitation starts it
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

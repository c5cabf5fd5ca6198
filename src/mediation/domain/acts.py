"""What holds for every recorded act, whatever its row: the day it is given, and for whom its recorder may speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from mediation.domain.cases import Command, Question
from mediation.domain.days import shanghai_date
from mediation.domain.errors import Blocker
from mediation.domain.labels import Label
from mediation.domain.procedure.step import HOUSE, SIDES, ActOf, CaseRole, Step

LATE_AFTER = timedelta(days=30)
_MAY_LIE_AHEAD = frozenset(
    {
        "effective_on", "ended_on", "ends_on", "hearing_on", "new_due", "new_end", "pay_by", "planned_on",
        "postponed_from", "promise_due", "reply_by", "until",
    }
)  # fmt: skip


def act_blockers(question: Question) -> Iterator[Blocker]:
    """Everything in the way of an act that no guard of its row speaks of."""
    yield from _day_blockers(question)
    yield from _own_act_blockers(question)
    yield from _void_blockers(question)


def _day_blockers(question: Question) -> Iterator[Blocker]:
    """Dates of acts: not in the future, not before the fact they follow, late ones with a reason."""
    command, track = question.command, question.track
    if command is None or CaseRole.SYSTEM in question.setting.roles:
        return
    if command.occurred_on > question.today:
        text = Label("发生日期不能晚于今天", "The day of the act lies in the future")
        yield Blocker(
            "occurred_in_future",
            text,
            "occurred_on",
            (),
            "product rule",
            {"today": question.today.isoformat()},
        )
    for name in _ahead(question.step, command, question.today):
        text = Label("该日期不能晚于今天", "This day lies in the future")
        facts = {"today": question.today.isoformat()}
        yield Blocker("occurred_in_future", text, name, (), "product rule", facts)
    last_on = track.last_on if track else None
    correcting = question.step.action in {"void_last_step", "correct_entry", "correct_closed_entry"}
    if last_on is not None and command.occurred_on < last_on and not correcting:
        text = Label("发生日期早于前一步骤", "The day of the act lies before the step it follows")
        facts = {"previous_on": last_on.isoformat()}
        yield Blocker("occurred_before_previous_step", text, "occurred_on", (), "product rule", facts)
    if question.today - command.occurred_on > LATE_AFTER and not command.late_reason:
        text = Label("补录超过30日,请说明原因", "Recorded more than 30 days late: give a reason")
        yield Blocker("late_reason_needed", text, "late_reason", (), "product rule")


def _own_act_blockers(question: Question) -> Iterator[Blocker]:
    """A party who records for itself speaks for nobody else, and not for both sides at once."""
    command, roles = question.command, question.setting.roles
    if command is None or not roles or not roles <= SIDES:
        return
    if question.step.act_of is ActOf.BOTH:
        text = Label(
            "双方共同行为由工作人员核对后登记", "An act of both sides is recorded by the house, which checks it"
        )
        yield Blocker("joint_act_recorded_by_house", text, None, tuple(sorted(HOUSE)), "product rule")
    own = {p.id for p in question.case.active_parties() if p.person_id == question.setting.actor_id}
    for name, party in _acting_parties(command):
        if party not in own:
            text = Label("只能以本人名义办理", "You may act for yourself only")
            yield Blocker("not_your_own_act", text, name, tuple(sorted(HOUSE)), "product rule")


def _acting_parties(command: Command) -> Iterator[tuple[str, str]]:
    for name in ("by", "asked_by"):
        if command.input.get(name) is not None:
            yield name, command.input[name]
    if command.recorded_for is not None:
        yield "recorded_for", command.recorded_for
    for name in ("consents", "signatures"):
        for entry in command.input.get(name) or ():
            if entry.get("party") is not None:
                yield name, entry["party"]


def _void_blockers(question: Question) -> Iterator[Blocker]:
    if question.command is not None and (question.setting.voided or {}).get("later_depends"):
        text = Label("其后的步骤以它为前提", "Later steps depend on it")
        yield Blocker("later_step_depends", text, "step", (), "product rule")


def _ahead(step: Step, command: Command, today: date) -> Iterator[str]:
    """Inputs that tell of something done, on a day that is still to come."""
    for field in step.inputs:
        value = command.input.get(field.name)
        if value is None or field.name in _MAY_LIE_AHEAD:
            continue
        if any(day > today for day in _days_of(value)):
            yield field.name


def _days_of(value: object) -> Iterator[date]:
    """Every day an input names, those of consents, signatures and contacts included."""
    if isinstance(value, datetime):
        yield shanghai_date(value)
    elif isinstance(value, date):
        yield value
    elif isinstance(value, Mapping):
        told = [value[name] for name in ("date", "at", "dated", "knew_on") if name in value]
        for entry in told or (value.values() if all(isinstance(day, date) for day in value.values()) else ()):
            yield from _days_of(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _days_of(entry)

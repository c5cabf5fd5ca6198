from dataclasses import replace
from datetime import date

import pytest
from tests.builders import build_case, build_deadline

from mediation.domain.calendar import official_calendar
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Task
from mediation.domain.tasks import (
    SUPERVISED,
    TaskOwner,
    TaskStatus,
    answering,
    escalate_on,
    open_task,
    owner_of,
    remind_on,
)
from mediation.domain.terms import TERMS

CALENDAR = official_calendar()
MONDAY = date(2026, 6, 15)


def task(term: str, state: str = "triage") -> Task:
    return open_task(build_case(state), build_deadline(term), key="t", today=MONDAY, calendar=CALENDAR)


@pytest.mark.parametrize("term", sorted(SUPERVISED))
def test_a_term_whose_lapse_alerts_the_supervisor_leaves_the_supervisor_a_task(term: str) -> None:
    assert task(term).owner_role == TaskOwner.SUPERVISOR


def test_terms_that_say_supervisor_alert_are_the_supervisors() -> None:
    alerts = {code for code, term in TERMS.items() if term.on_lapse and "supervisor" in term.on_lapse.en}

    assert alerts == SUPERVISED


def test_the_step_that_confirms_a_lapse_comes_first_and_says_who_answers() -> None:
    found = task("D_MED_15", "org_mediation_in_progress")

    assert found.actions[0] == "lapse"
    assert found.owner_role == TaskOwner.CLERK


def test_a_mediators_step_makes_it_the_mediators_task() -> None:
    found = task("D_CT_CONTACT_3WD", "court_mediation_in_progress")
    alone = next(step for step in PROCEDURE.steps.values() if step.recorded_by == {CaseRole.MEDIATOR})

    assert found.actions[0] == "contact_counterparty"
    assert found.owner_role == owner_of("D_MED_15", (alone.action,)) == TaskOwner.MEDIATOR


def test_steps_that_end_every_clock_alike_come_last() -> None:
    found = answering(build_case("registered"), "D_TRIAGE_1WD")

    assert found[0] == "triage_ok"
    assert len(found) <= 8


def test_no_step_that_only_the_clock_takes_answers_a_task() -> None:
    timers = {step.action for step in PROCEDURE.steps.values() if step.is_timer}
    found = {
        action
        for term in TERMS
        for state in PROCEDURE.open_main_states
        for action in answering(build_case(state), term)
    }

    assert found & timers == set()


def test_where_no_step_answers_the_clerk_looks_after_it() -> None:
    assert owner_of("D_TERMDOC_15", ()) == TaskOwner.CLERK


@pytest.mark.parametrize(
    ("term", "opened_on", "day"),
    [
        ("D_MED_15", MONDAY, date(2026, 6, 18)),
        ("D_TRIAGE_1WD", MONDAY, date(2026, 6, 16)),
        ("D_MED_15", date(2026, 9, 30), date(2026, 10, 10)),  # a long holiday, then a working Saturday
    ],
)
def test_a_task_goes_to_the_supervisor_after_working_days(term: str, opened_on: date, day: date) -> None:
    assert escalate_on(term, opened_on, CALENDAR) == day


def test_an_answered_task_asks_for_nothing() -> None:
    open_one = task("D_MED_15")

    asked = [remind_on(replace(open_one, status=status)) for status in TaskStatus]

    assert asked == [open_one.escalate_on, None, None, None]

"""What if, without a database: time that runs, steps that are taken, ids that are only placeholders."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.builders import (
    ORGANIZATIONS,
    PEOPLE,
    TODAY,
    build_agreement,
    build_case,
    build_deadline,
    build_obligation,
)

from mediation.domain.calendar import official_calendar, parse_notice
from mediation.domain.cases import Attestation, Case, Command, References, Setting
from mediation.domain.documents import kinds_named
from mediation.domain.errors import BlockedError, StepNotOpenError
from mediation.domain.guards import required_attestations
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole
from mediation.domain.simulation import Happening, Simulation, is_placeholder, placeholder

TRIAGE = {
    "claim_codes": ["unpaid_wages"],
    "employer_seat": "330782",
    "migrant_worker": True,
    "route_wanted": "mediation",
}
NOTICE_2026 = next(notice for notice in official_calendar().notices if notice.year == 2026)


def begin(case: Case, today: date = TODAY) -> Simulation:
    return Simulation(case, today, official_calendar())


def take(simulation: Simulation, action: str, *roles: CaseRole, **given: Any) -> Happening:
    """Take a step today, with everything attested; by a clerk unless roles are given."""
    stated = {guard: Attestation(guard, "卷宗") for guard in required_attestations(PROCEDURE.steps[action])}
    command = Command(action, simulation.today, given, attestations=stated, evidence=("来函",))
    setting = Setting(
        simulation.today, simulation.calendar, frozenset(roles or {CaseRole.CLERK}), "clerk",
        References(ORGANIZATIONS, PEOPLE), simulation.new_id,
    )  # fmt: skip
    return simulation.take(command, setting, len(simulation.happenings))


def test_a_placeholder_is_told_from_an_id_on_file_and_sorts_after_it() -> None:
    first, second = placeholder(1), placeholder(2)

    assert "0198a1a0-0000-7000-8000-000000000000" < first < second
    assert is_placeholder(first)
    assert not is_placeholder("0198a1a0-0000-7000-8000-000000000000")


def test_time_that_runs_over_nothing_only_passes() -> None:
    simulation = begin(build_case())

    simulation.let_run(date(2026, 7, 1))

    assert simulation.today == date(2026, 7, 1)
    assert simulation.happenings == []


def test_what_falls_due_fires_in_order_on_the_morning_after() -> None:
    deadlines = [
        build_deadline("OBLIGATION", due=date(2026, 6, 30), ref_id="o1"),
        build_deadline("D_TRIAGE_1WD", date(2026, 6, 16)),
    ]
    owed = build_obligation(due_on=date(2026, 6, 30))
    case = build_case("performing", obligations=[owed], deadlines=deadlines, facts={"agreement": build_agreement()})
    simulation = begin(case)

    simulation.let_run(date(2026, 7, 31))

    told = [(one.kind, one.entry.action, one.entry.occurred_on, one.today) for one in simulation.happenings]
    assert told == [
        ("lapse", "term_lapsed", date(2026, 6, 17), date(2026, 6, 18)),
        ("timer", "instalment_missed", date(2026, 6, 30), date(2026, 7, 1)),
    ]
    lapse, missed = simulation.happenings
    assert [task.opened_on for task in lapse.raised] == [date(2026, 6, 18)]
    assert (lapse.remarks, lapse.for_you) == ((), None)
    assert [deadline.status for deadline in missed.ended] == ["fired"]
    assert (simulation.case.state, simulation.case.version) == ("defaulted", case.version + 2)


def test_what_is_over_when_the_simulation_begins_fires_today() -> None:
    simulation = begin(build_case("registered", deadlines=[build_deadline("D_TRIAGE_1WD", date(2026, 6, 1))]))

    simulation.let_run(TODAY)

    assert [one.today for one in simulation.happenings] == [TODAY]


def test_a_step_tells_its_clocks_and_the_tasks_it_answers() -> None:
    simulation = begin(build_case("registered", deadlines=[build_deadline("D_TRIAGE_1WD", date(2026, 6, 1))]))
    simulation.let_run(TODAY)

    taken = take(simulation, "triage_ok", **TRIAGE)

    assert (taken.kind, taken.position, taken.for_you) == ("step", 1, True)
    assert taken.answered == tuple(task.id for task in simulation.happenings[0].raised)
    assert not taken.ended
    assert not taken.moved
    assert simulation.case.last_entry["action"] == "triage_ok"


def test_an_extension_moves_its_deadline() -> None:
    clock = build_deadline("D_ARB_45", date(2026, 6, 1))
    simulation = begin(build_case("arbitration_accepted", deadlines=[clock]))

    taken = take(simulation, "extend_arbitration", new_end=date(2026, 7, 31))

    ((deadline, was_due),) = taken.moved
    assert (deadline.id, was_due, deadline.due) == (clock.id, clock.due, date(2026, 7, 31))


def test_a_step_of_another_role_is_taken_as_if_somebody_else_recorded_it() -> None:
    simulation = begin(build_case("registered"))

    taken = take(simulation, "triage_ok", CaseRole.WORKER_SIDE, **TRIAGE)

    assert taken.for_you is False
    assert taken.entry.actor_id == simulation.case.facts["attested"]["duplicate_checked"]["by"] == "somebody_else:0"


def test_whoever_acts_for_another_stands_in_the_entry_with_them() -> None:
    simulation = begin(build_case("registered"))
    command = Command("escalate_violence", TODAY, {"level": "red", "kind": "violence", "reported_to": ["centre"]})
    setting = Setting(
        TODAY, simulation.calendar, frozenset({CaseRole.CLERK}), "mediator", References(ORGANIZATIONS, PEOPLE),
        simulation.new_id, hand="clerk",
    )  # fmt: skip

    taken = simulation.take(command, setting, 0)

    assert (taken.entry.actor_id, taken.entry.on_behalf_of) == ("clerk", "mediator")
    assert (taken.told["actor"], taken.told["on_behalf_of"]) == ("clerk", "mediator")


def test_a_refusal_tells_what_stands_in_the_way_of_those_who_may() -> None:
    simulation = begin(build_case("registered", claims=[]))

    with pytest.raises(BlockedError) as refused:
        take(simulation, "triage_ok", CaseRole.WORKER_SIDE, **{**TRIAGE, "claim_codes": []})
    with pytest.raises(StepNotOpenError):
        take(simulation, "clear_risk", CaseRole.UNION_OFFICER, why="已安抚")

    assert "cause_given" in {blocker.code for blocker in refused.value.blockers}
    assert simulation.happenings == []


def test_registration_in_thought_issues_no_number() -> None:
    simulation = begin(build_case("draft"))
    given = {"channel": "walk_in", "written_or_oral": "written", "received_on": TODAY, "reason": "欠薪"}

    taken = take(simulation, "submit_intake", **given)

    assert [code for code, _ in taken.remarks] == ["number_not_issued"]
    assert "D_MED_15" in {deadline.term for deadline in taken.started}
    assert all(is_placeholder(deadline.id) for deadline in taken.started)


def test_entries_are_told_to_a_step_that_takes_one_back() -> None:
    simulation = begin(build_case("registered"))
    first = take(simulation, "triage_ok", **TRIAGE)
    take(simulation, "escalate_violence", level="red", kind="violence", reported_to=["centre"])

    told = simulation.voidable(first.entry.id)

    assert told is not None
    assert (told["action"], told["sequence"], told["actor"]) == ("triage_ok", 1, "clerk")
    assert simulation.voidable("another") is None
    assert [entry["action"] for entry in simulation.told_after(first.entry.id)] == ["escalate_violence"]
    assert len(simulation.told_after(None)) == 2


def test_another_calendar_counts_running_deadlines_anew() -> None:
    days_off = [*map(str, NOTICE_2026.days_off), "2026-06-30"]
    working = [*map(str, NOTICE_2026.working_weekends)]
    notice = {
        "year": 2026,
        "notice": {"title": "另", "source": "test"},
        "days_off": days_off,
        "working_weekends": working,
    }
    calendar = official_calendar().with_notice(parse_notice(notice))
    case = build_case("triage", deadlines=[build_deadline("D_MED_15")])
    same, other = Simulation(case, TODAY, official_calendar()), Simulation(case, TODAY, calendar)

    same.recount()
    other.recount()

    assert [deadline.due for deadline in same.case.running()] == [date(2026, 6, 30)]
    assert [deadline.due for deadline in other.case.running()] == [date(2026, 7, 1)]


def test_records_stand_in_the_order_of_storage() -> None:
    case = build_case("registered")
    simulation = begin(replace(case, parties={key: case.parties[key] for key in ("W", "E")}))

    take(simulation, "triage_ok", **TRIAGE)

    assert list(simulation.case.parties) == ["E", "W"]


def test_the_documents_of_a_row_are_told_by_kind() -> None:
    found = kinds_named("receipt on the platform or DOC27; DOC46")

    assert [kind.code for kind in found] == ["DOC27", "DOC46"]
    assert kinds_named("contact log") == ()

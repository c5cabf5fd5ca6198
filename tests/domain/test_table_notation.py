"""How rows are written down and read back: what the notation refuses, and what an absent entry means."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.builders import TODAY, ask, build_case, build_party, build_track

from mediation.domain import procedure as table
from mediation.domain.access import SYSTEM, case_roles, organization_scope
from mediation.domain.acts import act_blockers
from mediation.domain.machine import target_of
from mediation.domain.procedure import PROCEDURE, intake
from mediation.domain.procedure.checks import check_all
from mediation.domain.procedure.step import CaseRole, clocks, field
from mediation.domain.records import Assignment, Party, Task, from_row

WORKER = "a worker's account"
TASK = {
    "id": "t1",
    "term": "D_MEDIATION",
    "deadline_id": "d1",
    "track_id": "main",
    "due_on": "2026-06-15",
    "opened_on": "2026-06-16",
}
PARTY = {"id": "W", "version": 1, "role": "applicant", "kind": "worker", "side": "worker", "name": "张三"}


def found_for_the_worker(action: str, **asked: Any) -> list[tuple[str, str | None]]:
    """What stands in the way of an act the worker records for himself: the code and the input it is about."""
    parties = [build_party(person_id=WORKER), build_party("respondent")]
    case = build_case(
        "awaiting_counterparty_consent", parties=parties, tracks=[build_track("payment_order", "po_applied")]
    )
    question = ask(action, case, roles=[CaseRole.WORKER_SIDE], actor_id=WORKER, **asked)
    return [(blocker.code, blocker.missing) for blocker in act_blockers(question)]


def test_a_table_with_two_rows_of_the_same_action_is_not_assembled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_MODULES", (*table._MODULES, intake))

    with pytest.raises(ValueError, match="two rows of the procedure have the same action"):
        table._assemble()


def test_a_track_that_begins_in_no_state_of_its_own_is_found() -> None:
    astray = replace(PROCEDURE.tracks["enforcement"], first_state="triage")
    procedure = replace(PROCEDURE, tracks={**PROCEDURE.tracks, "enforcement": astray})

    found = [line for line in check_all(procedure) if line.startswith("states exist")]

    assert found == ["states exist: enforcement begins in triage, which is no state of it"]


@pytest.mark.parametrize(
    ("track", "action"),
    [("main", "no_such_step"), ("main", "withdraw_po"), ("payment_order", "settle")],
)
def test_an_action_of_no_row_of_the_track_leads_nowhere(track: str, action: str) -> None:
    states = [code for (owner, code) in PROCEDURE.states if owner == track]

    found = {target_of(track, action, state) for state in states}

    assert found == {None}


@pytest.mark.parametrize(
    "text",
    ["", "received_on", "received_on: date", "received_on date!", "on: date!, by: party!"],
)
def test_an_input_out_of_notation_is_refused_and_quoted(text: str) -> None:
    with pytest.raises(ValueError, match="not an input of a step") as refused:
        field(text)

    assert str(refused.value).endswith(repr(text))


@pytest.mark.parametrize("part", ["D_MEDIATION", "* D_MEDIATION", "+", "+D_MEDIATION per judge", "stop D_MEDIATION"])
def test_a_clock_out_of_notation_is_refused_and_quoted_alone(part: str) -> None:
    with pytest.raises(ValueError, match="not a clock") as refused:
        clocks(f"+D_REPLY @received_on; {part}; -D_REPLY", {})

    assert str(refused.value) == f"not a clock: {part!r}"


@pytest.mark.parametrize(
    ("columns", "actions"),
    [({}, ()), ({"actions": None}, ()), ({"actions": ["settle", "fail"]}, ("settle", "fail"))],
)
def test_a_row_without_its_list_stands_for_a_record_with_none(
    columns: Mapping[str, Any], actions: tuple[str, ...]
) -> None:
    task = from_row("tasks", {**TASK, **columns})

    assert task == Task("t1", "D_MEDIATION", "d1", "main", TODAY, date(2026, 6, 16), actions)


@pytest.mark.parametrize(("columns", "bound"), [({}, True), ({"bound": 0}, False), ({"bound": 1}, True)])
def test_a_party_is_bound_unless_its_row_says_otherwise(columns: Mapping[str, Any], bound: bool) -> None:
    party = from_row("parties", {**PARTY, **columns})

    assert party == Party("W", 1, "applicant", "worker", "worker", "张三", bound=bound)
    assert party.bound is bound


def test_the_system_is_the_system_to_every_case_and_nothing_else() -> None:
    given = [Assignment("as1", SYSTEM.person_id, "mediator", TODAY)]
    parties = [build_party(person_id=SYSTEM.person_id)]

    found = case_roles(SYSTEM, [organization_scope("centre")], given, parties)

    assert found == {CaseRole.SYSTEM}


@pytest.mark.parametrize(
    ("recorded_for", "found"),
    [(None, []), ("W", []), ("E", [("not_your_own_act", "recorded_for")])],
)
def test_a_party_records_for_nobody_but_itself(recorded_for: str | None, found: list[tuple[str, str | None]]) -> None:
    assert found_for_the_worker("withdraw_po", recorded_for=recorded_for) == found


@pytest.mark.parametrize(
    ("consent", "found"),
    [({}, []), ({"party": "W"}, []), ({"party": "E"}, [("not_your_own_act", "consents")])],
)
def test_a_consent_that_names_no_party_speaks_for_nobody_else(
    consent: Mapping[str, str], found: list[tuple[str, str | None]]
) -> None:
    entries = [{"date": TODAY, **consent}]

    assert found_for_the_worker("consent", input={"consents": entries}) == [
        ("joint_act_recorded_by_house", None),
        *found,
    ]

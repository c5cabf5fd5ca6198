"""Which steps of a case's history interrupt its claims' limitation, and which take that back."""

from datetime import date
from typing import Any

import pytest
from tests.builders import ask, build_case

from mediation.domain.calendar import official_calendar
from mediation.domain.conditions import CONDITIONS
from mediation.domain.limitation import (
    EventKind,
    LimitationEvent,
    LimitationFacts,
    Suspension,
    events_from_history,
    limitation_of,
    suspensions_from_history,
)
from mediation.domain.limitation.history import AGAINST_OTHERS, DAY_IN, MEDIATING, NOTED, ONLY_NEW_CLAIMS, TO_AUTHORITY
from mediation.domain.procedure import PROCEDURE

INTERRUPTS = [step for step in PROCEDURE.steps.values() if "I" in step.limitation]
CONDITIONAL = ("acknowledges_claim", "states_claim", "reached_other_side")


def change(collection: str, key: str, after: dict[str, Any] | None, before: dict[str, Any] | None = None) -> Any:
    return {"c": collection, "k": key, "b": before, "a": after}


def claim(key: str = "pay", outcome: str = "open", side: str = "worker") -> Any:
    return change("claims", key, {"id": key, "outcome": outcome, "claimant_side": side})


def party(key: str, role: str, side: str) -> Any:
    return change("parties", key, {"id": key, "role": role, "side": side})


def entry(action: str, day: str = "2026-05-06", *changes: Any, **values: Any) -> dict[str, Any]:
    """One entry of the history; its id is the action unless given."""
    kind = "step" if action in PROCEDURE.steps else "created"
    defaults = {"id": action, "kind": kind, "action": action, "from": None, "occurred_on": day, "recorded_for": None}
    return {**defaults, "input": {}, "changes": list(changes), **values}


def created(*changes: Any) -> dict[str, Any]:
    people = (party("W", "applicant", "worker"), party("E", "respondent", "employer"))
    return entry("create_case", "2026-05-01", *people, *(changes or (claim(),)))


def acts(*entries: dict[str, Any], key: str = "pay") -> list[tuple[str, date]]:
    """Kind and day of each act found for a claim."""
    return [(str(event.kind), event.day) for event in events_from_history(entries)[key]]


@pytest.mark.parametrize("step", INTERRUPTS, ids=lambda step: step.action)
def test_every_row_of_the_limitation_column_gives_its_act(step: Any) -> None:
    told = entry(step.action, "2026-05-06", **{"from": "org_mediation_in_progress"})
    told["input"] = dict.fromkeys(CONDITIONAL, True)

    found = acts(created(), told)

    wanted = {"I+": "authority" if step.action in TO_AUTHORITY else "assertion", "I=": "promise"}
    code = next(code for code in ("I+", "I=", "I!") if code in step.limitation)
    if step.action in AGAINST_OTHERS | ONLY_NEW_CLAIMS:
        assert found == []
    else:
        assert found == [(wanted.get(code, "end_of_procedure"), date(2026, 5, 6))]


@pytest.mark.parametrize("step", [s for s in INTERRUPTS if "[" in s.limitation], ids=lambda step: step.action)
@pytest.mark.parametrize("said", [False, None])
def test_a_condition_that_was_not_said_to_hold_gives_no_act(step: Any, said: bool | None) -> None:
    told = entry(step.action, **{"from": "triage"})
    told["input"] = {} if said is None else dict.fromkeys(CONDITIONAL, said)

    found = acts(created(), told)

    assert found == []


@pytest.mark.parametrize("action", ["triage_ok", "withdraw", "accepted", "assign_mediator", "reopen"])
def test_other_steps_give_none(action: str) -> None:
    assert acts(created(), entry(action)) == []


@pytest.mark.parametrize("state", sorted(PROCEDURE.open_main_states))
def test_mediation_was_running_where_the_clocks_say_so(state: str) -> None:
    question = ask("prepare_referral", build_case(state))

    holds = CONDITIONS["mediation_was_running"](question, question.case, "")

    assert (state in MEDIATING) is holds


def test_the_names_here_are_rows_of_the_table() -> None:
    assert {*AGAINST_OTHERS, *DAY_IN, *NOTED, *ONLY_NEW_CLAIMS, *TO_AUTHORITY} <= set(PROCEDURE.steps)
    inputs = {action: {one.name for one in PROCEDURE.steps[action].inputs} for action in DAY_IN}
    assert all(name in inputs[action] for action, name in DAY_IN.items())


@pytest.mark.parametrize(
    ("action", "given", "wanted"),
    [
        ("record_existing_agreement", {"effective_on": "2026-04-20"}, ("promise", date(2026, 4, 20))),
        ("record_pending_arbitration", {"filed_on": "2026-03-02"}, ("authority", date(2026, 3, 2))),
        ("withdraw_arbitration", {}, ("end_of_procedure", date(2026, 5, 6))),
        ("suit_withdrawn_unregistered", {}, ("end_of_procedure", date(2026, 5, 6))),
        ("advance_paid", {"payer": "E"}, ("promise", date(2026, 5, 6))),
        ("court_registers_case", {}, ("authority", date(2026, 5, 6))),
    ],
)
def test_rows_that_say_it_in_words(action: str, given: dict[str, Any], wanted: tuple[str, date]) -> None:
    assert acts(created(), entry(action, input=given)) == [wanted]


def test_an_advance_by_somebody_else_is_no_promise() -> None:
    assert acts(created(), entry("advance_paid", input={"payer": "fund"})) == []


def test_a_registered_suit_counts_from_the_complaint() -> None:
    found = acts(created(), entry("file_suit", "2026-05-06"), entry("court_registers_case", "2026-05-12"))

    assert found == [("authority", date(2026, 5, 6))] * 2


def test_an_act_names_its_step_and_its_entry() -> None:
    found = events_from_history([created(), entry("start_negotiation", id="e-7")])

    assert found["pay"] == (LimitationEvent(date(2026, 5, 6), EventKind.ASSERTION, "step", "start_negotiation", "e-7"),)


def test_a_claim_takes_no_act_from_before_it_was_made() -> None:
    history = (created(), entry("start_negotiation"), entry("amend_claims", "2026-06-01", claim("leave")))

    found = events_from_history(history)

    assert [event.day for event in found["pay"]] == [date(2026, 5, 6)]
    assert [event.day for event in found["leave"]] == [date(2026, 6, 1)]


@pytest.mark.parametrize(("outcome", "number"), [("withdrawn", 0), ("split_off", 0), ("settled", 1), ("open", 1)])
def test_a_claim_given_up_takes_no_further_act(outcome: str, number: int) -> None:
    history = (created(), entry("amend_claims", "2026-05-02", claim(outcome=outcome)), entry("record_performance"))

    assert len(acts(*history)) == number


def test_a_claim_settled_or_withdrawn_by_the_step_itself_takes_its_act() -> None:
    history = (created(), entry("withdraw_arbitration", "2026-05-06", claim(outcome="withdrawn")))

    assert acts(*history) == [("end_of_procedure", date(2026, 5, 6))]


def test_a_claim_taken_out_of_the_file_is_gone() -> None:
    history = (created(claim(), claim("leave")), entry("create_case", "2026-05-02", change("claims", "leave", None)))

    assert set(events_from_history(history)) == {"pay"}


@pytest.mark.parametrize("by", [{"input": {"by": "E"}}, {"recorded_for": "E"}])
def test_an_assertion_of_the_other_side_is_none(by: dict[str, Any]) -> None:
    history = (created(claim(), claim("penalty", side="employer")), entry("start_negotiation", **by))

    assert acts(*history) == []
    assert acts(*history, key="penalty") == [("assertion", date(2026, 5, 6))]


def test_an_end_of_the_procedure_counts_whoever_brought_it_about() -> None:
    assert acts(created(), entry("refuse", input={"by": "E"})) == [("end_of_procedure", date(2026, 5, 6))]


def test_a_promise_names_the_last_day_of_its_plan() -> None:
    plan = (
        change("obligations", "o1", {"status": "open", "due_on": "2026-07-31"}),
        change("obligations", "o2", {"status": "open", "due_on": "2026-09-30"}),
        change("obligations", "o3", {"status": "superseded", "due_on": "2026-12-31"}),
        change("obligations", "o4", {"status": "open", "due_on": None}),
        change("obligations", "o5", None),
    )

    settled = events_from_history([created(), entry("settle", "2026-05-06", *plan)])
    postponed = events_from_history([created(), entry("postpone_due_date", input={"new_due": "2026-10-30"})])
    replied = {"acknowledges_claim": True, "promise_due": "2026-08-01"}
    promised = events_from_history([created(), entry("record_employer_reply", input=replied)])

    assert [found["pay"][0].due_on for found in (settled, postponed, promised)] == [
        date(2026, 9, 30), date(2026, 10, 30), date(2026, 8, 1),
    ]  # fmt: skip


def test_a_voided_step_is_taken_back_and_a_voided_void_gives_it_again() -> None:
    step = entry("start_negotiation", id="e-2")
    void = entry("void_last_step", id="e-3", input={"step": "e-2"})
    void_of_void = entry("void_last_step", id="e-4", input={"step": "e-3"})

    assert acts(created(), step, void) == []
    assert len(acts(created(), step, void, void_of_void)) == 1


def test_a_corrected_day_counts_as_corrected_and_only_where_it_was_given_last() -> None:
    first = entry("record_pending_arbitration", id="e-2", input={"filed_on": "2026-03-02"})
    again = entry("record_pending_arbitration", id="e-3", input={"filed_on": "2026-03-09"})
    facts = (
        change("facts", "filed_on", {"value": "2026-03-06"}),
        change("facts", "nobody_gave_this", {"value": "x"}),
        change("facts", "filed_on", None),
        claim(),
    )
    correction = entry("correct_entry", "2026-05-20", *facts, id="e-5")
    void = entry("void_last_step", id="e-6", input={"step": "e-5"})
    between = entry("triage_ok", "2026-05-19", id="e-4", input=None)

    corrected = acts(created(), first, again, between, correction)
    taken_back = acts(created(), first, again, between, correction, void)

    assert [day for _, day in corrected] == [date(2026, 3, 2), date(2026, 3, 6)]
    assert [day for _, day in taken_back] == [date(2026, 3, 2), date(2026, 3, 9)]


def test_holds_that_keep_the_claimant_from_acting_suspend() -> None:
    history = [
        created(),
        entry("start_hold", "2026-06-02", input={"hold_reason": "no_guardian", "since": "2026-06-01"}),
        entry("end_hold", "2026-06-20", input={"until": "2026-06-19"}),
        entry("start_hold", "2026-07-01", input={"hold_reason": "appraisal", "since": "2026-07-01"}),
        entry("end_hold", "2026-07-20", input={"until": "2026-07-19"}),
        entry("start_hold", "2026-08-03", input={"hold_reason": "force_majeure"}),
    ]

    found = suspensions_from_history(history)

    assert found == (
        Suspension(date(2026, 6, 1), date(2026, 6, 19), "no_guardian"),
        Suspension(date(2026, 8, 3), None, "force_majeure"),
    )


def test_a_case_told_by_its_history_comes_out_in_both_readings() -> None:
    history = [
        created(),
        entry("submit_intake", "2026-05-06"),
        entry("ask_consent", "2026-05-08"),
        entry("refuse", "2026-05-12", input={"by": "E"}),
    ]

    found = LimitationFacts("economic_compensation", date(2025, 6, 30), events=events_from_history(history)["pay"])
    view = limitation_of(found, calendar=official_calendar(), today=date(2026, 5, 13))

    assert (view.likely_end, view.safe_end) == (date(2027, 5, 12), date(2027, 5, 10))
    assert view.provisional

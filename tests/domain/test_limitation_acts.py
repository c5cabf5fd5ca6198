"""Which steps interrupt the limitation of which claims, what takes that back, and the deadline that follows."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.builders import TODAY, ask, build_case, build_claim, build_obligation, build_party, keyed

from mediation.domain import advance as advancing
from mediation.domain.advance import advance
from mediation.domain.calendar import official_calendar
from mediation.domain.cases import Case, Command, Setting
from mediation.domain.conditions import CONDITIONS
from mediation.domain.deadlines import DeadlineStatus
from mediation.domain.draft import Draft
from mediation.domain.limitation.acts import (
    AGAINST_OTHERS,
    DAY_IN,
    NOTED,
    ONLY_NEW_CLAIMS,
    PROMISED_IN,
    TO_AUTHORITY,
    correct_acts,
    note_acts,
)
from mediation.domain.limitation.standing import limitation_on, limitation_warnings
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import LimitationAct

INTERRUPTS = [step for step in PROCEDURE.steps.values() if "I" in step.limitation]
CONDITIONAL = ("acknowledges_claim", "states_claim", "reached_other_side")
PAY, PENALTY = "economic_compensation", "notice_pay"
CALENDAR = official_calendar()


def told(case: Case, action: str, given: dict[str, Any] | None = None, **command: Any) -> Draft:
    """The draft after the acts of one step have been noted, whatever else the step does."""
    question = ask(action, case, input=given or {}, **command)
    ids = iter(f"{action}-{len(case.limitation_acts)}-{n}" for n in range(9))
    question = replace(question, setting=replace(question.setting, new_id=lambda: next(ids)))
    draft = Draft(case)
    note_acts(draft, question)
    return draft


def acts(draft: Draft) -> list[tuple[str, date, tuple[str, ...]]]:
    """Kind, day and claims of each act on file."""
    return [(act.kind, act.day, act.claims) for act in draft.records("limitation_acts").values()]


def mediating(*claims: Any, **overrides: Any) -> Case:
    return build_case("org_mediation_in_progress", claims=claims or [build_claim(PAY)], **overrides)


@pytest.mark.parametrize("step", INTERRUPTS, ids=lambda step: step.action)
def test_every_row_of_the_limitation_column_gives_its_act(step: Any) -> None:
    found = acts(told(mediating(), step.action, dict.fromkeys(CONDITIONAL, True)))

    wanted = {"I+": "authority" if step.action in TO_AUTHORITY else "assertion", "I=": "promise"}
    code = next(code for code in ("I+", "I=", "I!") if code in step.limitation)
    if step.action in AGAINST_OTHERS | ONLY_NEW_CLAIMS:
        assert found == []
    else:
        assert found == [(wanted.get(code, "end_of_procedure"), TODAY, (PAY,))]


@pytest.mark.parametrize("step", [s for s in INTERRUPTS if "[" in s.limitation], ids=lambda step: step.action)
@pytest.mark.parametrize("said", [False, None])
def test_a_condition_that_was_not_said_to_hold_gives_no_act(step: Any, said: bool | None) -> None:
    given = {} if said is None else dict.fromkeys(CONDITIONAL, said)

    found = acts(told(build_case("triage", claims=[build_claim(PAY)]), step.action, given))

    assert found == []


@pytest.mark.parametrize("action", ["triage_ok", "withdraw", "accepted", "assign_mediator", "reopen"])
def test_other_steps_give_none(action: str) -> None:
    assert acts(told(build_case("triage", claims=[build_claim(PAY)]), action)) == []


def test_a_listing_notes_nothing() -> None:
    case = mediating()
    draft = Draft(case)

    note_acts(draft, ask("start_negotiation", case, listing=True))

    assert acts(draft) == []


def test_the_names_here_are_rows_and_inputs_of_the_table() -> None:
    assert {*AGAINST_OTHERS, *DAY_IN, *NOTED, *ONLY_NEW_CLAIMS, *TO_AUTHORITY} <= set(PROCEDURE.steps)
    inputs = {action: {one.name for one in PROCEDURE.steps[action].inputs} for action in PROCEDURE.steps}
    assert all(name in inputs[action] for action, name in DAY_IN.items())
    assert set(PROMISED_IN) <= set().union(*inputs.values())
    assert {"mediation_was_running", *CONDITIONAL} <= set(CONDITIONS)


@pytest.mark.parametrize(
    ("action", "given", "kind", "day"),
    [
        ("record_existing_agreement", {"effective_on": date(2026, 4, 20)}, "promise", date(2026, 4, 20)),
        ("record_pending_arbitration", {"filed_on": "2026-03-02"}, "authority", date(2026, 3, 2)),
        ("withdraw_arbitration", {}, "end_of_procedure", TODAY),
        ("suit_withdrawn_unregistered", {}, "end_of_procedure", TODAY),
        ("advance_paid", {"payer": "E"}, "promise", TODAY),
        ("court_registers_case", {}, "authority", TODAY),
    ],
)
def test_rows_that_say_it_in_words(action: str, given: dict[str, Any], kind: str, day: date) -> None:
    assert acts(told(mediating(), action, given)) == [(kind, day, (PAY,))]


def test_an_advance_by_somebody_else_is_no_promise() -> None:
    assert acts(told(mediating(), "advance_paid", {"payer": "fund"})) == []


def test_a_registered_suit_counts_from_the_complaint() -> None:
    filed = told(mediating(), "file_suit", on=date(2026, 6, 1)).case

    registered = told(filed, "court_registers_case")

    assert [day for _, day, _ in acts(registered)] == [date(2026, 6, 1)] * 2


@pytest.mark.parametrize(("outcome", "number"), [("withdrawn", 0), ("split_off", 0), ("settled", 1), ("open", 1)])
def test_a_claim_given_up_takes_no_further_act(outcome: str, number: int) -> None:
    found = acts(told(mediating(build_claim(PAY, outcome=outcome)), "record_performance"))

    assert len(found) == number


@pytest.mark.parametrize(("entered", "by"), [({"by": "E"}, {}), ({}, {"recorded_for": "E"})])
def test_an_assertion_of_the_other_side_is_none(entered: dict[str, Any], by: dict[str, Any]) -> None:
    case = mediating(build_claim(PAY), build_claim(PENALTY, claimant_side="employer"))

    found = acts(told(case, "start_negotiation", entered, **by))

    assert found == [("assertion", TODAY, (PENALTY,))]


def test_an_end_of_the_procedure_counts_whoever_brought_it_about() -> None:
    assert acts(told(mediating(), "refuse", {"by": "E"})) == [("end_of_procedure", TODAY, (PAY,))]


def test_a_promise_names_the_last_day_of_its_plan_or_of_its_words() -> None:
    plan = [
        build_obligation("o1", due_on=date(2026, 7, 31)),
        build_obligation("o2", due_on=date(2026, 9, 30)),
        build_obligation("o3", due_on=date(2026, 12, 31), status="superseded"),
        build_obligation("o4", due_on=None),
    ]
    case = mediating()
    question = ask("settle", case, input={})
    draft = Draft(case)
    for owed in plan:
        draft.put("obligations", owed)

    note_acts(draft, question)
    settled = list(draft.records("limitation_acts").values())
    postponed = told(case, "postpone_due_date", {"new_due": date(2026, 10, 30)}).records("limitation_acts")
    replied = {"acknowledges_claim": True, "promise_due": "2026-08-01"}
    promised = told(case, "record_employer_reply", replied).records("limitation_acts")

    found = [(act.due_on, act.due_from) for act in (*settled, *postponed.values(), *promised.values())]
    assert found == [
        (date(2026, 9, 30), "obligations"), (date(2026, 10, 30), "new_due"), (date(2026, 8, 1), "promise_due"),
    ]  # fmt: skip


def test_a_corrected_day_corrects_the_act_it_was_told_for() -> None:
    filed = told(mediating(), "record_pending_arbitration", {"filed_on": "2026-03-02"})
    postponed = told(filed.case, "postpone_due_date", {"new_due": date(2026, 10, 30)})

    correct_acts(postponed, "filed_on", date(2026, 3, 2), date(2026, 3, 9))
    correct_acts(postponed, "new_due", date(2026, 10, 30), date(2026, 10, 20))
    correct_acts(postponed, "filed_on", date(2026, 1, 1), date(2026, 1, 2))

    first, second = postponed.records("limitation_acts").values()
    assert (first.day, first.version) == (date(2026, 3, 9), 2)
    assert (second.due_on, second.version) == (date(2026, 10, 20), 2)


def test_a_hold_that_keeps_the_claimant_from_acting_suspends_until_it_ends() -> None:
    held = told(mediating(), "start_hold", {"hold_reason": "no_guardian", "since": date(2026, 6, 1)})
    appraised = told(held.case, "start_hold", {"hold_reason": "appraisal", "since": "2026-06-02"})

    ended = told(appraised.case, "end_hold", {"until": date(2026, 6, 10)})
    again = told(ended.case, "end_hold", {})

    (suspension,) = again.records("limitation_acts").values()
    assert (suspension.kind, suspension.reason) == ("suspension", "no_guardian")
    assert (suspension.day, suspension.until, suspension.claims) == (date(2026, 6, 1), date(2026, 6, 10), ())


# the deadline that follows


@pytest.fixture
def no_guard_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "judge", lambda _question: ((), ()))


def take(action: str, case: Case, on: date = TODAY, **given: Any) -> Case:
    ids = iter(f"{action}-{len(case.deadlines)}-{n}" for n in range(99))
    setting = Setting(on, CALENDAR, frozenset({CaseRole.CLERK}), "someone", new_id=lambda: next(ids))
    return advance(case, Command(action, on, given), setting).case


def asked(case: Case, on: date = TODAY) -> Case:
    return take("ask_consent", case, on, asked_on=on, how="phone", organization="centre")


def registered(knew_on: date, **overrides: Any) -> Case:
    draft = build_case("draft", claims=[build_claim(PAY, knew_on=knew_on)], **overrides)
    return take("submit_help_request", draft, channel="walk_in", received_on=TODAY, what_happened="欠薪")


def clocks(case: Case) -> list[tuple[str, date, date]]:
    return [(str(d.status), d.start, d.due) for d in case.deadlines.values() if d.term == "D_LIMIT_1Y"]


def negotiating(case: Case) -> Case:
    return replace(case, tracks={"main": replace(case.tracks["main"], state="negotiation_requested")})


def safe_end(case: Case, today: date = TODAY) -> date | None:
    return limitation_on(case, case.claims[PAY], calendar=CALENDAR, today=today).safe_end


@pytest.mark.usefixtures("no_guard_bars")
def test_the_deadline_of_a_claim_ends_on_its_safe_day() -> None:
    case = registered(date(2025, 10, 2))

    assert clocks(case) == [("running", date(2025, 10, 2), date(2026, 10, 8))]
    assert safe_end(case) == date(2026, 10, 8)


@pytest.mark.usefixtures("no_guard_bars")
def test_a_suspension_stops_the_deadline_and_moves_it_when_it_ends() -> None:
    case = registered(date(2025, 10, 9))

    held = take("start_hold", case, hold_reason="force_majeure", since=date(2026, 6, 10), decided_by="工会")
    ended = take("end_hold", held, date(2026, 6, 20), until=date(2026, 6, 19), why="恢复")

    (paused,), (running,) = held.running("D_LIMIT_1Y"), ended.running("D_LIMIT_1Y")
    assert paused.is_paused
    assert (running.is_paused, running.due) == (False, date(2026, 10, 19))
    assert running.id == paused.id == next(case.running("D_LIMIT_1Y")).id


@pytest.mark.usefixtures("no_guard_bars")
def test_a_deadline_that_lapsed_comes_back_only_with_the_debtor_s_promise() -> None:
    case = registered(date(2025, 3, 3))
    lapsed = replace(next(case.running("D_LIMIT_1Y")), status=DeadlineStatus.LAPSED)
    case = replace(case, deadlines=keyed([*case.deadlines.values(), lapsed]))

    asserted = asked(replace(case, tracks={"main": replace(case.tracks["main"], state="triage")}))
    promised = take("accept_negotiation", negotiating(asserted), acknowledges_claim=True)

    assert [status for status, *_ in clocks(asserted)] == ["lapsed"]
    assert clocks(promised)[-1] == ("running", TODAY, date(2027, 6, 15))


@pytest.mark.usefixtures("no_guard_bars")
def test_a_claim_is_warned_of_thirty_days_before_its_safe_day_and_once_it_is_over() -> None:
    soon, later, over = (registered(day) for day in (date(2025, 7, 15), date(2025, 7, 16), date(2025, 3, 3)))
    draft = build_case("draft", claims=[build_claim(PAY, knew_on=date(2025, 6, 16)), build_claim(PENALTY)])

    def warned(case: Case) -> list[tuple[int, bool]]:
        return [(w.days_left, w.is_over) for w in limitation_warnings(case, calendar=CALENDAR, today=TODAY)]

    assert [warned(case) for case in (soon, later, over)] == [[(30, False)], [], [(-104, True)]]
    assert warned(draft) == [(1, False)]


@pytest.mark.parametrize(("state", "status"), [("arbitration_accepted", "stopped"), ("closed_withdrawn", "running")])
def test_a_claim_before_the_commission_and_a_closed_case_are_not_warned_of(state: str, status: str) -> None:
    claim = build_claim(PAY, knew_on=date(2025, 3, 3))
    clock = replace(next(registered_clock().running("D_LIMIT_1Y")), status=DeadlineStatus(status))
    case = build_case(state, claims=[claim], deadlines=[clock])

    assert list(limitation_warnings(case, calendar=CALENDAR, today=TODAY)) == []


def registered_clock() -> Case:
    from tests.builders import build_deadline

    return build_case(deadlines=[build_deadline("D_LIMIT_1Y", date(2025, 3, 3), ref_id=PAY)])


def test_a_pending_arbitration_and_a_hand_recorded_act_count() -> None:
    letter = LimitationAct("a1", 1, "assertion", date(2026, 2, 2), (PAY,), evidence="EMS 1", note="催告函")
    gone = replace(letter, id="a2", day=date(2026, 4, 1), status="taken_back")
    claim = build_claim(PAY, knew_on=date(2025, 7, 1))
    parts = {"claims": [claim], "parties": [build_party()], "limitation_acts": keyed([letter, gone])}

    free = limitation_on(build_case("triage", **parts), claim, calendar=CALENDAR, today=TODAY)
    pending = build_case("arbitration_filed", facts={"filed_on": "2026-06-01"}, **parts)

    assert free.safe_end == date(2027, 2, 2)
    assert limitation_on(pending, claim, calendar=CALENDAR, today=TODAY).status == "pending"


def test_a_case_told_by_its_acts_comes_out_in_both_readings() -> None:
    case = mediating(build_claim(PAY, knew_on=date(2025, 6, 30)))
    for action, day in (("start_negotiation", date(2026, 5, 8)), ("refuse", date(2026, 5, 12))):
        case = told(case, action, on=day).case

    view = limitation_on(case, case.claims[PAY], calendar=CALENDAR, today=date(2026, 5, 13))

    assert (view.likely_end, view.safe_end) == (date(2027, 5, 12), date(2027, 5, 10))
    assert view.provisional

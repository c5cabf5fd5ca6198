"""How the limitation deadline of a claim follows its clock, and what of a case's file the clock is made of."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.builders import TODAY, ask, build_case, build_claim, build_deadline, keyed

from mediation.domain.calendar import official_calendar
from mediation.domain.cases import Case, Setting
from mediation.domain.deadlines import Deadline, DeadlineStatus
from mediation.domain.draft import Draft
from mediation.domain.limitation import EventKind, LimitationEvent, LimitationStatus
from mediation.domain.limitation.acts import correct_acts, note_acts
from mediation.domain.limitation.keeping import Occasion, keep_limitation, limitation_today, limitation_working
from mediation.domain.limitation.standing import limitation_on, limitation_warnings
from mediation.domain.records import LimitationAct

CALENDAR = official_calendar()
PAY, LEAVE, WAGES = "economic_compensation", "annual_leave_pay", "unpaid_wages"
GENERAL, WAGE_EXIT = "D_LIMIT_1Y", "D_LIMIT_WAGE_EXIT_1Y"


def act(kind: str, day: date, *claims: str, **told: Any) -> LimitationAct:
    return LimitationAct(told.pop("id", f"{kind}-{day}"), 1, kind, day, claims, **told)


def case_with(*claims: Any, state: str = "triage", acts: Iterable[LimitationAct] = (), **parts: Any) -> Case:
    return build_case(state, claims=claims, limitation_acts=keyed(acts), **parts)


def kept(case: Case, before: Case | None = None, *, today: date = TODAY, starts: Any = (GENERAL,), **told: Any) -> Case:
    """The case after its clocks were looked at on the occasion of one row."""
    ids = iter(f"new-{len(case.deadlines)}-{number}" for number in range(9))
    setting = Setting(today, CALENDAR, frozenset(), "someone", new_id=lambda: next(ids))
    draft = Draft(case)
    keep_limitation(draft, before or case, Occasion(setting, today, "the_row", frozenset(starts), **told))
    return draft.case


def clocks(case: Case) -> list[tuple[str, str, date]]:
    return [(str(clock.status), clock.fact, clock.due) for clock in case.deadlines.values()]


def ended(clock: Deadline, status: str) -> Deadline:
    return replace(clock, status=DeadlineStatus(status))


# a clock that starts


def test_a_clock_starts_with_all_that_is_known_of_it() -> None:
    claim = build_claim(PAY, knew_on=date(2025, 10, 3))

    (clock,) = kept(case_with(claim)).deadlines.values()

    assert (clock.id, clock.term, clock.track_key, clock.ref_id) == ("new-0-0", GENERAL, "main", PAY)
    assert (clock.fact, clock.start) == ("knew_on", date(2025, 10, 3))
    assert (clock.raw, clock.given_end, clock.due) == (date(2026, 10, 3), date(2026, 10, 3), date(2026, 10, 8))
    assert (clock.provisional, clock.calendar_version) == (False, CALENDAR.version)
    assert (clock.status, clock.is_paused, clock.ended_on, clock.ended_by) == ("running", False, None, None)


def test_a_clock_that_ends_in_a_year_without_notice_is_provisional() -> None:
    (clock,) = kept(case_with(build_claim(PAY, knew_on=date(2026, 3, 2)))).deadlines.values()

    assert clock.provisional


@pytest.mark.parametrize("outcome", ["settled", "withdrawn", "split_off"])
def test_a_draft_a_claim_without_a_first_day_and_a_claim_with_an_outcome_start_none(outcome: str) -> None:
    claim = build_claim(PAY, knew_on=date(2025, 10, 3))

    assert kept(case_with(claim, state="draft")).deadlines == {}
    assert kept(case_with(build_claim(PAY))).deadlines == {}
    assert kept(case_with(replace(claim, outcome=outcome))).deadlines == {}


def test_a_claim_of_a_case_that_came_from_a_court_runs_though_its_row_starts_no_term() -> None:
    claim = build_claim(PAY, knew_on=date(2025, 10, 3))

    after = kept(case_with(claim, state="court_dispatch_pending"), starts=())

    assert clocks(after) == [("running", "knew_on", date(2026, 10, 8))]


@pytest.mark.parametrize(("last", "number"), [("replaced", 2), ("cancelled", 2), ("stopped", 1)])
def test_a_clock_that_no_step_ended_in_law_runs_again(last: str, number: int) -> None:
    claim = build_claim(PAY, knew_on=date(2025, 10, 3))
    before = ended(build_deadline(GENERAL, date(2025, 9, 1), ref_id=PAY), last)

    after = kept(case_with(claim, deadlines=[before]), starts=())

    assert len(after.deadlines) == number


def test_a_claim_that_is_open_again_runs_again() -> None:
    claim = build_claim(PAY, knew_on=date(2025, 10, 3))
    case = case_with(claim, deadlines=[ended(build_deadline(GENERAL, date(2025, 9, 1), ref_id=PAY), "stopped")])
    settled = replace(case, claims=keyed([replace(claim, outcome="settled")]))

    after = kept(case, settled, starts=())

    assert clocks(after)[1:] == [("running", "knew_on", date(2026, 10, 8))]


def test_the_promise_in_a_settlement_restarts_the_clock_of_the_claim_it_settles() -> None:
    claim = build_claim(PAY, knew_on=date(2025, 10, 9))
    case = kept(case_with(claim))
    promise = act("promise", date(2026, 6, 12), PAY, action="complete_signatures")
    settled = replace(
        case, claims=keyed([replace(claim, outcome="settled")]), limitation_acts=keyed([promise]),
    )  # fmt: skip

    after = kept(settled, case, starts=())

    assert clocks(after) == [
        ("replaced", "knew_on", date(2026, 10, 9)),
        ("running", "complete_signatures", date(2027, 6, 14)),
    ]


def test_a_settlement_after_the_end_takes_the_defence_away_and_runs_anew() -> None:
    claim = build_claim(PAY, knew_on=date(2024, 6, 3), outcome="settled")
    lapsed = ended(build_deadline(GENERAL, date(2024, 6, 3), ref_id=PAY), "lapsed")
    promise = act("promise", date(2026, 6, 12), PAY)

    after = kept(case_with(claim, acts=[promise], deadlines=[lapsed]), starts=())

    assert clocks(after)[1:] == [("running", "promise", date(2027, 6, 14))]


@pytest.mark.parametrize(
    ("last", "is_correction", "number"),
    [("stopped", True, 1), ("stopped", False, 2), ("replaced", True, 2), (None, True, 1)],
)
def test_a_correction_starts_no_clock_that_a_step_had_ended(last: str | None, is_correction: bool, number: int) -> None:
    claim = build_claim(PAY, knew_on=date(2025, 10, 3))
    before = [] if last is None else [ended(build_deadline(GENERAL, date(2025, 9, 1), ref_id=PAY), last)]

    after = kept(case_with(claim, deadlines=before), is_correction=is_correction)

    assert len(after.deadlines) == number


def test_a_clock_taken_back_with_its_step_does_not_hide_the_one_that_lapsed() -> None:
    claim = build_claim(PAY, knew_on=date(2024, 6, 3))
    lapsed = ended(build_deadline(GENERAL, date(2024, 6, 3), ref_id=PAY), "lapsed")
    taken_back = ended(build_deadline(GENERAL, date(2024, 6, 5), ref_id=PAY, id="later"), "cancelled")
    case = case_with(claim, acts=[act("promise", date(2026, 6, 12), PAY)], deadlines=[lapsed, taken_back])

    after = kept(case, starts=())

    assert [status for status, _, _ in clocks(after)] == ["lapsed", "cancelled", "running"]


def test_a_clock_taken_back_with_its_step_does_not_silence_the_warning() -> None:
    claim = build_claim(PAY, knew_on=date(2025, 6, 20))
    running = build_deadline(GENERAL, date(2025, 6, 20), ref_id=PAY)
    taken_back = ended(build_deadline(GENERAL, date(2026, 6, 1), ref_id=PAY, id="later"), "cancelled")
    case = case_with(claim, deadlines=[running, taken_back])

    warned = limitation_warnings(case, calendar=CALENDAR, today=TODAY)

    assert [warning.claim.id for warning in warned] == [PAY]


@pytest.mark.parametrize(("promised_on", "number"), [(date(2026, 6, 15), 2), (date(2026, 6, 16), 1)])
def test_a_clock_that_lapsed_comes_back_where_the_promised_year_is_not_over(promised_on: date, number: int) -> None:
    claim = build_claim(PAY, knew_on=date(2024, 6, 3))
    lapsed = ended(build_deadline(GENERAL, date(2024, 6, 3), ref_id=PAY), "lapsed")
    promise = act("promise", promised_on, PAY)

    after = kept(case_with(claim, acts=[promise], deadlines=[lapsed]), today=date(2026, 6, 15), starts=())

    assert len(after.deadlines) == number


@pytest.mark.parametrize(("today", "number"), [(date(2026, 6, 15), 2), (date(2026, 6, 16), 1)])
def test_a_clock_that_lapsed_may_come_back_for_one_day(today: date, number: int) -> None:
    claim = build_claim(PAY, knew_on=date(2025, 6, 15))
    lapsed = ended(build_deadline(GENERAL, date(2025, 3, 3), ref_id=PAY), "lapsed")

    after = kept(case_with(claim, deadlines=[lapsed]), today=today, starts=())

    assert len(after.deadlines) == number


def test_of_two_readings_with_the_same_end_the_clock_follows_the_rule_in_force() -> None:
    claim = build_claim(LEAVE, knew_on=date(2026, 3, 31))
    case = case_with(claim, facts={"ended_on": "2026-03-31"})

    (clock,) = kept(case, starts=(GENERAL, WAGE_EXIT)).deadlines.values()

    assert limitation_on(case, claim, calendar=CALENDAR, today=TODAY).in_force.rule == "L1"
    assert clock.term == GENERAL


def test_wages_run_from_the_end_of_employment() -> None:
    case = case_with(build_claim(WAGES), facts={"ended_on": "2025-10-31"})

    (clock,) = kept(case, starts=(WAGE_EXIT,)).deadlines.values()

    assert (clock.term, clock.fact, clock.start, clock.due) == (
        WAGE_EXIT, "ended_on", date(2025, 10, 31), date(2026, 11, 2),
    )  # fmt: skip


# a clock that runs


def test_an_act_in_time_replaces_the_clock_by_a_new_one() -> None:
    case = kept(case_with(build_claim(PAY, knew_on=date(2025, 10, 9))))
    letter = act("assertion", date(2026, 2, 2), PAY, evidence="EMS 1")

    after = kept(replace(case, limitation_acts=keyed([letter])), starts=())

    first, second = after.deadlines.values()
    assert (first.status, first.ended_on, first.ended_by) == ("replaced", TODAY, "the_row")
    assert (second.fact, second.start, second.due) == ("assertion", date(2026, 2, 2), date(2027, 2, 2))


def test_looking_at_a_clock_again_changes_nothing() -> None:
    letter = act("assertion", date(2026, 2, 2), PAY, evidence="EMS 1")
    case = kept(case_with(build_claim(PAY, knew_on=date(2025, 10, 9)), acts=[letter]))

    assert kept(case).deadlines == case.deadlines


def test_an_act_noted_with_the_clock_itself_moves_it() -> None:
    bare = case_with(build_claim(PAY, knew_on=date(2025, 10, 9)))
    started = kept(bare)
    letter = act("assertion", date(2026, 2, 2), PAY, action="start_negotiation")

    after = kept(replace(started, limitation_acts=keyed([letter])), before=bare)

    assert clocks(after) == [("running", "start_negotiation", date(2027, 2, 2))]
    assert set(after.deadlines) == set(started.deadlines)


@pytest.mark.parametrize("knew_on", [date(2025, 11, 3), date(2025, 9, 1)])
def test_a_corrected_first_day_moves_the_clock(knew_on: date) -> None:
    case = kept(case_with(build_claim(PAY, knew_on=date(2025, 10, 9))))

    after = kept(replace(case, claims=keyed([build_claim(PAY, knew_on=knew_on)])))

    assert clocks(after) == [("running", "knew_on", knew_on.replace(year=2026))]
    assert set(after.deadlines) == set(case.deadlines)


def test_an_act_that_was_taken_back_gives_the_clock_its_earlier_day_again() -> None:
    letter = act("assertion", date(2026, 2, 2), PAY, evidence="EMS 1")
    case = kept(case_with(build_claim(PAY, knew_on=date(2025, 10, 9)), acts=[letter]))

    after = kept(replace(case, limitation_acts=keyed([replace(letter, status="taken_back")])))

    assert clocks(case) == [("running", "assertion", date(2027, 2, 2))]
    assert clocks(after) == [("running", "knew_on", date(2026, 10, 9))]


def test_a_clock_names_only_an_act_that_stands_and_is_about_its_claim() -> None:
    claim, day = build_claim(PAY, knew_on=date(2025, 10, 9)), date(2025, 10, 9)
    others = [
        act("assertion", day, WAGES, id="a1", action="start_negotiation"),
        act("assertion", day, PAY, id="a2", action="start_negotiation", status="taken_back"),
    ]

    assert clocks(kept(case_with(claim, acts=others))) == [("running", "knew_on", date(2026, 10, 9))]


def test_a_clock_whose_first_day_is_no_longer_known_ends() -> None:
    case = kept(case_with(build_claim(PAY, knew_on=date(2025, 10, 9))))

    after = kept(replace(case, claims=keyed([build_claim(PAY)])))

    assert [clock.status for clock in after.deadlines.values()] == ["replaced"]


def test_a_running_limitation_deadline_shows_the_arithmetic_of_its_reading() -> None:
    case = kept(case_with(build_claim(PAY, knew_on=date(2025, 10, 3))))
    (clock,) = case.deadlines.values()

    told = limitation_working(case, clock, calendar=CALENDAR, today=TODAY)

    view = limitation_on(case, case.claims[PAY], calendar=CALENDAR, today=TODAY)
    assert told == view.in_force.working
    assert told is not None
    assert "2026-10-08" in told[-1].en


def test_no_other_deadline_has_the_arithmetic_of_a_limitation() -> None:
    case = kept(case_with(build_claim(PAY, knew_on=date(2025, 10, 3))))
    (clock,) = case.deadlines.values()
    unknown = replace(case, claims=keyed([build_claim(PAY)]))

    def shown(case: Case, deadline: Deadline) -> bool:
        return limitation_working(case, deadline, calendar=CALENDAR, today=TODAY) is not None

    assert not shown(case, build_deadline("D_MED_15", ref_id=PAY))
    assert not shown(case, ended(clock, "replaced"))
    assert not shown(case, replace(clock, ref_id="gone"))
    assert not shown(case, replace(clock, ref_id=None))
    assert not shown(unknown, clock)


@pytest.mark.parametrize("began", [date(2026, 6, 1), TODAY])
def test_a_clock_that_begins_while_a_suspension_lasts_stands_still_at_once(began: date) -> None:
    claim = build_claim(LEAVE, knew_on=date(2026, 3, 2))
    ill = act("suspension", began, reason="no_guardian")

    (clock,) = kept(case_with(claim, acts=[ill])).deadlines.values()

    assert (clock.start, clock.due, clock.is_paused) == (date(2026, 12, 31), date(2027, 12, 31), True)


def test_the_end_of_a_clock_that_stands_still_is_told_as_of_the_day() -> None:
    claim, ill = build_claim(PAY, knew_on=date(2025, 10, 9)), act("suspension", date(2026, 6, 1), reason="no_guardian")
    case, later = kept(case_with(claim, acts=[ill])), date(2026, 8, 7)
    (clock,) = case.deadlines.values()

    told = limitation_today(case, clock, calendar=CALENDAR, today=later)

    view = limitation_on(case, case.claims[PAY], calendar=CALENDAR, today=later)
    assert clock.due < told.due == view.safe_end
    assert (told.raw, told.provisional, told.is_paused) == (date(2026, 12, 16), False, True)


@pytest.mark.parametrize(
    ("today", "raw", "due", "provisional"),
    [
        (date(2026, 8, 8), date(2026, 12, 17), date(2026, 12, 17), False),
        (date(2026, 8, 10), date(2026, 12, 19), date(2026, 12, 21), False),
        (date(2026, 9, 15), date(2027, 1, 24), date(2027, 1, 25), True),
    ],
)
def test_an_end_that_stands_still_rolls_and_may_be_provisional_as_any_other(
    today: date, raw: date, due: date, provisional: bool
) -> None:
    claim, ill = build_claim(PAY, knew_on=date(2025, 10, 9)), act("suspension", date(2026, 6, 1), reason="no_guardian")
    case = kept(case_with(claim, acts=[ill]))
    (clock,) = case.deadlines.values()

    told = limitation_today(case, clock, calendar=CALENDAR, today=today)

    assert (told.raw, told.due, told.provisional) == (raw, due, provisional)


def test_the_end_of_any_other_clock_is_told_as_it_stands() -> None:
    claim, ill = build_claim(PAY, knew_on=date(2025, 10, 9)), act("suspension", date(2026, 6, 1), reason="no_guardian")
    case, later = kept(case_with(claim, acts=[ill])), date(2026, 8, 7)
    (clock,) = case.deadlines.values()
    unknown = replace(case, claims=keyed([build_claim(PAY)]))

    def stays(case: Case, deadline: Deadline) -> bool:
        return limitation_today(case, deadline, calendar=CALENDAR, today=later) is deadline

    assert stays(case, replace(clock, is_paused=False))
    assert stays(case, build_deadline("D_ARB_45", ref_id=PAY, is_paused=True))
    assert stays(case, replace(clock, ref_id=None))
    assert stays(unknown, clock)


# what of the file the clock is made of


def test_every_word_of_an_act_reaches_the_clock() -> None:
    claim = build_claim(PAY, knew_on=date(2024, 3, 4))
    by_hand = act("promise", date(2026, 2, 2), PAY, evidence="EMS 1", note="还款承诺", due_on=date(2026, 5, 4))
    by_step = replace(by_hand, action="accept_negotiation", evidence=None, note=None)

    revived = [
        limitation_on(case_with(claim, acts=[one]), claim, calendar=CALENDAR, today=TODAY) for one in (by_hand, by_step)
    ]

    told = LimitationEvent(date(2026, 2, 2), EventKind.PROMISE, "recorded", None, "EMS 1", "还款承诺", date(2026, 5, 4))
    assert [view.revived_by for view in revived] == [
        told, replace(told, source="step", action="accept_negotiation", evidence=None, note=None),
    ]  # fmt: skip
    assert [view.likely_end for view in revived] == [date(2027, 5, 4)] * 2


def test_wages_of_an_employment_whose_end_is_not_on_file_are_not_taken_for_running() -> None:
    claim = build_claim(WAGES)

    view = limitation_on(case_with(claim), claim, calendar=CALENDAR, today=TODAY)

    assert view.status is LimitationStatus.UNKNOWN
    assert view.missing


def test_a_filing_day_counts_only_while_the_procedure_is_under_way() -> None:
    claim, facts = build_claim(PAY, knew_on=date(2025, 10, 9)), {"filed_on": "2026-06-01"}

    pending, over = (
        limitation_on(case_with(claim, state=state, facts=facts), claim, calendar=CALENDAR, today=TODAY)
        for state in ("arbitration_filed", "triage")
    )

    assert (pending.status, over.status) == ("pending", "running")
    assert pending.in_force.working[-1].facts == {"line": "pending", "since": "2026-06-01"}
    assert "2026-06-01" in pending.in_force.working[-1].zh
    assert "interrupted" in pending.in_force.working[-1].en


def test_a_claim_that_is_before_the_commission_is_not_warned_of_and_does_not_hide_the_next_one() -> None:
    claims = [build_claim(LEAVE, knew_on=date(2024, 3, 4)), build_claim(PAY, knew_on=date(2025, 6, 15))]
    stopped = ended(build_deadline(GENERAL, date(2025, 3, 3), ref_id=LEAVE), "stopped")
    other_term = ended(build_deadline("D_MED_15", date(2026, 6, 1), ref_id=PAY), "stopped")
    case = case_with(*claims, deadlines=[stopped, other_term])

    (told,) = limitation_warnings(case, calendar=CALENDAR, today=TODAY)

    assert (told.claim.id, told.safe_end, told.days_left, told.is_over) == (PAY, date(2026, 6, 15), 0, False)


# acts of steps


def noted(case: Case, action: str, **given: Any) -> Draft:
    question = ask(action, case, input=given)
    ids = iter(f"{action}-{number}" for number in range(9))
    draft = Draft(case)
    note_acts(draft, replace(question, setting=replace(question.setting, new_id=lambda: next(ids))))
    return draft


def test_a_suit_is_registered_from_its_last_complaint_that_stands() -> None:
    complaints = [
        act("authority", date(2026, 5, 4), PAY, id="a1", action="file_suit"),
        act("authority", date(2026, 5, 11), PAY, id="a2", action="file_suit", status="taken_back"),
        act("assertion", date(2026, 5, 18), PAY, id="a3", action="start_negotiation"),
    ]

    draft = noted(case_with(build_claim(PAY), acts=complaints), "court_registers_case")

    assert draft.records("limitation_acts")["court_registers_case-0"].day == date(2026, 5, 4)


def test_only_a_promise_names_a_last_day_of_performance() -> None:
    case = case_with(build_claim(PAY), state="org_mediation_in_progress")

    ended_by, promised = (noted(case, action, new_due=date(2026, 9, 1)) for action in ("refuse", "postpone_due_date"))

    assert [one.due_on for one in ended_by.records("limitation_acts").values()] == [None]
    assert [one.due_on for one in promised.records("limitation_acts").values()] == [date(2026, 9, 1)]


def test_a_hold_is_a_suspension_with_its_own_version_from_its_beginning_to_its_end() -> None:
    held = noted(case_with(build_claim(PAY)), "start_hold", hold_reason="no_guardian", since=date(2026, 6, 1))

    lifted = noted(held.case, "end_hold", until=date(2026, 6, 10))

    (begun,), (over,) = (draft.records("limitation_acts").values() for draft in (held, lifted))
    assert (begun.id, begun.version, begun.action, begun.until) == ("start_hold-0", 1, "start_hold", None)
    assert over == replace(begun, version=2, until=date(2026, 6, 10))


def test_a_correction_leaves_alone_what_was_told_elsewhere_or_on_another_day() -> None:
    other_day = act("promise", date(2026, 5, 4), PAY, id="a1", due_on=date(2026, 8, 3), due_from="new_due")
    other_name = act("promise", date(2026, 5, 4), PAY, id="a2", due_on=date(2026, 9, 1), due_from="promise_due")
    draft = Draft(case_with(build_claim(PAY), acts=[other_day, other_name]))

    correct_acts(draft, "new_due", date(2026, 9, 1), date(2026, 9, 8))

    assert list(draft.records("limitation_acts").values()) == [other_day, other_name]

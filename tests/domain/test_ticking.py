"""What steps do to clocks: limitation claim by claim, terms under a condition, and holds."""

from datetime import date
from typing import Any

import pytest
from tests.builders import TODAY, build_case, build_claim, build_deadline, build_obligation, build_track

from mediation.domain import advance as advancing
from mediation.domain.advance import advance
from mediation.domain.calendar import official_calendar
from mediation.domain.cases import Case, Command, Setting
from mediation.domain.deadlines import Deadline
from mediation.domain.procedure.step import CaseRole
from mediation.domain.terms import LIMITATION_CODES

WAGES, SEVERANCE, DOUBLE, LEAVE = "unpaid_wages", "economic_compensation", "double_wage_no_contract", "annual_leave_pay"
KNEW_ON = date(2026, 3, 2)
LONG_AGO = date(2025, 3, 3)


@pytest.fixture(autouse=True)
def _no_guard_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "judge", lambda _question: ((), ()))


def take(action: str, case: Case, *, on: date = TODAY, **given: Any) -> Case:
    ids = iter(f"{action}-{len(case.deadlines)}-{n}" for n in range(99))
    setting = Setting(on, official_calendar(), frozenset({CaseRole.CLERK}), "someone", new_id=lambda: next(ids))
    return advance(case, Command(action, on, given), setting).case


def limits(case: Case) -> dict[str | None, date]:
    """The day each claim's running limitation counts from."""
    found = list(case.running(*LIMITATION_CODES))
    assert len(found) == len({deadline.ref_id for deadline in found})
    return {deadline.ref_id: deadline.start for deadline in found}


def limit(claim: str, start: date = KNEW_ON) -> Deadline:
    return build_deadline("D_LIMIT_1Y", start, id=f"lim-{claim}", ref_id=claim, fact="knew_on")


def ask_consent(case: Case) -> Case:
    """An act that interrupts limitation: the applicant asks a mediation body for help."""
    return take("ask_consent", case, asked_on=TODAY, how="phone", organization="centre")


def ask_for_help(case: Case, **given: Any) -> Case:
    return take("submit_help_request", case, channel="walk_in", received_on=TODAY, what_happened="欠薪", **given)


def test_limitation_starts_for_each_claim_on_its_own_day() -> None:
    claims = [build_claim(SEVERANCE, knew_on=KNEW_ON), build_claim(DOUBLE, knew_on=LONG_AGO), build_claim(LEAVE)]

    after = ask_for_help(build_case("draft", claims=claims))

    assert limits(after) == {SEVERANCE: KNEW_ON, DOUBLE: LONG_AGO}
    assert {d.fact for d in after.running(*LIMITATION_CODES)} == {"knew_on"}


def test_a_request_that_reaches_the_other_side_starts_anew_only_what_is_not_over() -> None:
    claims = [build_claim(SEVERANCE, knew_on=KNEW_ON), build_claim(DOUBLE, knew_on=LONG_AGO)]

    after = ask_for_help(build_case("draft", claims=claims), reached_other_side=True)

    assert limits(after) == {SEVERANCE: TODAY, DOUBLE: LONG_AGO}


def test_limitation_of_wages_waits_for_the_end_of_employment() -> None:
    claims = [build_claim(WAGES, knew_on=KNEW_ON), build_claim(SEVERANCE, knew_on=KNEW_ON)]
    case = ask_for_help(build_case("draft", claims=claims))

    after = take("record_contract_end", case, ended_on=date(2026, 6, 12), ground="expired")

    assert limits(case) == {SEVERANCE: KNEW_ON}
    assert limits(after) == {SEVERANCE: KNEW_ON, WAGES: date(2026, 6, 12)}
    wage = next(after.running("D_LIMIT_WAGE_EXIT_1Y"))
    assert (wage.fact, wage.due) == ("ended_on", date(2027, 6, 14))
    assert [d.start for d in after.running("D_TERMDOC_15")] == [date(2026, 6, 12)]


def test_the_end_of_employment_told_twice_starts_limitation_once() -> None:
    case = build_case(claims=[build_claim(WAGES)])
    once = take("record_contract_end", case, ended_on=date(2026, 6, 12), ground="expired")

    twice = take("record_contract_end", once, ended_on=date(2026, 6, 12), ground="expired")

    assert limits(twice) == {WAGES: date(2026, 6, 12)}


def test_an_interruption_starts_anew_only_what_is_not_over() -> None:
    claims = [build_claim(SEVERANCE, knew_on=KNEW_ON), build_claim(DOUBLE, knew_on=LONG_AGO)]
    case = build_case("triage", claims=claims, deadlines=[limit(SEVERANCE), limit(DOUBLE, LONG_AGO)])

    after = ask_consent(case)

    assert limits(after) == {SEVERANCE: TODAY, DOUBLE: LONG_AGO}
    assert str(after.deadlines[f"lim-{SEVERANCE}"].status) == "replaced"
    assert after.deadlines[f"lim-{SEVERANCE}"].ended_on == TODAY
    assert after.deadlines[f"lim-{DOUBLE}"].due == case.deadlines[f"lim-{DOUBLE}"].due


def test_two_interruptions_on_one_day_are_one() -> None:
    case = build_case("triage", claims=[build_claim(SEVERANCE, knew_on=TODAY)], deadlines=[limit(SEVERANCE, TODAY)])

    after = ask_consent(case)

    assert after.deadlines[f"lim-{SEVERANCE}"].due == case.deadlines[f"lim-{SEVERANCE}"].due
    assert limits(after) == {SEVERANCE: TODAY}


def test_a_claim_added_later_starts_its_own_limitation_and_leaves_the_others_alone() -> None:
    case = build_case("triage", claims=[build_claim(SEVERANCE, knew_on=KNEW_ON)], deadlines=[limit(SEVERANCE)])
    added = [{"code": DOUBLE, "knew_on": KNEW_ON}, {"code": LEAVE, "knew_on": LONG_AGO}]

    after = take("amend_claims", case, add=added, by="W")

    codes = {after.claims[str(key)].code: start for key, start in limits(after).items()}
    assert codes == {SEVERANCE: KNEW_ON, DOUBLE: TODAY, LEAVE: TODAY}
    assert all(str(deadline.status) == "running" for deadline in after.deadlines.values())


def test_a_claim_that_is_dropped_takes_its_limitation_along() -> None:
    claims = [build_claim(key, knew_on=KNEW_ON) for key in (SEVERANCE, DOUBLE)]
    case = build_case("triage", claims=claims, deadlines=[limit(SEVERANCE), limit(DOUBLE)])

    after = take("amend_claims", case, drop=[DOUBLE], by="W")

    assert limits(after) == {SEVERANCE: KNEW_ON}


def test_a_second_title_replaces_the_term_of_enforcement() -> None:
    old = build_deadline("D_ENFORCE_2Y", date(2026, 5, 6), fact="last_due_date")
    review = build_track("confirmation", "judicial_accepted")
    owed = [build_obligation(due_on=date(2026, 7, 10))]
    case = build_case("performing", obligations=owed, deadlines=[old], tracks=[review])

    after = take("jc_granted", case, ruling_no="（2026）浙0106诉前调确1号", served_on={"W": TODAY, "E": TODAY})

    assert str(after.deadlines["D_ENFORCE_2Y"].status) == "replaced"
    assert [d.start for d in after.running("D_ENFORCE_2Y")] == [date(2026, 7, 10)]


@pytest.mark.parametrize(
    ("facts", "terms"),
    [
        ({"pretrial_venue": "court_prefiling_dispatch"}, {"D_CT_30"}),
        ({"pretrial_venue": "court_prefiling_dispatch", "procedure": "simplified"}, {"D_CT_30"}),
        ({"pretrial_venue": "court_postfiling_entrust", "procedure": "ordinary"}, {"D_CT_15"}),
        ({"pretrial_venue": "court_postfiling_entrust"}, {"D_CT_15"}),
        ({"pretrial_venue": "court_postfiling_entrust", "procedure": "simplified"}, {"D_CT_7"}),
        ({"pretrial_venue": "arbitration_prehearing"}, set()),
    ],
)
def test_the_term_of_a_court_mediation_goes_by_venue_and_procedure(facts: dict[str, Any], terms: set[str]) -> None:
    case = build_case("court_dispatch_pending", deadlines=[build_deadline("D_CT_ACCEPT_3WD")], facts=facts)

    after = take("accept_dispatch", case, accepted_on=TODAY, mediator="mediator")

    assert {d.term for d in after.running()} == {"D_CT_CONTACT_3WD", *terms}
    assert str(after.deadlines["D_CT_ACCEPT_3WD"].status) == "stopped"
    assert {d.start for d in after.running()} == {TODAY}


def hold(case: Case, since: date, reason: str = "appraisal") -> Case:
    return take("start_hold", case, on=since, hold_reason=reason, since=since, decided_by="合议庭")


def end_hold(case: Case, until: date) -> Case:
    return take("end_hold", case, on=until, until=until, why="鉴定结束")


def test_a_term_paused_twice_is_pushed_on_by_both_pauses() -> None:
    case = build_case("court_mediation_in_progress", deadlines=[build_deadline("D_CT_30", date(2026, 6, 1))])

    once = end_hold(hold(case, date(2026, 6, 3)), date(2026, 6, 7))
    twice = end_hold(hold(once, date(2026, 6, 10)), date(2026, 6, 12))

    days = [(c.deadlines["D_CT_30"].raw - case.deadlines["D_CT_30"].raw).days for c in (once, twice)]
    assert days == [5, 8]
    pauses = [(entry.reason, entry.since, entry.until) for entry in twice.deadlines["D_CT_30"].ledger]
    assert pauses == [
        ("appraisal", date(2026, 6, 3), date(2026, 6, 7)), ("appraisal", date(2026, 6, 10), date(2026, 6, 12)),
    ]  # fmt: skip
    assert not twice.deadlines["D_CT_30"].is_paused


def test_a_hold_pauses_only_the_clocks_its_reason_reaches() -> None:
    clocks = [build_deadline("D_CT_30", date(2026, 6, 1)), build_deadline("D_ARB_45", date(2026, 6, 1))]
    case = build_case("arbitration_accepted", deadlines=clocks)

    held = hold(case, date(2026, 6, 3), "party_death")
    resumed = end_hold(held, date(2026, 6, 7))

    assert [d.id for d in held.running() if d.is_paused] == ["D_ARB_45"]
    assert resumed.deadlines["D_CT_30"] == case.deadlines["D_CT_30"]
    assert (resumed.deadlines["D_ARB_45"].raw - case.deadlines["D_ARB_45"].raw).days == 5


def test_a_hold_that_pauses_nothing_ends_without_moving_anything() -> None:
    case = build_case("triage", deadlines=[build_deadline("D_MED_15")])

    after = end_hold(hold(case, TODAY, "agreed_talks"), TODAY)

    assert after.deadlines == case.deadlines

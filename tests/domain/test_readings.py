"""Each open question decides something: what a case does under the rule in force, and under the other reading."""

from contextvars import copy_context
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.builders import (
    TODAY,
    ask,
    blockers,
    build_agreement,
    build_case,
    build_claim,
    build_deadline,
    build_obligation,
    warnings,
)

from mediation.domain import advance as advancing
from mediation.domain.advance import advance, lapse
from mediation.domain.ambiguities import AMBIGUITIES, RULES
from mediation.domain.calendar import Unit, official_calendar
from mediation.domain.cases import Case, Command, References, Setting
from mediation.domain.deadlines import (
    Deadline,
    DeadlineStatus,
    end_deadline,
    extend_deadline,
    hint_date,
    recount_deadline,
    start_deadline,
    why,
)
from mediation.domain.guards import GUARDS, judge
from mediation.domain.limitation import LimitationView
from mediation.domain.limitation.standing import limitation_on
from mediation.domain.procedure.step import CaseRole
from mediation.domain.readings import READINGS, choosing, reading
from mediation.domain.terms import TERMS, as_read

CALENDAR = official_calendar()
RECEIVED, ACCEPTED = date(2026, 6, 1), date(2026, 6, 3)
MAKE_UP_SATURDAY = date(2026, 5, 9)
ACTING = [row for row in AMBIGUITIES.values() if row.applies == "cases"]


def other(question: str) -> Any:
    """Follow the reading that is not in force."""
    return choosing({question: AMBIGUITIES[question].alternative})


def started(term: str, start: date, **changes: Any) -> Deadline:
    return start_deadline(term, id="d1", start=start, calendar=CALENDAR, fact="received_on", **changes)


def take(action: str, case: Case, on: date = TODAY, **given: Any) -> Case:
    ids = iter(f"new{n}" for n in range(99))
    setting = Setting(on, CALENDAR, frozenset({CaseRole.CLERK}), "someone", new_id=lambda: next(ids))
    return advance(case, Command(action, on, given), setting).case


@pytest.fixture
def no_guard_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "judge", lambda _question: ((), ()))


# the data


@pytest.mark.parametrize("row", ACTING, ids=lambda row: row.id)
def test_a_question_that_decides_in_cases_has_both_readings(row: Any) -> None:
    assert set(READINGS[row.id]) == {row.rule, row.alternative}
    assert reading(row.id) is READINGS[row.id][row.rule]
    with other(row.id):
        assert reading(row.id) is READINGS[row.id][row.alternative]


def test_questions_of_the_calculators_say_so_and_decide_nothing_in_a_case() -> None:
    left = {row.id for row in AMBIGUITIES.values() if row.applies == "calculators"}

    assert left == {"AMB-6", "AMB-8", "AMB-9", "AMB-10"}
    assert set(READINGS) == set(AMBIGUITIES) - left
    assert all(not AMBIGUITIES[name].acts_on for name in left)


@pytest.mark.parametrize("row", ACTING, ids=lambda row: row.id)
def test_what_a_rule_acts_on_exists_and_names_the_question(row: Any) -> None:
    assert row.acts_on
    for name in set(row.acts_on) - {"roll", "limitation"}:
        named = TERMS[name].ambiguities if name in TERMS else GUARDS[name].basis
        assert row.id in named or name == "term_lapsed"


def test_a_rule_that_is_not_there_cannot_be_chosen() -> None:
    for question, rule in (("AMB-12", "unheard_of"), ("AMB-8", "overtime_excluded"), ("AMB-99", "no_cap")):
        with pytest.raises(ValueError, match="has no rule"), choosing({question: rule}):
            pass


def test_a_choice_ends_with_its_block_and_stays_in_its_context() -> None:
    with choosing({"AMB-12": "no_cap"}):
        with choosing({"AMB-16": "always_organization_term"}):
            assert reading("AMB-12").cap_days is None
            assert reading("AMB-16")["D_CT_30"] == 15
        assert reading("AMB-16")["D_CT_30"] == 30
        elsewhere = copy_context()
    assert reading("AMB-12").cap_days == 30
    assert elsewhere.run(reading, "AMB-12").cap_days is None


def test_the_row_of_a_term_follows_the_rule_in_force() -> None:
    assert all(as_read(term) == term for term in TERMS.values())


# AMB-1: the 15 days run from receipt, or from acceptance


def mediated(*, offered: bool = False) -> dict[str, list[Any]]:
    """The mediation terms that run after the application and after the consent."""
    found = {}
    case = build_case("draft", facts={"mediation_offered": True} if offered else {})
    if not offered:
        case = take("submit_intake", case, RECEIVED, received_on=RECEIVED, channel="walk_in", form="written")
    found["received"] = list(case.running("D_MED_15"))
    waiting = replace(case, tracks={"main": replace(case.tracks["main"], state="awaiting_counterparty_consent")})
    case = take("consent", waiting, ACCEPTED, consents=[], accepted_on=ACCEPTED)
    found["accepted"] = list(case.running("D_MED_15"))
    return found


@pytest.mark.usefixtures("no_guard_bars")
def test_the_mediation_term_runs_from_receipt() -> None:
    found = mediated()

    assert [entry.due for entry in found["received"]] == [date(2026, 6, 16)]
    assert found["accepted"] == found["received"]
    with other("AMB-1"):
        found = mediated()
    assert found["received"] == []
    assert [(entry.fact, entry.due) for entry in found["accepted"]] == [("accepted_on", date(2026, 6, 18))]


@pytest.mark.usefixtures("no_guard_bars")
def test_an_offer_without_an_application_runs_from_acceptance_in_both_readings() -> None:
    in_force = mediated(offered=True)["accepted"]
    with other("AMB-1"):
        alternative = mediated(offered=True)["accepted"]

    assert [entry.due for entry in in_force] == [entry.due for entry in alternative] == [date(2026, 6, 18)]


def test_the_end_counted_from_the_other_fact_stands_beside_the_mediation_term() -> None:
    facts = {"received_on": RECEIVED.isoformat(), "accepted_on": ACCEPTED.isoformat()}
    from_receipt = started("D_MED_15", RECEIVED)
    from_acceptance = replace(started("D_MED_15", ACCEPTED), fact="accepted_on")

    told = why(from_receipt, CALENDAR, facts)

    assert told.hint_on == date(2026, 6, 18)
    assert told.hint is not None
    assert "from receipt" in told.hint.en
    assert hint_date(from_receipt, CALENDAR) is None
    assert hint_date(from_acceptance, CALENDAR, facts) is None
    with other("AMB-1"):
        told = why(from_acceptance, CALENDAR, facts)
    assert told.hint_on == date(2026, 6, 16)
    assert told.hint is not None
    assert "from acceptance" in told.hint.en


def test_the_other_end_is_shown_only_while_the_term_runs_as_it_was_counted() -> None:
    facts = {"accepted_on": ACCEPTED}
    running = started("D_MED_15", RECEIVED)
    extended = extend_deadline(
        running, date(2026, 6, 30), on=RECEIVED, reason="consent", by="extend_mediation", calendar=CALENDAR
    )
    stopped = end_deadline(running, DeadlineStatus.STOPPED, on=ACCEPTED, by="sign_agreement")

    shown = [hint_date(each, CALENDAR, facts) for each in (running, extended, stopped)]

    assert shown == [date(2026, 6, 18), None, None]


def test_late_consent_is_measured_from_receipt_only_where_the_term_runs_from_it() -> None:
    case = build_case("mediation_refused", facts={"received_on": "2026-05-01"})

    assert "within_D_MED_15" in blockers(ask("late_consent", case))
    with other("AMB-1"):
        assert "within_D_MED_15" not in blockers(ask("late_consent", case))


# AMB-2, AMB-3: how days are counted


def test_the_short_terms_of_arbitration_are_working_days() -> None:
    start = date(2026, 9, 21)

    working = started("D_ARB_ANSWER_10", start)

    assert (working.due, hint_date(working, CALENDAR)) == (date(2026, 10, 12), date(2026, 10, 1))
    with other("AMB-2"):
        natural = started("D_ARB_ANSWER_10", start)
        assert (natural.raw, natural.due) == (date(2026, 10, 1), date(2026, 10, 8))
        assert hint_date(natural, CALENDAR) is None
        assert why(natural, CALENDAR).hint is None
        assert as_read(TERMS["D_ARB_ANSWER_10"]).unit is Unit.CALENDAR_DAY
        assert started("D_ARB_45", start).due == date(2026, 11, 5)
    assert started("D_ARB_45", start).due == date(2026, 11, 5)


def test_a_make_up_saturday_is_a_working_day() -> None:
    start = MAKE_UP_SATURDAY - timedelta(days=15)

    stays = started("D_REVIEW_15", start)

    assert stays.due == MAKE_UP_SATURDAY
    assert hint_date(stays, CALENDAR) == date(2026, 5, 8)
    with other("AMB-3"):
        moved = started("D_REVIEW_15", start)
        told = why(moved, CALENDAR)
        assert (moved.raw, moved.due) == (MAKE_UP_SATURDAY, date(2026, 5, 11))
        assert [line.facts["line"] for line in told.working] == ["start_not_counted", "raw_end", "rolled"]
        assert told.hint_on == MAKE_UP_SATURDAY
        assert hint_date(started("D_REVIEW_15", date(2026, 6, 1)), CALENDAR) is None
        assert started("D_MED_EXT", start, agreed_end=MAKE_UP_SATURDAY).due == date(2026, 5, 11)
        assert recount_deadline(stays, CALENDAR).due == date(2026, 5, 11)
        assert started("D_NOTICE_SERVE_30", MAKE_UP_SATURDAY - timedelta(days=30)).due == MAKE_UP_SATURDAY
    assert started("D_MED_EXT", start, agreed_end=MAKE_UP_SATURDAY).due == MAKE_UP_SATURDAY


# AMB-4, AMB-5: ways to enforceability


def confirmation(kind: str) -> Any:
    facts = {"agreement": build_agreement(organization_kind=kind)}
    case = build_case("agreement_effective", obligations=[build_obligation()], facts=facts)
    return ask("apply_judicial_confirmation", case, listing=True)


def test_confirmation_is_asked_about_outside_people_s_and_invited_mediation() -> None:
    assert warnings(confirmation("people_mediation")) == set()
    assert warnings(confirmation("township_org")) == {"jc_gate_amb4"}
    with other("AMB-4"):
        assert warnings(confirmation("township_org")) == set()
        assert "jc_gate_amb4" in blockers(confirmation("court"))


def review_venue(division: str | None) -> str:
    case = build_case(
        "agreement_effective", obligations=[build_obligation()], facts={"agreement": build_agreement(made_by="town")}
    )
    question = ask("apply_review", case, listing=True)
    references = References({"town": {"kind": "people_mediation", "division": division}})
    question = replace(question, setting=replace(question.setting, references=references))
    found = next(entry for entry in judge(question)[1] if entry.code == "by_organization")
    return found.text.en


def test_review_is_applied_for_at_the_organization_s_seat_inside_zhejiang() -> None:
    assert "at its seat" in review_venue("330782")
    assert "with jurisdiction" in review_venue("310101")
    assert "if the organization sits in Zhejiang" in review_venue(None)
    with other("AMB-5"):
        assert "with jurisdiction" in review_venue("330782")


# AMB-7: the court's receipt stamp


def suit_warning(filed: date, today: date) -> str | None:
    case = build_case(
        "arbitration_concluded", deadlines=[build_deadline("D_SUIT_15", due=date(2026, 6, 10), party_id="W")]
    )
    given = {"by": "W", "court_route_basis": "post_award", "filed_on": filed}
    found = judge(ask("file_suit", case, input=given, on=today))[1]
    return next((entry.text.en for entry in found if entry.code == "within_suit_term"), None)


def test_the_court_s_stamp_keeps_the_term_to_sue_and_registration_is_advised() -> None:
    in_time, last_day, after = date(2026, 6, 8), date(2026, 6, 10), date(2026, 6, 12)

    assert "stamp counts as filing" in str(suit_warning(in_time, last_day))
    assert suit_warning(in_time, after) is None
    assert "may be over" in str(suit_warning(after, after))
    with other("AMB-7"):
        assert "does not keep the term" in str(suit_warning(in_time, last_day))
        assert "may be over" in str(suit_warning(in_time, after))


# AMB-11, AMB-12: consent and extension


def test_silence_is_a_refusal_that_a_late_consent_takes_back() -> None:
    asked = build_deadline("D_MED_ACCEPT_3WD", date(2026, 6, 8), due=date(2026, 6, 11))
    running = build_deadline("D_MED_15", date(2026, 6, 8))
    case = build_case("awaiting_counterparty_consent", deadlines=[asked, running])
    ids = iter(f"new{n}" for n in range(99))
    setting = Setting(TODAY, CALENDAR, frozenset({CaseRole.SYSTEM}), "clock", new_id=lambda: next(ids))

    refused = lapse(case, asked, setting)

    assert not isinstance(refused, tuple)
    assert refused.target == "mediation_refused"
    assert list(refused.case.running("D_MED_15")) == [running]
    late = {"consents": [{"party": "E", "date": TODAY, "form": "paper"}]}
    assert blockers(ask("late_consent", refused.case, input=late)) == set()
    with other("AMB-11"):
        waits = lapse(case, asked, setting)
        over = replace(running, due=date(2026, 6, 12))
        ended = ask("lapse", build_case("awaiting_counterparty_consent", deadlines=[over]))
        assert blockers(ended) == set()
    assert isinstance(waits, tuple)
    draft, task = waits
    assert draft.case.state == "awaiting_counterparty_consent"
    assert task.term == "D_MED_ACCEPT_3WD"


def extended(days: int, *, before: int) -> Any:
    end = date(2026, 6, 20)
    case = build_case(
        "org_mediation_extended", deadlines=[build_deadline("D_MED_EXT", due=end)], facts={"extensions": before}
    )
    consents = [{"party": party, "date": TODAY, "form": "paper"} for party in ("W", "E")]
    return blockers(ask("extend_again", case, input={"new_end": end + timedelta(days=days), "consents": consents}))


def test_one_consent_adds_thirty_days_and_the_third_needs_a_supervisor() -> None:
    assert extended(30, before=1) == set()
    assert extended(31, before=1) == {"extension_within_cap"}
    assert extended(30, before=2) == {"supervisor_after_second"}
    with other("AMB-12"):
        assert extended(365, before=9) == set()


def test_the_term_tells_how_far_it_may_be_extended() -> None:
    told = TERMS["D_MED_15"].extension

    assert told is not None
    assert "30 days per consent" in told.en
    with other("AMB-12"):
        told = as_read(TERMS["D_MED_15"]).extension
    assert told is not None
    assert "any length" in told.en


# AMB-13: the restart of limitation


@pytest.mark.usefixtures("no_guard_bars")
def test_the_end_of_a_procedure_is_recorded_and_moves_the_likely_end_but_not_the_safe_day() -> None:
    claim = build_claim("economic_compensation", id="claim", knew_on=date(2026, 1, 5))
    clock = build_deadline("D_LIMIT_1Y", date(2026, 1, 5), ref_id="claim")
    case = build_case("org_mediation_in_progress", deadlines=[clock], claims=[claim])

    failed = take("fail", case, reason="wide_gap")

    def read() -> LimitationView:
        return limitation_on(failed, failed.claims["claim"], calendar=CALENDAR, today=TODAY)

    assert [entry.start for entry in failed.running("D_LIMIT_1Y")] == [clock.start]
    assert (read().likely_end, read().safe_end) == (date(2027, 6, 15), date(2027, 1, 5))
    with other("AMB-13"):
        assert (read().likely_end, read().safe_end) == (date(2027, 1, 5), date(2027, 1, 5))


# AMB-14, AMB-15: form


def signing(form: str) -> Any:
    signatures = [{"party": "W", "form": form}, {"party": "E", "form": "seal"}]
    return ask("complete_signatures", build_case("agreement_signed_pending_effect"), input={"signatures": signatures})


def test_an_electronic_signature_counts_and_paper_is_advised_before_confirmation() -> None:
    assert "all_signatures_present" not in blockers(signing("electronic"))
    assert warnings(signing("electronic")) == {"all_signatures_present"}
    assert warnings(signing("signature")) == set()
    with other("AMB-14"):
        assert "all_signatures_present" in blockers(signing("electronic"))
        assert "all_signatures_present" not in blockers(signing("signature"))


def test_a_body_of_an_enterprise_agrees_in_writing() -> None:
    def orally(kind: str) -> Any:
        case = build_case("org_mediation_in_progress", facts={"organization_kind": kind})
        return blockers(ask("reach_oral_agreement", case, listing=True))

    assert orally("people_mediation") == set()
    assert orally("enterprise_committee") == {"people_mediation_or_invited"}
    with other("AMB-15"):
        assert orally("enterprise_committee") == set()
        assert orally("court") == {"people_mediation_or_invited"}


# AMB-16: mediation at a court's request


@pytest.mark.usefixtures("no_guard_bars")
def test_a_recorded_dispatch_gives_thirty_days_and_an_application_fifteen() -> None:
    facts = {"pretrial_venue": "court_prefiling_dispatch", "dispatch_received_on": "2026-06-12"}
    case = build_case("court_dispatch_pending", facts=facts)

    def dispatched() -> list[date]:
        after = take("accept_dispatch", case, accepted_on=TODAY, mediator="mediator")
        return [entry.due for entry in after.running("D_CT_30")]

    assert dispatched() == [date(2026, 7, 15)]
    assert started("D_MED_15", TODAY).due == date(2026, 6, 30)
    with other("AMB-16"):
        assert dispatched() == [date(2026, 6, 30)]
        assert started("D_MED_15", TODAY).due == date(2026, 6, 30)


# appeals, whose two terms the guards read alike


@pytest.mark.usefixtures("no_guard_bars")
@pytest.mark.parametrize(
    ("given", "running"),
    [
        ({"appealable": True}, {"D_APPEAL_15": date(2026, 6, 30)}),
        ({"appealable": True, "is_ruling": False}, {"D_APPEAL_15": date(2026, 6, 30)}),
        ({"appealable": True, "is_ruling": True}, {"D_APPEAL_10": date(2026, 6, 25)}),
        ({"appealable": False, "is_ruling": True}, {}),
    ],
)
def test_a_ruling_is_appealed_within_ten_days_and_a_judgment_within_fifteen(given: Any, running: Any) -> None:
    case = build_case("litigation_recorded")
    served: dict[str, Any] = {
        "court_no": "x",
        "instance": "first",
        "results": [],
        "received_on": {"W": TODAY, "E": TODAY},
    }

    after = take("record_judgment", case, **served, **given)

    appeals = {entry.term: entry.due for entry in after.running("D_APPEAL_15", "D_APPEAL_10")}
    assert appeals == running
    if running:
        gone = take("appeal", after, by="W", filed_on=TODAY)
        assert list(gone.running("D_APPEAL_15", "D_APPEAL_10")) == []


@pytest.mark.parametrize("term", ["D_APPEAL_15", "D_APPEAL_10"])
def test_both_terms_of_appeal_keep_a_decision_from_taking_effect(term: str) -> None:
    both = [build_deadline(term, date(2026, 6, 1), party_id=party, id=party) for party in ("W", "E")]
    last = both[0].due
    case = build_case("judgment_received", deadlines=both, facts={"instance": "first", "appealable": True})

    def effect(on: date) -> Any:
        return blockers(ask("judgment_ends_case", case, on=on))

    assert "appeal_over_or_final" in effect(last)
    assert "appeal_over_or_final" not in effect(last + timedelta(days=1))
    assert "within_D_APPEAL_15" not in blockers(ask("appeal", case, input={"by": "W"}, on=last))
    assert "within_D_APPEAL_15" in blockers(ask("appeal", case, input={"by": "W"}, on=last + timedelta(days=1)))
    assert "no_legal_hold_conflict" in blockers(
        ask("archive", build_case("closed_adjudicated", deadlines=both), listing=True)
    )


def test_the_rules_in_force_are_those_of_the_rows() -> None:
    assert dict(RULES) == {row.id: row.rule for row in AMBIGUITIES.values()}

"""Each condition of the procedure, on the side where it holds and on the side where it does not."""

import re
from datetime import UTC, date, datetime
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
    build_party,
    build_track,
    warnings,
)

from mediation.domain.ambiguities import EXTENSION_CAP_DAYS, SUPERVISOR_AFTER_CONSENTS
from mediation.domain.conditions import CONDITIONS
from mediation.domain.guards import GUARDS, Ground, judge, open_attestations, required_attestations
from mediation.domain.law import cite
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import RECORDERS, CaseRole

WORKER = CaseRole.WORKER_SIDE
EMPLOYER = CaseRole.EMPLOYER_SIDE
SUPERVISOR = CaseRole.SUPERVISOR
SYSTEM = CaseRole.SYSTEM


def consent(party: Any, on: Any = TODAY, form: Any = "paper") -> Any:
    return {"party": party, "date": on, "form": form, "evidence": "e1"}


def test_every_guard_of_the_table_exists_and_every_guard_is_used() -> None:
    named = {code for step in PROCEDURE.steps.values() for code in step.guards}

    assert named == set(GUARDS)
    assert len(GUARDS) == 181


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS.keys())
def test_every_guard_speaks_both_languages_and_cites_its_basis(guard: Any) -> None:
    assert re.search(r"[一-鿿]", guard.label.zh)
    assert re.search(r"[a-z]{3}", guard.label.en)
    assert not re.search(r"[一-鿿]", guard.label.en)
    assert cite(guard.basis)
    assert (guard.ground is Ground.ATTESTED) or guard.check is not None
    assert set(guard.lifted_by) <= set(CaseRole)


def test_a_step_only_the_worker_process_takes_rests_on_no_statement() -> None:
    timers = [step for step in PROCEDURE.steps.values() if step.recorded_by == RECORDERS["S"]]

    assert timers
    assert {code for step in timers for code in step.guards if GUARDS[code].ground is Ground.ATTESTED} == set()


def test_every_condition_of_the_clock_and_limitation_columns_exists_and_is_used() -> None:
    named: set[str | None] = set()
    for step in PROCEDURE.steps.values():
        named |= {entry.when for entry in step.starts} | {entry.when for entry in step.stops}
        named |= {entry.when for entry in step.pauses} | {entry.when for entry in step.resumes}
        named |= set(re.findall(r"\[(\w+)\]", step.limitation))

    assert named - {None} == set(CONDITIONS)


@pytest.mark.parametrize("action", PROCEDURE.steps)
def test_no_row_fails_to_be_judged_in_a_listing_or_without_input(action: Any) -> None:
    track = PROCEDURE.steps[action].track
    empty = build_case("draft", parties=[], claims=[])
    full = build_case(
        "performing",
        tracks=() if track == "main" else [build_track(track, "none")],
        obligations=[build_obligation()],
        facts={"agreement": build_agreement(), "title_kind": "agreement"},
    )

    for case in (empty, full):
        judge(ask(action, case, listing=True))
        judge(ask(action, case))


def test_a_listing_is_not_blocked_by_what_the_step_is_still_to_be_given_or_told() -> None:
    question = ask("reach_agreement", build_case("org_mediation_in_progress"), listing=True)

    assert blockers(question) == set()
    assert "agreement_complete" in required_attestations(question.step)
    assert "agreement_covers_case" not in required_attestations(question.step)


def test_a_condition_nobody_stated_blocks_and_says_how_it_is_lifted() -> None:
    question = ask(
        "triage_ok",
        build_case("registered"),
        input={"claim_codes": ["unpaid_wages"], "employer_seat": "330782"},
    )

    found = {blocker.code: blocker for blocker in judge(question)[0]}

    assert set(found) == {"conflict_check_done", "duplicate_checked"}
    assert found["duplicate_checked"].missing == "attestations.duplicate_checked"
    assert found["duplicate_checked"].lifted_by == ("clerk", "union_officer")


def test_a_condition_stated_with_evidence_holds() -> None:
    given = {"claim_codes": ["unpaid_wages"], "employer_seat": "330782"}
    question = ask(
        "triage_ok",
        build_case("registered"),
        input=given,
        attest=["conflict_check_done", "duplicate_checked"],
    )

    assert blockers(question) == set()


def test_blockers_stand_in_the_order_of_the_row() -> None:
    found = judge(ask("triage_ok", build_case("registered", claims=[])))[0]

    assert [blocker.code for blocker in found] == list(PROCEDURE.steps["triage_ok"].guards)


def test_only_open_statements_are_asked_for() -> None:
    alone = ask("reach_agreement", build_case("org_mediation_in_progress"), listing=True)
    collective = ask(
        "reach_agreement", build_case("org_mediation_in_progress", facts={"collective": "g1"}), listing=True
    )

    assert "represented_workers_consent" not in open_attestations(alone)
    assert "represented_workers_consent" in open_attestations(collective)


# intake


def test_an_application_names_both_sides_in_the_step_or_on_the_case() -> None:
    nobody = build_case("draft", parties=[], claims=[])
    parties = [{"role": "applicant", "name": "张三"}, {"role": "respondent", "name": "某某公司"}]

    assert "parties_named" in blockers(ask("submit_intake", nobody, input={"parties": parties[:1]}))
    assert "parties_named" not in blockers(ask("submit_intake", nobody, input={"parties": parties}))
    assert "parties_named" not in blockers(ask("submit_intake", build_case("draft")))


def test_a_request_for_help_names_at_least_who_asks() -> None:
    nobody = build_case("draft", parties=[], claims=[])

    assert "parties_named" in blockers(ask("submit_help_request", nobody))
    assert blockers(ask("submit_help_request", nobody, input={"applicant": {"name": "张三"}})) == set()


def test_an_application_states_claims_or_a_reason() -> None:
    case = build_case("draft", claims=[])

    assert "request_stated" in blockers(ask("submit_intake", case))
    assert "request_stated" not in blockers(ask("submit_intake", case, input={"reason": "拖欠工资"}))


def test_an_oral_application_needs_its_signed_record() -> None:
    case = build_case("draft")

    assert "oral_record_signed" not in blockers(ask("submit_intake", case, input={"written_or_oral": "written"}))
    assert "oral_record_signed" in blockers(ask("submit_intake", case, input={"written_or_oral": "oral"}))
    on_paper = ask("submit_intake", case, input={"written_or_oral": "oral"}, evidence=("d1",))
    assert "oral_record_signed" not in blockers(on_paper)


def test_triage_refuses_a_claim_code_nobody_knows() -> None:
    case = build_case("registered")

    assert "cause_given" in blockers(ask("triage_ok", case, input={"claim_codes": ["nonsense"]}))
    assert "jurisdiction_given" in blockers(ask("triage_ok", case, input={"claim_codes": ["unpaid_wages"]}))


@pytest.mark.parametrize(
    ("organization", "fits"),
    [
        ("people", True),
        ("committee", True),
        ("inspection", True),
        ("court", False),
        ("county", False),
        (None, False),
    ],
)
def test_mediation_is_asked_of_a_lawful_mediation_organization(organization: Any, fits: Any) -> None:
    question = ask("offer_mediation", build_case(), input={"organization": organization})

    assert ("organization_chosen" not in blockers(question)) is fits


def test_consent_is_asked_on_an_application_on_file() -> None:
    applied = {"written_or_oral": "written", "received_on": "2026-06-10"}

    assert "mediation_application_on_file" in blockers(ask("ask_consent", build_case(), listing=True))
    assert "mediation_application_on_file" not in blockers(ask("ask_consent", build_case(facts=applied), listing=True))


def test_the_applicant_wants_mediation_when_the_clock_runs_or_the_applicant_asks() -> None:
    running = build_case(deadlines=[build_deadline("D_MED_15")])

    assert "mediation_wanted_by_applicant" in blockers(ask("ask_consent", build_case()))
    assert "mediation_wanted_by_applicant" not in blockers(ask("ask_consent", running))
    assert "mediation_wanted_by_applicant" not in blockers(ask("apply_for_mediation", build_case(), roles=[WORKER]))
    assert "mediation_wanted_by_applicant" not in blockers(ask("apply_for_mediation", build_case(), recorded_for="W"))
    assert "mediation_wanted_by_applicant" in blockers(ask("apply_for_mediation", build_case(), recorded_for="E"))


def test_a_second_application_waits_for_the_first_clock() -> None:
    running = build_case(deadlines=[build_deadline("D_MED_15")])

    assert "no_mediation_clock_running" in blockers(ask("apply_for_mediation", running, listing=True))
    assert "no_mediation_clock_running" not in blockers(ask("apply_for_mediation", build_case(), listing=True))


def test_mediation_is_not_offered_to_somebody_who_refused() -> None:
    refused = build_case(facts={"explicit_refusal": True})

    assert "no_refusal_recorded" in blockers(ask("offer_mediation", refused, listing=True))
    assert "no_refusal_recorded" not in blockers(ask("offer_mediation", build_case(), listing=True))


def test_what_an_award_decided_is_not_arbitrated_again_but_another_claim_is() -> None:
    decided = {"title_kind": "award"}
    supported = build_claim(outcome="supported")

    assert "same_claim_not_decided" in blockers(
        ask("prepare_referral", build_case("performing", facts=decided, claims=[supported]))
    )
    assert "same_claim_not_decided" not in blockers(ask("prepare_referral", build_case("performing", facts=decided)))
    assert "same_claim_not_decided" not in blockers(
        ask("prepare_referral", build_case("defaulted", facts={"title_kind": "agreement"}))
    )


def test_a_counterclaim_comes_from_the_respondent() -> None:
    case = build_case("org_mediation_in_progress")

    assert blockers(ask("add_counterclaim", case, recorded_for="E")) == set()
    assert blockers(ask("add_counterclaim", case, recorded_for="W")) == {"respondent_side"}
    assert blockers(ask("add_counterclaim", case, roles=[EMPLOYER])) == set()


# consent


def test_consent_needs_every_respondent_who_is_to_be_bound() -> None:
    two = build_case(
        "awaiting_counterparty_consent",
        parties=[build_party(), build_party("respondent"), build_party("co_respondent", id="E2")],
    )

    assert blockers(ask("consent", two, input={"consents": [consent("E")]})) == {"consent_of_all_to_be_bound"}
    assert blockers(ask("consent", two, input={"consents": [consent("E"), consent("E2")]})) == set()
    assert blockers(ask("consent", two, input={"consents": [consent("E")], "absent_respondents": ["E2"]})) == set()


def test_mediation_without_any_respondent_does_not_begin() -> None:
    case = build_case("awaiting_counterparty_consent")

    question = ask("consent", case, input={"consents": [], "absent_respondents": ["E"]})

    assert blockers(question) == {"consent_of_all_to_be_bound"}


def test_offered_mediation_needs_the_consent_of_the_worker_too() -> None:
    offered = build_case("awaiting_counterparty_consent", facts={"mediation_offered": True})

    assert blockers(ask("consent", offered, input={"consents": [consent("E")]})) == {"consent_of_all_to_be_bound"}
    assert blockers(ask("consent", offered, input={"consents": [consent("E"), consent("W")]})) == set()


def test_consents_on_file_spare_the_statement() -> None:
    agreed = [build_party(consented_on=TODAY), build_party("respondent", consented_on=TODAY)]

    assert blockers(ask("prehearing_mediation", build_case("arbitration_accepted"))) == {"all_parties_consent"}
    assert blockers(ask("prehearing_mediation", build_case("arbitration_accepted", parties=agreed))) == set()


def test_a_withdrawal_comes_from_the_applicant_side() -> None:
    case = build_case("registered")

    assert blockers(ask("withdraw", case, input={"asked_by": "W"})) == set()
    assert blockers(ask("withdraw", case, input={"asked_by": "E"})) == {"asked_by_applicant"}
    assert blockers(ask("withdraw", case)) == {"asked_by_applicant"}


def test_a_suit_is_withdrawn_by_the_party_that_sued() -> None:
    sued = build_deadline("D_SUIT_15", party_id="E", status="stopped", ended_by="T112")
    case = build_case("suit_filed", deadlines=[sued])

    assert blockers(ask("suit_withdrawn_unregistered", case, input={"asked_by": "E"})) == set()
    assert blockers(ask("suit_withdrawn_unregistered", case, input={"asked_by": "W"})) == {"asked_by_applicant"}


def test_workers_who_withdraw_together_are_listed_one_by_one() -> None:
    joint = build_case(
        "registered", parties=[build_party(), build_party("co_applicant", id="W2"), build_party("respondent")]
    )

    assert blockers(ask("withdraw", joint, input={"asked_by": "W", "workers": ["W"]})) == {
        "each_withdrawing_worker_named"
    }
    assert blockers(ask("withdraw", joint, input={"asked_by": "W", "workers": ["W", "W2"]})) == set()


# mediators


def test_a_mediator_has_the_role_of_one() -> None:
    case = build_case("org_mediation_accepted")

    assert "mediator_qualified" in blockers(ask("assign_mediator", case, input={"mediator": "volunteer"}))
    assert "mediator_qualified" not in blockers(ask("assign_mediator", case, input={"mediator": "mediator"}))


def test_a_second_mediator_replaces_the_first() -> None:
    free, taken = build_case("org_mediation_accepted"), build_case("org_mediation_accepted", mediator="m1")

    assert "no_mediator_yet" not in blockers(ask("assign_mediator", free, listing=True))
    assert "no_mediator_yet" in blockers(ask("assign_mediator", taken, listing=True))
    assert "mediator_assigned" in blockers(ask("replace_mediator", free, listing=True))
    assert "mediator_assigned" not in blockers(ask("replace_mediator", taken, listing=True))


def test_a_session_waits_for_an_undecided_challenge_and_for_a_hold() -> None:
    challenged = [build_track("challenge", "challenged", ref="m1"), build_track("hold", "on_hold")]
    clear = [build_track("challenge", "challenge_decided", ref="m1"), build_track("hold", "running")]

    waiting = ask("hold_session", build_case("org_mediation_accepted", mediator="m1", tracks=challenged), listing=True)
    going = ask("hold_session", build_case("org_mediation_accepted", mediator="m1", tracks=clear), listing=True)

    assert blockers(waiting) == {"no_open_challenge", "not_on_hold"}
    assert blockers(going) == set()


def test_unreachable_means_three_attempts_on_two_days_by_two_channels() -> None:
    case = build_case("court_mediation_in_progress")
    calls = [{"at": datetime(2026, 6, day, 2, tzinfo=UTC), "channel": "phone", "result": "-"} for day in (10, 11, 12)]
    letter = {**calls[0], "channel": "post"}

    assert blockers(ask("unreachable", case, input={"contacts": calls})) == {"contact_attempts_logged"}
    assert blockers(ask("unreachable", case, input={"contacts": [*calls[:2], letter]})) == set()


@pytest.mark.parametrize(("kind", "allowed"), [("people_mediation", True), ("enterprise_committee", False)])
def test_only_people_s_mediation_agrees_orally(kind: Any, allowed: Any) -> None:
    case = build_case("org_mediation_in_progress", facts={"organization_kind": kind})

    question = ask("reach_oral_agreement", case, listing=True)

    assert ("people_mediation_or_invited" not in blockers(question)) is allowed


def test_an_oral_agreement_is_performed_on_the_spot() -> None:
    case = build_case("org_mediation_in_progress", facts={"organization_kind": "people_mediation"})
    now, later = {"kind": "payment", "due_on": TODAY}, {"kind": "payment", "due_on": date(2026, 7, 1)}

    assert "performable_at_once" not in blockers(ask("reach_oral_agreement", case, input={"obligations": [now]}))
    assert "performable_at_once" in blockers(ask("reach_oral_agreement", case, input={"obligations": [now, later]}))


# time


def test_a_timer_fires_only_after_the_last_day() -> None:
    on_last_day = build_case("org_mediation_in_progress", deadlines=[build_deadline("D_MED_15", due=TODAY)])
    over = build_case("org_mediation_in_progress", deadlines=[build_deadline("D_MED_15", due=date(2026, 6, 12))])

    assert blockers(ask("lapse", on_last_day, listing=True)) == {"term_lapsed"}
    assert blockers(ask("lapse", over, listing=True)) == set()


def test_the_worker_process_leaves_the_end_of_mediation_to_a_clerk() -> None:
    ended = build_deadline("D_MED_15", due=date(2026, 6, 12))
    case = build_case("org_mediation_in_progress", deadlines=[ended])

    assert blockers(ask("lapse", case, roles=[SYSTEM], fired=ended)) == {"clerk_confirms"}
    noted = build_case(
        "org_mediation_in_progress",
        deadlines=[build_deadline("D_MED_15", due=date(2026, 6, 12), status="lapsed")],
    )
    assert blockers(ask("lapse", noted)) == set()


def test_a_lapse_of_an_earlier_round_does_not_end_the_present_one() -> None:
    earlier = build_deadline("D_MED_15", date(2026, 4, 1), id="old", status="lapsed")
    case = build_case("org_mediation_in_progress", deadlines=[earlier, build_deadline("D_MED_15")])

    assert blockers(ask("lapse", case)) == {"term_lapsed"}


def test_a_term_on_hold_does_not_lapse() -> None:
    over = build_deadline("D_CT_30", due=date(2026, 6, 12), is_paused=True)
    held = build_case("court_mediation_in_progress", deadlines=[over])

    assert blockers(ask("court_mediation_lapse", held, roles=[SYSTEM], fired=over)) == {"term_lapsed"}


def test_the_clock_of_another_instance_of_a_track_does_not_count() -> None:
    mine, other = (
        build_track("advance_payment", "advance_requested", id="mine"),
        build_track("advance_payment", "advance_paid", id="other"),
    )
    over = build_deadline("D_ADVANCE_DECIDE", due=date(2026, 6, 1), track_key="other")

    assert blockers(ask("advance_term_ends", build_case(tracks=[other, mine], deadlines=[over]))) == {"term_lapsed"}


def test_an_extension_is_agreed_before_the_term_ends_and_by_everybody_in_writing() -> None:
    case = build_case("org_mediation_in_progress", deadlines=[build_deadline("D_MED_15", due=date(2026, 6, 12))])
    both = [consent("W", date(2026, 6, 12)), consent("E", date(2026, 6, 12))]
    new_end = date(2026, 6, 30)

    assert blockers(ask("extend", case, input={"new_end": new_end, "consents": both})) == set()
    late = [both[0], consent("E", date(2026, 6, 13))]
    assert blockers(ask("extend", case, input={"new_end": new_end, "consents": late})) == {"before_term_ends"}
    oral = [both[0], consent("E", date(2026, 6, 12), form="oral_on_record")]
    assert blockers(ask("extend", case, input={"new_end": new_end, "consents": oral})) == {"written_consent_of_all"}


def test_an_extension_moves_the_end_on_but_not_beyond_the_cap() -> None:
    case = build_case("org_mediation_in_progress", deadlines=[build_deadline("D_MED_15", due=date(2026, 6, 20))])
    both = [consent("W"), consent("E")]

    def extend_to(day: Any) -> Any:
        return blockers(ask("extend", case, input={"new_end": day, "consents": both}))

    assert EXTENSION_CAP_DAYS == 30
    assert extend_to(date(2026, 6, 20)) == {"new_end_later"}
    assert extend_to(date(2026, 7, 20)) == set()
    assert extend_to(date(2026, 7, 21)) == {"extension_within_cap"}


def test_from_the_third_consent_on_a_supervisor_approves() -> None:
    given = {"new_end": date(2026, 7, 1), "consents": [consent("W"), consent("E")]}

    def blocked(extensions: Any, **more: Any) -> Any:
        deadlines = [build_deadline("D_MED_EXT", due=date(2026, 6, 20))]
        case = build_case("org_mediation_extended", deadlines=deadlines, facts={"extensions": extensions})
        return blockers(ask("extend_again", case, input={**given, **more}))

    assert SUPERVISOR_AFTER_CONSENTS == 2
    assert blocked(1) == set()
    assert blocked(2) == {"supervisor_after_second"}
    assert blocked(2, supervisor="volunteer") == {"supervisor_after_second"}
    assert blocked(2, supervisor="boss") == set()


def test_late_consent_counts_within_the_term_from_the_first_receipt() -> None:
    stopped = build_deadline("D_MED_15", date(2026, 6, 1), status="stopped")
    case = build_case("mediation_refused", deadlines=[stopped])
    given = {"consents": [consent("E")]}

    assert stopped.due == date(2026, 6, 16)
    assert blockers(ask("late_consent", case, input=given, on=date(2026, 6, 16))) == set()
    assert blockers(ask("late_consent", case, input=given, on=date(2026, 6, 17))) == {"within_D_MED_15"}


def test_a_window_that_never_started_is_counted_from_the_agreement() -> None:
    case = build_case("agreement_effective", facts={"agreement": build_agreement(effective_on="2026-05-18")})

    assert "within_D_REVIEW_15" not in blockers(ask("apply_review", case, on=date(2026, 6, 2)))
    assert "within_D_REVIEW_15" in blockers(ask("apply_review", case, on=date(2026, 6, 3)))


def test_an_award_takes_effect_when_the_last_term_to_sue_is_over() -> None:
    over = build_deadline("D_SUIT_15", due=date(2026, 6, 10), party_id="W", id="w")
    ahead = build_deadline("D_SUIT_15", due=date(2026, 6, 20), party_id="E", id="e")
    ordered = [build_claim(outcome="supported", awarded_fen=100)]

    waiting = build_case("arbitration_concluded", claims=ordered, deadlines=[over, ahead])
    done = build_case(
        "arbitration_concluded",
        claims=ordered,
        deadlines=[over, build_deadline("D_SUIT_15", due=date(2026, 6, 12), party_id="E", id="e")],
    )

    assert blockers(ask("award_takes_effect", waiting, roles=[SYSTEM], fired=over)) == {"suit_term_over_or_waived"}
    assert blockers(ask("award_takes_effect", done, roles=[SYSTEM], fired=over)) == set()


def test_a_final_award_binds_the_employer_at_once() -> None:
    over = build_deadline("D_SUIT_15", due=date(2026, 6, 10), party_id="W", id="w")
    ahead = build_deadline("D_SUIT_15", due=date(2026, 6, 20), party_id="E", id="e")
    ordered = [build_claim(outcome="supported", awarded_fen=100)]
    case = build_case("arbitration_concluded", claims=ordered, deadlines=[over, ahead], facts={"award_kind": "final"})

    assert blockers(ask("award_takes_effect", case, roles=[SYSTEM], fired=over)) == set()


def test_a_party_the_award_was_not_served_on_keeps_it_from_taking_effect_unless_a_clerk_knows_better() -> None:
    over = build_deadline("D_SUIT_15", due=date(2026, 6, 10), party_id="W")
    case = build_case(
        "arbitration_concluded", claims=[build_claim(awarded_fen=1, outcome="supported")], deadlines=[over]
    )

    assert blockers(ask("award_takes_effect", case, roles=[SYSTEM])) == {"suit_term_over_or_waived"}
    assert blockers(ask("award_takes_effect", case, attest=["suit_term_over_or_waived"])) == set()


def test_a_judgment_of_second_instance_is_final_at_once() -> None:
    ordered = [build_claim(outcome="supported", awarded_fen=100)]
    appeal = [build_deadline("D_APPEAL_15", party_id=party, id=party) for party in ("W", "E")]
    first = build_case(
        "judgment_received", claims=ordered, deadlines=appeal, facts={"instance": "first", "appealable": True}
    )
    second = build_case("judgment_received", claims=ordered, facts={"instance": "second", "appealable": False})

    assert blockers(ask("judgment_takes_effect", first, roles=[SYSTEM])) == {"appeal_over_or_final"}
    assert blockers(ask("judgment_takes_effect", second, roles=[SYSTEM])) == set()
    assert "appealable_first_instance" not in blockers(ask("appeal", first, input={"by": "W"}))
    assert "appealable_first_instance" in blockers(ask("appeal", second, input={"by": "W"}))


def test_a_late_suit_is_warned_of_and_left_to_the_court() -> None:
    late = build_deadline("D_SUIT_15", due=date(2026, 6, 10), party_id="W")
    case = build_case("arbitration_concluded", deadlines=[late])
    given = {"by": "W", "court_route_basis": "post_award", "filed_on": date(2026, 6, 11)}

    assert warnings(ask("file_suit", case, input=given)) == {"within_suit_term"}
    assert blockers(ask("file_suit", case, input=given)) == set()
    assert warnings(ask("file_suit", case, input={**given, "filed_on": date(2026, 6, 10)})) == set()


def test_limitation_is_shown_and_never_turns_anybody_away() -> None:
    clock = build_deadline("D_LIMIT_1Y", date(2024, 1, 1), ref_id="unpaid_wages")
    question = ask("prepare_referral", build_case(deadlines=[clock]))

    shown = judge(question)[1]

    assert blockers(question) == set()
    assert [entry.code for entry in shown] == ["limitation_warning_shown"]
    assert shown[0].facts["ends"] == [{"claim": "unpaid_wages", "due": "2025-01-02", "over": True}]


def test_arbitration_is_extended_once_and_by_fifteen_days() -> None:
    case = build_case("arbitration_accepted", deadlines=[build_deadline("D_ARB_45", date(2026, 6, 1))])
    used = build_case("arbitration_accepted", facts={"arbitration_extended": True})

    assert blockers(ask("extend_arbitration", case, input={"new_end": date(2026, 7, 31)}, evidence=("d",))) == set()
    assert blockers(ask("extend_arbitration", case, input={"new_end": date(2026, 8, 1)}, evidence=("d",))) == {
        "once_only"
    }
    assert blockers(ask("extend_arbitration", used, listing=True)) == {"once_only"}


def test_an_excuse_of_the_commission_keeps_silence_from_counting() -> None:
    late = build_deadline("D_ARB_ACCEPT_5", due=date(2026, 6, 10))
    silent = build_case("arbitration_filed", deadlines=[late])
    excused = build_case("arbitration_filed", deadlines=[late], facts={"li1_12_exception": "transfer"})

    assert blockers(ask("no_decision", silent, roles=[SYSTEM], fired=late)) == set()
    assert blockers(ask("no_decision", excused, roles=[SYSTEM], fired=late)) == {"no_li1_12_exception"}


# agreements


def test_an_agreement_disposes_of_every_open_claim() -> None:
    case = build_case("org_mediation_in_progress")
    settled = build_case("court_mediation_in_progress", claims=[build_claim(outcome="settled")])

    assert "agreement_covers_case" in blockers(ask("reach_agreement", case))
    assert "agreement_covers_case" not in blockers(ask("reach_agreement", case, input={"remaining_claims": "waived"}))
    assert "agreement_covers_case" not in blockers(ask("court_agreement", settled))


def test_everybody_who_is_bound_signs() -> None:
    parties = [build_party(), build_party("respondent"), build_party("co_respondent", id="E2", bound=False)]
    case = build_case("agreement_signed_pending_effect", parties=parties)

    assert "all_signatures_present" in blockers(
        ask("complete_signatures", case, input={"signatures": [{"party": "W"}]})
    )
    signed = {"signatures": [{"party": "W"}, {"party": "E"}]}
    assert "all_signatures_present" not in blockers(ask("complete_signatures", case, input=signed))


def test_a_third_party_who_promises_to_pay_signs_too() -> None:
    payer = build_party("third_party", id="T", side="third")
    promised = [build_obligation(debtor_id="T", status="draft")]
    signed = {"signatures": [{"party": "W"}, {"party": "E"}]}

    def blocked(obligations: Any) -> Any:
        parties = [build_party(), build_party("respondent"), payer]
        case = build_case("agreement_signed_pending_effect", parties=parties, obligations=obligations)
        return blockers(ask("complete_signatures", case, input=signed))

    assert "all_signatures_present" in blocked(promised)
    assert "all_signatures_present" not in blocked([])


def test_new_terms_name_the_agreement_they_replace() -> None:
    case = build_case("performing", facts={"agreement": build_agreement()})

    assert "supersedes_named" in blockers(ask("agree_new_terms", case))
    assert "supersedes_named" in blockers(ask("agree_new_terms", case, input={"supersedes": "other"}))
    assert "supersedes_named" not in blockers(ask("agree_new_terms", case, input={"supersedes": "a1"}))
    replacing = build_agreement(id="a2", status="draft", kind="replacement", supersedes="a1")
    change = build_case("agreement_change_pending", facts={"agreement": replacing})
    assert "supersedes_named" not in blockers(ask("new_terms_effective", change, listing=True))


def test_only_an_agreement_in_force_is_confirmed() -> None:
    def blocked(state: Any = "agreement_effective", **agreement: Any) -> Any:
        facts = {"agreement": build_agreement(**agreement)}
        return blockers(ask("apply_judicial_confirmation", build_case(state, facts=facts), listing=True))

    assert "agreement_in_force" not in blocked()
    assert "agreement_in_force" in blocked(status="superseded")
    assert "agreement_in_force" in blocked(kind="award")
    assert "agreement_in_force" in blocked("triage")


# performance


def test_a_part_payment_leaves_something_and_nothing_overdue() -> None:
    case = build_case("performing", obligations=[build_obligation()])
    paid = {"obligation": "o1", "proof": [{"reference": "r"}]}

    assert blockers(ask("record_performance", case, input={**paid, "amount": 400_000})) == set()
    assert blockers(ask("record_performance", case, input=paid)) == {"something_left"}
    assert blockers(ask("record_final_performance", case, input={**paid, "amount": 400_000})) == {
        "all_obligations_done"
    }
    assert blockers(ask("record_final_performance", case, input=paid)) == set()


def test_payment_needs_proof() -> None:
    case = build_case("performing", obligations=[build_obligation()])

    assert blockers(ask("record_final_performance", case, input={"obligation": "o1"})) == {"proof_of_performance"}


def test_a_default_is_cured_when_what_is_overdue_is_paid() -> None:
    owed = [build_obligation(due_on=date(2026, 6, 5)), build_obligation("o2", due_on=date(2026, 7, 5))]
    case = build_case("defaulted", obligations=owed)
    paid = {"obligation": "o1", "proof": [{"reference": "r"}]}

    assert blockers(ask("cure_default", case, input=paid)) == set()
    assert blockers(ask("cure_default", case, input={**paid, "amount": 1})) == {"nothing_overdue"}
    assert blockers(ask("record_late_performance", case, input={**paid, "amount": 1})) == set()
    assert blockers(ask("record_late_performance", case, input=paid)) == {"something_overdue"}


def test_a_due_date_on_a_rest_day_rolls_before_it_is_missed() -> None:
    saturday = build_obligation(due_on=date(2026, 6, 13))
    case = build_case("performing", obligations=[saturday])
    paid = {"obligation": "o1", "amount": 1, "proof": [{"reference": "r"}]}

    assert "nothing_overdue" not in blockers(ask("record_performance", case, input=paid, on=date(2026, 6, 15)))
    assert "nothing_overdue" in blockers(ask("record_performance", case, input=paid, on=date(2026, 6, 16)))


def test_an_instalment_is_missed_only_while_it_is_not_done() -> None:
    over = build_deadline("OBLIGATION", due=date(2026, 6, 12), ref_id="o1")
    open_, done = (
        build_obligation(due_on=date(2026, 6, 12)),
        build_obligation(due_on=date(2026, 6, 12), status="done"),
    )

    missed = ask(
        "instalment_missed",
        build_case("performing", obligations=[open_], deadlines=[over]),
        roles=[SYSTEM],
        fired=over,
    )
    paid = ask(
        "instalment_missed",
        build_case("performing", obligations=[done], deadlines=[over]),
        roles=[SYSTEM],
        fired=over,
    )

    assert blockers(missed) == set()
    assert blockers(paid) == {"due_date_over_without_proof"}


@pytest.mark.parametrize(
    ("due", "near"), [(date(2026, 6, 18), True), (date(2026, 6, 22), False), (date(2026, 6, 1), True)]
)
def test_follow_up_begins_three_days_before_the_due_day(due: Any, near: Any) -> None:
    case = build_case("performing", obligations=[build_obligation(due_on=due)])

    assert (blockers(ask("start_followup", case)) == set()) is near


def test_what_is_agreed_and_what_is_adjudicated_close_differently() -> None:
    agreed = build_case("performing", facts={"title_kind": "agreement"})
    adjudicated = build_case("performing", facts={"title_kind": "award"})

    assert "title_is_agreed" not in blockers(ask("close_settled", agreed, listing=True))
    assert "title_is_agreed" in blockers(ask("close_settled", adjudicated, listing=True))
    assert "title_is_adjudicated" in blockers(ask("close_adjudicated", agreed, listing=True))
    assert "title_is_adjudicated" not in blockers(ask("close_adjudicated", adjudicated, listing=True))


def test_a_settlement_is_not_closed_while_a_due_day_lies_ahead_unless_both_declined() -> None:
    case = build_case("performing", obligations=[build_obligation()], facts={"title_kind": "agreement"})

    assert "no_due_date_ahead_or_declined" in blockers(
        ask("close_settled", case, input={"reason": "followed_by_other_body"})
    )
    assert "no_due_date_ahead_or_declined" not in blockers(
        ask("close_settled", case, input={"reason": "both_declined"})
    )


# court and arbitration


@pytest.mark.parametrize(
    ("state", "route", "fits"),
    [
        ("arbitration_concluded", "post_award", True),
        ("triage", "post_award", False),
        ("triage", "wage_iou", True),
        ("arbitration_accepted", "arb_overdue", True),
        ("defaulted", "pay_only_agreement", True),
        ("mediation_failed", "advisory_no_arbitration_yet", False),
    ],
)
def test_a_complaint_takes_a_route_that_fits_the_state(state: Any, route: Any, fits: Any) -> None:
    question = ask("file_suit", build_case(state), input={"court_route_basis": route})

    assert ("route_fits_state" not in blockers(question)) is fits


def test_a_route_the_source_does_not_state_is_shown_at_intake_and_keeps_the_case_from_registration() -> None:
    intake = ask(
        "intake_court_dispatch",
        build_case("draft"),
        input={"court_route_basis": "not_stated", "court_no": "1"},
    )
    unknown = build_case("court_returned", facts={"court_route_basis": "not_stated"})

    assert "court_route_basis_given" not in blockers(intake)
    assert "court_route_basis_given" in warnings(intake)
    assert "court_route_basis_given" in blockers(ask("court_registers_case", unknown, listing=True))


def test_advice_to_mediate_does_not_carry_a_suit() -> None:
    def blocked(route: Any) -> Any:
        case = build_case("court_returned", facts={"court_route_basis": route})
        return blockers(ask("court_registers_case", case, listing=True))

    assert blocked("advisory_no_arbitration_yet") == {"not_advisory_only"}
    assert blocked("wage_iou") == set()


def test_a_suit_registered_before_mediation_goes_back_to_trial() -> None:
    entrusted = build_case(
        "court_returned",
        facts={"pretrial_venue": "court_postfiling_entrust", "court_route_basis": "post_award"},
    )
    dispatched = build_case(
        "court_returned",
        facts={"pretrial_venue": "court_prefiling_dispatch", "court_route_basis": "wage_iou"},
    )

    assert "not_postfiling" in blockers(ask("court_registers_case", entrusted, listing=True))
    assert blockers(ask("back_to_trial", entrusted)) == set()
    assert "not_postfiling" not in blockers(ask("court_registers_case", dispatched, listing=True))
    assert blockers(ask("back_to_trial", dispatched)) == {"postfiling_only"}


def test_arbitration_comes_first_unless_it_was_done_or_a_route_spares_it() -> None:
    def blocked(**facts: Any) -> Any:
        return blockers(ask("needs_arbitration", build_case("court_returned", facts=facts)))

    assert blocked(court_route_basis="advisory_no_arbitration_yet") == set()
    assert blocked(court_route_basis="wage_iou") == {"arbitration_not_done_yet"}
    assert blocked(award_no="1") == {"arbitration_not_done_yet"}


def test_a_message_of_the_court_comes_from_its_liaison_or_on_paper() -> None:
    case = build_case(tracks=[build_track("payment_order", "po_applied")])

    assert blockers(ask("po_accepted", case)) == {"court_message_authentic"}
    assert blockers(ask("po_accepted", case, evidence=("d1",))) == set()
    assert blockers(ask("po_accepted", case, roles=[CaseRole.COURT_LIAISON])) == set()
    assert blockers(ask("accepted", build_case("arbitration_filed"), input={"arb_no": "1"})) == set()


def test_an_award_says_something_about_every_claim() -> None:
    case = build_case("arbitration_accepted", claims=[build_claim(), build_claim("overtime_pay")])
    one = {"claim": "unpaid_wages", "outcome": "supported"}
    both = [one, {"claim": "overtime_pay", "outcome": "dismissed"}]

    assert blockers(ask("award", case, input={"award_no": "1", "results": [one]})) == {"each_claim_has_result"}
    assert blockers(ask("award", case, input={"award_no": "1", "results": both})) == set()
    assert blockers(ask("close_performed", case, listing=True)) == {"each_claim_has_result"}


@pytest.mark.parametrize(
    ("claim", "orders"),
    [
        (build_claim(outcome="supported", awarded_fen=100), True),
        (build_claim(outcome="dismissed", awarded_fen=0), False),
        (build_claim("confirm_employment", outcome="supported", awarded_fen=None), False),
        (build_claim("termination_certificate", outcome="supported", awarded_fen=None), True),
    ],
)
def test_an_award_is_performed_or_ends_the_case_by_what_it_orders(claim: Any, orders: Any) -> None:
    case = build_case("arbitration_concluded", claims=[claim])

    assert ("award_orders_performance" not in blockers(ask("award_takes_effect", case))) is orders
    assert ("award_orders_nothing" in blockers(ask("award_ends_case", case))) is orders


def test_only_the_employer_has_a_final_award_set_aside_and_only_in_time() -> None:
    window = build_deadline("D_SETASIDE_30", due=date(2026, 6, 20), party_id="E")
    case = build_case("arbitration_concluded", facts={"award_kind": "final"}, deadlines=[window])
    ground = ["ground_given"]

    assert blockers(ask("record_setaside_application", case, recorded_for="E", attest=ground)) == set()
    assert blockers(ask("record_setaside_application", case, recorded_for="W", attest=ground)) == {"employer_only"}
    late = ask("record_setaside_application", case, recorded_for="E", attest=ground, on=date(2026, 6, 21))
    assert blockers(late) == {"within_D_SETASIDE_30"}
    open_award = build_case("arbitration_concluded", facts={"award_kind": "non_final"})
    assert "within_D_SETASIDE_30" in blockers(ask("record_setaside_application", open_award, recorded_for="E"))


def test_a_case_at_set_aside_is_told_from_an_ordinary_suit() -> None:
    special = build_case("litigation_recorded", facts={"instance": "set_aside"})
    ordinary = build_case("litigation_recorded", facts={"instance": "first"})

    assert blockers(ask("award_set_aside", special)) == set()
    assert blockers(ask("award_set_aside", ordinary)) == {"instance_is_set_aside"}
    assert "instance_not_set_aside" in blockers(ask("record_judgment", special, listing=True))
    assert "instance_not_set_aside" not in blockers(ask("record_judgment", ordinary, listing=True))


def test_arbitration_put_off_for_mediation_is_taken_up_again() -> None:
    put_off = build_case("mediation_failed", facts={"arbitration_pending_since": "2026-06-01"})

    assert blockers(ask("resume_arbitration", put_off)) == set()
    assert blockers(ask("resume_arbitration", build_case("mediation_failed"))) == {"filed_earlier_and_put_off"}


def test_a_statement_binds_when_every_party_signed_for_it() -> None:
    case = build_case("arbitration_accepted")

    assert "statement_received_by_all" in blockers(
        ask("arbitral_statement_served", case, input={"served_on": {"W": TODAY}})
    )
    both = {"served_on": {"W": TODAY, "E": TODAY}}
    assert "statement_received_by_all" not in blockers(ask("arbitral_statement_served", case, input=both))


# ways to enforceability


def test_review_is_for_agreements_before_a_mediation_organization() -> None:
    def blocked(**agreement: Any) -> Any:
        facts = {"agreement": build_agreement(**agreement)}
        return ask(
            "apply_review",
            build_case("agreement_effective", obligations=[build_obligation()], facts=facts),
            listing=True,
        )

    assert "by_organization" not in blockers(blocked())
    assert "by_organization" in blockers(blocked(kind="settlement", made_by=None, organization_kind=None))
    assert warnings(blocked(made_by="inspection", organization_kind="administrative_mediation")) == {"by_organization"}


def test_confirmation_is_open_for_payment_before_people_s_mediation_and_asked_about_elsewhere() -> None:
    def question(kind: Any = "people_mediation", obligation: Any = None, **agreement: Any) -> Any:
        facts = {"agreement": build_agreement(organization_kind=kind, **agreement)}
        owed = [obligation or build_obligation()]
        return ask(
            "apply_judicial_confirmation",
            build_case("agreement_effective", obligations=owed, facts=facts),
            listing=True,
        )

    assert warnings(question()) == set()
    assert warnings(question(obligation=build_obligation(kind="act"))) == {"jc_gate_amb4"}
    assert warnings(question("other_lawful_org")) == {"jc_gate_amb4"}
    assert "jc_gate_amb4" in blockers(question(None, made_by=None))


def test_an_agreement_on_the_relationship_alone_is_not_reviewed() -> None:
    only = build_case(
        "agreement_effective",
        claims=[build_claim("confirm_employment")],
        facts={"agreement": build_agreement()},
    )
    money = build_case("agreement_effective", obligations=[build_obligation()], facts={"agreement": build_agreement()})

    assert "not_relationship_only" in blockers(ask("apply_review", only, listing=True))
    assert "not_relationship_only" not in blockers(ask("apply_review", money, listing=True))


def test_review_is_closed_once_a_court_confirmed() -> None:
    granted = build_track("confirmation", "judicial_granted", ref="a1")
    case = build_case(
        "agreement_effective",
        obligations=[build_obligation()],
        facts={"agreement": build_agreement()},
        tracks=[granted],
    )

    assert "not_judicially_confirmed" in blockers(ask("apply_review", case, listing=True))


def test_a_payment_order_is_for_a_worker_s_overdue_fixed_sum() -> None:
    def blocked(**obligation: Any) -> Any:
        owed = [build_obligation(**{"due_on": date(2026, 6, 1), **obligation})]
        case = build_case("defaulted", obligations=owed, facts={"agreement": build_agreement()})
        return blockers(ask("apply_payment_order", case, listing=True))

    assert blocked() == set()
    assert blocked(creditor_id="E") == {"creditor_is_worker"}
    assert blocked(amount_fen=None) == {"amount_fixed_and_due"}
    assert blocked(due_on=date(2026, 7, 1)) == {
        "overdue_obligation_shown",
        "creditor_is_worker",
        "amount_fixed_and_due",
    }


def test_a_payment_order_is_for_wages_and_the_like() -> None:
    def blocked(code: Any) -> Any:
        owed = [build_obligation(due_on=date(2026, 6, 1))]
        case = build_case(
            "defaulted", claims=[build_claim(code)], obligations=owed, facts={"agreement": build_agreement()}
        )
        return blockers(ask("apply_payment_order", case, listing=True))

    assert blocked("economic_compensation") == set()
    assert blocked("work_injury_benefit") == set()
    assert blocked("reinstatement") == {"po_eligible_claim"}


def test_an_agreement_alone_is_no_enforceable_title() -> None:
    owed = [build_obligation(due_on=date(2026, 6, 1))]
    agreed = build_case("defaulted", obligations=owed, facts={"title_kind": "agreement"})
    ruling = build_case("defaulted", obligations=owed, facts={"title_kind": "confirmation_ruling"})

    assert blockers(ask("apply_enforcement", agreed, listing=True)) == {"enforceable_title"}
    assert blockers(ask("apply_enforcement", ruling, listing=True)) == set()
    assert warnings(ask("record_own_enforcement_application", agreed)) == {"title_gap_shown"}
    assert warnings(ask("record_own_enforcement_application", ruling)) == set()


def test_enforcement_after_two_years_is_warned_of() -> None:
    old = build_deadline("D_ENFORCE_2Y", date(2024, 1, 1))
    case = build_case(
        "defaulted",
        obligations=[build_obligation(due_on=date(2024, 1, 1))],
        facts={"title_kind": "award"},
        deadlines=[old],
    )

    assert warnings(ask("apply_enforcement", case)) == {"within_D_ENFORCE_2Y"}
    assert blockers(ask("apply_enforcement", case)) == set()


def test_an_objection_in_time_ends_the_payment_order() -> None:
    over = build_deadline("D_PO_OBJECT_15", date(2026, 5, 20))
    track = build_track("payment_order", "po_served")

    def blocked(**facts: Any) -> Any:
        case = build_case("defaulted", tracks=[track], deadlines=[over], facts=facts)
        return blockers(ask("po_effective", case, roles=[SYSTEM], fired=over))

    assert blocked() == set()
    assert blocked(objected_on="2026-06-01") == {"no_objection"}
    assert blocked(objected_on="2025-06-01") == set()


# closing and correcting


def test_a_case_is_not_closed_over_a_running_track_unless_a_supervisor_says_so() -> None:
    def case(state: Any) -> Any:
        return build_case("performed", claims=[], tracks=[build_track("confirmation", state)])

    assert blockers(ask("close_performed", case("review_applied"))) == {"no_track_running"}
    assert blockers(ask("close_performed", case("review_granted"))) == set()
    overridden = ask("close_performed", case("review_applied"), roles=[SUPERVISOR], attest=["no_track_running"])
    assert blockers(overridden) == set()


def test_a_pending_suit_is_ended_by_its_own_step() -> None:
    entrusted = {"pretrial_venue": "court_postfiling_entrust"}

    assert "no_forum_pending" in blockers(ask("withdraw", build_case("court_returned", facts=entrusted), listing=True))
    assert "no_forum_pending" not in blockers(ask("withdraw", build_case("court_returned"), listing=True))
    withdrawn = build_case("defaulted", facts={**entrusted, "finish": "withdrawal"})
    assert "no_forum_pending" not in blockers(ask("close_unresolved", withdrawn, listing=True))


def test_a_running_enforcement_keeps_a_file_from_the_archive() -> None:
    running = build_case("closed_settled", tracks=[build_track("enforcement", "enf_in_progress")])

    assert blockers(ask("archive", running, listing=True)) == {"no_legal_hold_conflict"}
    assert blockers(ask("archive", build_case("closed_settled"), listing=True)) == set()


def test_a_correction_of_a_sum_needs_a_second_person_and_a_signature_is_never_corrected() -> None:
    def blocked(field: Any) -> Any:
        return blockers(ask("correct_entry", build_case(), input={"field": field}))

    assert blocked("facts/employer_seat") == set()
    assert blocked("claims/unpaid_wages/amount_fen") == {"four_eyes"}
    assert blocked("parties/W/name") == {"four_eyes"}
    assert blocked("facts/received_on") == {"four_eyes"}
    assert "correction_allowed" in blocked("documents/d1/title")


def test_a_mistake_is_taken_back_on_the_same_day_by_a_supervisor_who_did_not_make_it() -> None:
    entry = {
        "entry_id": "h9",
        "action": "consent",
        "sequence": 9,
        "recorded_on": TODAY.isoformat(),
        "actor_id": "clerk",
    }

    def blocked(named: Any = "h9", **options: Any) -> Any:
        options = {"roles": [SUPERVISOR], "actor_id": "boss", "attest": ["nothing_sent_out"], **options}
        return blockers(ask("void_last_step", build_case(last_entry=entry), input={"step": named}, **options))

    assert blocked() == set()
    assert blocked("h8") == {"last_step_and_same_day"}
    assert blocked(on=date(2026, 6, 16)) == {"last_step_and_same_day"}
    assert blocked(actor_id="clerk") == {"supervisor_approves"}
    assert blocked(hand="clerk") == {"supervisor_approves"}
    entry["on_behalf_of"] = "boss"
    assert blocked() == {"supervisor_approves"}
    del entry["on_behalf_of"]
    assert blocked(attest=[]) == {"nothing_sent_out"}


# parties, groups, tracks


def test_ten_workers_make_a_collective_case() -> None:
    def blocked(heads: Any) -> Any:
        parties = [build_party(headcount=heads), build_party("respondent")]
        return blockers(ask("merge_collective", build_case(parties=parties)))

    assert blocked(9) == {"ten_or_more_common_claim", "same_employer"}
    assert blocked(10) == {"same_employer"}


def test_the_last_party_of_a_side_stays() -> None:
    two = build_case(parties=[build_party(), build_party("respondent"), build_party("co_respondent", id="E2")])

    assert "not_last_party" in blockers(ask("drop_party", build_case(), input={"party": "E"}))
    assert "not_last_party" not in blockers(ask("drop_party", two, input={"party": "E"}))


def test_a_split_leaves_something_on_both_sides() -> None:
    two = build_case(claims=[build_claim(), build_claim("overtime_pay")])

    def blocked(**given: Any) -> Any:
        return "split_not_empty_not_whole" in blockers(ask("split_off", two, input=given))

    assert not blocked(claims=["overtime_pay"])
    assert blocked(claims=["overtime_pay", "unpaid_wages"])
    assert blocked(respondents=["E"])
    assert blocked()


@pytest.mark.parametrize(
    ("state", "reason", "fits"),
    [
        ("court_mediation_in_progress", "appraisal", True),
        ("court_mediation_in_progress", "agreed_talks", False),
        ("arbitration_accepted", "work_injury_recognition", True),
        ("arbitration_accepted", "criminal_matter", False),
        ("litigation_recorded", "party_death", True),
        ("litigation_recorded", "agreed_talks", False),
        ("org_mediation_in_progress", "agreed_talks", True),
    ],
)
def test_a_hold_has_a_reason_the_stage_knows(state: Any, reason: Any, fits: Any) -> None:
    case = build_case(state, tracks=[build_track("hold", "running")])

    question = ask("start_hold", case, input={"hold_reason": reason})

    assert ("hold_reason_fits_state" not in blockers(question)) is fits


def test_a_recommendation_comes_from_a_county_union_after_the_employer_had_its_time() -> None:
    track = build_track("union_supervision", "opinion_sent")
    waiting = build_deadline("D_SUP_REPLY_15WD")

    county = build_case(organization_id="county", tracks=[track])
    town = build_case(organization_id="town", tracks=[track], deadlines=[waiting])

    assert blockers(ask("send_recommendation", county)) == set()
    assert blockers(ask("send_recommendation", town)) == {"county_level_or_above", "not_corrected"}


def test_a_challenge_is_not_decided_by_the_person_challenged() -> None:
    case = build_case("org_mediation_in_progress", tracks=[build_track("challenge", "challenged", ref="m1")])

    assert blockers(ask("decide_challenge", case, actor_id="m1")) == {"decider_not_challenged"}
    assert blockers(ask("decide_challenge", case, actor_id="boss", hand="m1")) == {"decider_not_challenged"}
    assert blockers(ask("decide_challenge", case, actor_id="boss")) == set()


def test_an_application_for_arbitration_names_both_sides_and_a_claim() -> None:
    stated = [
        "copies_sufficient",
        "concessions_excluded",
        "data_sharing_basis",
        "application_fields_complete",
    ]

    def blocked(**parts: Any) -> Any:
        return blockers(ask("file", build_case("arbitration_referral_draft", **parts), attest=stated))

    assert blocked() == set()
    assert blocked(parties=[build_party("respondent")]) == {"application_fields_complete"}
    assert blocked(parties=[build_party()]) == {"application_fields_complete"}
    assert blocked(claims=[]) == {"application_fields_complete"}


def test_a_claim_is_changed_freely_before_arbitration_and_with_leave_in_it() -> None:
    allowed = ["authority_to_settle"]

    assert blockers(ask("amend_claims", build_case(), attest=allowed)) == set()
    assert blockers(ask("amend_claims", build_case("arbitration_accepted"), attest=allowed)) == {
        "arbitration_change_in_time"
    }


def test_late_consent_waits_while_the_commission_decides() -> None:
    deciding = build_case("mediation_refused", deadlines=[build_deadline("D_ARB_ACCEPT_5")])

    assert blockers(ask("late_consent", deciding, input={"consents": [consent("E")]})) == {"no_arbitration_pending"}


def test_enforcement_is_given_up_by_the_creditor() -> None:
    track = [build_track("enforcement", "enf_applied")]
    case = build_case("defaulted", obligations=[build_obligation()], tracks=track)

    assert blockers(ask("enforcement_withdrawn", case, input={"by": "W"})) == set()
    assert blockers(ask("enforcement_withdrawn", case, input={"by": "E"})) == {"asked_by_creditor"}
    assert blockers(ask("enforcement_withdrawn", case, listing=True)) == set()


def test_public_notice_is_ordered_by_a_court_or_commission() -> None:
    case = build_case(tracks=[build_track("service", "undeliverable")])
    stated = ["other_ways_exhausted"]

    assert blockers(ask("start_public_notice", case, attest=stated)) == {"court_or_commission_only"}
    ordered = ask("start_public_notice", case, attest=stated, roles=[CaseRole.COURT_LIAISON])
    assert blockers(ordered) == set()


def test_a_set_aside_application_is_not_recorded_for_the_worker_by_the_worker() -> None:
    case = build_case("arbitration_concluded", facts={"award_kind": "final"})

    assert "employer_only" in blockers(ask("record_setaside_application", case, roles=[WORKER]))
    assert "employer_only" not in blockers(ask("record_setaside_application", case, roles=[EMPLOYER]))


def test_a_worker_leaves_the_group_by_his_own_wish() -> None:
    assert blockers(ask("leave_group", build_case(), input={"asked_by": "W"})) == set()
    assert blockers(ask("leave_group", build_case(), input={"asked_by": "E"})) == {"worker_asks_or_represented_ends"}


def test_a_mediator_for_a_court_stands_on_its_roster() -> None:
    facts = {"pretrial_venue": "court_prefiling_dispatch"}
    case = build_case("court_dispatch_pending", facts=facts)

    question = ask("assign_mediator", case, input={"mediator": "outsider"}, attest=["conflict_clean_or_waived"])

    assert blockers(question) == {"mediator_qualified"}


def test_an_oral_agreement_needs_a_known_organization() -> None:
    question = ask("reach_oral_agreement", build_case("org_mediation_in_progress"), listing=True)

    assert blockers(question) == {"people_mediation_or_invited"}


def test_reminders_run_to_their_end_before_follow_up_counts_as_exhausted() -> None:
    def blocked(status: str, due: date) -> Any:
        follow_up = build_deadline("D_FOLLOWUP_90", due=due, status=status)
        case = build_case("performing", facts={"title_kind": "agreement"}, deadlines=[follow_up])
        return blockers(ask("close_settled", case, input={"reason": "unreachable_after_followup"}))

    assert blocked("running", date(2026, 7, 1)) == {"followup_declined_or_exhausted"}
    assert blocked("lapsed", date(2026, 6, 1)) == set()
    never = build_case("performing", facts={"title_kind": "agreement"})
    assert blockers(ask("close_settled", never, input={"reason": "unreachable_after_followup"})) == {
        "followup_declined_or_exhausted"
    }


def test_the_due_day_of_an_obligation_is_the_one_its_clock_was_moved_to() -> None:
    moved = build_deadline("OBLIGATION", due=date(2026, 7, 10), ref_id="o1")
    case = build_case("performing", obligations=[build_obligation()], deadlines=[moved])
    given = {"obligation": "o1", "consent": {"reference": "r"}}

    earlier = ask("postpone_due_date", case, input={**given, "new_due": date(2026, 7, 10)})
    later = ask("postpone_due_date", case, input={**given, "new_due": date(2026, 7, 11)})

    assert blockers(earlier) == {"new_end_later"}
    assert blockers(later) == set()


def test_a_case_is_filed_once_it_is_with_the_commission_or_the_court() -> None:
    track = [build_track("preservation", "pres_granted")]

    assert blockers(ask("preservation_linked", build_case("suit_filed", tracks=track))) == set()
    assert blockers(ask("preservation_linked", build_case("triage", tracks=track))) == {"case_filed"}


def test_a_promise_to_correct_is_waited_for() -> None:
    facts = {"accepts": True, "promise_due": "2026-06-20"}
    track = [build_track("union_supervision", "opinion_sent")]
    case = build_case(organization_id="county", tracks=track, facts=facts)

    assert blockers(ask("send_recommendation", case)) == {"not_corrected"}
    assert blockers(ask("send_recommendation", case, on=date(2026, 6, 21))) == set()


def test_delivery_is_recorded_with_its_proof() -> None:
    case = build_case(tracks=[build_track("service", "sent")])

    assert blockers(ask("record_delivery", case, input={"proof": [{"reference": "r"}]})) == set()
    assert blockers(ask("record_delivery", case)) == {"proof_of_delivery"}
    assert blockers(ask("send", build_case(), input={"method": "personal"})) == set()
    assert blockers(ask("send", build_case(), input={"method": "electronic"})) == {"address_or_consent_on_file"}


def test_the_court_oversees_a_hold_in_its_own_mediation() -> None:
    case = build_case("court_mediation_in_progress", tracks=[build_track("hold", "running")])
    given = {"hold_reason": "appraisal"}

    assert blockers(ask("start_hold", case, input=given)) == {"hold_decider_fits"}
    assert blockers(ask("start_hold", case, input=given, roles=[CaseRole.COURT_LIAISON])) == set()


def test_a_new_claim_after_judgment_differs_from_what_was_decided() -> None:
    case = build_case("closed_adjudicated", claims=[build_claim(outcome="dismissed")])

    assert blockers(ask("unlock_adjudicated", case)) == {"new_claim_only"}
    assert blockers(ask("unlock_adjudicated", case, input={"claims": [{"code": "overtime_pay"}]})) == set()
    same = ask("unlock_adjudicated", case, input={"claims": [{"code": "unpaid_wages"}]})
    assert blockers(same) == {"new_claim_only"}


def test_court_mediation_counts_as_invited_where_the_body_s_kind_is_not_on_file() -> None:
    agreement = build_agreement(made_by="somebody", organization_kind=None)
    facts = {"agreement": agreement, "pretrial_venue": "court_prefiling_dispatch"}
    case = build_case("agreement_effective", obligations=[build_obligation()], facts=facts)

    question = ask("apply_judicial_confirmation", case, listing=True)

    assert blockers(question) == set()
    assert warnings(question) == set()


def test_an_agreed_end_is_not_before_the_answer() -> None:
    case = build_case("negotiation_requested")
    given = {"replied_on": TODAY, "ends_on": date(2026, 6, 14)}

    assert blockers(ask("accept_negotiation", case, input=given)) == {"agreed_term_given"}
    assert blockers(ask("accept_negotiation", case, input={**given, "ends_on": date(2026, 7, 14)})) == set()


# conditions of the clocks


def holds(name: Any, action: Any, case: Any, term: Any = "", **given: Any) -> Any:
    return CONDITIONS[name](ask(action, case, input=given), case, term)


def test_the_window_for_review_opens_again_after_a_withdrawal_in_time() -> None:
    track = [build_track("confirmation", "review_applied")]
    early = build_case(
        "agreement_effective", tracks=track, facts={"agreement": build_agreement(effective_on="2026-06-10")}
    )
    late = build_case(
        "agreement_effective", tracks=track, facts={"agreement": build_agreement(effective_on="2026-05-10")}
    )

    assert holds("window_open", "withdraw_review", early, "D_REVIEW_15")
    assert not holds("window_open", "withdraw_review", late, "D_REVIEW_15")
    assert not holds("window_open", "withdraw_review", build_case("agreement_effective", tracks=track), "D_REVIEW_15")


def test_a_clock_that_runs_is_not_started_twice() -> None:
    running = build_case(deadlines=[build_deadline("D_MED_ACCEPT_3WD")])

    assert holds("not_running", "ask_consent", build_case(), "D_MED_ACCEPT_3WD")
    assert not holds("not_running", "ask_consent", running, "D_MED_ACCEPT_3WD")


def test_the_term_of_court_mediation_depends_on_venue_and_procedure() -> None:
    def term(**facts: Any) -> Any:
        case = build_case("court_dispatch_pending", facts=facts)
        names = ("prefiling", "postfiling_ordinary", "postfiling_simplified")
        return [name for name in names if holds(name, "accept_dispatch", case)]

    assert term(pretrial_venue="court_prefiling_dispatch", procedure="simplified") == ["prefiling"]
    assert term(pretrial_venue="court_postfiling_entrust", procedure="ordinary") == ["postfiling_ordinary"]
    assert term(pretrial_venue="court_postfiling_entrust", procedure="simplified") == ["postfiling_simplified"]


def test_confirmation_windows_open_for_agreements_before_a_body_that_mediates() -> None:
    draft = build_case("draft")
    change = build_case("agreement_change_pending", facts={"agreement": build_agreement()})

    assert holds("made_by_organization", "record_existing_agreement", draft, made_by="people")
    assert not holds("made_by_organization", "record_existing_agreement", draft)
    assert not holds("made_by_organization", "record_existing_agreement", draft, made_by="court")
    assert holds("made_by_organization", "new_terms_effective", change, organization_sealed=True)
    assert not holds("made_by_organization", "new_terms_effective", change)


@pytest.mark.parametrize(
    ("name", "action", "given", "other"),
    [
        ("final_award", "award", {"award_kind": "final"}, {"award_kind": "mixed"}),
        ("not_final_award", "award", {"award_kind": "mixed"}, {"award_kind": "final"}),
        ("appealable_judgment", "record_judgment", {"appealable": True}, {"appealable": False}),
        ("simplified_procedure", "accepted", {"simplified": True}, {"simplified": False}),
        ("ordinary_procedure", "accepted", {"simplified": False}, {"simplified": True}),
        ("to_simplified", "change_arbitration_procedure", {"to": "simplified"}, {"to": "ordinary"}),
        ("to_ordinary", "change_arbitration_procedure", {"to": "ordinary"}, {"to": "simplified"}),
        ("collective_notice", "start_public_notice", {"collective": True}, {"collective": False}),
        ("ordinary_notice", "start_public_notice", {"collective": False}, {"collective": True}),
        ("appraisal", "start_hold", {"hold_reason": "appraisal"}, {"hold_reason": "force_majeure"}),
        (
            "arbitration_hold",
            "start_hold",
            {"hold_reason": "agreed_talks"},
            {"hold_reason": "criminal_matter"},
        ),
        (
            "award_not_enforced",
            "enforcement_refused",
            {"reason": "award_not_enforced"},
            {"reason": "no_title"},
        ),
        ("state_aid", "request_aid", {"scheme": "state"}, {"scheme": "union"}),
        ("union_aid", "request_aid", {"scheme": "union"}, {"scheme": "state"}),
        ("acknowledges_claim", "consent", {"acknowledges_claim": True}, {}),
        ("papers_handed_over", "record_final_performance", {"papers_handed_over": True}, {}),
    ],
)
def test_what_the_step_is_told_starts_or_stops_its_clock(name: Any, action: Any, given: Any, other: Any) -> None:
    assert holds(name, action, build_case(), **given)
    assert not holds(name, action, build_case(), **other)


def test_the_rest_of_the_conditions_read_the_case() -> None:
    offered = build_case("awaiting_counterparty_consent", facts={"mediation_offered": True})
    filed = build_case("litigation_recorded", facts={"kind": "in_suit"})

    assert holds("offered_without_application", "consent", offered, "D_MED_15")
    assert not holds("offered_without_application", "consent", build_case(), "D_MED_15")
    assert holds("mediation_was_running", "prepare_referral", offered)
    assert not holds("mediation_was_running", "prepare_referral", build_case("triage"))
    assert holds("pre_suit", "preservation_granted", build_case(facts={"kind": "pre_suit"}))
    assert not holds("pre_suit", "preservation_granted", filed)
    assert holds("pre_suit", "preservation_granted", build_case("triage", facts={"kind": "violence"}))

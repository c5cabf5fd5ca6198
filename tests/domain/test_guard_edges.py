"""Conditions at their edges: what is missing on the case, who acts, and what a listing leaves out."""

from datetime import date
from typing import Any

import pytest
from tests.builders import (
    ask,
    blockers,
    build_agreement,
    build_case,
    build_claim,
    build_deadline,
    build_obligation,
    build_track,
    warnings,
)

from mediation.domain.guards import GUARDS, judge, open_attestations
from mediation.domain.procedure.step import CaseRole

SUPERVISOR = CaseRole.SUPERVISOR


def test_an_input_is_not_missed_before_the_step_is_given() -> None:
    case = build_case("org_mediation_in_progress", deadlines=[build_deadline("D_MED_15", due=date(2026, 6, 20))])
    later = GUARDS["new_end_later"]

    found = later.judge(ask("extend", case))

    assert later.judge(ask("extend", case, listing=True)) is None
    assert found is not None
    assert found.missing == "new_end"


def test_only_a_condition_resting_on_a_statement_awaits_one() -> None:
    registered = ask("triage_ok", build_case("registered"), listing=True)
    unarchived = ask("unarchive", build_case("archived"), listing=True)

    assert GUARDS["duplicate_checked"].awaits_statement(registered)
    assert "supervisor_approves" in blockers(unarchived)
    assert not GUARDS["supervisor_approves"].awaits_statement(unarchived)


@pytest.mark.parametrize(("role", "may"), [(SUPERVISOR, True), (CaseRole.CLERK, False)])
def test_a_case_leaves_the_archive_on_a_supervisor_s_word_whoever_recorded_last(role: Any, may: Any) -> None:
    last = {"entry_id": "e1", "action": "archive", "actor_id": "clerk", "recorded_on": "2026-06-01"}
    case = build_case("archived", last_entry=last)

    assert blockers(ask("unarchive", case, roles=[role])) == (set() if may else {"supervisor_approves"})


@pytest.mark.parametrize(("debtor", "worker_is_owed"), [("E", True), ("W", False), (None, False)])
def test_a_sum_with_no_creditor_named_is_the_worker_s_where_the_employer_owes_it(
    debtor: Any, worker_is_owed: Any
) -> None:
    owed = [build_obligation(creditor_id=None, debtor_id=debtor, due_on=date(2026, 6, 1))]
    case = build_case("defaulted", obligations=owed, facts={"agreement": build_agreement()})

    found = blockers(ask("apply_payment_order", case, listing=True))

    assert found == (set() if worker_is_owed else {"creditor_is_worker"})


def test_an_obligation_without_a_day_is_never_overdue() -> None:
    def blocked(**obligation: Any) -> Any:
        case = build_case(
            "defaulted", obligations=[build_obligation(**obligation)], facts={"agreement": build_agreement()}
        )
        return blockers(ask("apply_payment_order", case, listing=True))

    assert blocked(due_on=date(2026, 6, 1)) == set()
    assert blocked(due_on=None) == {"overdue_obligation_shown", "creditor_is_worker", "amount_fixed_and_due"}


@pytest.mark.parametrize(("due", "overdue"), [(date(2026, 6, 12), True), (date(2026, 6, 14), False)])
def test_a_row_that_names_no_obligation_is_judged_by_the_obligations_as_they_stand(due: Any, overdue: Any) -> None:
    case = build_case("performing", obligations=[build_obligation(due_on=due)])
    question = ask("start_followup", case)

    assert (GUARDS["something_overdue"].judge(question) is None) is overdue
    assert (GUARDS["nothing_overdue"].judge(question) is not None) is overdue
    assert GUARDS["something_left"].judge(question) is None


@pytest.mark.parametrize(
    ("action", "state", "guard"),
    [
        ("award_takes_effect", "arbitration_concluded", "award_orders_performance"),
        ("judgment_takes_effect", "judgment_received", "judgment_orders_performance"),
    ],
)
def test_obligations_named_with_a_ruling_show_that_it_orders_something(action: Any, state: Any, guard: Any) -> None:
    declared = build_case(state, claims=[build_claim("confirm_employment", outcome="supported")])
    named = {"obligations": [{"kind": "payment", "amount_fen": 100}]}

    assert guard in blockers(ask(action, declared))
    assert guard not in blockers(ask(action, declared, input=named))


@pytest.mark.parametrize(
    ("action", "ground", "may"),
    [
        ("prepare_referral", "claim_not_covered", True),
        ("prepare_referral", "default", False),
        ("reopen", "new_claim", True),
        ("reopen", "wish_to_go_on", False),
    ],
)
def test_a_decided_matter_goes_on_only_over_a_claim_the_decision_left_out(action: Any, ground: Any, may: Any) -> None:
    case = build_case("performing", facts={"title_kind": "award"}, claims=[build_claim(outcome="supported")])

    found = blockers(ask(action, case, input={"ground": ground}))

    assert ("same_claim_not_decided" not in found) is may


def test_from_the_third_consent_on_a_supervisor_who_records_it_needs_no_other() -> None:
    deadlines = [build_deadline("D_MED_EXT", due=date(2026, 6, 20))]
    case = build_case("org_mediation_extended", deadlines=deadlines, facts={"extensions": 2})
    both = [{"party": key, "date": date(2026, 6, 15), "form": "paper", "evidence": "e1"} for key in ("W", "E")]
    given = {"new_end": date(2026, 7, 1), "consents": both}

    assert blockers(ask("extend_again", case, input=given)) == {"supervisor_after_second"}
    assert blockers(ask("extend_again", case, input=given, roles=[SUPERVISOR])) == set()


def test_limitation_is_not_shown_again_once_it_was_acknowledged() -> None:
    clock = build_deadline("D_LIMIT_1Y", date(2024, 1, 1), ref_id="unpaid_wages")
    case = build_case(deadlines=[clock])

    assert warnings(ask("prepare_referral", case)) == {"limitation_warning_shown"}
    assert warnings(ask("prepare_referral", case, attest=["limitation_warning_shown"])) == set()


def test_the_sender_states_its_level_where_its_kind_is_not_on_file() -> None:
    case = build_case(organization_id="unknown", tracks=[build_track("union_supervision", "opinion_sent")])
    listed = ask("send_recommendation", case, listing=True)

    found = judge(ask("send_recommendation", case))[0]

    assert blockers(listed) == set()
    assert "county_level_or_above" in open_attestations(listed)
    assert [entry.missing for entry in found] == ["attestations.county_level_or_above"]
    assert blockers(ask("send_recommendation", case, attest=["county_level_or_above"])) == set()

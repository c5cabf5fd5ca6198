"""A step taken: the state it leads to, the clocks it moves, the records it changes, and what it undoes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest
from tests.builders import (
    ORGANIZATIONS,
    PEOPLE,
    TODAY,
    build_agreement,
    build_case,
    build_claim,
    build_deadline,
    build_obligation,
    build_party,
    build_track,
)

from mediation.domain.advance import advance, lapse, open_and_blocked
from mediation.domain.calendar import official_calendar
from mediation.domain.cases import Advance, Attestation, Case, Command, References, Setting
from mediation.domain.errors import (
    BlockedError,
    InvalidInputError,
    NotPermittedError,
    StepNotOpenError,
)
from mediation.domain.guards import required_attestations
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole


def _ids() -> Iterator[str]:
    return (f"new-{n}" for n in count(1))


def setting(today: date = TODAY, roles: Iterable[CaseRole] = (CaseRole.CLERK,), **values: Any) -> Setting:
    """The day, the calendar, the roles of a clerk, everybody on file, and ids in order."""
    ids = _ids()
    defaults: dict[str, Any] = {
        "today": today,
        "calendar": official_calendar(),
        "roles": frozenset(roles),
        "actor_id": "clerk",
        "references": References(ORGANIZATIONS, PEOPLE),
        "new_id": lambda: next(ids),
    }
    return Setting(**{**defaults, **values})


def take(action: str, case: Case, given: Mapping[str, Any] | None = None, **values: Any) -> Advance:
    """Take a step with everything attested that its row lets the recorder attest."""
    on = values.pop("on", TODAY)
    stated = {guard: Attestation(guard, "卷宗第3页") for guard in required_attestations(PROCEDURE.steps[action])}
    evidence = values.pop("evidence", ("来函",))
    command = Command(action, on, given or {}, attestations=stated, evidence=evidence, **values.pop("command", {}))
    return advance(case, command, setting(values.pop("today", on), **values))


def statuses(case: Case) -> dict[str, str]:
    """The status of each deadline by its term."""
    return {deadline.term: str(deadline.status) for deadline in case.deadlines.values()}


def test_registration_starts_the_mediation_clock_on_the_day_of_receipt() -> None:
    case = build_case("draft")
    given = {"channel": "walk_in", "written_or_oral": "written", "received_on": TODAY, "reason": "欠薪"}

    result = take("submit_intake", case, given, number="云溪工调〔2026〕00001号")

    mediation = next(result.case.running("D_MED_15"))
    assert result.target == "registered"
    assert mediation.start == TODAY
    assert mediation.due == date(2026, 6, 30)
    assert result.case.number == "云溪工调〔2026〕00001号"


def test_a_role_the_row_does_not_name_may_never_take_the_step() -> None:
    case = build_case("registered")

    with pytest.raises(NotPermittedError):
        take("triage_ok", case, {}, roles=[CaseRole.AUDITOR])


def test_a_step_that_does_not_leave_the_state_is_not_open() -> None:
    case = build_case("draft")

    with pytest.raises(StepNotOpenError):
        take("award", case, {})


def test_every_blocker_is_told_at_once() -> None:
    case = build_case("registered", claims=[])
    command = Command("triage_ok", date(2026, 4, 1), {"claim_codes": [], "migrant_worker": True})

    with pytest.raises(BlockedError) as refused:
        advance(case, command, setting())

    codes = {blocker.code for blocker in refused.value.blockers}
    assert {"late_reason_needed", "conflict_check_done", "duplicate_checked"} <= codes


def test_an_act_in_the_future_is_refused() -> None:
    case = build_case("mediation_failed")
    command = Command("withdraw", date(2026, 6, 16), {"asked_by": "W"}, evidence=("申请",))

    with pytest.raises(BlockedError) as refused:
        advance(case, command, setting())

    assert "occurred_in_future" in {blocker.code for blocker in refused.value.blockers}


def test_an_act_before_the_step_it_follows_is_refused() -> None:
    case = build_case("mediation_failed")
    track = case.tracks["main"]
    case = build_case("mediation_failed", tracks=[type(track)("main", "main", "mediation_failed", None, TODAY)])
    command = Command("withdraw", date(2026, 6, 14), {"asked_by": "W"}, evidence=("申请",))

    with pytest.raises(BlockedError) as refused:
        advance(case, command, setting())

    assert "occurred_before_previous_step" in {blocker.code for blocker in refused.value.blockers}


def test_somebody_who_is_not_in_the_case_cannot_be_named() -> None:
    case = build_case("mediation_failed")

    with pytest.raises(InvalidInputError) as refused:
        take("withdraw", case, {"asked_by": "stranger"})

    assert refused.value.errors[0].pointer == "/asked_by"


def test_a_withdrawal_stops_every_clock_but_limitation() -> None:
    deadlines = [build_deadline("D_MED_15"), build_deadline("D_LIMIT_1Y", ref_id="unpaid_wages")]
    case = build_case("triage", deadlines=deadlines)

    result = take("withdraw", case, {"asked_by": "W"})

    assert result.target == "closed_withdrawn"
    assert statuses(result.case) == {"D_MED_15": "stopped", "D_LIMIT_1Y": "running"}
    assert {claim.outcome for claim in result.case.claims.values()} == {"withdrawn"}


def test_an_interruption_starts_limitation_anew_from_the_day_of_the_act() -> None:
    running = build_deadline("D_LIMIT_1Y", date(2026, 1, 10), ref_id="bonus")
    claim = build_claim("economic_compensation", id="bonus", knew_on=date(2026, 1, 10))
    case = build_case("mediation_failed", deadlines=[running], claims=[claim])

    result = take("return_to_mediation", case, {"organization": "centre", "received_on": TODAY})

    clocks = [d for d in result.case.deadlines.values() if d.term == "D_LIMIT_1Y"]
    assert sorted((str(d.status), d.start) for d in clocks) == [
        ("replaced", date(2026, 1, 10)),
        ("running", TODAY),
    ]


def test_limitation_that_is_over_does_not_revive() -> None:
    over = build_deadline("D_LIMIT_1Y", date(2025, 3, 10), ref_id="bonus")
    claim = build_claim("economic_compensation", id="bonus", knew_on=date(2025, 3, 10))
    case = build_case("mediation_failed", deadlines=[over], claims=[claim])

    result = take("return_to_mediation", case, {"organization": "centre", "received_on": TODAY})

    assert [d.start for d in result.case.running("D_LIMIT_1Y")] == [date(2025, 3, 10)]


def test_a_new_round_asks_consent_anew_and_has_no_mediator() -> None:
    parties = [build_party(consented_on=date(2026, 6, 1)), build_party("respondent")]
    case = build_case("mediation_failed", parties=parties, mediator="mediator")

    result = take("return_to_mediation", case, {"organization": "centre", "received_on": TODAY})

    assert result.case.mediator_id() is None
    assert result.case.parties["W"].consented_on is None
    assert result.case.facts["round"] == 1


def test_the_last_payment_performs_the_case_and_ends_its_clocks() -> None:
    due = build_deadline("OBLIGATION", due=date(2026, 6, 30), ref_id="o1")
    case = build_case(
        "agreement_effective",
        obligations=[build_obligation()],
        deadlines=[due],
        facts={"agreement": build_agreement()},
    )
    given = {
        "obligation": "o1", "done_on": TODAY, "payer": "E", "payer_capacity": "respondent",
        "proof": [{"reference": "银行回单1"}],
    }  # fmt: skip

    result = take("record_final_performance", case, given)

    assert result.target == "performed"
    assert result.case.obligations["o1"].paid_fen == 1_000_000
    assert statuses(result.case) == {"OBLIGATION": "stopped"}


def test_new_terms_freeze_the_old_ones_until_they_are_signed_or_refused() -> None:
    case = build_case("defaulted", obligations=[build_obligation()], facts={"agreement": build_agreement()})
    given = {
        "supersedes": "a1", "draft": {"reference": "补充协议"}, "acceleration": False,
        "obligations": [{"kind": "payment", "amount_fen": 500_000, "due_on": date(2026, 7, 31), "debtor": "E"}],
    }  # fmt: skip

    drafted = take("agree_new_terms", case, given)
    refused = take("new_terms_refused", drafted.case, {})

    assert sorted(o.status for o in drafted.case.obligations.values()) == ["draft", "frozen"]
    assert sorted(o.status for o in refused.case.obligations.values()) == ["dropped", "open"]
    assert refused.case.facts["agreement"]["id"] == "a1"


def test_a_missed_instalment_is_recorded_by_the_clock_on_the_day_it_was_due() -> None:
    due = build_deadline("OBLIGATION", due=date(2026, 6, 12), ref_id="o1")
    case = build_case(
        "performing", obligations=[build_obligation(due_on=date(2026, 6, 12))], deadlines=[due],
        facts={"agreement": build_agreement()},
    )  # fmt: skip

    outcome = lapse(case, due, setting(roles=[CaseRole.SYSTEM], actor_id="system"))

    assert isinstance(outcome, Advance)
    assert outcome.target == "defaulted"
    assert outcome.command.occurred_on == date(2026, 6, 12)
    assert statuses(outcome.case) == {"OBLIGATION": "fired"}


def test_a_lapse_without_a_timer_row_leaves_a_task_and_the_state() -> None:
    due = build_deadline("D_TRIAGE_1WD", date(2026, 6, 10))
    case = build_case("registered", deadlines=[due])

    outcome = lapse(case, due, setting(roles=[CaseRole.SYSTEM], actor_id="system"))

    assert not isinstance(outcome, Advance)
    draft, task = outcome
    assert draft.case.state == "registered"
    assert statuses(draft.case) == {"D_TRIAGE_1WD": "lapsed"}
    assert "triage_ok" in task.actions


def test_a_step_that_answers_a_task_closes_it() -> None:
    due = build_deadline("D_TRIAGE_1WD", date(2026, 6, 10))
    outcome = lapse(build_case("registered", deadlines=[due]), due, setting(roles=[CaseRole.SYSTEM], actor_id="system"))
    assert not isinstance(outcome, Advance)
    case = outcome[0].case
    given = {
        "claim_codes": ["unpaid_wages"], "employer_seat": "330106", "migrant_worker": True,
        "route_wanted": "mediation",
    }  # fmt: skip

    result = take("triage_ok", case, given)

    assert [task.status for task in result.case.tasks.values()] == ["done"]


def test_side_tracks_keep_their_facts_apart_from_the_case() -> None:
    case = build_case(
        "agreement_effective",
        tracks=[build_track("confirmation", "review_applied")],
        facts={"accepted_on": "2026-06-01", "agreement": build_agreement()},
    )

    result = take("review_accepted", case, {"accepted_on": TODAY})

    assert result.case.facts["accepted_on"] == "2026-06-01"
    assert result.case.facts["confirmation:1.accepted_on"] == TODAY.isoformat()
    assert next(result.case.running("D_REVIEW_DECIDE")).start == TODAY


def test_two_matters_of_one_track_must_be_told_apart() -> None:
    tracks = [
        build_track("legal_aid", "aid_requested"),
        build_track("legal_aid", "aid_requested", id="legal_aid:2"),
    ]
    case = build_case("triage", tracks=tracks)

    with pytest.raises(InvalidInputError) as refused:
        take("grant_aid", case, {"decided_on": TODAY}, roles=[CaseRole.SUPERVISOR])
    result = take("grant_aid", case, {"decided_on": TODAY}, roles=[CaseRole.SUPERVISOR], command={"instance": "2"})

    assert refused.value.errors[0].code == "instance_needed"
    assert result.track_id == "legal_aid:2"


def test_a_hold_pauses_the_commission_s_clock_and_gives_the_days_back() -> None:
    clock = build_deadline("D_ARB_45", date(2026, 6, 1))
    case = build_case("arbitration_accepted", deadlines=[clock])
    since, until = date(2026, 6, 15), date(2026, 6, 24)
    start = {"hold_reason": "appraisal", "since": since, "decided_by": "仲裁委"}

    held = take("start_hold", case, start, on=since)
    resumed = take("end_hold", held.case, {"until": until, "why": "鉴定完毕"}, on=until)

    before, after = next(case.running()), next(resumed.case.running())
    assert (after.raw - before.raw).days == 10
    assert next(held.case.running()).is_paused
    assert not after.is_paused


def test_attestations_are_shown_with_the_case() -> None:
    case = build_case("registered")
    given = {
        "claim_codes": ["unpaid_wages"], "employer_seat": "330106", "migrant_worker": True,
        "route_wanted": "mediation",
    }  # fmt: skip

    result = take("triage_ok", case, given)

    assert result.case.facts["attested"]["duplicate_checked"]["by"] == "clerk"


def test_a_voided_step_leaves_the_case_as_it_was() -> None:
    clock = build_deadline("D_MED_15")
    case = build_case("triage", deadlines=[clock])
    taken = take("withdraw", build_case("triage", deadlines=[clock]), {"asked_by": "W"})
    changes = [{"c": c.collection, "k": c.key, "b": c.before, "a": c.after} for c in taken.changes]
    reopened = take("reopen", taken.case, {"ground": "wrong_closing", "asked_on": TODAY})
    voided = {
        "id": "e1", "kind": "step", "action": "withdraw", "sequence": 2, "changes": changes, "actor": "clerk",
        "recorded_at": f"{TODAY}T01:00:00+00:00",
    }  # fmt: skip
    last = {
        "sequence": 2,
        "entry_id": "e1",
        "action": "withdraw",
        "recorded_on": TODAY.isoformat(),
        "actor_id": "clerk",
    }

    open_case = replace(reopened.case, last_entry=last, sequence=2)
    result = take(
        "void_last_step", open_case, {"step": "e1", "why": "误操作"},
        roles=[CaseRole.SUPERVISOR], actor_id="boss", voided=voided,
    )  # fmt: skip

    assert result.case.state == "triage"
    assert statuses(result.case) == statuses(case)
    assert {claim.outcome for claim in result.case.claims.values()} == {"open"}


def test_a_corrected_day_moves_the_deadlines_that_count_from_it() -> None:

    clock = replace(build_deadline("D_MED_15", date(2026, 6, 10)), fact="received_on")
    case = build_case("triage", deadlines=[clock], facts={"received_on": "2026-06-10"})
    given = {"field": "facts/received_on", "old": "2026-06-10", "new": "2026-06-08", "why": "录入有误"}

    result = take("correct_entry", case, given, roles=[CaseRole.CLERK, CaseRole.SUPERVISOR])

    assert result.case.facts["received_on"] == "2026-06-08"
    assert next(result.case.running("D_MED_15")).due == date(2026, 6, 23)


def test_a_correction_needs_the_old_value() -> None:
    case = build_case("triage", facts={"received_on": "2026-06-10"})
    given = {"field": "facts/received_on", "old": "2026-06-09", "new": "2026-06-08", "why": "录入有误"}

    with pytest.raises(InvalidInputError):
        take("correct_entry", case, given, roles=[CaseRole.CLERK, CaseRole.SUPERVISOR])


def test_open_and_blocked_steps_cover_every_row_out_of_the_state() -> None:
    case = build_case("triage")

    opened, blocked = open_and_blocked(case, setting())

    shown = {entry.step.action for entry in opened if entry.step.track == "main"}
    shown |= {entry.step.action for entry in blocked if entry.step.track == "main"}
    assert shown == {step.action for step in PROCEDURE.by_source["main", "triage"]}
    assert all(entry.blockers for entry in blocked)


def test_the_old_agreement_can_be_performed_while_new_terms_wait_for_signatures() -> None:
    case = build_case("defaulted", obligations=[build_obligation()], facts={"agreement": build_agreement()})
    new = {"kind": "payment", "amount_fen": 500_000, "due_on": date(2026, 7, 31), "debtor": "E", "creditor": "W"}
    drafted = take(
        "agree_new_terms", case,
        {"supersedes": "a1", "draft": {"reference": "补充协议"}, "acceleration": False, "obligations": [new]},
    )  # fmt: skip
    given = {
        "obligation": "o1", "done_on": TODAY, "payer": "E", "payer_capacity": "respondent",
        "proof": [{"reference": "银行回单1"}],
    }  # fmt: skip

    result = take("record_final_performance", drafted.case, given)

    assert result.target == "performed"
    assert result.case.obligations["o1"].status == "done"

"""How long the file of a case is kept and what keeps it longer; what a consent covers; what a purpose shows."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.builders import build_case, build_claim, build_deadline, build_obligation, build_party, build_track

from mediation.domain.cases import MAIN, Case
from mediation.domain.consent import Consent, ConsentPurpose, without_consent
from mediation.domain.disposal import DISPOSAL_REASONS, DisposalReason
from mediation.domain.personal_data import NEEDED, PERSONAL, PURPOSES, Purpose, is_routine
from mediation.domain.procedure.step import CaseRole
from mediation.domain.retention import HOLD, Schedule, ended_on, erasure_blockers

LEAP_DAY = date(2024, 2, 29)


def ended(day: date = LEAP_DAY, **overrides: Any) -> Case:
    main = build_track(MAIN, "closed_settled", id=MAIN, last_on=day)
    return build_case("closed_settled", **{"tracks": [main], "facts": {}, **overrides})


def codes(case: Case, today: date, schedule: Schedule | None = None) -> list[str]:
    return [blocker.code for blocker in erasure_blockers(case, today, schedule or Schedule())]


def test_an_open_case_has_no_end_and_nothing_of_it_is_erased() -> None:
    case = build_case("triage")

    assert ended_on(case) is None
    assert codes(case, date(2099, 1, 1)) == ["case_open"]


@pytest.mark.parametrize(
    ("overrides", "until"),
    [
        ({}, date(2034, 2, 28)),
        ({"facts": {"collective": True}}, date(2054, 2, 28)),
        ({"claims": [build_claim("work_death_benefit")]}, date(2054, 2, 28)),
    ],
)
def test_a_file_is_kept_by_its_kind_to_the_last_day_of_the_term(overrides: dict[str, Any], until: date) -> None:
    case = ended(**overrides)

    assert Schedule().kept_until(case) == until
    assert codes(case, until) == ["retention_stands"]
    assert codes(case, date(until.year, 3, 1)) == []


def test_a_day_that_every_year_has_stays_the_same_and_the_years_can_be_set() -> None:
    case = ended(date(2024, 3, 5))

    assert Schedule(ordinary_years=2).kept_until(case) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("facts", "rule", "years"),
    [
        ({}, "mediation", 2),
        ({"arb_no": "1"}, "arbitration", 5),
        ({"arb_no": "1", "award_no": "2"}, "arbitration_award", 10),
        ({"arb_no": "1", "award_no": "2", "collective": True}, "collective", 30),
    ],
)
def test_of_the_rules_that_apply_the_longest_counts(facts: dict[str, Any], rule: str, years: int) -> None:
    case = ended(facts=facts)

    found = Schedule(ordinary_years=2).rule_of(case)

    assert (found.code, found.years) == (rule, years)


@pytest.mark.parametrize("today", [date(2034, 2, 28), date(2034, 3, 1), date(2036, 2, 29), date(2036, 3, 1)])
def test_the_cutoff_of_a_rule_is_the_last_end_whose_time_is_over(today: date) -> None:
    (rule,) = (rule for rule in Schedule().rules() if rule.code == "mediation")

    cutoff = Schedule().cutoffs(today)["mediation"]

    assert rule.kept_until(cutoff) < today
    assert rule.kept_until(cutoff + timedelta(days=1)) >= today


def test_every_reason_of_a_disposal_has_a_label() -> None:
    assert set(DISPOSAL_REASONS) == set(DisposalReason)


def test_a_hold_an_obligation_and_a_running_term_each_keep_everything() -> None:
    case = ended(
        facts={HOLD: {"since": "2030-01-01"}}, obligations=[build_obligation()],
        deadlines=[build_deadline("D_ENFORCE_2Y", date(2024, 3, 1))],
    )  # fmt: skip

    assert codes(case, date(2040, 1, 1)) == ["legal_hold", "obligation_open", "deadline_running"]


def test_a_consent_stands_from_its_day_until_the_day_it_is_withdrawn() -> None:
    consent = Consent("p", ConsentPurpose.SHARING, date(2026, 6, 1), date(2026, 6, 3))

    days = [day for day in range(1, 6) if consent.stands_on(date(2026, 6, day))]

    assert days == [1, 2]
    assert Consent("p", ConsentPurpose.SHARING, date(2026, 6, 1)).stands_on(date(2030, 1, 1))


def test_only_a_consent_to_sharing_covers_sharing_and_bodies_need_none() -> None:
    worker, employer = build_party(), build_party("respondent")
    case = ended(parties=[worker, employer])
    given, day = date(2024, 1, 1), date(2024, 1, 2)

    assert without_consent(case, [Consent(worker.id, ConsentPurpose.HANDLING, given)], day) == [worker.id]
    assert without_consent(case, [Consent(worker.id, ConsentPurpose.SHARING, given)], day) == []


def test_every_purpose_has_a_label_and_needs_something_that_there_is() -> None:
    assert set(PURPOSES) == set(NEEDED) == set(Purpose)
    assert all(fields and fields <= set(PERSONAL) for fields in NEEDED.values())


@pytest.mark.parametrize(("role", "expected"), [("clerk", True), ("worker_side", True), ("supervisor", False)])
def test_who_handles_a_case_reads_it_as_a_matter_of_course(role: str, expected: bool) -> None:
    assert is_routine(frozenset({CaseRole(role)})) is expected

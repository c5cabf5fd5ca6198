"""Steps and clocks at their edges: what comes back, what stands still, and what a split leaves behind."""

from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest
from tests.builders import (
    TODAY,
    ask,
    build_agreement,
    build_case,
    build_claim,
    build_deadline,
    build_party,
    build_track,
)

from mediation.domain import advance as advancing
from mediation.domain.advance import advance
from mediation.domain.calendar import official_calendar
from mediation.domain.cases import Case, Command, Setting
from mediation.domain.deadlines import suspend_deadline
from mediation.domain.draft import Draft
from mediation.domain.errors import InvalidInputError, StepNotOpenError
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Assignment, LimitationAct, Party
from mediation.domain.splitting import sibling
from mediation.domain.ticking import tick

WAGES, SEVERANCE = "unpaid_wages", "economic_compensation"
HOUSE = frozenset({CaseRole.CLERK, CaseRole.SUPERVISOR})


@pytest.fixture(autouse=True)
def _no_guard_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "judge", lambda _question: ((), ()))


def take(action: str, case: Case, *, recorded_for: str | None = None, **given: Any) -> Case:
    ids = (f"{action}-{n}" for n in count(1))
    setting = Setting(TODAY, official_calendar(), HOUSE, "someone", new_id=lambda: next(ids))
    return advance(case, Command(action, TODAY, given, recorded_for=recorded_for), setting).case


def split(case: Case, **given: Any) -> Case:
    """The sibling that a split of `case` makes."""
    ids = (f"new-{n}" for n in count(1))
    empty = Case("c2", 0, None, case.organization_id, case.procedure, TODAY)

    def copy_party(party: Party) -> Party:
        return replace(party, id=f"{party.id}2")

    return sibling(case, given, empty, new_id=lambda: next(ids), copy_party=copy_party).case


def test_a_case_comes_back_from_the_archive_in_the_state_it_was_closed_in() -> None:
    archived = take("archive", build_case("closed_settled"), retention="long")

    after = take("unarchive", archived, why="调卷")

    assert archived.state == "archived"
    assert after.state == "closed_settled"


def test_a_step_the_state_machine_does_not_know_is_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "target_of", lambda *_names: None)

    with pytest.raises(StepNotOpenError) as refused:
        take("archive", build_case("closed_settled"), retention="long")

    assert refused.value.facts == {"action": "archive", "state": "closed_settled"}


def test_a_day_cannot_be_given_for_somebody_who_is_no_party() -> None:
    case = build_case("arbitration_accepted")

    with pytest.raises(InvalidInputError) as refused:
        take("record_service_on_respondent", case, served_on={"E": TODAY, "stranger": TODAY})

    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/served_on/stranger", "not_in_case")]


def test_clocks_do_not_move_while_steps_are_only_listed() -> None:
    case = build_case("closed_settled", deadlines=[build_deadline("D_MED_15")])
    draft = Draft(case)

    with pytest.raises(ValueError, match="only moved by a command"):
        tick(draft, ask("archive", case, listing=True), "main")

    assert draft.case.deadlines == case.deadlines


@pytest.mark.parametrize(("recorded_for", "running"), [("E", ["F"]), ("F", ["E"]), (None, [])])
def test_an_answer_stops_the_term_of_the_party_it_is_recorded_for(recorded_for: str | None, running: list[str]) -> None:
    parties = [build_party(), build_party("respondent"), build_party("co_respondent", id="F")]
    clocks = [build_deadline("D_ARB_ANSWER_10", id=f"answer-{key}", party_id=key) for key in ("E", "F")]
    case = build_case("arbitration_accepted", parties=parties, deadlines=clocks)

    after = take("record_answer", case, recorded_for=recorded_for, answered_on=TODAY, limitation_raised=False)

    assert [deadline.party_id for deadline in after.running("D_ARB_ANSWER_10")] == running


def test_a_clock_that_is_paused_already_keeps_the_day_and_reason_of_its_pause() -> None:
    clock = build_deadline("D_CT_30", date(2026, 6, 1))
    paused = suspend_deadline(clock, since=date(2026, 6, 3), reason="appraisal", by="T26")
    case = build_case("court_mediation_in_progress", deadlines=[paused])

    after = take("start_hold", case, hold_reason="appraisal", since=TODAY, decided_by="合议庭")

    assert after.facts["hold_since"] == TODAY.isoformat()
    assert after.deadlines["D_CT_30"] == paused


def test_only_the_employer_s_day_starts_the_term_to_set_a_final_award_aside() -> None:
    case = build_case("arbitration_accepted")
    days = {"W": date(2026, 6, 11), "E": date(2026, 6, 12)}

    after = take("award", case, award_no="1", award_kind="final", received_on=days, results=[])

    assert {d.party_id: d.start for d in after.running("D_SUIT_15")} == days
    assert {d.party_id: d.start for d in after.running("D_SETASIDE_30")} == {"E": date(2026, 6, 12)}


def test_a_withdrawn_review_gives_back_the_term_from_the_day_the_agreement_took_effect() -> None:
    case = build_case(
        "agreement_effective",
        tracks=[build_track("confirmation", "review_applied")],
        facts={"agreement": build_agreement(effective_on="2026-06-08")},
    )

    after = take("withdraw_review", case, by="W")

    assert [deadline.start for deadline in after.running("D_REVIEW_15")] == [date(2026, 6, 8)]


def test_a_split_copies_who_works_on_the_case_and_not_who_has_left() -> None:
    left = Assignment("as1", "outsider", "mediator", date(2026, 6, 1), date(2026, 6, 8))
    case = build_case(assignments=[left, Assignment("as2", "mediator", "mediator", date(2026, 6, 8))])

    after = split(case)

    assert [entry.person_id for entry in after.assignments.values()] == ["mediator"]


def test_clocks_and_limitation_of_a_claim_that_stays_behind_stay_with_it() -> None:
    clocks = [build_deadline("D_LIMIT_1Y", id=f"lim-{key}", ref_id=key) for key in (WAGES, SEVERANCE)]
    acts = {key: LimitationAct(f"act-{key}", 1, "demand", TODAY, (key,)) for key in (WAGES, SEVERANCE)}
    case = build_case(claims=[build_claim(WAGES), build_claim(SEVERANCE)], deadlines=clocks)
    case = replace(case, limitation_acts={act.id: act for act in acts.values()})

    after = split(case, claims=[SEVERANCE])

    (claim,) = after.claims.values()
    assert claim.code == SEVERANCE
    assert [deadline.ref_id for deadline in after.running()] == [claim.id]
    assert [act.claims for act in after.limitation_acts.values()] == [(claim.id,)]

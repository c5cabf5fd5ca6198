"""What a step's input changes in the records of a case: people, parties, results, titles and what is owed."""

from datetime import date
from itertools import count
from typing import Any

import pytest
from tests.builders import (
    ORGANIZATIONS,
    PEOPLE,
    TODAY,
    ask,
    build_agreement,
    build_case,
    build_claim,
    build_obligation,
    build_party,
    build_track,
)

from mediation.domain import advance as advancing
from mediation.domain.advance import advance
from mediation.domain.calendar import official_calendar
from mediation.domain.cases import Case, Command, References, Setting
from mediation.domain.draft import Draft
from mediation.domain.effects import apply_effects
from mediation.domain.procedure.step import CaseRole

WAGES, SEVERANCE, DOUBLE = "unpaid_wages", "economic_compensation", "double_wage_no_contract"
HALF = 500_000


@pytest.fixture(autouse=True)
def _no_guard_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "judge", lambda _question: ((), ()))


def take(action: str, case: Case, *, on: date = TODAY, **given: Any) -> Case:
    ids = count()
    setting = Setting(
        on,
        official_calendar(),
        frozenset({CaseRole.CLERK}),
        "someone",
        references=References(ORGANIZATIONS, PEOPLE),
        new_id=lambda: f"{action}-{next(ids)}",
    )
    return advance(case, Command(action, on, given), setting).case


def outcomes(case: Case) -> dict[str, str]:
    return {key: claim.outcome for key, claim in case.claims.items()}


def volunteers(case: Case) -> dict[str, date | None]:
    """The volunteers of a case, each with the day their part ended."""
    return {entry.person_id: entry.until for entry in case.assignments.values() if entry.role == "volunteer"}


def owed_by_status(case: Case, status: str) -> list[tuple[int | None, str | None, str | None]]:
    """What stands at this status: the amount, who owes it, to whom."""
    return [(o.amount_fen, o.debtor_id, o.creditor_id) for o in case.obligations.values() if o.status == status]


def test_a_step_that_is_only_listed_changes_nothing() -> None:
    case = build_case("triage")
    draft = Draft(case)

    apply_effects(draft, ask("withdraw", case, listing=True))

    assert draft.changes() == ()


def test_a_record_that_is_not_there_is_not_amended_into_being() -> None:
    draft = Draft(build_case())

    draft.amend("claims", "gone", outcome="withdrawn")

    assert draft.changes() == ()
    assert outcomes(draft.case) == {WAGES: "open"}


def test_an_award_writes_down_what_became_of_each_claim() -> None:
    case = build_case("arbitration_accepted", claims=[build_claim(WAGES), build_claim(SEVERANCE), build_claim(DOUBLE)])
    results = [
        {"claim": WAGES, "outcome": "supported", "awarded_fen": HALF},
        {"claim": SEVERANCE, "outcome": "dismissed"},
    ]

    after = take("award", case, award_no="1号", award_kind="final", received_on={"W": TODAY}, results=results)

    assert outcomes(after) == {WAGES: "supported", SEVERANCE: "dismissed", DOUBLE: "open"}
    assert [claim.awarded_fen for claim in after.claims.values()] == [HALF, None, None]


def test_an_award_that_takes_effect_orders_one_payment_for_each_claim_it_grants() -> None:
    granted = build_claim(WAGES, outcome="supported", awarded_fen=HALF)
    case = build_case("arbitration_concluded", claims=[granted, build_claim(SEVERANCE, outcome="dismissed")])

    after = take("award_takes_effect", case)

    assert owed_by_status(after, "open") == [(HALF, "E", "W")]
    assert {owed.due_on for owed in after.obligations.values()} == {None}
    assert outcomes(after) == {WAGES: "supported", SEVERANCE: "dismissed"}


def test_an_award_in_a_case_without_named_sides_leaves_open_who_pays_whom() -> None:
    case = build_case("arbitration_concluded", parties=[], claims=[build_claim(awarded_fen=HALF)])

    after = take("award_takes_effect", case)

    assert owed_by_status(after, "open") == [(HALF, None, None)]


def test_a_volunteer_who_is_replaced_ends_on_the_day_the_next_begins() -> None:
    before = build_case(tracks=[build_track("legal_aid", "aid_granted")], mediator="mediator")
    assigned = take("assign_aid", before, on=date(2026, 6, 10), person="volunteer", assigned_on=date(2026, 6, 10))

    after = take("replace_aid_person", assigned, person="second", reason="conflict")

    assert volunteers(assigned) == {"volunteer": None}
    assert volunteers(after) == {"volunteer": TODAY, "second": None}
    assert after.mediator_id() == "mediator"


def test_a_new_round_that_names_no_organization_keeps_what_is_known_of_the_last() -> None:
    case = build_case("triage", facts={"organization_kind": "people_mediation", "extensions": 1})

    after = take("offer_mediation", case, reason="双方愿意", asked_on=TODAY)

    assert after.facts["organization_kind"] == "people_mediation"
    assert after.facts["round"] == 1
    assert "extensions" not in after.facts


def test_a_respondent_absent_from_the_consent_is_not_bound() -> None:
    parties = [build_party(), build_party("respondent"), build_party("respondent", id="E2")]
    case = build_case("awaiting_counterparty_consent", parties=parties)

    after = take("consent", case, consents=[], accepted_on=TODAY, absent_respondents=["E2"])

    assert {key: party.bound for key, party in after.parties.items()} == {"W": True, "E": True, "E2": False}


def test_a_party_that_is_dropped_stays_on_file_and_is_active_no_more() -> None:
    parties = [build_party(), build_party("respondent"), build_party("respondent", id="E2")]
    case = build_case("negotiating", parties=parties)

    after = take("drop_party", case, party="E2", reason="not_employer")

    assert after.parties["E2"].status == "dropped"
    assert [party.id for party in after.active_parties()] == ["W", "E"]


def test_an_archived_case_remembers_the_state_it_was_archived_from() -> None:
    case = build_case("closed_settled")

    after = take("archive", case, retention="long")

    assert (after.state, after.facts["archived_from"]) == ("archived", "closed_settled")


def test_cases_handled_jointly_are_linked_by_their_ids() -> None:
    linked = ["c2", "c3"]

    after = take("handle_jointly", build_case("negotiating"), linked=linked)

    assert after.facts["linked"] == ["c2", "c3"]
    assert after.facts["linked"] is not linked


def test_a_withdrawal_leaves_alone_the_claims_that_are_decided_already() -> None:
    case = build_case("negotiating", claims=[build_claim(WAGES), build_claim(SEVERANCE, outcome="settled")])

    after = take("withdraw", case, asked_by="W", reason="撤回")

    assert outcomes(after) == {WAGES: "withdrawn", SEVERANCE: "settled"}
    assert after.claims[SEVERANCE].version == 1


def test_an_oral_agreement_before_court_is_performed_in_full_on_the_spot() -> None:
    promised = [{"amount_fen": HALF, "debtor": "E", "creditor": "W"}, {"kind": "act", "what": "离职证明"}]

    after = take("court_oral_agreement", build_case("court_mediation_in_progress"), obligations=promised)

    booked = [(owed.status, owed.paid_fen, owed.done_on) for owed in after.obligations.values()]
    assert booked == [("done", HALF, TODAY), ("done", 0, TODAY)]
    assert (after.state, outcomes(after)) == ("performed", {WAGES: "settled"})


def test_a_statement_that_ends_the_case_replaces_earlier_terms_without_booking_them_as_paid() -> None:
    case = build_case(
        "arbitration_accepted",
        obligations=[build_obligation(), build_obligation("o2", status="done", paid_fen=1_000_000)],
        facts={"agreement": build_agreement()},
    )

    after = take("statement_ends_case", case, arb_no="1号", served_on=TODAY)

    assert {key: (o.status, o.paid_fen) for key, o in after.obligations.items()} == {
        "o1": ("superseded", 0),
        "o2": ("done", 1_000_000),
    }
    assert after.facts["agreement"]["supersedes"] == "a1"


def test_a_payment_on_an_obligation_that_is_not_in_the_case_books_nothing() -> None:
    case = build_case("performing", obligations=[build_obligation()])
    draft = Draft(case)

    apply_effects(draft, ask("record_performance", case, input={"obligation": "elsewhere", "amount": HALF}))

    assert draft.case.obligations == case.obligations

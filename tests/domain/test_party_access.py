"""What of a case concerns one party, and what is asked of it."""

from datetime import date
from typing import Any

import pytest
from tests.builders import TODAY, build_case, build_claim, build_deadline, build_obligation, build_party

from mediation.domain.cases import MAIN
from mediation.domain.deadlines import Deadline
from mediation.domain.party_access import PLAIN_WORDS, AskKind, PartyView, concerns
from mediation.domain.procedure import PROCEDURE


def view(state: str, party: str = "W", **parts: object) -> PartyView:
    case = build_case(state, **parts)
    return PartyView(case, case.parties[party], TODAY, TODAY)


def deadline(**values: Any) -> Deadline:
    return build_deadline("D_MED_15", **values)


def test_every_state_of_the_main_track_is_told_in_plain_words() -> None:
    states = [code for track, code in PROCEDURE.states if track == MAIN]

    told = {view(state).in_plain_words for state in states}

    assert told == set(PLAIN_WORDS.values())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (deadline(), {"W": True, "E": True, "E2": True}),
        (deadline(party_id="E"), {"W": False, "E": True, "E2": False}),
        (deadline(ref_id="o1"), {"W": True, "E": True, "E2": False}),
        (deadline(ref_id="unpaid_wages"), {"W": True, "E": False, "E2": False}),
        (deadline(ref_id="something else"), {"W": True, "E": True, "E2": True}),
    ],
)
def test_a_deadline_concerns_whose_it_is(given: Deadline, expected: dict[str, bool]) -> None:
    parties = [build_party(), build_party("respondent"), build_party("respondent", id="E2")]
    case = build_case(parties=parties, claims=[build_claim()], obligations=[build_obligation()])

    found = {key: concerns(given, case, party) for key, party in case.parties.items()}

    assert found == expected


def test_deadlines_come_nearest_first() -> None:
    late, early = deadline(id="a", due=date(2026, 7, 1)), deadline(id="b", due=date(2026, 6, 20))

    found = view("triage", deadlines=[late, early]).deadlines

    assert [one.id for one in found] == ["b", "a"]


@pytest.mark.parametrize(
    ("state", "consented_on", "expected"),
    [
        ("awaiting_counterparty_consent", None, [AskKind.CONSENT]),
        ("awaiting_counterparty_consent", TODAY, []),
        ("org_mediation_in_progress", None, []),
        ("agreement_signed_pending_effect", None, [AskKind.SIGN]),
        ("agreement_change_pending", None, [AskKind.SIGN]),
    ],
)
def test_a_state_asks_for_what_its_next_row_wants(
    state: str, consented_on: date | None, expected: list[AskKind]
) -> None:
    parties = [build_party(consented_on=consented_on), build_party("respondent")]

    asks = view(state, parties=parties).asks

    assert [ask.kind for ask in asks] == expected
    assert all(ask.documents for ask in asks if ask.kind is AskKind.SIGN)


def test_who_owes_is_asked_to_perform_what_is_in_force_and_not_done() -> None:
    owed = [
        build_obligation(),
        build_obligation("o2", status="done"),
        build_obligation("o3", status="dropped"),
        build_obligation("o4", debtor_id="W", creditor_id="E"),
        build_obligation("o5", status="part", debtor_id="other", creditor_id="another"),
    ]

    found = view("performing", "E", obligations=owed)

    assert [ask.obligation and ask.obligation.id for ask in found.asks] == ["o1"]
    assert [one.id for one in found.obligations] == ["o1", "o2", "o3", "o4"]

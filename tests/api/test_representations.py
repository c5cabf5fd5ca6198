import json
from datetime import date
from typing import Any

from mediation.api.case_parts import claim_document, party_document
from mediation.api.history import history_document
from mediation.api.representations import deadlines_document, facts_document, render_case
from mediation.domain.access import Actor
from mediation.domain.calendar import official_calendar
from mediation.domain.cases import BlockedStep, Case, OpenStep
from mediation.domain.deadlines import start_deadline
from mediation.domain.errors import Blocker
from mediation.domain.labels import Label
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Claim, Party, TrackInstance
from mediation.domain.sight import sight_of
from mediation.services.views import CaseView

TODAY = date(2026, 3, 2)
PARTY = Party("p1", 1, "applicant", "worker", "worker", "张某", phone_masked="138****0000")
CLAIM = Claim("c1", 2, "overtime_pay", "2026", "worker", amount_fen=2400000, agreed_fen=5)


def a_view(**values: Any) -> CaseView:
    calendar = official_calendar()
    deadline = start_deadline("D_MED_15", id="d1", start=TODAY, calendar=calendar, fact="received_on")
    case = Case(
        "k1",
        3,
        None,
        "o1",
        "draft",
        TODAY,
        facts={"channel": "walk_in", "urgent": True, "attested": {}},
        tracks={"main": TrackInstance("main", "main", "triage")},
        parties={"p1": PARTY},
        claims={"c1": CLAIM},
        deadlines={"d1": deadline},
    )
    sight = sight_of(Actor("clerk", "某人", "o1", frozenset({"clerk"})), frozenset({CaseRole.CLERK}))
    return CaseView(case, case, sight, TODAY, calendar, **values)


def test_a_party_is_shown_masked() -> None:
    shown = party_document(PARTY)

    assert (shown["phone"], shown["resident_id"]) == ("138****0000", None)
    assert "subject_id" not in shown


def test_amounts_are_shown_in_yuan_and_causes_with_their_mark() -> None:
    shown = claim_document(CLAIM)

    assert (shown["amount"], shown["agreed"], shown["awarded"]) == ("24000.00", "0.05", None)
    assert shown["cause"] is not None
    assert shown["cause"]["verified"] is False


def test_facts_in_fen_are_shown_in_yuan() -> None:
    assert facts_document({"costs": 1050, "channel": "phone", "attested": {}}) == {
        "costs": "10.50",
        "channel": "phone",
    }


def test_a_case_tells_codes_of_its_own_blocked_rows_only() -> None:
    steps = PROCEDURE.steps
    blocker = Blocker("cause_given", Label("未填案由", "no cause is given"))
    view = a_view(
        open_steps=(OpenStep(steps["offer_mediation"], "main", ()),),
        blocked_steps=(
            BlockedStep(steps["ask_consent"], "main", (blocker,)),
            BlockedStep(steps["join_party"], "main", (blocker,)),
            BlockedStep(steps["request_aid"], "legal_aid:new", (blocker,)),
        ),
    )

    shown = json.loads(render_case(view))

    assert [step["action"] for step in shown["open_steps"]] == ["offer_mediation"]
    assert shown["blocked_steps"] == [{"action": "ask_consent", "instance": "main", "codes": ["cause_given"]}]
    assert (shown["state"]["code"], shown["state"]["stage"], shown["flags"]) == (
        "triage",
        "intake",
        ["urgent"],
    )


def test_a_deadline_says_why_it_ends_when_it_does() -> None:
    shown = deadlines_document(a_view())["items"][0]

    assert (shown["code"], shown["due"], shown["days_left"]) == ("D_MED_15", "2026-03-17", 15)
    assert shown["why"]["fact"] == "received_on"
    assert shown["why"]["working"]
    assert shown["why"]["citations"][0]["source"] == "LDMAL"


def test_history_tells_amounts_in_yuan() -> None:
    entry = {
        "sequence": 2,
        "input": {"amount": 800000, "how": "cash"},
        "changes": [
            {
                "c": "claims",
                "k": "c1",
                "b": None,
                "a": {"id": "c1", "amount_fen": 800000, "awarded_fen": None},
            },
            {"c": "facts", "k": "costs", "b": {"value": 100}, "a": {"value": 250}},
        ],
    }

    shown = history_document(entry)

    assert shown["input"] == {"amount": "8000.00", "how": "cash"}
    assert shown["changes"][0]["after"] == {"id": "c1", "amount": "8000.00", "awarded": None}
    assert shown["changes"][1]["before"] == {"value": "1.00"}
    assert shown["changes"][1]["after"] == {"value": "2.50"}

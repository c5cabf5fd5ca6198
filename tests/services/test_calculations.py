"""Amounts and limitation over HTTP: a calculator takes its own example, a case tells until when to claim."""

from typing import Any

import pytest
from tests.services.world import World, party_ids

from mediation.domain.calculators import CALCULATORS


@pytest.mark.parametrize("kind", CALCULATORS)
def test_every_calculator_takes_the_example_it_shows(sqlite_world: World, kind: str) -> None:
    shown = sqlite_world.send("clerk-lin", "GET", "/v1/calculators").json()["items"]
    example = next(entry["example"] for entry in shown if entry["kind"] == kind)

    answer = sqlite_world.send("clerk-lin", "POST", f"/v1/calculators/{kind}", json={"inputs": example})

    assert answer.status_code == 200, answer.text
    assert answer.json()["working"]
    assert answer.json()["citations"]


def test_notice_pay_is_one_month_at_the_wage_of_the_month_before(sqlite_world: World) -> None:
    inputs = {"ground": "article_40", "last_month_wage": "9200.00", "notice_days": 0}

    answer = sqlite_world.send("worker-zhang", "POST", "/v1/calculators/notice_pay", json={"inputs": inputs})

    assert answer.json()["amount"] == "9200.00"


def test_a_value_that_is_missing_is_named(sqlite_world: World) -> None:
    answer = sqlite_world.send("clerk-lin", "POST", "/v1/calculators/notice_pay", json={"inputs": {}})

    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} >= {"/ground"}


def test_a_kind_that_does_not_exist_is_not_found(sqlite_world: World) -> None:
    answer = sqlite_world.send("clerk-lin", "POST", "/v1/calculators/nonsense", json={"inputs": {}})

    assert answer.status_code == 404


def _limitation(world: World, case_id: str, code: str) -> dict[str, Any]:
    items = world.send("clerk-lin", "GET", f"/v1/cases/{case_id}/limitation").json()["items"]
    found: dict[str, Any] = next(item for item in items if item["code"] == code)
    return found


def test_a_claim_ends_a_year_after_the_application_that_interrupted_it(world: World) -> None:
    case = world.create()

    found = _limitation(world, case["id"], "economic_compensation")

    assert found["status"] == "running"
    assert found["safe_end"] == "2027-06-15"
    assert found["what_would_interrupt"]


def test_wages_do_not_lapse_while_the_end_of_the_employment_is_not_on_file(world: World) -> None:
    case = world.create()
    before = _limitation(world, case["id"], "unpaid_wages")
    day = world.today.isoformat()

    world.take(case["id"], "record_contract_end", ended_on=day, ground="dismissed", recorded_for=party_ids(case)[0])

    assert before["safe_end"] is None
    assert _limitation(world, case["id"], "unpaid_wages")["safe_end"] == "2027-06-15"


def test_limitation_of_a_case_that_is_not_ones_own_is_not_found(world: World) -> None:
    case = world.create()

    assert world.send("clerk-fang", "GET", f"/v1/cases/{case['id']}/limitation").status_code == 404

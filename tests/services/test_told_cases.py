"""Every retold case of time, limitation and money comes out exactly over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.domain.test_calculators import WORKED
from tests.services.world import World

DATA = Path(__file__).parents[1] / "data"


def told(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text("utf-8"))["cases"]
    return found


def ask(world: World, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = world.send("worker-zhang", "POST", path, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("case", told("deadlines"), ids=lambda case: case["id"])
def test_a_deadline_ends_on_its_day(sqlite_world: World, case: dict[str, Any]) -> None:
    body = {name: case[name] for name in ("start", "length", "unit", "roll")}

    counted = ask(sqlite_world, "/v1/calendar/count", body)

    assert counted["due"] == case["due"]
    if case["term"]:
        term = ask(sqlite_world, f"/v1/terms/{case['term']}/preview", {"start": case["start"]})
        assert term["due"] == case["due"]


@pytest.mark.parametrize("case", told("limitation"), ids=lambda case: case["id"])
def test_a_claim_lapses_on_its_days(sqlite_world: World, case: dict[str, Any]) -> None:
    names = ("basis_day", "employment_ended_on", "still_employed", "suspensions", "today")
    body: dict[str, Any] = {name: case[name] for name in names if name in case}
    body["events"] = [{k: v for k, v in one.items() if k != "action"} for one in case.get("events", ())]

    view = ask(sqlite_world, "/v1/limitation/preview", {"claim_code": case["claim"], **body})

    assert (view["likely_end"], view["safe_end"]) == (case["likely"], case["safe"])
    assert view["status"] == case.get("status", "running")
    assert view["provisional"] is case.get("provisional", False)
    assert view["revived_by"] == case.get("revived_on")


@pytest.mark.parametrize("case", told("claims"), ids=lambda case: case["id"])
def test_an_item_comes_out_to_the_fen(sqlite_world: World, case: dict[str, Any]) -> None:
    computed = ask(sqlite_world, f"/v1/calculators/{case['kind']}", {"inputs": case["inputs"]})

    assert computed["amount"] == case["amount"]


@pytest.mark.parametrize("example", WORKED.values(), ids=WORKED.keys())
def test_a_worked_example_comes_out_to_the_fen(sqlite_world: World, example: tuple[Any, ...]) -> None:
    kind, inputs, *amounts = example

    computed = ask(sqlite_world, f"/v1/calculators/{kind}", {"inputs": inputs})

    assert [computed[name] for name in ("amount", "minimum", "maximum")] == amounts


@pytest.mark.parametrize(
    ("term", "start", "due"),
    [
        ("D_MED_15", "2026-09-14", "2026-09-29"),
        ("D_MED_15", "2026-09-17", "2026-10-08"),
        ("D_REVIEW_15", "2026-04-20", "2026-05-06"),
        ("D_REVIEW_15", "2026-04-24", "2026-05-09"),
        ("D_JC_30", "2026-01-20", "2026-02-24"),
        ("D_SUIT_15", "2026-06-05", "2026-06-22"),
        ("D_MED_ACCEPT_3WD", "2026-02-12", "2026-02-24"),
        ("D_ARB_ACCEPT_5", "2026-04-30", "2026-05-11"),
        ("D_ARB_45", "2026-03-02", "2026-04-16"),
        ("D_CT_30", "2026-07-06", "2026-08-05"),
    ],
)
def test_a_worked_term_ends_on_its_day(sqlite_world: World, term: str, start: str, due: str) -> None:
    assert ask(sqlite_world, f"/v1/terms/{term}/preview", {"start": start})["due"] == due


def test_a_double_wage_lapses_month_by_month_under_the_other_reading(sqlite_world: World) -> None:
    window = {"since": "2025-02-01", "until": "2025-12-31"}
    body = {"claim_code": "double_wage_no_contract", "basis_day": "2025-12-31", "window": window, "today": "2026-06-15"}

    view = ask(sqlite_world, "/v1/limitation/preview", body)

    assert view["safe_end"] == "2026-12-31"
    assert len(view["months"]) == 11
    assert next(month["month"] for month in view["months"] if not month["is_over"]) == "2025-06"


@pytest.mark.parametrize(
    "body",
    [
        {"claim_code": "double_wage_no_contract", "window": {"since": "2025-03-01", "until": "2025-02-01"}},
        {"claim_code": "unpaid_wages", "window": {"since": "2025-03-01", "until": "2025-04-01"}},
        {
            "claim_code": "unpaid_wages",
            "suspensions": [{"since": "2026-02-02", "until": "2026-02-01", "reason": "no_guardian"}],
        },
    ],
)
def test_days_that_do_not_go_together_are_refused(sqlite_world: World, body: dict[str, Any]) -> None:
    answer = sqlite_world.send("clerk-lin", "POST", "/v1/limitation/preview", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "days_do_not_fit"

"""Files whose time is over: found by outcome and rule, told with what keeps them, and left where they are."""

import csv
from argparse import Namespace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.services.test_erasure import AFTER_NINE, AFTER_TEN_YEARS, ended, hold
from tests.services.test_key_rotation import settings_of
from tests.services.world import MASTER_KEY, World, party_ids

from mediation import retention_desk
from mediation.domain.retention import Schedule
from mediation.services import retention
from mediation.storage.json_sql import statement


def over(world: World, who: str = "supervisor-tang", query: str = "") -> list[dict[str, Any]]:
    answer = world.send(who, "GET", f"/v1/retention{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_a_file_is_listed_once_its_time_is_over_with_its_outcome_and_rule(world: World) -> None:
    case = ended(world, AFTER_NINE)
    world.create(key="open")
    early = over(world)
    world.clock.move_to(AFTER_TEN_YEARS)

    (found,) = over(world)

    assert early == []
    assert (found["case_id"], found["outcome"]["code"]) == (case["id"], "closed_performed")
    assert (found["rule"]["code"], found["rule"]["years"]) == ("mediation", 10)
    assert found["kept_until"] < str(AFTER_TEN_YEARS)
    assert (found["kept_by"], found["may_be_destroyed"], found["disposal_id"]) == ([], True, None)


def test_the_list_and_the_rule_of_the_case_say_the_same_day_by_day(world: World) -> None:
    case = world.case(ended(world)["id"])
    until = Schedule().kept_until(case)
    assert until is not None

    days = [until + timedelta(days=n) for n in (-1, 0, 1, 2)]
    found = [bool(world.read(retention.every_file_over, day, Schedule(), "", 9)) for day in days]

    assert found == [False, False, True, True]


def test_a_death_at_work_is_kept_longer(world: World) -> None:
    ended(world, claims=[{"code": "work_death_benefit", "amount": "1.00"}])

    after_thirty = world.read(retention.every_file_over, date(2057, 1, 1), Schedule(), "", 9)

    assert over(world) == []
    assert [entry["rule"]["code"] for entry in after_thirty] == ["death"]


@pytest.mark.parametrize(
    ("number", "rule", "years"), [("award_no", "arbitration_award", 10), ("arb_no", "arbitration", 5)]
)
def test_an_arbitrated_file_is_never_kept_for_less_than_the_commission_keeps_its_own(
    world: World, number: str, rule: str, years: int
) -> None:
    case = ended(world)
    sql = {
        "sqlite": "update cases set facts = json_set(facts, :path, '7')",
        "postgresql": "update cases set facts = jsonb_set(facts::jsonb, cast(:path as text[]), '\"7\"')::text",
    }[world.database.dialect]
    path = f"$.{number}" if world.database.dialect == "sqlite" else f"{{{number}}}"
    world.write(lambda unit: unit.execute(statement(sql), {"path": path}))

    short = Schedule(ordinary_years=1)
    (found,) = world.read(retention.every_file_over, world.today, short, "", 9)

    assert (found["rule"]["code"], found["rule"]["years"]) == (rule, years)
    assert short.rule_of(world.case(case["id"])).code == rule


def test_a_legal_hold_is_told_and_forbids(world: World) -> None:
    case = ended(world)
    hold(world, case)

    (found,) = over(world)

    assert (found["kept_by"], found["may_be_destroyed"]) == (["legal_hold"], False)


def test_the_list_is_paged(world: World) -> None:
    for _ in range(3):
        case = world.create()
        world.take(case["id"], "withdraw", asked_by=party_ids(case)[0], reason="双方自行和解")
    world.run_due(AFTER_TEN_YEARS)

    pages, path = [], "/v1/retention?limit=2"
    while path:
        page = world.send("supervisor-tang", "GET", path).json()
        pages.append([item["case_id"] for item in page["items"]])
        path = page["next"]

    assert [len(page) for page in pages] == [2, 1]
    assert len({case_id for page in pages for case_id in page}) == 3


@pytest.mark.parametrize(
    ("who", "status"), [("clerk-lin", 403), ("admin-qian", 403), ("worker-zhang", 403), ("auditor-feng", 200)]
)
def test_the_list_is_for_supervisors_and_auditors(world: World, who: str, status: int) -> None:
    ended(world)

    assert world.send(who, "GET", "/v1/retention").status_code == status


def test_others_are_not_told_of_the_files_of_a_body_beside(world: World) -> None:
    ended(world)

    assert len(over(world, "supervisor-yan")) == 1
    assert over(world, "supervisor-meng") == []


def test_the_report_counts_by_outcome_and_writes_each_file(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = ended(world)
    before, file = world.counts(), tmp_path / "over.csv"
    monkeypatch.setattr(retention_desk, "clock_of", lambda _settings: world.clock)

    retention_desk.report(settings_of(world, MASTER_KEY), Namespace(csv=file))

    said = capsys.readouterr().out
    (row,) = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    assert "closed_performed  mediation  may be destroyed  1" in said
    assert "1 files whose time is over; none was destroyed." in said
    assert (row["case_id"], row["rule"], row["may_be_destroyed"]) == (case["id"], "mediation", "True")
    assert world.counts() == before

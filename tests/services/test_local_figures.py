"""Local figures loaded while the service runs: checked, kept, listed, and taken by every process."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.services.world import MASTER_KEY, World

from mediation import worker
from mediation.__main__ import main
from mediation.services.local_figures import current_figures

ROW: dict[str, Any] = {
    "kind": "minimum_wage", "place": "330100", "since": "2026-01-01", "value": "2490.00", "source": "市政府公告",
}  # fmt: skip
AVERAGE = {"kind": "average_wage", "place": "330100", "year": 2025, "value": "9480.00", "source": "统计公报"}


def load(world: World, *rows: dict[str, Any], who: str = "admin-qian", **headers: str) -> Any:
    return world.send(who, "POST", "/v1/local-figures", headers=headers, json={"figures": list(rows)})


def listed(world: World, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = world.send("clerk-lin", "GET", f"/v1/local-figures{query}").json()["items"]
    return items


def gap(world: World, place: str = "330106") -> Any:
    inputs = {"paid": "2200.00", "months": "5", "place": place, "on": "2026-05-01"}
    return world.send("clerk-lin", "POST", "/v1/calculators/minimum_wage_gap", json={"inputs": inputs})


def test_a_figure_that_is_loaded_is_taken_with_its_source(world: World) -> None:
    before = gap(world)

    answer = load(world, ROW, AVERAGE)

    assert before.status_code == 422
    assert "330106" in before.json()["errors"][0]["detail"]
    assert answer.status_code == 201, answer.text
    assert [item["value"] for item in answer.json()["items"]] == ["2490.00", "9480.00"]
    found = gap(world).json()
    assert found["amount"] == "1450.00"
    assert any("市政府公告" in line["zh"] for line in found["working"])


def test_a_later_load_takes_the_place_of_the_earlier_one(world: World) -> None:
    load(world, ROW)

    load(world, {**ROW, "value": "2500.00"}, {**ROW, "since": "2026-07-01", "value": "2600.00"})

    assert gap(world).json()["amount"] == "1500.00"
    assert world.counts()["local_figures"] == 2
    assert [item["value"] for item in listed(world, "?place=330100&kind=minimum_wage")] == ["2500.00", "2600.00"]


def test_figures_are_listed_by_kind_place_and_day_in_pages(world: World) -> None:
    load(world, ROW, AVERAGE, {**ROW, "place": "440300"})

    local = listed(world, "?place=330106&day=2026-05-01")
    first = world.send("clerk-lin", "GET", "/v1/local-figures?limit=5").json()
    rest = world.send("clerk-lin", "GET", first["next"]).json()

    assert {(item["kind"], item["place"]) for item in local} == {
        ("average_wage", "330100"), ("minimum_wage", "330100"), ("paid_days", "全国"), ("delay_rate", "全国"),
    }  # fmt: skip
    assert [item for item in listed(world, "?kind=average_wage") if item["place"] == "330100"] == [
        {**AVERAGE, "verified": False, "illustrative": False}
    ]
    assert len(first["items"]) == 5
    assert [*first["items"], *rest["items"]] == listed(world)
    assert rest["next"] is None
    assert world.send("clerk-lin", "GET", f"{first['next']}&kind=paid_days").status_code == 422


@pytest.mark.parametrize(
    ("row", "pointer", "code"),
    [
        ({**ROW, "value": "29880.00", "kind": "paid_days", "place": "全国"}, "/figures/1/value", "implausible"),
        ({**ROW, "since": None}, "/figures/1/since", "not_a_date"),
        ({**AVERAGE, "year": None}, "/figures/1/year", "not_a_year"),
        ({**ROW, "kind": "rent"}, "/figures/1/kind", "not_in_list"),
        ({**ROW, "place": "全国"}, "/figures/1/place", "not_of_this_kind"),
        (ROW, "/figures/1", "duplicate"),
    ],
)
def test_a_figure_that_cannot_be_is_named_and_none_is_kept(
    world: World, row: dict[str, Any], pointer: str, code: str
) -> None:
    answer = load(world, ROW, row)

    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]
    assert world.counts()["local_figures"] == 0
    assert gap(world).status_code == 422


def test_only_those_who_keep_the_tables_load_figures_and_once_under_a_key(world: World) -> None:
    refused = [load(world, ROW, who=who).status_code for who in ("clerk-lin", "supervisor-tang", "supervisor-yan")]
    assert refused == [403, 403, 403]
    first, again = (load(world, ROW, **{"Idempotency-Key": "figures"}) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert load(world, AVERAGE, **{"Idempotency-Key": "figures"}).status_code == 422


def test_figures_loaded_from_a_terminal_reach_a_process_that_runs(world: World, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    file.write_text(json.dumps({"figures": [ROW]}), encoding="utf-8")
    settings = {
        "MEDIATION_DATABASE_URL": world.url,
        "MEDIATION_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
        "MEDIATION_DEMO": "true",
    }

    done = subprocess.run(
        [sys.executable, "-m", "mediation", "figures", "load", str(file)],
        env={**os.environ, **settings}, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    before = current_figures()
    rounds = iter([False, True])
    worker.run(world.database, world.clock, 0, until=lambda: next(rounds))

    assert (done.returncode, done.stdout) == (0, "Local figures loaded: 1.\n"), done.stderr
    assert before != current_figures()
    assert gap(world).json()["amount"] == "1450.00"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read"),
        ("{", "is not JSON"),
        ("[]", "/figures"),
        (json.dumps({"figures": [{**ROW, "value": "29880000"}]}), "/figures/0/value"),
    ],
)
def test_a_file_of_figures_that_cannot_be_taken_is_refused_with_a_sentence(
    tmp_path: Path, content: str | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    if content is not None:
        file.write_text(content)

    code = main(["figures", "load", str(file)])

    error = capsys.readouterr().err
    assert code == 2
    assert error.startswith("mediation: ")
    assert told in error

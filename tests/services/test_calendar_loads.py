"""Loads of calendar notices over HTTP and from the command line: who reads them, who undoes them, what is refused."""

import base64
import csv
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.services.world import MASTER_KEY, World, accept
from tests.worker.test_recounts import MOVING, NOTICE

from mediation import worker
from mediation.__main__ import main
from mediation.demo.people import organization
from mediation.storage import Unit
from mediation.storage.ids import new_id
from mediation.storage.json_sql import statement

Request = tuple[str, str, str, Mapping[str, Any]]


def loaded(world: World, notice: Mapping[str, Any] = MOVING) -> str:
    answer = world.send("admin-qian", "POST", "/v1/calendars", json=notice)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["load_id"]
    assert answer.headers["location"] == f"/v1/calendar-loads/{found}"
    return found


def late_case(world: World) -> str:
    world.clock.move_to(date(2026, 12, 25))
    case_id: str = world.create(received_on="2026-12-25")["id"]
    accept(world, case_id)
    return case_id


def recounted(world: World) -> str:
    load_id = loaded(world)
    worker.recount_stale(world.database, world.clock)
    return load_id


def test_a_load_tells_its_notice_what_it_replaced_and_by_whom(world: World) -> None:
    first = loaded(world, NOTICE)
    second = loaded(world)

    found = world.send("clerk-lin", "GET", f"/v1/calendar-loads/{second}").json()

    assert found["notice"]["source"] == "made up for this test"
    assert found["replaced"]["working_weekends"] == NOTICE["working_weekends"]
    assert found["since"] == "2027-01-09"
    assert found["undone_at"] is None
    assert found["loaded_by"] == world.rows("select id from people where subject = 'admin-qian'")[0]["id"]
    assert world.send("clerk-lin", "GET", f"/v1/calendar-loads/{first}").json()["since"] == "2027-01-01"


def test_loads_are_listed_newest_first_in_pages(world: World) -> None:
    made = [loaded(world, NOTICE), loaded(world), loaded(world, NOTICE)]

    first = world.send("clerk-lin", "GET", "/v1/calendar-loads?limit=2").json()
    second = world.send("clerk-lin", "GET", first["next"]).json()

    assert [item["id"] for item in (*first["items"], *second["items"])] == made[::-1]
    assert second["next"] is None


def test_an_undo_is_a_load_that_names_what_it_undoes(world: World) -> None:
    load_id = loaded(world)

    answer = world.send("admin-qian", "POST", f"/v1/calendar-loads/{load_id}/undo")

    undone = world.send("clerk-lin", "GET", f"/v1/calendar-loads/{load_id}").json()
    years = [item["year"] for item in world.send("clerk-lin", "GET", "/v1/calendars").json()["items"]]
    assert answer.status_code == 201
    assert answer.json()["undoes_id"] == load_id
    assert answer.json()["notice"] is None
    assert answer.json()["replaced"]["year"] == 2027
    assert undone["undone_by"] == undone["loaded_by"]
    assert 2027 not in years


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_cannot_be_undone_is_refused_with_the_reason(world: World, language: str) -> None:
    first, second = loaded(world, NOTICE), loaded(world)
    undo = world.send("admin-qian", "POST", f"/v1/calendar-loads/{second}/undo").json()["id"]
    third = loaded(world)
    asked = [("admin-qian", "POST", f"/v1/calendar-loads/{key}/undo", {"headers": {"Accept-Language": language}})
             for key in (undo, second, first, new_id())]  # fmt: skip

    answers = world.send_all(asked)

    details = [answer.json()["detail"] for answer in answers]
    words = {"zh": ("重新载入", "已被撤销", third), "en": ("load the notice", "undone already", third)}[language]
    assert [answer.status_code for answer in answers] == [409, 409, 409, 404]
    assert all(word in detail for word, detail in zip(words, details, strict=False))


def test_an_undo_under_a_key_happens_once(world: World) -> None:
    load_id = loaded(world)
    again = [("admin-qian", "POST", f"/v1/calendar-loads/{load_id}/undo", {"headers": {"Idempotency-Key": "k"}})]

    first, second = (world.send_all(again)[0] for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert second.headers["idempotency-replayed"] == "true"
    assert len(world.rows("select id from calendar_loads")) == 2


@pytest.mark.parametrize("who", ["clerk-lin", "supervisor-tang", "supervisor-yan", "supervisor-cao", "supervisor-lei"])
def test_the_calendar_of_all_is_kept_by_the_federation_at_the_top_alone(world: World, who: str) -> None:
    load_id = loaded(world)

    load = world.send(who, "POST", "/v1/calendars", json=NOTICE)
    undo = world.send(who, "POST", f"/v1/calendar-loads/{load_id}/undo")

    assert [(answer.status_code, answer.json()["code"]) for answer in (load, undo)] == [(403, "not_permitted")] * 2
    assert world.counts()["calendar_loads"] == 1
    assert [world.send(who, "GET", f"/v1/{path}").status_code for path in ("calendars", "calendar-loads")] == [200, 200]
    assert world.send("admin-qian", "POST", f"/v1/calendar-loads/{load_id}/undo").status_code == 201


def test_who_loads_below_the_top_is_told_who_does(world: World) -> None:
    headers = {"Accept-Language": "en"}

    answer = world.send("supervisor-yan", "POST", "/v1/calendars", json=NOTICE, headers=headers)

    assert "federation at the top" in answer.json()["detail"]


@pytest.mark.parametrize(("kind", "parent", "status"), [
    ("city_federation", "null", 201), ("enterprise_union", "null", 403), ("court", "null", 403),
    ("city_federation", "'{province}'", 403),
])  # fmt: skip
def test_a_supervisor_loads_for_a_federation_with_nobody_above(
    world: World, kind: str, parent: str, status: int
) -> None:
    city, province = organization("city-union").id, organization("province-union").id
    above = parent.format(province=province)
    sql = f"update organizations set kind = '{kind}', parent_id = {above} where id = :id"  # noqa: S608 - our own words
    world.write(lambda unit: unit.execute(statement(sql), {"id": city}).rowcount)

    assert world.send("supervisor-yan", "POST", "/v1/calendars", json=NOTICE).status_code == status


def test_moves_are_read_by_those_who_see_the_case_and_by_nobody_else(world: World) -> None:
    case_id = late_case(world)
    load_id = recounted(world)

    asked: list[Request] = [
        (who, "GET", f"/v1/calendar-loads/{load_id}/moves", {})
        for who in ("clerk-lin", "supervisor-tang", "mediator-zhou", "volunteer-he")
    ]
    seen = [{item["case_id"] for item in answer.json()["items"]} for answer in world.send_all(asked)]

    assert seen == [{case_id}, {case_id}, set(), set()]


def test_an_administrator_sees_how_much_moved_and_none_of_it(world: World) -> None:
    late_case(world)
    load_id = recounted(world)

    found = world.send("admin-qian", "GET", f"/v1/calendar-loads/{load_id}")

    assert found.status_code == 200
    assert found.json()["recount"]["deadlines_moved"] > 0
    assert world.send("admin-qian", "GET", f"/v1/calendar-loads/{load_id}/moves").json()["code"] == "not_permitted"


def test_a_report_is_read_in_pages_without_gap_or_double(world: World) -> None:
    for _ in range(2):
        late_case(world)
    path = f"/v1/calendar-loads/{recounted(world)}/moves"
    whole = world.send("clerk-lin", "GET", path).json()["items"]

    paged: list[dict[str, Any]] = []
    link: str | None = f"{path}?limit=1"
    while link is not None:
        page = world.send("clerk-lin", "GET", link).json()
        paged += page["items"]
        link = page["next"]

    assert len(whole) > 2
    assert paged == whole


def test_a_cursor_of_one_report_is_none_of_another(world: World) -> None:
    late_case(world)
    first = recounted(world)
    late_case(world)
    link = world.send("clerk-lin", "GET", f"/v1/calendar-loads/{first}/moves?limit=1").json()["next"]
    other = loaded(world, NOTICE)

    answer = world.send("clerk-lin", "GET", link.replace(first, other))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "bad_cursor"


def test_a_load_nobody_made_is_not_found(world: World) -> None:
    asked: list[Request] = [("clerk-lin", "GET", f"/v1/calendar-loads/{new_id()}{tail}", {}) for tail in ("", "/moves")]

    answers = world.send_all(asked)

    assert [answer.status_code for answer in answers] == [404, 404]


def test_liaisons_have_no_business_with_what_moved(world: World) -> None:
    case_id = late_case(world)
    load_id = recounted(world)
    liaison = world.rows(
        "select p.subject, m.organization_id from people p join memberships m on m.person_id = p.id "
        "where m.roles like '%court_liaison%' order by p.subject"
    )[0]
    world.write(_send_to, case_id, f"s:{liaison['organization_id']}")

    answer = world.send(liaison["subject"], "GET", f"/v1/calendar-loads/{load_id}/moves")

    assert answer.status_code == 403


def _send_to(unit: Unit, case_id: str, scope: str) -> None:
    sql = (
        "insert into case_scope (scope_id, is_open, next_due, case_id, since) "
        "select :scope, is_open, next_due, id, created_on from cases where id = :case_id"
    )
    unit.execute(statement(sql), {"scope": scope, "case_id": case_id})


@pytest.fixture
def shell(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose database the command line works on."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEDIATION_DATABASE_URL", world.url)
    monkeypatch.setenv("MEDIATION_MASTER_KEY", base64.b64encode(MASTER_KEY).decode())
    return world


def test_the_command_line_loads_counts_reports_and_undoes(shell: World, capsys: pytest.CaptureFixture[str]) -> None:
    case_id = late_case(shell)
    before = {d.id: d.due for d in shell.case(case_id).running()}
    Path("2027.json").write_text(json.dumps(MOVING))

    codes = [main(["calendar", "load", "2027.json"])]
    load_id = capsys.readouterr().out.split(" is loaded: ")[1].split()[0]
    codes.append(main(["calendar", "report", load_id, "--csv", "moved.csv"]))
    codes.append(main(["calendar", "report", load_id]))
    told = capsys.readouterr().out
    codes.append(main(["calendar", "undo", load_id]))
    undone = capsys.readouterr()
    codes.append(main(["calendar", "list"]))

    with Path("moved.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if row["term"] == "D_MED_15")
    assert codes == [0] * 5
    assert (row["old_due"], row["new_due"], row["case_id"]) == ("2027-01-11", "2027-01-09", case_id)
    assert "调休上班日" in row["new_working"]
    assert "D_MED_15  2027-01-11 -> 2027-01-09" in told
    assert "1 cases counted again" in undone.out
    assert "1 of 1 cases" in undone.err
    listed = capsys.readouterr().out.splitlines()
    assert [load_id in line for line in listed] == [True, True]
    assert "(undone)" in listed[1]
    assert {d.id: d.due for d in shell.case(case_id).running()} == before


@pytest.mark.usefixtures("shell")
@pytest.mark.parametrize("command", ["undo", "report"])
def test_the_command_line_refuses_a_load_it_does_not_know(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["calendar", command, new_id()])

    assert code == 2
    assert "mediation calendar list" in capsys.readouterr().err


def test_the_command_line_says_why_a_load_cannot_be_undone(shell: World, capsys: pytest.CaptureFixture[str]) -> None:
    first = loaded(shell, NOTICE)
    second = loaded(shell)

    code = main(["calendar", "undo", first])

    assert code == 2
    assert f"undo {second} first" in capsys.readouterr().err

"""The proof that nothing due is lost, as the command gives it, and what it finds when something is."""

import base64
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.services.world import MASTER_KEY, World, agree, mediate, triage
from tests.worker.test_lapses import dispatched

from mediation import completeness_check, worker
from mediation.__main__ import main
from mediation.services import completeness
from mediation.storage import Unit


def proof(world: World, grace: int = 1) -> tuple[int, list[str]]:
    told: list[str] = []
    found = completeness_check.prove(world.database, world.today, grace, told.append)
    return found, told


def spoil(world: World, sql: str) -> None:
    """Change what is stored behind the back of the service."""

    def run(unit: Unit) -> None:
        unit.connection.exec_driver_sql(sql)

    world.write(run)


@pytest.fixture
def busy(world: World) -> World:
    """A world with cases of many kinds behind it, all that is due fired."""
    for _ in range(2):
        dispatched(world)
    waiting = world.create()["id"]
    agreed = world.create()["id"]
    mediate(world, agreed)
    agree(world, agreed, ["2026-06-22", "2026-07-20"])
    world.run_due(date(2026, 8, 10))
    triage(world, waiting)
    return world


def test_every_deadline_that_was_started_is_fired_ended_or_pending(busy: World) -> None:
    found, told = proof(busy)

    rows = busy.rows("select status, count(*) as n from deadlines group by status")
    by_status = {row["status"]: row["n"] for row in rows}
    total = sum(by_status.values())
    assert found == 0, told
    assert {"fired", "lapsed", "stopped", "running"} <= set(by_status)
    assert f"{total} deadlines started according to history" in told[0]
    fired = by_status["fired"] + by_status["lapsed"]
    pending = by_status["running"]
    assert told[1] == f"due {total} = fired {fired} + ended otherwise {total - fired - pending} + pending {pending}"
    assert told[-1] == "Nothing is lost."


def test_the_proof_goes_on_from_batch_to_batch(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = proof(busy)
    monkeypatch.setattr(completeness, "BATCH", 1)

    one_by_one = proof(busy)

    assert one_by_one == whole


def test_a_firing_that_was_voided_and_came_again_still_adds_up(world: World) -> None:
    case_id = dispatched(world)
    world.run_due(date(2026, 6, 20))
    last = world.case(case_id).last_entry

    world.take(case_id, "void_last_step", "supervisor-tang", step=last["entry_id"], why="来函日期有误")
    between = proof(world, grace=5)
    worker.run_due(world.database, world.clock)

    assert world.case(case_id).state == "court_returned"
    assert between[0] == proof(world)[0] == 0


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("delete from tasks", "has 0 task(s)"),
        ("update deadlines set status = 'running' where status = 'lapsed'", "but history says lapsed"),
        ("update deadlines set status = 'stopped' where status = 'running'", "but history says running"),
        ("update deadlines set due = '2026-12-24' where status = 'fired'", "its due is 2026-12-24"),
        ("delete from deadlines where status = 'stopped'", "not among the deadlines"),
        ("update deadlines set id = 'unknown' where id = (select min(id) from deadlines)", "history never started it"),
    ],
)
def test_what_was_lost_or_doubled_is_found(busy: World, sql: str, text: str) -> None:
    spoil(busy, sql)

    found, told = proof(busy)

    assert found > 0
    assert any(text in line for line in told), told
    assert told[-1] == f"{found} finding(s)."


def test_a_worker_that_is_behind_is_found(busy: World) -> None:
    due = min(row["due"] for row in busy.rows("select due from deadlines where status = 'running'"))
    late = date.fromisoformat(str(due)) + timedelta(days=2)
    busy.clock.move_to(late)

    found, told = proof(busy)

    assert found >= 1
    assert any(f"it was due on {due} and has not fired" in line for line in told)
    assert proof(busy, grace=400)[0] == 0


def test_counting_alone_gives_the_same_sums(busy: World) -> None:
    told: list[str] = []

    behind = completeness_check.count(busy.database, busy.today, 1, told.append)

    assert behind == 0
    assert told[:2] == proof(busy)[1][1:3]
    assert told[2].startswith("overdue 0, the oldest for 0 days; open tasks ")


def test_the_command_prints_the_sums_and_fails_with_findings(
    busy: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in [name for name in os.environ if name.startswith("MEDIATION_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEDIATION_DATABASE_URL", busy.url)
    monkeypatch.setenv("MEDIATION_MASTER_KEY", base64.b64encode(MASTER_KEY).decode())

    sound = main(["check", "--today", str(busy.today)]), main(["check", "--quick", "--today", str(busy.today)])
    spoil(busy, "delete from tasks")
    broken = main(["check", "--today", str(busy.today)])
    late = main(["check", "--quick", "--today", "2029-01-01", "--grace", "7"])

    out = capsys.readouterr().out
    assert (sound, broken, late) == ((0, 0), 1, 1)
    assert "Nothing is lost." in out
    assert "has 0 task(s)" in out


def test_the_sums_are_exported_without_a_name_of_anybody(busy: World) -> None:
    spoil(busy, "update deadlines set remind_on = '2026-08-01' where status = 'running'")

    text = busy.send("clerk-lin", "GET", "/metrics").text

    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    (row,) = busy.rows("select count(*) as n from deadlines where status = 'fired'")
    assert float(lines['mediation_deadlines{status="fired"}']) == row["n"]
    assert float(lines["mediation_deadlines_overdue"]) == 0
    assert float(lines["mediation_deadlines_overdue_oldest_days"]) == 0
    assert float(lines["mediation_tasks_open"]) == len(busy.rows("select id from tasks where status = 'open'"))
    assert float(lines["mediation_reminders_unsent"]) == float(lines['mediation_deadlines{status="running"}']) > 0
    assert float(lines["mediation_worker_fired_total"]) > 0
    assert not any(name in text for name in ("张三丰", "clerk-lin", str(busy.rows("select id from cases")[0]["id"])))


def lines_of(world: World) -> dict[str, float]:
    text = world.send("clerk-lin", "GET", "/metrics").text
    return {key: float(n) for key, n in (x.rsplit(" ", 1) for x in text.splitlines() if not x.startswith("#"))}


def test_requests_and_rounds_are_counted(world: World) -> None:
    name = 'mediation_http_requests_total{operation="list_tasks",status="200"}'
    before = lines_of(world)
    world.send("clerk-lin", "GET", "/v1/tasks")
    turns = iter((False, True))

    worker.run(world.database, world.clock, 0.01, lambda: next(turns))

    after = lines_of(world)
    assert after[name] == before.get(name, 0) + 1
    assert after["mediation_worker_last_round_timestamp_seconds"] > 1.7e9
    assert after["mediation_worker_last_round_seconds"] >= 0

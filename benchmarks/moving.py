"""A district moved to another city: how long its cases take to follow, and what lists cost meanwhile."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median, quantiles
from typing import Any, Final

import orjson
from tests.services.world import MASTER_KEY, StillClock, World

from benchmarks import row_filter
from benchmarks.recount import CountingDatabase, Worked, peak_mb
from benchmarks.servers import cpu_of_children
from mediation import worker
from mediation.demo.people import organization, person
from mediation.gateways.vault import Vault
from mediation.services import moves, rescoping
from mediation.services.requests import CaseQuery
from mediation.storage import Unit, tables, worklists
from mediation.storage import people as people_rows
from mediation.storage.ids import new_id

SECONDS_AT_MOST: Final = 900
PAUSE: Final = 0.02
"""Between two lists asked for beside the worker, so that it is not the lists that are measured."""
READER: Final = "supervisor-yan"
_HEAD = (
    "| cases | scopes closed / opened | cases a transaction | seconds | cases/s | statements | CPU s service | "
    "CPU s database | peak MB, first tenth → end |\n|---|---|---|---|---|---|---|---|---|"
)
_LISTS = (
    "| first page of the city it leaves | lists | pages touched | ms, median | ms, 95 of 100 |\n|---|---|---|---|---|"
)


def measure(world: World, url: str, database_pid: int) -> str:
    """Move the district, let one worker of its own follow it, and ask for lists beside it."""
    district, city = organization("yunxi-union").id, _another_city(world)
    before = _lists(world, 101)
    world.write(moves.move_by_hand, district, city, world.clock.now())
    spent, began = cpu_of_children(database_pid), time.monotonic()
    command = [sys.executable, "-m", "benchmarks.moving", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own module
        during: list[tuple[float, int]] = []
        while process.poll() is None and time.monotonic() < began + SECONDS_AT_MOST:
            during += _lists(world, 1)
            time.sleep(PAUSE)
        seconds = time.monotonic() - began
        output, _ = process.communicate(timeout=1)
    worked = Worked(**orjson.loads(output))
    used = cpu_of_children(database_pid) - spent
    after = _lists(world, 101)
    world.read(_vacuumed)
    tidied = _lists(world, 101)
    (move,) = world.rows("select * from organization_moves")
    _check(world, move, district, city)
    done = move["cases_done"]
    cells: Sequence[object] = (
        f"{done:,}", f"{move['scopes_closed']:,} / {move['scopes_opened']:,}", worker.CASES_AT_ONCE,
        f"**{seconds:.1f}**", f"{done / seconds:,.0f}", f"{worked.statements:,}", f"{worked.cpu:.1f}", f"{used:.1f}",
        f"{worked.early_mb:.0f} → {worked.peak_mb:.0f}",
    )  # fmt: skip
    lines = [_HEAD, f"| {' | '.join(map(str, cells))} |", "", _LISTS]
    for told, found in (
        ("before the move", before),
        ("while the worker follows", during),
        ("right after", after),
        ("after a vacuum", tidied),
    ):
        lines.append(_line(told, found))
    return "\n".join(lines)


def _another_city(world: World) -> str:
    row = {
        "id": new_id(), "version": 1, "parent_id": organization("province-union").id, "kind": "city_federation",
        "name": "测量市总工会", "short_name": "测量", "division": None, "uscc": None, "is_court_invited": False,
        "is_active": True,
    }  # fmt: skip
    world.write(people_rows.put, tables.organizations, [row])
    return str(row["id"])


def _lists(world: World, number: int) -> list[tuple[float, int]]:
    """The milliseconds and pages of so many first pages of the city."""
    found: list[tuple[float, int]] = world.database.run_read(_ask, world.today, number)
    return found


def _ask(unit: Unit, today: Any, number: int) -> list[tuple[float, int]]:
    query = CaseQuery(scope="below", is_open=True, limit=row_filter.PAGE)
    subject = person(READER).subject

    def page(on: Any) -> Any:
        return worklists.page(on, subject=subject, today=today, acting_as=None, query=query, after=None)

    pages = row_filter.pages_of(page, unit)
    return [(row_filter.milliseconds(page, unit), pages) for _ in range(number)]


def _vacuumed(unit: Unit) -> None:
    unit.connection.exec_driver_sql("set statement_timeout = 0")
    unit.connection.exec_driver_sql("vacuum analyze case_scope")


def _line(told: str, found: Sequence[tuple[float, int]]) -> str:
    times, pages = [row[0] for row in found], [row[1] for row in found]
    span = f"{min(pages)}–{max(pages)}" if min(pages) != max(pages) else f"{pages[0]}"
    return f"| {told} | {len(found)} | {span} | {median(times):.2f} | {quantiles(times, n=20)[-1]:.2f} |"


def _check(world: World, move: Any, district: str, city: str) -> None:
    """Every case of the district lies below the new city, and none below the old one."""
    sql = (
        "select count(*) filter (where s.scope_id = :new) as here, count(*) filter (where s.scope_id = :old) as there "
        "from case_scope d join case_scope s on s.case_id = d.case_id where d.scope_id = :district"
    )
    given = {"new": f"b:{city}", "old": f"b:{organization('city-union').id}", "district": f"b:{district}"}
    (found,) = world.rows(sql, **given)
    if (found["here"], found["there"]) != (move["cases_done"], 0) or move["finished_at"] is None:
        raise RuntimeError(f"the move is not what it should be: {found}, {dict(move)}")


def work(url: str) -> None:
    """What the worker does, in a process of its own: follow until nothing is left."""
    database, clock = CountingDatabase(url, Vault(MASTER_KEY)), StillClock()
    early: list[float] = []

    def told(taken: int) -> None:
        if not early and taken >= listed / 10:
            early.append(peak_mb())

    (move_id,) = database.run_read(rescoping.unfinished)
    database.run_write(rescoping.look, move_id, clock.now())
    listed = database.run_read(_listed)
    taken = worker.follow_moves(database, clock, told)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    database.close()
    done = Worked(
        taken, database.statements, usage.ru_utime + usage.ru_stime, early[0] if early else peak_mb(), peak_mb()
    )
    sys.stdout.write(orjson.dumps(done).decode())


def _listed(unit: Unit) -> int:
    found = unit.connection.exec_driver_sql("select sum(cases_to_do) from organization_moves").scalar_one()
    return int(found)


if __name__ == "__main__":
    work(sys.argv[1])

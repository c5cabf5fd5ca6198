"""`python -m benchmarks.recount`: a notice loaded over 100,000 open cases, counted again by one process and by two."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import psycopg
from tests import postgres
from tests.services.world import MASTER_KEY, StillClock, open_world

from benchmarks.caseload import FIRST_DAY, chains_that_break, fill, template, walk
from benchmarks.report import write
from benchmarks.servers import cpu_of_children
from benchmarks.stage import postgres_pid
from mediation import worker
from mediation.api import log_setup
from mediation.gateways.vault import Vault
from mediation.services.calendar_loads import keep_notice
from mediation.storage import Database, Unit
from mediation.storage.migrate import upgrade

SECONDS_AT_MOST: Final = 900
LOOKED_AT: Final = 500
"""Every so many-th case's chain is computed again afterwards."""
NOTICE: Final[dict[str, Any]] = {
    "year": 2027,
    "notice": {"title": "2027年节假日安排（测量用）", "source": "made up for this measurement"},
    "days_off": [
        "2026-12-31", "2027-01-01", "2027-01-02",
        *(f"2027-02-{day:02d}" for day in range(5, 13)),
        "2027-04-05", "2027-05-01", "2027-05-02", "2027-05-03", "2027-06-09", "2027-09-15",
        *(f"2027-10-{day:02d}" for day in range(1, 8)),
    ],
    "working_weekends": ["2027-01-09", "2027-02-13", "2027-10-09"],
}  # fmt: skip
_HEAD = (
    "| processes | cases | deadlines counted | moved | seconds | cases/s | statements | CPU s service | CPU s database "
    "| peak MB a process, first tenth → end |\n|---|---|---|---|---|---|---|---|---|---|"
)


class CountingDatabase(Database):
    """A database that sums up the statements of its units of work."""

    statements = 0

    def run_read(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return super().run_read(self._counted(function), *args, **kwargs)

    def run_write(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return super().run_write(self._counted(function), *args, **kwargs)

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(unit: Unit, *args: Any, **kwargs: Any) -> Any:
            try:
                return function(unit, *args, **kwargs)
            finally:
                self.statements += unit.statements

        return run


@dataclass(frozen=True, slots=True)
class Worked:
    """What one process did."""

    cases: int
    statements: int
    cpu: float
    early_mb: float
    peak_mb: float


def main() -> None:
    """Fill, load, count, print, and write docs/performance.md unless told not to."""
    options = _options()
    log_setup.configure("error")
    if options.work is not None:
        work(options.work, options.cases)
        return
    server = postgres.start(fsync=True)
    try:
        lines = [_HEAD, *measure(server, options)]
    finally:
        server.stop()
    print("\n".join(lines))
    if not options.dry:
        write("\n".join(lines), section="recount")


def measure(server: postgres.Server, options: argparse.Namespace) -> list[str]:
    """One line for each number of processes, each on a copy of the same cases."""
    url = server.create_database("filled")
    upgrade(url)
    began = time.monotonic()
    with open_world(url) as world:
        made = walk(world)
    plain = postgres.plain(url)
    with psycopg.connect(plain) as connection:
        templates = [template(connection, case_id) for case_id in made]
    fill(plain, templates, options.cases - len(made))
    print(f"{options.cases} cases in {time.monotonic() - began:.0f} s", file=sys.stderr)
    lines = []
    for processes in options.processes:
        copy = server.create_database(f"with_{processes}", template="filled")
        lines.append(run(copy, processes, options.cases, postgres_pid(server)))
        server.drop_database(f"with_{processes}")
    return lines


def run(url: str, processes: int, cases: int, database_pid: int) -> str:
    """Load the notice, count with so many processes, check, and give one line."""
    clock = StillClock(FIRST_DAY)
    database = Database(url, Vault(MASTER_KEY))
    load_id, _ = database.run_write(keep_notice, NOTICE, clock.now(), "measurement")
    database.close()
    before, began = cpu_of_children(database_pid), time.monotonic()
    workers = [_start(url, cases) for _ in range(processes)]
    worked = [_end(process) for process in workers]
    seconds, database_cpu = time.monotonic() - began, cpu_of_children(database_pid) - before
    done, counted, moved = _outcome(url, load_id)
    seen, broken = chains_that_break(postgres.plain(url), share=LOOKED_AT)
    if broken:
        raise RuntimeError(f"{broken} of {seen} histories do not hold")
    memory = ", ".join(f"{one.early_mb:.0f} → {one.peak_mb:.0f}" for one in worked)
    cells: Sequence[object] = (
        processes, f"{done:,}", f"{counted:,}", f"{moved:,}", f"**{seconds:.1f}**", f"{done / seconds:,.0f}",
        f"{sum(one.statements for one in worked):,}", f"{sum(one.cpu for one in worked):.1f}", f"{database_cpu:.1f}",
        memory,
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _start(url: str, cases: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "benchmarks.recount", "--work", url, "--cases", str(cases)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603 - our own module


def _end(process: subprocess.Popen[bytes]) -> Worked:
    try:
        output, _ = process.communicate(timeout=SECONDS_AT_MOST)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    if process.returncode:
        raise RuntimeError(f"a worker ended with {process.returncode}")
    return Worked(**orjson.loads(output))


def work(url: str, cases: int) -> None:
    """What one process does: the worker's own recount, until nothing is left."""
    database, clock = CountingDatabase(url, Vault(MASTER_KEY)), StillClock(FIRST_DAY)
    early: list[float] = []

    def told(taken: int) -> None:
        if not early and taken >= cases / 10:
            early.append(peak_mb())

    taken = 0
    while database.run_read(_is_open):
        taken += worker.recount_stale(database, clock, told)
        time.sleep(0.05)  # the rest is in the other process's hands
    usage = resource.getrusage(resource.RUSAGE_SELF)
    database.close()
    peak = peak_mb()
    done = Worked(taken, database.statements, usage.ru_utime + usage.ru_stime, early[0] if early else peak, peak)
    sys.stdout.write(orjson.dumps(done).decode())


def peak_mb() -> float:
    """The most memory this process has held; ru_maxrss would tell that of the process it was forked from."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _is_open(unit: Unit) -> bool:
    found = unit.connection.exec_driver_sql("select 1 from calendar_loads where finished_at is null").first()
    return found is not None


def _outcome(url: str, load_id: str) -> tuple[int, int, int]:
    """Cases, deadlines, moved deadlines of the finished load; RuntimeError where the counts do not agree."""
    with psycopg.connect(postgres.plain(url)) as connection:
        row = connection.execute(
            "select cases_to_do, cases_done, deadlines_counted, deadlines_moved, finished_at is not null, "
            "(select count(*) from history where action = 'calendar_loaded'), "
            "(select count(*) from calendar_moves where old_due <> new_due), "
            "(select count(distinct case_id) from history where action = 'calendar_loaded') "
            "from calendar_loads where id = %s",
            [load_id],
        ).fetchone()
    to_do, done, counted, moved, is_finished, entries, reported, told = row or (0,) * 8
    if not is_finished or not (to_do == done == entries == told and moved == reported):
        raise RuntimeError(f"the counts do not agree: {row}")
    return done, counted, moved


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recount", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="how many open cases (100000)")
    parser.add_argument(
        "--processes", type=int, nargs="+", default=[1, 2], help="how many work at once, by turns (1 2)"
    )
    parser.add_argument("--dry", action="store_true", help="print the table, leave the docs alone")
    parser.add_argument("--work", metavar="URL", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()

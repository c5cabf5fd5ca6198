"""`python -m benchmarks.row_filter`: a page of a worklist at a million cases, for scopes of every size."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Final

import psycopg
from psycopg import sql
from tests import postgres
from tests.services.world import World, open_world

from benchmarks.report import write
from mediation.api import log_setup
from mediation.demo.people import organization, person
from mediation.services.requests import CaseQuery
from mediation.storage import Unit, worklists
from mediation.storage.accounts import actor_sql
from mediation.storage.database import _driver_text
from mediation.storage.json_sql import statement
from mediation.storage.migrate import upgrade

ROUNDS: Final = 101
PAGE: Final = 50
OWN: Final = 40
SENT_EVERY: Final = 50
_HEAD = (
    "| who asks | scope | cases in it | pages touched | scan of `case_scope` | ms | against no filter |\n"
    "|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody whose list is measured: the scope they ask for, and every how many-th case lies in it."""

    who: str
    label: str
    scope: str
    scope_id: str
    every: int
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A page asked for some times: how long each took, the pages it touches, how the scope is read, its size."""

    milliseconds: Sequence[float]
    pages: int
    scan: str
    size: int


def askers() -> Sequence[Asker]:
    """A volunteer, a mediator, a clerk, the supervisors above them, and a court's liaison."""
    centre, court = organization("yunxi-centre").id, organization("yunxi-court").id
    district, city = organization("yunxi-union").id, organization("city-union").id
    volunteer, mediator = person("volunteer-he").id, person("mediator-zhou").id
    return (
        Asker("volunteer-he", "volunteer", "me", f"p:{volunteer}", 20_011, OWN),
        Asker("mediator-zhou", "mediator", "me", f"p:{mediator}", 3_001),
        Asker("clerk-lin", "clerk", "organization", f"o:{centre}", 20),
        Asker("supervisor-tang", "district supervisor", "below", f"b:{district}", 5),
        Asker("supervisor-yan", "city supervisor", "below", f"b:{city}", 1),
        Asker("court-gao", "court liaison", "sent", f"s:{court}", SENT_EVERY),
    )


def main() -> None:
    """Fill, ask, print, and write docs/performance.md unless told not to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.row_filter", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="how many cases (1000000)")
    parser.add_argument("--dry", action="store_true", help="print the table, leave the docs alone")
    options = parser.parse_args()
    log_setup.configure("error")
    server = postgres.start(fsync=False)
    try:
        url = server.create_database("filled")
        upgrade(url)
        with open_world(url) as world:
            told = "\n".join([_HEAD, *measure(world, url, options.cases)])
    finally:
        server.stop()
    print(told)
    if not options.dry:
        write(told, section="row_filter")


def measure(world: World, url: str, cases: int) -> list[str]:
    """One line for each asker, the page without any filter first."""
    began = time.monotonic()
    first = world.create()["id"]
    with psycopg.connect(postgres.plain(url), autocommit=True) as connection:
        _fill(connection, first, cases)
    print(f"{cases} cases in {time.monotonic() - began:.0f} s", file=sys.stderr)
    lines: list[str] = []
    for asker in askers():
        bare, found = world.database.run_read(_compare, asker, world.today)
        if not lines:
            lines.append(
                f"| nobody in particular | all cases, by an index of their own | {cases:,} | {bare.pages} | – "
                f"| {median(bare.milliseconds):.2f} | 1 |"
            )
        ratio = median(ours / floor for ours, floor in zip(found.milliseconds, bare.milliseconds, strict=True))
        lines.append(
            f"| {asker.label} | `{asker.scope}` | {found.size:,} | {found.pages} | {found.scan} "
            f"| {median(found.milliseconds):.2f} | {ratio:.2f} |"
        )
    return lines


def _fill(connection: psycopg.Connection[Any], first: str, cases: int) -> None:
    """Copies of one case with due dates spread over a year, and their rows in each asker's scope."""
    cursor = connection.execute("select * from cases limit 0")
    columns = [column.name for column in cursor.description or ()]
    fresh = {
        "id": "'0f000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0')",
        "number": "'测试〔2026〕' || n || '号'",
        "next_due": "date '2026-06-16' + (n % 1000 * 7919 % 365)",
    }
    chosen = ", ".join(fresh.get(name, f'c."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    connection.execute(
        sql.SQL("insert into cases ({}) select {} from cases c, generate_series(1, {}) n where c.id = {}").format(
            sql.SQL(names),
            sql.SQL(chosen),
            sql.Literal(cases),
            sql.Literal(first),
        )
    )
    for asker in askers():
        connection.execute(
            "insert into case_scope (scope_id, is_open, next_due, case_id, since) "
            "select %s, is_open, next_due, id, date '2026-06-15' from ("
            "select *, row_number() over (order by id) as n from cases where number like '测试〔2026〕%%') c "
            "where c.n %% %s = 0 limit %s",
            [asker.scope_id, asker.every, asker.at_most],
        )
    connection.execute("create index bare on cases (next_due, id) where is_open")
    connection.execute("vacuum analyze")


def _compare(unit: Unit, asker: Asker, today: date) -> tuple[Asked, Asked]:
    """The page without any filter and the asker's page, by turns."""
    subject = person(asker.who).subject
    columns = ", ".join(f"t.{name}" for name in worklists.COLUMNS)
    rows = f"select * from cases where is_open order by next_due, id limit {PAGE + 1}"  # noqa: S608 - our own number
    items = f"(select coalesce(json_agg(json_build_array({columns})), '[]')::text from ({rows}) t)"  # noqa: S608 - our own names
    bare = statement(f"select {actor_sql('postgresql')} as actor, {items} as items")
    query = CaseQuery(scope=asker.scope, is_open=True, limit=PAGE)
    count = "select count(*) from case_scope where scope_id = %s"
    size = unit.connection.exec_driver_sql(count, (asker.scope_id,)).scalar_one()

    def unfiltered(on: Any) -> Any:
        return on.row(bare, {"subject": subject, "today": today.isoformat()})

    def filtered(on: Any) -> Any:
        return worklists.page(on, subject=subject, today=today, acting_as=None, query=query, after=None)

    found = len(filtered(unit).items)
    if found != min(PAGE + 1, size):
        raise RuntimeError(f"{asker.label}: {found} rows of {size}")
    spent = [(_milliseconds(unfiltered, unit), _milliseconds(filtered, unit)) for _ in range(ROUNDS)]
    plans = [_plan(one, unit) for one in (unfiltered, filtered)]
    floor, ours = (Asked([row[n] for row in spent], _pages(plan), _scan(plan), size) for n, plan in enumerate(plans))
    return floor, ours


def _milliseconds(ask: Callable[[Any], Any], unit: Unit) -> float:
    began = time.perf_counter()
    ask(unit)
    return (time.perf_counter() - began) * 1000


def _plan(ask: Callable[[Any], Any], unit: Unit) -> Mapping[str, Any]:
    told = _Explained(unit)
    with suppress(_AskedError):
        ask(told)
    return told.plan


class _AskedError(Exception):
    """The plan is there; the page itself is not wanted."""


class _Explained:
    """Takes the place of a unit of work: asks the database how it would run the one statement of a page."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.dialect = unit.dialect
        self.plan: Mapping[str, Any] = {}

    def row(self, statement: Any, parameters: dict[str, Any]) -> tuple[Any, ...]:
        driver: Any = self._unit.connection.connection.driver_connection
        text = f"explain (analyze, buffers, format json) {_driver_text(statement, self.dialect)}"
        self.plan = driver.execute(text, parameters).fetchone()[0][0]["Plan"]
        raise _AskedError


def _pages(plan: Mapping[str, Any]) -> int:
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _scan(plan: Mapping[str, Any]) -> str:
    """How `case_scope` is read, with the rows taken."""
    if plan.get("Relation Name") == "case_scope":
        return f"{plan['Node Type'].lower()}, {plan['Actual Rows']:.0f} rows"
    found = (_scan(inner) for inner in plan.get("Plans", ()))
    return next((told for told in found if told), "")


if __name__ == "__main__":
    main()

"""`python -m benchmarks.row_filter`: a page of a worklist at a million cases, and a district moved in the tree."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from statistics import median
from types import MappingProxyType
from typing import Any, Final

import psycopg
from psycopg import sql
from tests import postgres
from tests.services.world import World, open_world

from benchmarks import moving
from benchmarks.report import write
from benchmarks.stage import postgres_pid
from mediation.api import log_setup
from mediation.demo.people import ORGANIZATIONS, organization, person
from mediation.services.requests import CaseQuery
from mediation.storage import Unit, worklists
from mediation.storage.accounts import actor_sql
from mediation.storage.database import _driver_text
from mediation.storage.json_sql import statement
from mediation.storage.migrate import upgrade

ROUNDS: Final = 101
PAGE: Final = 50
OWN: Final = 40
CENTRE_EVERY: Final = 20
DISTRICT_EVERY: Final = 5
IN_THE_DISTRICT: Final = ("yunxi-governance", "yunxi-builders", "qiaotou-street")
ELSEWHERE: Final = ("linjiang-centre", "linjiang-people", "shatan-station")
SENT_EVERY: Final = 50
_HEAD = (
    "| who asks | scope | cases in it | pages touched | scan of `case_scope` | statement ms | against no filter "
    "| page ms | against no filter |\n|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody whose list is measured: the scope they ask for, and every how many-th case, if not by the tree."""

    who: str
    label: str
    scope: str
    scope_id: str
    every: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A page asked for some times: how long its statement and all of it took, its pages, scan and size."""

    statement: Sequence[float]
    page: Sequence[float]
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
        Asker("clerk-lin", "clerk", "organization", f"o:{centre}"),
        Asker("supervisor-tang", "district supervisor", "below", f"b:{district}"),
        Asker("supervisor-yan", "city supervisor", "below", f"b:{city}"),
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
            print(told)
            moved = moving.measure(world, url, postgres_pid(server))
            print(moved)
    finally:
        server.stop()
    if not options.dry:
        write(told, section="row_filter")
        write(moved, section="moving")


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
                f"| {median(bare.statement):.2f} | 1 | {median(bare.page):.2f} | 1 |"
            )
        lines.append(
            f"| {asker.label} | `{asker.scope}` | {found.size:,} | {found.pages} | {found.scan} "
            f"| {median(found.statement):.2f} | {_ratio(found.statement, bare.statement):.2f} "
            f"| {median(found.page):.2f} | {_ratio(found.page, bare.page):.2f} |"
        )
    return lines


def _ratio(ours: Sequence[float], floor: Sequence[float]) -> float:
    """The median over the turns, in each of which both were asked."""
    return median(one / other for one, other in zip(ours, floor, strict=True))


def _fill(connection: psycopg.Connection[Any], first: str, cases: int) -> None:
    """Copies of one case at many bodies with due dates spread over a year, and their rows in every scope."""
    cursor = connection.execute("select * from cases limit 0")
    columns = [column.name for column in cursor.description or ()]
    fresh = {
        "id": "'0f000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0')",
        "number": "'测试〔2026〕' || n || '号'",
        "organization_id": _house_sql(),
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
    for house, scopes in _scopes_of_houses().items():
        connection.execute(
            "insert into case_scope (scope_id, is_open, next_due, case_id, since) "
            "select s, is_open, next_due, id, date '2026-06-15' from cases, unnest(%s::text[]) s "
            "where organization_id = %s and number like '测试〔2026〕%%'",
            [scopes, house],
        )
    for asker in (asker for asker in askers() if asker.every is not None):
        connection.execute(
            "insert into case_scope (scope_id, is_open, next_due, case_id, since) "
            "select %s, is_open, next_due, id, date '2026-06-15' from ("
            "select *, row_number() over (order by id) as n from cases where number like '测试〔2026〕%%') c "
            "where c.n %% %s = 0 limit %s",
            [asker.scope_id, asker.every, asker.at_most],
        )
    connection.execute("create index bare on cases (next_due, id) where is_open")
    connection.execute("checkpoint")  # else what was written last is not yet known to be seen by all
    connection.execute("vacuum analyze")


def _house_sql() -> str:
    """Which body handles the n-th case: one in twenty the centre, one in five some body of its district."""
    centre = organization("yunxi-centre").id
    district, elsewhere = (_one_of(codes) for codes in (IN_THE_DISTRICT, ELSEWHERE))
    return (
        f"case when n % {CENTRE_EVERY} = 0 then '{centre}' when n % {DISTRICT_EVERY} = 0 then {district} "
        f"else {elsewhere} end"
    )


def _one_of(codes: Sequence[str]) -> str:
    ids = ", ".join(f"'{organization(code).id}'" for code in codes)
    return f"(array[{ids}])[n / {DISTRICT_EVERY} % {len(codes)} + 1]"


def _scopes_of_houses() -> Mapping[str, list[str]]:
    """The scopes of a house and of every body above it, by the house."""
    above = {row.code: row.parent for row in ORGANIZATIONS}

    def upper(code: str) -> Iterator[str]:
        while (parent := above[code]) is not None:
            yield f"b:{organization(parent).id}"
            code = parent

    codes = ("yunxi-centre", *IN_THE_DISTRICT, *ELSEWHERE)
    return {organization(code).id: [f"o:{organization(code).id}", *upper(code)] for code in codes}


def _compare(unit: Unit, asker: Asker, today: date) -> tuple[Asked, Asked]:
    """The page without any filter and the asker's page, by turns."""
    subject = person(asker.who).subject
    columns = ", ".join([*(f"t.{name}" for name in worklists.COLUMNS), "null", "t.next_due"])
    rows = f"select * from cases where is_open order by next_due, id limit {PAGE + 1}"  # noqa: S608 - our own number
    items = f"(select coalesce(json_agg(json_build_array({columns})), '[]')::text from ({rows}) t)"  # noqa: S608 - our own names
    bare = statement(f"select {actor_sql('postgresql')} as actor, {items} as items")
    query = CaseQuery(scope=asker.scope, is_open=True, limit=PAGE)
    count = "select count(*) from case_scope where scope_id = %s"
    size = unit.connection.exec_driver_sql(count, (asker.scope_id,)).scalar_one()

    def unfiltered(on: Any) -> Any:
        return worklists.page_of(*on.row(bare, {"subject": subject, "today": today.isoformat()}))

    def filtered(on: Any) -> Any:
        return worklists.page(on, subject=subject, today=today, acting_as=None, query=query, after=None)

    found = len(filtered(unit).items)
    if found != min(PAGE + 1, size):
        raise RuntimeError(f"{asker.label}: {found} rows of {size}")
    asked = (unfiltered, filtered)
    statements = [_statement_of(page) for page in asked]
    spent = [[milliseconds(ask, unit) for ask in (*statements, *asked)] for _ in range(ROUNDS)]
    plans = [_plan(page, unit) for page in asked]
    floor, ours = (
        Asked([turn[n] for turn in spent], [turn[n + 2] for turn in spent], _pages(plan), _scan(plan), size)
        for n, plan in enumerate(plans)
    )
    return floor, ours


def _statement_of(page: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The one statement of a page, run without anything being made of its rows."""
    told = _Told()
    with suppress(_AskedError):
        page(told)
    return lambda on: on.row(told.statement, told.parameters)


def milliseconds(ask: Callable[[Any], Any], unit: Unit) -> float:
    """How long one page takes."""
    began = time.perf_counter()
    ask(unit)
    return (time.perf_counter() - began) * 1000


def pages_of(ask: Callable[[Any], Any], unit: Unit) -> int:
    """How many pages the one statement of a page touches."""
    return _pages(_plan(ask, unit))


def _plan(ask: Callable[[Any], Any], unit: Unit) -> Mapping[str, Any]:
    told = _Explained(unit)
    with suppress(_AskedError):
        ask(told)
    return told.plan


class _AskedError(Exception):
    """The plan is there; the page itself is not wanted."""


class _Told:
    """Takes the place of a unit of work, to be told the one statement of a page."""

    dialect = "postgresql"
    statement: Any = None
    parameters: Mapping[str, Any] = MappingProxyType({})

    def row(self, statement: Any, parameters: dict[str, Any]) -> tuple[Any, ...]:
        self.statement, self.parameters = statement, parameters
        raise _AskedError


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

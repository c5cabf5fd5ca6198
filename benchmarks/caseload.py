"""Many open cases at once: a few taken through the service, and copies of them with histories of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import orjson
import psycopg
from psycopg import sql
from tests.services.world import World, accept, agree, mediate, triage

from mediation.domain.history import GENESIS, chain
from mediation.storage.ids import new_id

FIRST_DAY: Final = date(2026, 12, 1)
DAYS: Final = 24
COPIED_AT_ONCE: Final = 1000
COPIED: Final = (
    "cases",
    "tracks",
    "parties",
    "claims",
    "obligations",
    "assignments",
    "deadlines",
    "history",
    "case_scope",
)
"""Tables of a case that a recount reads or that make its rows as large as they are; the outbox is filled by history."""
_ID: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OWN_IDS: Final = {"parties": "id", "claims": "id", "obligations": "id", "assignments": "id", "deadlines": "id"}


@dataclass(frozen=True, slots=True)
class Template:
    """The rows of one case, by table, and every id in them that a copy needs anew."""

    columns: Mapping[str, Sequence[str]]
    rows: Mapping[str, Sequence[tuple[Any, ...]]]
    ids: Sequence[str]


def walk(world: World) -> list[str]:
    """Cases of late December as far as they come: registered, sorted, in mediation, in an agreement."""
    made = []
    for number in range(DAYS):
        day = FIRST_DAY + timedelta(days=number)
        world.clock.move_to(day)
        for stage in (None, triage, accept, mediate, _agreed):
            case_id = world.create(received_on=day.isoformat())["id"]
            if stage is not None:
                stage(world, case_id)
            made.append(case_id)
    return made


def _agreed(world: World, case_id: str) -> None:
    mediate(world, case_id)
    agree(world, case_id, ["2027-01-10", "2027-02-06", "2027-10-05"])


def template(connection: psycopg.Connection[Any], case_id: str) -> Template:
    """Read one case."""
    columns: dict[str, list[str]] = {}
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for table in COPIED:
        key = "id" if table == "cases" else "case_id"
        statement = sql.SQL("select * from {} where {} = %s").format(sql.Identifier(table), sql.Identifier(key))
        found = connection.execute(statement, [case_id])
        columns[table] = [column.name for column in found.description or ()]
        rows[table] = found.fetchall()
    rows["history"].sort(key=lambda row: row[columns["history"].index("sequence")])
    ids = [case_id]
    for table, name in {**_OWN_IDS, "history": "id"}.items():
        ids += [row[columns[table].index(name)] for row in rows[table]]
    return Template(columns, rows, ids)


def fill(url: str, templates: Sequence[Template], cases: int) -> None:
    """Copy the templates by turns until there are so many more cases."""
    with psycopg.connect(url, autocommit=True) as connection:
        for first in range(0, cases, COPIED_AT_ONCE):
            last = min(first + COPIED_AT_ONCE, cases)
            copies = [_copy(templates[number % len(templates)], number) for number in range(first, last)]
            with connection.transaction():
                for table in COPIED:
                    _write(
                        connection, table, templates[0].columns[table], (row for copy in copies for row in copy[table])
                    )
        connection.execute("vacuum analyze")


def _write(
    connection: psycopg.Connection[Any], table: str, columns: Sequence[str], rows: Iterator[Sequence[Any]]
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _copy(source: Template, number: int) -> dict[str, list[list[Any]]]:
    """One case more: fresh ids wherever they stand, a number of its own, a chain computed over its own entries."""
    fresh = {old: new_id() for old in source.ids}

    def renamed(value: Any) -> Any:
        return _ID.sub(lambda found: fresh.get(found[0], found[0]), value) if isinstance(value, str) else value

    rows = {table: [[renamed(value) for value in row] for row in source.rows[table]] for table in COPIED}
    head = GENESIS
    places = {name: source.columns["history"].index(name) for name in ("payload", "hash")}
    for entry in rows["history"]:
        head = entry[places["hash"]] = chain(head, entry[places["payload"]])
    (case,) = rows["cases"]
    case[source.columns["cases"].index("head")] = head
    case[source.columns["cases"].index("number")] = f"测试〔2026〕{number}号"
    return rows


def chains_that_break(url: str, *, share: int) -> tuple[int, int]:
    """How many of every `share`-th case were looked at, and how many of their chains do not hold."""
    broken = seen = 0
    with psycopg.connect(url) as connection:
        heads = connection.execute("select id, head from cases order by id").fetchall()[::share]
        for case_id, head in heads:
            previous = GENESIS
            entries = connection.execute(
                "select payload, hash from history where case_id = %s order by sequence", [case_id]
            )
            for payload, digest in entries:
                previous = chain(previous, payload)
                broken += previous != digest
            last = orjson.loads(payload)
            broken += previous != head or last["case_id"] != case_id
            seen += 1
    return seen, broken

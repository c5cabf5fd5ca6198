"""The commands `mediation calendar …`: load a notice, take one back, and read what either moved."""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from mediation import worker
from mediation.domain.calendar import NoticeError, parse_notice
from mediation.domain.errors import ConflictError, NotFoundError
from mediation.process import clock_of, open_database
from mediation.services import calendar_loads, calendar_moves
from mediation.settings import Settings
from mediation.storage import Database

WHO: Final = "command line"
PAGE: Final = 500
SECONDS_BETWEEN_LOOKS: Final = 0.2
COLUMNS: Final = (
    "case_number", "case_id", "term", "old_due", "new_due", "was_provisional", "is_provisional", "old_working",
    "new_working",
)  # fmt: skip


class CalendarRefusedError(Exception):
    """A sentence that says why a command was not carried out."""


def load(settings: Settings, options: argparse.Namespace) -> None:
    """Load a notice and count every deadline it touches again."""
    content = _read(options.file)
    with _opened(settings) as database:
        now = clock_of(settings).now()
        load_id, notice = database.run_write(calendar_loads.keep_notice, content, now, WHO)
        print(f"The official calendar of {notice.year} is loaded: {load_id}")
        _recount(settings, database, load_id)


def undo(settings: Settings, options: argparse.Namespace) -> None:
    """Take a load back and count every deadline it touched again."""
    with _opened(settings) as database, _sentences(options.id):
        undo_id = database.run_write(calendar_loads.take_back, options.id, clock_of(settings).now(), WHO)
        print(f"{options.id} is undone: {undo_id}")
        _recount(settings, database, undo_id)


def show(settings: Settings, _options: argparse.Namespace) -> None:
    """List loads, newest first."""
    with _opened(settings) as database:
        for document in database.run_read(calendar_loads.every_load):
            print(_line(document))


def report(settings: Settings, options: argparse.Namespace) -> None:
    """Print each deadline that a load moved, or write all of it to a CSV file."""
    with _opened(settings) as database, _sentences(options.id):
        print(_line(database.run_read(calendar_loads.progress, options.id)))
        rows = _moves(database, options.id)
        if options.csv is None:
            for row in rows:
                print(f"{row['case_number'] or row['case_id']}  {row['term']}  {row['old_due']} -> {row['new_due']}")
            return
        with options.csv.open("w", encoding="utf-8-sig", newline="") as file:  # as spreadsheets expect it
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        print(f"The report is in {options.csv}.")


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
        parse_notice(content if isinstance(content, dict) else {})
    except OSError as error:
        raise CalendarRefusedError(f"{path} cannot be read: {error.strerror}.") from error
    except NoticeError as error:
        raise CalendarRefusedError(str(error)) from error
    except ValueError as error:
        raise CalendarRefusedError(f"{path} is not JSON: {error}.") from error
    found: dict[str, Any] = content
    return found


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    database = open_database(settings)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _sentences(load_id: str) -> Iterator[None]:
    try:
        yield
    except NotFoundError as error:
        raise CalendarRefusedError(f"There is no load {load_id}; mediation calendar list names them.") from error
    except ConflictError as error:
        raise CalendarRefusedError(f"{error.text.en}.") from error


def _recount(settings: Settings, database: Database, load_id: str) -> None:
    """Do the recount here, beside any worker that is at it, and tell how far it is until it is over."""
    clock = clock_of(settings)

    def told(_cases: int) -> None:
        recount = database.run_read(calendar_loads.progress, load_id)["recount"]
        print(f"\r{recount['cases_done']} of {recount['cases_to_do']} cases", end="", file=sys.stderr, flush=True)

    while True:
        taken = worker.recount_stale(database, clock, told)
        document = database.run_read(calendar_loads.progress, load_id)
        if taken:
            print(file=sys.stderr)
        if document["recount"]["status"] == "finished":
            break
        time.sleep(SECONDS_BETWEEN_LOOKS)  # the rest is in the hands of another worker
    recount = document["recount"]
    print(
        f"{recount['cases_done']} cases counted again, {_moved(recount)}. Report: mediation calendar report {load_id}"
    )


def _line(document: Mapping[str, Any]) -> str:
    recount, undone = document["recount"], document["undone_at"]
    what = f"undo of {document['undoes_id']}" if document["undoes_id"] else document["notice"]["title"]
    state = f"{recount['status']}, {recount['cases_done']} of {recount['cases_to_do']} cases, {_moved(recount)}"
    return f"{document['id']}  {document['year']}  {what}{'  (undone)' if undone else ''}  {state}"


def _moved(recount: Mapping[str, Any]) -> str:
    return f"{recount['deadlines_moved']} deadlines of {recount['cases_moved']} cases moved"


def _moves(database: Database, load_id: str) -> Iterator[dict[str, Any]]:
    after = ""
    while page := database.run_read(calendar_moves.every_move, load_id, after, PAGE):
        yield from (_row(move) for move in page)
        after = page[-1]["id"]


def _row(move: Mapping[str, Any]) -> dict[str, Any]:
    old, new = move["old"], move["new"]
    return {
        "case_number": move["case_number"],
        "case_id": move["case_id"],
        "term": move["code"],
        "old_due": old["due"],
        "new_due": new["due"],
        "was_provisional": old["provisional"],
        "is_provisional": new["provisional"],
        "old_working": "".join(line["zh"] for line in old["working"]),
        "new_working": "".join(line["zh"] for line in new["working"]),
    }


COMMANDS: Final[Mapping[str, Callable[[Settings, argparse.Namespace], None]]] = {
    "load": load,
    "undo": undo,
    "list": show,
    "report": report,
}

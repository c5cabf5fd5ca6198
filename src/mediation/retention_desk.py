"""The command `mediation retention report`: files whose time is over, counted by outcome or written out one by one."""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from mediation.domain.retention import Schedule
from mediation.process import clock_of, open_database
from mediation.services import retention
from mediation.settings import Settings
from mediation.storage import Database

PAGE: Final = 500
COLUMNS: Final = (
    "case_number", "case_id", "organization_id", "outcome", "ended_on", "rule", "years", "basis", "kept_until",
    "kept_by", "may_be_destroyed", "disposal_id",
)  # fmt: skip


def report(settings: Settings, options: argparse.Namespace) -> None:
    """Count the files whose time is over by outcome and rule; with `--csv` each of them is written to a file too."""
    database = open_database(settings)
    try:
        files = list(_files(database, clock_of(settings).today(), schedule_of(settings)))
    finally:
        database.close()
    counted = Counter((row["outcome"], row["rule"], row["kept_by"]) for row in files)
    for (outcome, rule, kept_by), number in sorted(counted.items()):
        _say(f"{outcome}  {rule}  {f'kept by {kept_by}' if kept_by else 'may be destroyed'}  {number}")
    _say(f"{len(files)} files whose time is over; none was destroyed.")
    if options.csv is not None:
        with options.csv.open("w", encoding="utf-8-sig", newline="") as file:  # as spreadsheets expect it
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(files)
        _say(f"The report is in {options.csv}.")


def schedule_of(settings: Settings) -> Schedule:
    """The years that the settings have files kept for."""
    return Schedule(settings.retention_years, settings.retention_years_long)


def _files(database: Database, today: date, schedule: Schedule) -> Iterator[dict[str, Any]]:
    after = ""
    while page := database.run_read(retention.every_file_over, today, schedule, after, PAGE):
        yield from (_row(entry) for entry in page)
        after = page[-1]["case_id"]


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    rule = entry["rule"]
    told = {"rule": rule["code"], "years": rule["years"], "basis": rule["basis"]}
    return {**entry, **told, "kept_by": " ".join(entry["kept_by"])}


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")

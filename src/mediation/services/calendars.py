"""The official calendar in force: the notices that ship with the service and those loaded since."""

from __future__ import annotations

from typing import Any

import orjson

from mediation.domain.calendar import Calendar, YearNotice, official_calendar, parse_notice
from mediation.domain.calendar_loads import CalendarLoad, Succession
from mediation.services.caller import Caller
from mediation.services.identity import acting
from mediation.storage import Unit
from mediation.storage import calendars as rows
from mediation.storage import people as people_rows


class _Holder:
    """The calendars of this process; replaced as a whole when a notice is loaded or taken back."""

    succession: Succession = Succession(official_calendar())


def current_calendar() -> Calendar:
    """The calendar that requests count on."""
    return _Holder.succession.current


def install(succession: Succession) -> None:
    """Count on the last calendar of a succession from now on, in this process."""
    _Holder.succession = succession


def refresh(unit: Unit) -> Succession:
    """Read the loads again, as another process may have added one; gives every calendar that was in force."""
    found = rows.loads(unit)
    if [row["id"] for row in found] != [load.id for load in _Holder.succession.loads]:
        install(Succession.of(official_calendar(), [_load(row) for row in found]))
    return _Holder.succession


def _load(row: Any) -> CalendarLoad:
    notice = None if row["notice"] is None else parse_notice(orjson.loads(row["notice"]))
    return CalendarLoad(row["id"], row["number"], row["year"], row["since"], notice, row["undoes_id"])


def list_notices(unit: Unit, caller: Caller) -> list[dict[str, Any]]:
    """Every year in force with the notice it comes from."""
    acting(people_rows.actor(unit, caller.subject, caller.today), caller)
    return [notice_document(notice) for notice in current_calendar().notices]


def notice_document(notice: YearNotice) -> dict[str, Any]:
    """A notice as plain values."""
    return {
        "year": notice.year,
        "title": notice.title,
        "number": notice.number,
        "issued_on": notice.issued_on.isoformat() if notice.issued_on else None,
        "source": notice.source,
        "verified": notice.verified,
        "days_off": sorted(day.isoformat() for day in notice.days_off),
        "working_weekends": sorted(day.isoformat() for day in notice.working_weekends),
    }

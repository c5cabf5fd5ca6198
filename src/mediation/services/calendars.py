"""The official calendar in force: the notices that ship with the service and those loaded since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.calendar import Calendar, NoticeError, YearNotice, official_calendar, parse_notice
from mediation.domain.errors import InputError, InvalidInputError
from mediation.services.caller import Answer, Caller, Render
from mediation.services.directory import KEEPERS, administer
from mediation.services.identity import acting
from mediation.storage import Unit
from mediation.storage import calendars as rows
from mediation.storage import people as people_rows


class _Holder:
    """The calendar of this process; replaced as a whole when a notice is loaded."""

    calendar: Calendar = official_calendar()
    since: date | None = None


def current_calendar() -> Calendar:
    """The calendar that requests count on."""
    return _Holder.calendar


def refresh(unit: Unit) -> Calendar:
    """Read the loaded notices again, as another process may have loaded one."""
    calendar, since = official_calendar(), None
    for data in rows.notices(unit):
        notice = parse_notice(orjson.loads(data))
        calendar = calendar.with_notice(notice)
        since = min(since or date.max, date(notice.year, 1, 1))
    _Holder.calendar, _Holder.since = calendar, since
    return calendar


def loaded_since() -> date | None:
    """The first day of the earliest year whose notice was loaded at run time, or None where none was."""
    return _Holder.since


def list_notices(unit: Unit, caller: Caller) -> list[dict[str, Any]]:
    """Every year in force with the notice it comes from."""
    acting(people_rows.actor(unit, caller.subject), caller)
    return [notice_document(notice) for notice in current_calendar().notices]


def notice_document(notice: Any) -> dict[str, Any]:
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


def load_notice(unit: Unit, caller: Caller, notice: Mapping[str, Any], render: Render) -> Answer:
    """Load the notice of a year; InvalidInputError says what is wrong with it."""

    def change(actor: Actor) -> Answer:
        try:
            parsed = keep_notice(unit, notice, caller.now, actor.person_id)
        except NoticeError as error:
            raise InvalidInputError([InputError("", "notice_invalid", error.label)]) from error
        return Answer(201, render(notice_document(parsed)))

    return administer(unit, caller, change, roles=KEEPERS)


def keep_notice(unit: Unit, notice: Mapping[str, Any], now: datetime, loaded_by: str) -> YearNotice:
    """Keep the notice of a year and count on it from then on; NoticeError says what is wrong with it."""
    text = orjson.dumps(dict(notice), default=str).decode()
    parsed = parse_notice(orjson.loads(text))
    with unit.transaction():
        rows.keep(unit, parsed.year, text, now, loaded_by)
    unit.after_commit.append(lambda: _install(parsed))
    return parsed


def _install(notice: Any) -> None:
    _Holder.calendar = _Holder.calendar.with_notice(notice)
    _Holder.since = min(_Holder.since or date.max, date(notice.year, 1, 1))

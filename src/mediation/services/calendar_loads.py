"""Loading the notice of a year, taking a load back, and how far the recount of either is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.calendar import NoticeError, YearNotice, parse_notice
from mediation.domain.calendar_loads import CalendarLoad, Succession
from mediation.domain.errors import InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.services.calendar_keepers import refuse_below_the_top
from mediation.services.calendars import install, notice_document, refresh
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.directory import KEEPERS, administer
from mediation.services.identity import acting
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent
from mediation.storage import calendars as rows
from mediation.storage import people as people_rows
from mediation.storage.ids import new_id


def load_notice(unit: Unit, caller: Caller, notice: Mapping[str, Any], render: Render) -> Answer:
    """Load the notice of a year, for the federation at the top; InvalidInputError says what is wrong with it."""

    def change(actor: Actor) -> Answer:
        refuse_below_the_top(unit, actor)
        try:
            load_id, parsed = keep_notice(unit, notice, caller.now, actor.person_id)
        except NoticeError as error:
            raise InvalidInputError([InputError("", "notice_invalid", error.label)]) from error
        document = {**notice_document(parsed), "load_id": load_id}
        return Answer(201, render(document), location=f"/v1/calendar-loads/{load_id}")

    return administer(unit, caller, change, roles=KEEPERS)


def keep_notice(unit: Unit, notice: Mapping[str, Any], now: datetime, loaded_by: str) -> tuple[str, YearNotice]:
    """Keep the notice of a year and count on it from then on; NoticeError says what is wrong with it."""
    text = orjson.dumps(dict(notice), default=str).decode()
    parsed = parse_notice(orjson.loads(text))
    with unit.transaction():
        people_rows.lock(unit)
        succession = refresh(unit)
        standing = succession.current.notice_of(parsed.year)
        since = succession.current.first_difference(succession.current.with_notice(parsed))
        load = CalendarLoad(new_id(), succession.next_number, parsed.year, since, parsed)
        _keep(unit, succession.followed_by(load), notice=text, replaced=standing, at=now, by=loaded_by)
    return load.id, parsed


def undo_load(unit: Unit, caller: Caller, load_id: str, render: Render) -> Answer:
    """Take a load back: the notice that stood before is in force again, and what it moved is counted once more."""

    def change(actor: Actor) -> Answer:
        refuse_below_the_top(unit, actor)
        undo_id = take_back(unit, load_id, caller.now, actor.person_id)
        document = load_document(found(unit, undo_id))
        return Answer(201, render(document), location=f"/v1/calendar-loads/{undo_id}")

    return administer(unit, caller, change, roles=KEEPERS)


def take_back(unit: Unit, load_id: str, now: datetime, undone_by: str) -> str:
    """Undo a load, as a load of its own, whose id is given; NotFoundError, ConflictError saying why it may not be."""
    with unit.transaction():
        people_rows.lock(unit)
        found(unit, load_id)
        succession = refresh(unit)
        undone = succession.check_undo(load_id)
        load = CalendarLoad(new_id(), succession.next_number, undone.year, undone.since, undoes_id=undone.id)
        rows.undo(unit, load_id, at=now, by=undone_by)
        _keep(unit, succession.followed_by(load), notice=None, replaced=undone.notice, at=now, by=undone_by)
    return load.id


def _keep(
    unit: Unit, after: Succession, *, notice: str | None, replaced: YearNotice | None, at: datetime, by: str
) -> None:
    """Keep the last load of a succession, and count on its calendar once that is committed."""
    load = after.loads[-1]
    rows.keep(
        unit,
        {
            "id": load.id,
            "number": load.number,
            "year": load.year,
            "undoes_id": load.undoes_id,
            "notice": notice,
            "replaced": _text(replaced),
            "since": load.since,
            "calendar_version": after.current.version,
            "loaded_at": at,
            "loaded_by": by,
        },
    )
    unit.after_commit.append(lambda: install(after))


def _text(notice: YearNotice | None) -> str | None:
    return None if notice is None else orjson.dumps(notice_document(notice)).decode()


@consistent
def list_loads(unit: Unit, caller: Caller, cursor: str | None, limit: int) -> CasePage:
    """Notices loaded and loads taken back, newest first, with the progress of their recounts."""
    staff(unit, caller)
    position = open_cursor(unit, cursor, "calendar-loads")
    listed = rows.page(unit, before=int(position) if position else rows.LATEST, limit=limit + 1)
    items = [load_document(row) for row in listed[:limit]]
    more = seal_cursor(unit, str(listed[limit - 1]["number"]), "calendar-loads") if len(listed) > limit else None
    return CasePage(items, more)


@consistent
def read_load(unit: Unit, caller: Caller, load_id: str) -> dict[str, Any]:
    """One load with the progress of its recount."""
    staff(unit, caller)
    return load_document(found(unit, load_id))


def every_load(unit: Unit) -> list[dict[str, Any]]:
    """Every load, newest first, for whoever runs the service."""
    return [load_document(row) for row in rows.page(unit, before=rows.LATEST, limit=rows.LATEST)]


def progress(unit: Unit, load_id: str) -> dict[str, Any]:
    """One load with its progress, for whoever runs the service; NotFoundError."""
    return load_document(found(unit, load_id))


def staff(unit: Unit, caller: Caller) -> Actor:
    """Somebody who works in a body: parties of a case have no business with loads."""
    actor = acting(people_rows.actor(unit, caller.subject, caller.today), caller)
    if not actor.roles:
        raise NotPermittedError
    return actor


def found(unit: Unit, load_id: str) -> dict[str, Any]:
    """The row of a load; NotFoundError."""
    row = rows.one(unit, load_id)
    if row is None:
        raise NotFoundError
    return row


def load_document(row: Mapping[str, Any]) -> dict[str, Any]:
    """A load as plain values: what it changed, and how far its recount is."""
    notice = None if row["notice"] is None else orjson.loads(row["notice"])
    replaced = None if row["replaced"] is None else orjson.loads(row["replaced"])
    return {
        "id": row["id"],
        "year": row["year"],
        "undoes_id": row["undoes_id"],
        "notice": None if notice is None else notice_document(parse_notice(notice)),
        "replaced": replaced,
        "since": _plain(row["since"]),
        "calendar_version": row["calendar_version"],
        "loaded_at": _plain(row["loaded_at"]),
        "loaded_by": row["loaded_by"],
        "undone_at": _plain(row["undone_at"]),
        "undone_by": row["undone_by"],
        "recount": {
            "status": "finished" if row["finished_at"] else "running" if row["started_at"] else "waiting",
            "cases_to_do": row["cases_to_do"],
            "cases_done": row["cases_done"],
            "cases_moved": row["cases_moved"],
            "deadlines_counted": row["deadlines_counted"],
            "deadlines_moved": row["deadlines_moved"],
            "started_at": _plain(row["started_at"]),
            "finished_at": _plain(row["finished_at"]),
        },
    }


def _plain(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else value

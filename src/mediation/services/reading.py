"""Cases as one person sees them: the snapshot, what may be done with it today, and how it came about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.advance import open_and_blocked
from mediation.domain.cases import (
    Case,
    References,
    Setting,
)
from mediation.domain.days import shanghai_date
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.history import rebuild, verify
from mediation.domain.labels import Label
from mediation.domain.procedure.step import HOUSE
from mediation.domain.records import RECORD_TYPES
from mediation.services.calendars import current_calendar
from mediation.services.caller import Answer, Caller, Render
from mediation.services.identity import acting, relation
from mediation.services.views import CaseView, HistoryPage
from mediation.storage import Unit, consistent
from mediation.storage import cases as rows
from mediation.storage import history as history_rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id
from mediation.storage.recording import unsealed


def setting_of(caller: Caller, loaded: Loaded, actor: Actor, roles: frozenset[Any]) -> Setting:
    return Setting(
        today=caller.today,
        calendar=current_calendar(),
        roles=roles,
        actor_id=actor.person_id,
        references=References(loaded.organizations, loaded.people),
        new_id=new_id,
    )


def attested_of(case: Case) -> list[dict[str, Any]]:
    """The facts that rest on somebody's word."""
    return [{"guard": guard, **what} for guard, what in (case.facts.get("attested") or {}).items()]


def view_of(loaded: Loaded, caller: Caller, actor: Actor, *, everything: bool = False) -> CaseView:
    case, roles = relation(loaded, actor)
    setting = setting_of(caller, loaded, actor, roles)
    opened, blocked = open_and_blocked(case, setting, main_rows_only=not everything)
    return CaseView(case, roles, caller.today, setting.calendar, opened, blocked, attested_of(case))


def answer_with(loaded: Loaded, caller: Caller, actor: Actor, after: Case, render: Render) -> Answer:
    """The answer of a command: the case as it stands afterwards."""
    view = view_of(replace(loaded, case=after), caller, actor)
    return Answer(200, render(view), view.etag)


def read_for(unit: Unit, caller: Caller, case_id: str) -> tuple[Loaded, Actor]:
    loaded = rows.load(unit, case_id, subject=caller.subject)
    return loaded, acting(loaded.actor, caller)


def read_case(unit: Unit, caller: Caller, case_id: str) -> CaseView:
    """The case as this person sees it today."""
    loaded, actor = read_for(unit, caller, case_id)
    return view_of(loaded, caller, actor)


@consistent
def read_case_as_of(unit: Unit, caller: Caller, case_id: str, day: date) -> CaseView:
    """The case as it stood at the end of a day, put together from its history alone; nothing can be done in the past.

    Who may look is judged today; InvalidInputError for a day before the case was written down, or still to come.
    """
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    found = history_rows.history(unit, case_id, after=0, limit=case.sequence)
    payloads = [unsealed(unit, orjson.loads(row["payload"]), loaded.keys) for row in found]
    until = [p for p in payloads if shanghai_date(datetime.fromisoformat(p["recorded_at"])) <= day]
    if not until or day > caller.today:
        text = Label("该日尚无此案件,或日期晚于今天", "There was no such case on that day, or it is still to come")
        raise InvalidInputError([InputError("query:as_of", "no_such_day", text)])
    records = rebuild(until)
    parts: dict[str, Any] = {name: records.get(name, {}) for name in ("facts", *RECORD_TYPES)}
    then = replace(
        case,
        version=until[-1]["sequence"],
        sequence=until[-1]["sequence"],
        number=records["case"].get("number"),
        organization_id=records["case"]["organization_id"],
        **parts,
    )
    return CaseView(then, roles, day, current_calendar(), attestations=attested_of(then))


def read_steps(unit: Unit, caller: Caller, case_id: str) -> CaseView:
    """The case with every step out of its states, side tracks and `*open` rows included."""
    loaded, actor = read_for(unit, caller, case_id)
    return view_of(loaded, caller, actor, everything=True)


def read_deadlines(unit: Unit, caller: Caller, case_id: str) -> CaseView:
    """The case for the sake of its deadlines."""
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    return CaseView(case, roles, caller.today, current_calendar())


@consistent
def read_history(unit: Unit, caller: Caller, case_id: str, after: int, limit: int) -> HistoryPage:
    """Entries after a sequence number, opened for somebody who sees the case."""
    loaded, actor = read_for(unit, caller, case_id)
    _, roles = relation(loaded, actor)
    found = history_rows.history(unit, case_id, after=after, limit=limit + 1)
    entries = [
        {"hash": row["hash"], **unsealed(unit, orjson.loads(row["payload"]), loaded.keys)} for row in found[:limit]
    ]
    for entry in entries:
        entry.pop("sealed", None)
        if not roles & HOUSE and entry["actor"] != actor.person_id:
            entry.pop("private", None)
    next_after = entries[-1]["sequence"] if len(found) > limit else None
    return HistoryPage(entries, next_after)


def verify_history(unit: Unit, caller: Caller, case_id: str) -> dict[str, Any]:
    """Compute the chain again over the stored bytes; compare its end with the case, and each entry with its copies."""
    loaded, actor = read_for(unit, caller, case_id)
    relation(loaded, actor)
    head, found = history_rows.whole_chain(unit, case_id)
    problems = verify(((row["sequence"], row["payload"], row["hash"]) for row in found), head=head)
    for row in found:
        names = history_rows.differing_copies(row)
        problems += [f"entry {row['sequence']} does not agree with its {name}" for name in names]
    return {"entries": len(found), "head": head, "holds": not problems, "problems": problems}

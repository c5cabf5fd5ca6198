"""Cases as one person sees them: the snapshot, what may be done with it today, and how it came about."""

from __future__ import annotations

from collections.abc import Mapping
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
from mediation.domain.dispatch import Dispatched
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.history import rebuild, verify
from mediation.domain.impartiality import mediator_of_the_enterprise
from mediation.domain.labels import Label
from mediation.domain.records import RECORD_TYPES
from mediation.domain.sight import INTERNAL_TRACKS, DataClass, Sight, known, shown, sight_of
from mediation.domain.told import shown_entry
from mediation.services.calendars import current_calendar
from mediation.services.caller import Caller
from mediation.services.identity import acting_on, load_case, relation
from mediation.services.sights import dispatched_to, refuse_dispatched, seen_case, told_entries
from mediation.services.views import CaseView, HistoryPage
from mediation.storage import Unit, consistent
from mediation.storage import history as history_rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id
from mediation.storage.recording import heard, unsealed


def setting_of(caller: Caller, loaded: Loaded, actor: Actor, roles: frozenset[Any]) -> Setting:
    return Setting(
        today=caller.today,
        calendar=current_calendar(),
        roles=roles,
        actor_id=actor.person_id,
        hand=actor.represented_by,
        references=References(loaded.organizations, loaded.people),
        new_id=new_id,
    )


def attested_of(case: Case) -> list[dict[str, Any]]:
    """The facts that rest on somebody's word."""
    return [{"guard": guard, **what} for guard, what in (case.facts.get("attested") or {}).items()]


def view_of(unit: Unit, loaded: Loaded, caller: Caller, actor: Actor, *, everything: bool = False) -> CaseView:
    """The case that was read, as this person sees it today, with what they may do."""
    case, roles = relation(loaded, actor)
    seen = seen_case(unit, loaded, case, actor, roles)
    return view_in(case, setting_of(caller, loaded, actor, roles), seen, everything=everything)


def view_after(
    unit: Unit, loaded: Loaded, caller: Caller, actor: Actor, after: Case, told: Mapping[str, Any]
) -> CaseView:
    """The case as it stands after an act on what was read; `told` is the entry about to be written."""
    then = replace(loaded, case=after)
    case, roles = relation(then, actor)
    seen = seen_case(unit, loaded, case, actor, roles, since=[told])
    return view_in(case, setting_of(caller, then, actor, roles), seen)


def view_in(case: Case, setting: Setting, seen: tuple[Sight, Case], *, everything: bool = False) -> CaseView:
    """The case with what may be done with it in this setting; why not is told of the rows somebody may take."""
    sight, told = seen
    opened, blocked = open_and_blocked(known(case, sight), setting, main_rows_only=not everything)
    if not sight.is_inside:  # that a step of such a track is open, or why not, would tell where the track stands
        opened = tuple(one for one in opened if one.step.track not in INTERNAL_TRACKS)
        blocked = tuple(one for one in blocked if one.step.track not in INTERNAL_TRACKS)
    if sight.is_from_dispatch:
        blocked = tuple(one for one in blocked if one.step.recorded_by & sight.roles)
    return CaseView(
        told, case, sight, setting.today, setting.calendar, opened, blocked, attested_of(told),
        mediator_of_the_enterprise(told, setting.references),
    )  # fmt: skip


def read_for(unit: Unit, caller: Caller, case_id: str) -> tuple[Loaded, Actor]:
    loaded = load_case(unit, caller, case_id)
    return loaded, acting_on(loaded, caller)


def read_case(unit: Unit, caller: Caller, case_id: str) -> CaseView:
    """The case as this person sees it today."""
    loaded, actor = read_for(unit, caller, case_id)
    return view_of(unit, loaded, caller, actor)


@consistent
def read_case_as_of(unit: Unit, caller: Caller, case_id: str, day: date) -> CaseView:
    """The case as it stood at the end of a day, put together from its history alone; nothing can be done in the past.

    Who may look is judged today; InvalidInputError for a day before the case was written down, or still to come.
    """
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    sight = sight_of(actor, roles)
    payloads = list(told_entries(unit, loaded))
    until = [p for p in payloads if shanghai_date(datetime.fromisoformat(p["recorded_at"])) <= day]
    if not until or day > caller.today:
        raise InvalidInputError([_NO_SUCH_DAY])
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
    if sight.is_from_dispatch:
        sent = Dispatched(sight)
        sent.read(until)
        if not sent.entries:
            raise InvalidInputError([_NO_SUCH_DAY])
        told = sent.case_of(then)
    else:
        told = shown(then, sight)
    flagged = mediator_of_the_enterprise(told, References(loaded.organizations, loaded.people))
    return CaseView(
        told, then, sight, day, current_calendar(), attestations=attested_of(told), enterprise_mediator=flagged
    )


_NO_SUCH_DAY = InputError(
    "query:as_of",
    "no_such_day",
    Label("该日尚无此案件,或日期晚于今天", "There was no such case on that day, or it is still to come"),
)


def read_steps(unit: Unit, caller: Caller, case_id: str) -> CaseView:
    """The case with every step out of its states, side tracks and `*open` rows included."""
    loaded, actor = read_for(unit, caller, case_id)
    return view_of(unit, loaded, caller, actor, everything=True)


def read_deadlines(unit: Unit, caller: Caller, case_id: str) -> CaseView:
    """The case for the sake of its deadlines."""
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    sight, told = seen_case(unit, loaded, case, actor, roles)
    return CaseView(told, case, sight, caller.today, current_calendar())


@consistent
def read_history(unit: Unit, caller: Caller, case_id: str, after: int, limit: int) -> HistoryPage:
    """Entries after a sequence number, opened for somebody who sees the case."""
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    sight = sight_of(actor, roles)
    if sight.is_from_dispatch:
        sent = [entry for entry in dispatched_to(unit, loaded, sight).entries if entry["sequence"] > after]
        return HistoryPage(sent[:limit], sent[limit - 1]["sequence"] if len(sent) > limit else None)
    found = history_rows.history(unit, case_id, after=after, limit=limit + 1)
    opened = (_opened(unit, loaded, row, sight) for row in found[:limit])
    entries = [one for entry in opened if (one := shown_entry(entry, case, sight)) is not None]
    return HistoryPage(entries, found[limit - 1]["sequence"] if len(found) > limit else None)


def _opened(unit: Unit, loaded: Loaded, row: Mapping[str, Any], sight: Sight) -> dict[str, Any]:
    """An entry opened up to a sight: what was said in mediation joins the other texts of a step only there."""
    payload = orjson.loads(row["payload"])
    entry = {"hash": row["hash"], **unsealed(unit, payload, loaded.keys)}
    said = heard(unit, payload, loaded.wall) if payload["step"] and sight.reaches(DataClass.CONFIDENTIAL) else None
    if said is not None:
        entry["private"] = {**(entry.get("private") or {}), **orjson.loads(said.opened(sight))}
    return entry


def verify_history(unit: Unit, caller: Caller, case_id: str) -> dict[str, Any]:
    """Compute the chain again over the stored bytes; compare its end with the case, and each entry with its copies."""
    loaded, actor = read_for(unit, caller, case_id)
    _, roles = relation(loaded, actor)
    refuse_dispatched(sight_of(actor, roles))
    head, found = history_rows.whole_chain(unit, case_id)
    findings = verify(((row["sequence"], row["payload"], row["hash"]) for row in found), head=head, case_id=case_id)
    for row in found:
        findings += history_rows.copy_findings(case_id, row)
    problems = [finding.text for finding in findings]
    return {"entries": len(found), "head": head, "holds": not problems, "problems": problems}

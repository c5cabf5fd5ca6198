"""Turns what an act changed into what is written: the case row, the records, the sealed entry of history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import orjson

from mediation.domain import reminders, tasks
from mediation.domain.access import is_sent
from mediation.domain.cases import MAIN, Case
from mediation.domain.days import shanghai_date
from mediation.domain.deadlines import Deadline
from mediation.domain.employment import EMPLOYMENT
from mediation.domain.history import GENESIS, Entry, canonical, chain, payload_of, recorded
from mediation.domain.procedure import PROCEDURE
from mediation.domain.records import LISTS, Change, from_row, plain, to_row
from mediation.domain.wall import Confidential
from mediation.storage import cases as rows
from mediation.storage.cases import SEALED, SEALED_FACTS, Write, stamp
from mediation.storage.database import Unit
from mediation.storage.personal import for_each_worker, for_person, of_each_worker, of_person, subject_of
from mediation.storage.tables import FOREVER
from mediation.storage.wall import Wall

_OF_A_PERSON = ("name", "resident_id_masked", "phone_masked")
"""What a party's record says of the person: sealed under their key in history, masked forms too."""
_WITHOUT_URGENCY = frozenset({"D_LIMIT_1Y", "D_LIMIT_WAGE_EXIT_1Y", "D_ENFORCE_2Y"})


@dataclass(slots=True)
class Recording:
    """One act on its way into storage: the case before (None when it is new) and after, and what it says."""

    before: Case | None
    after: Case
    changes: tuple[Change, ...]
    entry: Entry
    keys: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    wall: Wall | None = None


def describe(unit: Unit, recording: Recording) -> tuple[Write, Case]:
    """The write of an act, and the case as it stands once that write has happened."""
    case_key = rows.open_key(unit, recording.keys, recording.after.id)
    before, entry = recording.before, recording.entry
    sequence = (before.sequence if before else 0) + 1
    changes = recording.changes if before else (_home(recording.after), *recording.changes)
    sealed_changes = tuple(_sealed(unit, recording, change, case_key) for change in changes)
    private = None
    if entry.private and case_key is not None:
        text = canonical(entry.private)
        private = unit.vault.seal(case_key, text, f"history/{entry.id}/private")
    told = replace(entry, attestations=_sealed_evidence(unit, entry, case_key))
    confidential, key_row = _behind_the_wall(unit, recording)
    payload = payload_of(recording.after.id, sequence, told, sealed_changes, private, wall=confidential)
    digest = chain(before.head if before else GENESIS, payload)
    case = recorded(before, recording.after, entry, digest)
    row = {
        **case_row(case, entry),
        "facts": _stored_facts(unit, case, recording.keys, case_key),
        rows.IN_CASE_ROW: _stored_acts(unit, case, case_key),
    }
    write = Write(row, before.version if before else None)
    if key_row is not None:
        write.add("subject_keys", key_row)
    for table, entries in recording.rows.items():
        for row in entries:
            write.add(table, row)
    for change in recording.changes:
        if change.collection in rows.COLLECTIONS and change[:2] != ("tracks", MAIN):  # it lies in the case row
            row = _record_row(unit, case.id, change, case_key)
            write.add(change.collection, {**row, **_reminded(change, shanghai_date(entry.recorded_at))})
    write.add("history", history_row(case.id, case.sequence, entry, payload, digest))
    return write, case


def _behind_the_wall(unit: Unit, recording: Recording) -> tuple[str | None, dict[str, Any] | None]:
    """What was said in mediation, sealed, and the key's row where this is the first of it."""
    entry = recording.entry
    if not entry.confidential:
        return None, None
    if recording.wall is None:
        msg = "what was said in mediation needs the wall of the case that was read"
        raise ValueError(msg)
    wall, key_row = recording.wall.built(unit)
    return wall.seal(unit, canonical(entry.confidential), _confidential(entry.id)), key_row


def _confidential(entry_id: str) -> str:
    return f"history/{entry_id}/confidential"


def _home(case: Case) -> Change:
    """The body a case begins with: no change of a draft tells it."""
    return Change("case", "organization_id", None, {"value": case.organization_id})


def _stored_facts(unit: Unit, case: Case, keys: Mapping[str, str], case_key: bytes | None) -> str:
    """The facts as they are stored: codes, days and amounts in clear, what somebody vouches for sealed."""
    facts = dict(case.facts)
    for name in SEALED_FACTS & facts.keys():
        place = f"cases/{case.id}/facts/{name}"
        if name == EMPLOYMENT:
            facts[name] = for_each_worker(unit, keys, case, facts[name] or {}, place)
        facts[name] = unit.vault.seal(case_key, canonical(facts[name]), place) if case_key else None
    return orjson.dumps(facts).decode()


def _stored_acts(unit: Unit, case: Case, case_key: bytes | None) -> str:
    """The acts on limitation as they are stored: days and kinds in clear, what proves them sealed."""
    acts = [to_row(rows.IN_CASE_ROW, act) for act in case.limitation_acts.values()]
    for act in acts:
        _seal_columns(unit, rows.IN_CASE_ROW, act, case_key)
    return orjson.dumps(acts).decode()


def _seal_columns(unit: Unit, collection: str, row: dict[str, Any], case_key: bytes | None) -> None:
    for column in SEALED.get(collection, ()):
        if row[column] is not None:
            place = f"{collection}/{row['id']}/{column}"
            row[column] = unit.vault.seal(case_key, row[column], place) if case_key else None


def _sealed_evidence(unit: Unit, entry: Entry, case_key: bytes | None) -> tuple[dict[str, Any], ...]:
    """What is attested stands in clear; the paper it rests on may name somebody and is sealed."""
    return tuple(
        {
            **stated,
            "evidence": {"sealed": unit.vault.seal(case_key, stated["evidence"], _evidence(entry.id, stated["guard"]))}
            if case_key
            else None,
        }
        for stated in entry.attestations
    )


def _evidence(entry_id: str, guard: str) -> str:
    return f"history/{entry_id}/attestations/{guard}"


def history_row(case_id: str, sequence: int, entry: Entry, payload: str, digest: str) -> dict[str, Any]:
    """An entry as it is stored: the payload that the hash covers, and copies of what is searched by."""
    return {
        "case_id": case_id,
        "sequence": sequence,
        "id": entry.id,
        "action": entry.action,
        "occurred_on": entry.occurred_on.isoformat(),
        "recorded_at": stamp(entry.recorded_at),
        "actor_id": entry.actor_id,
        "payload": payload,
        "hash": digest,
    }


def _record_row(unit: Unit, case_id: str, change: Change, case_key: bytes | None) -> dict[str, Any]:
    row = {**(change.after or {}), "case_id": case_id}
    _seal_columns(unit, change.collection, row, case_key)
    for column in LISTS.get(change.collection, ()):
        row[column] = orjson.dumps(row[column]).decode()
    return row


def _reminded(change: Change, today: date) -> dict[str, Any]:
    """When the worker next looks at a deadline or a task: no part of the record, but counted whenever it is written."""
    if change.collection not in {"deadlines", "tasks"} or change.after is None:
        return {}
    record = from_row(change.collection, change.after)
    if change.collection == "tasks":
        looks = tasks.remind_on(record)
    else:
        before = None if change.before is None else from_row("deadlines", change.before)
        looks = reminders.remind_on(record, today, before=before)
    return {"remind_on": looks.isoformat() if looks else None}


def _sealed(unit: Unit, recording: Recording, change: Change, case_key: bytes | None) -> Change:
    """The change as history keeps it: what names or describes a person stands sealed under their key."""
    if change.collection == "parties":
        subject = (change.after or change.before or {}).get("subject_id")
        key = rows.open_key(unit, recording.keys, subject) if subject else None
        columns: tuple[str, ...] = _OF_A_PERSON if key is not None else ()
    else:
        key, columns = case_key, SEALED.get(change.collection, ())
    if change.collection == "facts" and change.key in SEALED_FACTS:
        columns = ("value",)
    if not columns or key is None:
        return change
    place = f"history/{recording.entry.id}/{change.key}"
    change = _under_own_keys(unit, recording, change, place)

    def hidden(values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        if values is None:
            return None
        sealed = {
            name: {"sealed": unit.vault.seal(key, _text(values[name]), f"{place}/{name}")}
            for name in columns
            if values.get(name) is not None
        }
        return {**values, **sealed}

    return Change(change.collection, change.key, hidden(change.before), hidden(change.after))


def _under_own_keys(unit: Unit, recording: Recording, change: Change, place: str) -> Change:
    """What tells of one worker's wages, sealed under their own key first: it goes when that is destroyed."""
    keys, case = recording.keys, recording.after

    def own(values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        if values is None:
            return None
        if change.collection == "computations" and values["data"] is not None:
            subject = subject_of(case, values["party_id"])
            return {**values, "data": for_person(unit, keys, subject, values["data"], f"{place}/data/own")}
        if change[:2] == ("facts", EMPLOYMENT):
            return {**values, "value": for_each_worker(unit, keys, case, values["value"] or {}, f"{place}/value")}
        return values

    return Change(change.collection, change.key, own(change.before), own(change.after))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else canonical(value)


def heard(unit: Unit, payload: Mapping[str, Any], wall: Wall | None) -> Confidential[str] | None:
    """What was said in mediation of an entry, as JSON behind the wall; None where nothing was, or its key is gone."""
    sealed = payload.get("confidential")
    return None if wall is None or sealed is None else wall.unseal(unit, sealed, _confidential(payload["id"]))


def unsealed(unit: Unit, payload: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """A payload with everything opened that its keys still open; what no key opens stays out as None.

    What was said in mediation stays out: `heard` gives it.
    """
    opened = {name: value for name, value in payload.items() if name != "confidential"}
    case_key = rows.open_key(unit, keys, payload["case_id"])
    if payload["sealed"] is not None:
        place = f"history/{payload['id']}/private"
        text = unit.vault.unseal(case_key, payload["sealed"], place) if case_key else None
        opened["private"] = orjson.loads(text) if text else None
    opened["attestations"] = [
        {
            **stated,
            "evidence": _opened_value(unit, case_key, stated["evidence"], _evidence(payload["id"], stated["guard"])),
        }
        for stated in payload["attestations"]
    ]
    opened["changes"] = [_opened_change(unit, payload, change, keys, case_key) for change in payload["changes"]]
    return opened


def _opened_change(
    unit: Unit,
    payload: Mapping[str, Any],
    change: Mapping[str, Any],
    keys: Mapping[str, str],
    case_key: bytes | None,
) -> dict[str, Any]:
    def shown(values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        if values is None or change["c"] == "case":
            return values
        if change["c"] == "facts":
            return _opened_fact(unit, payload, change["k"], values, keys)
        subject = values.get("subject_id") if change["c"] == "parties" else None
        key = rows.open_key(unit, keys, subject) if subject else case_key
        place = f"history/{payload['id']}/{change['k']}"
        opened = {name: _opened_value(unit, key, value, f"{place}/{name}") for name, value in values.items()}
        if change["c"] == "computations":
            opened["data"] = of_person(unit, keys, opened["data"], f"{place}/data/own")
        return opened

    return {**change, "b": shown(change["b"]), "a": shown(change["a"])}


def _opened_fact(
    unit: Unit, payload: Mapping[str, Any], name: str, values: Mapping[str, Any], keys: Mapping[str, str]
) -> Mapping[str, Any]:
    if name not in SEALED_FACTS:
        return values
    place = f"history/{payload['id']}/{name}/value"
    text = _opened_value(unit, rows.open_key(unit, keys, payload["case_id"]), values["value"], place)
    value = orjson.loads(text) if isinstance(text, str) else text
    if name == EMPLOYMENT and value is not None:
        value = of_each_worker(unit, keys, value, place)
    return {"value": value}


def _opened_value(unit: Unit, key: bytes | None, value: Any, place: str) -> Any:
    if not isinstance(value, dict) or "sealed" not in value:
        return value
    return unit.vault.unseal(key, value["sealed"], place) if key is not None else None


def case_row(case: Case, entry: Entry) -> dict[str, Any]:
    """The columns of the case itself, with what lists show and filter by."""
    return {
        "id": case.id,
        "version": case.version,
        "number": case.number,
        "organization_id": case.organization_id,
        "procedure": case.procedure,
        **listed_columns(case),
        "sequence": case.sequence,
        "head": case.head,
        "last_entry": orjson.dumps(dict(case.last_entry)).decode(),
        "created_on": case.created_on.isoformat(),
        "updated_at": stamp(entry.recorded_at),
    }


def listed_columns(case: Case) -> dict[str, Any]:
    """What lists show and filter by: all that follows from the records and facts of a case."""
    state = PROCEDURE.states[MAIN, case.state]
    amounts = [c.amount_fen for c in case.claims.values() if c.amount_fen is not None and c.outcome != "withdrawn"]
    return {
        "state": case.state,
        "stage": str(state.stage),
        "last_on": plain(case.tracks[MAIN].last_on) if case.tracks[MAIN].last_on else None,
        "is_open": state.is_open,
        **clock_columns(case.running()),
        "applicants": _names(p.name for p in case.applicants()),
        "respondents": _names(p.name for p in case.respondents()),
        "claimed_fen": sum(amounts) if amounts else None,
        "is_collective": bool(case.facts.get("collective")),
        "is_urgent": bool(case.facts.get("urgent")),
        "is_migrant_worker": bool(case.facts.get("migrant_worker")),
        "has_tasks": any(t.status == "open" for t in case.tasks.values()),
        "has_risk": case.track_state("risk") == "alerted",
    }


def clock_columns(running: Iterable[Deadline]) -> dict[str, Any]:
    """What the running deadlines of a case mean for its row: the nearest end, and whether any is provisional."""
    deadlines = list(running)
    urgent = [d for d in deadlines if d.term not in _WITHOUT_URGENCY and not d.is_paused]
    nearest = min(urgent, key=lambda d: d.due, default=None)
    return {
        "next_due": nearest.due.isoformat() if nearest else FOREVER,
        "next_term": nearest.term if nearest else None,
        "is_provisional": any(d.provisional for d in deadlines),
    }


def _names(names: Iterable[str]) -> str:
    found = list(names)
    if not found:
        return ""
    return found[0] if len(found) == 1 else f"{found[0]}等{len(found)}方"


def scope_rows(case: Case, entry: Entry, scopes: Iterable[str]) -> list[dict[str, Any]]:
    """Rows that let scopes see a case: by its nearest deadline; for a body it was sent to, by the day it was sent.

    Such a body does not come to know of the deadlines of the house, nor when its file is closed: not by order either.
    """
    opened = tuple(scopes)
    if not opened:
        return []
    row, since = case_row(case, entry), shanghai_date(entry.recorded_at).isoformat()
    return [
        {
            "scope_id": scope,
            "is_open": is_sent(scope) or row["is_open"],
            "next_due": since if is_sent(scope) else row["next_due"],
            "case_id": case.id,
            "since": since,
        }
        for scope in opened
    ]

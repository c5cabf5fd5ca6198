"""Cases in and out: one SELECT gives everything a command needs, one write records everything it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import orjson
import psycopg
from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

from mediation.domain.cases import MAIN, Case
from mediation.domain.records import LISTS, RECORD_TYPES, TrackInstance, from_row
from mediation.storage import tables
from mediation.storage.accounts import actor_sql, represented_sql, running_sql
from mediation.storage.database import Unit
from mediation.storage.json_sql import (
    children,
    insert,
    insert_case,
    names,
    statement,
    update_case,
    upsert,
)
from mediation.storage.wall import Wall, take_wall

IN_CASE_ROW = "limitation_acts"
"""Records that lie in the row of their case as JSON: few, never looked for on their own."""
COLLECTIONS: Mapping[str, Table] = {name: tables.metadata.tables[name] for name in RECORD_TYPES if name != IN_CASE_ROW}
SEALED_FACTS = frozenset({"attested", "employment"})
SEALED = {
    "claims": ("amount_text", "basis"),
    "obligations": ("due_text", "what"),
    "limitation_acts": ("evidence", "note"),
    "tasks": ("note",),
    "computations": ("data",),
}
_CASE_COLUMNS = tuple(names(tables.cases, without=["id", "created_on"]))
_WRITE_ORDER: tuple[str, ...] = (
    "subject_keys", "subjects", "parties", "claims", "obligations", "assignments", "tracks", "deadlines",
    "tasks", "computations", "offers", "undisputed_facts", "party_links", "party_messages", "case_scope", "consents",
    "sharing_records", "disposals", "grants", "history", "access_log", "idempotency",
)  # fmt: skip
_INSERTED = frozenset({"history", "access_log", "idempotency"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the one SELECT found: the actor, the answer kept under the key, and the case with its surroundings."""

    actor: Mapping[str, Any] | None
    kept: Mapping[str, Any] | None
    case: Case | None = None
    scopes: frozenset[str] = frozenset()
    keys: Mapping[str, str] = field(default_factory=dict)
    organizations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    people: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    payload: Mapping[str, Any] | None = None
    represented: Mapping[str, Any] | None = None
    attestations: Sequence[Mapping[str, Any]] = ()
    wall: Wall | None = None
    grants: Sequence[Mapping[str, Any]] = ()


@dataclass(slots=True)
class Write:
    """Everything one command writes: the case row and rows by table; `read_version` None inserts the case.

    `closed_scopes` no longer see the case.
    """

    case: dict[str, Any]
    read_version: int | None
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    closed_scopes: tuple[str, ...] = ()

    def add(self, table: str, row: dict[str, Any]) -> None:
        """One more row for a table."""
        self.rows.setdefault(table, []).append(row)


def kept_sql(dialect: str) -> str:
    build, cast = ("json_object", "") if dialect == "sqlite" else ("json_build_object", "::text")
    pairs = ", ".join(f"'{name}', {name}" for name in ("fingerprint", "status", "etag", "location", "body"))
    return f"(select {build}({pairs}){cast} from idempotency where caller = :subject and key = :key)"


def _references_sql(dialect: str) -> str:
    if dialect == "sqlite":
        ids = "(select value from json_each(:references))"
        return (
            "(select json_group_array(json_object('id', id, 'kind', kind, 'is_court_invited', is_court_invited, "
            f"'parent_id', parent_id, 'division', division, 'is_active', is_active)) from organizations "
            f"where id in {ids} or id = c.organization_id) as organizations, "
            "(select json_group_array(json_object('id', p.id, 'is_active', p.is_active, "
            "'roles', m.roles, 'organization_id', m.organization_id)) from people p "
            f"left join memberships m on m.person_id = p.id and {running_sql(dialect)} "
            f"where p.kind = 'person' and p.id in {ids}) as people"
        )
    ids = "(select jsonb_array_elements_text(cast(:references as jsonb)))"
    return (
        "(select coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'is_court_invited', is_court_invited, "
        f"'parent_id', parent_id, 'division', division, 'is_active', is_active)), '[]')::text from organizations "
        f"where id in {ids} or id = c.organization_id) "
        "as organizations, "
        "(select coalesce(json_agg(json_build_object('id', p.id, 'is_active', p.is_active, "
        "'roles', m.roles, 'organization_id', m.organization_id)), '[]')::text from people p "
        f"left join memberships m on m.person_id = p.id and {running_sql(dialect)} "
        f"where p.kind = 'person' and p.id in {ids}) as people"
    )


def _list_sql(dialect: str, column: str, source: str) -> str:
    if dialect == "sqlite":
        return f"(select json_group_array({column}) from {source})"
    return f"(select coalesce(json_agg({column}), '[]')::text from {source})"


def _pairs_sql(dialect: str) -> str:
    if dialect == "sqlite":
        return "(select json_group_object(id, wrapped) from subject_keys where case_id = c.id)"
    return "(select coalesce(json_object_agg(id, wrapped), '{}')::text from subject_keys where case_id = c.id)"


def _grants_sql(dialect: str) -> str:
    """What the actor was granted on the case and nobody took back; whether it is over is judged by the moment."""
    columns = ("id", "organization_id", "handling_id", "ceiling", "purpose", "until")
    build = "json_object" if dialect == "sqlite" else "json_build_object"
    pairs = ", ".join(f"'{name}', g.{name}" for name in columns)
    source = (
        "grants g join people p on p.id = g.person_id "
        "where g.case_id = c.id and p.subject = :subject and g.revoked_at is null"
    )
    return _list_sql(dialect, f"{build}({pairs})", source)


def _load_sql(dialect: str, *, represents: bool) -> str:
    columns = ", ".join(f"c.{name}" for name in names(tables.cases))
    parts = [f"{children(table, dialect)} as {name}" for name, table in COLLECTIONS.items()]
    scopes = _list_sql(dialect, "scope_id", "case_scope where case_id = c.id")
    payload = "(select payload from history where case_id = c.id and id = :entry)"
    return (
        f"select {columns}, {', '.join(parts)}, {scopes} as scopes, {_pairs_sql(dialect)} as subject_keys, "
        f"{actor_sql(dialect)} as actor, {kept_sql(dialect)} as kept, {_references_sql(dialect)}, "
        f"{payload} as payload, {represented_sql(dialect) if represents else 'null'} as represented, "
        f"{_grants_sql(dialect)} as grants "
        "from (select 1 as one) x left join cases c on c.id = :id"
    )


_LOADED = (
    *names(tables.cases), *COLLECTIONS, "scopes", "subject_keys", "actor", "kept", "organizations", "people", "payload",
    "represented", "grants",
)  # fmt: skip
_LOAD = {
    (dialect, represents): statement(_load_sql(dialect, represents=represents))
    for dialect in ("sqlite", "postgresql")
    for represents in (False, True)
}


def load(
    unit: Unit,
    case_id: str,
    *,
    subject: str,
    today: date,
    key: str | None = None,
    references: Iterable[str] = (),
    entry: str | None = None,
    represented: str | None = None,
) -> Loaded:
    """Read a case with its records, the actor, the kept answer and what the input refers to: one statement.

    Memberships count by the Shanghai day `today`; `represented` is the person on whose behalf the actor asks.
    """
    parameters = {
        "id": case_id,
        "subject": subject,
        "today": today.isoformat(),
        "represented": represented,
        "key": key,
        "references": orjson.dumps(list(references)).decode(),
        "entry": entry,
    }
    row = dict(zip(_LOADED, unit.row(_LOAD[unit.dialect, represented is not None], parameters), strict=True))
    keys: dict[str, Any] = orjson.loads(row["subject_keys"]) if row["id"] else {}
    wall = take_wall(row["id"], keys) if row["id"] else None
    people: dict[str, dict[str, Any]] = {}
    for person in orjson.loads(row["people"]):
        found = people.setdefault(person["id"], {"is_active": person["is_active"], "roles": [], "organizations": []})
        if person["roles"]:
            found["roles"].extend(orjson.loads(person["roles"]))
            found["organizations"].append(person["organization_id"])
    return Loaded(
        actor=orjson.loads(row["actor"]) if row["actor"] else None,
        kept=orjson.loads(row["kept"]) if row["kept"] else None,
        case=_case(unit, row) if row["id"] else None,
        scopes=frozenset(orjson.loads(row["scopes"])) if row["id"] else frozenset(),
        keys=keys,
        wall=wall,
        organizations={entry_["id"]: entry_ for entry_ in orjson.loads(row["organizations"])},
        people=people,
        payload=orjson.loads(row["payload"]) if row["payload"] else None,
        represented=orjson.loads(row["represented"]) if row["represented"] else None,
        grants=orjson.loads(row["grants"]),
    )


def _case(unit: Unit, row: Mapping[str, Any]) -> Case:
    collections: dict[str, Any] = {}
    case_key: bytes | None = None
    for name in (*COLLECTIONS, IN_CASE_ROW):
        entries = orjson.loads(row[name])
        for column in SEALED.get(name, ()):
            for entry in entries:
                if entry[column] is not None:
                    case_key = case_key or open_key(unit, orjson.loads(row["subject_keys"]), row["id"])
                    place = f"{name}/{entry['id']}/{column}"
                    entry[column] = unit.vault.unseal(case_key, entry[column], place) if case_key else None
        for column in LISTS.get(name, ()) if name != IN_CASE_ROW else ():
            for entry in entries:
                entry[column] = orjson.loads(entry[column])
        collections[name] = {entry["id"]: from_row(name, entry) for entry in entries}
    last_on = None if row["last_on"] is None else _day(row["last_on"])
    collections["tracks"] = {MAIN: TrackInstance(MAIN, MAIN, row["state"], None, last_on), **collections["tracks"]}
    facts = orjson.loads(row["facts"])
    for name in SEALED_FACTS & facts.keys():
        case_key = case_key or open_key(unit, orjson.loads(row["subject_keys"]), row["id"])
        place = f"cases/{row['id']}/facts/{name}"
        facts[name] = orjson.loads(unit.vault.unseal(case_key, facts[name], place)) if case_key else {}
    return Case(
        id=row["id"],
        version=row["version"],
        number=row["number"],
        organization_id=row["organization_id"],
        procedure=row["procedure"],
        created_on=_day(row["created_on"]),
        facts=facts,
        sequence=row["sequence"],
        head=row["head"],
        last_entry=orjson.loads(row["last_entry"]),
        **collections,
    )


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def open_key(unit: Unit, keys: Mapping[str, str | None], key_id: str) -> bytes | None:
    """The data key of a subject or of the case; None once it was destroyed."""
    wrapped = keys.get(key_id)
    return None if wrapped is None else unit.vault.open_key(wrapped, f"subject_keys/{key_id}")


class KeyTakenError(Exception):
    """A request that ran at the same time took the idempotency key; nothing was written."""


def record(unit: Unit, write: Write) -> bool:
    """Write everything, or nothing: False when the case changed since it was read; KeyTakenError."""
    try:
        return _record(unit, write)
    except (IntegrityError, psycopg.IntegrityError) as error:
        if "idempotency" in str(error.orig if isinstance(error, IntegrityError) else error):
            raise KeyTakenError from error
        raise


def _record(unit: Unit, write: Write) -> bool:
    parameters: dict[str, Any] = {**write.case, "read_version": write.read_version}
    present = tuple(name for name in _WRITE_ORDER if write.rows.get(name))
    parameters.update({name: orjson.dumps(write.rows[name]).decode() for name in present})
    if write.closed_scopes:
        parameters["closed_scopes"] = orjson.dumps(write.closed_scopes).decode()
    if unit.dialect == "sqlite":
        return _record_sqlite(unit, write, present, parameters)
    sql = _one_statement(present, creates=write.read_version is None, closes=bool(write.closed_scopes))
    return bool(unit.row(statement(sql), parameters)[0])


def _record_sqlite(unit: Unit, write: Write, present: tuple[str, ...], parameters: dict[str, Any]) -> bool:
    if write.read_version is None:
        unit.execute(statement(insert_case(tables.cases, "sqlite")), parameters)
    else:
        sql = update_case(tables.cases, "sqlite", _CASE_COLUMNS)
        if unit.execute(statement(sql), parameters).rowcount != 1:
            return False
    for name in present:
        unit.execute(statement(_rows_sql(name, "sqlite", gated=False)), {name: parameters[name]})
    if write.closed_scopes:
        unit.execute(_CLOSE_SCOPES, {"id": parameters["id"], "closed_scopes": parameters["closed_scopes"]})
    return True


_CLOSE_SCOPES = statement(
    "delete from case_scope where case_id = :id and scope_id in (select value from json_each(:closed_scopes))"
)
_CLOSE_SCOPES_GATED = (
    "delete from case_scope s using gate where s.case_id = :id "
    "and s.scope_id in (select jsonb_array_elements_text(cast(:closed_scopes as jsonb)))"
)


def _rows_sql(name: str, dialect: str, *, gated: bool) -> str:
    table = tables.metadata.tables[name]
    return (insert if name in _INSERTED else upsert)(table, dialect, gated=gated)


@lru_cache
def _one_statement(present: tuple[str, ...], *, creates: bool, closes: bool) -> str:
    """One data-modifying CTE, every part gated on the compare-and-set."""
    gate = (
        insert_case(tables.cases, "postgresql") if creates else update_case(tables.cases, "postgresql", _CASE_COLUMNS)
    )
    parts = [f"gate as ({gate} returning 1)"]
    parts += [f"w_{name} as ({_rows_sql(name, 'postgresql', gated=True)})" for name in present]
    if closes:
        parts.append(f"closed as ({_CLOSE_SCOPES_GATED})")
    return f"with {', '.join(parts)} select count(*) from gate"


_FORGET_ANSWERS = statement("delete from idempotency where case_id = :case_id or case_id is null")


def forget_answers(unit: Unit, case_id: str) -> None:
    """Drop the answers kept about a case, and those of which nobody knows what they are about."""
    unit.execute(_FORGET_ANSWERS, {"case_id": case_id})


_NEXT_NUMBER = statement(
    "insert into counters (organization_id, year, n) values (:organization_id, :year, 1) "
    "on conflict (organization_id, year) do update set n = counters.n + 1 "
    "returning n, (select short_name from organizations where id = :organization_id) as prefix"
)


def next_number(unit: Unit, organization_id: str, year: int) -> tuple[str, int]:
    """The prefix and next number of an organization and year; gap-free because it commits with its case."""
    row = unit.execute(_NEXT_NUMBER, {"organization_id": organization_id, "year": year}).one()
    return row.prefix, row.n


_UP = (
    "with recursive up (id, parent_id) as ("
    "select id, parent_id from organizations where id = {start} and is_active "
    "union select o.id, o.parent_id from organizations o join up on o.id = up.parent_id) "
)
_ANCESTORS = statement(_UP.format(start=":id") + "select id from up where id <> :id")
_OWN = (
    "coalesce(:organization_id, (select m.organization_id from memberships m join people p on p.id = m.person_id "
    "where p.subject = :subject and {running} and (m.organization_id = :acting_as or :acting_as is null) "
    "limit 1))"
)


def _prepare_sql(dialect: str) -> str:
    above = _list_sql(dialect, "id", "up")
    up = _UP.format(start=_OWN.format(running=running_sql(dialect)))
    if dialect != "sqlite":
        up = up.replace(":organization_id", "cast(:organization_id as text)").replace(
            ":acting_as", "cast(:acting_as as text)"
        )
    return f"{up} select {actor_sql(dialect)} as actor, {kept_sql(dialect)} as kept, {above} as bodies"


_PREPARE = {dialect: statement(_prepare_sql(dialect)) for dialect in ("sqlite", "postgresql")}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What creating a case needs: the actor, the kept answer, and the home body with those above it."""

    actor: Mapping[str, Any] | None
    kept: Mapping[str, Any] | None
    bodies: tuple[str, ...]

    def above(self, organization_id: str) -> list[str]:
        """The bodies above the home body."""
        return [body for body in self.bodies if body != organization_id]


def prepare(
    unit: Unit, *, subject: str, today: date, key: str | None, organization_id: str | None, acting_as: str | None
) -> Prepared:
    """Read what creating a case needs: one statement."""
    parameters = {
        "subject": subject,
        "today": today.isoformat(),
        "key": key,
        "organization_id": organization_id,
        "acting_as": acting_as,
    }
    actor, kept, bodies = unit.row(_PREPARE[unit.dialect], parameters)
    return Prepared(
        orjson.loads(actor) if actor else None,
        orjson.loads(kept) if kept else None,
        tuple(orjson.loads(bodies)),
    )


def ancestors(unit: Unit, organization_id: str) -> list[str]:
    """Ids of the bodies above an organization."""
    return [row.id for row in unit.execute(_ANCESTORS, {"id": organization_id})]


def stamp(moment: datetime) -> str:
    """A moment as it is kept on both databases."""
    return moment.isoformat()

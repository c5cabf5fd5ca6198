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
from mediation.domain.employment import EMPLOYMENT
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
from mediation.storage.personal import of_each_worker
from mediation.storage.scopes import bodies_above_sql, standing_sql
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
    "sharing_records", "data_requests", "disposals", "grants", "history", "access_log", "idempotency",
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

    `closed_scopes` no longer see the case. `home`: bodies with the ones above them, as they were read and must stand
    when this is written; the scopes it opens follow from them.
    """

    case: dict[str, Any]
    read_version: int | None
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    closed_scopes: tuple[str, ...] = ()
    home: tuple[tuple[str, str | None], ...] = ()

    def add(self, table: str, row: dict[str, Any]) -> None:
        """One more row for a table."""
        self.rows.setdefault(table, []).append(row)


def kept_sql(dialect: str) -> str:
    build, cast = ("json_object", "") if dialect == "sqlite" else ("json_build_object", "::text")
    pairs = ", ".join(f"'{name}', {name}" for name in ("fingerprint", "status", "etag", "location", "body"))
    return f"(select {build}({pairs}){cast} from idempotency where caller = :subject and key = :key)"


_MEDIATING = "select a.person_id from assignments a where a.case_id = c.id and a.role = 'mediator' and a.until is null"
_USCC = "(select o.uscc from organizations o where o.id = m.organization_id)"


def _references_sql(dialect: str) -> str:
    """The bodies and people that the input names, the body that handles the case and who mediates it."""
    if dialect == "sqlite":
        ids = "(select value from json_each(:references))"
        named = f"(select value from json_each(:references) union all {_MEDIATING})"
        return (
            "(select json_group_array(json_object('id', id, 'kind', kind, 'is_court_invited', is_court_invited, "
            f"'parent_id', parent_id, 'division', division, 'uscc', uscc, 'is_active', is_active)) from organizations "
            f"where id in {ids} or id = c.organization_id) as organizations, "
            "(select json_group_array(json_object('id', p.id, 'is_active', p.is_active, "
            f"'roles', m.roles, 'organization_id', m.organization_id, 'uscc', {_USCC})) from people p "
            f"left join memberships m on m.person_id = p.id and {running_sql(dialect)} "
            f"where p.kind = 'person' and p.id in {named}) as people"
        )
    ids = "(select jsonb_array_elements_text(cast(:references as jsonb)))"
    named = f"(select jsonb_array_elements_text(cast(:references as jsonb)) union all {_MEDIATING})"
    return (
        "(select coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'is_court_invited', is_court_invited, "
        "'parent_id', parent_id, 'division', division, 'uscc', uscc, 'is_active', is_active)), '[]')::text "
        f"from organizations where id in {ids} or id = c.organization_id) "
        "as organizations, "
        "(select coalesce(json_agg(json_build_object('id', p.id, 'is_active', p.is_active, "
        f"'roles', m.roles, 'organization_id', m.organization_id, 'uscc', {_USCC})), '[]')::text from people p "
        f"left join memberships m on m.person_id = p.id and {running_sql(dialect)} "
        f"where p.kind = 'person' and p.id in {named}) as people"
    )


def list_sql(dialect: str, column: str, source: str) -> str:
    if dialect == "sqlite":
        return f"(select json_group_array({column}) from {source})"
    return f"(select coalesce(json_agg({column}), '[]')::text from {source})"


def _pairs_sql(dialect: str) -> str:
    if dialect == "sqlite":
        return "(select json_group_object(id, wrapped) from subject_keys where case_id = c.id)"
    return "(select coalesce(json_object_agg(id, wrapped), '{}')::text from subject_keys where case_id = c.id)"


def _grants_sql(dialect: str, *, represents: bool) -> str:
    """What the actor, or who is represented, was granted on the case and nobody took back, over or not.

    Who broke the glass has it only while their body is still the handling one or above.
    """
    columns = ("id", "how", "person_id", "organization_id", "handling_id", "ceiling", "purpose", "until")
    build = "json_object" if dialect == "sqlite" else "json_build_object"
    pairs = ", ".join(f"'{name}', g.{name}" for name in columns)
    whose = "(p.subject = :subject or p.id = :represented)" if represents else "p.subject = :subject"
    source = (
        "grants g join people p on p.id = g.person_id "
        f"where g.case_id = c.id and {whose} and g.revoked_at is null and (g.how <> 'break_glass' or "
        f"g.organization_id = c.organization_id or g.organization_id in ({bodies_above_sql('c.organization_id')}))"
    )
    return list_sql(dialect, f"{build}({pairs})", source)


def _load_sql(dialect: str, *, represents: bool) -> str:
    columns = ", ".join(f"c.{name}" for name in names(tables.cases))
    parts = [f"{children(table, dialect)} as {name}" for name, table in COLLECTIONS.items()]
    standing = standing_sql("scope_id", "c.organization_id")
    scopes = list_sql(dialect, "scope_id", f"case_scope where case_id = c.id and {standing}")
    payload = "(select payload from history where case_id = c.id and id = :entry)"
    return (
        f"select {columns}, {', '.join(parts)}, {scopes} as scopes, {_pairs_sql(dialect)} as subject_keys, "
        f"{actor_sql(dialect)} as actor, {kept_sql(dialect)} as kept, {_references_sql(dialect)}, "
        f"{payload} as payload, {represented_sql(dialect) if represents else 'null'} as represented, "
        f"{_grants_sql(dialect, represents=represents)} as grants "
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
    unit.vault.expect(keys)
    wall = take_wall(row["id"], keys) if row["id"] else None
    people: dict[str, dict[str, Any]] = {}
    for person in orjson.loads(row["people"]):
        nobody: dict[str, Any] = {"is_active": person["is_active"], "roles": [], "organizations": [], "usccs": []}
        found = people.setdefault(person["id"], nobody)
        if person["roles"]:
            found["roles"].extend(orjson.loads(person["roles"]))
            found["organizations"].append(person["organization_id"])
            found["usccs"].append(person["uscc"])
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
        keys = orjson.loads(row["subject_keys"])
        case_key = case_key or open_key(unit, keys, row["id"])
        place = f"cases/{row['id']}/facts/{name}"
        facts[name] = orjson.loads(unit.vault.unseal(case_key, facts[name], place)) if case_key else {}
        if name == EMPLOYMENT:
            facts[name] = of_each_worker(unit, keys, facts[name], place)
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
    """Write everything, or nothing: False when the case changed since it was read; KeyTakenError.

    When a body above was moved meanwhile, the error of a lost serialization lets the unit run once more.
    """
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
    parameters |= {"home": _home_json(write.home), "bodies": len(write.home)} if write.home else {}
    sql = _one_statement(
        present, creates=write.read_version is None, closes=bool(write.closed_scopes), housed=bool(write.home)
    )
    written, standing = unit.row(statement(sql), parameters)
    if standing < len(write.home):
        msg = "a body above the case was moved meanwhile"
        raise psycopg.errors.SerializationFailure(msg)
    return bool(written)


def _home_json(home: Iterable[tuple[str, str | None]]) -> str:
    return orjson.dumps([{"id": body, "parent_id": above} for body, above in home]).decode()


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


_HOME = (
    "home as materialized (select o.id from jsonb_to_recordset(cast(:home as jsonb)) as h(id text, parent_id text) "
    "join organizations o on o.id = h.id and o.parent_id is not distinct from h.parent_id for key share of o)"
)
"""The bodies of the home that still stand where they were read. Whoever moves one waits until this is written, and so
finds the case; whoever was moved meanwhile is missing here, once the lock is had."""
_STANDS = "(select count(*) from home) = cast(:bodies as integer)"


@lru_cache
def _one_statement(present: tuple[str, ...], *, creates: bool, closes: bool, housed: bool) -> str:
    """One data-modifying CTE, every part gated on the compare-and-set, and on the home's place in the tree."""
    condition = _STANDS if housed else "true"
    gate = (
        insert_case(tables.cases, "postgresql", condition)
        if creates
        else update_case(tables.cases, "postgresql", _CASE_COLUMNS, condition)
    )
    parts = [_HOME] if housed else []
    parts.append(f"gate as ({gate} returning 1)")
    parts += [f"w_{name} as ({_rows_sql(name, 'postgresql', gated=True)})" for name in present]
    if closes:
        parts.append(f"closed as ({_CLOSE_SCOPES_GATED})")
    standing = "(select count(*) from home)" if housed else "0"
    return f"with {', '.join(parts)} select (select count(*) from gate), {standing}"


_FORGET_ANSWERS = statement("delete from idempotency where case_id = :case_id or case_id is null")


def forget_answers(unit: Unit, case_id: str) -> None:
    """Drop the answers kept about a case, and those of which nobody knows what they are about."""
    unit.execute(_FORGET_ANSWERS, {"case_id": case_id})


_HOLD = statement("select 1 from cases where id = :id for no key update")
_SCOPES = statement("select scope_id from case_scope where case_id = :id")


def hold_scopes(unit: Unit, case_id: str) -> frozenset[str]:
    """Every scope a case lies in; until this transaction ends nobody else writes the case or them."""
    if unit.dialect != "sqlite":
        unit.execute(_HOLD, {"id": case_id})
    return frozenset(row.scope_id for row in unit.execute(_SCOPES, {"id": case_id}))


def stamp(moment: datetime) -> str:
    """A moment as it is kept on both databases."""
    return moment.isoformat()

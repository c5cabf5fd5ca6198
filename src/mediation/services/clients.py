"""Other systems with an account of their own: a court's, a commission's, a partner's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import orjson

from mediation.domain.access import CLIENT_SUBJECT, AccountKind, Actor
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.domain.labels import Label
from mediation.domain.representation import WATCHING
from mediation.gateways.clock import real_now
from mediation.services.caller import Answer, Caller, Render
from mediation.services.client_proofs import PROOFS, proofs
from mediation.services.credentials import key_text, new_secret, secret_digest
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.directory import (
    ADMINISTRATORS,
    OFFICERS,
    administer,
    compare,
    existing,
    has_authority,
    refuse_above,
)
from mediation.services.identity import acting
from mediation.services.memberships import keep_memberships
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent, tables
from mediation.storage import clients as rows
from mediation.storage import people as people_rows
from mediation.storage.ids import new_id

MOST_VALID_KEYS: Final = 2
LONGEST_LIFE: Final = timedelta(days=180)
USUAL_LIFE: Final = timedelta(days=90)
READERS: Final = ADMINISTRATORS | OFFICERS


@consistent
def list_clients(unit: Unit, caller: Caller, organization_id: str | None, cursor: str | None, limit: int) -> CasePage:
    """Clients of one's own organization, or of one below it, in pages; for administrators and security officers."""
    actor = acting(people_rows.actor(unit, caller.subject, caller.today), caller)
    wanted = organization_id or actor.organization_id
    if not actor.roles & READERS or wanted is None or not has_authority(unit, actor, wanted):
        raise NotPermittedError(recorded_by=sorted(READERS))
    bound = f"clients|{caller.subject}|{wanted}"
    found = rows.page(unit, wanted, after=open_cursor(unit, cursor, bound) or "", limit=limit + 1)
    items = [document(row) for row in found[:limit]]
    return CasePage(items, seal_cursor(unit, items[-1]["id"], bound) if len(found) > limit else None)


@consistent
def read_client(unit: Unit, caller: Caller, client_id: str) -> dict[str, Any]:
    """One client with its API keys, by their names only; NotFoundError for whom it is none of."""
    actor = acting(people_rows.actor(unit, caller.subject, caller.today), caller)
    row = existing(rows.one(unit, client_id))
    if not actor.roles & READERS or not has_authority(unit, actor, row["organization_id"]):
        raise NotFoundError
    return document(row, rows.keys(unit, client_id))


def document(row: Mapping[str, Any], keys: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A client as plain values; with its keys where they are told."""
    told = {
        "id": row["id"],
        "version": row["version"],
        "organization_id": row["organization_id"],
        "name": row["name"],
        "roles": orjson.loads(row["roles"]),
        "is_active": bool(row["is_active"]),
        "jwks": orjson.loads(row["jwks"]) if row["jwks"] else None,
        "certificates": orjson.loads(row["certificates"]) if row["certificates"] else None,
        "certificate_subject": row["certificate_subject"],
        "may_act_for": orjson.loads(row["may_act_for"]),
        **{name: _text(row[name]) for name in ("created_at", "rotated_at", "last_used_at")},
    }
    return told if keys is None else {**told, "keys": [key_document(key) for key in keys]}


def key_document(row: Mapping[str, Any]) -> dict[str, Any]:
    """An API key as plain values: how it begins, never the secret."""
    moments = ("created_at", "expires_on", "revoked_at", "last_used_at")
    return {"id": row["id"], "prefix": key_text(row["id"], ""), **{name: _text(row[name]) for name in moments}}


def create_client(unit: Unit, caller: Caller, given: Mapping[str, Any], render: Render) -> Answer:
    """Register another system of an organization; an administrator of that organization or of one above may."""

    def change(actor: Actor) -> Answer:
        body = given["organization_id"]
        refuse_above(unit, actor, body, roles=ADMINISTRATORS)
        existing(people_rows.one(unit, tables.organizations, body))
        client_id = new_id()
        proven_by = dict.fromkeys(PROOFS) | _checked(unit, caller, body, given, {})
        person = {
            "id": client_id, "version": 1, "subject": f"{CLIENT_SUBJECT}{client_id}", "name": given["name"],
            "is_active": True, "kind": AccountKind.CLIENT,
        }  # fmt: skip
        membership = {
            "id": client_id, "person_id": client_id, "organization_id": body, "roles": _roles(given["roles"]),
            "since": caller.today.isoformat(), "until": None,
        }  # fmt: skip
        client = {
            "id": client_id, "organization_id": body, **proven_by,
            "may_act_for": orjson.dumps(given.get("may_act_for", [])).decode(), "created_at": caller.now.isoformat(),
            "created_by": actor.person_id, "rotated_at": caller.now.isoformat() if any(proven_by.values()) else None,
            "last_used_at": None,
        }  # fmt: skip
        people_rows.put(unit, tables.people, [person])
        keep_memberships(unit, [membership])
        people_rows.put(unit, tables.clients, [client])
        return _answer(unit, client_id, render, status=201)

    return administer(unit, caller, change, roles=ADMINISTRATORS)


def amend_client(unit: Unit, caller: Caller, client_id: str, changes: Mapping[str, Any], render: Render) -> Answer:
    """Rename a client, change its roles, keys or mandates, or close it: each takes effect with the next request.

    A security officer closes it, and changes nothing else.
    """

    def change(actor: Actor) -> Answer:
        row = _kept(unit, actor, client_id)
        if not actor.roles & ADMINISTRATORS and changes != {"is_active": False}:
            raise NotPermittedError(recorded_by=sorted(ADMINISTRATORS))
        compare(caller, row["version"])
        proven_by = _checked(unit, caller, row["organization_id"], changes, row)
        person = existing(people_rows.one(unit, tables.people, client_id))
        membership = existing(people_rows.one(unit, tables.memberships, client_id))
        own = {name: changes[name] for name in ("name", "is_active") if name in changes}
        people_rows.put(unit, tables.people, [{**person, **own, "version": person["version"] + 1}])
        if "roles" in changes:
            held = {**membership, "roles": _roles(changes["roles"]), "since": _text(membership["since"])}
            keep_memberships(unit, [held])
        _put(
            unit, client_id, **proven_by,
            **({"may_act_for": orjson.dumps(changes["may_act_for"]).decode()} if "may_act_for" in changes else {}),
            **({"rotated_at": caller.now.isoformat()} if proven_by.items() - row.items() else {}),
        )  # fmt: skip
        return _answer(unit, client_id, render)

    return administer(unit, caller, change, roles=READERS)


def issue_key(unit: Unit, caller: Caller, client_id: str, expires_on: date | None, render: Render) -> Answer:
    """Give a client an API key; its secret stands in this answer and nowhere else, not even in a replay of it.

    Two keys may be valid at a time, so that the new one is in use before the old one is revoked.
    """

    def change(actor: Actor) -> Answer:
        _kept(unit, actor, client_id)
        until = expires_on or caller.today + USUAL_LIFE
        if not caller.today <= until <= caller.today + LONGEST_LIFE:
            text = Label("有效期从今天起最长180日", "A key serves from today for 180 days at most.")
            raise InvalidInputError([InputError("/expires_on", "too_long", text)])
        valid = [row for row in rows.keys(unit, client_id) if _is_valid(row, caller.today)]
        if len(valid) >= MOST_VALID_KEYS:
            raise ConflictError(Label("已有两个有效密钥，请先停用一个", "Two keys are valid already; revoke one first"))
        secret, key_id = new_secret(), new_id()
        row = {
            "id": key_id, "client_id": client_id, "digest": secret_digest(unit, key_id, secret),
            "created_at": caller.now.isoformat(), "created_by": actor.person_id, "expires_on": until.isoformat(),
            "revoked_at": None, "last_used_at": None,
        }  # fmt: skip
        people_rows.put(unit, tables.client_keys, [row])
        _put(unit, client_id, rotated_at=caller.now.isoformat())
        told = key_document(row)
        where = f"/v1/clients/{client_id}/keys/{key_id}"
        shown = render({**told, "key": key_text(key_id, secret)})
        return Answer(201, shown, None, where, kept=render({**told, "key": None}))

    return administer(unit, caller, change, roles=ADMINISTRATORS)


def revoke_key(unit: Unit, caller: Caller, client_id: str, key_id: str, render: Render) -> Answer:
    """Take an API key back: the next request under it is refused. A security officer may, too."""

    def change(actor: Actor) -> Answer:
        _kept(unit, actor, client_id)
        row = existing(people_rows.one(unit, tables.client_keys, key_id))
        if row["client_id"] != client_id:
            raise NotFoundError
        if row["revoked_at"] is not None:
            raise ConflictError(Label("该密钥已停用", "The key has been revoked already"))
        row = {name: _text(value) for name, value in row.items()} | {"revoked_at": caller.now.isoformat()}
        people_rows.put(unit, tables.client_keys, [row])
        return Answer(200, render(key_document(row)))

    return administer(unit, caller, change, roles=READERS)


def _kept(unit: Unit, actor: Actor, client_id: str) -> dict[str, Any]:
    """The client, where the actor administers its organization; NotFoundError elsewhere."""
    row = existing(rows.one(unit, client_id))
    if not has_authority(unit, actor, row["organization_id"]):
        raise NotFoundError
    return row


def _checked(
    unit: Unit, caller: Caller, body: str, given: Mapping[str, Any], standing: Mapping[str, Any]
) -> dict[str, Any]:
    """The columns of what it proves itself by; InvalidInputError for roles, proofs and people a system cannot have."""
    errors = [
        InputError(f"/roles/{number}", "not_for_systems", Label("系统账号不能担任该角色", "No system has this role."))
        for number, role in enumerate(given.get("roles", ()))
        if role in WATCHING
    ]
    text = Label("该人员不在该组织任职", "This person has no membership in the organization.")
    errors += [
        InputError(f"/may_act_for/{number}", "not_a_colleague", text)
        for number, person_id in enumerate(given.get("may_act_for", ()))
        if not _belongs(unit, person_id, body, caller.today)
    ]
    columns, unusable = proofs(given, standing, real_now())
    if errors or unusable:
        raise InvalidInputError([*errors, *unusable])
    return columns


def _belongs(unit: Unit, person_id: str, body: str, today: date) -> bool:
    memberships, is_active = people_rows.standing(unit, person_id, today)
    return is_active and any(row["organization_id"] == body for row in memberships)


def _is_valid(row: Mapping[str, Any], today: date) -> bool:
    return row["revoked_at"] is None and str(row["expires_on"]) >= today.isoformat()


def _put(unit: Unit, client_id: str, **changes: Any) -> None:
    """Change columns of a client's own row."""
    row = existing(people_rows.one(unit, tables.clients, client_id))
    people_rows.put(unit, tables.clients, [{name: _text(value) for name, value in row.items()} | changes])


def _answer(unit: Unit, client_id: str, render: Render, *, status: int = 200) -> Answer:
    row = existing(rows.one(unit, client_id))
    shown = render(document(row, rows.keys(unit, client_id)))
    where = f"/v1/clients/{client_id}" if status == 201 else None  # noqa: PLR2004 - the status says it
    return Answer(status, shown, f'"{row["version"]}"', where)


def _roles(given: list[str]) -> str:
    return orjson.dumps(sorted(set(given))).decode()


def _text(value: Any) -> Any:
    """A day or a moment as text, whichever the database gave."""
    return value.isoformat() if isinstance(value, date) else value

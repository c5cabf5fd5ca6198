"""People and their memberships: who may sign in, and what they are where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from mediation.domain.access import RESERVED_SUBJECTS, AccountKind, Actor, MembershipRole
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.domain.labels import Label
from mediation.domain.representation import WATCHING
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.directory import (
    ADMINISTRATORS,
    HOUSES,
    KEEPERS,
    OFFICERS,
    administer,
    compare,
    existing,
    has_authority,
    plain,
    refuse_above,
)
from mediation.services.identity import acting, roles_held
from mediation.services.memberships import end, keep_memberships, refuse_to_leave_alone
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent, tables
from mediation.storage import people as rows
from mediation.storage.ids import new_id


def me(unit: Unit, caller: Caller) -> dict[str, Any]:
    """Who the token stands for, and the membership this request acts under."""
    row = rows.actor(unit, caller.subject, caller.today)
    actor = acting(row, caller)
    memberships = [
        {**membership, "roles": orjson.loads(membership["roles"])} for membership in (row or {})["memberships"]
    ]
    return {
        "id": actor.person_id,
        "subject": caller.subject,
        "name": actor.name,
        "kind": actor.kind,
        "acting_as": actor.organization_id,
        "roles": sorted(actor.roles),
        "resting": sorted(_chosen(row, actor) - actor.roles),
        "memberships": memberships,
    }


def _chosen(row: Mapping[str, Any] | None, actor: Actor) -> frozenset[str]:
    """The roles on file in the body acted for."""
    memberships = (row or {}).get("memberships", ())
    return roles_held(m for m in memberships if m["organization_id"] == actor.organization_id)


@consistent
def list_people(unit: Unit, caller: Caller, cursor: str | None, limit: int) -> CasePage:
    """People of the organization one acts for, in pages."""
    actor = acting(rows.actor(unit, caller.subject, caller.today), caller)
    if actor.organization_id is None:
        raise NotPermittedError
    bound = f"people|{actor.organization_id}"
    after = open_cursor(unit, cursor, bound) or ""
    found: dict[str, dict[str, Any]] = {}
    for row in rows.memberships(unit, organization_id=actor.organization_id):
        if row["person_kind"] == AccountKind.PERSON and _counts(row, caller.today) and row["person_id"] > after:
            person = found.setdefault(
                row["person_id"], {"id": row["person_id"], "name": row["person_name"], "roles": []}
            )
            person["roles"].extend(orjson.loads(row["roles"]))
    ordered = [found[key] for key in sorted(found)]
    items = ordered[:limit]
    more = seal_cursor(unit, items[-1]["id"], bound) if len(ordered) > limit else None
    return CasePage(list(items), more)


@consistent
def read_person(unit: Unit, caller: Caller, person_id: str) -> dict[str, Any]:
    """One person with their memberships; colleagues of the same body, or those who keep the directory, may."""
    actor = acting(rows.actor(unit, caller.subject, caller.today), caller)
    person = existing(rows.one(unit, tables.people, person_id))
    theirs = rows.memberships(unit, person_id=person_id)
    colleague = any(m["organization_id"] == actor.organization_id for m in theirs)
    if not (colleague or person_id == actor.person_id or actor.roles & (KEEPERS | OFFICERS)):
        raise NotFoundError
    return _document(person, theirs)


def _document(person: Mapping[str, Any], memberships: list[dict[str, Any]]) -> dict[str, Any]:
    shown = [{**plain(row), "roles": orjson.loads(row["roles"])} for row in memberships]
    return {**plain(person), "memberships": shown}


def create_person(unit: Unit, caller: Caller, given: Mapping[str, Any], render: Render) -> Answer:
    """Register somebody under the subject their tokens carry.

    An administrator may, and a supervisor of a union or a body that mediates, who then gives them a membership.
    """

    def change(_actor: Actor) -> Answer:
        if given["subject"].startswith(RESERVED_SUBJECTS):
            text = Label("该前缀保留给系统账号和查阅链接", "This beginning is kept for other systems and access links")
            raise InvalidInputError([InputError("/subject", "reserved", text)])
        if rows.actor(unit, given["subject"], caller.today) is not None:
            raise ConflictError(Label("该账号已登记", "This subject is registered already"))
        row = {
            "id": new_id(),
            "version": 1,
            "subject": given["subject"],
            "name": given["name"],
            "is_active": True,
            "kind": AccountKind.PERSON,
        }
        rows.put(unit, tables.people, [row])
        return Answer(201, render(_document(row, [])), '"1"', f"/v1/people/{row['id']}")

    return administer(unit, caller, change, roles=KEEPERS, kinds=HOUSES)


def amend_person(unit: Unit, caller: Caller, person_id: str, changes: Mapping[str, Any], render: Render) -> Answer:
    """Correct a name, or deactivate an account: it takes effect with the next request.

    A name is corrected by who has authority (for their own organization and those below) over one of the person's
    running memberships. Deactivating, and taking that back, is for who has authority over every one of them, or for
    an administrator with authority over one. Accounts without a running membership are kept by administrators, and so
    are those of people who watch over others. A security officer closes what an administrator may, and nothing else.
    The only administrator of a body with none above it does not close their own account.
    """

    def change(actor: Actor) -> Answer:
        row = _person(unit, person_id)
        memberships = rows.memberships(unit, person_id=person_id)
        was_active = bool(row["is_active"])
        closes = changes.get("is_active", was_active) != was_active
        running = _running(memberships, caller.today)
        if not actor.roles & KEEPERS and changes != {"is_active": False}:
            raise NotPermittedError(recorded_by=sorted(KEEPERS))
        _refuse_strangers(unit, actor, running, closes=closes)
        if closes and was_active and person_id == actor.person_id:
            for kept in running:
                _refuse_to_leave(unit, kept, caller.today)
        compare(caller, row["version"])
        row = {**row, **changes, "version": row["version"] + 1}
        rows.put(unit, tables.people, [row])
        return Answer(200, render(_document(row, memberships)), f'"{row["version"]}"')

    return administer(unit, caller, change, roles=KEEPERS | OFFICERS)


def _person(unit: Unit, person_id: str) -> dict[str, Any]:
    """The account of a natural person; ConflictError for a system's, NotFoundError."""
    row = existing(rows.one(unit, tables.people, person_id))
    if row["kind"] != AccountKind.PERSON:
        raise ConflictError(Label("系统账号请在 /v1/clients 维护", "Accounts of systems are kept at /v1/clients"))
    return row


def _running(memberships: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """Memberships that have not ended, those still to begin included."""
    return [row for row in memberships if row["until"] is None or str(row["until"]) > today.isoformat()]


def _counts(membership: Mapping[str, Any], today: date) -> bool:
    """Whether a membership counts today: from `since` on, and until the day before `until`."""
    return str(membership["since"]) <= today.isoformat() and bool(_running([dict(membership)], today))


def _watches(memberships: list[dict[str, Any]]) -> bool:
    """Whether one of these memberships gives a role that watches over others."""
    return any(WATCHING & {*orjson.loads(row["roles"])} for row in memberships)


def _refuse_strangers(unit: Unit, actor: Actor, memberships: list[dict[str, Any]], *, closes: bool) -> None:
    """Raise unless the actor keeps the account with these memberships; `closes`: it is opened or closed."""
    running = sorted({row["organization_id"] for row in memberships})
    if actor.roles & (ADMINISTRATORS | OFFICERS):
        if running and not any(has_authority(unit, actor, body) for body in running):
            raise NotPermittedError(recorded_by=sorted(ADMINISTRATORS))
        return
    if not running or (closes and _watches(memberships)):
        raise NotPermittedError(recorded_by=sorted(ADMINISTRATORS))
    enough = all if closes else any
    if not enough(has_authority(unit, actor, body) for body in running):
        raise NotPermittedError(recorded_by=sorted(KEEPERS))


def add_membership(unit: Unit, caller: Caller, person_id: str, given: Mapping[str, Any], render: Render) -> Answer:
    """Give a person roles in an organization of one's own part of the tree.

    Nobody gives anything to themselves, and a supervisor none of the roles of those who watch over others. Who has a
    membership elsewhere gets a further one from an administrator with authority over every one of those bodies.
    """

    def change(actor: Actor) -> Answer:
        body = given["organization_id"]
        _person(unit, person_id)
        if not has_authority(unit, actor, body):
            existing(rows.one(unit, tables.organizations, body))
            raise NotPermittedError(recorded_by=sorted(KEEPERS))
        is_administrator = bool(actor.roles & ADMINISTRATORS)
        if person_id == actor.person_id or (not is_administrator and WATCHING & {*given["roles"]}):
            raise NotPermittedError(recorded_by=sorted(ADMINISTRATORS))
        running = _running(rows.memberships(unit, person_id=person_id), caller.today)
        elsewhere = sorted({row["organization_id"] for row in running} - {body})
        if elsewhere and not (is_administrator and all(has_authority(unit, actor, other) for other in elsewhere)):
            raise NotPermittedError(recorded_by=sorted(ADMINISTRATORS))
        since: date = given.get("since") or caller.today
        _refuse_backwards(since, given.get("until"))
        row = {
            "id": new_id(),
            "person_id": person_id,
            "organization_id": body,
            "roles": orjson.dumps(sorted(set(given["roles"]))).decode(),
            "since": since.isoformat(),
            "until": given["until"].isoformat() if given.get("until") else None,
        }
        keep_memberships(unit, [row])
        where = f"/v1/people/{person_id}/memberships/{row['id']}"
        return Answer(201, render({**row, "roles": orjson.loads(str(row["roles"]))}), None, where)

    return administer(unit, caller, change, roles=KEEPERS)


def end_membership(unit: Unit, caller: Caller, person_id: str, membership_id: str, render: Render) -> Answer:
    """End a membership as of today: it no longer counts. One of who watches over others is ended by administrators."""

    def change(actor: Actor) -> Answer:
        row = existing(rows.one(unit, tables.memberships, membership_id))
        if row["person_id"] != person_id:
            raise NotFoundError
        _person(unit, person_id)
        refuse_above(unit, actor, row["organization_id"], roles=KEEPERS)
        if _watches([row]) and not actor.roles & ADMINISTRATORS:
            raise NotPermittedError(recorded_by=sorted(ADMINISTRATORS))
        if not _running([row], caller.today):
            raise ConflictError(Label("任职已经结束", "The membership has already ended"))
        if person_id == actor.person_id:
            _refuse_to_leave(unit, row, caller.today)
        row = end(unit, plain(row), caller.today)
        return Answer(200, render({**row, "roles": orjson.loads(row["roles"])}))

    return administer(unit, caller, change, roles=KEEPERS)


def _refuse_to_leave(unit: Unit, own: Mapping[str, Any], today: date) -> None:
    """Raise where the only administrator of a body with none above it would give up this membership of their own."""
    if MembershipRole.ADMIN in orjson.loads(own["roles"]):
        refuse_to_leave_alone(unit, own["person_id"], own["organization_id"], today)


def _refuse_backwards(since: date, until: date | None) -> None:
    """A membership counts for a day at least."""
    if until is not None and until <= since:
        text = Label("结束日应晚于开始日", "It ends after the day on which it begins")
        raise InvalidInputError([InputError("/until", "before_start", text)])

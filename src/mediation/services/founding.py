"""A body at the top of a tree and its three administrators: put in place by whoever runs the service, not over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from mediation.domain.access import AccountKind, MembershipRole
from mediation.domain.errors import ConflictError, NotFoundError
from mediation.domain.labels import Label
from mediation.services.memberships import keep_memberships
from mediation.services.organizations import refuse_taken
from mediation.storage import Unit, tables
from mediation.storage import people as rows
from mediation.storage.ids import new_id


def found(unit: Unit, body: Mapping[str, Any], administrator: Mapping[str, Any], today: date) -> str:
    """Put a body in place with its first administrator (`subject`, `name`), who keeps all below it; gives its id.

    ConflictError when the short name is taken, or the subject has an account already: an administrator is nobody else.
    """
    with unit.transaction():
        rows.lock(unit)
        refuse_taken(unit, body["short_name"])
        if rows.actor(unit, administrator["subject"], today) is not None:
            raise ConflictError(Label("该账号已登记", "This subject is registered already"))
        organization = {
            "division": None, "uscc": None, "is_court_invited": False, "is_active": True,
            **body, "id": new_id(), "version": 1, "parent_id": None,
        }  # fmt: skip
        rows.put(unit, tables.organizations, [organization])
        _give(unit, _register(unit, administrator), str(organization["id"]), MembershipRole.ADMIN, today)
    return str(organization["id"])


def appoint(unit: Unit, short_name: str, role: MembershipRole, person: Mapping[str, Any], today: date) -> None:
    """Make somebody (`subject`, `name`) one of the three administrators of a body that has none above it.

    It is how the first of each comes into place, and how a body gets on whose only administrator is gone. An account
    is made where the subject has none. NotFoundError for an unknown body, ConflictError for one that is administered
    from above or an account that is closed, RolesApartError for who has another of the three roles.
    """
    with unit.transaction():
        rows.lock(unit)
        found = rows.page(unit, tables.organizations, after="", limit=1, where={"short_name": short_name})
        if not found:
            raise NotFoundError(Label("没有该简称的组织", f"No body has the short name {short_name}"))
        if found[0]["parent_id"] is not None:
            text = Label("请由上级组织的系统管理员设定", "An administrator of the body above it appoints there")
            raise ConflictError(text)
        account = rows.actor(unit, person["subject"], today)
        if account is not None and not account["active"]:
            raise ConflictError(Label("该账号已停用", "The account of this subject is closed"))
        person_id = account["id"] if account is not None else _register(unit, person)
        _give(unit, person_id, found[0]["id"], role, today)


def _register(unit: Unit, person: Mapping[str, Any]) -> str:
    row = {**person, "id": new_id(), "version": 1, "is_active": True, "kind": AccountKind.PERSON}
    rows.put(unit, tables.people, [row])
    return str(row["id"])


def _give(unit: Unit, person_id: str, organization_id: str, role: MembershipRole, today: date) -> None:
    membership = {
        "id": new_id(), "person_id": person_id, "organization_id": organization_id,
        "roles": orjson.dumps([role]).decode(), "since": today.isoformat(), "until": None,
    }  # fmt: skip
    keep_memberships(unit, [membership])

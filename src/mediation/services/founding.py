"""A body at the top of a tree with its first administrator: put in place by whoever runs the service, not over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from mediation.domain.access import AccountKind, MembershipRole
from mediation.domain.errors import ConflictError
from mediation.domain.labels import Label
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
        person = {**administrator, "id": new_id(), "version": 1, "is_active": True, "kind": AccountKind.PERSON}
        membership = {
            "id": new_id(), "person_id": person["id"], "organization_id": organization["id"],
            "roles": orjson.dumps([MembershipRole.ADMIN]).decode(), "since": today.isoformat(), "until": None,
        }  # fmt: skip
        rows.put(unit, tables.organizations, [organization])
        rows.put(unit, tables.people, [person])
        rows.put(unit, tables.memberships, [membership])
    return str(organization["id"])

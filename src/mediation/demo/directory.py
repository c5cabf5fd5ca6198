"""The demo's directory as rows: organizations above those below them, people, memberships."""

import json
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from mediation.demo.people import NAMESPACE, ORGANIZATIONS, PEOPLE, organization

SINCE: Final = date(2010, 1, 1)
"""Everybody has been where they are since before the oldest case of the demo."""


def organizations() -> list[Mapping[str, Any]]:
    """Give the organizations, a parent before its children."""
    return [
        {
            "id": row.id,
            "version": 1,
            "parent_id": organization(row.parent).id if row.parent else None,
            "kind": str(row.kind),
            "name": row.name,
            "short_name": row.short_name,
            "division": row.division,
            "uscc": None,
            "is_court_invited": False,
            "is_active": True,
        }
        for row in ORGANIZATIONS
    ]


def people() -> list[Mapping[str, Any]]:
    """Give everybody who can sign in."""
    return [
        {"id": row.id, "version": 1, "subject": row.subject, "name": row.name, "is_active": True, "kind": "person"}
        for row in PEOPLE
    ]


def memberships() -> list[Mapping[str, Any]]:
    """Give who is what where."""
    return [
        {
            "id": str(uuid.uuid5(NAMESPACE, f"membership/{row.subject}/{code}")),
            "person_id": row.id,
            "organization_id": organization(code).id,
            "roles": json.dumps(list(roles)),
            "since": SINCE.isoformat(),
            "until": None,
        }
        for row in PEOPLE
        for code, roles in row.memberships
    ]

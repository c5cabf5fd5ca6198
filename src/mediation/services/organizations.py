"""Organizations: the tree of bodies that take part in cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mediation.domain.access import Actor
from mediation.domain.errors import ConflictError, InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.organizations import ORGANIZATION_KINDS, OrganizationKind
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.directory import ADMINISTRATORS, administer, compare, existing, plain, refuse_above
from mediation.services.identity import acting
from mediation.services.moves import place_below, refuse_move
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent, tables
from mediation.storage import people as rows
from mediation.storage.ids import new_id


@consistent
def list_organizations(unit: Unit, caller: Caller, cursor: str | None, limit: int) -> CasePage:
    """Organizations in the order of their ids, in pages."""
    acting(rows.actor(unit, caller.subject, caller.today), caller)
    after = open_cursor(unit, cursor, "organizations") or ""
    found = rows.page(unit, tables.organizations, after=after, limit=limit + 1)
    items = [document(row) for row in found[:limit]]
    more = seal_cursor(unit, items[-1]["id"], "organizations") if len(found) > limit else None
    return CasePage(items, more)


@consistent
def read_organization(unit: Unit, caller: Caller, organization_id: str) -> dict[str, Any]:
    """One organization, with what the law makes of its kind."""
    acting(rows.actor(unit, caller.subject, caller.today), caller)
    return document(existing(rows.one(unit, tables.organizations, organization_id)))


def document(row: Mapping[str, Any]) -> dict[str, Any]:
    """An organization as plain values with its kind's label and powers."""
    profile = ORGANIZATION_KINDS[OrganizationKind(row["kind"])]
    return {
        **plain(row),
        "kind": {"code": row["kind"], "zh": profile.label.zh, "en": profile.label.en},
        "is_mediation_body": profile.is_mediation_body,
        "is_article_10": profile.is_article_10,
    }


def create_organization(unit: Unit, caller: Caller, given: Mapping[str, Any], render: Render) -> Answer:
    """Add a body below one's own; an administrator of the body above may."""

    def change(actor: Actor) -> Answer:
        refuse_above(unit, actor, given.get("parent_id"), roles=ADMINISTRATORS)
        refuse_taken(unit, given["short_name"])
        row = {
            "division": None, "uscc": None, "is_court_invited": False, "is_active": True,
            **given, "id": new_id(), "version": 1,
        }  # fmt: skip
        rows.put(unit, tables.organizations, [row])
        return Answer(201, render(document(row)), '"1"', f"/v1/organizations/{row['id']}")

    return administer(unit, caller, change, roles=ADMINISTRATORS)


def amend_organization(
    unit: Unit, caller: Caller, organization_id: str, changes: Mapping[str, Any], render: Render
) -> Answer:
    """Correct a body of one's own part of the tree, or move it: with `parent_id`, by who is above both places."""

    def change(actor: Actor) -> Answer:
        row = existing(rows.one(unit, tables.organizations, organization_id))
        refuse_above(unit, actor, organization_id, roles=ADMINISTRATORS)
        compare(caller, row["version"])
        if changes.get("is_active") is False and organization_id == actor.organization_id:
            text = Label("不能停用自己所在的组织", "You cannot close the organization you act for")
            raise InvalidInputError([InputError("/is_active", "own_organization", text)])
        if changes.get("short_name", row["short_name"]) != row["short_name"]:
            refuse_taken(unit, changes["short_name"])
        if changes.get("parent_id", row["parent_id"]) != row["parent_id"]:
            refuse_move(unit, actor, row, changes["parent_id"])
            place_below(unit, row, changes["parent_id"], caller.now, actor.person_id)
        row = {**row, **changes, "version": row["version"] + 1}
        rows.put(unit, tables.organizations, [row])
        return Answer(200, render(document(row)), f'"{row["version"]}"')

    return administer(unit, caller, change, roles=ADMINISTRATORS)


def refuse_taken(unit: Unit, short_name: str) -> None:
    """Raise when another body's case numbers begin with this name: two cases would bear the same number."""
    if rows.page(unit, tables.organizations, after="", limit=1, where={"short_name": short_name}):
        raise ConflictError(Label("简称已被其他组织使用", "Another organization has this short name"))

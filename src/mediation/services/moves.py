"""Moving a body in the tree: at once for whatever is judged by the tree, and case by case for lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mediation.domain.access import Actor
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotPermittedError
from mediation.domain.labels import Label
from mediation.services.caller import Caller
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.directory import ADMINISTRATORS, KEEPERS, existing, has_authority
from mediation.services.identity import acting
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent, homes, tables
from mediation.storage import moves as rows
from mediation.storage import people as people_rows
from mediation.storage.ids import new_id

COMMAND_LINE = "command line"
"""Who moved a body, where whoever runs the service did."""


def refuse_move(unit: Unit, actor: Actor, row: Mapping[str, Any], parent_id: str | None) -> None:
    """Raise unless the actor's body is above this one, and the new place is theirs or below; InvalidInputError.

    Nobody has authority over where a body without one above it belongs, nor takes one out of the tree: that is done
    by whoever runs the service.
    """
    if row["parent_id"] is None or parent_id is None:
        text = Label(
            "没有上级组织的,或移出组织树的,由系统运行者用命令 mediation organization move 办理",
            "A body at the top, or one to be put there, is moved by whoever runs the service: "
            "mediation organization move",
        )
        raise InvalidInputError([InputError("/parent_id", "top_of_the_tree", text)])
    if not (has_authority(unit, actor, row["parent_id"]) and has_authority(unit, actor, parent_id)):
        raise NotPermittedError(recorded_by=sorted(ADMINISTRATORS))


def place_below(unit: Unit, row: Mapping[str, Any], parent_id: str | None, now: datetime, by: str) -> None:
    """Keep the move of a body in the transaction that gives it the new parent; the worker lets its cases follow.

    InvalidInputError when there is no such active body, or it is the moved one or lies below it.
    """
    rows.hold_body(unit, row["id"])
    if parent_id is not None:
        _refuse_place(unit, row["id"], parent_id)
    rows.keep(
        unit,
        {
            "id": new_id(),
            "organization_id": row["id"],
            "old_parent_id": row["parent_id"],
            "new_parent_id": parent_id,
            "moved_at": now.isoformat(),
            "moved_by": by,
        },
    )


def _refuse_place(unit: Unit, organization_id: str, parent_id: str) -> None:
    parent = people_rows.one(unit, tables.organizations, parent_id)
    if parent is None or not parent["is_active"]:
        text = Label("没有此上级组织,或已停用", "There is no such active body")
        raise InvalidInputError([InputError("/parent_id", "organization_unknown", text)])
    if organization_id in {body for body, _ in homes.place(unit, parent_id)}:
        text = Label("上级组织不能是其自身或其下级", "A body cannot be put below itself or a body below it")
        raise InvalidInputError([InputError("/parent_id", "below_itself", text)])


def move_by_hand(unit: Unit, organization_id: str, parent_id: str | None, now: datetime) -> None:
    """Move a body anywhere, also to the top or from there; for whoever runs the service.

    NotFoundError, ConflictError when it is there already, InvalidInputError.
    """
    with unit.transaction():
        people_rows.lock(unit)
        row = existing(people_rows.one(unit, tables.organizations, organization_id))
        if row["parent_id"] == parent_id:
            raise ConflictError(Label("该组织已在此处", "The body is there already"))
        place_below(unit, row, parent_id, now, COMMAND_LINE)
        moved = {**row, "parent_id": parent_id, "version": row["version"] + 1}
        people_rows.put(unit, tables.organizations, [moved])


@consistent
def list_organization_moves(
    unit: Unit, caller: Caller, organization_id: str, cursor: str | None, limit: int
) -> CasePage:
    """The moves of one body, newest first, in pages; for who keeps the directory there or above."""
    actor = acting(people_rows.actor(unit, caller.subject, caller.today), caller)
    existing(people_rows.one(unit, tables.organizations, organization_id))
    if not (actor.roles & KEEPERS and has_authority(unit, actor, organization_id)):
        raise NotPermittedError(recorded_by=sorted(KEEPERS))
    bound = f"organization_moves|{organization_id}"
    before = open_cursor(unit, cursor, bound)
    found = rows.page(unit, organization_id, before=before, limit=limit + 1)
    items = [document(row) for row in found[:limit]]
    return CasePage(items, seal_cursor(unit, items[-1]["id"], bound) if len(found) > limit else None)


def document(row: Mapping[str, Any]) -> dict[str, Any]:
    """One move as plain values, with how far its cases have followed."""
    moments = {name: value.isoformat() if value else None for name, value in row.items() if name.endswith("_at")}
    is_over = row["finished_at"] is not None
    waits = row["listed_at"] is None
    return {**row, **moments, "status": "finished" if is_over else "waiting" if waits else "running"}

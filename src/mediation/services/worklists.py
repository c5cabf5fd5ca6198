"""Worklists: cases of one scope in pages, nearest deadline first; what was sent to a body, the latest first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from mediation.domain.access import Actor, below_scope, organization_scope, person_scope, scopes_of, sent_scope
from mediation.domain.dispatch import lies_with
from mediation.domain.errors import (
    InputError,
    InvalidInputError,
    NotPermittedError,
)
from mediation.domain.labels import Label
from mediation.domain.sight import Sight, row_sight, seen_row, shown_row
from mediation.services.caller import Caller
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import acting
from mediation.services.requests import CaseQuery
from mediation.services.views import CasePage
from mediation.storage import Unit
from mediation.storage import worklists as rows


def list_cases(unit: Unit, caller: Caller, query: CaseQuery) -> CasePage:
    """One page of one scope, in its order."""
    query = replace(query, is_open=query.is_open is not False)
    _check_flags(query)
    position = open_cursor(unit, query.cursor, _bound(caller, query))
    after = (position[:10], position[11:]) if position else None
    page = rows.page(
        unit, subject=caller.subject, today=caller.today, acting_as=caller.acting_as, query=query, after=after
    )
    actor = acting(page.actor, caller)
    sight = row_sight(actor, check_scope(actor, query.scope))
    _refuse_hidden(query, sight)
    items = page.items[: query.limit]
    cursor = None
    if len(page.items) > query.limit:
        last = items[-1]
        position = f"{last['listed_by']}.{last['id']}"
        cursor = seal_cursor(unit, position, _bound(caller, query))
    return CasePage([_shown(item, seen_row(sight, actor, item.pop("own_side"))) for item in items], cursor)


def _shown(item: dict[str, Any], sight: Sight) -> dict[str, Any]:
    """A row up to this sight; for who it was sent to, with its state only while the case lies with them."""
    facts, listed_by = orjson.loads(item.pop("facts") or "{}"), item.pop("listed_by")
    is_here = lies_with(sight.organization_id, sight.roles, item["state"]["code"], facts)
    return shown_row(item, sight, sent_on=listed_by, is_here=is_here)


def _refuse_hidden(query: CaseQuery, sight: Sight) -> None:
    """NotPermittedError for a filter by what a list does not show: it would tell it all the same."""
    hidden = {
        "flags": bool(_OF_WORK & set(query.flags)) and not sight.is_inside,
        **(_of_course(query) if sight.is_from_dispatch else {}),
    }
    found = [name for name, is_hidden in hidden.items() if is_hidden]
    if found:
        raise NotPermittedError(filters=found)


def _of_course(query: CaseQuery) -> dict[str, bool]:
    """Filters by how a case goes on: to whom it was sent, that is not told."""
    return {
        "deadline_before": query.deadline_before is not None,
        "flags": bool(query.flags),
        "is_open": not query.is_open,
        "organization_id": query.organization_id is not None,
        "stage": query.stage is not None,
        "state": query.state is not None,
    }


_OF_WORK = frozenset({"tasks", "risk"})


def check_scope(actor: Actor, scope: str) -> str:
    """Give the id of a scope of this actor; NotPermittedError for one they do not look into."""
    wanted = {
        "me": person_scope(actor.person_id),
        "organization": organization_scope(actor.organization_id or ""),
        "below": below_scope(actor.organization_id or ""),
        "sent": sent_scope(actor.organization_id or ""),
    }[scope]
    if wanted not in scopes_of(actor):
        raise NotPermittedError(scope=scope)
    return wanted


def _bound(caller: Caller, query: CaseQuery) -> str:
    return f"{caller.subject}|{caller.acting_as}|{replace(query, cursor=None, limit=0)}"


def _check_flags(query: CaseQuery) -> None:
    unknown = set(query.flags) - set(rows.FLAGS)
    if unknown:
        known = ", ".join(rows.FLAGS)
        text = Label(f"可用的标记: {known}", f"Known flags: {known}")
        raise InvalidInputError([InputError("query:flags", "unknown_flag", text)])

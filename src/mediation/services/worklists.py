"""Worklists: cases of one scope in pages, nearest deadline first."""

from __future__ import annotations

from dataclasses import replace

from mediation.domain.access import below_scope, organization_scope, person_scope, scopes_of, sent_scope
from mediation.domain.errors import (
    InputError,
    InvalidInputError,
    NotPermittedError,
)
from mediation.domain.labels import Label
from mediation.services.caller import Caller
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import acting
from mediation.services.requests import CaseQuery
from mediation.services.views import CasePage
from mediation.storage import Unit
from mediation.storage import worklists as rows
from mediation.storage.tables import FOREVER


def list_cases(unit: Unit, caller: Caller, query: CaseQuery) -> CasePage:
    """One page of one scope, nearest deadline first."""
    query = replace(query, is_open=query.is_open is not False)
    _check_flags(query)
    position = open_cursor(unit, query.cursor, _bound(caller, query))
    after = (position[:10], position[11:]) if position else None
    page = rows.page(unit, subject=caller.subject, acting_as=caller.acting_as, query=query, after=after)
    actor = acting(page.actor, caller)
    wanted = {
        "me": person_scope(actor.person_id),
        "organization": organization_scope(actor.organization_id or ""),
        "below": below_scope(actor.organization_id or ""),
        "sent": sent_scope(actor.organization_id or ""),
    }[query.scope]
    if wanted not in scopes_of(actor):
        raise NotPermittedError(scope=query.scope)
    items = page.items[: query.limit]
    cursor = None
    if len(page.items) > query.limit:
        last = items[-1]
        position = f"{last['next_due'] or FOREVER}.{last['id']}"
        cursor = seal_cursor(unit, position, _bound(caller, query))
    return CasePage(items, cursor)


def _bound(caller: Caller, query: CaseQuery) -> str:
    return f"{caller.subject}|{caller.acting_as}|{replace(query, cursor=None, limit=0)}"


def _check_flags(query: CaseQuery) -> None:
    unknown = set(query.flags) - set(rows.FLAGS)
    if unknown:
        known = ", ".join(rows.FLAGS)
        text = Label(f"可用的标记: {known}", f"Known flags: {known}")
        raise InvalidInputError([InputError("query:flags", "unknown_flag", text)])

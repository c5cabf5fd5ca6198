"""Worklists: cases of one scope in pages, nearest deadline first."""

from __future__ import annotations

from dataclasses import replace

from mediation.domain.access import Actor, below_scope, organization_scope, person_scope, scopes_of, sent_scope
from mediation.domain.dispatch import OWN_MAIN_STATES
from mediation.domain.errors import (
    InputError,
    InvalidInputError,
    NotPermittedError,
)
from mediation.domain.labels import Label
from mediation.domain.sight import Sight, may_search, row_sight, shown_row
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
        position = f"{last['next_due'] or FOREVER}.{last['id']}"
        cursor = seal_cursor(unit, position, _bound(caller, query))
    return CasePage([shown_row(item, sight, OWN_MAIN_STATES) for item in items], cursor)


def _refuse_hidden(query: CaseQuery, sight: Sight) -> None:
    """NotPermittedError for a filter by what a list does not show: it would tell it all the same."""
    hidden = {
        "party_prefix": query.party_prefix is not None and not may_search(sight),
        "flags": bool(_OF_WORK & set(query.flags)) and not sight.is_inside,
        "state": sight.is_from_dispatch and query.state is not None and query.state not in OWN_MAIN_STATES,
        "stage": sight.is_from_dispatch and query.stage is not None,
        "organization_id": sight.is_from_dispatch and query.organization_id is not None,
    }
    found = [name for name, is_hidden in hidden.items() if is_hidden]
    if found:
        raise NotPermittedError(filters=found)


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

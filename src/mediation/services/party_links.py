"""Access links: made for one party by the case team, told by their beginnings, revoked at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mediation.domain.access import Actor
from mediation.domain.cases import Case
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotFoundError
from mediation.domain.labels import Label
from mediation.domain.party_access import LONGEST_LINK
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Party
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cases import refuse_closed
from mediation.services.children import write_anew
from mediation.services.credentials import new_secret
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import relation
from mediation.services.link_tokens import link_digest, link_text
from mediation.services.reading import read_for
from mediation.services.recording import Act, commit
from mediation.services.views import CasePage
from mediation.services.writing import writing
from mediation.storage import Unit, consistent
from mediation.storage import party_links as rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id


def make_link(unit: Unit, caller: Caller, case_id: str, party_id: str, expires_on: date, render: Render) -> Answer:
    """Give a party a link to its case; its secret stands in this answer and nowhere else, not even in a replay of it.

    By the clerk or the mediator of an open case; InvalidInputError for a last day that is past or over 30 days ahead.
    """

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, _, party = _of_the_team(loaded, actor, "make_access_link", party_id)
        refuse_closed(case)
        if party.status != "active":
            raise ConflictError(Label("该当事人已不在案", "The party is no longer in the case"))
        if not caller.today <= expires_on <= caller.today + LONGEST_LINK:
            text = Label("有效期从今天起最长30日", "A link serves from today for 30 days at most.")
            raise InvalidInputError([InputError("/expires_on", "too_long", text)])
        secret, link_id = new_secret(), new_id()
        row = {
            "id": link_id, "case_id": case.id, "party_id": party.id, "digest": link_digest(unit, link_id, secret),
            "created_at": caller.now.isoformat(), "created_by": actor.hand, "expires_on": expires_on.isoformat(),
            "revoked_at": None,
        }  # fmt: skip
        told, where = document(row), f"/v1/cases/{case.id}/parties/{party.id}/access-links"
        shown = render({**told, "token": link_text(link_id, secret)})
        answer = Answer(201, shown, None, where, kept=render({**told, "token": None}))
        return _record(unit, caller, loaded, actor, "make_access_link", row, answer)

    return write_anew(unit, caller, case_id, once)


def revoke_link(unit: Unit, caller: Caller, case_id: str, party_id: str, link_id: str, render: Render) -> Answer:
    """Take a link back: the next request by it is refused."""

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, _, party = _of_the_team(loaded, actor, "revoke_access_link", party_id)
        row = rows.one(unit, case.id, party.id, link_id)
        if row is None:
            raise NotFoundError
        if row["revoked_at"] is not None:
            raise ConflictError(Label("该链接已撤销", "The link has been revoked already"))
        row["revoked_at"] = caller.now.isoformat()
        answer = Answer(200, render(document(row)))
        return _record(unit, caller, loaded, actor, "revoke_access_link", row, answer)

    return write_anew(unit, caller, case_id, once)


@consistent
def list_links(unit: Unit, caller: Caller, case_id: str, party_id: str, cursor: str | None, limit: int) -> CasePage:
    """Every link a party was ever given, oldest first, in pages; for who may make one."""
    loaded, actor = read_for(unit, caller, case_id)
    case, _, party = _of_the_team(loaded, actor, "make_access_link", party_id)
    bound = f"party_links|{case_id}|{party_id}|{caller.subject}"
    after = open_cursor(unit, cursor, bound) or ""
    found = rows.page(unit, case.id, party.id, after=after, limit=limit + 1)
    items = [document(row) for row in found[:limit]]
    return CasePage(items, seal_cursor(unit, items[-1]["id"], bound) if len(found) > limit else None)


def document(row: Mapping[str, Any]) -> dict[str, Any]:
    """A link as plain values: how it begins, never the secret."""
    names = ("id", "party_id", "created_at", "created_by", "expires_on", "revoked_at")
    return {"prefix": link_text(row["id"], ""), **{name: row[name] for name in names}}


def _of_the_team(loaded: Loaded, actor: Actor, verb: str, party_id: str) -> tuple[Case, frozenset[CaseRole], Party]:
    """The case and its party, where the actor may make links to it; NotPermittedError, NotFoundError."""
    case, roles = writing(loaded, actor, verb)
    party = case.parties.get(party_id)
    if party is None:
        raise NotFoundError
    return case, roles, party


def _record(
    unit: Unit, caller: Caller, loaded: Loaded, actor: Actor, action: str, row: Mapping[str, Any], answer: Answer
) -> Answer:
    """Write the link with its entry of history, which names it and its party."""
    case, roles = relation(loaded, actor)
    entry = {"clear": {"link_id": row["id"], "party_id": row["party_id"], "expires_on": row["expires_on"]}}
    act = Act(
        actor, roles, case, case, (), "amended", action, entry, dict(loaded.keys), {"party_links": [dict(row)]},
        wall=loaded.wall,
    )  # fmt: skip
    return commit(unit, caller, act, lambda _case: answer)

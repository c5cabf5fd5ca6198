"""A party at its own case by a link: reading it up to its side's sight, and sending what the case team acts upon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from mediation.domain.access import SIDE_ROLES, Actor
from mediation.domain.cases import MAIN, Case
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.offers import sides_heard
from mediation.domain.party_access import MessageKind, PartyMessage, PartyView
from mediation.domain.procedure import PROCEDURE
from mediation.domain.records import Party
from mediation.domain.representation import RepresentationError
from mediation.domain.sight import Sight, shown, sight_of
from mediation.domain.wall import refuse_outsiders
from mediation.services.caller import Answer, Caller, Render
from mediation.services.children import write_anew
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import MembershipRequiredError, load_case, relation
from mediation.services.link_tokens import LinkUse, over
from mediation.services.reading import read_for
from mediation.services.recording import Act, commit
from mediation.services.talks import wall_of
from mediation.storage import Unit, consistent
from mediation.storage import party_links as rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id
from mediation.storage.personal import for_person


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Some messages in the order in which they were sent, and the sight that opens them."""

    items: Sequence[PartyMessage]
    sight: Sight
    next_cursor: str | None


def read_own_case(unit: Unit, caller: Caller, link: LinkUse) -> PartyView:
    """The case as a party of that side sees it, and nothing of other parties but what concerns this one."""
    loaded = load_case(unit, caller, link.case_id)
    case, party = own_party(loaded, link)
    sight = sight_of(party_itself(loaded, caller, link), frozenset({SIDE_ROLES[party.side]}))
    told = shown(case, sight)
    return PartyView(told, told.parties[party.id], caller.today, link.expires_on)


def send_answer(unit: Unit, caller: Caller, link: LinkUse, given: Mapping[str, Any], render: Render) -> Answer:
    """Keep what a party answers, for the case team; the answer names the record and repeats nothing of it."""
    kind, text = MessageKind(given["kind"]), given.get("text")
    if kind is MessageKind.MESSAGE and text is None:
        missing = Label("请填写内容", "Write what you want to say.")
        raise InvalidInputError([InputError("/text", "missing", missing)])

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, party = own_party(loaded, link)
        message = PartyMessage(new_id(), party.id, link.id, party.side, kind, caller.now, None)
        wall, key_row = wall_of(loaded).built(unit)
        own = partial(for_person, unit, loaded.keys, party.subject_id)
        stored = {"party_messages": [rows.message_row(unit, wall, message, text, own=own)]}
        entry = {
            "clear": {"link_id": link.id, "party_id": party.id, "message_id": message.id},
            "confidential": {"kind": str(kind), "text": text and own(text, f"party_messages/{message.id}/history")},
        }
        act = Act(
            actor, frozenset({SIDE_ROLES[party.side]}), case, case, (), "amended", "answer_by_access_link", entry,
            dict(loaded.keys), {**stored, **({"subject_keys": [key_row]} if key_row else {})}, wall=wall,
        )  # fmt: skip
        return commit(unit, caller, act, lambda _case: Answer(201, render({"id": message.id})))

    return write_anew(unit, caller, link.case_id, once, who=lambda loaded, asking: party_itself(loaded, asking, link))


@consistent
def list_messages(unit: Unit, caller: Caller, case_id: str, cursor: str | None, limit: int) -> MessagePage:
    """One page of what parties sent, of the sides that one hears; NotPermittedError for who is not at the table."""
    loaded, actor = read_for(unit, caller, case_id)
    _, roles = relation(loaded, actor)
    sight = sight_of(actor, roles)
    refuse_outsiders(sight)
    bound = f"party_messages|{case_id}|{caller.subject}"
    after = open_cursor(unit, cursor, bound) or ""
    found = rows.messages(unit, wall_of(loaded), sides=sides_heard(roles), after=after, limit=limit + 1)
    items = found[:limit]
    return MessagePage(items, sight, seal_cursor(unit, items[-1].id, bound) if len(found) > limit else None)


def own_party(loaded: Loaded, link: LinkUse) -> tuple[Case, Party]:
    """The case and the party of a link; TokenError where it closed, or the party left, since the link was checked."""
    case = loaded.case
    party = case.parties.get(link.party_id) if case is not None else None
    if case is None or party is None or party.status != "active" or not PROCEDURE.states[MAIN, case.state].is_open:
        raise over()
    return case, party


def party_itself(loaded: Loaded, caller: Caller, link: LinkUse) -> Actor:
    """The party itself, under no account; MembershipRequiredError, RepresentationError for who names another."""
    if caller.on_behalf_of is not None:
        raise RepresentationError(reason="clerks_and_systems_only")
    if caller.acting_as is not None:
        raise MembershipRequiredError
    _, party = own_party(loaded, link)
    return Actor(party.id, party.name, None, frozenset())

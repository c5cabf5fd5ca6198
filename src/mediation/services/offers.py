"""Offers, concessions and proposals: written down, answered and read by those at the table alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mediation.domain.access import Actor
from mediation.domain.cases import Case
from mediation.domain.errors import InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.domain.labels import Label
from mediation.domain.offers import (
    PROPOSAL_SIDE,
    Offer,
    OfferContent,
    OfferKind,
    OfferStatus,
    answered,
    sides_heard,
    sides_read,
)
from mediation.domain.sight import Sight, sight_of
from mediation.domain.wall import refuse_outsiders
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cases import refuse_future
from mediation.services.children import compare_child, write_anew
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import relation
from mediation.services.reading import read_for
from mediation.services.talks import at_the_table, record, wall_of
from mediation.storage import Unit, consistent
from mediation.storage import offers as rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class OfferPage:
    """Some offers in the order in which they were written down, and the sight that opens them."""

    items: Sequence[Offer]
    sight: Sight
    next_cursor: str | None


def record_offer(unit: Unit, caller: Caller, case_id: str, given: Mapping[str, Any], render: Render) -> Answer:
    """Write down what was offered; the answer names the record and repeats nothing of what was said."""

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, roles, _ = at_the_table(loaded, actor, "record_offer")
        refuse_future(given["made_on"], caller.today, "/made_on")
        offer = _new(case, given)
        if offer.side not in sides_heard(roles):
            raise NotPermittedError(recorded_by=["clerk", "mediator"])
        wall, key_row = wall_of(loaded).built(unit)
        content = OfferContent(given["text"], given.get("amount_fen"))
        row = rows.new_row(unit, wall, offer, content)
        said = {"before": None, "after": {**row, "content": {"text": content.text, "amount_fen": content.amount_fen}}}
        where = f"/v1/cases/{case.id}/offers"
        answer = Answer(201, render(offer), f'"{offer.version}"', where)
        stored = {"offers": [row]}
        return record(unit, caller, loaded, actor, wall=(wall, key_row), stored=stored, said=said, answer=answer)

    return write_anew(unit, caller, case_id, once)


def answer_offer(
    unit: Unit, caller: Caller, case_id: str, offer_id: str, given: Mapping[str, Any], render: Render
) -> Answer:
    """Say what became of an open offer; ConflictError once that is settled."""

    def once(loaded: Loaded, actor: Actor) -> Answer:
        _, roles, _ = at_the_table(loaded, actor, "answer_offer")
        wall = wall_of(loaded)
        before = rows.one(unit, wall, offer_id)
        if before is None or before.side not in sides_heard(roles):
            raise NotFoundError
        compare_child(caller, before.version)
        day: date = given.get("answered_on") or caller.today
        refuse_future(day, caller.today, "/answered_on")
        after = answered(before, OfferStatus(given["status"]), day)
        row = rows.row_after(unit, wall, after)
        changed = {"id": after.id, "status": str(after.status), "answered_on": day.isoformat()}
        said = {"before": {"id": before.id, "status": str(before.status)}, "after": changed}
        answer = Answer(200, render(after), f'"{after.version}"')
        stored = {"offers": [row]}
        return record(unit, caller, loaded, actor, wall=(wall, None), stored=stored, said=said, answer=answer)

    return write_anew(unit, caller, case_id, once)


@consistent
def list_offers(unit: Unit, caller: Caller, case_id: str, cursor: str | None, limit: int) -> OfferPage:
    """One page of what this person hears of the offers; NotPermittedError for who is not at the table."""
    loaded, actor = read_for(unit, caller, case_id)
    _, roles = relation(loaded, actor)
    sight = sight_of(actor, roles)
    refuse_outsiders(sight)
    bound = f"offers|{case_id}|{caller.subject}"
    after = open_cursor(unit, cursor, bound) or ""
    found = rows.page(unit, wall_of(loaded), sides=sides_read(sight), after=after, limit=limit + 1)
    items = found[:limit]
    return OfferPage(items, sight, seal_cursor(unit, items[-1].id, bound) if len(found) > limit else None)


def _new(case: Case, given: Mapping[str, Any]) -> Offer:
    kind = OfferKind(given["kind"])
    party = case.parties.get(given.get("made_by") or "")
    if kind is OfferKind.PROPOSAL and given.get("made_by"):
        text = Label("调解员提出的方案不填写提出方", "A proposal is the mediator's own: leave `made_by` out.")
        raise InvalidInputError([InputError("/made_by", "not_asked", text)])
    if kind is not OfferKind.PROPOSAL and (party is None or party.status != "active"):
        text = Label("请填写提出该方案的在案当事人", "Name the active party of this case that made it.")
        raise InvalidInputError([InputError("/made_by", "party_unknown", text)])
    return Offer(
        id=new_id(),
        version=1,
        kind=kind,
        round=given.get("round", 1),
        side=party.side if party else PROPOSAL_SIDE,
        made_by=party.id if party else None,
        made_on=given["made_on"],
        status=OfferStatus.OPEN,
        answered_on=None,
        content=None,
    )

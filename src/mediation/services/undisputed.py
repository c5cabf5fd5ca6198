"""Undisputed facts: written down at the table, signed party by party, confidential until all have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mediation.domain.access import Actor
from mediation.domain.errors import NotFoundError, NotPermittedError
from mediation.domain.offers import sides_heard
from mediation.domain.procedure.step import HOUSE, SIDES
from mediation.domain.sight import DataClass, Sight, sight_of
from mediation.domain.undisputed import UndisputedFact, must_sign, signed_by
from mediation.domain.wall import Confidential
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cases import refuse_future
from mediation.services.children import write_anew
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import relation
from mediation.services.reading import read_for
from mediation.services.talks import at_the_table, record, wall_of
from mediation.storage import Unit, consistent
from mediation.storage import undisputed as rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class FactPage:
    """Some facts in the order in which they were written down, and the sight that opens those not signed by all."""

    items: Sequence[UndisputedFact]
    sight: Sight
    next_cursor: str | None


def record_fact(unit: Unit, caller: Caller, case_id: str, text: str, render: Render) -> Answer:
    """Write down a fact that both sides seem to accept; it is confidential until all have signed it."""

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, _, _ = at_the_table(loaded, actor, "record_undisputed_fact")
        wall, key_row = wall_of(loaded).built(unit)
        fact = UndisputedFact(new_id(), 1, caller.today, {}, None, Confidential(text))
        row = rows.row(unit, wall, loaded.keys, fact, text)
        said = {"before": None, "after": {**row, "text": text}}
        answer = Answer(201, render(fact), '"1"', f"/v1/cases/{case.id}/undisputed-facts")
        stored = {"undisputed_facts": [row]}
        return record(unit, caller, loaded, actor, wall=(wall, key_row), stored=stored, said=said, answer=answer)

    return write_anew(unit, caller, case_id, once)


def sign_fact(
    unit: Unit, caller: Caller, case_id: str, fact_id: str, given: Mapping[str, Any], render: Render
) -> Answer:
    """Write down that a party signed a fact on a day; with the last signature it becomes a text of the case.

    Who stands by one side writes down no signature of the other: the fact would be held against it in court.
    """

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, roles, sight = at_the_table(loaded, actor, "sign_undisputed_fact")
        refuse_future(given["signed_on"], caller.today, "/signed_on")
        signing = case.parties.get(given["party_id"])
        if signing is not None and signing.side not in sides_heard(roles):
            raise NotPermittedError(recorded_by=["clerk", "mediator"])
        wall = wall_of(loaded)
        before = rows.one(unit, wall, loaded.keys, fact_id)
        if before is None or before.text is None:
            raise NotFoundError
        after = signed_by(before, given["party_id"], given["signed_on"], must_sign(case))
        text = before.text.opened(sight) if isinstance(before.text, Confidential) else before.text
        row = rows.row(unit, wall, loaded.keys, after, text)
        said = {"before": {"id": after.id, "version": before.version}, "after": {**row, "text": text}}
        answer = Answer(201, render(after), f'"{after.version}"')
        stored = {"undisputed_facts": [row]}
        return record(unit, caller, loaded, actor, wall=(wall, None), stored=stored, said=said, answer=answer)

    return write_anew(unit, caller, case_id, once)


@consistent
def list_facts(unit: Unit, caller: Caller, case_id: str, cursor: str | None, limit: int) -> FactPage:
    """One page of the facts: all of them at the table, those that all have signed for parties and who else is told.

    NotPermittedError for who is not told personal data of the case.
    """
    loaded, actor = read_for(unit, caller, case_id)
    _, roles = relation(loaded, actor)
    sight = sight_of(actor, roles)
    if not sight.reaches(DataClass.PERSONAL) and not sight.sides:
        raise NotPermittedError(recorded_by=sorted(HOUSE | SIDES))
    bound = f"undisputed_facts|{case_id}|{caller.subject}"
    found = rows.page(
        unit, wall_of(loaded), loaded.keys, settled_only=not sight.reaches(DataClass.CONFIDENTIAL),
        after=open_cursor(unit, cursor, bound) or "", limit=limit + 1,
    )  # fmt: skip
    items = found[:limit]
    return FactPage(items, sight, seal_cursor(unit, items[-1].id, bound) if len(found) > limit else None)

"""Consents of the people of a case, and records of whom their data were passed on to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.cases import Case
from mediation.domain.consent import Consent, ConsentPurpose, without_consent
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.domain.labels import Label
from mediation.domain.party_kinds import PartyKind, is_natural
from mediation.domain.procedure.step import HOUSE, CaseRole
from mediation.domain.sight import Sight, sight_of
from mediation.services.caller import Answer, Caller
from mediation.services.cases import refuse_future
from mediation.services.children import write_anew
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import relation
from mediation.services.reading import read_for
from mediation.services.recording import Act, commit
from mediation.services.views import CasePage
from mediation.services.writing import writing
from mediation.storage import Unit, consistent, tables
from mediation.storage import consents as rows
from mediation.storage import people as people_rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id

READERS = HOUSE | {CaseRole.AUDITOR}
NO_CONSENT = Label(
    "传递时未见单独同意,也未注明法定职责",
    "No separate consent stood when it was passed on, and no legal duty is stated",
)


def list_consents(unit: Unit, caller: Caller, case_id: str, cursor: str | None, limit: int) -> CasePage:
    """Consents of a case in the order they were recorded: for the house and auditors, and one's own for a party."""
    return _listed(unit, caller, "consents", case_id, cursor, limit)


def list_sharing(unit: Unit, caller: Caller, case_id: str, cursor: str | None, limit: int) -> CasePage:
    """Records of sharing in the order they were made, each with a warning where nothing is told that it rested on."""
    return _listed(unit, caller, "sharing_records", case_id, cursor, limit)


def sharing_seen(items: Sequence[dict[str, Any]], sight: Sight) -> list[dict[str, Any]]:
    """Records of sharing without what steps sent of which nothing is told."""
    return [item for item in items if item["action"] not in sight.unseen_actions]


@consistent
def _listed(unit: Unit, caller: Caller, table: rows.Name, case_id: str, cursor: str | None, limit: int) -> CasePage:
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    own = {party.id for party in case.parties.values() if party.person_id == actor.person_id}
    if not roles & READERS and not own:
        raise NotPermittedError(recorded_by=sorted(READERS))
    bound = f"{table}|{case_id}"
    after = open_cursor(unit, cursor, bound)
    found = rows.of_case(unit, table, case_id, after=after, limit=limit + 1)
    following = seal_cursor(unit, found[limit - 1]["id"], bound) if len(found) > limit else None
    items = [rows.told(row) for row in found[:limit]]
    if table == "consents":
        items = [item for item in items if roles & READERS or item["party_id"] in own]
    else:
        items = sharing_seen(items, sight_of(actor, roles))
        _warn(case, [_consent(row) for row in rows.of_case(unit, "consents", case_id)], items)
    return CasePage(items, following)


def _warn(case: Case, consents: Sequence[Consent], items: Sequence[dict[str, Any]]) -> None:
    for item in items:
        missing = without_consent(case, consents, date.fromisoformat(item["shared_on"])) if not item["basis"] else []
        text = {"code": "no_consent", "parties": missing, "zh": NO_CONSENT.zh, "en": NO_CONSENT.en}
        item["warnings"] = [text] if missing else []


def record_consent(unit: Unit, caller: Caller, case_id: str, given: Mapping[str, Any]) -> Answer:
    """Keep what a person consented to; by the house, or by the person themselves."""

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, _ = writing(loaded, actor, "record_consent", about=given["party_id"])
        refuse_future(given["given_on"], caller.today, "/given_on")
        party = case.parties.get(given["party_id"])
        if party is None or not is_natural(PartyKind(party.kind)):
            text = Label("应为本案的自然人当事人", "Name a natural person who is a party of the case.")
            raise InvalidInputError([InputError("/party_id", "party_unknown", text)])
        row = {**given, "id": new_id(), "case_id": case.id, "withdrawn_on": None, "recorded_by": actor.hand}
        return _keep(unit, caller, loaded, actor, "record_consent", "consents", row)

    return write_anew(unit, caller, case_id, once)


def withdraw_consent(unit: Unit, caller: Caller, case_id: str, consent_id: str, withdrawn_on: date) -> Answer:
    """End a consent as of a day; what was done before stays lawful (PIPL 15)."""

    def once(loaded: Loaded, actor: Actor) -> Answer:
        row = people_rows.one(unit, tables.consents, consent_id)
        is_of_the_case = row is not None and row["case_id"] == case_id
        writing(loaded, actor, "withdraw_consent", about=row["party_id"] if row and is_of_the_case else None)
        if row is None or not is_of_the_case:
            raise NotFoundError
        refuse_future(withdrawn_on, caller.today, "/withdrawn_on")
        if row["withdrawn_on"] is not None:
            raise ConflictError(Label("该同意已撤回", "The consent was withdrawn before"))
        if withdrawn_on < _day(row["given_on"]):
            text = Label("不能早于同意之日", "It lies before the consent was given.")
            raise InvalidInputError([InputError("/withdrawn_on", "before_start", text)])
        changed = {**row, "kinds": orjson.loads(row["kinds"]), "withdrawn_on": withdrawn_on}
        return _keep(unit, caller, loaded, actor, "withdraw_consent", "consents", changed)

    return write_anew(unit, caller, case_id, once)


def record_sharing(unit: Unit, caller: Caller, case_id: str, given: Mapping[str, Any]) -> Answer:
    """Keep by hand that data were passed on; what a step sends is kept by itself. By the house."""

    def once(loaded: Loaded, actor: Actor) -> Answer:
        case, _ = writing(loaded, actor, "record_sharing")
        refuse_future(given["shared_on"], caller.today, "/shared_on")
        if people_rows.one(unit, tables.organizations, given["recipient_id"]) is None:
            text = Label("没有这个组织", "There is no such organization.")
            raise InvalidInputError([InputError("/recipient_id", "organization_unknown", text)])
        row = {**given, "id": new_id(), "case_id": case.id, "action": None, "recorded_by": actor.hand}
        return _keep(unit, caller, loaded, actor, "record_sharing", "sharing_records", row)

    return write_anew(unit, caller, case_id, once)


def _keep(
    unit: Unit, caller: Caller, loaded: Loaded, actor: Actor, action: str, table: str, row: Mapping[str, Any]
) -> Answer:
    """Write the row with an entry of history that tells the codes and ids in it."""
    case, roles = relation(loaded, actor)
    document = rows.told(row)
    clear = {name: value for name, value in document.items() if value is not None and name != "case_id"}
    written = {table: [rows.stored(row)]}
    entry = {"clear": clear}
    act = Act(actor, roles, case, case, (), "amended", action, entry, dict(loaded.keys), written, wall=loaded.wall)
    status = 200 if action == "withdraw_consent" else 201
    return commit(unit, caller, act, lambda _after: Answer(status, orjson.dumps(document)))


def _consent(row: Mapping[str, Any]) -> Consent:
    ended = row["withdrawn_on"]
    return Consent(
        row["party_id"], ConsentPurpose(row["purpose"]), _day(row["given_on"]), None if ended is None else _day(ended)
    )


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)

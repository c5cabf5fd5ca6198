"""Everything held about one person of a case, for the person: on their request, or to their own account (PIPL 45)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from mediation.domain.deadlines import Deadline
from mediation.domain.employment import EMPLOYMENT
from mediation.domain.errors import NotFoundError
from mediation.domain.party_access import own_words
from mediation.domain.personal_data import PERSONAL
from mediation.domain.records import Claim, Obligation, Party
from mediation.domain.told import own_sight, told_of
from mediation.domain.undisputed import UndisputedFact
from mediation.services.access_log import readings_of
from mediation.services.caller import Caller
from mediation.services.consents import sharing_seen
from mediation.services.data_requests import document
from mediation.services.reading import read_for
from mediation.services.reveals import NothingToShowError, refuse_other_side
from mediation.services.sights import told_entries
from mediation.services.subjects import opened_values
from mediation.services.talks import wall_of
from mediation.services.writing import writing
from mediation.storage import Unit, computations, consistent, data_requests, party_links, undisputed
from mediation.storage import consents as rows
from mediation.storage.cases import Loaded


@dataclass(frozen=True, slots=True)
class DataExport:
    """What a case holds about one person: `identity` in clear, amounts in fen, days as dates.

    `claims` are those of the person's side, `sharing` is what was passed on of the whole case. `history` is what its
    entries say of the person, `readings` who looked and for what, `facts` those that all have signed. `messages` are
    the person's own.
    """

    case_id: str
    case_number: str | None
    made_on: date
    party: Party
    identity: Mapping[str, str | None]
    employment: Mapping[str, Any] | None
    claims: tuple[Claim, ...]
    computations: tuple[Mapping[str, Any], ...]
    obligations: tuple[Obligation, ...]
    deadlines: tuple[Deadline, ...]
    consents: tuple[Mapping[str, Any], ...]
    sharing: tuple[Mapping[str, Any], ...]
    requests: tuple[Mapping[str, Any], ...]
    history: tuple[Mapping[str, Any], ...]
    readings: tuple[Mapping[str, Any], ...]
    facts: tuple[Mapping[str, Any], ...]
    messages: tuple[Mapping[str, Any], ...]


@consistent
def export_data(unit: Unit, caller: Caller, case_id: str, party_id: str) -> DataExport:
    """Put together what is held about a natural person; for who works on the case, and the person's own account.

    NotPermittedError for everybody else, and for the volunteer who stands by another side.
    NothingToShowError for a body and for somebody erased. What was said in
    mediation is not among it: it stays at the table.
    """
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = writing(loaded, actor, "export_data", about=party_id)
    party = case.parties.get(party_id)
    if party is None:
        raise NotFoundError
    if party.subject_id is None or not loaded.keys.get(party.subject_id):
        raise NothingToShowError
    if party.person_id != actor.person_id:
        refuse_other_side(party, roles)
    return _export(unit, loaded, party, caller.today)


def _export(unit: Unit, loaded: Loaded, party: Party, today: date) -> DataExport:
    case = loaded.case
    assert case is not None  # noqa: S101 - told by `relation`
    assert party.subject_id is not None  # noqa: S101 - told by the caller
    own = own_sight(party)
    values = opened_values(unit, party.subject_id, loaded.keys)
    claims = tuple(claim for claim in case.claims.values() if claim.claimant_side == party.side)
    concerned = {"debtor_id", "creditor_id", "payer_id"}
    return DataExport(
        case_id=case.id,
        case_number=case.number,
        made_on=today,
        party=party,
        identity={name: values.get(name) for name in PERSONAL},
        employment=(case.facts.get(EMPLOYMENT) or {}).get(party.id),
        claims=claims,
        computations=tuple(_computations(unit, loaded, party)),
        obligations=tuple(
            owed for owed in case.obligations.values() if any(getattr(owed, name) == party.id for name in concerned)
        ),
        deadlines=tuple(clock for clock in case.deadlines.values() if clock.party_id == party.id),
        consents=tuple(
            rows.told(row) for row in rows.of_case(unit, "consents", case.id) if row["party_id"] == party.id
        ),
        sharing=tuple(sharing_seen([rows.told(row) for row in rows.of_case(unit, "sharing_records", case.id)], own)),
        requests=tuple(map(document, data_requests.of_party(unit, loaded.keys, case.id, party.id))),
        history=tuple(said for entry in told_entries(unit, loaded) if (said := told_of(entry, case, party))),
        readings=readings_of(unit, case.id, party),
        facts=tuple(map(_fact, undisputed.settled(unit, wall_of(loaded), loaded.keys))),
        messages=_messages(unit, loaded, party),
    )


def _fact(fact: UndisputedFact) -> dict[str, Any]:
    """A signed fact; by its type what is not signed has no text to give here."""
    return {
        "id": fact.id,
        "recorded_on": fact.recorded_on,
        "settled_on": fact.settled_on,
        "text": fact.text if isinstance(fact.text, str) else None,
    }


def _messages(unit: Unit, loaded: Loaded, party: Party) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"id": sent.id, "kind": str(sent.kind), "sent_at": sent.sent_at.isoformat(), "text": own_words(sent, party)}
        for sent in party_links.sent_by(unit, wall_of(loaded), party.id)
    )


def _computations(unit: Unit, loaded: Loaded, party: Party) -> list[dict[str, Any]]:
    """What was computed from the person's employment, with inputs and working."""
    assert loaded.case is not None  # noqa: S101 - told by `relation`
    return [
        {
            "claim_id": row["claim_id"],
            "kind": row["kind"],
            "computed_on": row["computed_on"].isoformat(),
            "data": orjson.loads(row["data"]) if row["data"] else None,
        }
        for row in computations.of_case(unit, loaded.case.id, loaded.keys)
        if row["party_id"] == party.id
    ]

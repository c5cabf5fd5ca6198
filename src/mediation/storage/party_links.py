"""Links of parties and what parties sent by them, as they lie stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any

import orjson

from mediation.domain.party_access import MessageKind, PartyMessage
from mediation.storage.database import Unit
from mediation.storage.json_sql import statement
from mediation.storage.personal import of_person
from mediation.storage.wall import Wall

_STANDING = statement(
    "select l.*, p.status, c.is_open from party_links l join cases c on c.id = l.case_id "
    "join parties p on p.case_id = l.case_id and p.id = l.party_id where l.id = :id"
)
_OF_PARTY = "select * from party_links where case_id = :case_id and party_id = :party_id"
_ONE = statement(f"{_OF_PARTY} and id = :id")
_PAGE = statement(f"{_OF_PARTY} and id > :after order by id limit :limit")
_SIDES = {
    "sqlite": "select value from json_each(:sides)",
    "postgresql": "select jsonb_array_elements_text(cast(:sides as jsonb))",
}
_WITH_KEY = (
    "select m.*, k.id as subject_id, k.wrapped from party_messages m "
    "left join parties p on p.case_id = m.case_id and p.id = m.party_id left join subject_keys k on k.id = p.subject_id"
)
"""Each message with the key of who sent it."""
_MESSAGES = {
    dialect: statement(
        f"{_WITH_KEY} where m.case_id = :case_id and m.id > :after and m.side in ({sides}) order by m.id limit :limit"
    )
    for dialect, sides in _SIDES.items()
}


_SENT_BY = statement(f"{_WITH_KEY} where m.case_id = :case_id and m.party_id = :party_id order by m.id")


def standing(unit: Unit, link_id: str) -> dict[str, Any] | None:
    """A link with the standing of its party and whether its case is open."""
    row = unit.execute(_STANDING, {"id": link_id}).mappings().one_or_none()
    return None if row is None else dict(row)


def one(unit: Unit, case_id: str, party_id: str, link_id: str) -> dict[str, Any] | None:
    """One link of a party."""
    given = {"case_id": case_id, "party_id": party_id, "id": link_id}
    row = unit.execute(_ONE, given).mappings().one_or_none()
    return None if row is None else told(dict(row))


def page(unit: Unit, case_id: str, party_id: str, *, after: str, limit: int) -> list[dict[str, Any]]:
    """Links of a party after an id, in the order in which they were made."""
    given = {"case_id": case_id, "party_id": party_id, "after": after, "limit": limit}
    return [told(dict(row)) for row in unit.execute(_PAGE, given).mappings()]


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its days and moments as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def messages(unit: Unit, wall: Wall, *, sides: Collection[str], after: str, limit: int) -> list[PartyMessage]:
    """What parties of some sides sent after an id, in the order in which they sent it."""
    given = {"case_id": wall.case_id, "sides": orjson.dumps(sorted(sides)).decode(), "after": after, "limit": limit}
    return [_message(unit, wall, dict(row)) for row in unit.execute(_MESSAGES[unit.dialect], given).mappings()]


def sent_by(unit: Unit, wall: Wall, party_id: str) -> list[PartyMessage]:
    """Everything one party sent, in the order in which it did."""
    given = {"case_id": wall.case_id, "party_id": party_id}
    return [_message(unit, wall, dict(row)) for row in unit.execute(_SENT_BY, given).mappings()]


def _message(unit: Unit, wall: Wall, row: Mapping[str, Any]) -> PartyMessage:
    sent_at, place, keys = row["sent_at"], _place(row["id"]), {row["subject_id"]: row["wrapped"]}
    return PartyMessage(
        id=row["id"],
        party_id=row["party_id"],
        link_id=row["link_id"],
        side=row["side"],
        kind=MessageKind(row["kind"]),
        sent_at=sent_at if isinstance(sent_at, datetime) else datetime.fromisoformat(sent_at),
        text=wall.unseal(unit, of_person(unit, keys, row["text"], f"{place}/own"), place),
    )


def message_row(
    unit: Unit, wall: Wall, message: PartyMessage, text: str | None, *, own: Callable[[str, str], str]
) -> dict[str, Any]:
    """A new message as it is stored; `own` seals a text once more, under the key of who sent it."""
    place = _place(message.id)
    sealed = None if text is None else wall.seal(unit, text, place)
    return {
        "id": message.id,
        "case_id": wall.case_id,
        "party_id": message.party_id,
        "link_id": message.link_id,
        "side": message.side,
        "kind": str(message.kind),
        "sent_at": message.sent_at.isoformat(),
        "text": None if sealed is None else own(sealed, f"{place}/own"),
    }


def _place(message_id: str) -> str:
    return f"party_messages/{message_id}/text"

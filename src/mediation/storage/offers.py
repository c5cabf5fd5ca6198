"""What was offered in mediation, as it lies stored; opened nowhere: what is read stays behind the wall.

Nothing of it is read with a case. Only the service of offers may import this module.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import orjson

from mediation.domain.offers import Offer, OfferContent, OfferKind, OfferStatus, content_text
from mediation.storage.database import Unit
from mediation.storage.json_sql import names, statement
from mediation.storage.tables import offers
from mediation.storage.wall import Wall

_SELECT = f"select {', '.join(names(offers))} from offers where case_id = :case_id"
_ONE = statement(f"{_SELECT} and id = :id")
_SIDES = {
    "sqlite": "select value from json_each(:sides)",
    "postgresql": "select jsonb_array_elements_text(cast(:sides as jsonb))",
}
_PAGE = {
    dialect: statement(f"{_SELECT} and id > :after and side in ({sides}) order by id limit :limit")
    for dialect, sides in _SIDES.items()
}


def one(unit: Unit, wall: Wall, offer_id: str) -> Offer | None:
    """One offer of the case."""
    row = unit.execute(_ONE, {"case_id": wall.case_id, "id": offer_id}).mappings().one_or_none()
    return None if row is None else _offer(unit, wall, dict(row))


def page(unit: Unit, wall: Wall, *, sides: Collection[str], after: str, limit: int) -> list[Offer]:
    """Offers of some sides after an id, in the order in which they were written down."""
    given = {"case_id": wall.case_id, "sides": orjson.dumps(sorted(sides)).decode(), "after": after, "limit": limit}
    return [_offer(unit, wall, dict(row)) for row in unit.execute(_PAGE[unit.dialect], given).mappings()]


def _offer(unit: Unit, wall: Wall, row: Mapping[str, Any]) -> Offer:
    answered_on = row["answered_on"]
    return Offer(
        id=row["id"],
        version=row["version"],
        kind=OfferKind(row["kind"]),
        round=row["round"],
        side=row["side"],
        made_by=row["made_by"],
        made_on=date.fromisoformat(str(row["made_on"])),
        status=OfferStatus(row["status"]),
        answered_on=None if answered_on is None else date.fromisoformat(str(answered_on)),
        content=wall.unseal(unit, row["content"], _place(row["id"])),
    )


def new_row(unit: Unit, wall: Wall, offer: Offer, content: OfferContent) -> dict[str, Any]:
    """A new offer as it is stored."""
    return _row(wall, offer, wall.seal(unit, content_text(content), _place(offer.id)))


def row_after(unit: Unit, wall: Wall, offer: Offer) -> dict[str, Any]:
    """An offer that was answered, as it is stored: its content stays sealed as it is."""
    found = unit.execute(_ONE, {"case_id": wall.case_id, "id": offer.id}).mappings().one()
    return _row(wall, offer, found["content"])


def _row(wall: Wall, offer: Offer, content: str | None) -> dict[str, Any]:
    return {
        "id": offer.id,
        "case_id": wall.case_id,
        "version": offer.version,
        "kind": str(offer.kind),
        "round": offer.round,
        "side": offer.side,
        "made_by": offer.made_by,
        "made_on": offer.made_on.isoformat(),
        "status": str(offer.status),
        "answered_on": None if offer.answered_on is None else offer.answered_on.isoformat(),
        "content": content,
    }


def _place(offer_id: str) -> str:
    return f"offers/{offer_id}/content"

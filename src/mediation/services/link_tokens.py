"""The link a party was given: `pl_<id>_<secret>`; the id finds it, of the secret only a keyed hash is kept."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date
from typing import Final

from mediation.domain.access import LINK_SUBJECT
from mediation.gateways.tokens import TokenError
from mediation.services.credentials import LONGEST
from mediation.storage import Unit
from mediation.storage import party_links as rows

LINK_PREFIX: Final = "pl_"
_ID: Final = 36


@dataclass(frozen=True, slots=True)
class LinkUse:
    """A good link: of which case and party, and the last day it serves."""

    id: str
    case_id: str
    party_id: str
    expires_on: date

    @property
    def subject(self) -> str:
        """Whom requests by the link are counted and kept for."""
        return f"{LINK_SUBJECT}{self.id}"


def is_link(token: str) -> bool:
    """Whether a bearer token is a party's link."""
    return token.startswith(LINK_PREFIX)


def link_text(link_id: str, secret: str) -> str:
    """A link as the party sends it; without a secret, how it begins."""
    return f"{LINK_PREFIX}{link_id}_{secret}"


def link_digest(unit: Unit, link_id: str, secret: str) -> str:
    """What is kept of a secret."""
    return unit.vault.hash("party_link", f"{link_id}/{secret}")


def check_link(unit: Unit, token: str, today: date) -> LinkUse:
    """Which link this is; TokenError when it is none, revoked or over, its case closed or its party no longer in it."""
    link_id, _, secret = token.removeprefix(LINK_PREFIX).partition("_")
    row = rows.standing(unit, link_id) if len(token) <= LONGEST and len(link_id) == _ID and token.isascii() else None
    kept = row["digest"] if row is not None else ""
    if not hmac.compare_digest(link_digest(unit, link_id, secret), kept) or row is None:
        raise TokenError("token_invalid", "no access link of this service")
    if row["revoked_at"] is not None:
        raise TokenError("token_invalid", "this access link was revoked")
    expires_on = date.fromisoformat(str(row["expires_on"]))
    if expires_on < today:
        raise TokenError("token_expired", "this access link has expired; ask the case team for another")
    if not row["is_open"] or row["status"] != "active":
        raise over()
    return LinkUse(row["id"], row["case_id"], row["party_id"], expires_on)


def over() -> TokenError:
    """The refusal of a link whose case or party it no longer serves."""
    return TokenError("token_invalid", "this access link serves no longer: the case is closed or you left it")

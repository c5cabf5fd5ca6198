"""Who holds two of the three roles that lie apart, from before they did: told with what to do, line by line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from mediation.domain.separation import THREE, Held
from mediation.services import memberships
from mediation.storage import Database


def tell(database: Database, today: date, say: Callable[[str], object]) -> int:
    """Tell of every two memberships that no one person holds together; gives how many."""
    found = database.run_read(memberships.clashes, today)
    for clash in found:
        pair = _told(clash.first) if clash.first is clash.second else f"{_told(clash.first)}; {_told(clash.second)}"
        say(
            f"person {clash.person_id} is administrator, security officer or auditor twice over: {pair}. None of them "
            f"counts while both run: end one (DELETE /v1/people/{clash.person_id}/memberships/…, by an administrator), "
            "and give the role to somebody else; where no administrator is left: mediation organization appoint."
        )
    return len(found)


def _told(held: Held) -> str:
    until = f" until {held.until}" if held.until else ""
    return f"{', '.join(sorted(held.roles & THREE))} by membership {held.id} since {held.since}{until}"

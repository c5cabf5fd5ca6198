"""Leases: one process at a time does what must not be done twice, until it is done or did not renew in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mediation.storage.cases import stamp
from mediation.storage.database import Unit
from mediation.storage.json_sql import statement


class LeaseLostError(Exception):
    """Somebody else holds the lease by now; nothing was written."""


_UNTIL = statement("select until from leases where name = :name")
_CLAIM = (
    "insert into leases (name, owner, until) values (:name, :owner, :until) on conflict (name) "
    "do update set owner = excluded.owner, until = excluded.until "
    "where leases.until <= :now or leases.until > :latest"
)
_CLAIM_DUE, _CLAIM_RESTING = statement(_CLAIM), statement(f"{_CLAIM} or leases.owner = ''")
_RENEW = statement("update leases set until = :until, owner = :next where name = :name and owner = :owner")


def is_free(unit: Unit, name: str, now: datetime, latest: datetime) -> bool:
    """Whether a lease can be claimed: it ended, or ends after `latest`, as none does but by a clock that was ahead."""
    found: Any = unit.execute(_UNTIL, {"name": name}).scalar()
    until = datetime.fromisoformat(found) if isinstance(found, str) else found
    return until is None or until <= now or until > latest


def claim(
    unit: Unit, name: str, owner: str, now: datetime, until: datetime, *, latest: datetime, early: bool = False
) -> bool:
    """Take a lease that is free (see above), `early` also one that rests; False when somebody was faster."""
    values = {
        "name": name, "owner": owner, "now": _moment(unit, now), "until": _moment(unit, until),
        "latest": _moment(unit, latest),
    }  # fmt: skip
    return unit.execute(_CLAIM_RESTING if early else _CLAIM_DUE, values).rowcount == 1


def renew(unit: Unit, name: str, owner: str, until: datetime) -> None:
    """Hold a lease for longer, and keep others out until this transaction ends; LeaseLostError."""
    _hand_on(unit, name, owner, owner, until)


def rest(unit: Unit, name: str, owner: str, until: datetime) -> None:
    """Give a lease back, not to be taken before that moment unless early; LeaseLostError."""
    _hand_on(unit, name, owner, "", until)


def _hand_on(unit: Unit, name: str, owner: str, following: str, until: datetime) -> None:
    values = {"name": name, "owner": owner, "next": following, "until": _moment(unit, until)}
    if unit.execute(_RENEW, values).rowcount != 1:
        raise LeaseLostError


def _moment(unit: Unit, moment: datetime) -> Any:
    return stamp(moment) if unit.dialect == "sqlite" else moment

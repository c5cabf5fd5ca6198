"""Personal data in clear: for which purpose which of it is needed, and whose reading is kept in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mediation.domain.labels import Label
from mediation.domain.procedure.step import SIDES, CaseRole

PERSONAL = ("resident_id", "phone", "address", "bank_account")
"""What identifies a person: kept sealed, shown masked."""


class Purpose(StrEnum):
    """What clear values are asked for: a specific purpose, and no more than it needs (PIPL 6, 28)."""

    SERVICE_OF_DOCUMENTS = "service_of_documents"
    PAYMENT = "payment"
    IDENTITY_CHECK = "identity_check"
    REFERRAL_FILE = "referral_file"
    REQUEST_OF_PERSON = "request_of_person"


PURPOSES: Mapping[Purpose, Label] = {
    Purpose.SERVICE_OF_DOCUMENTS: Label("送达文书", "Service of documents"),
    Purpose.PAYMENT: Label("办理付款", "Payment"),
    Purpose.IDENTITY_CHECK: Label("核对身份", "Identity check"),
    Purpose.REFERRAL_FILE: Label("制作移送材料", "Referral file"),
    Purpose.REQUEST_OF_PERSON: Label("本人要求", "Request of the person"),
}
NEEDED: Mapping[Purpose, frozenset[str]] = {
    Purpose.SERVICE_OF_DOCUMENTS: frozenset({"phone", "address"}),
    Purpose.PAYMENT: frozenset({"bank_account", "resident_id"}),
    Purpose.IDENTITY_CHECK: frozenset({"resident_id"}),
    Purpose.REFERRAL_FILE: frozenset({"resident_id", "phone", "address"}),
    Purpose.REQUEST_OF_PERSON: frozenset(PERSONAL),
}
"""The fields that a purpose needs; for it no others are shown."""

TEAM = frozenset({CaseRole.CLERK, CaseRole.MEDIATOR, CaseRole.VOLUNTEER})
"""Who works on the case and may see clear values."""
_ROUTINE = TEAM | SIDES


def is_routine(roles: frozenset[CaseRole]) -> bool:
    """Whether somebody reads the case as part of handling it, or their own; the reading of others is kept."""
    return bool(roles & _ROUTINE)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading or search of personal data: the operation, and which case, party or kind of value it was about.

    `searched` is the value looked for; only its keyed hash is kept.
    """

    operation: str
    case_id: str | None = None
    party_id: str | None = None
    searched: tuple[str, str] | None = None
    purpose: str | None = None

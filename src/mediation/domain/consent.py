"""Consent to the handling of personal data, and to whom they were passed on (PIPL 13, 14, 15, 23, 29)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mediation.domain.cases import Case
from mediation.domain.party_kinds import PartyKind, is_natural


class ConsentPurpose(StrEnum):
    """What a person consents to; sensitive data and sharing need a consent of their own (PIPL 23, 29)."""

    HANDLING = "handling"
    SENSITIVE_DATA = "sensitive_data"
    SHARING = "sharing"


class DataKind(StrEnum):
    """Kinds of personal data, as a person is told them."""

    IDENTITY = "identity"
    CONTACT = "contact"
    FINANCIAL_ACCOUNT = "financial_account"
    HEALTH = "health"
    EMPLOYMENT = "employment"
    CASE_FILE = "case_file"


class SharingBasis(StrEnum):
    """What the passing on rests on (PIPL 13)."""

    CONSENT = "consent"
    LEGAL_DUTY = "legal_duty"


@dataclass(frozen=True, slots=True)
class Consent:
    """One person's consent for one purpose, from a day until it is withdrawn."""

    party_id: str
    purpose: ConsentPurpose
    given_on: date
    withdrawn_on: date | None = None

    def stands_on(self, day: date) -> bool:
        """Whether it stood on a day; on the day of its withdrawal it no longer does (PIPL 15)."""
        return self.given_on <= day and (self.withdrawn_on is None or day < self.withdrawn_on)


def without_consent(case: Case, consents: Iterable[Consent], day: date) -> list[str]:
    """The natural persons of the case whose consent to sharing did not stand on that day, by id."""
    standing = {
        entry.party_id for entry in consents if entry.purpose is ConsentPurpose.SHARING and entry.stands_on(day)
    }
    people = (party for party in case.active_parties() if is_natural(PartyKind(party.kind)))
    return sorted(party.id for party in people if party.id not in standing)

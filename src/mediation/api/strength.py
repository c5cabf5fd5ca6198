"""How somebody must have signed in, as the settings ask: how strongly, and for sensitive operations how recently.

Asked of people alone, by what the issuer says in `acr` and `auth_time` of the token; who signed in otherwise is told to
do so again, and how (RFC 9470).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from mediation.gateways.tokens import SECONDS_OF_SKEW, Identity
from mediation.settings import Settings

CODE: Final = "insufficient_user_authentication"
"""The name RFC 9470 gives to the refusal, in the header and as a problem."""


class Credential(StrEnum):
    """What somebody signed in with; all that the log says of it."""

    OIDC = "oidc"
    CLIENT_KEY = "client_key"
    CLIENT_TOKEN = "client_token"  # noqa: S105 - the name of a kind
    CLIENT_ASSERTION = "client_assertion"
    CLIENT_CERTIFICATE = "client_certificate"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a sign-in: one of these `acr` values, at most `max_age` seconds ago; left empty, nothing."""

    acr: tuple[str, ...] = ()
    max_age: int | None = None

    def is_met(self, by: Identity, now: datetime) -> bool:
        """Whether the token says so: what it does not say is not taken for granted."""
        if self.acr and by.acr not in self.acr:
            return False
        if self.max_age is None:
            return True
        age = None if by.signed_in_at is None else now.timestamp() - by.signed_in_at
        return age is not None and -SECONDS_OF_SKEW <= age <= self.max_age

    @property
    def challenge(self) -> str:
        """The parameters of WWW-Authenticate that say how to sign in."""
        told = [f'acr_values="{" ".join(self.acr)}"'] if self.acr else []
        return ", ".join([*told, *([] if self.max_age is None else [f'max_age="{self.max_age}"'])])


class SignInTooWeakError(Exception):
    """The token is good, and the sign-in behind it not strong or not recent enough."""

    code = CODE

    def __init__(self, demand: Demand) -> None:
        super().__init__(CODE)
        self.demand = demand


@dataclass(frozen=True, slots=True)
class Strength:
    """What is asked of every request of a person, and of the operations that are marked `step_up`."""

    always: Demand = Demand()
    step_up: Demand = Demand()

    def check(self, identity: Identity, now: datetime, *, steps_up: bool) -> None:
        """Raise SignInTooWeakError unless the sign-in is as the operation asks."""
        for demand in (self.always, self.step_up)[: 2 if steps_up else 1]:
            if not demand.is_met(identity, now):
                raise SignInTooWeakError(demand)


def strength_of(settings: Settings) -> Strength:
    """What the settings ask; a sensitive operation asks for what every request does besides."""
    always = Demand(settings.accepted_acr)
    return Strength(always, Demand(settings.accepted_step_up_acr or always.acr, settings.step_up_max_age or None))

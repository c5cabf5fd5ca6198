"""What is sent about other systems, and by them for a token."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from mediation.api.organization_bodies import RoleCode
from mediation.api.values import Day, Id, Name
from mediation.api.wire import MOST_ENTRIES, Body, Version
from mediation.gateways.certificates import LONGEST
from mediation.gateways.tokens import LONGEST_TOKEN

Word = Annotated[str, Field(max_length=200)]
Roles = Annotated[list[RoleCode], Field(min_length=1, max_length=10)]
People = Annotated[list[Id], Field(max_length=MOST_ENTRIES)]
Certificates = Annotated[list[Annotated[str, Field(max_length=LONGEST)]], Field(max_length=2)]
DistinguishedName = Annotated[str, Field(min_length=1, max_length=500)]
FORM = "application/x-www-form-urlencoded"


class ClientIn(Body):
    """Another system of an organization; `jwks` are its public keys, `may_act_for` people of the organization.

    `certificates` are those it shows to the proxy, as PEM, two at a time; `certificate_subject` instead is the name in
    any certificate of the CA that the proxy trusts, such as `CN=court.example.org,O=Court`.
    """

    organization_id: Id
    name: Name
    roles: Roles
    jwks: dict[str, Any] | None = None
    certificates: Certificates | None = None
    certificate_subject: DistinguishedName | None = None
    may_act_for: People = Field(default=[])


class ClientChangesIn(Body):
    """Corrections to a client; `jwks` replaces the whole key set, `certificates` all of them; null takes them away."""

    name: Name = Field(default="")
    roles: Roles = Field(default=[])
    jwks: dict[str, Any] | None = None
    certificates: Certificates | None = None
    certificate_subject: DistinguishedName | None = None
    may_act_for: People = Field(default=[])
    is_active: bool = True
    expected_version: Version | None = None


class ClientKeyIn(Body):
    """An API key to be issued: its last day, 90 days from today unless said, 180 at most."""

    expires_on: Day | None = None


class TokenIn(Body):
    """A request for an access token (RFC 6749, section 4.4), with an assertion (RFC 7523) or a certificate (RFC 8705).

    What else is sent is ignored.
    """

    model_config = ConfigDict(extra="ignore")

    grant_type: Word | None = Field(default=None, examples=["client_credentials"])
    client_assertion_type: Word | None = None
    client_assertion: Annotated[str, Field(max_length=LONGEST_TOKEN)] | None = None
    client_id: Word | None = None
    scope: Word | None = None

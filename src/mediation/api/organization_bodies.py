"""What clients may send about organizations, people and memberships."""

from typing import Annotated

from pydantic import Field, StringConstraints

from mediation.api.values import Day, Division, Id, Name, OneOf, SocialCreditCode
from mediation.api.wire import Body, Version
from mediation.domain.access import MembershipRole
from mediation.domain.organizations import OrganizationKind

ShortName = Annotated[str, StringConstraints(pattern=r"^[\u4e00-\u9fa5]{1,12}$")]
Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
KindCode = Annotated[str, OneOf(OrganizationKind)]
RoleCode = Annotated[str, OneOf(MembershipRole)]


class OrganizationIn(Body):
    """A body that takes part in cases; `short_name` stands in front of its case numbers."""

    kind: KindCode
    name: Name
    short_name: ShortName
    parent_id: Id | None = None
    division: Division | None = None
    uscc: SocialCreditCode | None = None
    is_court_invited: bool = False


class OrganizationChangesIn(Body):
    """Corrections to an organization; another `parent_id` moves it in the tree, with those below it."""

    name: Name = Field(default="")
    short_name: ShortName = Field(default="")
    parent_id: Id | None = None
    division: Division | None = None
    uscc: SocialCreditCode | None = None
    is_court_invited: bool = False
    is_active: bool = True
    expected_version: Version | None = None


class PersonIn(Body):
    """Somebody who signs in; `subject` is what their tokens say."""

    subject: Subject
    name: Name


class PersonChangesIn(Body):
    """Corrections to a person."""

    name: Name = Field(default="")
    is_active: bool = True
    expected_version: Version | None = None


class MembershipIn(Body):
    """What a person is in an organization."""

    organization_id: Id
    roles: Annotated[list[RoleCode], Field(min_length=1, max_length=10)]
    since: Day | None = None
    until: Day | None = None

"""A person's relation to a case: from membership, assignment and party status to the roles of the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Assignment, Party


class MembershipRole(StrEnum):
    """What a person is in an organization."""

    CLERK = "clerk"
    MEDIATOR = "mediator"
    VOLUNTEER = "volunteer"
    UNION_OFFICER = "union_officer"
    SUPERVISOR = "supervisor"
    COURT_LIAISON = "court_liaison"
    ARBITRATION_LIAISON = "arbitration_liaison"
    INSPECTION_LIAISON = "inspection_liaison"
    ADMIN = "admin"
    SECURITY_OFFICER = "security_officer"
    AUDITOR = "auditor"


MEMBERSHIP_ROLES: Mapping[MembershipRole, Label] = {
    MembershipRole.CLERK: Label("办案员", "clerk"),
    MembershipRole.MEDIATOR: Label("调解员", "mediator"),
    MembershipRole.VOLUNTEER: Label("志愿者", "volunteer"),
    MembershipRole.UNION_OFFICER: Label("工会干部", "union officer"),
    MembershipRole.SUPERVISOR: Label("督导员", "supervisor"),
    MembershipRole.COURT_LIAISON: Label("法院联络员", "liaison of a court"),
    MembershipRole.ARBITRATION_LIAISON: Label("仲裁机构联络员", "liaison of an arbitration commission"),
    MembershipRole.INSPECTION_LIAISON: Label("劳动监察联络员", "liaison of a labour inspection"),
    MembershipRole.ADMIN: Label("系统管理员", "administrator"),
    MembershipRole.SECURITY_OFFICER: Label("安全保密管理员", "security officer"),
    MembershipRole.AUDITOR: Label("安全审计员", "auditor"),
}


class AccountKind(StrEnum):
    """What stands behind an account: a natural person, or another system."""

    PERSON = "person"
    CLIENT = "client"


CLIENT_SUBJECT = "client:"
"""How the subject of a system's account begins; no token of an issuer speaks for one."""
LINK_SUBJECT = "link:"
"""How the subject of a party's access link begins; no account has one."""
RESERVED_SUBJECTS = (CLIENT_SUBJECT, LINK_SUBJECT)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, under which membership; a party or the worker process has none.

    `sees_no_case`: an administrator or security officer of any body, not only of the one acted for. `represented_by`
    is who acts on this person's behalf: the roles are then those that may be represented, and no others count.
    `raised_to` is the class of data that a grant on the one case asked about lets this person read. `is_away`: who left
    the houses, or speaks for a court, a commission or an office; they work on no case, whatever part they were given.
    """

    person_id: str
    name: str
    organization_id: str | None
    roles: frozenset[str]
    is_system: bool = False
    kind: AccountKind = AccountKind.PERSON
    sees_no_case: bool = False
    represented_by: str | None = None
    raised_to: int | None = None
    is_away: bool = False

    @property
    def hand(self) -> str:
        """Who really sent the request."""
        return self.represented_by or self.person_id

    @property
    def represented(self) -> str | None:
        """On whose behalf it was sent, where that is somebody else."""
        return None if self.represented_by is None else self.person_id


SYSTEM = Actor("system", "system", None, frozenset(), is_system=True)

_HERE: Mapping[str, CaseRole] = {
    MembershipRole.CLERK: CaseRole.CLERK,
    MembershipRole.UNION_OFFICER: CaseRole.UNION_OFFICER,
    MembershipRole.SUPERVISOR: CaseRole.SUPERVISOR,
    MembershipRole.AUDITOR: CaseRole.AUDITOR,
}
_SENT: Mapping[str, CaseRole] = {
    MembershipRole.COURT_LIAISON: CaseRole.COURT_LIAISON,
    MembershipRole.ARBITRATION_LIAISON: CaseRole.ARBITRATION_LIAISON,
    MembershipRole.INSPECTION_LIAISON: CaseRole.INSPECTION_LIAISON,
}
WRITING: frozenset[str] = frozenset(
    {MembershipRole.CLERK, MembershipRole.MEDIATOR, MembershipRole.VOLUNTEER, MembershipRole.UNION_OFFICER}
) | {MembershipRole.SUPERVISOR}
"""Who writes a case down for the house they belong to, or one below it."""
HANDING_OVER: frozenset[str] = frozenset(_SENT)
"""Who hands a case over to a body that mediates."""
_BELOW: Mapping[str, CaseRole] = {
    MembershipRole.UNION_OFFICER: CaseRole.UNION_OFFICER,
    MembershipRole.SUPERVISOR: CaseRole.SUPERVISOR,
    MembershipRole.AUDITOR: CaseRole.AUDITOR,
}
SIDE_ROLES: Mapping[str, CaseRole] = {
    "worker": CaseRole.WORKER_SIDE,
    "employer": CaseRole.EMPLOYER_SIDE,
    "third": CaseRole.THIRD_SIDE,
}
_ASSIGNED: Mapping[str, CaseRole] = {
    "mediator": CaseRole.MEDIATOR,
    "volunteer": CaseRole.VOLUNTEER,
    "agent": CaseRole.VOLUNTEER,
}


def person_scope(person_id: str) -> str:
    """The scope in which a person sees the cases assigned to them, or their own."""
    return f"p:{person_id}"


def organization_scope(organization_id: str) -> str:
    """The scope of cases an organization handles."""
    return f"o:{organization_id}"


def sent_scope(organization_id: str) -> str:
    """The scope of cases sent to a court, commission or office: its liaisons see them, nobody else there."""
    return f"s:{organization_id}"


def is_sent(scope: str) -> bool:
    """Whether a scope is that of a body the case was sent to."""
    return scope.startswith("s:")


def below_scope(organization_id: str) -> str:
    """The scope of cases handled by bodies below an organization."""
    return f"b:{organization_id}"


def not_below(scopes: Iterable[str]) -> frozenset[str]:
    """Scopes without those of the bodies above: where somebody is more to a case than one who watches over it."""
    return frozenset(scope for scope in scopes if not scope.startswith("b:"))


def is_away(held: frozenset[str], *, was_enrolled: bool) -> bool:
    """Whether somebody with these roles in all bodies today works on no case; `was_enrolled`: memberships are on file."""
    return was_enrolled and (not held or bool(held & HANDING_OVER))


def scopes_of(actor: Actor) -> tuple[str, ...]:
    """Every scope this actor may look into: the one answer that the row filter is built from.

    Administrators and security officers look into none: they keep the directory and its safety, and see no case.
    """
    if actor.sees_no_case:
        return ()
    scopes = [person_scope(actor.person_id)]
    if actor.organization_id is not None and actor.roles & _HERE.keys():
        scopes.append(organization_scope(actor.organization_id))
    if actor.organization_id is not None and actor.roles & _BELOW.keys():
        scopes.append(below_scope(actor.organization_id))
    if actor.organization_id is not None and actor.roles & _SENT.keys():
        scopes.append(sent_scope(actor.organization_id))
    return tuple(scopes)


def case_roles(
    actor: Actor,
    scopes: Iterable[str],
    assignments: Iterable[Assignment],
    parties: Iterable[Party],
) -> frozenset[CaseRole]:
    """What the actor is to this case; `scopes` are the scopes of the actor in which the case lies."""
    if actor.is_system:
        return frozenset({CaseRole.SYSTEM})
    scopes = frozenset(scopes)
    found: set[CaseRole] = set()
    if actor.organization_id is not None:
        if organization_scope(actor.organization_id) in scopes:
            found.update(role for name, role in _HERE.items() if name in actor.roles)
        if below_scope(actor.organization_id) in scopes:
            found.update(role for name, role in _BELOW.items() if name in actor.roles)
        if sent_scope(actor.organization_id) in scopes:
            found.update(role for name, role in _SENT.items() if name in actor.roles)
    assigned = {
        _ASSIGNED[entry.role]
        for entry in assignments
        if entry.person_id == actor.person_id and entry.until is None and entry.role in _ASSIGNED
    }
    if actor.represented_by is not None:
        return frozenset(found | {role for role in assigned if role in actor.roles})
    if not actor.is_away:
        found |= assigned
    found.update(
        SIDE_ROLES[party.side] for party in parties if party.person_id == actor.person_id and party.status == "active"
    )
    return frozenset(found)

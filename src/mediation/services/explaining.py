"""What somebody can see and do on a case, and why: their relation, roles, ceiling, and the steps open to each role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from mediation.domain.access import Actor, MembershipRole, scopes_of
from mediation.domain.advance import open_and_blocked
from mediation.domain.cases import Case, OpenStep
from mediation.domain.errors import InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole
from mediation.domain.sight import Sight, sight_of
from mediation.services.caller import Caller
from mediation.services.identity import acting, administers, raised, relation, roles_in
from mediation.services.reading import setting_of
from mediation.storage import Unit
from mediation.storage import cases as rows
from mediation.storage.cases import Loaded

ASKS_FOR_OTHERS = frozenset({CaseRole.SUPERVISOR, CaseRole.AUDITOR})
"""Who may ask what somebody else, or a role, can see and do on a case they see themselves."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What somebody is to a case under one membership: the scopes in which they see it, and the roles that gives."""

    organization_id: str | None
    scopes: tuple[str, ...]
    sight: Sight
    steps: tuple[OpenStep, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Each relation of a person, or of a role, to a case; none where they do not see it."""

    case_id: str
    person_id: str | None
    role: CaseRole | None
    relations: tuple[Relation, ...]


def explain_access(
    unit: Unit, caller: Caller, case_id: str, person_id: str | None = None, role: str | None = None
) -> Explanation:
    """What the caller, a person or a role can see and do on a case; NotFoundError for a case the caller does not see.

    Of others only supervisors and auditors of the case ask: NotPermittedError, NotFoundError for an unknown person.
    """
    if person_id is not None and role is not None:
        text = Label("person_id 与 role 填写其一", "Give either person_id or role.")
        raise InvalidInputError([InputError("query:role", "one_of", text)])
    loaded = rows.load(unit, case_id, subject=caller.subject, today=caller.today, represented=person_id)
    actor = raised(acting(loaded.actor, caller), loaded, caller)
    case, roles = relation(loaded, actor)
    if person_id in {None, actor.person_id} and role is None:
        found = _relation(caller, loaded, case, actor, roles)
        return Explanation(case_id, actor.person_id, None, (found,))
    if not roles & ASKS_FOR_OTHERS:
        raise NotPermittedError(recorded_by=sorted(ASKS_FOR_OTHERS))
    if role is not None:
        asked = CaseRole(role)
        nobody = Actor("", "", None, frozenset())
        return Explanation(case_id, None, asked, (_relation(caller, loaded, case, nobody, frozenset({asked})),))
    return Explanation(case_id, person_id, None, tuple(_relations(caller, loaded, case)))


def _relations(caller: Caller, loaded: Loaded, case: Case) -> Iterator[Relation]:
    """Every relation of the person asked about: one for each membership, one without where they hold none."""
    person = loaded.represented
    if person is None:
        raise NotFoundError
    if not person["active"]:
        return
    held = [(row["organization_id"], frozenset(orjson.loads(row["roles"]))) for row in person["memberships"]]
    for organization, names in held or [(None, frozenset())]:
        is_admin = administers(person["memberships"])
        roles = names & {MembershipRole.ADMIN} if is_admin else names
        actor = Actor(person["id"], person["name"], organization, roles, is_administrator=is_admin)
        if loaded.scopes.intersection(scopes_of(actor)):
            yield _relation(caller, loaded, case, actor, roles_in(case, loaded.scopes, actor))


def _relation(caller: Caller, loaded: Loaded, case: Case, actor: Actor, roles: frozenset[CaseRole]) -> Relation:
    scopes = tuple(sorted(loaded.scopes.intersection(scopes_of(actor))))
    opened, _ = open_and_blocked(case, setting_of(caller, loaded, actor, roles), main_rows_only=False)
    return Relation(actor.organization_id, scopes, sight_of(actor, roles), opened)

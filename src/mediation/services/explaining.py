"""What somebody can see and do on a case, and why: their relation, roles, ceiling, and the steps open to each role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import orjson

from mediation.domain.access import SIDE_ROLES, Actor, scopes_of
from mediation.domain.advance import open_and_blocked
from mediation.domain.cases import Case, OpenStep
from mediation.domain.errors import InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.domain.grants import Grant
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole
from mediation.domain.separation import counting, is_caseless
from mediation.domain.sight import Sight, known, sight_of
from mediation.domain.writing import Writer, writings_of
from mediation.services.caller import Caller
from mediation.services.identity import (
    acting,
    is_seen,
    raised,
    relation,
    roles_held,
    running_grants,
    works_on_none,
)
from mediation.services.reading import setting_of
from mediation.services.writing import writer_of
from mediation.storage import Unit
from mediation.storage import cases as rows
from mediation.storage.cases import Loaded

ASKS_FOR_OTHERS = frozenset({CaseRole.SUPERVISOR, CaseRole.AUDITOR})
"""Who may ask what somebody else, or a role, can see and do on a case they see themselves."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What somebody is to a case under one membership: the scopes in which they see it, and the roles that gives.

    `writes` are the operations beside steps by which they may write, be it of one party alone; `grants` are what lets
    them read more than their roles do.
    """

    organization_id: str | None
    scopes: tuple[str, ...]
    sight: Sight
    steps: tuple[OpenStep, ...]
    writes: tuple[str, ...]
    grants: tuple[Grant, ...] = ()


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
        found = _relation(caller, loaded, case, actor, writer_of(loaded, case, actor))
        return Explanation(case_id, actor.person_id, None, (found,))
    if not roles & ASKS_FOR_OTHERS:
        raise NotPermittedError(recorded_by=sorted(ASKS_FOR_OTHERS))
    if role is not None:
        asked = CaseRole(role)
        nobody = Actor("", "", None, frozenset())
        return Explanation(case_id, None, asked, (_relation(caller, loaded, case, nobody, _holding(case, asked)),))
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
        everywhere = roles_held(person["memberships"])
        roles = counting(everywhere, names)
        actor = Actor(
            person["id"], person["name"], organization, roles, sees_no_case=is_caseless(everywhere),
            is_away=works_on_none(person),
        )  # fmt: skip
        actor = raised(actor, loaded, replace(caller, raised_for=set()))  # nobody reads anything under it here
        if is_seen(loaded, actor):
            yield _relation(caller, loaded, case, actor, writer_of(loaded, case, actor))


def _holding(case: Case, role: CaseRole) -> Writer:
    """Somebody who holds a role at the body that handles the case, or every party of that side."""
    parties = frozenset(party.id for party in case.active_parties() if SIDE_ROLES[party.side] is role)
    return Writer(frozenset({role}), parties=parties)


def _relation(caller: Caller, loaded: Loaded, case: Case, actor: Actor, writer: Writer) -> Relation:
    roles = writer.here | writer.above
    scopes = tuple(sorted(loaded.scopes.intersection(scopes_of(actor))))
    sight = sight_of(actor, roles)
    opened, _ = open_and_blocked(known(case, sight), setting_of(caller, loaded, actor, roles), main_rows_only=False)
    granted = running_grants(loaded, actor, caller.now)
    return Relation(actor.organization_id, scopes, sight, opened, tuple(writings_of(case, writer)), granted)

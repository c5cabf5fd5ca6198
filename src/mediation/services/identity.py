"""From a verified subject to the one who acts: the account, its membership, and on whose behalf the request is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from mediation.domain.access import AccountKind, Actor, below_scope, case_roles, is_away, organization_scope, scopes_of
from mediation.domain.cases import Case
from mediation.domain.errors import NotFoundError, Refusal
from mediation.domain.grants import Grant, How
from mediation.domain.labels import Label
from mediation.domain.procedure.step import SIDES, CaseRole
from mediation.domain.representation import RepresentationError, Represented, represent
from mediation.domain.separation import counting, is_caseless
from mediation.domain.sight import DataClass
from mediation.services.caller import Caller
from mediation.storage import Unit
from mediation.storage import cases as rows
from mediation.storage.cases import Loaded


class PersonUnknownError(Refusal):
    """The token is good, but nobody here, or nobody active, stands behind it."""

    code = "person_unknown"
    text = Label("账号未登记或已停用", "The account is unknown or deactivated")


class MembershipRequiredError(Refusal):
    """The person belongs to several bodies, or not to the one named."""

    code = "membership_required"
    text = Label("请选择以哪一组织身份办理", "Say for which of your organizations you act")


class CaseNotFoundError(NotFoundError):
    """A case that does not exist, or that this person may not know of: who meets many is looking for them."""


def acting(row: Mapping[str, Any] | None, caller: Caller) -> Actor:
    """The actor of a request, under the only membership or the one named in `Mediation-Acting-As`.

    It is about no single case: nobody is represented in it.
    """
    if caller.on_behalf_of is not None:
        raise RepresentationError(reason="single_cases_only")
    return _oneself(row, caller)


def acting_on(loaded: Loaded, caller: Caller) -> Actor:
    """The actor of a request on one case: oneself, or the person named in `Mediation-On-Behalf-Of`.

    A clerk must see the case too, and the mediator be assigned to it; NotFoundError, RepresentationError.
    """
    oneself = _oneself(loaded.actor, caller)
    if caller.on_behalf_of is None:
        return raised(oneself, loaded, caller)
    actor = represent(oneself, _represented(loaded.represented, oneself.organization_id))
    if oneself.kind is AccountKind.PERSON:
        case, own = relation(loaded, oneself)
        if own & SIDES:
            raise RepresentationError(reason="party_to_the_case")
        if not roles_in(case, loaded.scopes, actor):
            raise RepresentationError(reason="not_assigned")
    return actor


def raised(actor: Actor, loaded: Loaded, caller: Caller) -> Actor:
    """The actor with what a grant on the case lets them read, in a request that only reads; each is noted."""
    if loaded.case is None or caller.raised_for is None:
        return actor
    running = running_grants(loaded, actor, caller.now)
    caller.raised_for.update((grant.how, loaded.case.id, grant.purpose) for grant in running)
    return replace(actor, raised_to=max((grant.ceiling for grant in running), default=None))


def running_grants(loaded: Loaded, actor: Actor, now: datetime) -> tuple[Grant, ...]:
    """What was granted to this person on the case that was read, and counts now."""
    if loaded.case is None:
        return ()
    handling_id = loaded.case.organization_id
    return tuple(grant for grant in map(_grant, loaded.grants) if grant.counts(actor, handling_id, now))


def _grant(row: Mapping[str, Any]) -> Grant:
    ceiling, until = DataClass[row["ceiling"].upper()], datetime.fromisoformat(row["until"])
    held = (row["person_id"], row["organization_id"], row["handling_id"])
    return Grant(row["id"], How(row["how"]), *held, ceiling, row["purpose"], until)


def load_case(
    unit: Unit,
    caller: Caller,
    case_id: str,
    *,
    key: str | None = None,
    references: Iterable[str] = (),
    entry: str | None = None,
) -> Loaded:
    """Read a case for a caller, with the account that acts and the one it acts for: one statement."""
    return rows.load(
        unit, case_id, subject=caller.subject, today=caller.today, key=key, references=references, entry=entry,
        represented=caller.on_behalf_of,
    )  # fmt: skip


def _represented(row: Mapping[str, Any] | None, organization_id: str | None) -> Represented | None:
    if row is None:
        return None
    here = [m for m in row["memberships"] if m["organization_id"] == organization_id]
    return Represented(
        row["id"], row["name"], bool(row["active"]), AccountKind(row["kind"]), _roles(row, here),
        orjson.loads(row["mandates"] or "[]"),
    )  # fmt: skip


def _roles(row: Mapping[str, Any], memberships: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The roles of some memberships that count, given all that the person holds today."""
    return counting(roles_held(row["memberships"]), roles_held(memberships))


def roles_held(memberships: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The roles on file in some memberships, whether or not they count."""
    return frozenset(role for m in memberships for role in orjson.loads(m["roles"]))


def sees_no_case(memberships: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of the memberships, of all that a person holds today, is an administrator's or security officer's."""
    return is_caseless(roles_held(memberships))


def _oneself(row: Mapping[str, Any] | None, caller: Caller) -> Actor:
    if row is None or not row["active"]:
        raise PersonUnknownError
    memberships = row["memberships"]
    if caller.acting_as is not None:
        chosen = [m for m in memberships if caller.acting_as in {m["organization_id"], m["id"]}]
        if not chosen:
            raise MembershipRequiredError
    else:
        chosen = memberships
    organizations = {m["organization_id"] for m in chosen}
    if len(organizations) > 1:
        raise MembershipRequiredError(organizations=sorted(organizations))
    organization = next(iter(organizations), None)
    return Actor(
        row["id"], row["name"], organization, _roles(row, chosen),
        kind=AccountKind(row["kind"]), sees_no_case=sees_no_case(memberships), is_away=works_on_none(row),
    )  # fmt: skip


def works_on_none(row: Mapping[str, Any]) -> bool:
    """Whether an account works on no case, by all the memberships it holds today."""
    return is_away(roles_held(row["memberships"]), was_enrolled=bool(row["enrolled"]))


def relation(loaded: Loaded, actor: Actor) -> tuple[Case, frozenset[CaseRole]]:
    """The case and what the actor is to it; NotFoundError when it is unknown or not theirs to see."""
    case = loaded.case
    if case is None or not is_seen(loaded, actor):
        raise CaseNotFoundError
    roles = roles_in(case, loaded.scopes, actor)
    if actor.represented_by is not None and not roles:
        raise NotFoundError
    return case, roles


def is_seen(loaded: Loaded, actor: Actor) -> bool:
    """Whether the actor sees the case: by what they are to it, by a grant, or as who wrote it down."""
    if loaded.case is None or actor.raised_to is not None:
        return loaded.case is not None
    if loaded.scopes.isdisjoint(scopes_of(actor)):
        return False
    return bool(roles_in(loaded.case, loaded.scopes, actor)) or _may_look_on(loaded, actor)


def _may_look_on(loaded: Loaded, actor: Actor) -> bool:
    """Whether who wrote a case down without a part reads on: in private, or for the body it lies with or below."""
    body = actor.organization_id
    if body is None:
        return not actor.is_away
    return not loaded.scopes.isdisjoint({organization_scope(body), below_scope(body)})


def roles_in(case: Case, scopes: frozenset[str], actor: Actor) -> frozenset[CaseRole]:
    """What the actor is to a case that lies in these scopes."""
    known = scopes.intersection(scopes_of(actor))
    return case_roles(actor, known, case.assignments.values(), case.parties.values())

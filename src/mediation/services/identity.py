"""From a verified subject to the one who acts: the account, and the membership the request is made under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mediation.domain.access import Actor, case_roles, scopes_of
from mediation.domain.cases import Case
from mediation.domain.errors import NotFoundError, Refusal
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole
from mediation.services.caller import Caller
from mediation.storage.cases import Loaded


class PersonUnknownError(Refusal):
    """The token is good, but nobody here, or nobody active, stands behind it."""

    code = "person_unknown"
    text = Label("账号未登记或已停用", "The account is unknown or deactivated")


class MembershipRequiredError(Refusal):
    """The person belongs to several bodies, or not to the one named."""

    code = "membership_required"
    text = Label("请选择以哪一组织身份办理", "Say for which of your organizations you act")


def acting(row: Mapping[str, Any] | None, caller: Caller) -> Actor:
    """The actor of a request, under the only membership or the one named in `Mediation-Acting-As`."""
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
    roles = frozenset(role for m in chosen for role in orjson.loads(m["roles"]))
    return Actor(row["id"], row["name"], next(iter(organizations), None), roles)


def relation(loaded: Loaded, actor: Actor) -> tuple[Case, frozenset[CaseRole]]:
    """The case and what the actor is to it; NotFoundError when it is unknown or not theirs to see."""
    case = loaded.case
    scopes = loaded.scopes.intersection(scopes_of(actor))
    if case is None or not scopes:
        raise NotFoundError
    return case, case_roles(actor, scopes, case.assignments.values(), case.parties.values())

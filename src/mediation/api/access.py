"""Why somebody sees what they see of a case, and may do what they may do."""

from __future__ import annotations

from typing import Annotated, Any

from starlette.responses import Response

from mediation.api import labels
from mediation.api.call import Call, respond
from mediation.api.language import both
from mediation.api.operations import READ, operation
from mediation.api.queries import Query
from mediation.api.values import Id, OneOf
from mediation.domain.explaining import GRANTED, RULES
from mediation.domain.grants import Grant
from mediation.domain.procedure.step import CaseRole
from mediation.domain.sight import CEILINGS
from mediation.services import explaining
from mediation.services.explaining import Explanation, Relation


class ExplainQuery(Query):
    """Which case, and about whom: oneself, a person, or a role."""

    case_id: Id
    person_id: Id | None = None
    role: Annotated[str, OneOf(CaseRole)] | None = None


@operation("GET", "/v1/access/explain", tag="access", zh="说明查阅与办理权限", en="Explain access", refuses=READ)
async def explain_access(call: Call, query: ExplainQuery) -> Response:
    """What you can see and do on a case, each role with the rule that gives it; supervisors and auditors ask of others.

    `relations` tell for each membership the scopes in which the case is seen, the roles with the class of data each
    reaches, what was granted besides, what is withheld, every step open today with the roles that may record it, and
    under `writes` the operations beside steps by which one may write today, be it of one party alone. A role asked
    about is held at the body that handles the case. None: it is not seen.
    """
    found = await call.read(explaining.explain_access, query.case_id, query.person_id, query.role)
    return respond(_document(found))


def _document(found: Explanation) -> dict[str, Any]:
    return {
        "case_id": found.case_id,
        "person_id": found.person_id,
        "role": found.role,
        "sees_the_case": bool(found.relations),
        "relations": [_relation(one) for one in found.relations],
    }


def _grant(granted: Grant) -> dict[str, Any]:
    return {
        "id": granted.id,
        "how": granted.how,
        "rule": both(GRANTED[granted.how]),
        "ceiling": granted.ceiling.name.lower(),
        "purpose": granted.purpose,
        "until": granted.until.isoformat(),
    }


def _relation(one: Relation) -> dict[str, Any]:
    return {
        "organization_id": one.organization_id,
        "scopes": list(one.scopes),
        "roles": [
            {"role": role, "ceiling": CEILINGS[role].name.lower(), "rule": both(RULES[role])}
            for role in sorted(one.sight.roles)
        ],
        "ceiling": one.sight.ceiling.name.lower(),
        "grants": [_grant(granted) for granted in one.grants],
        "from_dispatch": one.sight.is_from_dispatch,
        "withheld": list(one.sight.withheld),
        "steps": [
            {
                "action": opened.step.action,
                "label": labels.STEPS[opened.step.action],
                "track": opened.step.track,
                "instance": opened.track_id,
                "recorded_by": sorted(opened.step.recorded_by & one.sight.roles),
            }
            for opened in one.steps
        ],
        "writes": list(one.writes),
    }

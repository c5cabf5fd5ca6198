"""Signs that a mediator may not be seen as impartial: nothing is forbidden by them, both sides should know."""

from __future__ import annotations

from typing import Final

from mediation.domain.cases import Case
from mediation.domain.organizations import OrganizationKind

_ITS_OWN: Final = frozenset({OrganizationKind.ENTERPRISE_COMMITTEE, OrganizationKind.ENTERPRISE_UNION})


def is_mediated_by_the_enterprise(case: Case) -> bool:
    """Whether a mediator of the respondent's own enterprise mediates: a committee in an enterprise is its own.

    It stays lawful (LDMAL 10; R17 13, 18), and the parties may choose or refuse a mediator, or take the case elsewhere.
    """
    return case.facts.get("organization_kind") in _ITS_OWN and case.mediator_id() is not None

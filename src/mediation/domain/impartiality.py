"""Signs that a mediator may not be seen as impartial: nothing is forbidden by them, both sides should know."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.cases import Case, References
from mediation.domain.labels import Label
from mediation.domain.organizations import OrganizationKind

_ITS_OWN: Final = frozenset({OrganizationKind.ENTERPRISE_COMMITTEE, OrganizationKind.ENTERPRISE_UNION})


class ToldBy(StrEnum):
    """What tells that a mediator belongs to a party."""

    USCC = "uscc"
    KIND = "kind"


TOLD_BY: Final[Mapping[ToldBy, Label]] = MappingProxyType(
    {
        ToldBy.USCC: Label(
            "调解员所在组织与一方当事人的统一社会信用代码相同",
            "The mediator's body and a party have the same unified social credit code.",
        ),
        ToldBy.KIND: Label(
            "案件由用人单位内部的调解组织调解（按组织类型判断）",
            "The case is mediated by a body inside an enterprise; told by the kind of the body.",
        ),
    }
)


def mediator_of_the_enterprise(case: Case, on_file: References) -> ToldBy | None:
    """How one knows that a mediator of a party's own enterprise mediates; None where nothing says so.

    Told by the unified social credit code of the handling body, or of one the mediator belongs to, where a party has
    the same; otherwise by the kind of the handling body: a committee in an enterprise is its own, though it may have a
    code of its own. It stays lawful (LDMAL 10; R17 13, 18), and the parties may choose or refuse a mediator, or take
    the case elsewhere.
    """
    mediator = case.mediator_id()
    if mediator is None:
        return None
    codes = {on_file.organizations.get(case.organization_id, {}).get("uscc")}
    codes.update(on_file.people.get(mediator, {}).get("usccs", ()))
    if codes & {party.uscc for party in case.active_parties() if party.uscc is not None}:
        return ToldBy.USCC
    return ToldBy.KIND if case.facts.get("organization_kind") in _ITS_OWN else None

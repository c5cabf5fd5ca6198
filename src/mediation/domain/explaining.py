"""Why somebody is what they are to a case: for each role the rule that gives it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mediation.domain.grants import How
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole

_ASSIGNED: Final = Label("本案指派（至指派结束）", "assigned to this case, until the assignment ends")
_PARTY: Final = Label("本案当事人，以登记的账号为准", "a party of this case, by the account on file")
_HANDLES: Final = Label("受理本案的组织的成员", "a member of the body that handles the case")
_ABOVE: Final = Label("受理组织或其上级组织的成员", "a member of the body that handles the case, or of one above it")
_SENT: Final = Label("案件已送交其所在机构，自送交时起可见", "the case was sent to their body; seen from then on")
RULES: Final[Mapping[CaseRole, Label]] = MappingProxyType(
    {
        CaseRole.CLERK: _HANDLES,
        CaseRole.MEDIATOR: _ASSIGNED,
        CaseRole.VOLUNTEER: _ASSIGNED,
        CaseRole.UNION_OFFICER: _ABOVE,
        CaseRole.SUPERVISOR: _ABOVE,
        CaseRole.AUDITOR: _ABOVE,
        CaseRole.COURT_LIAISON: _SENT,
        CaseRole.ARBITRATION_LIAISON: _SENT,
        CaseRole.INSPECTION_LIAISON: _SENT,
        CaseRole.WORKER_SIDE: _PARTY,
        CaseRole.EMPLOYER_SIDE: _PARTY,
        CaseRole.THIRD_SIDE: _PARTY,
        CaseRole.SYSTEM: Label("后台时钟", "the clock of the service"),
    }
)
"""What gives each role on a case."""
GRANTED: Final[Mapping[How, Label]] = MappingProxyType(
    {
        How.BREAK_GLASS: Label("紧急查阅，限期只读", "the glass was broken: for reading alone, for a while"),
        How.ACCESS_REQUEST: Label("经申请准予查阅，限期只读", "granted upon request: for reading alone, for a while"),
    }
)
"""How somebody came to read more of a case than their roles show."""

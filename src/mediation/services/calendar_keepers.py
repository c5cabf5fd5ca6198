"""Who keeps what every body counts and calculates with: notices of days off, and local figures."""

from __future__ import annotations

from mediation.domain.access import Actor
from mediation.domain.errors import NotPermittedError
from mediation.domain.labels import Label
from mediation.domain.organizations import OrganizationKind, is_county_level_union
from mediation.services.directory import KEEPERS, existing
from mediation.storage import Unit, tables
from mediation.storage import people as rows

_FOR_THE_TOP = Label(
    "放假安排和地方数据影响所有单位的期限和计算,由没有上级的总工会的管理员或督导员载入;也可由运维人员载入",
    "Notices and figures move the clocks and sums of every body: an administrator or supervisor of the federation at "
    "the top loads them, or whoever runs the service (mediation calendar, mediation figures).",
)


def refuse_below_the_top(unit: Unit, actor: Actor) -> None:
    """NotPermittedError unless the actor acts for a federation of county level or above with no body above it.

    The roles are asked for where the change is run.
    """
    body = existing(rows.one(unit, tables.organizations, actor.organization_id or ""))
    if body["parent_id"] is not None or not is_county_level_union(OrganizationKind(body["kind"])):
        raise NotPermittedError(_FOR_THE_TOP, recorded_by=sorted(KEEPERS))

"""Files of cases whose time is over, and the records of their disposal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from mediation.storage import tables
from mediation.storage.database import Unit
from mediation.storage.json_sql import names, statement

_MINE = (
    "with recursive mine (id) as (select id from organizations where id = :organization_id "
    "union all select o.id from organizations o join mine m on o.parent_id = m.id) "
)
_WITHIN = " and {table}.organization_id in (select id from mine)"
_FACT = {
    "sqlite": "json_extract(c.facts, '$.{name}') is not null",
    "postgresql": "c.facts::jsonb ->> '{name}' is not null",
}
_DAY = {"sqlite": ":{name}", "postgresql": "cast(:{name} as date)"}
_DISPOSAL = ", ".join(f"d.{name}" for name in names(tables.disposals))
_ONE = statement(f"select {_DISPOSAL} from disposals d where d.id = :id")
_OF_CASE = statement(f"select {_DISPOSAL} from disposals d where d.case_id = :case_id and d.ending is null")
_NOW = "(select c.version from cases c where c.id = d.case_id) as version"


def _rules(dialect: str) -> dict[str, str]:
    """What of a stored case says that a rule applies to it, by the rule's code."""
    fact = _FACT[dialect]
    return {
        "death": "exists (select 1 from claims q where q.case_id = c.id and q.code = 'work_death_benefit')",
        "collective": "c.is_collective",
        "arbitration_award": fact.format(name="award_no"),
        "arbitration": fact.format(name="arb_no"),
        "mediation": "true",
    }


@lru_cache
def _over_sql(dialect: str, order: tuple[str, ...], *, within: bool, limit: int) -> str:
    applies, day = _rules(dialect), _DAY[dialect]
    rule = " ".join(f"when {applies[code]} then '{code}'" for code in order)
    cutoff = " ".join(f"when '{code}' then {day.format(name=code)}" for code in order)
    inner = (
        f"select c.id, c.number, c.organization_id, c.state, c.last_on, case {rule} end as rule, "
        f"{_FACT[dialect].format(name='legal_hold')} as legal_hold, "
        "exists (select 1 from obligations q where q.case_id = c.id and q.status = 'open') as obligation_open, "
        "exists (select 1 from deadlines q where q.case_id = c.id and q.status = 'running') as deadline_running, "
        "(select d.id from disposals d where d.case_id = c.id and d.ending is null) as disposal_id "
        f"from cases c where not c.is_open and c.id > :after and c.last_on <= {day.format(name='latest')}"
        f"{_WITHIN.format(table='c') if within else ''} and not exists ("
        "select 1 from disposals d where d.case_id = c.id and d.confirmed_at is not null)"
    )
    return (
        f"{_MINE if within else ''}select * from ({inner}) t where t.last_on <= case t.rule {cutoff} end "
        f"order by t.id limit {limit:d}"
    )


def over(
    unit: Unit, cutoffs: Mapping[str, date], *, organization_id: str | None, after: str, limit: int
) -> list[dict[str, Any]]:
    """Cases whose time is over, after an id: of a body and of those below it, or of all.

    `cutoffs` gives by rule the last day on which a case ended that is over, in the order in which rules apply.
    """
    parameters: dict[str, Any] = {code: day.isoformat() for code, day in cutoffs.items()}
    parameters |= {"latest": max(parameters.values()), "after": after}
    if organization_id is not None:
        parameters["organization_id"] = organization_id
    sql = _over_sql(unit.dialect, tuple(cutoffs), within=organization_id is not None, limit=limit)
    return [dict(row) for row in unit.execute(statement(sql), parameters).mappings()]


def disposal(unit: Unit, disposal_id: str) -> dict[str, Any] | None:
    """One record of a disposal, proposed or done."""
    row = unit.execute(_ONE, {"id": disposal_id}).mappings().one_or_none()
    return None if row is None else dict(row)


def disposal_of(unit: Unit, case_id: str) -> dict[str, Any] | None:
    """The record about a case that was neither withdrawn nor found to have lapsed."""
    row = unit.execute(_OF_CASE, {"case_id": case_id}).mappings().one_or_none()
    return None if row is None else dict(row)


def disposals(unit: Unit, organization_id: str, *, before: str | None, limit: int) -> list[dict[str, Any]]:
    """Records of a body and of those below it, newest first, from before an id, each with the case's `version` now."""
    sql = f"{_MINE}select {_DISPOSAL}, {_NOW} from disposals d where true{_WITHIN.format(table='d')}"
    sql += f"{' and d.id < :before' if before else ''} order by d.id desc limit {limit:d}"
    parameters = {"organization_id": organization_id, **({"before": before} if before else {})}
    return [dict(row) for row in unit.execute(statement(sql), parameters).mappings()]

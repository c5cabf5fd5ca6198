"""Rows of requests to read a case: kept as asked, delivered to their case by the worker, decided with the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import orjson
from sqlalchemy.exc import IntegrityError

from mediation.storage import people, tables
from mediation.storage.cases import KeyTakenError
from mediation.storage.database import Unit
from mediation.storage.grants import told
from mediation.storage.json_sql import insert, names, statement

Which = Literal["mine", "to_decide", "decided"]

_MOMENT = {"sqlite": ":{name}", "postgresql": "cast(:{name} as timestamptz)"}
_BELOW = (
    "with recursive below (id) as (select id from organizations where id = :organization_id "
    "union all select o.id from organizations o join below b on o.parent_id = b.id) "
)
_COLUMNS = ", ".join(f"r.{name}" for name in names(tables.access_requests))
_OF_CASES_BELOW = "c.organization_id in (select id from below) and k.wrapped is not null and r.person_id <> :person_id"
_WHICH: Mapping[Which, str] = {
    "mine": "r.person_id = :person_id",
    "to_decide": f"r.status = 'waiting' and r.asked_at > {{asked_after}} and {_OF_CASES_BELOW}",
    "decided": f"r.status <> 'waiting' and {_OF_CASES_BELOW}",
}


def _page_sql(dialect: str, which: Which, *, is_first: bool) -> str:
    wanted = _WHICH[which].format(asked_after=_MOMENT[dialect].format(name="asked_after"))
    return (
        f"{'' if which == 'mine' else _BELOW}select {_COLUMNS}, p.name as person_name, o.name as organization_name, "
        "k.wrapped, g.until as granted_until, g.revoked_at from access_requests r "
        "join people p on p.id = r.person_id join organizations o on o.id = r.organization_id "
        "left join cases c on c.id = r.case_id left join subject_keys k on k.id = r.case_id "
        f"left join grants g on g.id = r.grant_id where {wanted}{'' if is_first else ' and r.id < :before'} "
        "order by r.id desc limit :limit"
    )


def page(
    unit: Unit,
    which: Which,
    *,
    person_id: str,
    organization_id: str | None,
    asked_after: datetime,
    before: str | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Requests, newest first, from before an id: one's own, or those of others about cases of a body and below it.

    `wrapped` is the key of the case. Of those to be decided only what was asked after a moment.
    """  # fmt: skip
    parameters: dict[str, Any] = {"person_id": person_id, "limit": limit}
    if which != "mine":
        parameters["organization_id"] = organization_id
    if which == "to_decide":
        parameters["asked_after"] = asked_after.isoformat()
    if before is not None:
        parameters["before"] = before
    sql = _page_sql(unit.dialect, which, is_first=before is None)
    return [told(dict(row)) for row in unit.execute(statement(sql), parameters).mappings()]


def put(unit: Unit, row: Mapping[str, Any], key_row: Mapping[str, Any], kept: Mapping[str, Any] | None) -> None:
    """Keep a new request with its key, and its answer under the idempotency key; KeyTakenError."""
    for table, entry in ((tables.subject_keys, key_row), (tables.access_requests, row)):
        sql = insert(table, unit.dialect, gated=False)
        unit.execute(statement(sql), {table.name: orjson.dumps([entry]).decode()})
    if kept is None:
        return
    try:
        people.keep_answer(unit, kept)
    except IntegrityError as error:
        raise KeyTakenError from error


def undelivered(unit: Unit, after: str, limit: int) -> list[str]:
    """Ids of requests of which nobody looked yet whether there is such a case, after an id."""
    sql = "select id from access_requests where delivered_at is null and id > :after order by id limit :limit"
    return [row.id for row in unit.execute(statement(sql), {"after": after, "limit": limit})]


_TAKE = (
    f"select {_COLUMNS}, p.name as person_name, k.wrapped, (select c.id from cases c where c.number = r.case_number) "
    "as found_id from access_requests r join people p on p.id = r.person_id left join subject_keys k on k.id = r.id "
    "where r.id = :id and r.delivered_at is null"
)


def take(unit: Unit, request_id: str) -> dict[str, Any] | None:
    """A request to deliver with its key and the case it names; None when it is delivered, or in another's hands."""
    sql = _TAKE if unit.dialect == "sqlite" else f"{_TAKE} for update of r skip locked"
    row = unit.execute(statement(sql), {"id": request_id}).mappings().one_or_none()
    return None if row is None else told(dict(row))


def delivered(unit: Unit, request_id: str, now: datetime, *, case_id: str | None, reason: str | None) -> None:
    """Note that a request reached its case, or that there is none; its own key opens nothing any more."""
    moment = _MOMENT[unit.dialect].format(name="now")
    parameters = {"id": request_id, "now": now.isoformat()}
    sql = f"update access_requests set delivered_at = {moment}, case_id = :case_id, reason = :reason where id = :id"
    unit.execute(statement(sql), {**parameters, "case_id": case_id, "reason": reason})
    sql = f"update subject_keys set wrapped = null, destroyed_at = {moment} where id = :id"
    unit.execute(statement(sql), parameters)


def decided(unit: Unit, row: Mapping[str, Any]) -> None:
    """Keep what became of a request."""
    moment = _MOMENT[unit.dialect].format(name="decided_at")
    sql = (
        f"update access_requests set status = :status, decided_at = {moment}, decided_by = :decided_by, "
        "answer = :answer, grant_id = :grant_id where id = :id and status = 'waiting'"
    )
    columns = ("id", "status", "decided_at", "decided_by", "answer", "grant_id")
    unit.execute(statement(sql), {name: row[name] for name in columns})

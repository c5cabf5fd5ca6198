"""What a body keeps about its handling of personal data: assessments beforehand, incidents and who was told of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from mediation.domain.access import WRITING, Actor, MembershipRole
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.domain.incidents import CONTENT, NO_NOTICE, refuse_closing, still_owed
from mediation.domain.labels import Label
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cases import refuse_future
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.directory import administer, compare, has_authority
from mediation.services.identity import acting
from mediation.services.subjects import new_key_row
from mediation.services.views import CasePage
from mediation.storage import Unit, consistent, people, tables
from mediation.storage import registers as rows
from mediation.storage.ids import new_id
from mediation.storage.registers import Register

KEEPERS = frozenset({MembershipRole.SUPERVISOR, MembershipRole.SECURITY_OFFICER})
READERS = KEEPERS | {MembershipRole.AUDITOR}
REPORTERS = KEEPERS | WRITING | {MembershipRole.ADMIN, MembershipRole.AUDITOR}
"""Whoever notices an incident reports it at once."""


@consistent
def list_records(unit: Unit, caller: Caller, register: Register, cursor: str | None, limit: int) -> CasePage:
    """Records of the body one acts for and of those below it, newest first."""
    actor = acting(people.actor(unit, caller.subject, caller.today), caller)
    if not actor.roles & READERS or actor.organization_id is None:
        raise NotPermittedError(recorded_by=sorted(READERS))
    bound = f"{register}|{actor.organization_id}"
    before = open_cursor(unit, cursor, bound)
    found = rows.page(unit, register, actor.organization_id, before=before, limit=limit + 1)
    items = [_document(row) for row in found[:limit]]
    return CasePage(items, seal_cursor(unit, items[-1]["id"], bound) if len(found) > limit else None)


def record_assessment(unit: Unit, caller: Caller, given: Mapping[str, Any], render: Render) -> Answer:
    """Keep an assessment for the body one acts for; it is never changed, a later one stands beside it."""
    made_on = given["made_on"] or caller.today
    refuse_future(made_on, caller.today, "/made_on")
    if given["review_on"] is not None and given["review_on"] <= made_on:
        text = Label("复评日期应晚于评估日期", "It is looked at again after it was made.")
        raise InvalidInputError([InputError("/review_on", "before_start", text)])

    def change(actor: Actor) -> Answer:
        row = {
            "id": new_id(), "organization_id": _body(actor), "handling": given["handling"],
            "conclusion": given["conclusion"], "made_on": made_on.isoformat(), "made_by": actor.person_id,
            "review_on": None if given["review_on"] is None else given["review_on"].isoformat(),
            "content": given["content"],
        }  # fmt: skip
        return _keep(unit, "impact_assessments", row, render)

    return administer(unit, caller, change, roles=KEEPERS)


def report_incident(unit: Unit, caller: Caller, given: Mapping[str, Any], render: Render) -> Answer:
    """Keep an incident for the body one acts for; by whoever works there."""
    noticed_on = given["noticed_on"] or caller.today
    refuse_future(noticed_on, caller.today, "/noticed_on")

    def change(actor: Actor) -> Answer:
        row = {
            "id": new_id(), "version": 1, "organization_id": _body(actor), "kind": given["kind"],
            "kinds_of_data": orjson.dumps(given["kinds_of_data"]).decode(), "affected": given["affected"],
            "noticed_on": noticed_on.isoformat(), "reported_at": caller.now.isoformat(),
            "reported_by": actor.person_id,
            **dict.fromkeys(("authority_told_on", "persons_told_on", "closed_on", "amended_by")),
            "content": {**given["content"], NO_NOTICE: None},
        }  # fmt: skip
        return _keep(unit, "incidents", row, render)

    return administer(unit, caller, change, roles=REPORTERS)


def amend_incident(unit: Unit, caller: Caller, incident_id: str, changes: Mapping[str, Any], render: Render) -> Answer:
    """Tell more of an incident, who was told and when it was over; by those who keep the register there or above.

    ConflictError for one that is over, or to be closed while the authority or the people are still to be told.
    """
    for name in ("authority_told_on", "persons_told_on", "closed_on"):
        refuse_future(changes.get(name), caller.today, f"/{name}")

    def change(actor: Actor) -> Answer:
        row = rows.one(unit, "incidents", incident_id)
        if row is None or not has_authority(unit, actor, row["organization_id"]):
            raise NotFoundError
        compare(caller, row["version"])
        if row["closed_on"] is not None:
            raise ConflictError(Label("该事件已经办结", "The incident is over"))
        wrapped = row.pop("wrapped")
        row = _amended(row, changes, actor)
        rows.put(unit, "incidents", row, wrapped)
        return Answer(200, render(_document(row)), f'"{row["version"]}"')

    return administer(unit, caller, change, roles=KEEPERS)


def _amended(row: Mapping[str, Any], changes: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    texts = {name: value for name, value in changes.items() if name in {*CONTENT, NO_NOTICE}}
    plain = {name: _plain(value) for name, value in changes.items() if name not in texts}
    found = {
        **row, **plain, "content": {**row["content"], **texts}, "version": row["version"] + 1,
        "amended_by": actor.person_id,
    }  # fmt: skip
    if found["closed_on"] is not None:
        refuse_closing(_owed(found))
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _body(actor: Actor) -> str:
    """The body acted for: whoever has a role has one."""
    assert actor.organization_id is not None  # noqa: S101 - the role is held there
    return actor.organization_id


def _keep(unit: Unit, register: Register, row: dict[str, Any], render: Render) -> Answer:
    key_row = new_key_row(unit, row["id"], row["id"])
    people.put(unit, tables.subject_keys, [key_row])
    rows.put(unit, register, row, key_row["wrapped"])
    return Answer(201, render(_document(row)), '"1"' if "version" in row else None)


def _owed(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return still_owed(
        authority_told=row["authority_told_on"] is not None,
        persons_told=row["persons_told_on"] is not None,
        has_no_notice_reason=bool(row["content"].get(NO_NOTICE)),
    )


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    """A record as plain values, its texts beside them."""
    told = {name: value for name, value in row.items() if name not in {"content", "wrapped"}}
    if "kinds_of_data" in told:
        told |= {"kinds_of_data": orjson.loads(row["kinds_of_data"]), "still_to_tell": [str(o) for o in _owed(row)]}
    return {**told, **row["content"]}

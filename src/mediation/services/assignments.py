"""Who is given a part in a case: they see it from then on, until the part ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import orjson

from mediation.domain.access import HANDING_OVER, person_scope
from mediation.domain.cases import Case
from mediation.domain.draft import Draft
from mediation.domain.errors import ConflictError, InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Assignment, to_row
from mediation.domain.wall import TEAM
from mediation.services.caller import Answer, Caller, Render
from mediation.services.children import the_child, write_child
from mediation.services.commands import ASSIGNS_ONESELF
from mediation.services.subjects import NewSubjects
from mediation.storage import Unit
from mediation.storage import people as people_rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id


def assign(unit: Unit, caller: Caller, case_id: str, person_id: str, role: str, render: Render) -> Answer:
    """Give a volunteer or agent a part in the case; mediators are assigned by the step `assign_mediator`."""
    key = new_id()

    def change(
        draft: Draft, _subjects: NewSubjects, loaded: Loaded, roles: frozenset[CaseRole]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        if person_id == (loaded.actor or {})["id"] and not roles & TEAM:
            raise ConflictError(ASSIGNS_ONESELF)
        if role == "mediator":
            raise ConflictError(Label("请用 assign_mediator 指派调解员", "Use the step assign_mediator for a mediator"))
        _check_person(unit, person_id, caller.today)
        _refuse_partial(draft.case, person_id)
        current = draft.records("assignments").values()
        if any(a.person_id == person_id and a.role == role and a.until is None for a in current):
            raise ConflictError(Label("此人已担任该角色", "This person already has that part"))
        draft.put("assignments", Assignment(key, person_id, role, caller.today))
        return {}, (person_scope(person_id),)

    def answer(case: Case) -> Answer:
        where = f"/v1/cases/{case_id}/assignments/{key}"
        return Answer(201, render(to_row("assignments", case.assignments[key])), f'"{case.version}"', where)

    return write_child(unit, caller, case_id, "assign", change, answer)


def end_assignment(unit: Unit, caller: Caller, case_id: str, assignment_id: str, render: Render) -> Answer:
    """End a part in the case as of today; the person no longer sees it unless another part remains."""

    def change(
        draft: Draft, _subjects: NewSubjects, _loaded: Loaded, _roles: frozenset[CaseRole]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        entry = the_child(draft, "assignments", assignment_id)
        if entry.until is not None:
            raise ConflictError(Label("指派已经结束", "The assignment has already ended"))
        if entry.role == "mediator":
            raise ConflictError(Label("请用 replace_mediator 更换调解员", "Use the step replace_mediator"))
        draft.put("assignments", replace(entry, until=caller.today))
        return {}, ()

    def answer(case: Case) -> Answer:
        return Answer(200, render(to_row("assignments", case.assignments[assignment_id])), f'"{case.version}"')

    return write_child(unit, caller, case_id, "end_assignment", change, answer)


def _check_person(unit: Unit, person_id: str, today: date) -> None:
    """InvalidInputError unless an active person of this id belongs to no court, commission or office today."""
    memberships, is_active = people_rows.standing(unit, person_id, today)
    if not is_active:
        text = Label("没有此人,或已停用", "There is no such active person")
        raise InvalidInputError([InputError("/person_id", "person_unknown", text)])
    if any(HANDING_OVER & {*orjson.loads(row["roles"])} for row in memberships):
        text = Label(
            "法院、仲裁、监察人员不能担任", "Who speaks for a court, a commission or an office advises nobody."
        )
        raise InvalidInputError([InputError("/person_id", "speaks_for_an_authority", text)])


def _refuse_partial(case: Case, person_id: str) -> None:
    """ConflictError for a party, and for who mediates or did: neither stands by a side (SPC-TY 16 by analogy)."""
    if any(party.person_id == person_id for party in case.active_parties()):
        raise ConflictError(Label("当事人不能担任本案的志愿者或者代理人", "A party to the case advises nobody in it"))
    if any(part.person_id == person_id and part.role == "mediator" for part in case.assignments.values()):
        raise ConflictError(Label("本案调解员不能担任一方的顾问", "A mediator of the case stands by no side of it"))

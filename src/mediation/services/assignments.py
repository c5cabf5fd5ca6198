"""Who is given a part in a case: they see it from then on, until the part ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mediation.domain.access import person_scope
from mediation.domain.cases import Case
from mediation.domain.draft import Draft
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotPermittedError
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Assignment, to_row
from mediation.services.caller import Answer, Caller, Render
from mediation.services.children import the_child, write_child
from mediation.services.subjects import NewSubjects
from mediation.storage import Unit
from mediation.storage import people as people_rows
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id

_ASSIGNERS = frozenset({CaseRole.CLERK, CaseRole.SUPERVISOR, CaseRole.UNION_OFFICER})


def assign(unit: Unit, caller: Caller, case_id: str, person_id: str, role: str, render: Render) -> Answer:
    """Give a volunteer or agent a part in the case; mediators are assigned by the step `assign_mediator`."""
    key = new_id()

    def change(
        draft: Draft, _subjects: NewSubjects, _loaded: Loaded, roles: frozenset[CaseRole]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        _refuse_others(roles)
        if role == "mediator":
            raise ConflictError(Label("请用 assign_mediator 指派调解员", "Use the step assign_mediator for a mediator"))
        if not people_rows.is_active_person(unit, person_id):
            text = Label("没有此人,或已停用", "There is no such active person")
            raise InvalidInputError([InputError("/person_id", "person_unknown", text)])
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
        draft: Draft, _subjects: NewSubjects, _loaded: Loaded, roles: frozenset[CaseRole]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        _refuse_others(roles)
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


def _refuse_others(roles: frozenset[CaseRole]) -> None:
    if not roles & _ASSIGNERS:
        raise NotPermittedError(recorded_by=sorted(_ASSIGNERS))

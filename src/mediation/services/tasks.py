"""Tasks as a worklist: what waits for somebody because a clock ran out, handed on or put away with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import orjson

from mediation.domain.access import Actor, case_roles, scopes_of
from mediation.domain.cases import Case
from mediation.domain.draft import Draft
from mediation.domain.errors import ConflictError, InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.procedure.step import HOUSE, CaseRole
from mediation.domain.records import Task
from mediation.domain.sight import row_sight
from mediation.domain.tasks import TaskStatus
from mediation.services.caller import Answer, Caller, Render
from mediation.services.children import compare_child, the_child, write_child
from mediation.services.cursors import open_cursor, seal_cursor
from mediation.services.identity import acting, sees_no_case
from mediation.services.requests import DataRequestQuery, ReminderQuery, TaskQuery
from mediation.services.subjects import NewSubjects
from mediation.services.views import CasePage
from mediation.services.worklists import check_scope
from mediation.storage import Unit
from mediation.storage import people as people_rows
from mediation.storage import tasks as rows
from mediation.storage.cases import Loaded


def list_tasks(unit: Unit, caller: Caller, query: TaskQuery) -> CasePage:
    """One page of the tasks of a scope, by due date: each with who answers, how late it is and what would answer it.

    For the house and its auditors; a party finds none, of its own case either.
    """
    items, cursor, actor = page_of_scope(unit, caller, query, rows.TASKS)
    if not _sees_work(actor, query.scope):
        return CasePage([], None)
    for item in items:
        item["actions"] = orjson.loads(item["actions"])
        item["is_escalated"] = bool(item["is_escalated"])
        tell_owner(item, item.pop("owner_role"))
    return CasePage(items, cursor)


def list_reminders(unit: Unit, caller: Caller, query: ReminderQuery) -> CasePage:
    """One page of the reminders of a scope that still stand, by due date; told to whom the tasks are."""
    items, cursor, actor = page_of_scope(unit, caller, query, rows.REMINDERS)
    if not _sees_work(actor, query.scope):
        return CasePage([], None)
    for item in items:
        tell_owner(item, _answers(item))
    return CasePage(items, cursor)


def _sees_work(actor: Actor, scope: str) -> bool:
    """Whether the work of the house is seen in a scope, as a list of its cases tells it."""
    return row_sight(actor, check_scope(actor, scope)).is_inside


def page_of_scope(
    unit: Unit, caller: Caller, query: TaskQuery | ReminderQuery | DataRequestQuery, listing: rows.Listing
) -> tuple[list[dict[str, Any]], str | None, Actor]:
    """One page of a listing, where to go on, and who asks; NotPermittedError for a scope that is not theirs."""
    bound = f"{listing.table}|{caller.subject}|{caller.acting_as}|{replace(query, cursor=None, limit=0)}"
    position = open_cursor(unit, query.cursor, bound)
    after = (position[:10], position[11:]) if position else None
    found = rows.page(
        unit, listing, subject=caller.subject, today=caller.today, acting_as=caller.acting_as, query=query, after=after
    )
    actor = acting(found.actor, caller)
    check_scope(actor, query.scope)
    items = found.items[: query.limit]
    cursor = None
    if len(found.items) > query.limit:
        cursor = seal_cursor(unit, f"{items[-1]['due_on']}.{items[-1]['id']}", bound)
    return items, cursor, actor


def tell_owner(item: dict[str, Any], role: str) -> None:
    """Who answers: the person named or mediating now, else the role at the body that handles the case."""
    item["owner"] = {
        "role": role,
        "organization_id": item.pop("organization_id"),
        "person_id": item.pop("person_id"),
        "name": item.pop("person_name"),
    }


def _answers(reminder: Mapping[str, Any]) -> str:
    if reminder["audience"] == "supervisor":
        return "supervisor"
    return "mediator" if reminder["person_id"] else "clerk"


def amend_task(
    unit: Unit, caller: Caller, case_id: str, task_id: str, changes: Mapping[str, Any], render: Render
) -> Answer:
    """Hand an open task to a person who works on the case, or close it with a reason; the house's people may."""

    def change(
        draft: Draft, _subjects: NewSubjects, loaded: Loaded, roles: frozenset[CaseRole]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        task: Task = the_child(draft, "tasks", task_id)
        compare_child(caller, task.version)
        if task.status != TaskStatus.OPEN:
            raise ConflictError(Label("任务已经办结", "The task is no longer open"))
        _refuse_silence(changes)
        _refuse_strangers(unit, loaded, changes.get("owner_id"), caller.today)
        is_closing = changes.get("status") == TaskStatus.CLOSED
        draft.amend("tasks", task_id, **changes, **({"done_on": caller.today} if is_closing else {}))
        return {}, ()

    def answer(case: Case) -> Answer:
        task = case.tasks[task_id]
        return Answer(200, render(task), f'"{task.version}"')

    return write_child(unit, caller, case_id, "amend_task", change, answer)


def _refuse_silence(changes: Mapping[str, Any]) -> None:
    if not changes:
        text = Label("请填写 owner_id、status 或 note", "Give owner_id, status or note.")
        raise InvalidInputError([InputError("/owner_id", "one_of", text)])
    if changes.get("status") == TaskStatus.CLOSED and not changes.get("note"):
        text = Label("请在 note 写明不再办理的理由", "Say in `note` why the task needs no answer.")
        raise InvalidInputError([InputError("/note", "required", text)])


def _refuse_strangers(unit: Unit, loaded: Loaded, person_id: str | None, today: date) -> None:
    """A task goes to somebody of the house who sees the case; None gives it back to the role."""
    if person_id is None or (loaded.case is not None and _works_on(unit, loaded, loaded.case, person_id, today)):
        return
    text = Label("此人不办理该案件,无法接收任务", "This person does not work on the case.")
    raise InvalidInputError([InputError("/owner_id", "not_on_the_case", text)])


def _works_on(unit: Unit, loaded: Loaded, case: Case, person_id: str, today: date) -> bool:
    """Whether the person is of the house on this case under any membership they hold now, or by assignment."""
    memberships, is_active = people_rows.standing(unit, person_id, today)
    actors = [
        Actor(person_id, "", None, frozenset()),
        *(Actor(person_id, "", row["organization_id"], frozenset(orjson.loads(row["roles"]))) for row in memberships),
    ]
    found: set[CaseRole] = set()
    for actor in actors:
        scopes = loaded.scopes.intersection(scopes_of(actor))
        found |= case_roles(actor, scopes, case.assignments.values(), case.parties.values()) if scopes else set()
    return is_active and not sees_no_case(memberships) and not found.isdisjoint(HOUSE)

"""What waits for somebody: tasks that a lapsed term left, and reminders of terms that will end soon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from starlette.responses import Response

from mediation.api import labels, shapes
from mediation.api.call import Call, respond
from mediation.api.case_parts import task_document
from mediation.api.citations import cited
from mediation.api.operations import COMMAND, LIST, operation
from mediation.api.queries import ReminderListQuery, TaskListQuery
from mediation.api.wire import TaskChangesIn
from mediation.domain.procedure import PROCEDURE
from mediation.domain.records import Task
from mediation.services import tasks
from mediation.services.requests import ReminderQuery, TaskQuery


@operation("GET", "/v1/tasks", tag="tasks", zh="待办事项", en="List tasks", refuses=LIST, answer=shapes.TaskPageShape)
async def list_tasks(call: Call, query: TaskListQuery) -> Response:
    """Tasks of the cases of one scope, the oldest first: who answers, how late it is, which steps answer it.

    `owner` asks for those a person answers for: handed to them, or the mediator's in cases they mediate.
    """
    page = await call.read(tasks.list_tasks, TaskQuery(**query.fields()))
    today = call.rooms.clock.today()
    return respond({"items": [_task(item, today) for item in page.items], "next": call.next_page(page.next_cursor)})


@operation(
    "GET", "/v1/reminders", tag="tasks", zh="期限提醒", en="List reminders",
    refuses=LIST, answer=shapes.ReminderPageShape,
)  # fmt: skip
async def list_reminders(call: Call, query: ReminderListQuery) -> Response:
    """Reminders of the cases of one scope that still stand, the nearest end first.

    Those of a term stand while it runs to that day, an escalation while its task is open. Limitation is asked for
    with `term=D_LIMIT_1Y` or `term=D_LIMIT_WAGE_EXIT_1Y`.
    """
    page = await call.read(tasks.list_reminders, ReminderQuery(**query.fields()))
    today = call.rooms.clock.today()
    return respond({"items": [_reminder(item, today) for item in page.items], "next": call.next_page(page.next_cursor)})


@operation(
    "PATCH", "/v1/cases/{case_id}/tasks/{task_id}", tag="tasks", zh="移交或办结待办", en="Amend a task",
    refuses=COMMAND, answer=shapes.TaskShape,
)  # fmt: skip
async def amend_task(call: Call, case_id: str, task_id: str, body: TaskChangesIn) -> Response:
    """Hand a task to somebody who works on the case, or close it with a reason.

    The step that answers a task closes it by itself. The version compared is the task's own.
    """
    return await call.write(tasks.amend_task, case_id, task_id, body.changes(), render_task)


def render_task(task: Task) -> bytes:
    """Write one task for the people of the house, its note with it."""
    return orjson.dumps({**task_document(task), "note": task.note})


def _task(item: Mapping[str, Any], today: date) -> shapes.WaitingTaskShape:
    return {
        "id": item["id"],
        "version": item["version"],
        "case_id": item["case_id"],
        "number": item["number"],
        "code": item["term"],
        "label": labels.TERM_LABELS[item["term"]],
        "deadline_id": item["deadline_id"],
        "track": item["track_id"],
        "due_on": item["due_on"],
        "days_overdue": max((today - date.fromisoformat(item["due_on"])).days, 0),
        "opened_on": item["opened_on"],
        "escalate_on": item["escalate_on"],
        "is_escalated": item["is_escalated"],
        "status": item["status"],
        "done_on": item["done_on"],
        "owner": item["owner"],
        "answered_by": [_answer(action) for action in item["actions"]],
    }


def _answer(action: str) -> shapes.AnswerShape:
    step = PROCEDURE.steps[action]
    return {
        "action": action,
        "label": labels.STEPS[action],
        "citations": cited(step.basis),  # type: ignore[typeddict-item] # citations are written as such
    }


def _reminder(item: Mapping[str, Any], today: date) -> shapes.ReminderShape:
    return {
        "id": item["id"],
        "case_id": item["case_id"],
        "number": item["number"],
        "code": item["term"],
        "label": labels.TERM_LABELS[item["term"]],
        "kind": item["kind"],
        "audience": item["audience"],
        "days": item["days"],
        "due_on": item["due_on"],
        "days_left": (date.fromisoformat(item["due_on"]) - today).days,
        "created_on": item["created_on"],
        "deadline_id": item["deadline_id"],
        "task_id": item["task_id"],
        "data_request_id": item["data_request_id"],
        "owner": item["owner"],
    }

"""What the service offers over HTTP: each operation once, read by the router and by the OpenAPI document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from starlette.responses import Response

from mediation.api.budgets import BudgetName
from mediation.api.call import JSON, Call
from mediation.api.queries import Query
from mediation.api.wire import Body
from mediation.domain.labels import Label

Handler = Callable[..., Awaitable[Response]]

READ = (401, 403, 404, 422)
LIST = (401, 403, 422)
COMMAND = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428)
CREATE = (400, 401, 403, 404, 409, 413, 415, 422)
END = (401, 403, 404, 409, 422)
ASK = (400, 401, 403, 413, 415, 422)
PROBES = "health"
"""Asked every few seconds by whoever runs the service: not counted."""
OPEN_TO_ALL: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path: who it is for, what it takes, what it answers, how it refuses.

    `id` is the domain's verb; `refuses` lists statuses besides those any operation may answer with;
    `answer` is the schema of its success; `takes` and `media` are the types of what is sent and answered.
    With `by_link` a party's access link says who calls, and nothing else does. One that `steps_up` is sensitive:
    it asks how strongly and how recently a person signed in.
    """

    id: str
    method: str
    path: str
    tag: str
    label: Label
    about: str
    handler: Handler
    status: int
    refuses: tuple[int, ...]
    answer: Any
    body: type[Body] | None
    query: type[Query] | None
    media: str
    takes: str
    budget: BudgetName | None
    by_link: bool = False
    steps_up: bool = False

    @property
    def is_public(self) -> bool:
        """Whether it answers without a token."""
        return 401 not in self.refuses  # noqa: PLR2004 - the status says it

    @property
    def is_command(self) -> bool:
        """Whether it writes, and so takes an Idempotency-Key."""
        return 409 in self.refuses and self.method == "POST"  # noqa: PLR2004 - the status says it

    @property
    def takes_version(self) -> bool:
        """Whether it compares a version, by If-Match or in the body."""
        return 412 in self.refuses  # noqa: PLR2004 - the status says it


_OPERATIONS: dict[str, Operation] = {}


def operation(
    method: str,
    path: str,
    *,
    tag: str,
    zh: str,
    en: str,
    refuses: tuple[int, ...],
    answer: Any = None,
    status: int = 200,
    media: str = JSON,
    takes: str = JSON,
    budget: BudgetName | None = None,
    by_link: bool = False,
    step_up: bool = False,
) -> Callable[[Handler], Handler]:
    """Offer a handler under a path; its name is the operation id, its annotations say what it takes.

    With a `budget` it is counted against that one besides the budget every request is counted against. With `step_up`
    it asks for the stronger, recent sign-in of the settings.
    """

    def register(handler: Handler) -> Handler:
        hints = get_type_hints(handler)
        name = handler.__name__
        _OPERATIONS[name] = Operation(
            id=name,
            method=method,
            path=path,
            tag=tag,
            label=Label(zh, en),
            about=(handler.__doc__ or "").strip(),
            handler=handler,
            status=status,
            refuses=refuses,
            answer=answer,
            body=hints.get("body"),
            query=hints.get("query"),
            media=media,
            takes=takes,
            budget=budget,
            by_link=by_link,
            steps_up=step_up,
        )
        return handler

    return register


def operations() -> Mapping[str, Operation]:
    """Every operation offered so far, in the order of the modules."""
    return _OPERATIONS


async def perform(entry: Operation, call: Call) -> Response:
    """Take a request apart in the order of the conventions (401, syntax), then hand it over."""
    if not entry.is_public:
        await call.identify(by_link=entry.by_link, steps_up=entry.steps_up)
        await call.count(entry.budget)
    elif entry.tag != PROBES:
        await call.count("anonymous")
    arguments: dict[str, Any] = call.path_arguments()
    if entry.query is not None:
        arguments["query"] = call.parse_query(entry.query)
    else:
        call.refuse_query()
    if entry.body is not None:
        parse = call.parse_body if entry.takes == JSON else call.parse_form
        arguments["body"] = await parse(entry.body)
    return await entry.handler(call, **arguments)

"""What clients may ask for in a query string: closed lists of parameters, each with its type."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from mediation.api.values import Day, Id, OneOf, Prefix, refuse
from mediation.domain.data_requests import RequestKind, RequestStatus
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import Stage
from mediation.domain.reminders import Audience, ReminderKind
from mediation.domain.tasks import TaskOwner
from mediation.domain.terms import TERMS, TERMS_BESIDE

LARGEST_PAGE = 200
ORDINARY_PAGE = 50


def _yes_or_no(value: Any) -> bool:
    if value in {True, "true"}:
        return True
    if value in {False, "false"}:
        return False
    raise refuse("type_boolean", "应为 true 或 false", "This must be true or false.")


YesNo = Annotated[bool, BeforeValidator(_yes_or_no), WithJsonSchema({"type": "boolean"})]
Limit = Annotated[int, Field(ge=1, le=LARGEST_PAGE)]
Cursor = Annotated[str, Field(min_length=1, max_length=1024)]
MainState = Annotated[str, OneOf(code for track, code in PROCEDURE.states if track == "main")]
FlagCode = Literal["collective", "urgent", "migrant_worker", "tasks", "risk", "provisional"]
StageCode = Annotated[str, OneOf(Stage)]
TermCode = Annotated[str, OneOf([*TERMS, *TERMS_BESIDE])]
WorkScope = Literal["me", "organization", "below"]


class Query(BaseModel):
    """A query string: an unknown parameter is an error, so that a misspelt filter never shows everything."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    lists: ClassVar[frozenset[str]] = frozenset()

    def fields(self) -> dict[str, Any]:
        """Every parameter, given or not, lists as tuples."""
        return {name: tuple(value) if isinstance(value, list) else value for name, value in self.model_dump().items()}


class CaseListQuery(Query):
    """The filters of the worklist; sorted by the nearest deadline, what was sent to a body by the day it was sent."""

    lists: ClassVar[frozenset[str]] = frozenset({"flags"})

    scope: Literal["me", "organization", "below", "sent"] = "organization"
    state: MainState | None = None
    stage: StageCode | None = None
    organization_id: Id | None = None
    is_open: YesNo = True
    deadline_before: Day | None = None
    flags: list[FlagCode] = Field(default_factory=list, max_length=6)
    number_prefix: Prefix | None = None
    cursor: Cursor | None = None
    limit: Limit = ORDINARY_PAGE


class HistoryQuery(Query):
    """Where to go on reading, by the sequence of the last entry read."""

    after: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    limit: Limit = ORDINARY_PAGE


class PageQuery(Query):
    """One page of a collection."""

    cursor: Cursor | None = None
    limit: Limit = ORDINARY_PAGE


class ClientListQuery(PageQuery):
    """One page of the clients of an organization; left out, of one's own."""

    organization_id: Id | None = None


class AccessLogListQuery(PageQuery):
    """One page of the access log: of one case, by one person, from one day to another, both included."""

    case_id: Id | None = None
    person_id: Id | None = None
    since: Day | None = None
    until: Day | None = None


class CaseReadQuery(Query):
    """As of which day a case is told: left out, as it stands now."""

    as_of: Day | None = None


class TaskListQuery(Query):
    """The filters of the tasks; sorted by the day the term fell due."""

    scope: WorkScope = "organization"
    status: Literal["open", "done", "closed"] = "open"
    term: TermCode | None = None
    owner: Id | None = None
    owner_role: Annotated[str, OneOf(TaskOwner)] | None = None
    due_before: Day | None = None
    cursor: Cursor | None = None
    limit: Limit = ORDINARY_PAGE


class ReminderListQuery(Query):
    """The filters of the reminders that still stand; sorted by the last day of the term."""

    scope: WorkScope = "organization"
    audience: Annotated[str, OneOf(Audience)] | None = None
    kind: Annotated[str, OneOf(ReminderKind)] | None = None
    term: TermCode | None = None
    due_before: Day | None = None
    cursor: Cursor | None = None
    limit: Limit = ORDINARY_PAGE


class DataRequestListQuery(Query):
    """The filters of the requests about personal data; sorted by the last day for an answer."""

    scope: WorkScope = "organization"
    status: Annotated[str, OneOf(RequestStatus)] = "open"
    kind: Annotated[str, OneOf(RequestKind)] | None = None
    due_before: Day | None = None
    cursor: Cursor | None = None
    limit: Limit = ORDINARY_PAGE


class StepQuery(Query):
    """Whether a step is only tried: every check, nothing written."""

    dry_run: YesNo = False

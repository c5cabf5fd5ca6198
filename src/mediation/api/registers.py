"""What a body keeps about its handling of personal data: impact assessments, incidents and who was told of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.consents import Kinds
from mediation.api.operations import ASK, COMMAND, LIST, operation
from mediation.api.queries import PageQuery
from mediation.api.representations import render_plain
from mediation.api.values import Day, Name, OneOf, Text
from mediation.api.wire import Body, Version
from mediation.domain import impact_assessments, incidents
from mediation.domain.impact_assessments import CONCLUSIONS, HANDLINGS, Conclusion, Handling
from mediation.domain.incidents import IncidentKind
from mediation.services import registers

_CREATE = (*ASK, 409)
MOST_PEOPLE = 10_000_000


class ImpactAssessmentIn(Body):
    """What is assessed, its need, its risks and what protects people, and what it came to (PIPL 55, 56)."""

    handling: Annotated[str, OneOf(Handling)]
    title: Name
    necessity: Text
    risks: Text
    measures: Text
    conclusion: Annotated[str, OneOf(Conclusion)]
    made_on: Day | None = None
    review_on: Day | None = None


class IncidentIn(Body):
    """What happened to which data, its cause and possible harm, what was done and what people can do (PIPL 57)."""

    kind: Annotated[str, OneOf(IncidentKind)]
    kinds_of_data: Kinds
    affected: Annotated[int, Field(ge=0, le=MOST_PEOPLE)] | None = None
    noticed_on: Day | None = None
    cause: Text
    harm: Text
    measures: Text
    self_help: Text | None = None


class IncidentChangesIn(Body):
    """What is known by now, who was told on which day, and when it was over."""

    affected: Annotated[int, Field(ge=0, le=MOST_PEOPLE)] | None = None
    cause: Text = Field(default="")
    harm: Text = Field(default="")
    measures: Text = Field(default="")
    self_help: Text | None = None
    authority_told_on: Day | None = None
    persons_told_on: Day | None = None
    no_notice_reason: Text | None = None
    closed_on: Day | None = None
    expected_version: Version | None = None


class ImpactAssessmentShape(TypedDict):
    id: str
    organization_id: str
    handling: shapes.CodedLabelShape
    conclusion: shapes.CodedLabelShape
    made_on: str
    made_by: str
    review_on: str | None
    kept_until: str
    title: str
    necessity: str
    risks: str
    measures: str


class ImpactAssessmentPageShape(TypedDict):
    items: list[ImpactAssessmentShape]
    next: str | None


class IncidentShape(TypedDict):
    id: str
    version: int
    organization_id: str
    kind: str
    kinds_of_data: list[str]
    affected: int | None
    noticed_on: str
    reported_at: str
    reported_by: str
    authority_told_on: str | None
    persons_told_on: str | None
    closed_on: str | None
    amended_by: str | None
    still_to_tell: list[str]
    cause: str
    harm: str
    measures: str
    self_help: str | None
    no_notice_reason: str | None


class IncidentPageShape(TypedDict):
    items: list[IncidentShape]
    next: str | None


@operation(
    "POST", "/v1/impact-assessments", tag="personal_data", zh="登记个人信息保护影响评估",
    en="Record an impact assessment", refuses=_CREATE, status=201, answer=ImpactAssessmentShape,
)  # fmt: skip
async def record_impact_assessment(call: Call, body: ImpactAssessmentIn) -> Response:
    """Keep what the body one acts for weighed before it began to handle data; by its supervisors and security officers.

    It is never changed: a later one stands beside it. Kept for three years at least (PIPL 56).
    """
    given = _parted(body.model_dump(), impact_assessments.CONTENT)
    return await call.write(registers.record_assessment, given, _render_assessment)


@operation(
    "GET", "/v1/impact-assessments", tag="personal_data", zh="个人信息保护影响评估", en="List impact assessments",
    refuses=LIST, answer=ImpactAssessmentPageShape,
)  # fmt: skip
async def list_impact_assessments(call: Call, query: PageQuery) -> Response:
    """Assessments of the body and of those below it, newest first: for supervisors, security officers and auditors."""
    page = await call.read(registers.list_records, "impact_assessments", query.cursor, query.limit)
    return respond({"items": [_assessment(item) for item in page.items], "next": call.next_page(page.next_cursor)})


@operation(
    "POST", "/v1/incidents", tag="personal_data", zh="报告个人信息安全事件", en="Report an incident",
    refuses=_CREATE, status=201, answer=IncidentShape,
)  # fmt: skip
async def report_incident(call: Call, body: IncidentIn) -> Response:
    """Report that personal data were leaked, altered or lost, or may have been; by whoever works at the body (PIPL 57).

    Name nobody who is affected. `still_to_tell` says whom the law still wants told.
    """
    given = _parted(body.model_dump(), incidents.CONTENT)
    return await call.write(registers.report_incident, given, _render_incident)


@operation(
    "GET", "/v1/incidents", tag="personal_data", zh="个人信息安全事件", en="List incidents", refuses=LIST,
    answer=IncidentPageShape,
)  # fmt: skip
async def list_incidents(call: Call, query: PageQuery) -> Response:
    """Incidents of the body and of those below it, newest first: for supervisors, security officers and auditors."""
    page = await call.read(registers.list_records, "incidents", query.cursor, query.limit)
    return respond({"items": page.items, "next": call.next_page(page.next_cursor)})


@operation(
    "PATCH", "/v1/incidents/{incident_id}", tag="personal_data", zh="更新个人信息安全事件", en="Amend an incident",
    refuses=COMMAND, answer=IncidentShape,
)  # fmt: skip
async def amend_incident(call: Call, incident_id: str, body: IncidentChangesIn) -> Response:
    """Tell more of an incident, who was told, and when it was over; by supervisors and security officers.

    It is over once the authority was told, and the people too, unless `no_notice_reason` says which measures
    effectively prevent the harm (PIPL 57). Then it is changed no more.
    """
    return await call.write(registers.amend_incident, incident_id, body.changes(), _render_incident)


def _parted(given: dict[str, Any], content: tuple[str, ...]) -> dict[str, Any]:
    """What was sent, its texts in one place: they are sealed together."""
    return {**{name: value for name, value in given.items() if name not in content}, "content": {
        name: given[name] for name in content
    }}  # fmt: skip


def _assessment(item: Mapping[str, Any]) -> dict[str, Any]:
    handling, conclusion = HANDLINGS[Handling(item["handling"])], CONCLUSIONS[Conclusion(item["conclusion"])]
    return {
        **item,
        "handling": {"code": item["handling"], "zh": handling.zh, "en": handling.en},
        "conclusion": {"code": item["conclusion"], "zh": conclusion.zh, "en": conclusion.en},
        "kept_until": impact_assessments.kept_until(date.fromisoformat(item["made_on"])).isoformat(),
    }


def _render_assessment(row: Mapping[str, Any]) -> bytes:
    return render_plain(_assessment(row))


def _render_incident(row: Mapping[str, Any]) -> bytes:
    return render_plain(row)

"""The shapes of answers, for those who read them: the OpenAPI document takes its schemas from here."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict


class LabelShape(TypedDict):
    zh: str
    en: str


class CitationShape(TypedDict):
    source: str
    articles: str
    text: LabelShape
    verified: bool
    note: str | None


class StateShape(TypedDict):
    code: str
    zh: str
    en: str
    stage: str | None


class TrackShape(TypedDict):
    id: str
    track: str
    label: LabelShape
    state: StateShape
    ref: str | None
    last_on: str | None


class PartyShape(TypedDict):
    id: str
    version: int
    role: str
    kind: str
    side: str
    label: LabelShape
    name: str
    headcount: int | None
    uscc: str | None
    resident_id: str | None
    phone: str | None
    consented_on: str | None
    consent_form: str | None
    bound: bool
    authority: str
    person_id: str | None
    status: str


class CauseShape(TypedDict):
    scheme: str
    number: str
    label: LabelShape
    verified: bool


class ClaimShape(TypedDict):
    id: str
    version: int
    code: str
    label: LabelShape
    cause: CauseShape | None
    claimant_side: str
    amount: str | None
    amount_text: str | None
    basis: str | None
    knew_on: str | None
    outcome: str
    awarded: str | None
    agreed: str | None


class ObligationShape(TypedDict):
    id: str
    version: int
    agreement_id: str
    kind: str
    debtor: str | None
    creditor: str | None
    amount: str | None
    due_on: str | None
    due_text: str | None
    what: str | None
    status: str
    paid: str
    done_on: str | None
    payer: str | None
    payer_capacity: str | None


class AssignmentShape(TypedDict):
    id: str
    person_id: str
    role: str
    since: str
    until: str | None


class DeadlineShape(TypedDict):
    id: str
    code: str
    label: LabelShape
    track: str
    party_id: str | None
    ref_id: str | None
    start: str
    due: str
    days_left: int
    provisional: bool
    verified: bool


class LineShape(TypedDict):
    zh: str
    en: str
    facts: dict[str, Any]


class WhyShape(TypedDict):
    fact: str
    starts_on: LabelShape
    citations: list[CitationShape]
    working: list[LineShape]
    calendar_version: str
    on_lapse: LabelShape | None
    hint: LabelShape | None
    hint_on: str | None


class ExplainedDeadlineShape(DeadlineShape):
    status: str
    ended_on: str | None
    ended_by: str | None
    moved: bool
    why: WhyShape


class DeadlinesShape(TypedDict):
    case_id: str
    today: str
    calendar_version: str
    items: list[ExplainedDeadlineShape]


class TaskShape(TypedDict):
    id: str
    code: str
    label: LabelShape
    track: str
    due_on: str
    opened_on: str
    actions: list[str]


class AttestedFactShape(TypedDict):
    guard: str
    by: str
    on: str
    evidence: str
    statement: NotRequired[str | None]


class WarningShape(TypedDict):
    code: str
    text: LabelShape


class OpenStepShape(TypedDict):
    action: str
    label: LabelShape
    track: str
    instance: str | None
    attestations_required: list[str]
    warnings: list[WarningShape]


class BlockedCodesShape(TypedDict):
    action: str
    instance: str | None
    codes: list[str]


class BlockerShape(TypedDict):
    code: str
    text: LabelShape
    missing: str | None
    lifted_by: list[str]
    citations: list[CitationShape]
    facts: dict[str, Any]


class BlockedStepShape(TypedDict):
    action: str
    label: LabelShape
    track: str
    instance: str | None
    blockers: list[BlockerShape]


class StepsShape(TypedDict):
    case_id: str
    version: int
    today: str
    roles: list[str]
    open_steps: list[OpenStepShape]
    blocked_steps: list[BlockedStepShape]


class CaseShape(TypedDict):
    id: str
    number: str | None
    version: int
    procedure: str
    state: StateShape
    organization_id: str
    created_on: str
    today: str
    roles: list[str]
    flags: list[str]
    tracks: list[TrackShape]
    parties: list[PartyShape]
    claims: list[ClaimShape]
    obligations: list[ObligationShape]
    assignments: list[AssignmentShape]
    deadlines: list[DeadlineShape]
    tasks: list[TaskShape]
    facts: dict[str, Any]
    attestations: list[AttestedFactShape]
    open_steps: list[OpenStepShape]
    blocked_steps: list[BlockedCodesShape]


class FieldErrorShape(TypedDict):
    pointer: NotRequired[str]
    query: NotRequired[str]
    header: NotRequired[str]
    code: str
    detail: str


class ProblemBlockerShape(TypedDict):
    code: str
    text: str
    missing: str | None
    lifted_by: list[str]
    citations: list[CitationShape]
    facts: dict[str, Any]


class ProblemShape(TypedDict):
    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    request_id: str
    errors: NotRequired[list[FieldErrorShape]]
    blockers: NotRequired[list[ProblemBlockerShape]]
    facts: NotRequired[dict[str, Any]]


class PageShape(TypedDict):
    items: list[dict[str, Any]]
    next: str | None


class HistoryShape(TypedDict):
    items: list[dict[str, Any]]
    next_after: int | None
    next: str | None


class ItemsShape(TypedDict):
    items: list[dict[str, Any]]


class CountShape(TypedDict):
    due: str
    provisional: bool
    working: list[LineShape]
    calendar_version: str


class TermPreviewShape(CountShape):
    code: str
    label: LabelShape
    citations: list[CitationShape]
    verified: bool
    hint: LabelShape | None

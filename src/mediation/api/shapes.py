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
    name: str | None
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


class LimitationWarningShape(TypedDict):
    claim_id: str
    code: str
    label: LabelShape
    safe_end: str
    safe_days_left: int
    is_over: bool


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
    is_paused: bool
    provisional: bool
    verified: bool


class LineShape(TypedDict):
    zh: str
    en: str
    facts: dict[str, Any]


class AdjustmentShape(TypedDict):
    kind: str
    reason: str
    by: str
    since: str
    until: str | None


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
    ledger: list[AdjustmentShape]
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
    version: int
    status: str
    done_on: str | None
    owner_role: str
    owner_id: str | None
    escalate_on: str | None
    note: NotRequired[str | None]


class OwnerShape(TypedDict):
    role: str
    organization_id: str
    person_id: str | None
    name: str | None


class AnswerShape(TypedDict):
    action: str
    label: LabelShape
    citations: list[CitationShape]


class WaitingTaskShape(TypedDict):
    id: str
    version: int
    case_id: str
    number: str | None
    code: str
    label: LabelShape
    deadline_id: str
    track: str
    due_on: str
    days_overdue: int
    opened_on: str
    escalate_on: str | None
    is_escalated: bool
    status: str
    done_on: str | None
    owner: OwnerShape
    answered_by: list[AnswerShape]


class TaskPageShape(TypedDict):
    items: list[WaitingTaskShape]
    next: str | None


class ReminderShape(TypedDict):
    id: str
    case_id: str
    number: str | None
    code: str
    label: LabelShape
    kind: str
    audience: str
    days: int
    due_on: str
    days_left: int
    created_on: str
    deadline_id: str | None
    task_id: str | None
    data_request_id: str | None
    owner: OwnerShape


class ReminderPageShape(TypedDict):
    items: list[ReminderShape]
    next: str | None


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


class EnterpriseMediatorShape(TypedDict):
    by: str
    text: LabelShape


class CaseShape(TypedDict):
    id: str
    number: str | None
    version: int
    procedure: str
    state: StateShape | None
    organization_id: str
    created_on: str
    today: str
    roles: list[str]
    flags: list[str]
    enterprise_mediator: EnterpriseMediatorShape | None
    tracks: list[TrackShape]
    parties: list[PartyShape]
    claims: list[ClaimShape]
    obligations: list[ObligationShape]
    assignments: list[AssignmentShape]
    deadlines: list[DeadlineShape]
    limitation_warnings: list[LimitationWarningShape]
    tasks: list[TaskShape]
    facts: dict[str, Any]
    attestations: list[AttestedFactShape]
    open_steps: list[OpenStepShape]
    blocked_steps: list[BlockedCodesShape]
    withheld: list[str]


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


class LimitationActShape(TypedDict):
    id: str
    version: int
    kind: str
    day: str
    until: str | None
    due_on: str | None
    reason: str | None
    claims: list[str]
    action: str | None
    evidence: str | None
    note: str | None
    status: str


class LimitationPreviewShape(TypedDict):
    code: str
    label: LabelShape
    status: str
    safe_end: str | None
    safe_days_left: int | None
    likely_end: str | None
    days_left: int | None
    is_over: bool
    provisional: bool
    revived_by: str | None
    readings: list[dict[str, Any]]
    what_would_interrupt: list[LabelShape]
    citations: list[CitationShape]
    calendar_version: str
    months: list[dict[str, Any]]


class LimitationShape(TypedDict):
    items: list[dict[str, Any]]
    acts: list[LimitationActShape]


class EmploymentShape(TypedDict):
    case_id: str
    version: int
    ended_on: str | None
    place_of_performance: str | None
    items: list[dict[str, Any]]


class ComputationShape(TypedDict):
    claim_id: str
    code: str
    label: LabelShape
    party_id: str
    kind: str
    kind_label: LabelShape
    computed_on: str
    computed_by: str
    given: dict[str, Any]
    result: dict[str, Any]
    is_stale: bool
    stale: list[str]
    compared: dict[str, dict[str, Any] | None]


class CheckpointShape(TypedDict):
    format: str
    number: int
    previous: str
    sealed_at: str
    cases: int
    entries: int
    root: str
    changed: int
    changed_root: str
    key_id: str
    new_key: str | None


class SealedCheckpointShape(TypedDict):
    checkpoint: CheckpointShape
    signature: str


class CheckpointPageShape(TypedDict):
    items: list[SealedCheckpointShape]
    next_after: int | None
    next: str | None


class AlarmShape(TypedDict):
    id: str
    kind: str
    raised_at: str
    organization_id: str | None
    person_id: str | None
    network: str | None
    mark: str
    number: int
    seconds: int


class AlarmPageShape(TypedDict):
    items: list[AlarmShape]
    next: str | None


class RevealShape(TypedDict):
    party_id: str
    purpose: str
    values: dict[str, str | None]
    entry: int


class ConsentShape(TypedDict):
    id: str
    case_id: str
    party_id: str
    purpose: str
    kinds: list[str]
    form: str
    given_on: str
    withdrawn_on: str | None
    recorded_by: str


class HeldDeadlineShape(TypedDict):
    id: str
    code: str
    start: str
    due: str
    status: str
    ended_on: str | None


class HeldEntryShape(TypedDict):
    sequence: int
    action: str
    occurred_on: str
    recorded_at: str
    is_own: bool
    texts: dict[str, Any]
    changes: list[dict[str, Any]]


class HeldReadingShape(TypedDict):
    day: str
    operation: str
    purpose: str | None
    is_own: bool
    organization_id: str | None
    organization_name: str | None
    times: int


class HeldFactShape(TypedDict):
    id: str
    recorded_on: str
    settled_on: str
    text: str | None


class HeldMessageShape(TypedDict):
    id: str
    kind: str
    sent_at: str
    text: str | None


class DataExportShape(TypedDict):
    case_id: str
    case_number: str | None
    made_on: str
    party: PartyShape
    identity: dict[str, str | None]
    employment: dict[str, Any] | None
    claims: list[ClaimShape]
    computations: list[dict[str, Any]]
    obligations: list[ObligationShape]
    deadlines: list[HeldDeadlineShape]
    consents: list[dict[str, Any]]
    sharing_records: list[dict[str, Any]]
    data_requests: list[dict[str, Any]]
    history: list[HeldEntryShape]
    readings: list[HeldReadingShape]
    undisputed_facts: list[HeldFactShape]
    messages: list[HeldMessageShape]


class ConsentPageShape(TypedDict):
    items: list[ConsentShape]
    next: str | None


class SharingRecordShape(TypedDict):
    id: str
    case_id: str
    recipient_id: str
    purpose: str
    kinds: list[str]
    shared_on: str
    basis: str | None
    legal_basis: str | None
    action: str | None
    recorded_by: str


class SharingWarningShape(LabelShape):
    code: str
    parties: list[str]


class ListedSharingRecordShape(SharingRecordShape):
    warnings: list[SharingWarningShape]


class SharingPageShape(TypedDict):
    items: list[ListedSharingRecordShape]
    next: str | None


class HoldShape(TypedDict):
    since: str


class LegalHoldShape(TypedDict):
    case_id: str
    hold: HoldShape | None


class RetentionRuleShape(LabelShape):
    code: str
    years: int
    basis: str


class FileOverShape(TypedDict):
    case_id: str
    case_number: str | None
    organization_id: str
    outcome: StateShape
    ended_on: str
    rule: RetentionRuleShape
    kept_until: str
    kept_by: list[str]
    may_be_destroyed: bool
    disposal_id: str | None


class CodedLabelShape(LabelShape):
    code: str


class DisposalShape(TypedDict):
    id: str
    case_id: str
    organization_id: str
    case_number: str | None
    status: str
    outcome: StateShape
    rule: str
    kept_until: str
    reason: CodedLabelShape
    proposed_by: str
    proposed_at: str
    confirmed_by: str | None
    confirmed_at: str | None
    keys_destroyed: int | None
    ended_by: str | None
    ended_at: str | None


class DisposalPageShape(TypedDict):
    items: list[DisposalShape]
    next: str | None


class RetentionPageShape(TypedDict):
    items: list[FileOverShape]
    next: str | None


class ReadingShape(TypedDict):
    id: str
    at: str
    person_id: str
    on_behalf_of: str | None
    organization_id: str | None
    operation: str
    case_id: str | None
    party_id: str | None
    searched: str | None
    searched_hash: str | None
    purpose: str | None
    request_id: str


class AccessLogPageShape(TypedDict):
    items: list[ReadingShape]
    next: str | None


class GrantShape(TypedDict):
    id: str
    case_id: str
    person_id: str
    organization_id: str
    handling_id: str
    how: str
    ceiling: str
    purpose: str
    since: str
    until: str
    revoked_at: str | None
    revoked_by: str | None


class GrantPageShape(TypedDict):
    items: list[GrantShape]
    next: str | None


class AskedAccessShape(TypedDict):
    id: str
    case_number: str
    purpose: str
    asked_at: str
    until: str | None
    expires_at: str
    status: str


class NamedShape(TypedDict):
    id: str
    name: str


class RunningGrantShape(TypedDict):
    id: str
    until: str
    revoked_at: str | None


class AccessRequestShape(AskedAccessShape):
    case_id: str | None
    person: NamedShape
    organization: NamedShape
    reason: str | None
    decided_at: str | None
    decided_by: str | None
    answer: str | None
    grant: RunningGrantShape | None


class AccessRequestPageShape(TypedDict):
    items: list[AccessRequestShape]
    next: str | None


class AccessDecisionShape(TypedDict):
    id: str
    case_id: str
    status: str
    decided_at: str
    decided_by: str
    grant: GrantShape | None


class LeafShape(TypedDict):
    sequence: int
    head: str


class NeighbourShape(TypedDict):
    side: str
    hash: str


class ProofShape(SealedCheckpointShape):
    leaf: LeafShape
    path: list[NeighbourShape]


class StoredEntryShape(TypedDict):
    sequence: int
    payload: str
    hash: str


class HistoryExportShape(TypedDict):
    format: str
    case_id: str
    exported_at: str
    entries: list[StoredEntryShape]
    proof: ProofShape | None


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


class DocumentKindShape(TypedDict):
    code: str
    label: LabelShape


class StepDocumentsShape(TypedDict):
    text: str
    kinds: list[DocumentKindShape]


class MovedDeadlineShape(TypedDict):
    id: str
    was_due: str
    due: str


class SimulatedItemShape(TypedDict):
    kind: str
    position: int | None
    entry_id: str
    action: str | None
    step: str | None
    label: LabelShape
    occurred_on: str
    recorded_on: str
    for_you: bool | None
    track: str | None
    source: StateShape | None
    target: StateShape | None
    citations: list[CitationShape]
    tracks: list[TrackShape]
    deadlines: list[ExplainedDeadlineShape]
    started: list[str]
    moved: list[MovedDeadlineShape]
    ended: list[ExplainedDeadlineShape]
    tasks: list[TaskShape]
    tasks_answered: list[str]
    documents: StepDocumentsShape
    warnings: list[WarningShape]
    remarks: list[WarningShape]


class StoppedAtShape(TypedDict):
    position: int
    action: str
    label: LabelShape
    occurred_on: str
    code: str
    text: LabelShape


class SimulationShape(TypedDict):
    case_id: str
    version: int
    today: str
    until: str
    procedure: str
    calendar_version: str
    items: list[SimulatedItemShape]
    stopped_at: StoppedAtShape | None
    blockers: list[BlockerShape]
    case: CaseShape


class ClientKeyShape(TypedDict):
    id: str
    prefix: str
    created_at: str
    expires_on: str
    revoked_at: str | None
    last_used_at: str | None


class IssuedKeyShape(ClientKeyShape):
    key: str | None


class ClientCertificateShape(TypedDict):
    thumbprint: str
    subject: str
    begins_on: str
    ends_on: str


class ClientShape(TypedDict):
    id: str
    version: int
    organization_id: str
    name: str
    roles: list[str]
    is_active: bool
    jwks: dict[str, Any] | None
    certificates: list[ClientCertificateShape] | None
    certificate_subject: str | None
    may_act_for: list[str]
    created_at: str
    rotated_at: str | None
    last_used_at: str | None
    keys: list[ClientKeyShape]


class TokenShape(TypedDict):
    access_token: str
    token_type: str
    expires_in: int

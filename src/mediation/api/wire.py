"""What clients may send: strict bodies in which an unknown field is an error."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from mediation.api.values import (
    BankAccount,
    Code,
    Day,
    Division,
    Id,
    Moment,
    Money,
    Name,
    OneOf,
    Phone,
    Prefix,
    Reference,
    ResidentId,
    SocialCreditCode,
    Text,
)
from mediation.domain.channels import IntakeChannel
from mediation.domain.claims import CLAIM_CODES, ClaimOutcome
from mediation.domain.documents import Signatory
from mediation.domain.party_kinds import PartyKind, PartyRole, Side

MOST_ENTRIES = 200
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Count = Annotated[int, Field(ge=1, le=100_000)]

ChannelCode = Annotated[str, OneOf(IntakeChannel)]
ClaimKind = Annotated[str, OneOf(CLAIM_CODES)]
PartyKindCode = Annotated[str, OneOf(PartyKind)]
PartyRoleCode = Annotated[str, OneOf(PartyRole)]
SideCode = Annotated[str, OneOf(Side)]
SignatoryCode = Annotated[str, OneOf(Signatory)]
OutcomeCode = Annotated[str, OneOf(ClaimOutcome)]
ActClaims = Annotated[list[Id], Field(min_length=1, max_length=MOST_ENTRIES)]
SuspensionReason = Literal["force_majeure", "no_guardian", "party_death", "under_control", "other_obstacle"]
Form = Literal["written", "oral_on_record", "electronic", "message"]


class Body(BaseModel):
    """A JSON object as sent: strict, closed, and told to services under the names of the domain."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    def values(self) -> dict[str, Any]:
        """What was given, with empty values left out: for something new."""
        return self.model_dump(by_alias=True, exclude_none=True)

    def changes(self) -> dict[str, Any]:
        """What was given, null where a value is to be taken away: for an amendment."""
        given = self.model_dump(by_alias=True, exclude_unset=True)
        given.pop("expected_version", None)
        return given


def fen(name: str = "amount_fen") -> Any:
    """An optional amount that services know as fen."""
    return Field(default=None, serialization_alias=name)


class DocumentIn(Body):
    """A paper by its reference; the file itself is kept elsewhere."""

    reference: Reference
    title: Name | None = None
    dated: Day | None = None


class AttestationIn(Body):
    """What the recorder states on their own word: which condition holds, and on which evidence."""

    guard: Code
    evidence: Reference
    statement: Text | None = None


Attestations = Annotated[list[AttestationIn], Field(max_length=64)]


class PersonalData(Body):
    """What identifies a party; kept encrypted under the key of the person, shown masked."""

    headcount: Count | None = None
    uscc: SocialCreditCode | None = None
    resident_id: ResidentId | None = None
    phone: Phone | None = None
    address: Name | None = None
    bank_account: BankAccount | None = None
    authority: Code | None = None
    person_id: Id | None = None


class NamedPartyIn(PersonalData):
    """A party whose role the step itself says."""

    kind: PartyKindCode
    name: Name
    consented_on: Day | None = None
    consent_form: Form | None = None


class PartyIn(NamedPartyIn):
    """Somebody on one side of the case; the side follows from kind and role."""

    role: PartyRoleCode


class PartyChangesIn(PersonalData):
    """Corrections to a party."""

    name: Name = Field(default="")
    expected_version: Version | None = None


class ClaimIn(Body):
    """One demand: an amount in yuan, the source's own wording where it is approximate (约数), or neither."""

    code: ClaimKind
    amount: Money | None = fen()
    amount_text: Name | None = None
    basis: Text | None = None
    knew_on: Day | None = None
    claimant_side: SideCode | None = None


class ClaimAmendIn(Body):
    """Corrections to a claim."""

    code: ClaimKind = Field(default="")
    amount: Money | None = fen()
    amount_text: Name | None = None
    basis: Text | None = None
    knew_on: Day | None = None
    claimant_side: SideCode = Field(default="")
    expected_version: Version | None = None


class LimitationActIn(Body):
    """An act that interrupts limitation, or days that suspend it, with what proves it (LDMAL 27; CC 194, 195)."""

    kind: Literal["assertion", "promise", "authority", "end_of_procedure", "suspension"]
    day: Day
    claims: ActClaims | None = None
    until: Day | None = None
    due_on: Day | None = None
    reason: SuspensionReason | None = None
    evidence: Reference
    note: Text | None = None


class LimitationEventIn(Body):
    """One act that may have restarted the year; `due_on` is the last day of performance that a promise names."""

    day: Day
    kind: Literal["assertion", "promise", "authority", "end_of_procedure"]
    due_on: Day | None = None


class SuspensionIn(Body):
    """Days on which the claimant could not act; no `until` while they last."""

    since: Day
    until: Day | None = None
    reason: SuspensionReason


class WindowIn(Body):
    """The first and last day of a double wage, for the reading that lets each month lapse on its own (AMB-10)."""

    since: Day
    until: Day


class LimitationPreviewIn(Body):
    """What the limitation of one claim is judged on; nothing of it is kept."""

    claim_code: ClaimKind
    basis_day: Day | None = None
    employment_ended_on: Day | None = None
    still_employed: bool = False
    events: Annotated[list[LimitationEventIn], Field(max_length=MOST_ENTRIES)] = []
    suspensions: Annotated[list[SuspensionIn], Field(max_length=MOST_ENTRIES)] = []
    pending_since: Day | None = None
    window: WindowIn | None = None
    today: Day | None = None


class LimitationActChangesIn(Body):
    """Corrections to an act recorded by hand; `until` ends a suspension."""

    day: Day = Field(default=date.min)
    claims: ActClaims = Field(default=[])
    until: Day | None = None
    due_on: Day | None = None
    evidence: Reference = Field(default="")
    note: Text | None = None
    expected_version: Version | None = None


class ClaimChangeIn(Body):
    """One claim changed by its claimant."""

    claim: Id
    amount: Money | None = fen()
    amount_text: Name | None = None
    basis: Text | None = None
    knew_on: Day | None = None


class ClaimResultIn(Body):
    """What became of one claim in an award or judgment."""

    claim: Id
    outcome: OutcomeCode
    awarded: Money | None = fen("awarded_fen")


class ObligationIn(Body):
    """One thing somebody has to do: who, for whom, how much, by which day or in which words."""

    kind: Literal["payment", "act"]
    debtor: Id | None = None
    creditor: Id | None = None
    amount: Money | None = fen()
    due_on: Day | None = None
    due_text: Name | None = None
    what: Text | None = None


class ConsentIn(Body):
    """The consent of one party, with its day and form."""

    party: Id
    date: Day
    form: Form
    evidence: Reference | None = None


class SignatureIn(Body):
    """One signature or seal: of a party by its id, or of somebody else by what they are."""

    party: Id | None = None
    signatory: SignatoryCode | None = None
    date: Day
    form: Literal["signature", "seal", "fingerprint", "electronic"] = "signature"
    evidence: Reference | None = None


class ContactIn(Body):
    """One attempt to reach a party."""

    party: Id
    at: Moment
    channel: Literal["phone", "message", "visit", "letter", "online"]
    reached: bool
    note: Text | None = None


class NewCaseIn(Body):
    """Whatever is known of a dispute; everything may be completed later."""

    channel: ChannelCode
    summary: Text | None = None
    organization_id: Id | None = None
    received_on: Day | None = None
    written_or_oral: Literal["written", "oral"] | None = None
    reason: Text | None = None
    parties: list[PartyIn] = Field(default_factory=list, max_length=MOST_ENTRIES)
    claims: list[ClaimIn] = Field(default_factory=list, max_length=MOST_ENTRIES)
    migrant_worker: bool | None = None
    urgent: bool | None = None
    place_of_performance: Division | None = None
    employer_seat: Division | None = None
    submit: bool = False
    attestations: Attestations = Field(default_factory=list)


class CaseChangesIn(Body):
    """Corrections to what was written down of a case; null takes a value away."""

    channel: ChannelCode = Field(default="")
    summary: Text | None = None
    received_on: Day | None = None
    written_or_oral: Literal["written", "oral"] | None = None
    reason: Text | None = None
    migrant_worker: bool | None = None
    urgent: bool | None = None
    place_of_performance: Division | None = None
    employer_seat: Division | None = None
    expected_version: Version | None = None


class TaskChangesIn(Body):
    """A task handed to a person, given back to its role with null, or closed; closing needs a reason in `note`."""

    owner_id: Id | None = None
    status: Literal["closed"] = Field(default="closed")
    note: Text | None = None
    expected_version: Version | None = None


class LookupIn(Body):
    """What identifies somebody: one of the three. It stands in the body so that no address or log holds it."""

    resident_id: ResidentId | None = None
    phone: Phone | None = None
    name_prefix: Annotated[Prefix, Field(description="The beginning of the name of a party.")] | None = None


class AssignmentIn(Body):
    """Who is given which part in a case."""

    person_id: Id
    role: Literal["mediator", "volunteer", "agent"]

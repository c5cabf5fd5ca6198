"""What a party reads of its own case by a link: where it stands in plain words, which dates count, what is asked.

All of it is taken from the case as the party's sight shows it, and nothing adds to that sight. What a party sends is a
message that the case team acts upon; no step of the procedure is taken by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.access import SYSTEM
from mediation.domain.cases import MAIN, Case
from mediation.domain.deadlines import Deadline
from mediation.domain.documents import DocumentKind, Signatory, kinds_named
from mediation.domain.labels import Label
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole, Kind, Stage
from mediation.domain.records import Obligation, Party
from mediation.domain.sight import sight_of
from mediation.domain.wall import Confidential

LONGEST_LINK: Final = timedelta(days=30)
"""How far ahead the last day of a link may lie (product rule)."""
PLAIN_WORDS: Final[Mapping[Stage, Label]] = MappingProxyType(
    {
        Stage.INTAKE: Label(
            "您的案件已经收到,正在登记和分流。", "Your case was received; it is being registered and sorted."
        ),
        Stage.NEGOTIATION: Label("双方正在自行协商。", "The two sides are negotiating with each other."),
        Stage.ENTERPRISE_MEDIATION: Label(
            "案件在调解组织处理中:由调解员主持双方商谈。",
            "A mediation organization has the case: a mediator leads talks.",
        ),
        Stage.PRETRIAL_MEDIATION: Label(
            "案件在法院委派或者委托的诉前、诉中调解中。",
            "The case is in mediation that a court entrusted to mediators.",
        ),
        Stage.ARBITRATION_REFERRAL: Label(
            "案件已引导或者进入劳动仲裁、诉讼程序。",
            "The case is on its way to, or before, labour arbitration or court.",
        ),
        Stage.SETTLEMENT: Label(
            "双方已有协议或者裁判结果,正在签署、确认或者履行。",
            "There is an agreement or a decision; it is being signed, confirmed or carried out.",
        ),
        Stage.CLOSED: Label("案件已经办结。", "The case is closed."),
    }
)


class MessageKind(StrEnum):
    """What a party answers."""

    CONSENT = "consent"
    REFUSAL = "refusal"
    WILL_SIGN = "will_sign"
    MESSAGE = "message"


class AskKind(StrEnum):
    """What a party is asked for."""

    CONSENT = "consent"
    SIGN = "sign"
    PERFORM = "perform"


ASKED: Final[Mapping[AskKind, Label]] = MappingProxyType(
    {
        AskKind.CONSENT: Label("请答复是否同意调解", "Please say whether you agree to mediation"),
        AskKind.SIGN: Label("请签署文书", "Please sign the document"),
        AskKind.PERFORM: Label("请按期履行", "Please carry this out in time"),
    }
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked of a party: documents to sign, or an obligation to carry out, where it is about these."""

    kind: AskKind
    documents: tuple[DocumentKind, ...] = ()
    obligation: Obligation | None = None


@dataclass(frozen=True, slots=True)
class PartyMessage:
    """What a party sent by a link; `text` is None where there is none, or once its key was destroyed."""

    id: str
    party_id: str
    link_id: str
    side: str
    kind: MessageKind
    sent_at: datetime
    text: Confidential[str] | None


@dataclass(frozen=True, slots=True)
class PartyView:
    """A case as one of its parties reads it on a day by a link that serves until `expires_on`."""

    case: Case
    party: Party
    today: date
    expires_on: date

    @property
    def in_plain_words(self) -> Label:
        """Where the case stands."""
        stage = PROCEDURE.states[MAIN, self.case.state].stage
        assert stage is not None  # noqa: S101 - each state of the main track has one
        return PLAIN_WORDS[stage]

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        """What the party owes or is owed."""
        return tuple(o for o in self.case.obligations.values() if self.party.id in {o.debtor_id, o.creditor_id})

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Running deadlines that concern the party, nearest first."""
        found = (d for d in self.case.running() if concerns(d, self.case, self.party))
        return tuple(sorted(found, key=lambda deadline: (deadline.due, deadline.id)))

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What is asked of the party today."""
        return (*_asked_by_state(self.case, self.party), *self._to_perform())

    def _to_perform(self) -> Iterator[Ask]:
        for owed in self.case.live_obligations():
            if owed.debtor_id == self.party.id and owed.status != "done":
                yield Ask(AskKind.PERFORM, obligation=owed)


def own_words(message: PartyMessage, party: Party) -> str | None:
    """What a party itself sent, for that party: its own words need no seat at the table.

    ValueError for a message of somebody else's.
    """
    if message.party_id != party.id:
        msg = "a message is given back to who sent it"
        raise ValueError(msg)
    return None if message.text is None else message.text.opened(sight_of(SYSTEM, frozenset({CaseRole.SYSTEM})))


def concerns(deadline: Deadline, case: Case, party: Party) -> bool:
    """Whether a deadline is the party's own, about what it owes, is owed or claims, or about the whole case."""
    if deadline.party_id is not None:
        return deadline.party_id == party.id
    owed, claim = case.obligations.get(deadline.ref_id or ""), case.claims.get(deadline.ref_id or "")
    if owed is not None:
        return party.id in {owed.debtor_id, owed.creditor_id}
    return claim is None or claim.claimant_side == party.side


def _asked_by_state(case: Case, party: Party) -> Iterator[Ask]:
    """A consent that the case waits for, and documents that the next row wants signed by the parties."""
    if case.state in PROCEDURE.steps["consent"].sources and party.consented_on is None:
        yield Ask(AskKind.CONSENT)
    for step in PROCEDURE.steps.values():
        wants = any(field.kind is Kind.SIGNATURE and field.required for field in step.inputs)
        if wants and step.track == MAIN and case.state in step.sources:
            papers = kinds_named(step.documents)
            yield Ask(AskKind.SIGN, tuple(kind for kind in papers if Signatory.PARTIES in kind.signatories))

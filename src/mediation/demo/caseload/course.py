"""The steps most cases of the caseload share: who takes them at which desk, days before or after today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from mediation.demo import identities
from mediation.demo.stories.story import (
    Act,
    End,
    Lapse,
    Owed,
    Story,
    act,
    at,
    consent,
    organization,
    paper,
    party,
    person,
    signature,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a case is kept and mediated, and the court and commission of the place."""

    organization: str
    clerk: str
    mediator: str
    court: str = "yunxi-court"
    commission: str = "yunxi-commission"
    division: str = "339901"


YUNXI = Desk("yunxi-centre", "clerk-lin", "mediator-zhou")
YUNXI_SECOND = Desk("yunxi-centre", "clerk-lin", "mediator-chen")
BUILDERS = Desk("yunxi-builders", "mediator-gu", "mediator-gu")
STUDIO = Desk("qiaotou-studio", "mediator-qiu", "mediator-qiu")
FACTORY = Desk("qingshi-committee", "mediator-ke", "mediator-ke")
_LINJIANG = ("linjiang-court", "linjiang-commission", "339902")
LINJIANG = Desk("linjiang-centre", "clerk-fang", "mediator-wu", *_LINJIANG)
PEOPLE = Desk("linjiang-people", "mediator-bai", "mediator-bai", *_LINJIANG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One made-up dispute: `number` makes its people's numbers; days count from today, which is 0."""

    id: str
    number: int
    today: date
    desk: Desk
    worker: str
    employer: str
    claims: Sequence[Mapping[str, Any]]
    about: str
    channel: str = "walk_in"
    heads: int | None = None
    migrant: bool = False
    urgent: bool = False
    employer_kind: str = "employer"
    keeper: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def day(self, offset: int) -> str:
        """Tell a day as ISO text."""
        return (self.today + timedelta(days=offset)).isoformat()

    @property
    def both(self) -> tuple[str, str]:
        """Name both sides."""
        return self.worker, self.employer

    def story(self, opened: int, state: str, *steps: Act | Lapse, tracks: Mapping[str, str] | None = None) -> Story:
        """Tell the dispute as a story that opens on a day and stands in a state today."""
        return Story(
            id=self.id,
            title=self.about,
            source="虚构",
            summary=self.about,
            keeper=self.keeper or self.desk.clerk,
            opened_on=self.day(opened),
            channel=self.channel,
            parties=(self._worker(), self._employer()),
            claims=tuple(self.claims),
            steps=steps,
            end=End(state, tracks or {}),
            given={
                "migrant_worker": self.migrant,
                "urgent": self.urgent,
                "place_of_performance": self.desk.division,
                **self.extra,
            },
        )

    def _worker(self) -> dict[str, Any]:
        told = {
            "kind": "worker",
            "name": self.worker,
            "role": "applicant",
            "resident_id": identities.resident_id(self.number, male=self.number % 2 == 0),
            "phone": identities.mobile(self.number),
            "address": identities.address(self.number),
        }
        return told if self.heads is None else {**told, "headcount": self.heads}

    def _employer(self) -> dict[str, Any]:
        told: dict[str, Any] = {"kind": self.employer_kind, "name": self.employer, "role": "respondent"}
        if self.employer_kind != "individual_employer":
            told["uscc"] = identities.social_credit_code(self.number)
        return told

    def submitted(self, offset: int) -> Act:
        """The application to mediate is on file."""
        return act(
            "submit_intake",
            self.desk.clerk,
            self.day(offset),
            channel=self.channel,
            written_or_oral="written",
            received_on=self.day(offset),
            reason=self.about,
        )

    def asked_for_help(self, offset: int) -> Act:
        """Somebody asks for help without applying for anything yet."""
        return act(
            "submit_help_request",
            self.desk.clerk,
            self.day(offset),
            channel=self.channel,
            received_on=self.day(offset),
            what_happened=self.about,
        )

    def sorted(self, offset: int, route: str = "mediation") -> Act:
        """Cause, place and conflicts are checked."""
        return act(
            "triage_ok",
            self.desk.clerk,
            self.day(offset),
            claim_codes=[entry["code"] for entry in self.claims],
            place_of_performance=self.desk.division,
            employer_seat=self.desk.division,
            migrant_worker=self.migrant,
            route_wanted=route,
        )

    def asked(self, offset: int) -> Act:
        """The other side is asked whether it wants to mediate."""
        return act(
            "ask_consent",
            self.desk.clerk,
            self.day(offset),
            organization=organization(self.desk.organization),
            asked_on=self.day(offset),
            how="phone",
        )

    def consented(self, offset: int, *others: str) -> Act:
        """Everybody to be bound agrees to mediate."""
        return act(
            "consent",
            self.desk.clerk,
            self.day(offset),
            consents=[consent(name, self.day(offset)) for name in (*self.both, *others)],
            accepted_on=self.day(offset),
        )

    def assigned(self, offset: int) -> Act:
        """The desk's mediator takes the case."""
        return act("assign_mediator", self.desk.clerk, self.day(offset), mediator=person(self.desk.mediator))

    def met(self, offset: int, action: str = "hold_session") -> Act:
        """A session is held in the morning."""
        return act(
            action,
            self.desk.mediator,
            self.day(offset),
            session_on=at(self.day(offset), "09:00"),
            mode="in_person",
            present=[party(name) for name in self.both],
            record=paper("调解笔录", self.day(offset)),
        )

    def agreed(self, offset: int, *owed: Owed) -> Act:
        """Terms are fixed."""
        return act(
            "reach_agreement",
            self.desk.mediator,
            self.day(offset),
            draft=paper("调解协议书", self.day(offset)),
            obligations=list(owed),
            remaining_claims="settled",
        )

    def signed(self, offset: int) -> Act:
        """Everybody signed, and the seal is on."""
        return act(
            "complete_signatures",
            self.desk.clerk,
            self.day(offset),
            signatures=[signature(name, self.day(offset)) for name in self.both],
            seal_on=self.day(offset),
            effective_on=self.day(offset),
        )

    def to_consent(self, received: int) -> tuple[Act, ...]:
        """From the application to the question to the other side, in one day."""
        return self.submitted(received), self.sorted(received), self.asked(received)

    def to_session(self, received: int, met: int) -> tuple[Act, ...]:
        """From the application to the first session."""
        consented = min(received + 1, met)
        return *self.to_consent(received), self.consented(consented), self.assigned(consented), self.met(met)

    def to_agreement(self, received: int, signed: int, *owed: Owed) -> tuple[Act, ...]:
        """From the application to an agreement in force."""
        return *self.to_session(received, signed - 1), self.agreed(signed, *owed), self.signed(signed)

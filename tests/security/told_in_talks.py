"""A case in which marked things were said in mediation, and that then went to a court, a commission and an office."""

from dataclasses import dataclass
from typing import Any

from tests.services.world import World, accept, attested, party_ids, party_of

from mediation.demo.people import organization, person

SESSION, STATED, RECORD = "标记调解中所述", "标记当场陈述", "标记调解笔录"
EXTENDED, OFFERED, CONCEDED = "标记延期缘由", "标记让步方案", "标记底线"
PROPOSED, FACT = "标记调解员方案", "标记争议事实"
AMOUNT, FEN = "87654.32", "8765432"
WORDS = (SESSION, STATED, RECORD, EXTENDED, OFFERED, CONCEDED, PROPOSED, FACT)
MARKS = (*WORDS, AMOUNT, FEN)
TABLE = ("clerk-lin", "mediator-zhou")
"""Who hears everything that is said."""
AWAY = (
    "officer-xu", "supervisor-tang", "auditor-feng", "admin-qian", "court-gao", "arbitration-shen", "inspection-luo",
    "worker-zhang", "employer-wang", "mediator-chen", "clerk-fang", "volunteer-jiang",
)  # fmt: skip
"""Everybody else: those who see the case without being at the table, and those who do not see it."""


@dataclass(slots=True)
class Talks:
    """A case and what was said in it."""

    world: World
    id: str
    worker: str
    employer: str

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.id}"

    def post(self, subject: str, tail: str, **body: Any) -> dict[str, Any]:
        answered = self.world.send(subject, "POST", f"{self.path}/{tail}", json=body)
        assert answered.status_code == 201, answered.text
        found: dict[str, Any] = answered.json()
        return found

    def offer(self, subject: str = "mediator-zhou", **values: Any) -> dict[str, Any]:
        """Write an offer down, the employer's unless told otherwise."""
        given = {"kind": "offer", "made_by": self.employer, "made_on": str(self.world.today), "text": OFFERED, **values}
        return self.post(subject, "offers", **{name: value for name, value in given.items() if value is not None})

    def fact(self, text: str = FACT) -> dict[str, Any]:
        return self.post("mediator-zhou", "undisputed-facts", text=text)

    def sign(self, fact: str, *parties: str) -> None:
        for party in parties:
            day = str(self.world.today)
            self.post("mediator-zhou", f"undisputed-facts/{fact}/signatures", party_id=party, signed_on=day)

    def shown_to(self, subject: str, tail: str) -> list[dict[str, Any]]:
        answered = self.world.send(subject, "GET", f"{self.path}/{tail}")
        assert answered.status_code == 200, answered.text
        items: list[dict[str, Any]] = answered.json()["items"]
        return items


def in_talks(world: World) -> Talks:
    """A case with its parties' accounts, an adviser and a mediator, ready for its first session."""
    parties = [
        party_of("worker", "张来福", person_id=person("worker-zhang").id),
        party_of("employer", "某机械有限公司", person_id=person("employer-wang").id),
    ]
    case = world.create(parties=parties)
    worker, employer = party_ids(case)
    talks = Talks(world, case["id"], worker, employer)
    talks.post("clerk-lin", "assignments", person_id=person("volunteer-he").id, role="volunteer")
    accept(world, case["id"])
    world.take(case["id"], "assign_mediator", mediator=person("mediator-zhou").id)
    return talks


def talk(talks: Talks) -> None:
    """Say everything that is marked."""
    world, day = talks.world, str(talks.world.today)
    stated = [{**entry, "statement": STATED} for entry in attested("hold_session")]
    world.take(
        talks.id, "hold_session", "mediator-zhou", session_on=f"{day}T09:30:00+08:00", mode="in_person",
        present=[talks.worker, talks.employer], record={"reference": RECORD}, note=SESSION, attestations=stated,
    )  # fmt: skip
    consents = [{"party": key, "date": day, "form": "written"} for key in (talks.worker, talks.employer)]
    world.take(talks.id, "extend", "mediator-zhou", new_end="2026-07-10", consents=consents, reason=EXTENDED)
    offered = talks.offer(amount=AMOUNT)
    talks.offer(kind="concession", made_by=talks.worker, text=CONCEDED)
    talks.offer(kind="proposal", made_by=None, text=PROPOSED)
    refused = {"status": "refused", "expected_version": 1}
    world.send("mediator-zhou", "PATCH", f"{talks.path}/offers/{offered['id']}", json=refused).raise_for_status()
    talks.fact()


def send_out(talks: Talks) -> None:
    """End the mediation; send the case to a court, then to a commission, and its matter to the inspection."""
    world, day = talks.world, str(talks.world.today)
    world.take(talks.id, "fail", "mediator-zhou", reason="wide_gap", note=SESSION)
    world.take(
        talks.id, "request_court_mediation", court=organization("yunxi-court").id, applied_on=day, online=False,
        court_route_basis="advisory_no_arbitration_yet",
    )  # fmt: skip
    commission = organization("yunxi-commission").id
    world.take(talks.id, "prepare_referral", by=talks.worker, ground="failed", commission=commission)
    papers: dict[str, Any] = {"application": {"reference": "申请书"}, "evidence_list": {"reference": "证据目录"}}
    world.take(talks.id, "file", filed_on=day, filed_by="party", **papers)
    office = organization("yunxi-inspection").id
    world.take(talks.id, "hand_over_inspection", office=office, sent_on=day, matter="wage_arrears")

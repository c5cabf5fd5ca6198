"""What writes on a case beside its steps: each operation with a good body."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.services.world import World, party_of

from mediation.demo.people import organization, person

DAY: Final = "2026-06-17"

Request = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Site:
    """A case of one house at one stage, and who is what to it."""

    world: World
    case_id: str
    cast: Mapping[str, str]

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.case_id}"

    def party(self, kind: str = "worker") -> str:
        return next(key for key, party in self.world.case(self.case_id).parties.items() if party.kind == kind)

    def claim(self, code: str = "economic_compensation") -> str:
        return next(key for key, claim in self.world.case(self.case_id).claims.items() if claim.code == code)

    def at_version(self, collection: str | None = None, key: str = "", **body: Any) -> dict[str, Any]:
        """A body on the version that stands, of the case or of a part of it."""
        case = self.world.case(self.case_id)
        version = case.version if collection is None else getattr(case, collection)[key].version
        return {"json": body, "headers": {"If-Match": f'"{version}"'}}

    def made(self, request: Request, letter: str = "C") -> str:
        """Send what somebody may; gives the id of what came of it."""
        method, path, content = request
        answer = self.world.send(self.cast[letter], method, path, **content)
        assert answer.is_success, answer.text
        return str(answer.json().get("id"))


def amend_case(site: Site) -> Request:
    return "PATCH", site.path, site.at_version(urgent=True)


def add_party(site: Site) -> Request:
    return "POST", f"{site.path}/parties", {"json": party_of("worker", "李四", role="co_applicant")}


def amend_worker(site: Site) -> Request:
    key = site.party()
    return "PATCH", f"{site.path}/parties/{key}", site.at_version("parties", key, phone="13900000000")


def amend_name(site: Site) -> Request:
    key = site.party()
    return "PATCH", f"{site.path}/parties/{key}", site.at_version("parties", key, name="张来福")


def amend_employer(site: Site) -> Request:
    key = site.party("employer")
    return "PATCH", f"{site.path}/parties/{key}", site.at_version("parties", key, name="某厂")


def add_claim(site: Site) -> Request:
    return "POST", f"{site.path}/claims", {"json": {"code": "overtime_pay", "amount": "1.00"}}


def amend_claim(site: Site) -> Request:
    key = site.claim()
    return "PATCH", f"{site.path}/claims/{key}", site.at_version("claims", key, amount="2.00")


def put_employment(site: Site) -> Request:
    facts = {"joined_on": "2021-03-15", "avg_monthly_wage": "8512.34", "ended_how": "agreed_employer_proposed"}
    return "PUT", f"{site.path}/employment", site.at_version(party_id=site.party(), **facts)


def compute_claim(site: Site) -> Request:
    given = {"kind": "economic_compensation", "party_id": site.party(), "inputs": {"n": "5", "place": None}}
    return "POST", f"{site.path}/claims/{site.claim()}/computation", {"json": given}


def record_limitation_act(site: Site) -> Request:
    act = {"kind": "assertion", "day": "2026-06-01", "claims": [site.claim()], "evidence": "催款函"}
    return "POST", f"{site.path}/limitation-acts", {"json": act}


def amend_limitation_act(site: Site) -> Request:
    key = site.made(record_limitation_act(site))
    return "PATCH", f"{site.path}/limitation-acts/{key}", site.at_version("limitation_acts", key, evidence="短信")


def take_back_limitation_act(site: Site) -> Request:
    return "DELETE", f"{site.path}/limitation-acts/{site.made(record_limitation_act(site))}", {}


def free_again(site: Site) -> None:
    """End the part of the one person whom these operations assign."""
    given = site.world.case(site.case_id).assignments.values()
    for part in given:
        if part.person_id == person("volunteer-su").id and part.until is None:
            site.made(("DELETE", f"{site.path}/assignments/{part.id}", {}))


def assign(site: Site) -> Request:
    free_again(site)
    return "POST", f"{site.path}/assignments", {"json": {"person_id": person("volunteer-su").id, "role": "volunteer"}}


def end_assignment(site: Site) -> Request:
    return "DELETE", f"{site.path}/assignments/{site.made(assign(site))}", {}


def amend_task(site: Site) -> Request:
    (key,) = site.world.case(site.case_id).tasks
    return "PATCH", f"{site.path}/tasks/{key}", site.at_version("tasks", key, note="已电话联系")


def record_offer(site: Site) -> Request:
    given = {"kind": "offer", "made_by": site.party(), "made_on": DAY, "text": "愿让步"}
    return "POST", f"{site.path}/offers", {"json": given}


def answer_offer(site: Site) -> Request:
    content = {"json": {"status": "refused"}, "headers": {"If-Match": '"1"'}}
    return "PATCH", f"{site.path}/offers/{site.made(record_offer(site))}", content


def record_undisputed_fact(site: Site) -> Request:
    return "POST", f"{site.path}/undisputed-facts", {"json": {"text": "双方对入职日期无争议"}}


def sign_undisputed_fact(site: Site) -> Request:
    fact = site.made(record_undisputed_fact(site))
    given = {"party_id": site.party(), "signed_on": DAY}
    return "POST", f"{site.path}/undisputed-facts/{fact}/signatures", {"json": given}


def record_consent(site: Site) -> Request:
    about = {"party_id": site.party(), "purpose": "sharing", "kinds": ["identity"], "form": "written"}
    return "POST", f"{site.path}/consents", {"json": {**about, "given_on": DAY}}


def withdraw_consent(site: Site) -> Request:
    consent = site.made(record_consent(site))
    return "POST", f"{site.path}/consents/{consent}/withdrawal", {"json": {"withdrawn_on": DAY}}


def record_sharing(site: Site) -> Request:
    given = {"recipient_id": organization("yunxi-court").id, "purpose": "referral", "kinds": ["identity"]}
    return "POST", f"{site.path}/sharing-records", {"json": {**given, "shared_on": DAY}}


def receive_data_request(site: Site) -> Request:
    return "POST", f"{site.path}/parties/{site.party()}/data-requests", {"json": {"kind": "explanation"}}


def answer_data_request(site: Site) -> Request:
    asked = site.made(receive_data_request(site))
    return "POST", f"{site.path}/data-requests/{asked}/answer", {"json": {"outcome": "fulfilled"}}


def answer_erasure(site: Site) -> Request:
    asked = site.made(("POST", f"{site.path}/parties/{site.party()}/data-requests", {"json": {"kind": "erasure"}}))
    answer = {"outcome": "refused", "ground": "data_of_others", "reason": "涉及他人"}
    return "POST", f"{site.path}/data-requests/{asked}/answer", {"json": answer}


def export_data(site: Site) -> Request:
    return "GET", f"{site.path}/parties/{site.party()}/data-export", {}


def reveal(site: Site) -> Request:
    content = {"json": {"fields": ["phone"], "purpose": "request_of_person"}}
    return "POST", f"{site.path}/parties/{site.party()}/reveal", content


def make_access_link(site: Site) -> Request:
    return "POST", f"{site.path}/parties/{site.party()}/access-links", {"json": {"expires_on": DAY}}


def revoke_access_link(site: Site) -> Request:
    return "DELETE", f"{site.path}/parties/{site.party()}/access-links/{site.made(make_access_link(site))}", {}


def set_legal_hold(site: Site) -> Request:
    if site.world.case(site.case_id).facts.get("legal_hold"):
        site.made(("POST", f"{site.path}/legal-hold/lifting", {"json": {"reason": "调查结束"}}), "s")
    return "POST", f"{site.path}/legal-hold", {"json": {"reason": "另案调查"}}


def lift_legal_hold(site: Site) -> Request:
    site.made(set_legal_hold(site), "s")
    return "POST", f"{site.path}/legal-hold/lifting", {"json": {"reason": "调查结束"}}

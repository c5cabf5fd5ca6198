"""Ways around the wall, each tried: a second seat in the same case, a what-if, a split, a draft nobody signed."""

import json
from datetime import date
from typing import Any

import httpx
import pytest
from tests.security.told_in_talks import Talks, in_talks, talk
from tests.services.world import CENTRE, World, attested, document_of, mediate, party_ids, party_of, triage

from mediation.demo.people import organization, person
from mediation.domain.errors import InvalidInputError
from mediation.services import reminders

ME = person("employer-wang").id
OTHER = person("volunteer-jiang").id
REMARK = "标记撤回时所述"
UNSIGNED, WORDS = "77777.77", "标记未签条款"


@pytest.fixture
def talks(world: World) -> Talks:
    """A case with both parties' accounts, ready for its first session."""
    return in_talks(world)


def worker_named(account: str) -> dict[str, Any]:
    return {"party": {"kind": "worker", "name": "李四", "person_id": account}, "role": "co_applicant", "ground": "x"}


def tried(talks: Talks, subject: str, *steps: tuple[str, dict[str, Any]]) -> httpx.Response:
    """A simulation of steps, stating whatever they want stated."""
    asked = [{"action": name, "input": given, "attestations": attested(name)} for name, given in steps]
    return talks.world.send(subject, "POST", f"{talks.path}/simulation", json={"steps": asked})


def told_of_the_worker(case: dict[str, Any]) -> list[Any]:
    """What a case tells of the worker's telephone and the grounds of their claims."""
    phones = [party["phone"] for party in case["parties"] if party["kind"] == "worker"]
    return [value for value in (*phones, *(claim["basis"] for claim in case["claims"])) if value is not None]


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("join_party", worker_named(ME)),
        ("join_party", worker_named(OTHER)),
        ("substitute_party", {"new": [{**worker_named(ME)["party"], "role": "applicant"}], "ground": "death"}),
    ],
)
def test_who_is_a_party_takes_no_seat_on_the_other_side(talks: Talks, action: str, given: dict[str, Any]) -> None:
    given = {**given, **({"old": talks.worker} if action == "substitute_party" else {})}

    with pytest.raises(InvalidInputError) as found:
        talks.world.take(talks.id, action, "employer-wang", **given)
    simulated = tried(talks, "employer-wang", (action, given))

    assert {error.code for error in found.value.errors} <= {"not_your_account", "account_on_other_side"}
    assert simulated.status_code == 422
    assert told_of_the_worker(document_of(talks.world, talks.id, "employer-wang")) == []


def test_the_house_names_accounts_that_exist_and_a_party_its_own_on_its_own_side(talks: Talks) -> None:
    joined = talks.world.take(talks.id, "join_party", **worker_named(OTHER))
    guarantor = {"kind": "co_obligor", "name": "某保证人", "person_id": ME}
    own = talks.world.take(talks.id, "join_party", "employer-wang", party=guarantor, role="guarantor", ground="x")

    with pytest.raises(InvalidInputError) as found:
        talks.world.take(talks.id, "join_party", **worker_named(talks.id))

    assert OTHER in {party["person_id"] for party in joined["parties"]}
    assert [party["name"] for party in own["parties"]][-1] == "某保证人"
    assert [(error.pointer, error.code) for error in found.value.errors] == [("/party/person_id", "person_unknown")]


def test_nobody_applies_and_answers_by_the_same_account(world: World) -> None:
    me = person("worker-zhang").id
    own, other = party_of("worker", "张来福", person_id=me), party_of("employer", "某厂", person_id=me)
    given = {"channel": "walk_in", "organization_id": CENTRE}

    both = world.send("worker-zhang", "POST", "/v1/cases", json={**given, "parties": [own, other]})
    draft = world.send("worker-zhang", "POST", "/v1/cases", json={**given, "parties": [own]})
    added = world.send("worker-zhang", "POST", f"/v1/cases/{draft.json()['id']}/parties", json=other)

    assert draft.status_code == 201
    told = [(answer.status_code, answer.json()["errors"][0]) for answer in (both, added)]
    assert [(status, error["code"], error["pointer"]) for status, error in told] == [
        (422, "account_on_other_side", "/parties/1/person_id"), (422, "account_on_other_side", "/person_id"),
    ]  # fmt: skip


def test_a_party_that_is_made_an_adviser_hears_nothing_of_the_talks(talks: Talks) -> None:
    talk(talks)
    body = {"person_id": ME, "role": "volunteer"}

    asked = [
        talks.world.send("clerk-lin", "POST", f"{talks.path}/assignments", json={**body, "role": role})
        for role in ("volunteer", "agent")
    ]

    assert [answer.status_code for answer in asked] == [409, 409]


def test_an_adviser_does_not_become_a_party(talks: Talks) -> None:
    guarantor = {"kind": "co_obligor", "name": "某保证人", "person_id": person("volunteer-he").id}

    with pytest.raises(InvalidInputError) as found:
        talks.world.take(talks.id, "join_party", party=guarantor, role="guarantor", ground="x")

    assert [(error.pointer, error.code) for error in found.value.errors] == [("/party/person_id", "works_on_the_case")]


def test_nobody_gives_themselves_a_part_in_thought_to_see_more(talks: Talks) -> None:
    day = str(talks.world.today)
    aid: dict[str, Any] = {
        "scheme": "union",
        "requested_on": day,
        "form": {"reference": "申请表"},
        "means_exempt": True,
    }
    before: list[tuple[str, dict[str, Any]]] = [
        ("request_aid", {**aid, "matters": ["mediation"]}),
        ("grant_aid", {"decided_on": day}),
    ]

    own, other = (
        tried(talks, "employer-wang", *before, ("assign_aid", {"person": who, "assigned_on": day}))
        for who in (ME, person("volunteer-he").id)
    )

    assert own.status_code == 422
    assert [error["code"] for error in own.json()["errors"]] == ["assigns_oneself"]
    assert other.json()["stopped_at"] is None
    assert other.json()["case"]["roles"] == ["employer_side"]
    assert told_of_the_worker(other.json()["case"]) == []


def test_a_party_is_not_told_of_a_warning_of_danger(talks: Talks) -> None:
    def told() -> list[Any]:
        steps = talks.world.send("worker-zhang", "GET", f"{talks.path}/steps").json()
        lifted = tried(talks, "worker-zhang", ("clear_risk", {"why": "x"}))
        found = [step["action"] for step in (*steps["open_steps"], *steps["blocked_steps"]) if step["track"] == "risk"]
        return [found, lifted.status_code, lifted.json()["code"]]

    before = told()
    reported = [organization("yunxi-union").id]
    talks.world.take(talks.id, "escalate_violence", level="red", kind="violence", reported_to=reported)

    assert before == told() == [[], 403, "not_permitted"]
    assert talks.world.send("officer-xu", "GET", f"{talks.path}/steps").text.count('"clear_risk"') == 1


def test_who_stays_behind_does_not_see_what_was_split_off(world: World) -> None:
    parties = [
        party_of("worker", "张来福", person_id=person("worker-zhang").id),
        party_of("worker", "李工友", person_id=OTHER, phone="13900000001"),
        party_of("employer", "某厂", person_id=ME),
    ]
    case = world.create(parties=parties)
    leaving = next(party["id"] for party in case["parties"] if party["name"] == "李工友")
    triage(world, case["id"])
    after = world.take(case["id"], "split_off", workers=[leaving], reason="some_workers_only")
    path = f"/v1/cases/{after['facts']['siblings'][0]}"

    seen = {
        who: world.send(who, "GET", path).status_code
        for who in ("worker-zhang", "volunteer-jiang", "employer-wang", "clerk-lin", "supervisor-tang")
    }

    assert seen == {
        "worker-zhang": 404, "volunteer-jiang": 200, "employer-wang": 200, "clerk-lin": 200, "supervisor-tang": 200,
    }  # fmt: skip
    assert "李工友" not in world.send("worker-zhang", "GET", "/v1/cases?scope=me").json()["items"][0]["applicants"]


@pytest.mark.parametrize("action", ["apply_payment_order", "apply_review", "apply_enforcement"])
def test_terms_that_nobody_signed_are_in_no_parcel(world: World, action: str) -> None:
    case_id = world.create()["id"]
    worker, employer = party_ids(mediate(world, case_id))
    owed = {"kind": "payment", "debtor": employer, "creditor": worker, "due_on": "2026-07-31"}
    world.take(
        case_id, "reach_agreement", "mediator-zhou", draft={"reference": "草案"}, remaining_claims="settled",
        obligations=[{**owed, "amount": UNSIGNED, "what": WORDS}],
    )  # fmt: skip
    world.take(case_id, "signature_refused", by=employer)
    signed = [{**owed, "amount": "11111.11", "what": "和解款"}]
    world.take(
        case_id, "settle", agreement={"reference": "和解协议"}, effective_on=str(world.today), obligations=signed
    )

    parcel = world.send("clerk-lin", "GET", f"/v1/cases/{case_id}/parcels/{action}")

    assert [entry["amount"] for entry in parcel.json()["obligations"]] == ["11111.11"]
    assert UNSIGNED not in parcel.text
    assert WORDS not in parcel.text


def test_a_remark_made_while_leaving_mediation_stays_at_the_table(talks: Talks) -> None:
    talk(talks)
    talks.world.take(talks.id, "withdraw", "mediator-zhou", asked_by=talks.worker, note=REMARK, late_reason=REMARK)

    told = {
        who: talks.world.send(who, "GET", f"{talks.path}/history?limit=200").text.count(REMARK)
        for who in ("clerk-lin", "mediator-zhou", "officer-xu", "supervisor-tang", "auditor-feng", "employer-wang")
    }

    assert {who for who, found in told.items() if found} == {"clerk-lin", "mediator-zhou"}


@pytest.mark.parametrize("label", ["欧阳标记", "service:欧阳标记", "a b", "x.y", ""])
def test_a_side_matter_is_not_labelled_with_a_name(talks: Talks, label: str) -> None:
    given = {"instance": label, "method": "post", "sent_on": f"{talks.world.today}T09:30:00+08:00"}
    version = talks.world.case(talks.id).version

    taken = talks.world.send(
        "clerk-lin", "POST", f"{talks.path}/steps/send", json=given, headers={"If-Match": f'"{version}"'}
    )
    simulated = talks.world.send(
        "clerk-lin", "POST", f"{talks.path}/simulation", json={"steps": [{"action": "send", "instance": label}]}
    )

    assert (taken.status_code, simulated.status_code) == (422, 422)
    assert {error["code"] for error in taken.json()["errors"]} == {"instance_format"}
    assert "欧阳标记" not in taken.text + json.dumps(simulated.json(), ensure_ascii=False)


def test_an_adviser_signs_no_fact_for_the_other_side(talks: Talks) -> None:
    fact = talks.post("volunteer-he", "undisputed-facts", text="公司欠薪五万元")["id"]
    path, day = f"{talks.path}/undisputed-facts/{fact}/signatures", str(talks.world.today)

    signed = [
        talks.world.send("volunteer-he", "POST", path, json={"party_id": party, "signed_on": day}).status_code
        for party in (talks.worker, talks.employer)
    ]

    assert signed == [201, 403]
    assert talks.shown_to("supervisor-tang", "undisputed-facts") == []


@pytest.mark.parametrize(("subject", "refusal"), [("supervisor-tang", 409), ("officer-xu", 403)])
def test_who_watches_over_a_case_gives_themselves_no_part_in_it(talks: Talks, subject: str, refusal: int) -> None:
    talk(talks)
    me, day = person(subject).id, str(talks.world.today)
    aid: dict[str, Any] = {
        "scheme": "union",
        "requested_on": day,
        "form": {"reference": "申请表"},
        "means_exempt": True,
    }
    talks.world.take(talks.id, "request_aid", matters=["mediation"], **aid)
    talks.world.take(talks.id, "grant_aid", "officer-xu", decided_on=day)

    assigned = [
        talks.world.send(subject, "POST", f"{talks.path}/assignments", json={"person_id": me, "role": role})
        for role in ("volunteer", "agent")
    ]
    with pytest.raises(InvalidInputError) as found:
        talks.world.take(talks.id, "assign_aid", subject, person=me, assigned_on=day)

    assert [answer.status_code for answer in assigned] == [refusal, refusal]
    assert [(error.pointer, error.code) for error in found.value.errors] == [("/person", "assigns_oneself")]
    assert talks.world.send(subject, "GET", f"{talks.path}/offers").status_code == 403


@pytest.mark.parametrize("asked", [{"phone": "13800000000"}, {"resident_id": "11010519491231002X"}])
def test_a_party_finds_out_no_number_of_the_other_side_by_trying(talks: Talks, asked: dict[str, str]) -> None:
    found = {
        who: len(talks.world.send(who, "POST", "/v1/case-lookups", json=asked).json()["items"])
        for who in ("employer-wang", "worker-zhang", "auditor-feng", "clerk-lin", "volunteer-he")
    }

    assert found == {"employer-wang": 0, "worker-zhang": 0, "auditor-feng": 0, "clerk-lin": 1, "volunteer-he": 1}


def test_the_paper_behind_a_word_of_the_mediator_stays_with_the_papers_of_the_session(talks: Talks) -> None:
    stated = [{**entry, "evidence": REMARK} for entry in attested("hold_session")]
    present = [talks.worker, talks.employer]
    talks.world.take(
        talks.id, "hold_session", "mediator-zhou", session_on=f"{talks.world.today}T09:30:00+08:00",
        mode="in_person", present=present, record={"reference": "笔录"}, attestations=stated,
    )  # fmt: skip

    told = {
        who: [REMARK in talks.world.send(who, "GET", talks.path + tail).text for tail in ("", "/history?limit=200")]
        for who in ("clerk-lin", "volunteer-he", "officer-xu", "supervisor-tang", "auditor-feng", "employer-wang")
    }

    assert {who for who, found in told.items() if any(found)} == {"clerk-lin", "volunteer-he"}
    assert told["clerk-lin"] == [True, True]


@pytest.mark.parametrize(("path", "day"), [("/v1/tasks", date(2026, 7, 20)), ("/v1/reminders", date(2026, 7, 3))])
def test_the_work_of_the_house_is_on_no_list_of_a_party(talks: Talks, path: str, day: date) -> None:
    talk(talks)
    talks.world.run_due(day)
    talks.world.write(reminders.remind, day)

    found = {
        who: bool(talks.world.send(who, "GET", f"{path}?scope=me").json()["items"])
        for who in ("worker-zhang", "employer-wang", "volunteer-he", "mediator-zhou")
    }

    assert found == {"worker-zhang": False, "employer-wang": False, "volunteer-he": True, "mediator-zhou": True}

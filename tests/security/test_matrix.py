"""Role × relation × operation × class of data: what is seen of one case with a mark in each class, by everybody."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
from tests.databases import Templates
from tests.security.attack import OPENAPI, Asked, ask, filled
from tests.services.world import World, accept, open_world, party_ids, party_of

from mediation import worker
from mediation.demo.people import organization, person

WORKER: Final = "张来福"
COURT_NO: Final = "(2026)云0101诉前调7号"
BASIS, REASON, EVIDENCE, LIMIT = "个请求依据", "个申请理由", "个证据页", "个催款函"
OFFER, REMARK, RECORD = "密延期缘由", "密会谈备注", "密调解笔录"
WAGE, MASKED, SEAT, ALERT = "7654.32", "138****5678", "339901", '"alerted"'

CONFIDENTIAL: Final = frozenset({OFFER, REMARK, RECORD})
WRITTEN: Final = frozenset({REASON, EVIDENCE, LIMIT})
OF_THE_WORKER: Final = frozenset({BASIS, MASKED})
MARKS: Final = CONFIDENTIAL | WRITTEN | OF_THE_WORKER | {WORKER, COURT_NO, WAGE, SEAT, ALERT}

TEAM: Final = MARKS
ABOVE: Final = MARKS - CONFIDENTIAL
MAY_SEE: Final = {
    "clerk-lin": TEAM,
    "mediator-zhou": TEAM,
    "volunteer-he": TEAM,
    "supervisor-tang": ABOVE,
    "officer-xu": ABOVE,
    "supervisor-yan": ABOVE,
    "officer-cen": ABOVE,
    "auditor-feng": frozenset({COURT_NO, SEAT, ALERT}),
    "worker-zhang": OF_THE_WORKER | {WORKER, WAGE, COURT_NO, SEAT},
    "employer-wang": frozenset({WORKER, COURT_NO, SEAT}),
    "court-gao": OF_THE_WORKER | {WORKER, COURT_NO, EVIDENCE},
    "inspection-luo": OF_THE_WORKER | {WORKER},
}
"""Everybody to whom the case is visible, with every mark they come to see in all that they may read."""
SEE_NOTHING: Final = (
    "mediator-chen", "volunteer-jiang", "clerk-mu", "clerk-fang", "mediator-wu", "supervisor-meng", "officer-yu",
    "admin-qian",
    "security-qi", "court-ding", "court-hou", "arbitration-shen", "inspection-bi", "supervisor-lei", "worker-tian",
)  # fmt: skip
LIAISONS: Final = frozenset({"court-gao", "inspection-luo"})
AT_THE_TABLE: Final = frozenset({"clerk-lin", "mediator-zhou", "volunteer-he"})
FORBIDDEN: Final = {
    "/v1/cases/{case_id}/offers": MAY_SEE.keys() - AT_THE_TABLE,
    "/v1/cases/{case_id}/party-messages": MAY_SEE.keys() - AT_THE_TABLE,
    "/v1/cases/{case_id}/parties/{party_id}/access-links": MAY_SEE.keys() - {"clerk-lin", "mediator-zhou"},
    "/v1/cases/{case_id}/undisputed-facts": frozenset({"auditor-feng"}),
    "/v1/cases/{case_id}/parcels/{action}": LIAISONS | {"auditor-feng", "worker-zhang", "employer-wang"},
    "/v1/cases/{case_id}/consents": LIAISONS,
    "/v1/cases/{case_id}/sharing-records": LIAISONS,
    "/v1/cases/{case_id}/data-requests": LIAISONS,
    "/v1/cases/{case_id}/history/verification": LIAISONS,
    "/v1/cases/{case_id}/limitation": LIAISONS,
    "/v1/cases/{case_id}/history/export": LIAISONS | {"worker-zhang", "employer-wang", "auditor-feng"},
    "/v1/cases/{case_id}/parties/{party_id}/data-export": MAY_SEE.keys() - AT_THE_TABLE - {"worker-zhang"},
    "/v1/cases/{case_id}/employment": LIAISONS | {"auditor-feng", "employer-wang"},
    "/v1/cases/{case_id}/claims/{claim_id}/computation": LIAISONS | {"auditor-feng", "employer-wang"},
}
"""What is never for some who see the case."""
FOR_WHO_HAS_A_PART: Final = frozenset(
    {
        "/v1/cases/{case_id}/offers",
        "/v1/cases/{case_id}/party-messages",
        "/v1/cases/{case_id}/consents",
        "/v1/cases/{case_id}/sharing-records",
        "/v1/cases/{case_id}/data-requests",
        "/v1/cases/{case_id}/parties/{party_id}/access-links",
        "/v1/cases/{case_id}/parcels/{action}",
        "/v1/cases/{case_id}/history/export",
        "/v1/cases/{case_id}/parties/{party_id}/data-export",
    }
)
"""What asks for a role, which nobody has by a grant."""
OTHERWISE: Final = {
    "/v1/cases/{case_id}/claims/{claim_id}/computation": 404,  # none was made
}
LISTS: Final = {
    "clerk-lin": "organization",
    "mediator-zhou": "me",
    "volunteer-he": "me",
    "supervisor-tang": "below",
    "officer-xu": "below",
    "supervisor-yan": "below",
    "officer-cen": "below",
    "auditor-feng": "below",
    "worker-zhang": "me",
    "employer-wang": "me",
    "court-gao": "sent",
    "inspection-luo": "sent",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A world and its marked case, mediated in vain and then sent to a court and to an office."""

    world: World
    case_id: str
    known: dict[str, str]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scene(
    request: pytest.FixtureRequest, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """Build the case once on each kind of database."""
    with ExitStack() as opened:
        if request.param == "sqlite":
            url = templates.sqlite(tmp_path_factory.mktemp("matrix"))
        else:
            url = opened.enter_context(templates.postgresql())
        yield told_case(opened.enter_context(open_world(url)))


def told_case(world: World) -> Scene:
    day = world.today.isoformat()
    parties = [
        party_of("worker", WORKER, person_id=person("worker-zhang").id, phone="13812345678"),
        party_of("employer", "某厂", person_id=person("employer-wang").id),
    ]
    claims = [{"code": "unpaid_wages", "amount": "24000.00", "basis": BASIS}]
    case = world.create(parties=parties, claims=claims, reason=REASON, summary=None, employer_seat=SEAT)
    case_id, known = case["id"], {"party_id": case["parties"][0]["id"], "claim_id": case["claims"][0]["id"]}
    path = f"/v1/cases/{case_id}"
    act = {"kind": "assertion", "day": "2026-06-01", "claims": [known["claim_id"]], "evidence": LIMIT}
    made = world.send("clerk-lin", "POST", f"{path}/limitation-acts", json=act)
    assert made.status_code == 201, made.text
    volunteer = {"person_id": person("volunteer-he").id, "role": "volunteer"}
    assert world.send("clerk-lin", "POST", f"{path}/assignments", json=volunteer).status_code == 201
    wages = {"party_id": known["party_id"], "monthly_wage": WAGE}
    match = {"If-Match": f'"{world.case(case_id).version}"'}
    put = world.send("clerk-lin", "PUT", f"{path}/employment", json=wages, headers=match)
    assert put.status_code == 200, put.text
    accept(world, case_id)
    world.take(case_id, "assign_mediator", mediator=person("mediator-zhou").id)
    world.take(
        case_id, "hold_session", "mediator-zhou", session_on=f"{day}T09:30:00+08:00", mode="in_person", note=REMARK,
        present=list(party_ids(case)), record={"reference": RECORD},
    )  # fmt: skip
    consents = [{"party": key, "date": day, "form": "written"} for key in party_ids(case)]
    world.take(case_id, "extend", "mediator-zhou", new_end="2026-07-10", consents=consents, reason=OFFER)
    world.take(case_id, "escalate_violence", level="red", kind="violence", reported_to=[organization("yunxi-union").id])
    world.take(case_id, "fail", "mediator-zhou", reason="wide_gap")
    office = organization("yunxi-inspection").id
    world.take(case_id, "hand_over_inspection", office=office, sent_on=day, matter="wage_arrears")
    told = [{"guard": "applicant_told_of_arbitration_first", "evidence": EVIDENCE}]
    world.take(
        case_id, "request_court_mediation", attestations=told, court=organization("yunxi-court").id, applied_on=day,
        online=False, court_route_basis="advisory_no_arbitration_yet",
    )  # fmt: skip
    world.take(
        case_id, "court_dispatch_in", "court-gao", court_no=COURT_NO, pretrial_venue="court_prefiling_dispatch",
        court_route_basis="advisory_no_arbitration_yet", dispatch_received_on=day,
    )  # fmt: skip
    return Scene(world, case_id, {"case_id": case_id, "action": "file", **known})


def of_a_case(*methods: str) -> list[tuple[str, str]]:
    """Every described operation on one case, but for the steps, which follow the table."""
    return [
        (method.upper(), path)
        for path, described in OPENAPI["paths"].items()
        for method in described
        if method.upper() in methods and path.startswith("/v1/cases/{case_id}") and "/steps/" not in path
    ]


READS: Final = of_a_case("GET")
WRITES: Final = of_a_case("POST", "PATCH", "PUT", "DELETE")


def marks_in(text: str) -> frozenset[str]:
    return frozenset(mark for mark in MARKS if mark in text)


def read_all(scene: Scene, who: str) -> dict[str, Any]:
    requests: list[Asked] = [(who, method, filled(path, **scene.known), {}) for method, path in READS]
    return dict(zip([path for _, path in READS], ask(scene.world, requests), strict=True))


@pytest.mark.parametrize("who", SEE_NOTHING)
def test_who_does_not_see_the_case_is_told_of_nothing_by_any_operation(scene: Scene, who: str) -> None:
    empty: dict[str, Any] = {"json": {}, "headers": {"If-Match": '"1"'}}
    requests: list[Asked] = [(who, method, filled(path, **scene.known), empty) for method, path in WRITES]

    reads = read_all(scene, who)
    writes = ask(scene.world, requests)

    assert {path: answer.status_code for path, answer in reads.items()} == dict.fromkeys(reads, 404)
    assert {answer.status_code for answer in writes} <= {404, 422}
    assert marks_in("".join(answer.text for answer in [*reads.values(), *writes])) == frozenset()


@pytest.mark.parametrize("who", MAY_SEE)
def test_who_sees_the_case_reads_up_to_their_ceiling_and_all_of_that(scene: Scene, who: str) -> None:
    answers = read_all(scene, who)

    expected = {path: 403 if who in FORBIDDEN.get(path, ()) else 200 for path in answers}
    expected |= {path: OTHERWISE[path] for path, status in expected.items() if path in OTHERWISE and status == 200}
    assert {path: answer.status_code for path, answer in answers.items()} == expected
    assert marks_in("".join(answer.text for answer in answers.values())) == MAY_SEE[who]


@pytest.mark.parametrize("who", MAY_SEE)
def test_no_refusal_and_no_answer_to_a_write_says_more_than_a_reading(scene: Scene, who: str) -> None:
    empty: dict[str, Any] = {"json": {}, "headers": {"If-Match": '"1"'}}
    requests: list[Asked] = [(who, method, filled(path, **scene.known), empty) for method, path in WRITES]

    answers = ask(scene.world, requests)

    assert {answer.status_code for answer in answers} <= {200, 403, 404, 409, 412, 422}
    assert marks_in("".join(answer.text for answer in answers)) <= MAY_SEE[who]


@pytest.mark.parametrize("who", MAY_SEE)
def test_a_list_says_no_more_than_the_case(scene: Scene, who: str) -> None:
    answer = ask(scene.world, [(who, "GET", f"/v1/cases?scope={LISTS[who]}", {})])[0]

    (item,) = [item for item in answer.json()["items"] if item["id"] == scene.case_id]
    assert marks_in(answer.text) <= MAY_SEE[who]
    assert (item["applicants"] is not None) == (WORKER in MAY_SEE[who])
    assert (item["has_risk"] is not None) == (ALERT in MAY_SEE[who])


@pytest.mark.parametrize("who", MAY_SEE)
def test_the_case_as_it_stood_says_no_more_than_the_case_as_it_stands(scene: Scene, who: str) -> None:
    path = f"/v1/cases/{scene.case_id}"

    then, now = ask(scene.world, [(who, "GET", f"{path}?as_of={scene.world.today}", {}), (who, "GET", path, {})])

    assert then.status_code == 200
    assert marks_in(then.text) == marks_in(now.text)
    assert then.json()["withheld"] == now.json()["withheld"]


@pytest.mark.parametrize("who", MAY_SEE)
def test_what_is_explained_is_what_is_shown(scene: Scene, who: str) -> None:
    path = f"/v1/access/explain?case_id={scene.case_id}"

    explained, shown = ask(scene.world, [(who, "GET", path, {}), (who, "GET", f"/v1/cases/{scene.case_id}", {})])

    (relation,) = explained.json()["relations"]
    assert sorted(one["role"] for one in relation["roles"]) == shown.json()["roles"]
    assert relation["withheld"] == shown.json()["withheld"]
    assert marks_in(explained.text) == frozenset()


@pytest.mark.parametrize("who", sorted(LIAISONS))
def test_nothing_of_the_history_before_the_dispatch_is_told(scene: Scene, who: str) -> None:
    text = "".join(answer.text for answer in read_all(scene, who).values())

    before = [
        person("mediator-zhou").id, person("volunteer-he").id, person("clerk-lin").id + '","role', "ask_consent",
        "hold_session", "org_mediation", "mediation_failed", '"consented_on":"', "D_ORG_MEDIATE", "wide_gap",
        'migrant_worker":true',
    ]  # fmt: skip
    assert [name for name in before if name in text] == []


def test_each_body_reads_of_its_own_dispatch_and_what_it_takes_part_in(scene: Scene) -> None:
    found = {
        who: [entry["action"] for entry in read_all(scene, who)["/v1/cases/{case_id}/history"].json()["items"]]
        for who in sorted(LIAISONS)
    }

    assert found == {
        "court-gao": ["request_court_mediation", "court_dispatch_in"],
        "inspection-luo": ["hand_over_inspection"],
    }


def test_who_was_granted_upon_request_reads_up_to_personal_data_and_only_while_it_runs(scene: Scene) -> None:
    who, world = "mediator-bai", scene.world
    body = {"case_number": world.case(scene.case_id).number, "purpose": "same_worker", "reason": "另案"}
    path = f"/v1/access-requests/{world.send(who, 'POST', '/v1/access-requests', json=body).json()['id']}"
    worker.deliver_access_requests(world.database, world.clock)
    before = read_all(scene, who)
    until = (world.clock.now() + timedelta(days=1)).isoformat()
    assert world.send("supervisor-tang", "POST", f"{path}/grant", json={"until": until}).status_code == 201

    during = read_all(scene, who)

    assert world.send(who, "DELETE", f"{path}/grant").status_code == 200
    after = read_all(scene, who)
    expected = {path: 403 if path in FOR_WHO_HAS_A_PART else 200 for path in during}
    expected |= {path: OTHERWISE[path] for path, status in expected.items() if path in OTHERWISE and status == 200}
    assert {path: answer.status_code for path, answer in during.items()} == expected
    assert marks_in("".join(answer.text for answer in during.values())) == ABOVE - {ALERT}
    assert {answer.status_code for answer in [*before.values(), *after.values()]} == {404}


def test_a_filter_by_what_a_list_does_not_show_is_refused(scene: Scene) -> None:
    asked: list[Asked] = [
        ("court-gao", "GET", "/v1/cases?scope=sent&flags=risk", {}),
        ("court-gao", "GET", "/v1/cases?scope=sent&state=mediation_failed", {}),
        ("court-gao", "GET", "/v1/cases?scope=sent&state=court_mediation_in_progress", {}),
        ("court-gao", "GET", "/v1/cases?scope=sent&flags=provisional", {}),
        ("court-gao", "GET", "/v1/cases?scope=sent&deadline_before=2030-01-01", {}),
        ("court-gao", "GET", "/v1/cases?scope=sent&is_open=false", {}),
        ("worker-zhang", "GET", "/v1/cases?scope=me&flags=risk", {}),
    ]

    answers = ask(scene.world, asked)

    assert [answer.status_code for answer in answers] == [403] * len(asked)


@pytest.mark.parametrize("who", ["auditor-feng", "court-gao", "inspection-luo", "worker-tian"])
def test_a_person_is_not_looked_up_above_the_ceiling(scene: Scene, who: str) -> None:
    asked: list[Asked] = [
        (who, "POST", "/v1/case-lookups", {"json": given})
        for given in ({"phone": "13812345678"}, {"name_prefix": "张"}, {"name_prefix": "某"})
    ]

    found = ask(scene.world, asked)

    assert [(answer.status_code, answer.json().get("items")) for answer in found] == [(200, [])] * 3


def test_the_matrix_has_its_size() -> None:
    cells = (len(MAY_SEE) + len(SEE_NOTHING)) * (len(READS) + len(WRITES)) * len(MARKS)

    assert len(READS) >= 8
    assert len(WRITES) >= 12
    assert cells >= 6000, json.dumps({"reads": len(READS), "writes": len(WRITES), "marks": len(MARKS)})

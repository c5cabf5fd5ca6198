"""Attacks on identity and the one policy: who left, who is a party, who watches, and who guesses."""

import asyncio
import json
import random
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.security.attack import UNKNOWN
from tests.security.told_in_talks import MARKS, Talks, in_talks, talk
from tests.services.test_representation import change
from tests.services.world import CENTRE, TODAY, WORKER, World, accept, attested, new_case, party_ids, party_of, triage

from mediation import worker
from mediation.api.representations import render_case
from mediation.demo.people import organization, person
from mediation.domain.errors import BlockedError, InvalidInputError, Refusal
from mediation.domain.procedure import PROCEDURE
from mediation.gateways.issuer_keys import parse_keys
from mediation.gateways.tokens import DemoIssuer, FetchedKeys, TokenError, Verifier
from mediation.services import steps
from mediation.services.requests import StepRequest

DAY = timedelta(days=1)
COURT = organization("yunxi-court").id


def status(world: World, who: str, case_id: str, tail: str = "", **headers: str) -> int:
    return world.send(who, "GET", f"/v1/cases/{case_id}{tail}", headers=headers).status_code


def listed(world: World, who: str, path: str = "cases", scope: str = "me") -> list[str]:
    answer = world.send(who, "GET", f"/v1/{path}?scope={scope}")
    return [item.get("case_id", item["id"]) for item in answer.json()["items"]] if answer.status_code == 200 else []


def leave(world: World, who: str, until: date = TODAY) -> None:
    """End every membership of somebody as of a day."""
    change(world, "update memberships set until = :day where person_id = :id", day=str(until), id=person(who).id)


def enrol(world: World, who: str, body: str) -> None:
    """Make somebody a clerk of a body, whatever else they are."""
    sql = "insert into memberships (id, person_id, organization_id, roles, since) values (:id, :p, :o, :r, :s)"
    change(world, sql, id=UNKNOWN, p=person(who).id, o=body, r='["clerk"]', s="2020-01-01")


def assign(world: World, case_id: str, whom: str, role: str = "volunteer", by: str = "clerk-lin") -> httpx.Response:
    body = {"person_id": person(whom).id, "role": role}
    return world.send(by, "POST", f"/v1/cases/{case_id}/assignments", json=body)


def with_accounts(world: World) -> dict[str, Any]:
    parties = [
        party_of("worker", "张来福", person_id=person("worker-zhang").id),
        party_of("employer", "某厂", person_id=person("employer-wang").id),
    ]
    return world.create(parties=parties)


# --- who left ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["volunteer-he", "mediator-zhou", "clerk-lin", "court-gao", "mediator-chen"])
def test_who_left_every_body_sees_no_case_they_worked_on_or_wrote_down(world: World, who: str) -> None:
    case_id = with_accounts(world)["id"]
    assign(world, case_id, "volunteer-he")
    accept(world, case_id)
    world.take(case_id, "assign_mediator", mediator=person("mediator-zhou").id)
    written = {
        name: world.send(name, "POST", "/v1/cases", json=new_case(submit=False, organization_id=CENTRE)).json()["id"]
        for name in ("clerk-lin", "court-gao", "mediator-chen")
    }
    mine = written.get(who, case_id)
    before = status(world, who, mine)

    leave(world, who)

    assert before == 200
    assert [status(world, who, mine, tail) for tail in ("", "/history", "/steps", "/deadlines")] == [404] * 4
    assert listed(world, who) == []
    assert listed(world, who, "tasks") == []
    found = world.send(who, "POST", "/v1/case-lookups", json={"name_prefix": WORKER[:2]})
    assert found.json().get("items", []) == []


@pytest.mark.parametrize("who", ["mediator-zhou", "volunteer-he"])
def test_who_went_over_to_a_court_takes_no_case_along(world: World, who: str) -> None:
    talks = in_talks(world)
    talk(talks)
    row = {"o": COURT, "r": '["court_liaison"]', "id": person(who).id}
    change(world, "update memberships set organization_id = :o, roles = :r where person_id = :id", **row)

    assert [status(world, who, talks.id, tail) for tail in ("", "/history", "/offers")] == [404] * 3
    assert listed(world, who) == []


def test_who_left_and_is_a_party_still_sees_their_own_case(world: World) -> None:
    parties = [party_of("worker", "何苇舟", person_id=person("volunteer-he").id), party_of("employer", "某厂")]
    own, other = world.create(parties=parties)["id"], world.create()["id"]
    assign(world, other, "volunteer-he")

    leave(world, "volunteer-he")

    assert (status(world, "volunteer-he", own), status(world, "volunteer-he", other)) == (200, 404)
    assert listed(world, "volunteer-he") == [own]


@pytest.mark.parametrize(("since", "until", "seen"), [(-9, 1, 200), (-9, 0, 404), (1, 9, 404), (0, 9, 200)])
def test_an_assignment_counts_on_the_days_of_the_membership_alone(
    world: World, since: int, until: int, seen: int
) -> None:
    case_id = world.create()["id"]
    assign(world, case_id, "volunteer-he")
    sql = "update memberships set since = :since, until = :until where person_id = :id"
    days = {"since": str(TODAY + since * DAY), "until": str(TODAY + until * DAY)}
    change(world, sql, **days, id=person("volunteer-he").id)

    assert status(world, "volunteer-he", case_id) == seen


def test_a_liaison_who_handed_a_case_over_sees_it_as_a_liaison_whatever_they_act_as(world: World) -> None:
    made = world.send("court-gao", "POST", "/v1/cases", json=new_case(submit=False, organization_id=CENTRE)).json()
    enrol(world, "court-gao", organization("linjiang-centre").id)

    as_clerk = status(world, "court-gao", made["id"], **{"Mediation-Acting-As": organization("linjiang-centre").id})
    as_court = status(world, "court-gao", made["id"], **{"Mediation-Acting-As": COURT})

    assert (as_clerk, as_court) == (404, 200)


# --- parties ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["tasks", "reminders"])
@pytest.mark.parametrize("who", ["worker-zhang", "employer-wang"])
def test_a_party_lists_no_tasks_and_no_reminders_of_the_house(world: World, who: str, path: str) -> None:
    case_id = with_accounts(world)["id"]
    accept(world, case_id)
    world.run_due(TODAY + (20 if path == "tasks" else 12) * DAY)
    worker.remind(world.database, world.clock)
    assert listed(world, "clerk-lin", path, "organization")

    assert world.send(who, "GET", f"/v1/{path}?scope=me").json().get("items", []) == []


def test_a_party_looks_nobody_up_by_telephone_or_identity_number(world: World) -> None:
    with_accounts(world)
    asked = [{"phone": "13800000000"}, {"resident_id": "11010519491231002X"}]

    found = [world.send("employer-wang", "POST", "/v1/case-lookups", json=body).json() for body in asked]

    assert [one.get("items", []) for one in found] == [[], []]


@pytest.mark.parametrize("who", ["volunteer-he", "mediator-zhou", "clerk-lin"])
def test_nobody_of_the_house_makes_themselves_a_party(world: World, who: str) -> None:
    case_id = world.create()["id"]
    assign(world, case_id, "volunteer-he")
    accept(world, case_id)
    world.take(case_id, "assign_mediator", mediator=person("mediator-zhou").id)
    worker = next(p for p in world.case(case_id).parties.values() if p.side == "worker")

    answer = world.send(
        who, "PATCH", f"/v1/cases/{case_id}/parties/{worker.id}", headers={"If-Match": f'"{worker.version}"'},
        json={"person_id": person(who).id},
    )  # fmt: skip

    assert answer.status_code in {403, 409, 422}, answer.text


def test_nobody_of_the_house_joins_a_case_as_a_party(world: World) -> None:
    case_id = world.create()["id"]
    accept(world, case_id)
    world.take(case_id, "assign_mediator", mediator=person("mediator-zhou").id)
    joining = {"kind": "worker", "name": "周牧云", "person_id": person("mediator-zhou").id}

    with pytest.raises((InvalidInputError, BlockedError)) as refused:
        world.take(
            case_id, "join_party", "mediator-zhou", party=joining, role="third_party", ground="interest_in_result"
        )

    assert "/party/person_id" in str(getattr(refused.value, "errors", refused.value))


def test_a_party_that_left_does_not_come_back_by_a_correction(world: World) -> None:
    case_id = with_accounts(world)["id"]
    triage(world, case_id)
    employer = next(p for p in world.case(case_id).parties.values() if p.side == "employer")
    change(world, "update parties set status = 'left' where id = :id", id=employer.id)
    change(world, "delete from case_scope where scope_id = :s", s=f"p:{person('employer-wang').id}")

    world.send(
        "clerk-lin", "PATCH", f"/v1/cases/{case_id}/parties/{employer.id}",
        headers={"If-Match": f'"{employer.version}"'}, json={"person_id": person("employer-wang").id},
    )  # fmt: skip

    assert status(world, "employer-wang", case_id) == 404


# --- who watches ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["supervisor-tang", "officer-xu"])
@pytest.mark.parametrize("role", ["volunteer", "agent"])
def test_nobody_gives_themselves_a_part_that_hears_more_than_they_do(world: World, who: str, role: str) -> None:
    talks = in_talks(world)
    talk(talks)

    made = assign(world, talks.id, who, role, by=who)

    assert made.status_code in {403, 409}, made.text
    history = world.send(who, "GET", f"{talks.path}/history").text
    assert not {mark for mark in MARKS if mark in history}


@pytest.mark.parametrize("whom", ["employer-wang", "court-gao", "mediator-zhou"])
def test_a_part_is_given_to_nobody_who_stands_elsewhere_in_the_case(world: World, whom: str) -> None:
    talks: Talks = in_talks(world)

    made = assign(world, talks.id, whom)

    assert made.status_code in {403, 409, 422}, made.text


# --- bodies it was sent to ----------------------------------------------------------------------------------------


def test_a_court_no_longer_sees_a_case_whose_sending_was_taken_back(world: World) -> None:
    case_id = world.create()["id"]
    triage(world, case_id, route_wanted="court")
    world.take(
        case_id, "request_court_mediation", court=COURT, applied_on=str(world.today), online=False,
        court_route_basis="advisory_no_arbitration_yet",
    )  # fmt: skip
    entry = world.rows("select id from history where case_id = :c order by sequence desc limit 1", c=case_id)[0]["id"]
    before = status(world, "court-gao", case_id), listed(world, "court-gao", scope="sent")

    world.take(case_id, "void_last_step", "supervisor-tang", step=entry, why="填错法院")

    assert before == (200, [case_id])
    assert status(world, "court-gao", case_id) == 404
    assert listed(world, "court-gao", scope="sent") == []


# --- keys and headers ---------------------------------------------------------------------------------------------


def test_a_list_is_the_same_under_the_name_of_the_membership(world: World) -> None:
    case_id = world.create()["id"]
    (row,) = world.rows("select id from memberships where person_id = :id", id=person("clerk-lin").id)
    paths = ["/v1/cases?scope=organization", f"/v1/cases/{case_id}"]

    headers = [{"Mediation-Acting-As": key} for key in (CENTRE, row["id"])]
    found = [[world.send("clerk-lin", "GET", path, headers=h).json() for path in paths] for h in headers]

    assert found[0] == found[1]


def test_a_body_that_was_closed_is_still_kept_by_who_keeps_the_one_above(world: World) -> None:
    case_id = world.create()["id"]
    (row,) = world.rows("select id from memberships where person_id = :id", id=person("clerk-lin").id)
    path = f"/v1/organizations/{CENTRE}"
    until = (world.clock.now() + timedelta(hours=24)).isoformat(timespec="seconds")
    body = {"purpose": "complaint", "reason": "投诉", "until": until}

    closed = world.send("admin-qian", "PATCH", path, headers={"If-Match": '"1"'}, json={"is_active": False})
    ended = world.send("admin-qian", "DELETE", f"/v1/people/{person('clerk-lin').id}/memberships/{row['id']}")
    glass = world.send("supervisor-tang", "POST", f"/v1/cases/{case_id}/break-glass", json=body)
    opened = world.send("admin-qian", "PATCH", path, headers={"If-Match": '"2"'}, json={"is_active": True})

    found = [answer.status_code for answer in (closed, ended, glass, opened)]
    assert found == [200, 200, 201, 200]


def test_a_closed_body_is_given_no_case(world: World) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)
    world.send(
        "admin-qian", "PATCH", f"/v1/organizations/{organization('linjiang-centre').id}",
        headers={"If-Match": '"1"'}, json={"is_active": False},
    ).raise_for_status()  # fmt: skip

    with pytest.raises(InvalidInputError):
        world.take(case_id, "reassign_organization", organization=organization("linjiang-centre").id, why="管辖")


# --- explain ------------------------------------------------------------------------------------------------------

EVERYBODY = (
    "clerk-lin", "clerk-fang", "mediator-zhou", "mediator-chen", "volunteer-he", "volunteer-jiang", "officer-xu",
    "officer-cen", "supervisor-tang", "supervisor-meng", "supervisor-yan", "auditor-feng", "admin-qian", "court-gao",
    "court-ding", "arbitration-shen", "inspection-luo", "worker-zhang", "worker-tian", "employer-wang",
)  # fmt: skip


def test_what_is_explained_of_a_person_is_what_that_person_meets(world: World) -> None:
    talks = in_talks(world)
    talk(talks)
    leave(world, "volunteer-he")

    for who in EVERYBODY:
        path = f"/v1/access/explain?case_id={talks.id}"
        told = world.send("supervisor-tang", "GET", f"{path}&person_id={person(who).id}").json()
        own = world.send(who, "GET", path)
        read = world.send(who, "GET", f"/v1/cases/{talks.id}/steps")
        assert told["sees_the_case"] == (own.status_code == 200) == (read.status_code == 200), who
        if read.status_code == 200:
            assert told["relations"] == own.json()["relations"], who
            opened = {step["action"] for step in read.json()["open_steps"]}
            assert {step["action"] for step in told["relations"][0]["steps"]} == opened, who


def test_nobody_learns_of_a_person_or_a_role_by_asking_to_have_it_explained(world: World) -> None:
    case_id = world.create()["id"]
    asked = [f"&person_id={person('clerk-fang').id}", f"&person_id={UNKNOWN}", "&role=clerk"]

    for who, code in (("clerk-lin", 403), ("worker-zhang", 404), ("admin-qian", 404)):
        found = [world.send(who, "GET", f"/v1/access/explain?case_id={case_id}{more}").status_code for more in asked]
        assert found == [code] * 3


# --- opponents, systems, hands --------------------------------------------------------------------------------------


def draft_with_accounts(world: World) -> dict[str, Any]:
    parties = [
        party_of("worker", "张来福", person_id=person("worker-zhang").id),
        party_of("employer", "某厂", person_id=person("employer-wang").id),
    ]
    return world.create(parties=parties, submit=False)


def test_an_opponent_changes_nothing_of_what_the_applicant_asks_for(world: World) -> None:
    case = draft_with_accounts(world)
    path = f"/v1/cases/{case['id']}"
    claim = next(iter(world.case(case["id"]).claims.values()))
    before = world.case(case["id"])
    asked: list[tuple[str, str, dict[str, Any]]] = [
        (
            "PATCH",
            path,
            {"headers": {"If-Match": f'"{case["version"]}"'}, "json": {"urgent": False, "summary": "无纠纷"}},
        ),
        ("POST", f"{path}/claims", {"json": {"code": "unpaid_wages", "amount": "1.00"}}),
        ("PATCH", f"{path}/claims/{claim.id}", {"headers": {"If-Match": '"1"'}, "json": {"amount": "1.00"}}),
        ("POST", f"{path}/parties", {"json": party_of("worker", "李四")}),
    ]

    found = [world.send("employer-wang", method, where, **content).status_code for method, where, content in asked]

    assert found == [403] * 4
    assert world.case(case["id"]) == before


def test_a_party_changes_nothing_of_a_case_that_was_registered(world: World) -> None:
    case_id = with_accounts(world)["id"]
    version = world.case(case_id).version

    found = [
        world.send(
            who, "PATCH", f"/v1/cases/{case_id}", headers={"If-Match": f'"{version}"'},
            json={"migrant_worker": False, "employer_seat": "330106"},
        ).status_code
        for who in ("employer-wang", "worker-zhang")
    ]  # fmt: skip

    assert found == [403, 403]


def test_an_applicant_still_corrects_their_own_draft(world: World) -> None:
    case = draft_with_accounts(world)
    path = f"/v1/cases/{case['id']}"
    claim = next(iter(world.case(case["id"]).claims.values()))

    changed = world.send(
        "worker-zhang", "PATCH", f"{path}/claims/{claim.id}", headers={"If-Match": '"1"'}, json={"amount": "1.00"}
    )
    amended = world.send(
        "worker-zhang",
        "PATCH",
        path,
        headers={"If-Match": f'"{world.case(case["id"]).version}"'},
        json={"urgent": True},
    )

    assert (changed.status_code, amended.status_code) == (200, 200)


def test_a_system_is_never_given_a_part_by_what_it_writes_down(world: World) -> None:
    body = {"organization_id": CENTRE, "name": "受理系统", "roles": ["volunteer"], "may_act_for": []}
    client = world.send("admin-qian", "POST", "/v1/clients", json=body).json()
    key = world.send("admin-qian", "POST", f"/v1/clients/{client['id']}/keys", json={}).json()["key"]

    headers = {"Authorization": f"Bearer {key}"}
    made = world.send("", "POST", "/v1/cases", headers=headers, json=new_case(submit=False))

    assert made.status_code in {201, 403}
    assert world.rows("select * from assignments where person_id = :id", id=client["id"]) == []


def test_who_advises_a_side_is_not_assigned_as_mediator(world: World) -> None:
    case_id = world.create()["id"]
    assign(world, case_id, "mediator-chen", "agent")
    accept(world, case_id)

    with pytest.raises(BlockedError) as refused:
        world.take(case_id, "assign_mediator", mediator=person("mediator-chen").id)

    assert refused.value.blockers


def test_an_api_key_and_a_link_end_at_midnight_in_shanghai(world: World) -> None:
    case = world.create()
    token = world.send(
        "clerk-lin", "POST", f"/v1/cases/{case['id']}/parties/{party_ids(case)[0]}/access-links",
        json={"expires_on": str(TODAY)},
    ).json()["token"]  # fmt: skip
    body = {"organization_id": CENTRE, "name": "系统", "roles": ["clerk"], "may_act_for": []}
    client = world.send("admin-qian", "POST", "/v1/clients", json=body).json()
    path = f"/v1/clients/{client['id']}/keys"
    key = world.send("admin-qian", "POST", path, json={"expires_on": str(TODAY)}).json()["key"]

    found = []
    for moment in (datetime(2026, 6, 15, 15, 59, 59, tzinfo=UTC), datetime(2026, 6, 15, 16, tzinfo=UTC)):
        world.clock.move_to(moment)
        found += [
            world.send("", "GET", where, headers={"Authorization": f"Bearer {secret}"}).status_code
            for where, secret in (("/v1/party/case", token), ("/v1/me", key))
        ]

    assert found == [200, 200, 401, 401]


def test_a_party_does_not_hear_the_other_side_by_lending_a_hand_to_the_mediator(world: World) -> None:
    talks = in_talks(world)
    talk(talks)
    enrol(world, "employer-wang", CENTRE)
    behalf = {"Mediation-On-Behalf-Of": person("mediator-zhou").id}

    answers = [
        world.send("employer-wang", "GET", f"{talks.path}{tail}", headers=behalf)
        for tail in ("", "/offers", "/history")
    ]

    assert [(a.status_code, a.json()["facts"]["reason"]) for a in answers] == [(403, "party_to_the_case")] * 3


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "ES256", "kid": "k", "typ": ["JWT"]}, {"alg": "ES256", "kid": "k", "typ": {"a": 1}},
        {"alg": ["ES256"], "kid": "k"}, {"alg": "ES256", "kid": ["k"]}, {"alg": "none", "kid": "k"},
    ],
)  # fmt: skip
def test_a_header_of_other_kinds_of_values_is_refused(sqlite_world: World, header: dict[str, Any]) -> None:
    parts = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, {"sub": "x"})]

    answer = sqlite_world.send("", "GET", "/v1/me", headers={"Authorization": f"Bearer {'.'.join(parts)}.AAAA"})

    assert answer.status_code == 401, answer.text


def test_a_key_that_is_none_spoils_no_other_of_its_issuer() -> None:
    issuer = DemoIssuer(ec.generate_private_key(ec.SECP256R1()), "https://issuer.example", "mediation")
    (good,) = issuer.jwks()["keys"]
    bad = [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "b", "alg": ["RS256"]}, {"kty": ["EC"], "kid": "c"}, 5]

    assert list(parse_keys({"keys": [*bad, good]})) == [good["kid"]]


def test_a_remembered_token_counts_no_longer_than_the_keys_of_its_issuer() -> None:
    issuer = DemoIssuer(ec.generate_private_key(ec.SECP256R1()), "https://issuer.example", "mediation")
    seconds, is_up = [0.0], [True]

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=issuer.jwks()) if is_up[0] else httpx.Response(503)

    keys = FetchedKeys(
        "https://issuer.example/jwks", transport=httpx.MockTransport(answer), monotonic=lambda: seconds[0]
    )
    verifier = Verifier(issuer="https://issuer.example", audience="mediation", keys=keys)
    token, now = issuer.token_for("clerk-lin"), datetime.now(UTC)
    asyncio.run(verifier.verify_async(token, now))
    is_up[0], seconds[0] = False, 24 * 3600 + 1.0

    with pytest.raises(TokenError) as refused:
        asyncio.run(verifier.verify_async(token, now))

    assert refused.value.code == "issuer_unreachable"


STATES = ("draft", "talks", "moved", "court")


def reached(world: World, state: str) -> str:
    """A case of people with accounts, brought as far as the state says."""
    if state == "draft":
        return str(draft_with_accounts(world)["id"])
    if state == "talks":
        talks = in_talks(world)
        talk(talks)
        return talks.id
    case_id = str(with_accounts(world)["id"])
    assign(world, case_id, "volunteer-he")
    if state == "moved":
        triage(world, case_id)
        world.take(case_id, "reassign_organization", organization=organization("linjiang-centre").id, why="管辖")
    if state == "court":
        triage(world, case_id, route_wanted="court")
        world.take(
            case_id, "request_court_mediation", court=COURT, applied_on=str(world.today), online=False,
            court_route_basis="advisory_no_arbitration_yet",
        )  # fmt: skip
    return case_id


@pytest.mark.parametrize("state", STATES)
def test_what_is_explained_is_what_the_operations_answer(world: World, state: str) -> None:
    case_id = reached(world, state)
    path = f"/v1/access/explain?case_id={case_id}"
    asking = "supervisor-meng" if state == "moved" else "supervisor-tang"

    for who in EVERYBODY:
        told = world.send(asking, "GET", f"{path}&person_id={person(who).id}").json()
        assert told["sees_the_case"] == (status(world, who, case_id) == 200), who
        opened = {step["action"] for one in told["relations"] for step in one["steps"]}
        closed = random.Random(who + state).sample(sorted(PROCEDURE.steps.keys() - opened), 40)
        for action in opened:
            answer = _tried(world, who, case_id, action)
            assert answer not in {"not_found", "not_permitted", "step_not_open"}, (who, action, answer)
        for action in closed:
            assert _tried(world, who, case_id, action) is not None, (who, action)


def _tried(world: World, who: str, case_id: str, action: str) -> str | None:
    """The code with which a step without any input is refused to somebody; None where it would be taken."""
    request = StepRequest(action, attestations=tuple(attested(action)))
    try:
        world.read(steps.advance_case, world.caller(who), case_id, request, render_case, True)
    except Refusal as refused:
        return str(refused.code)
    except (KeyError, TypeError, AttributeError):
        return "input"
    return None

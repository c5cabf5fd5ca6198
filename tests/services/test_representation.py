"""Acting on behalf of somebody: a clerk for a mediator, a system for the people it may; both stand in history."""

from typing import Any

import httpx
import pytest
from tests.services.test_clients import bearing, issue, register
from tests.services.world import CENTRE, TRIAGE, World, accept, attested, mediate, party_ids

from mediation.demo.people import organization, person
from mediation.storage import Unit
from mediation.storage.json_sql import statement

ZHOU, CHEN = person("mediator-zhou").id, person("mediator-chen").id


def send(world: World, subject: str, path: str, behalf: str, **headers: str) -> httpx.Response:
    return world.send(subject, "GET", path, headers={"Mediation-On-Behalf-Of": behalf, **headers})


def take(  # noqa: PLR0917 - who, where, what, for whom, and how
    world: World, subject: str, case_id: str, action: str, behalf: str | None, given: dict[str, Any], **headers: str
) -> httpx.Response:
    sent = {"If-Match": f'"{world.case(case_id).version}"', **headers}
    if behalf is not None:
        sent["Mediation-On-Behalf-Of"] = behalf
    body = {"attestations": attested(action), **given}
    return world.send(subject, "POST", f"/v1/cases/{case_id}/steps/{action}", headers=sent, json=body)


def session(world: World, case_id: str) -> dict[str, Any]:
    present = list(party_ids(world.send("clerk-lin", "GET", f"/v1/cases/{case_id}").json()))
    return {
        "session_on": f"{world.today}T14:00:00+08:00", "mode": "phone", "present": present,
        "record": {"reference": "调解笔录"},
    }  # fmt: skip


def entries(world: World, case_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.send("clerk-lin", "GET", f"/v1/cases/{case_id}/history").json()["items"]
    return found


def reason(answer: httpx.Response) -> tuple[int, str | None, str | None]:
    body = answer.json()
    return answer.status_code, body.get("code"), body.get("facts", {}).get("reason")


def change(world: World, sql: str, **values: Any) -> None:
    def write(unit: Unit) -> None:
        unit.execute(statement(sql), values)

    world.write(write)


@pytest.fixture
def case_id(world: World) -> str:
    """A case of the centre in mediation by Zhou."""
    case = world.create()
    mediate(world, case["id"])
    found: str = case["id"]
    return found


def test_a_clerk_takes_a_step_of_the_mediator_and_history_names_both(world: World, case_id: str) -> None:
    given = session(world, case_id)
    own = take(world, "clerk-lin", case_id, "hold_further_session", None, given)

    taken = take(world, "clerk-lin", case_id, "hold_further_session", ZHOU, given)

    assert own.status_code == 403
    assert taken.status_code == 200, taken.text
    assert taken.json()["roles"] == ["mediator"]
    last = entries(world, case_id)[-1]
    assert (last["actor"], last["on_behalf_of"], last["roles"]) == (person("clerk-lin").id, ZHOU, ["mediator"])
    assert last["organization"] == CENTRE
    assert world.case(case_id).last_entry["on_behalf_of"] == ZHOU
    assert world.verification(case_id)["holds"]


def test_on_behalf_of_a_mediator_a_clerk_does_no_more_than_the_mediator(world: World) -> None:
    case_id = world.create()["id"]
    accept(world, case_id)
    world.take(case_id, "assign_mediator", mediator=ZHOU)
    given = {"mediator": CHEN, "reason": "unavailable"}

    refused = take(world, "clerk-lin", case_id, "replace_mediator", ZHOU, given)
    own = take(world, "clerk-lin", case_id, "replace_mediator", None, given)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert own.status_code == 200


def test_a_clerk_acts_for_a_mediator_only_in_cases_of_that_mediator(world: World, case_id: str) -> None:
    found = {
        "another mediator": reason(send(world, "clerk-lin", f"/v1/cases/{case_id}", CHEN)),
        "the mediator": reason(send(world, "clerk-lin", f"/v1/cases/{case_id}", ZHOU)),
        "no case": reason(send(world, "clerk-lin", f"/v1/cases/{CENTRE}", ZHOU)),
    }

    assert found == {
        "another mediator": (403, "representation_refused", "not_assigned"),
        "the mediator": (200, None, None),
        "no case": (404, "not_found", None),
    }


def test_nobody_but_a_clerk_of_the_same_body_acts_for_a_mediator(world: World, case_id: str) -> None:
    path = f"/v1/cases/{case_id}"

    found = {
        who: reason(send(world, who, path, ZHOU))
        for who in ("supervisor-tang", "officer-xu", "mediator-chen", "volunteer-he", "clerk-fang", "admin-qian")
    }

    assert found == {
        "supervisor-tang": (403, "representation_refused", "clerks_and_systems_only"),
        "officer-xu": (403, "representation_refused", "clerks_and_systems_only"),
        "mediator-chen": (403, "representation_refused", "clerks_and_systems_only"),
        "volunteer-he": (403, "representation_refused", "clerks_and_systems_only"),
        "clerk-fang": (403, "representation_refused", "not_a_colleague"),
        "admin-qian": (403, "representation_refused", "administrators_never"),
    }


@pytest.mark.parametrize(
    ("behalf", "why"),
    [
        (person("clerk-lin").id, "not_a_colleague"),  # oneself
        (person("volunteer-he").id, "role_not_lent"),
        (person("supervisor-tang").id, "not_a_colleague"),  # of the body above
        (person("admin-qian").id, "not_a_colleague"),
        (person("worker-zhang").id, "not_a_colleague"),
        ("0198a1a0-0000-7000-8000-000000000000", "not_a_colleague"),
    ],
)
def test_a_clerk_acts_for_mediators_and_nobody_else(world: World, case_id: str, behalf: str, why: str) -> None:
    answer = send(world, "clerk-lin", f"/v1/cases/{case_id}", behalf)

    assert reason(answer) == (403, "representation_refused", why)


def test_representation_ends_with_the_account_the_membership_and_the_assignment(world: World, case_id: str) -> None:
    path, tomorrow = f"/v1/cases/{case_id}", "2026-06-16"
    before = send(world, "clerk-lin", path, ZHOU).status_code

    change(world, "update people set is_active = false where id = :id", id=ZHOU)
    closed = reason(send(world, "clerk-lin", path, ZHOU))
    change(world, "update people set is_active = true where id = :id", id=ZHOU)
    change(world, "update memberships set since = :day where person_id = :id", id=ZHOU, day=tomorrow)
    not_yet = reason(send(world, "clerk-lin", path, ZHOU))
    change(world, "update memberships set since = '2020-01-01' where person_id = :id", id=ZHOU)
    world.take(case_id, "replace_mediator", mediator=CHEN, reason="unavailable")

    assert before == 200
    assert closed == not_yet == (403, "representation_refused", "not_a_colleague")
    assert reason(send(world, "clerk-lin", path, ZHOU))[2] == "not_assigned"
    assert send(world, "clerk-lin", path, CHEN).status_code == 200


def test_a_person_who_administers_is_not_represented(world: World, case_id: str) -> None:
    change(world, 'update memberships set roles = \'["admin", "mediator"]\' where person_id = :id', id=ZHOU)

    assert reason(send(world, "clerk-lin", f"/v1/cases/{case_id}", ZHOU))[2] == "role_not_lent"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/me", None),
        ("GET", "/v1/cases?scope=me", None),
        ("GET", "/v1/tasks?scope=me", None),
        ("GET", "/v1/people", None),
        ("POST", "/v1/cases", {"channel": "walk_in", "parties": [], "claims": []}),
        ("POST", "/v1/people", {"subject": "x", "name": "新人"}),
    ],
)
def test_representation_is_for_single_cases(world: World, method: str, path: str, body: dict[str, Any] | None) -> None:
    content = {} if body is None else {"json": body}

    answer = world.send("clerk-lin", method, path, headers={"Mediation-On-Behalf-Of": ZHOU}, **content)

    assert reason(answer) == (403, "representation_refused", "single_cases_only")


def test_a_name_that_is_no_id_is_refused(world: World, case_id: str) -> None:
    answer = send(world, "clerk-lin", f"/v1/cases/{case_id}", "zhou")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["header"] == "Mediation-On-Behalf-Of"


def test_one_key_serves_one_person_represented(world: World, case_id: str) -> None:
    given = session(world, case_id)
    once = {"Idempotency-Key": "further-session"}

    first = take(world, "clerk-lin", case_id, "hold_further_session", ZHOU, given, **once)
    again = take(world, "clerk-lin", case_id, "hold_further_session", ZHOU, given, **once)
    own = take(world, "clerk-lin", case_id, "hold_further_session", None, given, **once)

    assert (first.status_code, again.status_code, own.status_code) == (200, 200, 422)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert own.json()["code"] == "idempotency_key_reused"


def test_what_is_written_beside_steps_names_both_too(world: World, case_id: str) -> None:
    headers = {"Mediation-On-Behalf-Of": ZHOU, "If-Match": f'"{world.case(case_id).version}"'}

    made = world.send("clerk-lin", "PATCH", f"/v1/cases/{case_id}", json={"urgent": True}, headers=headers)

    assert made.status_code == 200, made.text
    last = entries(world, case_id)[-1]
    assert (last["actor"], last["on_behalf_of"]) == (person("clerk-lin").id, ZHOU)


def test_a_system_acts_for_people_its_administrators_named(world: World, case_id: str) -> None:
    client = register(world, roles=["mediator"], may_act_for=[ZHOU])
    bearer = bearing(issue(world, client).json()["key"])["headers"]
    path = f"/v1/cases/{case_id}"
    own = world.send("nobody", "GET", path, headers=bearer)

    read = send(world, "nobody", path, ZHOU, **bearer)
    other = send(world, "nobody", path, CHEN, **bearer)
    taken = take(world, "nobody", case_id, "hold_further_session", ZHOU, session(world, case_id), **bearer)

    assert (own.status_code, read.status_code) == (404, 200)
    assert reason(other) == (403, "representation_refused", "not_named_by_administrators")
    assert taken.status_code == 200
    last = entries(world, case_id)[-1]
    assert (last["actor"], last["on_behalf_of"]) == (client["id"], ZHOU)


def test_a_system_gets_no_role_that_it_does_not_have_itself(world: World, case_id: str) -> None:
    client = register(world, roles=["clerk"], may_act_for=[ZHOU])
    bearer = bearing(issue(world, client).json()["key"])["headers"]

    assert reason(send(world, "nobody", f"/v1/cases/{case_id}", ZHOU, **bearer))[2] == "role_not_lent"


def test_a_system_sees_no_case_in_which_the_person_has_no_part_any_more(world: World, case_id: str) -> None:
    client = register(world, roles=["mediator"], may_act_for=[ZHOU])
    bearer = bearing(issue(world, client).json()["key"])["headers"]
    drafted = world.create("mediator-zhou", submit=False)
    world.take(case_id, "replace_mediator", mediator=CHEN, reason="unavailable")

    found = [send(world, "nobody", f"/v1/cases/{key}", ZHOU, **bearer).status_code for key in (case_id, drafted["id"])]

    assert found == [404, 404]


def test_a_court_system_acts_for_a_liaison_of_the_court(world: World) -> None:
    court = organization("yunxi-court").id
    change(
        world, "insert into memberships (id, person_id, organization_id, roles, since) "
        "values ('m', :id, :court, '[\"admin\"]', '2020-01-01')", id=person("worker-tian").id, court=court,
    )  # fmt: skip
    body = {
        "organization_id": court, "name": "法院系统", "roles": ["court_liaison"],
        "may_act_for": [person("court-gao").id],
    }  # fmt: skip
    client = world.send("worker-tian", "POST", "/v1/clients", json=body).json()
    key = world.send("worker-tian", "POST", f"/v1/clients/{client['id']}/keys", json={}).json()["key"]
    case = world.create()
    world.take(case["id"], "triage_ok", **{**TRIAGE, "route_wanted": "court"})
    world.take(
        case["id"], "request_court_mediation", court=court, applied_on=str(world.today), online=False,
        court_route_basis="advisory_no_arbitration_yet",
    )  # fmt: skip

    answer = send(world, "nobody", f"/v1/cases/{case['id']}", person("court-gao").id, **bearing(key)["headers"])

    assert (answer.status_code, answer.json()["roles"]) == (200, ["court_liaison"])

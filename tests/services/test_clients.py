"""Other systems: registered by administrators, known by a key or an assertion, refused at once when closed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwt.algorithms import OKPAlgorithm
from tests.services.counting import count_statements
from tests.services.world import CENTRE, World, bearer, new_case, triage

from mediation import worker
from mediation.demo.people import organization, person
from mediation.gateways.clock import real_now
from mediation.storage import Unit
from mediation.storage.json_sql import statement

COURT = organization("yunxi-court").id
SIGNING = ed25519.Ed25519PrivateKey.generate()
JWKS = {"keys": [{**OKPAlgorithm.to_jwk(SIGNING.public_key(), as_dict=True), "kid": "one"}]}
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def register(world: World, **values: Any) -> dict[str, Any]:
    """Register a system of the centre by its administrator."""
    body = {"organization_id": CENTRE, "name": "前台系统", "roles": ["clerk"], **values}
    answer = world.send("admin-qian", "POST", "/v1/clients", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def amend(world: World, client: dict[str, Any], **changes: Any) -> httpx.Response:
    path = f"/v1/clients/{client['id']}"
    version = world.send("admin-qian", "GET", path).headers["ETag"]
    return world.send("admin-qian", "PATCH", path, headers={"If-Match": version}, json=changes)


def issue(world: World, client: dict[str, Any], **given: Any) -> httpx.Response:
    return world.send("admin-qian", "POST", f"/v1/clients/{client['id']}/keys", json=given)


def bearing(token: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {token}"}}


def ask(world: World, token: str, path: str = "/v1/me") -> tuple[int, str | None]:
    """Status and code of a request with a token."""
    answer = world.send("nobody", "GET", path, **bearing(token))
    return answer.status_code, answer.json().get("code")


def assertion(client: dict[str, Any], **changes: Any) -> str:
    """An assertion as the system signs it now, each with a name of its own."""
    now = int(real_now().timestamp())
    claims = {
        "iss": client["id"], "sub": client["id"], "aud": "mediation", "iat": now, "exp": now + 120,
        "jti": f"{real_now().timestamp()}", **changes,
    }  # fmt: skip
    return jwt.encode(claims, SIGNING, "EdDSA", headers={"kid": "one"})


def grant(world: World, text: str, **form: Any) -> httpx.Response:
    given = {
        "grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": text, **form,
    }  # fmt: skip
    return world.send("nobody", "POST", "/v1/token", data={k: v for k, v in given.items() if v is not None})


@pytest.fixture
def court_administrator(world: World) -> str:
    """Let somebody of the court administer it."""

    def raise_up(unit: Unit) -> None:
        sql = "update memberships set roles = '[\"admin\"]' where person_id = :id"
        unit.execute(statement(sql), {"id": person("court-gao").id})

    world.write(raise_up)
    return "court-gao"


def test_a_system_has_an_account_and_acts_like_anybody_of_its_roles(world: World) -> None:
    client = register(world)
    key = issue(world, client).json()["key"]

    me = world.send("nobody", "GET", "/v1/me", **bearing(key)).json()
    made = world.send("nobody", "POST", "/v1/cases", json=new_case(), **bearing(key))
    history = world.send("clerk-lin", "GET", f"/v1/cases/{made.json()['id']}/history").json()["items"]

    assert (me["id"], me["subject"], me["kind"]) == (client["id"], f"client:{client['id']}", "client")
    assert (me["roles"], me["acting_as"]) == (["clerk"], CENTRE)
    assert made.status_code == 201
    assert {(entry["actor"], entry["on_behalf_of"]) for entry in history} == {(client["id"], None)}


def test_a_court_system_sees_what_was_sent_to_the_court_and_nothing_else(
    world: World, court_administrator: str
) -> None:
    body = {"organization_id": COURT, "name": "法院对接系统", "roles": ["court_liaison"]}
    client = world.send(court_administrator, "POST", "/v1/clients", json=body).json()
    key = world.send(court_administrator, "POST", f"/v1/clients/{client['id']}/keys", json={}).json()["key"]
    sent, other = world.create(), world.create()
    triage(world, sent["id"], route_wanted="court")
    before = ask(world, key, f"/v1/cases/{sent['id']}")

    world.take(
        sent["id"], "request_court_mediation", court=COURT, applied_on=str(world.today), online=False,
        court_route_basis="advisory_no_arbitration_yet",
    )  # fmt: skip

    assert before == (404, "not_found")
    assert [ask(world, key, f"/v1/cases/{case['id']}") for case in (sent, other)] == [(200, None), (404, "not_found")]
    listed = world.send("nobody", "GET", "/v1/cases?scope=sent", **bearing(key)).json()["items"]
    assert [item["id"] for item in listed] == [sent["id"]]


def test_an_assertion_is_exchanged_for_a_token_that_opens_the_account(world: World) -> None:
    client = register(world, jwks=JWKS)

    granted = grant(world, assertion(client), client_id=client["id"], audience="ignored")

    assert granted.status_code == 200, granted.text
    assert granted.headers["Cache-Control"] == "private, no-store"
    assert (granted.json()["token_type"], granted.json()["expires_in"]) == ("Bearer", 600)
    assert ask(world, granted.json()["access_token"]) == (200, None)
    assert world.send("admin-qian", "GET", f"/v1/clients/{client['id']}").json()["last_used_at"] is not None


def test_an_assertion_is_taken_once_whichever_process_it_is_sent_to(world: World) -> None:
    text = assertion(register(world, jwks=JWKS))
    world.another()
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": text}

    answers = world.send_all([("nobody", "POST", "/v1/token", {"data": form})] * 6)

    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400, 400]
    assert {answer.json().get("error") for answer in answers} == {None, "invalid_client"}


def test_a_token_is_refused_with_the_codes_that_oauth_clients_know(world: World) -> None:
    client = register(world, jwks=JWKS)
    without = register(world)
    refused = {
        "no grant": grant(world, assertion(client), grant_type=None),
        "password": grant(world, assertion(client), grant_type="password"),
        "no assertion": grant(world, assertion(client), client_assertion=None),
        "other type": grant(world, assertion(client), client_assertion_type="saml"),
        "scope": grant(world, assertion(client), scope="cases"),
        "other client": grant(world, assertion(client), client_id=without["id"]),
        "without a key": grant(world, assertion(without)),
        "nobody": grant(world, assertion({"id": "0198a1a0-0000-7000-8000-000000000000"})),
        "nothing": grant(world, "nothing"),
        "old": grant(world, assertion(client, exp=int(real_now().timestamp()) - 1)),
        "long": grant(world, assertion(client, exp=int(real_now().timestamp()) + 3600)),
        "for others": grant(world, assertion(client, aud="elsewhere")),
        "twice": world.send("nobody", "POST", "/v1/token", content="grant_type=a&grant_type=b", headers=FORM),
        "json": world.send("nobody", "POST", "/v1/token", json={"grant_type": "client_credentials"}),
        "bytes": world.send("nobody", "POST", "/v1/token", content=b"\xff=\xff", headers=FORM),
    }

    found = {name: (answer.status_code, answer.json()["error"]) for name, answer in refused.items()}

    assert found == {
        "no grant": (400, "invalid_request"),
        "password": (400, "unsupported_grant_type"),
        "no assertion": (400, "invalid_request"),
        "other type": (400, "invalid_request"),
        "scope": (400, "invalid_scope"),
        "other client": (400, "invalid_client"),
        "without a key": (400, "invalid_client"),
        "nobody": (400, "invalid_client"),
        "nothing": (400, "invalid_client"),
        "old": (400, "invalid_client"),
        "long": (400, "invalid_client"),
        "for others": (400, "invalid_client"),
        "twice": (400, "invalid_request"),
        "json": (400, "invalid_request"),
        "bytes": (400, "invalid_request"),
    }
    assert all(answer.json()["error_description"] for answer in refused.values())


def test_an_assertion_itself_is_no_bearer_token(world: World) -> None:
    assert ask(world, assertion(register(world, jwks=JWKS))) == (401, "token_invalid")


def test_a_closed_client_is_refused_with_the_next_request(world: World) -> None:
    client = register(world, jwks=JWKS)
    key, token = issue(world, client).json()["key"], grant(world, assertion(client)).json()["access_token"]
    before = [ask(world, key), ask(world, token)]

    closed = amend(world, client, is_active=False)

    assert before == [(200, None)] * 2
    assert closed.status_code == 200
    assert [ask(world, key), ask(world, token)] == [(403, "person_unknown")] * 2
    assert grant(world, assertion(client)).json()["error"] == "invalid_client"


def test_keys_are_changed_without_a_gap(world: World) -> None:
    client = register(world)
    first, second = issue(world, client).json(), issue(world, client).json()
    third = issue(world, client)
    both = [ask(world, first["key"]), ask(world, second["key"])]

    path = f"/v1/clients/{client['id']}/keys/{first['id']}"
    revoked = [world.send("admin-qian", "DELETE", path).status_code for _ in range(2)]

    assert (third.status_code, both, revoked) == (409, [(200, None)] * 2, [200, 409])
    assert [ask(world, first["key"]), ask(world, second["key"])] == [(401, "token_invalid"), (200, None)]
    assert issue(world, client).status_code == 201


def test_a_key_ends_after_its_last_day(world: World) -> None:
    client = register(world)
    day = world.today + timedelta(days=10)
    key = issue(world, client, expires_on=day.isoformat()).json()["key"]

    world.clock.move_to(day)
    last = ask(world, key)
    world.clock.move_to(day + timedelta(days=1))

    assert last == (200, None)
    assert ask(world, key) == (401, "token_expired")


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 201), (180, 201), (181, 422)])
def test_a_key_serves_half_a_year_at_most(world: World, days: int, status: int) -> None:
    until = world.today + timedelta(days=days)

    assert issue(world, register(world), expires_on=until.isoformat()).status_code == status


def test_a_secret_is_shown_once_and_kept_nowhere(world: World) -> None:
    client = register(world)
    headers = {"Idempotency-Key": "first-key"}
    path = f"/v1/clients/{client['id']}/keys"

    answers = [world.send("admin-qian", "POST", path, json={}, headers=headers) for _ in range(2)]

    shown, again = (answer.json() for answer in answers)
    secret = shown["key"].removeprefix(shown["prefix"])
    assert (again["id"], again["key"]) == (shown["id"], None)
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert shown["key"].startswith(f"mk_{shown['id']}_")
    assert len(secret) == 43
    assert secret not in str([world.rows(f"select * from {table}") for table in ("client_keys", "idempotency")])  # noqa: S608
    assert secret not in world.send("admin-qian", "GET", f"/v1/clients/{client['id']}").text


def test_the_use_of_a_key_is_noted_once_an_hour(world: World) -> None:
    client = register(world)
    key = issue(world, client).json()["key"]
    path = f"/v1/clients/{client['id']}"
    noted = []
    for minutes in (0, 30, 61):
        world.clock.move_to(datetime(2026, 6, 15, 4, tzinfo=UTC) + timedelta(minutes=minutes))
        ask(world, key)
        found = world.send("admin-qian", "GET", path).json()
        noted.append(found["keys"][0]["last_used_at"][11:16])

    assert noted == ["04:00", "04:00", "05:01"]


@pytest.mark.parametrize(
    "token",
    [
        "mk_", "mk_x_y", "mk_0198a1a0-0000-7000-8000-000000000000_secret", "mk_" + "x" * 2000, "mk_令牌",
        "mt_", "mt_v1.x", "mt_v1." + "x" * 60, "mt_" + "x" * 2000,
    ],
)  # fmt: skip
def test_a_token_made_up_is_refused(world: World, token: str) -> None:
    answer = world.send("nobody", "GET", "/v1/me", headers={"Authorization": f"Bearer {token}".encode()})

    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


def test_another_secret_or_another_id_opens_nothing(world: World) -> None:
    first, second = (issue(world, register(world)).json() for _ in range(2))
    secret = first["key"].removeprefix(first["prefix"])

    assert ask(world, f"{first['key']}x") == (401, "token_invalid")
    assert ask(world, f"{second['prefix']}{secret}") == (401, "token_invalid")


def test_public_keys_are_replaced_and_taken_away(world: World) -> None:
    client = register(world, jwks=JWKS)
    newer = ed25519.Ed25519PrivateKey.generate()
    jwks = {"keys": [{**OKPAlgorithm.to_jwk(newer.public_key(), as_dict=True), "kid": "two"}]}

    changed = amend(world, client, jwks=jwks).json()
    refused = grant(world, assertion(client)).json()["error"]
    taken = amend(world, client, jwks=None).json()

    assert changed["jwks"] == jwks
    assert (refused, taken["jwks"]) == ("invalid_client", None)


def test_what_a_system_cannot_be_or_have_is_refused_by_its_pointer(world: World) -> None:
    private = {"keys": [{**OKPAlgorithm.to_jwk(SIGNING, as_dict=True), "kid": "one"}]}
    wrong: dict[str, Any] = {
        "roles": ["clerk", "admin"],
        "jwks": private,
        "may_act_for": [person("mediator-zhou").id, person("clerk-fang").id],
    }
    body = {"organization_id": CENTRE, "name": "系统", "roles": ["clerk"], **wrong}
    client = register(world)

    made = world.send("admin-qian", "POST", "/v1/clients", json=body)
    amended = amend(world, client, **wrong)

    for answer in (made, amended):
        found = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
        assert found == [
            ("/roles/1", "not_for_systems"), ("/may_act_for/1", "not_a_colleague"), ("/jwks", "unusable_keys"),
        ]  # fmt: skip


def test_roles_and_name_of_a_client_are_corrected(world: World) -> None:
    client = register(world)
    key = issue(world, client).json()["key"]

    amended = amend(world, client, name="大厅系统", roles=["mediator", "clerk", "clerk"]).json()

    assert (amended["name"], amended["roles"], amended["version"]) == ("大厅系统", ["clerk", "mediator"], 2)
    assert world.send("nobody", "GET", "/v1/me", **bearing(key)).json()["roles"] == ["clerk", "mediator"]


def test_clients_are_kept_by_the_administrators_of_their_organization(world: World, court_administrator: str) -> None:
    client = register(world)
    body = {"organization_id": CENTRE, "name": "系统", "roles": ["clerk"]}
    path = f"/v1/clients/{client['id']}"

    found = {
        who: [
            world.send(who, "POST", "/v1/clients", json=body).status_code,
            world.send(who, "GET", "/v1/clients").status_code,
            world.send(who, "GET", f"/v1/clients?organization_id={CENTRE}").status_code,
            world.send(who, "GET", path).status_code,
            world.send(who, "PATCH", path, headers={"If-Match": '"1"'}, json={"name": "别的"}).status_code,
            world.send(who, "POST", f"{path}/keys", json={}).status_code,
            world.send(who, "DELETE", f"{path}/keys/{client['id']}").status_code,
        ]
        for who in ("supervisor-tang", "clerk-lin", court_administrator)
    }

    assert found == {
        "supervisor-tang": [403, 403, 403, 404, 403, 403, 403],
        "clerk-lin": [403, 403, 403, 404, 403, 403, 403],
        court_administrator: [403, 200, 403, 404, 404, 404, 404],
    }


def test_clients_of_an_organization_are_listed_in_pages(world: World) -> None:
    made = [register(world, name=f"系统{number}")["id"] for number in range(3)]
    path = f"/v1/clients?organization_id={CENTRE}&limit=2"

    first = world.send("admin-qian", "GET", path).json()
    second = world.send("admin-qian", "GET", first["next"]).json()

    assert [item["id"] for item in (*first["items"], *second["items"])] == sorted(made)
    assert second["next"] is None
    assert world.send("admin-qian", "GET", "/v1/clients").json()["items"] == []


def test_the_account_of_a_system_is_no_person(world: World) -> None:
    client = register(world, roles=["mediator", "clerk"])
    case = world.create()
    path = f"/v1/people/{client['id']}"

    refused = [
        world.send("admin-qian", "PATCH", path, headers={"If-Match": '"1"'}, json={"name": "人"}),
        world.send(
            "admin-qian", "POST", f"{path}/memberships", json={"organization_id": CENTRE, "roles": ["supervisor"]}
        ),
        world.send("admin-qian", "DELETE", f"{path}/memberships/{client['id']}"),
        world.send(
            "clerk-lin", "POST", f"/v1/cases/{case['id']}/assignments",
            json={"person_id": client["id"], "role": "volunteer"},
        ),
        world.send("admin-qian", "POST", "/v1/people", json={"subject": f"client:{client['id']}x", "name": "人"}),
    ]  # fmt: skip

    assert [answer.status_code for answer in refused] == [409, 409, 409, 422, 422]
    assert client["id"] not in world.send("clerk-lin", "GET", "/v1/people").text
    assert world.send("clerk-lin", "GET", path).json()["kind"] == "client"


def test_a_token_of_the_issuer_speaks_for_no_system(world: World) -> None:
    client = register(world)

    assert world.send(f"client:{client['id']}", "GET", "/v1/me").status_code == 401


def test_the_worker_forgets_assertions_that_are_over(world: World) -> None:
    grant(world, assertion(register(world, jwks=JWKS)))
    kept = "select count(*) as n from client_assertions"

    worker.forget(world.database, real_now())
    before = world.rows(kept)[0]["n"]
    worker.forget(world.database, real_now() + timedelta(minutes=3))

    assert (before, world.rows(kept)[0]["n"]) == (1, 0)


def test_a_token_costs_a_request_nothing_and_a_key_one_statement(world: World) -> None:
    client = register(world, jwks=JWKS)
    key, token = issue(world, client).json()["key"], grant(world, assertion(client)).json()["access_token"]
    ask(world, key)  # its use is noted
    process = world.another(threads=1)
    counter = count_statements(process.database)
    process.rows("select 1 as n")

    taken = []
    for given in (bearer("clerk-lin"), bearing(token)["headers"], bearing(key)["headers"]):
        with counter.counted() as statements:
            process.send("nobody", "GET", "/v1/cases?scope=organization", headers=given)
        taken.append(len(statements))
    with counter.counted() as statements:
        grant(process, assertion(client))

    assert taken == [1, 1, 2]
    assert len(statements) <= 5

"""OWASP API2:2023, broken authentication: tokens that are forged, stale or somebody else's, and guessing."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.security.attack import ELSEWHERE, Asked, ask, ask_one, filled, operations, told
from tests.services.world import AUDIENCE, ISSUER, World, _issuer, bearer

from mediation.gateways.tokens import DemoIssuer

Forge = Callable[[], str]


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": ISSUER, "aud": AUDIENCE, "sub": "clerk-lin", "iat": now, "exp": now + 600, **changes}


def signed(**changes: Any) -> str:
    """A token of the issuer we trust, with other claims."""
    kid = jwt.get_unverified_header(_issuer.token_for("clerk-lin"))["kid"]
    return jwt.encode(claims(**changes), _issuer._key, algorithm="ES256", headers={"kid": kid})


def parts(token: str) -> list[str]:
    return token.split(".")


def encoded(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned() -> str:
    return f"{encoded({'alg': 'none', 'typ': 'JWT', 'kid': 'demo'})}.{encoded(claims())}."


def signed_with_the_public_key() -> str:
    kid = jwt.get_unverified_header(_issuer.token_for("clerk-lin"))["kid"]
    key = _issuer._key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    text = f"{encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': kid})}.{encoded(claims())}"
    signature = hmac.new(key, text.encode(), "sha256").digest()
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def with_another_subject() -> str:
    head, _, signature = parts(_issuer.token_for("worker-zhang"))
    return f"{head}.{encoded(claims(sub='admin-qian'))}.{signature}"


def with_its_key_inside() -> str:
    own = ec.generate_private_key(ec.SECP256R1())
    header = {"kid": "mine", "jku": "https://attacker.example/keys", "x5u": "https://attacker.example/certificate"}
    return jwt.encode(claims(), own, algorithm="ES256", headers=header)


FORGED: dict[str, Forge] = {
    "unsigned": unsigned,
    "signed with the public key as a secret": signed_with_the_public_key,
    "somebody else's signature": with_another_subject,
    "its own key": with_its_key_inside,
    "another issuer's key": lambda: DemoIssuer(ec.generate_private_key(ec.SECP256R1()), ISSUER, AUDIENCE).token_for(
        "clerk-lin"
    ),
    "expired": lambda: signed(exp=int(time.time()) - 1),
    "not valid yet": lambda: signed(nbf=int(time.time()) + 3600),
    "of another issuer": lambda: signed(iss="https://elsewhere.example"),
    "for another service": lambda: signed(aud="payroll"),
    "for nobody": lambda: signed(sub=""),
    "without an end": lambda: signed(exp=None),
    "no token at all": lambda: "x" * 40,
    "endless": lambda: "e" * 20_000,
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_token_that_is_not_good_opens_nothing(sqlite_world: World, forge: Forge) -> None:
    answer = ask_one(sqlite_world, None, "GET", "/v1/me", headers={"Authorization": f"Bearer {forge()}"})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")


def test_a_good_token_is_good(sqlite_world: World) -> None:
    answer = ask_one(sqlite_world, None, "GET", "/v1/me", headers={"Authorization": f"Bearer {signed()}"})

    assert answer.status_code == 200


def test_every_operation_that_is_not_open_to_all_asks_for_a_token_before_anything_else(sqlite_world: World) -> None:
    closed = [(method, path) for method, path, described in operations() if described["security"]]

    answers = ask(sqlite_world, [(None, method, filled(path), {}) for method, path in closed])

    assert len(closed) > 250
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "token_missing")}


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("?access_token={token}", {}),
        ("", {"Cookie": "access_token={token}"}),
        ("", {"Authorization": "Basic {token}"}),
        ("", {"X-Forwarded-User": "clerk-lin", "X-Remote-User": "clerk-lin"}),
    ],
)
def test_a_token_counts_in_its_header_and_nowhere_else(
    sqlite_world: World, query: str, headers: dict[str, str]
) -> None:
    token = signed()
    given = {name: value.format(token=token) for name, value in headers.items()}

    answer = ask_one(sqlite_world, None, "GET", f"/v1/me{query.format(token=token)}", headers=given)

    assert told(answer) == (401, "token_missing")


def guess(number: int) -> Asked:
    return None, "GET", "/v1/me", {"headers": {"Authorization": f"Bearer {signed(sub='x', exp=number)}"}}


def test_guessing_from_one_address_ends_and_raises_one_alarm_for_all_processes(world: World) -> None:
    first = ask(world, [guess(number) for number in range(4)], rate_failed_sign_ins=4)
    second = ask(world, [guess(number) for number in range(4)], rate_failed_sign_ins=4)

    alarms = world.rows("select kind, organization_id, network, number from alarms")
    assert [answer.status_code for answer in first] == [401] * 4
    assert [told(answer) for answer in second] == [(429, "rate_limited")] * 4
    assert 1 <= int(second[0].headers["retry-after"]) <= 300
    assert alarms == [
        {"kind": "failed_sign_ins", "organization_id": None, "network": "198.51.100.0/24", "number": 4}
    ]  # fmt: skip


def test_who_signs_in_rightly_is_not_locked_out_by_an_attacker_behind_the_same_address(world: World) -> None:
    guesses = [guess(number) for number in range(4)]

    *_, refused, good = ask(world, [*guesses, ("clerk-lin", "GET", "/v1/me", {})], rate_failed_sign_ins=3)

    assert (refused.status_code, good.status_code) == (429, 200)


def test_another_address_is_counted_on_its_own(world: World) -> None:
    ask(world, [guess(number) for number in range(4)], rate_failed_sign_ins=2)

    (answer,) = ask(world, [guess(1)], address="203.0.113.9", rate_failed_sign_ins=2)

    assert ELSEWHERE != "203.0.113.9"
    assert answer.status_code == 401


def test_an_account_that_was_closed_and_keeps_trying_raises_an_alarm_its_own_body_reads(world: World) -> None:
    world.write(
        lambda unit: unit.connection.exec_driver_sql("update people set is_active = false where subject = 'clerk-lin'")
    )

    answers = ask(world, [("clerk-lin", "GET", "/v1/me", {})] * 4, rate_failed_sign_ins=2)

    alarms = world.send("auditor-feng", "GET", "/v1/alarms").json()["items"]
    assert [told(answer) for answer in answers] == [(403, "person_unknown")] * 4
    assert [(alarm["kind"], alarm["network"]) for alarm in alarms] == [("failed_sign_ins", None)]
    assert alarms[0]["person_id"] == world.rows("select id from people where subject = 'clerk-lin'")[0]["id"]


def test_another_system_that_guesses_is_counted_like_everybody_else(world: World) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": signed(sub="0198a1a0-0000-7000-8000-000000000000"),
    }

    answers = ask(world, [(None, "POST", "/v1/token", {"data": form})] * 4, rate_failed_sign_ins=2)

    assert [answer.status_code for answer in answers] == [400, 400, 429, 429]
    assert [row["kind"] for row in world.rows("select kind from alarms")] == ["failed_sign_ins"]


def test_an_endless_assertion_is_refused(sqlite_world: World) -> None:
    form = {"grant_type": "client_credentials", "client_assertion": "e" * 20_000}

    answer = ask_one(sqlite_world, None, "POST", "/v1/token", data=form)

    assert told(answer) == (400, "invalid_request")


def test_a_token_is_in_no_answer(sqlite_world: World) -> None:
    header = bearer("clerk-lin")
    token = header["Authorization"].removeprefix("Bearer ")

    answers = ask(
        sqlite_world,
        [("clerk-lin", "GET", path, {}) for path in ("/v1/me", "/v1/nothing", "/v1/cases?limit=0", "/v1/cases")],
    )

    assert all(token not in f"{answer.text}{answer.headers}" for answer in answers)

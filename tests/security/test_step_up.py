"""How strongly and how recently somebody signed in: asked of people, and more for sensitive operations (RFC 9470)."""

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwt.algorithms import OKPAlgorithm
from structlog.testing import capture_logs
from tests.security.attack import UNKNOWN, filled, operations
from tests.services.world import UNLIMITED, World

from mediation.api.app import create_app
from mediation.api.endpoints import offered
from mediation.api.strength import Demand
from mediation.demo.people import organization
from mediation.gateways.clock import real_now
from mediation.gateways.tokens import KnownKeys, Verifier
from mediation.settings import Settings, SettingsError

CENTRE = organization("yunxi-centre").id
ISSUER, AUDIENCE = "https://id.example", "mediation"
KEY = ed25519.Ed25519PrivateKey.generate()
KEYS = {"keys": [{**OKPAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "k"}]}
SENSITIVE = {
    "add_membership", "amend_client", "break_glass", "confirm_disposal", "create_client", "erase", "export_data",
    "export_history", "grant_access", "issue_client_key", "make_access_link", "propose_disposal", "reveal",
}  # fmt: skip
"""What the house holds sensitive: said here once more, so that a mark is not lost unseen."""
REVEAL = ("POST", f"/v1/cases/{UNKNOWN}/parties/{UNKNOWN}/reveal")
IDENTITY_PAGE = Path(__file__).parents[2] / "docs" / "identity.md"


def token(subject: str = "clerk-lin", **claims: Any) -> str:
    now = int(real_now().timestamp())
    given = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 600, **claims}
    return jwt.encode(given, KEY, "EdDSA", headers={"kid": "k"})


def ago(**span: float) -> int:
    return int((real_now() - timedelta(**span)).timestamp())


def send(world: World, asked: tuple[str, str], bearer: str, **settings: Any) -> httpx.Response:
    """Ask a process with these settings, which takes tokens of the issuer above."""

    async def talk() -> httpx.Response:
        app = create_app(
            Settings(**{"demo": True, **UNLIMITED, **settings}), database=world.database, clock=world.clock,
            tokens=Verifier(issuer=ISSUER, audience=AUDIENCE, keys=KnownKeys(KEYS)),
        )  # fmt: skip
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            content: Mapping[str, Any] = {"json": {}} if asked[0] == "POST" else {}
            return await client.request(*asked, headers={"Authorization": f"Bearer {bearer}"}, **content)

    return asyncio.run(talk())


def told(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("code")


TOO_WEAK = (401, "insufficient_user_authentication")


@pytest.mark.parametrize(
    ("claims", "is_taken"),
    [({"acr": "silver"}, True), ({"acr": "bronze"}, False), ({}, False), ({"acr": ["silver"]}, False)],
)
def test_a_person_signs_in_as_strongly_as_every_request_asks(
    sqlite_world: World, claims: dict[str, Any], is_taken: bool
) -> None:
    answer = send(sqlite_world, ("GET", "/v1/me"), token(**claims), acr="gold,silver")

    assert told(answer) == ((200, None) if is_taken else TOO_WEAK)


def test_where_nothing_is_set_nothing_is_asked(sqlite_world: World) -> None:
    answers = [send(sqlite_world, asked, token()) for asked in (("GET", "/v1/me"), REVEAL)]

    assert [answer.status_code for answer in answers] == [200, 422]


@pytest.mark.parametrize(
    ("acr", "signed_in", "is_taken"),
    [
        ("gold", {"seconds": 10}, True),
        ("gold", {"hours": 1}, False),
        ("silver", {"seconds": 10}, False),
        ("gold", None, False),
        ("gold", {"hours": -1}, False),
    ],
)
def test_a_sensitive_operation_asks_for_a_stronger_and_recent_sign_in(
    sqlite_world: World, acr: str, signed_in: dict[str, float] | None, is_taken: bool
) -> None:
    settings = {"step_up_acr": "gold", "step_up_max_age": 300}
    claims = {"acr": acr} if signed_in is None else {"acr": acr, "auth_time": ago(**signed_in)}

    sensitive = send(sqlite_world, REVEAL, token(**claims), **settings)
    ordinary = send(sqlite_world, ("GET", "/v1/me"), token(**claims), **settings)

    assert (told(sensitive) != TOO_WEAK) is is_taken
    assert ordinary.status_code == 200


def test_the_refusal_says_how_to_sign_in(sqlite_world: World) -> None:
    answer = send(sqlite_world, REVEAL, token(), step_up_acr="gold,platinum", step_up_max_age=300)

    assert answer.headers["WWW-Authenticate"] == (
        'Bearer realm="mediation", error="insufficient_user_authentication", acr_values="gold platinum", max_age="300"'
    )
    assert answer.json()["facts"] == {"acr_values": ["gold", "platinum"], "max_age": 300}
    assert "重新登录" in answer.json()["detail"]


def test_what_is_asked_of_every_request_is_asked_of_sensitive_ones_too(sqlite_world: World) -> None:
    answer = send(sqlite_world, REVEAL, token(acr="gold"), acr="gold", step_up_max_age=60)

    assert told(answer) == TOO_WEAK
    assert answer.json()["facts"] == {"acr_values": ["gold"], "max_age": 60}


def test_a_token_remembered_grows_old_all_the_same() -> None:
    verifier = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=KnownKeys(KEYS))
    now, demand = real_now(), Demand(max_age=60)
    bearer = token(auth_time=ago(seconds=30))

    first, again = (verifier.verify(bearer, now + timedelta(seconds=later)) for later in (0, 120))

    assert first is again
    assert demand.is_met(first, now)
    assert not demand.is_met(again, now + timedelta(seconds=120))


def test_a_time_of_sign_in_that_is_no_number_is_no_time(sqlite_world: World) -> None:
    answer = send(sqlite_world, ("GET", "/v1/me"), token(auth_time="yesterday"))

    assert told(answer) == (401, "token_invalid")


def test_other_systems_are_not_asked(world: World) -> None:
    body = {"organization_id": CENTRE, "name": "系统", "roles": ["clerk"]}
    client = world.send("admin-qian", "POST", "/v1/clients", json=body).json()
    key = world.send("admin-qian", "POST", f"/v1/clients/{client['id']}/keys", json={}).json()["key"]

    answers = [send(world, asked, key, acr="gold", step_up_max_age=1) for asked in (("GET", "/v1/me"), REVEAL)]

    assert [answer.status_code for answer in answers] == [200, 422]


def test_every_sensitive_operation_is_marked_and_no_other() -> None:
    marked = {entry.id for entry in offered().values() if entry.steps_up}

    assert marked == SENSITIVE
    assert not {entry.id for entry in offered().values() if entry.steps_up and (entry.is_public or entry.by_link)}


def test_the_document_and_the_page_name_what_is_marked() -> None:
    described = {each["operationId"]: each for _, _, each in operations()}
    page = IDENTITY_PAGE.read_text(encoding="utf-8")
    (listed,) = re.findall(r"<!-- step-up -->\n(.*?)\n<!-- /step-up -->", page, re.DOTALL)

    assert {name for name, each in described.items() if each.get("x-step-up")} == SENSITIVE
    assert all("insufficient_user_authentication" in described[name]["description"] for name in SENSITIVE)
    assert set(re.findall(r"`(\w+)`", listed)) == SENSITIVE


@pytest.mark.parametrize("name", sorted(SENSITIVE))
def test_each_of_them_refuses_an_old_sign_in(sqlite_world: World, name: str) -> None:
    entry = offered()[name]

    answer = send(sqlite_world, (entry.method, filled(entry.path)), token(auth_time=ago(hours=2)), step_up_max_age=60)

    assert told(answer) == TOO_WEAK


@pytest.mark.parametrize("acr", ['go"ld', "go ld", "go\\ld", "金"])
def test_a_value_that_cannot_stand_in_a_header_is_refused_at_the_start(acr: str) -> None:
    with pytest.raises(SettingsError, match="MEDIATION_STEP_UP_ACR"):
        Settings(demo=True, step_up_acr=acr).check()


def test_the_demo_refuses_to_ask_for_what_its_own_tokens_do_not_say() -> None:
    with pytest.raises(SettingsError, match="tokens of the demo"):
        Settings(demo=True, acr="gold").check()


@pytest.mark.parametrize(
    ("bearer", "kind", "is_signed_in"),
    [("good", "oidc", True), ("weak", "oidc", False), ("mk_x_y", "client_key", False), ("mt_x", "client_token", False),
     ("pl_x_y", "link", False), (None, None, None)],
)  # fmt: skip
def test_the_log_says_with_which_kind_of_credential_somebody_signed_in_and_nothing_of_it(
    sqlite_world: World, bearer: str | None, kind: str | None, is_signed_in: bool | None
) -> None:
    sent = {"good": token(acr="gold"), "weak": token()}.get(bearer or "", bearer or "")

    with capture_logs() as lines:
        send(sqlite_world, ("GET", "/v1/me"), sent, acr="gold")

    (line,) = [each for each in lines if each["event"] == "request"]
    assert (line["credential"], line["signed_in"]) == (kind, is_signed_in)
    assert not sent or sent not in str(line)

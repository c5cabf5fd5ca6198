"""OWASP API7:2023, server side request forgery: the service goes to no address that a caller names."""

import asyncio
import base64
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr
from tests.security.attack import OPENAPI, operations
from tests.services.world import AUDIENCE, ISSUER, MASTER_KEY, _issuer

from mediation.gateways.tokens import FetchedKeys, TokenError, Verifier
from mediation.settings import Settings, SettingsError

KEYS = "https://id.example/keys"
INSIDE = "http://169.254.169.254/latest/meta-data"


def fields(schema: Any, seen: set[str]) -> set[str]:
    """The name of every field a body may hold."""
    if isinstance(schema, list):
        return {name for entry in schema for name in fields(entry, seen)}
    if not isinstance(schema, dict):
        return set()
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    inner = set()
    if name and name not in seen:
        seen.add(name)
        inner = fields(OPENAPI["components"]["schemas"][name], seen)
    own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
    return inner | own | {each for entry in schema.values() for each in fields(entry, seen)}


def test_no_operation_takes_an_address_to_go_to() -> None:
    seen: set[str] = set()
    found = {name for *_, described in operations() for name in fields(described.get("requestBody"), seen)}

    assert len(found) > 200
    assert {
        name for name in found if {"url", "uri", "href", "callback", "webhook", "jwks_uri"} & set(name.split("_"))
    } == set()


class Network:
    """The world outside: notes who is asked, and answers with the issuer's keys."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        return httpx.Response(200, json=_issuer.jwks())


@pytest.mark.parametrize("header", ["jku", "x5u", "jwk", "kid"])
def test_a_token_that_points_elsewhere_sends_the_service_nowhere(header: str) -> None:
    network = Network()
    verifier = Verifier(
        issuer=ISSUER, audience=AUDIENCE, keys=FetchedKeys(KEYS, transport=httpx.MockTransport(network))
    )
    own = ec.generate_private_key(ec.SECP256R1())
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "clerk-lin", "iat": now, "exp": now + 60}
    named: dict[str, Any] = {"kid": "unknown", header: {"kty": "EC"} if header == "jwk" else INSIDE}

    with pytest.raises(TokenError):
        asyncio.run(verifier.verify_async(jwt.encode(claims, own, "ES256", headers=named), datetime.now(UTC)))

    assert set(network.asked) <= {KEYS}


def test_many_unknown_keys_do_not_make_the_service_ask_many_times() -> None:
    network = Network()
    keys = FetchedKeys(KEYS, transport=httpx.MockTransport(network))

    async def storm() -> None:
        await asyncio.gather(*(keys.freshen(f"unknown-{number}") for number in range(100)))

    asyncio.run(storm())

    assert len(network.asked) == 1


@pytest.mark.parametrize(
    "address", ["http://id.example/keys", "file:///etc/passwd", "ftp://id.example/keys", INSIDE, "id.example/keys"]
)
def test_keys_are_read_from_an_address_nobody_in_between_can_answer_for(address: str) -> None:
    settings = Settings(
        issuer="https://id.example", jwks_url=address, master_key=SecretStr(base64.b64encode(MASTER_KEY).decode()),
        worker=False,
    )  # fmt: skip

    with pytest.raises(SettingsError, match="MEDIATION_JWKS_URL"):
        settings.check()

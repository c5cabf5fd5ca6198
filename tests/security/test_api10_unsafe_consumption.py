"""OWASP API10:2023, unsafe consumption of APIs: an issuer whose answers are wrong, huge, slow or from elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.services.world import AUDIENCE, ISSUER, World, _issuer

from mediation.api.app import create_app
from mediation.gateways import issuer_keys
from mediation.gateways.tokens import FetchedKeys, TokenError, Verifier
from mediation.settings import Settings

KEYS = "https://id.example/keys"
Answer = Callable[[httpx.Request], httpx.Response]


class Endless(httpx.AsyncByteStream):
    """An answer that never ends; it counts what was read of it."""

    def __init__(self) -> None:
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.read += 65_536
            yield b" " * 65_536


BAD: dict[str, Answer] = {
    "a fault": lambda _: httpx.Response(500),
    "a redirect inwards": lambda _: httpx.Response(302, headers={"Location": "http://169.254.169.254/keys"}),
    "a page": lambda _: httpx.Response(200, text="<html>sign in</html>"),
    "no list of keys": lambda _: httpx.Response(200, json={"keys": "none"}),
    "an empty list": lambda _: httpx.Response(200, json={"keys": []}),
    "a secret as key": lambda _: httpx.Response(200, json={"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "demo"}]}),
    "keys of no kind": lambda _: httpx.Response(200, json={"keys": [{"kid": 1}, None, [], {"kty": "EC", "kid": "x"}]}),
    "nested without end": lambda _: httpx.Response(200, content=b"[" * 100_000),
    "not UTF-8": lambda _: httpx.Response(200, content=b'{"keys": "\xff"}'),
    "endless": lambda _: httpx.Response(200, stream=Endless()),
}


def verifier(answer: Answer) -> Verifier:
    keys = FetchedKeys(KEYS, transport=httpx.MockTransport(answer))
    return Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys)


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD.keys())
def test_a_bad_answer_of_the_issuer_opens_nothing(answer: Answer) -> None:
    token = _issuer.token_for("clerk-lin")

    with pytest.raises(TokenError) as caught:
        asyncio.run(verifier(answer).verify_async(token, datetime.now(UTC)))

    assert caught.value.code == "issuer_unreachable"


def test_an_endless_answer_is_read_no_further_than_its_measure() -> None:
    stream = Endless()

    asyncio.run(
        FetchedKeys(KEYS, transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=stream))).freshen("k")
    )

    assert stream.read <= issuer_keys.LARGEST_ANSWER + 2 * 65_536


def test_a_redirect_is_not_followed() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://elsewhere.example/keys"})

    asyncio.run(FetchedKeys(KEYS, transport=httpx.MockTransport(answer)).freshen("k"))

    assert asked == ["id.example"]


def test_keys_read_before_serve_on_while_the_issuer_answers_badly() -> None:
    clock = [0.0]
    good = [True]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=_issuer.jwks()) if good[0] else httpx.Response(200, text="<html>")

    keys = FetchedKeys(KEYS, transport=httpx.MockTransport(answer), monotonic=lambda: clock[0])
    checked = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys)
    token = _issuer.token_for("clerk-lin")

    async def walk() -> list[str]:
        found = [(await checked.verify_async(token, datetime.now(UTC))).subject]
        good[0], clock[0] = False, 2 * 3600.0
        return [*found, (await checked.verify_async(token, datetime.now(UTC))).subject]

    assert asyncio.run(walk()) == ["clerk-lin"] * 2


@pytest.mark.parametrize("answer", [BAD["a fault"], BAD["a page"]])
def test_the_caller_is_told_to_come_back_and_not_what_the_issuer_said(world: World, answer: Answer) -> None:
    app: Any = create_app(
        Settings(demo=True), database=world.database, clock=world.clock, tokens=verifier(answer)
    )  # fmt: skip

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            headers = {"Authorization": f"Bearer {_issuer.token_for('clerk-lin')}"}
            return await client.get("/v1/me", headers=headers)

    found = asyncio.run(ask())

    assert (found.status_code, found.json()["code"]) == (503, "issuer_unreachable")
    assert "retry-after" in found.headers
    assert "id.example" not in found.text


def test_trouble_with_the_issuer_is_not_counted_as_a_failure_of_the_caller(world: World) -> None:
    app: Any = create_app(
        Settings(demo=True, rate_failed_sign_ins=1), database=world.database, clock=world.clock,
        tokens=verifier(BAD["a fault"]),
    )  # fmt: skip

    async def ask() -> list[int]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            headers = {"Authorization": f"Bearer {_issuer.token_for('clerk-lin')}"}
            return [(await client.get("/v1/me", headers=headers)).status_code for _ in range(4)]

    assert asyncio.run(ask()) == [503] * 4

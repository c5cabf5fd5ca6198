"""Messages made to hurt: texts without an end, numbers without a size, connections held for nothing."""

import asyncio
import base64
import json
import time
from typing import Any

import pytest
from tests.security.attack import ask, ask_one, told
from tests.security.test_api4_resource_consumption import served
from tests.services.test_clients import JWKS, assertion, grant, register
from tests.services.world import CENTRE, World, bearer, new_case

from mediation.api import connection
from mediation.api.nesting import is_too_deep
from mediation.demo.people import organization
from mediation.gateways.issuer_keys import parse_keys

ENDLESS = b'"' + b'\\"' * 200_000 + b"[" * 40
LIVE = b"GET /v1/health/live HTTP/1.1\r\nHost: s\r\n"
(KEY,) = JWKS["keys"]


def test_a_text_that_never_ends_costs_no_more_than_its_length() -> None:
    began = time.process_time()

    found = [is_too_deep(body) for body in (ENDLESS, b"[" + ENDLESS, ENDLESS + b"\\", b'\\"' * 200_000 + b"{" * 40)]

    assert found == [False] * 4
    assert time.process_time() - began < 2


def test_brackets_before_a_text_that_never_ends_are_counted_all_the_same() -> None:
    assert is_too_deep(b"[" * 33 + ENDLESS)
    assert not is_too_deep(b"[" * 32 + ENDLESS)
    assert is_too_deep(b'"\\\\"' + b"[" * 33)


def test_nobody_without_a_token_holds_a_process_up_by_such_a_text(sqlite_world: World) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    began = time.process_time()

    answer = ask_one(sqlite_world, None, "POST", "/v1/token", headers=headers, content=b"x=" + ENDLESS)

    assert answer.status_code == 400
    assert time.process_time() - began < 2


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "-1e400", "1" + "0" * 400])
def test_a_number_beyond_measure_is_answered_the_same_with_and_without_a_key(world: World, number: str) -> None:
    body = f'{{"organization_id": "{CENTRE}", "name": "系统", "roles": ["clerk"], "jwks": {{"keys": {number}}}}}'
    headers = {"Content-Type": "application/json"}

    answers = [
        ask_one(world, "admin-qian", "POST", "/v1/clients", headers={**headers, **key}, content=body)
        for key in ({}, {"Idempotency-Key": "number"})
    ]

    assert [told(answer) for answer in answers] == [(422, "invalid_input")] * 2


@pytest.mark.parametrize("member", [{"alg": ["EdDSA"]}, {"y": 10**30}, {"y": None}, {"use": {"sig": 1}}, {"kid": 7}])
def test_a_key_whose_members_are_no_texts_is_refused(world: World, member: dict[str, Any]) -> None:
    body = {"organization_id": CENTRE, "name": "系统", "roles": ["clerk"], "jwks": {"keys": [{**KEY, **member}]}}

    answer = ask_one(world, "admin-qian", "POST", "/v1/clients", json=body)

    assert told(answer) == (422, "invalid_input")


def test_a_key_of_the_issuer_whose_members_are_no_texts_is_passed_over() -> None:
    found = parse_keys({"keys": [{**KEY, "kid": "odd", "alg": ["EdDSA"]}, KEY]})

    assert list(found) == ["one"]


def forged(claims: str) -> str:
    """An assertion with these claims that nobody signed."""
    parts = (b'{"alg": "EdDSA", "kid": "one"}', claims.encode(), b"x" * 64)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@pytest.mark.parametrize("letter", ["\\ud800", "\\u0000", "\\u007f", "云"])
def test_a_name_no_database_takes_is_no_client(world: World, letter: str) -> None:
    name = letter + "a" * 35

    answer = grant(world, forged(f'{{"iss": "{name}", "sub": "{name}"}}'))

    assert told(answer) == (400, "invalid_client")


@pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
@pytest.mark.parametrize("moment", [float("nan"), float("inf"), 10**400, -1, True])
def test_an_assertion_is_valid_until_a_moment_a_calendar_has(world: World, name: str, moment: float) -> None:
    client = register(world, jwks=JWKS)

    answer = grant(world, assertion(client, **{name: moment}))

    assert told(answer) == (400, "invalid_client")


def test_a_key_sent_again_for_another_organization_is_refused(world: World) -> None:
    bodies = [organization(name).id for name in ("qiaotou-street", "qiaotou-studio")]
    key, content = {"Idempotency-Key": "one"}, {"json": new_case()}

    answers = ask(
        world,
        [
            ("clerk-song", "POST", "/v1/cases", {**content, "headers": {**key, "Mediation-Acting-As": body}})
            for body in (bodies[0], bodies[0].upper(), bodies[1])
        ],
    )

    assert [answer.status_code for answer in answers] == [201, 201, 422]
    assert answers[0].json() == answers[1].json()
    assert told(answers[2]) == (422, "idempotency_key_reused")


async def talk(world: World, *pieces: bytes, pause: float = 0.1, **values: Any) -> bytes:
    """All that the server answers on one connection that it ends itself, to pieces sent one after the other."""
    async with served(world, **values) as (reader, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        return await asyncio.wait_for(reader.read(), 4)


@pytest.mark.parametrize("length", [2, 1000])
def test_the_rest_of_a_request_that_was_answered_is_not_waited_for(sqlite_world: World, length: int) -> None:
    head = LIVE + f"Content-Length: {length}\r\n\r\n".encode()

    found = asyncio.run(talk(sqlite_world, head, b"x", b"x", head_seconds=0.5))

    assert found.count(b"HTTP/1.1 200") == 1


def test_a_body_larger_than_a_head_may_arrive_in_one_piece(sqlite_world: World) -> None:
    token = bearer("clerk-lin")["Authorization"]
    body = json.dumps({"nothing": "x" * 100_000}).encode()
    head = (
        f"POST /v1/cases HTTP/1.1\r\nHost: s\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
    ).encode()

    found = asyncio.run(talk(sqlite_world, head + b"\r\n" + body, head + b"Connection: close\r\n\r\n" + body))

    assert found.count(b"HTTP/1.1 422") == 2
    assert b"431" not in found


def test_requests_sent_at_once_are_all_answered(sqlite_world: World) -> None:
    late = LIVE + b"Content-Length: 2\r\n\r\n"
    last = LIVE + b"Connection: close\r\n\r\n"

    found = asyncio.run(talk(sqlite_world, LIVE + b"\r\n" + late + b"{}" + late, b"{", b"}" + last, pause=0.01))

    assert found.count(b"HTTP/1.1 200") >= 3


def test_who_does_not_read_an_answer_does_not_keep_the_connection(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SLOWEST", 100_000)
    asked = b"GET /openapi.json HTTP/1.1\r\nHost: s\r\n\r\n"

    async def hold() -> int:
        async with served(sqlite_world, head_seconds=0.5) as (reader, writer):
            transport: Any = writer.transport
            transport.pause_reading()
            writer.write(asked * 40)
            await asyncio.sleep(3)
            transport.resume_reading()
            return len(await asyncio.wait_for(reader.read(), 4))

    whole = len(ask_one(sqlite_world, None, "GET", "/openapi.json").content)

    assert asyncio.run(hold()) < 20 * whole


def test_who_reads_an_answer_in_time_gets_all_of_it(sqlite_world: World) -> None:
    async def read() -> int:
        async with served(sqlite_world, head_seconds=0.5) as (reader, writer):
            writer.write(b"GET /openapi.json HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n")
            total = 0
            while piece := await reader.read(65_536):
                total += len(piece)
                await asyncio.sleep(0.05)
            return total

    whole = len(ask_one(sqlite_world, None, "GET", "/openapi.json").content)

    assert asyncio.run(read()) > whole

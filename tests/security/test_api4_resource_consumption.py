"""OWASP API4:2023, unrestricted resource consumption: too many, too large, too deep, too slow."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from tests.security.attack import ELSEWHERE, OPENAPI, Asked, ask, ask_one, operations, told
from tests.services.counting import count_statements
from tests.services.world import World, bearer, new_case

from mediation import metrics
from mediation.api.budgets import Budget
from mediation.api.connection import protocol_of
from mediation.api.limiter import Limiter
from mediation.services import rates
from mediation.services.rates import Wish
from mediation.settings import Settings
from mediation.storage.json_sql import statement

ME: Asked = ("clerk-lin", "GET", "/v1/me", {})


def test_who_asks_too_often_is_told_when_to_come_back(world: World) -> None:
    answers = ask(world, [ME] * 5, rate_person=3)

    refused = answers[-1]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert told(refused) == (429, "rate_limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert [answer.headers["ratelimit"].split(";t=")[0] for answer in answers] == [
        '"person";r=2', '"person";r=1', '"person";r=0', '"person";r=0', '"person";r=0',
    ]  # fmt: skip
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"person";q=3;w=60'}


def test_another_person_is_counted_on_their_own(world: World) -> None:
    answers = ask(world, [ME, ME, ("mediator-zhou", "GET", "/v1/me", {})], rate_person=1)

    assert [answer.status_code for answer in answers] == [200, 429, 200]


@pytest.mark.parametrize("path", ["/v1/procedure", "/docs", "/openapi.json", "/v1/nothing", "/v1/me"])
def test_who_does_not_say_who_they_are_is_counted_by_address(world: World, path: str) -> None:
    first, second = ask(world, [(None, "GET", path, {})] * 2, rate_anonymous=1)
    (elsewhere,) = ask(world, [(None, "GET", path, {})], address="2001:db8::1", rate_anonymous=1)

    assert first.status_code == elsewhere.status_code != 429
    assert told(second) == (429, "rate_limited")


def test_addresses_given_to_one_connection_count_as_one(world: World) -> None:
    asked: list[Asked] = [(None, "GET", "/v1/problems", {})]

    found = [
        ask(world, asked, address=address, rate_anonymous=1)[0].status_code
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    ]

    assert found == [200, 429, 200]


def test_whoever_runs_the_service_may_ask_whether_it_lives_as_often_as_they_like(world: World) -> None:
    answers = ask(world, [(None, "GET", "/v1/health/live", {})] * 5, rate_anonymous=1)

    assert {answer.status_code for answer in answers} == {200}


LONG = 1_000_000_000
"""A window that does not end while tests run."""
HOUR = 3600


class Hours:
    """A clock of seconds that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


async def spent(limiter: Limiter, budget: Budget, times: int, key: str = "k") -> int:
    """How many of so many were let through, all at the same time."""
    standings = await asyncio.gather(*(limiter.spend(budget, key) for _ in range(times)))
    return sum(not standing.is_refused for standing in standings)


def test_several_processes_together_let_no_more_through_than_one(world: World) -> None:
    clock, budget = Hours(), Budget("person", 100, LONG)
    limiters = [Limiter(database, clock) for database in (world.database, world.another().database)]

    async def storm() -> list[int]:
        return await asyncio.gather(*(spent(limiter, budget, 150) for limiter in limiters))

    found = asyncio.run(storm())

    assert 90 <= sum(found) <= 100 + budget.unasked


def test_a_budget_too_small_to_share_out_is_exact_over_processes(world: World) -> None:
    clock, budget = Hours(), Budget("look_ups", 7, LONG)
    limiters = [Limiter(database, clock) for database in (world.database, world.another().database)]

    async def storm() -> list[int]:
        return await asyncio.gather(*(spent(limiter, budget, 10) for limiter in limiters))

    assert sum(asyncio.run(storm())) == 7


def test_a_window_that_ended_starts_anew_whatever_the_clock_of_a_process_says(world: World) -> None:
    behind, budget = Hours(), Budget("look_ups", 2, LONG)
    behind.now -= HOUR
    one, late = Limiter(world.database, Hours()), Limiter(world.database, behind)

    async def walk() -> list[int]:
        found = [await spent(one, budget, 5)]
        let_pass(world, LONG)
        found.append(await spent(late, budget, 5))
        return [*found, await spent(Limiter(world.database, Hours()), budget, 5)]

    assert asyncio.run(walk()) == [2, 2, 0]


def let_pass(world: World, seconds: int) -> None:
    """What the table says is so much longer ago."""
    sql = statement("update rate_limits set ends_at = ends_at - :seconds")
    world.write(lambda unit: unit.execute(sql, {"seconds": seconds}))


@pytest.mark.parametrize("wrong", [HOUR, -HOUR, 1_000_000_000])
def test_a_process_whose_clock_is_wrong_shares_the_window_of_all(world: World, wrong: int) -> None:
    clock, budget = Hours(), Budget("look_ups", 6, LONG)
    clock.now += wrong
    right, off = Limiter(world.database, Hours()), Limiter(world.another().database, clock)

    async def walk() -> list[int]:
        found = [await spent(off, budget, 1, "a"), await spent(right, budget, 9, "a")]
        let_pass(world, LONG)
        return [*found, await spent(Limiter(world.database, Hours()), budget, 9, "a")]

    assert asyncio.run(walk()) == [1, 5, 6]


def test_a_caller_who_spent_a_budget_waits_no_longer_than_the_window(world: World) -> None:
    clock, budget = Hours(), Budget("look_ups", 1)
    clock.now += HOUR
    limiter = Limiter(world.database, clock)

    async def walk() -> list[int]:
        standings = [await limiter.spend(budget, "k") for _ in range(2)]
        return [standing.seconds for standing in standings]

    assert all(1 <= seconds <= budget.seconds for seconds in asyncio.run(walk()))


def test_a_window_from_further_on_than_the_next_locks_nobody_out(world: World) -> None:
    budget = Budget("look_ups", 2)

    async def walk() -> list[int]:
        found = [await spent(Limiter(world.database, Hours()), budget, 5)]
        let_pass(world, -HOUR)
        return [*found, await spent(Limiter(world.database, Hours()), budget, 5)]

    assert asyncio.run(walk()) == [2, 2]


def test_windows_long_over_are_forgotten_and_no_other(world: World) -> None:
    over, new = Wish("person", "over", HOUR, 10, 1, 0), Wish("person", "new", HOUR, 10, 1, 0)
    world.write(rates.borrow, over)
    let_pass(world, 2 * HOUR + 1)

    world.write(rates.borrow, new, sweeps=True)

    assert [row["ends_at"] > time.time() for row in world.rows("select ends_at from rate_limits")] == [True]


def test_counting_costs_a_statement_for_many_requests(world: World) -> None:
    process = world.another(threads=1)
    counter, budget = count_statements(process.database), Budget("person", 600, LONG)
    process.rows("select 1 as n")
    process.write(lambda unit: unit.connection.exec_driver_sql("select 1").all())
    limiter = Limiter(process.database, Hours())

    with counter.counted() as statements:
        let_through = asyncio.run(_one_by_one(limiter, budget, 500))

    asked = [text for text in statements if "BEGIN" not in text and "COMMIT" not in text]
    assert let_through == 500
    assert len(asked) <= 500 * 0.04


async def _one_by_one(limiter: Limiter, budget: Budget, times: int) -> int:
    return sum([not (await limiter.spend(budget, "k")).is_refused for _ in range(times)])


def test_who_asks_now_and_then_costs_no_statement_at_all(world: World) -> None:
    ask(world, [ME] * 30)

    assert world.rows("select * from rate_limits") == []


def test_without_the_shared_budgets_the_service_goes_on_counting_by_itself_and_says_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.write(lambda unit: unit.connection.exec_driver_sql("drop table rate_limits"))
    failures = metrics.LIMITER_FAILURES._value.get()

    answers = ask(world, [ME] * 8, rate_person=5)

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert metrics.LIMITER_FAILURES._value.get() == failures + 1
    assert "rate_limiter_unavailable" in capsys.readouterr().out


def test_what_is_counted_holds_no_name_and_no_address(world: World) -> None:
    ask(world, [ME, (None, "GET", "/v1/problems", {})], rate_person=2, rate_anonymous=2)

    rows = world.rows("select budget, key from rate_limits")
    assert sorted(row["budget"] for row in rows) == ["anonymous", "person"]
    assert not any("clerk" in row["key"] or ELSEWHERE in row["key"] for row in rows)


def nested(depth: int) -> bytes:
    return b'{"summary": ' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (nested(40), (400, "too_deep")),
        (nested(100_000), (400, "too_deep")),
        (b'{"summary": "' + b"[" * 5000 + b'"}', (422, "invalid_input")),
        (b'{"a": [' + b"{}," * 5000 + b"{}]}", (422, "invalid_input")),
        (b" " * (1024 * 1024 + 1), (413, "body_too_large")),
    ],
)
def test_a_body_beyond_measure_is_refused(sqlite_world: World, content: bytes, found: tuple[int, str]) -> None:
    headers = {"Content-Type": "application/json"}

    answer = ask_one(sqlite_world, "clerk-lin", "POST", "/v1/cases", headers=headers, content=content)

    assert told(answer) == found


@pytest.mark.parametrize(
    ("path", "headers", "found"),
    [
        (f"/v1/cases?number_prefix={'x' * 9000}", {}, (414, "target_too_long")),
        (f"/v1/{'x' * 9000}", {}, (414, "target_too_long")),
        ("/v1/me", {f"X-{number}": "x" for number in range(101)}, (431, "headers_too_large")),
        ("/v1/me", {"X-Large": "x" * 33_000}, (431, "headers_too_large")),
        ("/v1/cases?limit=201", {}, (422, "invalid_input")),
        ("/v1/cases?limit=100000000000000000000000", {}, (422, "invalid_input")),
        ("/v1/cases?" + "&".join(["flags=urgent"] * 7), {}, (422, "invalid_input")),
    ],
)
def test_a_request_beyond_measure_is_refused(
    sqlite_world: World, path: str, headers: dict[str, str], found: tuple[int, str]
) -> None:
    answer = ask_one(sqlite_world, "clerk-lin", "GET", path, headers=headers)

    assert told(answer) == found


def test_a_list_takes_no_more_entries_than_it_says(sqlite_world: World) -> None:
    body = new_case(claims=[{"code": "overtime_pay"}] * 1000)

    answer = ask_one(sqlite_world, "clerk-lin", "POST", "/v1/cases", json=body)

    assert [error["code"] for error in answer.json()["errors"]] == ["too_many"]


def unbounded(schema: Any, where: str, seen: set[str]) -> list[str]:
    """Texts and lists of a body without a largest size."""
    if isinstance(schema, list):
        return [found for entry in schema for found in unbounded(entry, where, seen)]
    if not isinstance(schema, dict):
        return []
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    if name:
        if name in seen:
            return []
        seen.add(name)
        return unbounded(OPENAPI["components"]["schemas"][name], name, seen)
    found = [where] if schema.get("type") == "array" and "maxItems" not in schema else []
    if schema.get("type") == "string" and not {"maxLength", "format", "enum", "const", "pattern"} & set(schema):
        found.append(where)
    return found + [each for key, entry in schema.items() for each in unbounded(entry, f"{where}/{key}", seen)]


def test_every_text_and_every_list_of_every_body_has_a_largest_size() -> None:
    seen: set[str] = set()

    found = [each for *_, described in operations() for each in unbounded(described.get("requestBody"), "", seen)]

    assert len(seen) > 200
    assert found == []


@asynccontextmanager
async def served(world: World, **values: Any) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """One connection to the real server, on a port of its own."""
    settings = Settings(demo=True, **values)
    config = uvicorn.Config(
        world.app(**values), host="127.0.0.1", port=0, http=protocol_of(settings), ws="none", lifespan="off",
        log_config=None, server_header=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        server.should_exit = True
        await task


async def answered(reader: asyncio.StreamReader) -> tuple[int, dict[str, Any]]:
    """The answer on a connection that the server then closes."""
    answer = await asyncio.wait_for(reader.read(), 20)
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), json.loads(body)


def said(world: World, *pieces: bytes, **values: Any) -> tuple[int, dict[str, Any]]:
    """What the server answers to bytes, after which nothing more comes."""

    async def talk() -> tuple[int, dict[str, Any]]:
        async with served(world, **values) as (reader, writer):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            return await answered(reader)

    return asyncio.run(talk())


@pytest.mark.parametrize(
    "begun", [b"", b"GET /v1/me HTTP/1.1\r\nHost: s", b"\r\n\r\n", b"GET /v1/health/live HTTP/1.1\r\nX: "]
)
def test_a_request_that_never_ends_to_begin_ends_the_connection(sqlite_world: World, begun: bytes) -> None:
    status, problem = said(sqlite_world, begun, head_seconds=0.3)

    assert (status, problem["code"]) == (408, "too_slow")


def test_headers_without_end_end_the_connection(sqlite_world: World) -> None:
    endless = [b"GET /v1/me HTTP/1.1\r\nHost: s\r\n", *[b"X-Fill: " + b"x" * 1000 + b"\r\n"] * 33]

    status, problem = said(sqlite_world, *endless)

    assert (status, problem["code"]) == (431, "headers_too_large")


def test_a_body_that_does_not_come_ends_the_connection(sqlite_world: World) -> None:
    token = bearer("clerk-lin")["Authorization"]
    head = f"POST /v1/cases HTTP/1.1\r\nHost: s\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"

    status, problem = said(sqlite_world, f"{head}Content-Length: 100\r\n\r\n{{".encode(), body_seconds=0.3)

    assert (status, problem["code"]) == (408, "too_slow")


def test_what_is_no_http_is_told_so(sqlite_world: World) -> None:
    status, problem = said(sqlite_world, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")

    assert (status, problem["code"]) == (400, "broken_http")


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Content-Length: +5\r\n",
    ],
)
def test_a_message_whose_end_is_told_in_two_ways_is_refused(sqlite_world: World, lengths: bytes) -> None:
    head = b"POST /v1/cases HTTP/1.1\r\nHost: s\r\nContent-Type: application/json\r\n"

    status, problem = said(sqlite_world, head + lengths + b"\r\n0\r\n\r\nGET /v1/me HTTP/1.1\r\n\r\n")

    assert (status, problem["code"]) == (400, "broken_http")


def test_a_connection_serves_one_request_after_another(sqlite_world: World) -> None:
    once = b"GET /v1/health/live HTTP/1.1\r\nHost: s\r\n\r\n"
    last = b"GET /v1/health/live HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n"

    async def talk() -> bytes:
        async with served(sqlite_world, head_seconds=0.5) as (reader, writer):
            for piece in (once, once[:20], once[20:], last):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.3)
            return await asyncio.wait_for(reader.read(), 20)

    assert asyncio.run(talk()).count(b"HTTP/1.1 200") == 3


def test_one_connection_too_many_is_sent_away(sqlite_world: World) -> None:
    async def talk() -> tuple[int, dict[str, Any]]:
        async with served(sqlite_world, connections=8) as (_, first):
            port = first.get_extra_info("peername")[1]
            opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(8)]
            try:
                return await answered(opened[-1][0])
            finally:
                for _, writer in opened:
                    writer.close()

    status, problem = asyncio.run(talk())

    assert (status, problem["code"]) == (503, "busy")


def test_every_operation_says_that_it_may_be_too_much() -> None:
    answers = {(method, path): set(described["responses"]) for method, path, described in operations()}

    assert {asked for asked, statuses in answers.items() if not {"414", "429", "431"} <= statuses} == set()


def test_what_waits_too_long_for_the_database_is_told_to_come_back(world: World) -> None:
    small = world.another(threads=1, queue=0, queue_seconds=0.2)

    async def storm() -> list[httpx.Response]:
        transport = httpx.ASGITransport(small.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            path, headers = "/v1/cases", bearer("clerk-lin")
            return await asyncio.gather(*(client.get(path, headers=headers) for _ in range(200)))

    answers = asyncio.run(storm())

    assert {answer.status_code for answer in answers} <= {200, 503}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)

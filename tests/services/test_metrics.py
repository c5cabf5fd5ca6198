"""Who may read the numbers of the service: a scraper that knows the token, and in the demo everybody."""

import asyncio
from typing import Any

import httpx
import pytest
from tests.services.world import World


def scrape(world: World, headers: dict[str, str] | None = None, **settings: Any) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(world.app(**settings))
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.get("/metrics", headers=headers or {})

    return asyncio.run(ask())


def test_outside_the_demo_there_are_no_numbers_without_a_token_of_their_own(sqlite_world: World) -> None:
    answer = scrape(sqlite_world, demo=False)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("demo", [True, False])
@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "token_missing"),
        ({"Authorization": "Bearer wrong"}, 401, "token_invalid"),
        ({"Authorization": "Basic secret"}, 401, "token_missing"),
    ],
)
def test_where_a_token_is_set_nobody_reads_without_it(
    sqlite_world: World, headers: dict[str, str], status: int, code: str, demo: bool
) -> None:
    answer = scrape(sqlite_world, headers, demo=demo, metrics_token="secret")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_scraper_with_the_token_reads_prometheus_text(sqlite_world: World) -> None:
    token = "secret"
    answer = scrape(sqlite_world, {"Authorization": f"Bearer {token}"}, demo=False, metrics_token=token)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert "# TYPE mediation_deadlines gauge" in answer.text


def test_in_the_demo_anybody_reads(sqlite_world: World) -> None:
    assert scrape(sqlite_world).status_code == 200

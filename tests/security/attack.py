"""An attacker at the door of a running service: requests as somebody, or as nobody, from an address of one's choice."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx
from tests.services.world import World, bearer

OPENAPI: dict[str, Any] = json.loads((Path(__file__).parents[2] / "openapi" / "openapi.json").read_bytes())
UNKNOWN = "0198a1a0-0000-7000-8000-000000000000"
ELSEWHERE = "198.51.100.7"

Asked = tuple[str | None, str, str, Mapping[str, Any]]


def ask(world: World, requests: Iterable[Asked], *, address: str = ELSEWHERE, **settings: Any) -> list[httpx.Response]:
    """Send requests one after the other to one process with these settings; without a subject, without a token."""

    async def talk() -> list[httpx.Response]:
        transport = httpx.ASGITransport(world.app(**settings), raise_app_exceptions=False, client=(address, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://service", timeout=60) as client:
            return [await _send(client, *request) for request in requests]

    return asyncio.run(talk())


def ask_one(
    world: World, subject: str | None, method: str, path: str, *, address: str = ELSEWHERE, **content: Any
) -> httpx.Response:
    """Send one request."""
    return ask(world, [(subject, method, path, content)], address=address)[0]


async def _send(
    client: httpx.AsyncClient, subject: str | None, method: str, path: str, content: Mapping[str, Any]
) -> httpx.Response:
    given = dict(content)
    headers = given.pop("headers", {})
    if not isinstance(headers, list):  # a list may name one twice
        headers = {**(bearer(subject) if subject else {}), **headers}
    return await client.request(method, path, headers=headers, **given)


def told(answer: httpx.Response) -> tuple[int, str | None]:
    """Status and code: what an attacker learns first."""
    return answer.status_code, answer.json().get("code")


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation described: method, path, description."""
    return [
        (method.upper(), path, described)
        for path, methods in OPENAPI["paths"].items()
        for method, described in methods.items()
    ]


def filled(path: str, **known: str) -> str:
    """A path with ids in it, unknown ones unless given."""
    parts = [known.get(part.strip("{}"), UNKNOWN) if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


def body_for(described: Mapping[str, Any], known: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The content of a request with the smallest body its description takes."""
    if "requestBody" not in described:
        return {}
    schema = described["requestBody"]["content"]["application/json"]["schema"]
    return {"json": sample(schema, dict(known or {}))}


def sample(schema: Mapping[str, Any], known: Mapping[str, str], name: str = "") -> Any:
    """The smallest value of a schema."""
    if "$ref" in schema:
        return sample(OPENAPI["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]], known, name)
    several = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if several:
        return sample(several[0], known, name)
    fixed = [schema.get("const"), schema.get("default"), *schema.get("enum", ())]
    if any(value is not None for value in fixed):
        return next(value for value in fixed if value is not None)
    return _of_type(schema, known, name)


def _of_type(schema: Mapping[str, Any], known: Mapping[str, str], name: str) -> Any:
    kind = str(schema.get("type"))
    if kind == "object":
        return {field: sample(schema["properties"][field], known, field) for field in schema.get("required", ())}
    if kind == "array":
        return [sample(schema["items"], known, name)] * schema.get("minItems", 0)
    if kind == "string":
        return known.get(name) or _text(schema)
    return {"integer": schema.get("minimum", 1), "number": 1, "boolean": True}.get(kind)


def _text(schema: Mapping[str, Any]) -> str:
    by_format = {"date": "2026-06-15", "date-time": "2026-06-15T09:30:00+08:00", "uuid": UNKNOWN}
    by_pattern = {"^[\\u4e00-\\u9fa5]{1,12}$": "云", "^[0-9]{4}-[0-9]{2}$": "2026-05"}
    found = by_format.get(schema.get("format", "")) or by_pattern.get(schema.get("pattern", ""))
    return found or "1" * max(1, schema.get("minLength", 1))

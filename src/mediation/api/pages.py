"""The interface described as served: the committed OpenAPI document, and a page to read it by, offline."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from mediation.api import openapi as document

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
body{color:#222;background:#fff}
h2{margin:2rem 0 .5rem;border-bottom:1px solid #ddd}
details{border:1px solid #ddd;border-radius:4px;margin:.3rem 0}
summary{padding:.3rem .6rem;cursor:pointer}
code,pre{font:13px/1.4 ui-monospace,monospace}
pre{white-space:pre-wrap}
.m{display:inline-block;width:4rem;font-weight:600}
.in{padding:0 1rem .6rem}
.a{color:#666}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}details,h2{border-color:#444}a{color:#8bf}}
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "public, max-age=300",
}


async def openapi(_request: Request) -> Response:
    """Serve the OpenAPI document."""
    return Response(_document(), 200, {"Cache-Control": "public, max-age=300"}, "application/json")


async def reference(_request: Request) -> Response:
    """Serve the page that lists every operation; it needs no script and nothing from elsewhere."""
    return Response(_page(), 200, _HEADERS, "text/html; charset=utf-8")


@cache
def _document() -> bytes:
    return document.load()


@cache
def _page() -> bytes:
    api: dict[str, Any] = orjson.loads(_document())
    sections: dict[str, list[str]] = {tag["name"]: [] for tag in api["tags"]}
    for path, methods in api["paths"].items():
        for method, entry in methods.items():
            sections[entry["tags"][0]].append(_entry(method, path, entry))
    parts = [_heading(tag) + "".join(sections[tag["name"]]) for tag in api["tags"]]
    title = escape(api["info"]["title"])
    return (
        '<!doctype html><html lang="zh"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title} {escape(api['info']['version'])}</h1>"
        f"<pre>{escape(api['info']['description'])}</pre>"
        '<p><a href="/openapi.json">openapi.json</a> · <a href="/v1/procedure/diagram">diagram</a></p>'
        f"{''.join(parts)}"
    ).encode()


def _heading(tag: dict[str, str]) -> str:
    return f"<h2>{escape(tag['name'])} <span class=a>{escape(tag['description'])}</span></h2>"


def _entry(method: str, path: str, entry: dict[str, Any]) -> str:
    body = entry.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = body.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    example = next((e["value"] for e in body.get("examples", {}).values()), None)
    told = [f"<pre>{escape(entry.get('description', ''))}</pre>"]
    if schema:
        told.append(f"<p>body: <code>{escape(schema)}</code></p>")
    if example is not None:
        told.append(f"<pre>{escape(orjson.dumps(example, option=orjson.OPT_INDENT_2).decode())}</pre>")
    told.append(f"<p class=a>answers: {escape(', '.join(entry['responses']))}</p>")
    return (
        f'<details id="{escape(entry["operationId"])}"><summary><span class=m>{method.upper()}</span> '
        f"<code>{escape(path)}</code> {escape(entry['summary'])}</summary>"
        f"<div class=in>{''.join(told)}</div></details>"
    )

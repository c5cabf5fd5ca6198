"""What a request brings along, read and checked: its path, query, body and header fields."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

import orjson
from pydantic import ValidationError
from starlette.requests import Request

from mediation.api.nesting import is_too_deep
from mediation.api.problems import (
    BodyTooLargeError,
    BodyTooSlowError,
    BrokenJsonError,
    TooDeepError,
    UnsupportedMediaTypeError,
)
from mediation.api.queries import Query
from mediation.api.validation import explain, is_broken_json, refuse_header, refuse_query
from mediation.api.values import is_id
from mediation.api.wire import Body
from mediation.domain.errors import NotFoundError
from mediation.domain.labels import Label
from mediation.services.credentials import GrantError

JSON_TYPE: Final = re.compile(r'application/(?:json|[a-z0-9.+-]+\+json)\s*(?:;\s*charset="?utf-8"?\s*)?', re.IGNORECASE)
FORM_TYPE: Final = re.compile(r'application/x-www-form-urlencoded\s*(?:;\s*charset="?utf-8"?\s*)?', re.IGNORECASE)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ETAG = re.compile(r'(?:W/)?"([1-9][0-9]{0,9})"')

B = TypeVar("B", bound=Body)
Q = TypeVar("Q", bound=Query)


@dataclass(frozen=True, slots=True)
class Bound:
    """How large a body may be, in bytes, and how many seconds it may take to arrive."""

    size: int
    seconds: float


def path_arguments(request: Request) -> dict[str, Any]:
    """Give what the path names, ids in lower case; NotFoundError for what cannot be an id."""
    arguments = dict(request.path_params)
    for name, value in arguments.items():
        if name.endswith("_id"):
            if not is_id(value):
                raise NotFoundError
            arguments[name] = value.lower()
    return arguments


def parse_query(request: Request, kind: type[Q]) -> Q:
    """Read the query string; raises InvalidInputError."""
    given: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in kind.lists:
            given.setdefault(name, []).append(value)
        elif name in given:
            raise refuse_query(name, "given_twice", Label("只能填写一次", "Give it once."))
        else:
            given[name] = value
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise explain(error, "query:") from None


async def read_body(request: Request, media: re.Pattern[str], bound: Bound) -> bytes:
    """Read the whole body; raises when it is not of the media type, too large, too slow or too deep.

    The framework's own `max_body_size` answers in plain text, and every error here is a problem.
    """
    if not media.fullmatch(request.headers.get("content-type", "")):
        raise UnsupportedMediaTypeError
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > bound.size:
        raise BodyTooLargeError
    body = bytearray()
    try:
        async with asyncio.timeout(bound.seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > bound.size:
                    raise BodyTooLargeError
    except TimeoutError:
        raise BodyTooSlowError from None
    whole = bytes(body)
    if is_too_deep(whole):
        raise TooDeepError
    return whole


def parse_form(body: bytes, kind: type[B]) -> B:
    """Read the body of a form; GrantError where a field is given twice (RFC 6749, section 3.2) or too long."""
    try:
        given = parse_qsl(body.decode(), keep_blank_values=False)
    except UnicodeDecodeError:
        raise GrantError("invalid_request", "the form is not UTF-8") from None
    form = dict(given)
    if len(form) != len(given):
        raise GrantError("invalid_request", "a field was given twice")
    try:
        return kind.model_validate(form)
    except ValidationError:
        raise GrantError("invalid_request", "a field is too long") from None


def parse_json(body: bytes, kind: type[B], *, today: date) -> B:
    """Read and check a body of JSON; InvalidInputError with a pointer to each fault, BrokenJsonError."""
    try:
        return kind.model_validate_json(body, context={"today": today})
    except ValidationError as error:
        if is_broken_json(error):
            raise BrokenJsonError from None
        raise explain(error) from None


def fingerprint(request: Request, body: bytes) -> str:
    """Tell this request from another under the same key: method, path, for whom, and body, however it is spaced."""
    canonical = _canonical(body) if body else b""
    path: str = request.scope["path"]
    for value in request.path_params.values():
        path = path.replace(value, value.lower()) if is_id(value) else path
    behalf = request.headers.get("mediation-on-behalf-of", "").lower()
    acting = request.headers.get("mediation-acting-as", "").lower()
    head = f"{request.method}\n{path}\n{behalf}{acting and f'/{acting}'}".encode()
    return hashlib.sha256(head + canonical).hexdigest()


def _canonical(body: bytes) -> bytes:
    """The body however it is spaced; as it stands where it holds a number that our answers could not hold."""
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONDecodeError:
        return body


def version(request: Request, in_body: int | None) -> int | None:
    """The version that was read, by If-Match or by the body; InvalidInputError where the two differ."""
    header = request.headers.get("if-match")
    if header is None:
        return in_body
    found = _ETAG.fullmatch(header.strip())
    if found is None:
        text = Label('请填写读取时得到的 ETag,如 "3"', 'Send the ETag you were given, such as "3".')
        raise refuse_header("If-Match", "etag_format", text)
    if in_body is not None and in_body != int(found[1]):
        text = Label("与请求体中的 expected_version 不一致", "It differs from expected_version in the body.")
        raise refuse_header("If-Match", "versions_differ", text)
    return int(found[1])


def key(request: Request) -> str | None:
    """The Idempotency-Key; InvalidInputError where it is none."""
    found = request.headers.get("idempotency-key")
    if found is not None and not _KEY.fullmatch(found):
        text = Label("应为1至255个可见的ASCII字符", "Use 1 to 255 visible ASCII characters.")
        raise refuse_header("Idempotency-Key", "key_format", text)
    return found


def named(request: Request, header: str, text: Label) -> str | None:
    """The id that a header names, where it is sent; InvalidInputError with `text` for what is no id."""
    value = request.headers.get(header.lower())
    if value is not None and not is_id(value):
        raise refuse_header(header, "id_format", text)
    return value.lower() if value else None

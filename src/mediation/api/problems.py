"""Every error as application/problem+json (RFC 9457): what went wrong, what is in the way, the way out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mediation.api.catalogue import CATALOGUE, FALLBACK, INTERNAL, Kind, type_of
from mediation.api.citations import cited
from mediation.api.language import choose_language, say
from mediation.api.request_log import request_id_of
from mediation.api.strength import SignInTooWeakError
from mediation.domain.errors import (
    BlockedError,
    Blocker,
    InputError,
    InvalidInputError,
    Refusal,
    VersionConflictError,
)
from mediation.domain.labels import Label
from mediation.gateways.tokens import TokenError
from mediation.services.credentials import GrantError

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "2"
_WORD_OR_ID = re.compile(r"(?:[A-Za-z][A-Za-z0-9_.-]{0,63}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|)")
_ENDS_THE_CONNECTION = frozenset({408, 413})  # the rest of the body may still be coming
_CODES_OF_HTTP = {
    404: "route_unknown",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}


class SyntaxProblemError(Exception):
    """A body that cannot even be looked at."""

    code = "broken_json"


class BrokenJsonError(SyntaxProblemError):
    """The body is no JSON."""


class BodyTooLargeError(SyntaxProblemError):
    """The body is larger than this service takes."""

    code = "body_too_large"


class TooDeepError(SyntaxProblemError):
    """The body is nested deeper than anything this service takes."""

    code = "too_deep"


class BodyTooSlowError(SyntaxProblemError):
    """The body did not arrive in time."""

    code = "too_slow"


class UnsupportedMediaTypeError(SyntaxProblemError):
    """The body is not announced as JSON."""

    code = "unsupported_media_type"


class NotReadyError(Exception):
    """The database does not answer, or the process is about to stop."""

    code = "not_ready"


class StepUnknownError(Refusal):
    """The table has no such action."""

    code = "step_unknown"
    text = Label("没有这个步骤,全部步骤见 /v1/procedure", "There is no such step; all are listed at /v1/procedure.")


def problem(
    request: Request,
    code: str,
    *,
    detail: Label | None = None,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """Write one problem in the reader's language; `members` are added as they are."""
    kind = CATALOGUE.get(code) or CATALOGUE[FALLBACK]
    language = choose_language(request.headers.get("accept-language", ""))
    body = {
        "type": type_of(kind.code),
        "title": say(kind.title, language),
        "status": kind.status,
        "code": code,
        "detail": say(detail or kind.way_out, language),
        "instance": _place(request.url.path),
        "request_id": request_id_of(request.scope),
        **{name: value for name, value in members.items() if value},
    }
    return Response(
        orjson.dumps(body, default=str),
        status_code=kind.status,
        headers={**_headers(kind, language), **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def _place(path: str) -> str:
    """The path without anything that is no word and no id of ours: it may be a name or a number of somebody's."""
    return "/".join(part if _WORD_OR_ID.fullmatch(part) else "-" for part in path.split("/"))


def _headers(kind: Kind, language: str) -> dict[str, str]:
    headers = {"Cache-Control": "no-store", "Content-Language": language}
    if kind.status == 401:  # noqa: PLR2004 - the status asks for the header
        headers["WWW-Authenticate"] = f'Bearer realm="mediation", error="{_bearer_error(kind.code)}"'
    if kind.status in _ENDS_THE_CONNECTION:
        headers["Connection"] = "close"
    if kind.status == 503:  # noqa: PLR2004 - the status asks for the header
        headers["Retry-After"] = RETRY_AFTER
    return headers


def _bearer_error(code: str) -> str:
    return "invalid_request" if code in {"token_missing", "token_malformed"} else "invalid_token"


def on_refusal(request: Request, error: Exception) -> Response:
    """Answer what the law or a rule of the house refused."""
    assert isinstance(error, Refusal)  # noqa: S101 - registered for refusals only
    language = choose_language(request.headers.get("accept-language", ""))
    facts = dict(error.facts)
    version = facts.get("version") if isinstance(error, VersionConflictError) else None
    return problem(
        request,
        error.code,
        detail=None if error.text is type(error).text else error.text,
        headers=None if version is None else {"ETag": f'"{version}"'},
        errors=_errors(error.errors, language) if isinstance(error, InvalidInputError) else None,
        blockers=_blockers(error.blockers, language) if isinstance(error, BlockedError) else None,
        facts=facts,
    )


def _errors(errors: Sequence[InputError], language: str) -> list[dict[str, str]]:
    return [_error(error, language) for error in errors]


def _error(error: InputError, language: str) -> dict[str, str]:
    place, _, name = error.pointer.partition(":")
    where = {place: name.lstrip("/")} if name and place in {"header", "query"} else {"pointer": error.pointer}
    return {**where, "code": error.code, "detail": say(error.text, language)}


def _blockers(blockers: Sequence[Blocker], language: str) -> list[dict[str, Any]]:
    return [describe_blocker(blocker, text=say(blocker.text, language)) for blocker in blockers]


def describe_blocker(blocker: Blocker, *, text: Any) -> dict[str, Any]:
    """Write one reason: what is missing, who can lift it, on which basis."""
    return {
        "code": blocker.code,
        "text": text,
        "missing": blocker.missing,
        "lifted_by": list(blocker.lifted_by),
        "citations": cited(blocker.basis),
        "facts": dict(blocker.facts),
    }


def on_token_error(request: Request, error: Exception) -> Response:
    """Answer a token that does not say who calls."""
    assert isinstance(error, TokenError)  # noqa: S101 - registered for it only
    return problem(request, error.code)


def on_weak_sign_in(request: Request, error: Exception) -> Response:
    """Answer that a person has to sign in again, and how (RFC 9470, section 3)."""
    assert isinstance(error, SignInTooWeakError)  # noqa: S101 - registered for it only
    demand = error.demand
    how = f'Bearer realm="mediation", error="{error.code}", {demand.challenge}'
    facts = {"acr_values": list(demand.acr), "max_age": demand.max_age}
    asked = {name: value for name, value in facts.items() if value}
    return problem(request, error.code, headers={"WWW-Authenticate": how}, facts=asked)


def on_grant_error(request: Request, error: Exception) -> Response:
    """Answer a token that is not granted: a problem that carries the members of RFC 6749 (section 5.2) as well."""
    assert isinstance(error, GrantError)  # noqa: S101 - registered for it only
    return problem(request, error.code, error=error.code, error_description=str(error))


def on_coded_error(request: Request, error: Exception) -> Response:
    """Answer an error that carries its code and nothing else worth telling."""
    return problem(request, getattr(error, "code", INTERNAL))


def on_busy(request: Request, error: Exception) -> Response:
    """Answer that more work is waiting than the process admits, and when to come back."""
    return problem(request, "busy", headers={"Retry-After": str(getattr(error, "retry_after", RETRY_AFTER))})


def on_http_exception(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refused, in the same shape."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it only
    code = _CODES_OF_HTTP.get(error.status_code, INTERNAL)
    return problem(request, code, headers=dict(error.headers or {}))


def on_unexpected(request: Request, error: Exception) -> Response:
    """Answer a fault of our own: its code and the request id, nothing of its inside."""
    return problem(request, INTERNAL, headers={"X-Request-Id": request_id_of(request.scope)})

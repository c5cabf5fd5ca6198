"""One request on its way in and out: who calls, what was sent, one hop into the services, the answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from mediation.api import received
from mediation.api.abuse import Watch
from mediation.api.budgets import BudgetName
from mediation.api.client_certificates import ClientCertificates
from mediation.api.language import Language, choose_language
from mediation.api.problems import (
    UnsupportedMediaTypeError,
)
from mediation.api.queries import Query
from mediation.api.request_log import record_of
from mediation.api.strength import Credential, Strength
from mediation.api.wire import Body
from mediation.domain.access import CLIENT_SUBJECT
from mediation.domain.labels import Label
from mediation.domain.personal_data import Reading
from mediation.domain.retention import Schedule
from mediation.gateways.certificates import Certificate
from mediation.gateways.clock import real_now
from mediation.gateways.tokens import Identity, TokenError
from mediation.services import access_log, credentials, link_tokens
from mediation.services.caller import Answer, Caller
from mediation.services.credentials import GrantError
from mediation.services.link_tokens import LinkUse
from mediation.storage import Database

JSON = "application/json"
PRIVATE = {"Cache-Control": "private, no-store"}
PUBLIC = {"Cache-Control": "public, max-age=300"}


B = TypeVar("B", bound=Body)
Q = TypeVar("Q", bound=Query)


_ACTING_AS = Label("应为任职组织的标识(UUID)", "Name the id (UUID) of one of your organizations.")
_ON_BEHALF_OF = Label("应为被代理人员的标识(UUID)", "Name the id (UUID) of the person you act for.")


class Clock(Protocol):
    """What the service takes for now and for today in Shanghai."""

    def now(self) -> datetime: ...
    def today(self) -> date: ...


class Tokens(Protocol):
    """Tells who a bearer token stands for."""

    def verify_async(self, token: str, now: datetime) -> Awaitable[Identity]: ...


@dataclass(slots=True)
class Rooms:
    """What every request needs of the process it runs in."""

    database: Database
    clock: Clock
    tokens: Tokens
    watch: Watch
    max_body_bytes: int
    body_seconds: float
    audience: str
    certificates: ClientCertificates = field(default_factory=ClientCertificates)
    retention: Schedule = field(default_factory=Schedule)
    strength: Strength = field(default_factory=Strength)
    is_demo: bool = False
    after_clock: Callable[[], Awaitable[Any]] | None = None
    is_closing: bool = False

    async def is_ready(self) -> bool:
        """Whether the database answers and is migrated, and shutdown has not begun."""
        return not self.is_closing and await asyncio.to_thread(self.database.ready)


class Call:
    """One request: `identify` first, then parse, then one `read` or `write`."""

    __slots__ = ("_body", "_link", "_subject", "expected_version", "request", "rooms")

    def __init__(self, rooms: Rooms, request: Request) -> None:
        self.rooms = rooms
        self.request = request
        self.expected_version: int | None = None
        self._subject = ""
        self._link: LinkUse | None = None
        self._body: bytes = b""

    @property
    def language(self) -> Language:
        """The reader's language."""
        return choose_language(self.request.headers.get("accept-language", ""))

    def refuse_forged_certificate(self) -> None:
        """TokenError where a client certificate is told of by somebody else than the proxy in front."""
        self.rooms.certificates.refuse_forged(self.request)

    @property
    def certificate(self) -> Certificate | None:
        """The client certificate that came along; TokenError for one that cannot be read."""
        return self.rooms.certificates.shown(self.request)

    async def identify(self, *, by_link: bool = False, steps_up: bool = False) -> None:
        """Find who calls, by an account's token or by a party's access link alone; raises TokenError.

        Also for a client certificate that somebody else than the proxy in front tells of, whether or not it is needed.
        SignInTooWeakError where a person did not sign in as the settings ask, or as a sensitive operation does.
        """
        self.refuse_forged_certificate()
        scheme, _, token = self.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise TokenError("token_missing", "no bearer token was sent")
        token = token.strip()
        record = record_of(self.request.scope)
        if token:
            record.signs_in_with(_credential(token))
        if link_tokens.is_link(token) != by_link:
            raise TokenError("token_invalid", "an access link serves /v1/party and nothing else does")
        if by_link:
            found = await self.rooms.database.read(link_tokens.check_link, token, self.rooms.clock.today())
            self._link, subject = found, found.subject
        else:
            subject = await self._subject_of(token, steps_up=steps_up)
        self._subject = record.actor = subject
        record.is_signed_in = True

    @property
    def link(self) -> LinkUse:
        """The access link that says who calls, where the operation takes one."""
        assert self._link is not None  # noqa: S101 - such an operation identifies by nothing else
        return self._link

    async def _subject_of(self, token: str, *, steps_up: bool) -> str:
        """Whom a bearer token speaks for: another system by its key or our token, a person by the issuer's."""
        rooms = self.rooms
        if credentials.is_token(token):
            return credentials.open_token(rooms.database.vault, token, real_now(), self.certificate)
        if not credentials.is_key(token):
            identity = await rooms.tokens.verify_async(token, real_now())
            rooms.strength.check(identity, real_now(), steps_up=steps_up)
            return identity.subject
        now = rooms.clock.now()
        use = await rooms.database.read(credentials.check_key, token, rooms.clock.today(), now)
        if use.is_news:
            await rooms.database.write(credentials.note_use, use, now)
        return use.subject

    async def count(self, budget: BudgetName | None = None) -> None:
        """Count the request for who calls, and against a budget of its own; TooManyRequestsError when one is spent."""
        watch, subject = self.rooms.watch, self._subject or None
        if subject is not None:
            kind: BudgetName = "client" if subject.startswith(CLIENT_SUBJECT) else "person"
            await watch.count(self.request, kind, subject=subject)
        if budget is not None:
            await watch.count(self.request, budget, subject=subject)

    def path_arguments(self) -> dict[str, Any]:
        """Give what the path names, ids in lower case; what cannot be an id is not found."""
        return received.path_arguments(self.request)

    def parse_query(self, kind: type[Q]) -> Q:
        """Read the query string; raises InvalidInputError."""
        return received.parse_query(self.request, kind)

    def refuse_query(self) -> None:
        """Refuse any query string where none is taken."""
        if self.request.scope["query_string"]:
            self.parse_query(Query)

    async def read_body(self, media: re.Pattern[str] = received.JSON_TYPE) -> bytes:
        """Read the whole body; raises when it is not of the media type, too large, too slow or too deep."""
        bound = received.Bound(self.rooms.max_body_bytes, self.rooms.body_seconds)
        self._body = await received.read_body(self.request, media, bound)
        return self._body

    async def parse_form(self, kind: type[B]) -> B:
        """Read the body of a form; a field given twice is refused, as OAuth has it (RFC 6749, section 3.2)."""
        try:
            return received.parse_form(await self.read_body(received.FORM_TYPE), kind)
        except UnsupportedMediaTypeError:
            raise GrantError("invalid_request", "send application/x-www-form-urlencoded") from None

    async def parse_body(self, kind: type[B]) -> B:
        """Read and check the body; raises InvalidInputError with a pointer to each fault."""
        parsed = received.parse_json(await self.read_body(), kind, today=self.rooms.clock.today())
        self._compare_versions(getattr(parsed, "expected_version", None))
        return parsed

    def caller(self) -> Caller:
        """Tell the services who calls, when, and under which key."""
        headers = self.request.headers
        if self.expected_version is None and "if-match" in headers:
            self._compare_versions(None)
        key = received.key(self.request) if self.request.method == "POST" else None
        return Caller(
            subject=self._subject,
            now=self.rooms.clock.now(),
            today=self.rooms.clock.today(),
            request_id=record_of(self.request.scope).request_id,
            language=self.language,
            acting_as=received.named(self.request, "Mediation-Acting-As", _ACTING_AS),
            on_behalf_of=received.named(self.request, "Mediation-On-Behalf-Of", _ON_BEHALF_OF),
            key=key,
            fingerprint=None if key is None else received.fingerprint(self.request, self._body),
            expected_version=self.expected_version,
        )

    async def read(self, service: Callable[..., Any], *args: Any) -> Any:
        """Ask a service in one hop that writes nothing."""
        found, _ = await self._read(service, *args)
        return found

    async def _read(self, service: Callable[..., Any], *args: Any) -> tuple[Any, bool]:
        """What a service answers, and whether it was noted: each reading of a case that a grant shows more of is."""
        caller = replace(self.caller(), raised_for=set())
        found = await self.rooms.database.read(self._counted(service), caller, *args)
        for how, case_id, purpose in sorted(caller.raised_for or ()):
            about = Reading(f"{how}.{service.__name__}", case_id, purpose=purpose)
            await self.rooms.database.write(access_log.note, caller, about)
        return found, bool(caller.raised_for)

    async def read_noted(
        self,
        service: Callable[..., Any],
        *args: Any,
        about: Reading,
        unless: Callable[[Any], bool] = lambda _found: False,
    ) -> Any:
        """Ask a service as `read` does, and keep in the access log that it was read, before it is answered."""
        found, is_noted = await self._read(service, *args)
        if not is_noted and not unless(found):
            await self.rooms.database.write(access_log.note, self.caller(), about)
        return found

    async def write(self, service: Callable[..., Answer], *args: Any) -> Response:
        """Give a command in one hop, and answer with what was committed."""
        return self._answer(await self.rooms.database.write(self._counted(service), self.caller(), *args))

    async def try_out(self, service: Callable[..., Answer], *args: Any) -> Response:
        """Judge a command in a hop that can write nothing."""
        return self._answer(await self.rooms.database.read(self._counted(service), self.caller(), *args))

    def _counted(self, service: Callable[..., Any]) -> Callable[..., Any]:
        """Note for the log how many statements the hop took."""
        record = record_of(self.request.scope)

        def run(unit: Any, *args: Any) -> Any:
            try:
                return service(unit, *args)
            finally:
                record.statements = unit.statements

        return run

    def next_page(self, position: str | int | None, *, parameter: str = "cursor") -> str | None:
        """Link to the page after this one, or give None on the last."""
        if position is None:
            return None
        others = [(name, value) for name, value in self.request.query_params.multi_items() if name != parameter]
        return f"{self.request.scope['path']}?{urlencode([*others, (parameter, str(position))])}"

    @staticmethod
    def document(document: Mapping[str, Any]) -> Response:
        """Answer with one thing on file, its version as ETag."""
        version = document.get("version")
        return respond(document, etag=None if version is None else f'"{version}"')

    def _answer(self, answer: Answer) -> Response:
        headers = dict(PRIVATE)
        if answer.etag is not None:
            headers["ETag"] = answer.etag
        if answer.location is not None:
            headers["Location"] = answer.location
        if answer.replayed:
            headers["Idempotency-Replayed"] = "true"
        return Response(answer.body, answer.status, headers, JSON)

    def _compare_versions(self, in_body: int | None) -> None:
        self.expected_version = received.version(self.request, in_body)


def _credential(token: str) -> Credential:
    """What kind of credential a bearer token is, told by how it begins."""
    if link_tokens.is_link(token):
        return Credential.LINK
    if credentials.is_token(token):
        return Credential.CLIENT_TOKEN
    return Credential.CLIENT_KEY if credentials.is_key(token) else Credential.OIDC


def respond(content: Mapping[str, Any], *, etag: str | None = None, status: int = 200) -> Response:
    """Answer with JSON that depends on who asks."""
    headers = PRIVATE if etag is None else {**PRIVATE, "ETag": etag}
    return Response(orjson.dumps(content), status, headers, JSON)


def respond_public(content: bytes, media: str = JSON) -> Response:
    """Answer with what is the same for everybody until the next release."""
    return Response(content, 200, PUBLIC, media)

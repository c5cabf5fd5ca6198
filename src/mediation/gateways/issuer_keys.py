"""The public keys of the issuer of our tokens: read from a file, or fetched from its address and kept."""

import asyncio
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import httpx
import structlog
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from mediation.gateways.keys import UnusableKeyError

ALGORITHMS: Final = ("RS256", "ES256", "EdDSA")
"""Signatures only, with one fixed hash each: with `none` or HS256 anybody could issue tokens."""

SECONDS_FRESH: Final = 3600.0
SECONDS_BETWEEN_FETCHES: Final = 60.0
SECONDS_TRUSTED: Final = 24 * 3600.0
SECONDS_A_FETCH_MAY_TAKE: Final = 5.0
LARGEST_ANSWER: Final = 256 * 1024
DISCOVERY: Final = "/.well-known/openid-configuration"

Keys = Mapping[str, PyJWK]
_log = structlog.get_logger(__name__)


class IssuerUnreachableError(Exception):
    """The issuer's keys were never read, or too long ago to trust them."""


class IssuerKeys(Protocol):
    """Where a verifier finds public keys; `edition` changes whenever the keys did."""

    edition: int

    def find(self, kid: str) -> PyJWK | None:
        """Return a key at hand, or None; raises IssuerUnreachableError."""

    async def freshen(self, kid: str) -> None:
        """Read the keys again if they are old, or do not hold this one; never raises."""


class KnownKeys:
    """Keys that do not change while the process runs."""

    edition = 0

    def __init__(self, jwks: object) -> None:
        self._keys = parse_keys(jwks)

    def find(self, kid: str) -> PyJWK | None:
        return self._keys.get(kid)

    async def freshen(self, kid: str) -> None:
        """Nothing to read again."""


class FetchedKeys:
    """Keys behind an address, read anew each hour, and at most once a minute when a token names one unknown.

    While the issuer cannot be reached, the keys last read serve on for a day. One request fetches;
    others with a known key go on meanwhile.
    """

    def __init__(
        self,
        url: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.edition = 0
        self._url = url
        self._transport = transport
        self._monotonic = monotonic
        self._keys: Keys = {}
        self._tried = self._fetched = -math.inf
        self._lock = asyncio.Lock()

    def find(self, kid: str) -> PyJWK | None:
        if self._monotonic() - self._fetched > SECONDS_TRUSTED:
            raise IssuerUnreachableError(self._url)
        return self._keys.get(kid)

    async def freshen(self, kid: str) -> None:
        if kid in self._keys and (self._are_fresh() or self._lock.locked()):
            return
        async with self._lock:
            if (kid in self._keys and self._are_fresh()) or not self._may_fetch():
                return  # another call fetched while this one waited, or tried a moment ago
            self._tried = self._monotonic()
            await self._fetch()

    def _are_fresh(self) -> bool:
        return self._monotonic() - self._fetched <= SECONDS_FRESH

    def _may_fetch(self) -> bool:
        return self._monotonic() - self._tried >= SECONDS_BETWEEN_FETCHES

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(SECONDS_A_FETCH_MAY_TAKE):
                keys = parse_keys(await self._read(await self._where()))
        except (httpx.HTTPError, TimeoutError, ValueError, RecursionError) as error:
            _log.warning("issuer_keys_not_read", url=self._url, error=str(error) or type(error).__name__)
            return
        self._keys, self._fetched = keys, self._monotonic()
        self.edition += 1

    async def _where(self) -> str:
        """Where the keys are now."""
        return self._url

    async def _read(self, url: str) -> object:
        timeout = SECONDS_A_FETCH_MAY_TAKE
        async with (
            httpx.AsyncClient(transport=self._transport, timeout=timeout) as client,
            client.stream("GET", url, headers={"Accept": "application/json"}) as response,
        ):
            response.raise_for_status()
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > LARGEST_ANSWER:
                    raise ValueError("the answer is too large")
        answer: object = json.loads(content)
        return answer


class DiscoveredKeys(FetchedKeys):
    """Keys of an issuer that says itself where they are (OpenID Connect Discovery 1.0, section 4)."""

    def __init__(
        self,
        issuer: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(issuer.removesuffix("/") + DISCOVERY, transport=transport, monotonic=monotonic)
        self._issuer = issuer

    async def _where(self) -> str:
        """Ask the issuer each time: it may move its keys. What it says must be about itself, and read safely."""
        found = await self._read(self._url)
        if not isinstance(found, dict) or found.get("issuer") != self._issuer:
            raise ValueError("the document does not describe the issuer it was asked of")
        url = found.get("jwks_uri")
        if not isinstance(url, str) or not is_safe(url):
            raise ValueError("the document names no safe address of keys (jwks_uri)")
        return url


def is_safe(url: str) -> bool:
    """Whether an answer from there can be trusted: encrypted, or from this machine itself."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    if parsed.scheme == "http":
        return parsed.host in {"localhost", "127.0.0.1", "::1"}
    return parsed.scheme == "https" and bool(parsed.host)


def read_keys(path: Path) -> KnownKeys:
    """Return the keys kept in a JWKS file; raises UnusableKeyError."""
    try:
        return KnownKeys(json.loads(path.read_bytes()))
    except OSError as error:
        raise UnusableKeyError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise UnusableKeyError(f"{path} holds no usable keys: {error}") from None


def parse_keys(jwks: object) -> Keys:
    """Return the keys that may sign tokens, by `kid`; raises ValueError if there is none.

    Keys of other kinds, for encryption, or without a `kid` are passed over: issuers publish them together. A `kid`
    that two signing keys share names neither.
    """
    entries = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(entries, list):
        raise ValueError("not a JSON Web Key Set")  # noqa: TRY004 - what came over the network, not a programmer's slip
    found = [(entry["kid"], key) for entry in entries if (key := _signing_key(entry)) is not None]
    named = Counter(kid for kid, _ in found)
    keys = {kid: key for kid, key in found if named[kid] == 1}
    if not keys:
        raise ValueError(f"no key for {', '.join(ALGORITHMS)} that has a kid")
    return keys


def _signing_key(entry: Any) -> PyJWK | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str):
        return None
    if entry.get("use", "sig") != "sig" or not isinstance(entry.get("alg"), str | None):
        return None
    try:
        key = PyJWK(entry)
    except (PyJWTError, TypeError):  # TypeError: a member that is no text
        return None
    return key if key.algorithm_name in ALGORITHMS else None

"""Who calls: a bearer token signed by the issuer we trust becomes an identity, any other an error."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import jwt
from jwt import PyJWK
from jwt.exceptions import DecodeError, InvalidSignatureError, PyJWTError

from mediation.domain.access import RESERVED_SUBJECTS
from mediation.gateways.demo_issuer import DemoIssuer
from mediation.gateways.issuer_keys import (
    ALGORITHMS,
    DiscoveredKeys,
    FetchedKeys,
    IssuerKeys,
    IssuerUnreachableError,
    KnownKeys,
    read_keys,
)

__all__ = [
    "DemoIssuer",
    "DiscoveredKeys",
    "FetchedKeys",
    "Identity",
    "IssuerKeys",
    "KnownKeys",
    "TokenError",
    "Verifier",
    "read_keys",
]

TokenErrorCode = Literal[
    "token_missing", "token_malformed", "token_expired", "token_invalid", "certificate_refused", "issuer_unreachable"
]

ACCESS_TOKEN_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})
"""What RFC 9068 calls an access token; an issuer that does not type its tokens says JWT, or nothing."""
UNTYPED: Final = frozenset({None, "jwt"})
ONLY_IN_ID_TOKENS: Final = ("nonce", "at_hash", "c_hash", "s_hash")
CACHED_TOKENS: Final = 4096
LONGEST_TOKEN: Final = 8192
LONGEST_SUBJECT: Final = 200
LONGEST_LIFETIME: Final = 24 * 3600  # of an access token, in seconds
SECONDS_OF_SKEW: Final = 30  # an issuer's clock may run ahead of ours; nothing is granted after `exp`


@dataclass(frozen=True, slots=True)
class Identity:
    """What a valid token says: who, by whom, until when (seconds since 1970). Roles are not read from it.

    `acr` is how strongly the person signed in and `signed_in_at` when (`auth_time`), where the issuer says so.
    """

    subject: str
    issuer: str
    expires_at: int
    acr: str | None = None
    signed_in_at: float | None = None


class TokenError(Exception):
    """A token that does not say who calls; `issuer_unreachable` is our trouble, the rest are the caller's."""

    def __init__(self, code: TokenErrorCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Header:
    """What a token says before its signature: its key, its algorithm, and whether it is typed as an access token."""

    kid: str
    algorithm: str
    is_typed: bool


@dataclass(frozen=True, slots=True)
class _Verified:
    """A token whose signature, issuer and audience were found right."""

    identity: Identity
    not_before: float
    kid: str
    edition: int


class Verifier:
    """Checks tokens, and remembers for each good one that its signature was.

    `now` is the real time (`clock.real_now()`), never the demo's clock: that one is moved over years, which
    would make every token of today expired or not valid yet, and moving it back would revive expired ones.
    """

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        keys: IssuerKeys,
        authorized_parties: Collection[str] = (),
        cached: int = CACHED_TOKENS,
    ) -> None:
        """`authorized_parties`: the only front ends (`azp` or `client_id`) whose tokens are taken; none named: all."""
        self._issuer = issuer
        self._audience = audience
        self._authorized_parties = frozenset(authorized_parties)
        self._keys = keys
        self._cached = cached
        self._verified: dict[bytes, _Verified] = {}
        self._lock = threading.Lock()

    def verify(self, token: str, now: datetime) -> Identity:
        """Return who calls, from the keys at hand; raises TokenError."""
        digest = _digest(token)
        found = self._verified.get(digest)
        if found is None or found.edition != self._keys.edition or self._key(found.kid) is None:
            found = self._check(token, _header(token))
            self._remember(digest, found)
        _check_time(found, now.timestamp())
        return found.identity

    async def verify_async(self, token: str, now: datetime) -> Identity:
        """Return who calls, after reading the issuer's keys if need be; raises TokenError."""
        found = self._verified.get(_digest(token))
        await self._keys.freshen(found.kid if found is not None else _header(token).kid)
        return self.verify(token, now)

    def _check(self, token: str, header: _Header) -> _Verified:
        edition = self._keys.edition
        key = self._key(header.kid)
        if key is None or key.algorithm_name != header.algorithm:
            raise TokenError("token_invalid", "signed with a key that the issuer does not publish")
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                options={
                    "require": ["iss", "aud", "exp", "iat", "sub"],
                    "verify_exp": False,  # judged against `now`, on each use
                    "verify_nbf": False,
                    "verify_iat": False,
                    "enforce_minimum_key_length": True,
                },
            )
        except InvalidSignatureError:
            raise TokenError("token_invalid", "the signature does not fit") from None
        except (DecodeError, RecursionError):
            raise TokenError("token_malformed", "not a signed token") from None
        except PyJWTError as error:
            raise TokenError("token_invalid", str(error)) from None
        _check_purpose(claims, self._authorized_parties, is_typed=header.is_typed)
        not_before = max(_moment(claims.get("nbf", 0), "nbf"), _moment(claims["iat"], "iat"))
        return _Verified(_identity(claims), not_before, header.kid, edition)

    def _key(self, kid: str) -> PyJWK | None:
        """The issuer's key of this name; TokenError once the keys were read too long ago to go by them."""
        try:
            return self._keys.find(kid)
        except IssuerUnreachableError:
            raise TokenError("issuer_unreachable", "the issuer's keys could not be read") from None

    def _remember(self, digest: bytes, verified: _Verified) -> None:
        with self._lock:
            self._verified.pop(digest, None)
            while len(self._verified) >= self._cached:
                del self._verified[next(iter(self._verified))]
            self._verified[digest] = verified


def _digest(token: str) -> bytes:
    if not token:
        raise TokenError("token_missing", "no bearer token was sent")
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise TokenError("token_malformed", "not a signed token")
    return hashlib.sha256(token.encode()).digest()


def _header(token: str) -> _Header:
    """What the header may say: which key, which of our algorithms. Keys it brings or points to count for nothing."""
    try:
        header = jwt.get_unverified_header(token)
    except (PyJWTError, RecursionError):
        raise TokenError("token_malformed", "not a signed token") from None
    if header.get("alg") not in ALGORITHMS:
        raise TokenError("token_invalid", f"signed in a way other than {', '.join(ALGORITHMS)}")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise TokenError("token_invalid", "does not name its key (kid)")
    if "crit" in header:
        raise TokenError("token_invalid", "asks for an extension that this service does not know (crit)")
    kind = header.get("typ")
    kind = kind.lower() if isinstance(kind, str) else kind
    if not isinstance(kind, str | None) or kind not in UNTYPED | ACCESS_TOKEN_TYPES:
        raise TokenError("token_invalid", "is no access token by its type (typ)")
    return _Header(kid, header["alg"], kind in ACCESS_TOKEN_TYPES)


def _check_purpose(claims: dict[str, Any], authorized_parties: Collection[str], *, is_typed: bool) -> None:
    """Refuse what was signed for another purpose: an ID or logout token, one for another front end, one for ever."""
    if not is_typed and any(name in claims for name in ONLY_IN_ID_TOKENS):
        raise TokenError("token_invalid", "is an ID token; send the access token")
    if claims.get("typ", "Bearer") not in ("Bearer", "JWT") or "events" in claims:
        raise TokenError("token_invalid", "is no access token by its claims (typ, events)")
    party = claims.get("azp", claims.get("client_id"))
    if authorized_parties and not (isinstance(party, str) and party in authorized_parties):
        raise TokenError("token_invalid", "was issued to a front end that this service does not know (azp)")
    if _moment(claims["exp"], "exp") - _moment(claims["iat"], "iat") > LONGEST_LIFETIME:
        raise TokenError("token_invalid", "lives longer than a day; issue access tokens for less")


def _identity(claims: dict[str, Any]) -> Identity:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise TokenError("token_invalid", f"sub is not a printable text of 1 to {LONGEST_SUBJECT} characters")
    if subject.startswith(RESERVED_SUBJECTS):
        raise TokenError("token_invalid", "sub is a name kept for other systems and for access links")
    acr, signed_in_at = claims.get("acr"), claims.get("auth_time")
    return Identity(
        subject,
        claims["iss"],
        int(_moment(claims["exp"], "exp")),
        acr if isinstance(acr, str) else None,
        None if signed_in_at is None else _moment(signed_in_at, "auth_time"),
    )


def _moment(value: object, name: str) -> float:
    """Return seconds since 1970 (a year beyond 9999 is taken for a mistake)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 253402300800:  # noqa: PLR2004
        raise TokenError("token_invalid", f"{name} is not a number of seconds since 1970")
    return value


def _check_time(verified: _Verified, now: float) -> None:
    if now >= verified.identity.expires_at:
        raise TokenError("token_expired", "the token has expired; ask for a new one")
    if now + SECONDS_OF_SKEW < verified.not_before:
        raise TokenError("token_invalid", "the token is not valid yet")

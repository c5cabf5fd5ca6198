"""How another system proves who it is: a short-lived assertion signed with its own key (RFC 7523), taken only once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from mediation.gateways.issuer_keys import ALGORITHMS, parse_keys

LONGEST_LIFETIME: Final = 300  # seconds
SECONDS_OF_SKEW: Final = 30
LONGEST_ASSERTION: Final = 8192
LONGEST_JTI: Final = 200
MOST_KEYS: Final = 4
SMALLEST_RSA: Final = 3072
LATEST_MOMENT: Final = 253_402_300_799
"""The last second of the year 9999."""
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_PUBLIC: Final = ("kty", "crv", "x", "y", "n", "e", "kid", "alg", "use")
_TYPES: Final = frozenset({None, "jwt", "client-authentication+jwt"})


class AssertionRefusedError(Exception):
    """An assertion that proves nothing; the reason is for the system that sent it."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion whose signature, audience and time were found right: its name, and when it is over."""

    jti: str
    expires_at: datetime


def public_keys(jwks: object) -> dict[str, list[dict[str, Any]]]:
    """The public members of a system's key set, each entry usable; ValueError says what is wrong with it."""
    entries = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_KEYS:
        raise ValueError(f"not a JSON Web Key Set of 1 to {MOST_KEYS} keys")
    for entry in entries:
        if isinstance(entry, dict) and _PRIVATE & entry.keys():
            raise ValueError("holds a private or shared key; keep it, and send the public half only")
    kept = [{name: e[name] for name in _PUBLIC if name in e} for e in entries if isinstance(e, dict)]
    if not all(isinstance(value, str) for entry in kept for value in entry.values()):
        raise ValueError(f"{', '.join(_PUBLIC)} are texts")
    found = parse_keys({"keys": kept})
    if len(found) != len(entries):
        raise ValueError(f"each key is for {', '.join(ALGORITHMS)}, for signatures, and has a kid of its own")
    if any(_is_short(key) for key in found.values()):
        raise ValueError(f"an RSA key has {SMALLEST_RSA} bits or more")
    return {"keys": kept}


def claimed_client(assertion: str) -> str:
    """Who the assertion says it is from, before anything is verified: only good for finding that system's keys."""
    claims = _unverified(assertion)
    if not isinstance(claims.get("iss"), str) or claims.get("sub") != claims["iss"]:
        raise AssertionRefusedError("iss and sub are both the id of the client")
    found: str = claims["iss"]
    if not (found.isascii() and found.isprintable()):  # no database takes a lone surrogate or a zero byte
        raise AssertionRefusedError("iss and sub are both the id of the client")
    return found


def verify_assertion(
    assertion: str, jwks: Mapping[str, Any], *, client_id: str, audience: str, now: datetime
) -> Assertion:
    """The assertion, when the client signed it for us a moment ago; raises AssertionRefusedError. `now` is real."""
    key = _key(assertion, jwks)
    try:
        claims = jwt.decode(
            assertion,
            key,
            algorithms=ALGORITHMS,
            audience=audience,
            issuer=client_id,
            subject=client_id,
            options={
                "require": ["iss", "sub", "aud", "exp", "jti"],
                "verify_exp": False,  # judged against `now`
                "verify_nbf": False,
                "verify_iat": False,
                "enforce_minimum_key_length": True,
            },
        )
    except PyJWTError as error:
        raise AssertionRefusedError(str(error)) from None
    _check_time(claims, now.timestamp())
    jti = claims["jti"]
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI or not jti.isprintable():
        raise AssertionRefusedError(f"jti is not a printable text of 1 to {LONGEST_JTI} characters")
    return Assertion(jti, datetime.fromtimestamp(claims["exp"] + SECONDS_OF_SKEW, UTC))


def _unverified(assertion: str) -> dict[str, Any]:
    if len(assertion) > LONGEST_ASSERTION:
        raise AssertionRefusedError("too long to be an assertion")
    try:
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    except (PyJWTError, RecursionError):
        raise AssertionRefusedError("not a signed assertion") from None
    return claims


def _key(assertion: str, jwks: Mapping[str, Any]) -> PyJWK:
    try:
        header = jwt.get_unverified_header(assertion)
    except PyJWTError:
        raise AssertionRefusedError("not a signed assertion") from None
    kind = header.get("typ")
    kid = header.get("kid")
    key = parse_keys(jwks).get(kid) if isinstance(kid, str) else None
    if key is None or header.get("alg") != key.algorithm_name:
        raise AssertionRefusedError("signed with a key (kid, alg) that is not registered for this client")
    kind = kind.lower() if isinstance(kind, str) else kind
    if "crit" in header or not isinstance(kind, str | None) or kind not in _TYPES:
        raise AssertionRefusedError("typ is JWT, and there are no critical extensions")
    return key


def _check_time(claims: Mapping[str, Any], now: float) -> None:
    exp, iat, nbf = claims["exp"], claims.get("iat"), claims.get("nbf")
    for moment in (exp, iat, nbf):
        if moment is not None and not _is_moment(moment):
            raise AssertionRefusedError("exp, iat and nbf are numbers of seconds since 1970")
    if now >= exp:
        raise AssertionRefusedError("has expired")
    if exp - now > LONGEST_LIFETIME + SECONDS_OF_SKEW or (iat is not None and exp - iat > LONGEST_LIFETIME):
        raise AssertionRefusedError(f"lives longer than {LONGEST_LIFETIME} seconds")
    if max(iat or 0, nbf or 0) > now + SECONDS_OF_SKEW:
        raise AssertionRefusedError("is not valid yet")


def _is_moment(value: object) -> bool:
    """Whether it is a number of seconds that a calendar has: NaN, which is after nothing, and endless ones are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LATEST_MOMENT


def _is_short(key: PyJWK) -> bool:
    return isinstance(key.key, RSAPublicKey) and key.key.key_size < SMALLEST_RSA

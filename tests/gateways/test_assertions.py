"""Assertions of other systems: signed with a registered key, for us, a moment ago, under a name of their own."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from mediation.gateways.assertions import AssertionRefusedError, claimed_client, public_keys, verify_assertion

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLIENT = "0198a1a0-0000-7000-8000-000000000000"
AUDIENCE = "mediation"
ED25519 = ed25519.Ed25519PrivateKey.generate()
P256 = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 3072)
WEAK_RSA = rsa.generate_private_key(65537, 2048)
JWK = {**OKPAlgorithm.to_jwk(ED25519.public_key(), as_dict=True), "kid": "one"}
JWKS = {"keys": [JWK, {**ECAlgorithm.to_jwk(P256.public_key(), as_dict=True), "kid": "two", "alg": "ES256"}]}


def at(seconds: float) -> int:
    return int((NOW + timedelta(seconds=seconds)).timestamp())


def assertion(
    key: Any = ED25519, algorithm: str = "EdDSA", header: dict[str, Any] | None = None, **changes: object
) -> str:
    claims = {"iss": CLIENT, "sub": CLIENT, "aud": AUDIENCE, "iat": at(0), "exp": at(120), "jti": "a"} | changes
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(given, key, algorithm, headers={"kid": "one", **(header or {})})


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def verified(text: str) -> str:
    """The name of the assertion, or `refused`."""
    try:
        return verify_assertion(text, JWKS, client_id=CLIENT, audience=AUDIENCE, now=NOW).jti
    except AssertionRefusedError:
        return "refused"


def test_an_assertion_says_from_whom_it_is_and_proves_it() -> None:
    text = assertion()

    assert claimed_client(text) == CLIENT
    found = verify_assertion(text, JWKS, client_id=CLIENT, audience=AUDIENCE, now=NOW)
    assert (found.jti, found.expires_at) == ("a", NOW + timedelta(seconds=150))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["elsewhere", AUDIENCE]},
        {"iat": None},
        {"exp": at(300)},
        {"iat": at(20), "exp": at(320)},
        {"nbf": at(20)},
        {"header": {"typ": "client-authentication+jwt"}},
        {"key": P256, "algorithm": "ES256", "header": {"kid": "two"}},
    ],
)
def test_an_assertion_is_good_for_five_minutes_whatever_of_our_algorithms_it_uses(changes: dict[str, Any]) -> None:
    assert verified(assertion(**changes)) == "a"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "elsewhere"},
        {"aud": None},
        {"iss": "another"},
        {"sub": "another"},
        {"exp": at(0)},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": at(331)},
        {"iat": at(-200), "exp": at(120)},
        {"iat": None, "exp": at(3600)},
        {"iat": at(100), "exp": at(120)},
        {"iat": "now"},
        {"nbf": at(31)},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 201},
        {"jti": "two\nlines"},
        {"header": {"kid": "unknown"}},
        {"header": {"kid": "two"}},
        {"header": {"typ": "at+jwt"}},
        {"key": ed25519.Ed25519PrivateKey.generate()},
        {"key": b"s" * 32, "algorithm": "HS256"},
        {"key": None, "algorithm": "none"},
        {"key": P256, "algorithm": "ES256", "header": {"kid": "one"}},
    ],
)
def test_an_assertion_that_is_wrong_in_anything_proves_nothing(changes: dict[str, Any]) -> None:
    assert verified(assertion(**changes)) == "refused"


@pytest.mark.parametrize(
    "header", [{"alg": "EdDSA"}, {"alg": "EdDSA", "kid": 1}, {"alg": "EdDSA", "kid": "one", "crit": ["x"]}]
)
def test_a_header_that_names_no_key_or_asks_for_more_proves_nothing(header: dict[str, Any]) -> None:
    claims = {"iss": CLIENT, "sub": CLIENT, "aud": AUDIENCE, "iat": at(0), "exp": at(120), "jti": "a"}
    signed = ".".join(encoded(part) for part in (header, claims))
    signature = base64.urlsafe_b64encode(ED25519.sign(signed.encode())).decode().rstrip("=")

    assert verified(f"{signed}.{signature}") == "refused"


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "x" * 8193, "令牌"])
def test_what_is_no_assertion_names_nobody(text: str) -> None:
    with pytest.raises(AssertionRefusedError):
        claimed_client(text)


@pytest.mark.parametrize("changes", [{"iss": 1, "sub": 1}, {"iss": None}, {"sub": None}, {"sub": "another"}])
def test_who_issues_an_assertion_is_who_it_is_about(changes: dict[str, Any]) -> None:
    said = {name: value for name, value in ({"iss": CLIENT, "sub": CLIENT} | changes).items() if value is not None}
    text = jwt.PyJWS().encode(json.dumps(said).encode(), ED25519, "EdDSA")

    with pytest.raises(AssertionRefusedError):
        claimed_client(text)


def test_of_a_key_set_only_the_public_members_are_kept() -> None:
    kept = public_keys({"keys": [{**JWK, "x5u": "https://elsewhere.example", "note": "ours"}], "more": 1})

    assert kept == {"keys": [JWK]}


@pytest.mark.parametrize(
    "jwks",
    [
        None,
        {},
        {"keys": []},
        {"keys": [JWK | {"kid": str(number)} for number in range(5)]},
        {"keys": [1]},
        {"keys": [{name: value for name, value in JWK.items() if name != "kid"}]},
        {"keys": [JWK, JWK]},
        {"keys": [{**JWK, "use": "enc"}]},
        {"keys": [{**JWK, "crv": "unknown"}]},
        {"keys": [OKPAlgorithm.to_jwk(ED25519, as_dict=True) | {"kid": "one"}]},
        {"keys": [{"kty": "oct", "kid": "one", "k": "c2VjcmV0"}]},
        {"keys": [{**RSAAlgorithm.to_jwk(WEAK_RSA.public_key(), as_dict=True), "kid": "weak", "alg": "RS256"}]},
        {"keys": [JWK, {**ECAlgorithm.to_jwk(P256.public_key(), as_dict=True), "kid": "two", "alg": "ES512"}]},
    ],
)
def test_a_key_set_is_taken_whole_or_not_at_all(jwks: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        public_keys(jwks)


def test_an_rsa_key_of_3072_bits_is_long_enough() -> None:
    jwk = {**RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": "rsa", "alg": "RS256"}

    assert public_keys({"keys": [jwk]}) == {"keys": [{n: jwk[n] for n in ("kty", "n", "e", "kid", "alg") if n in jwk}]}

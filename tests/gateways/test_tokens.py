import asyncio
import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from mediation.gateways.keys import UnusableKeyError
from mediation.gateways.tokens import (
    DemoIssuer,
    DiscoveredKeys,
    FetchedKeys,
    Identity,
    KnownKeys,
    TokenError,
    Verifier,
    read_keys,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ISSUER = "https://id.example"
AUDIENCE = "mediation"
URL = "https://id.example/keys"

ED25519 = ed25519.Ed25519PrivateKey.generate()
P256 = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
WEAK_RSA = rsa.generate_private_key(65537, 1024)  # noqa: S505 - refused, which is the point
JWKS = {
    "keys": [
        {**OKPAlgorithm.to_jwk(ED25519.public_key(), as_dict=True), "kid": "ed"},
        {**ECAlgorithm.to_jwk(P256.public_key(), as_dict=True), "kid": "ec", "use": "sig"},
        {**RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": "rsa", "alg": "RS256"},
        {**RSAAlgorithm.to_jwk(WEAK_RSA.public_key(), as_dict=True), "kid": "weak", "alg": "RS256"},
    ]
}


DemoKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


def pem(key: DemoKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def claims(**changes: object) -> dict[str, Any]:
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "clerk-lin",
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(hours=1)).timestamp()),
    } | changes


def token(
    key: Any = ED25519,
    algorithm: str = "EdDSA",
    kid: str | None = "ed",
    header: dict[str, Any] | None = None,
    **changes: object,
) -> str:
    payload = {name: value for name, value in claims(**changes).items() if value is not None}
    return jwt.encode(payload, key, algorithm, headers={**({} if kid is None else {"kid": kid}), **(header or {})})


def raw(header: dict[str, object], payload: dict[str, Any], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def verifier(jwks: object = JWKS, *, cached: int = 10) -> Verifier:
    return Verifier(issuer=ISSUER, audience=AUDIENCE, keys=KnownKeys(jwks), cached=cached)


def refusal(text: str, *, now: datetime = NOW, by: Verifier | None = None) -> str:
    with pytest.raises(TokenError) as caught:
        (by or verifier()).verify(text, now)
    return caught.value.code


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"), [(ED25519, "EdDSA", "ed"), (P256, "ES256", "ec"), (RSA, "RS256", "rsa")]
)
def test_a_signed_token_says_who_calls(key: Any, algorithm: str, kid: str) -> None:
    identity = verifier().verify(token(key, algorithm, kid), NOW)

    assert identity == Identity("clerk-lin", ISSUER, int(NOW.timestamp()) + 3600)


def test_one_of_several_audiences_may_be_ours() -> None:
    assert verifier().verify(token(aud=["other", AUDIENCE]), NOW).subject == "clerk-lin"


def test_no_token_is_missing() -> None:
    assert refusal("") == "token_missing"


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "a.b.c",
        "令牌",
        "x" * 8193,
        "....",
        base64.urlsafe_b64encode(b"[" * 6000).decode() + ".e30.",
        base64.urlsafe_b64encode(b"[]").decode() + ".e30.",
        token() + ".extra",
    ],
)
def test_what_is_no_token_is_malformed(text: str) -> None:
    assert refusal(text) == "token_malformed"


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "ES384", "", None])
def test_an_unsigned_or_shared_secret_token_is_refused(algorithm: str | None) -> None:
    assert refusal(raw({"alg": algorithm, "kid": "ed"}, claims())) == "token_invalid"


def test_a_public_key_is_no_shared_secret() -> None:
    jwk = base64.urlsafe_b64encode(json.dumps(JWKS["keys"][1]).encode()).decode()

    text = jwt.encode(claims(), jwk, "HS256", headers={"kid": "ec"})

    assert refusal(text) == "token_invalid"


def test_a_shared_secret_among_the_keys_is_passed_over() -> None:
    secret = {"kty": "oct", "kid": "secret", "k": base64.urlsafe_b64encode(b"s" * 32).decode()}
    text = jwt.encode(claims(), b"s" * 32, "HS256", headers={"kid": "secret"})

    assert refusal(text, by=verifier({"keys": [*JWKS["keys"], secret]})) == "token_invalid"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"aud": []},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"exp": None},
        {"exp": True},
        {"exp": "tomorrow"},
        {"exp": 10**15},
        {"nbf": "today"},
        {"iat": None},
        {"iat": "today"},
        {"iat": int(NOW.timestamp()) + 100},
        {"exp": int(NOW.timestamp()) + 86_401},
        {"sub": "client:0198a1a0-0000-7000-8000-000000000000"},
        {"sub": None},
        {"sub": ""},
        {"sub": "two\nlines"},
        {"sub": "x" * 201},
    ],
)
def test_a_claim_that_is_wrong_or_missing_is_refused(changes: dict[str, object]) -> None:
    text = raw({"alg": "EdDSA", "kid": "ed"}, {k: v for k, v in claims(**changes).items() if v is not None})
    signed = text.rpartition(".")[0]
    signature = base64.urlsafe_b64encode(ED25519.sign(signed.encode())).decode().rstrip("=")

    assert refusal(f"{signed}.{signature}") == "token_invalid"


def test_a_token_is_judged_by_the_time_it_is_given() -> None:
    by, text = verifier(), token()

    assert by.verify(text, NOW + timedelta(minutes=59)).subject == "clerk-lin"
    assert refusal(text, now=NOW + timedelta(hours=1), by=by) == "token_expired"
    assert refusal(text, now=NOW + timedelta(hours=1)) == "token_expired"


def test_a_token_not_valid_yet_is_refused_beyond_the_skew_of_clocks() -> None:
    by, text = verifier(), token(nbf=int(NOW.timestamp()) + 100)

    assert refusal(text, by=by) == "token_invalid"
    assert by.verify(text, NOW + timedelta(seconds=70)).subject == "clerk-lin"
    assert refusal(text, by=by) == "token_invalid"


@pytest.mark.parametrize(
    "text",
    [
        token(kid="unknown"),
        token(kid=None),
        token(ed25519.Ed25519PrivateKey.generate()),
        token(P256, "ES256", "ed"),
        token(P256, "ES256", "rsa"),
        token(kid="../../etc/passwd"),
        token(kid="ed' or '1'='1"),
        token(kid="https://elsewhere.example/keys"),
    ],
)
def test_a_key_the_issuer_does_not_publish_signs_nothing(text: str) -> None:
    assert refusal(text) == "token_invalid"


@pytest.mark.parametrize("name", ["jku", "x5u"])
def test_an_address_of_keys_in_a_token_is_never_asked(name: str) -> None:
    stranger = ed25519.Ed25519PrivateKey.generate()

    text = token(stranger, kid="ed", header={name: "https://elsewhere.example/keys"})

    assert refusal(text) == "token_invalid"


def test_a_key_that_a_token_brings_along_signs_nothing() -> None:
    stranger = ed25519.Ed25519PrivateKey.generate()
    jwk = OKPAlgorithm.to_jwk(stranger.public_key(), as_dict=True)

    found = [refusal(token(stranger, kid=kid, header={"jwk": jwk})) for kid in ("ed", "own")]

    assert found == ["token_invalid"] * 2


def test_an_algorithm_other_than_the_key_is_for_is_refused() -> None:
    header: dict[str, object] = {"alg": "RS256", "kid": "ec", "typ": "JWT"}
    signed = raw(header, claims()).rpartition(".")[0]
    signature = base64.urlsafe_b64encode(ECAlgorithm(ECAlgorithm.SHA256).sign(signed.encode(), P256)).decode()

    assert refusal(f"{signed}.{signature.rstrip('=')}") == "token_invalid"


def test_an_extension_that_must_be_understood_is_not() -> None:
    text = token(header={"crit": ["b64"], "b64": True})

    assert refusal(text) in {"token_invalid", "token_malformed"}


@pytest.mark.parametrize("kind", ["at+jwt", "AT+JWT", "application/at+jwt", "JWT", "jwt"])
def test_an_access_token_is_told_by_its_type_or_has_none(kind: str) -> None:
    assert verifier().verify(token(header={"typ": kind}), NOW).subject == "clerk-lin"


@pytest.mark.parametrize(
    "kind", ["id_token+jwt", "logout+jwt", "secevent+jwt", "dpop+jwt", "client-authentication+jwt", "JOSE", 1]
)
def test_a_token_of_another_type_is_refused(kind: object) -> None:
    text = raw({"alg": "EdDSA", "kid": "ed", "typ": kind}, claims())
    signed = text.rpartition(".")[0]
    signature = base64.urlsafe_b64encode(ED25519.sign(signed.encode())).decode().rstrip("=")

    assert refusal(f"{signed}.{signature}") in {"token_invalid", "token_malformed"}


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "n"},
        {"at_hash": "h"},
        {"c_hash": "h"},
        {"s_hash": "h"},
        {"typ": "ID"},
        {"typ": "Refresh"},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}},
    ],
)
def test_an_id_token_is_not_taken_for_an_access_token(changes: dict[str, Any]) -> None:
    assert refusal(token(**changes)) == "token_invalid"


def test_what_an_issuer_types_as_an_access_token_may_carry_a_nonce() -> None:
    assert verifier().verify(token(header={"typ": "at+jwt"}, nonce="n"), NOW).subject == "clerk-lin"


def test_only_front_ends_that_are_named_bring_tokens() -> None:
    by = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=KnownKeys(JWKS), authorized_parties=["desk"])

    assert by.verify(token(azp="desk"), NOW).subject == "clerk-lin"
    assert by.verify(token(client_id="desk"), NOW).subject == "clerk-lin"
    assert [refusal(text, by=by) for text in (token(azp="game"), token())] == ["token_invalid"] * 2


def test_a_kid_that_two_keys_share_names_neither() -> None:
    keys = [JWKS["keys"][0], {**JWKS["keys"][1], "kid": "ed"}, JWKS["keys"][2]]

    by = verifier({"keys": keys})

    assert [refusal(text, by=by) for text in (token(), token(P256, "ES256", "ed"))] == ["token_invalid"] * 2
    assert by.verify(token(RSA, "RS256", "rsa"), NOW).subject == "clerk-lin"


@pytest.mark.parametrize("payload", [b"no JSON", b"[]", b"[" * 5000, b"\xff"])
def test_a_signed_payload_that_holds_no_claims_is_malformed(payload: bytes) -> None:
    text = jwt.PyJWS().encode(payload, ED25519, "EdDSA", headers={"kid": "ed"})

    assert refusal(text) == "token_malformed"


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_key_that_is_too_short_signs_nothing() -> None:
    assert refusal(token(WEAK_RSA, "RS256", "weak")) == "token_invalid"


def test_a_changed_token_is_refused() -> None:
    header, _, signature = token().split(".")
    payload = raw({}, claims(sub="admin-qian")).split(".")[1]

    assert refusal(f"{header}.{payload}.{signature}") == "token_invalid"


def test_a_token_once_verified_is_remembered_in_bounds() -> None:
    by = verifier(cached=3)
    texts = [token(sub=f"clerk-{number}") for number in range(10)]

    for text in texts * 2:
        by.verify(text, NOW)

    assert len(by._verified) == 3


def test_a_refused_token_is_not_remembered() -> None:
    by = verifier()

    refusal(token(aud="another"), by=by)

    assert not by._verified


@pytest.mark.parametrize("key", [ED25519, P256])
@pytest.mark.parametrize("is_read", [False, True])
def test_the_demo_issuer_signs_what_its_keys_verify(key: DemoKey, is_read: bool) -> None:
    issuer = DemoIssuer(pem(key) if is_read else key, ISSUER, AUDIENCE)

    text = issuer.token_for("clerk-lin", now=NOW)

    assert verifier(issuer.jwks()).verify(text, NOW) == Identity(
        "clerk-lin", ISSUER, int(NOW.timestamp()) + 12 * 3600, signed_in_at=int(NOW.timestamp())
    )
    assert "d" not in issuer.jwks()["keys"][0]


@pytest.mark.parametrize("key", [RSA, ec.generate_private_key(ec.SECP384R1()), None])
def test_the_demo_issuer_refuses_other_keys(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None,
) -> None:
    with pytest.raises(UnusableKeyError):
        DemoIssuer(b"nothing" if key is None else pem(key), ISSUER, AUDIENCE)


def test_keys_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(JWKS))

    by = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=read_keys(path))

    assert by.verify(token(), NOW).subject == "clerk-lin"
    assert asyncio.run(by.verify_async(token(), NOW)).subject == "clerk-lin"


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"keys": []}', '{"keys": [1, {"kid": "a"}, {"kid": 1}]}'])
def test_a_file_without_keys_is_refused_by_name(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "keys.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(UnusableKeyError, match=r"keys\.json"):
        read_keys(path)


def test_a_key_for_encryption_signs_nothing() -> None:
    keys = [{**JWKS["keys"][0], "use": "enc"}, JWKS["keys"][1]]

    assert refusal(token(), by=verifier({"keys": keys})) == "token_invalid"


class Issuer:
    """The issuer's address as a transport: what it answers, how often it was asked, and a clock."""

    def __init__(self, jwks: object = JWKS) -> None:
        self.answer: Callable[[], httpx.Response] = lambda: httpx.Response(200, json=jwks)
        self.asked = 0
        self.time = 1000.0
        keys = FetchedKeys(URL, transport=httpx.MockTransport(self._respond), monotonic=lambda: self.time)
        self.verifier = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys)

    async def _respond(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == URL
        self.asked += 1
        await asyncio.sleep(0)
        return self.answer()

    def publish(self, *entries: dict[str, Any]) -> None:
        self.answer = lambda: httpx.Response(200, json={"keys": entries})

    def verify(self, text: str) -> str:
        return asyncio.run(self.outcome(text))

    async def outcome(self, text: str) -> str:
        try:
            return (await self.verifier.verify_async(text, NOW)).subject
        except TokenError as error:
            return error.code


def test_keys_are_fetched_when_first_needed_and_then_kept() -> None:
    issuer = Issuer()

    assert refusal(token(), by=issuer.verifier) == "issuer_unreachable"
    assert [issuer.verify(token()), issuer.verify(token(P256, "ES256", "ec"))] == ["clerk-lin"] * 2
    assert issuer.verifier.verify(token(), NOW).subject == "clerk-lin"
    assert issuer.asked == 1


def test_many_first_callers_share_one_fetch() -> None:
    issuer = Issuer()

    async def call() -> list[str]:
        return await asyncio.gather(*(issuer.outcome(token(sub=f"clerk-{n}")) for n in range(20)))

    assert asyncio.run(call()) == [f"clerk-{n}" for n in range(20)]
    assert issuer.asked == 1


def test_an_unknown_key_is_looked_for_at_most_once_a_minute() -> None:
    issuer = Issuer()
    newer = ed25519.Ed25519PrivateKey.generate()
    text = token(newer, kid="newer")

    assert issuer.verify(token()) == "clerk-lin"
    assert [issuer.verify(text) for _ in range(5)] == ["token_invalid"] * 5
    assert issuer.asked == 1

    issuer.publish(*JWKS["keys"], {**OKPAlgorithm.to_jwk(newer.public_key(), as_dict=True), "kid": "newer"})
    issuer.time += 60
    assert issuer.verify(text) == "clerk-lin"
    assert issuer.asked == 2


def test_a_key_the_issuer_withdrew_is_forgotten_within_the_hour_cached_tokens_included() -> None:
    issuer = Issuer()
    assert issuer.verify(token()) == "clerk-lin"

    issuer.publish(JWKS["keys"][1])
    issuer.time += 3601

    assert issuer.verify(token()) == "token_invalid"
    assert issuer.asked == 2


@pytest.mark.parametrize(
    "answer",
    [
        lambda: httpx.Response(503),
        lambda: httpx.Response(302, headers={"Location": "https://elsewhere.example/keys"}),
        lambda: httpx.Response(200, text="<html>"),
        lambda: httpx.Response(200, json={"keys": []}),
        lambda: httpx.Response(200, content=b" " * 300_000),
    ],
)
def test_an_issuer_in_trouble_leaves_the_keys_last_read_for_a_day(
    answer: Callable[[], httpx.Response],
) -> None:
    issuer = Issuer()
    assert issuer.verify(token()) == "clerk-lin"

    issuer.answer = answer
    issuer.time += 3601
    assert [issuer.verify(token()), issuer.verify(token())] == ["clerk-lin"] * 2
    assert issuer.asked == 2

    issuer.time += 24 * 3600
    assert issuer.verify(token(sub="clerk-fang")) == "issuer_unreachable"


def test_an_issuer_never_reached_is_our_trouble_and_asked_again_after_a_minute() -> None:
    issuer = Issuer()
    reach = issuer.answer

    def fail() -> httpx.Response:
        raise httpx.ConnectError("no way there")

    issuer.answer = fail
    assert [issuer.verify(token()), issuer.verify(token())] == ["issuer_unreachable"] * 2
    assert issuer.asked == 1

    issuer.answer = reach
    issuer.time += 60
    assert issuer.verify(token()) == "clerk-lin"


def test_a_known_key_does_not_wait_for_a_fetch_under_way() -> None:
    issuer = Issuer()

    async def call() -> list[str]:
        await issuer.outcome(token())
        issuer.time += 3601
        first = asyncio.create_task(issuer.outcome(token()))
        await asyncio.sleep(0)
        second = await issuer.outcome(token())
        assert not first.done()
        return [await first, second]

    assert asyncio.run(call()) == ["clerk-lin"] * 2
    assert issuer.asked == 2


DISCOVERY = "https://id.example/.well-known/openid-configuration"


class TellingIssuer:
    """An issuer that says where its keys are: what it answers at each address, and what it was asked."""

    def __init__(self, issuer: str = ISSUER) -> None:
        self.answers = {DISCOVERY: httpx.Response(200, json={"issuer": issuer, "jwks_uri": URL})}
        self.asked: list[str] = []
        self.time = 1000.0
        self.put(URL, JWKS)
        keys = DiscoveredKeys(issuer, transport=httpx.MockTransport(self._respond), monotonic=lambda: self.time)
        self.verifier = Verifier(issuer=issuer, audience=AUDIENCE, keys=keys)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        return self.answers.get(str(request.url), httpx.Response(404))

    def put(self, url: str, document: object) -> None:
        self.answers[url] = httpx.Response(200, json=document)

    def verify(self, text: str) -> str:
        try:
            return asyncio.run(self.verifier.verify_async(text, NOW)).subject
        except TokenError as error:
            return error.code


def test_the_issuer_is_asked_where_its_keys_are() -> None:
    issuer = TellingIssuer()

    found = [issuer.verify(token()) for _ in range(3)]

    assert found == ["clerk-lin"] * 3
    assert issuer.asked == [DISCOVERY, URL]


def test_an_issuer_named_with_a_slash_at_its_end_is_asked_at_the_same_address() -> None:
    issuer = TellingIssuer(f"{ISSUER}/")

    assert issuer.verify(token(iss=f"{ISSUER}/")) == "clerk-lin"
    assert issuer.verify(token()) == "token_invalid"


def test_an_issuer_may_move_its_keys_and_change_them() -> None:
    issuer, newer = TellingIssuer(), ed25519.Ed25519PrivateKey.generate()
    text = token(newer, kid="newer")
    before = [issuer.verify(token()), issuer.verify(text)]

    issuer.put(DISCOVERY, {"issuer": ISSUER, "jwks_uri": f"{URL}/2"})
    issuer.put(f"{URL}/2", {"keys": [{**OKPAlgorithm.to_jwk(newer.public_key(), as_dict=True), "kid": "newer"}]})
    issuer.time += 60

    assert before == ["clerk-lin", "token_invalid"]
    assert [issuer.verify(text), issuer.verify(token())] == ["clerk-lin", "token_invalid"]


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://elsewhere.example", "jwks_uri": URL},
        {"jwks_uri": URL},
        {"issuer": ISSUER},
        {"issuer": ISSUER, "jwks_uri": "http://id.example/keys"},
        {"issuer": ISSUER, "jwks_uri": "file:///keys"},
        {"issuer": ISSUER, "jwks_uri": "https://"},
        {"issuer": ISSUER, "jwks_uri": "http://[keys"},
        {"issuer": ISSUER, "jwks_uri": 1},
        [],
    ],
)
def test_a_document_about_somebody_else_or_with_an_unsafe_address_gives_no_keys(document: object) -> None:
    issuer = TellingIssuer()
    issuer.put(DISCOVERY, document)

    assert issuer.verify(token()) == "issuer_unreachable"
    assert issuer.asked == [DISCOVERY]


def test_an_issuer_on_this_machine_needs_no_encryption() -> None:
    issuer = TellingIssuer()
    issuer.put(DISCOVERY, {"issuer": ISSUER, "jwks_uri": "http://127.0.0.1:9000/keys"})
    issuer.put("http://127.0.0.1:9000/keys", JWKS)

    assert issuer.verify(token()) == "clerk-lin"


def test_tokens_with_keys_unknown_do_not_make_the_issuer_be_asked_again_and_again() -> None:
    issuer = TellingIssuer()
    issuer.verify(token())

    found = {issuer.verify(token(kid=f"unknown-{number}")) for number in range(50)}

    assert found == {"token_invalid"}
    assert issuer.asked == [DISCOVERY, URL]

"""What another system sends to say who it is: an API key, or an access token it got for an assertion or certificate.

An API key reads `mk_<id>_<secret>`; the id finds it, of the secret only a keyed hash is kept. An access token reads
`mt_<sealed>` and is good for ten minutes on every process with the same master key; nothing of it is stored. One got
for a certificate is bound to it: it serves who shows the same certificate to the proxy (RFC 8705). Either gives a
subject, and the account behind it is judged with the case, as a person's is.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, Protocol

import orjson

from mediation.gateways.assertions import AssertionRefusedError, claimed_client, verify_assertion
from mediation.gateways.certificates import Certificate, CertificateRefusedError
from mediation.gateways.sealing import UnsealError
from mediation.gateways.tokens import TokenError
from mediation.services.client_proofs import is_registered
from mediation.storage import Unit
from mediation.storage import clients as rows

KEY_PREFIX: Final = "mk_"
TOKEN_PREFIX: Final = "mt_"  # noqa: S105 - how a token begins
TOKEN_LIFETIME: Final = timedelta(minutes=10)
TOLD_EACH: Final = timedelta(hours=1)
LONGEST: Final = 1024
_ID: Final = 36

GrantErrorCode = Literal["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"]


class GrantError(Exception):
    """A token that is not granted, by the codes of RFC 6749; the reason is for the system that asked."""

    def __init__(self, code: GrantErrorCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class _Seals(Protocol):
    def unseal_token(self, sealed: str) -> str: ...


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A good API key: whose it is, and whether its use is still to be noted."""

    key_id: str
    client_id: str
    subject: str
    is_news: bool


def is_key(token: str) -> bool:
    """Whether a bearer token is an API key."""
    return token.startswith(KEY_PREFIX)


def is_token(token: str) -> bool:
    """Whether a bearer token is one of ours."""
    return token.startswith(TOKEN_PREFIX)


def new_secret() -> str:
    """32 random bytes as text."""
    return secrets.token_urlsafe(32)


def key_text(key_id: str, secret: str) -> str:
    """An API key as its system sends it; without a secret, how it begins."""
    return f"{KEY_PREFIX}{key_id}_{secret}"


def secret_digest(unit: Unit, key_id: str, secret: str) -> str:
    """What is kept of a secret."""
    return unit.vault.hash("api_key", f"{key_id}/{secret}")


def check_key(unit: Unit, token: str, today: date, now: datetime) -> KeyUse:
    """Whose API key this is; TokenError when it is nobody's, revoked or over."""
    key_id, _, secret = token.removeprefix(KEY_PREFIX).partition("_")
    row = rows.key(unit, key_id) if len(token) <= LONGEST and len(key_id) == _ID and token.isascii() else None
    kept = row["digest"] if row is not None else ""
    if not hmac.compare_digest(secret_digest(unit, key_id, secret), kept) or row is None:
        raise TokenError("token_invalid", "no API key of this service")
    if row["revoked_at"] is not None:
        raise TokenError("token_invalid", "this API key was revoked")
    if str(row["expires_on"]) < today.isoformat():
        raise TokenError("token_expired", "this API key has expired; ask your administrator for another")
    return KeyUse(row["id"], row["client_id"], row["subject"], _is_news(row, now))


def note_use(unit: Unit, use: KeyUse, now: datetime) -> None:
    """Note that a key was used, once an hour at most."""
    with unit.transaction():
        rows.note_use(unit, "client_keys", use.key_id, now)
        rows.note_use(unit, "clients", use.client_id, now)


def _is_news(row: Mapping[str, Any], now: datetime) -> bool:
    last = row["last_used_at"]
    moment = datetime.fromisoformat(last) if isinstance(last, str) else last
    return moment is None or now - moment >= TOLD_EACH


def exchange(unit: Unit, assertion: str, named: str | None, audience: str, now: datetime) -> dict[str, Any]:
    """An access token for an assertion that its client signed a moment ago and never used before; GrantError.

    `named` is the client that the request itself names, if any; `now` is the real time, also where the demo's clock
    was moved.
    """
    try:
        client_id = claimed_client(assertion)
        if named not in {None, client_id}:
            raise GrantError("invalid_client", "client_id and the assertion name different clients")
        client = rows.authenticating(unit, client_id) if len(client_id) == _ID else None
        if client is None or client["jwks"] is None:
            raise GrantError("invalid_client", "no active client of this id has registered a key")
        proof = verify_assertion(
            assertion, orjson.loads(client["jwks"]), client_id=client_id, audience=audience, now=now
        )
    except AssertionRefusedError as error:
        raise GrantError("invalid_client", f"the assertion is refused: {error}") from None
    with unit.transaction():
        if not rows.take_assertion(unit, client_id, proof.jti, proof.expires_at):
            raise GrantError("invalid_client", "the assertion was used before (jti); sign a new one")
        rows.note_use(unit, "clients", client_id, now)
    return _granted(unit, client["subject"], now)


def exchange_certificate(
    unit: Unit, client_id: str, shown: Certificate, now: datetime, *, is_ca_checked: bool
) -> dict[str, Any]:
    """An access token, bound to it, for a certificate that the client is registered with; GrantError. `now` is real.

    `is_ca_checked`: the proxy passes on no certificate but those of the CA it trusts, so that a subject says something.
    """
    client = rows.authenticating(unit, client_id) if len(client_id) == _ID and client_id.isascii() else None
    if client is None or not is_registered(client, shown, is_ca_checked=is_ca_checked):
        raise GrantError("invalid_client", "no active client of this id is registered with this certificate")
    try:
        shown.refuse_untimely(now)
    except CertificateRefusedError as error:
        raise GrantError("invalid_client", f"the certificate {error}") from None
    with unit.transaction():
        rows.note_use(unit, "clients", client_id, now)
    return _granted(unit, client["subject"], now, {"x5t": shown.thumbprint})


def _granted(unit: Unit, subject: str, now: datetime, bound_to: Mapping[str, str] | None = None) -> dict[str, Any]:
    over = int((now + TOKEN_LIFETIME).timestamp())
    said = orjson.dumps({"sub": subject, "exp": over, **(bound_to or {})}).decode()
    return {
        "access_token": f"{TOKEN_PREFIX}{unit.vault.seal_token(said)}",
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFETIME.total_seconds()),
    }


def open_token(vault: _Seals, token: str, now: datetime, shown: Certificate | None = None) -> str:
    """The subject an access token of ours speaks for; TokenError when it is none, or over. `now` is real.

    `shown` is the certificate that came along: a token bound to one is nobody's without it.
    """
    try:
        said = orjson.loads(vault.unseal_token(token.removeprefix(TOKEN_PREFIX) if len(token) <= LONGEST else ""))
    except UnsealError:
        raise TokenError("token_invalid", "no token of this service") from None
    if now.timestamp() >= said["exp"]:
        raise TokenError("token_expired", "the token has expired; ask for a new one")
    if "x5t" in said:
        _refuse_stolen(said["x5t"], shown, now)
    subject: str = said["sub"]
    return subject


def _refuse_stolen(thumbprint: str, shown: Certificate | None, now: datetime) -> None:
    """Raise unless the certificate that a token is bound to was shown, and is in time."""
    if shown is None or not hmac.compare_digest(thumbprint, shown.thumbprint):
        raise TokenError("token_invalid", "the token is bound to a certificate that was not shown")
    try:
        shown.refuse_untimely(now)
    except CertificateRefusedError as error:
        raise TokenError("token_expired", f"the certificate of the token {error}") from None


def forget_assertions(unit: Unit, now: datetime, limit: int) -> int:
    """Forget assertions that are over anyway; gives how many. `now` is the real time."""
    return rows.forget_assertions(unit, now, limit)

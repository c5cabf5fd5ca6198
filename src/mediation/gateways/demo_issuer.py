"""The issuer of the demo's tokens: for made-up people only, never part of a real installation."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from mediation.gateways.clock import real_now
from mediation.gateways.keys import UnusableKeyError

LIFETIME: Final = timedelta(hours=12)
_PUBLIC_MEMBERS: Final[tuple[str, ...]] = (
    "crv",
    "kty",
    "x",
    "y",
)  # RFC 7638: the members a thumbprint covers


class DemoIssuer:
    """Signs tokens with an Ed25519 (EdDSA) or P-256 (ES256) key, given as such or as PEM."""

    def __init__(
        self, signing_key: Ed25519PrivateKey | EllipticCurvePrivateKey | bytes, issuer: str, audience: str
    ) -> None:
        self._key = _load(signing_key) if isinstance(signing_key, bytes) else signing_key
        self._issuer = issuer
        self._audience = audience
        self._public = _public_jwk(self._key)

    def token_for(self, subject: str, lifetime: timedelta = LIFETIME, *, now: datetime | None = None) -> str:
        """Return a bearer token; `now` is the real time, even where the demo's clock was moved."""
        issued = now or real_now()
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": subject,
            "iat": int(issued.timestamp()),
            "nbf": int(issued.timestamp()),
            "exp": int((issued + lifetime).timestamp()),
            "auth_time": int(issued.timestamp()),
        }
        return jwt.encode(claims, self._key, self._public["alg"], headers={"kid": self._public["kid"]})

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public half, as a JSON Web Key Set."""
        return {"keys": [dict(self._public)]}


def _load(pem: bytes) -> Ed25519PrivateKey | EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise UnusableKeyError("the signing key is not an unencrypted PEM file") from None
    if isinstance(key, Ed25519PrivateKey):
        return key
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return key
    raise UnusableKeyError("the signing key is neither Ed25519 nor on P-256")


def _public_jwk(key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> dict[str, str]:
    jwk: Mapping[str, Any]
    if isinstance(key, Ed25519PrivateKey):
        algorithm, jwk = "EdDSA", OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        algorithm, jwk = "ES256", ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    public = {name: jwk[name] for name in _PUBLIC_MEMBERS if name in jwk}
    return {**public, "kid": _thumbprint(public), "alg": algorithm, "use": "sig"}


def _thumbprint(public: Mapping[str, str]) -> str:
    """Return the name a key gives itself (RFC 7638)."""
    canonical = json.dumps(public, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).decode().rstrip("=")

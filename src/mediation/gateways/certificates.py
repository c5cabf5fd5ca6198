"""The certificate another system showed to the proxy that ends TLS: as it is registered, and as the proxy passes it on.

A proxy passes it on as RFC 9440 says (DER in base64 between colons), or as nginx can (PEM, percent-encoded). That the
system holds the key of the certificate is what the handshake with the proxy proved; nothing here proves it again.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import unquote

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256

LONGEST: Final = 16_384
SMALLEST_RSA: Final = 2048
SMALLEST_CURVE: Final = 256
_PEM: Final = "-----BEGIN CERTIFICATE-----"
_ESCAPED: Final = "-----BEGIN%20CERTIFICATE-----"


class CertificateRefusedError(Exception):
    """A certificate that proves nothing; the reason is for the system that sent it."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What counts of a certificate: the SHA-256 of its DER in base64url (`x5t#S256`, RFC 8705), whose, and when.

    `subject` is its distinguished name as RFC 4514 writes it; `begins` and `ends` are aware moments, both included.
    """

    thumbprint: str
    subject: str
    begins: datetime
    ends: datetime

    def refuse_untimely(self, now: datetime) -> None:
        """CertificateRefusedError before it is valid, and after."""
        if now < self.begins:
            raise CertificateRefusedError("is not valid yet")
        self.refuse_expired(now)

    def refuse_expired(self, now: datetime) -> None:
        """CertificateRefusedError after it is valid; one to come is kept for then."""
        if now > self.ends:
            raise CertificateRefusedError("has expired")


def read_pem(text: str) -> Certificate:
    """One certificate as PEM, and nothing else; CertificateRefusedError."""
    if "PRIVATE KEY" in text:
        raise CertificateRefusedError("holds a private key; keep it, and send the certificate alone")
    if len(text) > LONGEST or text.count(_PEM) != 1:
        raise CertificateRefusedError("is no single certificate in PEM")
    try:
        return _told(x509.load_pem_x509_certificate(text.encode("ascii")))
    except ValueError:
        raise CertificateRefusedError("is no certificate in PEM") from None


def read_header(value: str) -> Certificate:
    """The certificate as a proxy passes it on; CertificateRefusedError."""
    if len(value) > LONGEST:
        raise CertificateRefusedError("is too long")
    if value.startswith(_ESCAPED):
        return read_pem(unquote(value))
    if len(value) < len("::") or not (value.startswith(":") and value.endswith(":")):
        raise CertificateRefusedError("is no byte sequence (RFC 9440)")
    try:
        return _told(x509.load_der_x509_certificate(base64.b64decode(value[1:-1], validate=True)))
    except (ValueError, binascii.Error):
        raise CertificateRefusedError("is no certificate in DER and base64 (RFC 9440)") from None


def read_subject(text: str) -> str:
    """A distinguished name as we compare it; ValueError when it is none of RFC 4514, or empty."""
    found = x509.Name.from_rfc4514_string(text).rfc4514_string()
    if not found:
        raise ValueError("is empty")
    return found


def _told(found: x509.Certificate) -> Certificate:
    if not _is_strong(found):
        raise CertificateRefusedError(f"has a key that is too short: RSA of {SMALLEST_RSA} bits, or a curve of 256")
    thumbprint = base64.urlsafe_b64encode(found.fingerprint(SHA256())).rstrip(b"=").decode()
    return Certificate(
        thumbprint, found.subject.rfc4514_string(), found.not_valid_before_utc, found.not_valid_after_utc
    )


def _is_strong(found: x509.Certificate) -> bool:
    try:
        key = found.public_key()
    except UnsupportedAlgorithm:
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= SMALLEST_RSA
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.key_size >= SMALLEST_CURVE
    return isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey)

"""Certificates as other systems have them: made on the fly, by themselves or by a CA of the tests."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from mediation.gateways.clock import real_now

HEADER = "Client-Cert"
NAME = "CN=court.example.org,O=Court"


def certificate(
    subject: str = NAME, *, begins: timedelta = timedelta(days=-1), ends: timedelta = timedelta(days=30),
    key: CertificateIssuerPrivateKeyTypes | None = None, issuer: str | None = None,
) -> x509.Certificate:  # fmt: skip
    """A certificate of somebody, valid from so long after now until so long after; of a key of its own unless told."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    now = real_now().astimezone(UTC)
    name = x509.Name.from_rfc4514_string(subject)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name if issuer is None else x509.Name.from_rfc4514_string(issuer))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_moment(now + begins))
        .not_valid_after(_moment(now + ends))
        .sign(own, None if isinstance(own, ed25519.Ed25519PrivateKey) else SHA256())
    )


@cache
def usual() -> x509.Certificate:
    """The same certificate for whoever needs just one."""
    return certificate()


def _moment(moment: datetime) -> datetime:
    return moment.replace(microsecond=0, tzinfo=None)


def pem(found: x509.Certificate) -> str:
    return found.public_bytes(Encoding.PEM).decode()


def byte_sequence(found: x509.Certificate) -> str:
    """As RFC 9440 has it."""
    return f":{base64.b64encode(found.public_bytes(Encoding.DER)).decode()}:"


def escaped(found: x509.Certificate) -> str:
    """As nginx has it."""
    return quote(pem(found), safe="")


def passed_on(found: x509.Certificate) -> Mapping[str, str]:
    """The header a proxy adds."""
    return {HEADER: byte_sequence(found)}


def thumbprint(found: x509.Certificate) -> str:
    return base64.urlsafe_b64encode(found.fingerprint(SHA256())).rstrip(b"=").decode()

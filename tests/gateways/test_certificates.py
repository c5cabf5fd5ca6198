"""Certificates of other systems, as they are registered and as a proxy passes them on."""

import base64
from datetime import timedelta
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.certificates import NAME, byte_sequence, certificate, escaped, pem, thumbprint, usual

from mediation.gateways.certificates import (
    LONGEST,
    CertificateRefusedError,
    read_header,
    read_pem,
    read_subject,
)
from mediation.gateways.clock import real_now


def test_a_proxy_and_nginx_and_an_administrator_tell_of_the_same_certificate() -> None:
    found = {read_header(byte_sequence(usual())), read_header(escaped(usual())), read_pem(pem(usual()))}

    (told,) = found
    assert (told.thumbprint, told.subject) == (thumbprint(usual()), NAME)
    assert (told.begins, told.ends) == (usual().not_valid_before_utc, usual().not_valid_after_utc)


@pytest.mark.parametrize(
    "value",
    [
        "", ":", "::", "no certificate", ":!!!!:", ":YWJj", "YWJj:", f":{base64.b64encode(b'abc').decode()}:",
        byte_sequence(usual())[1:], byte_sequence(usual())[:-1], byte_sequence(usual()).replace("M", "\u00e9", 1),
        f"{byte_sequence(usual())}, {byte_sequence(usual())}", f'"{pem(usual())}"'.replace("\n", ""),
        escaped(usual()) + escaped(usual()), escaped(usual())[:80], escaped(usual()).replace("A", "%FF", 1),
        "-----BEGIN%20CERTIFICATE-----%0A%0A-----END%20CERTIFICATE-----", ":" + "A" * LONGEST + ":",
    ],
    ids=count(),
)  # fmt: skip
def test_what_is_no_certificate_is_refused(value: str) -> None:
    with pytest.raises(CertificateRefusedError):
        read_header(value)


def test_no_byte_of_a_certificate_goes_unseen() -> None:
    der = usual().public_bytes(Encoding.DER)
    altered = [der[:place] + bytes([der[place] ^ 1]) + der[place + 1 :] for place in range(0, len(der), 7)]

    found = set()
    for text in altered:
        try:
            found.add(read_header(f":{base64.b64encode(text).decode()}:").thumbprint)
        except CertificateRefusedError:
            continue

    assert thumbprint(usual()) not in found


@pytest.mark.parametrize(
    "text", ["", "text", pem(usual()) * 2, pem(usual()).replace("M", "-", 3), pem(usual())[:90]], ids=count()
)
def test_what_is_registered_is_one_certificate(text: str) -> None:
    with pytest.raises(CertificateRefusedError):
        read_pem(text)


def test_nobody_registers_a_private_key() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    with pytest.raises(CertificateRefusedError, match="private key"):
        read_pem(pem(certificate(key=key)) + private)


@pytest.mark.parametrize(
    ("key", "is_strong"),
    [
        (rsa.generate_private_key(65537, 2048), True),
        (rsa.generate_private_key(65537, 1024), False),  # noqa: S505 - refused
        (ec.generate_private_key(ec.SECP384R1()), True),
        (ec.generate_private_key(ec.SECP192R1()), False),
        (dsa.generate_private_key(2048), False),
    ],
    ids=["RSA 2048", "RSA 1024", "P-384", "P-192", "DSA"],
)
def test_a_short_key_proves_nothing(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey, is_strong: bool
) -> None:
    text = pem(certificate(key=key))

    if is_strong:
        assert read_pem(text).subject == NAME
    else:
        with pytest.raises(CertificateRefusedError, match="too short"):
            read_pem(text)


def test_it_counts_from_its_beginning_to_its_end() -> None:
    told = read_pem(pem(usual()))
    second = timedelta(seconds=1)

    for moment in (told.begins, real_now(), told.ends):
        told.refuse_untimely(moment)
    with pytest.raises(CertificateRefusedError, match="not valid yet"):
        told.refuse_untimely(told.begins - second)
    with pytest.raises(CertificateRefusedError, match="expired"):
        told.refuse_untimely(told.ends + second)
    told.refuse_expired(told.begins - second)


def test_a_name_is_compared_as_rfc_4514_writes_it() -> None:
    told = read_pem(pem(certificate("CN=法院对接\\, 一号,O=某法院,C=CN")))

    assert read_subject("CN=法院对接\\2C 一号,O=某法院,C=CN") == told.subject
    assert read_subject("CN=法院对接,O=某法院,C=CN") != told.subject


@pytest.mark.parametrize("text", ["", "court", "CN", "CN=a,,O=b", "NOPE=a", "C=China"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_subject(text)

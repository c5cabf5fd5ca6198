"""What a system is registered to prove itself by: public keys, certificates, or a name that a trusted CA certifies."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from mediation.domain.days import shanghai_date
from mediation.domain.errors import InputError
from mediation.domain.labels import Label
from mediation.gateways.assertions import public_keys
from mediation.gateways.certificates import Certificate, CertificateRefusedError, read_pem, read_subject

PROOFS: Final = ("jwks", "certificates", "certificate_subject")
"""The columns of a client that say how it proves itself."""


def proofs(
    given: Mapping[str, Any], standing: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Any], list[InputError]]:
    """The columns to write for what was given of keys, certificates and subject, and what is wrong with it.

    `standing` is what stands of them; `now` is the real time. Certificates or a subject, never both.
    """
    read = {"jwks": _keys, "certificates": _certificates, "certificate_subject": _subject}
    columns: dict[str, Any] = {}
    errors: list[InputError] = []
    for name in PROOFS:
        if name in given:
            columns[name] = None if given[name] is None else read[name](given[name], now, errors)
    after = {**standing, **columns}
    if after.get("certificates") and after.get("certificate_subject"):
        text = Label("certificates 与 certificate_subject 填写其一", "Give certificates or a subject, not both.")
        errors.append(InputError("/certificate_subject", "one_of", text))
    return columns, errors


def is_registered(client: Mapping[str, Any], shown: Certificate, *, is_ca_checked: bool) -> bool:
    """Whether a client is known by this certificate: by its thumbprint, or by its subject where a CA was asked."""
    if client["certificates"] is not None:
        known = orjson.loads(client["certificates"])
        return any(hmac.compare_digest(shown.thumbprint, entry["thumbprint"]) for entry in known)
    subject: str | None = client["certificate_subject"]
    return is_ca_checked and subject is not None and subject == shown.subject


def _keys(given: object, _now: datetime, errors: list[InputError]) -> str | None:
    try:
        return orjson.dumps(public_keys(given)).decode()
    except ValueError as error:
        errors.append(InputError("/jwks", "unusable_keys", Label(f"公钥不可用：{error}", f"Not usable: {error}.")))
        return None


def _certificates(given: Sequence[str], now: datetime, errors: list[InputError]) -> str | None:
    kept = []
    for number, text in enumerate(given):
        try:
            found = read_pem(text)
            found.refuse_expired(now)
        except CertificateRefusedError as error:
            told = Label(f"证书不可用：{error}", f"The certificate {error}.")
            errors.append(InputError(f"/certificates/{number}", "unusable_certificate", told))
        else:
            kept.append({
                "thumbprint": found.thumbprint, "subject": found.subject,
                "begins_on": shanghai_date(found.begins).isoformat(), "ends_on": shanghai_date(found.ends).isoformat(),
            })  # fmt: skip
    return orjson.dumps(kept).decode() if kept else None


def _subject(given: str, _now: datetime, errors: list[InputError]) -> str | None:
    try:
        return read_subject(given)
    except ValueError:
        text = Label(
            "应为 RFC 4514 的证书主题，如 CN=court.example.org,O=某法院",
            "A distinguished name as RFC 4514 writes it, such as CN=court.example.org,O=Court.",
        )
        errors.append(InputError("/certificate_subject", "not_a_name", text))
        return None

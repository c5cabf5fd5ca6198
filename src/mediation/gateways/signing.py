"""Signs checkpoints with Ed25519, and tells by public keys alone whether one was signed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from mediation.gateways.keys import UnusableKeyError

_BLOCK: Final = re.compile(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)


class Signer:
    """The private key of checkpoints, for the life of the process."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key = _encode(key.public_key().public_bytes_raw())
        self.key_id = thumbprint(self.public_key)

    def sign(self, text: str) -> str:
        """The signature over a text in UTF-8, base64url without padding."""
        return _encode(self._key.sign(text.encode()))


class PublicKeys:
    """The public keys somebody trusts, each under its thumbprint."""

    def __init__(self, public_keys: Iterable[str]) -> None:
        self._keys: Mapping[str, Ed25519PublicKey] = {thumbprint(key): _public_key(key) for key in public_keys}

    def is_signed(self, key_id: str, text: str, signature: str) -> bool | None:
        """Whether the key signed the text; None for a key that is not among these."""
        key = self._keys.get(key_id)
        if key is None:
            return None
        try:
            key.verify(_decode(signature), text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def thumbprint(public_key: str) -> str:
    """The name of a key (RFC 7638): SHA-256 over its required members as a JSON Web Key, base64url."""
    members = f'{{"crv":"Ed25519","kty":"OKP","x":"{public_key}"}}'
    return _encode(hashlib.sha256(members.encode()).digest())


def public_pem(public_key: str) -> str:
    """A public key as PEM, its thumbprint in the line before."""
    pem = _public_key(public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return f"key {thumbprint(public_key)}\n{pem}"


def read_public_keys(path: Path) -> PublicKeys:
    """The keys of a file with one or more PEM blocks; UnusableKeyError."""
    try:
        blocks = _BLOCK.findall(path.read_bytes())
    except OSError as error:
        raise UnusableKeyError(f"{path} cannot be read: {error.strerror}") from None
    if not blocks:
        raise UnusableKeyError(f"{path} holds no public key in PEM")
    return PublicKeys(_of_block(block, path) for block in blocks)


def _of_block(block: bytes, path: Path) -> str:
    try:
        key = load_pem_public_key(block)
    except ValueError:
        raise UnusableKeyError(f"{path} holds a public key that cannot be read") from None
    if not isinstance(key, Ed25519PublicKey):
        raise UnusableKeyError(f"{path} holds a public key that is not Ed25519")
    return _encode(key.public_bytes_raw())


def _public_key(public_key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(_decode(public_key))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    """The bytes a text spells; ValueError for anything but base64url."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error

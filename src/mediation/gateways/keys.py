"""Key files: the master key that wraps every data key, and the keys that sign checkpoints and the demo's tokens."""

import base64
import binascii
import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER_KEY_BYTES = 32
FEWEST_DIFFERENT_BYTES = 16  # random keys have fewer once in 10^16


class UnusableKeyError(ValueError):
    """A key that cannot be read, or is not of the expected kind."""


def load_or_create_master_key(path: Path) -> bytes:
    """Return the 32 bytes kept in base64 at `path`; made on first use, and a race has one winner."""
    return decode_master_key(_load_or_create(path, _new_master_key))


def load_or_create_signing_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key (ES256) kept as PEM at `path`; made on first use, and a race has one winner."""
    return decode_signing_key(_load_or_create(path, _new_signing_key))


def load_or_create_checkpoint_key(path: Path) -> Ed25519PrivateKey:
    """Return the Ed25519 key kept as PEM at `path`; made on first use, and a race has one winner."""
    return decode_checkpoint_key(_load_or_create(path, _new_checkpoint_key))


def load_checkpoint_key(path: Path) -> Ed25519PrivateKey:
    """Return the Ed25519 key kept as PEM at `path`, which must exist."""
    return decode_checkpoint_key(_read(path))


def load_master_keys(path: Path) -> list[bytes]:
    """Return the master keys kept in base64 at `path`, a line each, the one in use first; the file must exist."""
    return decode_master_keys(_read(path))


def decode_master_keys(text: str | bytes) -> list[bytes]:
    """Return the keys that `text` spells in base64, with spaces, lines or commas between; the first is in use."""
    words = (text.encode() if isinstance(text, str) else text).replace(b",", b" ").split()
    found = [decode_master_key(word) for word in words or [b""]]
    if len(set(found)) != len(found):
        raise UnusableKeyError("a master key is given twice")
    return found


def decode_master_key(text: str | bytes) -> bytes:
    """Return the 32 bytes that `text` spells in base64."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise UnusableKeyError("the master key is not base64") from None
    if len(key) != MASTER_KEY_BYTES:
        raise UnusableKeyError(f"the master key has {len(key)} bytes where {MASTER_KEY_BYTES} are needed")
    if len(set(key)) < FEWEST_DIFFERENT_BYTES:
        raise UnusableKeyError("the master key is not random; make one by `openssl rand -base64 32`")
    return key


def decode_signing_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """Return the private P-256 key that `pem` holds."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise UnusableKeyError("the signing key is not an unencrypted PEM file") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnusableKeyError("the signing key is not an elliptic-curve key on P-256")
    return key


def decode_checkpoint_key(pem: bytes) -> Ed25519PrivateKey:
    """Return the private Ed25519 key that `pem` holds."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise UnusableKeyError("the checkpoint key is not an unencrypted PEM file") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKeyError("the checkpoint key is not an Ed25519 key")
    return key


def derive_key(master_key: bytes, purpose: str) -> bytes:
    """Return 32 bytes for one purpose, such as signing cursors; one purpose tells nothing about another."""
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"mediation/{purpose}".encode())
    return hkdf.derive(master_key)


def _new_master_key() -> bytes:
    return base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)) + b"\n"


def _new_signing_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _new_checkpoint_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _load_or_create(path: Path, make: Callable[[], bytes]) -> bytes:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _create(path, make())
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnusableKeyError(f"{path} cannot be read: {error.strerror}") from None


def _create(path: Path, content: bytes) -> None:
    """Put the whole content at `path` in one move, unless something is there already."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()

"""Text that nobody reads without its key: sealed under a data key, which the master key wraps.

AES-256-GCM throughout. The context (`subjects/<row>/resident_id`) is bound in as associated data, so a
sealed text moved to another row or column does not open. Destroying a data key erases all that it sealed.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mediation.gateways.keys import derive_key

VERSION: Final = "v1"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class UnsealError(Exception):
    """A sealed text that does not open: wrong key or context, or changed; tells nothing of its content."""


class Master:
    """The key that wraps data keys; itself used for nothing but deriving the keys of each purpose."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes, not {len(key)}")
        self._wrapping = derive_key(key, "data-keys")
        self.key_id = derive_key(key, "key-id")[:4].hex()

    def wrap(self, data_key: bytes, context: str) -> str:
        """Return `v1.<key id>.<base64url>`; the key id tells which master key opens it."""
        return f"{VERSION}.{self.key_id}.{_encrypt(self._wrapping, data_key, self._bound(context))}"

    def wrap_all(self, keys: Sequence[tuple[bytes, str]]) -> list[str]:
        """Wrap several keys, each for its place."""
        return [self.wrap(key, context) for key, context in keys]

    def unwrap(self, text: str, context: str) -> bytes:
        """Return the data key, or raise UnsealError."""
        version, _, rest = text.partition(".")
        key_id, _, body = rest.partition(".")
        if version != VERSION or not body:
            raise UnsealError("not a wrapped key")
        if key_id != self.key_id:
            raise UnsealError(f"wrapped under master key {key_id[:8]}, not {self.key_id}")
        return _decrypt(self._wrapping, body, self._bound(context))

    def _bound(self, context: str) -> bytes:
        return f"{VERSION}.{self.key_id}.{context}".encode()


def new_data_key() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def seal(data_key: bytes, text: str, context: str) -> str:
    """Return `v1.<base64url>`; sealing the same text twice gives two different results."""
    return f"{VERSION}.{_encrypt(data_key, text.encode(), _bound(context))}"


def unseal(data_key: bytes, text: str, context: str) -> str:
    """Return the text sealed in this context, or raise UnsealError."""
    version, _, body = text.partition(".")
    if version != VERSION:
        raise UnsealError("not a sealed text")
    return _decrypt(data_key, body, _bound(context)).decode()


def keyed_hash(secret: bytes, kind: str, normalized: str) -> str:
    """Return a hash that finds equal values and, without the secret, tells nothing of them.

    Each `kind` (resident_id, phone …) has its own key, so equal values of two kinds do not show.
    HMAC-SHA256, 64 hex digits.
    """
    return hmac.new(derive(secret, f"lookup/{kind}"), normalized.encode(), hashlib.sha256).hexdigest()


def derive(master: bytes, purpose: str) -> bytes:
    """Return 32 bytes for one purpose, such as signing cursors (HKDF-SHA256)."""
    return derive_key(master, purpose)


def _bound(context: str) -> bytes:
    return f"{VERSION}.{context}".encode()


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> str:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + AESGCM(key).encrypt(nonce, plain, bound)).decode().rstrip("=")


def _decrypt(key: bytes, body: str, bound: bytes) -> bytes:
    try:
        blob = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise UnsealError("not a sealed text") from None
    if len(blob) < NONCE_BYTES + TAG_BYTES:
        raise UnsealError("a sealed text cut short")
    try:
        return AESGCM(key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], bound)
    except InvalidTag:
        raise UnsealError("wrong key, wrong context, or changed since it was sealed") from None

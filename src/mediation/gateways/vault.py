"""Keeps what only a key opens: data keys under the master key, texts under data keys, hashes and signatures."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

from mediation.gateways.sealing import Master, derive, keyed_hash, new_data_key, seal, unseal


class Vault:
    """Seals and opens for storage and services; holds the master key for the life of the process."""

    def __init__(self, master_key: bytes) -> None:
        self._master = Master(master_key)
        self._answers = derive(master_key, "stored answers")
        self._hashing = derive(master_key, "keyed hashes")
        self._signing = derive(master_key, "signatures")

    def new_key(self, context: str) -> tuple[bytes, str]:
        """A fresh data key, open and wrapped for one place."""
        key = new_data_key()
        return key, self._master.wrap(key, context)

    def open_key(self, wrapped: str, context: str) -> bytes:
        """The data key that `wrapped` holds; UnsealError when it was wrapped for another place or master."""
        return self._master.unwrap(wrapped, context)

    def seal(self, key: bytes, text: str, context: str) -> str:
        """The text, sealed under a data key for one place."""
        return seal(key, text, context)

    def unseal(self, key: bytes, sealed: str, context: str) -> str:
        """The text sealed for that place; UnsealError otherwise."""
        return unseal(key, sealed, context)

    def seal_answer(self, body: bytes, context: str) -> str:
        """A stored answer, sealed under a key derived from the master key."""
        return seal(self._answers, body.decode(), context)

    def unseal_answer(self, sealed: str, context: str) -> bytes:
        """The answer stored for that place."""
        return unseal(self._answers, sealed, context).encode()

    def hash(self, kind: str, normalized: str) -> str:
        """A keyed hash for equality look-up; the same text of another kind hashes differently."""
        return keyed_hash(self._hashing, kind, normalized)

    def sign(self, text: str) -> str:
        """A keyed signature of 16 bytes, base64url."""
        digest = hmac.new(self._signing, text.encode(), sha256).digest()[:16]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

"""Keeps what only a key opens: data keys under the master keys, texts under data keys, hashes and signatures."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Protocol

from mediation.gateways.key_service import KeyService
from mediation.gateways.sealing import Master, UnsealError, derive, keyed_hash, new_data_key, seal, unseal


class KeyWrapper(Protocol):
    """A master key, kept here or by a service: wraps data keys, each for one place, and opens them there."""

    key_id: str

    def wrap(self, data_key: bytes, context: str) -> str:
        """The key wrapped; its text names the master key."""

    def wrap_all(self, keys: Sequence[tuple[bytes, str]]) -> list[str]:
        """Several keys wrapped."""

    def unwrap(self, text: str, context: str) -> bytes:
        """The data key; UnsealError."""


class Vault:
    """Seals and opens for storage and services; holds the master keys for the life of the process.

    Everything new is sealed under the first master key; what was sealed under another still opens. Hashes are made
    with `hash_key`, which outlives master keys; left out, it follows from the one master key there is. Answers,
    cursors and tokens lie under keys that follow from a master key kept here; with a key service from the hash key.
    """

    def __init__(
        self,
        master_key: bytes | None = None,
        *,
        others: Sequence[bytes] = (),
        hash_key: bytes | None = None,
        service: KeyService | None = None,
        service_wraps: bool = True,
    ) -> None:
        """Seal under `master_key`, or under the key of a `service`, which with `service_wraps=False` only opens."""
        if hash_key is None and (others or service is not None):
            raise ValueError("several master keys, or a key service, need a hash key of their own")
        keys = [key for key in (master_key, *others) if key is not None]
        self._service = service
        self._hashing = hash_key or hash_key_of(keys[0])
        wrappers: list[KeyWrapper] = list(map(Master, keys))
        if service is not None:
            wrappers.insert(0 if service_wraps else len(keys), service)
            keys.insert(0 if service_wraps else len(keys), self._hashing)
        self._masters = {wrapper.key_id: wrapper for wrapper in wrappers}
        self._current = wrappers[0]
        self.key_id = self._current.key_id
        self._answers = [derive(key, "stored answers") for key in keys]
        self._signing = [derive(key, "signatures") for key in keys]
        self._tokens = [derive(key, "access tokens") for key in keys]

    def new_key(self, context: str) -> tuple[bytes, str]:
        """A fresh data key, open and wrapped for one place."""
        key = new_data_key()
        return key, self._current.wrap(key, context)

    def wrap_all(self, keys: Sequence[tuple[bytes, str]]) -> list[str]:
        """Data keys wrapped under the master key in use, each for its place."""
        return self._current.wrap_all(keys)

    def expect(self, keys: Mapping[str, str | None]) -> None:
        """Note the keys of a case, by id: where a service opens keys, the first asked for brings the others along."""
        if self._service is not None:
            self._service.expect([(wrapped, f"subject_keys/{key_id}") for key_id, wrapped in keys.items() if wrapped])

    def open_key(self, wrapped: str, context: str) -> bytes:
        """The data key that `wrapped` holds; UnsealError when it was wrapped for another place or unknown master."""
        named = wrapped.split(".", 2)[1] if "." in wrapped else ""
        return self._masters.get(named, self._current).unwrap(wrapped, context)

    def close(self) -> None:
        """End what runs for it."""
        if self._service is not None:
            self._service.close()

    def seal(self, key: bytes, text: str, context: str) -> str:
        """The text, sealed under a data key for one place."""
        return seal(key, text, context)

    def unseal(self, key: bytes, sealed: str, context: str) -> str:
        """The text sealed for that place; UnsealError otherwise."""
        return unseal(key, sealed, context)

    def seal_answer(self, body: bytes, context: str) -> str:
        """A stored answer, sealed under a key derived from the master key."""
        return seal(self._answers[0], body.decode(), context)

    def unseal_answer(self, sealed: str, context: str) -> bytes:
        """The answer stored for that place."""
        return _unseal_with(self._answers, sealed, context).encode()

    def is_current_answer(self, sealed: str, context: str) -> bool:
        """Whether a stored answer is sealed under the master key in use."""
        try:
            unseal(self._answers[0], sealed, context)
        except UnsealError:
            return False
        return True

    def seal_token(self, text: str) -> str:
        """What a token of our own says, so that nobody else can make or read one."""
        return seal(self._tokens[0], text, "token")

    def unseal_token(self, sealed: str) -> str:
        """What a token of our own says; UnsealError when it is none."""
        return _unseal_with(self._tokens, sealed, "token")

    def hash(self, kind: str, normalized: str) -> str:
        """A keyed hash for equality look-up; the same text of another kind hashes differently."""
        return keyed_hash(self._hashing, kind, normalized)

    def sign(self, text: str) -> str:
        """A keyed signature of 16 bytes, base64url."""
        return _signature(self._signing[0], text)

    def signed(self, text: str, signature: str) -> bool:
        """Whether a signature of the text is ours, under any master key we know."""
        given = signature.encode()
        return any(hmac.compare_digest(given, _signature(key, text).encode()) for key in self._signing)


def hash_key_of(master_key: bytes) -> bytes:
    """The key of look-up hashes that follows from a master key where none was set."""
    return derive(master_key, "keyed hashes")


def _signature(key: bytes, text: str) -> str:
    digest = hmac.new(key, text.encode(), sha256).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _unseal_with(keys: Sequence[bytes], sealed: str, context: str) -> str:
    for key in keys[:-1]:
        try:
            return unseal(key, sealed, context)
        except UnsealError:
            continue
    return unseal(keys[-1], sealed, context)

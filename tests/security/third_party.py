"""Somebody outside: follows checkpoints and judges exports by docs/history-format.md, with nothing of this project."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

MEMBERS = {
    "format", "number", "previous", "sealed_at", "cases", "entries", "root", "changed", "changed_root", "key_id",
    "new_key",
}  # fmt: skip
HASH = re.compile(r"[0-9a-f]{64}")


class RefusedError(Exception):
    """What a third party does not take, and why."""


def _require(holds: object, reason: str) -> None:
    if not holds:
        raise RefusedError(reason)


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _name(raw: bytes) -> str:
    x = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    digest = _sha(_canonical({"crv": "Ed25519", "kty": "OKP", "x": x}))
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _require(len(dict(pairs)) == len(pairs), "a member is given twice")
    return dict(pairs)


def read(text: str) -> Any:
    """JSON in which nothing is said twice."""
    try:
        return json.loads(text, object_pairs_hook=_members)
    except ValueError:
        raise RefusedError("not JSON") from None


class Follower:
    """Trusts some public keys (PEM), and keeps the checkpoints it was shown."""

    def __init__(self, pem: bytes) -> None:
        self.keys: dict[str, Ed25519PublicKey] = {}
        for block in re.findall(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", pem, re.DOTALL):
            key = load_pem_public_key(block)
            assert isinstance(key, Ed25519PublicKey)
            self.keys[_name(key.public_bytes_raw())] = key
        self.kept: list[dict[str, Any]] = []

    def follow(self, items: Iterable[dict[str, Any]]) -> None:
        """Take the next checkpoints, each after the one before."""
        for item in items:
            self._signed(item)
            checkpoint, before = item["checkpoint"], self.kept[-1] if self.kept else None
            _require(checkpoint["number"] == len(self.kept) + 1, "a number is missing or comes again")
            previous = _sha(_canonical(before)).hex() if before else "0" * 64
            _require(checkpoint["previous"] == previous, "it does not follow from the one before")
            for count in ("cases", "entries"):
                _require(not before or checkpoint[count] >= before[count], f"there are fewer {count} than before")
            if checkpoint["new_key"] is not None:
                named = _name(_bytes(checkpoint["new_key"]))
                _require(named == checkpoint["key_id"], "it names another key than its own")
            self.kept.append(checkpoint)

    def follow_file(self, text: str) -> None:
        """Take the lines of a file; one that the next begins with, and that is shorter, counts for nothing."""
        *lines, rest = text.split("\n")
        _require(rest == "", "the last line has no end")
        whole = [
            line for line, after in zip(lines, [*lines[1:], ""], strict=True)
            if not (len(line) < len(after) and after.startswith(line))
        ]  # fmt: skip
        self.follow(read(line) for line in whole)

    def _signed(self, item: dict[str, Any]) -> None:
        checkpoint = item["checkpoint"]
        _require(checkpoint.keys() == MEMBERS, "it has other members than a checkpoint")
        _require(checkpoint["format"] == "mediation-checkpoint-1", "it has another format")
        key = self.keys.get(checkpoint["key_id"])
        if key is None:
            raise RefusedError("signed with a key that nobody vouched for")
        try:
            key.verify(_bytes(item["signature"]), _canonical(checkpoint))
        except (InvalidSignature, ValueError):
            raise RefusedError("the signature does not fit") from None

    def judge(self, text: str) -> int:
        """The last entry that the export proves; RefusedError for an export that does not hold."""
        export = read(text)
        _require(export["format"] == "mediation-history-1", "it has another format")
        hashes = _chain(export)
        proof = export["proof"]
        if proof is None:
            raise RefusedError("no checkpoint covers it")
        leaf, checkpoint = proof["leaf"], proof["checkpoint"]
        _require(hashes.get(leaf["sequence"]) == leaf["head"], "the leaf is not of this chain")
        node = _sha(b"\x00" + f"{export['case_id']} {leaf['sequence']} {leaf['head']}".encode())
        for step in proof["path"]:
            _require(HASH.fullmatch(step["hash"]) and step["side"] in {"left", "right"}, "a step of the path is none")
            beside = bytes.fromhex(step["hash"])
            node = _sha(b"\x01" + (beside + node if step["side"] == "left" else node + beside))
        _require(node.hex() == checkpoint["root"], "the path does not lead to the root")
        self._signed(proof)
        if self.kept:
            number = checkpoint["number"]
            _require(number <= len(self.kept), "it is of a checkpoint that was not shown yet")
            _require(checkpoint == self.kept[number - 1], "another checkpoint was shown under this number")
        covered: int = leaf["sequence"]
        return covered


def _chain(export: dict[str, Any]) -> dict[int, str]:
    found: dict[int, str] = {}
    previous = "0" * 64
    for number, entry in enumerate(export["entries"], start=1):
        said = read(entry["payload"])
        named = (said.get("case_id"), said.get("sequence"), entry["sequence"])
        _require(named == (export["case_id"], number, number), "an entry is out of its place")
        previous = _sha(previous.encode() + entry["payload"].encode()).hex()
        _require(previous == entry["hash"], "an entry was changed")
        found[number] = previous
    return found

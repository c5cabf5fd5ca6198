"""Verifies an exported history as docs/history-format.md tells it, with nothing of this project: run it on any machine.

python outside_verifier.py EXPORT.json PUBLIC.pem
"""

import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def public_keys(pem: bytes) -> dict[str, Ed25519PublicKey]:
    """Every key of a PEM file under its RFC 7638 thumbprint."""
    keys = {}
    for block in re.findall(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", pem, re.DOTALL):
        key = load_pem_public_key(block)
        assert isinstance(key, Ed25519PublicKey)
        members = {"crv": "Ed25519", "kty": "OKP", "x": base64url(key.public_bytes_raw())}
        keys[base64url(sha256(canonical(members)))] = key
    return keys


def is_signed(proof: dict[str, Any], keys: dict[str, Ed25519PublicKey]) -> bool:
    signature = proof["signature"]
    try:
        key = keys[proof["checkpoint"]["key_id"]]
        key.verify(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)), canonical(proof["checkpoint"]))
    except (KeyError, InvalidSignature):
        return False
    return True


def faults(export: dict[str, Any], pem: bytes) -> list[str]:
    """What does not hold; empty when everything does."""
    found = []
    hashes, previous = {}, "0" * 64
    for number, entry in enumerate(export["entries"], start=1):  # 1: the chain
        payload = json.loads(entry["payload"])
        if (entry["sequence"], payload["sequence"], payload["case_id"]) != (number, number, export["case_id"]):
            found.append(f"entry {number} is not where it belongs")
        if sha256(previous.encode(), entry["payload"].encode()).hex() != entry["hash"]:
            found.append(f"entry {number} was changed")
        hashes[number] = previous = entry["hash"]
    proof = export["proof"]
    if proof is None:
        return [*found, "no checkpoint covers it"]
    leaf = proof["leaf"]
    if hashes.get(leaf["sequence"]) != leaf["head"]:  # 2: the leaf
        found.append("the history is not the one that was sealed")
    node = sha256(b"\x00", f"{export['case_id']} {leaf['sequence']} {leaf['head']}".encode())
    for step in proof["path"]:  # 3: the path
        other = bytes.fromhex(step["hash"])
        node = sha256(b"\x01", other, node) if step["side"] == "left" else sha256(b"\x01", node, other)
    if node.hex() != proof["checkpoint"]["root"]:
        found.append("the path does not lead to the root")
    if not is_signed(proof, public_keys(pem)):  # 4: the signature
        found.append("the signature is not of this key")
    return found


if __name__ == "__main__":
    wrong = faults(json.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2]).read_bytes())
    sys.stdout.write("\n".join(wrong) + "\n" if wrong else "holds\n")
    sys.exit(bool(wrong))

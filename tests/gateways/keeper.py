"""A key service for tests: keeps a master key in a file and answers a line for a line, as docs/keys.md tells it.

`keeper.py KEYFILE LOG [FAULT]`: LOG gets a line for each request; FAULT makes it misbehave where a file FAULT exists.
"""

import base64
import json
import secrets
import sys
import time
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def wrap(master: AESGCM, item: dict[str, str]) -> dict[str, str]:
    nonce = secrets.token_bytes(12)
    sealed = master.encrypt(nonce, base64.b64decode(item["key"]), item["context"].encode())
    return {"wrapped": base64.b64encode(nonce + sealed).decode()}


def unwrap(master: AESGCM, item: dict[str, str]) -> dict[str, str] | None:
    blob = base64.b64decode(item["wrapped"])
    try:
        plain = master.decrypt(blob[:12], blob[12:], item["context"].encode())
    except InvalidTag:
        return None
    return {"key": base64.b64encode(plain).decode()}


def misbehave(fault: Path | None) -> None:
    """Do what the file of the fault says, once it is there."""
    said = fault.read_text() if fault is not None and fault.exists() else ""
    if said == "end":
        sys.exit(3)
    if said == "hang":
        time.sleep(600)
    if said == "babble":
        sys.stdout.write("what?\n")
        sys.stdout.flush()


def main(key_file: str, log: str, fault: str | None = None) -> None:
    master = AESGCM(Path(key_file).read_bytes())
    for line in sys.stdin:
        request: dict[str, Any] = json.loads(line)
        misbehave(None if fault is None else Path(fault))
        with Path(log).open("a") as file:
            file.write(f"{request['do']} {len(request['items'])}\n")
        do = {"wrap": wrap, "unwrap": unwrap}[request["do"]]
        items = [do(master, item) for item in request["items"]]
        sys.stdout.write(json.dumps({"id": request["id"], "items": items}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

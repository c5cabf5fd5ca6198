"""`python -m benchmarks.sealing`: where a million histories stand, sealed, proved and verified: time and memory."""

from __future__ import annotations

import argparse
import hashlib
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import orjson
import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests import postgres
from tests.services.world import MASTER_KEY, StillClock, open_world

from benchmarks.report import write
from mediation.api import log_setup
from mediation.domain.history import GENESIS
from mediation.gateways.checkpoint_file import CheckpointFile, read_lines
from mediation.gateways.signing import PublicKeys, Signer
from mediation.gateways.vault import Vault
from mediation.sealer import Sealer
from mediation.services.exports import prove
from mediation.services.verification import verify_all
from mediation.storage import Database
from mediation.storage.migrate import upgrade

ENTRIES: Final = 3
GROWN: Final = 1000
_COLUMNS: Final = "case_id, sequence, id, action, occurred_on, recorded_at, actor_id, payload, hash"
_HEAD: Final = "| what | seconds | CPU s of the process | its peak MB |\n|---|---|---|---|"


def main() -> None:
    """Fill, seal, prove, verify, print, and write docs/performance.md unless told not to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--dry", action="store_true", help="leave docs/performance.md alone")
    options = parser.parse_args()
    log_setup.configure("error")
    server = postgres.start(fsync=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            lines = measure(server, options.cases, Path(folder))
    finally:
        server.stop()
    print("\n".join(lines))
    if not options.dry:
        write("\n".join(lines), section="sealing")


def measure(server: postgres.Server, cases: int, folder: Path) -> list[str]:
    """A line for each thing that is done with all cases."""
    url = server.create_database("sealing")
    upgrade(url)
    began = time.monotonic()
    with open_world(url) as world:
        template = world.create()["id"]
    fill(postgres.plain(url), template, cases - 1)
    print(f"{cases} cases in {time.monotonic() - began:.0f} s", file=sys.stderr)
    database, signer = Database(url, Vault(MASTER_KEY)), Signer(Ed25519PrivateKey.generate())
    file = folder / "checkpoints.jsonl"
    sealer = Sealer(database, StillClock(), signer, CheckpointFile(file), seconds=3600)
    keys = PublicKeys([signer.public_key])
    lines = [
        _HEAD,
        f"| (before) | | | {_peak()} |",
        _timed(f"first checkpoint over {cases:,} cases", lambda: sealer.seal(early=True)),
        _timed("nothing grew", lambda: sealer.seal(early=True)),
    ]
    grow(postgres.plain(url))
    lines += [
        _timed(f"checkpoint after {GROWN:,} cases grew", lambda: sealer.seal(early=True)),
        _timed("proof of one case", lambda: database.run_read(prove, template)),
    ]
    found: list[Any] = []
    verify = _timed(
        f"verification of {cases:,} cases, {cases * ENTRIES + GROWN:,} entries",
        lambda: found.append(database.run_read(verify_all, read_lines(file), keys.is_signed)),
    )
    database.close()
    if found[0].findings:
        raise RuntimeError(found[0].findings[0].line())
    return [*lines, verify]


def _timed(what: str, act: Callable[[], object]) -> str:
    began, before = time.monotonic(), time.process_time()
    act()
    seconds, cpu = time.monotonic() - began, time.process_time() - before
    print(f"{what}: {seconds:.2f} s", file=sys.stderr)
    return f"| {what} | **{seconds:.2f}** | {cpu:.2f} | {_peak()} |"


def _peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"


def fill(url: str, template: str, cases: int) -> None:
    """Write cases like one that is there, each with a history of a few entries that holds."""
    with psycopg.connect(url) as connection:
        row = connection.execute("select * from cases where id = %s", [template])
        names = [column.name for column in row.description or ()]
        values = dict(zip(names, row.fetchone() or (), strict=True))
        with connection.cursor().copy(f"copy cases ({', '.join(names)}) from stdin") as copy:
            for number in range(cases):
                case_id, head = _id(number), _chain(_id(number))[-1][1]
                changed = {"id": case_id, "head": head, "number": None, "sequence": ENTRIES}
                copy.write_row([{**values, **changed}[name] for name in names])
        with connection.cursor().copy(f"copy history ({_COLUMNS}) from stdin") as copy:
            for number in range(cases):
                for payload, digest in _chain(_id(number)):
                    copy.write_row(_entry(payload, digest))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")


def grow(url: str) -> None:
    """Add an entry to some cases spread over all."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "select id, sequence, head from cases where sequence = %s and hashtext(id) %% 7 = 0 limit %s",
            [ENTRIES, GROWN],
        )
        for case_id, sequence, head in found.fetchall():
            payload, digest = _link(case_id, sequence + 1, head)
            connection.execute(
                f"insert into history ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",  # noqa: S608
                _entry(payload, digest),
            )
            connection.execute(
                "update cases set sequence = %s, head = %s where id = %s", [sequence + 1, digest, case_id]
            )


def _id(number: int) -> str:
    return f"{number:08x}-0000-7000-8000-{number:012x}"


def _chain(case_id: str) -> list[tuple[str, str]]:
    made, previous = [], GENESIS
    for sequence in range(1, ENTRIES + 1):
        payload, previous = _link(case_id, sequence, previous)
        made.append((payload, previous))
    return made


def _link(case_id: str, sequence: int, previous: str) -> tuple[str, str]:
    said = {
        "action": "hold_session", "actor": "measurement", "case_id": case_id,
        "changes": [{"c": "facts", "v": "x" * 600}], "id": f"{case_id[:-12]}{sequence:04x}{case_id[:8]}",
        "occurred_on": "2026-06-15", "recorded_at": "2026-06-15T01:00:00+00:00", "sequence": sequence,
    }  # fmt: skip
    payload = orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
    return payload, hashlib.sha256(f"{previous}{payload}".encode()).hexdigest()


def _entry(payload: str, digest: str) -> list[Any]:
    said = orjson.loads(payload)
    columns = ("case_id", "sequence", "id", "action", "occurred_on", "recorded_at", "actor")
    return [*(said[name] for name in columns), payload, digest]


if __name__ == "__main__":
    main()

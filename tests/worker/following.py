"""A worker of its own that takes one case of a move a transaction: `python -m tests.worker.following URL DAY KEY`."""

import sys
import time
from datetime import date

from mediation import worker
from mediation.gateways.clock import ManualClock
from mediation.gateways.vault import Vault
from mediation.storage import Database


def _told(taken: int) -> None:
    print(taken, flush=True)  # noqa: T201 - what the test waits for
    time.sleep(0.05)


if __name__ == "__main__":
    url, day, key = sys.argv[1:]
    clock = ManualClock()
    clock.move_to(date.fromisoformat(day))
    worker.follow_moves(Database(url, Vault(bytes.fromhex(key))), clock, _told, batch=1)

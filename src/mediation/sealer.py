"""Seals checkpoints: reads where every case stands, signs it, keeps it in the database and in a file outside."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Protocol

import structlog

from mediation.domain.checkpoints import Checkpoint, Leaf, Sealed, Stand, UnreadableError, read_sealed
from mediation.domain.history import GENESIS
from mediation.domain.merkle import Tree, leaf_hash
from mediation.gateways.checkpoint_file import CheckpointFile, CheckpointFileError
from mediation.gateways.signing import Signer
from mediation.services import checkpoints
from mediation.storage import Database
from mediation.storage.checkpoints import Standing
from mediation.storage.ids import new_id
from mediation.storage.leases import LeaseLostError

BATCH: Final = 1000
LINES: Final = 100
HOLD: Final = timedelta(seconds=60)
"""How long a sealer that was killed keeps others out."""
IDLE: Final = 100
"""A look that found nothing grown is repeated after so many times as long as it took."""
SHORTEST_REST: Final = timedelta(seconds=10)
_log = structlog.get_logger("mediation.sealer")


class Clock(Protocol):
    """What the sealer takes for now."""

    def now(self) -> datetime: ...
    def today(self) -> date: ...


class CheckpointsDifferError(Exception):
    """The file holds what the database does not: nothing is sealed over it until somebody looked."""


@dataclass(slots=True)
class _Look:
    """One way through all cases."""

    stand: Stand = field(default_factory=Stand)
    changed: Tree = field(default_factory=Tree)


class Sealer:
    """Seals at most every `seconds`, and only when a history grew; of several sealers one does at a time."""

    def __init__(
        self, database: Database, clock: Clock, signer: Signer, file: CheckpointFile, *, seconds: float
    ) -> None:
        self._database = database
        self._clock = clock
        self._signer = signer
        self._file = file
        self._every = timedelta(seconds=seconds)
        self._latest = 2 * max(self._every, HOLD)  # what is due later was said by a clock that was ahead
        self._written = -1
        self._complaint = ""

    def run(self) -> Sealed | None:
        """Bring the file up to the database, then seal if that is due; the new checkpoint, or None.

        What keeps it from sealing is told in the log, once.
        """
        sealed = None
        try:
            self._complete_file()
            now = self._clock.now()
            if self._database.run_read(checkpoints.is_due, now, now + self._latest):
                sealed = self.seal()
            if sealed:
                _log.info("checkpoint_sealed", checkpoint=sealed.checkpoint.number, changed=sealed.checkpoint.changed)
            self._complaint = ""
        except (CheckpointsDifferError, CheckpointFileError, UnreadableError) as error:
            if str(error) != self._complaint:
                _log.error("checkpoint_refused", reason=str(error))
            self._complaint = str(error)
        return sealed

    def seal(self, *, early: bool = False) -> Sealed | None:
        """Seal if that is due, or `early`; None when nothing grew, or another sealer is at work.

        CheckpointsDifferError, CheckpointFileError.
        """
        self._complete_file()
        owner, now = new_id(), self._clock.now()
        if not self._database.run_write(
            checkpoints.claim, owner, now, now + HOLD, latest=now + self._latest, early=early
        ):
            return None
        try:
            sealed = self._seal(owner, now)
        except LeaseLostError:
            _log.warning("checkpoint_lease_lost")
            return None
        self._complete_file()
        return sealed

    def _seal(self, owner: str, now: datetime) -> Sealed | None:
        before, began = self._database.run_read(checkpoints.newest), time.monotonic()
        look = self._look(owner, before.checkpoint.number + 1 if before else 1)
        if look.changed.size == 0:
            idle = max(SHORTEST_REST, IDLE * timedelta(seconds=time.monotonic() - began))
            self._database.run_write(checkpoints.rest, owner, now + min(self._every, idle))
            return None
        sealed = self._signed(look, before.checkpoint if before else None, now)
        self._database.run_write(checkpoints.keep, owner, now + self._every, sealed, look.stand.parts)
        return sealed

    def _signed(self, look: _Look, before: Checkpoint | None, now: datetime) -> Sealed:
        if before and look.stand.cases < before.cases:
            _log.error("cases_missing", checkpoint=before.number, cases=look.stand.cases)
        is_known = self._signer.key_id in self._database.run_read(checkpoints.key_ids)
        checkpoint = Checkpoint(
            number=before.number + 1 if before else 1,
            previous=before.digest() if before else GENESIS,
            sealed_at=now.isoformat(),
            cases=look.stand.cases,
            entries=look.stand.entries,
            root=look.stand.root(),
            changed=look.changed.size,
            changed_root=look.changed.root().hex(),
            key_id=self._signer.key_id,
            new_key=None if is_known else self._signer.public_key,
        )
        return Sealed(checkpoint, self._signer.sign(checkpoint.body()))

    def _look(self, owner: str, number: int) -> _Look:
        """Take every case as it stands, in stretches that each see one moment; write what grew."""
        look = _Look()
        for batch in self._batches(number):
            grown: list[Leaf] = []
            for standing in batch:
                look.stand.add(standing.leaf)
                if standing.is_changed:
                    look.changed.add(leaf_hash(standing.leaf.data()))
                    grown.append(standing.leaf)
                if standing.is_contradiction:
                    _log.error("history_contradicts_checkpoint", case_id=standing.leaf.case_id)
            until = self._clock.now() + HOLD
            if grown:
                self._database.run_write(checkpoints.keep_leaves, owner, until, number, grown)
            else:
                self._database.run_write(checkpoints.hold, owner, until)
        return look

    def _batches(self, number: int) -> Iterator[Sequence[Standing]]:
        after = ""
        while batch := self._database.run_read(checkpoints.standings, number, after, BATCH):
            yield batch
            after = batch[-1].leaf.case_id

    def _complete_file(self) -> None:
        """Add to the file what the database holds beyond it; CheckpointsDifferError when it holds less."""
        newest = self._database.run_read(checkpoints.last)
        number = newest.number if newest else 0
        if number == self._written:
            return
        while self._file.extend(self._missing):
            pass
        self._written = number

    def _missing(self, lines: Sequence[str]) -> list[str]:
        line, number = _last_of(lines)
        stored = self._database.run_read(checkpoints.after, max(number - 1, 0), LINES)
        if number:
            if not stored or stored[0].line != line:
                raise CheckpointsDifferError(f"checkpoint {number} of {self._file.path} is not in the database")
            stored = stored[1:]
        return [row.line for row in stored]


def _last_of(lines: Sequence[str]) -> tuple[str, int]:
    """The last line that is a checkpoint, and its number; "" and 0 without one."""
    for line in reversed(lines):
        try:
            return line, read_sealed(line).checkpoint.number
        except UnreadableError:
            continue
    return "", 0

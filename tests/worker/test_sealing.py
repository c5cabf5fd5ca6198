"""A checkpoint is sealed once, by one process, when something grew; the file outside follows the database."""

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.testing import capture_logs
from tests.services.notary import KEY, Notary, run_as_owner
from tests.services.world import World, triage

from mediation import worker
from mediation.domain.checkpoints import Sealed
from mediation.gateways.checkpoint_file import CheckpointFile, CheckpointFileError
from mediation.gateways.signing import Signer
from mediation.sealer import CheckpointsDifferError, Sealer
from mediation.services import checkpoints
from mediation.storage.leases import LeaseLostError

NEXT_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture
def notary(world: World, tmp_path: Path) -> Notary:
    return Notary(world, tmp_path)


def numbers(notary: Notary) -> list[int]:
    """The checkpoints in the file, in order."""
    return [json.loads(line)["checkpoint"]["number"] for line in notary.lines()]


def test_the_worker_seals_when_due_and_only_when_something_grew(notary: Notary) -> None:
    world, sealer = notary.world, notary.sealer(seconds=3600)

    def a_round_after(minutes: int) -> int:
        world.clock.move_to(world.clock.now() + timedelta(minutes=minutes))
        worker._round(world.database, world.clock, sealer=sealer)
        return len(world.rows("select number from checkpoints"))

    empty = a_round_after(0)
    case_id = world.create()["id"]
    first = a_round_after(1)
    triage(world, case_id)
    soon, due, unchanged = a_round_after(50), a_round_after(10), a_round_after(60)

    assert (empty, first, soon, due, unchanged) == (0, 1, 1, 2, 2)
    assert numbers(notary) == [1, 2]
    assert notary.verify() == 0


def test_a_checkpoint_counts_cases_and_entries_and_names_the_one_before(notary: Notary) -> None:
    one, other = (notary.world.create()["id"] for _ in range(2))
    first = notary.seal()
    triage(notary.world, other)
    second = notary.seal()

    assert first is not None
    assert second is not None
    assert (first.checkpoint.cases, first.checkpoint.entries, first.checkpoint.changed) == (2, 4, 2)
    assert (second.checkpoint.cases, second.checkpoint.entries, second.checkpoint.changed) == (2, 5, 1)
    assert second.checkpoint.previous == first.checkpoint.digest()
    assert (first.checkpoint.new_key, second.checkpoint.new_key) == (Signer(KEY).public_key, None)
    assert one != other


def test_a_checkpoint_leaves_an_event_for_subscribers(notary: Notary) -> None:
    notary.world.create()

    notary.seal()

    told = notary.world.rows("select ref_id, case_id from outbox where kind = 'checkpoint.sealed'")
    assert told == [{"ref_id": "1", "case_id": None}]


def test_two_sealers_at_once_seal_once(notary: Notary) -> None:
    for _ in range(3):
        notary.world.create()
    other = notary.world.another()
    sealers = [notary.sealer(), notary.sealer(other)] * 4

    with ThreadPoolExecutor(len(sealers)) as threads:
        sealed = list(threads.map(lambda sealer: sealer.run(), sealers))

    assert len([entry for entry in sealed if entry is not None]) == 1
    assert numbers(notary) == [1]
    assert notary.verify() == 0


def test_sealing_beside_people_who_write_never_gives_a_false_alarm(notary: Notary) -> None:
    world, stop = notary.world, threading.Event()
    for _ in range(3):
        world.create()

    def write() -> None:
        while not stop.is_set():
            triage(world, world.create()["id"])

    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(write)
        sealed = [notary.seal() for _ in range(10)]
        stop.set()
        writing.result()

    assert len([entry for entry in sealed if entry is not None]) >= 2
    assert notary.verify() == 0


class KilledError(Exception):
    """Stands for the end of the process."""


def killed(notary: Notary, name: str, *, calls: int = 1, before: bool = False) -> Sealer:
    """A sealer that dies at the given call of one of its writes, before or after the database has committed."""
    sealer = notary.sealer()
    run, left = notary.world.database.run_write, [calls]

    def run_write(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        left[0] -= function.__name__ == name
        dies = function.__name__ == name and left[0] == 0
        if dies and before:
            raise KilledError
        result = run(function, *args, **kwargs)
        if dies:
            raise KilledError
        return result

    sealer._database = _Dying(notary.world.database, run_write)  # type: ignore[assignment]
    return sealer


class _Dying:
    def __init__(self, database: Any, run_write: Callable[..., Any]) -> None:
        self.run_read, self.run_write = database.run_read, run_write


def test_a_crash_between_database_and_file_is_told_and_mended_at_the_next_start(
    notary: Notary, capsys: pytest.CaptureFixture[str]
) -> None:
    notary.world.create()
    notary.seal()
    notary.world.create()
    with pytest.raises(KilledError):
        killed(notary, "keep").seal(early=True)
    capsys.readouterr()

    broken, told = notary.verify(), capsys.readouterr().out
    notary.sealer().run()

    assert broken == 1
    assert told.startswith("checkpoint_missing: checkpoint 2 is in the database and not in the file")
    assert numbers(notary) == [1, 2]
    assert notary.verify() == 0


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("name", ["claim", "keep_leaves", "keep"])
def test_a_sealer_killed_at_any_point_leaves_what_the_next_one_finishes(
    notary: Notary, name: str, before: bool
) -> None:
    world = notary.world
    first = world.create()["id"]
    notary.seal()
    triage(world, first)
    world.create()
    with pytest.raises(KilledError):
        killed(notary, name, before=before).seal(early=True)
    world.create()

    world.clock.move_to(world.clock.now() + timedelta(hours=2))
    notary.sealer().run()

    assert numbers(notary) in ([1, 2], [1, 2, 3])
    assert notary.verify() == 0


def test_a_sealer_that_stood_still_too_long_writes_nothing_more(notary: Notary) -> None:
    notary.world.create()
    now, later = notary.world.clock.now(), notary.world.clock.now() + timedelta(minutes=5)
    notary.world.write(checkpoints.claim, "slow", now, now + timedelta(minutes=1), latest=now + timedelta(hours=2))
    notary.world.clock.move_to(later)
    sealed = notary.sealer().run()

    with pytest.raises(LeaseLostError):
        notary.world.write(checkpoints.hold, "slow", later)

    assert sealed is not None
    assert notary.verify() == 0


def test_a_sealer_whose_lease_went_to_another_gives_up(notary: Notary) -> None:
    notary.world.create()
    sealer = notary.sealer()
    run = notary.world.database.run_write

    def robbed(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        result = run(function, *args, **kwargs)
        if function.__name__ == "claim":
            run_as_owner(notary.world, "update leases set owner = 'other'")
        return result

    sealer._database = _Dying(notary.world.database, robbed)  # type: ignore[assignment]

    assert sealer.seal() is None
    assert notary.world.rows("select number from checkpoints") == []


def test_a_line_cut_short_by_a_crash_is_written_again(notary: Notary) -> None:
    for _ in range(3):
        notary.world.create()
        notary.seal()
    text = notary.file.read_text()
    notary.file.write_text(text[:-100])
    broken = notary.verify()

    notary.sealer().run()

    assert broken == 1
    assert len(notary.file.read_text().splitlines()) == 4
    assert notary.verify() == 0


def test_a_lost_file_is_written_anew_from_the_database(notary: Notary) -> None:
    for _ in range(3):
        notary.world.create()
        notary.seal()
    lines = notary.lines()
    notary.file.unlink()

    notary.sealer().run()

    assert notary.lines() == lines
    assert notary.file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_is_told_once_and_tried_again(notary: Notary) -> None:
    notary.world.create()
    notary.file.mkdir()
    sealer = notary.sealer()
    with capture_logs() as said:
        rounds = [sealer.run() for _ in range(3)]

    notary.file.rmdir()
    sealer.run()

    assert rounds == [None, None, None]
    assert [line["event"] for line in said] == ["checkpoint_refused"]
    assert numbers(notary) == [1]


def test_nothing_is_sealed_over_a_database_that_holds_less_than_the_file(notary: Notary) -> None:
    notary.world.create()
    notary.seal()
    run_as_owner(notary.world, "delete from checkpoints")
    notary.world.create()

    with pytest.raises(CheckpointsDifferError):
        notary.sealer().seal(early=True)

    assert notary.world.rows("select number from checkpoints") == []


def test_several_files_each_hold_every_checkpoint(notary: Notary, tmp_path: Path) -> None:
    notary.world.create()
    here = notary.sealer()
    elsewhere = Sealer(
        notary.world.database, notary.world.clock, Signer(KEY), CheckpointFile(tmp_path / "other.jsonl"), seconds=3600
    )

    here.run()
    elsewhere.run()

    assert (tmp_path / "other.jsonl").read_text() == notary.file.read_text()


def test_a_new_key_enters_the_chain_and_the_old_one_stays_listed(notary: Notary) -> None:
    world = notary.world
    world.create()
    notary.seal()
    world.create()
    notary.key = NEXT_KEY
    rotated = notary.seal()
    notary.trust(KEY, NEXT_KEY)

    listed = world.send("clerk-lin", "GET", "/v1/checkpoints/keys").json()["items"]

    old, new = Signer(KEY), Signer(NEXT_KEY)
    assert rotated is not None
    assert (rotated.checkpoint.key_id, rotated.checkpoint.new_key) == (new.key_id, new.public_key)
    assert [(row["key_id"], row["public_key"], row["first_checkpoint"]) for row in listed] == [
        (old.key_id, old.public_key, 1),
        (new.key_id, new.public_key, 2),
    ]
    assert notary.verify() == 0
    notary.trust(NEXT_KEY)
    assert notary.verify() == 1


def test_every_checkpoint_can_be_kept_by_others(notary: Notary) -> None:
    for _ in range(3):
        notary.world.create()
        notary.seal()

    first = notary.world.send("clerk-lin", "GET", "/v1/checkpoints?limit=2").json()
    rest = notary.world.send("clerk-lin", "GET", first["next"]).json()

    items: Sequence[dict[str, Any]] = [*first["items"], *rest["items"]]
    assert [json.loads(line) for line in notary.lines()] == items
    assert rest["next"] is None


def test_a_file_in_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    with pytest.raises(CheckpointFileError):
        CheckpointFile(tmp_path / "taken" / "checkpoints.jsonl").extend(lambda _lines: ["x"])


def test_what_a_checkpoint_says_is_what_its_line_says(notary: Notary) -> None:
    notary.world.create()

    sealed = notary.seal()

    assert isinstance(sealed, Sealed)
    assert notary.lines() == [sealed.line()]


def test_what_stops_the_sealer_for_a_while_does_not_end_the_chores(notary: Notary) -> None:
    notary.world.create()
    with capture_logs() as said:
        worker._round(notary.world.database, notary.world.clock, sealer=killed(notary, "claim", before=True))
    worker._round(notary.world.database, notary.world.clock, sealer=notary.sealer())

    assert [line["event"] for line in said] == ["seal_failed"]
    assert numbers(notary) == [1]

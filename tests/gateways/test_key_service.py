"""Data keys wrapped by a command that keeps running: in batches, started anew, refused clearly when it is down."""

import secrets
import shlex
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import tests.gateways.keeper as keeper_module

from mediation.gateways import key_service
from mediation.gateways.key_service import KeyService, KeysUnavailableError
from mediation.gateways.sealing import UnsealError, new_data_key
from mediation.gateways.vault import Vault


@dataclass
class Keeper:
    """A command that keeps a master key in a folder of its own, what it was asked, and how to break it."""

    folder: Path
    made: list[KeyService] = field(default_factory=list)

    @property
    def command(self) -> str:
        script, files = Path(keeper_module.__file__), [self.folder / name for name in ("key", "log", "fault")]
        if not files[0].exists():
            files[0].write_bytes(secrets.token_bytes(32))
        return shlex.join([sys.executable, str(script), *map(str, files)])

    @property
    def asked(self) -> list[str]:
        log = self.folder / "log"
        return log.read_text().splitlines() if log.exists() else []

    def breaks(self, how: str | None) -> None:
        """Let it end, hang or babble from now on; None: behave."""
        if how is None:
            (self.folder / "fault").unlink(missing_ok=True)
        else:
            (self.folder / "fault").write_text(how)

    def service(self, **options: Any) -> KeyService:
        made = KeyService(self.command, "test", **options)
        self.made.append(made)
        return made


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    found = Keeper(tmp_path)
    yield found
    for service in found.made:
        service.close()


def test_a_key_opens_in_its_place_alone_in_another_process_too(keeper: Keeper) -> None:
    key = new_data_key()
    wrapped = keeper.service().wrap(key, "subject_keys/1")
    other = keeper.service()

    assert other.unwrap(wrapped, "subject_keys/1") == key
    with pytest.raises(UnsealError):
        other.unwrap(wrapped, "subject_keys/2")
    assert wrapped.split(".")[:2] == ["v1", other.key_id]


def test_a_service_that_binds_no_place_still_opens_a_key_in_its_own_alone(tmp_path: Path) -> None:
    script = tmp_path / "careless.py"
    script.write_text(
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    asked = json.loads(line)\n"
        "    items = [{'wrapped': i.get('key'), 'key': i.get('wrapped')} for i in asked['items']]\n"
        "    print(json.dumps({'id': asked['id'], 'items': items}), flush=True)\n"
    )
    service = KeyService(shlex.join([sys.executable, str(script)]), "careless")
    key = new_data_key()
    wrapped = service.wrap(key, "subject_keys/1")
    service.close()

    with pytest.raises(UnsealError):
        service.unwrap(wrapped, "subject_keys/2")
    assert service.unwrap(wrapped, "subject_keys/1") == key
    service.close()


def test_many_keys_are_wrapped_and_opened_in_one_request_each(keeper: Keeper) -> None:
    keys = [(new_data_key(), f"subject_keys/{number}") for number in range(50)]
    wrapped = keeper.service().wrap_all(keys)
    other = keeper.service()
    items = [(text, place) for text, (_, place) in zip(wrapped, keys, strict=True)]
    other.expect(items)

    opened = [other.unwrap(*item) for item in items]

    assert opened == [key for key, _ in keys]
    assert keeper.asked == ["wrap 50", "unwrap 50"]


def test_more_keys_than_a_request_takes_are_asked_for_in_several(keeper: Keeper) -> None:
    keys = [(new_data_key(), f"subject_keys/{number}") for number in range(key_service.BATCH + 1)]

    wrapped = keeper.service().wrap_all(keys)

    assert len(set(wrapped)) == len(keys)
    assert keeper.asked == [f"wrap {key_service.BATCH}", "wrap 1"]


def test_one_key_that_does_not_open_takes_no_other_along(keeper: Keeper) -> None:
    service = keeper.service()
    good, bad = service.wrap(b"g" * 32, "subject_keys/1"), service.wrap(b"b" * 32, "subject_keys/2")
    other = keeper.service()
    other.expect([(good, "subject_keys/1"), (bad, "subject_keys/9")])

    assert other.unwrap(good, "subject_keys/1") == b"g" * 32
    with pytest.raises(UnsealError):
        other.unwrap(bad, "subject_keys/9")


def test_an_opened_key_is_kept_for_a_while_and_so_many_of_them(keeper: Keeper) -> None:
    now = [0.0]
    service = keeper.service(kept=2, kept_seconds=60.0, clock=lambda: now[0])
    wrapped = [(service.wrap(new_data_key(), f"subject_keys/{n}"), f"subject_keys/{n}") for n in range(3)]
    before = len(keeper.asked)

    service.unwrap(*wrapped[2])
    in_memory = len(keeper.asked) - before
    service.unwrap(*wrapped[0])
    pushed_out = len(keeper.asked) - before
    now[0] = 61.0
    service.unwrap(*wrapped[0])

    assert (in_memory, pushed_out, len(keeper.asked) - before) == (0, 1, 2)


def test_a_command_that_was_killed_is_started_anew_within_the_request(keeper: Keeper) -> None:
    service = keeper.service(kept=0)
    key = new_data_key()
    wrapped = service.wrap(key, "subject_keys/1")
    process = service._command._process
    assert process is not None
    process.kill()
    process.wait()

    assert service.unwrap(wrapped, "subject_keys/1") == key


@pytest.mark.parametrize("how", ["end", "hang", "babble"])
def test_a_command_that_fails_is_told_clearly_and_asked_again_later(keeper: Keeper, how: str) -> None:
    now = [0.0]
    service = keeper.service(kept=0, seconds=1.0, clock=lambda: now[0])
    wrapped = service.wrap(b"k" * 32, "subject_keys/1")
    keeper.breaks(how)
    began = time.monotonic()

    with pytest.raises(KeysUnavailableError):
        service.unwrap(wrapped, "subject_keys/1")
    with pytest.raises(KeysUnavailableError, match="a moment ago"):
        service.unwrap(wrapped, "subject_keys/1")
    took = time.monotonic() - began
    keeper.breaks(None)
    now[0] += key_service.FAILS_FAST_SECONDS

    assert took < 2.5
    assert service.unwrap(wrapped, "subject_keys/1") == b"k" * 32


def test_a_command_that_is_not_there_is_told_when_it_is_needed(tmp_path: Path) -> None:
    service = KeyService(str(tmp_path / "nothing"), "test")

    with pytest.raises(KeysUnavailableError, match="cannot be run"):
        service.wrap(new_data_key(), "subject_keys/1")
    with pytest.raises(ValueError, match="empty"):
        KeyService("", "test")


def test_a_vault_with_a_service_needs_a_hash_key_of_its_own(keeper: Keeper) -> None:
    with pytest.raises(ValueError, match="hash key"):
        Vault(service=keeper.service())


def test_local_keys_and_a_service_open_what_the_other_wrapped_in_either_order(keeper: Keeper) -> None:
    master, hashes = bytes(range(32)), bytes(range(1, 33))
    before = Vault(master, hash_key=hashes, service=keeper.service(), service_wraps=False)
    after = Vault(master, hash_key=hashes, service=keeper.service())
    made = [vault.new_key("subject_keys/1") for vault in (before, after)]
    answers = [vault.seal_answer(b"{}", "answers/1") for vault in (before, after)]

    opened = [vault.open_key(wrapped, "subject_keys/1") for vault in (before, after) for _, wrapped in made]

    assert opened == [key for key, _ in made] * 2
    assert before.key_id != after.key_id
    assert [vault.unseal_answer(sealed, "answers/1") for vault in (before, after) for sealed in answers] == [b"{}"] * 4
    assert all(vault.signed("cursor", other.sign("cursor")) for vault in (before, after) for other in (before, after))

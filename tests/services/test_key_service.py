"""A key service outside while the service runs: few requests, a clear answer when it is down, and the way to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.gateways.test_key_service import Keeper
from tests.services.test_key_rotation import HASHES, OLD, seen, settings_of, spelt
from tests.services.world import MASTER_KEY, World, party_of

from mediation import key_desk
from mediation.gateways.vault import Vault
from mediation.process import vault_of
from mediation.services.key_rotation import standing
from mediation.settings import Settings, SettingsError
from mediation.storage import Database


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    folder = tmp_path / "keeper"
    folder.mkdir()
    found = Keeper(folder)
    yield found
    for service in found.made:
        service.close()


def process(world: World, keeper: Keeper, **options: Any) -> World:
    """A process beside the others, with the key service in use alone unless options say otherwise."""
    made = world.another()
    made.database.close()
    vault = Vault(**{"hash_key": HASHES, "service": keeper.service(seconds=1.0), **options})
    made.database = Database(world.url, vault)
    return made


def unwraps(keeper: Keeper) -> int:
    return sum(line.startswith("unwrap") for line in keeper.asked)


def with_service(world: World, keeper: Keeper, *keys: bytes, **values: Any) -> Settings:
    given: dict[str, Any] = {
        "database_url": world.url, "hash_key": spelt(HASHES), "key_wrap_command": keeper.command,
        "key_wrap_name": "test", **values,
    }  # fmt: skip
    given |= {"master_key": spelt(*keys)} if keys else {}
    return Settings(**given)


def test_a_process_without_any_master_key_writes_and_reads_everything(world: World, keeper: Keeper) -> None:
    alone = process(world, keeper)
    case = alone.create(key="created")

    assert seen(alone, case["id"]) == [200, 200, 200]
    assert alone.create(key="created") == case
    assert alone.verification(case["id"])["holds"]
    assert set(alone.read(standing).by_master) == {alone.database.vault.key_id} != {OLD}


def test_each_operation_of_a_process_that_knows_nothing_yet_asks_the_service_once(world: World, keeper: Keeper) -> None:
    workers = [party_of("worker", f"工人{number}", role="co_applicant") for number in range(20)]
    parties = [party_of("worker", "张来福"), *workers, party_of("employer", "某厂")]
    case = process(world, keeper).create(parties=parties)
    path, party = f"/v1/cases/{case['id']}", case["parties"][0]["id"]
    took = {}
    fresh = process(world, keeper)
    for target in ("", "/history", f"/parties/{party}/data-export", "/steps"):
        fresh, before = process(world, keeper), unwraps(keeper)
        answer = fresh.send("clerk-lin", "GET", f"{path}{target}")
        assert answer.status_code == 200, answer.text
        took[target] = unwraps(keeper) - before

    again, before = fresh.send("clerk-lin", "GET", path), unwraps(keeper)

    assert max(took.values()) == 1
    assert (again.status_code, unwraps(keeper) - before) == (200, 0)


def test_what_needs_keys_is_refused_while_the_service_is_down_and_all_else_goes_on(
    world: World, keeper: Keeper
) -> None:
    case = process(world, keeper).create()
    fresh = process(world, keeper)
    listed = fresh.send("clerk-lin", "GET", "/v1/cases").json()["items"]
    keeper.breaks("end")

    refused = fresh.send("clerk-lin", "GET", f"/v1/cases/{case['id']}")
    written = fresh.send("clerk-lin", "POST", f"/v1/cases/{case['id']}/legal-hold", json={"reason": "x"})
    going_on = [fresh.send("clerk-lin", "GET", path) for path in ("/v1/cases", "/v1/tasks", "/v1/me")]

    assert (refused.status_code, refused.json()["code"]) == (503, "keys_unavailable")
    assert int(refused.headers["retry-after"]) >= 1
    assert written.status_code == 503
    assert [answer.status_code for answer in going_on] == [200, 200, 200]
    assert going_on[0].json()["items"] == listed


def test_a_command_killed_midway_is_not_noticed(world: World, keeper: Keeper) -> None:
    case = process(world, keeper).create()
    service = keeper.service(kept=0)
    alone = process(world, keeper, service=service)
    before = alone.send("clerk-lin", "GET", f"/v1/cases/{case['id']}")
    running = service._command._process
    assert running is not None
    running.kill()

    after = alone.send("clerk-lin", "GET", f"/v1/cases/{case['id']}")

    assert (before.status_code, after.status_code) == (200, 200)
    assert after.json() == before.json()


def test_everything_goes_from_a_local_key_to_the_service_and_back_while_processes_serve(
    world: World, keeper: Keeper, capsys: pytest.CaptureFixture[str]
) -> None:
    opens = process(world, keeper, master_key=MASTER_KEY, service_wraps=False)
    wraps = process(world, keeper, master_key=MASTER_KEY)
    cases = [made.create(key=f"kept {number}") for number, made in enumerate((opens, wraps))]
    number = world.counts()["subject_keys"]

    there = key_desk.rotate(with_service(world, keeper, MASTER_KEY))
    at_the_service = wraps.read(standing).by_master
    read = [seen(made, case["id"]) for made in (opens, wraps, process(world, keeper)) for case in cases]
    back = key_desk.rotate(with_service(world, keeper, MASTER_KEY, key_wrap_in_use=False))

    assert (there, back) == (0, 0)
    assert at_the_service == {wraps.database.vault.key_id: number}
    assert read == [[200, 200, 200]] * 6
    assert opens.read(standing).by_master == {OLD: world.counts()["subject_keys"]}
    assert key_desk.status(settings_of(world, MASTER_KEY)) == 0
    assert f"data keys wrapped anew: {number}" in capsys.readouterr().out
    assert world.create(key="kept 0") == cases[0]


def test_a_rotation_asks_twice_for_a_batch_and_goes_on_after_the_service_was_down(world: World, keeper: Keeper) -> None:
    for _ in range(3):
        world.create()
    number, settings = world.counts()["subject_keys"], with_service(world, keeper, MASTER_KEY, key_wrap_seconds=1.0)
    keeper.breaks("end")
    with pytest.raises(SettingsError, match="Run it again"):
        key_desk.rotate(settings)
    keeper.breaks(None)

    assert key_desk.rotate(settings) == 0
    assert [line for line in keeper.asked if line.startswith("wrap")] == [f"wrap {number}"]


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"hash_key": None}, "MEDIATION_HASH_KEY_FILE"),
        ({"key_wrap_in_use": False}, "MEDIATION_KEY_WRAP_IN_USE"),
        ({"key_wrap_command": "'unclosed"}, "MEDIATION_KEY_WRAP_COMMAND"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(values: dict[str, Any], named: str) -> None:
    given: dict[str, Any] = {"demo": True, "hash_key": spelt(HASHES), "key_wrap_command": "keeper", **values}
    settings = Settings(**given)

    with pytest.raises(SettingsError, match=named):
        settings.check()


def test_a_process_with_a_service_alone_holds_no_master_key(tmp_path: Path) -> None:
    given: dict[str, Any] = {"demo": True, "data": tmp_path, "hash_key": spelt(HASHES), "key_wrap_command": "keeper"}
    settings = Settings(**given)

    vault = vault_of(settings)

    assert settings.read_master_keys() == []
    assert vault.key_id == vault_of(settings).key_id
    assert list(tmp_path.iterdir()) == []

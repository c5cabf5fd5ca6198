"""Master keys changed while the service runs: nothing stops opening, nothing stays under the old key."""

import base64
import secrets
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from tests.services.world import MASTER_KEY, World, party_ids

from mediation import key_desk
from mediation.gateways.sealing import Master
from mediation.gateways.vault import Vault, hash_key_of
from mediation.services import key_rotation
from mediation.services.key_rotation import standing
from mediation.settings import Settings, SettingsError
from mediation.storage import Database

NEW_KEY = bytes(reversed(range(40, 72)))
HASHES = hash_key_of(MASTER_KEY)
OLD, NEW = Master(MASTER_KEY).key_id, Master(NEW_KEY).key_id


def spelt(*keys: bytes) -> str:
    return ",".join(base64.b64encode(key).decode() for key in keys)


@pytest.fixture
def both(world: World) -> tuple[World, World]:
    """Two processes in the middle of a change: one still wraps under the old key, one under the new."""
    old, new = world.another(), world.another()
    for process, keys in ((old, (MASTER_KEY, NEW_KEY)), (new, (NEW_KEY, MASTER_KEY))):
        process.database.close()
        process.database = Database(world.url, Vault(keys[0], others=keys[1:], hash_key=HASHES))
    return old, new


def settings_of(world: World, *keys: bytes, **values: Any) -> Settings:
    given: dict[str, Any] = {"database_url": world.url, "master_key": spelt(*keys), "hash_key": spelt(HASHES), **values}
    return Settings(**given)


def seen(world: World, case_id: str) -> list[int]:
    """What needs keys: reading with sealed texts, history, clear values, looking somebody up."""
    path = f"/v1/cases/{case_id}"
    party = party_ids(world.send("clerk-lin", "GET", path).json())[0]
    asked = {"fields": ["phone"], "purpose": "service_of_documents"}
    found = world.send("clerk-lin", "POST", "/v1/case-lookups", json={"phone": "13800000000"})
    assert case_id in {item["id"] for item in found.json()["items"]}
    return [
        world.send("clerk-lin", "GET", path).status_code,
        world.send("clerk-lin", "GET", f"{path}/history").status_code,
        world.send("clerk-lin", "POST", f"{path}/parties/{party}/reveal", json=asked).status_code,
    ]


def test_processes_with_the_keys_in_either_order_read_what_the_other_wrote(both: tuple[World, World]) -> None:
    old, new = both
    first, second = old.create(), new.create()

    read = [seen(process, case["id"]) for process in both for case in (first, second)]

    assert read == [[200, 200, 200]] * 4
    assert set(old.read(standing).by_master) == {OLD, NEW}


def test_a_page_begun_at_one_process_goes_on_at_the_other(both: tuple[World, World]) -> None:
    old, new = both
    for _ in range(3):
        old.create()

    page = old.send("clerk-lin", "GET", "/v1/cases?limit=2").json()
    rest = new.send("clerk-lin", "GET", page["next"])

    assert (rest.status_code, len(rest.json()["items"])) == (200, 1)


def test_after_the_rotation_the_new_key_alone_opens_everything(
    both: tuple[World, World], world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = both
    case = old.create(key="kept")
    number = world.counts()["subject_keys"]
    told = key_desk.rotate(settings_of(world, NEW_KEY, MASTER_KEY))

    alone = new.another()
    alone.database.close()
    alone.database = Database(world.url, Vault(NEW_KEY, hash_key=HASHES))

    assert told == 0
    assert f"{NEW}: {number} data keys (in use)" in capsys.readouterr().out
    assert alone.read(standing).by_master == {NEW: number}
    assert seen(alone, case["id"]) == [200, 200, 200]
    assert alone.verification(case["id"])["holds"]
    assert alone.create(key="kept") == case
    assert seen(old, case["id"]) == [200, 200, 200]


def test_a_rotation_that_was_stopped_goes_on_where_it_was(world: World, both: tuple[World, World]) -> None:
    for _ in range(3):
        world.create()
    new, number = both[1], world.counts()["subject_keys"]

    taken = new.write(key_rotation.rewrap_batch, "", limit=2)
    left = new.read(standing).left

    assert taken is not None
    assert (taken[1], left) == (2, number - 2)
    assert key_desk.rotate(settings_of(world, NEW_KEY, MASTER_KEY)) == 0
    assert new.read(standing).by_master == {NEW: number}


def test_a_key_destroyed_during_the_rotation_stays_destroyed(world: World, both: tuple[World, World]) -> None:
    world.create()
    found = world.rows("select id, wrapped from subject_keys")
    world.write(lambda unit: unit.connection.exec_driver_sql("update subject_keys set wrapped = null").rowcount)

    from mediation.storage import keys

    changed = both[1].write(keys.rewrap, [{"id": row["id"], "old": row["wrapped"], "wrapped": "x"} for row in found])

    assert changed == 0
    assert (both[1].read(standing).destroyed, both[1].read(standing).left) == (len(found), 0)


def test_a_rotation_without_the_old_key_says_which_one_is_missing_and_changes_nothing(world: World) -> None:
    world.create()

    with pytest.raises(SettingsError, match=OLD):
        key_desk.rotate(settings_of(world, NEW_KEY))

    assert set(world.read(standing).by_master) == {OLD}


def test_another_hash_key_is_found_out_before_anything_changes(world: World) -> None:
    world.create()

    with pytest.raises(SettingsError, match="HASH_KEY"):
        key_desk.rotate(settings_of(world, NEW_KEY, MASTER_KEY, hash_key=spelt(secrets.token_bytes(32))))

    assert set(world.read(standing).by_master) == {OLD}


def test_status_is_red_until_nothing_lies_under_an_old_key(world: World) -> None:
    world.create()
    settings = settings_of(world, NEW_KEY, MASTER_KEY)

    before, after = key_desk.status(settings), key_desk.rotate(settings) or key_desk.status(settings)

    assert (before, after) == (1, 0)


def test_several_master_keys_want_a_hash_key_and_one_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    one = Settings(master_key=SecretStr(spelt(MASTER_KEY)))
    two = Settings(master_key=SecretStr(spelt(NEW_KEY, MASTER_KEY)))

    key_desk.hash_key(one)

    assert capsys.readouterr().out.strip() == spelt(HASHES)
    assert one.read_hash_key() is None
    with pytest.raises(SettingsError, match="MEDIATION_HASH_KEY_FILE"):
        two.read_hash_key()


def test_keys_come_from_a_file_a_line_each_or_from_a_command(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{spelt(NEW_KEY)}\n{spelt(MASTER_KEY)}\n")

    of_file = Settings(master_key_file=file).read_master_keys()
    of_command = Settings(master_key_command=f"cat {file}").read_master_keys()

    assert of_file == of_command == [NEW_KEY, MASTER_KEY]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (f"{sys.executable} -c 'import sys; print(\"secret\"); sys.exit(3)'", "ended with 3"),
        ("/nowhere/to/be/found", "cannot be run"),
        ("'", "cannot be run"),
        ("echo secret", "not base64"),
        ("true", "0 bytes"),
    ],
)
def test_a_command_that_gives_no_key_is_a_refusal_that_repeats_nothing_it_said(command: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as found:
        Settings(master_key_command=command).read_master_keys()

    assert "MEDIATION_MASTER_KEY_COMMAND" in str(found.value)
    assert "secret" not in str(found.value)

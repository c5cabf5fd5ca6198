"""The commands `mediation keys …`: how the keys stand, everything under the newest, and the key of look-up hashes."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Mapping
from typing import Any

from mediation.gateways.key_service import KeysUnavailableError
from mediation.gateways.sealing import UnsealError
from mediation.gateways.vault import hash_key_of
from mediation.process import open_database
from mediation.services import key_rotation
from mediation.services.key_rotation import KeyStanding
from mediation.settings import Settings, SettingsError
from mediation.storage import Database

DONE, FAILED = 0, 1


def status(settings: Settings) -> int:
    """Print how many data keys lie under which master key; 1 while some lie under another than the one in use."""
    database = open_database(settings)
    try:
        found = database.run_read(key_rotation.standing)
    except UnsealError as error:
        raise _unopened(error) from error
    except KeysUnavailableError as error:
        raise _unavailable(error) from error
    finally:
        database.close()
    _tell(found)
    return DONE if found.left == 0 and found.hashes_fit is not False else FAILED


def rotate(settings: Settings) -> int:
    """Bring everything under the master key in use, batch by batch; processes that serve need not stop."""
    database = open_database(settings)
    try:
        if database.run_read(key_rotation.standing).hashes_fit is False:
            raise SettingsError(
                "Set MEDIATION_HASH_KEY_FILE to the key that the look-up hashes were made with; nothing was changed."
            )
        wrapped = _through(database, key_rotation.rewrap_batch, "", "data keys wrapped anew")
        sealed = _through(database, key_rotation.reseal_batch, ("", ""), "kept answers sealed anew")
        found = database.run_read(key_rotation.standing)
    except UnsealError as error:
        raise _unopened(error) from error
    except KeysUnavailableError as error:
        raise _unavailable(error) from error
    finally:
        database.close()
    _say(f"done: {wrapped} data keys, {sealed} kept answers")
    _tell(found)
    return DONE if found.left == 0 else FAILED


def hash_key(settings: Settings) -> int:
    """Print the key of look-up hashes in base64."""
    key = settings.read_hash_key() or hash_key_of(settings.read_master_keys()[0])
    _say(base64.b64encode(key).decode())
    return DONE


def _through(database: Database, take: Callable[..., Any], after: Any, told: str) -> int:
    """Take batch after batch, each a transaction of its own, until there is none."""
    total = 0
    while (taken := database.run_write(take, after)) is not None:
        after, changed = taken
        total += changed
        if changed:
            _say(f"{told}: {total}")
    return total


def _tell(found: KeyStanding) -> None:
    for key_id, number in found.by_master.items():
        _say(f"{key_id}: {number} data keys{' (in use)' if key_id == found.in_use else ''}")
    _say(f"destroyed: {found.destroyed}")
    if found.hashes_fit is False:
        _say("look-up hashes were made with another key: set MEDIATION_HASH_KEY_FILE")


def _unopened(error: UnsealError) -> SettingsError:
    return SettingsError(f"Add the master key that some data lie under to the others: {error}.")


def _unavailable(error: KeysUnavailableError) -> SettingsError:
    return SettingsError(f"Run it again once the key service answers ({error}): every batch that was told is done.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


COMMANDS: Mapping[str, Callable[[Settings], int]] = {"status": status, "rotate": rotate, "hash-key": hash_key}

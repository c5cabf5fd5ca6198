"""What is done about history from a terminal: seal it, hand a case out, and verify both without any secret."""

from __future__ import annotations

import json
import secrets
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mediation.domain.checkpoints import UnreadableError
from mediation.domain.exports import check_export, parse_export
from mediation.gateways.checkpoint_file import CheckpointFileError, read_lines
from mediation.gateways.clock import real_now
from mediation.gateways.keys import MASTER_KEY_BYTES, UnusableKeyError
from mediation.gateways.signing import PublicKeys, Signer, public_pem, read_public_keys
from mediation.gateways.vault import Vault
from mediation.process import clock_of, open_database, sealer_of
from mediation.sealer import CheckpointsDifferError
from mediation.services.checkpoints import public_keys
from mediation.services.exports import export_as_operator
from mediation.services.verification import Verified, stored_lines, verify_all
from mediation.settings import Settings, SettingsError, load_settings
from mediation.storage import Database, Unit

HOLDS: Final = 0
FAILS: Final = 1
_FILE: Final = "sqlite:///"
_PAUSES: Final = (0.0, 0.2, 0.5, 1.0)
"""How long to wait, each time in seconds, for a line that its sealer writes once the database has it."""


def verify(options: Namespace) -> int:
    """Verify every history against the file of checkpoints; 0 when all holds, 1 with a line for each fault.

    Needs the database, the file and the public keys: no service, no secret. SettingsError when one cannot be had.
    """
    keys = _public_keys(options.public_key)
    with _without_secrets(options.database) as database:
        lines, found = database.run_read(compared, options.checkpoints, keys, is_copy=options.copy)
    _print(finding.line() for finding in found.findings)
    _print([_summary(found, lines)])
    return FAILS if found.findings else HOLDS


def compared(unit: Unit, checkpoints: Path, keys: PublicKeys, *, is_copy: bool) -> tuple[int, Verified]:
    """Look at the file, then once at the database, and compare; a checkpoint sealed meanwhile is no finding.

    Gives how many lines of the file were looked at, and what was found.
    """
    lines = _lines(checkpoints)
    stored = list(stored_lines(unit))
    if stored and not is_copy:
        lines = _written(checkpoints, lines, stored[-1].line)
    return len(lines), verify_all(unit, lines, stored, keys.is_signed, is_copy=is_copy)


def _written(checkpoints: Path, lines: list[str], newest: str) -> list[str]:
    """The lines of the file up to the newest checkpoint of the database, which may be about to be written into it.

    As they were read at first, where it is in them, or does not come.
    """
    again = lines
    for seconds in _PAUSES:
        if newest in again:
            return lines if again is lines else again[: again.index(newest) + 1]
        time.sleep(seconds)
        again = _lines(checkpoints)
    return lines


def _summary(found: Verified, lines: int) -> str:
    looked = f"{found.cases} cases with {found.entries} entries, {found.checkpoints} of {lines} checkpoints"
    if found.findings:
        return f"{len(found.findings)} findings in {looked}"
    later = f"; {found.unsealed} entries came after the last checkpoint" if found.unsealed else ""
    return f"everything holds: {looked}{later}"


def verify_export(options: Namespace) -> int:
    """Verify the exported history of a case by the public key alone; 0 when it holds, 1 with a line for each fault."""
    keys, file = _public_keys(options.public_key), options.file
    try:
        exported = parse_export(file.read_bytes())
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SettingsError(f"{file} is no exported history: {error}.") from error
    findings = list(check_export(exported, keys.is_signed))
    _print(finding.line() for finding in findings)
    if findings:
        return FAILS
    number = exported.proof.sealed.checkpoint.number if exported.proof else 0
    covered, last = exported.covered, len(exported.entries)
    _print([f"holds: case {exported.case_id}, entries 1 to {covered} are in checkpoint {number}"])
    if last > covered:
        _print([f"entries {covered + 1} to {last} only follow from those: the next checkpoint will cover them"])
    return HOLDS


def export(options: Namespace) -> int:
    """Write the history of a case as a third party can verify it, to a file or to the terminal."""
    with _without_secrets(options.database) as database:
        document = database.run_read(export_as_operator, options.case, real_now())
    if document is None:
        raise SettingsError(f"There is no case {options.case} in this database.")
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if options.out is None:
        sys.stdout.write(text)
        return HOLDS
    try:
        options.out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{options.out} cannot be written: {error.strerror}.") from error
    return HOLDS


def print_public_keys(_options: Namespace) -> int:
    """Print every public key that sealed a checkpoint, and the one that seals now, as PEM."""
    settings = load_settings()
    with _without_secrets(None) as database:
        found = database.run_read(public_keys)
    if settings.demo or settings.checkpoint_key_file is not None:
        found.append(Signer(settings.read_checkpoint_key()).public_key)
    if not found:
        raise SettingsError("No checkpoint was ever sealed here, and MEDIATION_CHECKPOINT_KEY_FILE is not set.")
    _print(public_pem(key).rstrip() for key in dict.fromkeys(found))
    return HOLDS


def seal(_options: Namespace) -> int:
    """Seal a checkpoint now, without waiting for the next to be due."""
    settings = load_settings()
    database = open_database(settings)
    try:
        sealed = sealer_of(settings, database, clock_of(settings)).seal(early=True)
    except (CheckpointsDifferError, CheckpointFileError, UnreadableError) as error:
        raise SettingsError(f"Nothing was sealed: {error}.") from error
    finally:
        database.close()
    if sealed is None:
        _print(["nothing grew since the last checkpoint, or another process is sealing"])
    else:
        checkpoint = sealed.checkpoint
        _print([f"checkpoint {checkpoint.number}: {checkpoint.cases} cases, {checkpoint.entries} entries"])
    return HOLDS


@contextmanager
def _without_secrets(database_url: str | None) -> Iterator[Database]:
    """The database, opened with a key of the moment: nothing sealed in it can be opened."""
    settings = Settings(database_url=database_url) if database_url else load_settings()
    settings.check_database()
    url = settings.database_url
    if url.startswith(_FILE) and not Path(url.removeprefix(_FILE)).exists():
        raise SettingsError(f"There is no database {url.removeprefix(_FILE)}.")
    database = Database(url, Vault(secrets.token_bytes(MASTER_KEY_BYTES)), threads=1)
    try:
        if not database.ready():
            raise SettingsError("The database does not answer, or was never migrated.")
        yield database
    finally:
        database.close()


def _public_keys(path: Path) -> PublicKeys:
    try:
        return read_public_keys(path)
    except UnusableKeyError as error:
        raise SettingsError(f"{error}.") from error


def _lines(path: Path) -> list[str]:
    try:
        return read_lines(path)
    except CheckpointFileError as error:
        raise SettingsError(f"{error}.") from error


def _print(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


COMMANDS: Final[Mapping[str, Callable[[Namespace], int]]] = {
    "verify": verify,
    "export": export,
    "verify-export": verify_export,
    "public-key": print_public_keys,
    "seal": seal,
}

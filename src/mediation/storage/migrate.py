"""Brings a database to the newest schema, or back, through the one set of migrations."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


def configuration(url: str, app_role: str = "") -> Config:
    """Alembic's configuration, made here so that no second file can disagree."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    config.attributes["app_role"] = app_role
    return config


def upgrade(url: str, revision: str = "head", app_role: str = "") -> None:
    """Apply every migration up to `revision`."""
    _make_private(url)
    command.upgrade(configuration(url, app_role), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take migrations back down to `revision`."""
    command.downgrade(configuration(url), revision)


def _make_private(url: str) -> None:
    """Keep an SQLite file and its folder to their owner, before SQLite opens it: names stand in it in clear.

    SQLite gives -wal and -shm the mode of the file; those of earlier days are tightened with it.
    """
    if not url.startswith("sqlite:///"):
        return
    name = make_url(url).database
    if not name or name == ":memory:":
        return
    path = Path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _is_own_folder(path.parent):
        _tighten(path.parent, 0o700)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    for file in (path, *(path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))):
        _tighten(file, 0o600)


def _is_own_folder(folder: Path) -> bool:
    """Whether the folder is there for the data alone: not open to everybody, and no folder of others in it."""
    is_shared = folder.stat().st_mode & (stat.S_ISVTX | stat.S_IWOTH)
    return not is_shared and not any(entry.is_dir() for entry in folder.iterdir())


def _tighten(path: Path, most: int) -> None:
    """Take away what the mode allows beyond `most`; what belongs to somebody else stays as its owner left it."""
    with suppress(FileNotFoundError, PermissionError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~most:
            path.chmod(mode & most)

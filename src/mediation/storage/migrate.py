"""Brings a database to the newest schema, or back, through the one set of migrations."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

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
    _make_folder(url)
    command.upgrade(configuration(url, app_role), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take migrations back down to `revision`."""
    command.downgrade(configuration(url), revision)


def _make_folder(url: str) -> None:
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)

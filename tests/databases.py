"""Empty databases for tests, cheaply: migrated once per process, copied for each test."""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.postgres import Server


class Templates:
    """One migrated template per kind of database, made when the first test asks for it."""

    def __init__(self, folder: Path, server: Callable[[], Server], migrate: Callable[[str], None]) -> None:
        self._folder = folder
        self._server = server
        self._migrate = migrate
        self._sqlite: Path | None = None
        self._postgresql: str | None = None

    def sqlite(self, folder: Path) -> str:
        """Return the URL of a migrated SQLite file in `folder`."""
        path = folder / "mediation.db"
        shutil.copyfile(self._sqlite_template(), path)
        return f"sqlite:///{path}"

    @contextmanager
    def postgresql(self) -> Iterator[str]:
        """Give the URL of a migrated PostgreSQL database, dropped at the end."""
        template, server, name = self._postgresql_template(), self._server(), _new_name()
        url = server.create_database(name, template)
        try:
            yield url
        finally:
            server.drop_database(name)

    def drop(self) -> None:
        """Drop what a server that outlives the tests would keep."""
        if self._postgresql is not None:
            self._server().drop_database(self._postgresql)

    def _sqlite_template(self) -> Path:
        if self._sqlite is None:
            path = self._folder / "template.db"
            self._migrate(f"sqlite:///{path}")
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("pragma wal_checkpoint(truncate)")
            self._sqlite = path
        return self._sqlite

    def _postgresql_template(self) -> str:
        if self._postgresql is None:
            name = _new_name()
            self._migrate(self._server().create_database(name))
            self._postgresql = name
        return self._postgresql


@contextmanager
def bare_postgresql(server: Server) -> Iterator[str]:
    """Give the URL of a PostgreSQL database without any table, dropped at the end."""
    name = _new_name()
    try:
        yield server.create_database(name)
    finally:
        server.drop_database(name)


def _new_name() -> str:
    return f"mediation_{os.getpid()}_{secrets.token_hex(6)}"

"""The floor's two drivers behind the same two calls: psycopg, awaited; sqlite3, in the loop itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg

from benchmarks.floor import Rows, Store

CONNECTIONS = 8


class Psycopg:
    """One connection to PostgreSQL; statements are prepared by the driver after a few uses."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self.connection = connection

    async def fetch(self, sql: str, *values: Any) -> Rows:
        return await (await self.connection.execute(sql, values)).fetchall()

    async def execute(self, sql: str, *values: Any) -> None:
        await self.connection.execute(sql, values)


class PostgresqlStore:
    """A few connections, handed out last in first out."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.idle: asyncio.LifoQueue[Psycopg] | None = None

    async def _take(self) -> Psycopg:
        if self.idle is None:
            self.idle = asyncio.LifoQueue()
            for _ in range(CONNECTIONS):
                connection = await psycopg.AsyncConnection.connect(self.url, autocommit=True)
                self.idle.put_nowait(Psycopg(connection))
        return await self.idle.get()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Psycopg]:
        connection = await self._take()
        try:
            yield connection
        finally:
            if self.idle is not None:
                self.idle.put_nowait(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Psycopg]:
        async with self.read() as connection, connection.connection.transaction():
            yield connection


class Sqlite:
    """One connection to SQLite, used in the loop: the cheapest way there is."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    async def fetch(self, sql: str, *values: Any) -> Rows:
        return self.connection.execute(sql.replace("%s", "?"), values).fetchall()

    async def execute(self, sql: str, *values: Any) -> None:
        self.connection.execute(sql.replace("%s", "?"), values)


class SqliteStore:
    """The one connection, set as the service sets its own."""

    def __init__(self, path: str) -> None:
        connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "recursive_triggers=ON"):
            connection.execute(f"PRAGMA {pragma}")
        self.only = Sqlite(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Sqlite]:
        yield self.only

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Sqlite]:
        self.only.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.only
        except BaseException:
            self.only.connection.execute("ROLLBACK")
            raise
        self.only.connection.execute("COMMIT")


def open_store(url: str) -> Store:
    """The store behind a URL or a path."""
    return PostgresqlStore(url) if url.startswith("postgresql:") else SqliteStore(url)

"""One hop: the whole unit of work runs on a small pool of threads, opened and committed here and nowhere else."""

from __future__ import annotations

import asyncio
import contextvars
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, NullPool, QueuePool, TextClause, create_engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from mediation.storage.threads import Threads

P = ParamSpec("P")
T = TypeVar("T")

SQLITE_READERS = 2
RETRIES = 2
_RETRYABLE = frozenset({"40001", "40P01"})
_PSYCOPG = PGDialect_psycopg(paramstyle="pyformat")  # type: ignore[no-untyped-call] # the library gives it no types
_BUSY = _RETRYABLE | {"55P03"}


class DatabaseBusyError(Exception):
    """More work is waiting than the process admits; try again after `retry_after` seconds."""

    def __init__(self, retry_after: int = 1) -> None:
        """Say when to come back."""
        self.retry_after = retry_after
        super().__init__("the database is busy")


class Vault(Protocol):
    """What seals and opens data keys and texts; the gateways implement it."""

    key_id: str
    """Names the master key in use, as every key wrapped under it does."""

    def wrap_all(self, keys: Sequence[tuple[bytes, str]]) -> list[str]:
        """Data keys wrapped under the master key in use, each for its place."""

    def expect(self, keys: Mapping[str, str | None]) -> None:
        """Note which keys, by id, are likely to be opened together."""

    def close(self) -> None:
        """End what runs for it."""

    def is_current_answer(self, sealed: str, context: str) -> bool:
        """Whether a stored answer is sealed under the master key in use."""

    def signed(self, text: str, signature: str) -> bool:
        """Whether a signature of the text is ours."""

    def new_key(self, context: str) -> tuple[bytes, str]:
        """A fresh data key, open and wrapped."""

    def open_key(self, wrapped: str, context: str) -> bytes:
        """The data key that `wrapped` holds."""

    def seal(self, key: bytes, text: str, context: str) -> str:
        """The text, sealed for one place."""

    def unseal(self, key: bytes, sealed: str, context: str) -> str:
        """The text sealed for that place."""

    def seal_answer(self, body: bytes, context: str) -> str:
        """A stored answer, sealed under the master key."""

    def unseal_answer(self, sealed: str, context: str) -> bytes:
        """The answer stored for that place."""

    def seal_token(self, text: str) -> str:
        """What a token of our own says, sealed."""

    def unseal_token(self, sealed: str) -> str:
        """What a token of our own says."""

    def hash(self, kind: str, normalized: str) -> str:
        """A keyed hash for equality look-up."""

    def sign(self, text: str) -> str:
        """A short keyed signature, e.g. of a cursor."""


@dataclass(slots=True)
class Unit:
    """What a service works with: one connection, its dialect, the vault, and the count of statements so far."""

    connection: Connection
    dialect: str
    vault: Vault
    statements: int = field(default=0)
    in_transaction: bool = field(default=False)
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def execute(self, statement: TextClause, parameters: dict[str, Any] | None = None) -> CursorResult[Any]:
        """Run one prebuilt statement."""
        self.statements += 1
        return self.connection.execute(statement, parameters or {})

    def row(self, statement: TextClause, parameters: dict[str, Any]) -> tuple[Any, ...]:
        """Run one prebuilt statement of one row on the driver itself, for what every request asks.

        A result of many columns costs SQLAlchemy more than the query costs the driver. Errors are the driver's.
        """
        self.statements += 1
        driver: Any = self.connection.connection.driver_connection
        found: tuple[Any, ...] = driver.execute(_driver_text(statement, self.dialect), parameters).fetchone()
        return found

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several reads of one state of the database."""
        begin = "begin" if self.dialect == "sqlite" else "begin isolation level repeatable read read only"
        driver: Any = self.connection.connection.driver_connection
        self.statements += 2
        driver.execute(begin)
        try:
            yield
        except BaseException:
            with suppress(psycopg.Error, sqlite3.Error):  # a broken connection has no transaction to end
                driver.execute("rollback")
            raise
        driver.execute("commit")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Several statements as one; inside another it is part of that one, as on SQLite it is part of the hop."""
        if self.dialect == "sqlite" or self.in_transaction:
            yield
            return
        driver: Any = self.connection.connection.driver_connection
        self.statements += 2
        self.in_transaction = True
        try:
            with driver.transaction():
                yield
        finally:
            self.in_transaction = False


def consistent(
    function: Callable[Concatenate[Unit, P], T],
) -> Callable[Concatenate[Unit, P], T]:
    """Let a reading service of several statements see one state of the database: statements on their own tear."""

    @wraps(function)
    def read(unit: Unit, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with unit.snapshot():
            return function(unit, *args, **kwargs)

    return read


@lru_cache(maxsize=1024)
def _driver_text(statement: TextClause, dialect: str) -> str:
    """The statement with the driver's own marks for parameters."""
    return statement.text if dialect == "sqlite" else str(statement.compile(dialect=_PSYCOPG))


class Database:
    """The pool of connections and threads of one process."""

    def __init__(
        self,
        url: str,
        vault: Vault,
        *,
        threads: int = 4,
        queue: int = 32,
        queue_seconds: float = 2.0,
    ) -> None:
        """Open lazily: the first hop connects."""
        self.vault = vault
        self.dialect = "sqlite" if url.startswith("sqlite") else "postgresql"
        self.engine = _sqlite_engine(url) if self.dialect == "sqlite" else _postgresql_engine(url, threads)
        readers = SQLITE_READERS if self.dialect == "sqlite" else threads
        self._readers = Threads(readers, "database")
        self._writers = Threads(1, "writer") if self.dialect == "sqlite" else self._readers
        self._waiting = asyncio.Semaphore(queue + readers)
        self._queue_seconds = queue_seconds
        self._local = threading.local()

    async def read(self, function: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a reading service on a database thread and wait for it."""
        return await self._hop(self._readers, self.run_read, function, *args, **kwargs)

    async def write(self, function: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a writing service on a database thread; once begun it ends, even if nobody waits any more."""
        return await self._hop(self._writers, self.run_write, function, *args, **kwargs)

    async def _hop(self, threads: Threads, run: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        if self._waiting.locked():
            try:
                await asyncio.wait_for(self._waiting.acquire(), self._queue_seconds)
            except TimeoutError:
                raise DatabaseBusyError from None
        else:
            await self._waiting.acquire()
        context, asked = contextvars.copy_context(), time.monotonic()
        return await threads.run(lambda: context.run(self._in_time, asked, run, *args, **kwargs), self._waiting.release)

    def _in_time(self, asked: float, run: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run what did not wait too long for a thread: behind a locked database the queue would only grow old."""
        if time.monotonic() - asked > self._queue_seconds:
            raise DatabaseBusyError
        return run(*args, **kwargs)

    def run_read(self, function: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a reading service here and now."""
        if self.dialect == "sqlite":
            connection = self._own_connection("reader", read_only=True)
            return function(Unit(connection, self.dialect, self.vault), *args, **kwargs)
        return self._run_postgresql(function, *args, **kwargs)

    def run_write(self, function: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a writing service here and now; it commits when the function returns and not otherwise."""
        if self.dialect == "sqlite":
            return self._run_sqlite_write(function, *args, **kwargs)
        return self._run_postgresql(function, *args, **kwargs)

    def _run_sqlite_write(self, function: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        connection = self._own_connection("writer", read_only=False)
        unit = Unit(connection, self.dialect, self.vault)
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            raise DatabaseBusyError from error
        try:
            result = function(unit, *args, **kwargs)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            with suppress(OperationalError):  # some errors have ended the transaction already
                connection.exec_driver_sql("ROLLBACK")
            raise
        for action in unit.after_commit:
            action()
        return result

    def _run_postgresql(self, function: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(RETRIES + 1):
            with self._connected() as connection:
                unit = Unit(connection, self.dialect, self.vault)
                try:
                    result = function(unit, *args, **kwargs)
                except (DBAPIError, psycopg.Error) as error:
                    _leave_out_broken(connection)
                    state = getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlstate", None)
                    if attempt < RETRIES and state in _RETRYABLE:
                        continue
                    if state in _BUSY or _is_lost(error, state):
                        raise DatabaseBusyError from error
                    raise
            for action in unit.after_commit:
                action()
            return result
        raise DatabaseBusyError

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection of the pool; a server that is away for a while means: try again later."""
        try:
            connection = self.engine.connect()
        except (OperationalError, PoolTimeoutError) as error:
            raise DatabaseBusyError from error
        with connection:
            yield connection

    def _own_connection(self, name: str, *, read_only: bool) -> Connection:
        """The connection of this thread: SQLite is read and written on connections that stay open."""
        connection: Connection | None = getattr(self._local, name, None)
        if connection is None or connection.closed:
            try:
                connection = self.engine.connect()
            except OperationalError as error:
                raise DatabaseBusyError from error
            if read_only:
                connection.exec_driver_sql("PRAGMA query_only=ON")
            setattr(self._local, name, connection)
        return connection

    def ready(self) -> bool:
        """Whether the database answers and has been migrated."""
        try:
            return self.run_read(_answers)
        except (DBAPIError, DatabaseBusyError):
            return False

    def close(self) -> None:
        """Let running hops end, then close every connection."""
        self._readers.close()
        self._writers.close()
        self.engine.dispose()
        self.vault.close()


def _leave_out_broken(connection: Connection) -> None:
    """Keep a connection that was lost out of the pool, and those opened before; SQLAlchemy sees only its own errors."""
    driver: Any = connection.connection.driver_connection if not connection.invalidated else None
    if driver is not None and driver.closed:
        connection.invalidate()
        connection.engine.dispose()


def _is_lost(error: Exception, state: str | None) -> bool:
    """Whether the connection broke under the statement; the idempotency key settles what became of it."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, psycopg.OperationalError) and (state is None or state.startswith(("08", "57P")))


def _answers(unit: Unit) -> bool:
    unit.connection.exec_driver_sql("select 1 from alembic_version")
    return True


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": 5},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "busy_timeout=5000",
            "case_sensitive_like=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _postgresql_engine(url: str, threads: int) -> Engine:
    options = (
        "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000 "
        "-c enable_memoize=off"  # a list looks each case up once: remembering them is a third of its time
    )
    return create_engine(
        url,
        poolclass=QueuePool,
        pool_size=threads,
        max_overflow=1,
        pool_timeout=2,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={"options": options, "application_name": "mediation"},
    )

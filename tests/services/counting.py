"""What reaches the driver: statements as libpq sends them to PostgreSQL and as SQLite runs them.

Each is a round trip on PostgreSQL. Preparing one costs another trip, once a connection; that is not counted.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from psycopg import pq
from sqlalchemy import event

from mediation.storage import Database


@dataclass(slots=True)
class Counter:
    """Listens at every connection the database opens from now on; `counted` says what ran inside it."""

    dialect: str
    texts: list[str] = field(default_factory=list)
    _connections: list[Any] = field(default_factory=list)

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """Collect the statements of a block; BEGIN and COMMIT among them."""
        found: list[str] = []
        if self.dialect == "sqlite":
            self.texts.clear()
            yield found
            texts = [text for text, _ in groupby(self.texts)]  # a trigger's own statements tell its cause again
            found.extend(text for text in texts if not text.startswith("PRAGMA"))  # a connection being set up
            return
        files = [self._listen(connection) for connection in self._connections]
        yield found
        for connection, file in files:
            connection.untrace()
            file.seek(0)
            lines = file.read().decode(errors="replace").splitlines()
            file.close()
            found.extend(line for line in lines if line.startswith("F\t") and line.split("\t")[2] in _SENT)

    @staticmethod
    def _listen(connection: Any) -> tuple[Any, Any]:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the block
        connection.trace(file.fileno())
        connection.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
        return connection, file

    def attach(self, connection: Any) -> None:
        if self.dialect == "sqlite":
            connection.set_trace_callback(self.texts.append)
        else:
            self._connections.append(connection.pgconn)


_SENT = {"Execute", "Query"}  # what libpq is told to run, prepared and plain


def count_statements(database: Database) -> Counter:
    """Listen at a database that has not connected yet."""
    counter = Counter(database.dialect)
    event.listen(database.engine, "connect", lambda connection, _record: counter.attach(connection))
    return counter

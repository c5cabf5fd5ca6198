"""The floor: a bare ASGI application over a driver, one SQL statement per table, no rights, no checks.

It reads the rows the service reads and writes the rows the service writes, in the same schema; what the
service computes (sealed texts, hashes, the entry of history) it takes ready-made from a sample of the
service's own rows.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import orjson

from benchmarks.dispute import KEEPER

Scope = dict[str, Any]
Rows = list[tuple[Any, ...]]
Answer = tuple[int, bytes, int | None]
NEW: tuple[str, ...] = (
    "cases", "subject_keys", "subjects", "parties", "claims", "case_scope", "history", "idempotency",
)  # fmt: skip
CHILDREN = ("tracks", "parties", "claims", "obligations", "assignments", "deadlines", "tasks")
_ACTOR = (
    "select p.id, p.name, p.is_active, m.id, m.organization_id, m.roles, o.kind from people p "
    "join memberships m on m.person_id = p.id join organizations o on o.id = m.organization_id "
    "where p.subject = %s and m.until is null"
)
_KEPT = "select fingerprint, status, etag, location, body from idempotency where caller = %s and key = %s"
_ABOVE = (
    "with recursive up (id, parent_id) as (select id, parent_id from organizations where id = %s "
    "union select o.id, o.parent_id from organizations o join up on o.id = up.parent_id) select id from up"
)
_LISTED = (
    "id", "number", "version", "state", "stage", "organization_id", "is_open", "next_due", "next_term", "applicants",
    "respondents", "claimed_fen", "is_collective", "is_urgent", "is_migrant_worker", "has_tasks", "has_risk",
    "is_provisional", "created_on",
)  # fmt: skip
_LIST = (
    f"select {', '.join(f'c.{name}' for name in _LISTED)} from case_scope s join cases c on c.id = s.case_id "  # noqa: S608 - our own names
    "where s.scope_id = %s and s.is_open = %s order by s.next_due, s.case_id limit 51"
)
_UPDATE_CASE = (
    "update cases set version = %s, sequence = %s, facts = %s, next_due = %s, last_entry = %s, head = %s, "
    "updated_at = %s where id = %s and version = %s"
)
_UPDATE_DEADLINE = (
    "update deadlines set due = %s, raw = %s, ledger = %s "
    "where case_id = %s and status = 'running' and term = 'D_NEG_TERM'"
)


def _extended_to(new_end: str) -> str:
    entry = {"kind": "extension", "reason": "extend", "by": "T", "since": new_end, "until": new_end}
    return orjson.dumps([entry]).decode()


class Connection(Protocol):
    """One connection of a driver."""

    async def fetch(self, sql: str, *values: Any) -> Rows: ...
    async def execute(self, sql: str, *values: Any) -> None: ...


class Store(Protocol):
    """Where connections come from."""

    def read(self) -> AbstractAsyncContextManager[Connection]: ...
    def write(self) -> AbstractAsyncContextManager[Connection]: ...


class Floor:
    """The four operations."""

    def __init__(self, store: Store, sample: Mapping[str, Any]) -> None:
        self.store = store
        self.columns: dict[str, list[str]] = sample["columns"]
        self.new: dict[str, Rows] = sample["new"]
        self.entry: list[Any] = sample["entry"]
        self.kept: list[Any] = sample["kept"]
        self.ids: list[str] = sample["ids"]
        self.key: str = sample["key"]
        self.organization: str = sample["organization"]
        self.inserts = {table: self._insert(table, len(rows)) for table, rows in self.new.items()}
        self.selects = {
            table: f"select {', '.join(self.columns[table])} from {table} where case_id = %s order by id"  # noqa: S608 - our own names
            for table in CHILDREN
        }
        self.case = f"select {', '.join(self.columns['cases'])} from cases where id = %s"  # noqa: S608 - our own names

    def _insert(self, table: str, rows: int) -> str:
        columns = self.columns[table]
        one = f"({', '.join(['%s'] * len(columns))})"
        return f"insert into {table} ({', '.join(columns)}) values {', '.join([one] * rows)}"  # noqa: S608 - our own names

    async def create(self, key: str, body: bytes) -> Answer:
        """A draft with two parties and a claim."""
        orjson.loads(body)
        fresh: dict[Any, Any] = {old: str(uuid.uuid4()) for old in self.ids}
        fresh[self.key] = key
        async with self.store.write() as connection:
            await connection.fetch(_ACTOR, KEEPER)
            await connection.fetch(_KEPT, KEEPER, key)
            await connection.fetch(_ABOVE, self.organization)
            made = {}
            for table in NEW:
                rows = made[table] = [[fresh.get(value, value) for value in row] for row in self.new[table]]
                await connection.execute(self.inserts[table], *(value for row in rows for value in row))
        named = {
            table: [dict(zip(self.columns[table], row, strict=True)) for row in rows] for table, rows in made.items()
        }
        document = {**named["cases"][0], **{name: named.get(name, []) for name in CHILDREN}}
        return 201, orjson.dumps(document), 1

    async def step(self, key: str, body: bytes, case_id: str) -> Answer:
        """A later end of the negotiation."""
        new_end = orjson.loads(body)["new_end"]
        async with self.store.write() as connection:
            await connection.fetch(_ACTOR, KEEPER)
            await connection.fetch(_KEPT, KEEPER, key)
            document = await self._case(connection, case_id)
            document["version"] = version = document["version"] + 1
            document["sequence"] += 1
            document["next_due"] = new_end
            now = datetime.now(UTC).isoformat()
            await connection.execute(
                _UPDATE_CASE, version, document["sequence"], document["facts"], new_end, document["last_entry"],
                document["head"], now, case_id, version - 1,
            )  # fmt: skip
            await connection.execute(_UPDATE_DEADLINE, new_end, new_end, _extended_to(new_end), case_id)
            entry = [case_id, document["sequence"], str(uuid.uuid4()), *self.entry[3:]]
            await connection.execute(self._insert("history", 1), *entry)
            kept = [self.kept[0], key, *self.kept[2:]]
            await connection.execute(self._insert("idempotency", 1), *kept)
        return 200, orjson.dumps(document), version

    async def read(self, case_id: str) -> Answer:
        """A case with its children."""
        async with self.store.read() as connection:
            await connection.fetch(_ACTOR, KEEPER)
            document = await self._case(connection, case_id)
        return 200, orjson.dumps(document), document["version"]

    async def _case(self, connection: Connection, case_id: str) -> dict[str, Any]:
        row = (await connection.fetch(self.case, case_id))[0]
        document = dict(zip(self.columns["cases"], row, strict=True))
        for table, select in self.selects.items():
            columns = self.columns[table]
            document[table] = [dict(zip(columns, row, strict=True)) for row in await connection.fetch(select, case_id)]
        await connection.fetch("select id, wrapped from subject_keys where case_id = %s", case_id)
        await connection.fetch("select scope_id from case_scope where case_id = %s", case_id)
        return document

    async def list(self) -> Answer:
        """The first fifty of a worklist."""
        async with self.store.read() as connection:
            await connection.fetch(_ACTOR, KEEPER)
            rows = await connection.fetch(_LIST, f"o:{self.organization}", True)
        items = [dict(zip(_LISTED, row, strict=True)) for row in rows[:50]]
        return 200, orjson.dumps({"items": items, "next": items[-1]["id"]}), None


def application(floor: Floor) -> Callable[..., Awaitable[None]]:
    """The bare ASGI application."""

    async def app(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        if scope["type"] != "http":
            return
        parts = scope["path"].split("/")
        if scope["method"] == "POST":
            key = next(value.decode() for name, value in scope["headers"] if name == b"idempotency-key")
            body = (await receive())["body"]
            answer = await (floor.create(key, body) if len(parts) == 3 else floor.step(key, body, parts[3]))  # noqa: PLR2004 - the path of the collection
        else:
            answer = await (floor.list() if len(parts) == 3 else floor.read(parts[3]))  # noqa: PLR2004 - the same
        await _respond(send, answer)

    return app


async def _respond(send: Callable[[Any], Awaitable[None]], answer: Answer) -> None:
    status, body, version = answer
    headers: Sequence[tuple[bytes, bytes]] = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    if version is not None:
        headers = [*headers, (b"etag", f'"{version}"'.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve until told to stop."""
    import uvicorn  # noqa: PLC0415 - the client imports this module too

    from benchmarks.floor_stores import open_store  # noqa: PLC0415 - the same

    if core := os.environ.get("FLOOR_CORE"):
        os.sched_setaffinity(0, {int(core)})
    sample = orjson.loads(Path(os.environ["FLOOR_SAMPLE"]).read_bytes())
    app = application(Floor(open_store(os.environ["FLOOR_DATABASE"]), sample))
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["FLOOR_PORT"]), http="httptools", loop="uvloop", lifespan="off",
        log_config=None, access_log=False, server_header=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()

"""The stage of one database: migrated, disputes written down through the service, copied for the floor."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
import psycopg
from tests import postgres

from benchmarks.dispute import GIVEN, KEEPER, STEP, step_body
from benchmarks.floor import NEW
from benchmarks.servers import Server, free_port, serving
from mediation.demo import directory
from mediation.demo.people import organization, person
from mediation.gateways.demo_issuer import DemoIssuer
from mediation.process import open_database
from mediation.services.directory import load
from mediation.settings import Settings
from mediation.storage import tables
from mediation.storage.migrate import upgrade

RUNNING: Final = 64
"""Cases in negotiation: read, and taken further, by turns."""
RESTING: Final = 300
"""Drafts beside them, so that a worklist is longer than its page."""

NOT_USED_UP: Final = 200_000
"""Requests a minute of the one person who asks: more than come, and borrowed from the database as ever."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the comparison: how to start it, and the cases it has."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    port: int
    token: str
    cases: list[dict[str, str]]


class Stage:
    """Both sides on one kind of database, in a folder that goes away afterwards."""

    def __init__(self, folder: Path, server: postgres.Server | None) -> None:
        self.folder, self.server = folder, server
        self.name = "SQLite" if server is None else "PostgreSQL"
        self.database_pid = None if server is None else postgres_pid(server)
        self.url = f"sqlite:///{folder / 'ours.db'}" if server is None else server.create_database("ours")
        self.environment = {
            "MEDIATION_DEMO": "true",
            "MEDIATION_DATA": str(folder),
            "MEDIATION_DATABASE_URL": self.url,
            **dict.fromkeys(("MEDIATION_RATE_PERSON", "MEDIATION_RATE_CREATIONS"), str(NOT_USED_UP)),
        }
        settings = Settings(demo=True, data=folder, database_url=self.url)
        upgrade(self.url)
        fill_directory(settings)
        self.token = DemoIssuer(settings.read_signing_key(), settings.issuer, settings.audience).token_for(KEEPER)

    def prepare(self, *, core: int | None) -> tuple[Side, Side]:
        """Write the disputes down through the service, then copy its database for the floor; both keep to `core`."""
        if core is not None:
            self.environment["MEDIATION_CORE"] = str(core)
        port = free_port()
        arguments = ("mediation", "serve", "--port", str(port))
        with self.started(Side("ours", arguments, self.environment, port, self.token, [])) as server:
            cases, sample = write_down(server.port, self.token)
        ours = Side("ours", arguments, self.environment, port, self.token, cases)
        with self._rows() as rows:
            rows.execute("analyze")
            rows.commit()
            path = self.folder / "sample.json"
            path.write_bytes(orjson.dumps(sample_of(rows, **sample)))
        floor_port = free_port()
        environment = {"FLOOR_DATABASE": self._copy(), "FLOOR_PORT": str(floor_port), "FLOOR_SAMPLE": str(path)}
        if core is not None:
            environment["FLOOR_CORE"] = str(core)
        floor = Side("floor", ("benchmarks.floor",), environment, floor_port, self.token, [dict(c) for c in cases])
        return ours, floor

    @contextmanager
    def started(self, side: Side) -> Iterator[Server]:
        """Run one side's server."""
        log = self.folder / f"{side.name}.log"
        with serving(side.arguments, side.environment, side.port, log=log, database_pid=self.database_pid) as server:
            yield server

    @contextmanager
    def _rows(self) -> Iterator[Any]:
        if self.server is None:
            connection: Any = sqlite3.connect(self.folder / "ours.db")
        else:
            connection = psycopg.connect(postgres.plain(self.url))
        try:
            yield connection
        finally:
            connection.close()

    def _copy(self) -> str:
        if self.server is not None:
            return postgres.plain(self.server.create_database("floor", template="ours"))
        with self._rows() as rows:
            rows.execute("pragma wal_checkpoint(truncate)")
        shutil.copy(self.folder / "ours.db", self.folder / "floor.db")
        return str(self.folder / "floor.db")


def postgres_pid(server: postgres.Server) -> int:
    """The pid of the server's first process, whose children do its work."""
    with psycopg.connect(postgres.plain(server.url), autocommit=True) as connection:
        row = connection.execute("select pg_read_file('postmaster.pid')").fetchone()
    return int(str((row or ("",))[0]).split("\n", 1)[0])


def fill_directory(settings: Settings) -> None:
    """Put the demo's organizations and people in place."""
    database = open_database(settings)
    try:
        database.run_write(load, directory.organizations(), directory.people(), directory.memberships())
    finally:
        database.close()


def write_down(port: int, token: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The running cases, the resting ones, and the ids of a sample: one case created, one step taken."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
        created = [_post(client, "/v1/cases", GIVEN) for _ in range(RESTING)][-1]
        cases = [_negotiating(client) for _ in range(RUNNING)]
        key = str(uuid.uuid4())
        path = f"/v1/cases/{cases[0]['id']}/steps/{STEP}"
        cases[0]["ends_on"] = (date.fromisoformat(cases[0]["ends_on"]) + timedelta(days=10)).isoformat()
        stepped = _post(
            client, path, orjson.loads(step_body(date.fromisoformat(cases[0]["ends_on"]))), key, cases[0]["version"]
        )
        cases[0]["version"] = stepped.headers["etag"]
    sample = {
        "case_id": created.json()["id"],
        "key": created.request.headers["idempotency-key"],
        "stepped_id": cases[0]["id"],
        "step_key": key,
    }
    return cases, sample


def _negotiating(client: httpx.Client) -> dict[str, str]:
    """A case registered, sorted, and in negotiation for a month."""
    today = date.today()  # noqa: DTZ011 - a day near today is near enough
    answer = _post(client, "/v1/cases", {**GIVEN, "submit": True})
    day, later = today.isoformat(), (today + timedelta(days=20)).isoformat()
    route = {
        "claim_codes": ["unpaid_wages"],
        "employer_seat": "330106",
        "migrant_worker": True,
        "route_wanted": "negotiation",
    }
    for action, given in (
        ("triage_ok", route),
        ("start_negotiation", {"request_delivered_on": day}),
        ("accept_negotiation", {"replied_on": day, "ends_on": later}),
    ):
        answer = _step(client, answer, action, given)
    return {"id": answer.json()["id"], "version": answer.headers["etag"], "ends_on": later}


def _step(client: httpx.Client, before: httpx.Response, action: str, given: dict[str, Any]) -> httpx.Response:
    """Take a step; what it asks to be attested is attested."""
    path = f"/v1/cases/{before.json()['id']}/steps/{action}"
    tried = client.post(f"{path}?dry_run=true", json=given)
    missing = [b["missing"] for b in tried.json().get("blockers", ())]
    attestations = [
        {"guard": name.removeprefix("attestations."), "evidence": "卷宗"}
        for name in missing
        if name and name.startswith("attestations.")
    ]
    return _post(client, path, {**given, "attestations": attestations}, version=before.headers["etag"])


def _post(
    client: httpx.Client, path: str, given: Mapping[str, Any], key: str | None = None, version: str | None = None
) -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())} | ({"If-Match": version} if version else {})
    answer = client.post(path, json=given, headers=headers)
    if not answer.is_success:
        raise RuntimeError(f"{path}: {answer.text}")
    return answer


def sample_of(rows: Any, *, case_id: str, key: str, stepped_id: str, step_key: str) -> dict[str, Any]:
    """The rows one creation and one step wrote, for the floor to write the like."""
    columns = {name: [column.name for column in table.columns] for name, table in tables.metadata.tables.items()}
    new = {
        table: _select(rows, table, columns[table], "case_id", case_id)
        for table in NEW
        if table not in {"cases", "idempotency"}
    }
    new["cases"] = _select(rows, "cases", columns["cases"], "id", case_id)
    new["idempotency"] = _select(rows, "idempotency", columns["idempotency"], "key", key)
    new["history"] = new["history"][-1:]
    ids = {case_id, new["history"][0][columns["history"].index("id")]}
    for table in ("subject_keys", "subjects", "parties", "claims"):
        ids |= {row[columns[table].index("id")] for row in new[table]}
    return {
        "columns": columns,
        "new": new,
        "entry": _select(rows, "history", columns["history"], "case_id", stepped_id)[-1],
        "kept": _select(rows, "idempotency", columns["idempotency"], "key", step_key)[0],
        "ids": sorted(ids),
        "key": key,
        "organization": organization(person(KEEPER).memberships[0][0]).id,
    }


def _select(rows: Any, table: str, columns: list[str], name: str, value: str) -> list[list[Any]]:
    order = "sequence" if table == "history" else "1"
    found = rows.execute(f"select {', '.join(columns)} from {table} where {name} = '{value}' order by {order}")  # noqa: S608 - our own names
    return [list(row) for row in found]

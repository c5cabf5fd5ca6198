"""A process that is killed leaves everything it answered for, and nothing half written."""

import base64
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from tests.services.world import MASTER_KEY, TRIAGE, UNLIMITED, World, attested, new_case, open_world

from mediation.gateways.demo_issuer import DemoIssuer
from mediation.settings import DEMO_ISSUER, Settings

KILLS = 3
CLIENTS = 4
SECONDS_TO_START = 3.0


@dataclass(slots=True)
class Service:
    """The service as a process of its own, started anew after each kill."""

    folder: Path
    url: str
    port: int
    starts: list[float] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it is ready."""
        environment = {
            "PATH": os.environ["PATH"],
            "MEDIATION_DEMO": "true",
            "MEDIATION_DATA": str(self.folder),
            "MEDIATION_DATABASE_URL": self.url,
            "MEDIATION_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
            "MEDIATION_WORKER_SECONDS": "0.2",
            "MEDIATION_LOG_LEVEL": "error",
            **{f"MEDIATION_{name}".upper(): str(most) for name, most in UNLIMITED.items()},
        }
        began = time.monotonic()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mediation", "serve", "--port", str(self.port)],
                env=environment, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        while not self._is_ready():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() - began < 30
            time.sleep(0.02)
        self.starts.append(time.monotonic() - began)

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/v1/health/ready", timeout=1).status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Service]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    service = Service(folder, url, port)
    try:
        service.start()
        yield service
    finally:
        service.kill()


@dataclass(slots=True)
class Clerk(threading.Thread):
    """Registers cases and sorts them until told to stop; remembers each key and what was answered."""

    address: str
    headers: dict[str, str]
    name_of_round: str
    stop: threading.Event
    sent: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        threading.Thread.__init__(self)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        with httpx.Client(base_url=self.address, headers=self.headers, timeout=5) as client:
            for number in range(10_000):
                if self.stop.is_set() or not self._register(client, f"{self.name_of_round}-{number}"):
                    return

    def _register(self, client: httpx.Client, key: str) -> bool:
        self.sent[key] = None
        try:
            answer = client.post("/v1/cases", json=BODY, headers={"Idempotency-Key": key})
            assert answer.status_code in {201, 503}, answer.text
            if answer.status_code == 201:
                self.sent[key] = answer.json()
                path = f"/v1/cases/{answer.json()['id']}/steps/triage_ok"
                body = {"attestations": attested("triage_ok"), **TRIAGE}
                client.post(path, json=body, headers={"If-Match": answer.headers["ETag"]})
        except httpx.TransportError:
            return False
        return True


BODY = {name: value for name, value in new_case().items() if name != "received_on"}
BODY["claims"] = [{"code": "unpaid_wages", "amount": "24000.00"}]


def bearer(folder: Path) -> dict[str, str]:
    key = Settings(demo=True, data=folder).read_signing_key()
    return {"Authorization": f"Bearer {DemoIssuer(key, DEMO_ISSUER, 'mediation').token_for('clerk-lin')}"}


def test_a_killed_process_leaves_nothing_half_written(database_url: str, tmp_path: Path) -> None:
    headers = bearer(tmp_path)
    sent: dict[str, dict[str, Any] | None] = {}
    moments = random.Random(database_url[:6])
    with open_world(database_url) as world, serving(database_url, tmp_path) as service:
        for number in range(KILLS):
            sent.update(killed_under_load(service, headers, f"round{number}", moments.uniform(0.05, 0.7)))
            service.start()

        check_everything(world)
        answered = {key: case for key, case in sent.items() if case is not None}
        assert answered
        with httpx.Client(base_url=service.address, headers=headers, timeout=10) as client:
            for key, case in sent.items():
                again = client.post("/v1/cases", json=BODY, headers={"Idempotency-Key": key})
                assert again.status_code == 201
                assert case is None or (again.json() == case and again.headers["Idempotency-Replayed"] == "true")
        check_everything(world)
        assert world.counts()["cases"] == len(sent)


def killed_under_load(
    service: Service, headers: dict[str, str], name: str, seconds: float
) -> dict[str, dict[str, Any] | None]:
    """Let clerks write for a moment, kill the process in the middle of it, and tell what they sent."""
    stop = threading.Event()
    clerks = [Clerk(service.address, headers, f"{name}-{n}", stop) for n in range(CLIENTS)]
    for clerk in clerks:
        clerk.start()
    while not any(case for clerk in clerks for case in list(clerk.sent.values())):
        time.sleep(0.01)
    time.sleep(seconds)
    service.kill()
    stop.set()
    for clerk in clerks:
        clerk.join(10)
    return {key: case for clerk in clerks for key, case in clerk.sent.items()}


def check_everything(world: World) -> None:
    """Every case is whole: its chain, its parts, its number, and a row in the outbox for each entry."""
    cases = world.rows("select id, number, state, sequence, version from cases")
    for case in cases:
        assert world.verification(case["id"])["holds"]
        assert case["sequence"] == case["version"]
        assert world.case(case["id"]).tracks["main"].state == case["state"]
        assert case["number"] is not None  # every one of them was written down and submitted at once
    numbers = sorted(int(case["number"].removesuffix("号")[-5:]) for case in cases)
    assert numbers == list(range(1, len(cases) + 1))
    assert [row["n"] for row in world.rows("select n from counters")] == [len(cases)] * bool(cases)
    entries = world.rows("select case_id, sequence from history")
    outbox = world.rows("select case_id, sequence from outbox where kind = 'entry'")
    assert sorted(map(str, entries)) == sorted(map(str, outbox))
    for question in ORPHANS:
        assert world.rows(question) == [], question


ORPHANS = (
    "select id from cases c where (select count(*) from case_scope s where s.case_id = c.id) <> 5",
    "select id from cases c where (select count(*) from parties p where p.case_id = c.id) <> 2",
    "select id from cases c where (select count(*) from claims p where p.case_id = c.id) <> 1",
    "select id from cases c where (select max(sequence) from history h where h.case_id = c.id) <> c.sequence",
    "select id from subjects s where not exists (select 1 from subject_keys k where k.id = s.id)",
    (
        "select id from parties p where subject_id is not null "
        "and not exists (select 1 from subjects s where s.id = p.subject_id)"
    ),
    "select id from subject_keys k where not exists (select 1 from cases c where c.id = k.case_id)",
)


def test_a_cold_start_is_ready_within_seconds(
    sqlite_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Counted in seconds of processor time, which others on the same machine do not lengthen."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with serving(sqlite_url, tmp_path) as service:
        seconds = service.starts[0]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    record_property("seconds_to_ready", round(seconds, 2))
    sys.stdout.write(f"cold start to ready: {seconds:.2f} s, {busy:.2f} s of them at work\n")
    assert busy < SECONDS_TO_START


def test_a_process_that_is_asked_to_stop_finishes_and_ends(sqlite_url: str, tmp_path: Path) -> None:
    with open_world(sqlite_url) as world, serving(sqlite_url, tmp_path) as service:
        assert service.process is not None
        service.process.send_signal(signal.SIGTERM)
        code = service.process.wait(20)
        service.process = None

        assert code in {0, -signal.SIGTERM}
        assert world.counts()["cases"] == 0

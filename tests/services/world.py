"""A running service for tests: the demo's directory in a database, people who call, cases on their way."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI

from mediation import worker
from mediation.api.app import create_app
from mediation.api.representations import render_case
from mediation.api.step_bodies import body_of
from mediation.api.steps import step_request
from mediation.api.wire import NewCaseIn
from mediation.demo import directory as demo
from mediation.demo.people import organization, person
from mediation.domain.cases import Case
from mediation.domain.guards import required_attestations
from mediation.domain.procedure import PROCEDURE
from mediation.gateways.clock import ManualClock
from mediation.gateways.tokens import DemoIssuer, KnownKeys, Verifier
from mediation.gateways.vault import Vault
from mediation.services import cases, directory, reading, steps
from mediation.services.caller import Answer, Caller
from mediation.services.requests import NewCase
from mediation.settings import Settings
from mediation.storage import Database, Unit
from mediation.storage import cases as case_rows
from mediation.storage.migrate import upgrade

ISSUER, AUDIENCE = "tests", "mediation"
UNLIMITED = dict.fromkeys(
    ("rate_person", "rate_client", "rate_anonymous", "rate_look_ups", "rate_reveals", "rate_creations",
     "rate_failed_sign_ins", "rate_party_answers", "rate_access_requests", "alarm_unknown_cases"), 1_000_000,
)  # fmt: skip
"""Budgets that nothing in a test uses up, and nothing is asked of the database for."""
MASTER_KEY = bytes(range(32))
TODAY = date(2026, 6, 15)  # a Monday with ordinary weeks around it
WORKER, EMPLOYER = "张三丰", "某机械有限公司"
CENTRE = organization("yunxi-centre").id

T = TypeVar("T")
_issuer = DemoIssuer(ec.generate_private_key(ec.SECP256R1()), ISSUER, AUDIENCE)
_verifier = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=KnownKeys(_issuer.jwks()))
_tokens: dict[str, str] = {}


class StillClock(ManualClock):
    """A clock that stands where it was put."""

    def __init__(self, day: date = TODAY) -> None:
        super().__init__()
        self._moment = morning_of(day)

    def now(self) -> datetime:
        return self._moment

    def move_to(self, moment: date | datetime) -> datetime:
        self._moment = moment if isinstance(moment, datetime) else morning_of(moment)
        return self._moment


def morning_of(day: date) -> datetime:
    """Nine in the morning in Shanghai."""
    return datetime.combine(day, time(9), ZoneInfo("Asia/Shanghai")).astimezone(UTC)


def bearer(subject: str) -> dict[str, str]:
    """The header that says who calls."""
    if subject not in _tokens:
        _tokens[subject] = _issuer.token_for(subject)
    return {"Authorization": f"Bearer {_tokens[subject]}"}


def new_case(**values: Any) -> dict[str, Any]:
    """A worker against an employer over wages and severance, on its way to registration unless told otherwise."""
    body: dict[str, Any] = {
        "channel": "walk_in",
        "summary": "拖欠工资",
        "reason": "两个月未发工资",
        "written_or_oral": "written",
        "received_on": values.pop("received_on", TODAY.isoformat()),
        "parties": [party_of("worker", WORKER), party_of("employer", EMPLOYER)],
        "claims": [
            {"code": "unpaid_wages", "amount": "24000.00", "basis": "两个月工资"},
            {"code": "economic_compensation", "amount": "9000.00", "knew_on": "2026-06-01"},
        ],
        "submit": True,
    }
    return {**body, **values}


def party_of(kind: str, name: str, **values: Any) -> dict[str, Any]:
    """A party as a client writes it down."""
    role = "applicant" if kind == "worker" else "respondent"
    person = {"phone": "13800000000", "resident_id": "11010519491231002X"} if kind == "worker" else {}
    return {"kind": kind, "name": name, "role": role, **person, **values}


def attested(action: str) -> list[dict[str, str]]:
    """Everything a step may want stated, on a page of the file."""
    guards = required_attestations(PROCEDURE.steps[action]) if action in PROCEDURE.steps else ()
    return [{"guard": guard, "evidence": "卷宗第一页"} for guard in guards]


@dataclass(slots=True)
class World:
    """One process of the service; `another` is a second one on the same database."""

    url: str
    database: Database
    clock: StillClock = field(default_factory=StillClock)
    others: list["World"] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.clock.today()

    def close(self) -> None:
        for other in self.others:
            other.close()
        self.database.close()

    def another(self, **options: Any) -> "World":
        """Start one more process, with the same clock and keys."""
        other = World(self.url, open_database(self.url, **options), self.clock, settings=self.settings)
        self.others.append(other)
        return other

    def read(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        return self.database.run_read(function, *args, **kwargs)

    def write(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        return self.database.run_write(function, *args, **kwargs)

    def caller(self, subject: str, **values: Any) -> Caller:
        given = {"now": self.clock.now(), "today": self.today, "request_id": "test", **values}
        return Caller(subject, **given)

    def create(self, subject: str = "clerk-lin", *, key: str | None = None, **values: Any) -> dict[str, Any]:
        """Write a case down through the service, registered unless told otherwise."""
        given = new_case(**{"received_on": self.today.isoformat(), **values})
        parsed = NewCaseIn.model_validate_json(json.dumps(given), context={"today": self.today})
        caller = self.caller(subject, key=key, fingerprint=key)
        return document(self.write(cases.create_case, caller, NewCase(**parsed.values()), render_case))

    def take(self, case_id: str, action: str, subject: str = "clerk-lin", **given: Any) -> dict[str, Any]:
        """Take a step through the service on the version that stands, stating whatever it wants stated."""
        return document(self.answer(case_id, action, subject, **given))

    def answer(
        self, case_id: str, action: str, subject: str = "clerk-lin", *, version: int | None = None,
        key: str | None = None, acting_as: str | None = None, dry_run: bool = False, **given: Any,
    ) -> Answer:  # fmt: skip
        body = {"attestations": attested(action), **given}
        parsed = body_of(action).model_validate_json(json.dumps(body), context={"today": self.today})
        expected = self.case(case_id).version if version is None else version
        caller = self.caller(subject, key=key, fingerprint=key, expected_version=expected, acting_as=acting_as)
        run = self.read if dry_run else self.write
        return run(steps.advance_case, caller, case_id, step_request(action, parsed), render_case, dry_run)

    def case(self, case_id: str) -> Case:
        """The case as it is stored, whoever may see it."""
        found = self.read(case_rows.load, case_id, subject="", today=self.today).case
        assert found is not None
        return found

    def verification(self, case_id: str) -> dict[str, Any]:
        return self.read(reading.verify_history, self.caller("clerk-lin"), case_id)

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """Rows as they lie in the database."""
        return self.read(_rows, sql, parameters)

    def counts(self) -> dict[str, int]:
        """How many rows each table holds."""
        return {name: self.rows(f"select count(*) as n from {name}")[0]["n"] for name in TABLES}  # noqa: S608

    def run_due(self, day: date | None = None) -> int:
        """Move the clock, and let the worker fire what is due."""
        if day is not None:
            self.clock.move_to(day)
        return worker.run_due(self.database, self.clock)

    def app(self, **settings: Any) -> FastAPI:
        async def after_clock() -> int:
            return await asyncio.to_thread(worker.catch_up, self.database, self.clock)

        return create_app(
            _settings(**{"demo": True, **UNLIMITED, **self.settings, **settings}),
            database=self.database, clock=self.clock, tokens=_verifier, after_clock=after_clock,
        )  # fmt: skip

    @asynccontextmanager
    async def client(self) -> Any:
        """A client that talks HTTP to this process."""
        transport = httpx.ASGITransport(self.app(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service", timeout=60) as client:
            yield client

    def send(self, subject: str, method: str, path: str, **content: Any) -> httpx.Response:
        """Send one request over HTTP."""
        return self.send_all([(subject, method, path, content)])[0]

    def send_all(self, requests: Sequence[tuple[str, str, str, Mapping[str, Any]]]) -> list[httpx.Response]:
        """Send requests at the same time, spread over this process and the others."""

        async def talk() -> list[httpx.Response]:
            worlds = [self, *self.others]
            return await _spread([world.client for world in worlds], requests)

        return asyncio.run(talk())


_read: dict[str, Settings] = {}


def _settings(**given: Any) -> Settings:
    """Settings as given, looked up once in the environment: that takes longer than most requests."""
    key = repr(sorted(given.items()))
    if key not in _read:
        _read[key] = Settings(**given)
    return _read[key]


async def _spread(
    clients: Sequence[Callable[[], Any]], requests: Sequence[tuple[str, str, str, Mapping[str, Any]]]
) -> list[httpx.Response]:
    opened = [make() for make in clients]
    talking = [await manager.__aenter__() for manager in opened]
    try:
        sent = [_send(talking[number % len(talking)], *entry) for number, entry in enumerate(requests)]
        return list(await asyncio.gather(*sent))
    finally:
        for manager in opened:
            await manager.__aexit__(None, None, None)


def _send(
    client: httpx.AsyncClient, subject: str, method: str, path: str, content: Mapping[str, Any]
) -> Awaitable[httpx.Response]:
    given = dict(content)
    headers = {**bearer(subject), **given.pop("headers", {})}
    return client.request(method, path, headers=headers, **given)


def open_database(url: str, **options: Any) -> Database:
    return Database(url, Vault(MASTER_KEY), **options)


def settle(url: str) -> None:
    """Migrate a database, and put the demo's organizations and people in it."""
    upgrade(url)
    with open_world(url):
        pass


@contextmanager
def open_world(url: str, **options: Any) -> Iterator[World]:
    """Open a world on a migrated database, with the demo's organizations and people put in it."""
    with peopled_world(url, **options) as world:
        world.write(directory.load, demo.organizations(), demo.people(), demo.memberships())
        yield world


@contextmanager
def peopled_world(url: str, **options: Any) -> Iterator[World]:
    """Open a world on a database in which the demo's organizations and people are already."""
    world = World(url, open_database(url, **options))
    try:
        yield world
    finally:
        world.close()


def document(answer: Answer) -> dict[str, Any]:
    """The body of an answer."""
    found: dict[str, Any] = json.loads(answer.body)
    return found


def _rows(unit: Unit, sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    from sqlalchemy import text

    return [dict(row) for row in unit.connection.execute(text(sql), parameters).mappings()]


TABLES = (
    "access_log", "access_requests", "assignments", "calendar_loads", "calendar_moves", "calendar_recounts",
    "case_scope", "cases", "checkpoint_leaves", "checkpoint_parts", "checkpoints", "claims",
    "client_assertions", "client_keys", "clients", "computations", "consents", "counters", "deadlines",
    "grants", "history", "idempotency", "leases", "local_figures", "memberships", "obligations", "offers",
    "organization_move_cases", "organization_moves", "organizations", "outbox", "parties", "party_links",
    "party_messages", "people", "reminders", "sharing_records", "subject_keys", "subjects", "tasks", "tracks",
    "undisputed_facts",
)  # fmt: skip


TRIAGE: Mapping[str, Any] = {
    "claim_codes": ["unpaid_wages"],
    "employer_seat": "330106",
    "migrant_worker": True,
    "route_wanted": "mediation",
}


def triage(world: World, case_id: str, **given: Any) -> dict[str, Any]:
    """Sort a registered case."""
    return world.take(case_id, "triage_ok", **{**TRIAGE, **given})


def party_ids(case: Mapping[str, Any]) -> tuple[str, str]:
    """The ids of the worker and of the employer."""
    by_kind = {entry["kind"]: entry["id"] for entry in case["parties"]}
    return by_kind["worker"], by_kind["employer"]


def accept(world: World, case_id: str) -> dict[str, Any]:
    """Sort a registered case, ask both sides, and take it into mediation."""
    case = triage(world, case_id)
    day = world.today.isoformat()
    world.take(case_id, "ask_consent", organization=CENTRE, asked_on=day, how="phone")
    consents = [{"party": key, "date": day, "form": "written"} for key in party_ids(case)]
    return world.take(case_id, "consent", consents=consents, accepted_on=day)


def mediate(world: World, case_id: str, mediator: str = "mediator-zhou") -> dict[str, Any]:
    """Bring a registered case to its first session."""
    case = accept(world, case_id)
    world.take(case_id, "assign_mediator", mediator=person(mediator).id)
    return world.take(
        case_id, "hold_session", mediator, session_on=f"{world.today}T09:30:00+08:00", mode="in_person",
        present=list(party_ids(case)), record={"reference": "调解笔录"},
    )  # fmt: skip


def agree(
    world: World, case_id: str, days: Sequence[str], mediator: str = "mediator-zhou", amount: str = "10000.00"
) -> dict[str, Any]:
    """Bring a case in mediation to an agreement in force, with one payment for each day."""
    case = document_of(world, case_id)
    worker_id, employer_id = party_ids(case)
    today = world.today.isoformat()
    payments = [
        {
            "kind": "payment",
            "debtor": employer_id,
            "creditor": worker_id,
            "amount": amount,
            "due_on": day,
            "what": "工资",
        }
        for day in days
    ]
    world.take(
        case_id, "reach_agreement", mediator, draft={"reference": "调解协议书"}, obligations=payments,
        remaining_claims="settled",
    )  # fmt: skip
    signatures = [{"party": key, "date": today} for key in (worker_id, employer_id)]
    return world.take(
        case_id, "complete_signatures", mediator, signatures=signatures, seal_on=today, effective_on=today
    )


def document_of(world: World, case_id: str, subject: str = "clerk-lin") -> dict[str, Any]:
    """The case as somebody reads it over HTTP."""
    answered = world.send(subject, "GET", f"/v1/cases/{case_id}")
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


def story(world: World, case_id: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A case from registration to its end: action, recorder and input of each step, told when it is its turn."""
    worker, employer = party_ids(document_of(world, case_id))
    day = world.today.isoformat()
    session = {
        "session_on": f"{day}T09:30:00+08:00", "mode": "in_person", "present": [worker, employer],
        "record": {"reference": "调解笔录"},
    }  # fmt: skip
    yield "triage_ok", "clerk-lin", dict(TRIAGE)
    yield "ask_consent", "clerk-lin", {"organization": CENTRE, "asked_on": day, "how": "phone"}
    consents = [{"party": key, "date": day, "form": "written"} for key in (worker, employer)]
    yield "consent", "clerk-lin", {"consents": consents, "accepted_on": day}
    yield "assign_mediator", "clerk-lin", {"mediator": person("mediator-chen").id}
    yield "replace_mediator", "clerk-lin", {"mediator": person("mediator-zhou").id, "reason": "unavailable"}
    yield "hold_session", "mediator-zhou", session
    yield "extend", "mediator-zhou", {"new_end": "2026-07-10", "consents": consents, "reason": "核对工资单"}
    yield "hold_further_session", "mediator-zhou", session
    yield "escalate_violence", "clerk-lin", {
        "level": "red", "kind": "violence", "reported_to": [organization("yunxi-union").id],
    }  # fmt: skip
    yield "clear_risk", "officer-xu", {"why": "已安抚"}
    owed = {"kind": "payment", "debtor": employer, "creditor": worker, "amount": "10000.00", "what": "工资"}
    obligations = [{**owed, "due_on": "2026-06-30"}, {**owed, "due_on": "2026-07-31"}]
    yield "reach_agreement", "mediator-zhou", {
        "draft": {"reference": "协议书"}, "obligations": obligations, "remaining_claims": "settled",
    }  # fmt: skip
    signatures = [{"party": key, "date": day} for key in (worker, employer)]
    yield "complete_signatures", "mediator-zhou", {"signatures": signatures, "seal_on": day, "effective_on": day}
    first, second = (owed for owed in document_of(world, case_id)["obligations"] if owed["status"] == "open")
    paid = {"done_on": day, "payer": employer, "payer_capacity": "respondent", "proof": [{"reference": "转账凭证"}]}
    yield "record_performance", "clerk-lin", {"obligation": first["id"], **paid}
    yield "record_final_performance", "clerk-lin", {"obligation": second["id"], **paid}
    yield "close_performed", "clerk-lin", {}


def tell(world: World, case_id: str) -> Iterator[Case]:
    """Tell the story of a registered case: the case as stored, after each step."""
    for action, subject, given in story(world, case_id):
        world.take(case_id, action, subject, **given)
        yield world.case(case_id)

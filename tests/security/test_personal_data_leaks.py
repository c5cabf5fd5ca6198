"""No sink but the columns meant for it holds personal data: logs, numbers, problems, addresses, files, the outbox."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy.exc import DBAPIError
from tests.security.attack import operations as described
from tests.services.test_statements import operations_in_turn
from tests.services.world import EMPLOYER, WORKER, World, accept, attested, new_case, party_ids, party_of

from mediation.api.log_setup import LibraryLines, processors
from mediation.storage import Unit

NAME, RESIDENT_ID, PHONE = "欧阳标记", "110101199003077571", "13987654321"
ADDRESS, BANK_ACCOUNT, ILLNESS, WAGE = "标记路七号一零一室", "6222020200012345678", "标记病情甲状腺", "8765.43"
SEALED = (RESIDENT_ID, PHONE, ADDRESS, BANK_ACCOUNT, ILLNESS, WAGE)
"""What stands nowhere in clear, not even in its own table."""
MARKS = (NAME, WORKER, *SEALED)
IN_CLEAR = {"parties": {"name"}, "cases": {"applicants", "respondents"}}
"""Columns that lists search and show by name."""


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Everything logged by us and by libraries, at every level, as it would be written."""
    with listening() as written:
        yield written


@contextmanager
def listening() -> Iterator[list[str]]:
    written: list[str] = []

    def keep(_logger: Any, _method: str, event: Any) -> Any:
        written.append(json.dumps(event, default=str, ensure_ascii=False))
        raise structlog.DropEvent

    handler, root = logging.Handler(), logging.getLogger()
    handler.addFilter(lambda record: not record.name.startswith(("httpx", "httpcore")))  # the client of these tests
    handler.emit = lambda record: written.append(LibraryLines().format(record))  # type: ignore[method-assign]
    level, before = root.level, structlog.get_config()["processors"]
    steps = list(before)
    before[:] = [*processors(), keep]
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        before[:] = steps
        root.removeHandler(handler)
        root.setLevel(level)


def marked_party(**values: Any) -> dict[str, Any]:
    personal = {"phone": PHONE, "resident_id": RESIDENT_ID, "address": ADDRESS, "bank_account": BANK_ACCOUNT}
    return party_of("worker", NAME, **{**personal, **values})


def marked_case(**values: Any) -> dict[str, Any]:
    claims = [{"code": "unpaid_wages", "amount_text": f"约{WAGE}", "basis": ILLNESS}]
    told = {"summary": ILLNESS, "reason": f"{NAME}{ILLNESS}", "claims": claims}
    attestations = [{"guard": entry["guard"], "evidence": f"{NAME}病历"} for entry in attested("submit_intake")]
    return new_case(
        parties=[marked_party(), party_of("employer", EMPLOYER)], attestations=attestations, **told, **values
    )


def drive(world: World) -> list[httpx.Response]:
    """Every operation, with marked data wherever somebody writes something down."""
    answers = [world.send("clerk-lin", "POST", "/v1/cases", headers={"Idempotency-Key": "k"}, json=marked_case())]
    case = answers[0].json()
    path, worker = f"/v1/cases/{case['id']}", party_ids(case)[0]
    answers += [
        world.send("clerk-lin", "POST", "/v1/case-lookups", json={"phone": PHONE}),
        world.send("clerk-lin", "POST", "/v1/case-lookups", json={"resident_id": RESIDENT_ID}),
        world.send("clerk-lin", "PUT", f"{path}/employment", headers={"If-Match": f'"{case["version"]}"'}, json={
            "party_id": worker, "joined_on": "2024-01-01", "monthly_wage": WAGE,
        }),
        *(world.send("clerk-fang", "POST", "/v1/access-requests", headers={"Idempotency-Key": number}, json={
            "case_number": f"云溪工调〔2026〕{number}号", "purpose": "same_worker", "reason": f"{NAME}{ILLNESS}",
        }) for number in (case["number"][-6:-1], "99999")),
        world.send("clerk-lin", "GET", f"{path}/history"),
        world.send("clerk-lin", "GET", f"{path}/history/export"),
    ]  # fmt: skip
    asked = {"kind": "correction", "asked_by": "agent", "note": f"{NAME}{ILLNESS}"}
    received = world.send("clerk-lin", "POST", f"{path}/parties/{worker}/data-requests", json=asked)
    refused = {"outcome": "refused", "ground": "found_correct", "reason": f"{NAME}{RESIDENT_ID}"}
    answers += [
        received,
        world.send("clerk-lin", "POST", f"{path}/data-requests/{received.json()['id']}/answer", json=refused),
        world.send("clerk-lin", "GET", f"{path}/parties/{worker}/data-export"),
    ]
    texts = dict.fromkeys(("cause", "harm", "measures"), f"{NAME}{PHONE}")
    weighed = dict.fromkeys(("title", "necessity", "risks", "measures"), f"{NAME}{ILLNESS}")
    incident = {"kind": "leaked", "kinds_of_data": ["contact"], **texts}
    assessed = {"handling": "other", "conclusion": "acceptable", **weighed}
    answers += [
        world.send("clerk-lin", "POST", "/v1/incidents", json=incident),
        world.send("supervisor-tang", "POST", "/v1/impact-assessments", json=assessed),
        world.send("auditor-feng", "GET", "/v1/incidents"),
        world.send("auditor-feng", "GET", "/v1/impact-assessments"),
    ]
    accept(world, case["id"])
    for _, subject, method, target, content in operations_in_turn(world):
        answers.append(world.send(subject, method, target, **content))
    assert [answer.text for answer in answers if answer.status_code >= 300] == []
    return answers


def spoilt(operation: tuple[str, str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Requests for one operation that are refused, with marks in the path, the query, the body and a header."""
    method, path, _ = operation
    nowhere = path.replace("{case_id}", "0190d1b2-0000-7000-8000-000000000000")
    body: dict[str, Any] = dict.fromkeys(("name", "reason", "summary", "phone", "resident_id", "amount"), ILLNESS)
    for name in ("{party_id}", "{claim_id}", "{action}", "{kind}", "{code}", "{term}"):
        nowhere = nowhere.replace(name, NAME)
    yield method, path.replace("{", NAME).replace("}", ""), {}
    yield method, nowhere, {"params": {"party_prefix": NAME, "phone": PHONE, "limit": ILLNESS}}
    if method != "GET":
        yield (
            method,
            nowhere,
            {"json": {**body, NAME: PHONE, "resident_id": f"{RESIDENT_ID}0", "parties": [{"x": NAME}]}},
        )
        yield (
            method,
            nowhere,
            {"content": f'{{"name": "{NAME}'.encode(), "headers": {"Content-Type": "application/json"}},
        )
        yield method, nowhere, {"json": {}, "headers": {"If-Match": f'"{PHONE}x"', "Mediation-Acting-As": PHONE}}


def found_in(text: str, marks: tuple[str, ...] = MARKS) -> list[str]:
    escaped = {mark: json.dumps(mark)[1:-1] for mark in marks}
    return [mark for mark in marks if mark in text or escaped[mark] in text]


def test_what_succeeds_leaves_no_mark_in_logs_numbers_and_addresses(world: World, lines: list[str]) -> None:
    answers = drive(world)
    numbers = world.send("clerk-lin", "GET", "/metrics").text

    addresses = "\n".join(f"{answer.request.url} {dict(answer.headers)}" for answer in answers)
    assert len(lines) >= len(answers)
    assert '"operation": "create_case"' in "\n".join(lines)
    assert found_in("\n".join(lines)) == []
    assert "mediation_http_requests" in numbers
    assert found_in(numbers) == []
    assert found_in(addresses) == []


def test_what_is_refused_repeats_no_mark(world: World, lines: list[str]) -> None:
    asked = [entry for operation in described() for entry in spoilt(operation)]

    answers = world.send_all([("clerk-lin", *entry) for entry in asked])

    refused = [answer for answer in answers if answer.status_code >= 400]
    assert len(refused) > len(answers) * 0.9
    assert [answer.request.url.path for answer in answers if answer.status_code >= 500] == []
    leaking = {(answer.request.method, str(answer.request.url.path)): found_in(answer.text) for answer in refused}
    assert {where: marks for where, marks in leaking.items() if marks} == {}
    assert found_in("\n".join(lines)) == []


def test_what_a_table_holds_in_clear_is_in_the_columns_meant_for_it(world: World) -> None:
    drive(world)

    leaking = []
    for table in tables(world):
        for row in world.rows(f"select * from {table}"):  # noqa: S608 - our own tables
            for column, value in row.items():
                allowed = {NAME, WORKER} if column in IN_CLEAR.get(table, ()) else set()
                leaking += [(table, column, mark) for mark in found_in(str(value)) if mark not in allowed]
    assert sorted(set(leaking)) == []


def tables(world: World) -> list[str]:
    sql = {
        "sqlite": "select name from sqlite_master where type = 'table' and name not like 'sqlite%'",
        "postgresql": "select table_name as name from information_schema.tables where table_schema = 'public'",
    }[world.database.dialect]
    return sorted(row["name"] for row in world.rows(sql))


def test_no_byte_of_the_file_of_sqlite_says_what_is_sealed(templates: Any, tmp_path: Path) -> None:
    from tests.services.world import open_world

    url = templates.sqlite(tmp_path)
    with open_world(url) as world:
        drive(world)
    file = Path(url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()

    content = file.read_bytes()

    assert NAME.encode() in content
    assert [mark for mark in SEALED if mark.encode() in content] == []


def test_an_error_of_the_database_tells_its_kind_and_not_the_row(world: World, lines: list[str]) -> None:
    def break_it(unit: Unit) -> None:
        from sqlalchemy import text

        unit.execute(text("insert into people (id, name) values ('x', :name)"), {"name": NAME})

    with pytest.raises(DBAPIError) as found:
        world.write(break_it)
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=found.value)
    structlog.get_logger("test").error("round_failed", exc_info=found.value)

    assert len(lines) == 2
    assert found_in("\n".join(lines)) == []
    assert "IntegrityError" in lines[0]
    assert "IntegrityError" in lines[1]

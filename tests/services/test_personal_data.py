"""Personal data of a party: taken away when it is cleared, named by what can be read, kept in files of one's own."""

import asyncio
import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.services.world import World, bearer, new_case, party_ids, party_of

from mediation.demo.people import organization
from mediation.domain.history import rebuild
from mediation.services.subjects import masked
from mediation.storage import Unit
from mediation.storage import cases as rows
from mediation.storage import history as history_rows
from mediation.storage.migrate import upgrade
from mediation.storage.recording import unsealed

PHONE, RESIDENT_ID = "13800000000", "11010519491231002X"


def amend(world: World, case: dict[str, Any], version: int, **changes: Any) -> dict[str, Any]:
    path = f"/v1/cases/{case['id']}/parties/{party_ids(case)[0]}"
    answer = world.send("clerk-lin", "PATCH", path, headers={"If-Match": f'"{version}"'}, json=changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def found_by(world: World, **what: str) -> int:
    return len(world.send("clerk-lin", "POST", "/v1/case-lookups", json=what).json()["items"])


@pytest.mark.parametrize("name", ["phone", "resident_id"])
def test_what_is_cleared_is_shown_and_found_no_more(world: World, name: str) -> None:
    case = world.create()
    given = {"phone": PHONE, "resident_id": RESIDENT_ID}
    other = "resident_id" if name == "phone" else "phone"
    before = [found_by(world, **{key: value}) for key, value in given.items()]

    party = amend(world, case, 1, **{name: None})

    (row,) = world.rows("select * from parties where case_id = :id and kind = 'worker'", id=case["id"])
    (subject,) = world.rows("select * from subjects where id = :id", id=row["subject_id"])
    assert before == [1, 1]
    assert party[name] is None
    assert party[other] is not None
    assert (row[f"{name}_masked"], subject[name], subject[f"{name}_hash"]) == (None, None, None)
    assert None not in {row[f"{other}_masked"], subject[other], subject[f"{other}_hash"]}
    assert found_by(world, **{name: given[name]}) == 0
    assert found_by(world, **{other: given[other]}) == 1
    assert world.verification(case["id"])["holds"]


def test_a_case_is_rebuilt_without_what_was_cleared_and_with_what_was_given_anew(world: World) -> None:
    case = world.create()
    amend(world, case, 1, phone=None, resident_id=None)
    shown = amend(world, case, 2, phone="057188888888")

    def read(unit: Unit) -> list[dict[str, Any]]:
        keys = rows.load(unit, case["id"], subject="", today=world.today).keys
        return [
            unsealed(unit, json.loads(row["payload"]), keys)
            for row in history_rows.history(unit, case["id"], after=0, limit=99)
        ]

    party = rebuild(world.read(read))["parties"][party_ids(case)[0]]
    assert party == world.case(case["id"]).parties[party_ids(case)[0]]
    assert party.resident_id_masked is None
    assert shown["phone"] == party.phone_masked is not None


def test_a_correction_of_something_else_leaves_what_is_shown(world: World) -> None:
    case = world.create()

    party = amend(world, case, 1, address="某路一号")

    assert None not in {party["phone"], party["resident_id"]}
    assert masked({"address": "某路一号"}) == {}


HIDDEN = ["\u200b", "\u200d", "\u200f", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff"]


@pytest.mark.parametrize("char", HIDDEN)
def test_a_name_or_reference_with_something_hidden_in_it_is_refused(world: World, char: str) -> None:
    before = world.counts()
    case = new_case(parties=[party_of("worker", f"张{char}三"), party_of("employer", f"{char}公司")])
    case["attestations"] = [{"guard": "x", "evidence": f"第一页{char}"}]

    answer = world.send("clerk-lin", "POST", "/v1/cases", json=case)

    found = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    places = ["/parties/0/name", "/parties/1/name", "/attestations/0/evidence"]
    assert answer.status_code == 422
    assert found == [(place, "text_invisible") for place in places]
    assert char not in answer.text
    assert world.counts() == before


def test_an_ordinary_name_and_a_long_text_with_such_a_character_are_taken(world: World) -> None:
    names = ["阿卜杜拉·买买提", "O’Neill & Söhne — 有限公司", "中国　公司"]
    case = new_case(parties=[party_of("worker", names[0]), *(party_of("employer", name) for name in names[1:])])
    case["parties"][2]["role"] = "co_respondent"

    answer = world.send("clerk-lin", "POST", "/v1/cases", json={**case, "reason": "粘贴\u200b来的话", "submit": False})

    assert answer.status_code == 201, answer.text


def test_an_id_in_a_path_is_taken_whatever_its_letter_case(world: World) -> None:
    case = world.create()
    path, worker = f"/v1/cases/{case['id'].upper()}", party_ids(case)[0].upper()
    centre = organization("yunxi-centre").id.upper()

    read = world.send("clerk-lin", "GET", path)
    amended = world.send(
        "clerk-lin", "PATCH", f"{path}/parties/{worker}", headers={"If-Match": '"1"'}, json={"name": "李四"}
    )

    assert (read.status_code, read.json()["id"]) == (200, case["id"])
    assert (amended.status_code, amended.json()["name"]) == (200, "李四")
    assert world.send("clerk-lin", "GET", f"/v1/organizations/{centre}").status_code == 200
    assert world.send("clerk-lin", "GET", f"{path}x").status_code == 404


def test_one_key_is_one_request_whatever_the_letter_case_of_its_path(world: World) -> None:
    case = world.create(submit=False)
    content = {"headers": {"Idempotency-Key": "the-key"}, "json": {"code": "overtime_pay"}}

    first, again = (
        world.send("clerk-lin", "POST", f"/v1/cases/{key}/claims", **content)
        for key in (case["id"], case["id"].upper())
    )

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content


def test_a_client_that_leaves_in_the_middle_ends_quietly_with_one_line(world: World) -> None:
    messages: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": b'{"channel":', "more_body": True}, {"type": "http.disconnect"}]
    )
    sent: list[Any] = []
    headers = {"content-type": "application/json", "content-length": "900", **bearer("clerk-lin")}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/v1/cases", "raw_path": b"/v1/cases", "root_path": "", "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("service", 80), "state": {},
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    with capture_logs() as lines:
        asyncio.run(world.app()(scope, receive, send))

    assert sent == []
    assert [(line["event"], line["operation"], line["status"]) for line in lines] == [("request", "create_case", 499)]


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_a_new_database_file_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "mediation.db"

    upgrade(f"sqlite:///{file}")

    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma journal_mode=wal")
        connection.execute("create table more (id integer)")
        modes = {path.name: mode(path) for path in file.parent.iterdir()}
    assert mode(file.parent) == "0o700"
    assert modes == dict.fromkeys(["mediation.db", "mediation.db-wal", "mediation.db-shm"], "0o600")


def test_the_modes_of_an_older_database_are_tightened_and_never_widened(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    file = folder / "mediation.db"
    upgrade(f"sqlite:///{file}")
    file.chmod(0o644)
    folder.chmod(0o500)
    owner = file.stat().st_uid

    upgrade(f"sqlite:///{file}")

    assert (mode(file), mode(folder), file.stat().st_uid) == ("0o600", "0o500", owner)
    folder.chmod(0o700)


def test_the_mode_of_a_folder_that_others_use_too_stays(tmp_path: Path) -> None:
    shared, home = tmp_path / "shared", tmp_path / "home"
    (home / "documents").mkdir(parents=True)
    shared.mkdir()
    shared.chmod(0o1777)
    home.chmod(0o755)

    for folder in (shared, home):
        upgrade(f"sqlite:///{folder / 'mediation.db'}")

    assert (mode(shared), mode(home)) == ("0o1777", "0o755")
    assert {mode(folder / "mediation.db") for folder in (shared, home)} == {"0o600"}

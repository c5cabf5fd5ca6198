"""Personal data erased for good: the key is gone, what stood in clear is blank, and history still verifies."""

import json
from datetime import date
from typing import Any

import httpx
import pytest
from tests.services.world import WORKER, World, party_ids, party_of, tell

from mediation.domain.history import rebuild
from mediation.storage import Unit
from mediation.storage import cases as rows
from mediation.storage import history as history_rows
from mediation.storage.recording import unsealed

PHONE, RESIDENT_ID, ADDRESS = "13800000000", "11010519491231002X", "某路一号"
AFTER_TEN_YEARS, AFTER_NINE = date(2036, 9, 1), date(2035, 9, 3)


def ended(world: World, day: date = AFTER_TEN_YEARS, **values: Any) -> dict[str, Any]:
    """A case that went its way to the end, and then years went by."""
    case = world.create(key="created", **values)
    list(tell(world, case["id"]))
    world.run_due(day)
    return case


def erase(world: World, case: dict[str, Any], who: str = "supervisor-tang", party: str | None = None) -> httpx.Response:
    path = f"/v1/cases/{case['id']}/parties/{party or party_ids(case)[0]}/erasure"
    return world.send(who, "POST", path, json={"reason": "保存期限届满"}, headers={"Idempotency-Key": "erase"})


def blockers(answer: httpx.Response) -> list[str]:
    return [entry["code"] for entry in answer.json()["blockers"]]


def hold(world: World, case: dict[str, Any], tail: str = "", who: str = "supervisor-tang") -> httpx.Response:
    return world.send(who, "POST", f"/v1/cases/{case['id']}/legal-hold{tail}", json={"reason": "另案调查"})


def everything(world: World) -> str:
    """Every row of every table that says something of cases, as it lies stored."""
    tables = ("cases", "parties", "subjects", "history", "idempotency", "access_log", "outbox")
    found = {name: world.rows(f"select * from {name}") for name in tables}  # noqa: S608 - a list of our own
    return json.dumps(found, default=str, ensure_ascii=False)


def rebuilt(world: World, case_id: str) -> dict[str, dict[str, Any]]:
    def read(unit: Unit) -> dict[str, dict[str, Any]]:
        keys = rows.load(unit, case_id, subject="", today=world.today).keys
        found = history_rows.history(unit, case_id, after=0, limit=999)
        return rebuild([unsealed(unit, json.loads(row["payload"]), keys) for row in found])

    return world.read(read)


def test_what_is_erased_is_nowhere_any_more_and_the_chain_holds(world: World) -> None:
    case = ended(world)
    before = everything(world)
    masked = world.rows("select phone_masked, resident_id_masked from parties where kind = 'worker'")[0]

    answer = erase(world, case)

    after = everything(world)
    (subject,) = world.rows("select * from subjects")
    party = party_ids(case)[0]
    assert answer.status_code == 200, answer.text
    assert (answer.json()["name"], answer.json()["phone"], answer.json()["resident_id"]) == ("已删除", None, None)
    assert {name: value for name, value in subject.items() if name not in {"id", "case_id"} and value} == {}
    assert WORKER in before
    assert [mark for mark in (WORKER, PHONE, RESIDENT_ID, *masked.values()) if mark in after] == []
    assert world.verification(case["id"])["holds"]
    assert world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}").status_code == 200
    assert world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}/history").status_code == 200
    assert rebuilt(world, case["id"])["parties"][party].name is None
    other = party_ids(case)[1]
    assert rebuilt(world, case["id"])["parties"][other] == world.case(case["id"]).parties[other]


def test_the_key_is_gone_and_nobody_is_found_by_what_it_sealed(world: World) -> None:
    case = ended(world)

    erase(world, case)

    asked = {"fields": ["phone"], "purpose": "request_of_person"}
    shown = world.send("clerk-lin", "POST", f"/v1/cases/{case['id']}/parties/{party_ids(case)[0]}/reveal", json=asked)
    found = world.send("clerk-lin", "POST", "/v1/case-lookups", json={"phone": PHONE})
    (key,) = world.rows("select * from subject_keys where id in (select id from subjects)")
    assert key["wrapped"] is None
    assert key["destroyed_at"] is not None
    assert shown.status_code == 409
    assert found.json()["items"] == []


def test_answers_kept_about_the_case_go_and_those_about_others_stay(world: World) -> None:
    case = ended(world)
    other = world.create(key="another")

    erase(world, case)

    kept = world.rows("select key, case_id from idempotency order by key")
    assert [row for row in kept if row["case_id"] == case["id"]] == [{"key": "erase", "case_id": case["id"]}]
    assert other["id"] in {row["case_id"] for row in kept}


def test_history_tells_who_erased_whom_and_why(world: World) -> None:
    case = ended(world)
    before = world.case(case["id"]).sequence

    erase(world, case)

    (entry,) = world.send("supervisor-tang", "GET", f"/v1/cases/{case['id']}/history?after={before}").json()["items"]
    assert (entry["action"], entry["input"]["party_id"]) == ("erase", party_ids(case)[0])
    assert entry["private"] == {"reason": "保存期限届满"}
    assert WORKER not in json.dumps(entry, ensure_ascii=False)


def test_an_erased_person_cannot_be_erased_again_and_a_body_not_at_all(world: World) -> None:
    case = ended(world)
    erase(world, case)

    replayed = erase(world, case)
    again = world.send(
        "supervisor-tang", "POST", f"/v1/cases/{case['id']}/parties/{party_ids(case)[0]}/erasure", json={"reason": "x"}
    )

    assert (replayed.status_code, replayed.headers.get("idempotency-replayed")) == (200, "true")
    assert again.status_code == 409
    body = world.send(
        "supervisor-tang", "POST", f"/v1/cases/{case['id']}/parties/{party_ids(case)[1]}/erasure", json={"reason": "x"}
    )
    assert body.status_code == 409


def test_nothing_of_an_open_case_is_erased(world: World) -> None:
    case = world.create()

    answer = erase(world, case)

    assert answer.status_code == 409
    assert blockers(answer)[0] == "case_open"
    assert WORKER in everything(world)


@pytest.mark.parametrize(
    ("day", "claims", "expected"),
    [
        (AFTER_NINE, None, "10 "),
        (AFTER_TEN_YEARS, None, None),
        (AFTER_TEN_YEARS, [{"code": "work_death_benefit", "amount": "1.00"}], "30 "),
    ],
)
def test_a_file_is_kept_as_long_as_its_kind_asks_for(
    world: World, day: date, claims: list[dict[str, Any]] | None, expected: str | None
) -> None:
    case = ended(world, day, **({"claims": claims} if claims else {}))

    answer = world.send(
        "supervisor-tang", "POST", f"/v1/cases/{case['id']}/parties/{party_ids(case)[0]}/erasure",
        json={"reason": "x"}, headers={"Accept-Language": "en"},
    )  # fmt: skip

    assert answer.status_code == (200 if expected is None else 409), answer.text
    if expected is not None:
        (blocker,) = answer.json()["blockers"]
        assert blocker["code"] == "retention_stands"
        assert f"({expected}years)" in blocker["text"]


def test_a_legal_hold_keeps_everything_until_it_is_lifted(world: World) -> None:
    case = ended(world)
    held = hold(world, case)

    refused, twice, lifted = erase(world, case), hold(world, case), hold(world, case, "/lifting")
    erased, nothing = erase(world, case), hold(world, case, "/lifting")

    assert (held.status_code, held.json()["hold"]) == (200, {"since": world.today.isoformat()})
    assert blockers(refused) == ["legal_hold"]
    assert (lifted.status_code, lifted.json()["hold"]) == (200, None)
    assert (twice.status_code, erased.status_code, nothing.status_code) == (409, 200, 409)


@pytest.mark.parametrize(("who", "status"), [("clerk-lin", 403), ("auditor-feng", 403), ("court-gao", 404)])
def test_erasing_and_holding_are_for_supervisors(world: World, who: str, status: int) -> None:
    case = world.create()

    assert (erase(world, case, who).status_code, hold(world, case, who=who).status_code) == (status, status)


def test_one_person_is_erased_and_the_others_of_the_case_stay(world: World) -> None:
    parties = [party_of("worker", "张三丰"), party_of("worker", "李四", role="co_applicant", phone="13900000000")]
    case = world.create(parties=[*parties, party_of("employer", "某公司")])
    workers = {party["name"]: party["id"] for party in case["parties"] if party["kind"] == "worker"}
    one = workers["张三丰"]
    world.take(case["id"], "withdraw", asked_by=one, reason="双方自行和解", workers=list(workers.values()))
    world.run_due(AFTER_TEN_YEARS)

    answer = erase(world, case, party=one)

    names = {party["name"] for party in world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}").json()["parties"]}
    assert answer.status_code == 200
    assert names == {"已删除", "李四", "某公司"}
    assert len(world.send("clerk-lin", "POST", "/v1/case-lookups", json={"phone": "13900000000"}).json()["items"]) == 1

"""The employment of a worker on file, sealed and shown to few; claims computed from it, kept, and compared."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.services.world import EMPLOYER, WORKER, World, document_of, party_ids, party_of, triage

from mediation.demo.people import organization, person
from mediation.domain.history import rebuild
from mediation.storage import Unit
from mediation.storage import cases as case_rows
from mediation.storage import history as history_rows
from mediation.storage.recording import unsealed

FIGURES: list[dict[str, Any]] = [
    {"kind": "average_wage", "place": "330100", "year": 2025, "value": "9480.00", "source": "统计公报"},
    {"kind": "minimum_wage", "place": "330100", "since": "2026-01-01", "value": "2490.00", "source": "市政府公告"},
]
FACTS: dict[str, Any] = {
    "joined_on": "2021-03-15",
    "avg_monthly_wage": "8512.34",
    "monthly_wage": "6525.00",
    "ended_how": "agreed_employer_proposed",
}
SECRETS = ("8512.34", "6525.00", "2021-03-15")


def on_file(
    world: World, case: dict[str, Any], who: str = "clerk-lin", *, version: int | None = None, **given: Any
) -> httpx.Response:
    """Put the employment on file, on the version that stands."""
    stands = world.case(case["id"]).version if version is None else version
    path = f"/v1/cases/{case['id']}/employment"
    return world.send(who, "PUT", path, headers={"If-Match": f'"{stands}"'}, json=given)


def employment(world: World, case: dict[str, Any], who: str = "clerk-lin") -> httpx.Response:
    return world.send(who, "GET", f"/v1/cases/{case['id']}/employment")


def path_of(case: dict[str, Any], code: str = "economic_compensation") -> str:
    claim = next(entry["id"] for entry in case["claims"] if entry["code"] == code)
    return f"/v1/cases/{case['id']}/claims/{claim}/computation"


def computed(world: World, case: dict[str, Any], who: str = "clerk-lin", **given: Any) -> httpx.Response:
    """Compute the severance of a case."""
    return world.send(who, "POST", path_of(case), json=given)


def load_figures(world: World, *rows: dict[str, Any]) -> None:
    answer = world.send("admin-qian", "POST", "/v1/local-figures", json={"figures": rows or FIGURES})
    assert answer.status_code == 201, answer.text


def with_facts(world: World, **given: Any) -> dict[str, Any]:
    """A draft with accounts on both sides, the end and place of the employment, and its facts."""
    parties = [
        party_of("worker", WORKER, person_id=person("worker-zhang").id),
        party_of("employer", EMPLOYER, person_id=person("employer-wang").id),
    ]
    case = world.create(submit=False, parties=parties)
    answer = on_file(world, case, ended_on="2026-05-31", place_of_performance="330106", **{**FACTS, **given})
    assert answer.status_code == 200, answer.text
    return case


def errors(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def opened(world: World, case_id: str) -> list[dict[str, Any]]:
    """The whole history of a case with everything opened."""

    def read(unit: Unit) -> list[dict[str, Any]]:
        keys = case_rows.load(unit, case_id, subject="", today=world.today).keys
        found = history_rows.history(unit, case_id, after=0, limit=99)
        return [unsealed(unit, json.loads(row["payload"]), keys) for row in found]

    return world.read(read)


def test_facts_on_file_are_read_back_with_those_of_the_case(world: World) -> None:
    case = with_facts(world)

    found = employment(world, case)

    assert found.headers["ETag"] == '"2"'
    assert found.json() == {
        "case_id": case["id"],
        "version": 2,
        "ended_on": "2026-05-31",
        "place_of_performance": "330106",
        "items": [{"party_id": party_ids(case)[0], "name": WORKER, "facts": FACTS}],
    }
    assert world.case(case["id"]).facts["ended_on"] == "2026-05-31"
    assert document_of(world, case["id"])["facts"]["place_of_performance"] == "330106"


def test_facts_put_again_take_the_place_of_the_earlier_ones(world: World) -> None:
    case = with_facts(world)

    on_file(world, case, joined_on="2022-01-01", place_of_performance=None)
    found = employment(world, case).json()
    on_file(world, case)

    assert found["items"][0]["facts"] == {"joined_on": "2022-01-01"}
    assert (found["ended_on"], found["place_of_performance"]) == ("2026-05-31", None)
    assert "employment" not in world.case(case["id"]).facts
    assert world.verification(case["id"])["holds"]


def test_facts_that_cannot_be_are_refused_and_nothing_is_written(world: World) -> None:
    case = with_facts(world)

    answer = on_file(world, case, joined_on="2026-06-01", monthly_wage="much", wages=[{"month": "May", "payable": "1"}])

    assert errors(answer) == [("/monthly_wage", "not_a_number"), ("/wages/0/month", "not_a_month")]
    assert errors(on_file(world, case, joined_on="2026-06-01")) == [("/ended_on", "impossible")]
    assert errors(on_file(world, case, salary="1")) == [("/salary", "unknown_field")]
    assert world.case(case["id"]).version == 2


def test_facts_need_the_version_that_was_read(world: World) -> None:
    case = with_facts(world)

    assert on_file(world, case, version=1, **FACTS).status_code == 412
    assert world.send("clerk-lin", "PUT", f"/v1/cases/{case['id']}/employment", json=FACTS).status_code == 428


def test_the_end_of_a_registered_case_is_recorded_by_its_step_and_set_right_by_correction(world: World) -> None:
    case = world.create()
    before = on_file(world, case, ended_on="2026-06-10")
    day = world.today.isoformat()
    world.take(case["id"], "record_contract_end", ended_on=day, ground="dismissed", recorded_for=party_ids(case)[0])

    same = on_file(world, case, ended_on=day, **FACTS)
    other = on_file(world, case, ended_on="2026-06-10", **FACTS)

    assert before.status_code == 409
    assert "record_contract_end" in before.json()["detail"]
    assert same.status_code == 200
    assert other.status_code == 409
    assert "correct_entry" in other.json()["detail"]


def test_nobody_reads_wages_in_the_database_without_the_key(world: World) -> None:
    load_figures(world)
    case = with_facts(world)
    computed(world, case)

    stored = json.dumps(
        [
            world.rows("select facts from cases where id = :id", id=case["id"]),
            world.rows("select payload from history where case_id = :id", id=case["id"]),
            world.rows("select data from computations where case_id = :id", id=case["id"]),
        ]
    )

    assert [secret for secret in SECRETS if secret in stored] == []
    assert "4681787" in stored  # the amount stands in clear, as other amounts do


def reads(world: World, case: dict[str, Any], who: str) -> dict[str, httpx.Response]:
    """Everything a person reads of a case in which wages could stand."""
    paths = {
        "case": f"/v1/cases/{case['id']}",
        "then": f"/v1/cases/{case['id']}?as_of={world.today}",
        "steps": f"/v1/cases/{case['id']}/steps",
        "history": f"/v1/cases/{case['id']}/history",
        "employment": f"/v1/cases/{case['id']}/employment",
        "computation": path_of(case),
    }
    return {name: world.send(who, "GET", path) for name, path in paths.items()}


def test_the_other_side_and_liaisons_see_the_case_and_no_wages(world: World) -> None:
    load_figures(world)
    case = with_facts(world)
    computed(world, case)
    given = {"channel": "walk_in", "written_or_oral": "written", "received_on": "2026-06-15", "reason": "欠薪"}
    world.take(case["id"], "submit_intake", **given)
    triage(world, case["id"])
    world.take(
        case["id"], "hand_over_inspection", office=organization("yunxi-inspection").id,
        sent_on=world.today.isoformat(), matter="wage_arrears",
    )  # fmt: skip

    for who in ("employer-wang", "inspection-luo"):
        found = reads(world, case, who)

        assert {name: answer.status_code for name, answer in found.items()} == {
            "case": 200, "then": 200, "steps": 200, "history": 200, "employment": 403, "computation": 403,
        }  # fmt: skip
        assert [secret for secret in (*SECRETS, "46817.87") for answer in found.values() if secret in answer.text] == []
        assert on_file(world, case, who, **FACTS).status_code == 403
        assert computed(world, case, who).status_code == 403


def test_the_house_and_the_worker_see_the_wages(world: World) -> None:
    load_figures(world)
    case = with_facts(world)
    computed(world, case)

    for who in ("clerk-lin", "supervisor-tang", "worker-zhang"):
        found = reads(world, case, who)

        assert {answer.status_code for answer in found.values()} == {200}
        assert [name for name, answer in found.items() if "8512.34" in answer.text] == [
            "history", "employment", "computation",
        ]  # fmt: skip


def test_a_worker_sees_and_writes_their_own_employment_and_no_other(world: World) -> None:
    parties = [
        party_of("worker", WORKER, person_id=person("worker-zhang").id),
        party_of("worker", "田穗儿", role="co_applicant", person_id=person("worker-tian").id),
        party_of("employer", EMPLOYER),
    ]
    case = world.create(submit=False, parties=parties)
    zhang, tian = (entry["id"] for name in (WORKER, "田穗儿") for entry in case["parties"] if entry["name"] == name)

    unnamed = on_file(world, case, **FACTS)
    written = on_file(world, case, "worker-tian", monthly_wage="5000.00", avg_monthly_wage="5000.00")
    on_file(world, case, party_id=zhang, **FACTS)

    assert errors(unnamed) == [("/party_id", "which_worker")]
    assert written.json()["items"] == [
        {"party_id": tian, "name": "田穗儿", "facts": {"monthly_wage": "5000.00", "avg_monthly_wage": "5000.00"}}
    ]
    assert errors(on_file(world, case, "worker-tian", party_id=zhang, **FACTS)) == [("/party_id", "not_a_worker")]
    assert "8512.34" not in employment(world, case, "worker-tian").text
    assert "8512.34" not in world.send("worker-tian", "GET", f"/v1/cases/{case['id']}/history").text
    assert {item["party_id"] for item in employment(world, case).json()["items"]} == {zhang, tian}
    months = computed(world, case, party_id=zhang, inputs={"n": "2", "place": None})
    assert months.json()["result"]["amount"] == "17024.68"
    assert world.send("worker-tian", "GET", path_of(case)).status_code == 403
    assert computed(world, case, "worker-tian", inputs={"n": "1"}).status_code == 403
    assert computed(world, case).json()["party_id"] == zhang


def test_a_case_without_a_worker_has_nobody_to_compute_for(world: World) -> None:
    case = world.create(submit=False, parties=[party_of("employer", EMPLOYER, role="applicant")])

    assert employment(world, case).json()["items"] == []
    assert errors(on_file(world, case, **FACTS)) == [("/party_id", "which_worker")]
    assert errors(computed(world, case, inputs={"n": "1"})) == [("/party_id", "which_worker")]


def test_a_claim_is_computed_from_the_facts_on_file_and_kept_with_its_working(world: World) -> None:
    load_figures(world)
    case = with_facts(world)

    made = computed(world, case)
    kept = world.send("clerk-lin", "GET", path_of(case))

    assert made.status_code == 200, made.text
    assert kept.json() == made.json()
    found = made.json()
    assert found["kind"] == "economic_compensation"
    assert found["result"]["amount"] == "46817.87"  # 8,512.34 × 5.5
    assert found["result"]["inputs"]["service"] == [["2021-03-15", "2026-05-31"]]
    assert {"zh", "en", "facts"} == found["result"]["working"][0].keys()
    assert any("统计公报" in line["zh"] for line in found["result"]["working"])
    assert found["result"]["citations"]
    assert found["result"]["rule_version"]
    assert (found["is_stale"], found["given"]) == (False, {})
    assert found["compared"] == {
        "claimed": {"amount": "9000.00", "difference": "-37817.87", "ratio": "0.1922"},
        "agreed": None,
        "awarded": None,
    }


def test_a_missing_fact_and_a_missing_figure_are_named(world: World) -> None:
    case = with_facts(world)
    path = path_of(case)

    figure = computed(world, case)
    on_file(world, case, avg_monthly_wage="8512.34", place_of_performance=None)
    fact = computed(world, case)
    kind = computed(world, case, kind="notice_pay")

    assert errors(figure) == [("/inputs/place", "missing_figure")]
    assert "330106" in figure.json()["errors"][0]["detail"]
    assert errors(fact) == [("/inputs/service", "one_of")]
    assert "joined_on" in fact.json()["errors"][0]["detail"]
    assert errors(kind) == [("/kind", "not_for_this_claim")]
    assert world.send("clerk-lin", "GET", path).status_code == 404
    assert world.counts()["computations"] == 0


def test_a_claim_that_is_not_computed_says_why(world: World) -> None:
    case = world.create(submit=False, claims=[{"code": "bonus_commission"}])

    answer = world.send("clerk-lin", "POST", path_of(case, "bonus_commission"), json={})

    assert errors(answer) == [("/kind", "no_calculation")]


def test_computed_again_with_an_empty_body_it_keeps_what_was_given(world: World) -> None:
    case = with_facts(world)
    given = {"local_avg_monthly_wage": "9480.00", "place": None, "avg_overtime_pay": "512.34"}

    first = computed(world, case, inputs=given).json()
    on_file(world, case, **{**FACTS, "avg_monthly_wage": "9000.00"})
    stale = world.send("clerk-lin", "GET", path_of(case)).json()
    again = computed(world, case).json()
    bare = computed(world, case, inputs={"place": None}).json()

    assert (first["given"], again["given"]) == (given, given)
    assert (first["result"]["minimum"], first["result"]["maximum"]) == ("44000.00", "46817.87")
    assert (stale["is_stale"], stale["stale"]) == (True, ["facts"])
    assert (again["result"]["amount"], again["is_stale"]) == ("49500.00", False)
    assert bare["given"] == {"place": None}
    assert bare["result"]["minimum"] is None


def test_a_figure_that_changes_makes_it_stale_and_a_figure_of_elsewhere_does_not(world: World) -> None:
    load_figures(world)
    case = with_facts(world)
    computed(world, case)

    load_figures(world, {**FIGURES[0], "place": "440300"})
    before = world.send("clerk-lin", "GET", path_of(case)).json()
    load_figures(world, {**FIGURES[0], "value": "2000.00"})
    after = world.send("clerk-lin", "GET", path_of(case)).json()

    assert before["stale"] == []
    assert after["stale"] == ["figures"]
    assert computed(world, case).json()["result"]["amount"] == "33000.00"  # 3 × 2,000 × 5.5


def test_what_was_computed_before_stays_in_history(world: World) -> None:
    case = with_facts(world)
    computed(world, case, inputs={"n": "1", "place": None})
    computed(world, case, inputs={"n": "2", "place": None})

    (*_, first, second) = world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}/history").json()["items"]
    rebuilt = rebuild(opened(world, case["id"]))

    assert (first["action"], second["action"]) == ("compute_claim", "compute_claim")
    assert first["changes"][0]["before"] is None
    assert [second["changes"][0][side]["amount"] for side in ("before", "after")] == ["8512.34", "17024.68"]
    assert second["changes"][0]["after"]["data"]["given"] == {"n": "2", "place": None}
    assert [row["amount_fen"] for row in rebuilt["computations"].values()] == [1_702_468]
    assert rebuilt["facts"] == world.case(case["id"]).facts
    assert world.verification(case["id"])["holds"]
    assert world.counts()["computations"] == 1


def test_one_key_computes_once(world: World) -> None:
    case = with_facts(world)
    content = {"headers": {"Idempotency-Key": "once"}, "json": {"inputs": {"n": "1", "place": None}}}

    first, again = (world.send("clerk-lin", "POST", path_of(case), **content) for _ in range(2))

    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert world.case(case["id"]).version == 3


def test_clients_that_compute_at_the_same_time_all_get_an_answer(world: World) -> None:
    case = with_facts(world)
    body = {"inputs": {"n": "1", "place": None}}

    answers = world.send_all([("clerk-lin", "POST", path_of(case), {"json": body})] * 4)

    assert [answer.status_code for answer in answers] == [200] * 4
    assert world.case(case["id"]).version == 6
    assert world.verification(case["id"])["holds"]


def test_a_closed_case_is_read_and_computed_no_more(world: World) -> None:
    case = with_facts(world)
    computed(world, case, inputs={"n": "1", "place": None})
    given = {"channel": "walk_in", "written_or_oral": "written", "received_on": "2026-06-15", "reason": "欠薪"}
    world.take(case["id"], "submit_intake", **given)
    world.take(case["id"], "withdraw", asked_by=party_ids(case)[0])

    assert computed(world, case).status_code == 409
    assert on_file(world, case, **FACTS).status_code == 409
    assert world.send("clerk-lin", "GET", path_of(case)).status_code == 200


def test_once_the_key_of_the_case_is_destroyed_nothing_is_left_to_read_or_to_write(world: World) -> None:
    case = with_facts(world)
    computed(world, case, inputs={"n": "1", "place": None})

    def destroy(unit: Unit) -> None:
        from mediation.storage.json_sql import statement

        unit.execute(statement("update subject_keys set wrapped = null where id = :id"), {"id": case["id"]})

    world.write(destroy)

    assert employment(world, case).json()["items"][0]["facts"] == {}
    assert world.send("clerk-lin", "GET", path_of(case)).status_code == 404
    assert computed(world, case, inputs={"n": "1", "place": None}).status_code == 409
    assert on_file(world, case, **FACTS).status_code == 409
    assert world.verification(case["id"])["holds"]


@pytest.mark.parametrize("path", [path_of, lambda case: path_of(case).replace("/claims/", "/claims/0")])
def test_what_is_not_there_is_not_found(world: World, path: Callable[[dict[str, Any]], str]) -> None:
    case = world.create(submit=False)

    assert world.send("clerk-lin", "GET", path(case)).status_code == 404
    assert world.send("clerk-fang", "GET", f"/v1/cases/{case['id']}/employment").status_code == 404

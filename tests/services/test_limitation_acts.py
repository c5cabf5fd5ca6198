"""Limitation on a running case: the deadline that follows the clock, acts recorded by hand, warnings, who sees what."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from tests.services.world import CENTRE, World, agree, mediate, new_case, party_of

from mediation.demo.people import person
from mediation.domain.calendar import official_calendar
from mediation.domain.limitation.standing import limitation_on

SOON = date(2025, 6, 30)


@pytest.fixture
def case_id(world: World) -> str:
    parties = [
        party_of("worker", "张来福", person_id=person("worker-zhang").id),
        party_of("employer", "某厂"),
    ]
    claims = [{"code": "economic_compensation", "amount": "9000.00", "knew_on": SOON.isoformat()}]
    given: str = post(world, "/v1/cases", new_case(parties=parties, claims=claims)).json()["id"]
    return given


def post(world: World, path: str, body: dict[str, Any], who: str = "clerk-lin") -> Any:
    return world.send(who, "POST", path, json=body, headers={"Idempotency-Key": uuid4().hex})


def limitation(world: World, case_id: str, who: str = "clerk-lin") -> dict[str, Any]:
    found: dict[str, Any] = world.send(who, "GET", f"/v1/cases/{case_id}/limitation").json()
    return found


def deadline(world: World, case_id: str) -> dict[str, Any]:
    items = world.send("clerk-lin", "GET", f"/v1/cases/{case_id}/deadlines").json()["items"]
    (found,) = [one for one in items if one["code"] == "D_LIMIT_1Y" and one["status"] == "running"]
    return dict(found)


def record(world: World, case_id: str, who: str = "clerk-lin", **given: Any) -> Any:
    claims = list(world.case(case_id).claims)
    act = {"kind": "assertion", "day": "2026-06-12", "claims": claims, "evidence": "EMS 1024", **given}
    told = {name: value for name, value in act.items() if value is not None}
    return post(world, f"/v1/cases/{case_id}/limitation-acts", told, who)


def test_the_deadline_and_the_answer_on_limitation_name_the_same_day(world: World, case_id: str) -> None:
    (told,) = limitation(world, case_id)["items"]
    running = deadline(world, case_id)

    assert running["due"] == told["safe_end"]
    in_force = next(one for one in told["readings"] if one["end"] == told["safe_end"])
    assert [line["zh"] for line in running["why"]["working"]] == [line["zh"] for line in in_force["working"]]


def test_an_act_recorded_by_hand_moves_the_deadline_until_it_is_taken_back(world: World, case_id: str) -> None:
    before = deadline(world, case_id)

    world.clock.move_to(date(2026, 6, 25))
    made = record(world, case_id, day="2026-06-24")
    moved = deadline(world, case_id)
    taken = world.send("clerk-lin", "DELETE", f"/v1/cases/{case_id}/limitation-acts/{made.json()['id']}")
    after = deadline(world, case_id)

    assert (made.status_code, taken.status_code) == (201, 200)
    assert taken.json()["status"] == "taken_back"
    assert moved["due"] > before["due"] == after["due"]
    assert moved["why"]["fact"] == "assertion"
    assert world.verification(case_id)["holds"]


def test_a_suspension_stands_still_until_its_last_day_is_told(world: World, case_id: str) -> None:
    given: dict[str, Any] = {"kind": "suspension", "day": "2026-06-18", "reason": "force_majeure", "claims": None}
    before = deadline(world, case_id)
    world.clock.move_to(date(2026, 6, 25))
    act = record(world, case_id, **given).json()

    held = deadline(world, case_id)
    answer = world.send(
        "clerk-lin", "PATCH", f"/v1/cases/{case_id}/limitation-acts/{act['id']}",
        json={"until": "2026-06-22"}, headers={"If-Match": '"1"'},
    )  # fmt: skip

    assert held["is_paused"]
    assert answer.json()["until"] == "2026-06-22"
    assert not deadline(world, case_id)["is_paused"]
    assert deadline(world, case_id)["due"] > before["due"]


def test_while_a_suspension_lasts_the_deadline_and_the_answer_name_the_same_day_each_day(
    world: World, case_id: str
) -> None:
    record(world, case_id, kind="suspension", day="2026-06-15", reason="no_guardian", claims=None)

    world.clock.move_to(date(2026, 8, 7))
    (told,) = limitation(world, case_id)["items"]
    case = world.send("clerk-lin", "GET", f"/v1/cases/{case_id}").json()
    (shown,) = [one for one in case["deadlines"] if one["code"] == "D_LIMIT_1Y"]

    assert told["safe_end"] == deadline(world, case_id)["due"] == shown["due"]
    assert told["safe_days_left"] == deadline(world, case_id)["days_left"] == shown["days_left"]


def test_a_settlement_restarts_the_deadline_of_the_claim_it_settles(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    world.clock.move_to(date(2026, 6, 22))
    agree(world, case_id, ["2026-08-31"])

    told = next(one for one in limitation(world, case_id)["items"] if one["code"] == "economic_compensation")

    assert told["safe_end"] == "2027-06-22"
    assert deadline(world, case_id)["due"] == told["safe_end"]
    assert world.verification(case_id)["holds"]


def test_a_case_that_came_from_the_court_has_the_deadline_its_limitation_names(world: World) -> None:
    case_id = world.create("court-gao", organization_id=CENTRE, submit=False)["id"]
    world.take(
        case_id, "intake_court_dispatch", "court-gao", court_no="(2026)浙0106诉前调1号", cause="unpaid_wages",
        pretrial_venue="court_prefiling_dispatch", court_route_basis="not_stated", evidence=["委派函"],
        dispatch_received_on="2026-06-15",
    )  # fmt: skip
    case = world.case(case_id)
    (claim,) = [claim for claim in case.claims.values() if claim.knew_on is not None]
    (running,) = case.running("D_LIMIT_1Y")

    view = limitation_on(case, claim, calendar=official_calendar(), today=world.today)

    assert (running.ref_id, running.due) == (claim.id, view.safe_end)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"day": "2026-06-16"}, "/day"),
        ({"claims": None}, "/claims"),
        ({"claims": ["0197a000-0000-7000-8000-000000000000"]}, "/claims/0"),
        ({"kind": "suspension"}, "/reason"),
        ({"kind": "suspension", "reason": "no_guardian", "until": "2026-06-01"}, "/until"),
        ({"until": "2026-06-13"}, "/until"),
        ({"reason": "no_guardian"}, "/reason"),
        ({"due_on": "2026-09-01"}, "/due_on"),
        ({"evidence": None}, "/evidence"),
    ],
)
def test_an_act_that_makes_no_sense_is_refused_and_says_where(
    world: World, case_id: str, given: dict[str, Any], pointer: str
) -> None:
    before = world.case(case_id).version

    answer = record(world, case_id, **given)

    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert world.case(case_id).version == before


def test_an_act_of_a_step_goes_with_its_step(world: World, case_id: str) -> None:
    act = next(iter(world.case(case_id).limitation_acts))

    answer = world.send("clerk-lin", "DELETE", f"/v1/cases/{case_id}/limitation-acts/{act}")
    unknown = world.send("clerk-lin", "DELETE", f"/v1/cases/{case_id}/limitation-acts/{case_id}")

    assert (answer.status_code, unknown.status_code) == (409, 404)


def test_an_act_is_taken_back_once_and_not_amended_afterwards(world: World, case_id: str) -> None:
    where = f"/v1/cases/{case_id}/limitation-acts/{record(world, case_id).json()['id']}"
    world.send("clerk-lin", "DELETE", where)

    again = world.send("clerk-lin", "DELETE", where)
    amended = world.send("clerk-lin", "PATCH", where, json={"day": "2026-06-01"}, headers={"If-Match": '"2"'})

    assert (again.status_code, amended.status_code) == (409, 409)


def test_a_stale_version_is_refused(world: World, case_id: str) -> None:
    where = f"/v1/cases/{case_id}/limitation-acts/{record(world, case_id).json()['id']}"

    stale = world.send("clerk-lin", "PATCH", where, json={"day": "2026-06-01"}, headers={"If-Match": '"7"'})
    missing = world.send("clerk-lin", "PATCH", where, json={"day": "2026-06-01"})

    assert (stale.status_code, missing.status_code) == (412, 428)


def test_what_proves_an_act_is_sealed_and_only_the_house_reads_it(world: World, case_id: str) -> None:
    record(world, case_id, evidence="EMS 4711", note="向张三丰住处送达")

    stored = [row["limitation_acts"] for row in world.rows("select limitation_acts from cases")]
    told = limitation(world, case_id)["acts"]
    seen = limitation(world, case_id, "worker-zhang")["acts"]

    assert "4711" not in stored[0]
    assert "住处" not in stored[0]
    assert {act["evidence"] for act in told} >= {"EMS 4711"}
    assert {act["evidence"] for act in seen} == {None}
    assert {act["note"] for act in seen} == {None}


def test_a_claim_that_lapses_within_thirty_days_is_warned_of_at_intake_and_on_the_case(world: World) -> None:
    body = new_case(submit=False)
    body["claims"] = [
        {"code": "economic_compensation", "knew_on": "2025-07-01"},
        {"code": "annual_leave_pay", "knew_on": "2026-03-02"},
    ]

    draft = post(world, "/v1/cases", body).json()

    (warning,) = draft["limitation_warnings"]
    assert (warning["code"], warning["safe_end"], warning["safe_days_left"]) == (
        "economic_compensation", "2026-07-01", 16,
    )  # fmt: skip


def test_a_claim_withdrawn_from_mediation_is_told_while_its_clock_runs(world: World, case_id: str) -> None:
    worker = next(party.id for party in world.case(case_id).applicants())

    world.take(case_id, "withdraw", asked_by=worker)

    (told,) = limitation(world, case_id)["items"]
    assert world.case(case_id).state == "closed_withdrawn"
    assert told["safe_end"] == deadline(world, case_id)["due"]

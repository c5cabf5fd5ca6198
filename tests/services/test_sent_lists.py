"""What a court lists of the cases sent to it: by the day of sending, and nothing of how they go on elsewhere."""

from datetime import timedelta
from typing import Any

from tests.services.world import World, triage

from mediation.demo.people import organization
from mediation.storage import Unit
from mediation.storage.json_sql import statement

COURT, OTHER = organization("yunxi-court").id, organization("linjiang-court").id
HIDDEN = ("is_open", "next_due", "next_term", "is_provisional", "is_collective", "is_urgent", "is_migrant_worker")


def listed(world: World, subject: str = "court-gao", query: str = "") -> dict[str, Any]:
    answer = world.send(subject, "GET", f"/v1/cases?scope=sent{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def send_to(world: World, case_id: str, court: str = COURT) -> None:
    world.take(
        case_id, "request_court_mediation", court=court, applied_on=str(world.today), online=False,
        court_route_basis="advisory_no_arbitration_yet",
    )  # fmt: skip


def sent(world: World, **values: Any) -> str:
    case_id: str = world.create(**values)["id"]
    triage(world, case_id, route_wanted="court")
    send_to(world, case_id)
    return case_id


def test_cases_are_listed_by_the_day_they_were_sent_whatever_falls_due_in_them(world: World) -> None:
    found = []
    for day in range(3):
        found.append(sent(world, urgent=day == 1))
        if day < 2:
            world.clock.move_to(world.today + timedelta(days=1))

    assert [item["id"] for item in listed(world)["items"]] == found[::-1]


def test_pages_of_what_was_sent_follow_each_other(world: World) -> None:
    found = [sent(world) for _ in range(3)]

    first = listed(world, query="&limit=2")
    second = world.send("court-gao", "GET", first["next"]).json()

    assert [item["id"] for page in (first, second) for item in page["items"]] == found[::-1]
    assert second["next"] is None


def test_a_row_tells_the_day_of_sending_and_where_it_stands_while_it_lies_with_the_court(world: World) -> None:
    case_id = sent(world)
    (here,) = listed(world)["items"]
    world.take(case_id, "court_declines_request", "court-gao", reason="no_jurisdiction", advice="向有管辖权的法院提出")

    (gone,) = listed(world)["items"]

    assert (here["sent_on"], here["state"]["code"]) == (str(world.today), "court_mediation_requested")
    assert [here[name] for name in HIDDEN] == [None] * len(HIDDEN)
    assert (gone["sent_on"], gone["state"], gone["claimed"]) == (str(world.today), None, None)


def test_no_clock_and_no_closing_of_the_house_moves_a_row_of_a_court(world: World) -> None:
    case_id = sent(world)
    move = statement("update cases set is_open = false, next_due = '2030-01-01' where id = :id")

    def moved(unit: Unit) -> None:
        unit.execute(move, {"id": case_id})

    world.write(moved)

    rows = world.rows("select scope_id, is_open, next_due, since from case_scope where case_id = :id", id=case_id)
    court = [row for row in rows if row["scope_id"] == f"s:{COURT}"]
    assert [(bool(row["is_open"]), str(row["next_due"])) for row in court] == [(True, str(court[0]["since"]))]
    assert {(bool(row["is_open"]), str(row["next_due"])) for row in rows if row not in court} == {(False, "2030-01-01")}


def test_a_case_that_goes_on_to_another_court_is_told_to_that_one_alone(world: World) -> None:
    case_id = sent(world)
    world.take(case_id, "court_declines_request", "court-gao", reason="no_jurisdiction", advice="另行起诉")
    (worker, *_) = world.case(case_id).applicants()
    world.take(
        case_id, "file_suit", by=worker.id, court=OTHER, filed_on=str(world.today), complaint={"reference": "起诉状"},
        court_route_basis="wage_iou",
    )  # fmt: skip
    registered = {"court_no": "(2026)民初1号", "registered_on": str(world.today), "instance": "first"}
    world.take(case_id, "court_registers_case", "court-ding", **registered)

    refused = [
        world.send("court-gao", "POST", f"/v1/cases/{case_id}/steps/court_registers_case{tried}", json=registered)
        for tried in ("", "?dry_run=true")
    ]
    told = {
        who: [e["action"] for e in world.send(who, "GET", f"/v1/cases/{case_id}/history").json()["items"]]
        for who in ("court-gao", "court-ding")
    }

    assert [answer.status_code for answer in refused] == [403, 403]
    assert {answer.json()["code"] for answer in refused} == {"not_permitted"}
    assert told == {
        "court-gao": ["request_court_mediation", "court_declines_request"],
        "court-ding": ["file_suit", "court_registers_case"],
    }
    assert [row["state"] and row["state"]["code"] for who in told for row in listed(world, who)["items"]] == [
        None, "litigation_recorded",
    ]  # fmt: skip

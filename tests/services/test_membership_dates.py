"""Memberships count by the day: from `since` on, until the day before `until`; those of watchers are administered."""

from datetime import timedelta
from typing import Any

import pytest
from tests.services.test_directory import ADMINS_ONLY, CREATED, DONE, YUNXI, amend, give, tell
from tests.services.world import CENTRE, World, mediate, new_case

from mediation.demo.people import person
from mediation.storage import Unit
from mediation.storage.json_sql import statement

NEWCOMER = "newcomer"


def take_in(world: World, subject: str = "admin-qian", **given: Any) -> tuple[int, str, dict[str, Any]]:
    """Register somebody, and give them a membership as clerk of the centre."""
    world.send("admin-qian", "POST", "/v1/people", json={"subject": NEWCOMER, "name": "新人"})
    whom = world.rows("select id from people where subject = :s", s=NEWCOMER)[0]["id"]
    body = {"organization_id": CENTRE, "roles": ["clerk"], **given}
    answer = world.send(subject, "POST", f"/v1/people/{whom}/memberships", json=body)
    return answer.status_code, whom, answer.json()


def may(world: World, case: dict[str, Any]) -> dict[str, Any]:
    """What the newcomer gets to see and do today."""
    created = world.send(NEWCOMER, "POST", "/v1/cases", json=new_case(received_on=str(world.today)))
    return {
        "roles": world.send(NEWCOMER, "GET", "/v1/me").json()["roles"],
        "read": world.send(NEWCOMER, "GET", f"/v1/cases/{case['id']}").status_code,
        "list": world.send(NEWCOMER, "GET", "/v1/cases?scope=organization").status_code,
        "tasks": world.send(NEWCOMER, "GET", "/v1/tasks?scope=organization").status_code,
        "create": created.status_code,
        "colleague": NEWCOMER_NAME in world.send("clerk-lin", "GET", "/v1/people?limit=200").text,
    }


NEWCOMER_NAME = "新人"
EVERYTHING = {"roles": ["clerk"], "read": 200, "list": 200, "tasks": 200, "create": 201, "colleague": True}
NOTHING = {"roles": [], "read": 404, "list": 403, "tasks": 403, "create": 422, "colleague": False}


def test_a_membership_counts_from_its_first_day_until_the_day_before_its_last(world: World) -> None:
    case, today = world.create(), world.today
    begins, ends = today + timedelta(days=2), today + timedelta(days=5)
    take_in(world, since=begins.isoformat(), until=ends.isoformat())

    found = {}
    for days in (1, 2, 4, 5):
        world.clock.move_to(today + timedelta(days=days))
        found[days] = may(world, case)

    assert found == {1: NOTHING, 2: EVERYTHING, 4: EVERYTHING, 5: NOTHING}


def test_a_membership_is_ended_at_once_before_it_would_end_or_begin(world: World) -> None:
    case, today = world.create(), world.today
    _, whom, running = take_in(world, until=(today + timedelta(days=30)).isoformat())
    _, _, coming = take_in(world, since=(today + timedelta(days=3)).isoformat())
    path = f"/v1/people/{whom}/memberships"

    ended = [world.send("admin-qian", "DELETE", f"{path}/{row['id']}").status_code for row in (running, coming)]
    again = world.send("admin-qian", "DELETE", f"{path}/{running['id']}").status_code

    assert (ended, again) == ([200, 200], 409)
    assert may(world, case) == NOTHING
    world.clock.move_to(today + timedelta(days=4))
    assert may(world, case) == NOTHING


@pytest.mark.parametrize("days", [-1, 0])
def test_a_membership_does_not_end_before_it_has_begun(world: World, days: int) -> None:
    until = world.today + timedelta(days=days)

    status, _, answer = take_in(world, until=until.isoformat())

    assert (status, answer["errors"][0]["pointer"]) == (422, "/until")


def test_a_mediator_is_named_only_while_they_are_one(world: World) -> None:
    def end(unit: Unit) -> None:
        sql = "update memberships set until = :day where person_id = :id"
        unit.execute(statement(sql), {"day": "2026-06-16", "id": person("mediator-zhou").id})

    case = world.create()
    world.write(end)
    mediate(world, case["id"])
    later = world.create()
    world.clock.move_to(world.today + timedelta(days=1))

    refused = world.send("clerk-lin", "GET", "/v1/people?limit=200").text

    assert person("mediator-zhou").id not in refused
    assert world.send("mediator-zhou", "GET", f"/v1/cases/{later['id']}").status_code == 404


@pytest.mark.parametrize("role", ["admin", "auditor", "supervisor"])
def test_a_supervisor_ends_no_membership_of_those_who_watch_over_others(world: World, role: str) -> None:
    assert give(world, "admin-qian", "officer-xu", YUNXI, role) == CREATED
    rows = world.rows("select id, roles from memberships where person_id = :id", id=person("officer-xu").id)
    (row,) = (row for row in rows if role in row["roles"])
    path = f"/v1/people/{person('officer-xu').id}/memberships/{row['id']}"

    assert tell(world, "supervisor-tang", "DELETE", path) == ADMINS_ONLY
    assert amend(world, "supervisor-tang", "officer-xu", is_active=False) == ADMINS_ONLY
    assert tell(world, "admin-qian", "DELETE", path) == DONE


def test_an_administrator_gives_themselves_nothing(world: World) -> None:
    assert give(world, "admin-qian", "admin-qian", CENTRE, "clerk") == ADMINS_ONLY

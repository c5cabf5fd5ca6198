"""A case as it stood on an earlier day: put together from history, for whoever may see it today."""

from datetime import date

from tests.services.world import World, triage


def _told(world: World, case_id: str) -> dict[str, dict[str, object]]:
    """The case as it stands, by its parts that history keeps."""
    body = world.send("clerk-lin", "GET", f"/v1/cases/{case_id}").json()
    return {name: body[name] for name in ("state", "parties", "claims", "deadlines", "tracks", "facts", "version")}


def test_a_case_is_told_as_it_stood_at_the_end_of_a_day(world: World) -> None:
    case = world.create()
    then = _told(world, case["id"])
    world.clock.move_to(date(2026, 6, 16))
    triage(world, case["id"])

    found = world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}?as_of=2026-06-15").json()

    assert {name: found[name] for name in then} == then
    assert found["today"] == "2026-06-15"
    assert found["open_steps"] == []


def test_the_day_of_today_tells_the_case_as_it_stands(world: World) -> None:
    case = world.create()
    world.clock.move_to(date(2026, 6, 16))
    triage(world, case["id"])
    now = _told(world, case["id"])

    found = world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}?as_of=2026-06-16").json()

    assert {name: found[name] for name in now} == now


def test_a_day_before_the_case_or_still_to_come_is_refused(world: World) -> None:
    case = world.create()

    found = [
        world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}?as_of={day}") for day in ("2026-06-14", "2026-06-16")
    ]

    assert [answer.status_code for answer in found] == [422, 422]


def test_the_past_of_a_case_that_is_not_ones_own_is_not_found(world: World) -> None:
    case = world.create()

    assert world.send("clerk-fang", "GET", f"/v1/cases/{case['id']}?as_of=2026-06-15").status_code == 404

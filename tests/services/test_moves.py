"""A body moved in the tree: who may, what follows at once, and what the worker brings after."""

from typing import Any

import pytest
from tests.services.world import CENTRE, World, triage

from mediation import scope_check, worker
from mediation.__main__ import main
from mediation.demo import directory as demo
from mediation.demo.people import organization
from mediation.services import directory

CITY, PROVINCE = organization("city-union").id, organization("province-union").id
YUNXI, LINJIANG = organization("yunxi-union").id, organization("linjiang-union").id
COURT = organization("yunxi-court").id


def move(world: World, body: str, to: str | None, who: str = "admin-qian", **headers: str) -> Any:
    version = world.rows("select version from organizations where id = :id", id=body)[0]["version"]
    given = {"headers": {"If-Match": f'"{version}"', **headers}, "json": {"parent_id": to}}
    return world.send(who, "PATCH", f"/v1/organizations/{body}", **given)


def follow(world: World) -> int:
    return worker.follow_moves(world.database, world.clock)


def findings(world: World) -> int:
    return scope_check.prove(world.database, lambda _: None)


def sees(world: World, who: str, case_id: str) -> tuple[int, bool, bool]:
    """Whether somebody reads a case, lists it, and lists its tasks below them."""
    listed = world.send(who, "GET", "/v1/cases?scope=below").json()["items"]
    tasks = world.send(who, "GET", "/v1/tasks?scope=below").json()["items"]
    return (
        world.send(who, "GET", f"/v1/cases/{case_id}").status_code,
        case_id in [case["id"] for case in listed],
        case_id in [task["case_id"] for task in tasks],
    )


def with_a_task(world: World) -> str:
    """A case that waits for somebody, so that it has a task."""
    found: str = world.create()["id"]
    world.run_due(world.today.replace(month=7))
    assert world.rows("select 1 from tasks where case_id = :id", id=found)
    return found


def test_the_former_upper_body_sees_nothing_from_the_moment_of_the_move(world: World) -> None:
    case_id = with_a_task(world)
    before = sees(world, "supervisor-tang", case_id)

    answer = move(world, CENTRE, LINJIANG)

    assert answer.status_code == 200, answer.text
    assert before == (200, True, True)
    assert sees(world, "supervisor-tang", case_id) == (404, False, False)
    assert world.send("clerk-lin", "GET", f"/v1/cases/{case_id}").status_code == 200
    assert sees(world, "supervisor-yan", case_id) == (200, True, True)


def test_the_new_upper_body_sees_each_case_once_the_worker_has_come_by(world: World) -> None:
    case_id = with_a_task(world)
    move(world, CENTRE, LINJIANG)
    before = sees(world, "supervisor-meng", case_id)

    taken = follow(world)

    assert taken == 1
    assert before == (404, False, False)
    assert sees(world, "supervisor-meng", case_id) == (200, True, True)
    assert sees(world, "supervisor-tang", case_id) == (404, False, False)
    assert findings(world) == 0


def test_a_search_by_identity_follows_the_tree_at_once(world: World) -> None:
    world.create()
    asked = {"json": {"resident_id": "11010519491231002X"}}
    before = world.send("supervisor-tang", "POST", "/v1/case-lookups", **asked)

    move(world, CENTRE, LINJIANG)

    after = world.send("supervisor-tang", "POST", "/v1/case-lookups", **asked)
    assert (before.status_code, len(before.json()["items"])) == (200, 1), before.text
    assert after.json()["items"] == []


def test_a_move_tells_how_far_its_cases_have_followed(world: World) -> None:
    for _ in range(3):
        world.create()
    move(world, CENTRE, LINJIANG)
    path = f"/v1/organizations/{CENTRE}/moves"
    (waiting,) = world.send("admin-qian", "GET", path).json()["items"]

    worker.follow_moves(world.database, world.clock, batch=2, seconds=0)

    (running,) = world.send("supervisor-yan", "GET", path).json()["items"]
    follow(world)
    (finished,) = world.send("admin-qian", "GET", path).json()["items"]
    told = ("status", "cases_to_do", "cases_done", "scopes_closed", "scopes_opened")
    assert [waiting[name] for name in told] == ["waiting", 0, 0, 0, 0]
    assert [running[name] for name in told] == ["running", 3, 2, 2, 2]
    assert [finished[name] for name in told] == ["finished", 3, 3, 3, 3]
    assert (finished["old_parent_id"], finished["new_parent_id"]) == (YUNXI, LINJIANG)


def test_moves_are_told_newest_first_in_pages(world: World) -> None:
    for to in (LINJIANG, CITY, YUNXI):
        assert move(world, CENTRE, to).status_code == 200

    first = world.send("admin-qian", "GET", f"/v1/organizations/{CENTRE}/moves?limit=2").json()

    rest = world.send("admin-qian", "GET", first["next"]).json()
    assert [row["new_parent_id"] for row in (*first["items"], *rest["items"])] == [YUNXI, CITY, LINJIANG]
    assert rest["next"] is None


@pytest.mark.parametrize("who", ["clerk-lin", "supervisor-meng", "court-gao", "auditor-feng"])
def test_who_does_not_keep_the_directory_there_is_told_of_no_move(world: World, who: str) -> None:
    answer = world.send(who, "GET", f"/v1/organizations/{CENTRE}/moves")

    assert answer.status_code == 403


def test_moves_of_an_unknown_body_are_not_found(world: World) -> None:
    answer = world.send("admin-qian", "GET", "/v1/organizations/0198a1a0-0000-7000-8000-000000000001/moves")

    assert answer.status_code == 404


def an_administrator_of(world: World, body: str) -> str:
    """Somebody who administers this body and no other."""
    made = world.send("admin-qian", "POST", "/v1/people", json={"subject": "new-admin", "name": "新管理员"}).json()
    given = {"organization_id": body, "roles": ["admin"]}
    answer = world.send("admin-qian", "POST", f"/v1/people/{made['id']}/memberships", json=given)
    assert answer.status_code == 201, answer.text
    return "new-admin"


@pytest.mark.parametrize(
    ("of", "to", "status"), [(YUNXI, LINJIANG, 403), (LINJIANG, LINJIANG, 403), (CITY, LINJIANG, 200)]
)
def test_only_who_is_above_both_places_moves_a_body(world: World, of: str, to: str, status: int) -> None:
    who = an_administrator_of(world, of)

    answer = move(world, CENTRE, to, who)

    assert answer.status_code == status, answer.text
    assert world.rows("select count(*) as n from organization_moves")[0]["n"] == int(status == 200)


@pytest.mark.parametrize(
    ("body", "to", "code"),
    [
        (YUNXI, CENTRE, "below_itself"),
        (YUNXI, YUNXI, "below_itself"),
        (YUNXI, None, "top_of_the_tree"),
        (PROVINCE, YUNXI, "top_of_the_tree"),
    ],
)
def test_a_place_that_cannot_be_is_refused_with_its_reason(world: World, body: str, to: str | None, code: str) -> None:
    answer = move(world, body, to)

    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == [code]
    assert world.counts()["organization_moves"] == 0


def test_nothing_is_moved_below_a_closed_body(world: World) -> None:
    closed = {"headers": {"If-Match": '"1"'}, "json": {"is_active": False}}
    assert world.send("admin-qian", "PATCH", f"/v1/organizations/{LINJIANG}", **closed).status_code == 200

    answer = move(world, CENTRE, LINJIANG)

    assert [error["code"] for error in answer.json()["errors"]] == ["organization_unknown"]
    assert world.counts()["organization_moves"] == 0


@pytest.mark.parametrize("changes", [{"is_active": True}, {"parent_id": CITY}, {"is_active": True, "parent_id": CITY}])
def test_who_is_above_a_closed_body_reopens_and_moves_it(world: World, changes: dict[str, Any]) -> None:
    closed = {"headers": {"If-Match": '"1"'}, "json": {"is_active": False}}
    assert world.send("admin-qian", "PATCH", f"/v1/organizations/{CENTRE}", **closed).status_code == 200

    again = {"headers": {"If-Match": '"2"'}, "json": changes}
    answer = world.send("admin-qian", "PATCH", f"/v1/organizations/{CENTRE}", **again)

    assert answer.status_code == 200
    assert answer.json().items() >= changes.items()


def test_a_move_sent_twice_on_one_version_is_made_once(world: World) -> None:
    requests = [
        (
            "admin-qian",
            "PATCH",
            f"/v1/organizations/{CENTRE}",
            {"headers": {"If-Match": '"1"'}, "json": {"parent_id": to}},
        )
        for to in (LINJIANG, CITY)
    ]

    answers = world.send_all(requests)

    assert sorted((answer.status_code, answer.headers["etag"]) for answer in answers) == [(200, '"2"'), (412, '"2"')]
    assert world.counts()["organization_moves"] == 1


def test_the_same_parent_is_no_move(world: World) -> None:
    answer = move(world, CENTRE, YUNXI)

    assert answer.status_code == 200
    assert world.counts()["organization_moves"] == 0


def test_a_broken_glass_rests_while_its_body_is_not_above(world: World) -> None:
    case_id = world.create()["id"]
    until = (world.clock.now().replace(hour=23)).isoformat()
    given = {"purpose": "danger", "reason": "有人受威胁", "until": until}
    broken = world.send("supervisor-tang", "POST", f"/v1/cases/{case_id}/break-glass", json=given)
    assert broken.status_code == 201, broken.text

    move(world, CENTRE, LINJIANG)

    follow(world)
    away = world.send("supervisor-tang", "GET", f"/v1/cases/{case_id}").status_code
    listed = world.send("supervisor-meng", "GET", "/v1/break-glass").json()["items"]
    move(world, CENTRE, YUNXI)
    assert away == 404
    assert [row["case_id"] for row in listed] == [case_id]
    assert world.send("supervisor-tang", "GET", f"/v1/cases/{case_id}").status_code == 200


def test_a_case_transferred_while_the_move_is_under_way_ends_where_the_tree_says(world: World) -> None:
    gone, come = (world.create(subject, submit=True)["id"] for subject in ("clerk-lin", "clerk-fang"))
    for case_id, who in ((gone, "clerk-lin"), (come, "clerk-fang")):
        triage_as(world, case_id, who)
    move(world, YUNXI, LINJIANG)

    world.take(gone, "reassign_organization", organization=organization("linjiang-people").id, why="管辖")
    world.take(come, "reassign_organization", "clerk-fang", organization=CENTRE, why="管辖")

    follow(world)
    assert findings(world) == 0
    assert sees(world, "supervisor-meng", gone)[0] == 200
    assert sees(world, "supervisor-tang", come)[0] == 200


def triage_as(world: World, case_id: str, who: str) -> None:
    if who == "clerk-lin":
        triage(world, case_id)


def test_the_command_line_moves_a_body_to_the_top_and_back(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = world.create()["id"]
    monkeypatch.setenv("MEDIATION_DATABASE_URL", world.url)
    monkeypatch.setenv("MEDIATION_DEMO", "true")

    codes = [main(["organization", "move", CITY, "--top"])]
    follow(world)
    at_the_top = sees(world, "supervisor-yan", case_id)[0], findings(world)
    codes += [main(["organization", "move", CITY, "--top"]), main(["organization", "move", CITY, "--to", CENTRE])]
    codes += [main(["organization", "move", CITY, "--to", COURT])]
    follow(world)

    told = capsys.readouterr()
    assert codes == [0, 2, 2, 0]
    assert at_the_top == (200, 0)
    assert "is there already" in told.err
    assert "below itself" in told.err
    assert findings(world) == 0
    (last,) = world.rows("select moved_by from organization_moves where new_parent_id is not null")
    assert last["moved_by"] == "command line"


def test_putting_the_demo_in_place_again_leaves_a_moved_body_where_it_is(world: World) -> None:
    world.create()
    move(world, CENTRE, LINJIANG)

    world.write(directory.load, demo.organizations(), demo.people(), demo.memberships())

    follow(world)
    assert world.rows("select parent_id from organizations where id = :id", id=CENTRE) == [{"parent_id": LINJIANG}]
    assert findings(world) == 0


def test_the_check_finds_a_scope_too_many_one_too_few_and_one_with_other_clocks(world: World) -> None:
    missing, surplus, stale = (world.create()["id"] for _ in range(3))
    for sql in (
        f"delete from case_scope where case_id = '{missing}' and scope_id = 'b:{CITY}'",  # noqa: S608 - our own ids
        f"update case_scope set scope_id = 'b:{LINJIANG}' where case_id = '{surplus}' and scope_id = 'b:{CITY}'",  # noqa: S608
        f"update case_scope set next_due = '2020-01-01' where case_id = '{stale}' and scope_id = 'b:{CITY}'",  # noqa: S608
    ):
        world.write(lambda unit, sql=sql: unit.connection.exec_driver_sql(sql))
    told: list[str] = []

    found = scope_check.prove(world.database, told.append)

    assert found == 4
    assert told[0].startswith(f"case {missing}: b:{CITY} should see")
    assert f"case {surplus}: b:{LINJIANG} sees it and should not" in told
    assert f"case {stale}: its row for b:{CITY} tells other clocks" in told


def test_what_waits_for_a_move_is_told_and_no_finding(world: World) -> None:
    world.create()
    move(world, CENTRE, LINJIANG)
    told: list[str] = []

    found = scope_check.prove(world.database, told.append)

    assert (found, told) == (0, ["1 cases beside the tree of bodies, 1 of them wait for a move"])

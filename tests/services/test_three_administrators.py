"""Three administrators apart: who may give which, what each does, and what becomes of who was two of them before."""

import base64
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.services.test_administrators import make_administrator
from tests.services.test_clients import ask as ask_with
from tests.services.test_clients import issue, register
from tests.services.test_directory import DONE, YUNXI, amend, give
from tests.services.world import CENTRE, MASTER_KEY, World

from mediation.__main__ import main
from mediation.demo.people import organization, person
from mediation.domain.access import MembershipRole
from mediation.domain.errors import InvalidInputError
from mediation.domain.separation import RolesApartError
from mediation.separation_check import tell
from mediation.services.directory import load
from mediation.services.founding import appoint
from mediation.storage import Unit
from mediation.storage.json_sql import statement

PROVINCE, LINJIANG = organization("province-union").id, organization("linjiang-centre").id


def offer(world: World, subject: str, whom: str, body: str, *roles: str, **days: str) -> httpx.Response:
    given = {"organization_id": body, "roles": list(roles), **days}
    return world.send(subject, "POST", f"/v1/people/{person(whom).id}/memberships", json=given)


def memberships(world: World, whom: str) -> list[dict[str, Any]]:
    return world.rows("select * from memberships where person_id = :id order by id", id=person(whom).id)


def leave(world: World, subject: str, whom: str, membership_id: str) -> httpx.Response:
    return world.send(subject, "DELETE", f"/v1/people/{person(whom).id}/memberships/{membership_id}")


@pytest.fixture
def at_a_terminal(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let commands find the world's database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEDIATION_DATABASE_URL", world.url)
    monkeypatch.setenv("MEDIATION_MASTER_KEY", base64.b64encode(MASTER_KEY).decode())


@pytest.mark.parametrize("second", ["admin", "security_officer"])
@pytest.mark.parametrize("body", [CENTRE, LINJIANG])
def test_an_auditor_becomes_neither_of_the_others_in_any_body(world: World, second: str, body: str) -> None:
    (row,) = memberships(world, "auditor-feng")
    before = world.counts()

    answer = offer(world, "admin-qian", "auditor-feng", body, second)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "roles_apart")
    assert problem["facts"] | {"since": None} == {
        "membership_id": row["id"], "organization_id": organization("city-union").id, "roles": ["auditor"],
        "since": None, "until": None,
    }  # fmt: skip
    assert world.counts() == before


def test_one_membership_holds_one_of_the_three(world: World) -> None:
    answer = offer(world, "admin-qian", "volunteer-he", CENTRE, "clerk", "admin", "auditor")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "roles_apart")


def test_a_role_still_to_begin_is_in_the_way_and_one_after_the_other_is_not(world: World) -> None:
    begins, ends = (str(world.today + timedelta(days=days)) for days in (5, 9))
    first = offer(world, "admin-qian", "volunteer-he", CENTRE, "auditor", since=begins, until=ends)

    overlapping = offer(world, "admin-qian", "volunteer-he", CENTRE, "admin")
    before = offer(world, "admin-qian", "volunteer-he", CENTRE, "admin", until=begins)
    after = offer(world, "admin-qian", "volunteer-he", CENTRE, "security_officer", since=ends)

    assert [a.status_code for a in (first, overlapping, before, after)] == [201, 409, 201, 201]
    assert overlapping.json()["facts"]["membership_id"] == first.json()["id"]


def test_an_account_that_is_closed_counts_too(world: World) -> None:
    assert amend(world, "admin-qian", "auditor-feng", is_active=False) == DONE

    assert offer(world, "admin-qian", "auditor-feng", CENTRE, "admin").status_code == 409


def test_once_the_first_has_ended_the_second_is_given(world: World) -> None:
    (row,) = memberships(world, "auditor-feng")
    assert leave(world, "admin-qian", "auditor-feng", row["id"]).status_code == 200

    answer = offer(world, "admin-qian", "auditor-feng", CENTRE, "security_officer")

    assert answer.status_code == 201
    assert world.send("auditor-feng", "GET", "/v1/me").json()["roles"] == ["security_officer"]


@pytest.mark.parametrize("row", [{"roles": '["auditor"]'}, {"roles": '["admin", "auditor"]'}])
def test_a_directory_that_is_loaded_keeps_them_apart(world: World, row: dict[str, str]) -> None:
    given = {"id": "m", "person_id": person("admin-qian").id, "organization_id": CENTRE, "since": "2020-01-01"}

    with pytest.raises((RolesApartError, InvalidInputError)):
        world.write(load, [], [], [{**given, "until": None, **row}])

    assert len(memberships(world, "admin-qian")) == 1


@pytest.mark.parametrize("second", ["auditor", "security_officer"])
def test_who_was_two_of_them_before_has_no_role_until_one_is_ended(world: World, second: str) -> None:
    case = world.create()
    make_administrator(world, "supervisor-tang")
    make_administrator(world, "supervisor-tang", second)
    make_administrator(world, "supervisor-yan")
    here = {"headers": {"Mediation-Acting-As": PROVINCE}}

    me = world.send("supervisor-tang", "GET", "/v1/me", **here).json()
    tried = [
        world.send("supervisor-tang", "GET", path, **here).status_code
        for path in ("/v1/alarms", "/v1/clients", "/v1/break-glass", "/v1/access-log")
    ]
    seen = world.send("supervisor-tang", "GET", f"/v1/cases/{case['id']}", headers={"Mediation-Acting-As": YUNXI})
    (ended,) = (row["id"] for row in memberships(world, "supervisor-tang") if second in row["roles"])
    yan = {"headers": {"Mediation-Acting-As": PROVINCE}}
    path = f"/v1/people/{person('supervisor-tang').id}/memberships/{ended}"
    resolved = world.send("supervisor-yan", "DELETE", path, **yan).status_code

    assert (me["roles"], me["resting"]) == ([], sorted(["admin", second]))
    assert (tried, seen.status_code, resolved) == ([403] * 4, 404, 200)
    assert world.send("supervisor-tang", "GET", "/v1/me", **here).json()["roles"] == ["admin"]


def test_who_was_two_of_them_before_does_not_get_a_third(world: World) -> None:
    make_administrator(world, "auditor-feng")

    answer = offer(world, "admin-qian", "auditor-feng", CENTRE, "security_officer")

    assert (answer.status_code, answer.json()["code"]) == (409, "roles_apart")


@pytest.mark.usefixtures("at_a_terminal")
def test_the_check_names_who_is_two_of_them_and_what_to_do(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    sound = main(["check", "--quick", "--today", str(world.today)]), capsys.readouterr().out
    make_administrator(world, "auditor-feng")
    ids = {row["id"] for row in memberships(world, "auditor-feng")}

    code, told = main(["check", "--quick", "--today", str(world.today)]), capsys.readouterr().out

    (line,) = (line for line in told.splitlines() if line.startswith("person "))
    assert (sound[0], "person " in sound[1], code) == (0, False, 1)
    assert {key for key in ids if key in line} == ids
    assert person("auditor-feng").id in line
    assert "mediation organization appoint" in line


def test_the_check_names_one_membership_that_is_two_of_them(world: World) -> None:
    def give(unit: Unit) -> None:
        sql = "update memberships set roles = :roles, until = :until where person_id = :id"
        given = {"roles": '["admin", "auditor", "clerk"]', "until": "2027-01-01", "id": person("auditor-feng").id}
        unit.execute(statement(sql), given)

    world.write(give)
    told: list[str] = []

    found = tell(world.database, world.today, told.append), tell(world.database, date(2027, 1, 1), told.append)

    assert found == (1, 0)
    assert told[0].count("admin, auditor by membership") == 1
    assert "until 2027-01-01" in told[0]


def test_the_only_administrator_of_a_body_with_none_above_it_stays(world: World) -> None:
    (row,) = memberships(world, "admin-qian")

    alone = leave(world, "admin-qian", "admin-qian", row["id"])
    closed = amend(world, "admin-qian", "admin-qian", is_active=False)
    assert give(world, "admin-qian", "officer-cen", PROVINCE, "admin")[0] == 201
    followed = leave(world, "admin-qian", "admin-qian", row["id"])

    assert (alone.status_code, alone.json()["code"]) == (409, "last_administrator")
    assert "mediation organization appoint" in alone.json()["detail"]
    assert closed[:2] == (409, "last_administrator")
    assert followed.status_code == 200


def test_who_would_follow_must_be_an_administrator_in_truth(world: World) -> None:
    (row,) = memberships(world, "admin-qian")
    make_administrator(world, "auditor-feng")
    assert give(world, "admin-qian", "officer-cen", PROVINCE, "admin")[0] == 201
    assert amend(world, "admin-qian", "officer-cen", is_active=False) == DONE

    assert leave(world, "admin-qian", "admin-qian", row["id"]).status_code == 409


def test_an_administrator_below_another_may_leave(world: World) -> None:
    given = offer(world, "admin-qian", "volunteer-he", CENTRE, "admin").json()

    assert leave(world, "volunteer-he", "volunteer-he", given["id"]).status_code == 200
    assert world.send("volunteer-he", "GET", "/v1/me").json()["roles"] == ["volunteer"]


def test_a_security_officer_closes_an_account_and_opens_or_changes_none(world: World) -> None:
    found = {
        "name": amend(world, "security-qi", "clerk-fang", name="别人"),
        "name and close": amend(world, "security-qi", "clerk-fang", name="别人", is_active=False),
        "close": amend(world, "security-qi", "clerk-fang", is_active=False),
        "open": amend(world, "security-qi", "clerk-fang", is_active=True),
        "close an administrator": amend(world, "security-qi", "admin-qian", is_active=False),
        "outside": amend(world, "security-qi", "court-gao", is_active=False),
    }

    assert {name: told[0] for name, told in found.items()} == {
        "name": 403, "name and close": 403, "close": 200, "open": 403, "close an administrator": 200, "outside": 403,
    }  # fmt: skip
    assert world.send("clerk-fang", "GET", "/v1/me").json()["code"] == "person_unknown"


def test_a_security_officer_gives_nobody_a_role_and_registers_nobody(world: World) -> None:
    body = {"organization_id": CENTRE, "name": "前台系统", "roles": ["clerk"]}

    found = [
        offer(world, "security-qi", "volunteer-he", CENTRE, "clerk"),
        world.send("security-qi", "POST", "/v1/people", json={"subject": "new", "name": "新人"}),
        world.send("security-qi", "POST", "/v1/clients", json=body),
        world.send("security-qi", "POST", "/v1/organizations", json={
            "kind": "township_org", "name": "新站", "short_name": "新", "parent_id": PROVINCE,
        }),
        leave(world, "security-qi", "clerk-fang", memberships(world, "clerk-fang")[0]["id"]),
    ]  # fmt: skip

    assert [answer.status_code for answer in found] == [403] * 5


def test_a_security_officer_takes_keys_back_and_closes_a_system(world: World) -> None:
    client = register(world)
    first, second = (issue(world, client).json() for _ in range(2))
    path = f"/v1/clients/{client['id']}"
    read = world.send("security-qi", "GET", path)
    match = {"If-Match": read.headers["ETag"]}

    revoked = world.send("security-qi", "DELETE", f"{path}/keys/{first['id']}").status_code
    another = world.send("security-qi", "POST", f"{path}/keys", json={}).status_code
    renamed = world.send("security-qi", "PATCH", path, headers=match, json={"name": "别名"}).status_code
    closed = world.send("security-qi", "PATCH", path, headers=match, json={"is_active": False}).status_code

    assert (read.status_code, revoked, another, renamed, closed) == (200, 200, 403, 403, 200)
    assert [ask_with(world, key["key"])[0] for key in (first, second)] == [401, 403]


def test_a_security_officer_ends_broken_glass_without_seeing_the_case(world: World) -> None:
    case = world.create()
    until = (world.clock.now() + timedelta(hours=1)).isoformat()
    given = {"purpose": "audit", "reason": "专项审计", "until": until}
    path = f"/v1/cases/{case['id']}"
    opened = world.send("supervisor-tang", "POST", f"{path}/break-glass", json=given).json()

    listed = world.send("security-qi", "GET", "/v1/break-glass").json()["items"]
    broken = world.send("security-qi", "POST", f"{path}/break-glass", json=given).status_code
    ended = world.send("security-qi", "DELETE", f"/v1/break-glass/{opened['id']}").status_code

    assert [row["id"] for row in listed] == [opened["id"]]
    assert "专项审计" not in str(listed)
    assert (broken, ended) == (404, 200)
    assert world.send("security-qi", "GET", path).status_code == 404
    assert world.rows("select revoked_by from grants") == [{"revoked_by": person("security-qi").id}]


def test_an_administrator_reads_no_alarms_any_more(world: World) -> None:
    answer = world.send("admin-qian", "GET", "/v1/alarms")

    assert answer.json()["facts"]["recorded_by"] == ["auditor", "security_officer"]


def test_whoever_runs_the_service_puts_the_three_in_place(world: World) -> None:
    people = {role: {"subject": f"court-{role}", "name": "某人"} for role in ("admin", "security_officer", "auditor")}

    for role, who in people.items():
        world.write(appoint, "云溪法", MembershipRole(role), who, world.today)

    found = {role: world.send(who["subject"], "GET", "/v1/me").json() for role, who in people.items()}
    assert {role: me["roles"] for role, me in found.items()} == {role: [role] for role in people}
    assert {me["acting_as"] for me in found.values()} == {organization("yunxi-court").id}


def test_it_appoints_who_has_an_account_and_nobody_twice_over(world: World) -> None:
    gao, admin = {"subject": "court-gao", "name": "高听松"}, MembershipRole.ADMIN

    world.write(appoint, "云溪法", admin, gao, world.today)

    assert len(world.rows("select id from people where subject = 'court-gao'")) == 1
    with pytest.raises(RolesApartError):
        world.write(appoint, "云溪法", MembershipRole.AUDITOR, gao, world.today)


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize(
    ("short_name", "subject", "told"),
    [("无此", "court-gao", "short name"), ("云溪", "court-gao", "above"), ("云溪法", "closed", "closed")],
)
def test_appointing_is_refused_with_a_sentence(
    world: World, capsys: pytest.CaptureFixture[str], short_name: str, subject: str, told: str
) -> None:
    def close(unit: Unit) -> None:
        unit.execute(statement("update people set is_active = :no, subject = 'closed' where subject = :s"), {
            "no": False, "s": "court-ding",
        })  # fmt: skip

    world.write(close)
    words = ["--short-name", short_name, "--role", "admin", "--subject", subject, "--name", "某人"]

    assert main(["organization", "appoint", *words]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.usefixtures("at_a_terminal")
def test_the_command_appoints_and_says_so(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--short-name", "云溪法", "--subject", "court-wei", "--name", "卫某"]

    codes = [main(["organization", "appoint", "--role", role, *words]) for role in ("security_officer", "auditor")]

    out, err = capsys.readouterr()
    assert codes == [0, 2]
    assert out == "court-wei is security_officer of 云溪法.\n"
    assert "membership_id" in err

"""Who may change the directory: nobody raises themselves, and nobody takes over people of other bodies."""

from contextlib import suppress
from typing import Any

import pytest
from tests.services.world import CENTRE, World

from mediation.demo.people import organization, person
from mediation.storage import Unit

Told = tuple[int, str | None, tuple[str, ...]]
LINJIANG = organization("linjiang-centre").id
YUNXI = organization("yunxi-union").id


def tell(world: World, subject: str, method: str, path: str, **content: Any) -> Told:
    """Status, code, and who may do it instead."""
    answer = world.send(subject, method, path, **content)
    body = answer.json()
    return answer.status_code, body.get("code"), tuple(body.get("facts", {}).get("recorded_by", ()))


def give(world: World, subject: str, whom: str, body: str, *roles: str) -> Told:
    """Give somebody, by subject or id, roles in an organization."""
    with suppress(KeyError):
        whom = person(whom).id
    given = {"organization_id": body, "roles": list(roles)}
    return tell(world, subject, "POST", f"/v1/people/{whom}/memberships", json=given)


def amend(world: World, subject: str, whom: str, **changes: Any) -> Told:
    row = world.rows("select version from people where subject = :s", s=whom)[0]
    headers = {"If-Match": f'"{row["version"]}"'}
    return tell(world, subject, "PATCH", f"/v1/people/{person(whom).id}", headers=headers, json=changes)


def create(world: World, subject: str, name: str = "newcomer") -> Told:
    return tell(world, subject, "POST", "/v1/people", json={"subject": name, "name": "新人"})


def new_id(world: World, name: str = "newcomer") -> str:
    found: str = world.rows("select id from people where subject = :s", s=name)[0]["id"]
    return found


ADMINS_ONLY = (403, "not_permitted", ("admin",))
KEEPERS_ELSEWHERE = (403, "not_permitted", ("admin", "supervisor"))
CREATED, DONE = (201, None, ()), (200, None, ())


@pytest.mark.parametrize("role", ["admin", "auditor", "supervisor"])
def test_a_supervisor_gives_nobody_a_role_that_watches_over_others(world: World, role: str) -> None:
    before = world.counts()

    found = give(world, "supervisor-tang", "volunteer-he", CENTRE, "clerk", role)

    assert found == ADMINS_ONLY
    assert world.counts() == before


@pytest.mark.parametrize("body", [YUNXI, CENTRE])
def test_a_supervisor_gives_themselves_nothing(world: World, body: str) -> None:
    assert give(world, "supervisor-tang", "supervisor-tang", body, "clerk") == ADMINS_ONLY


@pytest.mark.parametrize("role", ["admin", "auditor", "supervisor"])
def test_an_administrator_gives_every_role(world: World, role: str) -> None:
    assert give(world, "admin-qian", "volunteer-he", CENTRE, role) == CREATED


def test_a_supervisor_gives_a_colleague_another_role_in_the_same_body(world: World) -> None:
    assert give(world, "supervisor-tang", "volunteer-he", CENTRE, "mediator") == CREATED


def test_a_supervisor_takes_nobody_over_who_belongs_to_another_body(world: World) -> None:
    found = {
        "another district": give(world, "supervisor-tang", "clerk-fang", CENTRE, "clerk"),
        "a court": give(world, "supervisor-tang", "court-gao", CENTRE, "clerk"),
        "their own district": give(world, "supervisor-tang", "clerk-mu", CENTRE, "clerk"),
        "the body above": give(world, "supervisor-tang", "auditor-feng", CENTRE, "clerk"),
    }

    assert set(found.values()) == {ADMINS_ONLY}
    assert amend(world, "supervisor-tang", "clerk-fang", name="别人", is_active=False) == KEEPERS_ELSEWHERE


def test_a_second_body_is_given_by_an_administrator_above_both(world: World) -> None:
    assert give(world, "admin-qian", "officer-xu", YUNXI, "admin") == CREATED

    found = {
        "above one": give(world, "officer-xu", "clerk-fang", CENTRE, "clerk"),
        "above both": give(world, "admin-qian", "clerk-fang", CENTRE, "clerk"),
        "a court below nobody": give(world, "admin-qian", "court-gao", CENTRE, "clerk"),
    }

    assert found == {"above one": ADMINS_ONLY, "above both": CREATED, "a court below nobody": ADMINS_ONLY}


def test_a_body_of_another_part_of_the_tree_is_refused_and_an_unknown_one_not_found(world: World) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"

    assert give(world, "supervisor-tang", "volunteer-he", LINJIANG, "clerk") == KEEPERS_ELSEWHERE
    assert give(world, "supervisor-tang", "volunteer-he", unknown, "clerk")[:2] == (404, "not_found")


@pytest.mark.parametrize("subject", ["supervisor-tang", "admin-qian"])
def test_an_account_without_a_membership_is_kept_by_administrators(world: World, subject: str) -> None:
    found = [amend(world, subject, "worker-zhang", name="张三"), amend(world, subject, "worker-zhang", is_active=False)]

    assert found == [DONE if subject == "admin-qian" else ADMINS_ONLY] * 2


def test_whoever_has_left_every_body_is_kept_by_administrators(world: World) -> None:
    (row,) = world.rows("select id from memberships where person_id = :id", id=person("clerk-mu").id)
    path = f"/v1/people/{person('clerk-mu').id}/memberships/{row['id']}"

    assert tell(world, "supervisor-meng", "DELETE", path) == KEEPERS_ELSEWHERE
    assert tell(world, "supervisor-tang", "DELETE", path) == DONE
    assert amend(world, "supervisor-tang", "clerk-mu", is_active=False) == ADMINS_ONLY
    assert amend(world, "admin-qian", "clerk-mu", is_active=False) == DONE


def test_a_supervisor_of_one_of_two_bodies_corrects_the_name_and_leaves_the_account_open(world: World) -> None:
    assert give(world, "admin-qian", "clerk-fang", CENTRE, "clerk") == CREATED

    found = {
        "name": amend(world, "supervisor-tang", "clerk-fang", name="方既白"),
        "name, open as before": amend(world, "supervisor-tang", "clerk-fang", name="方既明", is_active=True),
        "close": amend(world, "supervisor-tang", "clerk-fang", is_active=False),
        "close, from above both": amend(world, "supervisor-yan", "clerk-fang", is_active=False),
        "open again": amend(world, "supervisor-tang", "clerk-fang", is_active=True),
    }

    assert found == {
        "name": DONE,
        "name, open as before": DONE,
        "close": KEEPERS_ELSEWHERE,
        "close, from above both": DONE,
        "open again": KEEPERS_ELSEWHERE,
    }


def test_an_administrator_of_one_of_two_bodies_closes_the_account(world: World) -> None:
    assert give(world, "admin-qian", "officer-xu", YUNXI, "admin") == CREATED
    before = amend(world, "officer-xu", "clerk-fang", is_active=False)
    assert give(world, "admin-qian", "clerk-fang", CENTRE, "clerk") == CREATED

    assert before == ADMINS_ONLY
    assert amend(world, "officer-xu", "clerk-fang", is_active=False) == DONE


@pytest.mark.parametrize("subject", ["supervisor-cao", "supervisor-lei"])
def test_a_supervisor_of_a_commission_or_an_office_creates_nobody(world: World, subject: str) -> None:
    before = world.counts()

    assert create(world, subject) == ADMINS_ONLY
    assert world.counts() == before


def test_a_supervisor_of_a_court_creates_nobody_and_of_a_body_that_mediates_does(world: World) -> None:
    def raise_both(unit: Unit) -> None:
        both = f"'{person('court-gao').id}', '{person('mediator-zhou').id}'"
        sql = f"update memberships set roles = '[\"supervisor\"]' where person_id in ({both})"  # noqa: S608
        unit.connection.exec_driver_sql(sql)

    world.write(raise_both)

    assert create(world, "court-gao", "first") == ADMINS_ONLY
    assert create(world, "mediator-zhou", "second") == CREATED


def test_a_supervisor_of_a_union_creates_somebody_and_takes_them_in(world: World) -> None:
    assert create(world, "supervisor-tang") == CREATED
    newcomer = new_id(world)

    first = give(world, "supervisor-tang", newcomer, YUNXI, "union_officer")
    second = give(world, "supervisor-tang", newcomer, CENTRE, "clerk")

    assert (first, second) == (CREATED, ADMINS_ONLY)
    assert world.send("newcomer", "GET", "/v1/me").json()["roles"] == ["union_officer"]


def test_an_administrator_creates_people_and_a_clerk_does_not(world: World) -> None:
    assert create(world, "admin-qian") == CREATED
    assert create(world, "clerk-lin", "another") == KEEPERS_ELSEWHERE


def test_an_organization_is_changed_by_administrators_above_it(world: World) -> None:
    court, once = organization("yunxi-court").id, {"If-Match": '"1"'}

    found = {
        tell(world, subject, "PATCH", f"/v1/organizations/{court}", headers=once, json={"name": "法院"})
        for subject in ("admin-qian", "supervisor-tang")
    }

    assert found == {ADMINS_ONLY}

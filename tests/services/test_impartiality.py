"""A case tells that a mediator of a party's own enterprise mediates, and how that is known."""

from typing import Any

import pytest
from tests.services.world import CENTRE, World, accept, party_of

from mediation.demo.people import organization, person

FACTORY, OTHER = "91339901MA9000001E", "91339901MA9000002H"


def give_code(world: World, body: str, code: str) -> None:
    sql = f"update organizations set uscc = '{code}' where id = '{body}'"  # noqa: S608
    world.write(lambda unit: unit.connection.exec_driver_sql(sql))


def mediated(world: World) -> dict[str, Any]:
    parties = [party_of("worker", "张来福"), party_of("employer", "某机械有限公司", uscc=FACTORY)]
    case = world.create(parties=parties)
    accept(world, case["id"])
    return world.take(case["id"], "assign_mediator", mediator=person("mediator-zhou").id)


def flagged(case: dict[str, Any]) -> str | None:
    told = case["enterprise_mediator"]
    assert ("enterprise_mediator" in case["flags"]) == (told is not None)
    return None if told is None else told["by"]


def test_it_is_told_as_soon_as_the_mediator_of_a_body_with_the_partys_code_is_assigned(world: World) -> None:
    give_code(world, CENTRE, FACTORY)

    case = mediated(world)

    read = world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}").json()
    assert flagged(case) == flagged(read) == "uscc"


@pytest.mark.parametrize(("code", "told"), [(FACTORY, "uscc"), (OTHER, None)])
def test_another_body_of_the_mediators_tells_too(world: World, code: str, told: str | None) -> None:
    elsewhere = organization("qingshi-committee").id
    give_code(world, elsewhere, code)
    more = {"organization_id": elsewhere, "roles": ["mediator"]}
    who = person("mediator-zhou").id
    joined = world.send("admin-qian", "POST", f"/v1/people/{who}/memberships", json=more)

    case = mediated(world)

    read = world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}").json()
    as_of = world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}?as_of={world.today}").json()
    assert joined.status_code == 201, joined.text
    assert (flagged(read), flagged(as_of)) == (told, told)


def test_without_a_code_nothing_is_told_of_a_body_outside_enterprises(world: World) -> None:
    assert flagged(mediated(world)) is None

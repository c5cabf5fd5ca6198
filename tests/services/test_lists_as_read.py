"""A list shows what reading shows: the same cases, and of each what somebody sees of it."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from tests.services.test_told_later import apply
from tests.services.world import CENTRE, TRIAGE, World, party_of

from mediation.demo.people import PEOPLE, organization, person
from mediation.domain.errors import Refusal
from mediation.storage import Unit
from mediation.storage.json_sql import statement

DAY = "2026-06-15"
HOUSES = ("yunxi-centre", "yunxi-governance", "linjiang-centre", "yunxi-union")
WRITERS = ("clerk-lin", "clerk-mu", "clerk-fang", "volunteer-he", "mediator-zhou", "officer-xu", "supervisor-tang")
ACCOUNTS = ("worker-zhang", "worker-tian", "clerk-mu", "volunteer-he", None)


_END = "update memberships set until = :value where person_id = :id"
_MOVE = "update memberships set organization_id = :value where person_id = :id"


def belong(world: World, subject: str, code: str | None) -> None:
    """Let somebody who belonged to one house belong to another from now on, or to none."""
    sql = statement(_END if code is None else _MOVE)
    given = {"id": person(subject).id, "value": DAY if code is None else organization(code).id}

    def move(unit: Unit) -> None:
        unit.execute(sql, given)

    world.write(move)


def some_cases(world: World, chance: random.Random) -> list[str]:
    """Cases in some states, written down, taken part in, moved and sent by chance; what is refused is left out."""
    found = []
    for _ in range(12):
        worker, employer = chance.choice(ACCOUNTS), chance.choice(("employer-wang", None))
        parties = [
            party_of("worker", "张来福", **({"person_id": person(worker).id} if worker else {})),
            party_of("employer", "某厂", **({"person_id": person(employer).id} if employer else {})),
        ]
        writer = chance.choice(WRITERS)
        is_submitted = chance.random() < 0.8
        try:
            case_id: str = world.create(writer, parties=parties, submit=is_submitted)["id"]
        except Refusal:
            continue
        found.append(case_id)
        for deed in chance.sample(sorted(DEEDS), 3):
            try:
                DEEDS[deed](world, case_id)
            except Refusal:
                continue
    return found


def _move(world: World, case_id: str) -> None:
    world.take(case_id, "reassign_organization", organization=organization("linjiang-centre").id, why="管辖")


def _send(world: World, case_id: str) -> None:
    world.take(
        case_id, "hand_over_inspection", office=organization("yunxi-inspection").id, sent_on=DAY, matter="wage_arrears"
    )


def _assign(world: World, case_id: str) -> None:
    given = {"person_id": person("volunteer-he").id, "role": "volunteer"}
    world.send("clerk-lin", "POST", f"/v1/cases/{case_id}/assignments", json=given)


def _withdraw(world: World, case_id: str) -> None:
    world.take(case_id, "withdraw", asked_by=next(iter(world.case(case_id).parties)), evidence=["申请"])


DEEDS: Any = {
    "apply": apply,
    "assign": _assign,
    "move": _move,
    "send": _send,
    "triage": lambda world, case_id: world.take(case_id, "triage_ok", **TRIAGE),
    "withdraw": _withdraw,
}


def standings(world: World) -> Iterator[tuple[str, dict[str, str]]]:
    """Everybody of the demo, under each of their memberships."""
    for one in PEOPLE:
        held = world.rows("select organization_id from memberships where person_id = :id", id=person(one.subject).id)
        for row in held or [{"organization_id": None}]:
            body = row["organization_id"]
            yield one.subject, {"Mediation-Acting-As": body} if len(held) > 1 else {}


def listed(world: World, subject: str, headers: dict[str, str]) -> set[str]:
    found = set()
    for scope in ("me", "organization", "below", "sent"):
        for is_open in ("true", "false"):
            path = f"/v1/cases?scope={scope}&is_open={is_open}&limit=200"
            answer = world.send(subject, "GET", path, headers=headers)
            found |= {item["id"] for item in answer.json().get("items", ())}
    return found


@pytest.mark.parametrize("seed", [3])
def test_everybody_finds_in_lists_exactly_the_cases_they_can_read(world: World, seed: int) -> None:
    chance = random.Random(seed)
    cases = some_cases(world, chance)
    belong(world, "clerk-mu", "linjiang-centre")
    belong(world, "volunteer-he", chance.choice(HOUSES))
    belong(world, "mediator-zhou", None)

    found = {
        (subject, body): (
            listed(world, subject, headers),
            {c for c in cases if world.send(subject, "GET", f"/v1/cases/{c}", headers=headers).status_code == 200},
        )
        for subject, headers in standings(world)
        for body in headers.values() or [""]
    }

    assert {who: (seen - read, read - seen) for who, (seen, read) in found.items() if seen != read} == {}
    assert len(cases) > 4


def test_who_moved_to_another_house_finds_what_they_wrote_down_no_more(world: World) -> None:
    case_id = world.create("clerk-mu")["id"]
    places = ("/v1/cases?scope=me", "/v1/tasks?scope=me")
    before = [len(world.send("clerk-mu", "GET", place).json()["items"]) for place in places]

    belong(world, "clerk-mu", "linjiang-centre")

    assert before[0] == 1
    assert world.send("clerk-mu", "GET", f"/v1/cases/{case_id}").status_code == 404
    assert [world.send("clerk-mu", "GET", place).json()["items"] for place in places] == [[], []]
    by_name = world.send("clerk-mu", "POST", "/v1/case-lookups", json={"name_prefix": "张"})
    assert by_name.json()["items"] == []


def own_and_given(world: World) -> tuple[str, str]:
    """A case to which a volunteer of the house is a party, and one given to them; both dangerous."""
    parties = [
        party_of("worker", "张来福"),
        party_of("employer", "某厂", person_id=person("volunteer-he").id),
    ]
    own = world.create(parties=parties)["id"]
    given = world.create()["id"]
    _assign(world, given)
    for case_id in (own, given):
        world.take(case_id, "escalate_violence", level="red", kind="violence", reported_to=[CENTRE], evidence=["记录"])
    return own, given


def test_of_a_case_to_which_one_is_a_party_a_list_tells_no_work_whatever_else_one_is(world: World) -> None:
    own, given = own_and_given(world)

    rows = {item["id"]: item for item in world.send("volunteer-he", "GET", "/v1/cases?scope=me").json()["items"]}
    flagged = world.send("volunteer-he", "GET", "/v1/cases?scope=me&flags=risk").json()["items"]
    looked_up = world.send("volunteer-he", "POST", "/v1/case-lookups", json={"name_prefix": "张"}).json()["items"]
    by_phone = world.send("volunteer-he", "POST", "/v1/case-lookups", json={"phone": "13800000000"}).json()["items"]

    assert {key: (row["has_risk"], row["has_tasks"]) for key, row in rows.items()} == {
        own: (None, None),
        given: (True, False),
    }
    assert [item["id"] for item in flagged] == [given]
    assert {item["id"]: item["has_risk"] for item in looked_up} == {own: None, given: True}
    assert own not in {item["id"] for item in by_phone}


@pytest.mark.parametrize("who", ["worker-zhang", "employer-wang"])
def test_the_side_that_claims_sees_the_nearest_day_in_its_list_and_the_other_does_not(world: World, who: str) -> None:
    parties = [
        party_of("worker", "张来福", person_id=person("worker-zhang").id),
        party_of("employer", "某厂", person_id=person("employer-wang").id),
    ]
    world.create(parties=parties)

    (row,) = world.send(who, "GET", "/v1/cases?scope=me").json()["items"]
    before = world.send(who, "GET", "/v1/cases?scope=me&deadline_before=2099-01-01").json()["items"]

    is_seen = who == "worker-zhang"
    assert [row[name] is not None for name in ("next_due", "next_term", "is_provisional")] == [is_seen] * 3
    assert len(before) == is_seen

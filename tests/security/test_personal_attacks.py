"""What is left of a person whose data were erased, looked for where it was written besides their own columns."""

from datetime import date
from typing import Any

import httpx
import pytest
from tests.services.test_computations import computed, load_figures, on_file, path_of, with_facts
from tests.services.test_erasure import AFTER_TEN_YEARS, erase, rebuilt
from tests.services.world import World, document_of, party_ids, tell

from mediation.domain.employment import EMPLOYMENT
from mediation.gateways.sealing import UnsealError
from mediation.storage.personal import for_person, of_person

WAGE, ILLNESS, WORDS = "8512.34", "标记患病自述", "标记单位来信"
LAST_DAY = "2026-06-30"


@pytest.fixture
def case(world: World) -> dict[str, Any]:
    """A case with wages on file, a claim computed from them, and an answer of each side sent by its link."""
    made = with_facts(world)
    load_figures(world)
    done(computed(world, made))
    given = {"channel": "walk_in", "written_or_oral": "written", "received_on": str(world.today), "reason": "欠薪"}
    world.take(made["id"], "submit_intake", **given)
    worker, employer = party_ids(made)
    answer(world, made, worker, ILLNESS)
    answer(world, made, employer, WORDS)
    return made


def done(answered: httpx.Response) -> dict[str, Any]:
    assert answered.status_code < 300, answered.text
    found: dict[str, Any] = answered.json()
    return found


def answer(world: World, case: dict[str, Any], party: str, text: str) -> None:
    links = f"/v1/cases/{case['id']}/parties/{party}/access-links"
    link = done(world.send("clerk-lin", "POST", links, json={"expires_on": LAST_DAY}))
    headers = {"Authorization": f"Bearer {link['token']}"}
    done(world.send("clerk-lin", "POST", "/v1/party/answers", headers=headers, json={"kind": "message", "text": text}))


def read(world: World, case: dict[str, Any]) -> dict[str, str]:
    """What the clerk reads where it was written down."""
    path = f"/v1/cases/{case['id']}"
    places = [f"{path}/history?limit=200", f"{path}/party-messages", f"{path}/employment", path_of(case)]
    names = ("history", "messages", "employment", "computation")
    return {name: world.send("clerk-lin", "GET", place).text for name, place in zip(names, places, strict=True)}


def grow_old(world: World, case: dict[str, Any]) -> None:
    list(tell(world, case["id"]))
    world.run_due(AFTER_TEN_YEARS)


def test_wages_and_what_a_party_wrote_itself_go_with_the_key_of_the_person(world: World, case: dict[str, Any]) -> None:
    grow_old(world, case)
    before = read(world, case)

    erased = erase(world, case)

    after = read(world, case)
    assert erased.status_code == 200, erased.text
    assert {name for name, text in before.items() if WAGE in text} == {"history", "employment", "computation"}
    assert {ILLNESS in before["messages"], WORDS in before["messages"]} == {True}
    assert [name for name, text in after.items() if WAGE in text or ILLNESS in text] == []
    assert WORDS in after["messages"]
    assert "两个月工资" in after["history"]
    assert world.verification(case["id"])["holds"]


def test_history_adds_up_to_the_case_before_and_after_the_key_is_gone(world: World, case: dict[str, Any]) -> None:
    worker = party_ids(case)[0]
    grow_old(world, case)
    before = rebuilt(world, case["id"])["facts"], world.case(case["id"]).facts
    erase(world, case)

    after = rebuilt(world, case["id"])["facts"], world.case(case["id"]).facts

    assert before[0] == before[1]
    assert before[0][EMPLOYMENT][worker]["avg_monthly_wage"] == WAGE
    assert [facts.get(EMPLOYMENT) or {} for facts in after] == [{}, {}]


def test_nothing_is_written_down_anew_of_somebody_erased(world: World, case: dict[str, Any]) -> None:
    worker = party_ids(case)[0]
    grow_old(world, case)
    erase(world, case)
    world.take(case["id"], "reopen_wrong_closing", "supervisor-tang", why="另有遗漏", occurred_on=str(world.today))
    party = next(entry for entry in document_of(world, case["id"])["parties"] if entry["id"] == worker)
    given = {"phone": "13911112222", "expected_version": party["version"]}

    amended = world.send("clerk-lin", "PATCH", f"/v1/cases/{case['id']}/parties/{worker}", json=given)
    employed = on_file(world, case, party_id=worker, monthly_wage=WAGE)
    again = computed(world, case, inputs={})

    assert world.today >= date(2036, 1, 1)
    assert [amended.status_code, employed.status_code, again.status_code] == [409, 409, 422]


@pytest.mark.parametrize("text", ['{"a":1}', '{"of_person":', '{"of_person":"x","sealed":"y","more":1}', "[]", ""])
def test_what_lies_under_the_key_of_the_case_alone_opens_as_it_was_written(sqlite_world: World, text: str) -> None:
    found = sqlite_world.read(of_person, {}, text, "place")

    assert found == text


def test_what_was_sealed_for_a_person_opens_with_their_key_and_at_its_place_alone(sqlite_world: World) -> None:
    vault = sqlite_world.database.vault
    keys = {"p": vault.new_key("subject_keys/p")[1]}

    sealed = sqlite_world.read(for_person, keys, "p", "工资", "here")

    assert "工资" not in sealed
    assert sqlite_world.read(of_person, keys, sealed, "here") == "工资"
    assert sqlite_world.read(of_person, {"p": None}, sealed, "here") is None
    assert sqlite_world.read(for_person, {"p": None}, "p", "工资", "here") == "工资"
    with pytest.raises(UnsealError):
        sqlite_world.read(of_person, keys, sealed, "elsewhere")

"""What one side does and the other is told of later: until then nothing the other may ask for differs by it."""

import json
from typing import Any

import pytest
from tests.services.world import World, party_ids, party_of, triage

from mediation.demo.people import organization, person
from mediation.domain.errors import StepNotOpenError

DAY = "2026-06-15"
OTHERS = ("employer-wang", "worker-tian")
NUMBERS = {"version", "id", "entry"}


def with_a_third_party(world: World) -> str:
    """A registered case with accounts on all three sides; the third is a guarantor's."""
    parties = [
        party_of("worker", "张来福", person_id=person("worker-zhang").id),
        party_of("employer", "某厂", person_id=person("employer-wang").id),
        party_of("other", "某担保人", role="third_party", person_id=person("worker-tian").id),
    ]
    found: str = triage(world, world.create(parties=parties)["id"])["id"]
    return found


def apply(world: World, case_id: str, subject: str = "clerk-lin") -> None:
    world.take(
        case_id, "apply_preservation", subject, kind="in_arbitration", applied_on=DAY,
        court=organization("yunxi-court").id, application={"reference": "财产保全申请书"},
    )  # fmt: skip


def grant(world: World, case_id: str) -> None:
    world.take(case_id, "preservation_granted", "court-gao", measures_on=DAY, assets="公司账户", evidence=["裁定书"])


def hand_over(world: World, case_id: str) -> None:
    office = organization("yunxi-inspection").id
    world.take(case_id, "hand_over_inspection", office=office, sent_on=DAY, matter="wage_arrears")


def everything(world: World, case_id: str, who: str) -> dict[str, Any]:
    """All that somebody may ask for about a case, without the numbers that say that something was written."""
    path = f"/v1/cases/{case_id}"
    asked = (
        path, f"{path}/steps", f"{path}/deadlines", f"{path}/limitation", f"{path}/history?limit=200",
        f"{path}/sharing-records", f"{path}/consents", f"{path}?as_of={DAY}", f"/v1/access/explain?case_id={case_id}",
        "/v1/cases?scope=me", "/v1/cases?scope=me&deadline_before=2027-12-31", "/v1/cases?scope=me&flags=provisional",
        "/v1/tasks?scope=me", "/v1/reminders?scope=me",
    )  # fmt: skip
    found = {place: world.send(who, "GET", place).json() for place in asked}
    what_if = {"steps": [], "until": "2026-07-20"}
    found["simulation"] = world.send(who, "POST", f"{path}/simulation", json=what_if).json()
    found["look-up"] = world.send(who, "POST", "/v1/case-lookups", json={"name_prefix": "张来"}).json()
    return {place: without_numbers(answer) for place, answer in found.items()}


def without_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_numbers(one) for name, one in value.items() if name not in {"version", "entry_id"}}
    return [without_numbers(one) for one in value] if isinstance(value, list) else value


def differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {place: (before[place], after[place]) for place in before if before[place] != after[place]}


def text_of(found: dict[str, Any]) -> str:
    return json.dumps({place: one for place, one in found.items() if "steps" not in place}, ensure_ascii=False)


@pytest.mark.parametrize("act", [apply, hand_over])
@pytest.mark.parametrize("who", OTHERS)
def test_before_they_are_told_nothing_differs_for_the_others(world: World, who: str, act: Any) -> None:
    case_id = with_a_third_party(world)
    before = everything(world, case_id, who)

    act(world, case_id)

    after = everything(world, case_id, who)
    assert differing(before, after) == {}
    assert [item["id"] for item in before["/v1/cases?scope=me"]["items"]] == [case_id]


@pytest.mark.parametrize("end", ["preservation_refused", "preservation_withdrawn"])
def test_what_was_refused_or_withdrawn_is_never_told(world: World, end: str) -> None:
    case_id = with_a_third_party(world)
    before = everything(world, case_id, "employer-wang")
    given = {"reason": "no_urgency"} if end == "preservation_refused" else {"by": party_ids(world.send(
        "clerk-lin", "GET", f"/v1/cases/{case_id}").json())[0]}  # fmt: skip

    apply(world, case_id)
    world.take(case_id, end, "clerk-lin", evidence=["卷宗"], **given)

    after = everything(world, case_id, "employer-wang")
    assert differing(before, after) == {}


def test_the_side_that_applied_and_the_house_see_it_from_the_beginning(world: World) -> None:
    case_id = with_a_third_party(world)

    apply(world, case_id, "worker-zhang")

    for who in ("worker-zhang", "clerk-lin"):
        case = world.send(who, "GET", f"/v1/cases/{case_id}").json()
        assert "preservation:1" in {track["id"] for track in case["tracks"]}
        assert "apply_preservation" in world.send(who, "GET", f"/v1/cases/{case_id}/history?limit=200").text


def test_once_measures_are_taken_the_others_are_told_of_them_and_not_of_the_way_there(world: World) -> None:
    case_id = with_a_third_party(world)
    apply(world, case_id)

    grant(world, case_id)

    found = everything(world, case_id, "employer-wang")
    path = f"/v1/cases/{case_id}"
    (track,) = [one for one in found[path]["tracks"] if one["id"] == "preservation:1"]
    told = [entry["action"] for entry in found[f"{path}/history?limit=200"]["items"]]
    assert track["state"]["code"] == "pres_granted"
    assert [name for name in found[path]["facts"] if name.startswith("preservation")] == ["preservation:1.measures_on"]
    assert ("preservation_granted" in told, "apply_preservation" in told) == (True, False)
    assert "D_PRES_48H" not in text_of(found)


def test_taking_the_application_back_is_not_told_either(world: World) -> None:
    case_id = with_a_third_party(world)
    before = everything(world, case_id, "employer-wang")
    apply(world, case_id)
    last = world.case(case_id).last_entry["entry_id"]

    world.take(case_id, "void_last_step", "supervisor-tang", step=last, why="录入错误")

    after = everything(world, case_id, "employer-wang")
    assert differing(before, after) == {}


def test_a_step_that_follows_is_refused_in_the_same_words_whether_or_not_it_was_applied_for(world: World) -> None:
    case_id = with_a_third_party(world)
    released = {"released_on": DAY, "why": "security", "evidence": ["裁定书"]}
    with pytest.raises(StepNotOpenError) as before:
        world.take(case_id, "preservation_released", "employer-wang", **released)

    apply(world, case_id)

    with pytest.raises(StepNotOpenError) as after:
        world.take(case_id, "preservation_released", "employer-wang", **released)
    assert before.value.facts == after.value.facts

"""What is stored beside what history gives: every way in which the two may differ, and what no key opens any more."""

from dataclasses import replace
from typing import Any

import pytest

from mediation.domain.agreement import Difference, Lost, differences
from mediation.domain.records import Party, TrackInstance

MAIN = TrackInstance("main", "main", "triage")
PARTY = Party("p", 1, "applicant", "worker", "worker", "张三", subject_id="s")
BLOTTED = replace(PARTY, name="已删除")
NOTHING = Lost()


def found(told: dict[str, Any], kept: dict[str, Any], lost: Lost = NOTHING) -> list[Difference]:
    return list(differences(told, kept, lost))


def test_what_is_the_same_differs_in_nothing() -> None:
    both: dict[str, Any] = {"tracks": {"main": MAIN}, "facts": {"channel": "walk_in"}, "claims": {}}

    assert found(both, both) == []


def test_a_record_that_is_gone_and_one_that_came_by_itself_are_named() -> None:
    told, kept = {"tracks": {"main": MAIN}}, {"tracks": {"other": MAIN}, "facts": {"urgent": True}}

    assert found(told, kept) == [
        Difference("tracks", "main", "history has it, and it is not stored"),
        Difference("tracks", "other", "it is stored, and history does not have it"),
        Difference("facts", "urgent", "it is stored, and history does not have it"),
    ]


def test_fields_that_differ_are_named_and_not_shown() -> None:
    told, kept = {"parties": {"p": PARTY}}, {"parties": {"p": replace(BLOTTED, side="employer")}}

    assert found(told, kept) == [Difference("parties", "p", "stored otherwise than history says: name, side")]


@pytest.mark.parametrize("kept", ["mediation", MAIN, None])
def test_what_is_no_record_differs_as_a_whole(kept: Any) -> None:
    assert found({"facts": {"channel": "walk_in"}}, {"facts": {"channel": kept}}) == [
        Difference("facts", "channel", "stored otherwise than history says: value")
    ]


@pytest.mark.parametrize(
    ("subjects", "told"), [(("s",), ["status"]), (("t",), ["name", "status"]), ((), ["name", "status"])]
)
def test_the_name_of_somebody_whose_key_is_gone_is_not_compared(subjects: tuple[str, ...], told: list[str]) -> None:
    kept = replace(BLOTTED, status="dropped")

    (one,) = found({"parties": {"p": PARTY}}, {"parties": {"p": kept}}, Lost(subjects=frozenset(subjects)))

    assert one.text == f"stored otherwise than history says: {', '.join(told)}"


def test_a_fact_that_no_key_opens_is_not_compared_but_has_to_be_there() -> None:
    lost = Lost(facts=frozenset({"attested"}))

    assert found({"facts": {"attested": None}}, {"facts": {"attested": {}}}, lost) == []
    assert len(found({"facts": {"attested": None}}, {"facts": {}}, lost)) == 1
    assert len(found({"claims": {"attested": 1}}, {"claims": {"attested": 2}}, lost)) == 1

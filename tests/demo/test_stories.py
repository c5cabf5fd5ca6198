import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mediation.demo import identities
from mediation.demo.caseload import caseload
from mediation.demo.people import person
from mediation.demo.stories import STORIES
from mediation.demo.stories.story import Act, Story
from mediation.domain.identifiers import mobile, resident_id, social_credit_code

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "published_cases.json").read_text(encoding="utf-8")
)["cases"]
SUNDAY = date(2026, 11, 22)


def named(story: Story) -> str:
    return story.id


def test_the_eighteen_published_disputes_are_told() -> None:
    assert {story.id for story in STORIES} == set(PUBLISHED)


@pytest.mark.parametrize("story", STORIES, ids=named)
def test_a_story_walks_the_rows_of_its_dispute_to_its_end(story: Story) -> None:
    published = PUBLISHED[story.id]

    assert list(story.rows) == published["rows"]
    assert story.end.state == published["state"]
    assert dict(story.end.tracks) == published["tracks"]


@pytest.mark.parametrize("story", STORIES, ids=named)
def test_a_story_says_what_it_assumes_and_what_it_leaves_out(story: Story) -> None:
    assert story.summary
    assert story.source
    assert story.assumptions
    assert story.unrepresented


@pytest.mark.parametrize("story", [*STORIES, *caseload(SUNDAY)], ids=named)
def test_steps_are_told_in_the_order_of_their_days_by_people_of_the_demo(story: Story) -> None:
    days = [story.opened_on, *(step.on if isinstance(step, Act) else step.clock for step in story.steps)]
    recorders = {story.keeper, *(step.recorder for step in story.steps if isinstance(step, Act))}

    assert days == sorted(days)
    assert all(person(recorder.partition("@")[0]) for recorder in recorders)


def test_people_of_the_caseload_have_numbers_of_their_own_that_pass_every_check() -> None:
    parties = [party for story in caseload(SUNDAY) for party in story.parties]
    ids = [party["resident_id"] for party in parties if "resident_id" in party]
    codes = [party["uscc"] for party in parties if "uscc" in party]

    assert max(Counter(ids).values()) == 1
    assert max(Counter(codes).values()) == 1
    assert [resident_id(number, today=SUNDAY) for number in ids] == ids
    assert [social_credit_code(code) for code in codes] == codes
    assert all(number.startswith(identities.DIVISION) for number in ids)
    assert mobile(identities.mobile(7)) == "13800000007"

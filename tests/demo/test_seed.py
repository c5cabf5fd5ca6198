from pathlib import Path

import pytest

from mediation.demo import setup
from mediation.demo.caseload import caseload
from mediation.demo.drive import client_of
from mediation.demo.host import service
from mediation.demo.play import play
from mediation.demo.seed import seed
from mediation.demo.stories import STORIES
from mediation.gateways.clock import SystemClock
from mediation.services.requests import CaseQuery
from mediation.settings import Settings


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(demo=True, data=tmp_path, database_url=sqlite_url)


@pytest.mark.slow
def test_live_cases_stand_where_they_should_and_stay_there_today(settings: Settings) -> None:
    setup.load_directory(settings)
    today = SystemClock().today()
    stories = caseload(today)

    with service(settings) as url, client_of(settings, url) as client:
        played = [play(client, story) for story in stories]
        client.move_clock(today.isoformat(), "clerk-lin")
        for entry in played:
            entry.case = client.read(entry.story.keeper, entry.case["id"])

    stands = {entry.story.id: (entry.state, entry.tracks) for entry in played}
    assert stands == {story.id: (story.end.state, dict(story.end.tracks)) for story in stories}


@pytest.mark.slow
def test_seeding_twice_leaves_what_the_first_time_wrote(settings: Settings) -> None:
    seed(settings)
    first = _numbers(settings)

    seed(settings)

    assert _numbers(settings) == first
    assert len(first) > 0
    assert setup.is_complete(settings, caseload(SystemClock().today())[-1])


def _numbers(settings: Settings) -> list[str]:
    pages = (setup.cases(settings, CaseQuery(is_open=is_open, limit=200)) for is_open in (True, False))
    return sorted(item["id"] for page in pages for item in page)


def test_the_caseload_fills_a_day() -> None:
    stories = caseload(SystemClock().today())

    assert len(stories) >= 24
    assert len({story.id for story in (*stories, *STORIES)}) == len(stories) + len(STORIES)

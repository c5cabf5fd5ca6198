from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.databases import Templates

from mediation import worker
from mediation.demo import setup
from mediation.demo.caseload import caseload
from mediation.demo.drive import client_of
from mediation.demo.host import service
from mediation.demo.play import play
from mediation.demo.seed import seed
from mediation.demo.stories import STORIES
from mediation.domain.history import rebuild
from mediation.domain.records import RECORD_TYPES
from mediation.gateways.clock import SystemClock
from mediation.process import open_database
from mediation.services.requests import CaseQuery
from mediation.settings import Settings
from mediation.storage import Unit, history
from mediation.storage import cases as case_rows
from mediation.storage.json_sql import statement
from mediation.storage.recording import unsealed


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


@pytest.fixture(scope="module")
def seeded(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("seeded")
    made = Settings(demo=True, data=folder, database_url=templates.sqlite(folder))
    seed(made)
    return made


@pytest.mark.slow
def test_seeding_twice_leaves_what_the_first_time_wrote(seeded: Settings) -> None:
    first = _numbers(seeded)

    seed(seeded)

    assert _numbers(seeded) == first
    assert len(first) > 0
    assert setup.is_complete(seeded, caseload(SystemClock().today())[-1])


@pytest.mark.slow
def test_somebody_asks_to_read_a_case_of_the_demo(seeded: Settings) -> None:
    database = open_database(seeded)

    worker.deliver_access_requests(database, SystemClock())

    (row,) = database.run_read(_asked)
    database.close()
    assert (row["status"], row["case_id"] in _numbers(seeded)) == ("waiting", True)


def _asked(unit: Unit) -> list[dict[str, Any]]:
    return [dict(row) for row in unit.execute(statement("select * from access_requests")).mappings()]


@pytest.mark.slow
def test_every_case_of_the_demo_can_be_rebuilt_from_its_history_alone(seeded: Settings) -> None:
    database = open_database(seeded)

    found = {key: database.run_read(_told_and_kept, key) for key in _numbers(seeded)}

    database.close()
    assert len(found) >= len(STORIES)
    assert {key for key, (told, kept) in found.items() if told != kept} == set()


def _told_and_kept(unit: Unit, case_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every record and fact of a case, once from history and once as it is stored."""
    loaded = case_rows.load(unit, case_id, subject="", today=date.max)
    assert loaded.case is not None
    rows = history.history(unit, case_id, after=0, limit=loaded.case.sequence)
    told = rebuild(unsealed(unit, orjson.loads(row["payload"]), loaded.keys) for row in rows)
    names = ("facts", *RECORD_TYPES)
    return {name: told.get(name, {}) for name in names}, {name: dict(getattr(loaded.case, name)) for name in names}


def _numbers(settings: Settings) -> list[str]:
    pages = (setup.cases(settings, CaseQuery(is_open=is_open, limit=200)) for is_open in (True, False))
    return sorted(item["id"] for page in pages for item in page)


def test_the_caseload_fills_a_day() -> None:
    stories = caseload(SystemClock().today())

    assert len(stories) >= 24
    assert len({story.id for story in (*stories, *STORIES)}) == len(stories) + len(STORIES)

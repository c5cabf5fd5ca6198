"""Real disputes, driven through the running service over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mediation.demo.client import Client
from mediation.demo.drive import client_of, main
from mediation.demo.host import service
from mediation.demo.play import play
from mediation.demo.setup import load_directory
from mediation.demo.stories import STORIES
from mediation.demo.stories.story import Story
from mediation.settings import Settings, SettingsError

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "published_cases.json").read_text(encoding="utf-8")
)["cases"]


@pytest.fixture
def client(database_url: str, tmp_path: Path) -> Iterator[Client]:
    settings = Settings(demo=True, clock="manual", data=tmp_path, database_url=database_url)
    load_directory(settings)
    with service(settings) as url, client_of(settings, url) as made:
        yield made


@pytest.mark.slow
def test_every_published_dispute_ends_as_it_did(client: Client) -> None:
    ends, walked = {}, {}

    for story in sorted(STORIES, key=lambda story: story.opened_on):
        played = play(client, story)
        ends[story.id] = {"state": played.state, "tracks": played.tracks, "differs": played.differences()}
        walked[story.id] = _rows_in_history(client, story, played.case["id"])

    assert ends == {
        key: {"state": told["state"], "tracks": told["tracks"], "differs": []} for key, told in PUBLISHED.items()
    }
    assert all(_holds(told["rows"], walked[key]) for key, told in PUBLISHED.items())


def _rows_in_history(client: Client, story: Story, case_id: str) -> list[str]:
    return [entry["step"] for entry in client.history(story.keeper, case_id) if entry.get("step")]


def _holds(rows: list[str], walked: list[str]) -> bool:
    """Whether the rows come in this order; the clock may have taken others between them."""
    rest = iter(walked)
    return all(row in rest for row in rows)


@pytest.mark.slow
def test_the_command_tells_one_line_a_case_and_what_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(case="bja-ma")

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0].split("  ")[0] == "bja-ma"
    assert "closed_performed" in lines[0]
    assert lines[0].endswith("2250.00  as published")
    assert any(line.startswith("    not represented: ") for line in lines)
    assert lines[-1] == "1 of 1 as published"


def test_a_case_nobody_told_is_refused() -> None:
    with pytest.raises(SettingsError, match="There is no case none"):
        main(case="none")

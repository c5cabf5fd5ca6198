"""A world for each attack."""

from collections.abc import Iterator

import pytest
from tests.databases import Templates
from tests.services.world import World, peopled_world


@pytest.fixture
def world(peopled_url: str) -> Iterator[World]:
    """Give one process with the demo's directory; the test runs once on each kind of database."""
    with peopled_world(peopled_url) as made:
        yield made


@pytest.fixture(scope="module")
def sqlite_world(peopled: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give one process on SQLite for a whole module, for what is refused before a database is asked."""
    with peopled_world(peopled.sqlite(tmp_path_factory.mktemp("module"))) as made:
        yield made

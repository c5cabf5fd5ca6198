"""A world for each attack."""

from collections.abc import Iterator

import pytest
from tests.databases import Templates
from tests.services.world import World, open_world


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Give one process with the demo's directory; the test runs once on each kind of database."""
    with open_world(database_url) as made:
        yield made


@pytest.fixture(scope="module")
def sqlite_world(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give one process on SQLite for a whole module, for what is refused before a database is asked."""
    with open_world(templates.sqlite(tmp_path_factory.mktemp("module"))) as made:
        yield made

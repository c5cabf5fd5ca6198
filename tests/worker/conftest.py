"""A world for each test of the chores."""

from collections.abc import Iterator

import pytest
from tests.services.world import World, peopled_world


@pytest.fixture
def world(peopled_url: str) -> Iterator[World]:
    """Give one process with the demo's directory; the test runs once on each kind of database."""
    with peopled_world(peopled_url) as made:
        yield made

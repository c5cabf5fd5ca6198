"""How many statements each operation takes, counted at the driver and not only by the unit of work."""

from collections.abc import Iterator
from typing import Any

import pytest

from mediation.api.endpoints import offered
from mediation.demo.people import organization, person
from mediation.services import lapses
from tests.services.counting import Counter, count_statements
from tests.services.world import (
    CENTRE,
    TRIAGE,
    World,
    accept,
    agree,
    attested,
    mediate,
    new_case,
    party_of,
    triage,
)


@pytest.fixture
def process(world: World) -> World:
    """Give a second process, with one thread, that is only used for what is counted."""
    return world.another(threads=1)


@pytest.fixture
def counter(process: World) -> Iterator[Counter]:
    made = count_statements(process.database)
    process.rows("select 1 as n")
    process.write(lambda unit: unit.connection.exec_driver_sql("select 1").all())
    yield made


def taken(counter: Counter, process: World, case_id: str, action: str, subject: str = "clerk-lin", **given: Any) -> int:
    """How many statements a step takes, with an Idempotency-Key, its version read beforehand."""
    version = process.case(case_id).version
    with counter.counted() as statements:
        process.answer(case_id, action, subject, version=version, key=f"{action}-{version}", **given)
    return len(statements)

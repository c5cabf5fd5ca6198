"""Puts an empty service in place for the demo: schema, organizations, people, memberships."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from mediation.demo import directory
from mediation.demo.stories.story import Story
from mediation.gateways.clock import SystemClock
from mediation.process import vault_of
from mediation.services.caller import Caller
from mediation.services.directory import load
from mediation.services.lookups import look_up
from mediation.services.requests import CaseQuery
from mediation.services.views import CasePage
from mediation.services.worklists import list_cases
from mediation.settings import Settings
from mediation.storage import Database
from mediation.storage.migrate import upgrade

DESK: Final = "clerk-lin"
"""Whose worklist tells whether a seeding took place."""


def prepare(settings: Settings) -> None:
    """Migrate the database and load the directory; safe to repeat."""
    upgrade(settings.database_url, app_role=settings.database_app_role)
    load_directory(settings)


def open_database(settings: Settings) -> Database:
    """Open the database of the settings for a moment; the caller closes it."""
    return Database(settings.database_url, vault_of(settings), threads=1)


def load_directory(settings: Settings) -> None:
    """Write organizations, people and memberships; rows are replaced by id."""
    database = open_database(settings)
    try:
        database.run_write(load, directory.organizations(), directory.people(), directory.memberships())
    finally:
        database.close()


def has_cases(settings: Settings) -> bool:
    """Tell whether anybody ever wrote a case down at the desk that every seeding fills."""
    return any(cases(settings, CaseQuery(limit=1, is_open=is_open)) for is_open in (True, False))


def is_complete(settings: Settings, last: Story) -> bool:
    """Tell whether the last case of a seeding is there."""
    return bool(_read(settings, look_up, "name_prefix", last.parties[0]["name"]))


def cases(settings: Settings, query: CaseQuery) -> Sequence[Any]:
    """List cases of that desk, without a service."""
    found: CasePage = _read(settings, list_cases, query)
    return found.items


def _read(settings: Settings, service: Callable[..., Any], *asked: Any) -> Any:
    """Read as that desk, without a service."""
    clock = SystemClock()
    caller = Caller(DESK, clock.now(), clock.today(), "demo-seed")
    database = open_database(settings)
    try:
        return database.run_read(service, caller, *asked)
    finally:
        database.close()

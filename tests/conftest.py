"""What every test may ask for: a PostgreSQL server and an empty, migrated database."""

import sys
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from hypothesis import Phase

from tests import postgres
from tests.databases import Templates, bare_postgresql

WORKER_URL = "postgres_url"
WORKER_ERROR = "postgres_error"
SERVER = pytest.StashKey[postgres.Server]()

hypothesis.settings.register_profile("mediation", deadline=None)  # shared machines stall; wall time proves nothing
hypothesis.settings.register_profile(  # the same examples for every mutant; the smallest failing one is not looked for
    "mutation", deadline=None, derandomize=True, database=None, max_examples=25, phases=[Phase.explicit, Phase.generate]
)
hypothesis.settings.load_profile("mediation")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start one server for all workers, and tell each where it is."""
    try:
        node.workerinput[WORKER_URL] = _server(node.config).url
    except postgres.NoPostgresError as error:
        node.workerinput[WORKER_ERROR] = str(error)


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVER in config.stash:
        config.stash[SERVER].stop()


def _server(config: pytest.Config) -> postgres.Server:
    """Return the server of this run; the first to ask starts it."""
    if SERVER not in config.stash:
        given: dict[str, str] = getattr(config, "workerinput", {})
        if WORKER_ERROR in given:
            raise postgres.NoPostgresError(given[WORKER_ERROR])
        config.stash[SERVER] = postgres.Server(given[WORKER_URL]) if WORKER_URL in given else postgres.start()
    return config.stash[SERVER]


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> postgres.Server:
    """Give the server shared by all tests of this run."""
    return _server(pytestconfig)


@pytest.fixture(scope="session")
def templates(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """Give the migrated templates; a server is started only when a test needs it."""
    from mediation.storage.migrate import upgrade

    made = Templates(tmp_path_factory.mktemp("templates"), lambda: _server(pytestconfig), upgrade)
    yield made
    made.drop()


@pytest.fixture(scope="session")
def peopled(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """Give the migrated templates with the demo's directory in them."""
    from tests.services.world import settle

    made = Templates(tmp_path_factory.mktemp("peopled"), lambda: _server(pytestconfig), settle)
    yield made
    made.drop()


@pytest.fixture
def sqlite_url(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the URL of an empty, migrated SQLite database."""
    return templates.sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def postgresql_url(templates: Templates) -> Iterator[str]:
    """Give the URL of an empty, migrated PostgreSQL database."""
    with templates.postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of an empty, migrated database: the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def peopled_url(
    request: pytest.FixtureRequest, peopled: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Give the URL of a migrated database with the demo's directory in it: the test runs once on each kind."""
    if request.param == "sqlite":
        yield peopled.sqlite(tmp_path_factory.mktemp("sqlite"))
        return
    with peopled.postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the URL of a database without any table, for the tests of migrations: once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'mediation.db'}"
        return
    with bare_postgresql(_server(request.config)) as url:
        yield url


@pytest.fixture(autouse=True)
def figures_that_ship() -> Iterator[None]:
    """Put back the local figures of the package where a test loaded some: they hold for the whole process."""
    yield
    figures = sys.modules.get("mediation.services.local_figures")
    if figures is not None:
        figures._Holder.figures = figures.shipped_figures()


@pytest.fixture(autouse=True)
def calendar_that_ships() -> Iterator[None]:
    """Put back the calendar of the package where a test loaded a notice: it holds for the whole process."""
    yield
    calendars = sys.modules.get("mediation.services.calendars")
    if calendars is not None:
        calendars.install(calendars.Succession(calendars.official_calendar()))

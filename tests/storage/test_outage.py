"""A database that is away, or locked, means: try again later; never an unexplained failure."""

import sqlite3
import time
from contextlib import closing

import psycopg
import pytest
from tests import postgres
from tests.services.world import open_database

from mediation.demo import directory
from mediation.services import directory as directory_service
from mediation.storage import DatabaseBusyError, Unit


def _one(unit: Unit) -> int:
    return int(unit.connection.exec_driver_sql("select 1").scalar_one())


def test_a_connection_that_broke_is_busy_once_and_then_replaced(postgresql_url: str) -> None:
    database = open_database(postgresql_url, threads=1)
    database.run_read(_one)
    with closing(psycopg.connect(postgres.plain(postgresql_url), autocommit=True)) as other:
        other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )

    with pytest.raises(DatabaseBusyError):
        database.run_read(_one)

    assert database.run_read(_one) == 1
    database.close()


def test_a_server_that_does_not_answer_is_busy() -> None:
    database = open_database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")

    with pytest.raises(DatabaseBusyError):
        database.run_read(_one)

    assert database.ready() is False
    database.close()


def test_a_file_locked_by_another_process_is_busy(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    path = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        began = time.monotonic()

        with pytest.raises(DatabaseBusyError):
            database.run_write(directory_service.load, directory.organizations(), [], [])

        assert time.monotonic() - began < 8
    database.close()

"""The harness starts a real PostgreSQL that answers and is gone afterwards."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import postgres


def test_the_server_answers_and_copies_databases(postgres_server: postgres.Server) -> None:
    name = f"harness_{os.getpid()}"
    original = postgres_server.create_database(name)
    with psycopg.connect(postgres.plain(original)) as connection:
        connection.execute("create table mark as select '调解'::text as word")

    copy = postgres_server.create_database(f"{name}_copy", template=name)

    with psycopg.connect(postgres.plain(copy)) as connection:
        assert connection.execute("select word from mark").fetchone() == ("调解",)
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
    postgres_server.drop_database(f"{name}_copy")
    postgres_server.drop_database(name)


def test_a_stopped_server_answers_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(postgres.TEST_DATABASE_URL, raising=False)
    server = postgres.start(fsync=True)

    server.stop()

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres.plain(server.url), connect_timeout=2)


def test_a_server_ends_with_tests_that_are_killed(tmp_path: Path) -> None:
    told = tmp_path / "url"
    script = (
        "import os, pathlib, signal; from tests import postgres; "
        f"pathlib.Path({str(told)!r}).write_text(postgres.start().url); os.kill(os.getpid(), signal.SIGKILL)"
    )
    clean = {name: value for name, value in os.environ.items() if name != postgres.TEST_DATABASE_URL}

    subprocess.run([sys.executable, "-c", script], check=False, env=clean, cwd=Path(__file__).parents[1])

    assert postgres.is_gone_within(told.read_text(), seconds=10)


def test_without_programs_the_error_names_the_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_program_folders", lambda: iter(()))

    with pytest.raises(postgres.NoPostgresError, match="TEST_DATABASE_URL"):
        postgres.find_programs()


def test_a_given_url_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(postgres.TEST_DATABASE_URL, "postgresql://someone@db.example/tests?sslmode=require")

    server = postgres.start()

    assert server.url == "postgresql+psycopg://someone@db.example/tests?sslmode=require"
    assert server.database_url("mine") == "postgresql+psycopg://someone@db.example/mine?sslmode=require"

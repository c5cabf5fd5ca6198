import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg import sql
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool
from tests.databases import bare_postgresql
from tests.postgres import Server, plain

from mediation.storage.migrate import downgrade, upgrade
from mediation.storage.tables import metadata

TRIGGERS = {
    "sqlite": {
        ("access_log", "access_log_refuses_delete"),
        ("access_log", "access_log_refuses_update"),
        ("cases", "cases_move_scopes"),
        ("checkpoint_leaves", "checkpoint_leaves_refuses_delete"),
        ("checkpoint_leaves", "checkpoint_leaves_refuses_update"),
        ("checkpoints", "checkpoints_refuses_delete"),
        ("checkpoints", "checkpoints_refuses_update"),
        ("data_requests", "data_requests_move_reminders"),
        ("deadlines", "deadlines_move_reminders"),
        ("history", "history_fills_outbox"),
        ("history", "history_refuses_delete"),
        ("history", "history_refuses_update"),
        ("tasks", "tasks_move_reminders"),
    },
    "postgresql": {
        ("access_log", "access_log_refuses_change"),
        ("access_log", "access_log_refuses_truncate"),
        ("cases", "cases_move_scopes"),
        ("checkpoint_leaves", "checkpoint_leaves_refuses_change"),
        ("checkpoint_leaves", "checkpoint_leaves_refuses_truncate"),
        ("checkpoints", "checkpoints_refuses_change"),
        ("checkpoints", "checkpoints_refuses_truncate"),
        ("data_requests", "data_requests_move_reminders"),
        ("deadlines", "deadlines_move_reminders"),
        ("history", "history_fills_outbox"),
        ("history", "history_refuses_change"),
        ("history", "history_refuses_truncate"),
        ("tasks", "tasks_move_reminders"),
    },
}
_LIST_TRIGGERS = {
    "sqlite": "select tbl_name, name from sqlite_master where type = 'trigger'",
    "postgresql": (
        "select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal"
    ),
}
_ORGANIZATION = (
    "insert into organizations (id, version, kind, name, short_name, is_court_invited, is_active) "
    "values ('o', 1, 'other_lawful_org', 'n', 's', false, true)"
)
_CASE = (
    "insert into cases (id, version, organization_id, procedure, state, stage, is_open, next_due, facts, applicants, "
    "respondents, is_collective, is_urgent, is_migrant_worker, has_tasks, has_risk, is_provisional, sequence, head, "
    "last_entry, created_on, updated_at) values ('c', 1, 'o', 'draft', 'draft', 'intake', true, '9999-12-31', '{}', "
    "'', '', false, false, false, false, false, false, 1, 'h', '{}', '2026-06-15', '2026-06-15T01:00:00+00:00')"
)
_ENTRY = (
    "insert into history (case_id, sequence, id, action, occurred_on, recorded_at, actor_id, payload, hash) "
    "values ('c', {n}, 'e{n}', 'a', '2026-06-15', '2026-06-15T01:00:00+00:00', 'p', '{{}}', 'h')"
)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection that commits each statement, as SQLite is opened by the service."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.exec_driver_sql("PRAGMA recursive_triggers=ON")
        yield connection


def triggers(connection: Connection) -> set[tuple[str, str]]:
    rows = connection.execute(text(_LIST_TRIGGERS[connection.dialect.name]))
    return {(table, name) for table, name in rows}


def fill(connection: Connection) -> None:
    """Write a case with one entry of history."""
    for statement in (_ORGANIZATION, _CASE, _ENTRY.format(n=1)):
        connection.execute(text(statement))


def test_migrations_go_up_and_down_and_up_again(bare_database_url: str) -> None:
    upgrade(bare_database_url)

    downgrade(bare_database_url)
    with connected(bare_database_url) as connection:
        left = set(inspect(connection).get_table_names())
        left_triggers = triggers(connection)
    upgrade(bare_database_url)

    with connected(bare_database_url) as connection:
        assert left <= {"alembic_version"}
        assert left_triggers == set()
        assert set(metadata.tables) <= set(inspect(connection).get_table_names())
        assert triggers(connection) == TRIGGERS[connection.dialect.name]


def test_a_notice_loaded_before_loads_were_kept_becomes_a_load_and_back(bare_database_url: str) -> None:
    notice = '{"year": 2027, "days_off": ["2027-01-01", "2026-12-31"], "working_weekends": []}'
    upgrade(bare_database_url, "0003")
    with connected(bare_database_url) as connection:
        sql = "insert into calendar_notices values (2027, :notice, '2026-11-20T01:00:00+00:00', 'p')"
        connection.execute(text(sql), {"notice": notice})

    upgrade(bare_database_url)
    with connected(bare_database_url) as connection:
        sql = "select number, year, notice, since, loaded_by, cases_done, finished_at from calendar_loads"
        loads = connection.execute(text(sql)).all()
    downgrade(bare_database_url, "0003")

    with connected(bare_database_url) as connection:
        kept = connection.execute(text("select year, data, loaded_by from calendar_notices")).all()
    assert [[str(value) for value in row] for row in loads] == [
        ["1", "2027", notice, "2026-12-31", "p", "0", "None"]
    ]  # fmt: skip
    assert [tuple(row) for row in kept] == [(2027, notice, "p")]


def test_an_upgrade_that_has_nothing_to_do_does_nothing(database_url: str) -> None:
    with connected(database_url) as connection:
        fill(connection)

    upgrade(database_url)

    with connected(database_url) as connection:
        assert connection.execute(text("select count(*) from history")).scalar_one() == 1


def test_the_tables_of_the_model_are_those_of_the_migrations(database_url: str) -> None:
    with connected(database_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})

        differences = compare_metadata(context, metadata)

    assert differences == []


def test_the_triggers_that_guard_history_and_scopes_are_in_place(database_url: str) -> None:
    with connected(database_url) as connection:
        found = triggers(connection)

        assert found == TRIGGERS[connection.dialect.name]


@pytest.mark.parametrize(
    "statement",
    [
        "update history set payload = 'x'",
        "delete from history",
        "delete from history where case_id = 'c' and sequence = 1",
    ],
)
def test_history_cannot_be_changed_or_deleted(database_url: str, statement: str) -> None:
    with connected(database_url) as connection:
        fill(connection)

        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(statement))

        assert connection.execute(text("select payload from history")).scalar_one() == "{}"


def test_sqlite_refuses_to_replace_an_entry_of_history(sqlite_url: str) -> None:
    with connected(sqlite_url) as connection:
        fill(connection)
        replace = _ENTRY.format(n=1).replace("insert into", "insert or replace into").replace("'{}'", "'x'")

        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(replace))

        assert connection.execute(text("select payload from history")).scalar_one() == "{}"


@pytest.mark.parametrize("statement", ["truncate history", "truncate cases cascade"])
def test_postgresql_refuses_to_truncate_history(postgresql_url: str, statement: str) -> None:
    with connected(postgresql_url) as connection:
        fill(connection)

        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(statement))

        assert connection.execute(text("select count(*) from history")).scalar_one() == 1


def test_every_entry_of_history_leaves_a_row_in_the_outbox(database_url: str) -> None:
    with connected(database_url) as connection:
        fill(connection)

        connection.execute(text(_ENTRY.format(n=2)))

        rows = connection.execute(text("select case_id, sequence, published_at from outbox order by id")).all()
        assert [tuple(row) for row in rows] == [("c", 1, None), ("c", 2, None)]


_CHECKPOINT = (
    "insert into checkpoints (number, body, signature, key_id, sealed_at) "
    "values (1, '{}', 's', 'k', '2026-06-15T01:00:00+00:00')"
)
_LEAF = "insert into checkpoint_leaves (number, case_id, sequence, head) values ({n}, 'c', 1, 'h')"


@pytest.mark.parametrize(
    "statement",
    [
        "update checkpoints set body = 'x'",
        "delete from checkpoints",
        "update checkpoint_leaves set head = 'x' where number = 1",
        "delete from checkpoint_leaves where number = 1",
    ],
)
def test_a_checkpoint_and_its_leaves_cannot_be_changed_or_deleted(database_url: str, statement: str) -> None:
    with connected(database_url) as connection:
        for written in (_CHECKPOINT, _LEAF.format(n=1), _LEAF.format(n=2)):
            connection.execute(text(written))

        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(statement))

        assert connection.execute(text("select head from checkpoint_leaves")).scalars().all() == ["h", "h"]


def test_sqlite_refuses_to_replace_a_checkpoint(sqlite_url: str) -> None:
    with connected(sqlite_url) as connection:
        connection.execute(text(_CHECKPOINT))

        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(_CHECKPOINT.replace("insert into", "insert or replace into")))


@pytest.mark.parametrize("table", ["checkpoints", "checkpoint_leaves"])
def test_postgresql_refuses_to_truncate_checkpoints(postgresql_url: str, table: str) -> None:
    with connected(postgresql_url) as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(f"truncate {table}"))


def test_the_leaves_of_an_unfinished_checkpoint_may_still_change(database_url: str) -> None:
    with connected(database_url) as connection:
        for written in (_CHECKPOINT, _LEAF.format(n=1), _LEAF.format(n=2)):
            connection.execute(text(written))

        connection.execute(text("update checkpoint_leaves set head = 'x' where number = 2"))

        assert connection.execute(text("select head from checkpoint_leaves order by number")).scalars().all() == [
            "h",
            "x",
        ]


@pytest.fixture
def app_role(postgres_server: Server) -> Iterator[str]:
    """Give a role that owns nothing; it belongs to the whole server, so its name is made up."""
    name = f"app-{secrets.token_hex(4)}"
    with psycopg.connect(plain(postgres_server.url), autocommit=True) as connection:
        connection.execute(sql.SQL("create role {}").format(sql.Identifier(name)))
        yield name
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


@contextmanager
def serving(url: str, role: str) -> Iterator[psycopg.Connection]:
    """A connection with the rights of the serving role, which it loses with the database."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
        yield connection
        connection.execute("reset role")
        connection.execute(sql.SQL("drop owned by {}").format(sql.Identifier(role)))


def test_the_serving_role_adds_to_history_and_cannot_alter_it(postgresql_url: str, app_role: str) -> None:
    upgrade(postgresql_url, app_role=app_role)
    with connected(postgresql_url) as connection:
        fill(connection)

    with serving(postgresql_url, app_role) as connection:
        connection.execute(_ENTRY.format(n=2).encode())

        for statement in (
            "update history set payload = 'x'",
            "delete from history",
            "truncate history",
            "update checkpoints set body = 'x'",
            "delete from checkpoint_leaves",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
        row = connection.execute("select (select count(*) from history), (select count(*) from outbox)").fetchone()
        assert row == (2, 2)


def test_the_serving_role_writes_cases_but_not_the_schema(postgresql_url: str, app_role: str) -> None:
    upgrade(postgresql_url, app_role=app_role)

    with serving(postgresql_url, app_role) as connection:
        connection.execute(_ORGANIZATION.encode())
        connection.execute(_CASE.encode())
        connection.execute("update cases set version = 2")

        for statement in (
            "drop trigger history_refuses_change on history",
            "alter table history disable trigger all",
            "update alembic_version set version_num = 'x'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_two_deploys_at_once_migrate_once(postgres_server: Server, tmp_path: Path) -> None:
    with bare_postgresql(postgres_server) as url:
        environment = {"MEDIATION_DATABASE_URL": url, "PATH": os.environ["PATH"]}
        command = [sys.executable, "-m", "mediation", "migrate"]
        deploys = [subprocess.Popen(command, env=environment, cwd=tmp_path) for _ in range(2)]

        codes = [deploy.wait(60) for deploy in deploys]

        with connected(url) as connection:
            revisions = connection.execute(text("select count(*) from alembic_version")).scalar_one()
    assert (codes, revisions) == ([0, 0], 1)

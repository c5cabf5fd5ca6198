"""Runs the migrations on SQLite and PostgreSQL, one deploy at a time."""

from alembic import context
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

LOCK = 7_215_009_412


def _run(connection: Connection, app_role: str) -> None:
    postgresql = connection.dialect.name == "postgresql"
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        render_as_batch=not postgresql,
        transaction_per_migration=True,
    )
    if postgresql:
        connection.execute(text("set lock_timeout = '5s'"))
        connection.execute(text(f"select pg_advisory_lock({LOCK})"))
        connection.commit()
    with context.begin_transaction():
        context.run_migrations()
    if postgresql and app_role:
        _grant(connection, app_role)
    if postgresql:
        connection.execute(text(f"select pg_advisory_unlock({LOCK})"))
        connection.commit()


def _grant(connection: Connection, role: str) -> None:
    """Give the serving role its rights: history can be read and added to, never altered (see decisions 0004 and 0013)."""
    name = connection.dialect.identifier_preparer.quote(role)
    for statement in (
        f"grant usage on schema public to {name}",
        f"grant select, insert, update, delete on all tables in schema public to {name}",
        f"revoke update, delete, truncate on history, checkpoints from {name}",
        f"revoke delete, truncate on checkpoint_leaves from {name}",
        f"revoke update, truncate on access_log from {name}",
        f"revoke insert, update, delete on alembic_version from {name}",
        f"grant usage, select on all sequences in schema public to {name}",
    ):
        connection.execute(text(statement))
    connection.commit()


def main() -> None:
    """Connect to the URL handed in and migrate."""
    attributes = context.config.attributes
    engine = create_engine(attributes["url"], poolclass=NullPool)
    with engine.connect() as connection:
        _run(connection, attributes.get("app_role", ""))


main()

"""Puts an empty service in place for the demo: schema, organizations, people, memberships."""

from mediation.demo import directory
from mediation.gateways.vault import Vault
from mediation.services.directory import load
from mediation.settings import Settings
from mediation.storage import Database
from mediation.storage.migrate import upgrade


def prepare(settings: Settings) -> None:
    """Migrate the database and load the directory; safe to repeat."""
    upgrade(settings.database_url, app_role=settings.database_app_role)
    load_directory(settings)


def load_directory(settings: Settings) -> None:
    """Write organizations, people and memberships; rows are replaced by id."""
    database = Database(settings.database_url, Vault(settings.read_master_key()), threads=1)
    try:
        database.run_write(load, directory.organizations(), directory.people(), directory.memberships())
    finally:
        database.close()

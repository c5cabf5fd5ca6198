"""Rows: the only room that imports SQLAlchemy; it lends `Database` and `Unit` to the others."""

from mediation.storage.database import Database, DatabaseBusyError, Unit, Vault, consistent

__all__ = ["Database", "DatabaseBusyError", "Unit", "Vault", "consistent"]

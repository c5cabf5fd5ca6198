"""Opaque signed cursors: where a page ended, bound to who asked for what."""

from __future__ import annotations

from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.storage import Unit


def seal_cursor(unit: Unit, position: str, bound_to: str) -> str:
    """The position, with a signature over it and over what was asked for."""
    return f"{position}.{unit.vault.sign(f'{position}|{bound_to}')}"


def open_cursor(unit: Unit, cursor: str | None, bound_to: str) -> str | None:
    """The position in a cursor of ours; InvalidInputError for any other, or for another query."""
    if cursor is None:
        return None
    position, _, signature = cursor.rpartition(".")
    if not unit.vault.signed(f"{position}|{bound_to}", signature):
        text = Label("游标无效,请从第一页重新读取", "The cursor is not valid for this query; start from the first page")
        raise InvalidInputError([InputError("query:cursor", "bad_cursor", text)])
    return position

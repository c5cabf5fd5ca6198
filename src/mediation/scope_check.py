"""The proof that bodies see the cases that the tree gives them, as a command runs it: stretch by stretch."""

from __future__ import annotations

from collections.abc import Callable

from mediation.services import rescoping
from mediation.storage import Database


def prove(database: Database, say: Callable[[str], object]) -> int:
    """Compare every case with the tree; gives how many things do not fit, each told as it is found."""
    after, cases, waiting, found = "", 0, 0, 0
    while (part := database.run_read(rescoping.prove, after)) is not None:
        for told in part.wrong:
            say(told)
        after, cases, waiting, found = part.last, cases + part.cases, waiting + part.waiting, found + len(part.wrong)
    say(f"{cases} cases beside the tree of bodies, {waiting} of them wait for a move")
    return found

"""The proof that what is stored is what history says, as a command runs it: case by case, told line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from mediation.services import agreement
from mediation.services.agreement import Disagreement, Part
from mediation.storage import Database

Say = Callable[[str], object]


def prove(database: Database, say: Say) -> int:
    """Put every case together from its history and compare; gives how many records differ, each told as found."""
    return _tell(_parts(database), say)


def prove_one(database: Database, case: str, say: Say) -> int:
    """The same for the case of an id or a number; one that is not there is a finding."""
    part = database.run_read(agreement.prove_one, case)
    if part is None:
        say(f"there is no case {case}")
        return 1
    return _tell([part], say)


def _parts(database: Database) -> Iterator[Part]:
    after = ""
    while (part := database.run_read(agreement.prove, after)) is not None:
        yield part
        after = part.last


def _tell(parts: Iterable[Part], say: Say) -> int:
    cases, found = 0, 0
    for part in parts:
        for one in part.wrong:
            say(_line(one))
        cases, found = cases + part.cases, found + len(part.wrong)
    say(f"{cases} cases beside their histories, {found} record(s) differ")
    return found


def _line(one: Disagreement) -> str:
    number = f" ({one.number})" if one.number else ""
    return f"case {one.case_id}{number} {one.found.collection} {one.found.key}: {one.found.text}"

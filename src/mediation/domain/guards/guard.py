"""A guard: one named condition of a step, how it is known to hold, and who can lift it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from mediation.domain.cases import Question
from mediation.domain.labels import Label


class Ground(StrEnum):
    """How a guard is known to hold."""

    COMPUTED = "computed"
    """From the case as it stands; judged in a listing too."""
    INPUT = "input"
    """From what the step is given; in a listing it never blocks."""
    ATTESTED = "attested"
    """The recorder states it with evidence, unless the case or the input already answers."""
    WARNING = "warning"
    """Never blocks; what it finds is shown."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a guard does not hold.

    `is_open`: the case does not say, so a statement of the recorder settles it. `warns`: shown, but no bar.
    """

    missing: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    text: Label | None = None
    is_open: bool = False
    warns: bool = False


OPEN: Final = Finding(is_open=True)
Check = Callable[[Question], Finding | str | None]
"""None where the guard holds, else what is wrong; a bare text is the name of the missing input or fact."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition: what must hold, on which basis, how it is judged, and who can lift it.

    `lifted_by` are case roles; empty means whoever may record the step. `missing` names the input or fact that
    settles the guard: where a row has that input, it settles an attested guard without a statement.
    """

    code: str
    label: Label
    basis: str
    ground: Ground
    check: Check | None
    lifted_by: tuple[str, ...] = ()
    missing: str | None = None

    def judge(self, question: Question) -> Finding | None:
        """What stands against the guard now; None where it holds or cannot be judged before the step is given."""
        if self.ground is Ground.INPUT and question.command is None:
            return None
        found = self.check(question) if self.check else OPEN
        if isinstance(found, str):
            return Finding(found)
        if found is not None and found.is_open and (question.command is None or question.attested(self.code)):
            return None
        return found

    def awaits_statement(self, question: Question) -> bool:
        """Whether the recorder still has to state this guard: nothing on the case answers it."""
        if self.ground is not Ground.ATTESTED:
            return False
        found = self.check(question) if self.check else OPEN
        return isinstance(found, Finding) and found.is_open


def computed(
    code: str, zh: str, en: str, basis: str, check: Check, *, missing: str | None = None, by: tuple[str, ...] = ()
) -> Guard:
    """Build a guard judged on the case as it stands."""
    return Guard(code, Label(zh, en), basis, Ground.COMPUTED, check, by, missing)


def needs_input(
    code: str, zh: str, en: str, basis: str, check: Check, *, missing: str | None = None, by: tuple[str, ...] = ()
) -> Guard:
    """Build a guard judged on what the step is given."""
    return Guard(code, Label(zh, en), basis, Ground.INPUT, check, by, missing)


def attested(
    code: str,
    zh: str,
    en: str,
    basis: str,
    check: Check | None = None,
    *,
    missing: str | None = None,
    by: tuple[str, ...] = (),
) -> Guard:
    """Build a guard the recorder states, unless `check` finds the answer on the case or in the input."""
    return Guard(code, Label(zh, en), basis, Ground.ATTESTED, check, by, missing)


def warning(code: str, zh: str, en: str, basis: str, check: Check) -> Guard:
    """Build a guard that never blocks."""
    return Guard(code, Label(zh, en), basis, Ground.WARNING, check)

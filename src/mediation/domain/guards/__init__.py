"""The named conditions of the procedure, and the one judgement of all that stand on a row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from mediation.domain.cases import Question
from mediation.domain.errors import Blocker
from mediation.domain.guards import (
    agreement,
    arbitration,
    closing,
    confirmation,
    consent,
    court,
    groups,
    intake,
    mediation,
    performance,
    timers,
    tracks,
)
from mediation.domain.guards.guard import Finding, Ground, Guard
from mediation.domain.procedure.step import Step

__all__ = ["GUARDS", "Finding", "Ground", "Guard", "judge", "open_attestations", "required_attestations"]

_MODULES: Final = (
    intake,
    consent,
    mediation,
    timers,
    agreement,
    performance,
    court,
    arbitration,
    confirmation,
    closing,
    groups,
    tracks,
)

GUARDS: Final[Mapping[str, Guard]] = MappingProxyType(
    {guard.code: guard for module in _MODULES for guard in module.GUARDS}
)


@cache
def guards_of(step: Step) -> tuple[Guard, ...]:
    """The guards of a row, in its order."""
    return tuple(GUARDS[code] for code in step.guards)


@cache
def _known_beforehand(step: Step) -> tuple[Guard, ...]:
    """Those that can stand in the way before the step is given: not judged by its input, not by word alone."""
    return tuple(g for g in guards_of(step) if g.ground is not Ground.INPUT and g.check is not None)


def judge(question: Question) -> tuple[tuple[Blocker, ...], tuple[Blocker, ...]]:
    """All blockers and all warnings of the question's row, in the order of its guards."""
    blockers: list[Blocker] = []
    warnings: list[Blocker] = []
    guards = _known_beforehand(question.step) if question.command is None else guards_of(question.step)
    for guard in guards:
        found = guard.judge(question)
        if found is not None:
            warns = found.warns or guard.ground is Ground.WARNING
            (warnings if warns else blockers).append(_blocker(guard, found, question.step))
    return tuple(blockers), tuple(warnings)


def required_attestations(step: Step) -> tuple[str, ...]:
    """The guards of a row that its recorder may have to state, but for those an input of the row settles."""
    return tuple(guard.code for guard in _stated(step))


def open_attestations(question: Question) -> tuple[str, ...]:
    """Of those, the ones that neither the case nor the input answers here."""
    return tuple(guard.code for guard in _stated(question.step) if guard.awaits_statement(question))


@cache
def _stated(step: Step) -> tuple[Guard, ...]:
    inputs = {entry.name for entry in step.inputs}
    return tuple(g for g in guards_of(step) if g.ground is Ground.ATTESTED and g.missing not in inputs)


def _blocker(guard: Guard, found: Finding, step: Step) -> Blocker:
    named = found.missing or guard.missing
    return Blocker(
        code=guard.code,
        text=found.text or guard.label,
        missing=f"attestations.{guard.code}" if found.is_open else named,
        lifted_by=guard.lifted_by or tuple(sorted(step.recorded_by)),
        basis=guard.basis,
        facts=dict(found.facts),
    )

"""Which steps are part of the talks: what is remarked with them, and what they rest on, was said in mediation."""

from __future__ import annotations

from typing import Final

from mediation.domain.cases import MAIN
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import ActOf, Stage, Step, TextClass

_STAGES: Final = frozenset({Stage.NEGOTIATION, Stage.ENTERPRISE_MEDIATION, Stage.PRETRIAL_MEDIATION})


def is_of_the_talks(step: Step) -> bool:
    """Whether a row is an act of a mediator, or leads out of states of mediation alone."""
    stages = {PROCEDURE.states[step.track, source].stage for source in PROCEDURE.sources(step)}
    return step.act_of is ActOf.MEDIATOR or (bool(stages) and stages <= _STAGES)


def is_taken_in_talks(step: Step, state: str) -> bool:
    """Whether a step of the talks, or one beside them: out of a state of mediation, or with an input said there."""
    says_so = any(field.text_class is TextClass.CONFIDENTIAL for field in step.inputs)
    is_out_of_mediation = step.track == MAIN and PROCEDURE.states[MAIN, state].stage in _STAGES
    return says_so or is_out_of_mediation or is_of_the_talks(step)


def is_action_of_the_talks(action: str | None) -> bool:
    """The same of a step known by its action; what is no step is none of the talks."""
    step = PROCEDURE.steps.get(action or "")
    return step is not None and is_of_the_talks(step)

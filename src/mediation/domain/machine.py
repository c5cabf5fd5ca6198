"""The table as shared state machines, one per track; the only module that imports `transitions`."""

from __future__ import annotations

from functools import lru_cache

from transitions import Machine, MachineError

from mediation.domain.procedure import PROCEDURE, Procedure
from mediation.domain.procedure.step import PREVIOUS


class Cursor:
    """Stands for one track of one case while a step is tried; never kept."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        """Start in the state the track is in."""
        self.state = state


@lru_cache(maxsize=64)
def _machine(procedure: Procedure, track: str) -> Machine:
    states = [code for (owner, code) in procedure.states if owner == track]
    transitions = [
        {"trigger": step.action, "source": source, "dest": _dest(procedure, step.action, source)}
        for step in procedure.steps.values()
        if step.track == track
        for source in sorted(procedure.sources(step))
    ]
    initial = procedure.tracks[track].first_state
    return Machine(model=None, states=states, transitions=transitions, initial=initial, auto_transitions=False)


def _dest(procedure: Procedure, action: str, source: str) -> str:
    step = procedure.steps[action]
    return source if step.target == PREVIOUS else procedure.target(step, source)


@lru_cache(maxsize=4096)
def target_of(track: str, action: str, state: str, procedure: Procedure = PROCEDURE) -> str | None:
    """The state `action` leads to from `state` on `track`, or None where the table has no such row."""
    machine = _machine(procedure, track)
    cursor = Cursor(state)
    event = machine.events.get(action)
    if event is None:
        return None
    try:
        event.trigger(cursor)
    except MachineError:
        return None
    return cursor.state

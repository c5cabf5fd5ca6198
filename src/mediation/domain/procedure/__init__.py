"""The procedure as one table: tracks, states and steps, assembled once and read by everything else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mediation.domain.procedure import (
    advance_payment,
    arbitration_referral,
    challenge,
    closing,
    confirmation,
    enforcement,
    enterprise_mediation,
    hold,
    intake,
    labour_inspection,
    legal_aid,
    negotiation,
    payment_order,
    preservation,
    pretrial_mediation,
    risk,
    service,
    settlement,
    union_supervision,
)
from mediation.domain.procedure.states import STATES, TRACKS
from mediation.domain.procedure.step import ANY_OPEN, PREVIOUS, SAME, State, Step, Track

MAIN = "main"

_MODULES = (
    intake,
    negotiation,
    enterprise_mediation,
    pretrial_mediation,
    arbitration_referral,
    settlement,
    closing,
    confirmation,
    payment_order,
    enforcement,
    legal_aid,
    union_supervision,
    labour_inspection,
    advance_payment,
    preservation,
    hold,
    challenge,
    risk,
    service,
)


@dataclass(frozen=True, eq=False)
class Procedure:
    """One version of the table; everything derived from it is computed here and nowhere else."""

    version: str
    tracks: Mapping[str, Track]
    states: Mapping[tuple[str, str], State]
    steps: Mapping[str, Step]

    @cached_property
    def open_main_states(self) -> frozenset[str]:
        """States of the main track in which the case is not closed."""
        return frozenset(code for (track, code), state in self.states.items() if track == MAIN and state.is_open)

    @cached_property
    def by_source(self) -> Mapping[tuple[str, str], tuple[Step, ...]]:
        """Rows that leave each (track, state), `*open` rows included, in the order of the table."""
        found: dict[tuple[str, str], list[Step]] = {key: [] for key in self.states}
        for step in self.steps.values():
            for source in self.sources(step):
                found[step.track, source].append(step)
        return {key: tuple(steps) for key, steps in found.items()}

    @cached_property
    def timers(self) -> Mapping[str, tuple[Step, ...]]:
        """Rows that fire when a term lapses, by term."""
        found: dict[str, list[Step]] = {}
        for step in self.steps.values():
            for term in step.fires_on:
                found.setdefault(term, []).append(step)
        return {term: tuple(steps) for term, steps in found.items()}

    def sources(self, step: Step) -> frozenset[str]:
        """The states a row may be taken from, with `*open` spelled out."""
        return self.open_main_states if ANY_OPEN in step.sources else step.sources

    def target(self, step: Step, source: str) -> str:
        """The state a row leads to from `source`; for `=previous` the caller knows the state before."""
        return source if step.target in {SAME, PREVIOUS} else step.target

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the rows as data: changes whenever the meaning of a row changes."""
        rows = [
            {
                "id": step.id,
                "track": step.track,
                "action": step.action,
                "from": sorted(step.sources),
                "to": step.target,
                "roles": step.roles,
                "guards": step.guards,
                "inputs": [str(entry) for entry in step.inputs],
                "starts": [str(entry) for entry in step.starts],
                "stops": [[sorted(entry.terms), entry.only, entry.when] for entry in step.stops],
                "moves": [str(entry) for entry in step.moves],
                "pauses": [[sorted(entry.terms), entry.when] for entry in step.pauses],
                "resumes": [[sorted(entry.terms), entry.when] for entry in step.resumes],
                "documents": step.documents,
                "act_of": step.act_of,
                "fires": sorted(step.fires_on),
                "limitation": step.limitation,
                "sets": step.sets,
                "basis": step.basis,
            }
            for step in self.steps.values()
        ]
        text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _assemble() -> Procedure:
    rows = [step for module in _MODULES for step in module.ROWS]
    steps = {step.action: step for step in rows}
    if len(steps) != len(rows):
        msg = "two rows of the procedure have the same action"
        raise ValueError(msg)
    return Procedure(
        version="draft",
        tracks={track.code: track for track in TRACKS},
        states={(state.track, state.code): state for state in STATES},
        steps=steps,
    )


PROCEDURE = _assemble()

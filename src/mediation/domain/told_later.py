"""Side tracks that one side asks for and the others are told of later: from which states on, and what is told then.

What came before that is never told: who asked, when, and by which court or office. All but the states is read off the
rows of the procedure. `docs/decisions/0025-what-the-other-side-learns-later.md` gives the reasons, track by track.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from mediation.domain.cases import Case
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import Step
from mediation.domain.records import TrackInstance


@dataclass(frozen=True, slots=True)
class ToldLater:
    """A track that the side `asked_by` knows from its beginning, and the others from one of the states `told_in` on."""

    asked_by: str
    told_in: frozenset[str]
    basis: str


TOLD_LATER: Final[Mapping[str, ToldLater]] = MappingProxyType(
    {
        "preservation": ToldLater("worker", frozenset({"pres_granted", "pres_released"}), "CPL 103–105, 111"),
        "labour_inspection": ToldLater(
            "worker", frozenset({"inspection_ordered"}), "Labour Inspection Regulation 9, 12 (from memory)"
        ),
    }
)


def track_named(key: str) -> str:
    """The track of an instance, or of a fact that belongs to one: `risk` of `risk:1` and of `risk:1.level`."""
    return key.split(":", maxsplit=1)[0].split(".", maxsplit=1)[0]


def is_told(case: Case, track: TrackInstance) -> bool:
    """Whether the others were told of a matter: it is in such a state, or what such a step recorded is on file."""
    kept = {name.rpartition(".")[2] for name in case.facts if name.startswith(f"{track.id}.")}
    return track.state in TOLD_LATER[track.track].told_in or not kept.isdisjoint(_NAMES[track.track])


def is_entry_told(track: str, source: str | None, target: str | None) -> bool:
    """Whether an entry that led from one state of a track to another is told to the others."""
    return not TOLD_LATER[track].told_in.isdisjoint({source, target})


def is_fact_told(name: str) -> bool:
    """Whether a fact of such a track, by its full name, is one that only the steps told of record."""
    return name.rpartition(".")[2] in _NAMES[track_named(name)]


def is_term_told(track: str, term: str) -> bool:
    """Whether a clock of such a track is one that only the steps told of start."""
    return term in _TERMS[track]


@cache
def actions_of(tracks: frozenset[str]) -> frozenset[str]:
    """Every step of some tracks."""
    return frozenset(step.action for track in tracks for step in _rows(track))


@cache
def untold_actions(tracks: frozenset[str]) -> frozenset[str]:
    """The steps of some of these tracks that the others are never told of."""
    return frozenset(step.action for track in tracks for step in _rows(track) if not _is_step_told(step))


def _rows(track: str) -> list[Step]:
    return [step for step in PROCEDURE.steps.values() if step.track == track]


def _is_step_told(step: Step) -> bool:
    told_in = TOLD_LATER[step.track].told_in
    return step.target in told_in or told_in >= set(step.sources)


def _only_told(track: str, named: Callable[[Step], Iterable[str]]) -> frozenset[str]:
    """What the rows told of name, and no other row of the track."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for step in _rows(track):
        found[_is_step_told(step)].update(named(step))
    return frozenset(found[True] - found[False])


_NAMES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {track: _only_told(track, lambda step: (field.name for field in step.inputs)) for track in TOLD_LATER}
)
_TERMS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {track: _only_told(track, lambda step: (clock.term for clock in step.starts)) for track in TOLD_LATER}
)


def without(statements: Mapping[str, Any] | None, actions: frozenset[str]) -> dict[str, Any]:
    """What was vouched for, by guard, but for what was vouched for with one of these steps."""
    return {guard: said for guard, said in (statements or {}).items() if said.get("action") not in actions}

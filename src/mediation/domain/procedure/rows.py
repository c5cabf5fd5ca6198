"""Builds a row of the table from its written form, resolving inputs, clocks, roles and citations."""

from __future__ import annotations

from mediation.domain.labels import Label
from mediation.domain.procedure.step import (
    RECORDERS,
    ActOf,
    CaseRole,
    Step,
    citations,
    clocks,
    field,
)
from mediation.domain.terms import TERM_SETS


def row(
    id_: str,
    track: str,
    action: str,
    *,
    zh: str,
    en: str,
    sources: tuple[str, ...],
    target: str,
    act_of: ActOf,
    roles: str,
    basis: str,
    guards: tuple[str, ...] = (),
    inputs: tuple[str, ...] = (),
    documents: str = "",
    clocks_: str = "",
    limitation: str = "",
    limitation_note: str = "",
    sets: tuple[tuple[str, object], ...] = (),
    notes: str = "",
) -> Step:
    """One row of the table; raises ValueError when a column is not in the table's notation."""
    letters = tuple(roles.split())
    recorders: frozenset[CaseRole] = frozenset().union(*(RECORDERS[letter] for letter in letters))
    parsed = clocks(clocks_, TERM_SETS)
    return Step(
        id=id_,
        track=track,
        action=action,
        label=Label(zh, en),
        sources=frozenset(sources),
        target=target,
        act_of=act_of,
        roles=letters,
        guards=guards,
        inputs=tuple(field(text) for text in inputs),
        documents=documents,
        starts=tuple(parsed.starts),
        stops=tuple(parsed.stops),
        moves=tuple(parsed.moves),
        pauses=tuple(parsed.pauses),
        resumes=tuple(parsed.resumes),
        fires_on=frozenset(parsed.fires),
        limitation=limitation,
        limitation_note=limitation_note,
        citations=citations(basis),
        basis=basis,
        sets=sets,
        notes=notes,
        recorded_by=recorders,
    )

"""What must hold of the table as a whole, whatever its rows say: each check lists what breaks it, in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Final, TypeVar

from mediation.domain.documents import DOCUMENTS
from mediation.domain.labels import Label
from mediation.domain.law import cite
from mediation.domain.procedure import MAIN, PROCEDURE, Procedure
from mediation.domain.procedure.step import (
    ANY_OPEN,
    PREVIOUS,
    RECORDERS,
    SAME,
    ActOf,
    CaseRole,
    Kind,
    Step,
    TextClass,
)
from mediation.domain.terms import TERM_SETS, TERMS

SIDES: Final[Mapping[ActOf, CaseRole]] = MappingProxyType(
    {ActOf.WORKER: CaseRole.WORKER_SIDE, ActOf.EMPLOYER: CaseRole.EMPLOYER_SIDE}
)
APPLICANT_ONLY: Final = frozenset(
    {
        "applicant_prefers_negotiation",
        "asked_by_applicant",
        "asked_by_creditor",
        "mediation_wanted_by_applicant",
    }
)
"""Guards that keep a step for the side that asked: such a step is no way out for the other one."""

FORUM_DECIDES: Final = frozenset({"arbitration_filed", "suit_filed", "litigation_recorded"})
"""The commission or the court has the case: who was sued cannot end it alone, but both sides together can."""

REFERENCES: Final = frozenset(
    {
        "agreement",
        "case",
        "claim",
        "collective_matter",
        "document",
        "history_entry",
        "obligation",
        "organization",
        "party",
        "person",
    }
)
PAPERS: Final = frozenset({"contact log", "online form", "receipt on the platform"})
"""What the document column names that is no kind of document of the service."""

DAYS_OF_THE_CASE: Final = frozenset({"occurred_on", "last_due_date", "due_on", "effective_on"})
"""Days a clock may start on that no input gives: the act's own day, and the days of obligations and agreement."""

CONCERNED: Final = frozenset({"fired", "recorded_for"})
"""What may narrow a stop beside an input of the row: the deadline that fired, the party an act is recorded for."""

_DOCUMENT: Final = re.compile(r"DOC\d\d(?= copy$| reply$|$)")
_SEPARATORS: Final = re.compile(r", | or |; ")
_BRACKETED: Final = re.compile(r"\[(\w+)\]")
_EFFECT: Final = re.compile(r"(?:W|I[+=!])(?: \[\w+\])?")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Known:
    """Names the rows may use that are defined beside the table; None where the caller does not hold them."""

    guards: Collection[str] | None = None
    conditions: Collection[str] | None = None


Check = Callable[[Procedure, Known], Iterator[str]]


def check_all(
    procedure: Procedure = PROCEDURE,
    *,
    guards: Collection[str] | None = None,
    conditions: Collection[str] | None = None,
) -> list[str]:
    """Run every check and list what fails, each line under the check's name; an empty list means all hold.

    `guards` and `conditions` are the names that exist: both are defined above this package, so the caller hands them in.
    """
    known = Known(guards, conditions)
    return [f"{name}: {finding}" for name, check in CHECKS.items() for finding in check(procedure, known)]


def _rows_are_unique(procedure: Procedure, _known: Known) -> Iterator[str]:
    steps = procedure.steps
    for key, step in steps.items():
        if key != step.action:
            yield f"{step.id} is filed under {key}, its action is {step.action}"
    for id_ in _repeated(step.id for step in steps.values()):
        yield f"{id_} is the id of more than one row"
    leaving = ((step.track, step.action, source) for step in steps.values() for source in procedure.sources(step))
    for track, action, source in _repeated(leaving):
        yield f"{action} leaves {source} of {track} more than once"


def _states_exist(procedure: Procedure, _known: Known) -> Iterator[str]:
    for track in procedure.tracks.values():
        if (track.code, track.first_state) not in procedure.states:
            yield f"{track.code} begins in {track.first_state}, which is no state of it"
    for step in procedure.steps.values():
        if step.track not in procedure.tracks:
            yield f"{step.id} {step.action} is on an unknown track {step.track}"
            continue
        named = (step.sources - {ANY_OPEN}) | ({step.target} - {SAME, PREVIOUS})
        if not step.sources:
            yield f"{step.id} {step.action} leaves no state"
        for state in sorted(named):
            if (step.track, state) not in procedure.states:
                yield f"{step.id} {step.action} names {state}, which is no state of {step.track}"


def _states_are_reachable(procedure: Procedure, _known: Known) -> Iterator[str]:
    for track in procedure.tracks.values():
        mine = {code for owner, code in procedure.states if owner == track.code}
        for state in sorted(mine - _reached(procedure, track.code, track.first_state)):
            yield f"{state} of {track.code} cannot be reached from {track.first_state}"


def _reached(procedure: Procedure, track: str, first: str) -> set[str]:
    leads: dict[str, set[str]] = {}
    for step in procedure.steps.values():
        if step.track == track:
            for source in procedure.sources(step):
                leads.setdefault(source, set()).add(procedure.target(step, source))
    found: set[str] = set()
    ahead = [first]
    while ahead:
        state = ahead.pop()
        if state not in found:
            found.add(state)
            ahead.extend(leads.get(state, ()))
    return found


def _sides_have_a_way_out(procedure: Procedure, _known: Known) -> Iterator[str]:
    """Mediation is voluntary: each side can leave an open state by an act of its own (LDMAL 5; PML 3, 23)."""
    for state in sorted(procedure.open_main_states):
        rows = [step for step in _rows_from(procedure, state) if step.target not in {SAME, PREVIOUS, state}]
        for side, role in SIDES.items():
            mine = [step for step in rows if role in step.recorded_by]
            alone = (step.act_of in {ActOf.EITHER, side} and not APPLICANT_ONLY & set(step.guards) for step in mine)
            jointly = state in FORUM_DECIDES and any(step.act_of is ActOf.BOTH for step in mine)
            if not jointly and not any(alone):
                yield f"{state} holds the {side} side: no step it may take alone leaves it"


def _applicant_can_withdraw(procedure: Procedure, _known: Known) -> Iterator[str]:
    """Who asked may take it back as long as nothing was agreed or decided (PML 23(2); R33 35; CPL 148)."""
    withdrawing = [
        step
        for step in procedure.steps.values()
        if step.track == MAIN and "asked_by_applicant" in step.guards and step.target == "closed_withdrawn"
    ]
    covered = set(chain.from_iterable(procedure.sources(step) for step in withdrawing))
    for state in sorted(procedure.open_main_states - covered - _DECIDED):
        yield f"{state} cannot be left by withdrawing"


_DECIDED: Final = frozenset(
    {
        "agreement_change_pending",
        "agreement_effective",
        "arbitration_concluded",
        "award_set_aside",
        "defaulted",
        "judgment_received",
        "performed",
        "performing",
    }
)
"""An agreement, award or judgment is there: what is left is to perform, contest or change it."""


def _closed_states_keep_a_way(procedure: Procedure, _known: Known) -> Iterator[str]:
    closed = {code for (track, code), state in procedure.states.items() if track == MAIN and not state.is_open}
    for state in sorted(closed):
        rows = _rows_from(procedure, state)
        targets = {step.target for step in rows}
        if PREVIOUS not in targets and not targets & procedure.open_main_states:
            yield f"{state} can never be taken up again"
        if PREVIOUS not in targets and "archived" not in targets:
            yield f"{state} can never be archived"


def _rows_from(procedure: Procedure, state: str) -> list[Step]:
    main = (step for step in procedure.steps.values() if step.track == MAIN)
    return [step for step in main if state in procedure.sources(step)]


def _terms_exist(procedure: Procedure, _known: Known) -> Iterator[str]:
    for step in procedure.steps.values():
        for term in sorted(_terms_named(step) - set(TERMS) - set(TERM_SETS)):
            yield f"{step.id} {step.action} names the term {term}, which does not exist"


def _terms_named(step: Step) -> set[str]:
    found = {start.term for start in step.starts} | {move.term for move in step.moves} | set(step.fires_on)
    return found.union(*(stop.terms for stop in step.stops), *(pause.terms for pause in (*step.pauses, *step.resumes)))


def _terms_begin_and_end(procedure: Procedure, _known: Known) -> Iterator[str]:
    """A term that starts is stopped by name or fires; that every term of the case ends with it does not count."""
    steps = procedure.steps.values()
    everything = TERM_SETS["ALL"]
    started = set(chain.from_iterable(_members(start.term) for step in steps for start in step.starts))
    stopped = set(chain.from_iterable(s.terms for step in steps for s in step.stops if s.terms != everything))
    for term in sorted(started - stopped - set(procedure.timers)):
        yield f"{term} starts, and no row stops or answers it"
    for term in sorted((stopped | set(procedure.timers)) - started):
        yield f"{term} is stopped or fires, and no row starts it"
    for term in sorted(set(TERMS) - started):
        yield f"{term} is a term that no row starts"


def _members(term: str) -> frozenset[str]:
    return TERM_SETS.get(term, frozenset({term}))


def _timers_have_rows(procedure: Procedure, _known: Known) -> Iterator[str]:
    for code, term in TERMS.items():
        if term.timer and code not in procedure.timers:
            yield f"{code} lapses without a row, and is not declared to have none"
        if not term.timer and code in procedure.timers:
            yield f"{code} is declared to have no timer row, but has one"
    for step in procedure.steps.values():
        ended = set(chain.from_iterable(stop.terms for stop in step.stops))
        for code in sorted(step.fires_on - ended):
            yield f"{step.id} {step.action} fires on {code} and leaves it running"
        if step.fires_on and not step.recorded_by & RECORDERS["S"]:
            yield f"{step.id} {step.action} fires on a term, but the clock may not take it"


def _clocks_have_facts(procedure: Procedure, _known: Known) -> Iterator[str]:
    days = {
        entry.name
        for step in procedure.steps.values()
        for entry in step.inputs
        if entry.kind in {Kind.DATE, Kind.DATE_PER_PARTY}
    }
    for step in procedure.steps.values():
        own = {entry.name for entry in step.inputs}
        where = f"{step.id} {step.action}"
        for start in step.starts:
            if start.at not in days | DAYS_OF_THE_CASE:
                yield f"{where} starts {start.term} on {start.at}, a day that no step gives"
        for move in step.moves:
            if move.to not in own:
                yield f"{where} moves {move.term} to {move.to}, which is no input of it"
        for stop in step.stops:
            if stop.only is not None and stop.only not in own | CONCERNED:
                yield f"{where} stops terms of {stop.only}, which is no input of it"


def _conditions_exist(procedure: Procedure, known: Known) -> Iterator[str]:
    asked = {entry.name for step in procedure.steps.values() for entry in step.inputs}
    used: set[str] = set()
    for step in procedure.steps.values():
        mine = set(_conditions_of(step))
        used |= mine
        missing = mine - set(known.conditions) if known.conditions is not None else set[str]()
        for name in sorted(missing):
            yield f"{step.id} {step.action} rests on the condition {name}, which does not exist"
        own = {entry.name for entry in step.inputs}
        for name in sorted((mine & asked) - own):
            yield f"{step.id} {step.action} rests on {name}, but does not ask for it"
    for name in sorted(set(known.conditions or ()) - used):
        yield f"the condition {name} is used by no row"


def _conditions_of(step: Step) -> Iterator[str]:
    named = [start.when for start in step.starts]
    named += [stop.when for stop in step.stops]
    named += [pause.when for pause in (*step.pauses, *step.resumes)]
    yield from filter(None, named)
    yield from _BRACKETED.findall(step.limitation)


def _guards_exist(procedure: Procedure, known: Known) -> Iterator[str]:
    used: set[str] = set()
    for step in procedure.steps.values():
        used |= set(step.guards)
        for name in _repeated(step.guards):
            yield f"{step.id} {step.action} names the guard {name} twice"
        if known.guards is not None:
            for name in sorted(set(step.guards) - set(known.guards)):
                yield f"{step.id} {step.action} names the guard {name}, which does not exist"
    for name in sorted(set(known.guards or ()) - used):
        yield f"the guard {name} is used by no row"


def _documents_exist(procedure: Procedure, _known: Known) -> Iterator[str]:
    for step in procedure.steps.values():
        named = [piece for piece in _SEPARATORS.split(step.documents) if piece and piece not in PAPERS]
        for entry in step.inputs:
            if entry.kind is Kind.DOCUMENT:
                named += [code for code in entry.of.split("/") if code]
        for piece in named:
            found = _DOCUMENT.match(piece)
            if found is None or found[0] not in DOCUMENTS:
                yield f"{step.id} {step.action} names the document {piece}, which does not exist"


def _inputs_are_typed(procedure: Procedure, _known: Known) -> Iterator[str]:
    for step in procedure.steps.values():
        where = f"{step.id} {step.action}"
        for name in _repeated(entry.name for entry in step.inputs):
            yield f"{where} asks for {name} twice"
        for entry in step.inputs:
            if entry.kind is Kind.ENUM and not entry.values:
                yield f"{where} asks for {entry.name} without saying which values it takes"
            if entry.kind is Kind.REF and entry.of not in REFERENCES:
                yield f"{where} asks for {entry.name}, a reference to an unknown {entry.of or 'thing'}"
            if entry.name.endswith("_no") and entry.text_class is not TextClass.ORDINARY:
                yield f"{where} seals {entry.name}, the number of a file"


def _limitation_is_readable(procedure: Procedure, _known: Known) -> Iterator[str]:
    for step in procedure.steps.values():
        for part in filter(None, step.limitation.split("; ")):
            if not _EFFECT.fullmatch(part):
                yield f"{step.id} {step.action} has a limitation effect nobody can read: {part}"


def _bases_are_cited(procedure: Procedure, _known: Known) -> Iterator[str]:
    for step in procedure.steps.values():
        if not step.basis:
            yield f"{step.id} {step.action} cites no basis"
            continue
        try:
            cite(step.basis)
        except ValueError as error:
            yield f"{step.id} {step.action}: {error}"


def _roles_are_named(procedure: Procedure, _known: Known) -> Iterator[str]:
    """A row that names nobody is open to nobody."""
    for step in procedure.steps.values():
        expected = frozenset[CaseRole]().union(*(RECORDERS.get(letter, frozenset()) for letter in step.roles))
        if not step.recorded_by:
            yield f"{step.id} {step.action} may be recorded by nobody"
        elif step.recorded_by != expected:
            yield f"{step.id} {step.action} is recorded by others than its roles {' '.join(step.roles)} say"


def _labels_are_given(procedure: Procedure, _known: Known) -> Iterator[str]:
    named: list[tuple[str, str, Label]] = [("track", track.code, track.label) for track in procedure.tracks.values()]
    named += [(f"state of {state.track}", state.code, state.label) for state in procedure.states.values()]
    named += [(f"step of {step.track}", step.action, step.label) for step in procedure.steps.values()]
    for kind, code, label in named:
        if not _CHINESE.search(label.zh):
            yield f"the {kind} {code} has no Chinese name"
        if not label.en.strip() or _CHINESE.search(label.en):
            yield f"the {kind} {code} has no English name"
    for kind, text in _repeated((kind, text) for kind, _, label in named for text in (label.zh, label.en)):
        yield f"more than one {kind} is called {text}"


def _repeated(values: Iterable[_T]) -> Iterator[_T]:
    return (value for value, count in Counter(values).items() if count > 1)


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "rows are unique": _rows_are_unique,
        "states exist": _states_exist,
        "states are reachable": _states_are_reachable,
        "sides have a way out": _sides_have_a_way_out,
        "applicant can withdraw": _applicant_can_withdraw,
        "closed states keep a way": _closed_states_keep_a_way,
        "terms exist": _terms_exist,
        "terms begin and end": _terms_begin_and_end,
        "timers have rows": _timers_have_rows,
        "clocks have facts": _clocks_have_facts,
        "conditions exist": _conditions_exist,
        "guards exist": _guards_exist,
        "documents exist": _documents_exist,
        "inputs are typed": _inputs_are_typed,
        "limitation is readable": _limitation_is_readable,
        "bases are cited": _bases_are_cited,
        "roles are named": _roles_are_named,
        "labels are given": _labels_are_given,
    }
)
"""By name, in the order they are reported."""

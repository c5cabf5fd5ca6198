"""Who comes to see a case by a step, and who no longer does: people, parties, and bodies it is sent or handed to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mediation.domain.access import below_scope, organization_scope, person_scope, sent_scope
from mediation.domain.cases import Advance, Case
from mediation.domain.dispatch import FILES, SENT_TO, bodies_sent_to

Above = Callable[[str], Iterable[str]]
"""Gives the ids of the bodies above an organization."""


def scopes_after(
    result: Advance,
    before: Case | None,
    known: frozenset[str],
    above: Above,
    *,
    voided: Mapping[str, Any] | None = None,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The scopes that a step opens to the case, and those it closes; `known` are those that see it before.

    `voided` is the entry that the step takes back: what it sent was sent to nobody.
    """
    home, left = _moved_home(result, before, above)
    opened = tuple(dict.fromkeys((*_opened(result, known), *sorted(home - known))))
    unsent = tuple(sorted(_unsent(result.case, voided) & known)) if voided else ()
    if not home:
        return opened, unsent
    kept = home | with_a_part(result.case)
    closed = tuple(s for s in sorted(known - kept) if s == left or s.startswith(("b:", "p:")))
    return opened, (*unsent, *closed)


def _unsent(after: Case, voided: Mapping[str, Any]) -> frozenset[str]:
    """The scopes of the bodies that an entry taken back sent the case to, and no other step still names.

    What a filing was taken back from stays prepared for: the commission is on the case as before, and sees nothing.
    """
    action = voided["action"]
    prepared = {"commission"} if action == FILES else set()
    named = {body for name, body in after.facts.items() if name.rpartition(".")[2] in SENT_TO and name not in prepared}
    bodies = set(bodies_sent_to(action, voided["input"], after.facts))
    return frozenset(sent_scope(body) for body in bodies - named)


def moves_home(result: Advance, before: Case | None) -> bool:
    """Whether another body handles the case after a step than before."""
    return before is not None and before.organization_id != result.case.organization_id


def with_a_part(case: Case) -> frozenset[str]:
    """Scopes of people who keep the case wherever it lies: those given a part, and the parties."""
    people = {entry.person_id for entry in case.assignments.values() if entry.until is None}
    people |= {party.person_id for party in case.active_parties() if party.person_id}
    return frozenset(person_scope(person) for person in people)


def _moved_home(result: Advance, before: Case | None, above: Above) -> tuple[frozenset[str], str | None]:
    """The scopes of the case's new home, and the old home's own, where a step moves the case; else nothing."""
    organization = result.case.organization_id
    if before is None or not moves_home(result, before):
        return frozenset(), None
    bodies = (below_scope(body) for body in above(organization))
    return frozenset({organization_scope(organization), *bodies}), organization_scope(before.organization_id)


def _opened(result: Advance, known: frozenset[str]) -> Iterator[str]:
    """Scopes a step opens: people it assigns, parties with an account, bodies it sends the case to."""
    for change in result.changes:
        if change.collection == "assignments" and change.after and change.after["until"] is None:
            yield from _unless(known, person_scope(change.after["person_id"]))
        if change.collection == "parties" and change.after and change.after["person_id"] is not None:
            yield from _unless(known, person_scope(change.after["person_id"]))
    for body in bodies_sent_to(result.step.action, result.command.input, result.case.facts):
        yield from _unless(known, sent_scope(body))


def _unless(known: frozenset[str], scope: str) -> Iterator[str]:
    if scope not in known:
        yield scope

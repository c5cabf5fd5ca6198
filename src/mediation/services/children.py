"""Records of a case that are written on their own: a child's version is compared, the case's only moves on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mediation.domain.access import Actor
from mediation.domain.cases import MAIN, Case
from mediation.domain.draft import Draft
from mediation.domain.errors import NotFoundError, Refusal, VersionConflictError, VersionRequiredError
from mediation.domain.procedure.step import CaseRole
from mediation.services.caller import Answer, Caller
from mediation.services.idempotency import replayed
from mediation.services.identity import acting_on, load_case
from mediation.services.recording import Act, LostRaceError, commit
from mediation.services.subjects import NewSubjects
from mediation.services.writing import writing
from mediation.storage import Unit
from mediation.storage.cases import Loaded

ATTEMPTS = 8

Change = Callable[[Draft, NewSubjects, Loaded, frozenset[CaseRole]], tuple[dict[str, Any], tuple[str, ...]]]


class BusyCaseError(Refusal):
    """Others wrote into the same case again and again; nothing was written."""

    code = "conflict"


def write_child(
    unit: Unit,
    caller: Caller,
    case_id: str,
    action: str,
    change: Change,
    answer: Callable[[Case], Answer],
    *,
    about: str | None = None,
) -> Answer:
    """Apply `change` to a fresh draft and record it; begins anew when somebody else wrote in between.

    Who may is asked first (`writing`), of the party it is `about`. `change` gives the private part of the entry and the
    scopes it opens; it raises what the rules refuse.
    """

    def once(loaded: Loaded, actor: Actor) -> Answer:
        _, roles = writing(loaded, actor, action, about=about)
        return _write_once(unit, caller, loaded, actor, roles, action, change, answer)

    return write_anew(unit, caller, case_id, once)


def write_anew(
    unit: Unit,
    caller: Caller,
    case_id: str,
    once: Callable[[Loaded, Actor], Answer],
    *,
    who: Callable[[Loaded, Caller], Actor] = acting_on,
) -> Answer:
    """Write on the case as it is read, unless the request was answered before; read it anew after a lost race.

    `who` finds the actor of the request in what was read.
    """
    for _ in range(ATTEMPTS):
        loaded = load_case(unit, caller, case_id, key=caller.key)
        actor = who(loaded, caller)
        kept = replayed(unit, caller, loaded.kept)
        if kept is not None:
            return kept
        try:
            return once(loaded, actor)
        except LostRaceError:
            continue
    raise BusyCaseError


def _write_once(
    unit: Unit,
    caller: Caller,
    loaded: Loaded,
    actor: Actor,
    roles: frozenset[CaseRole],
    action: str,
    change: Change,
    answer: Callable[[Case], Answer],
) -> Answer:
    case = loaded.case
    assert case is not None  # noqa: S101 - told by `writing`
    draft, subjects = Draft(case), NewSubjects(case.id, dict(loaded.keys))
    private, scopes = change(draft, subjects, loaded, roles)
    opened = tuple(scope for scope in scopes if scope not in loaded.scopes)
    act = Act(
        actor, roles, case, draft.case, draft.changes(), "amended", action,
        {"private": private}, subjects.keys, subjects.rows, opened,
    )  # fmt: skip
    return commit(unit, caller, act, answer)


def compare_child(caller: Caller, version: int) -> None:
    """The version of a child that the caller has read, against the one that stands."""
    if caller.expected_version is None:
        raise VersionRequiredError
    if caller.expected_version != version:
        raise VersionConflictError(version=version)


def the_child(draft: Draft, collection: str, key: str) -> Any:
    """A record of the case by id; NotFoundError when there is none."""
    record = draft.records(collection).get(key)
    if record is None:
        raise NotFoundError
    return record


def is_draft(case: Case) -> bool:
    """Whether the case is still being written down."""
    return case.tracks[MAIN].state == "draft"

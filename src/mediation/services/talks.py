"""What the talks of a case share: who takes part in them, and how an act of theirs is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mediation.domain.access import Actor
from mediation.domain.cases import Case
from mediation.domain.procedure.step import CaseRole
from mediation.domain.sight import Sight, sight_of
from mediation.domain.wall import refuse_outsiders
from mediation.services.caller import Answer, Caller
from mediation.services.cases import refuse_closed
from mediation.services.identity import CaseNotFoundError, relation
from mediation.services.recording import Act, commit
from mediation.services.writing import writing
from mediation.storage import Unit
from mediation.storage.cases import Loaded
from mediation.storage.wall import Wall

ACTION = "record_talks"
"""The one name of every act in the talks: not even its kind is told to who is not at the table."""


def wall_of(loaded: Loaded) -> Wall:
    """The wall of a case that was found; CaseNotFoundError."""
    if loaded.wall is None:
        raise CaseNotFoundError
    return loaded.wall


def at_the_table(loaded: Loaded, actor: Actor, verb: str) -> tuple[Case, frozenset[CaseRole], Sight]:
    """The open case, and the actor as one of those who hear what is said in it; NotPermittedError, StepNotOpenError."""
    case, roles = writing(loaded, actor, verb)
    sight = sight_of(actor, roles)
    refuse_outsiders(sight)
    refuse_closed(case)
    return case, roles, sight


def record(
    unit: Unit,
    caller: Caller,
    loaded: Loaded,
    actor: Actor,
    *,
    wall: tuple[Wall, Mapping[str, Any] | None],
    stored: Mapping[str, list[dict[str, Any]]],
    said: Mapping[str, Any],
    answer: Answer,
) -> Answer:
    """Write rows of the talks with their entry of history: that somebody wrote is told, what was said stands sealed."""
    case, roles = relation(loaded, actor)
    built, key_row = wall
    written = {**stored, **({"subject_keys": [dict(key_row)]} if key_row else {})}
    act = Act(
        actor, roles, case, case, (), "amended", ACTION, {"confidential": said}, loaded.keys, written, wall=built
    )  # fmt: skip
    return commit(unit, caller, act, lambda _case: answer)

"""Clear values of what identifies a person: for a purpose, told in history and in the log, and kept nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from mediation.domain.access import Actor
from mediation.domain.cases import Case
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotFoundError, NotPermittedError
from mediation.domain.labels import Label
from mediation.domain.offers import sides_heard
from mediation.domain.personal_data import NEEDED, Purpose, Reading
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Party
from mediation.services.access_log import row_of
from mediation.services.caller import Answer, Caller
from mediation.services.children import write_anew
from mediation.services.recording import Act, commit
from mediation.services.subjects import opened_values
from mediation.services.writing import writing
from mediation.storage import Unit
from mediation.storage.cases import Loaded


class NothingToShowError(ConflictError):
    """A body, or a person whose data were erased."""

    text = Label("该当事人没有可显示的个人信息", "There is no personal data of this party to show")


@dataclass(frozen=True, slots=True)
class RevealRequest:
    """Which fields of which party, for what; `reason` is told in history, sealed."""

    party_id: str
    fields: Sequence[str]
    purpose: Purpose
    reason: str | None = None


def reveal(unit: Unit, caller: Caller, case_id: str, request: RevealRequest) -> Answer:
    """The clear values, written down in history and in the log in the transaction that reads them.

    For who works on the case, a volunteer of their own side alone.

    NotPermittedError, InvalidInputError for a field that the purpose does not need. The
    answer is kept under no key: asked again, it is told again.
    """
    caller = replace(caller, key=None, fingerprint=None)
    return write_anew(unit, caller, case_id, lambda loaded, actor: _reveal(unit, caller, loaded, actor, request))


def refuse_other_side(party: Party, roles: frozenset[CaseRole]) -> None:
    """NotPermittedError for who stands by one side and asks for people of another; in a draft too (decision 0018)."""
    if party.side not in sides_heard(roles):
        raise NotPermittedError(_OF_ANOTHER_SIDE, recorded_by=sorted({CaseRole.CLERK, CaseRole.MEDIATOR}))


_OF_ANOTHER_SIDE = Label(
    "您代表另一方:对方的个人信息由办案员或者调解员查阅",
    "You stand by another side: the clerk or the mediator reads this person's data.",
)


def _refuse_unneeded(request: RevealRequest) -> None:
    needed = NEEDED[request.purpose]
    text = Label("该用途不需要此项信息", "The purpose does not need this field.")
    errors = [
        InputError(f"/fields/{number}", "field_not_needed", text)
        for number, name in enumerate(request.fields)
        if name not in needed
    ]
    if errors:
        raise InvalidInputError(errors)


def _reveal(unit: Unit, caller: Caller, loaded: Loaded, actor: Actor, request: RevealRequest) -> Answer:
    case, roles = writing(loaded, actor, "reveal")
    _refuse_unneeded(request)
    party = case.parties.get(request.party_id)
    if party is None:
        raise NotFoundError
    if party.subject_id is None or not loaded.keys.get(party.subject_id):
        raise NothingToShowError
    refuse_other_side(party, roles)
    values = opened_values(unit, party.subject_id, loaded.keys)
    shown = {name: values.get(name) for name in request.fields}
    reading = Reading("reveal", case.id, party.id, purpose=request.purpose)
    told = {"party_id": party.id, "fields": sorted(shown), "purpose": str(request.purpose)}
    entry = {"clear": told, "private": {"reason": request.reason} if request.reason else {}}
    act = Act(
        actor, roles, case, case, (), "revealed", "reveal", entry, dict(loaded.keys),
        {"access_log": [row_of(unit, caller, actor, reading)]},
    )  # fmt: skip
    return commit(unit, caller, act, lambda after: _answer(after, request, shown))


def _answer(case: Case, request: RevealRequest, shown: dict[str, Any]) -> Answer:
    document = {
        "party_id": request.party_id,
        "purpose": str(request.purpose),
        "values": shown,
        "entry": case.sequence,
    }
    return Answer(200, orjson.dumps(document))

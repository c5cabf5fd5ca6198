"""Who writes on a case beside its steps: one row for each operation, read by the services and told to whoever asks.

Steps follow the table of the procedure. What stands here writes the file itself: what was said, who takes part, what
is kept of people. No law says who keeps the file, so this is a rule of the product: the body that handles the case
writes it; a body above watches over it, and rewrites nothing of what the parties said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.cases import Case
from mediation.domain.party_kinds import PartyRole
from mediation.domain.procedure.step import HOUSE, CaseRole
from mediation.domain.records import Party


class PartyMay(StrEnum):
    """What a party with an account writes by an operation."""

    NOTHING = "nothing"
    ITS_DRAFT = "its_draft"
    ITSELF = "itself"
    ITSELF_EVER = "itself_ever"


@dataclass(frozen=True, slots=True)
class Writing:
    """One operation: the roles that may, at the body that handles the case or with a part in it, and from above.

    `party`: what one that applies writes of its draft, or one of itself while in the case, or ever. `by_side`: a
    volunteer writes it of the worker's side alone, once the case is registered.
    """

    here: frozenset[CaseRole]
    above: frozenset[CaseRole] = frozenset()
    party: PartyMay = PartyMay.NOTHING
    by_side: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody at a case: roles held there or by a part in it, roles held at a body above alone, and parties they are.

    `wrote_it_down`: whether the draft was theirs.
    """

    here: frozenset[CaseRole]
    above: frozenset[CaseRole] = frozenset()
    parties: frozenset[str] = frozenset()
    wrote_it_down: bool = False


_TEAM: Final = frozenset({CaseRole.CLERK, CaseRole.MEDIATOR, CaseRole.VOLUNTEER})
_BETWEEN: Final = frozenset({CaseRole.CLERK, CaseRole.MEDIATOR})
_SUPERVISOR: Final = frozenset({CaseRole.SUPERVISOR})
_STAFFING: Final = frozenset({CaseRole.CLERK, CaseRole.UNION_OFFICER, CaseRole.SUPERVISOR})

_FILE: Final = Writing(HOUSE - {CaseRole.VOLUNTEER}, party=PartyMay.ITS_DRAFT)
_OF_THE_WORKER: Final = Writing(HOUSE, party=PartyMay.ITS_DRAFT)
_ASSIGNING: Final = Writing(_STAFFING, above=_SUPERVISOR)
_TALKS: Final = Writing(_TEAM)
_LINKS: Final = Writing(_BETWEEN)  # by neither side: whoever makes a link could read and answer by it
_DECIDING: Final = Writing(_SUPERVISOR, above=_SUPERVISOR)
_CONSENT: Final = Writing(HOUSE, party=PartyMay.ITSELF_EVER, by_side=True)

WRITINGS: Final[Mapping[str, Writing]] = MappingProxyType(
    {
        "amend_case": _FILE,
        "add_party": _FILE,
        "amend_party": Writing(HOUSE, party=PartyMay.ITSELF, by_side=True),
        "add_claim": _FILE,
        "amend_claim": _FILE,
        "put_employment": _OF_THE_WORKER,
        "compute_claim": _OF_THE_WORKER,
        "record_limitation_act": Writing(HOUSE),
        "amend_limitation_act": Writing(HOUSE),
        "take_back_limitation_act": Writing(HOUSE),
        "assign": _ASSIGNING,
        "end_assignment": _ASSIGNING,
        "amend_task": Writing(HOUSE, above=_SUPERVISOR),
        "record_offer": _TALKS,
        "answer_offer": _TALKS,
        "record_undisputed_fact": _TALKS,
        "sign_undisputed_fact": _TALKS,
        "record_consent": _CONSENT,
        "withdraw_consent": _CONSENT,
        "record_sharing": Writing(HOUSE),
        "receive_data_request": Writing(_TEAM, party=PartyMay.ITSELF_EVER, by_side=True),
        "answer_data_request": Writing(_BETWEEN | _SUPERVISOR, above=_SUPERVISOR),
        "export_data": Writing(_TEAM, party=PartyMay.ITSELF),
        "reveal": _TALKS,
        "make_access_link": _LINKS,
        "revoke_access_link": _LINKS,
        "erase": _DECIDING,
        "set_legal_hold": _DECIDING,
        "lift_legal_hold": _DECIDING,
        "propose_disposal": _DECIDING,
        "confirm_disposal": _DECIDING,
        "withdraw_disposal": _DECIDING,
    }
)
"""Every operation that writes on a case, but for steps, reading for a reason, and what comes by a party's link."""

_APPLYING: Final = frozenset({PartyRole.APPLICANT, PartyRole.CO_APPLICANT})


def may_write(verb: str, case: Case, writer: Writer, party: Party | None = None) -> bool:
    """Whether somebody writes on a case by this operation; `party` is whom it is about, where it is about one."""
    row = WRITINGS[verb]
    return _by_role(row, case, writer, party) or _as_party(row, case, writer, party)


def writings_of(case: Case, writer: Writer) -> Iterator[str]:
    """The operations by which somebody may write on a case today, be it about one party alone."""
    for verb in WRITINGS:
        if any(may_write(verb, case, writer, party) for party in (None, *case.parties.values())):
            yield verb


def _by_role(row: Writing, case: Case, writer: Writer, party: Party | None) -> bool:
    is_draft = case.state == "draft"
    if is_draft and row.party is PartyMay.ITS_DRAFT and _takes_down(writer):
        return True
    found = (row.here & writer.here) | (row.above & writer.above)
    if row.by_side and party is not None and party.side != "worker" and not is_draft:
        found -= {CaseRole.VOLUNTEER}
    return bool(found)


def _takes_down(writer: Writer) -> bool:
    """Whether somebody of the house takes a draft down: with a part in it, or at a body above, where it is theirs."""
    return bool(writer.here & HOUSE) or (writer.wrote_it_down and bool(writer.above & HOUSE))


def _as_party(row: Writing, case: Case, writer: Writer, party: Party | None) -> bool:
    if row.party is PartyMay.ITS_DRAFT:
        return case.state == "draft" and any(_applies(case.parties[key]) for key in writer.parties)
    if row.party is PartyMay.NOTHING or party is None or party.id not in writer.parties:
        return False
    return row.party is PartyMay.ITSELF_EVER or party.status == "active"


def _applies(party: Party) -> bool:
    return party.role in _APPLYING and party.status == "active"

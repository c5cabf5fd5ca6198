"""The vocabulary of the procedure's table: stages, tracks, states, roles, inputs, clocks, and the row itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum

from mediation.domain.labels import Label
from mediation.domain.law import Citation, cite
from mediation.domain.procedure.vocabularies import VOCABULARIES

SAME = "=same"
PREVIOUS = "=previous"
ANY_OPEN = "*open"


class Stage(StrEnum):
    """The phases a user recognises; a state of the main track belongs to exactly one."""

    INTAKE = "intake"
    NEGOTIATION = "negotiation"
    ENTERPRISE_MEDIATION = "enterprise_mediation"
    PRETRIAL_MEDIATION = "pretrial_mediation"
    ARBITRATION_REFERRAL = "arbitration_referral"
    SETTLEMENT = "settlement"
    CLOSED = "closed"


class ActOf(StrEnum):
    """Whose legal act a step is, whoever types it in."""

    WORKER = "worker"
    EMPLOYER = "employer"
    EITHER = "either"
    BOTH = "both"
    MEDIATOR = "mediator"
    ORGANIZATION = "organization"
    COURT = "court"
    COMMISSION = "commission"
    INSPECTION = "inspection"
    CLOCK = "clock"


class CaseRole(StrEnum):
    """What a person is to one case: derived from membership, assignment and party status."""

    WORKER_SIDE = "worker_side"
    EMPLOYER_SIDE = "employer_side"
    THIRD_SIDE = "third_side"
    MEDIATOR = "mediator"
    CLERK = "clerk"
    VOLUNTEER = "volunteer"
    UNION_OFFICER = "union_officer"
    SUPERVISOR = "supervisor"
    COURT_LIAISON = "court_liaison"
    ARBITRATION_LIAISON = "arbitration_liaison"
    INSPECTION_LIAISON = "inspection_liaison"
    AUDITOR = "auditor"
    SYSTEM = "system"


HOUSE = frozenset({CaseRole.CLERK, CaseRole.MEDIATOR, CaseRole.VOLUNTEER, CaseRole.UNION_OFFICER, CaseRole.SUPERVISOR})
"""The people of the house: they read what others wrote, and record the acts of both sides."""
SIDES = frozenset({CaseRole.WORKER_SIDE, CaseRole.EMPLOYER_SIDE, CaseRole.THIRD_SIDE})

_PAPER = frozenset({CaseRole.CLERK, CaseRole.MEDIATOR, CaseRole.VOLUNTEER})
RECORDERS: Mapping[str, frozenset[CaseRole]] = {
    "W": _PAPER | {CaseRole.WORKER_SIDE},
    "E": _PAPER | {CaseRole.EMPLOYER_SIDE},
    "P": _PAPER | {CaseRole.WORKER_SIDE, CaseRole.EMPLOYER_SIDE, CaseRole.THIRD_SIDE},
    "B": _PAPER | {CaseRole.WORKER_SIDE, CaseRole.EMPLOYER_SIDE},
    "M": frozenset({CaseRole.MEDIATOR}),
    "C": frozenset({CaseRole.CLERK}),
    "V": frozenset({CaseRole.VOLUNTEER}),
    "U": frozenset({CaseRole.UNION_OFFICER}),
    "H": frozenset({CaseRole.SUPERVISOR}),
    "J": frozenset({CaseRole.COURT_LIAISON, CaseRole.CLERK}),
    "A": frozenset({CaseRole.ARBITRATION_LIAISON, CaseRole.CLERK}),
    "I": frozenset({CaseRole.INSPECTION_LIAISON, CaseRole.CLERK}),
    "S": frozenset({CaseRole.SYSTEM}),
}


class Kind(StrEnum):
    """The type of one input of a step."""

    DATE = "date"
    DATETIME = "datetime"
    TEXT = "text"
    CODE = "code"
    BOOL = "bool"
    MONEY = "money"
    DECIMAL = "decimal"
    ENUM = "enum"
    DIVISION = "division"
    REF = "ref"
    DOCUMENT = "doc"
    PARTY = "party"
    CLAIM = "claim"
    CLAIM_CHANGE = "claim_change"
    CLAIM_RESULT = "claim_result"
    OBLIGATION = "obligation"
    CONSENT = "consent"
    SIGNATURE = "signature"
    CONTACT = "contact"
    DATE_PER_PARTY = "date_per_party"


class TextClass(StrEnum):
    """How a free text is kept: in clear, sealed under a key, or in the mediation-confidential store."""

    ORDINARY = "ordinary"
    PERSONAL = "personal"
    CONFIDENTIAL = "mediation_confidential"


@dataclass(frozen=True, slots=True)
class Field:
    """One typed input of a step; `values` for enums, `of` for references and documents."""

    name: str
    kind: Kind
    required: bool
    many: bool = False
    values: tuple[str, ...] = ()
    of: str = ""
    text_class: TextClass = TextClass.ORDINARY


@dataclass(frozen=True, slots=True)
class Start:
    """A clock a step starts: `at` names the input or fact that is day 0, or the agreed end of an agreed term."""

    term: str
    at: str
    per: str = "case"
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Clocks a step stops: every running one of `terms`; `only` narrows to one party or one obligation."""

    terms: frozenset[str]
    only: str | None = None
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A clock whose end a step moves to the date in input `to`."""

    term: str
    to: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Clocks that stand still while a hold lasts."""

    terms: frozenset[str]
    when: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """One state of one track."""

    track: str
    code: str
    label: Label
    stage: Stage | None
    is_open: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Track:
    """A machine that runs on a case: one instance per thing named in `one_per`."""

    code: str
    label: Label
    one_per: str
    first_state: str
    purpose: str


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One row: a lawful step with everything that follows from it. A row is itself and equal to no other."""

    id: str
    track: str
    action: str
    label: Label
    sources: frozenset[str]
    target: str
    act_of: ActOf
    roles: tuple[str, ...]
    guards: tuple[str, ...]
    inputs: tuple[Field, ...]
    documents: str
    starts: tuple[Start, ...]
    stops: tuple[Stop, ...]
    moves: tuple[Move, ...]
    pauses: tuple[Pause, ...]
    resumes: tuple[Pause, ...]
    fires_on: frozenset[str]
    limitation: str
    limitation_note: str
    citations: tuple[Citation, ...]
    basis: str
    sets: tuple[tuple[str, object], ...]
    notes: str
    recorded_by: frozenset[CaseRole]

    @property
    def is_timer(self) -> bool:
        """Whether the clock alone may take this step."""
        return self.recorded_by == RECORDERS["S"]


_FIELD = re.compile(r"^(?P<name>\w+): (?P<list>list\()?(?P<type>[\w @/,()|.-]+?)(?(list)\))(?P<need>[!?])$")


def field(text: str) -> Field:
    """Read one input in the table's notation, e.g. `received_on: date!` or `claims: list(claim)?`."""
    match = _FIELD.match(text)
    if match is None:
        msg = f"not an input of a step: {text!r}"
        raise ValueError(msg)
    name, kind, many = match["name"], match["type"], bool(match["list"])
    values: tuple[str, ...] = ()
    of = ""
    text_class = TextClass.ORDINARY
    if kind.startswith("enum("):
        values = _values(kind[5:-1])
        kind = "enum"
    elif kind.startswith(("ref(", "doc(", "text(")):
        kind, of = kind[:-1].split("(", 1)
    elif kind == "date per party":
        kind = "date_per_party"
    if kind == "text":
        text_class = TextClass(of or "personal")
        of = ""
    return Field(name, Kind(kind), match["need"] == "!", many, values, of, text_class)


def _values(text: str) -> tuple[str, ...]:
    return VOCABULARIES[text[1:]] if text.startswith("@") else tuple(text.split(","))


_CLOCK = re.compile(
    r"^(?P<verb>[+~-]|fires |pause |resume )(?P<term>\w+)"
    r"(?: per (?P<per>party|claim|obligation|employer))?"
    r"(?: of (?P<only>\w+))?"
    r"(?: @(?P<at>\w+))?"
    r"(?: \[(?P<when>\w+)\])?$",
)


@dataclass(slots=True)
class Clocks:
    """What a row does to clocks, read from its column."""

    starts: list[Start] = dataclass_field(default_factory=list)
    stops: list[Stop] = dataclass_field(default_factory=list)
    moves: list[Move] = dataclass_field(default_factory=list)
    fires: list[str] = dataclass_field(default_factory=list)
    pauses: list[Pause] = dataclass_field(default_factory=list)
    resumes: list[Pause] = dataclass_field(default_factory=list)


def clocks(text: str, sets: Mapping[str, frozenset[str]]) -> Clocks:
    """Read a row's clock column: `+D_X @fact`, `-SET`, `~D_X @new_end`, `fires D_X`, `pause CT [when]`."""
    found = Clocks()
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        match = _CLOCK.match(part)
        if match is None:
            msg = f"not a clock: {part!r}"
            raise ValueError(msg)
        term, when = match["term"], match["when"]
        terms = sets.get(term, frozenset({term}))
        verb = match["verb"].strip()
        if verb == "+":
            found.starts.append(Start(term, match["at"] or "occurred_on", match["per"] or "case", when))
        elif verb == "-":
            found.stops.append(Stop(terms, match["only"], when))
        elif verb == "~":
            found.moves.append(Move(term, match["at"] or "new_end"))
        elif verb == "fires":
            found.fires.append(term)
        else:
            target = found.pauses if verb == "pause" else found.resumes
            target.append(Pause(terms, when))
    return found


def citations(basis: str) -> tuple[Citation, ...]:
    """The row's legal basis, resolved against the sources."""
    return cite(basis)

"""How a published dispute is told again: who and what is in it, each step on its own day, where it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mediation.domain.procedure import PROCEDURE

Thing = Literal["party", "claim", "obligation", "organization", "person", "agreement", "case"]


@dataclass(frozen=True, slots=True)
class Named:
    """Something a step points to by name; its id is only known while the story is played."""

    kind: Thing
    name: str


@dataclass(frozen=True, slots=True)
class DayEach:
    """One day for each of several parties."""

    parties: tuple[str, ...]
    day: str


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as agreed or ordered, under a name of its own for later steps."""

    name: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One step as somebody records it; `clock` is the day of recording, the day of the act where left out."""

    action: str
    recorder: str
    on: str
    input: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    common: Mapping[str, Any] = field(default_factory=dict)
    clock: str | None = None

    @property
    def row(self) -> str:
        """Tell the number of the row in the table."""
        return PROCEDURE.steps[self.action].id


@dataclass(frozen=True, slots=True)
class Lapse:
    """A step of the clock alone: it is moved to `clock`, and the service takes the step by itself."""

    action: str
    clock: str

    @property
    def row(self) -> str:
        """Tell the number of the row in the table."""
        return PROCEDURE.steps[self.action].id


@dataclass(frozen=True, slots=True)
class End:
    """How a story ends: state of the main track, of side tracks, and facts of the case."""

    state: str
    tracks: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    amount: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One dispute; `keeper` writes the draft down on `opened_on`, `also` are cases kept beside it."""

    id: str
    title: str
    source: str
    summary: str
    keeper: str
    opened_on: str
    channel: str
    parties: tuple[Mapping[str, Any], ...]
    claims: tuple[Mapping[str, Any], ...]
    steps: tuple[Act | Lapse, ...]
    end: End
    given: Mapping[str, Any] = field(default_factory=dict)
    also: tuple["Story", ...] = ()
    assumptions: tuple[str, ...] = ()
    unrepresented: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[str, ...]:
        """Tell the rows of the table the story walks, in order."""
        return tuple(step.row for step in self.steps)


def act(
    action: str,
    recorder: str,
    on: str,
    /,
    *,
    evidence_: Mapping[str, str] | None = None,
    common_: Mapping[str, Any] | None = None,
    clock_: str | None = None,
    **given: Any,
) -> Act:
    """Tell a step with its input; names that end in an underscore are not the row's own."""
    return Act(action, recorder, on, given, evidence_ or {}, common_ or {}, clock_)


def party(name: str) -> Named:
    return Named("party", name)


def claim(code: str) -> Named:
    return Named("claim", code)


def owed(name: str) -> Named:
    return Named("obligation", name)


def organization(code: str) -> Named:
    return Named("organization", code)


def person(subject: str) -> Named:
    return Named("person", subject)


def case(story_id: str) -> Named:
    return Named("case", story_id)


AGREEMENT = Named("agreement", "current")


def paper(reference: str, dated: str | None = None) -> dict[str, str]:
    """Tell a document by its reference."""
    return {"reference": reference} if dated is None else {"reference": reference, "dated": dated}


def payment(
    name: str,
    *,
    debtor: str,
    creditor: str | None = None,
    amount: str | None = None,
    due_on: str | None = None,
    due_text: str | None = None,
    what: str | None = None,
) -> Owed:
    """Tell what somebody has to pay; what the source does not say is left out."""
    return _owed(name, "payment", debtor, creditor, amount=amount, due_on=due_on, due_text=due_text, what=what)


def duty(name: str, *, debtor: str, creditor: str | None = None, what: str, due_text: str | None = None) -> Owed:
    """Tell what somebody has to do other than pay."""
    return _owed(name, "act", debtor, creditor, what=what, due_text=due_text)


def _owed(name: str, kind: str, debtor: str, creditor: str | None, **said: str | None) -> Owed:
    ends = {"debtor": party(debtor), "creditor": party(creditor) if creditor else None}
    given = {**ends, **said}
    return Owed(name, {"kind": kind, **{key: value for key, value in given.items() if value is not None}})


def consent(name: str, on: str, form: str = "written") -> dict[str, Any]:
    return {"party": party(name), "date": on, "form": form}


def signature(name: str, on: str) -> dict[str, Any]:
    return {"party": party(name), "date": on}


def result(code: str, outcome: str, awarded: str | None = None) -> dict[str, Any]:
    """Tell what became of a claim."""
    told = {"claim": claim(code), "outcome": outcome}
    return told if awarded is None else {**told, "awarded": awarded}


def at(day: str, hour: str) -> str:
    """Tell a moment in Shanghai."""
    return f"{day}T{hour}:00+08:00"

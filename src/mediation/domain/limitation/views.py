"""The limitation of one claim as an answer: every reading with its end, its arithmetic and its sources.

It never stops a step: limitation is a defence of the debtor and is not applied on own motion (CC 193).
"""

import calendar as gregorian
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.ambiguities import RULES
from mediation.domain.calendar import Calendar, Line
from mediation.domain.claims import CLAIM_CODES, UNUSED_LEAVE, WAGES
from mediation.domain.labels import Label
from mediation.domain.law import Citation, cite
from mediation.domain.limitation import texts
from mediation.domain.limitation.clock import run
from mediation.domain.limitation.facts import LimitationEvent, LimitationFacts
from mediation.domain.readings import reading

DOUBLE_WAGE: Final = frozenset({"double_wage_no_contract", "double_wage_no_open_ended"})
LIKELY, SAFE = "likely", "safe"

_LEAVE_RULE: Final = {"general_limitation_with_wage_view": "L1", "wage_limitation": "L5"}[RULES["AMB-6"]]
_ALWAYS: Final = "LDMAL 27(2), 27(3); R17 31; R33 27, 28; SLI 12, 14; CC 192(2), 193, 201–203; AMB-13"
_BASIS: Final[Mapping[str, str]] = MappingProxyType({
    "L1": f"LDMAL 27(1); {_ALWAYS}",
    "L5": f"LDMAL 27(4); {_ALWAYS}",
    "AMB-6": f"LDMAL 27(1), 27(4); ALR 5; {_ALWAYS}; AMB-6",
    "AMB-10": f"LDMAL 27(1); LCL 82; {_ALWAYS}; AMB-10",
})  # fmt: skip


class LimitationStatus(StrEnum):
    """How a clock stands on the day of the view."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    PENDING = "pending"
    NOT_RUNNING = "not_running"
    UNKNOWN = "unknown"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the law: `end` is None where nothing runs, a procedure is pending or a fact is missing.

    `raw` is the end before it rolled off a day off.
    `rule` is L1 (general) or L5 (remuneration); `start` is the day the running year counts from. While
    suspended, `days_left` is the rest that will run on afterwards.
    """

    name: str
    rule: str
    end: date | None
    is_in_force: bool
    label: Label
    status: LimitationStatus
    start: date | None
    days_left: int | None
    provisional: bool
    revived_by: LimitationEvent | None
    missing: Label | None
    working: tuple[Line, ...]
    raw: date | None = None

    @property
    def is_over(self) -> bool:
        """Whether the last day, which ends at 24:00 (CC 203), has passed."""
        return self.status is LimitationStatus.OVER


@dataclass(frozen=True, slots=True)
class LimitationView:
    """The limitation of one claim on one day: `safe_end` to work by, `likely_end` as the reading in force has it.

    `safe_end` is the earliest end of all readings, None where the rule in force gives none.
    """

    claim_code: str
    today: date
    readings: tuple[Reading, ...]
    safe_end: date | None
    what_would_interrupt: tuple[Label, ...]
    citations: tuple[Citation, ...]
    calendar_version: str

    @property
    def in_force(self) -> Reading:
        """The reading this service follows."""
        return next(reading for reading in self.readings if reading.is_in_force)

    @property
    def status(self) -> LimitationStatus:
        return self.in_force.status

    @property
    def likely_end(self) -> date | None:
        return self.in_force.end

    @property
    def days_left(self) -> int | None:
        """Calendar days from today to the likely end: 0 on the last day, negative afterwards."""
        return self.in_force.days_left

    @property
    def safe_days_left(self) -> int | None:
        """Calendar days from today to the safe end: the number warnings go by."""
        return None if self.safe_end is None else (self.safe_end - self.today).days

    @property
    def is_over(self) -> bool:
        return self.in_force.is_over

    @property
    def provisional(self) -> bool:
        """Whether any end may still move with a notice on days off."""
        return any(reading.provisional for reading in self.readings)

    @property
    def working(self) -> tuple[Line, ...]:
        return self.in_force.working

    @property
    def revived_by(self) -> LimitationEvent | None:
        """The debtor's promise after the end, which took the defence away (CC 192(2))."""
        return self.in_force.revived_by

    @property
    def missing(self) -> tuple[Label, ...]:
        """The facts without which a reading has no answer."""
        return tuple(dict.fromkeys(reading.missing for reading in self.readings if reading.missing))


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """One month of the double wage under the month-by-month reading: its days, and its own limitation."""

    month: str
    since: date
    until: date
    view: LimitationView


def limitation_of(facts: LimitationFacts, *, calendar: Calendar, today: date) -> LimitationView:
    """Answer when the claim's limitation ends under each reading; ValueError for an unknown kind of claim."""
    claim = CLAIM_CODES.get(facts.claim_code)
    if claim is None:
        raise ValueError(f"there is no claim code {facts.claim_code!r}")
    readings = tuple(_readings(facts, claim.limitation, calendar=calendar, today=today))
    return LimitationView(
        claim_code=facts.claim_code,
        today=today,
        readings=readings,
        safe_end=_safe_end(readings),
        what_would_interrupt=_what_would_interrupt(readings),
        citations=cite(_BASIS["AMB-10" if facts.claim_code in DOUBLE_WAGE else claim.limitation]),
        calendar_version=calendar.version,
    )


def per_month_ends(
    facts: LimitationFacts, *, since: date, until: date, calendar: Calendar, today: date
) -> tuple[MonthEnd, ...]:
    """Run one clock per calendar month of the double-wage window, each from the month's last day (AMB-10).

    The whole-window reading is `limitation_of` with `until` as basis day. ValueError for other claims or a
    window that ends before it begins.
    """
    if facts.claim_code not in DOUBLE_WAGE:
        raise ValueError(f"{facts.claim_code!r} is no claim for double wage")
    if until < since:
        raise ValueError(f"the window ends on {until}, before it begins on {since}")
    return tuple(
        MonthEnd(
            f"{first:%Y-%m}",
            first,
            last,
            limitation_of(replace(facts, basis_day=last), calendar=calendar, today=today),
        )
        for first, last in _months(since, until)
    )


def _months(since: date, until: date) -> Iterator[tuple[date, date]]:
    first = since
    while first <= until:
        last = min(until, first.replace(day=gregorian.monthrange(first.year, first.month)[1]))
        yield first, last
        first = last + timedelta(days=1)


def _readings(facts: LimitationFacts, rule: str, *, calendar: Calendar, today: date) -> Iterator[Reading]:
    is_leave = rule == UNUSED_LEAVE
    for one in ("L1", "L5") if is_leave else (rule,):
        for name in (LIKELY, SAFE):
            shown = f"wage_{name}" if is_leave and one == WAGES else name
            in_force = name == reading("AMB-13") and (not is_leave or one == _LEAVE_RULE)
            blank = _blank(shown, one, in_force=in_force)
            yield _read(blank, facts, calendar=calendar, today=today, counts_ends=name == LIKELY)


def _blank(name: str, rule: str, *, in_force: bool) -> Reading:
    return Reading(
        name=name,
        rule=rule,
        end=None,
        is_in_force=in_force,
        label=texts.READINGS[name],
        status=LimitationStatus.UNKNOWN,
        start=None,
        days_left=None,
        provisional=False,
        revived_by=None,
        missing=None,
        working=(),
    )


def _read(blank: Reading, facts: LimitationFacts, *, calendar: Calendar, today: date, counts_ends: bool) -> Reading:
    basis, line = _basis(facts, blank.rule)
    if basis is None:
        if blank.rule == WAGES and facts.still_employed:
            return replace(blank, status=LimitationStatus.NOT_RUNNING, working=(texts.no_end_while_employed(),))
        missing = texts.MISSING_END if blank.rule == WAGES else texts.MISSING_BASIS
        return replace(blank, missing=missing, working=(texts.cannot_say(missing),))
    ran = run(basis, facts.events, facts.suspensions, calendar=calendar, today=today, counts_ends=counts_ends)
    found = replace(blank, start=ran.start, revived_by=ran.revived_by, working=(texts.basis(basis, line), *ran.working))
    if counts_ends and facts.pending_since is not None and facts.pending_since <= min(today, ran.end):
        working = (*found.working, texts.pending(facts.pending_since))
        return replace(found, status=LimitationStatus.PENDING, working=working)
    status = LimitationStatus.OVER if today > ran.end else LimitationStatus.RUNNING
    return replace(
        found,
        end=ran.end,
        raw=ran.raw,
        status=LimitationStatus.SUSPENDED if ran.is_suspended else status,
        days_left=(ran.end - today).days,
        provisional=ran.provisional,
    )


def _basis(facts: LimitationFacts, rule: str) -> tuple[date | None, str]:
    """The day the year counts from, and the rule that gives it (LDMAL 27(1), (4); AMB-6)."""
    if rule == WAGES:
        return facts.employment_ended_on, WAGES
    if facts.basis_day is None or CLAIM_CODES[facts.claim_code].limitation != UNUSED_LEAVE:
        return facts.basis_day, "L1"
    last_chance = facts.basis_day.replace(month=12, day=31)
    if facts.employment_ended_on is not None:  # nobody takes leave after leaving
        last_chance = min(last_chance, facts.employment_ended_on)
    return max(facts.basis_day, last_chance), UNUSED_LEAVE


def _safe_end(readings: tuple[Reading, ...]) -> date | None:
    rule = next(reading.rule for reading in readings if reading.is_in_force)
    mine = [reading.end for reading in readings if reading.rule == rule and reading.end is not None]
    others = [reading.end for reading in readings if reading.end is not None]
    return min(others) if mine else None


def _what_would_interrupt(readings: tuple[Reading, ...]) -> tuple[Label, ...]:
    """What to do: nothing where no year runs, only the debtor's promise once it is over in every reading."""
    statuses = {reading.status for reading in readings}
    if statuses <= {LimitationStatus.NOT_RUNNING}:
        return ()
    if statuses <= {LimitationStatus.OVER}:
        return (texts.PROMISE_HELPS,)
    return texts.HELPS

"""How long the file of a case is kept, by what kind of case it was, and what keeps it longer (PIPL 19, 47)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mediation.domain.cases import MAIN, Case
from mediation.domain.errors import Blocker
from mediation.domain.labels import Label
from mediation.domain.procedure import PROCEDURE

HOLD = "legal_hold"
"""The fact of a case that nothing of it may be erased, with the day it was set; why stands in history, sealed."""
ERASED = "已删除"
"""What stands in place of the name of somebody whose data were erased."""
ORDINARY_YEARS, LONG_YEARS = 10, 30
AWARD_YEARS, ARBITRATION_YEARS = 10, 5
"""The least that files of an arbitration are kept: ended by an award, or by mediation or otherwise (R33 24)."""
_DEATH = "work_death_benefit"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """A kind of case and the years that its file is kept after its end; of those that apply the longest counts."""

    code: str
    label: Label
    years: int
    applies: Callable[[Case], bool]
    basis: str

    def kept_until(self, ended: date) -> date:
        """The last day that the file of a case that ended on a day has to be kept."""
        return _years_after(ended, self.years)

    def over_before(self, today: date) -> date:
        """The last day on which a case ended that has to be kept no longer today."""
        found = _years_after(today, -self.years)
        while self.kept_until(found) >= today:
            found -= timedelta(days=1)
        return found


@dataclass(frozen=True, slots=True)
class Schedule:
    """The years in force: product values, to be set longer or shorter by who runs the service.

    A file with papers of an arbitration is never kept for less than the commission has to keep its own.
    """

    ordinary_years: int = ORDINARY_YEARS
    long_years: int = LONG_YEARS

    def rules(self) -> tuple[RetentionRule, ...]:
        """Every rule, the longest first, and of those as long the special before the general."""
        found = (
            RetentionRule("death", Label("工亡案件", "Death at work"), self.long_years, _is_about_death, "R33 24; PML 27"),
            RetentionRule("collective", Label("集体争议", "Collective dispute"), self.long_years, _is_collective, "R33 24; PML 27"),
            RetentionRule("arbitration_award", Label("仲裁裁决结案", "Arbitrated, with an award"), AWARD_YEARS, _has_award, "R33 24"),
            RetentionRule("arbitration", Label("仲裁以调解或者其他方式结案", "Arbitrated, without an award"), ARBITRATION_YEARS, _was_arbitrated, "R33 24"),
            RetentionRule("mediation", Label("调解案件", "Mediation file"), self.ordinary_years, lambda _case: True, "R33 24; PML 27"),
        )  # fmt: skip
        return tuple(sorted(found, key=lambda rule: -rule.years))

    def rule_of(self, case: Case) -> RetentionRule:
        """The rule that the case falls under."""
        return next(rule for rule in self.rules() if rule.applies(case))

    def kept_until(self, case: Case) -> date | None:
        """The last day that the file has to be kept; None while the case is open."""
        ended = ended_on(case)
        return None if ended is None else self.rule_of(case).kept_until(ended)

    def cutoffs(self, today: date) -> dict[str, date]:
        """By the code of each rule the last day on which a case ended whose time is over today, the longest first."""
        return {rule.code: rule.over_before(today) for rule in self.rules()}


def ended_on(case: Case) -> date | None:
    """The day of the last step of a case that is over; None while it is open."""
    track = case.tracks[MAIN]
    return None if PROCEDURE.states[MAIN, track.state].is_open else track.last_on


def hold_of(case: Case) -> Mapping[str, Any] | None:
    """The legal hold on a case, with the day it was set."""
    return case.facts.get(HOLD)


def erasure_blockers(case: Case, today: date, schedule: Schedule) -> list[Blocker]:
    """Everything that forbids to erase anything of the case today; empty when nothing does."""
    return list(_blockers(case, today, schedule))


def _blockers(case: Case, today: date, schedule: Schedule) -> Iterator[Blocker]:
    until = schedule.kept_until(case)
    if until is None:
        text = Label("案件尚未办结,处理目的尚未实现", "The case is open: what its data are needed for is not over")
        yield Blocker("case_open", text, basis="PIPL 47")
    elif until >= today:
        rule = schedule.rule_of(case)
        text = Label(
            f"保存期限({rule.label.zh},{rule.years}年)至{until}届满",
            f"The file is kept until {until} ({rule.years} years)",
        )
        facts = {"rule": rule.code, "years": rule.years, "until": until.isoformat()}
        yield Blocker("retention_stands", text, basis="PIPL 47", facts=facts)
    hold = hold_of(case)
    if hold is not None:
        text = Label("案件已设留存令,请先解除", "A legal hold is set on the case; it has to be lifted first")
        yield Blocker("legal_hold", text, lifted_by=("supervisor",), facts={"since": hold["since"]})
    if any(owed.status == "open" for owed in case.obligations.values()):
        text = Label("尚有未履行的义务", "Something agreed or ordered is not performed yet")
        yield Blocker("obligation_open", text, basis="CPL 250")
    if any(case.running()):
        text = Label("尚有期限在计算中", "A term is still running")
        yield Blocker("deadline_running", text, basis="CPL 250")


def _is_about_death(case: Case) -> bool:
    return any(claim.code == _DEATH for claim in case.claims.values())


def _has_award(case: Case) -> bool:
    return bool(case.facts.get("award_no"))


def _was_arbitrated(case: Case) -> bool:
    return bool(case.facts.get("arb_no"))


def _is_collective(case: Case) -> bool:
    return bool(case.facts.get("collective"))


def _years_after(day: date, years: int) -> date:
    leap_day = 29
    if (day.month, day.day) == (2, leap_day):
        return date(day.year + years, 2, 28)
    return day.replace(year=day.year + years)

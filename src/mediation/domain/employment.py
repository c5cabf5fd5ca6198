"""The facts of a worker's employment: one set, in one vocabulary, from which every calculator is fed.

They are kept once for each worker of a case, as its fact `employment`. The end of the contract and the place of
performance are not among them: they are facts of the case itself (`ended_on`, `place_of_performance`), from which
limitation counts and venue follows, and they are read from there wherever an employment is put together.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Final

from mediation.domain.calculators import economic_compensation
from mediation.domain.calculators.additional_compensation import AdditionalCompensationInputs, AdminOrder
from mediation.domain.calculators.annual_leave import AnnualLeaveInputs
from mediation.domain.calculators.calculator import as_given
from mediation.domain.calculators.double_wage import DoubleWageInputs
from mediation.domain.calculators.inputs import (
    Parameter,
    ParameterKind,
    day,
    flag,
    given,
    money,
    parameters_of,
)
from mediation.domain.calculators.non_compete import NonCompeteInputs
from mediation.domain.calculators.notice_pay import NoticePayInputs
from mediation.domain.calculators.overtime import OvertimeInputs
from mediation.domain.calculators.overtime_by_date import OvertimeByDateInputs
from mediation.domain.calculators.probation import ProbationInputs
from mediation.domain.calculators.reading import read_into
from mediation.domain.calculators.result import ZERO
from mediation.domain.calculators.service_and_wage import ServiceAndWage
from mediation.domain.calculators.union_dismissal import UnionDismissalInputs
from mediation.domain.cases import Case
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label

EMPLOYMENT: Final = "employment"
"""The fact of a case: by the id of the worker, what is on file of their employment."""

OF_THE_CASE: Final[Mapping[str, str]] = MappingProxyType({"ended_on": "ended_on", "place": "place_of_performance"})
"""What an employment takes from the facts of the case, and the name it has there."""

UNLAWFUL: Final = "unlawful"
GROUNDS_OF_END: Final[Mapping[str, Label]] = MappingProxyType(
    {**economic_compensation.GROUNDS, UNLAWFUL: Label("违法解除或者终止", "unlawful termination")}
)
"""How an employment ended: the grounds of economic compensation, and the end against the law."""


def _like(inputs: type, name: str) -> Parameter:
    """Take the parameter of a calculator over as it stands there."""
    return next(each for each in parameters_of(inputs) if each.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class WageMonth:
    """One month of the wage ledger; a month without overtime pay leaves it out, one not yet paid says 0."""

    month: Annotated[dt.date, given(ParameterKind.MONTH, "月份", "month")]
    payable: Annotated[Decimal, money("应得工资（含加班工资）", "wage payable, overtime pay included")]
    paid: Annotated[Decimal | None, money("实付工资", "wage paid")] = None
    overtime: Annotated[Decimal, money("其中加班工资", "overtime pay in it")] = ZERO
    in_full: Annotated[bool, flag("足月出勤", "worked in full")] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveYear:
    """The annual leave of one calendar year."""

    year: Annotated[int, _like(AnnualLeaveInputs, "year")]
    entitlement_days: Annotated[int | None, _like(AnnualLeaveInputs, "entitlement_days")] = None
    days_taken: Annotated[Decimal, _like(AnnualLeaveInputs, "days_taken")] = ZERO
    refused_in_writing: Annotated[bool, _like(AnnualLeaveInputs, "refused_in_writing")] = False
    exclusion: Annotated[str | None, _like(AnnualLeaveInputs, "exclusion")] = None
    carried_over: Annotated[bool, _like(AnnualLeaveInputs, "carried_over")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OvertimeWorked:
    """Overtime already counted, by its rate or above the norm of a cycle."""

    hours_150: Annotated[Decimal | None, _like(OvertimeInputs, "hours_150")] = None
    hours_200: Annotated[Decimal | None, _like(OvertimeInputs, "hours_200")] = None
    days_200: Annotated[Decimal | None, _like(OvertimeInputs, "days_200")] = None
    hours_300: Annotated[Decimal | None, _like(OvertimeInputs, "hours_300")] = None
    days_300: Annotated[Decimal | None, _like(OvertimeInputs, "days_300")] = None
    compensated_hours: Annotated[Decimal | None, _like(OvertimeInputs, "compensated_hours")] = None
    compensated_days: Annotated[Decimal | None, _like(OvertimeInputs, "compensated_days")] = None
    cycle_hours: Annotated[Decimal | None, _like(OvertimeInputs, "cycle_hours")] = None
    cycle_norm_hours: Annotated[Decimal | None, _like(OvertimeInputs, "cycle_norm_hours")] = None
    months: Annotated[Decimal | None, _like(OvertimeInputs, "months")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NonCompete:
    """A non-compete duty after the end."""

    months: Annotated[Decimal, _like(NonCompeteInputs, "months")]
    agreed_monthly: Annotated[Decimal | None, _like(NonCompeteInputs, "agreed_monthly")] = None
    paid: Annotated[Decimal, _like(NonCompeteInputs, "paid")] = ZERO
    is_ended_by_employer: Annotated[bool, _like(NonCompeteInputs, "is_ended_by_employer")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Employment:
    """What is known of one worker's employment; everything may be left out until a claim needs it.

    Amounts are yuan a month unless said otherwise, days are Shanghai dates, both ends worked.
    """

    joined_on: Annotated[dt.date | None, _like(DoubleWageInputs, "hire_date")] = None
    ended_on: Annotated[dt.date | None, _like(ServiceAndWage, "ended_on")] = None
    place: Annotated[str | None, _like(ServiceAndWage, "place")] = None
    ended_how: Annotated[
        str | None,
        given(ParameterKind.ENUM, "解除或终止的事由", "ground on which it ended", choices=GROUNDS_OF_END),
    ] = None
    notice_days: Annotated[int | None, _like(NoticePayInputs, "notice_days")] = None
    contract_kind: Annotated[str | None, _like(ProbationInputs, "contract")] = None
    contract_signed_on: Annotated[dt.date | None, _like(DoubleWageInputs, "signed_date")] = None
    contract_from: Annotated[dt.date | None, day("合同期限首日", "first day of the contract")] = None
    contract_to: Annotated[dt.date | None, day("合同期限末日（无固定期限则空）", "last day, of a fixed term")] = None
    no_contract_reason: Annotated[str | None, _like(DoubleWageInputs, "exception")] = None
    probation_from: Annotated[dt.date | None, _like(ProbationInputs, "served_from")] = None
    probation_to: Annotated[dt.date | None, _like(ProbationInputs, "served_to")] = None
    is_probation_repeated: Annotated[bool, _like(ProbationInputs, "is_repeated")] = False
    hour_system: Annotated[str | None, _like(OvertimeInputs, "system")] = None
    monthly_wage: Annotated[Decimal | None, _like(OvertimeInputs, "monthly_wage")] = None
    overtime_base: Annotated[Decimal | None, _like(OvertimeInputs, "contract_base")] = None
    avg_monthly_wage: Annotated[Decimal | None, _like(ServiceAndWage, "avg_monthly_wage")] = None
    avg_overtime_pay: Annotated[Decimal | None, _like(ServiceAndWage, "avg_overtime_pay")] = None
    annual_income: Annotated[Decimal | None, _like(UnionDismissalInputs, "annual_income")] = None
    wages: Annotated[
        tuple[WageMonth, ...], given(ParameterKind.ROWS, "工资台账", "wage ledger, month by month", row=WageMonth)
    ] = ()
    earlier_service: Annotated[
        tuple[tuple[dt.date, dt.date], ...],
        given(
            ParameterKind.PERIODS,
            "应合并计算的此前工作期间",
            "earlier periods of service that are added up, first and last day",
        ),
    ] = ()
    working_years: Annotated[Decimal | None, _like(AnnualLeaveInputs, "working_years")] = None
    leave: Annotated[
        tuple[LeaveYear, ...], given(ParameterKind.ROWS, "各年度年休假", "annual leave, year by year", row=LeaveYear)
    ] = ()
    overtime: Annotated[
        OvertimeWorked | None,
        given(ParameterKind.OBJECT, "加班时间", "overtime worked", row=OvertimeWorked),
    ] = None
    worked_dates: Annotated[tuple[dt.date, ...] | None, _like(OvertimeByDateInputs, "dates_worked_full_day")] = None
    compensated_dates: Annotated[tuple[dt.date, ...], _like(OvertimeByDateInputs, "compensated_dates")] = ()
    non_compete: Annotated[
        NonCompete | None, given(ParameterKind.OBJECT, "竞业限制", "non-compete duty", row=NonCompete)
    ] = None
    admin_order: Annotated[AdminOrder | None, _like(AdditionalCompensationInputs, "admin_order")] = None


PARAMETERS: Final = tuple(each for each in parameters_of(Employment) if each.name not in OF_THE_CASE)
"""What is kept of an employment besides the facts of the case."""


def employment_of(case: Case, worker: str) -> Employment:
    """Put an employment together from what is on file of the worker and from the facts of the case."""
    own = (case.facts.get(EMPLOYMENT) or {}).get(worker) or {}
    return read_into(Employment, {**own, **{name: case.facts.get(fact) for name, fact in OF_THE_CASE.items()}})


def checked(values: Mapping[str, object], case: Mapping[str, object], today: dt.date) -> dict[str, object]:
    """Read what is given of an employment, and give it as it is kept.

    `case` holds what the case says of its end and place. InvalidInputError lists every value that is missing,
    unreadable, to come, or at odds with another.
    """
    read = read_into(Employment, {**values, **case})
    problems = tuple(_contradictions(read, today))
    if problems:
        raise InvalidInputError(problems)
    return {name: as_given(value) for name, value in values.items() if value is not None}


def without_wages(changes: Sequence[Mapping[str, Any]], seen: frozenset[str]) -> list[Mapping[str, Any]]:
    """Leave out of the changes of an entry what they say of the employment of workers not among those seen."""
    return [_shown(change, seen) for change in changes]


def _shown(change: Mapping[str, Any], seen: frozenset[str]) -> Mapping[str, Any]:
    if change["c"] == "computations":
        workers = {change[side]["party_id"] for side in "ba" if change[side] is not None}
        return change if workers <= seen else {**change, "b": None, "a": None}
    if change["c"] == "facts" and change["k"] == EMPLOYMENT:
        return {**change, **{side: _of_those(change[side], seen) for side in "ba"}}
    return change


def _of_those(kept: Mapping[str, Any] | None, seen: frozenset[str]) -> Mapping[str, Any] | None:
    found = {worker: facts for worker, facts in ((kept or {}).get("value") or {}).items() if worker in seen}
    return {"value": found} if found else None


def _contradictions(facts: Employment, today: dt.date) -> Iterator[InputError]:
    if facts.joined_on is not None and facts.joined_on > today:
        yield _wrong("/joined_on", "用工之日不能晚于今天", "the first day of work lies in the future", "date_in_future")
    for first, last in (
        ("joined_on", "ended_on"),
        ("contract_from", "contract_to"),
        ("probation_from", "probation_to"),
    ):
        since, until = getattr(facts, first), getattr(facts, last)
        if since is not None and until is not None and until < since:
            yield _wrong(f"/{last}", f"早于{first}", f"it is before {first}")
    yield from _of_wages(facts)
    for number, period in enumerate(facts.earlier_service):
        if facts.joined_on is not None and period[1] >= facts.joined_on:
            yield _wrong(f"/earlier_service/{number}/1", "应早于用工之日", "earlier service ends before joined_on")
    for number in _twice([row.year for row in facts.leave]):
        yield _wrong(f"/leave/{number}/year", "该年度已填写", "the year comes twice", "duplicate")


def _of_wages(facts: Employment) -> Iterator[InputError]:
    for number, row in enumerate(facts.wages):
        if row.overtime > row.payable:
            text = ("加班工资不能高于应得工资", "overtime pay cannot exceed the wage it is part of")
            yield _wrong(f"/wages/{number}/overtime", *text)
        if facts.joined_on is not None and row.month < facts.joined_on.replace(day=1):
            yield _wrong(f"/wages/{number}/month", "早于用工之月", "the month is before joined_on")
        if facts.ended_on is not None and row.month > facts.ended_on:
            yield _wrong(f"/wages/{number}/month", "晚于劳动合同结束之月", "the month is after the contract ended")
    for number in _twice([row.month for row in facts.wages]):
        yield _wrong(f"/wages/{number}/month", "该月已填写", "the month comes twice", "duplicate")


def _twice(values: Sequence[object]) -> Iterator[int]:
    return (number for number, value in enumerate(values) if value in values[:number])


def _wrong(pointer: str, zh: str, en: str, code: str = "impossible") -> InputError:
    return InputError(pointer, code, Label(zh, en))

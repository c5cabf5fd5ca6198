"""Damages for unlawful probation (LCL 19, 83): the wage after probation for the time served beyond the lawful length."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import (
    MONTHS,
    CalculationError,
    ParameterKind,
    day,
    decimal,
    flag,
    given,
    money,
)
from mediation.domain.calculators.months import DAY, add_months, months_inside, pay_of_all
from mediation.domain.calculators.result import ZERO, Answer, number, sentence, several, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Tables
from mediation.domain.labels import Label

LONGEST: Final = 120
LAWFUL: Final = ((36, 6), (12, 2), (3, 1))

CONTRACTS: Final = MappingProxyType(
    {
        "fixed_term": Label("固定期限", "fixed term"),
        "open_ended": Label("无固定期限", "open-ended"),
        "task": Label("以完成一定工作任务为期限", "for one task"),
        "part_time": Label("非全日制", "part-time"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbationInputs:
    """The contract, and the probation served: in months, or from its first to its last day."""

    wage_after_probation: Annotated[Decimal, money("试用期满月工资", "monthly wage after probation")]
    contract: Annotated[str, given(ParameterKind.ENUM, "合同类型", "kind of contract", choices=CONTRACTS)] = (
        "fixed_term"
    )
    contract_months: Annotated[Decimal | None, decimal("固定期限合同月数", "months of a fixed term", MONTHS)] = None
    is_repeated: Annotated[bool, flag("同一单位再次约定试用期", "a second probation with the same employer")] = False
    served_months: Annotated[Decimal | None, decimal("已履行的试用期月数", "months of probation served", MONTHS)] = None
    served_from: Annotated[date | None, day("试用期首日", "first day of probation")] = None
    served_to: Annotated[date | None, day("试用期已履行至", "last day of probation served")] = None


def work_out(inputs: ProbationInputs, tables: Tables) -> Answer:
    """Take the lawful months off the months served and price the rest."""
    sheet = Sheet()
    lawful = _lawful(sheet, inputs)
    if (inputs.served_months is None) == (inputs.served_from is None):
        text = Label("试用期月数与起止日期填写且只填写一项", "give either the months served or the first and last day")
        raise CalculationError("/served_months", "one_of", text)
    wage = inputs.wage_after_probation
    if inputs.served_months is not None:
        beyond = max(ZERO, inputs.served_months - lawful)
        amount, listed = wage * beyond, (f"{number(beyond)}个月", several(beyond, "month"))
    else:
        amount, listed = _by_days(inputs, lawful, tables)
    if not amount:
        text = Label("已履行的试用期未超过法定期限", "The probation served was not beyond the lawful length")
        return sheet.nothing_due(text, "LCL 19, 83", reason="lawful")
    text = Label(
        f"超过法定试用期{listed[0]}，按试用期满月工资{show(wage)}元计：{show(amount)}元",
        f"Beyond the lawful length: {listed[1]}, at {show(wage)} yuan a month: {show(amount)} yuan",
    )
    sheet.line("total", text, "LCL 83", wage=wage, beyond=listed[1], amount=amount)
    return sheet.answer(amount)


def _lawful(sheet: Sheet, inputs: ProbationInputs) -> int:
    """Give the lawful months: by term, six for an open-ended contract, none for tasks, part time and repetition."""
    if inputs.contract == "fixed_term" and inputs.contract_months is None:
        text = Label("请填写固定期限合同月数", "the months of the fixed term are missing")
        raise CalculationError("/contract_months", "missing", text)
    none = inputs.is_repeated or inputs.contract in {"task", "part_time"}
    term = Decimal(LAWFUL[0][0]) if inputs.contract == "open_ended" else inputs.contract_months or ZERO
    lawful = 0 if none else next((most for months, most in LAWFUL if term >= months), 0)
    label = CONTRACTS[inputs.contract]
    text = Label(
        f"{label.zh}合同，法定试用期最长{lawful}个月",
        f"{sentence(label.en)}: probation of at most {several(lawful, 'month')}",
    )
    sheet.line("lawful", text, "LCL 70" if inputs.contract == "part_time" else "LCL 19", months=lawful)
    return lawful


def _by_days(inputs: ProbationInputs, lawful: int, tables: Tables) -> tuple[Decimal, tuple[str, str]]:
    first, last = inputs.served_from, inputs.served_to
    if first is None or last is None:
        text = Label("请填写试用期已履行至何日", "the last day of probation is missing")
        raise CalculationError("/served_to", "missing", text)
    if not first <= last < add_months(first, LONGEST):
        text = Label("起止日期颠倒或期间过长", "the days are the wrong way round or too far apart")
        raise CalculationError("/served_to", "impossible", text)
    months = tuple(months_inside(tables.calendar, first, range(lawful + 1, LONGEST + 1), end=last))
    paid_days = tables.figures.paid_days(last).value
    amount = pay_of_all(months, inputs.wage_after_probation, paid_days)
    full = sum(month.is_full for month in months)
    days = sum(month.working_days for month in months if not month.is_full)
    since = min(add_months(first, lawful), last + DAY).isoformat()
    return amount, (
        f"（{since}起）{full}个月又{days}个工作日",
        f"{several(full, 'month')} and {several(days, 'working day')} since {since}",
    )


CALCULATOR: Final = Calculator(
    kind="probation",
    label=Label("违法试用期赔偿金", "damages for unlawful probation"),
    inputs=ProbationInputs,
    basis="LCL 19, 70, 83",
    example=MappingProxyType({"wage_after_probation": "6000.00", "contract_months": "12", "served_months": "3"}),
    work=work_out,
    claims=("probation_damages",),
)

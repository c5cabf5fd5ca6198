"""The second wage for work without a written contract (LCL 82): months 2 to 12 of employment, at most eleven."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import CalculationError, ParameterKind, day, given, money
from mediation.domain.calculators.limitation_readings import end_of_limitation, note_reading, open_on
from mediation.domain.calculators.months import DAY, Month, add_months, months_inside, pay_of, pay_of_all
from mediation.domain.calculators.result import ZERO, Answer, number, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Tables
from mediation.domain.labels import Label

IN_WINDOW: Final = range(2, 13)

EXCEPTIONS: Final = MappingProxyType(
    {
        "force_majeure": Label("因不可抗力未订立", "force majeure prevented the contract"),
        "worker_refused": Label("用人单位依法要约而劳动者拒绝", "the worker refused though duly offered"),
        "statutory_extension": Label("合同依法续延", "the term was extended by statute"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleWageInputs:
    """When work began and the contract was signed; `as_of` is the day on which the amount is asked for."""

    hire_date: Annotated[date, day("用工之日", "first day of work")]
    signed_date: Annotated[
        date | None, day("书面合同签订日（未签订则空）", "day a written contract was signed, if ever")
    ] = None
    last_day: Annotated[date | None, day("最后工作日（仍在职则空）", "last day worked, if the work has ended")] = None
    monthly_wage: Annotated[Decimal, money("月工资", "monthly wage")]
    as_of: Annotated[
        date | None, day("计算至（并据以判断时效）", "computed up to, and limitation judged on, this day")
    ] = None
    exception: Annotated[
        str | None,
        given(ParameterKind.ENUM, "不支付二倍工资的情形", "reason why no second wage is due", choices=EXCEPTIONS),
    ] = None


def work_out(inputs: DoubleWageInputs, tables: Tables) -> Answer:
    """Add the months of the window, then show the window a day later and limitation in both readings."""
    sheet = Sheet()
    end = _end(inputs)
    if inputs.exception is not None:
        label = EXCEPTIONS[inputs.exception]
        text = Label(f"{label.zh}：不支付二倍工资", f"No second wage: {label.en}")
        return sheet.nothing_due(text, "LI2 7, 8", reason=inputs.exception)
    months = tuple(months_inside(tables.calendar, inputs.hire_date, IN_WINDOW, end=end))
    if not months:
        text = Label("用工满一个月前已签订合同或者结束用工", "Signed or ended within the first month")
        return sheet.nothing_due(text, "LCL 82; LCR 5, 6", reason="within_first_month")
    amount = _total(sheet, months, inputs.monthly_wage, tables)
    _warn(sheet, inputs, months[-1])
    shifted = tuple(months_inside(tables.calendar, inputs.hire_date, IN_WINDOW, end=end, shift=1))
    later = pay_of_all(shifted, inputs.monthly_wage, _paid_days(tables, months))
    sheet.variant(Label("起止日各顺移一日", "window shifted by one day"), later, "AMB-9")
    if inputs.as_of is not None:
        _limitation(sheet, months, inputs, inputs.as_of, tables)
    return sheet.answer(amount, readings=(later,))


def _end(inputs: DoubleWageInputs) -> date | None:
    """Find the last day that can count: before the signing, at the end of work, or the day asked about."""
    for name, given_day in (("last_day", inputs.last_day), ("as_of", inputs.as_of)):
        if given_day is not None and given_day < inputs.hire_date:
            raise CalculationError(
                f"/{name}", "impossible", Label("早于用工之日", "it is before the first day of work")
            )
    signed = None if inputs.signed_date is None else inputs.signed_date - DAY
    return min((each for each in (signed, inputs.last_day, inputs.as_of) if each is not None), default=None)


def _paid_days(tables: Tables, months: tuple[Month, ...]) -> Decimal:
    return tables.figures.paid_days(months[-1].last).value


def _total(sheet: Sheet, months: tuple[Month, ...], wage: Decimal, tables: Tables) -> Decimal:
    full, last, paid_days = sum(month.is_full for month in months), months[-1], _paid_days(tables, months)
    amount = pay_of_all(months, wage, paid_days)
    span = f"{months[0].first.isoformat()}..{last.last.isoformat()}"
    text = Label(
        f"二倍工资期间：{span}（用工第2个月至第12个月内）", f"Window: {span}, within months 2 to 12 of employment"
    )
    sheet.line("window", text, "LCL 82; LCR 6, 7; AMB-9", first=months[0].first, last=last.last)
    if full:
        text = Label(
            f"整月：{full}个月×{show(wage)}元＝{show(full * wage)}元",
            f"Full months: {full} × {show(wage)} = {show(full * wage)} yuan",
        )
        sheet.line("full_months", text, "LCL 82; LI2 6", months=full, wage=wage, amount=full * wage)
    if not last.is_full:
        _partial(sheet, last, wage, paid_days)
    text = Label(f"另一倍工资合计{show(amount)}元", f"Second wage in all: {show(amount)} yuan")
    sheet.line("total", text, "LCL 82", amount=amount)
    return amount


def _partial(sheet: Sheet, month: Month, wage: Decimal, paid_days: Decimal) -> None:
    pay = pay_of(month, wage, paid_days)
    span, most = f"{month.first.isoformat()}..{month.last.isoformat()}", number(paid_days)
    text = Label(
        f"不满一个月：{span}，{month.working_days}个工作日×{show(wage)}元÷{most}＝{show(pay)}元（不超过一个月工资）",
        f"Partial month: {span}, {month.working_days} working days × {show(wage)} / {most} = {show(pay)} yuan, at most a month's wage",
    )
    sheet.line("partial_month", text, "LI2 6", working_days=month.working_days, paid_days=paid_days, amount=pay)


def _warn(sheet: Sheet, inputs: DoubleWageInputs, last: Month) -> None:
    if last.provisional:
        sheet.warn(
            "所涉年度的放假安排尚未载入，工作日数为暂定。",
            "The notice on days off is not loaded for the year: the working days are provisional.",
        )
    if inputs.as_of is None:
        sheet.warn(
            "未填写计算日：未判断时效；无签订日和离职日的，按满11个月计。",
            "No day asked about: limitation was not judged, and without any end the full eleven months are taken.",
        )
    if last.last >= add_months(inputs.hire_date, IN_WINDOW[-1]) - DAY:
        sheet.warn(
            "用工满一年未订立书面合同的，视为已订立无固定期限合同，此后不再计二倍工资。",
            "After a full year an open-ended contract is deemed made: no second wage beyond it (LCL 14; LCR 7).",
        )


def _limitation(sheet: Sheet, months: tuple[Month, ...], inputs: DoubleWageInputs, as_of: date, tables: Tables) -> None:
    """Show what is open where the year runs once from the end of the window, and where it runs month by month."""
    calendar, paid_days = tables.calendar, _paid_days(tables, months)
    monthly = [(month.last, pay_of(month, inputs.monthly_wage, paid_days)) for month in months]
    whole = [(months[-1].last, sum((pay for _, pay in monthly), ZERO))]
    names = (
        (Label("整体计算时效", "limitation of the whole"), whole),
        (Label("逐月计算时效", "limitation month by month"), monthly),
    )
    for name, items in names:
        ends = [end_of_limitation(calendar, basis) for basis, _ in items]
        amount = open_on(calendar, items, as_of)
        note_reading(sheet, name, amount=amount, ends=ends, as_of=as_of, basis="AMB-10")


CALCULATOR: Final = Calculator(
    kind="double_wage",
    label=Label("未签书面劳动合同二倍工资", "second wage for work without a written contract"),
    inputs=DoubleWageInputs,
    basis="LCL 82; LCR 5, 6, 7; LI2 6, 7, 8; LDMAL 27; AMB-9; AMB-10",
    example=MappingProxyType(
        {
            "hire_date": "2026-01-05",
            "signed_date": "2026-06-15",
            "monthly_wage": "7000.00",
            "as_of": "2026-11-22",
        }
    ),
    work=work_out,
    claims=("double_wage_no_contract",),
)

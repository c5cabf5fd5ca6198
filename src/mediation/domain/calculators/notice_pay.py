"""Pay in place of notice (LCL 40; LCR 20): one month at the standard of the month before."""

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import DAYS, ParameterKind, given, money
from mediation.domain.calculators.result import ZERO, Answer, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Tables
from mediation.domain.labels import Label

NOTICE_DAYS: Final = 30
ARTICLE_40: Final = "article_40"

GROUNDS: Final = MappingProxyType(
    {
        ARTICLE_40: Label("无过失性辞退（第40条）", "dismissal without fault (art. 40)"),
        "article_36": Label("协商解除（第36条）", "agreed end (art. 36)"),
        "article_39": Label("劳动者过错（第39条）", "fault of the worker (art. 39)"),
        "article_41": Label("经济性裁员（第41条）", "layoff (art. 41)"),
        "article_44": Label("合同终止（第44条）", "end of the contract (art. 44)"),
        "unlawful": Label("违法解除，已主张赔偿金", "unlawful termination, damages claimed"),
    }
)
_BASIS: Final = {
    "article_36": "LCL 36, 40",
    "article_39": "LCL 39, 40",
    "article_41": "LCL 40, 41",
    "article_44": "LCL 40, 44",
    "unlawful": "LCL 40, 87",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePayInputs:
    """The ground, the written notice given, and the wage of the month before."""

    ground: Annotated[str, given(ParameterKind.ENUM, "解除或终止的事由", "ground of the end", choices=GROUNDS)]
    last_month_wage: Annotated[Decimal, money("上一个月工资标准", "wage standard of the month before")]
    notice_days: Annotated[
        int, given(ParameterKind.INTEGER, "书面提前通知天数", "days of written notice", unit=DAYS)
    ] = 0


def work_out(inputs: NoticePayInputs, tables: Tables) -> Answer:
    """Answer one month where article 40 was used without thirty days' notice; part of a notice is disputed."""
    sheet, wage = Sheet(), inputs.last_month_wage
    if inputs.ground != ARTICLE_40:
        label = GROUNDS[inputs.ground]
        text = Label(f"{label.zh}：不适用代通知金", f"No pay in place of notice: {label.en}")
        return sheet.nothing_due(text, _BASIS[inputs.ground], reason=inputs.ground)
    if inputs.notice_days >= NOTICE_DAYS:
        text = Label(f"已提前{inputs.notice_days}日书面通知", f"Written notice of {inputs.notice_days} days was given")
        return sheet.nothing_due(text, "LCL 40", reason="notice_given")
    text = Label(
        f"未提前30日书面通知，按上月工资标准支付一个月：{show(wage)}元",
        f"No 30 days' written notice: one month at last month's standard, {show(wage)} yuan",
    )
    sheet.line("total", text, "LCL 40; LCR 20", wage=wage, notice_days=inputs.notice_days, amount=wage)
    if not inputs.notice_days:
        return sheet.answer(wage)
    sheet.warn(
        f"已提前{inputs.notice_days}日通知：法律没有按比例折算的规定，默认一个月全额，存在争议。",
        f"{inputs.notice_days} days' notice was given: the law knows no share of a month; the full month is taken, disputed.",
    )
    sheet.variant(Label("视为已通知，不支付", "taken as notice given: nothing due"), ZERO, "LCL 40")
    return sheet.answer(wage, readings=(ZERO,))


CALCULATOR: Final = Calculator(
    kind="notice_pay",
    label=Label("代通知金", "pay in place of notice"),
    inputs=NoticePayInputs,
    basis="LCL 36, 39, 40, 41, 44, 87; LCR 20",
    example=MappingProxyType({"ground": ARTICLE_40, "last_month_wage": "9200.00", "notice_days": 18}),
    work=work_out,
    claims=("notice_pay",),
)

"""Whether an award would be final for the employer: each item within twelve monthly minimum wages (LDMAL 47; LI1 19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import PLACE, ParameterKind, day, given, money
from mediation.domain.calculators.result import Answer, sentence, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Locality, Tables, needed_minimum_wage
from mediation.domain.claims import CLAIM_CODES, MEDICAL
from mediation.domain.labels import Label

MONTHS_OF_MINIMUM: Final = 12
FINAL: Final = "final"
NOT_FINAL: Final = "not_final"
REVIEW: Final = "review"

OUTCOMES: Final[Mapping[str, Label]] = MappingProxyType(
    {
        FINAL: Label("终局裁决", "final award"),
        NOT_FINAL: Label("非终局裁决", "not a final award"),
        REVIEW: Label("须人工判断", "for a person to judge"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardItem:
    """One item with its amount."""

    claim: Annotated[
        str,
        given(
            ParameterKind.ENUM,
            "请求项目",
            "kind of claim",
            choices={code: row.label for code, row in CLAIM_CODES.items()},
        ),
    ]
    amount: Annotated[Decimal, money("金额", "amount")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallAmountInputs:
    """The items of an award, or of a claim as if awarded, and the minimum wage."""

    items: Annotated[tuple[AwardItem, ...], given(ParameterKind.ROWS, "裁决事项", "items", row=AwardItem)]
    min_monthly_wage: Annotated[Decimal | None, money("当地月最低工资标准", "local monthly minimum wage")] = None
    place: Annotated[str | None, PLACE] = None
    on: Annotated[date | None, day("按地点查询数据的日期", "day on which figures of the place are looked up")] = None


def work_out(inputs: SmallAmountInputs, tables: Tables) -> Answer:
    """Judge each item by itself; the whole is final only when every item is. The amount answered is the limit."""
    sheet = Sheet()
    least = needed_minimum_wage(sheet, inputs.min_monthly_wage, Locality(inputs.place, inputs.on, "on"), tables)
    limit = least * MONTHS_OF_MINIMUM
    text = Label(
        f"限额：最低工资标准{show(least)}元×12个月＝{show(limit)}元",
        f"Limit: minimum wage {show(least)} × 12 = {show(limit)} yuan",
    )
    sheet.line("limit", text, "LDMAL 47(1)", minimum_wage=least, limit=limit)
    outcomes = {_judge(sheet, item, limit) for item in inputs.items}
    outcome = next(each for each in (NOT_FINAL, REVIEW, FINAL) if each in outcomes)
    if outcome == REVIEW:
        sheet.warn("有事项不能仅凭金额判断是否终局。", "An item cannot be judged by its amount alone.", review=True)
    if outcome == NOT_FINAL:
        sheet.warn(
            "执行国家劳动标准在工作时间、休息休假、社会保险等方面的争议，不论金额也可能终局，须另行判断。",
            "Disputes on hours, leave and social insurance standards may be final whatever the amount: judge apart.",
        )
    label = OUTCOMES[outcome]
    sheet.line("outcome", Label(f"结论：{label.zh}", f"Outcome: {label.en}"), "LDMAL 47; LI1 19", outcome=outcome)
    return sheet.answer(limit, outcome=outcome)


def _judge(sheet: Sheet, item: AwardItem, limit: Decimal) -> str:
    row = CLAIM_CODES[item.claim]
    outcome = _outcome(row.final_award, item.amount, limit)
    compared_zh, compared_en = ("不超过", "within") if item.amount <= limit else ("超过", "above")
    counts_zh, counts_en = (
        ("", "")
        if row.final_award is True
        else ("；该类事项不适用或须另行判断", "; such a claim does not count, or needs judgement")
    )
    text = Label(
        f"{row.label.zh}：{show(item.amount)}元，{compared_zh}限额{counts_zh}",
        f"{sentence(row.label.en)}: {show(item.amount)} yuan, {compared_en} the limit{counts_en}",
    )
    sheet.line(
        "item", text, "LDMAL 47(1); LI1 19; R33 50 (from memory)", claim=item.claim, amount=item.amount, outcome=outcome
    )
    return outcome


def _outcome(counts: object, amount: Decimal, limit: Decimal) -> str:
    if counts is False or amount > limit:
        return NOT_FINAL
    return REVIEW if counts is None or counts == MEDICAL else FINAL


CALCULATOR: Final = Calculator(
    kind="small_amount_test",
    label=Label("小额终局裁决判断", "final award by small amount"),
    inputs=SmallAmountInputs,
    basis="LDMAL 47; LI1 19; R33 50 (from memory)",
    example=MappingProxyType(
        {
            "items": [
                {"claim": "unpaid_wages", "amount": "24000.00"},
                {"claim": "economic_compensation", "amount": "29880.00"},
            ],
            "min_monthly_wage": "2490.00",
        }
    ),
    work=work_out,
)

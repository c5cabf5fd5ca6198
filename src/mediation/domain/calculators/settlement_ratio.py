"""What share of the amount computed the sides agreed on: a figure for supervision, not a rule of law."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.inputs import CalculationError, ParameterKind, given, money
from mediation.domain.calculators.result import ZERO, Answer, number, show
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Tables
from mediation.domain.labels import Label

PLACES: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRatioInputs:
    """The total agreed and the amounts computed for the items it settles."""

    agreed_total: Annotated[Decimal, money("协议总额", "total agreed")]
    computed: Annotated[
        tuple[Decimal, ...], given(ParameterKind.MONEYS, "各项计算金额", "amounts computed, item by item")
    ]


def share_of(total: Decimal, part: Decimal) -> Decimal:
    """Divide a part by the total, which is more than nothing, to four places."""
    return (part / total).quantize(PLACES, ROUND_HALF_UP)


def work_out(inputs: SettlementRatioInputs, tables: Tables) -> Answer:
    """Divide the total agreed by the total computed, to four places."""
    sheet, total = Sheet(), sum(inputs.computed, ZERO)
    if not total:
        text = Label("计算总额为零，不能计算比例", "nothing was computed to compare with")
        raise CalculationError("/computed", "impossible", text)
    ratio = share_of(total, inputs.agreed_total)
    text = Label(
        f"协议总额{show(inputs.agreed_total)}元÷计算总额{show(total)}元＝{number(ratio * 100)}%",
        f"Agreed {show(inputs.agreed_total)} yuan / computed {show(total)} yuan = {number(ratio * 100)}%",
    )
    sheet.line("ratio", text, "product rule", agreed=inputs.agreed_total, computed=total, ratio=ratio)
    return sheet.answer(None, ratio=ratio)


CALCULATOR: Final = Calculator(
    kind="settlement_ratio",
    label=Label("和解比例", "settlement ratio"),
    inputs=SettlementRatioInputs,
    basis="product rule",
    example=MappingProxyType({"agreed_total": "60000.00", "computed": ["46750.00", "29931.03"]}),
    work=work_out,
)

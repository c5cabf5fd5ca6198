"""Economic compensation N (LCL 46, 47): due on certain grounds, a month's wage for each year of service."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final

from mediation.domain.calculators.calculator import Calculator
from mediation.domain.calculators.compensation import compensation
from mediation.domain.calculators.inputs import ParameterKind, given
from mediation.domain.calculators.result import Answer
from mediation.domain.calculators.service_and_wage import ServiceAndWage
from mediation.domain.calculators.sheet import Sheet
from mediation.domain.calculators.tables import Tables
from mediation.domain.labels import Label

_DUE: Final = (
    ("employer_fault", "用人单位过错，劳动者解除", "ended by the worker for the employer's fault", "LCL 38, 46(1)"),
    ("agreed_employer_proposed", "用人单位提出，协商解除", "agreed, proposed by the employer", "LCL 36, 46(2)"),
    ("article_40", "无过失性辞退", "dismissal without fault", "LCL 40, 46(3)"),
    ("layoff", "经济性裁员", "layoff", "LCL 41, 46(4)"),
    (
        "expiry_not_renewed",
        "合同期满未按同等以上条件续订",
        "expiry, no renewal on the same or better terms",
        "LCL 44(1), 46(5)",
    ),
    ("closure", "用人单位破产、关闭、解散", "bankruptcy, closure or dissolution", "LCL 44(4), 44(5), 46(6)"),
    ("task_completed", "以完成一定工作任务为期限的合同终止", "end of a contract for one task", "LCR 22"),
)
_NOT_DUE: Final = (
    ("resigned", "劳动者自行辞职", "free resignation", "LCL 37, 46"),
    ("agreed_worker_proposed", "劳动者提出，协商解除", "agreed, proposed by the worker", "LCL 36, 46"),
    ("worker_fault", "劳动者过错，用人单位解除", "dismissal for the worker's fault", "LCL 39, 46"),
    ("retirement", "退休或开始享受基本养老保险待遇", "retirement", "LCL 44(2), 46"),
    ("part_time", "非全日制用工终止", "end of part-time employment", "LCL 71"),
)

GROUNDS: Final[Mapping[str, Label]] = MappingProxyType({code: Label(zh, en) for code, zh, en, _ in (*_DUE, *_NOT_DUE)})
_BASIS: Final = {code: basis for code, _, _, basis in (*_DUE, *_NOT_DUE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class EconomicCompensationInputs(ServiceAndWage):
    """Service, wage, and the ground on which the contract ended, where known."""

    ground: Annotated[
        str | None, given(ParameterKind.ENUM, "解除或终止的事由", "ground on which the contract ended", choices=GROUNDS)
    ] = None


def work_out(inputs: EconomicCompensationInputs, tables: Tables) -> Answer:
    """Refuse the grounds that carry no compensation, else apply the formula."""
    sheet, ground = Sheet(), inputs.ground
    if ground in {code for code, *_ in _NOT_DUE}:
        label = GROUNDS[ground]
        text = Label(f"{label.zh}：不支付经济补偿", f"No economic compensation: {label.en}")
        return sheet.nothing_due(text, _BASIS[ground], reason=ground)
    if ground is None:
        sheet.warn(
            "未填写解除或终止的事由，未核对是否应当支付经济补偿。",
            "Without the ground on which the contract ended it was not checked that compensation is due.",
        )
    else:
        label = GROUNDS[ground]
        sheet.line("ground", Label(f"事由：{label.zh}", f"Ground: {label.en}"), _BASIS[ground], ground=ground)
    return compensation(sheet, inputs, tables, factor=1, split_2008=True)


CALCULATOR: Final = Calculator(
    kind="economic_compensation",
    label=Label("经济补偿（N）", "economic compensation (N)"),
    inputs=EconomicCompensationInputs,
    basis="LCL 36, 38, 40, 41, 44, 46, 47, 71, 97(3); LCR 10, 22, 27; LI1 46; AMB-8",
    example=MappingProxyType(
        {
            "service": [["2021-03-15", "2026-08-31"]],
            "avg_monthly_wage": "8500.00",
            "local_avg_monthly_wage": "9480.00",
            "min_monthly_wage": "2490.00",
            "ground": "agreed_employer_proposed",
        }
    ),
    work=work_out,
    claims=("economic_compensation",),
)

"""The kinds of claim a case may carry, and what hangs on each: cause of action, final award, payment order, limitation.

`final_award` and `payment_order` are None where the kind is too broad to say, and "medical" where only
medical cost counts. Sources: LDMAL 16, 27, 47; LI1 19; Provisions on Causes of Civil Action.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal

from mediation.domain.labels import Label

Eligible = bool | Literal["medical"] | None
Limitation = Literal["L1", "L5", "AMB-6"]
Claimant = Literal["worker", "employer", "either"]

MEDICAL: Final = "medical"
GENERAL: Final = "L1"
WAGES: Final = "L5"
UNUSED_LEAVE: Final = "AMB-6"


class CauseScheme(StrEnum):
    """Edition of the Provisions on Causes of Civil Action that numbers a case."""

    Y2011 = "2011"
    Y2020 = "2020"
    Y2026 = "2026"


class ClaimOutcome(StrEnum):
    OPEN = "open"
    SETTLED = "settled"
    SUPPORTED = "supported"
    PARTLY_SUPPORTED = "partly_supported"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    WAIVED = "waived"
    SPLIT_OFF = "split_off"


class StatisticalCategory(StrEnum):
    """Groups of the arbitration statistics; which claim belongs to which is this service's reading."""

    RELATIONSHIP = "relationship"
    REMUNERATION = "remuneration"
    SOCIAL_INSURANCE = "social_insurance"
    WORK_INJURY = "work_injury"
    TERMINATION = "termination"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CauseOfAction:
    """One numbered cause; `verified` is false where the number comes from a secondary list."""

    scheme: CauseScheme
    number: str
    label: Label
    verified: bool

    @property
    def parent(self) -> str | None:
        """The number of the broader cause, if this one stands under another."""
        head, bracket, _ = self.number.partition("(")
        return head if bracket else None


@dataclass(frozen=True, slots=True)
class ClaimCode:
    """One kind of claim; `further_2026` are causes that may fit instead of `cause_2026`."""

    code: str
    label: Label
    cause_2026: str
    cause_2020: str | None
    cail: tuple[str, ...]
    final_award: Eligible
    payment_order: Eligible
    limitation: Limitation
    category: StatisticalCategory
    claimant: Claimant = "worker"
    further_2026: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether the 2026 number was confirmed by an official text."""
        return CAUSES[CauseScheme.Y2026][self.cause_2026].verified


CLAIM_OUTCOME_LABELS: Final[Mapping[ClaimOutcome, Label]] = MappingProxyType(
    {
        ClaimOutcome.OPEN: Label("未处理完毕", "open"),
        ClaimOutcome.SETTLED: Label("达成一致", "settled"),
        ClaimOutcome.SUPPORTED: Label("支持", "supported"),
        ClaimOutcome.PARTLY_SUPPORTED: Label("部分支持", "partly supported"),
        ClaimOutcome.DISMISSED: Label("驳回", "dismissed"),
        ClaimOutcome.WITHDRAWN: Label("撤回", "withdrawn"),
        ClaimOutcome.WAIVED: Label("放弃", "waived"),
        ClaimOutcome.SPLIT_OFF: Label("分案另行处理", "split off into a sibling case"),
    }
)

STATISTICAL_CATEGORY_LABELS: Final[Mapping[StatisticalCategory, Label]] = MappingProxyType(
    {
        StatisticalCategory.RELATIONSHIP: Label("确认劳动关系", "confirmation of the employment relationship"),
        StatisticalCategory.REMUNERATION: Label("劳动报酬", "remuneration"),
        StatisticalCategory.SOCIAL_INSURANCE: Label("社会保险", "social insurance"),
        StatisticalCategory.WORK_INJURY: Label("社会保险：工伤", "social insurance: work injury"),
        StatisticalCategory.TERMINATION: Label("解除、终止劳动合同", "end of the labour contract"),
        StatisticalCategory.OTHER: Label("其他", "other"),
    }
)

# number in the 2026 edition, number in the 2020 edition, Chinese, English
_SHARED_CAUSES: Final = (
    ("205", "186", "劳动合同纠纷", "labour contract dispute"),
    ("205(1)", "186(1)", "确认劳动关系纠纷", "confirmation of the employment relationship"),
    ("205(2)", "186(2)", "集体合同纠纷", "collective contract dispute"),
    ("205(3)", "186(3)", "劳务派遣合同纠纷", "labour dispatch contract dispute"),
    ("205(4)", "186(4)", "非全日制用工纠纷", "part-time employment dispute"),
    ("205(5)", "186(5)", "追索劳动报酬纠纷", "recovery of remuneration"),
    ("205(6)", "186(6)", "经济补偿金纠纷", "economic compensation dispute"),
    ("205(7)", "186(7)", "竞业限制纠纷", "non-compete dispute"),
    ("206", "187", "社会保险纠纷", "social insurance dispute"),
    ("206(1)", "187(1)", "养老保险待遇纠纷", "pension insurance benefits"),
    ("206(2)", "187(2)", "工伤保险待遇纠纷", "work-injury insurance benefits"),
    ("206(3)", "187(3)", "医疗保险待遇纠纷", "medical insurance benefits"),
    ("206(4)", "187(4)", "生育保险待遇纠纷", "maternity insurance benefits"),
    ("206(5)", "187(5)", "失业保险待遇纠纷", "unemployment insurance benefits"),
    ("207", "188", "福利待遇纠纷", "welfare benefits dispute"),
    ("210", "189", "聘用合同纠纷", "engagement contract dispute"),
    ("211", "190", "聘任合同纠纷", "appointment contract dispute"),
    ("212", "191", "辞职纠纷", "resignation dispute"),
    ("213", "192", "辞退纠纷", "dismissal dispute"),
)

_NEW_CAUSES: Final = (
    ("144(1)", "超龄劳动者劳务合同纠纷", "service contract dispute of an over-age worker"),
    ("208", "超龄劳动者用工纠纷", "employment dispute of an over-age worker"),
    (
        "209",
        "承包人、被挂靠人用工主体责任纠纷",
        "employer liability of a contractor or of a lender of its licence",
    ),
    ("214", "新就业形态用工合同纠纷", "contract dispute in a new form of employment"),
    ("214(1)", "新就业形态确认劳动关系纠纷", "new form of employment: confirmation of the relationship"),
    ("214(2)", "新就业形态追索劳动报酬纠纷", "new form of employment: recovery of remuneration"),
    ("215", "新就业形态社会保险纠纷", "new form of employment: social insurance"),
    ("215(1)", "新就业形态工伤保险待遇纠纷", "new form of employment: work-injury insurance benefits"),
    ("216", "新就业形态职业伤害保障纠纷", "new form of employment: occupational injury protection"),
)

_CONFIRMED_2026: Final = frozenset({"144(1)", "208"})


def _cause(scheme: CauseScheme, number: str, zh: str, en: str) -> CauseOfAction:
    confirmed = scheme is CauseScheme.Y2020 or number in _CONFIRMED_2026
    return CauseOfAction(scheme, number, Label(zh, en), verified=confirmed)


CAUSES: Final[Mapping[CauseScheme, Mapping[str, CauseOfAction]]] = MappingProxyType(
    {
        CauseScheme.Y2020: MappingProxyType(
            {number: _cause(CauseScheme.Y2020, number, zh, en) for _, number, zh, en in _SHARED_CAUSES}
        ),
        CauseScheme.Y2026: MappingProxyType(
            {
                number: _cause(CauseScheme.Y2026, number, zh, en)
                for number, zh, en in (*((row[0], row[2], row[3]) for row in _SHARED_CAUSES), *_NEW_CAUSES)
            }
        ),
    }
)
"""Causes of action by edition and number; numbers are data, corrected when an official list is at hand."""

_C: Final = StatisticalCategory

_ROWS: Final = (
    ClaimCode(
        "confirm_employment",
        Label("确认劳动关系", "confirmation of the employment relationship"),
        "205(1)",
        "186(1)",
        ("LB5",),
        False,
        False,
        GENERAL,
        _C.RELATIONSHIP,
    ),
    ClaimCode(
        "unpaid_wages",
        Label("拖欠工资", "unpaid wages"),
        "205(5)",
        "186(5)",
        ("LB2", "LB4"),
        True,
        True,
        WAGES,
        _C.REMUNERATION,
    ),
    ClaimCode(
        "wage_below_minimum",
        Label("低于最低工资标准的差额", "difference to the minimum wage"),
        "205(5)",
        "186(5)",
        ("LB4",),
        True,
        True,
        WAGES,
        _C.REMUNERATION,
    ),
    ClaimCode(
        "overtime_pay",
        Label("加班费", "overtime pay"),
        "205(5)",
        "186(5)",
        ("LB8",),
        True,
        True,
        WAGES,
        _C.REMUNERATION,
    ),
    ClaimCode(
        "bonus_commission",
        Label("奖金、提成", "bonus or commission"),
        "205(5)",
        "186(5)",
        ("LB14",),
        True,
        True,
        WAGES,
        _C.REMUNERATION,
    ),
    ClaimCode(
        "annual_leave_pay",
        Label("未休年休假工资报酬", "pay for unused annual leave"),
        "205(5)",
        "186(5)",
        (),
        True,
        True,
        UNUSED_LEAVE,
        _C.REMUNERATION,
    ),
    ClaimCode(
        "high_temp_allowance",
        Label("高温津贴", "high-temperature allowance"),
        "205(5)",
        "186(5)",
        (),
        True,
        True,
        WAGES,
        _C.REMUNERATION,
    ),
    ClaimCode(
        "sick_leave_pay",
        Label("病假工资", "sick pay"),
        "205(5)",
        "186(5)",
        (),
        True,
        True,
        WAGES,
        _C.REMUNERATION,
    ),
    ClaimCode(
        "stoppage_pay",
        Label("停工停产工资、生活费", "pay or living allowance during a stoppage"),
        "205(5)",
        "186(5)",
        (),
        True,
        True,
        WAGES,
        _C.REMUNERATION,
    ),
    ClaimCode(
        "double_wage_no_contract",
        Label("未签书面劳动合同二倍工资", "double wage for want of a written contract"),
        "205",
        "186",
        ("LB6", "LB9"),
        True,
        True,
        GENERAL,
        _C.OTHER,
    ),
    ClaimCode(
        "double_wage_no_open_ended",
        Label("未签无固定期限劳动合同二倍工资", "double wage for want of an open-ended contract"),
        "205",
        "186",
        ("LB6", "LB9"),
        True,
        True,
        GENERAL,
        _C.OTHER,
    ),
    ClaimCode(
        "economic_compensation",
        Label("经济补偿", "economic compensation"),
        "205(6)",
        "186(6)",
        ("LB3",),
        True,
        True,
        GENERAL,
        _C.TERMINATION,
    ),
    ClaimCode(
        "unlawful_termination_damages",
        Label("违法解除或者终止劳动合同赔偿金", "damages for unlawful termination"),
        "205",
        "186",
        ("LB1", "LB12"),
        True,
        True,
        GENERAL,
        _C.TERMINATION,
    ),
    ClaimCode(
        "notice_pay",
        Label("代通知金", "pay in lieu of notice"),
        "205",
        "186",
        ("LB18",),
        True,
        True,
        GENERAL,
        _C.TERMINATION,
    ),
    ClaimCode(
        "reinstatement",
        Label("继续履行劳动合同", "continued performance of the labour contract"),
        "205",
        "186",
        ("LB1",),
        False,
        False,
        GENERAL,
        _C.TERMINATION,
    ),
    ClaimCode(
        "additional_compensation_85",
        Label("逾期不支付的加付赔偿金", "additional compensation after an order to pay"),
        "205(5)",
        "186(5)",
        ("LB4",),
        True,
        True,
        GENERAL,
        _C.REMUNERATION,
    ),
    ClaimCode(
        "probation_damages",
        Label("违法约定试用期赔偿金", "damages for unlawful probation"),
        "205",
        "186",
        (),
        True,
        True,
        GENERAL,
        _C.OTHER,
    ),
    ClaimCode(
        "deposit_refund",
        Label("返还押金、证件", "return of a deposit or papers"),
        "205",
        "186",
        ("LB15",),
        False,
        False,
        GENERAL,
        _C.OTHER,
    ),
    ClaimCode(
        "termination_certificate",
        Label("出具离职证明、转移档案", "certificate of termination, transfer of the file"),
        "205",
        "186",
        (),
        False,
        False,
        GENERAL,
        _C.TERMINATION,
    ),
    ClaimCode(
        "non_compete_compensation",
        Label("竞业限制经济补偿", "non-compete compensation"),
        "205(7)",
        "186(7)",
        (),
        True,
        True,
        GENERAL,
        _C.OTHER,
    ),
    ClaimCode(
        "non_compete_penalty",
        Label("竞业限制违约金", "non-compete penalty"),
        "205(7)",
        "186(7)",
        (),
        False,
        False,
        GENERAL,
        _C.OTHER,
        "employer",
    ),
    ClaimCode(
        "training_service_penalty",
        Label("培训服务期违约金", "penalty for leaving the service period after training"),
        "205",
        "186",
        (),
        False,
        False,
        GENERAL,
        _C.OTHER,
        "employer",
    ),
    ClaimCode(
        "employer_loss",
        Label("劳动者赔偿损失", "compensation of the employer's loss"),
        "205",
        "186",
        (),
        False,
        False,
        GENERAL,
        _C.OTHER,
        "employer",
    ),
    ClaimCode(
        "work_injury_benefit",
        Label("工伤保险待遇", "work-injury benefits"),
        "206(2)",
        "187(2)",
        ("LB10",),
        MEDICAL,
        MEDICAL,
        GENERAL,
        _C.WORK_INJURY,
    ),
    ClaimCode(
        "work_death_benefit",
        Label("工亡待遇", "benefits for a death at work"),
        "206(2)",
        "187(2)",
        ("LB17",),
        False,
        False,
        GENERAL,
        _C.WORK_INJURY,
    ),
    ClaimCode(
        "pension_loss",
        Label("养老保险待遇损失", "loss of pension benefits"),
        "206(1)",
        "187(1)",
        (),
        False,
        False,
        GENERAL,
        _C.SOCIAL_INSURANCE,
    ),
    ClaimCode(
        "medical_insurance_loss",
        Label("医疗保险待遇损失", "loss of medical insurance benefits"),
        "206(3)",
        "187(3)",
        (),
        False,
        False,
        GENERAL,
        _C.SOCIAL_INSURANCE,
    ),
    ClaimCode(
        "maternity_benefit",
        Label("生育待遇", "maternity benefits"),
        "206(4)",
        "187(4)",
        (),
        False,
        False,
        GENERAL,
        _C.SOCIAL_INSURANCE,
    ),
    ClaimCode(
        "unemployment_loss",
        Label("失业保险待遇损失", "loss of unemployment benefits"),
        "206(5)",
        "187(5)",
        (),
        False,
        False,
        GENERAL,
        _C.SOCIAL_INSURANCE,
    ),
    ClaimCode(
        "welfare_benefit",
        Label("福利待遇", "welfare benefits"),
        "207",
        "188",
        (),
        False,
        False,
        GENERAL,
        _C.OTHER,
    ),
    ClaimCode(
        "mass_layoff",
        Label("经济性裁员争议", "dispute about a mass layoff"),
        "205(6)",
        "186(6)",
        ("LB13",),
        None,
        None,
        GENERAL,
        _C.TERMINATION,
    ),
    ClaimCode(
        "dispatch_dispute",
        Label("劳务派遣争议", "labour dispatch dispute"),
        "205(3)",
        "186(3)",
        (),
        None,
        None,
        GENERAL,
        _C.OTHER,
        "either",
    ),
    ClaimCode(
        "part_time_dispute",
        Label("非全日制用工争议", "part-time employment dispute"),
        "205(4)",
        "186(4)",
        (),
        None,
        None,
        GENERAL,
        _C.OTHER,
        "either",
    ),
    ClaimCode(
        "collective_contract",
        Label("履行集体合同争议", "performance of a collective contract"),
        "205(2)",
        "186(2)",
        (),
        None,
        None,
        GENERAL,
        _C.OTHER,
        "either",
    ),
    ClaimCode(
        "over_age_worker",
        Label("超龄劳动者用工争议", "dispute of an over-age worker"),
        "208",
        None,
        (),
        None,
        None,
        GENERAL,
        _C.OTHER,
        "either",
        ("144(1)",),
    ),
    ClaimCode(
        "platform_worker",
        Label("新就业形态用工争议", "dispute in a new form of employment"),
        "214",
        None,
        (),
        None,
        None,
        GENERAL,
        _C.OTHER,
        "either",
        ("214(1)", "214(2)", "215", "215(1)", "216"),
    ),
    ClaimCode(
        "contractor_liability",
        Label("承包人、被挂靠人用工主体责任", "employer liability of a contractor"),
        "209",
        None,
        (),
        None,
        None,
        GENERAL,
        _C.OTHER,
    ),
    ClaimCode(
        "other_labour",
        Label("其他劳动争议", "other labour dispute"),
        "205",
        "186",
        (),
        None,
        None,
        GENERAL,
        _C.OTHER,
        "either",
    ),
)

CLAIM_CODES: Final[Mapping[str, ClaimCode]] = MappingProxyType({row.code: row for row in _ROWS})


def cause_scheme(registered_on: date) -> CauseScheme:
    """Tell which edition numbers a case registered that day; the numbers in force before 2021 are not on file."""
    if registered_on >= date(2026, 1, 1):
        return CauseScheme.Y2026
    return CauseScheme.Y2020 if registered_on >= date(2021, 1, 1) else CauseScheme.Y2011


def cause_of(claim: ClaimCode, scheme: CauseScheme) -> CauseOfAction | None:
    """Give the cause of action of a claim; None where the edition has no cause for it, or is not on file."""
    if scheme not in CAUSES:
        return None
    number = claim.cause_2026 if scheme is CauseScheme.Y2026 else claim.cause_2020
    return None if number is None else CAUSES[scheme][number]

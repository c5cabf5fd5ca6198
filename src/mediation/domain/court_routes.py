"""The lawful ways a labour dispute comes into a court's hands, and the states from which each is open.

Arbitration comes before suit (LDMAL 5; LI1 1), so a case is at court only on one of these routes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.labels import Label


class CourtRouteBasis(StrEnum):
    POST_AWARD = "post_award"
    ARB_NOT_ACCEPTED = "arb_not_accepted"
    ARB_OVERDUE = "arb_overdue"
    FINAL_AWARD_SET_ASIDE = "final_award_set_aside"
    SET_ASIDE_APPLICATION = "set_aside_application"
    AWARD_NOT_ENFORCED = "award_not_enforced"
    WAGE_IOU = "wage_iou"
    PAY_ONLY_AGREEMENT = "pay_only_agreement"
    PAYMENT_ORDER_ENDED_ART16 = "payment_order_ended_art16"
    JUDICIAL_CONFIRMATION = "judicial_confirmation"
    CIVIL_NOT_LABOUR = "civil_not_labour"
    OVER_AGE_OR_NEW_FORM = "over_age_or_new_form"
    ADVISORY_NO_ARBITRATION_YET = "advisory_no_arbitration_yet"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True)
class CourtRoute:
    """One route: what it needs, its basis, and a warning to show wherever it is chosen."""

    code: CourtRouteBasis
    label: Label
    basis: str
    warning: Label | None = None


_ROWS: Final = (
    CourtRoute(
        CourtRouteBasis.POST_AWARD,
        Label(
            "不服裁决，收到之日起15日内起诉（劳动者对终局裁决亦可）",
            "suit within 15 days of receiving a non-final award, or by the worker against a final one",
        ),
        "LDMAL 48, 50",
    ),
    CourtRoute(
        CourtRouteBasis.ARB_NOT_ACCEPTED,
        Label(
            "仲裁委员会不予受理或者逾期未作出受理决定",
            "the commission refused, or gave no decision in its five days",
        ),
        "LDMAL 29; LI1 12",
        Label(
            "移送管辖、送达延误、等待另案结果等情形除外",
            "not where the delay comes from a transfer, service or a case waited for",
        ),
    ),
    CourtRoute(
        CourtRouteBasis.ARB_OVERDUE,
        Label("仲裁逾期未作出裁决", "no award in the commission's time"),
        "LDMAL 43; LI1 12",
        Label(
            "移送管辖、送达延误、等待另案结果等情形除外",
            "not where the delay comes from a transfer, service or a case waited for",
        ),
    ),
    CourtRoute(
        CourtRouteBasis.FINAL_AWARD_SET_ASIDE,
        Label(
            "终局裁决被撤销，收到裁定之日起15日内起诉",
            "suit within 15 days of receiving the ruling that sets a final award aside",
        ),
        "LDMAL 49",
    ),
    CourtRoute(
        CourtRouteBasis.SET_ASIDE_APPLICATION,
        Label("用人单位申请撤销终局裁决", "application of the employer to set a final award aside"),
        "LDMAL 49; LI1 21–23",
    ),
    CourtRoute(
        CourtRouteBasis.AWARD_NOT_ENFORCED,
        Label("裁决被裁定不予执行，30日内起诉", "suit within 30 days after enforcement of an award was refused"),
        "LI1 24",
    ),
    CourtRoute(
        CourtRouteBasis.WAGE_IOU,
        Label(
            "持工资欠条直接起诉，不涉及其他劳动争议",
            "suit on a written wage IOU that raises no other labour issue",
        ),
        "LI1 15",
    ),
    CourtRoute(
        CourtRouteBasis.PAY_ONLY_AGREEMENT,
        Label(
            "调解组织主持达成的仅就劳动报酬给付的协议未履行，直接起诉",
            "suit on an unperformed agreement before a mediation organization on remuneration only",
        ),
        "LI1 51(2)",
    ),
    CourtRoute(
        CourtRouteBasis.PAYMENT_ORDER_ENDED_ART16,
        Label(
            "依据调解协议申请的支付令终结，依调解协议直接起诉",
            "suit on the agreement after its payment order was ended by objection",
        ),
        "LDMAL 16; LI1 13(3)",
        Label(
            "依据劳动合同法第30条申请的支付令终结的，应当先申请仲裁",
            "after a payment order under article 30 of the Labour Contract Law arbitration comes first",
        ),
    ),
    CourtRoute(
        CourtRouteBasis.JUDICIAL_CONFIRMATION,
        Label("共同申请司法确认", "joint application for judicial confirmation"),
        "CPL 205; LI1 52",
        Label("仅限双方共同申请，不能据此起诉", "joint application only, no basis for a suit"),
    ),
    CourtRoute(
        CourtRouteBasis.CIVIL_NOT_LABOUR,
        Label(
            "劳务、家政等民事争议，不属于劳动争议",
            "civil dispute that is no labour dispute, such as service or household work",
        ),
        "LI1 2, 6",
    ),
    CourtRoute(
        CourtRouteBasis.OVER_AGE_OR_NEW_FORM,
        Label(
            "超龄劳动者用工或者新就业形态用工争议",
            "dispute of an over-age worker or a worker in a new form of employment",
        ),
        "法〔2025〕227号; LI2 21",
        Label(
            "是否须先仲裁视请求而定，请先向法院了解",
            "whether arbitration comes first depends on the claim; ask the court first",
        ),
    ),
    CourtRoute(
        CourtRouteBasis.ADVISORY_NO_ARBITRATION_YET,
        Label(
            "尚未仲裁，由法院窗口或者联合中心引导调解",
            "mediation offered by a court window or joint centre although arbitration was not done",
        ),
        "SPC-OL 9(1); LDMAL 5",
        Label(
            "调解不成的应当申请仲裁，法院不予立案",
            "if mediation fails the case goes to arbitration; the court does not register it",
        ),
    ),
    CourtRoute(
        CourtRouteBasis.NOT_STATED,
        Label("来源未说明", "not stated by the source"),
        "record only: the paper or message does not say on which route the case came to court",
        Label(
            "补明受理依据前，不得登记为法院立案",
            "the case cannot be recorded as registered until the route is known",
        ),
    ),
)

COURT_ROUTES: Final[Mapping[CourtRouteBasis, CourtRoute]] = MappingProxyType({row.code: row for row in _ROWS})

NOT_FOR_SUIT: Final = frozenset(
    {
        CourtRouteBasis.JUDICIAL_CONFIRMATION,
        CourtRouteBasis.ADVISORY_NO_ARBITRATION_YET,
        CourtRouteBasis.NOT_STATED,
    }
)
"""Routes that say how a case came near a court but carry no complaint."""

_WITHOUT_ARBITRATION: Final = frozenset(
    {
        CourtRouteBasis.WAGE_IOU,
        CourtRouteBasis.CIVIL_NOT_LABOUR,
        CourtRouteBasis.OVER_AGE_OR_NEW_FORM,
    }
)
_ARBITRATION_REFUSED: Final = _WITHOUT_ARBITRATION | {CourtRouteBasis.ARB_NOT_ACCEPTED}
_AFTER_AGREEMENT: Final = frozenset(
    {
        CourtRouteBasis.PAY_ONLY_AGREEMENT,
        CourtRouteBasis.PAYMENT_ORDER_ENDED_ART16,
        CourtRouteBasis.AWARD_NOT_ENFORCED,
    }
)

ROUTE_FITS: Final[Mapping[str, frozenset[CourtRouteBasis]]] = MappingProxyType(
    {
        "registered": _WITHOUT_ARBITRATION,
        "triage": _WITHOUT_ARBITRATION,
        "mediation_refused": _ARBITRATION_REFUSED,
        "mediation_failed": _ARBITRATION_REFUSED,
        "court_returned": frozenset(CourtRouteBasis) - NOT_FOR_SUIT,
        "arbitration_accepted": frozenset({CourtRouteBasis.ARB_OVERDUE}),
        "arbitration_rejected": _ARBITRATION_REFUSED,
        "arbitration_concluded": frozenset({CourtRouteBasis.POST_AWARD, CourtRouteBasis.SET_ASIDE_APPLICATION}),
        "award_set_aside": frozenset({CourtRouteBasis.FINAL_AWARD_SET_ASIDE}),
        "agreement_effective": _AFTER_AGREEMENT,
        "performing": _AFTER_AGREEMENT,
        "defaulted": _AFTER_AGREEMENT,
    }
)
"""For each main state from which a complaint may be filed, the routes that fit it.

A refusal of the commission is not used up by mediating after it, and a case the court gave back keeps the route it came on.
"""

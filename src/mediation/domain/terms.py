"""Statutory and agreed terms as rows: length, unit, starting fact, roll, extension, what a lapse means, basis."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from mediation.domain.calendar import Unit
from mediation.domain.labels import Label
from mediation.domain.readings import reading

LIMITATION_CODES = ("D_LIMIT_1Y", "D_LIMIT_WAGE_EXIT_1Y")
ND, WD, AGREED = Unit.CALENDAR_DAY, Unit.WORKING_DAY, Unit.AGREED

SETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "MED": ("D_MED_15", "D_MED_EXT", "D_MED_ACCEPT_3WD"),
        "NEG": ("D_NEG_REPLY_5", "D_NEG_TERM"),
        "CTREQ": ("D_CT_ASSIGN_3WD", "D_CT_CHOOSE_2WD"),
        "CT": ("D_CT_30", "D_CT_15", "D_CT_7", "D_CT_EXT", "D_CT_CONTACT_3WD"),
        "ARB": (
            "D_ARB_ACCEPT_5",
            "D_ARB_SERVE_5",
            "D_ARB_PANEL_5",
            "D_ARB_ANSWER_10",
            "D_ARB_HEARNOTICE_5",
            "D_ARB_PREMED_10",
            "D_ARB_45",
            "D_ARB_SIMPLE_30",
        ),
        "LIM": LIMITATION_CODES,
        "SUIT": ("D_SUIT_15", "D_SETASIDE_30", "D_SUIT_AFTER_SETASIDE_15"),
        "APPEAL": ("D_APPEAL_15", "D_APPEAL_10"),
    }
)
NOT_IN_ALL = frozenset({*SETS["LIM"], "D_ENFORCE_2Y"})
WITHOUT_TIMER = frozenset(
    {
        *SETS["LIM"],
        *SETS["CTREQ"],
        "D_TRIAGE_1WD",
        "D_CT_CONTACT_3WD",
        "D_ARB_SERVE_5",
        "D_ARB_PANEL_5",
        "D_ARB_HEARNOTICE_5",
        "D_COURT_REG_7",
        "D_REVIEW_DECIDE",
        "D_JC_ACCEPT_3",
        "D_JC_DECIDE",
        "D_PO_ACCEPT_5",
        "D_PO_ISSUE_15",
        "D_PRES_48H",
        "D_AID_REVIEW_7",
        "D_UNION_AID_7WD",
        "D_AID_ASSIGN_3",
        "D_TERMDOC_15",
        "D_FOLLOWUP_90",
        "D_CHALLENGE_2WD",
        "D_ENFORCE_2Y",
    }
)


@dataclass(frozen=True, slots=True)
class Term:
    """One row: `length` in `unit` from the fact `starts_on`; `roll` moves an end off a day off.

    `extension_length` is the fixed statutory extra in `unit`; `basis` lists sources as "LDMAL 14; ZJ 10".
    `verified` is False where the text of the source could not be compared. `hint` tells the safer reading.
    """

    code: str
    label: Label
    length: int | None
    unit: Unit
    roll: bool
    backward: bool
    starts_on: Label
    extension: Label | None
    extension_length: int | None
    on_lapse: Label | None
    basis: str
    verified: bool
    ambiguities: tuple[str, ...]
    per_party: bool
    sets: tuple[str, ...]
    hint: Label | None
    timer: bool


def _term(
    code: str,
    label: tuple[str, str],
    length: int | None,
    unit: Unit,
    starts_on: tuple[str, str],
    *,
    basis: str,
    roll: bool = False,
    backward: bool = False,
    extension: tuple[str, str] | None = None,
    extension_length: int | None = None,
    on_lapse: tuple[str, str] | None = None,
    verified: bool = True,
    ambiguities: tuple[str, ...] = (),
    per_party: bool = False,
) -> Term:
    return Term(
        code=code,
        label=Label(*label),
        length=length,
        unit=unit,
        roll=roll,
        backward=backward,
        starts_on=Label(*starts_on),
        extension=Label(*extension) if extension else None,
        extension_length=extension_length,
        on_lapse=Label(*on_lapse) if on_lapse else None,
        basis=basis,
        verified=verified,
        ambiguities=ambiguities,
        per_party=per_party,
        sets=tuple(name for name, codes in SETS.items() if code in codes),
        hint=None,
        timer=code not in WITHOUT_TIMER,
    )


_HINTED = ("AMB-1", "AMB-2", "AMB-3")
_READ: Mapping[str, Callable[[Term], Mapping[str, Any]]] = MappingProxyType(
    {
        "AMB-1": lambda _term: {"starts_on": reading("AMB-1").starts_on},
        "AMB-2": lambda _term: {"unit": reading("AMB-2").unit, "roll": reading("AMB-2").roll},
        "AMB-12": lambda _term: {"extension": reading("AMB-12").told},
        "AMB-16": lambda term: {"length": reading("AMB-16")[term.code]},
    }
)


def as_read(term: Term) -> Term:
    """The row as the rules in force on its open questions have it."""
    if not term.ambiguities:
        return term
    changes: dict[str, Any] = {}
    for name in term.ambiguities:
        if name in _READ:
            changes |= _READ[name](term)
    hint = next((reading(name).hint for name in term.ambiguities if name in _HINTED), None)
    return replace(term, **changes, hint=hint)


def counts_from(term: Term, fact: str) -> bool:
    """Whether the term counts from this fact, where the law leaves open from which (AMB-1)."""
    return "AMB-1" not in term.ambiguities or fact in reading("AMB-1").facts


NEGOTIATION = (
    _term(
        "D_NEG_REPLY_5",
        ("协商要求答复期", "reply to a negotiation request"),
        5,
        ND,
        ("对方收到协商要求", "the other side receives the negotiation request"),
        basis="R17 10, 31",
        roll=True,
        on_lapse=(
            "视为不愿协商；可以调解或仲裁，时效中断",
            "deemed unwilling; mediation or arbitration open, limitation interrupted",
        ),
    ),
    _term(
        "D_NEG_TERM",
        ("约定的协商期限", "agreed negotiation term"),
        None,
        AGREED,
        ("书面约定协商期限", "written agreement on the term"),
        basis="R17 10",
        roll=True,
        extension=("双方书面同意", "both sides agree in writing"),
        on_lapse=("协商不成", "negotiation failed"),
    ),
    _term(
        "D_TRIAGE_1WD",
        ("登记后分流", "triage after registration"),
        1,
        WD,
        ("登记", "registration"),
        basis="product rule",
        on_lapse=("提醒主管", "supervisor alert"),
    ),
)

MEDIATION = (
    _term(
        "D_MED_ACCEPT_3WD",
        ("调解申请受理期", "acceptance of a mediation application"),
        3,
        WD,
        ("调解组织收到申请", "the organization receives the application"),
        basis="R17 22",
        on_lapse=("按未受理处理或提请主管", "treated as refused or raised to the supervisor"),
        ambiguities=("AMB-11",),
    ),
    _term(
        "D_MED_15",
        ("调解期限", "mediation term"),
        15,
        ND,
        ("调解组织收到调解申请", "the organization receives the application"),
        basis="LDMAL 14; ZJ 10; R17 29",
        roll=True,
        extension=("双方同意可延长", "both parties agree"),
        on_lapse=("视为调解不成，当事人可以申请仲裁", "deemed failed; either party may arbitrate"),
        ambiguities=("AMB-1", "AMB-12", "AMB-16"),
    ),
    _term(
        "D_MED_EXT",
        ("延长后的调解期限", "extended mediation term"),
        None,
        AGREED,
        ("双方同意延长", "both parties agree to extend"),
        basis="LDMAL 14; ZJ 10; R17 29",
        roll=True,
        extension=("双方书面同意，可再次延长", "both in writing, repeatable"),
        on_lapse=("视为调解不成", "deemed failed"),
        ambiguities=("AMB-12",),
    ),
    _term(
        "D_SIGN_3WD",
        ("协议签署期", "signing of the agreement"),
        3,
        WD,
        ("协议条款确定", "the terms are fixed"),
        basis="product rule",
        extension=("调解员说明理由后延长", "by the mediator, with a note"),
        on_lapse=("签署期满，协议未成立", "the signature lapses"),
    ),
    _term(
        "D_CHALLENGE_2WD",
        ("回避申请决定期", "decision on a challenge"),
        2,
        WD,
        ("提出回避申请", "the challenge is raised"),
        basis="product rule",
        on_lapse=("提醒主管立即决定", "the supervisor decides at once"),
    ),
)

AGREEMENT = (
    _term(
        "OBLIGATION",
        ("履行期限", "due date of an obligation"),
        None,
        AGREED,
        ("协议或文书约定的履行日", "the day fixed by the agreement or title"),
        basis="CC 203; PML 31",
        roll=True,
        extension=("双方书面同意", "both sides agree in writing"),
        on_lapse=("逾期未履行", "the obligation is overdue"),
    ),
    _term(
        "D_FOLLOWUP_90",
        ("履行回访期", "follow-up of performance"),
        90,
        ND,
        ("最后一期履行日", "the last due date"),
        basis="PML 31; product rule",
        extension=("主管决定", "by the supervisor"),
        on_lapse=("可以按调解成功结案", "the case may close as settled"),
    ),
    _term(
        "D_REVIEW_15",
        ("申请仲裁审查期", "joint request for arbitration review"),
        15,
        ND,
        ("调解协议生效", "the agreement takes effect"),
        basis="R17 27; R33 74, 75",
        roll=True,
        on_lapse=(
            "仲裁委不予受理审查；协议仍有约束力",
            "the commission refuses review; the agreement still binds",
        ),
        ambiguities=("AMB-3", "AMB-5"),
    ),
    _term(
        "D_REVIEW_DECIDE",
        ("仲裁审查期", "arbitration review"),
        5,
        WD,
        ("仲裁委受理审查申请", "the commission accepts the review"),
        basis="R33 76, 80; ZJ 39",
        extension=("仲裁委负责人批准延长5个工作日", "5 more working days by the head of the commission"),
        extension_length=5,
        ambiguities=("AMB-2",),
    ),
    _term(
        "D_JC_30",
        ("申请司法确认期", "joint request for judicial confirmation"),
        30,
        ND,
        ("调解协议生效", "the agreement takes effect"),
        basis="CPL 205; PML 33",
        roll=True,
        on_lapse=("不能再申请确认；协议仍有约束力", "confirmation is lost; the agreement still binds"),
        ambiguities=("AMB-3", "AMB-4"),
    ),
    _term(
        "D_JC_ACCEPT_3",
        ("司法确认受理期", "acceptance of a confirmation request"),
        3,
        ND,
        ("法院收到申请", "the court receives the application"),
        basis="SPC-JC 4",
        roll=True,
    ),
    _term(
        "D_JC_DECIDE",
        ("司法确认审查期", "decision on confirmation"),
        15,
        ND,
        ("法院受理", "the court accepts the request"),
        basis="SPC-JC 5; CPL 187",
        roll=True,
        extension=(
            "延长10日；适用特别程序为立案后30日，院长可批准延长",
            "10 more days; 30 days from registration in special procedure, longer by the court president",
        ),
        extension_length=10,
    ),
)

COURT_MEDIATION = (
    _term(
        "D_CT_ACCEPT_3WD",
        ("接受委派委托期", "answer to a court dispatch"),
        3,
        WD,
        ("收到委派委托信息", "the dispatch message is received"),
        basis="SPC-OL 12",
        on_lapse=("法院可另行选定", "the court may choose another"),
    ),
    _term(
        "D_CT_ASSIGN_3WD",
        ("法院指派期", "dispatch by the court"),
        3,
        WD,
        ("法院收到当事人在线申请", "the court receives the online application"),
        basis="SPC-OL 10",
        on_lapse=("提醒联络法院", "ask the court"),
    ),
    _term(
        "D_CT_CHOOSE_2WD",
        ("选择调解组织期", "choice of the mediator"),
        2,
        WD,
        ("双方同意在线调解", "both agree to online mediation"),
        basis="SPC-OL 10",
        on_lapse=("由法院指定", "the court appoints"),
    ),
    _term(
        "D_CT_CONTACT_3WD",
        ("联系当事人期", "first contact with the parties"),
        3,
        WD,
        ("调解员接受委派委托", "the mediator accepts the dispatch"),
        basis="SPC-OL 15",
        on_lapse=("可因无法联系而终止", "may end as unreachable"),
    ),
    _term(
        "D_CT_30",
        ("诉前委派调解期限", "pre-filing court mediation"),
        30,
        ND,
        (
            "线上：点击接受；线下：签收材料",
            "online: click on accept; offline: the mediator signs for the file",
        ),
        basis="SPC-OL 24; SPC-TY 27",
        roll=True,
        extension=("各方同意", "all parties agree"),
        on_lapse=("调解不成，退回法院立案", "failed; back to the court, which registers the case"),
        ambiguities=("AMB-16",),
    ),
    *(
        _term(
            code,
            label,
            length,
            ND,
            (
                "线上：点击接受；线下：签收材料",
                "online: click on accept; offline: the mediator signs for the file",
            ),
            basis="SPC-OL 24; SPC-TY 27",
            roll=True,
            extension=("各方同意，不计入审限", "all parties agree; the extension is not trial time"),
            on_lapse=("调解不成，转入审理", "failed; back to trial"),
        )
        for code, label, length in (
            ("D_CT_15", ("诉中委托调解期限（普通程序）", "mediation in suit, ordinary procedure"), 15),
            ("D_CT_7", ("诉中委托调解期限（简易程序）", "mediation in suit, simplified procedure"), 7),
        )
    ),
    _term(
        "D_CT_EXT",
        ("延长后的委派委托调解期限", "extended court mediation"),
        None,
        AGREED,
        ("各方同意延长", "all parties agree to extend"),
        basis="SPC-TY 27; SPC-OL 24",
        roll=True,
        extension=("各方书面同意，可再次延长", "all in writing, repeatable"),
        on_lapse=("调解不成，退回法院", "failed; back to the court"),
    ),
)

ARBITRATION = (
    _term(
        "D_ARB_ACCEPT_5",
        ("仲裁受理期", "acceptance by the commission"),
        5,
        WD,
        ("仲裁委收到仲裁申请", "the commission receives the application"),
        basis="LDMAL 29; ZJ 21",
        on_lapse=("申请人可以起诉", "the applicant may sue"),
        ambiguities=("AMB-2",),
    ),
    _term(
        "D_ARB_SERVE_5",
        ("申请书副本送达期", "service of the copy"),
        5,
        WD,
        ("仲裁委受理", "the commission accepts"),
        basis="LDMAL 30",
        ambiguities=("AMB-2",),
    ),
    _term(
        "D_ARB_ANSWER_10",
        ("答辩期", "statement of defence"),
        10,
        WD,
        ("被申请人收到副本", "the respondent receives the copy"),
        basis="LDMAL 30",
        on_lapse=("不影响仲裁程序进行", "the procedure goes on"),
        ambiguities=("AMB-2",),
        per_party=True,
    ),
    _term(
        "D_ARB_PANEL_5",
        ("组庭通知期", "notice of the tribunal"),
        5,
        WD,
        ("仲裁委受理", "the commission accepts"),
        basis="LDMAL 32",
        ambiguities=("AMB-2",),
    ),
    _term(
        "D_ARB_HEARNOTICE_5",
        ("开庭通知", "notice of the hearing"),
        5,
        WD,
        ("开庭日，倒算", "the hearing date, backwards"),
        basis="LDMAL 35",
        backward=True,
        extension=(
            "当事人可在开庭三日前申请延期开庭",
            "a party may ask to postpone 3 days before the hearing",
        ),
        ambiguities=("AMB-2",),
    ),
    _term(
        "D_ARB_PREMED_10",
        ("庭前调解期", "prehearing mediation"),
        10,
        WD,
        ("双方同意庭前调解", "the parties consent to prehearing mediation"),
        basis="R33 70 (from memory)",
        on_lapse=("应当开庭审理", "the hearing must be held"),
        verified=False,
        ambiguities=("AMB-2",),
    ),
    _term(
        "D_ARB_45",
        ("仲裁审理期限", "arbitration term"),
        45,
        ND,
        ("仲裁委受理", "the commission accepts"),
        basis="LDMAL 43",
        roll=True,
        extension=(
            "案情复杂，经仲裁委主任批准并书面通知，延长不超过15日",
            "at most 15 more days, approved by the head of the commission, with written notice",
        ),
        extension_length=15,
        on_lapse=("当事人可以起诉", "the parties may sue"),
    ),
    _term(
        "D_ARB_SIMPLE_30",
        ("简易处理期限", "simplified arbitration term"),
        30,
        ND,
        ("仲裁委受理", "the commission accepts"),
        basis="ZJ 39",
        roll=True,
        extension=(
            "可转为普通程序，期限连续计算",
            "may turn into ordinary procedure; the clock is not reset",
        ),
    ),
)

SUIT = (
    _term(
        "D_SUIT_15",
        ("起诉期", "suit after an award"),
        15,
        ND,
        ("该方收到裁决书", "the party receives the award"),
        basis="LDMAL 48, 50; CPL 86",
        roll=True,
        extension=(
            "有正当理由的，障碍消除后十日内申请顺延",
            "after an obstacle the court may allow it: ask within 10 days",
        ),
        on_lapse=("非终局裁决生效", "a non-final award takes effect"),
        ambiguities=("AMB-3", "AMB-7"),
        per_party=True,
    ),
    _term(
        "D_SETASIDE_30",
        ("申请撤销裁决期", "request to set aside a final award"),
        30,
        ND,
        ("用人单位收到终局裁决", "the employer receives the final award"),
        basis="LDMAL 49; LI1 21",
        roll=True,
        on_lapse=("终局裁决维持效力", "the final award stands"),
        ambiguities=("AMB-3",),
    ),
    _term(
        "D_SUIT_AFTER_SETASIDE_15",
        ("裁决被撤销后起诉期", "suit after an award is set aside"),
        15,
        ND,
        ("收到撤销裁定", "the set-aside ruling is received"),
        basis="LDMAL 49",
        roll=True,
        ambiguities=("AMB-3",),
    ),
    _term(
        "D_SUIT_AFTER_NONENF_30",
        ("裁定不予执行后起诉期", "suit after enforcement is refused"),
        30,
        ND,
        ("收到不予执行裁定", "the ruling refusing enforcement is received"),
        basis="LI1 24",
        roll=True,
        ambiguities=("AMB-3",),
    ),
    _term(
        "D_COURT_REG_7",
        ("法院立案期", "registration by the court"),
        7,
        ND,
        ("法院收到起诉状", "the court receives the complaint"),
        basis="CPL 126",
        roll=True,
    ),
    _term(
        "D_APPEAL_15",
        ("上诉期", "appeal"),
        15,
        ND,
        ("该方收到一审判决", "the party is served with the first-instance judgment"),
        basis="CPL 171; CPL 86",
        roll=True,
        extension=(
            "有正当理由的，障碍消除后十日内申请顺延",
            "after an obstacle the court may allow it: ask within 10 days",
        ),
        on_lapse=("判决生效", "the judgment takes effect"),
        ambiguities=("AMB-3",),
        per_party=True,
    ),
    _term(
        "D_APPEAL_10",
        ("裁定上诉期", "appeal against a ruling"),
        10,
        ND,
        ("该方收到一审裁定", "the party is served with the first-instance ruling"),
        basis="CPL 171; CPL 86",
        roll=True,
        extension=(
            "有正当理由的，障碍消除后十日内申请顺延",
            "after an obstacle the court may allow it: ask within 10 days",
        ),
        on_lapse=("裁定生效", "the ruling takes effect"),
        ambiguities=("AMB-3",),
        per_party=True,
    ),
)

PAYMENT_ORDER = (
    _term(
        "D_PO_ACCEPT_5",
        ("支付令受理期", "acceptance of a payment-order request"),
        5,
        ND,
        ("法院收到申请", "the court receives the application"),
        basis="CPL 226; CPLI 427",
        roll=True,
    ),
    _term(
        "D_PO_ISSUE_15",
        ("支付令发出期", "issue of the payment order"),
        15,
        ND,
        ("法院受理", "the court accepts"),
        basis="CPL 227",
        roll=True,
        on_lapse=("裁定驳回", "rejected by ruling"),
    ),
    _term(
        "D_PO_OBJECT_15",
        ("支付令异议期", "objection to the payment order"),
        15,
        ND,
        ("债务人收到支付令", "the debtor receives the order"),
        basis="CPL 227–228",
        roll=True,
        on_lapse=("支付令可以强制执行", "the order becomes enforceable"),
        ambiguities=("AMB-3",),
    ),
    _term(
        "D_PO_SERVE_30",
        ("支付令送达期", "service of the payment order"),
        30,
        ND,
        ("支付令发出", "the order is issued"),
        basis="CPLI 430",
        roll=True,
        on_lapse=("无法送达，支付令失效", "not served: the order is void"),
    ),
    _term(
        "D_PO_NOSUIT_7",
        ("支付令失效后表示不起诉期", "refusal to sue after the order ends"),
        7,
        ND,
        ("收到终结督促程序裁定", "the ruling that ends the procedure is received"),
        basis="CPLI 438–439",
        roll=True,
        on_lapse=("未表示的，视为向该院起诉", "silence counts as suing at that court"),
        ambiguities=("AMB-3",),
    ),
)

ENFORCEMENT = (
    _term(
        "D_ENFORCE_2Y",
        ("申请执行期", "request for enforcement"),
        2,
        Unit.YEAR,
        (
            "履行期限最后一日；分期履行的为最后一期末日；未规定的为生效日",
            "the last day of the performance term, of the last instalment, or the effective date if none is stated",
        ),
        basis="CPL 250",
        roll=True,
        extension=("适用诉讼时效中止、中断", "suspended and interrupted like limitation"),
        on_lapse=("债务人取得抗辩", "the debtor gains a defence"),
        ambiguities=("AMB-3",),
    ),
    _term(
        "D_PRES_48H",
        ("紧急保全裁定期", "ruling on urgent preservation"),
        48,
        Unit.HOUR,
        ("法院收到紧急申请", "the court receives an urgent application"),
        basis="CPL 103, 104",
        on_lapse=("询问法院", "ask the court"),
    ),
    _term(
        "D_PRES_SUIT_30",
        ("保全后起诉或申请仲裁期", "suit or arbitration after preservation"),
        30,
        ND,
        ("起诉或仲裁前采取保全措施", "measures taken before suit or arbitration"),
        basis="CPL 104(3)",
        roll=True,
        on_lapse=("解除保全", "the measures are lifted"),
        ambiguities=("AMB-3",),
    ),
)

LIMITATION = (
    _term(
        "D_LIMIT_1Y",
        ("仲裁时效", "limitation"),
        1,
        Unit.YEAR,
        ("知道或者应当知道权利被侵害", "the party knew or should have known"),
        basis="LDMAL 27; CC 193, 198",
        roll=True,
        extension=("时效中断、中止", "interruption, suspension"),
        on_lapse=("债务人取得抗辩，不得主动适用", "the debtor gains a defence, never applied on own motion"),
        ambiguities=("AMB-3", "AMB-6", "AMB-10", "AMB-13"),
    ),
    _term(
        "D_LIMIT_WAGE_EXIT_1Y",
        ("劳动报酬仲裁时效（离职起算）", "limitation of wages from the end of employment"),
        1,
        Unit.YEAR,
        ("劳动关系终止", "the end of employment"),
        basis="LDMAL 27(4)",
        roll=True,
        extension=("时效中断、中止", "interruption, suspension"),
        on_lapse=("债务人取得抗辩，不得主动适用", "the debtor gains a defence, never applied on own motion"),
        ambiguities=("AMB-3", "AMB-6", "AMB-13"),
    ),
)

SERVICE_AND_AID = (
    _term(
        "D_NOTICE_SERVE_30",
        ("公告送达期", "service by public notice"),
        30,
        ND,
        ("发出公告", "the public notice is issued"),
        basis="CPL 95; ZJ 35",
        on_lapse=("视为送达", "deemed served"),
    ),
    _term(
        "D_NOTICE_SERVE_10",
        ("集体争议公告送达期（浙江）", "service by public notice in a collective case (Zhejiang)"),
        10,
        ND,
        ("向用人单位发出公告", "the public notice to the employer is issued"),
        basis="ZJ 41",
        on_lapse=("视为送达", "deemed served"),
    ),
    _term(
        "D_AID_REVIEW_7",
        ("法律援助审查期", "review of a legal-aid request"),
        7,
        ND,
        ("法律援助机构收到申请", "the state legal-aid agency receives the application"),
        basis="LAL 43",
        roll=True,
    ),
    _term(
        "D_AID_ASSIGN_3",
        ("法律援助指派期", "assignment of legal aid"),
        3,
        ND,
        ("决定给予援助", "the decision to give aid"),
        basis="LAL 43; product rule",
        roll=True,
        on_lapse=("提醒主管", "supervisor alert"),
    ),
    _term(
        "D_UNION_AID_7WD",
        ("工会法律援助审查期", "review of a union-aid request"),
        7,
        WD,
        ("工会收到援助申请", "the union receives the request"),
        basis="ACFTU-LA (from memory)",
        on_lapse=("提醒主管", "supervisor alert"),
        verified=False,
    ),
    _term(
        "D_TERMDOC_15",
        ("离职手续办理期", "papers at the end of a contract"),
        15,
        ND,
        ("劳动合同解除或者终止", "the end of the contract"),
        basis="LCL 50",
        roll=True,
        on_lapse=(
            "用人单位应当办理档案和社会保险转移",
            "the employer must hand over file and social-insurance papers",
        ),
    ),
)

SUPERVISION = (
    _term(
        "D_SUP_REMINDER",
        ("提示函答复期", "reply to the union's reminder"),
        None,
        AGREED,
        ("发出提示函", "the reminder letter"),
        basis="product rule",
        extension=("另发提示函", "a new letter"),
        on_lapse=("可以发出意见书", "the opinion may follow"),
    ),
    _term(
        "D_SUP_REPLY_15WD",
        ("意见书答复期", "reply to the union's opinion"),
        15,
        WD,
        ("用人单位收到意见书", "the employer receives the opinion"),
        basis="ZJ-SUP 20",
        on_lapse=("可以向主管部门发出建议书", "the recommendation to the authority may follow"),
        verified=False,
    ),
    _term(
        "D_SUP_ADMIN_5WD",
        ("建议书受理期", "answer to the union's recommendation"),
        5,
        WD,
        ("主管部门收到建议书", "the authority receives the recommendation"),
        basis="ZJ-SUP 23",
        on_lapse=("提醒主管部门", "reminder to the authority"),
        verified=False,
    ),
    _term(
        "D_INSPECT_ACCEPT_5WD",
        ("监察立案期", "acceptance by labour inspection"),
        5,
        WD,
        ("监察机构收到投诉移送", "the inspection office receives the matter"),
        basis="Labour Inspection Regulation (from memory)",
        on_lapse=("询问监察机构", "ask the office"),
        verified=False,
    ),
    _term(
        "D_INSPECT_60WD",
        ("监察办理期", "inspection term"),
        60,
        WD,
        ("监察机构立案", "the inspection files the case"),
        basis="Labour Inspection Regulation 17 (from memory)",
        extension=("经负责人批准延长30个工作日", "30 more working days by the head of the office"),
        extension_length=30,
        on_lapse=("询问监察机构", "ask the office"),
        verified=False,
    ),
    _term(
        "D_ADMIN_ORDER",
        ("责令支付期限", "term of an order to pay"),
        None,
        AGREED,
        ("责令支付", "the order to pay"),
        basis="LCL 85",
        on_lapse=("可以主张加付赔偿金", "additional compensation opens (LCL 85)"),
    ),
    _term(
        "D_ADVANCE_DECIDE",
        ("垫付决定期", "decision on an advance"),
        10,
        WD,
        ("提出垫付申请", "the request for an advance"),
        basis="local rules; product rule",
        on_lapse=("提醒主管", "supervisor alert"),
        verified=False,
    ),
)

TERMS: Mapping[str, Term] = MappingProxyType(
    {
        term.code: as_read(term)
        for term in (
            *NEGOTIATION,
            *MEDIATION,
            *AGREEMENT,
            *COURT_MEDIATION,
            *ARBITRATION,
            *SUIT,
            *PAYMENT_ORDER,
            *ENFORCEMENT,
            *LIMITATION,
            *SERVICE_AND_AID,
            *SUPERVISION,
        )
    }
)
DATA_REQUEST_TERM = _term(
    "D_DATA_REQUEST_15",
    ("个人信息请求答复期", "answer to a request about personal data"),
    15,
    ND,
    ("收到请求", "the request is received"),
    basis="PIPL 50; product rule",
)
"""The law asks for a prompt answer; the length is a value of this product. No step of the procedure starts it."""
TERMS_BESIDE: Mapping[str, Term] = MappingProxyType({DATA_REQUEST_TERM.code: DATA_REQUEST_TERM})
"""Terms that run beside the procedure, of records that no step makes."""
TERM_SETS: Mapping[str, frozenset[str]] = MappingProxyType(
    {name: frozenset(codes) for name, codes in SETS.items()} | {"ALL": frozenset(TERMS) - NOT_IN_ALL}
)

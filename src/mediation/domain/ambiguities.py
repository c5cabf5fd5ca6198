"""The questions the law leaves open, and the rule this service follows on each until somebody decides otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from mediation.domain.labels import Label

EXTENSION_CAP_DAYS: Final = 30
"""AMB-12: natural days one consent may add to organization mediation (product rule; the law sets no cap)."""

SUPERVISOR_AFTER_CONSENTS: Final = 2
"""AMB-12: consents to extend that need no supervisor; from the next one on a supervisor approves."""

Applies = Literal["cases", "calculators"]

APPLIES: Final[Mapping[Applies, Label]] = MappingProxyType(
    {
        "cases": Label("决定案件的步骤和期限", "decides steps and deadlines of cases"),
        "calculators": Label(
            "仅供金额和时效计算采用，不影响案件的步骤和期限",
            "used by the calculators of amounts and limitation only; no step or deadline of a case depends on it",
        ),
    }
)
"""Where the rule in force is asked for."""


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """An open question, the named rule in force, and the reading not followed.

    `settled` is true where a text answers the question after all and only the form of display was chosen.
    `acts_on` names what the rule decides in a case: terms, guards, "roll" for the end of every term that rolls,
    "limitation" for the restart of its clocks; empty for the calculators.
    """

    id: str
    question: Label
    rule: str
    rule_label: Label
    alternative: str
    alternative_label: Label
    settled: bool = False
    applies: Applies = "cases"
    acts_on: tuple[str, ...] = ()


_ROWS: Final = (
    Ambiguity(
        "AMB-1",
        Label(
            "调解的15日从收到申请之日还是受理之日起算",
            "Do the 15 days of mediation run from receipt of the application or from its acceptance?",
        ),
        "run_from_receipt",
        Label(
            "从收到申请之日起算；受理之后，按受理之日起算的到期日作为提示显示",
            "From receipt; once accepted, the end counted from acceptance is shown as a hint",
        ),
        "run_from_acceptance",
        Label("从受理之日起算；受理之前不起算", "From acceptance; before it nothing runs"),
        acts_on=("D_MED_15",),
    ),
    Ambiguity(
        "AMB-2",
        Label(
            "仲裁程序中的3、5、10日是工作日还是自然日",
            "Are the 3, 5 and 10 days of arbitration working days or natural days?",
        ),
        "working_days_for_short_terms",
        Label(
            "3、5、10日按工作日，15、45日按自然日；较早的自然日作为提示显示",
            "Working days for 3, 5 and 10, natural days for 15 and 45; the earlier natural day is shown as a hint",
        ),
        "natural_days_throughout",
        Label("一律按自然日，末日为休息日的顺延", "Natural days throughout; an end on a day off rolls"),
        settled=True,
        acts_on=(
            "D_ARB_ACCEPT_5",
            "D_ARB_SERVE_5",
            "D_ARB_ANSWER_10",
            "D_ARB_PANEL_5",
            "D_ARB_HEARNOTICE_5",
            "D_ARB_PREMED_10",
            "D_REVIEW_DECIDE",
        ),
    ),
    Ambiguity(
        "AMB-3",
        Label(
            "期间届满日为调休上班的周六周日的，是否顺延",
            "Does a term that ends on a make-up working Saturday or Sunday roll to the next working day?",
        ),
        "make_up_day_is_working_day",
        Label(
            "视为工作日，不顺延；提交类期限以提前一个工作日的日期作为提示显示",
            "It counts as a working day and does not roll; for filing terms the working day before is shown as a hint",
        ),
        "make_up_day_is_rest_day",
        Label(
            "视为休息日，顺延至下一个非调休的工作日",
            "It counts as a rest day and rolls to the next ordinary working day",
        ),
        acts_on=("roll",),
    ),
    Ambiguity(
        "AMB-4",
        Label(
            "人民调解组织以外的组织主持达成的劳动争议调解协议能否申请司法确认",
            "May labour agreements made before bodies other than people's mediation be judicially confirmed?",
        ),
        "people_or_invited_and_payment_only",
        Label(
            "人民调解组织或法院特邀调解组织主持且仅有给付内容的，可以申请；其他情形提示先向法院了解、优先申请仲裁审查",
            "Open for people's mediation or court-invited bodies with payment terms only; else a warning to ask the court first and prefer arbitration review",
        ),
        "any_lawful_organization",
        Label("依法设立的调解组织主持的均可申请", "Open for every lawfully established body"),
        acts_on=("jc_gate_amb4",),
    ),
    Ambiguity(
        "AMB-5",
        Label(
            "仲裁审查由调解组织所在地仲裁委员会还是有管辖权的仲裁委员会办理",
            "Does the commission at the organization's seat or the one with jurisdiction review an agreement?",
        ),
        "seat_of_organization_in_zhejiang",
        Label(
            "申请仲裁审查时提示：调解组织在浙江省内的，向其所在地仲裁委员会申请，否则向有管辖权的仲裁委员会申请",
            "The application for review shows where to apply: inside Zhejiang at the organization's seat, elsewhere where jurisdiction lies",
        ),
        "commission_with_jurisdiction",
        Label("均提示向有管辖权的仲裁委员会申请", "It shows the commission with jurisdiction everywhere"),
        acts_on=("by_organization",),
    ),
    Ambiguity(
        "AMB-6",
        Label(
            "未休年休假工资报酬适用一般时效还是劳动报酬时效",
            "Is pay for unused annual leave under the general limitation or the one for remuneration?",
        ),
        "general_limitation_with_wage_view",
        Label(
            "按一般时效计算，自最后可安排休假年度届满起算；同时显示对劳动者有利的劳动报酬时效；不据此拒绝",
            "General limitation from the end of the year in which the leave could last be taken; the view for remuneration is shown beside it; never a ground to turn a claim away",
        ),
        "wage_limitation",
        Label("按劳动报酬时效计算", "The limitation for remuneration"),
        applies="calculators",
    ),
    Ambiguity(
        "AMB-7",
        Label(
            "向法院递交诉状后转入诉前调解，15日起诉期间是否受影响",
            "Does handing in a complaint that goes to pre-filing mediation keep the 15 days to sue?",
        ),
        "receipt_stamp_is_filing_date",
        Label(
            "以法院收件日期为起诉日期；起诉期间未满的，提示在期满前办理正式立案",
            "The court's receipt stamp is the filing date; while the term to sue runs, a warning advises formal registration before it ends",
        ),
        "only_registration_counts",
        Label(
            "以正式立案日期为准；期满未立案的，提示起诉期间可能已届满",
            "Only formal registration counts; without it a warning says at the end of the term that it may be over",
        ),
        acts_on=("within_suit_term",),
    ),
    Ambiguity(
        "AMB-8",
        Label("经济补偿基数是否包含加班工资", "Is overtime pay part of the base of economic compensation?"),
        "overtime_included",
        Label("计入，并显示不计入的结果", "Included; the result without it is shown beside it"),
        "overtime_excluded",
        Label("不计入", "Excluded"),
        applies="calculators",
    ),
    Ambiguity(
        "AMB-9",
        Label(
            "未订立书面合同二倍工资的起止日如何确定",
            "Where does the window of the double wage begin and end?",
        ),
        "employment_months",
        Label(
            "按用工月计算，最长11个月；注明相差一日的算法",
            "By months of employment, eleven at most; the variant that differs by a day is noted",
        ),
        "shifted_by_one_day",
        Label("起止日各顺移一日", "Both ends shifted by one day"),
        applies="calculators",
    ),
    Ambiguity(
        "AMB-10",
        Label(
            "二倍工资的时效整体计算还是逐月计算",
            "Does limitation of the double wage run for the whole or month by month?",
        ),
        "show_both",
        Label(
            "两种算法都计算，分别显示仍在时效内的金额",
            "Both are computed and the amount still open under each is shown",
        ),
        "month_by_month",
        Label("仅逐月计算", "Month by month only"),
        applies="calculators",
    ),
    Ambiguity(
        "AMB-11",
        Label(
            "征询调解意愿后3个工作日内未答复的，如何处理",
            "What does silence of three working days on the consent question mean?",
        ),
        "silence_is_refusal_late_consent_reopens",
        Label(
            "期满视为不同意；调解期限内又表示同意的，可以恢复",
            "Counts as refusal; a late consent within the mediation term reopens",
        ),
        "silence_keeps_waiting",
        Label("不视为不同意，继续等待至调解期限届满", "No refusal: the case waits until the mediation term is over"),
        acts_on=("D_MED_ACCEPT_3WD", "term_lapsed"),
    ),
    Ambiguity(
        "AMB-12",
        Label("双方同意延长调解期限的，最长可延长多久", "How long may both sides extend mediation?"),
        "cap_per_consent",
        Label(
            "每次同意最长延长30个自然日；自第三次同意起由主管人员批准",
            "At most 30 natural days per consent; from the third consent on a supervisor approves",
        ),
        "no_cap",
        Label("长度和次数不限，无需主管人员批准", "No cap and no supervisor"),
        acts_on=("extension_within_cap", "supervisor_after_second"),
    ),
    Ambiguity(
        "AMB-13",
        Label(
            "时效中断后从中断事由发生时还是程序终结时重新计算",
            "Does limitation restart at the interrupting event or at the end of the procedure?",
        ),
        "record_both_use_latest_show_first",
        Label(
            "中断事由发生和程序终结均记录，以较晚者为可能的届满日，以较早者为安全日期并据以提醒",
            "Both the event and the end of a procedure are recorded; the latest is the likely end, the first the safe day that warnings go by",
        ),
        "restart_at_event_only",
        Label("仅从中断事由发生时重新起算", "Only the event starts it anew"),
        acts_on=("limitation",),
    ),
    Ambiguity(
        "AMB-14",
        Label("法院以外的调解组织能否使用电子签名", "May a body other than a court use electronic signatures?"),
        "certified_signature_paper_for_confirmation",
        Label(
            "登记的电子签名计为签署，并提示申请确认前打印签署或者通过法院平台签署；证书由登记人核实",
            "A recorded e-signature counts, with a warning to sign on paper or on the court platform before confirmation; the recorder checks the certificate",
        ),
        "paper_only",
        Label("电子签名不计，仅限纸质签名、盖章、捺印", "E-signatures do not count: paper only"),
        acts_on=("all_signatures_present",),
    ),
    Ambiguity(
        "AMB-15",
        Label(
            "企业等劳动争议调解组织能否达成口头协议",
            "May enterprise and other labour mediation bodies make oral agreements?",
        ),
        "written_agreement_required",
        Label(
            "不能登记口头协议；人民调解和特邀调解除外",
            "No oral agreement is recorded; people's and invited mediation are exempt",
        ),
        "oral_record_suffices",
        Label("各类调解组织均可登记口头协议", "Every mediation body may record an oral agreement"),
        settled=True,
        acts_on=("people_mediation_or_invited",),
    ),
    Ambiguity(
        "AMB-16",
        Label(
            "工会应法院要求进行的仲裁前调解适用30日还是15日",
            "Has union mediation before arbitration at a court's request 30 days or 15?",
        ),
        "dispatch_record_decides",
        Label(
            "登记了法院委派的为30日；未登记委派的，按向调解组织申请处理，为15日",
            "30 days once the court's dispatch is recorded; without one it is an application to the organization, 15 days",
        ),
        "always_organization_term",
        Label("一律15日", "Always 15 days"),
        acts_on=("D_CT_30", "D_MED_15"),
    ),
)

AMBIGUITIES: Final[Mapping[str, Ambiguity]] = MappingProxyType({row.id: row for row in _ROWS})

RULES: Final[Mapping[str, str]] = MappingProxyType({row.id: row.rule for row in _ROWS})
"""The named rule in force for each question."""

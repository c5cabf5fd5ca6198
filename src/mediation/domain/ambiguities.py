"""The questions the law leaves open, and the rule this service follows on each until somebody decides otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mediation.domain.labels import Label

EXTENSION_CAP_DAYS: Final = 30
"""AMB-12: natural days one consent may add to organization mediation (product rule; the law sets no cap)."""

SUPERVISOR_AFTER_CONSENTS: Final = 2
"""AMB-12: consents to extend that need no supervisor; from the next one on a supervisor approves."""

CONSENT_SILENCE_WORKING_DAYS: Final = 3
"""AMB-11: working days of silence after which the question whether to mediate counts as refused."""

FILING_ALERT_WORKING_DAYS_EARLY: Final = 1
"""AMB-3: working days by which the alert on a filing deadline comes earlier than the deadline."""

SUIT_PERIOD_DAYS: Final = 15
"""AMB-7: day of the suit period before which formal registration is advised."""

COURT_MEDIATION_DAYS: Final = 30
ORGANIZATION_MEDIATION_DAYS: Final = 15
"""AMB-16: natural days of pre-arbitration mediation at a court's request, with and without the court's dispatch record."""


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """An open question, the named rule in force, and the reading not followed.

    `settled` is true where a text answers the question after all and only the form of display was chosen.
    """

    id: str
    question: Label
    rule: str
    rule_label: Label
    alternative: str
    alternative_label: Label
    settled: bool = False


_ROWS: Final = (
    Ambiguity(
        "AMB-1",
        Label(
            "调解的15日从收到申请之日还是受理之日起算",
            "Do the 15 days of mediation run from receipt of the application or from its acceptance?",
        ),
        "run_from_receipt",
        Label(
            "从收到申请之日起算；受理日期另行记录，两个到期日一并显示",
            "From receipt; the day of acceptance is stored too and both end dates are shown",
        ),
        "run_from_acceptance",
        Label("从受理之日起算", "From acceptance"),
    ),
    Ambiguity(
        "AMB-2",
        Label(
            "仲裁程序中的3、5、10日是工作日还是自然日",
            "Are the 3, 5 and 10 days of arbitration working days or natural days?",
        ),
        "working_days_for_short_terms",
        Label(
            "3、5、10日按工作日，15、45日按自然日；另以较早的自然日作安全提示",
            "Working days for 3, 5 and 10, natural days for 15 and 45; the earlier natural day is shown as a hint",
        ),
        "natural_days_throughout",
        Label("一律按自然日", "Natural days throughout"),
        settled=True,
    ),
    Ambiguity(
        "AMB-3",
        Label(
            "期间届满日为调休上班的周六周日的，是否顺延",
            "Does a term that ends on a make-up working Saturday or Sunday roll to the next working day?",
        ),
        "make_up_day_is_working_day",
        Label(
            "视为工作日，不顺延；提交类期限提前一个工作日提醒",
            "It counts as a working day and does not roll; filing deadlines are announced one working day earlier",
        ),
        "make_up_day_is_rest_day",
        Label("视为休息日，顺延", "It counts as a rest day and rolls"),
    ),
    Ambiguity(
        "AMB-4",
        Label(
            "人民调解组织以外的组织主持达成的劳动争议调解协议能否申请司法确认",
            "May labour agreements made before bodies other than people's mediation be judicially confirmed?",
        ),
        "people_or_invited_and_payment_only",
        Label(
            "人民调解组织或法院特邀调解组织主持且仅有给付内容的，可以申请；其他情形先向法院了解，优先申请仲裁审查",
            "Open for people's mediation or court-invited bodies with payment terms only; otherwise ask the court first and prefer arbitration review",
        ),
        "any_lawful_organization",
        Label("依法设立的调解组织主持的均可申请", "Open for every lawfully established body"),
    ),
    Ambiguity(
        "AMB-5",
        Label(
            "仲裁审查由调解组织所在地仲裁委员会还是有管辖权的仲裁委员会办理",
            "Does the commission at the organization's seat or the one with jurisdiction review an agreement?",
        ),
        "seat_of_organization_in_zhejiang",
        Label(
            "浙江省内由调解组织所在地仲裁委员会办理，省外由有管辖权的仲裁委员会办理",
            "Inside Zhejiang the commission at the organization's seat, elsewhere the one with jurisdiction",
        ),
        "commission_with_jurisdiction",
        Label("均由有管辖权的仲裁委员会办理", "The commission with jurisdiction everywhere"),
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
    ),
    Ambiguity(
        "AMB-7",
        Label(
            "向法院递交诉状后转入诉前调解，15日起诉期间是否受影响",
            "Does handing in a complaint that goes to pre-filing mediation keep the 15 days to sue?",
        ),
        "receipt_stamp_is_filing_date",
        Label(
            "以法院收件日期为起诉日期并留存凭证；同时红色提醒，建议在第15日前正式立案",
            "The court's receipt stamp is the filing date and is stored; a red alert advises formal registration before day 15",
        ),
        "only_registration_counts",
        Label("以正式立案日期为准", "Only formal registration counts"),
    ),
    Ambiguity(
        "AMB-8",
        Label("经济补偿基数是否包含加班工资", "Is overtime pay part of the base of economic compensation?"),
        "overtime_included",
        Label("计入，并显示不计入的结果", "Included; the result without it is shown beside it"),
        "overtime_excluded",
        Label("不计入", "Excluded"),
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
    ),
    Ambiguity(
        "AMB-11",
        Label(
            "征询调解意愿后3个工作日内未答复的，如何处理",
            "What does silence of three working days on the consent question mean?",
        ),
        "silence_is_refusal_late_consent_reopens",
        Label(
            "视为不同意；15日内又表示同意的，可以恢复",
            "Counts as refusal; a late consent within the 15 days reopens",
        ),
        "silence_keeps_waiting",
        Label("继续等待至15日届满", "Wait until the 15 days are over"),
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
        Label("不设上限", "No cap"),
    ),
    Ambiguity(
        "AMB-13",
        Label(
            "时效中断后从中断事由发生时还是程序终结时重新计算",
            "Does limitation restart at the interrupting event or at the end of the procedure?",
        ),
        "record_both_use_latest_show_first",
        Label(
            "申请和终结均记录；以较晚者为可能的届满依据，以较早者为安全日期",
            "Application and end are both recorded; the latest is the likely date, the first the safe date",
        ),
        "restart_at_event_only",
        Label("仅从中断事由发生时重新计算", "Restart at the event only"),
    ),
    Ambiguity(
        "AMB-14",
        Label("法院以外的调解组织能否使用电子签名", "May a body other than a court use electronic signatures?"),
        "certified_signature_paper_for_confirmation",
        Label(
            "认可可靠的电子签名；申请确认的，打印签署或者通过法院平台签署",
            "Certified e-signatures are accepted; for confirmation the paper is signed, or the court platform is used",
        ),
        "paper_only",
        Label("仅限纸质签名盖章", "Paper only"),
    ),
    Ambiguity(
        "AMB-15",
        Label(
            "企业等劳动争议调解组织能否达成口头协议",
            "May enterprise and other labour mediation bodies make oral agreements?",
        ),
        "written_agreement_required",
        Label(
            "不能，应当制作调解协议书；人民调解和特邀调解除外",
            "No, a written agreement is required; people's and invited mediation are exempt",
        ),
        "oral_record_suffices",
        Label("可以口头达成并记录", "An oral agreement on record suffices"),
        settled=True,
    ),
    Ambiguity(
        "AMB-16",
        Label(
            "工会应法院要求进行的仲裁前调解适用30日还是15日",
            "Has union mediation before arbitration at a court's request 30 days or 15?",
        ),
        "dispatch_record_decides",
        Label("有法院委派记录的为30日，没有的为15日", "30 days with a dispatch record of the court, 15 without"),
        "always_organization_term",
        Label("一律15日", "Always 15 days"),
    ),
)

AMBIGUITIES: Final[Mapping[str, Ambiguity]] = MappingProxyType({row.id: row for row in _ROWS})

RULES: Final[Mapping[str, str]] = MappingProxyType({row.id: row.rule for row in _ROWS})
"""The named rule in force for each question."""

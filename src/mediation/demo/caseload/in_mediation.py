"""Cases on the way through a mediation organization, their 15 days ending soon."""

from datetime import date

from mediation.demo.caseload.course import FACTORY, LINJIANG, PEOPLE, STUDIO, YUNXI, YUNXI_SECOND, Course
from mediation.demo.stories.story import Story, act, consent, party, payment


def stories(today: date) -> tuple[Story, ...]:
    """Tell them."""
    return (
        _awaiting(today),
        _to_be_assigned(today),
        _one_day_left(today),
        _three_days_left(today),
        _six_days_left(today),
        _extended(today),
        _refused(today),
        _failed(today),
        _unsigned(today),
    )


def _awaiting(today: date) -> Story:
    course = Course(
        id="live-awaiting-consent",
        number=101,
        today=today,
        desk=YUNXI,
        worker="鲁小舟",
        employer="云州晨帆物业服务有限公司",
        claims=[{"code": "overtime_pay", "amount": "8600.00", "basis": "节假日值班加班费"}],
        about="保安值班加班费争议",
    )
    return course.story(-1, "awaiting_counterparty_consent", *course.to_consent(-1))


def _to_be_assigned(today: date) -> Story:
    course = Course(
        id="live-to-be-assigned",
        number=102,
        today=today,
        desk=LINJIANG,
        worker="汪春泥",
        employer="云州临溪服饰有限公司",
        claims=[{"code": "unpaid_wages", "amount": "15400.00", "basis": "两个月工资"}],
        about="缝纫工两个月工资未发",
    )
    return course.story(-5, "org_mediation_accepted", *course.to_consent(-5), course.consented(-4))


def _one_day_left(today: date) -> Story:
    course = Course(
        id="live-one-day-left",
        number=103,
        today=today,
        desk=YUNXI,
        worker="骆一帆",
        employer="云州青禾食品有限公司",
        claims=[
            {"code": "unlawful_termination_damages", "amount": "46000.00", "basis": "口头辞退"},
            {"code": "annual_leave_pay", "amount": "3200.00", "basis": "未休年休假5天"},
        ],
        about="口头辞退后请求赔偿金和年休假工资",
    )
    return course.story(-14, "org_mediation_in_progress", *course.to_session(-14, -10))


def _three_days_left(today: date) -> Story:
    course = Course(
        id="live-three-days-left",
        number=104,
        today=today,
        desk=FACTORY,
        worker="庄晓渡",
        employer="云州青石机械厂",
        claims=[{"code": "high_temp_allowance", "amount": "1200.00", "basis": "6月至9月高温津贴"}],
        about="车间高温津贴争议",
        channel="enterprise_union",
    )
    return course.story(-12, "org_mediation_in_progress", *course.to_session(-12, -6))


def _six_days_left(today: date) -> Story:
    course = Course(
        id="live-six-days-left",
        number=105,
        today=today,
        desk=PEOPLE,
        worker="苗穗青",
        employer="云州渡口餐饮管理有限公司",
        claims=[{"code": "double_wage_no_contract", "amount": "27500.00", "basis": "未签书面合同5个月"}],
        about="未签书面劳动合同二倍工资差额",
    )
    return course.story(-9, "org_mediation_in_progress", *course.to_session(-9, -5))


def _extended(today: date) -> Story:
    course = Course(
        id="live-extended",
        number=106,
        today=today,
        desk=YUNXI_SECOND,
        worker="聂归帆",
        employer="云州远樟物流有限公司",
        claims=[{"code": "work_injury_benefit", "amount": "92000.00", "basis": "九级伤残待遇差额"}],
        about="装卸工工伤待遇差额，双方同意延期",
    )
    extend = act(
        "extend",
        "clerk-lin",
        course.day(-8),
        new_end=course.day(5),
        consents=[consent(name, course.day(-8)) for name in course.both],
        reason="等待医疗费票据核对",
    )
    return course.story(-20, "org_mediation_extended", *course.to_session(-20, -15), extend)


def _refused(today: date) -> Story:
    course = Course(
        id="live-refused",
        number=107,
        today=today,
        desk=STUDIO,
        worker="申屠巧云",
        employer="云州鹭洲装饰工程有限公司",
        claims=[{"code": "unpaid_wages", "amount": "22800.00", "basis": "装修工程工资"}],
        about="公司不同意调解，待申请人选择下一步",
    )
    refuse = act("refuse", "mediator-qiu", course.day(-1), by=party(course.employer), how="phone")
    return course.story(-2, "mediation_refused", *course.to_consent(-2), refuse)


def _failed(today: date) -> Story:
    course = Course(
        id="live-failed",
        number=108,
        today=today,
        desk=YUNXI,
        worker="夏蝉鸣",
        employer="云州杏林门诊部有限公司",
        claims=[{"code": "economic_compensation", "amount": "64000.00", "basis": "工作8年，协商解除"}],
        about="经济补偿差距过大，调解未成",
    )
    fail = act("fail", "mediator-zhou", course.day(-1), reason="wide_gap")
    return course.story(-10, "mediation_failed", *course.to_session(-10, -4), fail)


def _unsigned(today: date) -> Story:
    course = Course(
        id="live-unsigned",
        number=109,
        today=today,
        desk=LINJIANG,
        worker="纪云生",
        employer="云州荷塘园林有限公司",
        claims=[{"code": "unpaid_wages", "amount": "18900.00", "basis": "三个月工资"}],
        about="条款已商定，待公司盖章",
    )
    owed = payment("wages", debtor=course.employer, creditor=course.worker, amount="18000.00", due_on=course.day(25))
    return course.story(-8, "agreement_signed_pending_effect", *course.to_session(-8, -3), course.agreed(-1, owed))

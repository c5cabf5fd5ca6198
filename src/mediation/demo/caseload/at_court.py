"""Cases at the commission or the court, or on the way there."""

from datetime import date

from mediation.demo.caseload.course import LINJIANG, YUNXI, YUNXI_SECOND, Course
from mediation.demo.stories.story import (
    Act,
    DayEach,
    Story,
    act,
    at,
    organization,
    paper,
    party,
    person,
    result,
)


def stories(today: date) -> tuple[Story, ...]:
    """Tell them."""
    return (
        _dispatch_pending(today),
        _court_mediation(today),
        _referral_draft(today),
        _filed(today),
        _accepted_with_aid(today),
        _award_received(today),
    )


def _dispatched(course: Course, offset: int) -> Act:
    return act(
        "intake_court_dispatch",
        course.desk.clerk,
        course.day(offset),
        court_no="诉前调（演示）",
        cause="unpaid_wages",
        pretrial_venue="court_prefiling_dispatch",
        court_route_basis="wage_iou",
        dispatch_received_on=course.day(offset),
    )


def _referred(course: Course, offset: int, by: str, ground: str = "skip_mediation") -> Act:
    return act(
        "prepare_referral",
        by,
        course.day(offset),
        by=party(course.worker),
        ground=ground,
        commission=organization(course.desk.commission),
    )


def _filed_with_commission(course: Course, offset: int, by: str) -> Act:
    return act(
        "file",
        by,
        course.day(offset),
        application=paper("仲裁申请书", course.day(offset)),
        evidence_list=paper("证据清单", course.day(offset)),
        filed_on=course.day(offset),
        filed_by="party",
    )


def _accepted(course: Course, offset: int) -> Act:
    return act(
        "accepted",
        "arbitration-shen",
        course.day(offset),
        arb_no="云溪劳人仲案（演示）",
        accepted_on=course.day(offset),
        simplified=False,
    )


def _dispatch_pending(today: date) -> Story:
    course = Course(
        id="live-dispatch-pending",
        number=301,
        today=today,
        desk=LINJIANG,
        worker="冉秋实",
        employer="云州苇岸建材有限公司",
        claims=[{"code": "unpaid_wages", "amount": "28000.00", "basis": "持工资欠条"}],
        about="法院诉前委派，待接收",
        channel="court",
    )
    return course.story(-1, "court_dispatch_pending", _dispatched(course, -1))


def _court_mediation(today: date) -> Story:
    course = Course(
        id="live-court-mediation",
        number=302,
        today=today,
        desk=LINJIANG,
        worker="翟暮云",
        employer="云州澄湖运输有限公司",
        claims=[{"code": "unpaid_wages", "amount": "41200.00", "basis": "持工资欠条"}],
        about="法院委派调解，30日将满",
        channel="court",
    )
    accepted = act(
        "accept_dispatch",
        "clerk-fang",
        course.day(-24),
        accepted_on=course.day(-24),
        mediator=person("mediator-wu"),
    )
    call = {
        "party": party(course.employer),
        "at": at(course.day(-23), "09:00"),
        "channel": "phone",
        "reached": True,
    }
    contacted = act("contact_counterparty", "mediator-wu", course.day(-23), contacts=[call])
    met = course.met(-12, "hold_further_session")
    return course.story(-24, "court_mediation_in_progress", _dispatched(course, -24), accepted, contacted, met)


def _referral_draft(today: date) -> Story:
    course = Course(
        id="live-referral-draft",
        number=303,
        today=today,
        desk=YUNXI_SECOND,
        worker="鹿鸣野",
        employer="云州星桥软件有限公司",
        claims=[{"code": "overtime_pay", "amount": "58000.00", "basis": "工作日延时加班"}],
        about="调解不成，准备仲裁申请",
    )
    fail = act("fail", "mediator-chen", course.day(-2), reason="wide_gap")
    return course.story(
        -12,
        "arbitration_referral_draft",
        *course.to_session(-12, -6),
        fail,
        _referred(course, -1, "clerk-lin", "failed"),
    )


def _filed(today: date) -> Story:
    course = Course(
        id="live-arbitration-filed",
        number=304,
        today=today,
        desk=YUNXI,
        worker="柏知秋",
        employer="云州双溪电器有限公司",
        claims=[{"code": "confirm_employment", "basis": "无书面合同"}],
        about="请求确认劳动关系，已递交仲裁申请",
    )
    return course.story(
        -4,
        "arbitration_filed",
        course.asked_for_help(-4),
        course.sorted(-4, "arbitration"),
        _referred(course, -3, "clerk-lin"),
        _filed_with_commission(course, -2, "clerk-lin"),
    )


def _accepted_with_aid(today: date) -> Story:
    course = Course(
        id="live-arbitration-with-aid",
        number=305,
        today=today,
        desk=YUNXI,
        worker="闻人立夏",
        employer="云州松涛家具有限公司",
        claims=[{"code": "work_injury_benefit", "amount": "118000.00", "basis": "八级伤残待遇"}],
        about="工会法律援助代理的工伤待遇仲裁",
    )
    day = course.day(-22)
    aid = (
        act(
            "request_aid",
            "clerk-lin",
            day,
            scheme="union",
            requested_on=day,
            form=paper("工会法律援助申请表", day),
            means_exempt=True,
            matters=["drafting", "arbitration"],
        ),
        act("grant_aid", "officer-xu", course.day(-21), decided_on=course.day(-21)),
        act(
            "assign_aid",
            "officer-xu",
            course.day(-21),
            person=person("volunteer-he"),
            assigned_on=course.day(-21),
        ),
    )
    return course.story(
        -22,
        "arbitration_accepted",
        course.asked_for_help(-22),
        course.sorted(-22, "arbitration"),
        *aid,
        _referred(course, -20, "volunteer-he"),
        _filed_with_commission(course, -19, "volunteer-he"),
        _accepted(course, -17),
        act(
            "set_hearing",
            "arbitration-shen",
            course.day(-9),
            hearing_on=course.day(12),
            common_={"evidence": ["开庭通知书"]},
        ),
        tracks={"legal_aid": "aid_assigned"},
    )


def _award_received(today: date) -> Story:
    course = Course(
        id="live-award-received",
        number=306,
        today=today,
        desk=YUNXI,
        worker="端木小雪",
        employer="云州听雨传媒有限公司",
        claims=[{"code": "bonus_commission", "amount": "36000.00", "basis": "年度提成"}],
        about="裁决已送达，起诉期将满",
    )
    both = course.both
    award = act(
        "award",
        "arbitration-shen",
        course.day(-11),
        award_no="云溪劳人仲裁（演示）",
        award_kind="non_final",
        received_on=DayEach(both, course.day(-11)),
        results=[result("bonus_commission", "partly_supported", "21000.00")],
    )
    pending = act(
        "record_pending_arbitration",
        "clerk-lin",
        course.day(-45),
        commission=organization("yunxi-commission"),
        arb_no="云溪劳人仲案（演示）",
        filed_on=course.day(-48),
        accepted_on=course.day(-45),
        purpose="agency",
    )
    return course.story(-45, "arbitration_concluded", pending, award)

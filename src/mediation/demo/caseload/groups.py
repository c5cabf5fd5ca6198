"""Migrant workers of building sites in groups, supervision by the union, aid asked for."""

from datetime import date

from mediation.demo.caseload.course import BUILDERS, STUDIO, YUNXI, YUNXI_SECOND, Course
from mediation.demo.stories.story import Act, Story, act, consent, organization, paper


def stories(today: date) -> tuple[Story, ...]:
    """Tell them."""
    return (
        _site_in_progress(today),
        _site_awaiting(today),
        _supervised(today),
        _aid_requested(today),
        _inspected(today),
    )


def _grouped(course: Course, offset: int, name: str) -> Act:
    return act(
        "merge_collective",
        course.desk.clerk,
        course.day(offset),
        collective=name,
        mandate=paper("代表人推举书", course.day(offset)),
    )


def _joined(course: Course, offset: int, contractor: str) -> Act:
    return act(
        "join_party",
        course.desk.clerk,
        course.day(offset),
        party={"kind": "principal_contractor", "name": contractor},
        role="co_respondent",
        ground="principal_contractor_pays_first",
        consents_to_mediate=True,
    )


def _site_in_progress(today: date) -> Story:
    course = Course(
        id="live-site-wages",
        number=401,
        today=today,
        desk=BUILDERS,
        worker="田家湾工地木工班14人",
        employer="云州固本劳务有限公司",
        claims=[{"code": "unpaid_wages", "amount": "386000.00", "basis": "木工班组四个月工资"}],
        about="田家湾安置房工地木工班14人欠薪，已申请动用工资保证金",
        heads=14,
        migrant=True,
        urgent=True,
    )
    contractor = "云州宏基建设有限公司"
    received, consented = course.to_consent(-8), course.consented(-6, contractor)
    advance = act(
        "request_advance",
        "mediator-gu",
        course.day(-3),
        source="wage_deposit",
        amount="200000.00",
        requested_on=course.day(-3),
        application=paper("工资保证金使用申请", course.day(-3)),
    )
    risk = act(
        "escalate_violence",
        "mediator-gu",
        course.day(-2),
        level="yellow",
        kind="mass_incident",
        reported_to=[organization("yunxi-union"), organization("yunxi-inspection")],
    )
    return course.story(
        -8,
        "org_mediation_in_progress",
        *received,
        _grouped(course, -8, "田家湾安置房工地欠薪"),
        _joined(course, -7, contractor),
        consented,
        course.assigned(-6),
        course.met(-4),
        advance,
        risk,
        tracks={"advance_payment": "advance_requested", "risk": "alerted"},
    )


def _site_awaiting(today: date) -> Story:
    course = Course(
        id="live-site-awaiting",
        number=402,
        today=today,
        desk=STUDIO,
        worker="桥头新村工地钢筋班18人",
        employer="龚石头",
        employer_kind="individual_employer",
        claims=[{"code": "unpaid_wages", "amount_text": "50余万元", "basis": "钢筋班组工资"}],
        about="桥头新村工地钢筋班18人，包工头拖欠工资，征询各方意愿",
        heads=18,
        migrant=True,
        urgent=True,
    )
    return course.story(
        -1,
        "awaiting_counterparty_consent",
        *course.to_consent(-1),
        _grouped(course, -1, "桥头新村工地欠薪"),
        _joined(course, 0, "云州安厦建筑有限公司"),
    )


def _supervised(today: date) -> Story:
    course = Course(
        id="live-union-supervision",
        number=403,
        today=today,
        desk=YUNXI_SECOND,
        worker="单青禾等6人",
        employer="云州锦帆制衣有限公司",
        claims=[{"code": "unpaid_wages", "amount": "73200.00", "basis": "6人两个月工资"}],
        about="制衣厂6人欠薪，工会已发提示函",
        heads=6,
    )
    reminder = act(
        "send_reminder",
        "officer-xu",
        course.day(-5),
        letter=paper("工会劳动法律监督提示函", course.day(-5)),
        sent_on=course.day(-5),
        reply_by=course.day(4),
        states_claim=True,
    )
    return course.story(
        -9,
        "org_mediation_in_progress",
        *course.to_session(-9, -6),
        reminder,
        tracks={"union_supervision": "reminder_sent"},
    )


def _aid_requested(today: date) -> Story:
    course = Course(
        id="live-aid-requested",
        number=404,
        today=today,
        desk=YUNXI,
        worker="缪晚晴",
        employer="云州春晓幼托服务有限公司",
        claims=[{"code": "maternity_benefit", "amount": "24600.00", "basis": "产假工资"}],
        about="孕期被停薪，申请工会法律援助",
        channel="hotline_12351",
    )
    aid = act(
        "request_aid",
        "clerk-lin",
        course.day(-1),
        scheme="union",
        requested_on=course.day(-1),
        form=paper("工会法律援助申请表", course.day(-1)),
        means_exempt=False,
        matters=["advice", "mediation"],
    )
    return course.story(
        -2,
        "triage",
        course.asked_for_help(-2),
        course.sorted(-1, "undecided"),
        aid,
        tracks={"legal_aid": "aid_requested"},
    )


def _inspected(today: date) -> Story:
    course = Course(
        id="live-inspection-informed",
        number=405,
        today=today,
        desk=YUNXI,
        worker="应小棠",
        employer="云州秋浦保洁有限公司",
        claims=[{"code": "wage_below_minimum", "amount": "5400.00", "basis": "低于最低工资标准"}],
        about="工资低于最低标准，移交监察并同时调解",
    )
    handed = act(
        "hand_over_inspection",
        "clerk-lin",
        course.day(-2),
        office=organization("yunxi-inspection"),
        sent_on=course.day(-2),
        matter="wage_below_minimum",
    )
    steps = (*course.to_consent(-2), handed)
    consented = act(
        "consent",
        "clerk-lin",
        course.day(-1),
        consents=[consent(name, course.day(-1)) for name in course.both],
        accepted_on=course.day(-1),
        acknowledges_claim=False,
    )
    return course.story(
        -2,
        "org_mediation_accepted",
        *steps,
        consented,
        tracks={"labour_inspection": "inspection_informed"},
    )

"""What just came in: drafts from hotline and internet, registered matters, talks between the sides."""

from datetime import date

from mediation.demo import people
from mediation.demo.caseload.course import LINJIANG, STUDIO, YUNXI, Course
from mediation.demo.stories.story import Story, act


def stories(today: date) -> tuple[Story, ...]:
    """Tell them; the last one tells that all were written."""
    return (
        _from_another_hotline(today),
        _registered(today),
        _to_be_sorted(today),
        _negotiation_asked(today),
        _negotiating(today),
        _from_the_internet(today),
        _from_the_hotline(today),
    )


def _from_another_hotline(today: date) -> Story:
    course = Course(
        id="live-hotline-12345",
        number=501,
        today=today,
        desk=LINJIANG,
        worker="辛夷",
        employer="云州沙洲酒业有限公司",
        claims=[{"code": "deposit_refund", "amount": "800.00", "basis": "工服押金"}],
        about="12345转来：离职不退工服押金",
        channel="hotline_12345",
    )
    return course.story(0, "registered", course.asked_for_help(0))


def _registered(today: date) -> Story:
    course = Course(
        id="live-registered",
        number=502,
        today=today,
        desk=YUNXI,
        worker="田穗儿",
        employer="云州紫藤美容有限公司",
        claims=[{"code": "unpaid_wages", "amount": "6300.00", "basis": "试用期工资"}],
        about="试用期工资未发，申请调解",
    )
    return course.story(0, "registered", course.submitted(0))


def _to_be_sorted(today: date) -> Story:
    course = Course(
        id="live-triage",
        number=503,
        today=today,
        desk=STUDIO,
        worker="祁连雪",
        employer="云州梨园演艺有限公司",
        claims=[{"code": "other_labour", "basis": "演出报酬，是否劳动关系待查"}],
        about="演出报酬争议，先查是否属于劳动关系",
    )
    return course.story(-1, "triage", course.submitted(-1), course.sorted(0, "undecided"))


def _negotiation_asked(today: date) -> Story:
    course = Course(
        id="live-negotiation-asked",
        number=504,
        today=today,
        desk=STUDIO,
        worker="阮听竹",
        employer="云州墨香文具有限公司",
        claims=[{"code": "annual_leave_pay", "amount": "4100.00", "basis": "未休年休假8天"}],
        about="年休假工资，已向公司提出协商",
    )
    return course.story(
        -3,
        "negotiation_requested",
        course.asked_for_help(-3),
        course.sorted(-3, "negotiation"),
        act(
            "start_negotiation",
            "officer-yu",
            course.day(-2),
            request_delivered_on=course.day(-2),
        ),
    )


def _negotiating(today: date) -> Story:
    course = Course(
        id="live-negotiating",
        number=505,
        today=today,
        desk=STUDIO,
        worker="贺兰芷",
        employer="云州半山茶业有限公司",
        claims=[{"code": "overtime_pay", "amount": "7700.00", "basis": "采茶季加班费"}],
        about="采茶季加班费，双方约定协商期",
    )
    accepted = act(
        "accept_negotiation",
        "mediator-qiu",
        course.day(-4),
        replied_on=course.day(-4),
        ends_on=course.day(3),
    )
    asked = act("start_negotiation", "officer-yu", course.day(-6), request_delivered_on=course.day(-6))
    return course.story(
        -7,
        "negotiating",
        course.asked_for_help(-7),
        course.sorted(-7, "negotiation"),
        asked,
        accepted,
    )


def _from_the_internet(today: date) -> Story:
    course = Course(
        id="live-internet-draft",
        number=506,
        today=today,
        desk=YUNXI,
        worker="张来福",
        employer="云州快马配送有限公司",
        claims=[{"code": "platform_worker", "amount": "3900.00", "basis": "配送费扣款"}],
        about="网上投诉：平台扣发配送费，草稿待工作人员核对",
        channel="internet_complaint",
        keeper="worker-zhang",
        extra={"organization_id": people.organization("yunxi-centre").id},
    )
    return course.story(0, "draft")


def _from_the_hotline(today: date) -> Story:
    course = Course(
        id="live-hotline-draft",
        number=507,
        today=today,
        desk=YUNXI,
        worker="钟离一苇",
        employer="（来电人未说明单位全称）云溪某印染厂",
        claims=[{"code": "unpaid_wages", "amount_text": "大约三个月工资", "basis": "来电口述"}],
        about="12351来电：印染厂欠薪，来电人稍后补充材料",
        channel="hotline_12351",
    )
    return course.story(0, "draft")

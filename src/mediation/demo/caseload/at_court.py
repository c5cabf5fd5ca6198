"""Cases at the commission or the court, or on the way there."""

from datetime import date

from mediation.demo.caseload.course import LINJIANG, YUNXI, YUNXI_SECOND, Course
from mediation.demo.stories.story import DayEach, Story, act, at, organization, paper, party, person, result


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


def _dispatched(course: Course, offset: int) -> "act":
    return act(
        "intake_court_dispatch",
        course.desk.clerk,
        course.day(offset),
        court_no="（演示）诉前调1号",
        cause="unpaid_wages",
        pretrial_venue="court_prefiling_dispatch",
        court_route_basis="wage_iou",
        dispatch_received_on=course.day(offset),
    )

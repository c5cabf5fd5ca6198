"""Cases with an agreement: due this week, overdue since the last working day, on the way to a title."""

from datetime import date, timedelta

from mediation.demo.caseload.course import LINJIANG, PEOPLE, STUDIO, YUNXI, YUNXI_SECOND, Course
from mediation.demo.stories.story import Lapse, Owed, Story, act, organization, owed, paper, party, payment
from mediation.domain.workdays import official_calendar


def stories(today: date) -> tuple[Story, ...]:
    """Tell them."""
    return (
        _reviewable(today),
        _due_this_week(today),
        _just_overdue(today),
        _payment_order(today),
        _confirmation(today),
        _new_terms(today),
    )


def last_working_day(today: date) -> int:
    """Tell how many days ago the country last worked, as a negative number."""
    calendar, back = official_calendar(), 1
    while not calendar.is_working_day(today - timedelta(days=back)):
        back += 1
    return -back


def _pays(course: Course, name: str, amount: str, due: int) -> Owed:
    return payment(name, debtor=course.employer, creditor=course.worker, amount=amount, due_on=course.day(due))


def _reviewable(today: date) -> Story:
    course = Course(
        id="live-review-window",
        number=201,
        today=today,
        desk=YUNXI,
        worker="田有禾",
        employer="云州白鹭家政服务有限公司",
        claims=[{"code": "unpaid_wages", "amount": "12600.00", "basis": "三个月工资"}],
        about="协议已生效，可申请仲裁审查或者司法确认",
    )
    return course.story(
        -18, "agreement_effective", *course.to_agreement(-18, -10, _pays(course, "wages", "12000.00", 20))
    )


def _due_this_week(today: date) -> Story:
    course = Course(
        id="live-instalment-due",
        number=202,
        today=today,
        desk=YUNXI_SECOND,
        worker="尹拾穗",
        employer="云州柳浪纺织有限公司",
        claims=[{"code": "economic_compensation", "amount": "39000.00", "basis": "工作13年"}],
        about="经济补偿分三期支付，第二期三日后到期",
    )
    terms = (
        _pays(course, "first", "13000.00", -8),
        _pays(course, "second", "13000.00", 3),
        _pays(course, "third", "13000.00", 33),
    )
    paid = act(
        "record_performance",
        "clerk-lin",
        course.day(-8),
        obligation=owed("first"),
        done_on=course.day(-8),
        amount="13000.00",
        payer=party(course.employer),
        payer_capacity="respondent",
        proof=[paper("银行回单", course.day(-8))],
    )
    return course.story(-30, "performing", *course.to_agreement(-30, -20, *terms), paid)


def _just_overdue(today: date) -> Story:
    course = Course(
        id="live-just-overdue",
        number=203,
        today=today,
        desk=STUDIO,
        worker="祝山晴",
        employer="云州石桥印务有限公司",
        claims=[{"code": "unpaid_wages", "amount": "9800.00", "basis": "两个月工资"}],
        about="约定付款日已过，公司未付款",
    )
    terms = _pays(course, "wages", "9800.00", last_working_day(today))
    return course.story(
        -28,
        "defaulted",
        *course.to_agreement(-28, -20, terms),
        Lapse("instalment_missed", course.day(0)),
    )


def _payment_order(today: date) -> Story:
    course = Course(
        id="live-payment-order",
        number=204,
        today=today,
        desk=YUNXI,
        worker="舒望江",
        employer="云州樟林包装有限公司",
        claims=[{"code": "unpaid_wages", "amount": "31500.00", "basis": "五个月工资"}],
        about="协议逾期未履行，已向法院申请支付令",
    )
    apply = act(
        "apply_payment_order",
        "clerk-lin",
        course.day(-2),
        application=paper("支付令申请书", course.day(-2)),
        applied_on=course.day(-2),
        court=organization("yunxi-court"),
    )
    return course.story(
        -45,
        "defaulted",
        *course.to_agreement(-45, -38, _pays(course, "wages", "30000.00", -16)),
        Lapse("instalment_missed", course.day(-5)),
        apply,
        tracks={"payment_order": "po_applied"},
    )


def _confirmation(today: date) -> Story:
    course = Course(
        id="live-confirmation",
        number=205,
        today=today,
        desk=PEOPLE,
        worker="濮阳小满",
        employer="云州杏花酒店管理有限公司",
        claims=[{"code": "unpaid_wages", "amount": "7600.00", "basis": "离职当月工资"}],
        about="人民调解协议，双方共同申请司法确认",
    )
    apply = act(
        "apply_judicial_confirmation",
        "mediator-bai",
        course.day(-1),
        application=paper("司法确认申请书", course.day(-1)),
        applied_on=course.day(-1),
        court=organization("linjiang-court"),
        on_the_spot=False,
    )
    return course.story(
        -14,
        "agreement_effective",
        *course.to_agreement(-14, -6, _pays(course, "wages", "7600.00", 14)),
        apply,
        tracks={"confirmation": "judicial_applied"},
    )


def _new_terms(today: date) -> Story:
    course = Course(
        id="live-performing-late",
        number=206,
        today=today,
        desk=LINJIANG,
        worker="万俟春和",
        employer="云州芦湾水产有限公司",
        claims=[{"code": "overtime_pay", "amount": "16800.00", "basis": "休息日加班费"}],
        about="首期逾期后补足，余款本月底前付清",
    )
    cured = act(
        "cure_default",
        "clerk-fang",
        course.day(-3),
        obligation=owed("first"),
        done_on=course.day(-3),
        amount="8000.00",
        payer=party(course.employer),
        proof=[paper("银行回单", course.day(-3))],
    )
    terms = (_pays(course, "first", "8000.00", -16), _pays(course, "second", "8800.00", 7))
    return course.story(
        -35,
        "performing",
        *course.to_agreement(-35, -28, *terms),
        Lapse("instalment_missed", course.day(-6)),
        cured,
    )

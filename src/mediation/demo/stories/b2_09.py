"""Overtime of a dispatched courier: dismissed in first instance, two companies jointly liable in second."""

from mediation.demo.stories.story import (
    DayEach,
    End,
    Story,
    act,
    organization,
    paper,
    party,
    payment,
    result,
)

WORKER, DISPATCHER, HOST = "肖某", "某科技公司", "某快递公司"
ALL = (WORKER, DISPATCHER, HOST)
DISMISSED = [result("overtime_pay", "dismissed")]

STORY = Story(
    id="b2-09",
    title="劳动人事争议典型案例（第二批，超时加班，2021-08-26）案例9",
    source="人社部、最高法联合发布，court.gov.cn/zixun/xiangqing/319151.html",
    summary="被派遣配送员肖某离职时在交接表上签了“已结清”，表内又写明离职原因含没给加班费。一审驳回，二审改判两公司连带支付24404.89元。",
    keeper="clerk-lin",
    opened_on="2019-12-16",
    channel="arbitration_commission",
    parties=(
        {"kind": "worker", "name": WORKER, "role": "applicant"},
        {"kind": "employer", "name": DISPATCHER, "role": "respondent"},
        {"kind": "host_employer", "name": HOST, "role": "co_respondent"},
    ),
    claims=(
        {
            "code": "overtime_pay",
            "amount": "82261.00",
            "basis": "2017年7月至2019年10月双休日及法定节假日加班；离职表上签有“已结清”",
        },
    ),
    steps=(
        act(
            "record_pending_arbitration",
            "clerk-lin",
            "2019-12-16",
            commission=organization("yunxi-commission"),
            arb_no="案号未公布",
            filed_on="2019-12-09",
            accepted_on="2019-12-13",
            purpose="monitoring",
        ),
        act(
            "award",
            "arbitration-shen",
            "2020-01-10",
            award_no="案号未公布",
            award_kind="non_final",
            received_on=DayEach(ALL, "2020-01-10"),
            results=DISMISSED,
        ),
        act(
            "file_suit",
            "clerk-lin",
            "2020-01-20",
            by=party(WORKER),
            court=organization("yunxi-court"),
            filed_on="2020-01-20",
            court_route_basis="post_award",
            complaint=paper("民事起诉状"),
        ),
        act(
            "court_registers_case",
            "court-gao",
            "2020-01-22",
            court_no="案号未公布",
            registered_on="2020-01-22",
            instance="first",
        ),
        act(
            "record_judgment",
            "court-gao",
            "2020-06-15",
            court_no="案号未公布",
            instance="first",
            received_on=DayEach(ALL, "2020-06-15"),
            results=DISMISSED,
            appealable=True,
        ),
        act("appeal", "clerk-lin", "2020-06-24", by=party(WORKER), filed_on="2020-06-24"),
        act(
            "record_judgment",
            "clerk-lin",
            "2020-10-12",
            court_no="案号未公布",
            instance="second",
            received_on=DayEach(ALL, "2020-10-12"),
            results=[result("overtime_pay", "partly_supported", "24404.89")],
            appealable=False,
        ),
        act(
            "judgment_takes_effect",
            "clerk-lin",
            "2020-10-12",
            obligations=[
                payment(
                    "judgment",
                    debtor=DISPATCHER,
                    creditor=WORKER,
                    amount="24404.89",
                    what="某快递公司承担连带责任",
                )
            ],
        ),
    ),
    end=End("performing", facts={"title_kind": "judgment"}, amount="24404.89"),
    assumptions=(
        "All days from the arbitration to the second judgment: not published; chosen inside the terms of the law.",
        "Result of the award: not in the retelling; recorded as dismissed, since the worker went on to sue and appeal.",
        "Followed by the made-up Yunxi centre; commission and court are made up too.",
    ),
    unrepresented=(
        "Joint liability for one sum: an obligation has one debtor; the second company stands in its words.",
        "The exit form that says both 'all settled' and 'no overtime pay': evidence has a reference, no contents.",
        "Service from 2017-07 to 2019-11: months without a day.",
        "Numbers of the proceedings: not published; the fields are required and say so.",
    ),
)

"""Overtime only after nine in the evening: award, suit of the employer, two instances."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

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

WORKER, EMPLOYER = "常某", "某网络公司"
BOTH = (WORKER, EMPLOYER)
SUPPORTED = [result("overtime_pay", "supported", "32000.00")]

STORY = Story(
    id="b2-05",
    title="劳动人事争议典型案例（第二批，超时加班，2021-08-26）案例5",
    source="人社部、最高法联合发布，court.gov.cn/zixun/xiangqing/319151.html",
    summary="公司规定21点以后才算加班；常某在系统中提交加班申请，请求加班费。公司不服裁决起诉，一审判付，二审维持。",
    keeper="clerk-lin",
    opened_on="2017-03-13",
    channel="arbitration_commission",
    parties=(
        {"kind": "worker", "name": WORKER, "role": "applicant"},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=(
        {
            "code": "overtime_pay",
            "amount": "32000.00",
            "basis": "2016年5月至2017年1月在系统中申请加班126小时；公司制度规定21点后才算加班",
        },
    ),
    steps=(
        act(
            "record_pending_arbitration",
            "clerk-lin",
            "2017-03-13",
            commission=organization("yunxi-commission"),
            arb_no="案号未公布",
            filed_on="2017-03-06",
            accepted_on="2017-03-10",
            purpose="monitoring",
        ),
        act(
            "set_hearing",
            "clerk-lin",
            "2017-03-20",
            hearing_on="2017-04-06",
            common_={"evidence": ["开庭通知书"]},
        ),
        act(
            "record_hearing",
            "clerk-lin",
            "2017-04-06",
            held_on="2017-04-06",
            present=[party(name) for name in BOTH],
            adjourned=False,
        ),
        act(
            "award",
            "clerk-lin",
            "2017-04-20",
            award_no="案号未公布",
            award_kind="non_final",
            received_on=DayEach(BOTH, "2017-04-20"),
            results=SUPPORTED,
        ),
        act(
            "file_suit",
            "clerk-lin",
            "2017-04-28",
            by=party(EMPLOYER),
            court=organization("yunxi-court"),
            filed_on="2017-04-28",
            court_route_basis="post_award",
            complaint=paper("民事起诉状（请求不支付加班费）"),
        ),
        act(
            "court_registers_case",
            "court-gao",
            "2017-05-04",
            court_no="案号未公布",
            registered_on="2017-05-04",
            instance="first",
        ),
        act(
            "record_judgment",
            "court-gao",
            "2017-08-15",
            court_no="案号未公布",
            instance="first",
            received_on=DayEach(BOTH, "2017-08-15"),
            results=SUPPORTED,
            appealable=True,
        ),
        act("appeal", "clerk-lin", "2017-08-25", by=party(EMPLOYER), filed_on="2017-08-25"),
        act(
            "record_judgment",
            "clerk-lin",
            "2017-11-20",
            court_no="案号未公布",
            instance="second",
            received_on=DayEach(BOTH, "2017-11-20"),
            results=SUPPORTED,
            appealable=False,
        ),
        act(
            "judgment_takes_effect",
            "clerk-lin",
            "2017-11-20",
            obligations=[payment("overtime", debtor=EMPLOYER, creditor=WORKER, amount="32000.00")],
        ),
    ),
    end=End("performing", facts={"title_kind": "judgment"}, amount="32000.00"),
    assumptions=(
        "All days from the arbitration to the second judgment: not published; chosen inside the terms of the law.",
        "The award: only that the employer sued on it is published; recorded with the sum the courts upheld, as non-final.",
        "The first appeal recorded is the employer's.",
        "Followed by the made-up Yunxi centre; commission and court are made up too.",
    ),
    unrepresented=(
        "The worker's appeal beside the employer's: after the first appeal no row records a second one.",
        "126 hours of overtime asked for in the system, and the rule that overtime begins at nine in the evening: kept as words in the basis of the claim, not as figures.",
        "Entry into service in 2016-04 with fingerprint attendance: a month without a day.",
        "The employer's own request, to pay nothing: it is the suit itself, not a claim of the case.",
        "Numbers of the proceedings: not published; the fields are required and say so.",
    ),
)

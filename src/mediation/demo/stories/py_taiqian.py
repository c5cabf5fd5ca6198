"""Six workers with a wage IOU: court dispatch to the union's mediators, four months to pay, confirmation."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

from mediation.demo.stories.story import (
    DayEach,
    End,
    Story,
    act,
    at,
    case,
    organization,
    paper,
    party,
    payment,
    person,
)

WORKERS, EMPLOYER = "曹某等6人", "台前县某公司"
BOTH = (WORKERS, EMPLOYER)
DESK, MEDIATOR, COURT = "clerk-fang", "mediator-wu", "court-ding"

OTHERS = Story(
    id="py-taiqian-others",
    title="同一公司其余劳动者（并案登记）",
    source="pygbw.com 2021-06-17转载",
    summary="与曹某等6人同一公司、同一请求，登记为草稿供并案。",
    keeper=DESK,
    opened_on="2021-06-08",
    channel="court",
    parties=(
        {"kind": "worker", "name": "曹某以外5人", "role": "applicant", "headcount": 5},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=({"code": "unpaid_wages", "basis": "2019年务工工资，凭欠条"},),
    steps=(),
    end=End("draft"),
)

STORY = Story(
    id="py-taiqian",
    title="台前县“法院+工会”劳动争议调解工作室（6人）",
    source="pygbw.com/news/XWZX/20210617114133.html",
    summary="6人凭2019年务工工资欠条求助法院，法院与工会工作室委派调解；6人同意履行期延长为4个月，并申请司法确认。",
    keeper=DESK,
    opened_on="2021-06-08",
    channel="court",
    given={"place_of_performance": "410927"},
    parties=(
        {"kind": "worker", "name": WORKERS, "role": "applicant", "headcount": 6},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=({"code": "unpaid_wages", "basis": "2019年务工工资，凭欠条求助"},),
    also=(OTHERS,),
    steps=(
        act(
            "intake_court_dispatch",
            DESK,
            "2021-06-08",
            court_no="案号未公布",
            cause="unpaid_wages",
            pretrial_venue="court_prefiling_dispatch",
            court_route_basis="wage_iou",
            dispatch_received_on="2021-06-08",
        ),
        act("accept_dispatch", DESK, "2021-06-08", accepted_on="2021-06-08", mediator=person(MEDIATOR)),
        act(
            "contact_counterparty",
            MEDIATOR,
            "2021-06-09",
            contacts=[
                {
                    "party": party(EMPLOYER),
                    "at": at("2021-06-09", "09:00"),
                    "channel": "phone",
                    "reached": True,
                }
            ],
        ),
        act("handle_jointly", DESK, "2021-06-09", linked=[case("py-taiqian-others")]),
        act(
            "hold_further_session",
            MEDIATOR,
            "2021-06-11",
            session_on=at("2021-06-11", "09:30"),
            mode="in_person",
            present=[party(name) for name in BOTH],
            record=paper("调解笔录", "2021-06-11"),
        ),
        act(
            "court_agreement",
            MEDIATOR,
            "2021-06-11",
            agreement=paper("调解协议书", "2021-06-11"),
            effective_on="2021-06-11",
            obligations=[
                payment(
                    "wages",
                    debtor=EMPLOYER,
                    creditor=WORKERS,
                    due_text="履行期延长为四个月",
                    what="支付6人2019年务工工资",
                )
            ],
            finish="confirmation",
        ),
        act(
            "apply_judicial_confirmation",
            DESK,
            "2021-06-15",
            application=paper("司法确认申请书（双方共同申请）"),
            applied_on="2021-06-15",
            court=organization("linjiang-court"),
            on_the_spot=False,
        ),
        act("jc_accepted", COURT, "2021-06-15", accepted_on="2021-06-15", court_no="案号未公布"),
        act(
            "jc_granted",
            COURT,
            "2021-06-15",
            ruling_no="案号未公布",
            served_on=DayEach(BOTH, "2021-06-15"),
        ),
    ),
    end=End(
        "agreement_effective",
        {"confirmation": "judicial_granted"},
        {"title_kind": "confirmation_ruling"},
    ),
    assumptions=(
        "Reported on 2021-06-15: confirmation is put on that day, dispatch and talks in the week before.",
        "The source says that confirmation was advised; recorded as granted, as the acceptance list has it.",
        "Route: a wage IOU needs no arbitration first. A draft stands for the other workers for the joint handling.",
        "Centre and court are the made-up ones of Linjiang.",
    ),
    unrepresented=(
        "Sum of the wages: not published; neither claim nor obligation has one.",
        "Four months to pay: a term in months has a field only for its words; from which day it counts is not published, so no clock runs.",
        "The second of two mediators sent by the union: accepting a dispatch names one mediator.",
        "The IOUs themselves: evidence has a reference, no contents. Work in 2019: a year without days.",
        "Names and shares of the six workers: one party of six heads.",
        "Numbers of the dispatch and the ruling: not published; the fields are required and say so.",
    ),
)

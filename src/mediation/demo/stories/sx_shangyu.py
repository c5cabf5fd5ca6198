"""A street union mediates a pending arbitration: one package for wages, compensation and insurance."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

from mediation.demo.stories.story import (
    End,
    Story,
    act,
    at,
    duty,
    organization,
    paper,
    party,
    payment,
    person,
)

WORKER, EMPLOYER = "张某某", "浙江某实业有限公司"
BOTH = (WORKER, EMPLOYER)
DESK, MEDIATOR, COMMISSION = "clerk-song@qiaotou-street", "mediator-pan", "arbitration-shen"

STORY = Story(
    id="sx-shangyu",
    title="绍兴工会劳动争议化解（上虞梁湖街道）",
    source="绍兴网2024-02-29，shaoxing.com.cn/p/3155869.html",
    summary="张某某因欠薪、未缴社保辞职并申请仲裁，街道工会协助调解，就工资、经济补偿、社保一揽子达成协议。",
    keeper=DESK,
    opened_on="2023-12-14",
    channel="arbitration_commission",
    given={"place_of_performance": "330604"},
    parties=(
        {"kind": "worker", "name": WORKER, "role": "applicant"},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=(
        {"code": "unpaid_wages", "basis": "2023年5月至11月工资"},
        {"code": "economic_compensation", "basis": "因拖欠工资、未缴社保辞职"},
        {"code": "other_labour", "basis": "补缴社会保险"},
    ),
    steps=(
        act(
            "record_pending_arbitration",
            DESK,
            "2023-12-14",
            commission=organization("yunxi-commission"),
            arb_no="案号未公布",
            filed_on="2023-12-07",
            accepted_on="2023-12-13",
            purpose="settlement_sought",
        ),
        act(
            "prehearing_mediation",
            COMMISSION,
            "2024-01-08",
            organization=organization("qiaotou-street"),
            consent_on="2024-01-08",
        ),
        act("assign_mediator", DESK, "2024-01-08", mediator=person(MEDIATOR)),
        act(
            "hold_further_session",
            MEDIATOR,
            "2024-01-12",
            session_on=at("2024-01-12", "09:30"),
            mode="in_person",
            present=[party(name) for name in BOTH],
            record=paper("调解笔录", "2024-01-12"),
        ),
        act(
            "settle_and_withdraw_arbitration",
            DESK,
            "2024-01-16",
            agreement=paper("调解协议书", "2024-01-16"),
            effective_on="2024-01-16",
            withdrawal=paper("撤回仲裁申请书", "2024-01-16"),
            made_by=organization("qiaotou-street"),
            obligations=[
                payment(
                    "wages",
                    debtor=EMPLOYER,
                    creditor=WORKER,
                    due_text="付款期限未公布",
                    what="工资、经济补偿一揽子支付，金额未公布",
                ),
                duty(
                    "insurance",
                    debtor=EMPLOYER,
                    creditor=WORKER,
                    what="处理社会保险补缴",
                    due_text="期限未公布",
                ),
            ],
        ),
    ),
    end=End("agreement_effective", facts={"title_kind": "agreement"}),
    assumptions=(
        "Kept: resignation and application on 2023-12-07, months 2023-05 to 2023-11. Acceptance and the talks of January 2024: chosen.",
        "Terms of the package: only its three subjects are published.",
        "Street organization and commission are made up.",
    ),
    unrepresented=(
        "Sums: none is published; claims and obligations have none.",
        "Payment of social insurance arrears: no claim code of its own, recorded as another labour dispute.",
        "That the resignation itself gives the reasons: no field.",
        "The two-month campaign of the city's unions: no field.",
        "Street of Lianghu: the division is given by the code of its district.",
        "Number of the case: not published; the field is required and says so.",
    ),
)

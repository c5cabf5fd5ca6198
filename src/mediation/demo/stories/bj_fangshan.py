"""Twenty-three workers of a food factory: complaint, mediation and judicial confirmation on the spot."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

from mediation.demo.stories.story import (
    DayEach,
    End,
    Story,
    act,
    at,
    consent,
    organization,
    paper,
    party,
    payment,
    person,
    signature,
)

WORKERS, EMPLOYER, DESK = "邵某等23人", "某豆制品公司", "mediator-shi"
BOTH = (WORKERS, EMPLOYER)

STORY = Story(
    id="bj-fangshan",
    title="北京房山劳动领域调解协议“一站式”司法确认（豆制品公司23人）",
    source="劳动午报2023-06-15，ldwb.workerbj.cn",
    summary="豆制品公司拖欠23名职工2021年1月至2023年3月工资共60余万元；职工投诉后，行政调解与司法确认当场完成。",
    keeper=DESK,
    opened_on="2023-06-12",
    channel="labour_inspection",
    given={"place_of_performance": "110111"},
    parties=(
        {"kind": "worker", "name": WORKERS, "role": "applicant", "headcount": 23},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=(
        {"code": "unpaid_wages", "amount_text": "60余万元", "basis": "2021年1月至2023年3月工资合计60余万元"},
    ),
    steps=(
        act(
            "submit_intake",
            DESK,
            "2023-06-12",
            channel="labour_inspection",
            written_or_oral="written",
            received_on="2023-06-12",
            reason="公司未按期发放工资，23名职工向人社部门投诉并申请调解",
        ),
        act(
            "receive_from_inspection",
            DESK,
            "2023-06-12",
            office=organization("yunxi-inspection"),
            received_on="2023-06-12",
        ),
        act(
            "triage_ok",
            DESK,
            "2023-06-13",
            claim_codes=["unpaid_wages"],
            place_of_performance="110111",
            employer_seat="110111",
            migrant_worker=False,
            route_wanted="mediation",
        ),
        act(
            "merge_collective",
            DESK,
            "2023-06-13",
            collective="豆制品公司23人欠薪",
            mandate=paper("代表人推举书"),
        ),
        act(
            "ask_consent",
            DESK,
            "2023-06-13",
            organization=organization("yunxi-labour-mediation"),
            asked_on="2023-06-13",
            how="in_person",
        ),
        act(
            "consent",
            DESK,
            "2023-06-14",
            consents=[consent(name, "2023-06-14") for name in BOTH],
            accepted_on="2023-06-14",
        ),
        act("assign_mediator", DESK, "2023-06-14", mediator=person(DESK)),
        act(
            "hold_session",
            DESK,
            "2023-06-14",
            session_on=at("2023-06-14", "09:30"),
            mode="in_person",
            present=[party(name) for name in BOTH],
            record=paper("调解笔录", "2023-06-14"),
        ),
        act(
            "reach_agreement",
            DESK,
            "2023-06-14",
            draft=paper("调解协议书", "2023-06-14"),
            obligations=[
                payment(
                    "wages",
                    debtor=EMPLOYER,
                    creditor=WORKERS,
                    due_text="按协议约定的期限（日期未公布）",
                    what="支付23人工资合计60余万元",
                )
            ],
            remaining_claims="none_left",
            evidence_={"represented_workers_consent": "23名职工签名册"},
        ),
        act(
            "complete_signatures",
            DESK,
            "2023-06-14",
            signatures=[signature(name, "2023-06-14") for name in BOTH],
            seal_on="2023-06-14",
            effective_on="2023-06-14",
        ),
        act(
            "apply_judicial_confirmation",
            DESK,
            "2023-06-14",
            application=paper("司法确认申请书（双方共同申请）"),
            applied_on="2023-06-14",
            court=organization("yunxi-court"),
            on_the_spot=True,
        ),
        act("jc_accepted", "court-gao", "2023-06-14", accepted_on="2023-06-14", court_no="案号未公布"),
        act(
            "jc_granted",
            "court-gao",
            "2023-06-14",
            ruling_no="案号未公布",
            served_on=DayEach(BOTH, "2023-06-14"),
        ),
    ),
    end=End(
        "agreement_effective",
        {"confirmation": "judicial_granted", "labour_inspection": "inspection_filed"},
        {"title_kind": "confirmation_ruling"},
        "60余万元",
    ),
    assumptions=(
        "Reported on 2023-06-15 as done on the spot: complaint on 06-12, talks and ruling on 06-14.",
        "Whether the workers are migrants is not published: recorded as no. Place: 房山区 by its code; employer's seat taken to be the same.",
        "Desk, inspection and court are the made-up ones of Yunxi.",
    ),
    unrepresented=(
        "Sum owed, over 600,000 (约数): the claim keeps the wording; an obligation has no approximate sum, so it has none and the words stand in its description.",
        "Dates of payment: agreed but not published; without a day no clock runs.",
        "Names and shares of the 23 workers: one party of 23 heads.",
        "That payment still has to be urged: performance is not published, the case stays open.",
        "Numbers of the confirmation: not published; the fields are required and say so.",
    ),
)

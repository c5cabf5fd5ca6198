"""A gardener's wages, settled face to face with the inspection squad at the table."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

from mediation.demo.stories.story import (
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

WORKER, EMPLOYER, DESK = "纪某某", "绍兴某绿化工程设计有限公司", "mediator-qiu"
BOTH = (WORKER, EMPLOYER)

STORY = Story(
    id="sx-yuecheng",
    title="绍兴工会劳动争议化解（越城稽山街道八字桥工作室）",
    source="绍兴网2024-02-29，shaoxing.com.cn/p/3155869.html",
    summary="纪某某2023年6月离职后多次讨要工资未果，向街道总工会工作室求助；工作室联合劳动监察中队面对面调解解决。",
    keeper=DESK,
    opened_on="2024-02-20",
    channel="walk_in",
    given={"place_of_performance": "330602"},
    parties=(
        {"kind": "worker", "name": WORKER, "role": "applicant"},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=({"code": "unpaid_wages", "basis": "2023年4月至6月工资"},),
    steps=(
        act(
            "submit_intake",
            DESK,
            "2024-02-20",
            channel="walk_in",
            written_or_oral="written",
            received_on="2024-02-20",
            reason="浇水、施工期间的工资，2023年6月11日离职后多次讨要未果",
        ),
        act(
            "triage_ok",
            DESK,
            "2024-02-20",
            claim_codes=["unpaid_wages"],
            place_of_performance="330602",
            employer_seat="330602",
            migrant_worker=False,
            route_wanted="mediation",
        ),
        act(
            "hand_over_inspection",
            DESK,
            "2024-02-20",
            office=organization("yunxi-inspection"),
            sent_on="2024-02-20",
            matter="unpaid_wages",
        ),
        act(
            "ask_consent",
            DESK,
            "2024-02-20",
            organization=organization("qiaotou-studio"),
            asked_on="2024-02-20",
            how="phone",
        ),
        act(
            "consent",
            DESK,
            "2024-02-21",
            consents=[consent(name, "2024-02-21") for name in BOTH],
            accepted_on="2024-02-21",
        ),
        act("assign_mediator", DESK, "2024-02-21", mediator=person(DESK)),
        act(
            "hold_session",
            DESK,
            "2024-02-23",
            session_on=at("2024-02-23", "09:30"),
            mode="in_person",
            present=[party(name) for name in BOTH],
            record=paper("调解笔录", "2024-02-23"),
        ),
        act(
            "reach_agreement",
            DESK,
            "2024-02-23",
            draft=paper("调解协议书", "2024-02-23"),
            obligations=[
                payment(
                    "wages",
                    debtor=EMPLOYER,
                    creditor=WORKER,
                    due_text="付款期限未公布",
                    what="支付2023年4月至6月工资，金额未公布",
                )
            ],
            remaining_claims="settled",
        ),
        act(
            "complete_signatures",
            DESK,
            "2024-02-23",
            signatures=[signature(name, "2024-02-23") for name in BOTH],
            seal_on="2024-02-23",
            effective_on="2024-02-23",
        ),
    ),
    end=End("agreement_effective", {"labour_inspection": "inspection_informed"}, {"title_kind": "agreement"}),
    assumptions=(
        "Reported on 2024-02-29 for February 2024: the days of that month are chosen.",
        "Employer's seat taken to be 越城区, the place of work; not a migrant worker, as nothing is said.",
        "Studio and inspection are made up.",
    ),
    unrepresented=(
        "Sum: not published; claim and obligation have none.",
        "End of service on 2023-06-11: told in the reason only; the step that would start the limitation clock is not part of the published course.",
        "The inspection squad at the same table: hand-over has a track, joint mediation has no second body.",
        "Begin of work in 2023-04: a month without a day.",
        "Street of Jishan: the division is given by the code of its district.",
    ),
)

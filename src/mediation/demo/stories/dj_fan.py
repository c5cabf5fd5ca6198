"""Mediation before the commission accepts: three claims in one sum on the spot."""

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

WORKER, EMPLOYER, DESK = "樊某", "某企业", "mediator-yuan"
BOTH = (WORKER, EMPLOYER)

STORY = Story(
    id="dj-fan",
    title="宜昌点军区“人社+工会”裁调工作室首案",
    source="湖北省总工会网站，hbzgh.org.cn",
    summary="樊某自2010年1月入职，被告知年后不用来上班；申请仲裁后经裁调工作室调解，工资、经济补偿金及退还公积金共5.8万元，当场签协议。",
    keeper=DESK,
    opened_on="2023-05-24",
    channel="walk_in",
    given={"place_of_performance": "420504"},
    parties=(
        {"kind": "worker", "name": WORKER, "role": "applicant"},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=(
        {"code": "unpaid_wages", "basis": "9个月工资"},
        {"code": "economic_compensation", "basis": "2010年1月入职"},
        {"code": "other_labour", "basis": "退还公积金"},
    ),
    steps=(
        act(
            "submit_help_request",
            DESK,
            "2023-05-24",
            channel="walk_in",
            received_on="2023-05-24",
            what_happened="1月被告知年后不用来上班，5月领取解除证明，9个月工资未发",
        ),
        act(
            "triage_ok",
            DESK,
            "2023-05-24",
            claim_codes=["unpaid_wages", "economic_compensation", "other_labour"],
            place_of_performance="420504",
            employer_seat="420504",
            migrant_worker=False,
            route_wanted="arbitration",
        ),
        act(
            "prepare_referral",
            DESK,
            "2023-05-25",
            by=party(WORKER),
            ground="skip_mediation",
            commission=organization("yunxi-commission"),
        ),
        act(
            "file",
            DESK,
            "2023-05-26",
            application=paper("仲裁申请书"),
            evidence_list=paper("证据清单（含解除证明）"),
            filed_on="2023-05-26",
            filed_by="party",
        ),
        act(
            "advice_to_mediate",
            "arbitration-shen",
            "2023-05-29",
            organization=organization("yunxi-arbitration-room"),
            agreed_on="2023-05-29",
        ),
        act(
            "consent",
            DESK,
            "2023-05-31",
            consents=[consent(name, "2023-05-31") for name in BOTH],
            accepted_on="2023-05-31",
        ),
        act("assign_mediator", DESK, "2023-05-31", mediator=person(DESK)),
        act(
            "hold_session",
            DESK,
            "2023-06-01",
            session_on=at("2023-06-01", "09:30"),
            mode="in_person",
            present=[party(name) for name in BOTH],
            record=paper("调解笔录", "2023-06-01"),
        ),
        act(
            "reach_agreement",
            DESK,
            "2023-06-01",
            draft=paper("调解协议书", "2023-06-01"),
            obligations=[
                payment(
                    "all",
                    debtor=EMPLOYER,
                    creditor=WORKER,
                    amount="58000.00",
                    due_text="付款期限未公布",
                    what="工资、经济补偿金及退还公积金共计5.8万元",
                )
            ],
            remaining_claims="settled",
        ),
        act(
            "complete_signatures",
            DESK,
            "2023-06-01",
            signatures=[signature(name, "2023-06-01") for name in BOTH],
            seal_on="2023-06-01",
            effective_on="2023-06-01",
        ),
    ),
    end=End("agreement_effective", facts={"title_kind": "agreement"}, amount="58000.00"),
    assumptions=(
        "The year is not published: 2023 chosen; 06-01 is kept, the days before it are chosen.",
        "Employer's seat taken to be 点军区, like the place of work; not a migrant worker, as nothing is said.",
        "Studio and commission are the made-up ones of Yunxi.",
    ),
    unrepresented=(
        "The notice in January (no year) and the certificate in May: a month without a day.",
        "Sums of the three claims: not published; the agreement has one sum for all.",
        "Refund of the housing fund: no claim code of its own, recorded as another labour dispute.",
        "Entry into service in 2010-01: no field for service, a month without a day.",
        "Date of payment: not published; without a day no clock runs.",
    ),
)

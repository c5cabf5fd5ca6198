"""A broken agreement without a title: the court refuses to enforce it."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

from mediation.demo.stories.story import (
    End,
    Lapse,
    Story,
    act,
    at,
    case,
    consent,
    organization,
    paper,
    party,
    payment,
    person,
    signature,
)

FIRST, SECOND, THIRD, EMPLOYER, DESK = "谭某", "张某", "李某", "某公司", "mediator-gu"
ALL = (FIRST, SECOND, THIRD, EMPLOYER)

OTHERS = Story(
    id="xt-3-others",
    title="张某、李某（并案登记）",
    source="qqstock.cn 2019-02-13转载",
    summary="张某、李某与谭某同一公司、同一请求，登记为草稿供并案。",
    keeper=DESK,
    opened_on="2013-11-18",
    channel="walk_in",
    parties=(
        {"kind": "worker", "name": SECOND, "role": "applicant"},
        {"kind": "worker", "name": THIRD, "role": "co_applicant"},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=({"code": "unpaid_wages", "basis": "2012年7月至2013年10月工资，金额计入主案"},),
    steps=(),
    end=End("draft"),
)

STORY = Story(
    id="xt-3",
    title="湘潭高新区调解协议书直接申请强制执行被驳回案",
    source="qqstock.cn 2019-02-13转载",
    summary="三人工资5.1万元，区调解委员会主持达成协议，公司未按期付款；三人持协议书申请强制执行被驳回，因调解协议不具强制执行力。",
    keeper=DESK,
    opened_on="2013-11-18",
    channel="walk_in",
    given={"place_of_performance": "430304"},
    parties=(
        {"kind": "worker", "name": FIRST, "role": "applicant"},
        {"kind": "worker", "name": SECOND, "role": "co_applicant"},
        {"kind": "worker", "name": THIRD, "role": "co_applicant"},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=(
        {
            "code": "unpaid_wages",
            "amount": "51000.00",
            "basis": "2012年7月至2013年10月三人工资合计；其中谭某17000元",
        },
    ),
    also=(OTHERS,),
    steps=(
        act(
            "submit_intake",
            DESK,
            "2013-11-18",
            channel="walk_in",
            written_or_oral="written",
            received_on="2013-11-18",
            reason="公司自2012年7月起拖欠工资",
        ),
        act(
            "triage_ok",
            DESK,
            "2013-11-18",
            claim_codes=["unpaid_wages"],
            place_of_performance="430304",
            employer_seat="430304",
            migrant_worker=False,
            route_wanted="mediation",
        ),
        act("handle_jointly", DESK, "2013-11-19", linked=[case("xt-3-others")]),
        act(
            "ask_consent",
            DESK,
            "2013-11-19",
            organization=organization("yunxi-builders"),
            asked_on="2013-11-19",
            how="letter",
        ),
        act(
            "consent",
            DESK,
            "2013-11-20",
            consents=[consent(name, "2013-11-20") for name in ALL],
            accepted_on="2013-11-20",
        ),
        act("assign_mediator", DESK, "2013-11-20", mediator=person(DESK)),
        act(
            "hold_session",
            DESK,
            "2013-11-27",
            session_on=at("2013-11-27", "09:30"),
            mode="in_person",
            present=[party(name) for name in ALL],
            record=paper("调解笔录", "2013-11-27"),
        ),
        act(
            "reach_agreement",
            DESK,
            "2013-11-27",
            draft=paper("调解协议书", "2013-11-27"),
            obligations=[
                payment(
                    "wages",
                    debtor=EMPLOYER,
                    amount="51000.00",
                    due_on="2013-12-05",
                    what="三人工资合计，其中谭某17000元",
                )
            ],
            remaining_claims="settled",
        ),
        act(
            "complete_signatures",
            DESK,
            "2013-11-29",
            signatures=[signature(name, "2013-11-29") for name in ALL],
            seal_on="2013-11-29",
            effective_on="2013-11-29",
        ),
        Lapse("instalment_missed", "2013-12-06"),
        act(
            "record_own_enforcement_application",
            DESK,
            "2014-03-10",
            applied_on="2014-03-10",
            court="当地人民法院",
            title_claimed="调解协议书",
        ),
        act(
            "enforcement_refused",
            DESK,
            "2014-03-24",
            reason="no_title",
            received_on="2014-03-24",
        ),
    ),
    end=End("defaulted", {"enforcement": "enf_refused"}, {"title_kind": "agreement"}, "51000.00"),
    assumptions=(
        "Kept: signing at the end of 2013-11, payment due on 2013-12-05. The days of November are chosen.",
        "The year 2014 of the refused enforcement is inferred by the source's retelling; its days are chosen.",
        "A draft stands for the other two workers, so that the joint handling has a case to name.",
        "Employer's seat taken to be 岳塘区; not migrant workers, as nothing is said.",
        "The committee is the made-up builders' committee of Yunxi.",
    ),
    unrepresented=(
        "Tan's own 17,000.00 of the 51,000.00: a claim belongs to a side, not to one worker; words in the basis. One obligation has one creditor, so none is named.",
        "What the workers did after the refusal: not published; arbitration, payment order or suit stay open.",
        "Wages from 2012-07 to 2013-10: words in the basis, months without a day.",
        "Name of the court that refused: not published.",
    ),
)

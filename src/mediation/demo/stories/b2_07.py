"""A death at work: private settlement with the host employer, then more is claimed from both companies."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

from mediation.demo.stories.story import (
    DayEach,
    End,
    Story,
    act,
    organization,
    owed,
    paper,
    party,
    payment,
    result,
)

HEIRS, DISPATCHER, HOST = "惠某等（李某近亲属）", "某服务公司", "某传媒公司"
ALL = (HEIRS, DISPATCHER, HOST)
UPHELD = [result("work_death_benefit", "partly_supported", "766911.55")]

STORY = Story(
    id="b2-07",
    title="劳动人事争议典型案例（第二批，超时加班，2021-08-26）案例7",
    source="人社部、最高法联合发布，court.gov.cn/zixun/xiangqing/319151.html",
    summary="被派遣劳动者李某超时加班后猝死，用工单位与近亲属签订赔偿协议并付款；近亲属其后请求派遣、用工单位连带支付工亡待遇，两级法院支持766911.55元。",
    keeper="clerk-lin",
    opened_on="2018-12-14",
    channel="union_visit",
    parties=(
        {"kind": "heirs", "name": HEIRS, "role": "applicant"},
        {"kind": "host_employer", "name": HOST, "role": "respondent"},
    ),
    claims=(
        {
            "code": "work_death_benefit",
            "amount": "1193821.00",
            "basis": "医疗费、一次性工亡补助金、丧葬补助金、供养亲属抚恤金，请求两公司连带支付",
        },
    ),
    steps=(
        act(
            "record_existing_agreement",
            "clerk-lin",
            "2018-12-14",
            agreement=paper("赔偿协议（用工单位与近亲属签订）", "2018-12-10"),
            effective_on="2018-12-10",
            obligations=[
                payment(
                    "private",
                    debtor=HOST,
                    creditor=HEIRS,
                    amount="420000.00",
                    what="工亡待遇42万元，近亲属放弃其他请求",
                )
            ],
        ),
        act(
            "record_final_performance",
            "clerk-lin",
            "2018-12-20",
            obligation=owed("private"),
            done_on="2018-12-20",
            amount="423497.80",
            note="协议约定42万元，实际支付423497.80元",
            payer=party(HOST),
            payer_capacity="respondent",
            proof=[paper("付款凭证")],
        ),
        act(
            "join_party",
            "clerk-lin",
            "2019-03-04",
            party={"kind": "employer", "name": DISPATCHER},
            role="co_respondent",
            ground="dispatch_joint_liability",
        ),
        act(
            "prepare_referral",
            "clerk-lin",
            "2019-03-04",
            by=party(HEIRS),
            ground="claim_not_covered",
            commission=organization("yunxi-commission"),
        ),
        act(
            "file",
            "clerk-lin",
            "2019-03-06",
            application=paper("仲裁申请书"),
            evidence_list=paper("证据清单"),
            filed_on="2019-03-06",
            filed_by="party",
        ),
        act(
            "accepted",
            "arbitration-shen",
            "2019-03-12",
            arb_no="案号未公布",
            accepted_on="2019-03-12",
            simplified=False,
        ),
        act(
            "award",
            "arbitration-shen",
            "2019-04-22",
            award_no="案号未公布",
            award_kind="non_final",
            received_on=DayEach(ALL, "2019-04-22"),
            results=UPHELD,
        ),
        act(
            "file_suit",
            "clerk-lin",
            "2019-04-30",
            by=party(HOST),
            court=organization("yunxi-court"),
            filed_on="2019-04-30",
            court_route_basis="post_award",
            complaint=paper("民事起诉状"),
        ),
        act(
            "court_registers_case",
            "court-gao",
            "2019-05-06",
            court_no="案号未公布",
            registered_on="2019-05-06",
            instance="first",
        ),
        act(
            "record_judgment",
            "court-gao",
            "2019-09-16",
            court_no="案号未公布",
            instance="first",
            received_on=DayEach(ALL, "2019-09-16"),
            results=UPHELD,
            appealable=True,
        ),
        act("appeal", "clerk-lin", "2019-09-27", by=party(HOST), filed_on="2019-09-27"),
        act(
            "record_judgment",
            "clerk-lin",
            "2019-12-16",
            court_no="案号未公布",
            instance="second",
            received_on=DayEach(ALL, "2019-12-16"),
            results=UPHELD,
            appealable=False,
        ),
        act(
            "judgment_takes_effect",
            "clerk-lin",
            "2019-12-16",
            obligations=[
                payment(
                    "judgment",
                    debtor=DISPATCHER,
                    creditor=HEIRS,
                    amount="766911.55",
                    what="某传媒公司承担连带责任",
                )
            ],
        ),
    ),
    end=End("performing", facts={"title_kind": "judgment"}, amount="766911.55"),
    assumptions=(
        "The agreement of 2018-12 is put on the 10th, its payment on the 20th; recorded here between them.",
        "All days of arbitration, suit and appeal: not published; chosen inside the terms of the law.",
        "Award, suing party and appellant: only that two instances upheld 766,911.55 is published; recorded with that sum in the award and the host employer suing and appealing.",
        "Kept by the made-up Yunxi centre; commission and court are made up too.",
    ),
    unrepresented=(
        "Joint liability for one sum: an obligation has one debtor; the second company stands in its words.",
        "Whether the 423,497.80 paid before is part of the 766,911.55: an obligation of a new title starts at nothing paid.",
        "Medical cost, one-off death benefit, funeral and support benefits: one claim code holds them all, no sums for each are published.",
        "Number of the heirs: not published.",
        "The death on 2018-12-01 and the dispatch contract of 11 hours a day, 286 hours a month: no field; told in the summary only in part.",
        "Missing work-injury insurance, recruitment in 2017-09: no field, a month without a day.",
        "Numbers of the proceedings: not published; the fields are required and say so.",
    ),
)

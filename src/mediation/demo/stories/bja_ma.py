"""A bonus difference: paid before the tribunal, and the application withdrawn."""

from mediation.demo.stories.story import (
    End,
    Story,
    act,
    organization,
    owed,
    paper,
    party,
    payment,
)

WORKER, EMPLOYER = "马某", "某体育用品公司"

STORY = Story(
    id="bja-ma",
    title="2024年北京市劳动人事争议仲裁十大典型案例 案例3",
    source="北京市人社局2024-12-17发布",
    summary="合同约定工资异议期，马某请求绩效奖金差额2250元；仲裁庭调解后公司支付，马某撤回申请，未出具调解书。",
    keeper="clerk-lin",
    opened_on="2024-03-11",
    channel="arbitration_commission",
    given={"place_of_performance": "110000"},
    parties=(
        {"kind": "worker", "name": WORKER, "role": "applicant"},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=(
        {
            "code": "bonus_commission",
            "amount": "2250.00",
            "basis": "2022年12月绩效奖金差额；合同有“工资异议期”条款",
        },
    ),
    steps=(
        act(
            "record_pending_arbitration",
            "clerk-lin",
            "2024-03-11",
            commission=organization("yunxi-commission"),
            arb_no="案号未公布",
            filed_on="2024-03-04",
            accepted_on="2024-03-08",
            purpose="monitoring",
        ),
        act(
            "settle_and_withdraw_arbitration",
            "arbitration-shen",
            "2024-03-28",
            agreement=paper("仲裁庭主持下的和解记录", "2024-03-28"),
            effective_on="2024-03-28",
            withdrawal=paper("撤回仲裁申请书", "2024-03-28"),
            obligations=[payment("bonus", debtor=EMPLOYER, creditor=WORKER, amount="2250.00", due_on="2024-03-28")],
        ),
        act(
            "record_final_performance",
            "clerk-lin",
            "2024-03-28",
            obligation=owed("bonus"),
            done_on="2024-03-28",
            amount="2250.00",
            payer=party(EMPLOYER),
            payer_capacity="respondent",
            proof=[paper("付款凭证")],
        ),
        act("close_performed", "clerk-lin", "2024-03-28"),
    ),
    end=End("closed_performed", facts={"title_kind": "agreement"}, amount="2250.00"),
    assumptions=(
        "The year 2024 is inferred from the publication; all days are chosen.",
        "Payment, settlement and withdrawal are put on one day; the source says that payment came first.",
        "Followed by the made-up Yunxi centre, before the made-up Yunxi commission.",
    ),
    unrepresented=(
        "Payment before the withdrawal: the table settles and withdraws first, and then records the payment.",
        "The clause by which wages count as accepted unless disputed in time: no field.",
        "The bonus month 2022-12: words in the basis of the claim.",
        "Number of the case: not published; the field is required and says so.",
    ),
)

"""Overtime pay signed away in an annex: the award supports the claim in full."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

from mediation.demo.stories.story import DayEach, End, Lapse, Story, act, organization, paper, party, result

BOTH = ("张某", "某科技公司")

STORY = Story(
    id="b2-02",
    title="劳动人事争议典型案例（第二批，超时加班，2021-08-26）案例2",
    source="人社部、最高法联合发布，court.gov.cn/zixun/xiangqing/319151.html",
    summary="张某入职时签下放弃加班费的附件，约半年后离职并索要加班费；仲裁认定放弃约定无效，全额支持。",
    keeper="clerk-lin",
    opened_on="2021-01-18",
    channel="arbitration_commission",
    parties=(
        {"kind": "worker", "name": "张某", "role": "applicant"},
        {"kind": "employer", "name": "某科技公司", "role": "respondent"},
    ),
    claims=(
        {
            "code": "overtime_pay",
            "amount": "24000.00",
            "basis": "2020年6月至12月加班费；公司以劳动者自愿放弃加班费的附件抗辩",
        },
    ),
    steps=(
        act(
            "record_pending_arbitration",
            "clerk-lin",
            "2021-01-18",
            commission=organization("yunxi-commission"),
            arb_no="案号未公布",
            filed_on="2021-01-11",
            accepted_on="2021-01-15",
            purpose="monitoring",
        ),
        act(
            "set_hearing",
            "arbitration-shen",
            "2021-01-20",
            hearing_on="2021-02-02",
            common_={"evidence": ["开庭通知书"]},
        ),
        act(
            "record_hearing",
            "arbitration-shen",
            "2021-02-02",
            held_on="2021-02-02",
            present=[party(name) for name in BOTH],
            adjourned=False,
        ),
        act(
            "award",
            "arbitration-shen",
            "2021-02-22",
            award_no="案号未公布",
            award_kind="non_final",
            received_on=DayEach(BOTH, "2021-02-22"),
            results=[result("overtime_pay", "supported", "24000.00")],
            common_={"evidence": [paper("裁决书")["reference"]]},
        ),
        Lapse("award_takes_effect", "2021-03-10"),
    ),
    end=End("performing", facts={"title_kind": "award"}, amount="24000.00"),
    assumptions=(
        "Days of filing, acceptance, hearing and award: only the months of the employment are published; the days chosen keep the commission's 45 days.",
        "Kind of award: not published; recorded as non-final, so that both sides have 15 days to sue.",
        "No suit is known: the award takes effect when the 15 days end.",
        "Followed by the made-up Yunxi centre, before the made-up Yunxi commission.",
    ),
    unrepresented=(
        "Entry into service in 2020-06 and exit about half a year later: months without a day.",
        "Monthly wage of 20,000.00: a claim has an amount, not the wage it is computed from.",
        "The annex in which overtime pay was waived, and why it is void: an award has a result per claim, no reasons.",
        "Numbers of the case and the award: not published; the fields are required and say so.",
    ),
)

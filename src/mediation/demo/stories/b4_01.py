"""Pay during medical leave after a work injury: the request is dismissed."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

from mediation.demo.stories.story import DayEach, End, Lapse, Story, act, organization, party, result

BOTH = ("彭某", "某城建公司")

STORY = Story(
    id="b4-01",
    title="劳动人事争议典型案例（第四批，人社部函〔2025〕28号，2025-04-09）案例1",
    source="chinajob.mohrss.gov.cn/h5/c/2025-05-19/435113.shtml",
    summary="彭某停工留薪期满后公司改发病假工资，彭某请求按停工留薪期标准补足差额；因未经劳动能力鉴定委员会确认延长，仲裁驳回。",
    keeper="clerk-lin",
    opened_on="2023-02-20",
    channel="arbitration_commission",
    parties=(
        {"kind": "worker", "name": "彭某", "role": "applicant"},
        {"kind": "employer", "name": "某城建公司", "role": "respondent"},
    ),
    claims=({"code": "work_injury_benefit", "basis": "按停工留薪期标准补足2022年11月起的工资差额"},),
    steps=(
        act(
            "record_pending_arbitration",
            "clerk-lin",
            "2023-02-20",
            commission=organization("yunxi-commission"),
            arb_no="案号未公布",
            filed_on="2023-02-13",
            accepted_on="2023-02-17",
            purpose="monitoring",
        ),
        act(
            "set_hearing",
            "arbitration-shen",
            "2023-02-27",
            hearing_on="2023-03-10",
            common_={"evidence": ["开庭通知书"]},
        ),
        act(
            "record_hearing",
            "arbitration-shen",
            "2023-03-10",
            held_on="2023-03-10",
            present=[party(name) for name in BOTH],
            adjourned=False,
        ),
        act(
            "award",
            "arbitration-shen",
            "2023-03-24",
            award_no="案号未公布",
            award_kind="non_final",
            received_on=DayEach(BOTH, "2023-03-24"),
            results=[result("work_injury_benefit", "dismissed")],
        ),
        Lapse("award_ends_case", "2023-04-11"),
    ),
    end=End("closed_adjudicated", amount="0.00"),
    assumptions=(
        "The application of 2023-02 is put on the 13th; acceptance, hearing and award: not published, chosen inside the 45 days.",
        "Kind of award: not published; recorded as non-final. No suit is known.",
        "Followed by the made-up Yunxi centre, before the made-up Yunxi commission.",
    ),
    unrepresented=(
        "Sum of the claim: not published.",
        "Difference of wages: recorded under work-injury benefits, which the pay of that leave belongs to; there is no code for a difference.",
        "The injury in 2021-10, the 12 months of paid leave, the notices of 2022-09: no field; months without a day.",
        "Why the request fails (a diagnosis does not replace the appraisal committee): a result has no reasons.",
        "Numbers of the case and the award: not published; the fields are required and say so.",
    ),
)

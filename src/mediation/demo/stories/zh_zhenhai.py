"""A crane accident: award, suit, and entrusted to the governance centre, where it is still open."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

from mediation.demo.stories.story import (
    DayEach,
    End,
    Lapse,
    Story,
    act,
    at,
    organization,
    paper,
    party,
    person,
    result,
)

WORKER, CONTRACTOR, SUBCONTRACTOR = "秦某", "浙江某建设公司", "宁波某劳务公司"
ALL = (WORKER, CONTRACTOR, SUBCONTRACTOR)
DESK, MEDIATOR, COURT, COMMISSION = "clerk-mu", "mediator-du", "court-gao", "arbitration-shen"

STORY = Story(
    id="zh-zhenhai",
    title="从“法庭见”到“综治中心见”（宁波镇海塔吊伤人案）",
    source="平安浙江网2025-07-09，pazjw.gov.cn",
    summary="秦某工作中被吊物砸伤，两公司均未签合同；仲裁确认与总包的劳动关系，只支持2.6万余元，秦某起诉，后由综治中心接手调解，结果未公布。",
    keeper=DESK,
    opened_on="2023-08-21",
    channel="arbitration_commission",
    given={"place_of_performance": "330211"},
    parties=(
        {"kind": "worker", "name": WORKER, "role": "applicant"},
        {"kind": "principal_contractor", "name": CONTRACTOR, "role": "respondent"},
    ),
    claims=(
        {"code": "confirm_employment", "basis": "请求确认劳动关系"},
        {
            "code": "work_injury_benefit",
            "amount_text": "各项合计23万余元",
            "basis": "工伤待遇、鉴定费；与其余各项合计23万余元",
        },
        {"code": "economic_compensation", "basis": "金额计入合计"},
        {"code": "double_wage_no_contract", "basis": "双倍工资差额，金额计入合计"},
        {"code": "high_temp_allowance", "basis": "高温津贴，金额计入合计"},
    ),
    steps=(
        act(
            "record_pending_arbitration",
            DESK,
            "2023-08-21",
            commission=organization("yunxi-commission"),
            arb_no="案号未公布",
            filed_on="2023-08-14",
            accepted_on="2023-08-18",
            purpose="monitoring",
        ),
        act(
            "join_party",
            DESK,
            "2023-09-05",
            party={"kind": "employer", "name": SUBCONTRACTOR},
            role="third_party",
            ground="labour_subcontractor",
        ),
        Lapse("arbitration_overdue", "2023-10-09"),
        act(
            "award",
            COMMISSION,
            "2024-04-22",
            award_no="案号未公布",
            award_kind="non_final",
            received_on=DayEach(ALL, "2024-04-22"),
            results=[
                result("confirm_employment", "supported"),
                result("work_injury_benefit", "partly_supported"),
                result("economic_compensation", "dismissed"),
                result("double_wage_no_contract", "dismissed"),
                result("high_temp_allowance", "dismissed"),
            ],
        ),
        act(
            "file_suit",
            DESK,
            "2024-05-06",
            by=party(WORKER),
            court=organization("yunxi-court"),
            filed_on="2024-05-06",
            court_route_basis="post_award",
            complaint=paper("民事起诉状"),
        ),
        act(
            "court_registers_case",
            COURT,
            "2024-05-10",
            court_no="案号未公布",
            registered_on="2024-05-10",
            instance="first",
        ),
        act(
            "court_entrusts",
            COURT,
            "2025-06-16",
            court_no="案号未公布",
            pretrial_venue="court_postfiling_entrust",
            procedure="ordinary",
            instance="first",
            dispatch_received_on="2025-06-16",
        ),
        act("accept_dispatch", DESK, "2025-06-17", accepted_on="2025-06-17", mediator=person(MEDIATOR)),
        act(
            "contact_counterparty",
            MEDIATOR,
            "2025-06-18",
            contacts=[
                {
                    "party": party(WORKER),
                    "at": at("2025-06-18", "09:00"),
                    "channel": "visit",
                    "reached": True,
                    "note": "在综治中心见面",
                }
            ],
        ),
    ),
    end=End(
        "court_mediation_in_progress",
        facts={"arb_overdue": True, "instance": "first"},
        amount="各项合计23万余元",
    ),
    assumptions=(
        "Kept: the meeting of 2025-06-18 and the months of application (2023-08), award (2024-04) and suit (2024-05); their days are chosen.",
        "Entrusted two days before that meeting, under ordinary procedure; the worker sued.",
        "Which heads the award's sum belongs to is not published: the injury benefits are recorded as partly supported, the other money claims as dismissed. Kind of award: recorded as non-final.",
        "Centre, commission and court are the made-up ones of Yunxi; the centre keeps the case from the start.",
        "Where the service's clock has passed the 15 days of the entrusted mediation, as after make run, the case stands as returned to the court: its real outcome is not published.",
    ),
    unrepresented=(
        "Award of over 26,000 (约数): a result has an exact sum only, so it has none.",
        "Claims of over 230,000 together (约数), and no sums of the parts: the wording stands at one claim.",
        "Cost of the appraisal: no claim code of its own, told with the injury benefits.",
        "The accident in 2022-03: no field, a month without a day.",
        "Outcome: not published; the case stays where the report leaves it.",
        "Numbers of the proceedings: not published; the fields are required and say so.",
    ),
)

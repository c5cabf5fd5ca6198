"""Two workers of a substation site, settled in half a day."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

from mediation.demo.stories.story import (
    End,
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

FIRST, SECOND, EMPLOYER, DESK, DAY = "马某", "农某", "某建筑工程公司", "mediator-lan", "2025-04-22"
ALL = (FIRST, SECOND, EMPLOYER)

OTHER = Story(
    id="nn-lq-other",
    title="农某（并案登记）",
    source="南宁良庆区政府网2025-04-23",
    summary="农某与马某同一项目、同一用人单位，登记为草稿供并案。",
    keeper=DESK,
    opened_on=DAY,
    channel="walk_in",
    parties=(
        {"kind": "worker", "name": SECOND, "role": "applicant"},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=({"code": "unpaid_wages", "basis": "变电站项目工资，金额计入主案"},),
    steps=(),
    end=End("draft"),
)

STORY = Story(
    id="nn-lq",
    title="南宁良庆一站式调解站首案（变电站项目2人）",
    source="南宁良庆区政府网2025-04-23",
    summary="两名劳动者变电站项目工资合计约20.6万元，一站式调解站半天内促成现场和解并签协议。",
    keeper=DESK,
    opened_on=DAY,
    channel="walk_in",
    given={"place_of_performance": "450108"},
    parties=(
        {"kind": "worker", "name": FIRST, "role": "applicant"},
        {"kind": "worker", "name": SECOND, "role": "co_applicant"},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=({"code": "unpaid_wages", "amount_text": "两人合计约20.6万元", "basis": "变电站项目工资"},),
    also=(OTHER,),
    steps=(
        act(
            "submit_intake",
            DESK,
            DAY,
            channel="walk_in",
            written_or_oral="written",
            received_on=DAY,
            reason="变电站项目结束后工资未结清",
        ),
        act(
            "triage_ok",
            DESK,
            DAY,
            claim_codes=["unpaid_wages"],
            place_of_performance="450108",
            employer_seat="450108",
            migrant_worker=True,
            route_wanted="mediation",
        ),
        act("handle_jointly", DESK, DAY, linked=[case("nn-lq-other")]),
        act(
            "ask_consent",
            DESK,
            DAY,
            organization=organization("shatan-station"),
            asked_on=DAY,
            how="in_person",
        ),
        act("consent", DESK, DAY, consents=[consent(name, DAY) for name in ALL], accepted_on=DAY),
        act("assign_mediator", DESK, DAY, mediator=person(DESK)),
        act(
            "hold_session",
            DESK,
            DAY,
            session_on=at(DAY, "09:30"),
            mode="in_person",
            present=[party(name) for name in ALL],
            record=paper("调解笔录", DAY),
        ),
        act(
            "reach_agreement",
            DESK,
            DAY,
            draft=paper("调解协议书", DAY),
            obligations=[
                payment(
                    "wages",
                    debtor=EMPLOYER,
                    due_text="付款期限未公布",
                    what="支付马某、农某工资合计约20.6万元",
                )
            ],
            remaining_claims="settled",
        ),
        act(
            "complete_signatures",
            DESK,
            DAY,
            signatures=[signature(name, DAY) for name in ALL],
            seal_on=DAY,
            effective_on=DAY,
        ),
    ),
    end=End("agreement_effective", facts={"title_kind": "agreement"}, amount="两人合计约20.6万元"),
    assumptions=(
        "Everything on 2025-04-22, the day published.",
        "A draft stands for the second worker, so that the joint handling has a case to name; both are in this case.",
        "Site workers recorded as migrant workers; employer's seat taken to be 良庆区, the place of work.",
        "The station is the made-up one of Shatan.",
    ),
    unrepresented=(
        "Sum of about 206,000 for both (约数): the claim keeps the wording; the obligation has none.",
        "Shares of the two workers: not published; one obligation has one creditor, so none is named.",
        "Work from 2022-03 and 2021-10 until 2023-09: months without a day, so no limitation clock can start; that limitation is at risk after 19 months is only told here.",
        "Date of payment: not published; without a day no clock runs.",
    ),
)

"""Seventeen suits: attachment, mediation for the court, wages paid before signing, the rest in two parts."""
# ruff: noqa: E501 - a sentence of the retelling stays on its line

from mediation.demo.stories.story import (
    DayEach,
    End,
    Story,
    act,
    at,
    organization,
    owed,
    paper,
    party,
    payment,
    person,
)

WORKERS, EMPLOYER = "唐某某等17人", "重庆某实业公司"
BOTH = (WORKERS, EMPLOYER)
DESK, MEDIATOR, COURT = "clerk-lin", "mediator-chen", "court-gao"
FIRST = payment("first", debtor=EMPLOYER, creditor=WORKERS, due_on="2024-10-31", what="按比例支付经济补偿，10月底前")
REST = payment("rest", debtor=EMPLOYER, creditor=WORKERS, due_on="2024-12-15", what="付清其余经济补偿")

STORY = Story(
    id="qj-17",
    title="重庆綦江工会五方联动（17人诉某实业公司）",
    source="中工网2024-10-09",
    summary="17人分别起诉，工会与法院等五方联动调解；工资、提成在签协议前付清，经济补偿分两期，保全随后解除，立案到结案9天。",
    keeper=DESK,
    opened_on="2024-09-18",
    channel="court",
    given={"place_of_performance": "500110"},
    parties=(
        {"kind": "worker", "name": WORKERS, "role": "applicant", "headcount": 17},
        {"kind": "employer", "name": EMPLOYER, "role": "respondent"},
    ),
    claims=(
        {"code": "unpaid_wages", "basis": "工资"},
        {"code": "bonus_commission", "basis": "销售提成"},
        {
            "code": "economic_compensation",
            "amount_text": "各项合计100余万元",
            "basis": "解除劳动关系经济补偿；各项合计诉请100余万元",
        },
    ),
    steps=(
        act(
            "record_pending_suit",
            DESK,
            "2024-09-18",
            court_no="案号未公布",
            instance="first",
            court_route_basis="not_stated",
            registered_on="2024-09-18",
            evidence_={"why_recorded": "工会参与五方联动的联系函"},
        ),
        act(
            "merge_collective",
            DESK,
            "2024-09-18",
            collective="某实业公司17人劳动报酬",
            mandate=paper("代表人推举书"),
        ),
        act(
            "apply_preservation",
            DESK,
            "2024-09-18",
            kind="in_suit",
            applied_on="2024-09-18",
            court=organization("yunxi-court"),
            application=paper("财产保全申请书"),
        ),
        act(
            "preservation_granted",
            COURT,
            "2024-09-19",
            measures_on="2024-09-19",
            assets="公司账户",
            common_={"evidence": ["保全裁定书"]},
        ),
        act(
            "court_entrusts",
            COURT,
            "2024-09-19",
            court_no="案号未公布",
            pretrial_venue="court_postfiling_entrust",
            procedure="ordinary",
            instance="first",
            dispatch_received_on="2024-09-19",
        ),
        act("accept_dispatch", DESK, "2024-09-19", accepted_on="2024-09-19", mediator=person(MEDIATOR)),
        act(
            "contact_counterparty",
            MEDIATOR,
            "2024-09-20",
            contacts=[
                {
                    "party": party(EMPLOYER),
                    "at": at("2024-09-20", "09:00"),
                    "channel": "phone",
                    "reached": True,
                }
            ],
        ),
        act(
            "hold_further_session",
            MEDIATOR,
            "2024-09-24",
            session_on=at("2024-09-24", "09:30"),
            mode="in_person",
            present=[party(name) for name in BOTH],
            record=paper("调解笔录", "2024-09-24"),
        ),
        act(
            "court_agreement",
            MEDIATOR,
            "2024-09-26",
            agreement=paper("调解协议书", "2024-09-26"),
            effective_on="2024-09-26",
            obligations=[
                payment(
                    "wages",
                    debtor=EMPLOYER,
                    creditor=WORKERS,
                    due_on="2024-09-26",
                    what="工资及销售提成，签协议前付清",
                ),
                FIRST,
                REST,
            ],
            finish="court_statement",
        ),
        act(
            "record_performance",
            DESK,
            "2024-09-26",
            obligation=owed("wages"),
            done_on="2024-09-26",
            payer=party(EMPLOYER),
            payer_capacity="respondent",
            proof=[paper("17人收款确认")],
        ),
        act("preservation_released", COURT, "2024-09-26", released_on="2024-09-26", why="settlement"),
        act(
            "court_statement_issued",
            COURT,
            "2024-09-27",
            court_no="案号未公布",
            served_on=DayEach(BOTH, "2024-09-27"),
            obligations=[FIRST, REST],
        ),
    ),
    end=End(
        "performing",
        {"preservation": "pres_released"},
        {"title_kind": "court_statement"},
        "各项合计100余万元",
    ),
    assumptions=(
        "Kept: end of October and 2024-12-15 as due days, nine days from registration to the end. The days inside September are chosen.",
        "Route to court: not published; recorded as not stated, which warns. Procedure: taken as ordinary.",
        "That the court closed with a statement is taken from the acceptance list.",
        "Centre and court are the made-up ones of Yunxi.",
        "Where the service's clock has passed the due days, as after make run, the case stands in default: no proof of payment is published; the source does not say that payment failed.",
    ),
    unrepresented=(
        "Seventeen suits with a number each: one case here holds one court number.",
        "Claims of over 1,000,000 together (约数), and no sums of the parts: obligations have no approximate sum, so they have none.",
        "Wages and commission paid before signing: the table records performance after the agreement, here on the same day.",
        "The proportion paid by the end of October: not published.",
        "Which five bodies worked together: the case knows the centre and the court.",
        "What was attached: not published; the field is required and says 公司账户.",
    ),
)

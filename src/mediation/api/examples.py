"""Bodies that show how main operations are called, retold from a published dispute about overtime pay."""

from typing import Any, Final

_WORKER: Final = "01938f3e-7d52-7c10-8a11-3f0c5b7e2a01"
_EMPLOYER: Final = "01938f3e-7d52-7c10-8a11-3f0c5b7e2a02"
_PERSON: Final = "01938f3e-7d52-7c10-8a11-3f0c5b7e2a03"
_ORGANIZATION: Final = "01938f3e-7d52-7c10-8a11-3f0c5b7e2a04"
_OBLIGATION: Final = "01938f3e-7d52-7c10-8a11-3f0c5b7e2a05"

_PARTIES: Final = [
    {"role": "applicant", "kind": "worker", "name": "张某", "phone": "13800000000"},
    {"role": "respondent", "kind": "employer", "name": "某科技公司"},
]
_CLAIMS: Final = [
    {
        "code": "overtime_pay",
        "amount": "24000.00",
        "basis": "2020年6月至12月加班费;公司称签有自愿放弃加班费的附件协议",
        "knew_on": "2020-12-31",
    }
]
_DEBT: Final = {
    "kind": "payment",
    "debtor": _EMPLOYER,
    "creditor": _WORKER,
    "amount": "24000.00",
    "due_on": "2021-03-01",
}

BODIES: Final[dict[str, dict[str, Any]]] = {
    "create_case": {
        "channel": "walk_in",
        "summary": "劳动者要求公司支付加班费",
        "received_on": "2021-01-11",
        "written_or_oral": "written",
        "parties": _PARTIES,
        "claims": _CLAIMS,
        "employer_seat": "330106",
        "submit": True,
    },
    "amend_case": {"summary": "劳动者要求公司支付半年加班费", "expected_version": 1},
    "add_party": _PARTIES[0],
    "amend_party": {"phone": "13900000000", "expected_version": 1},
    "add_claim": _CLAIMS[0],
    "amend_claim": {"amount": "23500.00", "expected_version": 1},
    "assign": {"person_id": _PERSON, "role": "volunteer"},
    "amend_task": {"owner_id": _PERSON, "note": "请在本周内联系双方", "expected_version": 1},
    "record_offer": {
        "kind": "offer",
        "round": 1,
        "made_by": _EMPLOYER,
        "made_on": "2021-01-20",
        "text": "分两期支付",
        "amount": "20000.00",
    },
    "answer_offer": {"status": "refused", "expected_version": 1},
    "record_undisputed_fact": {"text": "双方确认劳动者于2019年3月1日入职"},
    "sign_undisputed_fact": {"party_id": _WORKER, "signed_on": "2021-01-20"},
    "simulate": {
        "steps": [
            {
                "action": "extend",
                "occurred_on": "2021-01-25",
                "input": {
                    "new_end": "2021-02-05",
                    "consents": [
                        {"party": _WORKER, "date": "2021-01-25", "form": "written"},
                        {"party": _EMPLOYER, "date": "2021-01-25", "form": "written"},
                    ],
                    "reason": "等候公司提交考勤记录",
                },
            },
            {
                "action": "reach_agreement",
                "occurred_on": "2021-02-04",
                "input": {
                    "obligations": [_DEBT],
                    "draft": {"reference": "调解协议书草稿"},
                    "remaining_claims": "none_left",
                },
                "attestations": [{"guard": "agreement_complete", "evidence": "调解协议书草稿"}],
            },
        ],
        "until": "2021-03-02",
    },
    "preview_term": {"start": "2021-01-11"},
    "count_days": {"start": "2021-01-11", "length": 15, "unit": "calendar_day", "roll": True},
    "move_clock": {"advance_days": 1},
}
STEPS: Final[dict[str, dict[str, Any]]] = {
    "submit_intake": {
        "channel": "walk_in",
        "received_on": "2021-01-11",
        "written_or_oral": "written",
        "reason": "公司称已签自愿放弃加班费的协议,不支付加班费",
    },
    "triage_ok": {
        "claim_codes": ["overtime_pay"],
        "employer_seat": "330106",
        "migrant_worker": False,
        "route_wanted": "mediation",
    },
    "apply_for_mediation": {"received_on": "2021-01-11", "written_or_oral": "written"},
    "ask_consent": {"asked_on": "2021-01-11", "organization": _ORGANIZATION, "how": "letter"},
    "consent": {
        "accepted_on": "2021-01-12",
        "consents": [{"party": _EMPLOYER, "date": "2021-01-12", "form": "written"}],
    },
    "assign_mediator": {"mediator": _PERSON},
    "reach_agreement": {
        "obligations": [_DEBT],
        "draft": {"reference": "调解协议书草稿"},
        "remaining_claims": "none_left",
    },
    "record_final_performance": {
        "obligation": _OBLIGATION,
        "done_on": "2021-02-26",
        "payer": _EMPLOYER,
        "payer_capacity": "respondent",
        "proof": [{"reference": "银行回单"}],
    },
    "withdraw": {"asked_by": _WORKER, "reason": "双方自行和解"},
}

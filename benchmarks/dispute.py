"""The dispute that is written down again and again, and the step that is taken on it: made up throughout."""

from __future__ import annotations

from datetime import date
from typing import Final

import orjson

KEEPER: Final = "clerk-lin"
STEP: Final = "extend_negotiation"
CONSENT: Final = [{"guard": "written_consent_of_all", "evidence": "延长协商的书面同意"}]

GIVEN: Final = {
    "channel": "walk_in",
    "summary": "申请人称公司拖欠三个月工资，多次催要未付。",
    "reason": "拖欠工资",
    "written_or_oral": "written",
    "parties": [
        {
            "role": "applicant",
            "kind": "worker",
            "name": "张某",
            "phone": "13800000000",
            "resident_id": "330106199003071236",
        },
        {"role": "respondent", "kind": "employer", "name": "某公司"},
    ],
    "claims": [{"code": "unpaid_wages", "amount": "24000.00", "basis": "8月至10月工资未发"}],
}
DISPUTE: Final = orjson.dumps(GIVEN)


def step_body(new_end: date) -> bytes:
    """What the step is asked with."""
    return orjson.dumps({"new_end": new_end.isoformat(), "attestations": CONSENT})

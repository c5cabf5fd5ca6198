"""Until when a claim can be brought: the safe day to work by, the readings, and what would interrupt the year."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from mediation.api import labels, shapes
from mediation.api.call import Call, respond
from mediation.api.citations import describe_citation
from mediation.api.language import both
from mediation.api.operations import READ, operation
from mediation.domain.limitation import LimitationView, Reading
from mediation.domain.records import Claim
from mediation.services import limitations


@operation(
    "GET", "/v1/cases/{case_id}/limitation", tag="limitation", zh="各请求的仲裁时效", en="Read limitation",
    refuses=READ, answer=shapes.ItemsShape,
)  # fmt: skip
async def read_limitation(call: Call, case_id: str) -> Response:
    """Each claim with its end days under each reading, worked out from the case's history; it never blocks a step."""
    found = await call.read(limitations.read_limitation, case_id)
    return respond({"items": [_view(claim, view) for claim, view in found]})


def _view(claim: Claim, view: LimitationView) -> dict[str, Any]:
    return {
        "claim_id": claim.id,
        "code": claim.code,
        "label": labels.CLAIMS[claim.code],
        "status": str(view.status),
        "safe_end": _day(view.safe_end),
        "safe_days_left": view.safe_days_left,
        "likely_end": _day(view.likely_end),
        "days_left": view.days_left,
        "is_over": view.is_over,
        "readings": [_reading(reading) for reading in view.readings],
        "what_would_interrupt": [both(label) for label in view.what_would_interrupt],
        "citations": [describe_citation(citation) for citation in view.citations],
        "calendar_version": view.calendar_version,
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "name": reading.name,
        "rule": reading.rule,
        "label": both(reading.label),
        "is_in_force": reading.is_in_force,
        "status": str(reading.status),
        "end": _day(reading.end),
        "days_left": reading.days_left,
        "working": [{"zh": line.zh, "en": line.en} for line in reading.working],
    }


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()

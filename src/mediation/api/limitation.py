"""Until when a claim can be brought: the safe day to work by, the readings, and what would interrupt the year."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
from starlette.responses import Response

from mediation.api import labels, shapes
from mediation.api.call import Call, respond
from mediation.api.citations import describe_citation
from mediation.api.language import both
from mediation.api.operations import ASK, COMMAND, CREATE, END, READ, operation
from mediation.api.wire import LimitationActChangesIn, LimitationActIn, LimitationPreviewIn
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.limitation import (
    EventKind,
    LimitationEvent,
    LimitationFacts,
    LimitationView,
    Reading,
    Suspension,
    limitation_of,
    per_month_ends,
)
from mediation.domain.records import Claim, LimitationAct
from mediation.services import limitations
from mediation.services.calendars import current_calendar


@operation(
    "GET", "/v1/cases/{case_id}/limitation", tag="limitation", zh="各请求的仲裁时效", en="Read limitation",
    refuses=READ, answer=shapes.LimitationShape,
)  # fmt: skip
async def read_limitation(call: Call, case_id: str) -> Response:
    """Each claim with its end days under each reading, and the acts behind them; it never blocks a step.

    The deadlines `D_LIMIT_1Y` and `D_LIMIT_WAGE_EXIT_1Y` of the case end on `safe_end`.
    """
    page = await call.read(limitations.read_limitation, case_id)
    return respond(
        {
            "items": [_view(claim, view) for claim, view in page.claims],
            "acts": [_act(act, shows_evidence=page.shows_evidence) for act in page.acts],
        }
    )


@operation(
    "POST", "/v1/limitation/preview", tag="limitation", zh="试算时效", en="Preview limitation", refuses=ASK,
    answer=shapes.LimitationPreviewShape,
)  # fmt: skip
async def preview_limitation(call: Call, body: LimitationPreviewIn) -> Response:
    """When a claim lapses under each reading, from facts given here and not kept, on today or on a day to look at.

    For a double wage with a `window`, `months` tells the reading that lets each month lapse on its own (AMB-10).
    """
    today, calendar = body.today or call.rooms.clock.today(), current_calendar()
    try:
        facts = _facts(body)
        view = limitation_of(facts, calendar=calendar, today=today)
        months = _months(body, facts, today)
    except ValueError as error:
        text = Label("所填日期互相矛盾或不适用于该请求", f"The days do not go together: {error}.")
        raise InvalidInputError([InputError("", "days_do_not_fit", text)]) from error
    return respond({**_answer(view), "months": months})


def _facts(body: LimitationPreviewIn) -> LimitationFacts:
    return LimitationFacts(
        claim_code=body.claim_code,
        basis_day=body.basis_day,
        employment_ended_on=body.employment_ended_on,
        still_employed=body.still_employed,
        events=tuple(
            LimitationEvent(one.day, EventKind(one.kind), "recorded", due_on=one.due_on) for one in body.events
        ),
        suspensions=tuple(Suspension(one.since, one.until, one.reason) for one in body.suspensions),
        pending_since=body.pending_since,
    )


def _months(body: LimitationPreviewIn, facts: LimitationFacts, today: date) -> list[dict[str, Any]]:
    if body.window is None:
        return []
    since, until = body.window.since, body.window.until
    found = per_month_ends(facts, since=since, until=until, calendar=current_calendar(), today=today)
    return [
        {
            "month": month.month,
            "since": month.since.isoformat(),
            "until": month.until.isoformat(),
            "safe_end": _day(month.view.safe_end),
            "likely_end": _day(month.view.likely_end),
            "is_over": month.view.is_over,
        }
        for month in found
    ]


@operation(
    "POST", "/v1/cases/{case_id}/limitation-acts", tag="limitation", zh="登记时效中断或中止事由",
    en="Record an act on limitation", refuses=CREATE, status=201, answer=shapes.LimitationActShape,
)  # fmt: skip
async def record_limitation_act(call: Call, case_id: str, body: LimitationActIn) -> Response:
    """Write down, with its evidence, what the steps do not tell: a demand letter, a promise, days of force majeure.

    A suspension that names no claims is about all of them; one without `until` lasts.
    """
    return await call.write(limitations.record_act, case_id, body.values(), render_act)


@operation(
    "PATCH", "/v1/cases/{case_id}/limitation-acts/{act_id}", tag="limitation", zh="更正时效事由",
    en="Amend an act on limitation", refuses=COMMAND, answer=shapes.LimitationActShape,
)  # fmt: skip
async def amend_limitation_act(call: Call, case_id: str, act_id: str, body: LimitationActChangesIn) -> Response:
    """Correct an act recorded by hand, or end a suspension; the version compared is the act's own."""
    return await call.write(limitations.amend_act, case_id, act_id, body.changes(), render_act)


@operation(
    "DELETE", "/v1/cases/{case_id}/limitation-acts/{act_id}", tag="limitation", zh="撤回时效事由",
    en="Take back an act on limitation", refuses=END, answer=shapes.LimitationActShape,
)  # fmt: skip
async def take_back_limitation_act(call: Call, case_id: str, act_id: str) -> Response:
    """Let an act recorded by hand count for nothing; the record stays. One from a step goes with its step."""
    return await call.write(limitations.take_back_act, case_id, act_id, render_act)


def render_act(act: LimitationAct) -> bytes:
    """Write one act for somebody who may record it."""
    return orjson.dumps(_act(act, shows_evidence=True))


def _act(act: LimitationAct, *, shows_evidence: bool) -> shapes.LimitationActShape:
    return {
        "id": act.id,
        "version": act.version,
        "kind": act.kind,
        "day": act.day.isoformat(),
        "until": _day(act.until),
        "due_on": _day(act.due_on),
        "reason": act.reason,
        "claims": list(act.claims),
        "action": act.action,
        "evidence": act.evidence if shows_evidence else None,
        "note": act.note if shows_evidence else None,
        "status": act.status,
    }


def _view(claim: Claim, view: LimitationView) -> dict[str, Any]:
    return {"claim_id": claim.id, **_answer(view)}


def _answer(view: LimitationView) -> dict[str, Any]:
    return {
        "code": view.claim_code,
        "label": labels.CLAIMS[view.claim_code],
        "status": str(view.status),
        "safe_end": _day(view.safe_end),
        "safe_days_left": view.safe_days_left,
        "likely_end": _day(view.likely_end),
        "days_left": view.days_left,
        "is_over": view.is_over,
        "readings": [_reading(reading) for reading in view.readings],
        "what_would_interrupt": [both(label) for label in view.what_would_interrupt],
        "citations": [describe_citation(citation) for citation in view.citations],
        "provisional": view.provisional,
        "revived_by": None if view.revived_by is None else view.revived_by.day.isoformat(),
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

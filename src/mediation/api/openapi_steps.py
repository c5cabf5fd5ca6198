"""One described operation per step: whose act, who records it, what must hold, what follows, why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mediation.api import examples
from mediation.api.operations import COMMAND
from mediation.api.step_bodies import body_of
from mediation.domain.guards import GUARDS, required_attestations
from mediation.domain.law import describe
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import Step
from mediation.domain.terms import TERMS

PATH = "/v1/cases/{case_id}/steps/"
_HEADERS = ("ActingAs", "OnBehalfOf", "IfMatch", "IdempotencyKey", "AcceptLanguage")
_DRY_RUN = {
    "name": "dry_run",
    "in": "query",
    "required": False,
    "description": "Judge only: same status, same body, nothing written.",
    "schema": {"type": "boolean"},
}
_CASE = {"name": "case_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}


def step_operations(
    body: Callable[[Any], dict[str, str]], answer: dict[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step with its path; `x-refuses` lists the statuses still to be referred to."""
    for step in PROCEDURE.steps.values():
        yield PATH + step.action, _describe(step, body(body_of(step.action)), answer)


def _describe(step: Step, schema: dict[str, str], answer: dict[str, str]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": schema}
    if step.action in examples.STEPS:
        content["examples"] = {"example": {"value": {**examples.STEPS[step.action], "expected_version": 1}}}
    return {
        "operationId": step.action,
        "tags": ["steps"],
        "summary": f"{step.label.zh} / {step.label.en}",
        "description": "\n".join(_lines(step)),
        "security": [{"bearer": []}],
        "parameters": [
            _CASE,
            _DRY_RUN,
            *({"$ref": f"#/components/parameters/{name}"} for name in _HEADERS),
        ],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "200": {
                "description": "The case afterwards",
                "headers": {"ETag": {"description": "the version, for If-Match", "schema": {"type": "string"}}},
                "content": {"application/json": {"schema": answer}},
            }
        },
        "x-step": step.id,
        "x-refuses": COMMAND,
    }


def _lines(step: Step) -> Iterator[str]:
    yield f"{step.id} · track {step.track} · {_sources(step)} → {step.target}"
    yield f"act of: {step.act_of}; recorded by: {', '.join(sorted(step.recorded_by))}"
    attested = set(required_attestations(step))
    if step.guards:
        yield "guards:"
    for code in step.guards:
        guard = GUARDS[code]
        mark = " (attestation)" if code in attested else ""
        yield f"- {code}{mark}: {guard.label.zh} / {guard.label.en}"
    clocks = list(_clocks(step))
    if clocks:
        yield "clocks: " + "; ".join(clocks)
    if step.documents:
        yield f"documents: {step.documents}"
    if step.limitation or step.limitation_note:
        yield f"limitation: {' '.join(filter(None, (step.limitation, step.limitation_note)))}"
    if step.notes:
        yield f"notes: {step.notes}"
    yield "basis: " + "; ".join(_citations(step))


def _sources(step: Step) -> str:
    return ", ".join(sorted(step.sources))


def _clocks(step: Step) -> Iterator[str]:
    for start in step.starts:
        name = TERMS[start.term].label.en if start.term in TERMS else start.term
        condition = f" if {start.when}" if start.when else ""
        yield f"starts {start.term} ({name}) at {start.at}, per {start.per}{condition}"
    for stop in step.stops:
        yield "stops " + ", ".join(sorted(stop.terms))
    for move in step.moves:
        yield f"moves {move.term} to {move.to}"
    for pause in step.pauses:
        yield "pauses " + ", ".join(sorted(pause.terms))
    for resume in step.resumes:
        yield "resumes " + ", ".join(sorted(resume.terms))
    if step.fires_on:
        yield "fires on " + ", ".join(sorted(step.fires_on))


def _citations(step: Step) -> Iterator[str]:
    for citation in step.citations:
        label = describe(citation)
        yield f"{label.zh} ({label.en}){'' if citation.verified else ' [未核实 not verified]'}"

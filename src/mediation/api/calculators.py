"""What a claim amounts to: each calculator with its inputs, and a calculation with its working."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue
from starlette.responses import Response

from mediation.api import shapes
from mediation.api.call import Call, respond
from mediation.api.citations import describe_citation
from mediation.api.language import both
from mediation.api.operations import ASK, OPEN_TO_ALL, operation
from mediation.api.wire import Body
from mediation.domain.calculators import CALCULATORS, Calculator, Parameter, Result, compute
from mediation.domain.errors import NotFoundError
from mediation.services import calendars, local_figures


class CalculationIn(Body):
    """The values the calculator asks for, by name; money and decimals as text."""

    inputs: dict[str, JsonValue]


@operation(
    "GET", "/v1/calculators", tag="calculators", zh="计算器一览", en="List calculators", refuses=OPEN_TO_ALL,
    answer=shapes.ItemsShape,
)  # fmt: skip
async def list_calculators(call: Call) -> Response:
    """Every kind of calculation: what it takes, an example, the articles it rests on, the claims it serves."""
    return respond({"items": [_calculator(entry) for entry in CALCULATORS.values()]})


@operation(
    "POST", "/v1/calculators/{kind}", tag="calculators", zh="计算", en="Calculate", refuses=(*ASK, 404),
)  # fmt: skip
async def calculate(call: Call, kind: str, body: CalculationIn) -> Response:
    """The amount, its range where it is disputed, each line of the working, and the articles; nothing is kept."""
    if kind not in CALCULATORS:
        raise NotFoundError
    calendar = calendars.current_calendar()
    found = compute(kind, body.inputs, calendar=calendar, figures=local_figures.current_figures())
    return respond(result_document(found))


def _calculator(entry: Calculator) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "label": both(entry.label),
        "parameters": [parameter_document(parameter) for parameter in entry.parameters],
        "example": plain(entry.example),
        "claims": sorted(entry.claims),
        "citations": [describe_citation(citation) for citation in entry.citations],
    }


def parameter_document(entry: Parameter) -> dict[str, Any]:
    """Show what is asked for: its kind, whether it must be given, its name in both languages."""
    return {
        "name": entry.name,
        "kind": str(entry.kind),
        "required": entry.required,
        "label": both(entry.label),
        "unit": both(entry.unit) if entry.unit else None,
        "choices": {code: both(label) for code, label in (entry.choices or {}).items()} or None,
        "items": [parameter_document(item) for item in entry.items] or None,
    }


def result_document(found: Result) -> dict[str, Any]:
    """Show a result: amounts in yuan, the working in both languages, what it rests on."""
    return {
        "kind": found.kind,
        "amount": _money(found.amount),
        "minimum": _money(found.minimum),
        "maximum": _money(found.maximum),
        "ratio": None if found.ratio is None else str(found.ratio),
        "outcome": found.outcome,
        "variants": [
            {"label": both(variant.label), "amount": _money(variant.amount), "rule": variant.rule}
            for variant in found.variants
        ],
        "working": [{"zh": line.zh, "en": line.en, "facts": plain(line.facts)} for line in found.working],
        "warnings": [both(warning) for warning in found.warnings],
        "needs_review": found.needs_review,
        "citations": [describe_citation(citation) for citation in found.citations],
        "inputs": plain(found.inputs),
        "rule_version": found.rule_version,
        "calendar_version": found.calendar_version,
        "figures_version": found.figures_version,
    }


def _money(amount: Any) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def plain(value: Any) -> Any:
    """A value of a calculation as JSON shows it: days as ISO text, numbers with a point as text."""
    if isinstance(value, Mapping):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value if value is None or isinstance(value, str | int | bool) else str(value)

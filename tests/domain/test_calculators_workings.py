"""What a reader is shown of a computed item, word for word: working, numbers, readings, warnings, sources, refusals."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mediation.domain.calculators import CalculationError, Result, compute
from mediation.domain.calendar import official_calendar
from mediation.domain.local_figures import shipped_figures

CALENDAR = official_calendar()
FIGURES = shipped_figures().with_rows(
    [
        {
            "kind": "average_wage",
            "place": "330100",
            "year": 2025,
            "value": "9480",
            "source": "made up",
            "verified": True,
        },
        {"kind": "minimum_wage", "place": "330100", "since": "2026-01-01", "value": "2490", "source": "made up"},
    ]
)
DATA = json.loads((Path(__file__).parents[1] / "data" / "workings.json").read_text("utf-8"))


def result(kind: str, inputs: dict[str, Any]) -> Result:
    return compute(kind, inputs, calendar=CALENDAR, figures=FIGURES)


def yuan(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def name_of(told: Any) -> str:
    return f"{told['kind']}-{DATA['told'].index(told)}"


@pytest.mark.parametrize("told", DATA["told"], ids=name_of)
def test_the_working_is_shown_word_for_word_with_its_numbers(told: dict[str, Any]) -> None:
    computed = result(told["kind"], told["inputs"])

    assert [[line.zh, line.en, line.facts] for line in computed.working] == told["working"]


@pytest.mark.parametrize("told", DATA["told"], ids=name_of)
def test_amount_range_readings_warnings_and_sources_are_those_of_the_working(told: dict[str, Any]) -> None:
    computed = result(told["kind"], told["inputs"])

    readings = [[each.rule, str(each.amount), each.label.zh, each.label.en] for each in computed.variants]
    warnings = [[warning.zh, warning.en] for warning in computed.warnings]
    minimum, maximum = told.get("range", (None, None))
    assert computed.amount == yuan(told["amount"])
    assert (computed.minimum, computed.maximum) == (yuan(minimum), yuan(maximum))
    assert (computed.ratio, computed.outcome) == (yuan(told.get("ratio")), told.get("outcome"))
    assert computed.needs_review is told.get("needs_review", False)
    assert computed.inputs == told["inputs"]
    assert readings == told.get("variants", [])
    assert warnings == told.get("warnings", [])
    assert [f"{cited.source} {cited.articles}".strip() for cited in computed.citations] == told["cites"]


@pytest.mark.parametrize("told", DATA["refused"], ids=lambda told: f"{told[0]}-{told[2]}")
def test_inputs_that_do_not_go_together_are_refused_with_the_place_and_the_reason(told: list[Any]) -> None:
    kind, inputs, *why = told

    with pytest.raises(CalculationError) as refused:
        result(kind, inputs)

    found = refused.value
    assert [found.pointer, found.reason, found.label.zh, found.label.en] == why

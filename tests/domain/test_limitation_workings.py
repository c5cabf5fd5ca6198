"""What a reader is shown of the limitation of a claim, word for word: readings, arithmetic, what would interrupt."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mediation.domain.calendar import official_calendar
from mediation.domain.limitation import (
    EventKind,
    LimitationEvent,
    LimitationFacts,
    LimitationView,
    Suspension,
    limitation_of,
)

DATA = json.loads((Path(__file__).parents[1] / "data" / "limitation_workings.json").read_text("utf-8"))
DAYS = ("basis_day", "employment_ended_on", "pending_since")

told_views = pytest.mark.parametrize("told", DATA["told"], ids=lambda told: f"case-{DATA['told'].index(told)}")


def dated(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name in names else value for name, value in row.items()}


def view_of(told: dict[str, Any]) -> LimitationView:
    facts = dated(told["facts"], *DAYS)
    events = [dated(row, "day", "due_on") for row in facts.pop("events", [])]
    suspensions = [{"until": None} | dated(row, "since", "until") for row in facts.pop("suspensions", [])]
    return limitation_of(
        LimitationFacts(
            **facts,
            events=tuple(LimitationEvent(**row | {"kind": EventKind(row["kind"])}) for row in events),
            suspensions=tuple(Suspension(**row) for row in suspensions),
        ),
        calendar=official_calendar(),
        today=date.fromisoformat(told["today"]),
    )


@told_views
def test_the_arithmetic_of_each_reading_is_shown_word_for_word(told: dict[str, Any]) -> None:
    view = view_of(told)

    shown = [[[line.zh, line.en, line.facts] for line in reading.working] for reading in view.readings]
    assert shown == [reading["working"] for reading in told["readings"]]


@told_views
def test_each_reading_has_its_name_its_days_and_what_it_lacks(told: dict[str, Any]) -> None:
    view = view_of(told)

    shown = [
        {
            "name": reading.name,
            "rule": reading.rule,
            "zh": reading.label.zh,
            "en": reading.label.en,
            "status": str(reading.status),
            "end": reading.end and reading.end.isoformat(),
            "start": reading.start and reading.start.isoformat(),
            "days_left": reading.days_left,
            "missing": reading.missing and [reading.missing.zh, reading.missing.en],
        }
        for reading in view.readings
    ]
    assert shown == [{name: reading[name] for name in reading if name != "working"} for reading in told["readings"]]


@told_views
def test_what_would_interrupt_is_told(told: dict[str, Any]) -> None:
    view = view_of(told)

    assert [[label.zh, label.en] for label in view.what_would_interrupt] == told["would_interrupt"]

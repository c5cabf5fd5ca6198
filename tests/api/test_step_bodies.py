import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from mediation.api import examples
from mediation.api.step_bodies import COMMON, StepIn, body_of, inputs_of
from mediation.api.steps import step_request
from mediation.api.wire import Body
from mediation.domain.procedure import PROCEDURE

ID = "01938f3e-7d52-7c10-8a11-3f0c5b7e2a00"
TODAY = {"today": date(2026, 3, 2)}


def read(action: str, body: dict[str, Any]) -> StepIn:
    return body_of(action).model_validate_json(json.dumps(body), context=TODAY)


@pytest.mark.parametrize("action", PROCEDURE.steps)
def test_each_step_takes_the_inputs_of_its_row(action: str) -> None:
    fields = body_of(action).model_fields

    own = {entry.name: entry.required for entry in PROCEDURE.steps[action].inputs}
    assert set(fields) == COMMON | set(own)
    assert {name: fields[name].is_required() for name in own} == own


def test_a_body_is_built_once() -> None:
    assert body_of("withdraw") is body_of("withdraw")


@pytest.mark.parametrize("action", examples.STEPS)
def test_the_examples_of_steps_are_taken(action: str) -> None:
    body = read(action, examples.STEPS[action])

    assert inputs_of(action, body)


def test_the_rows_own_field_stands_before_the_common_one() -> None:
    step = PROCEDURE.steps["court_registers_case"]
    assert "instance" in {entry.name for entry in step.inputs}
    kind: type[Body] = body_of("court_registers_case")

    with pytest.raises(ValidationError) as found:
        kind.model_validate({"instance": "main"})

    assert ("instance",) in {error["loc"] for error in found.value.errors()}


def test_a_request_keeps_the_rows_inputs_apart() -> None:
    body = read(
        "apply_for_mediation",
        {
            "received_on": "2026-01-05",
            "written_or_oral": "oral",
            "occurred_on": "2026-01-05",
            "attestations": [{"guard": "oral_record_signed", "evidence": "笔录1"}],
            "note": "窗口",
            "expected_version": 4,
        },
    )

    request = step_request("apply_for_mediation", body)

    assert request.input == {"received_on": date(2026, 1, 5), "written_or_oral": "oral"}
    assert request.occurred_on == date(2026, 1, 5)
    assert [dict(each) for each in request.attestations] == [{"guard": "oral_record_signed", "evidence": "笔录1"}]
    assert request.note == "窗口"


def test_days_per_party_are_told_by_party() -> None:
    action = next(a for a, s in PROCEDURE.steps.items() if [str(f.kind) for f in s.inputs] == ["date_per_party"])
    name = PROCEDURE.steps[action].inputs[0].name

    body = read(action, {name: {ID: "2026-02-03"}})

    assert inputs_of(action, body) == {name: {ID: date(2026, 2, 3)}}


def test_hours_are_decimal() -> None:
    action = next(a for a, step in PROCEDURE.steps.items() if "hours" in {entry.name for entry in step.inputs})
    required: dict[str, Any] = {
        entry.name: "2026-02-03" if str(entry.kind) == "date" else "done"
        for entry in PROCEDURE.steps[action].inputs
        if entry.required
    }

    body = read(action, {**required, "hours": "2.5"})

    assert inputs_of(action, body)["hours"] == Decimal("2.5")

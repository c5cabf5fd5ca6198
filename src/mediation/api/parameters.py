"""Parameters of the domain as JSON schemas: what a client may send where the domain itself reads the values."""

from __future__ import annotations

from typing import Any

from mediation.domain.calculators import Parameter, ParameterKind
from mediation.domain.calculators.reading import LONGEST_LIST

_DAY = {"type": "string", "format": "date"}
_NUMBER = {"type": "string", "pattern": "^[0-9]{1,15}([.][0-9]{1,10})?$", "examples": ["1234.50"]}
_PLAIN: dict[ParameterKind, dict[str, Any]] = {
    ParameterKind.DATE: _DAY,
    ParameterKind.MONTH: {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "examples": ["2026-03"]},
    ParameterKind.MONEY: _NUMBER,
    ParameterKind.DECIMAL: _NUMBER,
    ParameterKind.INTEGER: {"type": "integer", "minimum": 0},
    ParameterKind.BOOLEAN: {"type": "boolean"},
    ParameterKind.PLACE: {"type": "string", "minLength": 1, "maxLength": 100},
}

_LISTS: dict[ParameterKind, dict[str, Any]] = {
    ParameterKind.DATES: _DAY,
    ParameterKind.MONEYS: _NUMBER,
    ParameterKind.PERIODS: {"type": "array", "items": _DAY, "minItems": 2, "maxItems": 2},
}


def schema_of(parameter: Parameter) -> dict[str, Any]:
    """Describe one value: its shape, its name in both languages, its unit."""
    unit = f" ({parameter.unit.zh} / {parameter.unit.en})" if parameter.unit else ""
    return {**_shape(parameter), "description": f"{parameter.label.zh} / {parameter.label.en}{unit}"}


def _shape(parameter: Parameter) -> dict[str, Any]:
    if parameter.kind in _PLAIN:
        return dict(_PLAIN[parameter.kind])
    if parameter.kind in _LISTS:
        return _list_of(_LISTS[parameter.kind])
    if parameter.kind is ParameterKind.ENUM:
        return {"type": "string", "enum": list(parameter.choices or {})}
    return _list_of(_object(parameter)) if parameter.kind is ParameterKind.ROWS else _object(parameter)


def _object(parameter: Parameter) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {item.name: schema_of(item) for item in parameter.items},
        "required": [item.name for item in parameter.items if item.required],
        "additionalProperties": False,
    }


def _list_of(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": LONGEST_LIST}

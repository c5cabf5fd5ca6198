"""Why a value on the wire cannot be taken: Pydantic's findings as codes, pointers and texts of our own."""
# ruff: noqa: E501 - rows of texts read best one to a line, Chinese and English side by side

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label

UNNAMED: Final = "?"
_FIELD: Final = re.compile("[A-Za-z_][A-Za-z0-9_.:~-]{0,63}")
NO_SUCH_JSON: Final = "json_invalid"

_TEXTS: Final[Mapping[str, tuple[str, Label]]] = MappingProxyType(
    {
        "missing": ("required", Label("必填", "This field is required.")),
        "extra_forbidden": ("unknown_field", Label("没有这个字段,请核对拼写或删除", "There is no such field; check its spelling or leave it out.")),
        "string_type": ("type_text", Label("应为文本", "This must be text.")),
        "string_too_short": ("too_short", Label("不能为空", "This must not be empty.")),
        "string_too_long": ("too_long", Label("文本过长,最多 {max_length} 个字", "The text is too long: {max_length} characters at most.")),
        "string_pattern_mismatch": ("pattern", Label("只能用字母、数字和 _ . -,最多64个", "Use letters, digits and _ . - only, 64 at most.")),
        "int_type": ("type_integer", Label("应为整数", "This must be a whole number.")),
        "int_parsing": ("type_integer", Label("应为整数", "This must be a whole number.")),
        "int_from_float": ("type_integer", Label("应为整数", "This must be a whole number.")),
        "greater_than_equal": ("too_small", Label("不得小于 {ge}", "This must be {ge} or more.")),
        "less_than_equal": ("too_large", Label("不得大于 {le}", "This must be {le} or less.")),
        "bool_type": ("type_boolean", Label("应为 true 或 false", "This must be true or false.")),
        "bool_parsing": ("type_boolean", Label("应为 true 或 false", "This must be true or false.")),
        "literal_error": ("not_in_list", Label("应为下列之一:{expected}", "This must be one of {expected}.")),
        "list_type": ("type_list", Label("应为列表", "This must be a list.")),
        "too_long": ("too_many", Label("最多 {max_length} 项", "There may be {max_length} entries at most.")),
        "too_short": ("too_few", Label("至少 {min_length} 项", "There must be {min_length} entries at least.")),
        "dict_type": ("type_object", Label("应为对象", "This must be an object.")),
        "model_type": ("type_object", Label("应为对象", "This must be an object.")),
        "model_attributes_type": ("type_object", Label("应为对象", "This must be an object.")),
    }
)  # fmt: skip
_OTHER: Final = ("invalid", Label("该值无法接受", "This value cannot be taken."))


def is_broken_json(error: ValidationError) -> bool:
    """Tell whether the text was no JSON at all."""
    return any(entry["type"] == NO_SUCH_JSON for entry in _entries(error))


def explain(error: ValidationError, at: str = "") -> InvalidInputError:
    """Turn what Pydantic found into our refusal; the values themselves are left out."""
    return InvalidInputError([_explain(entry, at) for entry in _entries(error)])


def refuse_header(name: str, code: str, text: Label) -> InvalidInputError:
    """Refuse the value of one header."""
    return InvalidInputError([InputError(f"header:{name}", code, text)])


def refuse_query(name: str, code: str, text: Label) -> InvalidInputError:
    """Refuse the value of one query parameter."""
    return InvalidInputError([InputError(f"query:/{name}", code, text)])


def _entries(error: ValidationError) -> list[Any]:
    return list(error.errors(include_url=False, include_input=False))


def _explain(entry: Mapping[str, Any], at: str) -> InputError:
    context: dict[str, Any] = dict(entry.get("ctx") or {})
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace("'", "").replace(" or ", ", ")
    pointer = at + "".join(f"/{_step(part)}" for part in entry["loc"])
    if "zh" in context:
        return InputError(pointer, entry["type"], Label(context["zh"], context["en"]))
    code, text = _TEXTS.get(entry["type"], _OTHER)
    return InputError(pointer, code, _fill(text, context))


def _fill(text: Label, context: Mapping[str, Any]) -> Label:
    try:
        return Label(text.zh.format_map(context), text.en.format_map(context))
    except KeyError:
        return _OTHER[1]


def _step(part: object) -> str:
    """One step of a pointer; the name of a field that cannot be ours may be anything, and is not repeated."""
    text = escape(part)
    return text if isinstance(part, int) or _FIELD.fullmatch(text) else UNNAMED


def escape(part: object) -> str:
    """Write one step of a JSON pointer (RFC 6901)."""
    return str(part)[:64].replace("~", "~0").replace("/", "~1")

"""The OpenAPI 3.1 document, built from the operations and from the rows of the procedure."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import orjson
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

import mediation
from mediation.api import endpoints, examples, shapes
from mediation.api.catalogue import CATALOGUE, codes_of
from mediation.api.openapi_steps import step_operations
from mediation.api.operations import Operation

COMMITTED: Final = Path(__file__).parents[3] / "openapi" / "openapi.json"
ALWAYS: Final = (414, 422, 429, 431, 500, 503)
TOO_SLOW: Final = 408
TOO_LARGE: Final = 413
PROBLEM: Final = "application/problem+json"
_REF: Final = "#/components/schemas/{model}"

_ABOUT: Final = """\
劳动争议调解案件服务。Labour-dispute mediation cases under the law of the People's Republic of China.

- Errors are application/problem+json (RFC 9457), in zh or en by Accept-Language; see /v1/problems.
- Order of checks: 414 and 431, 401, 429, syntax (400, 413, 415, 422), idempotent replay, 404, 403, 428 or 412, 409.
- Commands compare the version read: If-Match with the ETag, or expected_version in the body.
- Idempotency-Key may be sent with every POST that writes and is honoured for 72 hours.
- Money is text in yuan with two places, days are dates in Asia/Shanghai, moments carry an offset.
- Data carry labels in both languages; what rests on a text not compared is marked verified: false.
"""

STEP_UP: Final = (
    "Sensitive: a person may have to have signed in more strongly or more recently (MEDIATION_STEP_UP_ACR, "
    "MEDIATION_STEP_UP_MAX_AGE). Otherwise 401 insufficient_user_authentication says how to (RFC 9470)."
)
_TAGS: Final = {
    "cases": "案件",
    "access": "权限说明",
    "steps": "步骤",
    "deadlines": "期限",
    "limitation": "仲裁时效",
    "tasks": "待办与提醒",
    "talks": "调解方案与无争议事实",
    "calculators": "计算",
    "history": "办理经过",
    "parties": "当事人",
    "claims": "请求",
    "assignments": "指派",
    "procedure": "程序",
    "terms": "期间",
    "calendars": "工作日历",
    "tables": "代码表",
    "organizations": "组织",
    "people": "人员",
    "clients": "系统账号",
    "problems": "错误目录",
    "alarms": "告警",
    "personal_data": "个人信息保护",
    "party_access": "当事人查阅链接",
    "health": "运行状态",
    "demo": "演示",
}


def load() -> bytes:
    """Give the committed document, or a fresh one where the file is not at hand."""
    return COMMITTED.read_bytes() if COMMITTED.exists() else dump()


def write(path: Path = COMMITTED) -> None:
    """Write the document as it is committed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(dump())


def dump() -> bytes:
    """Give the document as it is committed: sorted where order says nothing, one line each."""
    return orjson.dumps(build_document(), option=orjson.OPT_INDENT_2) + b"\n"


def build_document() -> dict[str, Any]:
    """Describe every operation, an operation per step included."""
    schemas = _Schemas()
    offered = endpoints.offered()
    paths: dict[str, dict[str, Any]] = {}
    for entry in offered.values():
        paths.setdefault(entry.path, {})[entry.method.lower()] = _describe(entry, schemas)
    for path, described in step_operations(schemas.body, schemas.answer(shapes.CaseShape)):
        described["responses"].update(problem_references(described.pop("x-refuses")))
        paths[path] = {"post": described}
    return {
        "openapi": "3.1.0",
        "info": {"title": "mediation", "version": mediation.__version__, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": zh} for name, zh in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas.build(),
            "parameters": PARAMETERS,
            "responses": _problem_responses(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "party_link": {"type": "http", "scheme": "bearer"},
            },
        },
    }


class _Generator(GenerateJsonSchema):
    """Leaves out titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class _Schemas:
    """Collects the types the document refers to, and makes their schemas together."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, Any, TypeAdapter[Any]]] = {}
        self.answer(shapes.ProblemShape)

    def body(self, kind: Any) -> dict[str, str]:
        """Refer to what is taken."""
        return self._refer(kind, "validation")

    def answer(self, kind: Any) -> dict[str, str]:
        """Refer to what is answered."""
        return self._refer(kind, "serialization")

    def _refer(self, kind: Any, mode: str) -> dict[str, str]:
        name: str = kind.__name__
        self._found.setdefault(name, (name, mode, TypeAdapter(kind)))
        return {"$ref": _REF.format(model=name)}

    def build(self) -> dict[str, Any]:
        """Make every schema, by name."""
        _, document = TypeAdapter.json_schemas(self._found.values(), ref_template=_REF, schema_generator=_Generator)
        schemas: dict[str, Any] = document["$defs"]
        return dict(sorted(schemas.items()))


def _describe(entry: Operation, schemas: _Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": entry.id,
        "tags": [entry.tag],
        "summary": f"{entry.label.zh} / {entry.label.en}",
        "description": f"{entry.about}\n\n{STEP_UP}" if entry.steps_up else entry.about,
        **({"x-step-up": True} if entry.steps_up else {}),
        "security": [] if entry.is_public else [{"party_link" if entry.by_link else "bearer": []}],
        "parameters": [*_path_parameters(entry.path), *_query_parameters(entry), *header_references(entry)],
        "responses": {str(entry.status): _success(entry, schemas), **problem_references(entry.refuses)},
    }
    if entry.body is not None:
        content: dict[str, Any] = {"schema": schemas.body(entry.body)}
        if entry.id in examples.BODIES:
            content["examples"] = {"example": {"value": examples.BODIES[entry.id]}}
        described["requestBody"] = {"required": True, "content": {entry.takes: content}}
    return described


def _success(entry: Operation, schemas: _Schemas) -> dict[str, Any]:
    schema = {"type": "object"} if entry.answer is None else schemas.answer(entry.answer)
    if entry.media != "application/json":
        schema = {"type": "string"}
    answer: dict[str, Any] = {"description": entry.label.en, "content": {entry.media: {"schema": schema}}}
    if entry.takes_version or "{case_id}" in entry.path:
        answer["headers"] = ETAG
    return answer


def _path_parameters(path: str) -> Iterable[dict[str, Any]]:
    for part in path.split("/"):
        if part.startswith("{"):
            name = part.strip("{}")
            schema = {"type": "string", "format": "uuid"} if name.endswith("_id") else {"type": "string"}
            yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(entry: Operation) -> Iterable[dict[str, Any]]:
    if entry.query is None:
        return
    for name, schema in entry.query.model_json_schema()["properties"].items():
        yield {"name": name, "in": "query", "required": False, "schema": _optional(schema)}


def _optional(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop null, which a query string cannot say."""
    schema = {key: value for key, value in schema.items() if key not in {"title", "default"} or value}
    alternatives = [each for each in schema.pop("anyOf", []) if each.get("type") != "null"]
    return {**schema, **alternatives[0]} if alternatives else schema


def header_references(entry: Operation) -> list[dict[str, str]]:
    """Refer to the headers an operation takes."""
    names = [] if entry.is_public or entry.by_link else ["ActingAs"]
    names += ["OnBehalfOf"] if "{case_id}" in entry.path else []
    names += ["IfMatch"] if entry.takes_version else []
    names += ["IdempotencyKey"] if entry.is_command else []
    return [parameter_reference(name) for name in [*names, "AcceptLanguage"]]


def parameter_reference(name: str) -> dict[str, str]:
    """Refer to one shared parameter."""
    return {"$ref": f"#/components/parameters/{name}"}


def problem_references(statuses: Iterable[int]) -> dict[str, Any]:
    """Refer to the problems an operation may answer with, those of every operation included."""
    slow = {TOO_SLOW} if TOO_LARGE in statuses else set()
    found = sorted({*statuses, *slow, *ALWAYS})
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in found}


def _problem_responses() -> dict[str, Any]:
    found = {}
    for status in sorted({kind.status for kind in CATALOGUE.values()}):
        codes = codes_of(status)
        found[f"Problem{status}"] = {
            "description": "; ".join(f"{code}: {CATALOGUE[code].title.en}" for code in codes),
            "content": {PROBLEM: {"schema": {"$ref": _REF.format(model="ProblemShape")}}},
            **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
        }
    return found


def _text_header(about: str) -> dict[str, Any]:
    return {"description": about, "schema": {"type": "string"}}


ETAG: Final = {"ETag": _text_header("the version, for If-Match")}
_HEADERS: Final[dict[int, Any]] = {
    401: {"WWW-Authenticate": _text_header("Bearer; acr_values and max_age where one has to sign in again")},
    405: {"Allow": _text_header("the methods this address takes")},
    412: ETAG,
    429: {
        "Retry-After": _text_header("seconds until the budget starts anew"),
        "RateLimit": _text_header("for each budget, what is left (r) and for how many seconds (t)"),
        "RateLimit-Policy": _text_header("for each budget, how many (q) in how many seconds (w)"),
    },
    503: {"Retry-After": _text_header("seconds to wait")},
}
PARAMETERS: Final[dict[str, Any]] = {
    "ActingAs": {
        "name": "Mediation-Acting-As",
        "in": "header",
        "description": "The organization one acts for, where one belongs to several.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "OnBehalfOf": {
        "name": "Mediation-On-Behalf-Of",
        "in": "header",
        "description": "The person one acts for: a clerk for a mediator of the same body, a system for people it may.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of what was read; expected_version in the body serves as well.",
        "schema": {"type": "string", "pattern": '^(W/)?"[1-9][0-9]{0,9}"$'},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same request under the same key has one effect and one answer.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
    },
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "description": "zh (default) or en, for problems.",
        "schema": {"type": "string", "examples": ["zh", "en"]},
    },
}

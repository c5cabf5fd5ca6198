from collections.abc import AsyncIterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.api.offline import AUDIENCE, CASE, ISSUER, Client

from mediation.gateways.tokens import DemoIssuer

MEDIA_TYPE = "application/problem+json"


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(max_body_bytes=2048)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "route_unknown"),
        ("DELETE", "/v1/cases", 405, "method_not_allowed"),
        ("GET", "/v1/cases/not-an-id", 404, "not_found"),
        ("GET", f"/v1/cases/{CASE}?colour=red", 422, "invalid_input"),
        ("GET", "/v1/cases?limit=201", 422, "invalid_input"),
        ("GET", "/v1/cases?limit=1&limit=2", 422, "invalid_input"),
        ("GET", "/v1/tables/nothing", 404, "not_found"),
        ("GET", "/v1/problems/nothing", 404, "not_found"),
    ],
)
def test_every_refusal_is_a_problem(client: Client, method: str, path: str, status: int, code: str) -> None:
    answer = client.send(method, path)

    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert body["type"] == f"/v1/problems/{code}"
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["instance"] == path.partition("?")[0]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "token_missing"),
        ("Basic eDp5", "token_missing"),
        ("Bearer", "token_missing"),
        ("Bearer abc", "token_malformed"),
    ],
)
def test_a_request_without_a_good_token_is_told_how_to_sign_in(client: Client, header: str, code: str) -> None:
    answer = client.send("GET", "/v1/me", headers={"Authorization": header})

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer ")


def test_a_token_of_another_issuer_is_not_taken(client: Client) -> None:
    stranger = DemoIssuer(ec.generate_private_key(ec.SECP256R1()), ISSUER, AUDIENCE).token_for("clerk-1")

    answer = client.send("GET", "/v1/me", headers={"Authorization": f"Bearer {stranger}"})

    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


@pytest.mark.parametrize(
    ("content", "media", "status", "code"),
    [
        (b'{"channel":', "application/json", 400, "broken_json"),
        (b"", "application/json", 400, "broken_json"),
        (b'{"channel": "\xff"}', "application/json", 400, "broken_json"),
        (b'{"summary": "\\ud800"}', "application/json", 400, "broken_json"),
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (b"{}", "", 415, "unsupported_media_type"),
        (b"{}", "application/json; charset=gbk", 415, "unsupported_media_type"),
        (b" " * 3000, "application/json", 413, "body_too_large"),
        (b"[]", "application/json", 422, "invalid_input"),
        (b"null", "application/json", 422, "invalid_input"),
    ],
)
def test_a_body_that_cannot_be_read_says_why(
    client: Client, content: bytes, media: str, status: int, code: str
) -> None:
    answer = client.send("POST", "/v1/cases", headers={"Content-Type": media}, content=content)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_body_without_a_length_is_measured_as_it_comes(client: Client) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b" " * 1000

    answer = client.send("POST", "/v1/cases", headers={"Content-Type": "application/json"}, content=pieces())

    assert answer.json()["code"] == "body_too_large"


def test_syntax_is_judged_after_the_token(client: Client) -> None:
    answer = client.send("POST", "/v1/cases", headers={"Authorization": ""}, content=b"{")

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,zh;q=0.8", "en"),
        ("zh-CN,en;q=0.9", "zh"),
        ("fr", "zh"),
        ("en;q=x", "zh"),
    ],
)
def test_problems_speak_the_readers_language(client: Client, accepted: str, language: str) -> None:
    answer = client.send("GET", "/v1/nothing", headers={"Accept-Language": accepted})

    assert answer.headers["content-language"] == language
    assert answer.json()["title"] == {"zh": "没有这个地址", "en": "There is no such address"}[language]


def test_an_unexpected_fault_shows_nothing_of_its_inside(client: Client) -> None:
    answer = client.send("GET", f"/v1/cases/{CASE}")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert "ReachedError" not in answer.text


def test_ids_of_request_and_trace_are_echoed(client: Client) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    answer = client.send("GET", "/v1/health/live", headers={"X-Request-Id": "r-1", "traceparent": trace})

    assert (answer.headers["x-request-id"], answer.headers["traceparent"]) == ("r-1", trace)


def test_an_id_that_could_forge_a_log_line_is_replaced(client: Client) -> None:
    answer = client.send("GET", "/v1/health/live", headers={"X-Request-Id": "a b"})

    assert answer.headers["x-request-id"] != "a b"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("If-Match", "3", "etag_format"),
        ("If-Match", '"0"', "etag_format"),
        ("If-Match", "*", "etag_format"),
        ("If-Match", '"3"', "versions_differ"),
        ("Idempotency-Key", "a b", "key_format"),
        ("Idempotency-Key", "k" * 256, "key_format"),
        ("Mediation-Acting-As", "me", "id_format"),
    ],
)
def test_a_wrong_header_is_named(client: Client, name: str, value: str, code: str) -> None:
    path = f"/v1/cases/{CASE}/steps/apply_for_mediation"
    body = {"received_on": "2026-01-05", "written_or_oral": "written", "expected_version": 2}

    answer = client.send("POST", path, headers={name: value}, json=body)

    assert answer.status_code == 422
    assert [(error["header"], error["code"]) for error in answer.json()["errors"]] == [(name, code)]


def test_each_kind_of_problem_has_its_page(client: Client) -> None:
    kinds = client.send("GET", "/v1/problems").json()["items"]

    pages = [client.send("GET", f"/v1/problems/{kind['code']}").json() for kind in kinds]

    assert pages == kinds
    assert {"step_blocked", "version_required", "idempotency_key_reused"} <= {kind["code"] for kind in kinds}

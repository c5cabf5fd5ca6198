"""OWASP API8:2023, security misconfiguration: headers, origins, methods, faults, and what is missing at the start."""

import base64
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs
from tests.security.attack import ELSEWHERE, Asked, ask, ask_one, told
from tests.services.world import World

from mediation.__main__ import main
from mediation.api import log_setup
from mediation.process import assemble
from mediation.settings import Settings, SettingsError, load_settings

ORIGIN = "https://desk.example.org"
HEADERS = {
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=()",
}
ANSWERS: dict[str, tuple[int, Asked]] = {
    "success": (200, ("clerk-lin", "GET", "/v1/me", {})),
    "no token": (401, (None, "GET", "/v1/me", {})),
    "no address": (404, ("clerk-lin", "GET", "/v1/nothing", {})),
    "no method": (405, ("clerk-lin", "DELETE", "/v1/cases", {})),
    "too large": (413, ("clerk-lin", "POST", "/v1/cases", {"json": {"summary": "x" * 2_000_000}})),
    "too long": (414, ("clerk-lin", "GET", f"/v1/{'x' * 9000}", {})),
    "not json": (415, ("clerk-lin", "POST", "/v1/cases", {"content": b"x"})),
    "not valid": (422, ("clerk-lin", "POST", "/v1/cases", {"json": {}})),
    "reference": (200, (None, "GET", "/docs", {})),
    "description": (200, (None, "GET", "/openapi.json", {})),
    "head": (200, (None, "HEAD", "/docs", {})),
    "metrics": (200, (None, "GET", "/metrics", {})),
}


@pytest.mark.parametrize(("status", "asked"), ANSWERS.values(), ids=ANSWERS.keys())
def test_every_answer_says_how_a_browser_may_treat_it(sqlite_world: World, status: int, asked: Asked) -> None:
    (answer,) = ask(sqlite_world, [asked])

    assert answer.status_code == status
    assert {name for name, value in HEADERS.items() if not answer.headers.get(name, "").startswith(value)} == set()
    assert "server" not in answer.headers
    assert "cache-control" in answer.headers


def broken(world: World) -> httpx.Response:
    """An answer to a fault of our own."""
    other = world.another()
    other.write(lambda unit: unit.connection.exec_driver_sql("alter table people rename to persons"))
    try:
        return ask_one(other, "clerk-lin", "GET", "/v1/me")
    finally:
        other.write(lambda unit: unit.connection.exec_driver_sql("alter table persons rename to people"))


def test_a_fault_of_our_own_tells_nothing_of_the_inside_and_keeps_the_headers(world: World) -> None:
    answer = broken(world)

    assert told(answer) == (500, "internal_error")
    assert not any(word in answer.text.lower() for word in ("sql", "traceback", "people", "select", "psycopg", "/src/"))
    assert {name for name in HEADERS if name not in answer.headers} == set()


def test_the_reference_loads_no_script_and_nothing_from_elsewhere(sqlite_world: World) -> None:
    answer = ask_one(sqlite_world, None, "GET", "/docs")

    policy = answer.headers["content-security-policy"]
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in answer.text


def test_browsers_are_kept_to_tls_where_it_was_set(sqlite_world: World) -> None:
    asked: list[Asked] = [(None, "GET", "/v1/health/live", {})]

    (plain,), (kept,) = ask(sqlite_world, asked), ask(sqlite_world, asked, hsts_seconds=31_536_000)

    assert "strict-transport-security" not in plain.headers
    assert kept.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def preflight(origin: str) -> Asked:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "if-match"}
    return None, "OPTIONS", "/v1/cases", {"headers": headers}


def test_no_page_of_another_origin_may_call_unless_it_was_named(sqlite_world: World) -> None:
    call: Asked = ("clerk-lin", "GET", "/v1/me", {"headers": {"Origin": ORIGIN}})

    asked, called = ask(sqlite_world, [preflight(ORIGIN), call])

    assert told(asked) == (405, "method_not_allowed")
    assert not [name for answer in (asked, called) for name in answer.headers if name.startswith("access-control")]


def test_a_page_that_was_named_may_call_and_no_other(sqlite_world: World) -> None:
    others = ["https://evil.example", f"{ORIGIN}.evil.example", "null", "http://desk.example.org"]

    allowed, *refused = ask(
        sqlite_world,
        [preflight(origin) for origin in (ORIGIN, *others)],
        cors_origins=f"{ORIGIN},http://localhost:5173",
    )

    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, ORIGIN)
    assert "access-control-allow-credentials" not in allowed.headers
    assert [told(answer) for answer in refused] == [(403, "origin_not_allowed")] * len(others)
    assert not any("access-control-allow-origin" in answer.headers for answer in refused)


def test_a_page_that_was_named_reads_refusals_too(sqlite_world: World) -> None:
    headers = {"Origin": ORIGIN}

    answers = ask(
        sqlite_world,
        [("clerk-lin", "GET", path, {"headers": headers}) for path in ("/v1/me", "/v1/nothing", "/v1/cases?limit=0")],
        cors_origins=ORIGIN,
    )

    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {ORIGIN}
    assert "RateLimit" in answers[0].headers["access-control-expose-headers"]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "FOO", "OPTIONS", "DELETE"])
def test_a_method_that_is_not_offered_is_refused_and_nothing_is_echoed(sqlite_world: World, method: str) -> None:
    answer = ask_one(sqlite_world, "clerk-lin", method, "/v1/me", headers={"X-Secret": "echo-me"})

    assert told(answer) == (405, "method_not_allowed")
    assert "echo-me" not in answer.text
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_an_address_in_a_header_is_not_believed(world: World) -> None:
    forged = {"X-Forwarded-For": "203.0.113.200", "Forwarded": "for=203.0.113.200", "X-Real-IP": "203.0.113.200"}

    answers = ask(
        world,
        [(None, "GET", "/v1/problems", {"headers": {**forged, "X-Number": str(number)}}) for number in range(3)],
        rate_anonymous=2,
    )

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert ELSEWHERE not in forged.values()


@pytest.mark.parametrize(
    "path",
    [
        "/.env",
        "/.git/config",
        "/admin",
        "/debug",
        "/v1/../.env",
        "/static/../../etc/passwd",
        "/redoc",
        "/v2/cases",
        "//v1/me",
    ],
)
def test_nothing_is_served_that_is_not_an_operation(sqlite_world: World, path: str) -> None:
    assert told(ask_one(sqlite_world, "clerk-lin", "GET", path)) == (404, "route_unknown")


MASTER = base64.b64encode(bytes(range(32))).decode()
COMPLETE: dict[str, Any] = {
    "issuer": "https://id.example",
    "jwks_url": "https://id.example/keys",
    "master_key": MASTER,
    "worker": False,
}


def test_with_everything_said_it_starts() -> None:
    settings = Settings(**COMPLETE)

    assert settings.check() is settings


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"issuer": ""}, "MEDIATION_ISSUER"),
        ({"jwks_url": "", "issuer": "urn:issuer"}, "MEDIATION_JWKS_URL"),
        ({"jwks_file": Path("keys.json")}, "MEDIATION_JWKS_URL"),
        ({"master_key": None}, "MEDIATION_MASTER_KEY"),
        ({"master_key": "short"}, "MEDIATION_MASTER_KEY"),
        ({"master_key": base64.b64encode(b"\0" * 32).decode()}, "MEDIATION_MASTER_KEY"),
        ({"master_key": base64.b64encode(b"password" * 4).decode()}, "MEDIATION_MASTER_KEY"),
        ({"worker": True}, "MEDIATION_CHECKPOINT_KEY_FILE"),
        ({"clock": "manual"}, "MEDIATION_CLOCK"),
        ({"signing_key_file": Path("signing.pem")}, "MEDIATION_SIGNING_KEY_FILE"),
        ({"demo_open": True}, "MEDIATION_DEMO_OPEN"),
        ({"metrics_token": "short"}, "MEDIATION_METRICS_TOKEN"),
        ({"cors_origins": "*"}, "MEDIATION_CORS_ORIGINS"),
        ({"cors_origins": "https://*.example.org"}, "MEDIATION_CORS_ORIGINS"),
        ({"cors_origins": "http://desk.example.org"}, "MEDIATION_CORS_ORIGINS"),
        ({"cors_origins": "https://desk.example.org/app"}, "MEDIATION_CORS_ORIGINS"),
        ({"cors_origins": "null"}, "MEDIATION_CORS_ORIGINS"),
        ({"proxies": "*"}, "MEDIATION_PROXIES"),
        ({"proxies": "my-proxy"}, "MEDIATION_PROXIES"),
        ({"proxies": "0.0.0.0/0"}, "MEDIATION_PROXIES.*strangers would be believed"),
        ({"proxies": "10.0.0.5, ::/0"}, "MEDIATION_PROXIES.*strangers would be believed"),
        ({"proxies": "0.0.0.0/1,128.0.0.0/1"}, "MEDIATION_PROXIES.*strangers would be believed"),
        ({"proxies": "::ffff:0:0/96"}, "MEDIATION_PROXIES.*strangers would be believed"),
        ({"metrics_token": "eight-and-twenty characters!"}, "MEDIATION_METRICS_TOKEN"),
        ({"metrics_token": "short", "demo": True}, "MEDIATION_METRICS_TOKEN"),
        ({"database_url": "postgresql://app@db.example/mediation"}, "MEDIATION_DATABASE_IN_CLEAR"),
        ({"database_url": "postgresql://app@10.0.0.5/mediation?sslmode=require"}, "sslmode=verify-full"),
    ],
)
def test_outside_the_demo_what_is_missing_or_unsafe_is_named_and_nothing_starts(
    changes: dict[str, Any], variable: str
) -> None:
    with pytest.raises(SettingsError, match=variable):
        Settings(**{**COMPLETE, **changes}).check()


@pytest.mark.parametrize("proxies", ["10.0.0.0/8,192.168.7.9", "fc00::/7", "::ffff:10.0.0.0/104"])
def test_networks_no_wider_than_private_ones_may_be_proxies(proxies: str) -> None:
    settings = Settings(**COMPLETE, proxies=proxies)

    assert settings.check() is settings


NO_SECONDS = ("inf", "nan", "-1", "0", "1e300")
SECONDS = ("CHECKPOINT", "QUEUE", "HEAD", "BODY", "WORKER", "KEY_WRAP")
KINDS_OF_NOTHING = [
    *((f"{name}_SECONDS", value, "") for name in SECONDS for value in NO_SECONDS),
    *(("KEY_WRAP_KEPT_SECONDS", value, "") for value in ("inf", "nan", "-1")),
    *((name, " \t", "nothing but blanks") for name in sorted(Settings.model_fields)),
    *((name, " , ", "without an entry") for name in ("PROXIES", "ACR", "STEP_UP_ACR", "AUTHORIZED_PARTIES")),
    *((name, "mediation ", "with a blank") for name in ("AUDIENCE", "ISSUER")),
    *((name, ".", "is a folder") for name in sorted(Settings.model_fields) if name.endswith("_file")),
    ("DATA", "a-file", "is a file"),
    ("RATE_PERSON", "3000000000", "less than or equal"),
    ("ALARM_UNKNOWN_CASES", "0", "greater than or equal"),
]


@pytest.mark.parametrize(("name", "value", "why"), KINDS_OF_NOTHING)
def test_a_value_that_is_none_is_refused_with_the_name_of_its_setting(
    name: str, value: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-file").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"MEDIATION_{name.upper()}", value)

    with pytest.raises(SettingsError, match=rf"MEDIATION_{name.upper()}: .*{why}"):
        load_settings()


def test_a_way_to_the_database_that_is_not_protected_is_taken_when_it_is_said_and_every_start_tells_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log_setup, "configure", lambda _level: None)
    settings = Settings(**COMPLETE, database_url="postgresql://app@db.example/mediation", database_in_clear=True)

    with capture_logs() as lines:
        assemble(settings).database.close()

    assert [(line["event"], line["log_level"]) for line in lines] == [("database_in_clear", "warning")]


@pytest.mark.parametrize("command", [["migrate"], ["calendar", "list"], ["history", "public-key"]])
def test_no_command_goes_an_unprotected_way_to_the_database(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEDIATION_DATABASE_URL", "postgresql://app@db.example/mediation")
    monkeypatch.setenv("MEDIATION_MASTER_KEY", MASTER)

    code = main(command)

    assert code != 0
    assert "sslmode=verify-full" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.10", "service.example"])  # noqa: S104 - refused
def test_the_demo_is_not_offered_to_other_machines_unless_told_twice(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEDIATION_DEMO", "true")

    code = main(["serve", "--host", host])

    assert code == 2
    assert "MEDIATION_DEMO_OPEN" in capsys.readouterr().err
    Settings(demo=True, demo_open=True).check_address(host)
    Settings(demo=True).check_address("127.0.0.1")


def test_no_secret_is_in_the_text_of_the_settings() -> None:
    settings = Settings(
        **COMPLETE, metrics_token=SecretStr("m" * 30), database_url="postgresql://u:secret-password@h/d"
    )

    assert not any(secret in repr(settings) for secret in (MASTER, "m" * 30, "secret-password"))

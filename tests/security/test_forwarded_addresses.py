"""Whose address is counted, as the server that is really started tells it: no header is believed but a proxy's own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mediation.__main__ import main

READY = 30.0


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def started(folder: Path, **settings: str) -> Iterator[str]:
    """The service as its command starts it, on SQLite; gives its address."""
    port = _free_port()
    values = {"DEMO": "true", "DATA": str(folder), "PORT": str(port), "WORKER": "false", **settings}
    env = {name: value for name, value in os.environ.items() if not name.startswith("MEDIATION_")}
    env |= {f"MEDIATION_{name}": value for name, value in values.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "mediation", "serve"], env=env, cwd=folder, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url)
        yield url
    finally:
        process.kill()
        process.wait(30)


def _wait_for(url: str) -> None:
    end = time.monotonic() + READY
    while True:
        try:
            httpx.get(f"{url}/v1/health/live", timeout=1).raise_for_status()
        except httpx.HTTPError:
            assert time.monotonic() < end, "the service did not start"
            time.sleep(0.1)
        else:
            return


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a database of the newest schema."""
    monkeypatch.setenv("MEDIATION_DEMO", "true")
    monkeypatch.setenv("MEDIATION_DATA", str(tmp_path))
    assert main(["migrate"]) == 0
    return tmp_path


def statuses(url: str, *forwarded: str) -> list[int]:
    """How requests are answered that name these addresses, one after the other."""
    names = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP")
    return [httpx.get(f"{url}/v1/problems", headers=dict.fromkeys(names, address)).status_code for address in forwarded]


def test_without_a_proxy_no_header_changes_who_is_counted(folder: Path) -> None:
    with started(folder, RATE_ANONYMOUS="2") as url:
        found = statuses(url, "203.0.113.1", "203.0.113.2", "203.0.113.3", "127.0.0.1")

    assert found == [200, 200, 429, 429]


def test_a_proxy_that_is_believed_tells_the_address_and_who_called_it_tells_none(folder: Path) -> None:
    """The last address is the proxy's word; those before it anybody can have written."""
    with started(folder, RATE_ANONYMOUS="2", PROXIES="127.0.0.1,10.0.0.0/8") as url:
        apart = statuses(url, "203.0.113.1", "203.0.113.2", "203.0.113.3")
        forged = statuses(url, *(f"198.51.100.{number}, 203.0.113.9, 10.0.0.7" for number in range(3)))
        household = statuses(url, "2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:3::3")

    assert json.dumps([apart, forged, household]) == json.dumps([[200] * 3, [200, 200, 429], [200, 200, 429]])

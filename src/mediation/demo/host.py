"""Starts the service as a process of its own, with a clock that can be moved, and stops it again."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Final

import httpx
from pydantic import SecretStr

from mediation.settings import PREFIX, Settings

FASTER_THAN_PEOPLE: Final = "1000000"
HOST: Final = "127.0.0.1"
SECONDS_TO_START: Final = 20.0
SECONDS_TO_STOP: Final = 25.0
POLL: Final = 0.05


class NotStartedError(Exception):
    """The service did not come up; its own words follow."""


@contextmanager
def service(settings: Settings) -> Iterator[str]:
    """Serve these settings with a manual clock on a free port; give the address."""
    port = _free_port()
    changes = {"demo": "true", "clock": "manual", "host": HOST, "port": str(port), "log_level": "error"}
    changes |= dict.fromkeys(("rate_person", "rate_creations", "rate_look_ups", "rate_reveals"), FASTER_THAN_PEOPLE)
    environment = {**os.environ, **_environment(settings), **{_name(k): v for k, v in changes.items()}}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - this very interpreter and module
            [sys.executable, "-m", "mediation", "serve", "--host", HOST, "--port", str(port)],
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_ready(process, said, f"http://{HOST}:{port}")
            yield f"http://{HOST}:{port}"
        finally:
            _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_ready(process: "subprocess.Popen[bytes]", said: IO[bytes], url: str) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/v1/health/ready").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(POLL)
    _stop(process)
    said.seek(0)
    raise NotStartedError(said.read().decode(errors="replace")[-2000:])


def _environment(settings: Settings) -> Mapping[str, str]:
    """Tell the child what was set here, secrets included; what was left out it finds as we did."""
    found = {}
    for field in settings.model_fields_set:
        value = getattr(settings, field)
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        if plain is not None:
            found[_name(field)] = str(plain)
    return found


def _name(field: str) -> str:
    return f"{PREFIX}{field}".upper()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port

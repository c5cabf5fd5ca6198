"""The audit of what is locked: it fails for a known vulnerability, and never for a network that is not there."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9"  # the port of discard: nobody listens
AFFECTED = {
    "package": {"name": "idna", "ecosystem": "PyPI"},
    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "999.0"}]}],
}
KNOWN = {"vulns": [{"id": "PYSEC-0000-1", "summary": "made up", "details": "made up", "affected": [AFFECTED]}]}


@contextmanager
def advisories(about: str) -> Iterator[str]:
    """An advisory service that knows of one package; gives its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(KNOWN if asked["package"]["name"] == about else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def audit(url: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OSV_URL": url}
    return subprocess.run([ROOT / ".ci" / "audit"], env=environment, capture_output=True, text=True, check=False)


def test_a_known_vulnerability_fails_the_audit_and_is_named() -> None:
    with advisories("idna") as url:
        outcome = audit(url)

    assert outcome.returncode == 1
    assert "PYSEC-0000-1, mended in 999.0" in outcome.stdout


def test_an_audit_that_finds_nothing_says_how_many_it_looked_at() -> None:
    with advisories("nothing") as url:
        outcome = audit(url)

    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert outcome.stdout.endswith(" packages looked at, 0 known vulnerabilities\n")
    assert int(outcome.stdout.split()[1]) > 60


def test_an_audit_that_reaches_nobody_says_that_it_was_skipped_and_does_not_fail() -> None:
    outcome = audit(NOWHERE)

    assert outcome.returncode == 0
    assert "audit SKIPPED" in outcome.stderr

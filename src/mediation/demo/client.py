"""A client of the service as the demo's people: tokens, the clock, cases and steps, over HTTP alone."""

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from mediation.demo.people import organization

TIMEOUT = 30.0
CONFLICTS = frozenset({412, 503})
ATTEMPTS = 3
NOT_FOUND = 404
TOO_MANY = 429


class ServiceRefusedError(Exception):
    """The service answered with a problem; the text names its code, what is wrong where, and all blockers."""

    def __init__(self, what: str, response: httpx.Response) -> None:
        self.status = response.status_code
        self.problem = _problem(response)
        super().__init__("\n".join([f"{what}: {self.status}", *_lines(self.problem)]))


class ClockFixedError(Exception):
    """The service's clock cannot be moved."""

    def __init__(self) -> None:
        super().__init__("The service's clock stands at real time: start it with MEDIATION_CLOCK=manual.")


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        found: dict[str, Any] = response.json()
    except ValueError:
        return {"code": "no_problem_document", "detail": response.text[:200]}
    return found


def _lines(problem: Mapping[str, Any]) -> list[str]:
    lines = [f"  {problem.get('code')}: {problem.get('detail')}"]
    lines += [f"  at {e.get('pointer', e)}: {e.get('detail')}" for e in problem.get("errors", ())]
    for blocker in problem.get("blockers", ()):
        facts = f" {blocker['facts']}" if blocker.get("facts") else ""
        lines.append(f"  blocked by {blocker['code']}: {blocker['text']} (missing: {blocker['missing']}){facts}")
    return lines


class Client:
    """One connection, many people: each call names who makes it, as `subject` or `subject@organization`."""

    def __init__(self, url: str, token_for: Callable[[str], str]) -> None:
        """Connect lazily; `token_for` gives a bearer token for a subject."""
        self._http = httpx.Client(base_url=url, timeout=TIMEOUT, headers={"Accept-Language": "en"})
        self._token_for = token_for
        self._tokens: dict[str, str] = {}
        self._day: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._http.close()

    def move_clock(self, day: str, who: str) -> None:
        """Make it nine in the morning of a day; deadlines that lapse on the way fire before this returns."""
        if day == self._day:
            return
        try:
            self._send("POST", "/v1/demo/clock", who, {"today": day})
        except ServiceRefusedError as refused:
            if refused.status == NOT_FOUND:
                raise ClockFixedError from refused
            raise
        self._day = day

    def create(self, who: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Write a draft down."""
        return self._send("POST", "/v1/cases", who, body)

    def read(self, who: str, case_id: str) -> dict[str, Any]:
        """Read a case as this person sees it."""
        return self._send("GET", f"/v1/cases/{case_id}", who)

    def history(self, who: str, case_id: str) -> list[dict[str, Any]]:
        """Read the first 200 entries of what was done in a case."""
        entries: list[dict[str, Any]] = self._send("GET", f"/v1/cases/{case_id}/history?limit=200", who)["items"]
        return entries

    def step(self, who: str, case: Mapping[str, Any], action: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Take a step on the case as read; when it changed meanwhile, on the case as it is now."""
        path, version = f"/v1/cases/{case['id']}/steps/{action}", case["version"]
        for _ in range(ATTEMPTS - 1):
            try:
                return self._send("POST", path, who, body, version)
            except ServiceRefusedError as refused:
                if refused.status not in CONFLICTS:
                    raise
                version = self.read(who, case["id"])["version"]
        return self._send("POST", path, who, body, version)

    def post(self, who: str, path: str, body: Mapping[str, Any], version: int | None = None) -> dict[str, Any]:
        """Give any other command."""
        return self._send("POST", path, who, body, version)

    def _send(
        self,
        method: str,
        path: str,
        who: str,
        body: Mapping[str, Any] | None = None,
        version: int | None = None,
    ) -> dict[str, Any]:
        headers = self._headers(who)
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        response = self._http.request(method, path, json=body, headers=headers)
        while response.status_code == TOO_MANY:
            time.sleep(float(response.headers["Retry-After"]))
            response = self._http.request(method, path, json=body, headers=headers)
        if response.is_error:
            raise ServiceRefusedError(f"{method} {path} as {who}", response)
        answer: dict[str, Any] = response.json()
        return answer

    def _headers(self, who: str) -> dict[str, str]:
        subject, _, code = who.partition("@")
        if subject not in self._tokens:
            self._tokens[subject] = self._token_for(subject)
        headers = {"Authorization": f"Bearer {self._tokens[subject]}"}
        if code:
            headers["Mediation-Acting-As"] = organization(code).id
        return headers

"""The application without a database: enough for everything that is refused before the first hop."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from mediation.api.app import create_app
from mediation.gateways.clock import ManualClock
from mediation.gateways.tokens import DemoIssuer, KnownKeys, Verifier
from mediation.settings import Settings

UNLIMITED = dict.fromkeys(
    ("rate_person", "rate_anonymous", "rate_creations", "rate_look_ups", "rate_reveals", "rate_access_requests",
     "rate_failed_sign_ins"), 1_000_000,
)  # fmt: skip
"""Nothing is asked of a database for what is counted here."""

ISSUER, AUDIENCE = "tests", "mediation"
_issuer = DemoIssuer(ec.generate_private_key(ec.SECP256R1()), ISSUER, AUDIENCE)
BEARER = {"Authorization": f"Bearer {_issuer.token_for('clerk-1')}"}
CASE = "01938f3e-7d52-7c10-8a11-3f0c5b7e2a00"


class ReachedError(Exception):
    """A request got as far as the database."""


class NoDatabase:
    """Stands where the database would, and says so when it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    async def read(self, *args: Any) -> Any:
        self.asked.append(args)
        raise ReachedError

    async def write(self, *args: Any) -> Any:
        self.asked.append(args)
        raise ReachedError


def settings(**values: Any) -> Settings:
    return Settings(**{"demo": True, **UNLIMITED, **values})


class Client:
    """Sends one request at a time, as a signed-in clerk unless told otherwise."""

    def __init__(self, **values: Any) -> None:
        self.database = cast("Any", NoDatabase())
        verifier = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=KnownKeys(_issuer.jwks()))
        self.app = create_app(settings(**values), database=self.database, clock=ManualClock(), tokens=verifier)

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **content: Any
    ) -> httpx.Response:
        return asyncio.run(self._send(method, path, {**BEARER, **(headers or {})}, content))

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("POST", path, headers=named, json=body)

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], content: dict[str, Any]
    ) -> httpx.Response:
        kept = {name: value for name, value in headers.items() if value}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.request(method, path, headers=kept, **content)

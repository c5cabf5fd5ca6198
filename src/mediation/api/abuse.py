"""Who is counted for what: every request against its budget, and failures that repeat until they are an alarm."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mediation import metrics
from mediation.api import problems
from mediation.api.budgets import BudgetName, budgets_of
from mediation.api.limiter import Limiter, Standing
from mediation.api.request_log import record_of
from mediation.domain.errors import Refusal
from mediation.gateways.clock import real_now
from mediation.gateways.tokens import TokenError
from mediation.services import alarms, rates
from mediation.services.alarms import Alarm
from mediation.services.credentials import GrantError
from mediation.services.identity import CaseNotFoundError, PersonUnknownError
from mediation.settings import Settings
from mediation.storage import Database

Handler = Callable[[Request, Any], Awaitable[Response]]
OUR_TROUBLE: Final = "issuer_unreachable"
NO_PROOF: Final = "invalid_client"
NO_TOKEN: Final = "token_missing"  # noqa: S105 - a code, not a token
_BITS_OF_A_HOUSEHOLD: Final = 64  # of an IPv6 address: what one connection is given
_BITS_SHOWN: Final = {4: 24, 6: 48}
_log: Any = structlog.get_logger("mediation.alarm")


class TooManyRequestsError(Exception):
    """A budget is used up; it starts anew in `seconds`."""

    code = "rate_limited"

    def __init__(self, seconds: int) -> None:
        """Say when to come back."""
        self.seconds = seconds
        super().__init__("a budget is used up")


class Watch:
    """Counts what one process is asked, and raises alarms."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._budgets = budgets_of(settings)
        self._limiter = Limiter(database)

    async def count(self, request: Request, budget: BudgetName, *, subject: str | None = None) -> None:
        """Count the request against a budget of the subject, or of the address; TooManyRequestsError if it is used up.

        What is left is told in the answer.
        """
        standing = await self._spend(request, budget, subject)
        record_of(request.scope).standings.append(standing)
        if standing.is_refused:
            metrics.LIMITED.labels(budget).inc()
            raise TooManyRequestsError(standing.seconds)

    async def note(self, request: Request, budget: BudgetName, *, subject: str | None = None) -> bool:
        """Count a failure; gives whether there were too many."""
        standing = await self._spend(request, budget, subject)
        if standing.is_refused:
            metrics.LIMITED.labels(budget).inc()
        return standing.is_refused

    async def _spend(self, request: Request, name: BudgetName, subject: str | None) -> Standing:
        address = address_of(request)
        key = f"subject:{subject}" if subject is not None else f"address:{counted(address)}"
        budget = self._budgets[name]
        standing = await self._limiter.spend(budget, key)
        if standing.is_first and budget.alarms:
            network = None if subject is not None else shown(address)
            await self._raise(Alarm(name, key, subject, network, budget.most, budget.seconds))
        return standing

    async def _raise(self, alarm: Alarm) -> None:
        """Tell of it in the log, in the metrics, and to auditors; without a database in the first two."""
        metrics.ALARMS.labels(alarm.kind).inc()
        _log.warning(
            "alarm", kind=alarm.kind, subject=alarm.subject, network=alarm.network, number=alarm.number,
            seconds=alarm.seconds,
        )  # fmt: skip
        try:
            await self._database.write(alarms.raise_alarm, alarm, real_now())
        except rates.FAILURES as error:
            _log.error("alarm_not_kept", kind=alarm.kind, error=type(error).__name__)

    def handlers(self) -> dict[int | type[Exception], Handler]:
        """What answers the failures that are counted."""
        return {
            TokenError: self._on_token_error,
            GrantError: self._on_grant_error,
            Refusal: self._on_refusal,
            HTTPException: self._on_http_exception,
            TooManyRequestsError: on_too_many,
        }

    async def _on_token_error(self, request: Request, error: TokenError) -> Response:
        """A token that does not say who calls: too many from one address are no longer told why."""
        if error.code == OUR_TROUBLE:
            return problems.on_token_error(request, error)
        budget: BudgetName = "anonymous" if error.code == NO_TOKEN else "failed_sign_ins"
        return await self._counted(request, budget, problems.on_token_error(request, error))

    async def _on_grant_error(self, request: Request, error: GrantError) -> Response:
        """Another system that does not prove who it is; a slip in the form of the request is none of that."""
        answer = problems.on_grant_error(request, error)
        return answer if error.code != NO_PROOF else await self._counted(request, "failed_sign_ins", answer)

    async def _on_refusal(self, request: Request, error: Refusal) -> Response:
        """Cases that are not there, or not theirs to see, and accounts that are none."""
        subject = record_of(request.scope).actor
        if isinstance(error, CaseNotFoundError):
            await self.note(request, "unknown_cases", subject=subject)
        elif isinstance(error, PersonUnknownError):
            await self.note(request, "failed_sign_ins", subject=subject)
        return problems.on_refusal(request, error)

    async def _on_http_exception(self, request: Request, error: HTTPException) -> Response:
        """An address or a method that is none, asked for by nobody in particular."""
        return await self._counted(request, "anonymous", problems.on_http_exception(request, error))

    async def _counted(self, request: Request, budget: BudgetName, answer: Response) -> Response:
        try:
            await self.count(request, budget)
        except TooManyRequestsError as error:
            return await on_too_many(request, error)
        return answer


async def on_too_many(request: Request, error: TooManyRequestsError) -> Response:
    """Answer that a budget is used up, and when to come back."""
    return problems.problem(request, error.code, headers={"Retry-After": str(error.seconds)})


def address_of(request: Request) -> str:
    """Where the request comes from: the last proxy that is believed names it."""
    return request.client.host if request.client else ""


def counted(address: str) -> str:
    """What counts as one source: an IPv4 address, of an IPv6 address the part given to one connection."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, _BITS_OF_A_HOUSEHOLD), strict=False))
    return str(found)


def shown(address: str) -> str:
    """What an alarm shows of an address: the network, not the connection."""
    try:
        found = ip_address(counted(address).partition("/")[0])
    except ValueError:
        return "unknown"
    return str(ip_network((found, _BITS_SHOWN[found.version]), strict=False))

"""Counts requests against budgets that all processes share, and asks the database once for many of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from mediation import metrics
from mediation.api.budgets import Budget
from mediation.services import rates
from mediation.services.rates import Loan, Wish
from mediation.storage import Database

ACCOUNTS: Final = 20_000
"""How many callers a process keeps in mind; whoever falls out is still counted in the database."""
SECONDS_LEFT_ALONE: Final = 5.0
"""How long a database that did not answer is not asked again."""
LOANS_BETWEEN_SWEEPS: Final = 1000
_log: Any = structlog.get_logger("mediation.limiter")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands after one more: refused or not, what is left, and in how many seconds it starts anew.

    `is_first` is true once in a window for all processes together: for the first that found nothing left.
    """

    budget: Budget
    remaining: int
    seconds: int
    is_refused: bool = False
    is_first: bool = False


@dataclass(slots=True)
class _Account:
    """What this process knows of one caller in one window."""

    ends_at: int
    free: int
    unreported: int = 0
    lent: int = 0
    known: int = 0
    is_spent: bool = False
    is_first: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def can_tell(self) -> bool:
        """Whether the next request can be judged without asking the database."""
        return self.is_spent or self.free > 0 or self.lent > 0

    def take(self) -> None:
        if self.free:
            self.free -= 1
            self.unreported += 1
        else:
            self.lent -= 1

    @property
    def used(self) -> int:
        return self.known - self.lent + self.unreported


class Limiter:
    """Lets a twentieth of a budget through unasked, then borrows slices of what is left for all.

    All processes together never let more than `most` through by loans; each may add the twentieth it spent unasked
    while it never came to borrow. When the database does not answer, each process counts for itself: nobody is
    refused for that, nobody gets more than `most` from one process, and it is told in the log and the metrics.

    Its own clock only measures how long something takes; what time it is, is for the database to say.
    """

    def __init__(self, database: Database, seconds: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._seconds = seconds
        self._accounts: dict[tuple[str, str], _Account] = {}
        self._left_alone_until = 0.0
        self._loans = 0

    async def spend(self, budget: Budget, key: str) -> Standing:
        """Count one more of `key` against a budget."""
        account = self._account(budget, key)
        while not account.can_tell:
            async with account.lock:
                if not account.can_tell:
                    await self._borrow(budget, key, account)
        wait = max(1, account.ends_at - int(self._seconds()))
        if account.is_spent:
            is_first, account.is_first = account.is_first, False
            return Standing(budget, 0, wait, is_refused=True, is_first=is_first)
        account.take()
        return Standing(budget, max(0, budget.most - account.used), wait)

    def _account(self, budget: Budget, key: str) -> _Account:
        now = int(self._seconds())
        found = self._accounts.get((budget.name, key))
        if found is None or found.ends_at <= now:
            if len(self._accounts) >= ACCOUNTS:
                self._forget(now)
            found = self._accounts[budget.name, key] = _Account(now + budget.seconds, budget.unasked)
        return found

    def _forget(self, now: int) -> None:
        self._accounts = {name: account for name, account in self._accounts.items() if account.ends_at > now}
        while len(self._accounts) >= ACCOUNTS:
            del self._accounts[next(iter(self._accounts))]

    async def _borrow(self, budget: Budget, key: str, account: _Account) -> None:
        wish = Wish(budget.name, key, budget.seconds, budget.most, budget.slice, account.unreported)
        if self._seconds() < self._left_alone_until:
            self._count_alone(wish, account)
            return
        try:
            loan: Loan = await self._database.write(rates.borrow, wish, sweeps=self._sweeps())
        except rates.FAILURES as error:
            self._left_alone_until = self._seconds() + SECONDS_LEFT_ALONE
            metrics.LIMITER_FAILURES.inc()
            _log.error("rate_limiter_unavailable", error=type(error).__name__)
            self._count_alone(wish, account)
            return
        account.ends_at = int(self._seconds()) + loan.seconds
        account.known, account.unreported = loan.used, 0
        account.lent = loan.granted
        account.is_spent = loan.granted == 0
        account.is_first = account.is_spent and loan.refused == 1

    @staticmethod
    def _count_alone(wish: Wish, account: _Account) -> None:
        """Go on with what this process itself let through; it is reported with the next loan."""
        account.free = max(0, min(wish.asked, wish.most - account.used))
        account.is_spent = account.free == 0
        account.is_first = account.is_spent

    def _sweeps(self) -> bool:
        """Whether it is time again to forget what is over."""
        self._loans += 1
        return self._loans % LOANS_BETWEEN_SWEEPS == 0


def policy_headers(standings: list[Standing]) -> list[tuple[bytes, bytes]]:
    """The RateLimit fields of an answer: each budget it was counted against, what is left, and for how long."""
    if not standings:
        return []
    policies = ", ".join(f'"{s.budget.name}";q={s.budget.most};w={s.budget.seconds}' for s in standings)
    left = ", ".join(f'"{s.budget.name}";r={s.remaining};t={s.seconds}' for s in standings)
    return [(b"ratelimit-policy", policies.encode()), (b"ratelimit", left.encode())]

"""What time it is: the machine's clock, or in the demo one that can be moved to another day."""

import threading
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from mediation.domain.days import SHANGHAI, shanghai_date

__all__ = ["SHANGHAI", "ManualClock", "SystemClock", "real_now", "shanghai_date"]

START_OF_WORK: Final = time(9, tzinfo=SHANGHAI)


def real_now() -> datetime:
    """Return the machine's time, aware UTC: what tokens, leases and logs are judged by."""
    return datetime.now(UTC)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return aware UTC."""
        return real_now()

    def today(self) -> date:
        """Return the day in Asia/Shanghai."""
        return shanghai_date(self.now())


class ManualClock(SystemClock):
    """A clock for the demo: starts at the real time, runs on, and can be moved there and back.

    It lives in one process and is kept nowhere: a restart is at the real time again.
    """

    def __init__(self) -> None:
        self._offset = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return real_now() + self._offset

    def move_to(self, moment: date | datetime) -> datetime:
        """Go to an instant, or to nine in the morning of a Shanghai day, and tell where the clock stands.

        Raises ValueError for a datetime without a zone.
        """
        target = _instant(moment)
        with self._lock:
            self._offset = target - real_now()
        return target

    def reset(self) -> None:
        """Go back to the real time."""
        with self._lock:
            self._offset = timedelta()


def _instant(moment: date | datetime) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, START_OF_WORK).astimezone(UTC)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC)

"""The day on which statutory days are counted: a date in Asia/Shanghai."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai_date(moment: datetime) -> date:
    """The day in Shanghai at an aware instant."""
    return moment.astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """The instant at which a day begins in Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)

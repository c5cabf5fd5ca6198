"""The State Council's yearly notice of days off and make-up working days, read and checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

from mediation.domain.labels import Label

FIRST_YEAR, LAST_YEAR = 1990, 2200
SATURDAY = 5
BEFORE_NEW_YEAR = timedelta(days=7)
"""How far a notice may reach into the year before: New Year 2023 began on 31 December 2022."""
FIXED_SINCE_2025 = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
FIXED_BEFORE = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
FESTIVALS = (
    "New Year's Day",
    "Chinese New Year",
    "Tomb-Sweeping Day",
    "Labor Day",
    "Dragon Boat Festival",
    "Mid-Autumn Festival",
    "National Day",
)


class NoticeError(ValueError):
    """A notice that cannot be loaded; `label` says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.label = Label(zh, en)


@dataclass(frozen=True, slots=True)
class YearNotice:
    """Days off (transferred rest days included) and working weekends of one calendar year, with their source.

    New Year may begin in the last days of the year before, or be worked off there: those days belong to this notice.
    """

    year: int
    title: str
    number: str | None
    issued_on: date | None
    source: str
    verified: bool
    days_off: tuple[date, ...]
    working_weekends: tuple[date, ...]


@lru_cache(maxsize=512)
def statutory_days(year: int) -> frozenset[date]:
    """List the holidays of all citizens: 13 days from 2025 (State Council Order 795), 11 in 2008–2024.

    Two festivals on one day make one day fewer; past 2100 only the days fixed in the solar calendar are known.
    """
    fixed = FIXED_SINCE_2025 if year >= 2025 else FIXED_BEFORE
    named = country_holidays("CN", years=year, observed=False, language="en_US").items()
    lunar = {day for day, name in named if name.startswith(FESTIVALS) and "Extended" not in name}
    return frozenset(lunar | {date(year, month, day) for month, day in fixed})


def parse_notice(data: Mapping[str, object]) -> YearNotice:
    """Read a notice (keys as in `calendars/2026.json`); NoticeError says what is wrong with it."""
    year, about = _year(data.get("year")), data.get("notice")
    if not isinstance(about, Mapping):
        raise NoticeError("缺少通知信息 notice。", "The notice itself is missing: give notice.title and notice.source.")
    days_off = _days("days_off", data, year)
    working = _days("working_weekends", data, year)
    _check_statutory(year, days_off)
    _check_weekends(working, days_off)
    return YearNotice(
        year=year,
        title=_text("title", about),
        number=_text("number", about) if about.get("number") is not None else None,
        issued_on=_date("notice.issued_on", about["issued_on"]) if about.get("issued_on") is not None else None,
        source=_text("source", about),
        verified=about.get("verified") is True,
        days_off=days_off,
        working_weekends=working,
    )


def _year(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and FIRST_YEAR <= value <= LAST_YEAR:
        return value
    raise NoticeError(
        f"year 应为 {FIRST_YEAR} 至 {LAST_YEAR} 之间的整数。",
        f"year must be a whole number from {FIRST_YEAR} to {LAST_YEAR}.",
    )


def _text(key: str, about: Mapping[str, object]) -> str:
    value = about.get(key)
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise NoticeError(f"notice.{key} 不能为空。", f"notice.{key} must name the {key} of the notice.")


def _date(key: str, value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise NoticeError(f"{key} 中的 {value} 不是日期。", f"{key}: {value!r} is not a date (YYYY-MM-DD).") from None


def _days(key: str, data: Mapping[str, object], year: int) -> tuple[date, ...]:
    values = data.get(key)
    if isinstance(values, (str, Mapping)) or not isinstance(values, Iterable):
        raise NoticeError(f"{key} 应为日期列表。", f"{key} must be a list of dates.")
    days = sorted(_date(key, value) for value in values)
    first, last = date(year, 1, 1) - BEFORE_NEW_YEAR, date(year, 12, 31)
    for day in days:
        if not first <= day <= last:
            raise NoticeError(
                f"{key} 中的 {day} 不属于 {year} 年的通知（{first} 至 {last}）：请写入 {day.year} 年的数据。",
                f"{key}: {day} is not in the notice of {year} ({first} to {last}); load it with that of {day.year}.",
            )
    if len(set(days)) < len(days):
        raise NoticeError(f"{key} 中有重复的日期。", f"{key} names a day twice.")
    return tuple(days)


def _check_statutory(year: int, days_off: tuple[date, ...]) -> None:
    statutory = statutory_days(year)
    missing = ", ".join(day.isoformat() for day in sorted(statutory - set(days_off)))
    if missing:
        raise NoticeError(
            f"{year} 年法定节假日共 {len(statutory)} 天，days_off 缺少：{missing}。",
            f"{year} has {len(statutory)} statutory days off; days_off lacks {missing}.",
        )


def _check_weekends(working: tuple[date, ...], days_off: tuple[date, ...]) -> None:
    for day in working:
        if day.weekday() < SATURDAY:
            raise NoticeError(
                f"调休上班日 {day} 不是星期六或星期日。",
                f"working_weekends: {day} is neither a Saturday nor a Sunday.",
            )
        if day in days_off:
            raise NoticeError(
                f"{day} 既列为放假又列为上班。",
                f"{day} is named both as a day off and as a working weekend.",
            )
